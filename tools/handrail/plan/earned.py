"""Earned value: what should have been done, what was done, what it cost, and what follows for the end.

Terms and formulas are those of the PMI practice standard for earned value management; earned schedule is Lipke's
("Schedule is different", 2003). Time is a number on an axis of working time, in any unit, counted from the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from handrail.base.value import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """One task of the baseline: its budget, spread evenly from `start` to `finish`, and the share (0 to 1) done."""

    budget: float
    start: float
    finish: float
    progress: float


@dataclass(frozen=True, slots=True)
class Earned:
    """The figures at one moment. What would be divided by nothing is None, never infinite.

    `planned`, `earned`, `actual` are PV, EV and AC; `actual` is None where nothing is known of it, and then so are the
    figures that need it. `schedule` is earned schedule: the point on the axis at which as much was to be earned.
    `end` is where the axis' plan would end at the pace so far.
    """

    budget: float
    planned: float
    earned: float
    actual: float | None
    schedule_variance: float
    cost_variance: float | None
    schedule_index: float | None
    cost_index: float | None
    at_completion: float | None
    to_complete: float | None
    variance_at_completion: float | None
    to_complete_index: float | None
    schedule: float | None
    time_index: float | None
    end: float | None


def earned_value(work: Sequence[Work], *, at: float, actual: float | None) -> Earned:
    """Give the figures at the point `at` of the axis, which began at 0. `actual` is the cost until then."""
    budget = sum(task.budget for task in work)
    planned = sum(task.budget * _share(task, at) for task in work)
    earned = sum(task.budget * task.progress for task in work)
    cost_index = _ratio(earned, actual)
    at_completion = _ratio(budget, cost_index)
    schedule = _earned_schedule(work, earned)
    time_index = _ratio(schedule, at)
    return Earned(
        budget=budget,
        planned=planned,
        earned=earned,
        actual=actual,
        schedule_variance=earned - planned,
        cost_variance=None if actual is None else earned - actual,
        schedule_index=_ratio(earned, planned),
        cost_index=cost_index,
        at_completion=at_completion,
        to_complete=None if at_completion is None or actual is None else at_completion - actual,
        variance_at_completion=None if at_completion is None else budget - at_completion,
        to_complete_index=None if actual is None else _ratio(budget - earned, budget - actual),
        schedule=schedule,
        time_index=time_index,
        end=_ratio(max((task.finish for task in work), default=0.0), time_index),
    )


def planned_value(work: Sequence[Work], at: float) -> float:
    """Give what the plan has earned by the point `at`."""
    return sum(task.budget * _share(task, at) for task in work)


def _share(task: Work, at: float) -> float:
    """Give the share of a task that is due by `at`; one without length is due whole at its moment."""
    if at >= task.finish:
        return 1.0
    return 0.0 if at <= task.start else (at - task.start) / (task.finish - task.start)


def _earned_schedule(work: Sequence[Work], earned: float) -> float | None:
    """Give the first point at which the plan is worth what was earned: exact, since the plan is linear in pieces."""
    if not work or sum(task.budget for task in work) <= 0:
        return None
    points = sorted({0.0, *(task.start for task in work), *(task.finish for task in work)})
    if earned <= planned_value(work, points[0]):
        return 0.0
    for before, after in pairwise(points):
        low, high = planned_value(work, before), planned_value(work, after)
        jump = sum(task.budget for task in work if task.start == task.finish == after)
        if earned <= high - jump:
            return before + (after - before) * (earned - low) / (high - jump - low)
        if earned <= high:
            return after
    return points[-1]


def _ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below
