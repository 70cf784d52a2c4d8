"""Two versions of one file: which events are new, which were tampered with, and what else is different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.format.run import front_pairs, item_title
from handrail.model.item import Block, Event, Item, walk
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.reports.verify_case import Holder, problem, told

HISTORY = "what happened stays as it was written; `handrail reopen` and `handrail note` add to it"
STEPS = "the steps of a run change by `handrail upgrade` alone"
FRONT = "the front matter of a run is written once; `handrail set`, `due` and `upgrade` add events"
Kept = TypeVar("Kept", bound=Run | Project)


@dataclass(frozen=True, slots=True)
class Grown:
    """What came to the events of one item or Log, in order, and what was done to those that were there."""

    tail: tuple[Event, ...]
    problems: tuple[Problem, ...] = ()


def grown(old: Sequence[Event], new: Sequence[Event], place: Place) -> Grown:
    """Compare the events of one item: what is not at the end was inserted, what is missing was removed.

    `place` is where the item stands, for events that are nowhere any more.
    """
    if tuple(new[: len(old)]) == tuple(old):
        return Grown(tuple(new[len(old) :]))
    gone, came = Counter(old) - Counter(new), Counter(new) - Counter(old)
    removed, added = _pick(old, gone), _pick(new, came)
    last_old = max((index for index, event in enumerate(new) if came[event] <= 0), default=-1)
    tail = new[max(last_old + 1, len(new) - len(added)) :] if not removed else ()
    inside = [event for event in added if event not in tail]
    found = [_changed(before, after) for before, after in zip(removed, inside, strict=False)]
    found += [_removed(event, place) for event in removed[len(inside) :]]
    found += [_inserted(event) for event in inside[len(removed) :]]
    if not removed and not inside:
        first = next(event for event, other in zip(new, old, strict=False) if event != other)
        found.append(problem("event-moved", first.place, f"{told(first)} stands in another order than before", HISTORY))
    return Grown(tuple(tail), tuple(found))


def _pick(events: Sequence[Event], wanted: Counter[Event]) -> list[Event]:
    """Give the wanted events, the last of those that are alike."""
    left = Counter(wanted)
    found = []
    for event in reversed(events):
        if left[event] > 0:
            left[event] -= 1
            found.append(event)
    return found[::-1]


def _changed(before: Event, after: Event) -> Problem:
    message = f"{told(before)} of {before.time:%Y-%m-%d %H:%M:%S} was changed"
    return problem("event-changed", after.place, message, HISTORY)


def _removed(event: Event, place: Place) -> Problem:
    message = f"{told(event)} of {event.time:%Y-%m-%d %H:%M:%S} was removed"
    return problem("event-removed", place, message, HISTORY)


def _inserted(event: Event) -> Problem:
    return problem("event-inserted", event.place, f"{told(event)} was inserted before older events", HISTORY)


def by_id(holder: Holder) -> dict[str, Item]:
    """Give the items of a run or project by id."""
    return {item.id: item for item in walk(holder.items)}


def with_events(holder: Kept, past: Mapping[str, Item]) -> Kept:
    """Give a run or project whose items have the events and boxes of the items of the same ids in `past`."""
    return replace(holder, content=tuple(_with_past(block, past) for block in holder.content))


def _with_past(block: Block, past: Mapping[str, Item]) -> Block:
    if not isinstance(block, Item):
        return block
    children = tuple(one for child in block.children if isinstance(one := _with_past(child, past), Item))
    mine = past.get(block.id)
    events, checked = (mine.events, mine.checked) if mine else ((), False)
    return replace(block, events=events, checked=checked, children=children)


def untouched(holder: Kept) -> Kept:
    """Give a run or project as it was before anything happened in it."""
    return replace(with_events(holder, {}), log=())


def steps_changed(before: Run, after: Run) -> Iterator[Problem]:
    """Report steps of a run that are other than they should be: gone, new, changed, moved."""
    old, new = by_id(before), by_id(after)
    for name, item in old.items():
        if name not in new:
            place = replace(item.place, end_column=0)
            yield problem("step-removed", place, f"the step `{name}` was taken out of the run", STEPS)
    for name, item in new.items():
        if name not in old:
            yield problem("step-added", item.place, f"the step `{name}` was put into the run", STEPS)
        elif not _same_title(item, old[name]):
            what = "the attributes" if item.title == old[name].title else "the title"
            yield problem("step-changed", item.place, f"{what} of the step `{name}` changed", STEPS)
    yield from _moved(before, after, old, new)


def _same_title(one: Item, other: Item) -> bool:
    if one.title == other.title and one.attributes == other.attributes:
        return True
    return item_title(one) == item_title(other)


def _moved(before: Run, after: Run, old: Mapping[str, Item], new: Mapping[str, Item]) -> Iterator[Problem]:
    kept_old = [name for name in old if name in new]
    kept_new = [name for name in new if name in old]
    above_old, above_new = _parents(before), _parents(after)
    for one, other in zip(kept_old, kept_new, strict=True):
        if one != other:
            yield problem("step-moved", new[other].place, f"the step `{other}` stands in another place", STEPS)
            return
    for name in kept_new:
        if above_old.get(name) != above_new.get(name):
            yield problem("step-moved", new[name].place, f"the step `{name}` belongs to another one", STEPS)


def _parents(holder: Holder) -> dict[str, str]:
    return {child.id: item.id for item in walk(holder.items) for child in item.children}


def front_changed(before: Run, after: Run, text: str) -> Iterator[Problem]:
    """Report keys of a run's front matter that changed; `text` is the file's, for their places."""
    old, new = front_pairs(before), front_pairs(after)
    for key, value in new.items():
        if value != old[key]:
            place = key_place(after.path, text, key)
            yield problem("front-matter-changed", place, f"`{key}:` changed in the front matter", FRONT)


def key_place(path: str, text: str, key: str) -> Place:
    """Give where a key of the front matter stands, the first line where it does not."""
    for number, line in enumerate(text.split("\n"), 1):
        if number > 1 and line.rstrip() == "---":
            break
        if line.startswith(f"{key}:"):
            return Place(path, number, 1, len(key) + 1)
    return Place(path)
