"""Boxes that say something else than the events under them: somebody has ticked or emptied them by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from handrail.model.change import Change
from handrail.model.item import Event, Item, walk
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.rules.case import Pairs
from handrail.rules.fold import CONFIRMS, PROPOSES, fold, proposed_by
from handrail.rules.proposal import kept_evidence

_CLOSING = frozenset({"done", "skipped", "approved"})
_OPENING = frozenset({"reopened", "rejected"})


def ticked_by_hand(holder: Run | Project) -> tuple[Item, ...]:
    """Give the items whose boxes a hand has changed. Of approvals that need several, nobody's tick can say whose."""
    return tuple(item for item in walk(holder.items) if _is_odd(item))


def hand_event(
    item: Item, who: str, time: datetime, commit: str = "", *, agent: bool = False, propose: bool = False
) -> Change | None:
    """Give the event that a box of its own lacks: by whom it was ticked or emptied, and when.

    It is never older than the events under the item. `commit` is where this is known from, `agent` tells whether it was
    an agent, `propose` whether agents only propose here. None for an approval that this person has given already.
    """
    when = max((time, *(event.time for event in item.events))).replace(microsecond=0)

    def change(verb: str, values: Pairs = (), note: str = "", box: bool | None = None) -> Change:
        return Change(item.id, Event(when, who, verb, values, note, commit=commit), box)

    if not item.checked:
        return change("reopened")
    if item.attributes.approval:
        if agent and propose:
            return change("noted", (), "ticked by an agent, but an approval is for a person", box=False)
        return None if who in _approvers(item) else change("approved")
    if agent and propose:
        return change("noted", ((PROPOSES, "done"),), box=False)
    standing = fold(replace(item, checked=False)).proposed
    if agent or standing is None or proposed_by(standing) != "done":
        return change("done")
    return change("done", ((CONFIRMS, standing.who), *kept_evidence(standing, ())), standing.note)


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
