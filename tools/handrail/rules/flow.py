"""How the items of a run or project wait for each other at one moment.

Every item becomes a node in the order of the file, each before its sub-items. What holds an item back is worked out
from what is closed, never from what is ready, so one pass suffices, a cycle in `after=` holds its members without
looping, and depth costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Literal

from handrail.base.value import dataclass
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.item import Event, Item
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.state import Facts
from handrail.rules.condition import ConditionError, parse
from handrail.rules.fold import fold

HoldKind = Literal["after", "order", "gate", "wait", "start"]
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason why an item is not ready: another node, or a time that has not come (`node` is -1).

    `after`, `gate` and `wait` forbid finishing; `order` does so only in a strict order; `start` never does.
    """

    kind: HoldKind
    node: int = NOBODY


class Node:
    """One item among the others. Filled in by `flow_of` and read-only afterwards."""

    __slots__ = (
        "applies", "assignees", "before", "children", "closed", "closed_at", "end", "entry", "facts", "holds", "index",
        "item", "kept", "open_children", "parent", "previous", "wait_until", "worked",
    )  # fmt: skip

    def __init__(self, item: Item, index: int, parent: int) -> None:
        self.item = item
        self.facts: Facts = fold(item)
        self.index = index
        self.parent = parent
        self.end = index  # the last node of its sub-tree
        self.children: list[int] = []
        self.previous = NOBODY  # the sibling above it that it is expected after
        self.before: list[int] = []  # the nodes that it comes after, open or closed
        self.applies = True
        self.kept = False  # its condition does not hold, but it has work
        self.worked = False
        self.closed: Literal["", "done", "skipped", "na"] = ""
        self.closed_at: datetime | None = None
        self.holds: tuple[Hold, ...] = ()
        self.open_children: tuple[int, ...] = ()  # those that must be closed before it
        self.entry: datetime | None = None  # when it, or its sub-items, could first be worked on
        self.wait_until: datetime | None = None
        self.assignees: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether others and the end wait for it."""
        return self.applies and not self.item.attributes.optional


@dataclass(frozen=True, slots=True)
class Flow:
    """All nodes of a run or project, in the order of the file; `ids` finds them (the first of a double id).

    `turns` are the instants that `now` was compared with: between two of them all stays as it is but for what is
    overdue.
    """

    nodes: tuple[Node, ...]
    ids: Mapping[str, int]
    fields: Mapping[str, str]
    order: str
    start: datetime | None
    time: WorkingTime
    now: datetime
    cancelled: Event | None = None
    turns: list[datetime] = field(default_factory=list)

    def node(self, item: str) -> Node | None:
        """Give the node of an id, None where there is no such item."""
        index = self.ids.get(item, NOBODY)
        return None if index == NOBODY else self.nodes[index]

    def finished(self) -> bool:
        """Tell whether every top-level item that applies and is not optional is closed."""
        return all(node.closed or not node.required for node in self.nodes if node.parent == NOBODY)


def flow_of(holder: Run | Project, *, procedure: Process | None, time: WorkingTime, now: datetime) -> Flow:
    """Give how the items of `holder` wait for each other at `now`."""
    nodes = _nodes(holder.items)
    fields = _fields(holder, nodes)
    order, start = _order_and_start(holder, time)
    ids: dict[str, int] = {}
    for node in nodes:
        ids.setdefault(node.item.id, node.index)
    _decide_what_applies(nodes, fields, procedure)
    _decide_what_is_closed(nodes)
    cancelled = next((event for event in holder.log if event.verb == "cancelled"), None)
    flow = Flow(tuple(nodes), ids, fields, order, start, time, now, cancelled)
    _Waiting(flow, gates=isinstance(holder, Run)).fill_in()
    return flow


def applies_any(conditions: Iterable[str], fields: Mapping[str, str]) -> bool:
    """Tell whether steps with one of these conditions apply, or may: where more than the `fields` has a say in that."""
    for text in conditions:
        try:
            condition = parse(text)
        except ConditionError:
            return True
        if any(name not in fields for name in condition.names) or condition.evaluate(fields):
            return True
    return False


def day_in(text: str) -> date | None:
    """Read a date in the one form that files hold (`2026-12-01`), None where it is none."""
    day = text.strip()
    try:
        return date.fromisoformat(day) if len(day) == 10 and day[4] == "-" else None
    except ValueError:
        return None


def later_by(time: WorkingTime, start: datetime, span: Duration) -> datetime | None:
    """Give the instant `span` after `start`, None where it lies beyond the end of the calendar."""
    try:
        return time.add(start, span)
    except (OverflowError, ValueError):
        return None


def _nodes(items: tuple[Item, ...]) -> list[Node]:
    nodes: list[Node] = []
    stack = [(item, NOBODY) for item in reversed(items)]
    while stack:
        item, parent = stack.pop()
        node = Node(item, len(nodes), parent)
        own = node.facts.assignees
        who = own if own is not None else item.attributes.who
        if parent != NOBODY:
            nodes[parent].children.append(node.index)
            who = who or (nodes[parent].assignees if own is None else ())
        node.assignees = who
        nodes.append(node)
        if item.children:
            stack.extend([(child, node.index) for child in reversed(item.children)])
    for node in reversed(nodes):
        if node.parent != NOBODY and node.end > nodes[node.parent].end:
            nodes[node.parent].end = node.end
    return nodes


def _order_and_start(holder: Run | Project, time: WorkingTime) -> tuple[str, datetime | None]:
    if isinstance(holder, Run):
        return (holder.order if holder.order in ("strict", "any") else "sequence"), holder.started
    return "any", time.start_of(holder.start) if holder.start else None


def _fields(holder: Run | Project, nodes: list[Node]) -> dict[str, str]:
    """Give the current values: the front matter's, then what `set` events say, oldest first."""
    fields = dict(holder.fields) if isinstance(holder, Run) else {}
    events = [event for event in holder.log if event.verb == "set"]
    for node in nodes:
        if node.facts.fields:
            events.extend(event for event in node.item.events if event.verb == "set")
    for event in sorted(events, key=lambda event: event.time):
        fields.update(event.values)
    return fields


def _decide_what_applies(nodes: list[Node], fields: Mapping[str, str], procedure: Process | None) -> None:
    """A step whose condition is false does not apply, nor do its sub-steps, unless somebody has worked on them."""
    for node in reversed(nodes):
        facts = node.facts
        if facts.closed or facts.started or facts.attempt > 1 or _has_work(facts):
            node.worked = True
        if node.worked and node.parent != NOBODY:
            nodes[node.parent].worked = True
    for node in nodes:
        attributes = node.item.attributes
        above = nodes[node.parent] if node.parent != NOBODY else None
        holds = not (above and (above.kept or not above.applies))
        if holds and attributes.condition:
            holds = _holds(attributes.condition, fields, procedure, nodes)
        node.applies = holds or node.worked
        node.kept = not holds and node.worked


def _has_work(facts: Facts) -> bool:
    return bool(facts.doing or facts.blocked or facts.fields or facts.approvals or facts.proposed)


def _holds(text: str, fields: Mapping[str, str], procedure: Process | None, nodes: list[Node]) -> bool:
    """Evaluate a condition; one that cannot be read or names an unknown field keeps the step in sight."""
    try:
        condition = parse(text)
    except ConditionError:
        return True
    if procedure is not None and any(name not in fields for name in condition.names):
        known = {field.name for field in procedure.fields}
        known.update(name for node in nodes for name in node.item.attributes.ask)
        if any(name not in fields and name not in known for name in condition.names):
            return True
    return condition.evaluate(fields)


def _decide_what_is_closed(nodes: list[Node]) -> None:
    """An item is closed by its own events, unless it is ticked while sub-items of it are open."""
    for node in reversed(nodes):
        open_children = [child for child in node.children if nodes[child].required and not nodes[child].closed]
        node.open_children = tuple(open_children)
        if not node.applies:
            node.closed = "na"
        elif node.facts.closed == "skipped" or (node.facts.closed and not open_children):
            node.closed, node.closed_at = node.facts.closed, node.facts.done
    for node in nodes:  # what is left open below a skipped item is skipped with it
        if node.parent != NOBODY and not node.closed and nodes[node.parent].closed == "skipped":
            node.closed, node.closed_at = "skipped", nodes[node.parent].closed_at


class _Waiting:
    """Works out, in one pass, what holds each node back and when it could first be worked on.

    `holds` and `times` are what was gathered for the present node: what it waits for, and when that was closed.
    """

    def __init__(self, flow: Flow, *, gates: bool) -> None:
        self.flow = flow
        self.nodes = flow.nodes
        self.with_gates = gates
        self.gates: list[int] = []
        self.open_gates: list[int] = []
        self.holds: list[Hold] = []
        self.times: list[datetime | None] = []

    def fill_in(self) -> None:
        last: dict[int, int] = {}
        for node in self.nodes:
            above = last.get(node.parent, NOBODY)
            if above != NOBODY:
                node.previous = above if self.nodes[above].required else self.nodes[above].previous
            last[node.parent] = node.index
            self.fill_in_one(node, self.nodes[node.parent] if node.parent != NOBODY else None)
            if self.with_gates and node.item.attributes.gate and node.applies:
                self.gates.append(node.index)
                if not node.closed:
                    self.open_gates.append(node.index)

    def fill_in_one(self, node: Node, above: Node | None) -> None:
        self.holds = list(above.holds) if above else []
        self.times = []
        self.look_at_links(node)
        if node.item.attributes.approval:
            self.look_at_covered(node)
        if self.gates:
            self.look_at_gates(node)
        if above and above.wait_until:
            node.wait_until = above.wait_until
        if None not in self.times:
            base = above.entry if above else self.flow.start
            known = [time for time in (*self.times, base) if time is not None]
            node.entry = max(known) if known else None
        self.look_at_clock(node)
        node.holds = tuple(self.holds)

    def look_at_links(self, node: Node) -> None:
        links = node.item.attributes.after
        if not links and self.flow.order != "any" and node.previous != NOBODY:
            self.expect(node, node.previous, "order")
        for link in links:
            target = self.flow.ids.get(link.item, NOBODY)
            if target == NOBODY or self.related(node.index, target) or link.kind in ("ff", "sf"):
                continue
            if link.kind == "ss":
                self.expect_started(target, link.lag)
            else:
                self.expect(node, target, "after", link.lag)

    def look_at_covered(self, node: Node) -> None:
        """There is nothing to decide before what the approval covers is finished, whatever the order."""
        for other in covers(self.flow, node):
            if other.required and not self.related(node.index, other.index):
                self.holds = [hold for hold in self.holds if hold != Hold("order", other.index)]
                self.expect(node, other.index, "after")

    def related(self, one: int, other: int) -> bool:
        """Tell whether one holds the other as a sub-item, at any depth: such a link can mean nothing."""
        upper, lower = min(one, other), max(one, other)
        return self.nodes[upper].end >= lower

    def expect(self, node: Node, target: int, kind: HoldKind, lag: Duration | None = None) -> None:
        other = self.nodes[target]
        node.before.append(target)
        if not other.closed:
            self.holds.append(Hold(kind, target))
        elif other.closed != "na":
            self.after_moment(other.closed_at, lag)

    def expect_started(self, target: int, lag: Duration | None) -> None:
        other = self.nodes[target]
        if not other.closed and not other.facts.doing:
            self.holds.append(Hold("after", target))
        elif other.closed != "na":
            self.after_moment(other.facts.started or other.closed_at, lag)

    def after_moment(self, moment: datetime | None, lag: Duration | None) -> None:
        if moment is not None and lag is not None:
            moment = later_by(self.flow.time, moment, lag)
            if moment is not None:
                self.flow.turns.append(moment)
                if moment > self.flow.now:
                    self.holds.append(Hold("wait"))
        self.times.append(moment)

    def look_at_gates(self, node: Node) -> None:
        """A gate holds all that stands below it in the file, but for its own sub-items."""
        for gate in reversed(self.open_gates):
            if self.nodes[gate].end < node.index:
                node.before.append(gate)
                self.holds.append(Hold("gate", gate))
                return
        for gate in reversed(self.gates):
            if self.nodes[gate].end < node.index:
                if self.nodes[gate].closed:
                    node.before.append(gate)
                    self.times.append(self.nodes[gate].closed_at)
                return

    def look_at_clock(self, node: Node) -> None:
        attributes, facts = node.item.attributes, node.facts
        if not self.with_gates:  # a project and its tasks begin on their dates
            if node.parent == NOBODY and self.flow.start:
                self.wait(node, self.flow.start, "start")
            if attributes.start:
                self.wait(node, self.flow.time.start_of(attributes.start), "start")
        if facts.attempt > 1:
            known = [time for time in (node.entry, facts.reopened) if time is not None]
            node.entry = max(known) if facts.reopened else None
        elif attributes.wait and node.entry and not self.holds:
            ends = later_by(self.flow.time, node.entry, attributes.wait)
            if ends is not None:
                self.wait(node, ends, "wait")

    def wait(self, node: Node, until: datetime, kind: HoldKind) -> None:
        """Let the node be ready no earlier than `until`."""
        if None not in self.times:
            node.entry = until if node.entry is None else max(node.entry, until)
        self.flow.turns.append(until)
        if until > self.flow.now:
            self.holds.append(Hold(kind))
            node.wait_until = until if node.wait_until is None else max(until, node.wait_until)


def covers(flow: Flow, node: Node) -> tuple[Node, ...]:
    """Give what an approval decides on: its `back=` items, else those it comes `after=`, else the step before it.

    The step before is the nearest one above that applies and is no approval; for the first of some sub-steps, the
    one before the step that they belong to.
    """
    attributes = node.item.attributes
    names = attributes.back or tuple(link.item for link in attributes.after)
    if names:
        found = [flow.node(name) for name in names]
        return tuple(other for other in found if other is not None and other is not node)
    index = node.index
    while index != NOBODY:
        before = flow.nodes[index].previous
        while before != NOBODY and flow.nodes[before].item.attributes.approval:
            before = flow.nodes[before].previous
        if before != NOBODY:
            return (flow.nodes[before],)
        index = flow.nodes[index].parent
    return ()
