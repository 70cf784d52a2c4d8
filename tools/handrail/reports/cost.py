"""What the tasks of a project cost: planned by `cost=`, effort and rates; spent by what was noted."""

from __future__ import annotations

import math
from collections.abc import Iterable

from handrail.base.value import dataclass
from handrail.model.calendar import WorkingTime
from handrail.model.item import Event
from handrail.model.people import Config
from handrail.reports.results import PlannedTask

_HOUR = 3600.0
_MOST = 1e12


@dataclass(frozen=True, slots=True)
class Cost:
    """One task's money. `assumed` is the part of `actual` that nobody noted, taken from the plan and the progress."""

    planned: float = 0.0
    actual: float = 0.0
    assumed: float = 0.0
    hours: float = 0.0  # as noted

    def __add__(self, other: Cost) -> Cost:
        """Give the sum of two costs."""
        return Cost(
            self.planned + other.planned,
            self.actual + other.actual,
            self.assumed + other.assumed,
            self.hours + other.hours,
        )


def cost_of(task: PlannedTask, config: Config, time: WorkingTime) -> Cost:
    """Give what a task was to cost and has cost so far.

    Planned: its `cost=` and its effort at the mean rate of those who have it. Actual: the hours that were noted
    (`hours=` on any of its events) at the rate of who noted them, and the sums (`cost=`). Where no hours (no sums) were
    noted, the planned ones count by the task's progress, and are told as assumed.
    """
    fixed = task.item.attributes.cost or 0.0
    labour = effort_s(task, time) / _HOUR * _rate(config, task.assignees)
    hours = [(amount_of(event, "hours"), event.who) for event in task.item.events]
    sums = [amount_of(event, "cost") for event in task.item.events]
    noted_labour = sum(amount * config.person(who).rate for amount, who in hours if amount is not None)
    noted_sums = sum(amount for amount in sums if amount is not None)
    no_hours = all(amount is None for amount, _ in hours)
    no_sums = all(amount is None for amount in sums)
    assumed = (labour * task.progress if no_hours else 0.0) + (fixed * task.progress if no_sums else 0.0)
    return Cost(
        planned=fixed + labour,
        actual=noted_labour + noted_sums + assumed,
        assumed=assumed,
        hours=sum(amount for amount, _ in hours if amount is not None),
    )


def effort_s(task: PlannedTask, time: WorkingTime) -> float:
    """Give the effort that a task is estimated at, in seconds of working time; nothing for a milestone."""
    estimate = task.item.attributes.est
    return time.seconds(estimate.likely) if estimate and not task.milestone else 0.0


def total(costs: Iterable[Cost]) -> Cost:
    """Sum up costs."""
    return sum(costs, Cost())


def amount_of(event: Event, key: str) -> float | None:
    """Give the number that an event carries under `key`, None where it carries none that can be read."""
    try:
        amount = float(event.value(key))
    except ValueError:
        return None
    return amount if math.isfinite(amount) and abs(amount) < _MOST else None


def _rate(config: Config, people: tuple[str, ...]) -> float:
    members = [member for name in people for member in config.members(name)]
    rates = [config.person(member).rate for member in members]
    return sum(rates) / len(rates) if rates else 0.0
