"""Runs that are long over, for who shows all of them: their heads from the index, and the rest only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from handrail.app.files import kind_of
from handrail.app.kept import KeptRuns, fresh_index
from handrail.app.kept_entries import PROCESS, is_content, kept_record, micros
from handrail.app.load import read_run_file
from handrail.base.errors import WrongUsage
from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.model.people import Config
from handrail.model.run import Run
from handrail.model.state import RunState
from handrail.model.workspace import Workspace
from handrail.reports.check import check_run
from handrail.reports.moment import Moment
from handrail.rules.state import run_state
from handrail.store.index import BrokenIndexError
from handrail.store.repository import Repository

QUIET = timedelta(days=31)
"""For so long nothing has happened in a run that is settled: no list of what happened lately tells of it."""
_OVER = ("done", "cancelled")


@dataclass(frozen=True, slots=True)
class Settled:
    """Runs that are over and stand by themselves: of no project, for no other run, with nothing left to find out.

    `heads` are what the index knows of them, by path, `contents` git's ids of their files, `procedures` those of all
    processes, by id. `others` are git's ids of the files of runs that are not settled, but of which no history has
    to be asked. `kept` knows all runs.
    """

    heads: Mapping[str, RunState]
    contents: Mapping[str, str]
    procedures: Mapping[str, str]
    others: Mapping[str, str]
    kept: KeptRuns

    def runs(self) -> dict[str, Run]:
        """Give the runs by path, without their steps."""
        return {path: state.run for path, state in self.heads.items()}

    def ids(self) -> frozenset[str]:
        """Give the ids of the runs."""
        return frozenset(state.run.id for state in self.heads.values())


def settled_runs(repository: Repository, config: Config, moment: Moment) -> Settled | None:
    """Give the runs that are settled; None where nothing can be kept here."""
    index = fresh_index(repository, config, moment)
    if index is None:
        return None
    kept = KeptRuns(repository, config, moment, index)
    try:
        parents = {kept.state(head).run.parent_step for _, _, label, head in index.heads() if label != PROCESS}
        found = index.over_since(_OVER, micros(moment.now - QUIET))
        heads = {path: kept.state(head) for path, _, head in found}
        named = {parent[0] for parent in parents if parent}
        heads = {path: state for path, state in heads.items() if state.run.id not in named}
        procedures = {kind_of(path)[1]: content for path, content in index.labelled(PROCESS)}
        others = {
            path: content
            for path, content, label, _, history, _, _ in index.runs()
            if path not in heads and label in ("active", *_OVER) and not history
        }
    except BrokenIndexError:
        index.destroy()
        return None
    return Settled(heads, {path: content for path, content, _ in found}, procedures, others, kept)


@dataclass(frozen=True, slots=True)
class Whole:
    """A settled run with all of its steps, what is wrong in its file, and what figures are made of, with its key."""

    state: RunState
    problems: tuple[Problem, ...]
    record: tuple[str, str]


def whole_run(repository: Repository, workspace: Workspace, moment: Moment, path: str, content: str) -> Whole:
    """Read a settled run from its file. Raises WrongUsage where that does not hold `content` any more."""
    text, run, problems = read_run_file(repository.root, path)
    if run is None or not is_content(text, content):
        raise WrongUsage(f"`{path}` was changed while the site was made.", "Make it again.")
    time = moment.time_for(run.calendar)
    state = run_state(run, procedure=workspace.procedure(run), time=time, now=moment.now)
    return Whole(state, (*problems, *check_run(workspace, run)), kept_record(state, moment, content))
