"""The overview of very many runs, from what is kept of them: only files that changed are read.

`store.index` keeps, for every run, the part of its state that reports look at (`reports.heads`). It holds for one
content of the file, for the procedure that the run follows, for the calendar, and between two instants at which a
wait ends. What does not hold any more is worked out anew and kept again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path
from typing import Any

import handrail
from handrail.app.byhand import with_hand_ticks, with_hand_ticks_of
from handrail.app.files import PROCESSES, kind_of, read_text
from handrail.app.kept_entries import PROCESS, UNSURE, Entries, is_content, many, micros, process_text
from handrail.app.kept_update import update
from handrail.app.load import load_projects, read_one_run, read_revision, without_collecting
from handrail.base.errors import WrongUsage
from handrail.base.pack import unpacker
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.model.state import RunState, walk_states
from handrail.model.workspace import Workspace
from handrail.reports.heads import closing, closings_text, mention, read_closings, read_head, read_head_run
from handrail.reports.moment import Moment
from handrail.reports.overview import overview_of
from handrail.reports.records import RunRecord, read_record, record, record_text
from handrail.reports.results import Activity, Overview
from handrail.reports.work import names_of
from handrail.rules.state import run_state
from handrail.store.changes import standing
from handrail.store.index import BrokenIndexError, Index, open_index, record_key
from handrail.store.repository import Repository

PARTS = ("base", "text", "format", "model", "plan", "rules", "reports", "app", "store")
_STATES = ("active", "done", "cancelled")
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError)


def kept_overview(repository: Repository, config: Config, moment: Moment, person: str | None = "") -> Overview | None:
    """Give the overview as `reports.results.Overview` tells of `kept`; None where nothing can be kept here.

    With a person, of the active runs only those that have something for that person to do, or that others wait for;
    with None only the latter: figures are made of `records`.
    """
    index = fresh_index(repository, config, moment)
    if index is None:
        return None
    try:
        names = None if person is None else names_of(config, person) if person else ()
        return KeptRuns(repository, config, moment, index).overview(names)
    except BrokenIndexError:
        index.destroy()
        return None


def fresh_index(repository: Repository, config: Config, moment: Moment) -> Index | None:
    """Give the index, brought up to date with the files; None where nothing can be kept here."""
    stands = standing(repository, PROCESSES)
    index = open_index(repository.keep, str(repository.git_dir), _program(config)) if stands else None
    if stands is None or index is None:
        return None
    try:
        return index if update(repository, config, moment, index, stands) else None
    except BrokenIndexError:
        index.destroy()
        return None


def program_text(parts: Iterable[str]) -> str:
    """Give what tells parts of this program from all others: the checksums of its installation, else its files' times.

    What one CI job has kept is good for the next one, which installs the same files anew.
    """
    package = Path(handrail.__file__).parent
    wanted = tuple(f"{package.name}/{part}/" for part in parts)
    for listed in package.parent.glob("handrail-*.dist-info/RECORD"):
        lines = listed.read_text("utf-8").splitlines()
        found = sorted(line for line in lines if line.startswith(wanted) and ".py,sha256=" in line)
        if found:
            return "\n".join((handrail.__version__, *found))
    known = [handrail.__version__]
    for part in parts:
        with os.scandir(package / part) as files:
            known += sorted(f"{one.name} {one.stat().st_mtime_ns}" for one in files if one.name.endswith(".py"))
    return "\n".join(known)


def _program(config: Config) -> str:
    """Give what all entries depend on: this program's own files, and the calendar."""
    known = [program_text(PARTS), repr(config.calendar)]
    if config.calendar.holidays:
        from handrail.app.holidays import library_version

        known.append(library_version())
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


class KeptRuns:
    """The runs that an up-to-date index knows of (`reports.results.Kept`)."""

    def __init__(self, repository: Repository, config: Config, moment: Moment, index: Index) -> None:
        self.repository = repository
        self.config = config
        self.moment = moment
        self.index = index
        self.workspace = Workspace(config)
        self.revisions: dict[str, Process | None] = {}
        self.live: dict[str, Run] = {}

    def overview(self, names: Iterable[str] | None = ()) -> Overview:
        """Give the overview of the active runs, and of those that projects and other runs look at.

        With names of people and teams, of the active runs only those that mention one; with None none of them.
        """
        processes: dict[str, Process] = {}
        todays: dict[str, str] = {}
        states: list[RunState] = []
        parts = None if names is None else [mention(name) for name in names]
        for path, content, label, head in self.index.heads(parts):
            if label != PROCESS:
                states.append(self.state(head))
                self.live[path] = states[-1].run
            elif head:
                id = kind_of(path)[1]
                processes[id] = _unpacked(head)
                todays[id] = content
        projects, baselines = load_projects(self.repository.root)
        workspace = Workspace(
            self.config,
            dict(sorted(processes.items())),
            {},
            projects,
            pinned=self._pinned(states, frozenset(todays.values())),
            baselines=baselines,
        )
        self.workspace = with_hand_ticks(workspace, self.repository)  # of projects: runs have theirs
        return overview_of(self.workspace, self.moment, self._by_id(states), kept=self)

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Give how many runs each process has: the active ones, and all."""
        found: dict[str, tuple[int, int]] = {}
        for process, label, number in self.index.counts():
            if label in ("active", "done", "cancelled"):
                active, every = found.get(process, (0, 0))
                found[process] = (active + number * (label == "active"), every + number)
        return found

    def heads(self) -> Mapping[str, RunState]:
        """Give the heads of all runs, by id in order."""
        rows = self.index.heads(everything=True)
        return self._by_id([self.state(head) for _, _, label, head in rows if head and label != PROCESS])

    def whole(self, run: str) -> RunState:
        """Give one run with all of its steps, from its file."""
        process, _, name = run.rpartition("/")
        found = self._file(f"{PROCESSES}/{process}/runs/{name}.md")
        if found is None:
            raise WrongUsage(f"`{run}` was changed just now and cannot be read.", "handrail lint says why")
        time = self.moment.time_for(found.calendar)
        return run_state(found, procedure=self._procedure(found), time=time, now=self.moment.now)

    def _file(self, path: str) -> Run | None:
        """Give the run that a file tells of, with who ticked boxes by hand; None where it cannot be read."""
        found = read_one_run(path, read_text(self.repository.root, path)[0])
        return with_hand_ticks_of(found, self.repository, self.config) if found else None

    def titles(self) -> Mapping[tuple[str, str], str]:
        """Give the titles of all steps as their procedures have them, by process and id."""
        return {
            (kind_of(path)[1], id): title for path, more in self.index.more_of(PROCESS) for id, title in _titles(more)
        }

    def records(self, process: str) -> Iterable[RunRecord]:
        """Give what figures are made of. Runs that are over are kept; the others, and what is not sure, are read."""
        return self._records_where(lambda id: process in ("", id.rpartition("/")[0]))

    def records_for(self, runs: AbstractSet[str]) -> Iterable[RunRecord]:
        """Give what figures are made of, for the runs of these ids, trials left out."""
        return self._records_where(lambda id: id in runs)

    def _records_where(self, counts: Callable[[str], bool]) -> list[RunRecord]:
        wanted = [row for row in self.index.runs() if row[2] in _STATES and counts(kind_of(row[0])[1])]
        kept = self._kept_records(
            [record_key(path, content, history, low, high) for path, content, _, _, history, low, high in wanted]
        )
        with without_collecting():
            return self._records_of(wanted, kept | self._fresh_records(wanted, kept))

    def _fresh_records(self, wanted: list[Any], kept: Mapping[str, str]) -> dict[str, str]:
        """Work out what is not kept yet and needs nobody's history, on all processors where that is much."""
        missing = [
            (path, content)
            for path, content, _, basis, history, low, high in wanted
            if not basis and not history and record_key(path, content, history, low, high) not in kept
        ]
        if not missing:
            return {}
        todays = {kind_of(path)[1]: content for path, content in self.index.labelled(PROCESS)}
        entries = Entries(self.repository, self.config, self.moment, todays, frozenset())
        found: dict[str, str] = {}
        for portion, _ in many(entries, missing, whole=True):
            found |= {one.record_key: one.record for one in portion if one.record}
        self.index.keep("record", found.items())
        return found

    def _records_of(self, wanted: list[Any], kept: dict[str, str]) -> list[RunRecord]:
        fresh: list[tuple[str, str]] = []
        found: list[RunRecord | None] = []
        for path, content, label, basis, history, low, high in wanted:
            key = record_key(path, content, history, low, high)
            known = self._record(kept[key]) if key in kept and not basis else None
            if known is None and not (key in kept and kept[key] == "null"):
                state = self.whole(kind_of(path)[1])
                known = None if state.run.trial else record(state, self.moment)
                sure = not basis and (known is None or known.state == label)
                if sure and history != UNSURE and self._is(path, content):
                    fresh.append((key, record_text(known)))
            found.append(known)
        if fresh:
            self.index.keep("record", fresh)
        return [one for one in found if one is not None]

    def _kept_records(self, keys: list[str]) -> dict[str, str]:
        try:
            return self.index.kept("record", keys)
        except BrokenIndexError:
            return {}

    def _record(self, text: str) -> RunRecord | None:
        """Give a kept record; None where it speaks of a later time than now, is broken, or the run does not count."""
        try:
            known = read_record(text, self.moment)
        except _MALFORMED:
            return None
        return known if known is None or known.finished is None or known.finished <= self.moment.now else None

    def _is(self, path: str, content: str) -> bool:
        text = read_text(self.repository.root, path)[0]
        return is_content(text, content)

    def closed_by(self, person: str, since: datetime) -> tuple[Activity, ...]:
        """Give what a person finished in runs since then, in the order of runs and of their files."""
        found: dict[str, list[Activity]] = {}
        for path, head, more in self.index.more_since(micros(since), mention(person)):
            rows = self._closings(path, more, person, since)
            if rows:
                run = self.live.get(path) or self._run(head)
                found[run.id] = [closing(run, row) for row in rows]
        return tuple(entry for id in sorted(found) for entry in found[id])

    def _closings(self, path: str, more: str, person: str, since: datetime) -> list[tuple[Any, ...]]:
        if not more:  # it was too long ago when it was kept
            run = self._file(path)
            more = closings_text(run) if run else "[]"
        try:
            return read_closings(more, person, since)
        except _MALFORMED as error:
            raise BrokenIndexError(path) from error

    def state(self, head: str) -> RunState:
        """Give the state that a head tells of. Raises BrokenIndexError."""
        try:
            return read_head(head, self.moment)
        except _MALFORMED as error:
            raise BrokenIndexError(head[:100]) from error

    def _run(self, head: str) -> Run:
        try:
            return read_head_run(head)
        except _MALFORMED as error:
            raise BrokenIndexError(head[:100]) from error

    def _by_id(self, states: Iterable[RunState]) -> dict[str, RunState]:
        """Sort by id. A run whose finished step has a run of its own is given whole: what goes on there counts."""
        found = {state.run.id: state for state in sorted(states, key=lambda state: state.run.id)}
        for state in tuple(found.values()):
            parent, step = state.run.parent_step or ("", "")
            above = found.get(parent)
            if above and above.state == "active" and all(step != one.id for one in walk_states(above.steps)):
                found[parent] = self.whole(parent)
        return found

    def _pinned(self, states: Iterable[RunState], todays: frozenset[str]) -> dict[str, Process]:
        """Give the procedures of older revisions that the runs follow, without their steps."""
        runs = {state.run.revision: state.run for state in states if state.run.revision}
        wanted = [revision for revision in runs if revision not in todays]
        kept = self.index.kept("process", wanted)
        found = {revision: _unpacked(text) for revision, text in kept.items()}
        for revision in wanted:
            process = (
                None if revision in found else read_revision(self.repository.root, runs[revision], self.repository)
            )
            if process:
                found[revision] = process
                self.index.keep("process", [(revision, process_text(process))])
        return found

    def _procedure(self, run: Run) -> Process | None:
        space = self.workspace
        today = space.processes.get(run.process)
        if not run.revision or run.revision in space.pinned:
            return space.procedure(run)
        if run.revision not in self.revisions:
            self.revisions[run.revision] = read_revision(self.repository.root, run, self.repository)
        return self.revisions[run.revision] or today


def _unpacked(head: str) -> Process:
    try:
        return _UNPACK_PROCESS(json.loads(head))
    except _MALFORMED as error:
        raise BrokenIndexError(head[:100]) from error


def _titles(more: str) -> Iterable[tuple[str, str]]:
    try:
        return [(str(id), str(title)) for id, title in json.loads(more)] if more else []
    except _MALFORMED as error:
        raise BrokenIndexError(more[:100]) from error


_UNPACK_PROCESS = unpacker(Process)
