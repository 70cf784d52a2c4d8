"""What figures are made of: for each run and step, what took how long. Working time is in seconds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from handrail.base.pack import packer, unpacker
from handrail.base.value import dataclass
from handrail.model.calendar import WorkingTime
from handrail.model.item import Event, walk
from handrail.model.state import RunState, StepState, walk_states
from handrail.reports.moment import Moment
from handrail.reports.results import Overview
from handrail.rules.state import OUT_OF_ORDER

WORK = frozenset({"started", "done", "skipped", "approved", "rejected"})
"""The verbs that are work on a step; assigning, noting and moving dates are not."""

Span = tuple[datetime, datetime]
Titles = Mapping[tuple[str, str], str]
"""The title of a step, by process and id."""


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of one run. Spans are None where their ends are not known; nothing is invented.

    `sojourn` is from ready to done, `wait` from ready to begun, `touch` from begun to done without what was blocked;
    all of the last attempt. `first_done` is the first completion, which is what is told against the first due time.
    """

    id: str
    title: str
    stage: str
    state: str
    role: str = ""
    ready: datetime | None = None
    done: datetime | None = None
    first_done: datetime | None = None
    first_due: datetime | None = None
    sojourn: float | None = None
    wait: float | None = None
    touch: float | None = None
    reopened: int = 0
    rejected: int = 0
    out_of_order: bool = False
    assignees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. `lead` is from its start to its end, `cycle` from the first work to the end, `age` to now.

    `efficiency` is the share of the cycle time in which somebody was at work on a step; None where any finished step
    was not begun before it was done.
    """

    id: str
    process: str
    state: str
    started: datetime
    finished: datetime | None
    first_due: datetime | None
    age: float
    lead: float | None = None
    cycle: float | None = None
    lead_wall: float | None = None
    efficiency: float | None = None
    hand_overs: int = 0
    steps: tuple[StepRecord, ...] = ()
    calendar: str = ""

    @property
    def right_first_time(self) -> bool:
        """Whether nothing in it was opened again, sent back or done out of order."""
        return not any(step.reopened or step.rejected or step.out_of_order for step in self.steps)


def records(overview: Overview, process: str = "") -> tuple[RunRecord, ...]:
    """Give the runs of one process or of all, in the order of their starts. Trial runs do not count."""
    found: Iterable[RunRecord] = (
        overview.kept.records(process)
        if overview.kept
        else [
            record(state, overview.moment)
            for state in overview.runs.values()
            if not state.run.trial and process in ("", state.run.process)
        ]
    )
    return tuple(sorted(found, key=lambda one: (one.started, one.id)))


def records_of(overview: Overview, states: Iterable[RunState]) -> tuple[RunRecord, ...]:
    """Give the records of some runs, in the order of their starts, also of those that are only known by their heads."""
    found: list[RunRecord] = []
    heads: set[str] = set()
    for state in states:
        if overview.kept and not state.run.content:
            heads.add(state.run.id)
        else:
            found.append(record(state, overview.moment))
    if overview.kept and heads:
        found += overview.kept.records_for(heads)
    return tuple(sorted(found, key=lambda one: (one.started, one.id)))


def step_titles(overview: Overview) -> Titles:
    """Give the titles of steps as their procedures have them, without the fields of any one run."""
    if overview.kept:
        return overview.kept.titles()
    return {
        (process.id, item.id): item.title
        for process in overview.workspace.processes.values()
        for item in walk(process.items)
    }


def record_text(found: RunRecord | None) -> str:
    """Give the record of a run that is over as JSON, to be kept; None for one that does not count."""
    return json.dumps(packer(RunRecord)(found) if found else None, ensure_ascii=False, separators=(",", ":"))


def read_record(text: str, moment: Moment) -> RunRecord | None:
    """Give a kept record again, as old as it is now. Raises ValueError and its like."""
    row = json.loads(text)
    if row is None:
        return None
    found = _UNPACK(row)
    age = moment.time_for(found.calendar).between(found.started, moment.now).total_seconds()
    return replace(found, age=age)


def record(state: RunState, moment: Moment) -> RunRecord:
    """Give what one run came to. What lies after the present moment has not happened."""
    time, run = moment.time_for(state.run.calendar), state.run
    every = walk_states(state.steps)
    steps = tuple(_step(step, time) for step in every)
    done = state.state == "done" and state.finished is not None and state.finished <= moment.now
    finished = state.finished if done else None
    first = min((event.time for step in every for event in step.item.events if event.verb in WORK), default=None)
    cycle = _between(time, first, finished)
    return RunRecord(
        id=run.id,
        process=run.process,
        state=state.state if done or state.state != "done" else "active",
        started=run.started,
        finished=finished,
        first_due=state.first_due,
        age=time.between(run.started, moment.now).total_seconds(),
        lead=_between(time, run.started, finished),
        cycle=cycle,
        lead_wall=(finished - run.started).total_seconds() if finished else None,
        efficiency=_efficiency(every, time, cycle),
        hand_overs=_hand_overs(every),
        steps=steps,
        calendar=run.calendar,
    )


def _step(step: StepState, time: WorkingTime) -> StepRecord:
    facts, events = step.facts, step.item.events
    begun = facts.started
    touch = _between(time, begun, facts.done)
    if touch is not None:
        touch -= sum(time.between(*span).total_seconds() for span in _blocked(events, begun, facts.done))
    verbs = [event.verb for event in events]
    return StepRecord(
        id=step.id,
        title=step.item.title,
        stage=step.item.stage,
        state=step.state,
        role=step.item.attributes.role[0] if step.item.attributes.role else "",
        ready=step.ready,
        done=facts.done,
        first_done=facts.first_done,
        first_due=step.first_due,
        sojourn=_between(time, step.ready, facts.done),
        wait=_between(time, step.ready, begun),
        touch=touch,
        reopened=verbs.count("reopened"),
        rejected=verbs.count("rejected"),
        out_of_order=OUT_OF_ORDER in step.marks,
        assignees=step.assignees,
    )


def _between(time: WorkingTime, start: datetime | None, end: datetime | None) -> float | None:
    if start is None or end is None or end < start:
        return None
    return time.between(start, end).total_seconds()


def _blocked(events: tuple[Event, ...], begun: datetime | None, done: datetime | None) -> list[Span]:
    """Give when a step was blocked between its beginning and its end."""
    spans: list[Span] = []
    since: datetime | None = None
    if begun is None or done is None:
        return spans
    for event in events:
        if event.verb == "blocked" and since is None:
            since = event.time
        elif since is not None and event.verb in ("unblocked", "done", "skipped", "approved", "rejected", "reopened"):
            low, high = max(since, begun), min(event.time, done)
            since = None
            if low < high:
                spans.append((low, high))
    return spans


def _efficiency(steps: tuple[StepState, ...], time: WorkingTime, cycle: float | None) -> float | None:
    closed = [step for step in steps if step.state == "done" and not step.substeps]
    if not cycle or any(step.facts.started is None or step.facts.done is None for step in closed):
        return None
    active: list[Span] = []
    for step in closed:
        edge, end = step.facts.started, step.facts.done
        if edge is None or end is None:
            continue
        for low, high in _blocked(step.item.events, edge, end):
            active.append((edge, low))
            edge = high
        active.append((edge, end))
    return sum(time.between(*span).total_seconds() for span in _union(active)) / cycle


def _union(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def _hand_overs(steps: tuple[StepState, ...]) -> int:
    closed = [(step.facts.done, step.facts.by) for step in steps if step.facts.done and step.facts.by]
    people = [by for _, by in sorted(closed, key=lambda one: one[0])]
    return sum(first != second for first, second in pairwise(people))


_UNPACK = unpacker(RunRecord)
