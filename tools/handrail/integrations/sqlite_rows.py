"""The rows of the exported database: what one run, and what one project, comes to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from handrail.base.value import dataclass
from handrail.model.item import Event, Item
from handrail.model.state import ProjectState, RunState, StepState, walk_states
from handrail.reports.event_log import Logged, Naming, logged_run, transitions
from handrail.reports.json_views import instant
from handrail.reports.moment import Moment
from handrail.reports.records import RunRecord, StepRecord, record
from handrail.reports.results import PlannedTask, ProjectPlan
from handrail.reports.steps import by_hand, people_of, stages
from handrail.rules.fold import CONFIRMS, PROPOSES, proposed_by
from handrail.text.plain import plain

Row = tuple[str | int | float | None, ...]
Tables = tuple[tuple[str, tuple[Row, ...]], ...]
"""Rows by table, each table after those that its rows refer to."""


@dataclass(frozen=True, slots=True)
class RunRows:
    """What one run comes to. `linked` is its state where it belongs to a project, whose plan looks at it."""

    tables: Tables
    linked: RunState | None
    untold: int


def run_rows(state: RunState, naming: Naming, now: datetime) -> RunRows:
    """Give the rows of one run, at the moment for which its state holds."""
    run = state.run
    logged = logged_run(state, naming)
    assert state.time is not None
    told = record(state, Moment(now, state.time, state.time))
    fields = tuple((run.id, name, value) for name, value in dict(state.fields).items())
    tables: Tables = (
        ("runs", (_run(state, told),)),
        ("run_fields", fields),
        ("steps", tuple(_steps(state, naming, told.steps))),
        ("assignments", tuple(_assignments(state.steps, naming, (run.id, None)))),
        ("events", tuple(_event(one, (run.id, one.item or None, None, None)) for one in logged.events)),
    )
    return RunRows(tables, state if run.project else None, logged.untold)


def project_rows(state: ProjectState, plan: ProjectPlan | None, naming: Naming) -> Tables:
    """Give the rows of one project. A task that its plan leaves out (a ring of links) has no dates."""
    project, progress = state.project, state.progress
    row = (
        project.id, project.title, _key(project.owner), project.objective or None, state.state,
        _day(project.start) or instant(plan.start if plan else None), _day(project.target),
        instant(plan.finish if plan else None), instant(state.finished), project.budget or None,
        project.currency or None, progress.done, progress.skipped, progress.na, progress.total,
    )  # fmt: skip
    planned = {task.item.id: task for task in plan.tasks} if plan else {}
    ids = {step.id for step in walk_states(state.steps)}
    items = [step.item for step in walk_states(state.steps)]
    return (
        ("projects", (row,)),
        ("tasks", tuple(_tasks(state, planned))),
        ("task_links", tuple(row for item in items for row in _links(project.id, item, ids))),
        ("assignments", tuple(_assignments(state.steps, naming, (None, project.id)))),
        ("events", tuple(_project_events(state, naming))),
    )


def _run(state: RunState, told: RunRecord) -> Row:
    run, progress = state.run, state.progress
    parent = run.parent_step or (run.parent or None, None)
    project, task = run.project_task
    return (
        run.id, run.process, run.title, state.state, run.trial, instant(run.started), _key(run.by),
        instant(state.finished), instant(state.due), instant(state.first_due), state.overdue, run.revision or None,
        project or None, task or None, *parent, progress.done, progress.skipped, progress.na, progress.total,
        told.lead, told.cycle, told.hand_overs if state.finished else None,
        told.right_first_time if state.finished else None,
    )  # fmt: skip


def _steps(state: RunState, naming: Naming, times: tuple[StepRecord, ...]) -> Iterable[Row]:
    run, stage_of = state.run, stages(state.steps)
    above = _parents(state.steps)
    for position, (step, told) in enumerate(zip(walk_states(state.steps), times, strict=True), 1):
        item, facts = step.item, step.facts
        name = naming.names.get((run.process, item.id)) or plain(item.title) or item.id
        proposed = facts.proposed.who if facts.proposed else None
        yield (
            run.id, item.id, position, above.get(item.id), plain(item.title), name, plain(stage_of[item.id]) or None,
            step.state, told.role or None, instant(step.ready), instant(step.due), instant(step.first_due),
            step.overdue, instant(facts.done), _key(facts.by), facts.attempt, proposed, _key(facts.proposer),
            by_hand(item), *_spans(told),
        )  # fmt: skip


def _spans(told: StepRecord) -> tuple[float | None, ...]:
    return told.sojourn, told.wait, told.touch


def _tasks(state: ProjectState, planned: dict[str, PlannedTask]) -> Iterable[Row]:
    above, phases = _parents(state.steps), stages(state.steps)
    for position, step in enumerate(walk_states(state.steps), 1):
        item, plan = step.item, planned.get(step.id)
        attributes = item.attributes
        dates: Row = (None,) * 7
        if plan:
            dates = (
                instant(plan.start), instant(plan.finish), instant(plan.deadline), plan.late, plan.critical,
                plan.total_float_s, plan.progress,
            )  # fmt: skip
        yield (
            state.project.id, item.id, position, above.get(item.id), plain(item.title),
            plain(phases[item.id]) or None, plan.state if plan else step.state, attributes.milestone, *dates,
            str(attributes.est.likely) if attributes.est else None, attributes.cost, instant(step.facts.done),
            _key(step.facts.by),
        )  # fmt: skip


def _links(project: str, item: Item, known: set[str]) -> Iterable[Row]:
    for link in item.attributes.after:
        if link.item in known:
            yield project, item.id, link.item, link.kind, str(link.lag) if link.lag else None


def _assignments(steps: tuple[StepState, ...], naming: Naming, holder: tuple[str | None, str | None]) -> Iterable[Row]:
    run, project = holder
    for step in walk_states(steps):
        for person in people_of(step, naming.config):
            yield run, step.id if run else None, project, step.id if project else None, person


def _project_events(state: ProjectState, naming: Naming) -> Iterable[Row]:
    project, config = state.project, naming.config
    found: list[tuple[Event, str | None, str, int]] = [(event, None, "unknown", 0) for event in project.log]
    for step in walk_states(state.steps):
        found += [(event, step.id, transition, attempt) for event, transition, attempt in transitions(step.item)]
    for event, item, transition, attempt in sorted(found, key=lambda one: one[0].time):
        one = Logged(
            event.time, event.who, event.verb, transition, item or "", attempt=attempt,
            by_agent=config.person(event.who).agent, proposes=proposed_by(event), confirms=event.value(CONFIRMS),
            note=event.note, values=event.values, commit=event.commit,
        )  # fmt: skip
        yield _event(one, (None, None, project.id, item))


def _event(one: Logged, where: Row) -> Row:
    values = {key: value for key, value in one.values if key not in (PROPOSES, CONFIRMS)}
    return (
        None, *where, instant(one.time), _key(one.who), one.by_agent, one.verb, one.transition, one.attempt or None,
        one.note or None, one.proposes or None, one.confirms or None, one.commit or None,
        json.dumps(values, ensure_ascii=False) if values else None,
    )  # fmt: skip


def _parents(steps: tuple[StepState, ...]) -> dict[str, str]:
    return {inner.id: step.id for step in walk_states(steps) for inner in step.substeps}


def _key(person: str) -> str | None:
    return person.lstrip("@") or None


def _day(day: object) -> str | None:
    return str(day) if day else None
