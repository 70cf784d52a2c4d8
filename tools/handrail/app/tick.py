"""Doing what is due by itself: runs that are scheduled, runs that belong to steps, what a crash left half done.

Doing it again, here or elsewhere, does nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from handrail.app.act import Done, perform
from handrail.app.family import Overtaken, named_run
from handrail.app.names import Named
from handrail.app.start import Started, Taken, Wish, start
from handrail.base.errors import BrokenFiles, HandrailError, NotAllowed
from handrail.base.value import dataclass
from handrail.model.change import Action
from handrail.model.people import Config
from handrail.reports.kin import CancelDue, ChildDue, Owed, StepDue, TaskDue, TaskRunDue
from handrail.reports.scheduled import Broken, NotNow, ToStart

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_MOST_DAYS = 20


@dataclass(frozen=True, slots=True)
class Begun:
    """A scheduled run that was started, or would be."""

    due: ToStart
    started: Started


@dataclass(frozen=True, slots=True)
class Born:
    """A run that was started because a step or task is done by it, or would be."""

    due: ChildDue | TaskRunDue
    started: Started


@dataclass(frozen=True, slots=True)
class Settled:
    """A step that was closed by its finished run, or a run that was cancelled with its parent; `done` says how.

    None in a dry run.
    """

    due: StepDue | CancelDue | TaskDue
    done: Done | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that could not be started. `parent` is the step that it belongs to (`RUN#STEP`), empty for a schedule.

    `exit_code` is what it comes to on the command line.
    """

    process: str
    period: date | None
    sentence: str
    hint: str = ""
    exit_code: int = 1
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What is due between two runs and is not allowed now, or failed; the sentence says why."""

    due: StepDue | CancelDue | TaskDue
    sentence: str
    hint: str = ""
    exit_code: int = 0


Tick = Begun | NotNow | Failed | Born | Settled | Left


def tick(
    repository: Repository,
    due: Iterable[ToStart | NotNow | Broken],
    *,
    who: str,
    now: datetime,
    config: Config,
    dry_run: bool = False,
    commit: bool = True,
) -> Iterator[Tick]:
    """Start what is due, one after the other, and tell what came of each; what fails keeps nothing else back.

    A run that somebody else has started meanwhile is passed over in silence: that is what was wanted. Without
    `commit` the files are only written.
    """
    for one in due:
        if isinstance(one, NotNow):
            yield one
        elif isinstance(one, Broken):
            yield Failed(one.process, None, one.sentence, one.hint)
        else:
            try:
                started = _start(repository, one, who=who, now=now, config=config, dry_run=dry_run, commit=commit)
            except Taken:
                continue
            except HandrailError as error:
                yield Failed(one.process, one.period, _sentence(error), error.hint, error.exit_code)
            else:
                yield Begun(one, started)


def settle(
    repository: Repository,
    due: Iterable[Owed],
    *,
    who: str,
    now: datetime,
    config: Config,
    dry_run: bool = False,
    commit: bool = True,
) -> Iterator[Tick]:
    """Do what runs owe each other, one thing after the other; what fails keeps nothing else back.

    What somebody else has done meanwhile is passed over in silence.
    """
    for one in due:
        try:
            if isinstance(one, ChildDue):
                found: Tick = _start_child(
                    repository, one, who=who, now=now, config=config, dry_run=dry_run, commit=commit
                )
            elif isinstance(one, TaskRunDue):
                found = _start_for_task(
                    repository, one, who=who, now=now, config=config, dry_run=dry_run, commit=commit
                )
            else:
                found = _settle(repository, one, who=who, now=now, config=config, dry_run=dry_run, commit=commit)
        except (Taken, Overtaken):
            continue
        except HandrailError as error:
            found = _failed(one, error)
        yield found


def _start_child(
    repository: Repository, one: ChildDue, *, who: str, now: datetime, config: Config, dry_run: bool, commit: bool
) -> Born:
    from handrail.app.children import start_child

    started = start_child(
        repository, one.run, one.step, one.process, attempt=one.attempt, who=who, now=now, config=config,
        dry_run=dry_run, commit=commit,
    )  # fmt: skip
    return Born(one, started)


def _start_for_task(
    repository: Repository, one: TaskRunDue, *, who: str, now: datetime, config: Config, dry_run: bool, commit: bool
) -> Born:
    """Start the run of a project's task, under the one name that two schedulers both give it."""
    from handrail.app.files import PROCESSES, README
    from handrail.app.load import load_process
    from handrail.text.plain import slug

    target = Named("process", one.process, f"{PROCESSES}/{one.process}/{README}")
    if not (repository.root / target.path).is_file():
        raise NotAllowed(f"There is no process `{one.process}`.", "`handrail lint` finds tasks that name one.")
    owner = load_process(repository.root, one.process, target.path).owner
    name = slug(f"{one.project.replace('/', '-')}-{one.task}", "task")
    wish = Wish(title=one.title, project=f"{one.project}#{one.task}", stand_in=owner, run_id=name)
    return Born(one, start(repository, target, wish, who=who, now=now, config=config, dry_run=dry_run, commit=commit))


def _settle(
    repository: Repository,
    one: StepDue | CancelDue | TaskDue,
    *,
    who: str,
    now: datetime,
    config: Config,
    dry_run: bool,
    commit: bool,
) -> Settled:
    if dry_run:
        return Settled(one)
    if isinstance(one, StepDue):
        target, action = named_run(one.run), Action("check", (one.step,))
    elif isinstance(one, TaskDue):
        target = Named("project", one.project, f"projects/{one.project}/README.md")
        action = Action("check", (one.task,), f"by {one.child}")
    else:
        target, action = named_run(one.child), Action("cancel", (), f"{one.run} was cancelled")
    return Settled(one, perform(repository, target, action, who=who, now=now, config=config, commit=commit))


def _failed(one: Owed, error: HandrailError) -> Failed | Left:
    """Tell what could not be done. A step that must not be closed yet waits for a person: that is no failure."""
    if isinstance(one, ChildDue):
        step = f"{one.run}#{one.step}"
        return Failed(one.process, None, _sentence(error), error.hint, error.exit_code, step)
    if isinstance(one, TaskRunDue):
        place = f"{one.project}#{one.task}"
        hint = error.hint.replace(f"handrail start {one.process}", f"handrail start {one.process} --project {place}")
        return Failed(one.process, None, _sentence(error), hint, error.exit_code, place)
    return Left(one, _sentence(error), error.hint, 0 if isinstance(error, NotAllowed) else error.exit_code)


def missed_days(missed: tuple[date, ...]) -> str:
    """Give missed periods in words: the newest twenty, and how many there were before."""
    if not missed:
        return ""
    shown = ", ".join(day.isoformat() for day in missed[-_MOST_DAYS:])
    more = len(missed) - _MOST_DAYS
    return f"{shown} and {more} before" if more > 0 else shown


def _start(
    repository: Repository, one: ToStart, *, who: str, now: datetime, config: Config, dry_run: bool, commit: bool
) -> Started:
    days = missed_days(one.missed)
    wish = Wish(
        period=one.period,
        run_id=one.run_id,
        stand_in=one.owner,
        note=f"not started when due: {days}" if days else "",
    )
    target = Named("process", one.process, one.path)
    return start(repository, target, wish, who=who, now=now, config=config, dry_run=dry_run, commit=commit)


def _sentence(error: HandrailError) -> str:
    """Give what is wrong, with the first of the problems where files are broken."""
    if not isinstance(error, BrokenFiles) or not error.problems:
        return error.sentence
    first = error.problems[0]
    return f"{error.sentence} {first.place.path}:{first.place.line}: {first.message}."
