"""Boxes that say something else than the events under them: somebody has ticked or emptied them by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from handrail.model.change import Change
from handrail.model.item import Event, Item, walk
from handrail.model.project import Project
from handrail.model.run import Run

_CLOSING = frozenset({"done", "skipped", "approved"})
_OPENING = frozenset({"reopened", "rejected"})


def ticked_by_hand(holder: Run | Project) -> tuple[Item, ...]:
    """Give the items whose boxes a hand has changed. Of approvals that need several, nobody's tick can say whose."""
    return tuple(item for item in walk(holder.items) if _is_odd(item))


def hand_event(item: Item, who: str, time: datetime, commit: str = "") -> Change | None:
    """Give the event that a box of its own lacks: by whom it was ticked or emptied, and when.

    It is never older than the events under the item. `commit` is where this is known from. None for an approval that
    this person has given already.
    """
    closing = "approved" if item.attributes.approval else "done"
    newest = max((event.time for event in item.events), default=time)
    if closing == "approved" and item.checked and who in _approvers(item):
        return None
    verb = closing if item.checked else "reopened"
    return Change(item.id, Event(max(time, newest).replace(microsecond=0), who, verb, commit=commit))


def _is_odd(item: Item) -> bool:
    if not item.events:
        return item.checked and item.attributes.approval != "all"
    return item.checked != _closed_by_events(item) and item.attributes.approval != "all"


def _closed_by_events(item: Item) -> bool:
    for event in reversed(item.events):
        if event.verb in _OPENING:
            return False
        if event.verb == "approved":
            approval = item.attributes.approval
            return len(_approvers(item)) >= (int(approval) if approval.isdecimal() else 1)
        if event.verb in _CLOSING:
            return True
    return False


def _approvers(item: Item) -> frozenset[str]:
    """Give who has approved since the item was last open."""
    return frozenset(_approving(item))


def _approving(item: Item) -> Iterator[str]:
    for event in reversed(item.events):
        if event.verb in _OPENING:
            return
        if event.verb == "approved":
            yield event.who
