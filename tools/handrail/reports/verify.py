"""What one commit did to one run or project, judged by the rules and by who may do what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from handrail.base.place import Place
from handrail.base.problem import Level, Problem
from handrail.base.value import dataclass
from handrail.model.item import Event, Item, walk
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.reports.verify_case import Deed, Holder, Law, problem, told, with_people, with_times
from handrail.reports.verify_codes import REFUSED
from handrail.reports.verify_history import by_id, front_changed, grown, steps_changed, untouched, with_events
from handrail.reports.verify_replay import Replay
from handrail.reports.verify_upgrade import begun, start_problems


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a run's or project's file as it was read: its text, and what is wrong in it."""

    holder: Holder
    text: str
    problems: tuple[Problem, ...] = ()


def judge(before: Version | None, after: Version, deed: Deed, law: Law) -> list[Problem]:
    """Report what is wrong with a change from one version of a file to the next; `before` is None for a new one."""
    found = list(new_errors(before, after))
    if before is not None:
        start = before.holder
    elif isinstance(after.holder, Run):
        started = begun(after.holder, law)
        start = replace(started.run, log=_starting(after.holder))
        found += start_problems(started, after.holder, after.text)
    else:
        start = untouched(after.holder)
    queues, problems = _new_events(start, after.holder, Place(after.holder.path))
    found += problems
    base = start if isinstance(after.holder, Run) else _planned(start, after.holder)
    replay = Replay(base, after.holder, queues, deed, law)
    replay.run()
    replay.ticks()
    found += replay.found
    if isinstance(after.holder, Run) and isinstance(replay.holder, Run):
        found += steps_changed(replay.holder, after.holder)
        found += front_changed(replay.holder, after.holder, after.text)
    fresh = _told_here(before, after, queues)
    mended = [id(event) for _, event in replay.mended]
    fresh = [one for one in fresh if id(one[1]) not in mended]
    return [*found, *with_times(fresh, deed), *with_people(fresh, deed)]


def new_errors(before: Version | None, after: Version) -> Iterator[Problem]:
    """Give the errors of a file that its version before had not: what is not understood cannot be judged."""
    known = {(one.code, one.message) for one in before.problems} if before else set()
    for one in after.problems:
        if one.level == "error" and (one.code, one.message) not in known:
            yield one


def _starting(run: Run) -> tuple[Event, ...]:
    """Give the events that a start writes: `started`, and what is noted about missed periods at the same moment."""
    first = run.log[:1]
    if not first or first[0].verb != "started":
        return ()
    second = run.log[1:2]
    noted = second if second and second[0].verb == "noted" and second[0].time == first[0].time else ()
    return (*first, *noted)


def _planned(before: Holder, after: Holder) -> Holder:
    """Give a project as it is planned now, with what had happened before: people may change plans."""
    if not isinstance(before, Project) or not isinstance(after, Project):
        return before
    return replace(with_events(after, _renamed(before, after)), log=before.log)


def _renamed(before: Project, after: Project) -> dict[str, Item]:
    """Give the items of a project by the ids that they have now, where a title without an id was reworded."""
    old, new = by_id(before), by_id(after)
    found = dict(old)
    for name, item in old.items():
        if name not in new and item.events:
            heir = next((one.id for one in new.values() if one.id not in old and _begins(one.events, item.events)), "")
            if heir:
                found[heir] = item
    return found


def _begins(events: tuple[Event, ...], with_: tuple[Event, ...]) -> bool:
    return events[: len(with_)] == with_


def _new_events(before: Holder, after: Holder, file: Place) -> tuple[dict[str, list[Event]], list[Problem]]:
    """Give the new events by item, and what was done to those that were there."""
    old = _renamed(before, after) if isinstance(before, Project) and isinstance(after, Project) else by_id(before)
    new = by_id(after)
    queues: dict[str, list[Event]] = {}
    found: list[Problem] = []
    pairs: Iterable[tuple[str, tuple[Event, ...], tuple[Event, ...], Place]] = (
        (name, old[name].events if name in old else (), item.events, item.place) for name, item in new.items()
    )
    heirs = {id(item) for name, item in old.items() if name in new}
    lost = [item for name, item in old.items() if name not in new and id(item) not in heirs]
    for name, had, has, place in (*pairs, ("", before.log, after.log, file)):
        change = grown(had, has, place)
        found += change.problems
        queues[name] = list(change.tail)
    if isinstance(after, Project):
        for item in lost:
            found += grown(item.events, (), file).problems
    return queues, found


def _told_here(before: Version | None, after: Version, queues: dict[str, list[Event]]) -> list[tuple[str, Event]]:
    """Give every event that this change tells, those of a start included, with its item."""
    fresh = [(name, event) for name, events in queues.items() for event in events]
    if before is None and isinstance(after.holder, Run):
        fresh = [*(("", event) for event in _starting(after.holder)), *fresh]
    return fresh


def gone(path: str, before: Version | None) -> Iterator[Problem]:
    """Report that a file is not there any more."""
    if before is None:
        return
    if isinstance(before.holder, Run):
        message = f"the run {before.holder.id} was deleted or moved"
        yield problem("run-deleted", Place(path), message, "`handrail cancel` ends a run; its file stays where it is")
    elif before.holder.log or any(item.events for item in walk(before.holder.items)):
        message = f"the project {before.holder.id} was deleted or moved, with all that happened in it"
        yield problem("project-deleted", Place(path), message, "`handrail project cancel` ends a project")


def imported(found: list[Problem], path: str) -> list[Problem]:
    """Give one warning in place of what an import tells of another tool; tampering with what stood here stays."""
    elsewhere = {*REFUSED, "back-dated", "other-person", "future-event"}
    kept = [one for one in found if one.code not in elsewhere]
    if len(kept) == len(found):
        return found
    message = "the import tells what happened elsewhere, which nothing here can prove"
    return [*kept, problem("imported", Place(path), message, level="warning")]


def fresh_evidence(before: Version | None, after: Version) -> tuple[tuple[Item, Event], ...]:
    """Give the new events that name a file as evidence, with their items."""
    had = {event for item in walk(before.holder.items) for event in item.events} if before else set()
    events = ((item, event) for item in walk(after.holder.items) for event in item.events if event.value("file"))
    return tuple(pair for pair in events if pair[1] not in had)


def evidence_problems(item: Item, event: Event, digests: frozenset[str] | None) -> Iterator[Problem]:
    """Report a file that an event names and that is not there, or is another one than the event says.

    A missing one is a warning where the item asks for none and the event says nothing of its content.
    """
    path, wanted = event.value("file"), event.value("sha256").lower()
    if digests is None:
        message = f"the file {path[:200]} that {told(event)} names is not in its commit"
        level: Level = "error" if wanted or "file" in item.attributes.proof else "warning"
        yield problem("proof-gone", event.place, message, "the evidence goes into the same commit", level)
    elif wanted and wanted not in digests:
        message = f"the file {path[:200]} is not the one that {told(event)} names"
        yield problem("proof-changed", event.place, message, "evidence stays as it came")
