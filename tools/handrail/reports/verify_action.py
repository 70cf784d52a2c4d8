"""From an event back to the action that writes it: what `decide` is asked when history is replayed."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.model.change import Action, Change
from handrail.model.item import Event
from handrail.rules.fold import proposed_by
from handrail.rules.proposal import VERBS

CLOSING = frozenset({"done", "skipped", "approved"})
OPENING = frozenset({"reopened", "rejected"})
_VERBS = {
    "started": "begin",
    "done": "check",
    "reopened": "reopen",
    "skipped": "skip",
    "approved": "approve",
    "rejected": "reject",
    "assigned": "assign",
    "due": "due",
    "blocked": "block",
    "unblocked": "unblock",
    "noted": "note",
    "set": "set",
    "cancelled": "cancel",
    "renamed": "rename",
}


def actions_for(item: str, queue: Sequence[Event]) -> tuple[Action, ...]:
    """Give the actions that may have written the first event of an item's queue, the likeliest first."""
    event = queue[0]
    verb = _command(event)
    items = (item,) if item else ()
    if event.verb != "set":
        return (Action(verb, items, event.note, event.values),)
    plain = Action(verb, items, event.note, fields=event.values)
    later = queue[1] if len(queue) > 1 else None
    both = later is not None and (later.time, later.who) == (event.time, event.who)
    if later and both and _command(later) in ("check", "approve"):
        return (Action(_command(later), items, later.note, later.values, event.values), plain)
    return (plain,)


def _command(event: Event) -> str:
    """Give the command that writes an event; an agent's proposal is written by the command that it proposes."""
    return VERBS.get(proposed_by(event), "") or _VERBS.get(event.verb, event.verb)


def box_after(event: Event) -> bool | None:
    """Give the mark that an event leaves in its item's box, None where it leaves it alone."""
    if event.verb in CLOSING:
        return True
    return False if event.verb in OPENING else None


def priority(event: Event) -> int:
    """Give which of several events of one moment is tried first: what others follow from."""
    if event.verb in ("rejected", "upgraded"):
        return 0
    return 2 if event.verb in ("assigned", "reopened") else 1


def same_event(decided: Event, written: Event) -> bool:
    """Tell whether the rules would have written an event, the name of a child run aside, which may be left out."""
    if decided == written:
        return True
    without = tuple(pair for pair in decided.values if pair[0] != "run")
    mine = (decided.time, decided.who, decided.verb, decided.note, without)
    return decided.verb == "done" and mine == (written.time, written.who, written.verb, written.note, written.values)


def must_follow(change: Change, first: Event) -> bool:
    """Tell whether a change that the rules add to an action may not be missing: what a rejection sends back."""
    return first.verb == "rejected" and change.event.verb == "reopened"
