"""How the steps of a procedure follow from each other, reduced to what a picture needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from statistics import median
from typing import Literal

from handrail.base.value import dataclass
from handrail.model.item import Item, walk
from handrail.model.process import Process
from handrail.model.state import OPEN_NOW, RunState, StepState, walk_states
from handrail.reports.check_flow import fresh_flow
from handrail.reports.moment import Moment
from handrail.rules.flow import NOBODY, Flow, Node

Kind = Literal["after", "gate", "order"]
MOST_STOPS = 60
"""So many steps are drawn one by one; of a longer procedure with several stages, each stage is."""
_STRONGEST: tuple[Kind, ...] = ("gate", "after", "order")


@dataclass(frozen=True, slots=True)
class Stop:
    """One place on the way: a step with its sub-steps, or a whole stage of a long procedure.

    `items` are its top-level steps, `number` is that of the first of them.
    """

    number: int
    items: tuple[Item, ...]

    @property
    def item(self) -> Item:
        """The step, or the first of the stage."""
        return self.items[0]


@dataclass(frozen=True, slots=True)
class Way:
    """That one stop waits for another: by `after=` or an approval, behind a gate, or only as the order of the file."""

    source: int
    target: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class ProcessFlow:
    """The stops in the order of the file, as (stage, places of its stops) pairs, and the ways between them."""

    stops: tuple[Stop, ...]
    lanes: tuple[tuple[str, tuple[int, ...]], ...]
    ways: tuple[Way, ...]
    by_stage: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """How many active runs are at a stop, and the median of how long they have been, in seconds of working time."""

    runs: int
    waited: float


def process_flow(process: Process) -> ProcessFlow:
    """Give how the steps of a procedure follow from each other, as the rules have it for a run that begins.

    A way that two others say already is left out. Sub-steps belong to their step.
    """
    items = process.items
    stages = [(name, list(group)) for name, group in groupby(range(len(items)), key=lambda at: items[at].stage)]
    whole = len(items) > MOST_STOPS and len(stages) > 2
    groups = [places for _, places in stages] if whole else [[place] for place in range(len(items))]
    stops = tuple(Stop(places[0] + 1, tuple(items[place] for place in places)) for places in groups)
    lanes = tuple((name, (number,) if whole else tuple(places)) for number, (name, places) in enumerate(stages))
    return ProcessFlow(stops, lanes, tuple(_reduced(_ways(process, groups), len(stops))), whole)


def here_now(flow: ProcessFlow, runs: Iterable[RunState], moment: Moment) -> Mapping[int, Here]:
    """Give how many of the runs are at each stop, and how long: since when a step of it could be worked on."""
    at = {item.id: number for number, stop in enumerate(flow.stops) for item in walk(stop.items)}
    waited: dict[int, list[float]] = {}
    for state in runs:
        if state.state != "active":
            continue
        time = moment.time_for(state.run.calendar)
        for stop, since in _since(at, state.steps).items():
            waited.setdefault(stop, []).append(time.between(min(since, moment.now), moment.now).total_seconds())
    return {stop: Here(len(spans), median(spans)) for stop, spans in sorted(waited.items())}


def _since(at: Mapping[str, int], steps: tuple[StepState, ...]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for step in walk_states(steps):
        stop = at.get(step.id)
        if stop is not None and step.state in OPEN_NOW and step.ready is not None:
            found[stop] = min(found.get(stop, step.ready), step.ready)
    return found


def _ways(process: Process, groups: Sequence[Sequence[int]]) -> Mapping[tuple[int, int], Kind]:
    """Give what waits for what among the stops, for the strongest reason that there is."""
    flow = fresh_flow(process)
    tops = [node for node in flow.nodes if node.parent == NOBODY]
    stop_of = {tops[place].index: number for number, places in enumerate(groups) for place in places}
    found: dict[tuple[int, int], Kind] = {}
    for node in flow.nodes:
        target = stop_of[_top(flow, node).index]
        for hold in node.holds:
            if hold.node == NOBODY or hold.kind not in _STRONGEST:
                continue
            source = stop_of[_top(flow, flow.nodes[hold.node]).index]
            before = found.get((source, target), "order")
            if source != target:
                found[source, target] = min(before, hold.kind, key=_STRONGEST.index)
    return found


def _top(flow: Flow, node: Node) -> Node:
    while node.parent != NOBODY:
        node = flow.nodes[node.parent]
    return node


def _reduced(ways: Mapping[tuple[int, int], Kind], size: int) -> Iterable[Way]:
    """Leave out what other ways say already. Steps that wait for each other in a ring keep all of theirs."""
    after: list[list[int]] = [[] for _ in range(size)]
    for source, target in sorted(ways):
        after[source].append(target)
    reach = [_reached(after, start) for start in range(size)]
    for (source, target), kind in sorted(ways.items()):
        between = (other for other in after[source] if other != target and source not in reach[other])
        if not any(target in reach[other] for other in between):
            yield Way(source, target, kind)


def _reached(after: Sequence[Sequence[int]], start: int) -> set[int]:
    found: set[int] = set()
    waiting = list(after[start])
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting.extend(after[place])
    return found
