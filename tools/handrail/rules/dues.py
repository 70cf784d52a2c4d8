"""When items and runs are due, and when they were due at first.

The first date that was resolved is what lateness is told against beside the present one. It is not stored: it is worked
out from how things stood just before each event that could move a date.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from handrail.model.calendar import Duration, WorkingTime
from handrail.model.item import Block, Event, Item, walk
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.rules.flow import Flow, Node, day_in, flow_of, later_by
from handrail.rules.fold import fold

Holder = TypeVar("Holder", bound=Run | Project)
_MOVING = frozenset({"due", "reopened", "rejected"})


def run_due(run: Run, procedure: Process | None, time: WorkingTime) -> datetime | None:
    """Give when the run is due: set by hand, else from its front matter, else by the procedure's target."""
    by_hand = [event.value("on") for event in run.log if event.verb == "due"]
    day = day_in(by_hand[-1]) if by_hand else None
    day = day or run.due
    if day is not None:
        return time.end_of(day)
    target = procedure.target if procedure else None
    return later_by(time, run.started, target) if target else None


def due_at(flow: Flow, node: Node) -> datetime | None:
    """Give when an item is due: a date set by hand, else what its `due=` comes to now."""
    if node.closed == "na":
        return None
    day = day_in(node.facts.due) if node.facts.due else None
    if day is not None:
        return flow.time.end_of(day)
    due = node.item.attributes.due
    if due is None:
        return None
    if due.day is not None:
        return flow.time.end_of(due.day)
    if due.span is None:
        return None
    start = _anchor(flow, due.anchor) if due.anchor else node.entry if not node.holds else None
    if start is None or (not due.anchor and node.closed_at is not None and start > node.closed_at):
        return None
    moment = later_by(flow.time, start, due.span)
    return _end_of_work(flow.time, moment) if moment and due.span.amount < 0 else moment


def _end_of_work(time: WorkingTime, moment: datetime) -> datetime:
    """Give the evening where counting back from an evening has led to the morning after it: it is the same point."""
    minute = Duration(1, "m")
    return time.add(time.add(moment, Duration(-1, "m")), minute)


def _anchor(flow: Flow, name: str) -> datetime | None:
    if name == "start" and name not in flow.fields:
        return flow.start
    day = day_in(flow.fields.get(name, ""))
    return flow.time.end_of(day) if day is not None else None


def moves(holder: Run | Project) -> tuple[datetime, ...]:
    """Give the times of the events that could have moved a due date, oldest first.

    A value that is set moves dates where a `due=` counts from that field, or a condition asks for it.
    """
    asked = _asked_fields(holder)
    times = {event.time for event in holder.log if event.verb == "due" or _sets(event, asked)}
    for item in walk(holder.items):
        for event in item.events:
            if event.verb in _MOVING or (asked and _sets(event, asked)):
                times.add(event.time)
    return tuple(sorted(times))


def first_dues(
    holder: Run | Project, moved: tuple[datetime, ...], *, procedure: Process | None, time: WorkingTime
) -> dict[int, datetime]:
    """Give the due times that items had before the events at `moved` (`moves`), by their place in the file.

    Items that had none by then are left out: what they have now is their first.
    """
    found: dict[int, datetime] = {}
    for moment in moved:
        flow = flow_of(_before(holder, moment), procedure=procedure, time=time, now=moment)
        for node in flow.nodes:
            if node.index not in found and (due := due_at(flow, node)) is not None:
                found[node.index] = due
    return found


def first_run_due(run: Run, procedure: Process | None, time: WorkingTime) -> datetime | None:
    """Give when the run was due at first: by its front matter, the procedure's target, else the first date by hand."""
    own = run_due(replace(run, log=()), procedure, time)
    days = [day_in(event.value("on")) for event in run.log if event.verb == "due"]
    by_hand = next((time.end_of(day) for day in days if day is not None), None)
    return own or by_hand


def _asked_fields(holder: Run | Project) -> str:
    """Give, in one text, the fields that due dates count from and the conditions."""
    found: list[str] = []
    for item in walk(holder.items):
        due = item.attributes.due
        found += [due.anchor] if due and due.anchor else []
        found += [item.attributes.condition] if item.attributes.condition else []
    return " ".join(found)


def _sets(event: Event, asked: str) -> bool:
    return event.verb == "set" and any(name in asked for name, _ in event.values)


def _before(holder: Holder, moment: datetime) -> Holder:
    """Give a run or project as its events before a moment say."""
    log = tuple(event for event in holder.log if event.time < moment)
    return replace(holder, log=log, content=tuple(_rewound(holder.content, moment)))


def _rewound(content: tuple[Block, ...], moment: datetime) -> Iterator[Block]:
    """Give the items with what stood under them by then, from the leaves up."""
    stack: list[Item] = []
    for item in reversed(list(walk(tuple(block for block in content if isinstance(block, Item))))):
        cut = len(stack) - len(item.children)
        children = tuple(reversed(stack[cut:]))
        del stack[cut:]
        events = tuple(event for event in item.events if event.time < moment)
        then = replace(item, events=events, children=children)
        if len(events) < len(item.events):
            ticked = replace(then, checked=True)
            then = ticked if not fold(ticked).untimed else replace(then, checked=False)
        stack.append(then)
    return (stack.pop() if isinstance(block, Item) else block for block in content)
