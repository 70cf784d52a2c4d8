"""The part of a run's state that reports of many runs look at, and its form as JSON.

A run with hundreds of finished steps is told in full by its file; what stands there about the work that is left
takes a few hundred bytes, and is what `status`, `stalled`, `mine`, `next` and `list` are made of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from handrail.base.pack import packer, unpacker
from handrail.base.place import NOWHERE, Place
from handrail.model.item import Attributes, Event, Item
from handrail.model.run import Run
from handrail.model.state import CLOSED, OPEN_NOW, Facts, Progress, RunState, StepState, walk_states
from handrail.reports.activity import entries_of
from handrail.reports.moment import Moment
from handrail.reports.results import Activity
from handrail.reports.steps import by_hand, leaves, next_step

_instant = datetime.fromisoformat
CLOSING = frozenset({"done", "skipped", "approved", "rejected"})
"""The verbs by which people finish something."""


def head_text(state: RunState) -> str:
    """Give the head of a run as JSON: the run itself, how it stands, and the steps that matter now."""
    progress = state.progress
    row = [
        packer(Run)(replace(state.run, content=(), log=(), fields={}, place=NOWHERE, spots={})),
        state.state,
        [_step_row(step) for step in _that_matter(state)],
        [progress.done, progress.skipped, progress.na, progress.total],
        *(_iso(moment) for moment in (state.due, state.first_due, state.finished, state.last)),
        state.fields,
        state.names_people,
    ]
    return _json(row)


def read_head(text: str, moment: Moment) -> RunState:
    """Give the state that a head tells of, at a moment for which it holds. Raises ValueError and its like."""
    run_row, state, steps, progress, due, first_due, finished, last, fields, names_people = json.loads(text)
    run, now = _UNPACK_RUN(run_row), moment.now
    due = due and _instant(due)
    return RunState(
        run,
        state,
        tuple([_read_step(step, now) for step in steps]),
        Progress(*progress),
        tuple([(name, value) for name, value in fields]),
        due or None,
        bool(state == "active" and due and now > due),
        _instant(finished) if finished else None,
        _instant(last) if last else None,
        moment.time_for(run.calendar),
        first_due=_instant(first_due) if first_due else None,
        names_people=names_people,
    )


def closings_text(run: Run) -> str:
    """Give what was finished in a run, by whom and when, as JSON."""
    return _json([_closing_row(one, one.item, one.title) for one in entries_of(run) if one.verb in CLOSING])


def closings_text_of(closings: Iterable[tuple[str, str, Event]]) -> str:
    """Give the same of events with the ids and titles of their items."""
    return _json([_closing_row(event, item, title) for item, title, event in closings])


def _closing_row(one: Activity | Event, item: str, title: str) -> list[Any]:
    return [one.time.isoformat(), one.who, one.verb, item, title, one.note, one.values, one.commit]


def hands_text(state: RunState) -> str:
    """Give who has the steps of a run that are in its head, as JSON."""
    steps = (inner for step in _that_matter(state) for inner in walk_states((step,)))
    return _json(sorted({name for step in steps for name in step.assignees}))


def mention(person: str) -> str:
    """Give what stands in a `closings_text` or `hands_text` that has this person."""
    return _json(person)


def read_closings(text: str, person: str, since: datetime) -> list[tuple[Any, ...]]:
    """Give what one person finished since then: time, person, verb, item, its title, note, values and commit."""
    if mention(person) not in text:
        return []
    mine = [row for row in json.loads(text) if row[1] == person]
    timed = [(_instant(row[0]), *row[1:]) for row in mine]
    return [row for row in timed if row[0] >= since]


def read_head_run(text: str) -> Run:
    """Give the run of a head alone. Raises ValueError and its like."""
    return _UNPACK_RUN(json.loads(text)[0])


def closing(run: Run, row: tuple[Any, ...]) -> Activity:
    """Give one of `read_closings` with the run that it happened in."""
    time, who, verb, item, title, note, values, commit = row
    pairs = tuple((name, value) for name, value in values)
    return Activity(time, who, verb, "run", run.id, run.title, item, title, note, pairs, commit)


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


def _step_row(step: StepState) -> list[Any]:
    """Give a step without what only a run's own page shows: events, instructions, places of words."""
    item, place = step.item, step.item.place
    return [
        item.id, item.title, _json(packer(Attributes)(item.attributes)), item.checked, item.stage, item.explicit_id,
        place.line, place.column, place.end_column, step.state,
        packer(Facts)(step.facts) if step.facts != _UNTOUCHED else None, step.assignees, _iso(step.ready),
        _iso(step.due), _iso(step.first_due), step.waits_for, _iso(step.wait_until), step.marks,
        [_step_row(child) for child in step.substeps], by_hand(item),
    ]  # fmt: skip


def _read_step(row: list[Any], now: datetime) -> StepState:
    """Give a step again, overdue or not as it is now."""
    (
        id, title, attributes, checked, stage, explicit_id, line, column, end, state, facts, assignees, ready, due,
        first_due, waits_for, wait_until, marks, substeps, hand,
    ) = row  # fmt: skip
    place = Place("", line, column, end)
    item = Item(
        id, title, _attributes(attributes), checked, (), (), stage, "", explicit_id, _NO_SPOTS, place, hand or ""
    )
    due = _instant(due) if due else None
    return StepState(
        item,
        state,
        _UNPACK_FACTS(facts) if facts else _UNTOUCHED,
        tuple(assignees),
        _instant(ready) if ready else None,
        due,
        due is not None and now > due and state not in CLOSED,
        tuple(waits_for),
        _instant(wait_until) if wait_until else None,
        tuple(marks),
        tuple([_read_step(child, now) for child in substeps]) if substeps else (),
        _instant(first_due) if first_due else None,
    )


@lru_cache(maxsize=4096)
def _attributes(text: str) -> Attributes:
    return unpacker(Attributes)(json.loads(text))


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_UNTOUCHED = Facts()
_UNPACK_RUN = unpacker(Run)
_UNPACK_FACTS = unpacker(Facts)
_NO_SPOTS: dict[str, Place] = {}
