"""How items wait for each other, looked at before anybody starts: rings, and words that lead nowhere.

What waits for what is not worked out here a second time: it is asked of the rules themselves, for a run of the
steps in which nothing has happened yet and every condition holds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from handrail.base.problem import Level, Problem
from handrail.base.value import dataclass
from handrail.base.words import count, did_you_mean
from handrail.model.calendar import Calendar, WorkingTime
from handrail.model.item import Block, Item, walk
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.workspace import Workspace
from handrail.plan.worktime import working_time
from handrail.reports.finding import Holder, at, make_problem
from handrail.reports.rings import find_rings
from handrail.rules.flow import NOBODY, Flow, Node, covers, flow_of

_START = datetime(2026, 1, 5, 9, tzinfo=UTC)
_SHOWN = 4
_MOST_ROOTS = 200
_MOST_GATES = 20


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that an item waits for: the other item, in words why, and the attribute that says so."""

    item: int
    other: int
    words: str
    key: str = ""


Edges = dict[int, list[tuple[int, Wait | None]]]


def references_exist(workspace: Workspace, holder: Holder) -> Iterator[Problem]:
    """`after`, `back` and `not-by` name items of this file."""
    ids = {item.id for item in walk(holder.items)}
    for item in walk(holder.items):
        for key, name in _named(item):
            if name not in ids:
                message = f"`{key}` names `{name}`, which is not in this file"
                yield make_problem("unknown-step", at(item, key), message, did_you_mean(name, ids))


def references_lead_somewhere(workspace: Workspace, holder: Holder) -> Iterator[Problem]:
    """No item names itself, or what it is a part of; `back` leads back, and stands on an approval."""
    order: dict[str, int] = {}
    parts: dict[str, tuple[str, ...]] = {}
    above: dict[str, tuple[str, ...]] = {}
    for number, item in enumerate(walk(holder.items)):
        order.setdefault(item.id, number)
        parts[item.id] = tuple(part.id for part in walk(item.children))
        for child in item.children:
            above[child.id] = (item.id, *above.get(item.id, ()))
    for item in walk(holder.items):
        for key, name in dict.fromkeys(_named(item)):
            found = _within_family(item, key, name, parts[item.id], above.get(item.id, ()))
            if found is None and key == "back" and order.get(name, -1) > order[item.id] and item.attributes.approval:
                message = f"`back` names `{name}`, which comes after this approval"
                hint = "name a step above it, or leave `back` out: the step before is sent back"
                found = make_problem("no-effect", at(item, key), message, hint, "warning")
            if found is not None:
                yield found
        if item.attributes.back and not item.attributes.approval:
            message, hint = "`back` says where a rejection leads, and this is no approval", "write `approval` too"
            yield make_problem("no-effect", at(item, "back"), message, hint, "warning")


def _within_family(item: Item, key: str, name: str, parts: tuple[str, ...], above: tuple[str, ...]) -> Problem | None:
    if name == item.id:
        message, hint = f"`{key}` names the item itself", "name another one, or take it out"
        level: Level = "error" if key in ("after", "not-by") else "warning"
        return make_problem("cycle" if key == "after" else "no-effect", at(item, key), message, hint, level)
    if name in above and key == "after":
        message = f"`after` names `{name}`, of which this is a part: each would wait for the other"
        return make_problem("cycle", at(item, key), message, "name another one, or take it out")
    if name in parts and key == "after":
        message = f"`after` names `{name}`, a part of this item, and it waits for its parts anyway"
        return make_problem("no-effect", at(item, key), message, "take it out", "warning")
    if name in (*above, *parts) and key == "back":
        message, hint = f"`back` names `{name}`, which belongs together with this item", "name a step above it"
        return make_problem("no-effect", at(item, key), message, hint, "warning")
    return None


def _named(item: Item) -> Iterator[tuple[str, str]]:
    attributes = item.attributes
    yield from (("after", link.item) for link in attributes.after)
    yield from (("back", name) for name in attributes.back)
    yield from (("not-by", name) for name in attributes.not_by)


def no_rings(workspace: Workspace, holder: Holder) -> Iterator[Problem]:
    """No items wait for each other in a ring: by `after`, gates, a strict order, approvals and sub-items together.

    Where steps are only expected one after the other (`order: sequence`), a ring keeps them from ever being ready,
    but not from being finished: that is a warning.
    """
    if not any(item.attributes.after or item.attributes.back for item in walk(holder.items)):
        return
    if isinstance(holder, Run) and all(item.checked for item in holder.items):
        return
    flow = fresh_flow(holder)
    waits = list(_waits(flow, "strict" if flow.order == "strict" else "", isinstance(holder, Project)))
    met: set[int] = set()
    for ring in _rings(flow, waits):
        met.update(wait.item for wait in ring)
        told = f"these wait for each other for ever: {_chain(flow, ring)}"
        yield _ring_problem(flow, ring, told)
    if flow.order != "sequence":
        return
    waits = [wait for wait in _waits(flow, "sequence", False) if not (wait.key == "back" and wait.other > wait.item)]
    for ring in _rings(flow, [wait for wait in waits if wait.item not in met and wait.other not in met]):
        yield replace(_ring_problem(flow, ring, f"none of these is ever ready: {_chain(flow, ring)}"), level="warning")


def fresh_flow(holder: Holder) -> Flow:
    """Give the flow of the holder's items as though nothing had happened and every condition held."""
    content = tuple(_fresh(block) for block in holder.content)
    if isinstance(holder, Project):
        fresh: Run | Project = Project(holder.id, holder.path, holder.title, content)
    else:
        fresh = Run("", "", "", "", _START, order=holder.order, content=content)
    return flow_of(fresh, procedure=None, time=_office(), now=_START)


@cache
def _office() -> WorkingTime:
    return working_time(Calendar())


def _fresh(block: Block) -> Block:
    if not isinstance(block, Item):
        return block
    attributes = replace(block.attributes, condition="", wait=None, start=None)
    children = tuple(child for child in map(_fresh, block.children) if isinstance(child, Item))
    return replace(block, attributes=attributes, checked=False, events=(), children=children)


def _waits(flow: Flow, order: str, every_link: bool) -> Iterator[Wait]:
    """Give what each item waits for by itself, not through what it is a part of; `order` as well where it is named.

    Behind several gates an item waits for each: the rules name the nearest, a ring is shortest through another.
    """
    gates = [node for node in flow.nodes if node.item.attributes.gate and not every_link]
    for node in flow.nodes:
        links = {link.item for link in node.item.attributes.after}
        covered = {other.index for other in covers(flow, node)} if node.item.attributes.approval else set()
        inherited = set(flow.nodes[node.parent].holds) if node.parent != NOBODY else set()
        for hold in node.holds:
            if hold.node == NOBODY or hold in inherited or (hold.kind == "order" and not order):
                continue
            other = flow.nodes[hold.node]
            yield _wait(node, other, hold.kind, order, other.item.id in links, hold.node in covered)
        for gate in gates[:_MOST_GATES]:
            if gate.end < node.index and not inherited:
                yield _wait(node, gate, "gate", order, False, False)
        for link in node.item.attributes.after if every_link else ():
            target = flow.node(link.item)
            if target is not None and link.kind in ("ff", "sf"):
                yield _wait(node, target, "after", order, True, False)


def _wait(node: Node, other: Node, kind: str, order: str, linked: bool, covered: bool) -> Wait:
    name, target = node.item.id, other.item.id
    if kind == "gate":
        return Wait(node.index, other.index, f"`{name}` stands below the gate `{target}`")
    if kind == "order":
        words = f"`{name}` comes below `{target}` in {'strict order' if order == 'strict' else 'sequence'}"
        return Wait(node.index, other.index, words)
    if linked:
        return Wait(node.index, other.index, f"`{name}` has `after={target}`", "after")
    key = "back" if covered and node.item.attributes.back else "approval"
    return Wait(node.index, other.index, f"`{name}` approves `{target}`", key)


def _rings(flow: Flow, waits: list[Wait]) -> Iterator[list[Wait]]:
    """Give one ring of each knot, the shortest there is; its waits in the order of the ring."""
    left: Edges = _edges(flow, waits)
    while rings := find_rings({key: [other for other, _ in some] for key, some in left.items()}):
        met: set[int] = set()
        for found in rings:
            ring = _shortest(left, found[:_MOST_ROOTS])
            members = {index for wait in ring for index in (wait.item, wait.other)}
            if not members & met:
                met |= members
                yield ring
        left = {
            key: [] if key // 2 in met else [one for one in some if one[0] // 2 not in met]
            for key, some in left.items()
        }


def _edges(flow: Flow, waits: Iterable[Wait]) -> Edges:
    """Give what must be before what: `2 * n` is that item n can be worked on, `2 * n + 1` that it is closed."""
    edges: Edges = {}
    for node in flow.nodes:
        begin, end = 2 * node.index, 2 * node.index + 1
        edges[begin] = []
        if node.parent != NOBODY:
            words = f"`{node.item.id}` is a part of `{flow.nodes[node.parent].item.id}`"
            edges[begin].append((2 * node.parent, Wait(node.index, node.parent, words)))
        edges[end] = [(begin, None)]
        for child in node.open_children:
            words = f"`{flow.nodes[child].item.id}` is a part of `{node.item.id}`"
            edges[end].append((2 * child + 1, Wait(node.index, child, words)))
    for wait in waits:
        edges[2 * wait.item].append((2 * wait.other + 1, wait))
    return edges


def _shortest(edges: Edges, roots: Sequence[int]) -> list[Wait]:
    """Find the ring with the fewest items, breadth first from each root; the first of them where several are equal."""
    best: list[Wait] = []
    for root in roots:
        came: dict[int, tuple[int, Wait | None]] = {}
        waiting = deque([root])
        while waiting and root not in came:
            here = waiting.popleft()
            for other, wait in edges[here]:
                if other not in came:
                    came[other] = (here, wait)
                    waiting.append(other)
        if root in came:
            ring = _walked_back(root, came)
            if not best or len(ring) < len(best):
                best = ring
    return best


def _walked_back(root: int, came: Mapping[int, tuple[int, Wait | None]]) -> list[Wait]:
    ring: list[Wait] = []
    here = root
    while True:
        here, wait = came[here]
        if wait is not None:
            ring.append(wait)
        if here == root:
            return ring[::-1]


def _chain(flow: Flow, ring: list[Wait]) -> str:
    first = min(range(len(ring)), key=lambda number: ring[number].item)
    turned = [*ring[first:], *ring[:first]]
    return " → ".join(f"`{flow.nodes[wait.item].item.id}`" for wait in (*turned, turned[0]))


def _ring_problem(flow: Flow, ring: list[Wait], message: str) -> Problem:
    """Put the problem where an attribute can be taken out, and say what makes the ring."""
    first = min(ring, key=lambda wait: (not wait.key, wait.item))
    if all(wait.key == "after" for wait in ring):
        hint = "take one `after=` out"
    else:
        told = "; ".join(dict.fromkeys(wait.words for wait in ring[:_SHOWN]))
        more = f"; and {count(len(ring) - _SHOWN, 'more', 'more')}" if len(ring) > _SHOWN else ""
        hint = f"{told}{more}: change one of these"
    return make_problem("cycle", at(flow.nodes[first.item].item, first.key), message, hint)


Rule = Callable[[Workspace, Holder], Iterator[Problem]]
FLOW_RULES: tuple[Rule, ...] = (references_exist, references_lead_somewhere, no_rings)
