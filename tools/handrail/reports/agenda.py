"""What falls on which day: steps, runs, tasks, milestones and targets, for calendars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo

from handrail.base.value import dataclass
from handrail.model.state import CLOSED, ProjectState, RunState, walk_states
from handrail.reports.results import Overview, PlannedTask
from handrail.reports.steps import leaves, people_of
from handrail.reports.words import zone_of


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something that is due, or planned to be finished, on one day of the workspace's time zone.

    `what` is `step`, `run`, `task`, `milestone` or `target`; `item` is empty for a whole run or project. `firm` is
    false where nobody set the date and only the plan says it. `who` are people, teams spelled out.
    """

    day: date
    at: datetime  # UTC
    what: str
    kind: str  # "run" or "project"
    holder: str
    holder_title: str
    process: str
    item: str
    title: str
    who: tuple[str, ...]
    late: bool
    firm: bool = True


def agenda(overview: Overview) -> tuple[Appointment, ...]:
    """Give all that active runs and projects have still to do by a date, in the order of days."""
    zone = zone_of(overview.workspace.config.calendar.timezone)
    states: tuple[RunState | ProjectState, ...] = (*overview.runs.values(), *overview.projects.values())
    found = [entry for state in states if state.state == "active" for entry in _of(overview, state, zone)]
    found.sort(key=lambda entry: (entry.day, entry.at, entry.holder, entry.item))
    return tuple(found)


def _of(overview: Overview, state: RunState | ProjectState, zone: tzinfo) -> Iterator[Appointment]:
    if isinstance(state, RunState):
        yield from _of_steps(overview, state, zone)
        if state.due:
            yield _whole(state, state.due, _last_day(state.due, zone), "run", state.overdue)
        return
    planned = {task.item.id: task for task in _shown(overview, state)}
    yield from _of_steps(overview, state, zone, planned)
    for task in planned.values():
        yield _planned(overview, state, task, zone)
    if state.project.target:
        end = overview.moment.normal.end_of(state.project.target)
        yield _whole(state, end, state.project.target, "target", end < overview.moment.now)


def _shown(overview: Overview, state: ProjectState) -> Iterable[PlannedTask]:
    """Give the open tasks whose finish is news: milestones, and what has no due date of its own."""
    plan = overview.plans.get(state.project.id)
    due = {step.id for step in walk_states(state.steps) if step.due and step.state not in CLOSED}
    tasks = plan.tasks if plan else ()
    return (
        task
        for task in tasks
        if not task.container and task.state not in CLOSED and (task.milestone or task.item.id not in due)
    )


def _of_steps(
    overview: Overview, state: RunState | ProjectState, zone: tzinfo, planned: Iterable[str] = ()
) -> Iterator[Appointment]:
    known = set(planned)
    kind, holder = ("run", state.run) if isinstance(state, RunState) else ("project", state.project)
    acted_on = {step.id: step for step in leaves(state.steps)}  # with the people of the step above
    for listed in walk_states(state.steps):
        step = acted_on.get(listed.id, listed)
        if step.due is None or step.state in CLOSED or step.id in known:
            continue
        who = people_of(step, overview.workspace.config)
        yield Appointment(
            day=step.due.astimezone(zone).date(), at=step.due, what="step" if kind == "run" else "task", kind=kind,
            holder=holder.id, holder_title=holder.title, process=_process(state), item=step.id, title=step.item.title,
            who=who, late=step.overdue,
        )  # fmt: skip


def _planned(overview: Overview, state: ProjectState, task: PlannedTask, zone: tzinfo) -> Appointment:
    config = overview.workspace.config
    who = tuple(dict.fromkeys(one for key in task.assignees for one in config.members(key)))
    return Appointment(
        day=_last_day(task.finish, zone), at=task.finish, what="milestone" if task.milestone else "task",
        kind="project", holder=state.project.id, holder_title=state.project.title, process="", item=task.item.id,
        title=task.item.title, who=who, late=task.late, firm=task.deadline is not None,
    )  # fmt: skip


def _whole(state: RunState | ProjectState, at: datetime, day: date, what: str, late: bool) -> Appointment:
    holder = state.run if isinstance(state, RunState) else state.project
    who = (state.project.owner,) if isinstance(state, ProjectState) and state.project.owner else ()
    return Appointment(
        day=day, at=at, what=what, kind="run" if isinstance(state, RunState) else "project",
        holder=holder.id, holder_title=holder.title, process=_process(state), item="", title=holder.title, who=who,
        late=late,
    )  # fmt: skip


def _process(state: RunState | ProjectState) -> str:
    return state.run.process if isinstance(state, RunState) else ""


def _last_day(at: datetime, zone: tzinfo) -> date:
    """Give the day that ends at `at`: midnight belongs to the day before."""
    local = at.astimezone(zone)
    return (local - timedelta(days=1)).date() if local.time() == time(0) else local.date()
