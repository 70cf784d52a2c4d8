"""What every report asks about steps: which can be acted on, who has them, what is snoozed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from handrail.model.calendar import WorkingTime
from handrail.model.item import Item
from handrail.model.people import Config
from handrail.model.state import CLOSED, OPEN_NOW, ProjectState, RunState, StepState, walk_states
from handrail.model.workspace import Workspace
from handrail.reports.words import parse_instant


def leaves(steps: tuple[StepState, ...], inherited: tuple[str, ...] = ()) -> Iterator[StepState]:
    """Give the steps that somebody acts on, in the order of the file.

    A step whose sub-steps are not all closed is done by doing those; a sub-step that names nobody belongs to
    whoever has the step above it.
    """
    stack = [(step, inherited) for step in reversed(steps)]
    while stack:
        step, above = stack.pop()
        who = step.assignees or above
        if any(child.state not in CLOSED for child in step.substeps):
            stack.extend((child, who) for child in reversed(step.substeps))
        else:
            yield step if step.assignees == who else replace(step, assignees=who)


def actionable(state: RunState | ProjectState, now: datetime, time: WorkingTime) -> tuple[StepState, ...]:
    """Give the steps of an active run or project that somebody can work on now, the snoozed ones left out."""
    if state.state != "active":
        return ()
    return tuple(step for step in leaves(state.steps) if step.state in OPEN_NOW and not snoozed(step, now, time))


def next_step(state: RunState | ProjectState) -> StepState | None:
    """Give the step that a run or project stands at: one in work, else the first ready, blocked, waiting one."""
    if state.state != "active":
        return None
    rank = {"doing": 0, "ready": 0, "blocked": 1, "waiting": 2}
    found = [step for step in leaves(state.steps) if step.state in rank]
    required = [step for step in found if not step.item.attributes.optional]
    return min(required or found, key=lambda step: rank[step.state], default=None)


def current_stage(state: RunState | ProjectState) -> str:
    """Give the stage that the next step stands in, empty where there is none."""
    step = next_step(state)
    return stages(state.steps).get(step.id, step.item.stage) if step else ""


def stages(steps: tuple[StepState, ...]) -> dict[str, str]:
    """Give the stage of every step by id; a sub-step is in the stage of the step above it."""
    return {inner.id: inner.item.stage or step.item.stage for step in steps for inner in walk_states((step,))}


def blocked_until(step: StepState, time: WorkingTime) -> datetime | None:
    """Give the instant at which a block ends: of a date alone, the end of work on that day."""
    text = step.facts.blocked_until
    try:
        return time.end_of(date.fromisoformat(text))
    except ValueError:
        return parse_instant(text)


def snoozed(step: StepState, now: datetime, time: WorkingTime) -> bool:
    """Tell whether a step is blocked until a time that has not come."""
    if step.state != "blocked" or not step.facts.blocked_until:
        return False
    until = blocked_until(step, time)
    return until is not None and until >= now


def people_of(step: StepState, config: Config) -> tuple[str, ...]:
    """Give everybody who has a step, each team by its members."""
    return tuple(dict.fromkeys(person for name in step.assignees for person in config.members(name)))


def confirmers(state: RunState | ProjectState, step: StepState, workspace: Workspace) -> tuple[str, ...]:
    """Give the people who are asked to confirm what an agent has proposed: nobody where nothing is proposed.

    They are those who have the step and are no agents; else the owner of the process, else who started the run.
    """
    if step.facts.proposed is None or not isinstance(state, RunState):
        return ()
    config, process = workspace.config, workspace.processes.get(state.run.process)
    for keys in (people_of(step, config), config.members(process.owner) if process else (), (state.run.by,)):
        people = tuple(key for key in keys if key and not config.person(key).agent)
        if people:
            return people
    return ()


def by_hand(item: Item) -> str | None:
    """Give the commit that ticked an item by hand, or why it is not known (`uncommitted`, `cut-off`); else null."""
    return next((event.commit for event in reversed(item.events) if event.commit), None) or item.by_hand or None


def agents_in(config: Config) -> frozenset[str]:
    """Give the keys of those who are no humans."""
    return frozenset(key for key, person in config.people.items() if person.agent)


def last_touched(step: StepState) -> datetime | None:
    """Give when something last happened to a step: it became ready, or its newest event."""
    known = [instant for instant in (step.ready, step.facts.last) if instant is not None]
    return max(known, default=None)


def worst_first(due: datetime | None, now: datetime) -> tuple[int, timedelta]:
    """Order by due time: the longest overdue first, what has no due time last."""
    return (0, due - now) if due else (1, timedelta())
