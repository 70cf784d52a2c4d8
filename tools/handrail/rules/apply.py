"""Writing events into a run or project: total, never refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from handrail.model.change import Change
from handrail.model.item import Block, Event, Item, walk
from handrail.model.project import Project
from handrail.model.run import Run

Holder = TypeVar("Holder", bound=Run | Project)


def apply(holder: Holder, changes: Sequence[Change]) -> Holder:
    """Give `holder` with the events added, each at the end of its item's events or of the Log.

    Of the Log's events only `renamed` changes something else as well: the title.

    An item that is not there is passed over; of two items with one id the first is meant.
    """
    wanted: dict[str, list[Change]] = {}
    for change in changes:
        wanted.setdefault(change.item, []).append(change)
    logged = tuple(change.event for change in wanted.pop("", ()))
    changed = _titled(replace(holder, log=(*holder.log, *logged)), logged) if logged else holder
    if not wanted:
        return changed
    return replace(changed, content=_changed(holder.content, wanted))


def _titled(holder: Holder, logged: Sequence[Event]) -> Holder:
    title = next((event.value("title") for event in reversed(logged) if event.verb == "renamed"), "")
    return replace(holder, title=title) if title else holder


def _changed(content: tuple[Block, ...], wanted: Mapping[str, Sequence[Change]]) -> tuple[Block, ...]:
    """Build changed items from the leaves up, so that any depth of nesting will do."""
    tops = tuple(block for block in content if isinstance(block, Item))
    order = list(walk(tops))
    left = dict(wanted)
    own = [left.pop(item.id, ()) for item in order]
    stack: list[Item] = []
    for item, changes in zip(reversed(order), reversed(own), strict=True):
        count = len(item.children)
        children = tuple(reversed(stack[len(stack) - count :])) if count else ()
        if count:
            del stack[len(stack) - count :]
        stack.append(_with(item, changes, children))
    return tuple(stack.pop() if isinstance(block, Item) else block for block in content)


def _with(item: Item, changes: Sequence[Change], children: tuple[Item, ...]) -> Item:
    same = all(new is old for new, old in zip(children, item.children, strict=True))
    if not changes:
        return item if same else replace(item, children=children)
    checked = item.checked
    for change in changes:
        checked = checked if change.box is None else change.box
    events = (*item.events, *(change.event for change in changes))
    return replace(item, checked=checked, events=events, children=children)
