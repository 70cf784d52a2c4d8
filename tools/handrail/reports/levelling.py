"""Levelling of projects: what is too much for somebody, what would wait, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from handrail.base.value import dataclass
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.state import CLOSED
from handrail.model.workspace import Workspace
from handrail.plan.level import ends_of, level
from handrail.plan.optimal import optimal
from handrail.plan.schedule import Passes, passes
from handrail.plan.slots import Demand, Overload, Slots
from handrail.reports.json_views import instant, task_object
from handrail.reports.plan import project_plan, tasks_of
from handrail.reports.results import Overview, PlannedTask, ProjectPlan

_URGENCY = {"urgent": -2, "high": -1, "low": 1}


@dataclass(frozen=True, slots=True)
class Delay:
    """A task that would wait, and by how many working days its end moves."""

    before: PlannedTask
    after: PlannedTask
    days: float


@dataclass(frozen=True, slots=True)
class LevelledProject:
    """One project: its plan as it stands and levelled, what waits, and when those tasks may start (for `start=`)."""

    before: ProjectPlan
    after: ProjectPlan
    delays: tuple[Delay, ...]
    not_before: Mapping[str, datetime]
    days: float  # of the finish


@dataclass(frozen=True, slots=True)
class Levelling:
    """The projects, where there was too much, where there still is, and how good it can be.

    `bound_days` is by how many working days the sum of the ends might be better at most; None where nobody knows.
    """

    projects: tuple[LevelledProject, ...]
    overloads: tuple[Overload, ...]
    left: tuple[Overload, ...]
    unknown: tuple[str, ...]  # resources that nobody has said how many there are of
    too_much: tuple[tuple[str, str], ...]  # (task, resource): wants more than there is at all
    proven: bool = False
    bound_days: float | None = None


def levelling(
    overview: Overview,
    names: Sequence[str],
    *,
    seconds: float | None = None,
    deterministic: bool = False,
) -> Levelling:
    """Level projects against each other. With `seconds`, OR-Tools improves what was found, for as long.

    Raises WrongUsage where it is asked for and not installed.
    """
    space = overview.workspace
    demands = [_demands(overview, name) for name in names]
    capacity, unknown = _capacity(space, names, demands)
    plans = [_passes(overview, name) for name in names]
    held = [(name, plan, demand) for name, plan, demand in zip(names, plans, demands, strict=True) if plan.times]
    if not held:
        return Levelling(_unmoved(overview, names), (), (), unknown, ())
    slots = Slots([plan for _, plan, _ in held], [demand for _, _, demand in held], capacity)
    seed = int.from_bytes(sha256(repr(sorted(names)).encode()).digest()[:4], "big")
    found = level(slots.jobs, slots.capacity, step=slots.step, seed=seed)
    proven, bound = False, None
    if seconds is not None:
        best = optimal(slots.jobs, slots.capacity, found, seconds=seconds, deterministic=deterministic, step=slots.step)
        found, proven = best.levelled, best.proven
        bound = sum(ends_of(slots.jobs, found).values()) - best.bound
    delays = dict(zip((name for name, _, _ in held), slots.delays(found), strict=True))
    projects = tuple(_levelled(overview, name, delays.get(name, {})) for name in names)
    left = _left(overview, [name for name, _, _ in held], [demand for _, _, demand in held], capacity, delays)
    day = overview.moment.normal.seconds(Duration(1, "d")) * 1_000_000
    return Levelling(
        projects=projects,
        overloads=slots.overloads(slots.early()),
        left=left,
        unknown=unknown,
        too_much=_too_much(demands, capacity),
        proven=proven,
        bound_days=None if bound is None else max(bound, 0) * slots.slot / day,
    )


def _passes(overview: Overview, name: str, not_before: Mapping[str, datetime] | None = None) -> Passes:
    state = overview.projects[name]
    tasks, start = tasks_of(overview.workspace, state, overview.moment, overview.runs, not_before or {})
    live = tasks if state.state == "active" else ()
    return passes(live, start=start, now=overview.moment.now, time=state.time or overview.moment.normal)


def _left(
    overview: Overview,
    names: Sequence[str],
    demands: Sequence[Mapping[str, Demand]],
    capacity: Mapping[str, float],
    delays: Mapping[str, Mapping[str, datetime]],
) -> tuple[Overload, ...]:
    """Look again at the plan with its delays: what levelling promised, the calendar has to keep."""
    again = Slots([_passes(overview, name, delays[name]) for name in names], demands, capacity)
    return again.overloads(again.early())


def _demands(overview: Overview, name: str) -> dict[str, Demand]:
    config, moment = overview.workspace.config, overview.moment
    found = {}
    for task in overview.plans[name].tasks:
        if task.container or task.milestone or task.state in CLOSED:
            continue
        attributes = task.item.attributes
        uses: dict[str, float] = {}
        for person in task.assignees:
            share = attributes.load if attributes.load is not None else config.person(person).load
            uses[f"@{person}"] = share if person not in config.teams else attributes.load or 1.0
        for use in attributes.use:
            key = f"@{use.resource}" if use.resource in config.people else use.resource
            uses[key] = uses.get(key, 0.0) + use.amount
        own: list[WorkingTime] = [moment.people[person] for person in task.assignees if person in moment.people]
        away = tuple(own) if own and len(own) == len(task.assignees) else ()
        found[task.item.id] = Demand(tuple(uses.items()), _URGENCY.get(attributes.priority, 0), away)
    return found


def _capacity(
    space: Workspace, names: Sequence[str], demands: Sequence[Mapping[str, Demand]]
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Give what there is of everything that is asked for, and what nobody has said a number of."""
    said = dict(space.config.resources)
    for name in names:
        said |= space.projects[name].resources
    asked = dict.fromkeys(key for held in demands for demand in held.values() for key, _ in demand.uses)
    found: dict[str, float] = {}
    unknown = []
    for key in asked:
        if key.startswith("@"):
            members = space.config.members(key[1:])
            found[key] = sum(space.config.person(member).load for member in members) or 1.0
        elif key in said:
            found[key] = said[key]
        else:
            unknown.append(key)
    return found, tuple(unknown)


def _too_much(demands: Sequence[Mapping[str, Demand]], capacity: Mapping[str, float]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (task, key)
        for held in demands
        for task, demand in held.items()
        for key, amount in demand.uses
        if key in capacity and amount > capacity[key] + 1e-9
    )


def _levelled(overview: Overview, name: str, not_before: Mapping[str, datetime]) -> LevelledProject:
    before = overview.plans[name]
    state = overview.projects[name]
    after = (
        project_plan(overview.workspace, state, overview.moment, overview.runs, not_before) if not_before else before
    )
    time = state.time or overview.moment.normal
    day = time.seconds(Duration(1, "d")) or 1.0
    was = {task.item.id: task for task in before.tasks}
    delays = []
    for task in after.tasks:
        days = time.between(was[task.item.id].finish, task.finish).total_seconds() / day
        if not task.container and abs(days) >= 0.01:
            delays.append(Delay(was[task.item.id], task, round(days, 2)))
    moved = time.between(before.finish, after.finish).total_seconds() / day if before.finish and after.finish else 0.0
    delays.sort(key=lambda one: (one.after.start, one.after.item.id))
    return LevelledProject(before, after, tuple(delays), not_before, round(moved, 2))


def _unmoved(overview: Overview, names: Sequence[str]) -> tuple[LevelledProject, ...]:
    return tuple(_levelled(overview, name, {}) for name in names)


def levelling_view(found: Levelling, now: datetime, *, several: bool) -> dict[str, Any]:
    """`project level --json`: a project's levelled plan with what waits; for several, a list of them."""
    head = {"schema": "project level/1", "at": instant(now)}
    tail = {
        "overloads": [_overload(one) for one in found.overloads],
        "left": [_overload(one) for one in found.left],
        "unknown_resources": list(found.unknown),
        "proven": found.proven,
        "bound_days": found.bound_days,
    }
    projects = [_project(one) for one in found.projects]
    return head | ({"projects": projects} if several else projects[0]) | tail


def _project(one: LevelledProject) -> dict[str, Any]:
    return {
        "project": one.after.project,
        "start": instant(one.after.start),
        "finish": instant(one.after.finish),
        "was_finish": instant(one.before.finish),
        "days": one.days,
        "tasks": [task_object(task) for task in one.after.tasks if not task.container],
        "delays": [
            {"id": delay.after.item.id, "days": delay.days, "was_start": instant(delay.before.start)}
            for delay in one.delays
        ],
    }


def _overload(one: Overload) -> dict[str, Any]:
    return {
        "resource": one.resource,
        "start": instant(one.start),
        "finish": instant(one.finish),
        "used": one.used,
        "capacity": one.capacity,
    }
