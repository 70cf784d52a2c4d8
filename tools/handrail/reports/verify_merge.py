"""A merge of several versions of one file: nothing is lost, nothing comes from nowhere, and all goes together.

Each side was judged by itself. What is looked at here is the union: replayed from where the sides parted, in the order
of the events' times, it must not hold anything that no side has by itself, such as a step that is finished twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.format.run import front_pairs, item_title
from handrail.model.item import Event
from handrail.model.run import Run
from handrail.reports.verify import Version, new_errors
from handrail.reports.verify_case import Deed, Holder, Law, problem, told
from handrail.reports.verify_history import HISTORY, by_id, key_place, untouched, with_events
from handrail.reports.verify_replay import Replay

_SIDES = "a merge takes what both sides say, and nothing else"
Events = dict[str, tuple[Event, ...]]


def judge_merged(
    base: Version | None, sides: Sequence[Version], merged: Version, deed: Deed, law: Law
) -> Iterator[Problem]:
    """Report what a merge lost or added, and what the sides cannot both have done. `base` is where they parted."""
    for side in sides[:1]:
        yield from (one for one in new_errors(side, merged) if not _known(one, sides))
    lost = list(_lost(sides, merged))
    added = list(_added(base, sides, merged))
    yield from lost
    yield from added
    if isinstance(merged.holder, Run):
        yield from _structure([side.holder for side in sides], merged)
    yield from _boxes(sides, merged)
    if not lost and not added and len(sides) > 1:
        yield from _clashes(base, sides, merged, deed, law)


def _known(one: Problem, sides: Sequence[Version]) -> bool:
    return any((one.code, one.message) == (known.code, known.message) for side in sides for known in side.problems)


def events_of(holder: Holder) -> Events:
    """Give all events of a run or project by item, those of its Log under no name."""
    return {**{name: item.events for name, item in by_id(holder).items()}, "": holder.log}


def _lost(sides: Sequence[Version], merged: Version) -> Iterator[Problem]:
    """Report events that a side has and the merge has not; those of a task whose id changed are somewhere else."""
    here = events_of(merged.holder)
    anywhere = Counter(event for events in here.values() for event in events)
    places = {name: item.place for name, item in by_id(merged.holder).items()}
    for side in sides:
        for name, events in events_of(side.holder).items():
            for event in Counter(events) - Counter(here.get(name, ())):
                if name in here or not anywhere[event]:
                    place = places.get(name, Place(merged.holder.path))
                    message = f"the merge lost {told(event)} of {event.time:%Y-%m-%d %H:%M:%S}"
                    yield problem("event-removed", place, message, HISTORY)


def _added(base: Version | None, sides: Sequence[Version], merged: Version) -> Iterator[Problem]:
    known = Counter[Event]()
    for side in sides:
        known |= Counter(event for events in events_of(side.holder).values() for event in events)
    for events in events_of(merged.holder).values():
        for event in events:
            if not known[event]:
                yield problem("event-in-merge", event.place, f"{told(event)} is of no side of the merge", _SIDES)


def _structure(sides: Sequence[Holder], merged: Version) -> Iterator[Problem]:
    """Report steps and front matter that are as on no side."""
    run = merged.holder
    assert isinstance(run, Run)
    pairs = [front_pairs(side) for side in sides if isinstance(side, Run)]
    for key, value in front_pairs(run).items():
        if all(other[key] != value for other in pairs):
            place = key_place(run.path, merged.text, key)
            yield problem("front-matter-changed", place, f"`{key}:` is as on no side of the merge", _SIDES)
    known = [by_id(side) for side in sides]
    for name, item in by_id(run).items():
        titles = [item_title(other[name]) for other in known if name in other]
        if not titles:
            yield problem("step-added", item.place, f"the step `{name}` is of no side of the merge", _SIDES)
        elif item_title(item) not in titles:
            yield problem("step-changed", item.place, f"the step `{name}` is as on no side of the merge", _SIDES)
    for name, item in known[0].items():
        if all(name in other for other in known) and name not in by_id(run):
            place = replace(item.place, end_column=0)
            yield problem("step-removed", place, f"the merge took the step `{name}` out of the run", _SIDES)


def _boxes(sides: Sequence[Version], merged: Version) -> Iterator[Problem]:
    """Report boxes that are as on no side."""
    known = [by_id(side.holder) for side in sides]
    for name, item in by_id(merged.holder).items():
        marks = {other[name].checked for other in known if name in other}
        if marks and item.checked not in marks:
            what = "ticked" if item.checked else "emptied"
            yield problem("box-in-merge", item.place, f"the box of `{name}` was {what} by the merge alone", _SIDES)


def _clashes(
    base: Version | None, sides: Sequence[Version], merged: Version, deed: Deed, law: Law
) -> Iterator[Problem]:
    """Report what only the union holds: events that were possible on their own side and are not together."""
    start = base.holder if base else replace(untouched(merged.holder), log=_common_log(sides))
    alone = {_key(one) for side in sides for one in _replayed(start, side.holder, deed, law)}
    for one in _replayed(start, merged.holder, deed, law):
        if _key(one) not in alone:
            message = f"{one.message} (each side of the merge was fine by itself)"
            yield replace(one, message=message)


def _common_log(sides: Sequence[Version]) -> tuple[Event, ...]:
    return tuple(event for event in sides[0].holder.log if all(event in side.holder.log for side in sides))


def _replayed(start: Holder, after: Holder, deed: Deed, law: Law) -> list[Problem]:
    had = events_of(start)
    queues: dict[str, list[Event]] = {}
    for name, events in events_of(after).items():
        left = Counter(had.get(name, ()))
        queues[name] = []
        for event in events:
            if left[event]:
                left[event] -= 1
            else:
                queues[name].append(event)
        queues[name].sort(key=lambda event: event.time)
    before = start if isinstance(after, Run) else replace(with_events(after, by_id(start)), log=start.log)
    replay = Replay(before, after, queues, deed, law)
    replay.run()
    return replay.found


def _key(one: Problem) -> tuple[str, str]:
    """Name a problem by what it says but for its place: that differs from side to side."""
    return (one.code, one.message.partition(":")[0])
