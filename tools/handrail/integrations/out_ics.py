"""A project as iCalendar (RFC 5545): a whole-day event for each task and milestone, with ids that stay.

Written by the icalendar library, which knows how texts are escaped and lines folded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Any

from handrail.model.project import Project
from handrail.reports.results import PlannedTask, ProjectPlan
from handrail.text.plain import plain

Component = Any
"""A part of a calendar, as the library has it."""


def project_ics(project: Project, plan: ProjectPlan, now: datetime, zone: tzinfo, *, todos: bool = False) -> str:
    """Give the calendar of a project. An end date is the day after the last one, as the standard wants it.

    `todos` writes tasks as to-dos, with a due date and how much is done, in place of events. `now` is when it was made.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Handrail//Handrail//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", project.title)
    for task in _shown(plan.tasks):
        made = _todo if todos and not task.milestone else _event
        calendar.add_component(made(project, task, now, zone))
    return str(calendar.to_ical().decode())


def _shown(tasks: Iterable[PlannedTask]) -> Iterable[PlannedTask]:
    return (task for task in tasks if not task.container and task.state not in ("na", "cancelled", "skipped"))


def _event(project: Project, task: PlannedTask, now: datetime, zone: tzinfo) -> Component:
    from icalendar import Event

    finish = task.finish.astimezone(zone).date()
    event = _common(Event(), project, task, now)
    event.add("dtstart", finish if task.milestone else task.start.astimezone(zone).date())
    event.add("dtend", finish + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _todo(project: Project, task: PlannedTask, now: datetime, zone: tzinfo) -> Component:
    from icalendar import Todo

    todo = _common(Todo(), project, task, now)
    todo.add("dtstart", task.start.astimezone(zone).date())
    todo.add("due", max(task.finish.astimezone(zone).date(), task.start.astimezone(zone).date() + timedelta(days=1)))
    todo.add("percent-complete", round(task.progress * 100))
    todo.add("status", {"done": "COMPLETED", "doing": "IN-PROCESS"}.get(task.state, "NEEDS-ACTION"))
    return todo


def _common(component: Component, project: Project, task: PlannedTask, now: datetime) -> Component:
    who = ", ".join(f"@{key}" for key in task.assignees)
    component.add("uid", f"{project.id}.{task.item.id}@handrail".replace("/", "."))
    component.add("dtstamp", now)
    component.add("summary", plain(task.item.title) or task.item.id)
    component.add("description", "\n".join(part for part in (project.title, plain(task.phase), who) if part))
    component.add("categories", [project.id])
    return component
