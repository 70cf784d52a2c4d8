"""What a run or project comes to at one moment: the state of every item, and of the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from handrail.base.words import say
from handrail.model.calendar import WorkingTime
from handrail.model.item import Event
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.state import Progress, ProjectState, RunState, State, StepState
from handrail.rules.dues import due_at, first_dues, first_run_due, moves, run_due
from handrail.rules.flow import NOBODY, Flow, Node, flow_of

OUT_OF_ORDER = "out of order"
CHECK_AGAIN = "check again"
KEPT = "kept: has work"
BY_HAND = "ticked by hand"
SUBSTEPS_OPEN = "ticked, but sub-steps are open"


def run_state(run: Run, *, procedure: Process | None, time: WorkingTime, now: datetime) -> RunState:
    """Give the state of a run and its steps at `now`, counted in `time`.

    A step with sub-steps waits until they are closed and is then finished by its own check; its span-like due
    date counts from when its sub-steps could be begun. A step after one that was ticked by hand is ready since
    an unknown time (`ready` is None) until the tick has an event.
    """
    flow = flow_of(run, procedure=procedure, time=time, now=now)
    state = _whole(flow)
    moved = moves(run)
    steps = _steps(flow, first_dues(run, moved, procedure=procedure, time=time))
    due = run_due(run, procedure, time)
    return RunState(
        run=run,
        state=state,
        steps=steps,
        progress=_progress(flow),
        fields=tuple(flow.fields.items()),
        due=due,
        overdue=state == "active" and due is not None and now > due,
        finished=_finished(flow, state),
        last=_last(flow, run.log),
        time=time,
        first_due=first_run_due(run, procedure, time) if moved else due,
        same_from=max((turn for turn in flow.turns if turn <= now), default=None),
        same_until=min((turn for turn in flow.turns if turn > now), default=None),
        names_people=any(node.item.attributes.who for node in flow.nodes),
    )


def finished_state(
    run: Run,
    progress: Progress,
    finished: datetime | None,
    last: datetime | None,
    *,
    procedure: Process | None,
    time: WorkingTime,
    names_people: bool,
) -> RunState:
    """Give what `run_state` gives, without the steps, for a run of which only the counts of its closed steps are known.

    Nothing in it may have moved a date or set a field, and no step may wait for a time.
    """
    due = run_due(run, procedure, time)
    return RunState(
        run,
        "done",
        (),
        progress,
        tuple(run.fields.items()),
        due,
        finished=finished,
        last=last,
        time=time,
        first_due=due,
        names_people=names_people,
    )


def project_state(project: Project, *, time: WorkingTime, now: datetime) -> ProjectState:
    """Give the state of a project and its tasks at `now`. Tasks wait only for what their `after=` names."""
    flow = flow_of(project, procedure=None, time=time, now=now)
    state = _whole(flow)
    return ProjectState(
        project=project,
        state=state,
        steps=_steps(flow, first_dues(project, moves(project), procedure=None, time=time)),
        progress=_progress(flow),
        finished=_finished(flow, state),
        last=_last(flow, project.log),
        time=time,
    )


def node_state(flow: Flow, node: Node) -> State:
    """Give the state of one item."""
    if node.closed:
        return node.closed
    if flow.cancelled is not None:
        return "cancelled"
    if node.facts.blocked and (node.facts.doing or not (node.holds or node.open_children)):
        return "blocked"
    if node.facts.doing:
        return "doing"
    return "waiting" if node.holds or node.open_children else "ready"


def _whole(flow: Flow) -> Literal["active", "done", "cancelled"]:
    if flow.cancelled is not None:
        return "cancelled"
    return "done" if flow.nodes and flow.finished() else "active"


def _finished(flow: Flow, state: str) -> datetime | None:
    if state == "cancelled" and flow.cancelled is not None:
        return flow.cancelled.time
    if state != "done":
        return None
    times = [node.closed_at for node in flow.nodes if node.closed_at is not None and node.required]
    return max(times, default=None)


def _last(flow: Flow, log: tuple[Event, ...]) -> datetime | None:
    times = [event.time for event in log]
    times.extend(node.facts.last for node in flow.nodes if node.facts.last is not None)
    return max(times, default=None)


def _progress(flow: Flow) -> Progress:
    done = skipped = na = cancelled = 0
    for node in flow.nodes:
        if node.closed == "done":
            done += 1
        elif node.closed == "skipped":
            skipped += 1
        elif node.closed == "na":
            na += 1
        elif flow.cancelled is not None:
            cancelled += 1
    return Progress(done, skipped, na, len(flow.nodes) - na - cancelled)


def _steps(flow: Flow, first: Mapping[int, datetime]) -> tuple[StepState, ...]:
    """Build the tree from the leaves up: the nodes in reverse, each after its sub-items.

    `first` are the first due times of those nodes whose due time may have moved.
    """
    again = _to_check_again(flow)
    built: dict[int, StepState] = {}
    for node in reversed(flow.nodes):
        substeps = tuple([built.pop(child) for child in node.children]) if node.children else ()
        built[node.index] = _step(flow, node, again, substeps, first)
    return tuple(built[node.index] for node in flow.nodes if node.parent == NOBODY)


def _step(
    flow: Flow, node: Node, again: frozenset[int], substeps: tuple[StepState, ...], first: Mapping[int, datetime]
) -> StepState:
    state = node_state(flow, node)
    open_now = not node.closed and flow.cancelled is None
    due = due_at(flow, node)
    return StepState(
        node.item,
        state,
        node.facts,
        node.assignees,
        ready_at(flow, node),
        due,
        open_now and due is not None and flow.now > due,
        _waits_for(flow, node) if state == "waiting" else (),
        node.wait_until if state == "waiting" else None,
        _marks(flow, node, again),
        substeps,
        first.get(node.index, due) if node.closed != "na" else None,
    )


def ready_at(flow: Flow, node: Node) -> datetime | None:
    """Give when somebody could first act; None while nobody can, or where a tick by hand hides it."""
    if node.holds or node.open_children or node.closed == "na":
        return None
    ready = node.entry
    for child in node.children:
        other = flow.nodes[child]
        if other.closed in ("done", "skipped"):
            if ready is None or other.closed_at is None:
                return None
            ready = max(ready, other.closed_at)
    if ready is not None and node.closed_at is not None and ready > node.closed_at:
        return None  # closed before its turn
    return ready


def _waits_for(flow: Flow, node: Node) -> tuple[str, ...]:
    held = [hold.node for hold in node.holds if hold.node != NOBODY]
    if not node.holds:
        held.extend(node.open_children)
    return tuple(dict.fromkeys([flow.nodes[index].item.id for index in held]))


def _marks(flow: Flow, node: Node, again: frozenset[int]) -> tuple[str, ...]:
    marks: list[str] = []
    if node.kept:
        marks.append(KEPT)
    if node.facts.closed == "done" and not node.closed:
        marks.append(SUBSTEPS_OPEN)
    if node.facts.proposed and not node.closed:
        marks.append(say("proposed by {who}, waits for a person", who=f"@{node.facts.proposed.who}"))
    if node.index in again:
        marks.append(CHECK_AGAIN)
    elif node.closed == "done" and any(_was_open(flow.nodes[before], node) for before in node.before):
        marks.append(OUT_OF_ORDER)
    by_hand = _by_hand(node) if node.closed == "done" else ""
    return (*marks, by_hand) if by_hand else tuple(marks)


def _by_hand(node: Node) -> str:
    """Say that a box was ticked by hand; where nobody knows by whom, why."""
    unknown = {
        "uncommitted": "ticked by hand, not committed yet",
        "cut-off": "ticked by hand, before the history of this clone",
    }
    if node.facts.untimed or node.item.by_hand:
        return unknown.get(node.item.by_hand, BY_HAND)
    return BY_HAND if any(event.commit for event in node.item.events) else ""


def marked(flow: Flow, mark: str) -> frozenset[int]:
    """Give the nodes that carry a mark."""
    again = _to_check_again(flow)
    return frozenset(node.index for node in flow.nodes if mark in _marks(flow, node, again))


def _was_open(before: Node, node: Node) -> bool:
    """Tell whether `before` was still open when `node` was done, as far as times say."""
    if before.closed in ("na", "skipped"):
        return False
    first = before.facts.first_done
    if first is None:
        return not before.closed
    return node.closed_at is not None and first > node.closed_at


def _to_check_again(flow: Flow) -> frozenset[int]:
    """Give what was closed on the strength of an item that has been reopened since."""
    sources = [node for node in flow.nodes if node.facts.attempt > 1 and not node.item.attributes.approval]
    if not sources:
        return frozenset()
    followers: dict[int, list[int]] = {}
    for node in flow.nodes:
        for before in node.before:
            followers.setdefault(before, []).append(node.index)
    found: set[int] = set()
    for source in sources:
        found |= _followers_of(source, flow, lambda index: followers.get(index, ()))
    return frozenset(found)


def _followers_of(source: Node, flow: Flow, followers: Callable[[int], list[int] | tuple[int, ...]]) -> set[int]:
    seen: set[int] = {source.index}
    stack, found = [source.index], set()
    while stack:
        index = stack.pop()
        fresh = [next_one for next_one in followers(index) if next_one not in seen]
        seen.update(fresh)
        stack.extend(fresh)
        for next_one in fresh:
            node, reopened = flow.nodes[next_one], source.facts.reopened
            if node.closed == "done" and (node.closed_at is None or reopened is None or node.closed_at <= reopened):
                found.add(next_one)
    return found
