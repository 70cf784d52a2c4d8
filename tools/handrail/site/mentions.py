"""Whom runs and projects name."""

from __future__ import annotations

from handrail.model.item import Event, Item, walk
from handrail.model.project import Project
from handrail.model.state import ProjectState, RunState, walk_states


def mentioned_in(state: RunState | ProjectState) -> set[str]:
    """Give everybody whom a run or project names: who has steps, who did something, who answers for it."""
    if isinstance(state, RunState):
        found = {state.run.by} | _in_items(state.run.log, state.run.items)
    else:
        found = _of_project(state.project)
    return found | {who for step in walk_states(state.steps) for who in step.assignees}


def _of_project(project: Project) -> set[str]:
    return {project.owner} | {risk.owner for risk in project.risks} | _in_items(project.log, project.items)


def _in_items(log: tuple[Event, ...], items: tuple[Item, ...]) -> set[str]:
    found = {event.who for event in log}
    for item in walk(items):
        found |= {event.who for event in item.events} | set(item.attributes.who)
    return found
