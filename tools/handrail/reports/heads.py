"""The part of a run's state that reports of many runs look at, and its form as JSON.

A run with hundreds of finished steps is told in full by its file; what stands there about the work that is left
takes a few hundred bytes, and is what `status`, `stalled`, `mine`, `next` and `list` are made of.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from handrail.base.pack import packer, unpacker
from handrail.model.run import Run
from handrail.model.state import CLOSED, OPEN_NOW, Progress, RunState, StepState, walk_states
from handrail.reports.activity import entries_of
from handrail.reports.moment import Moment
from handrail.reports.results import Activity
from handrail.reports.steps import leaves, next_step

CLOSING = frozenset({"done", "skipped", "approved", "rejected"})
"""The verbs by which people finish something."""


def head_text(state: RunState) -> str:
    """Give the head of a run as JSON: the run itself, how it stands, and the steps that matter now."""
    progress = state.progress
    row = [
        packer(Run)(replace(state.run, content=(), log=(), fields={})),
        state.state,
        [packer(StepState)(_bare(step)) for step in _that_matter(state)],
        [progress.done, progress.skipped, progress.na, progress.total],
        *(moment and moment.isoformat() for moment in (state.due, state.finished, state.last)),
        state.names_people,
    ]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def read_head(text: str, moment: Moment) -> RunState:
    """Give the state that a head tells of, at a moment for which it holds. Raises ValueError and its like."""
    run_row, state, steps, progress, due, finished, last, names_people = json.loads(text)
    run: Run = _UNPACK_RUN(run_row)
    due = due and datetime.fromisoformat(due)
    return RunState(
        run,
        state,
        tuple([_told_now(_UNPACK_STEP(step), moment.now) for step in steps]),
        Progress(*progress),
        (),
        due,
        state == "active" and due is not None and moment.now > due,
        finished and datetime.fromisoformat(finished),
        last and datetime.fromisoformat(last),
        moment.time_for(run.calendar),
        names_people=names_people,
    )


def closings_text(run: Run) -> str:
    """Give what was finished in a run, by whom and when, as JSON."""
    rows = [
        [entry.time.isoformat(), entry.who, entry.verb, entry.item, entry.title, entry.note, entry.values]
        for entry in entries_of(run)
        if entry.verb in CLOSING
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def read_closings(text: str, person: str, since: datetime) -> list[tuple[Any, ...]]:
    """Give what one person finished since then: time, person, verb, item, its title, note and values."""
    mine = [row for row in json.loads(text) if row[1] == person]
    timed = [(datetime.fromisoformat(row[0]), *row[1:]) for row in mine]
    return [row for row in timed if row[0] >= since]


def closing(run: Run, row: tuple[Any, ...]) -> Activity:
    """Give one of `read_closings` with the run that it happened in."""
    time, who, verb, item, title, note, values = row
    pairs = tuple((name, value) for name, value in values)
    return Activity(time, who, verb, "run", run.id, run.title, item, title, note, pairs)


def _that_matter(state: RunState) -> list[StepState]:
    """Give the top-level steps with work in them that is open now, comes next, waits for a time or is another run's."""
    following = next_step(state)
    open_now = {step.id for step in leaves(state.steps) if step.state in OPEN_NOW}
    open_now |= {step.id for step in state.steps if step.state in OPEN_NOW}

    def matters(step: StepState) -> bool:
        if step.item.attributes.run or step.state in OPEN_NOW or (following and step.id == following.id):
            return True
        if step.state != "waiting":
            return False
        return step.wait_until is not None or all(name in open_now for name in step.waits_for)

    return [step for step in state.steps if any(matters(inner) for inner in walk_states((step,)))]


def _bare(step: StepState) -> StepState:
    """Leave out what only a run's own page shows: events, instructions, places of words."""
    item = step.item
    bare = replace(item, events=(), children=(), body="", spots={}, place=replace(item.place, path=""))
    return replace(step, item=bare, substeps=tuple(_bare(child) for child in step.substeps))


def _told_now(step: StepState, now: datetime) -> StepState:
    """Say anew whether a step is overdue."""
    overdue = step.due is not None and now > step.due and step.state not in CLOSED
    substeps = tuple([_told_now(child, now) for child in step.substeps]) if step.substeps else ()
    if overdue == step.overdue and substeps == step.substeps:
        return step
    return replace(step, overdue=overdue, substeps=substeps)


_UNPACK_RUN = unpacker(Run)
_UNPACK_STEP = unpacker(StepState)
