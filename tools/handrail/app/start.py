"""Starting a run: from a procedure as it is committed to a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.act import Saved, save, state_of
from handrail.app.files import PROCESSES, RUNS
from handrail.app.load import load_process
from handrail.app.moment import working_moment
from handrail.app.names import Named
from handrail.base.errors import BrokenFiles, GitRefused, HandrailError, NotAllowed, WrongUsage
from handrail.base.problem import has_errors
from handrail.base.value import dataclass
from handrail.model.change import Refusal
from handrail.model.item import Event
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import MAX_TITLE, Run
from handrail.model.state import ProjectState, RunState
from handrail.model.workspace import Workspace
from handrail.rules.kin import newly_to_do

if TYPE_CHECKING:
    from handrail.reports.moment import Moment
    from handrail.store.repository import Repository

_MOST_NAMESAKES = 1_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run is started with. `roles` names who fills which role, several with spaces.

    A schedule also says which `period` the run is for, the one id that it may have (`run_id`, without the process),
    who fills roles that nobody does (`stand_in`), and what to write into the Log (`note`).
    """

    title: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    due: date | None = None
    project: str = ""
    parent: str = ""
    trial: bool = False
    period: date | None = None
    run_id: str = ""
    stand_in: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """The new run, its file's text, how it stands, what to tell, and what git said.

    `children` are the runs that started with it, by which its first steps are done; `left` says which could not.
    """

    run: Run
    text: str
    state: RunState | ProjectState
    notices: tuple[str, ...]
    saved: Saved
    children: tuple[Started, ...] = ()
    left: tuple[str, ...] = ()

    def told(self, notices: tuple[str, ...]) -> Started:
        """Give the same with more to tell first."""
        return replace(self, notices=(*notices, *self.notices))


class Taken(HandrailError):
    """There is a run of that id, or somebody else has started one meanwhile."""


def start(
    repository: Repository,
    target: Named,
    wish: Wish,
    *,
    who: str,
    now: datetime,
    config: Config,
    commit: bool = True,
    dry_run: bool = False,
) -> Started:
    """Start a run of the process `target`. Raises NotAllowed for what is missing, BrokenFiles, GitRefused.

    Raises Taken where the wish allows just one id and there is a run of it.
    """
    process = load_process(repository.root, target.id, target.path)
    refuse_broken(process, config)
    moment = working_moment(config, now, repository.keep)
    run = _new_run(process, wish, who=who, moment=moment, config=config)
    notices = refuse_uncommitted(repository, target.path, commit=commit and not dry_run)
    run = replace(run, revision=repository.blob_id(target.path))
    day = moment.time_for(run.calendar).local_date(now)
    for named in _named(repository.root, run, day, wish.run_id):
        text = text_of(named)
        try:
            saved = Saved() if dry_run else _save(repository, named, text, config=config, commit=commit)
        except Taken:
            continue
        started = Started(named, text, state_of(named, process, moment), notices, saved)
        return (
            started if dry_run else _with_children(repository, started, who=who, now=now, config=config, commit=commit)
        )
    if wish.run_id:
        raise Taken(f"`{process.id}/{wish.run_id}` is there already.")
    raise NotAllowed(f"There are too many runs called `{run.title}` on one day.", "Give it another title.")


def _with_children(
    repository: Repository, started: Started, *, who: str, now: datetime, config: Config, commit: bool
) -> Started:
    """Start the runs by which the first steps of a new run are done."""
    state = started.state
    if not isinstance(state, RunState) or not newly_to_do(None, state):
        return started
    from handrail.app.children import start_children

    children, left = start_children(repository, None, state, who=who, now=now, config=config, commit=commit)
    return replace(started, children=children, left=left)


def _new_run(process: Process, wish: Wish, *, who: str, moment: Moment, config: Config) -> Run:
    run = wished_run(process, wish, who=who, moment=moment, config=config)
    if isinstance(run, Refusal):
        raise NotAllowed(f"{run.message}.", f"{run.hint[:1].upper()}{run.hint[1:]}")
    return run


def wished_run(process: Process, wish: Wish, *, who: str, moment: Moment, config: Config) -> Run | Refusal:
    """Give the run that a wish comes to, without a name or revision yet, or what is missing for it."""
    from handrail.rules.begin import new_run

    if len(wish.title) > MAX_TITLE:
        raise WrongUsage(f"The title has {len(wish.title):,} characters, {MAX_TITLE} are allowed.", "Shorten it.")
    run = new_run(
        process,
        title=wish.title,
        fields=dict(wish.fields),
        roles=dict(wish.roles),
        by=who,
        now=moment.now,
        due=wish.due,
        project=wish.project,
        parent=wish.parent,
        revision="",
        run_id="new",
        config=config,
        time=moment.time_for(process.calendar),
        fill=_filling(wish.period or moment.time_for(process.calendar).local_date(moment.now)),
        trial=wish.trial,
        stand_in=wish.stand_in,
    )
    if isinstance(run, Refusal):
        return run
    return replace(run, title=run.title[:MAX_TITLE].rstrip(), log=_log(run, wish))


def _filling(period: date) -> Callable[[str, Mapping[str, str]], str]:
    """Give what puts values into titles: a run has its period among them, else the day of its start."""
    from handrail.format.fill import fill

    return lambda text, fields: fill(text, {"period": period.isoformat(), **fields})


def _log(run: Run, wish: Wish) -> tuple[Event, ...]:
    first, *more = run.log
    if wish.period is not None:
        first = replace(first, values=(("period", wish.period.isoformat()),))
    noted = [Event(first.time, first.who, "noted", note=wish.note)] if wish.note else []
    return (first, *more, *noted)


def refuse_broken(process: Process, config: Config) -> None:
    """Refuse a procedure whose steps could never be finished: rings, unknown steps and fields."""
    from handrail.reports.check import check_start

    workspace = Workspace(config, {process.id: process})
    problems = check_start(workspace, process)
    errors = tuple(problem for problem in problems if problem.level == "error")
    if not process.items:
        hint = "Write one as a line `- [ ] what to do`."
        raise BrokenFiles(f"The process `{process.id}` has no steps.", problems, hint)
    if errors:
        raise BrokenFiles(f"The process `{process.id}` has errors.", errors, "Mend them, commit, then try again.")


def refuse_uncommitted(repository: Repository, path: str, *, commit: bool) -> tuple[str, ...]:
    """Refuse a procedure that nobody else could read: a run names it by git's id of its text."""
    position = repository.check_ready(path) if commit else repository.position(path)
    if commit and position.head is None:
        hint = "Commit the procedure first: `git add processes handrail.yml`, `git commit`."
        raise GitRefused("This repository has no commit yet, so there is no procedure to follow.", hint)
    if path not in position.marks and position.head is not None:
        return ()
    if commit:
        hint = f"Commit it first: `git add {path}`, `git commit {path}`."
        raise NotAllowed(f"`{path}` has changes that are not committed, and a run follows a committed text.", hint)
    return (f"commit `{path}` too: the run follows its present text",)


def first_name(root: Path, run: Run, day: date) -> Run:
    """Give the run under the first id that is free for it."""
    return next(_named(root, run, day))


def _named(root: Path, run: Run, day: date, only: str = "") -> Iterator[Run]:
    """Give the run under every id that is free for it: `-2`, `-3`, … on a clash; just `only`, where that is given."""
    from handrail.text.plain import slug

    folder = root / PROCESSES / run.process / RUNS
    taken = {entry.name.lower() for entry in folder.iterdir()} if folder.is_dir() else set()
    base = only or f"{day.isoformat()}-{slug(run.title, run.process.rpartition('/')[2])}"
    for number in range(1, 2 if only else _MOST_NAMESAKES):
        name = base if number == 1 else f"{base}-{number}"
        if f"{name}.md" not in taken:
            path = f"{PROCESSES}/{run.process}/{RUNS}/{name}.md"
            yield replace(run, id=f"{run.process}/{name}", path=path)


def text_of(run: Run) -> str:
    """Write the run and read it back: a file that would be refused later is not begun."""
    from handrail.format.run import read_run, write_run
    from handrail.text.document import read_document

    text = write_run(run)
    problems = read_run(read_document(run.path, text)).problems
    if has_errors(problems):
        errors = tuple(problem for problem in problems if problem.level == "error")
        raise BrokenFiles("The run's file would have errors, so it was not written.", errors, "Shorten the values.")
    return text


def _save(repository: Repository, run: Run, text: str, *, config: Config, commit: bool) -> Saved:
    from handrail.store.message import build_message

    data = text.encode()

    def transform(before: bytes | None) -> bytes:
        if before is not None and before != data:
            raise Taken(f"`{run.id}` is there already.")
        return data

    def message() -> str:
        trailers = [("Handrail-Action", "started"), ("Handrail-Run", run.id), ("Handrail-Project", run.project)]
        return build_message(f"started {run.id}: {run.title}", "", trailers)

    return save(repository, run.path, transform, message, config=config, commit=commit)
