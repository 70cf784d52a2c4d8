"""When a project may end, told by chances: from three-point estimates, from runs finished before, from risks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from hashlib import sha256
from typing import Any

from handrail.base.value import dataclass
from handrail.format.scalars import read_duration
from handrail.model.calendar import WorkingTime
from handrail.model.item import Item
from handrail.model.state import RunState
from handrail.plan.risk import TRIALS, Simulation, Spread, Threat, simulate
from handrail.plan.schedule import Passes, passes
from handrail.reports.json_views import instant
from handrail.reports.plan import tasks_of
from handrail.reports.results import Overview

LEAST_RUNS = 3
"""So many finished runs a process needs before a task that is done by one takes its length from them."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The chances. `plain` is the end by the likely estimates, `expected` by their means (their skew told apart).

    `critical` is the share of trials in which a task decided the end; `chance` that of those which kept the target,
    None without one. `cost80` is what the risks cost at most in four of five trials.
    """

    plain: datetime
    expected: datetime
    p50: datetime
    p80: datetime
    p90: datetime
    chance: float | None
    cost80: float
    trials: int = TRIALS
    critical: Mapping[str, float] = field(default_factory=dict)
    misses: Mapping[str, float] = field(default_factory=dict)  # how often a task ends after its deadline
    from_runs: tuple[str, ...] = ()  # tasks whose length comes from finished runs


def forecast(overview: Overview, project_id: str) -> Forecast | None:
    """Play a project through; None where nothing in it is uncertain, or nothing is left to do."""
    state, plan = overview.projects.get(project_id), overview.plans.get(project_id)
    if state is None or plan is None or state.state != "active" or plan.finish is None:
        return None
    time = state.time or overview.moment.normal
    tasks, start = tasks_of(overview.workspace, state, overview.moment, overview.runs)
    net = passes(tasks, start=start, now=overview.moment.now, time=time)
    items = {task.item.id: task.item for task in plan.tasks}
    spreads, from_runs = _spreads(overview, net, items, time)
    threats = _threats(overview, project_id, time)
    if not net.times or not (spreads or threats):
        return None
    seed = int.from_bytes(sha256(repr((project_id, [task.id for task in tasks])).encode()).digest()[:4], "big")
    found = simulate(net, spreads, threats, seed=seed)
    target = overview.workspace.projects[project_id].target
    chance = found.chance(net.axis.place(time.end_of(target))) if target else None
    return Forecast(
        plain=net.axis.finish(found.plain),
        expected=net.axis.finish(found.expected),
        p50=net.axis.finish(found.percentile(50)),
        p80=net.axis.finish(found.percentile(80)),
        p90=net.axis.finish(found.percentile(90)),
        chance=chance,
        cost80=found.cost_percentile(80),
        critical={times.task.id: share for times, share in zip(net.times, found.critical, strict=True) if share},
        misses=_misses(net, found),
        from_runs=from_runs,
    )


def _misses(net: Passes, found: Simulation) -> dict[str, float]:
    limits = {times.task.id: times.limit for times in net.times if times.limit is not None}
    return {
        task: 1 - bisect_right(ends, limits[task]) / len(ends) for task, ends in found.watched.items() if task in limits
    }


def _spreads(
    overview: Overview, net: Passes, items: Mapping[str, Item], time: WorkingTime
) -> tuple[dict[str, Spread], tuple[str, ...]]:
    found: dict[str, Spread] = {}
    from_runs: list[str] = []
    for times in net.times:
        item = items.get(times.task.id)
        if item is None or times.done or not times.length:
            continue
        lengths = _run_lengths(overview, item.attributes.run, time)
        estimate = item.attributes.est
        if lengths:
            found[item.id] = Spread(samples=tuple(length / times.work for length in lengths))
            from_runs.append(item.id)
        elif estimate and estimate.optimistic and estimate.pessimistic:
            likely = time.seconds(estimate.likely) or 1.0
            low, high = time.seconds(estimate.optimistic) / likely, time.seconds(estimate.pessimistic) / likely
            found[item.id] = Spread(min(low, 1.0), 1.0, max(high, 1.0))
    return found, tuple(from_runs)


def _run_lengths(overview: Overview, process: str, time: WorkingTime) -> list[int]:
    """Give how long finished runs of a process took in working time, in microseconds; nothing where there are few."""
    if not process:
        return []
    runs = [state for state in overview.runs.values() if state.run.process == process and _counts(state)]
    lengths = [round(time.between(one.run.started, one.finished).total_seconds() * 1e6) for one in runs if one.finished]
    return lengths if len(lengths) >= LEAST_RUNS else []


def _counts(state: RunState) -> bool:
    return state.state == "done" and not state.run.trial


def _threats(overview: Overview, project_id: str, time: WorkingTime) -> tuple[Threat, ...]:
    found = []
    for risk in overview.workspace.projects[project_id].risks:
        delay = round(time.seconds(read_duration(risk.delay)) * 1e6) if risk.delay else 0
        if risk.probability > 0 and (delay or risk.impact):
            found.append(Threat(min(risk.probability, 1.0), delay, risk.impact))
    return tuple(found)


def forecast_object(found: Forecast | None) -> dict[str, Any] | None:
    """Give the chances as JSON, null where nothing is uncertain."""
    if found is None:
        return None
    return {
        "plain": instant(found.plain),
        "expected": instant(found.expected),
        "p50": instant(found.p50),
        "p80": instant(found.p80),
        "p90": instant(found.p90),
        "target_chance": found.chance,
        "risk_cost_p80": found.cost80,
        "trials": found.trials,
        "criticality": {task: round(share, 3) for task, share in found.critical.items()},
        "deadline_misses": {task: round(share, 3) for task, share in found.misses.items()},
        "from_runs": list(found.from_runs),
    }
