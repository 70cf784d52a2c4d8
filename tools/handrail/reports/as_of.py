"""How a project's plan stood at an earlier moment: the same file, without the events that came later.

What was typed in since (a new task, another estimate) is not undone: only git knows that, and baselines tell it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handrail.model.item import Block, Item
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.state import RunState
from handrail.reports.moment import Moment
from handrail.reports.plan import project_plan
from handrail.reports.results import Overview, ProjectPlan
from handrail.rules.state import project_state, run_state

_BOX = {"done": True, "skipped": True, "approved": True, "reopened": False}


def plan_as_of(overview: Overview, project_id: str, then: datetime) -> ProjectPlan | None:
    """Give the plan of a project as it was computed at `then` (UTC), None where there was no such project."""
    project = overview.workspace.projects.get(project_id)
    if project is None:
        return None
    moment = replace(overview.moment, now=then)
    state = project_state(project_as_of(project, then), time=moment.normal, now=then)
    wanted = {item.attributes.run for item in state.project.items} - {""}
    runs = {
        key: _run_state(overview, run_as_of(one.run, then), moment)
        for key, one in (overview.runs.items() if wanted else ())
        if one.run.project_task[0] == project_id and one.run.started <= then
    }
    return project_plan(overview.workspace, state, moment, runs)


def project_as_of(project: Project, then: datetime) -> Project:
    """Give a project with the events until `then` alone, its boxes as these left them."""
    return replace(
        project,
        content=_blocks(project.content, then),
        log=tuple(event for event in project.log if event.time <= then),
        updates=tuple(update for update in project.updates if update.day <= then.date()),
        changes=tuple(change for change in project.changes if change.day <= then.date()),
    )


def run_as_of(run: Run, then: datetime) -> Run:
    """Give a run with the events until `then` alone."""
    log = tuple(event for event in run.log if event.time <= then)
    return replace(run, content=_blocks(run.content, then), log=log)


def _run_state(overview: Overview, run: Run, moment: Moment) -> RunState:
    procedure = overview.workspace.procedure(run)
    return run_state(run, procedure=procedure, time=moment.time_for(run.calendar), now=moment.now)


def _blocks(content: tuple[Block, ...], then: datetime) -> tuple[Block, ...]:
    return tuple(_item(block, then) if isinstance(block, Item) else block for block in content)


def _item(item: Item, then: datetime) -> Item:
    events = tuple(event for event in item.events if event.time <= then)
    children = tuple(_item(child, then) for child in item.children)
    if len(events) == len(item.events):
        return replace(item, children=children)
    boxes = [_BOX[event.verb] for event in events if event.verb in _BOX]
    return replace(item, events=events, children=children, checked=bool(boxes) and boxes[-1])
