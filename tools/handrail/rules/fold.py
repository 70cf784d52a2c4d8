"""What an item's own events come to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from handrail.model.item import Event, Item
from handrail.model.state import Facts

UNTOUCHED = Facts()
PROPOSES, CONFIRMS = "proposes", "confirms"
"""The values of the event that proposes to close an item, and of the one by which a person does so."""


def fold(item: Item) -> Facts:
    """Give what the events of `item` come to, oldest first; then let the box correct them.

    The box wins where it disagrees: a ticked box without a closing event was ticked by hand (`untimed`), an
    empty box after one was emptied by hand, which counts as reopened at an unknown time. An approval is
    closed by the last approval that it needs; `approval=all` cannot be counted here, so its box says it.
    """
    if not item.events:
        return Facts(closed="done", untimed=True) if item.checked else UNTOUCHED
    folding = _Folding(item)
    for event in item.events:
        folding.take(event)
    folding.look_at_box(item.checked)
    return folding.facts()


def names_in(text: str) -> tuple[str, ...]:
    """Give the people that a value names: `"ben chi"`, `@ben,chi`; nobody for `none` or nothing."""
    words = (word.lstrip("@") for word in text.replace(",", " ").split())
    return tuple(dict.fromkeys(word for word in words if word and word != "none"))


def sent_back_from(event: Event) -> str:
    """Give the approval whose rejection wrote this `reopened` event, empty where it is no such event."""
    return event.value("rejected") if event.verb == "reopened" else ""


def proposed_by(event: Event) -> str:
    """Give what an event proposes, `done` or `skipped`: an agent's note that a person has to confirm. Else empty."""
    what = event.value(PROPOSES) if event.verb == "noted" else ""
    return what if what in ("done", "skipped") else ""


def enough_approvals(approval: str, given: int) -> bool:
    """Tell whether `given` approvals are what `approval=` asks for; never for `all`, which is not a number."""
    return approval != "all" and given >= (int(approval) if approval.isdecimal() else 1)


class _Folding:
    """The facts while they are being gathered."""

    __slots__ = (
        "approval", "approvals", "assignees", "attempt", "blocked", "by", "closed", "doing", "done", "due", "fields",
        "first_done", "last", "proposed", "proposer", "reason", "rejected", "reopened", "skip_reason", "started",
        "until", "untimed",
    )  # fmt: skip

    def __init__(self, item: Item) -> None:
        self.approval = item.attributes.approval
        self.closed: Literal["", "done", "skipped"] = ""
        self.doing = self.blocked = self.untimed = False
        self.until = self.reason = self.due = self.by = self.skip_reason = ""
        self.assignees: tuple[str, ...] | None = None
        self.attempt = 1
        self.started: datetime | None = None
        self.done: datetime | None = None
        self.reopened: datetime | None = None
        self.first_done: datetime | None = None
        self.last: datetime | None = None
        self.rejected: Event | None = None
        self.proposed: Event | None = None
        self.proposer = ""
        self.approvals: tuple[str, ...] = ()
        self.fields: list[tuple[str, str]] = []

    def take(self, event: Event) -> None:
        if self.last is None or event.time > self.last:
            self.last = event.time
        handler = _HANDLERS.get(event.verb)
        if handler:
            handler(self, event)

    def close(self, event: Event, how: Literal["done", "skipped"]) -> None:
        """Close by the first closing event: a second one (two clones merged) adds nothing."""
        if self.closed:
            return
        self.closed, self.done, self.by = how, event.time, event.who
        self.skip_reason = event.note if how == "skipped" else ""
        if how == "done" and self.first_done is None:
            self.first_done = event.time
        self.doing = self.blocked = False
        self.until = self.reason = ""
        self.rejected = self.proposed = None
        self.proposer = event.value(CONFIRMS)

    def open_again(self, time: datetime | None, rejection: Event | None) -> None:
        self.closed, self.by, self.skip_reason = "", "", ""
        self.attempt += 1
        self.done = self.started = None
        self.reopened = time
        self.doing = self.blocked = False
        self.until = self.reason = ""
        self.approvals = ()
        self.rejected = rejection
        self.proposed, self.proposer = None, ""

    def look_at_box(self, checked: bool) -> None:
        if self.closed and not checked:
            self.open_again(None, None)
        elif checked and not self.closed:
            self.doing = self.blocked = False
            self.proposed = None
            self.closed, self.untimed = "done", self.done is None
            self.first_done = self.first_done or self.done
        if not self.closed:
            self.done, self.by = None, ""

    def facts(self) -> Facts:
        return Facts(
            self.closed, self.doing, self.blocked, self.until, self.reason, self.assignees, self.due, self.attempt,
            self.started, self.done, self.by, self.reopened, self.first_done, self.last, self.skip_reason,
            self.rejected, self.approvals, tuple(self.fields), self.untimed, self.proposed, self.proposer,
        )  # fmt: skip


def _started(folding: _Folding, event: Event) -> None:
    if not folding.closed:
        folding.doing = True
        folding.started = folding.started or event.time


def _done(folding: _Folding, event: Event) -> None:
    folding.close(event, "done")


def _skipped(folding: _Folding, event: Event) -> None:
    folding.close(event, "skipped")


def _approved(folding: _Folding, event: Event) -> None:
    if folding.closed:
        return
    if event.who not in folding.approvals:
        folding.approvals = (*folding.approvals, event.who)
    if folding.approval == "all":  # the box says when they are all there; this is when, if it does
        folding.done, folding.by = event.time, event.who
    elif enough_approvals(folding.approval, len(folding.approvals)):
        folding.close(event, "done")


def _rejected(folding: _Folding, event: Event) -> None:
    folding.open_again(event.time, event)


def _reopened(folding: _Folding, event: Event) -> None:
    """Open again, also what a hand had ticked before: the tick is gone by now, the event says that it was there."""
    folding.open_again(event.time, event if sent_back_from(event) or folding.proposed else None)


def _assigned(folding: _Folding, event: Event) -> None:
    folding.assignees = names_in(event.value("to"))


def _due(folding: _Folding, event: Event) -> None:
    day = event.value("on")
    folding.due = "" if day == "none" else day


def _blocked(folding: _Folding, event: Event) -> None:
    folding.blocked, folding.until, folding.reason = True, event.value("until"), event.note


def _unblocked(folding: _Folding, _: Event) -> None:
    folding.blocked, folding.until, folding.reason = False, "", ""


def _noted(folding: _Folding, event: Event) -> None:
    if proposed_by(event) and not folding.closed:
        folding.proposed = event


def _set(folding: _Folding, event: Event) -> None:
    folding.fields.extend(event.values)


_HANDLERS: dict[str, Callable[[_Folding, Event], None]] = {
    "started": _started,
    "done": _done,
    "skipped": _skipped,
    "approved": _approved,
    "rejected": _rejected,
    "reopened": _reopened,
    "assigned": _assigned,
    "due": _due,
    "blocked": _blocked,
    "unblocked": _unblocked,
    "noted": _noted,
    "set": _set,
}
