"""A scheduled net in slots of working time, as levelling wants it, and levelled starts as instants again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from math import gcd

from handrail.base.value import dataclass
from handrail.model.calendar import Duration, WorkingTime
from handrail.plan.level import Job, Levelled, Tie, bound_of
from handrail.plan.schedule import Passes, Times

SHARES = 100
"""A whole person or thing in the whole numbers that levelling counts with."""

_QUARTER = 15 * 60 * 1_000_000
_MOST_SLOTS = 60_000


@dataclass(frozen=True, slots=True)
class Demand:
    """What a task needs while it runs: names of people and things with amounts. `urgency` is smaller for what is first.

    `away` are the working times of those on it who have their own: in a slot in which none of them works it rests.
    """

    uses: tuple[tuple[str, float], ...] = ()
    urgency: int = 0
    away: tuple[WorkingTime, ...] = ()


@dataclass(frozen=True, slots=True)
class Overload:
    """A resource that is used above what there is of it, from slot `start` to before `finish`, at most `used`."""

    resource: str
    start: datetime
    finish: datetime
    used: float
    capacity: float


class Slots:
    """One or several scheduled nets (one a project) over shared resources, in slots of one length."""

    def __init__(
        self, plans: Sequence[Passes], demands: Sequence[Mapping[str, Demand]], capacity: Mapping[str, float]
    ) -> None:
        self.plans = tuple(plans)
        self.names = tuple(capacity)
        self.capacity = [round(amount * SHARES) for amount in capacity.values()]
        self.open = [
            (group, number)
            for group, plan in enumerate(plans)
            for number, times in enumerate(plan.times)
            if not times.done
        ]
        self._axis = plans[0].axis if plans else None
        self._base = [_base(plan) for plan in plans]
        self.slot = self._slot()
        day = round(plans[0].axis.time.seconds(Duration(1, "d")) * 1_000_000) if plans else self.slot
        self.step = max(day // self.slot, 1) if day % self.slot == 0 else 1
        self._rests: dict[tuple[int, int], frozenset[int]] = {}
        index = {name: position for position, name in enumerate(self.names)}
        place = {key: position for position, key in enumerate(self.open)}
        self.jobs = [self._job(group, number, demands[group], index, place) for group, number in self.open]

    def early(self) -> Levelled:
        """Give when each job runs in the plan as it stands."""
        starts = tuple(self._at(group, self._times(group, number).left_start) for group, number in self.open)
        ends = tuple(
            start + (self._spanned(*key) or job.length)
            for start, key, job in zip(starts, self.open, self.jobs, strict=True)
        )
        return Levelled(starts, ends)

    def delays(self, found: Levelled) -> list[dict[str, datetime]]:
        """Give, for each plan, the tasks that start later than what they wait for lets them, and when."""
        delays: list[dict[str, datetime]] = [{} for _ in self.plans]
        for position, (group, number) in enumerate(self.open):
            times = self._times(group, number)
            bound = max(bound_of(self.jobs[position], found.starts, found.finishes), self._at(group, times.left_start))
            if found.starts[position] > bound and not times.started:
                place = found.starts[position] * self.slot + self._base[group]
                delays[group][times.task.id] = self.plans[group].axis.start(place)
        return delays

    def overloads(self, found: Levelled) -> tuple[Overload, ...]:
        """Give where resources are used above what there is, each span once, the first first."""
        lines: list[dict[int, int]] = [{} for _ in self.capacity]
        for job, start, finish in zip(self.jobs, found.starts, found.finishes, strict=True):
            for resource, amount in job.uses:
                line = lines[resource]
                for slot in range(start, finish):
                    if slot not in job.rests:
                        line[slot] = line.get(slot, 0) + amount
        spans = [span for resource, line in enumerate(lines) for span in self._over(resource, line)]
        return tuple(sorted(spans, key=lambda span: (span.start, span.resource)))

    def _over(self, resource: int, line: Mapping[int, int]) -> list[Overload]:
        slots = sorted(slot for slot, used in line.items() if used > self.capacity[resource])
        found: list[Overload] = []
        begin = 0
        for position, slot in enumerate(slots):
            if position + 1 == len(slots) or slots[position + 1] != slot + 1:
                part = slots[begin : position + 1]
                used = max(line[one] for one in part) / SHARES
                axis, base = self.plans[0].axis, self._base[0]
                first = axis.start(part[0] * self.slot + base)
                last = axis.finish((part[-1] + 1) * self.slot + base)
                found.append(Overload(self.names[resource], first, last, used, self.capacity[resource] / SHARES))
                begin = position + 1
        return found

    def _times(self, group: int, number: int) -> Times:
        return self.plans[group].times[number]

    def _at(self, group: int, place: int) -> int:
        return max(0, -((self._base[group] - place) // self.slot))

    def _spanned(self, group: int, number: int) -> int:
        times = self._times(group, number)
        return self._at(group, times.early_finish) - self._at(group, times.left_start)

    def _slot(self) -> int:
        """Give the largest slot that fits every length, lag and beginning; where that is too small, a larger one."""
        size, longest = 0, 0
        for group, number in self.open:
            times = self._times(group, number)
            for amount in (times.length, times.left_start - self._base[group], self._release(group, number)):
                size = gcd(size, abs(amount))
            for tie in self.plans[group].net.before[number]:
                size = gcd(size, abs(self._lag(group, tie.first, tie.lag)))
            longest = max(longest, times.length, times.early_finish - self._base[group])
        total = longest + sum(self._times(*key).length for key in self.open)
        return size if size and total // size <= _MOST_SLOTS else max(_QUARTER, -(-total // _MOST_SLOTS))

    def _release(self, group: int, number: int) -> int:
        """Give the first place at which a task may start, by its own dates and by what is finished already."""
        plan, times = self.plans[group], self._times(group, number)
        first = plan.axis.place(times.floor) if times.floor else self._base[group]
        for tie in plan.net.before[number]:
            before = plan.times[tie.first]
            if before.done and not (times.started and tie.kind == "ss"):
                begin = before.early_finish if tie.kind in ("fs", "ff") else before.early_start
                reached = begin + self._lag(group, tie.first, tie.lag)
                first = max(first, reached - (times.length if tie.kind in ("ff", "sf") else 0))
        return max(first, self._base[group]) - self._base[group]

    def _lag(self, group: int, first: int, lag: Duration) -> int:
        axis, end = self.plans[group].axis, self.plans[group].times[first].early_finish
        return axis.after(end, lag) - end

    def _job(
        self,
        group: int,
        number: int,
        demands: Mapping[str, Demand],
        index: Mapping[str, int],
        place: Mapping[tuple[int, int], int],
    ) -> Job:
        plan, times = self.plans[group], self._times(group, number)
        demand = demands.get(times.task.id, Demand())
        ties = tuple(
            Tie(place[group, tie.first], tie.kind, self._slots(self._lag(group, tie.first, tie.lag)))
            for tie in plan.net.before[number]
            if (group, tie.first) in place and not (times.started and tie.kind == "ss")
        )
        uses = tuple((index[name], round(amount * SHARES)) for name, amount in demand.uses if name in index)
        rests = self._resting(group, demand.away) if demand.away and times.length else frozenset()
        # What runs on another clock takes as many slots as the plan gives it.
        length = self._working(group, number, rests) if times.apart else self._slots(times.length)
        release = self._slots(self._release(group, number))
        fixed = release if times.task.actual_start is not None and not ties else None
        return Job(length, ties, uses, release, fixed, demand.urgency, rests, group)

    def _working(self, group: int, number: int, rests: frozenset[int]) -> int:
        first = self._at(group, self._times(group, number).left_start)
        return sum(1 for slot in range(first, first + self._spanned(group, number)) if slot not in rests)

    def _slots(self, micros: int) -> int:
        return -(-micros // self.slot)

    def _resting(self, group: int, away: tuple[WorkingTime, ...]) -> frozenset[int]:
        """Give the slots in which none of the people on a task works, as far as any schedule can reach."""
        key = (group, hash(tuple(id(time) for time in away)))
        if key not in self._rests:
            plan = self.plans[group]
            total = sum(self._times(*one).length for one in self.open) // self.slot
            reach = self._at(group, max(times.early_finish for times in plan.times)) + total + 1
            edges = [plan.axis.start(slot * self.slot + self._base[group]) for slot in range(min(reach, 4000) + 1)]
            self._rests[key] = frozenset(
                slot
                for slot, (first, last) in enumerate(pairwise(edges))
                if not any(time.between(first, last) for time in away)
            )
        return self._rests[key]


def _base(plan: Passes) -> int:
    """Give the place of the morning of the day from which things can be moved, so that days begin at whole steps."""
    time = plan.axis.time
    return plan.axis.place(time.start_of(time.local_date(plan.floor)))
