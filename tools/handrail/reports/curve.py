"""How a project went week by week: value planned, earned and spent; tasks finished and to be finished."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from handrail.base.value import dataclass
from handrail.model.baseline import Baseline, BaselineTask
from handrail.model.calendar import WorkingTime
from handrail.model.people import Config
from handrail.model.state import CLOSED
from handrail.plan.earned import Work, planned_value
from handrail.reports.control import Control
from handrail.reports.cost import cost_of, total
from handrail.reports.results import Overview, PlannedTask

MOST_POINTS = 60


@dataclass(frozen=True, slots=True)
class ValuePoint:
    """Value at one moment, in money, or in hours where nothing has a price; None for what nobody knows (yet).

    `expected` leads from what is spent now to what the whole will cost at this rate.
    """

    at: datetime
    planned: float
    earned: float | None
    actual: float | None
    expected: float | None


@dataclass(frozen=True, slots=True)
class TaskPoint:
    """Tasks at one moment: finished until then, to be finished until then by the plan, and by the baseline."""

    at: datetime
    finished: int | None
    planned: int | None
    agreed: int | None


def value_curve(overview: Overview, control: Control) -> tuple[ValuePoint, ...]:
    """Give planned value, earned value and actual cost by week, and the expected cost; nothing without a baseline.

    At an earlier moment a task counts as earned once it was finished by then: how far it was is not kept.
    """
    baseline, earned = control.baseline, control.earned
    if baseline is None or earned is None or earned.budget <= 0:
        return ()
    now = overview.moment.now
    time = overview.moment.time_of(control.project)
    tasks = [task for task in control.plan.tasks if not task.container]
    end = max(baseline.finish, control.plan.finish or baseline.finish)
    work = _work(baseline, time, by_hours=control.by_hours)
    found = []
    for at in _moments(baseline.start, end, now):
        past = at <= now
        value = _earned(tasks, baseline, at, now, by_hours=control.by_hours) if past else None
        spent = _spent(tasks, overview.workspace.config, time, at, now, by_hours=control.by_hours) if past else None
        planned = planned_value(work, time.between(baseline.start, at).total_seconds() / 3600)
        known = spent if earned.actual is not None else None
        found.append(ValuePoint(at, planned, value, known, _expected(control, at, now, end)))
    return tuple(found)


def task_curve(overview: Overview, control: Control) -> tuple[TaskPoint, ...]:
    """Give by week how many tasks were finished, and will be; nothing for a project without tasks."""
    now = overview.moment.now
    tasks = [task for task in control.plan.tasks if not task.container and task.state not in ("na", "cancelled")]
    if not tasks:
        return ()
    done = sorted(task.finish for task in tasks if task.state in CLOSED)
    ends = sorted(task.finish for task in tasks)
    agreed = sorted(one.finish for one in control.baseline.tasks.values()) if control.baseline else []
    moments = _moments(min(task.start for task in tasks), max([ends[-1], *agreed[-1:]]), now)
    return tuple(
        TaskPoint(
            at,
            bisect_right(done, at) if at <= now else None,
            bisect_right(ends, at) if at >= now else None,
            bisect_right(agreed, at) if agreed else None,
        )
        for at in moments
    )


def _moments(start: datetime, end: datetime, now: datetime) -> list[datetime]:
    """Give moments a week (or several) apart from start to end, both included, and now where it lies between."""
    weeks = max(1, -(-(end - start).days // (7 * MOST_POINTS)))
    found = {start, end} | ({now} if start < now < end else set())
    at = start
    while (at := at + timedelta(weeks=weeks)) < end:
        found.add(at)
    return sorted(found)


def _work(baseline: Baseline, time: WorkingTime, *, by_hours: bool) -> list[Work]:
    def point(instant: datetime) -> float:
        return max(time.between(baseline.start, instant).total_seconds() / 3600, 0.0)

    return [
        Work(_worth(one, by_hours=by_hours), point(one.start), point(one.finish), 0.0)
        for one in baseline.tasks.values()
    ]


def _worth(one: BaselineTask, *, by_hours: bool) -> float:
    return one.work_s / 3600 if by_hours else one.cost


def _earned(tasks: Iterable[PlannedTask], baseline: Baseline, at: datetime, now: datetime, *, by_hours: bool) -> float:
    worth = {name: _worth(one, by_hours=by_hours) for name, one in baseline.tasks.items()}
    return sum(worth.get(task.item.id, 0.0) * _progress(task, at, now) for task in tasks)


def _progress(task: PlannedTask, at: datetime, now: datetime) -> float:
    if at >= now:
        return task.progress
    return task.progress if task.state in CLOSED and task.finish <= at else 0.0


def _spent(
    tasks: Iterable[PlannedTask], config: Config, time: WorkingTime, at: datetime, now: datetime, *, by_hours: bool
) -> float:
    costs = []
    for task in tasks:
        events = tuple(event for event in task.item.events if event.time <= at)
        then = replace(task, item=replace(task.item, events=events), progress=_progress(task, at, now))
        costs.append(cost_of(then, config, time))
    money = total(costs)
    return money.hours if by_hours else money.actual


def _expected(control: Control, at: datetime, now: datetime, end: datetime) -> float | None:
    earned = control.earned
    if earned is None or earned.actual is None or earned.at_completion is None or at < now or end <= now:
        return None
    return earned.actual + (earned.at_completion - earned.actual) * ((at - now) / (end - now))
