"""The critical path method on working time: when each task can happen, and when it must.

A forward pass gives early dates, a backward pass late ones (Kelley and Walker, "Critical-Path Planning and
Scheduling", 1959), with start and finish links, lag and lead. Retained logic: what is left of a task in
progress waits for what the task waits for. Nothing that is not finished lies before `now`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handrail.base.value import dataclass
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.item import LinkKind
from handrail.plan.axis import WorkAxis
from handrail.plan.network import cycle_in, in_order, knots
from handrail.plan.task import MissedDeadline, Schedule, Task, TaskDates

__all__ = ["MissedDeadline", "Schedule", "Task", "TaskDates", "schedule"]

_MICRO = 1_000_000
_NO_LAG = Duration(0, "m")


def schedule(tasks: Sequence[Task], *, start: datetime, now: datetime, time: WorkingTime) -> Schedule:
    """Schedule the tasks of a project that begins at `start`, as things stand at `now`.

    Never fails on the tasks: links to nothing and links within cycles are left out and named in the result;
    of two tasks with one id the first counts.
    """
    plan = passes(tasks, start=start, now=now, time=time)
    return plan.result() if plan.times else Schedule(None, None)


def passes(tasks: Sequence[Task], *, start: datetime, now: datetime, time: WorkingTime) -> Passes:
    """Run both passes, and give them with all that they found: what levelling and risk begin from."""
    plan = Passes(Net(tasks), WorkAxis(time, start), start, now)
    if plan.times:
        plan.forward()
        plan.backward()
    return plan


@dataclass(frozen=True, slots=True)
class Tie:
    """A link between two tasks by number."""

    first: int
    then: int
    kind: LinkKind
    lag: Duration


class Net:
    """The tasks by number, and the links among them that can be used."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        named: dict[str, Task] = {}
        for task in tasks:
            named.setdefault(task.id, task)
        self.tasks = tuple(named.values())
        numbers = {name: number for number, name in enumerate(named)}
        self.unknown = tuple(
            (task.id, link.item) for task in self.tasks for link in task.links if link.item not in numbers
        )
        self.before: list[list[Tie]] = [
            [
                Tie(numbers[link.item], number, link.kind, link.lag or _NO_LAG)
                for link in task.links
                if link.item in numbers
            ]
            for number, task in enumerate(self.tasks)
        ]
        self.cycles = self._untied()
        self.after: list[list[Tie]] = [[] for _ in self.tasks]
        for ties in self.before:
            for tie in ties:
                self.after[tie.first].append(tie)
        self.order = in_order(self._waits_for())

    def _waits_for(self) -> list[list[int]]:
        return [[tie.first for tie in ties] for ties in self.before]

    def _untied(self) -> tuple[tuple[str, ...], ...]:
        """Name the cycles and take out the links within them."""
        waits_for = self._waits_for()
        found = knots(waits_for)
        names = tuple(tuple(self.tasks[number].id for number in cycle_in(waits_for, members)) for members in found)
        knot_of = {number: index for index, members in enumerate(found) for number in members}
        for number, knot in knot_of.items():
            self.before[number] = [tie for tie in self.before[number] if knot_of.get(tie.first) != knot]
        return names


@dataclass(slots=True)
class Times:
    """One task while the passes run. Places on the work axis; `length` is what is left to do."""

    task: Task
    work: int = 0
    length: int = 0
    floor: datetime | None = None
    driver: int = -1
    early_start: int = 0
    left_start: int = 0  # of what is left to do; the early start of a task that has not started
    early_finish: int = 0
    late_start: int = 0
    late_finish: int = 0
    limit: int | None = None  # the deadline
    shown_start: datetime | None = None
    shown_finish: datetime | None = None

    @property
    def done(self) -> bool:
        """Whether it is finished."""
        return self.task.actual_finish is not None

    @property
    def started(self) -> bool:
        """Whether somebody has begun it."""
        return self.task.actual_start is not None or self.done

    @property
    def elapsed(self) -> bool:
        """Whether its length is wall time."""
        return self.task.work.elapsed and not self.task.milestone

    @property
    def apart(self) -> bool:
        """Whether its time is not the axis': wall time, or that of the people on it."""
        return self.elapsed or (self.task.time is not None and not self.task.milestone)


class Passes:
    """The two passes over one net."""

    def __init__(self, net: Net, axis: WorkAxis, start: datetime, now: datetime) -> None:
        self.net = net
        self.axis = axis
        self.floor = max(start, now)
        self.now = now
        self.times = [Times(task) for task in net.tasks]
        self.end = 0

    def forward(self) -> None:
        """Find the early dates."""
        for number in self.net.order:
            times = self.times[number]
            self._measure(times)
            if times.done:
                self._freeze(times)
            else:
                self._place_early(times, self.net.before[number])
        self.end = max(times.early_finish for times in self.times)

    def backward(self) -> None:
        """Find the late dates: the latest that keep the finish and every deadline."""
        for number in reversed(self.net.order):
            times = self.times[number]
            if times.done:
                continue
            bounds = [self._latest(tie, times) for tie in self.net.after[number] if self._binds(tie)]
            bounds.append(self.end)
            if times.limit is not None:
                bounds.append(times.limit)
            times.late_finish = min(bounds)
            times.late_start = self._start_for(times, times.late_finish)

    def result(self) -> Schedule:
        """Put the places back on the calendar."""
        dates = {times.task.id: self._dates(number, times) for number, times in enumerate(self.times)}
        return Schedule(
            start=min(shown.early_start for shown in dates.values()),
            finish=max(shown.early_finish for shown in dates.values()),
            dates=dates,
            missed=tuple(sorted(self._missed(dates), key=lambda missed: (-missed.by_s, missed.task))),
            cycles=self.net.cycles,
            unknown=self.net.unknown,
        )

    def _measure(self, times: Times) -> None:
        task = times.task
        times.work = 0 if task.milestone else max(0, self.axis.length(task.work))
        times.length = times.work
        if task.deadline is not None:
            times.limit = self.axis.place(self.axis.time.start_of(_day_after(task.deadline)))
        if task.actual_start is None:
            return
        if task.actual_start >= self.now:
            return  # it begins only now, or later: nothing of it can be over
        if task.progress is not None:
            # To the second: percents are rounded.
            times.length = round(times.work * (1 - min(max(task.progress, 0.0), 1.0)) / _MICRO) * _MICRO
        else:
            times.length = max(0, times.work - max(0, self._worked(times, task.actual_start)))

    def _worked(self, times: Times, since: datetime) -> int:
        if times.elapsed:
            return (self.now - since) // timedelta(microseconds=1)
        if times.task.time is not None:
            return times.task.time.between(since, self.now) // timedelta(microseconds=1)
        return self.axis.place(self.now) - self.axis.place(since)

    def _freeze(self, times: Times) -> None:
        """Give a finished task its actual dates; where nobody said when it began, as long before as it takes."""
        finish = times.task.actual_finish or self.now
        start = times.task.actual_start
        if start is None:
            start = self.axis.start(self.axis.place(finish) - times.work) if times.work else finish
        times.shown_start, times.shown_finish = min(start, finish), finish
        times.early_start = times.left_start = times.late_start = self.axis.place(times.shown_start)
        times.early_finish = times.late_finish = self.axis.place(finish)

    def _place_early(self, times: Times, ties: Sequence[Tie]) -> None:
        task = times.task
        times.floor = self.floor
        if task.actual_start is not None:
            times.floor = max(self.now, task.actual_start)
        else:
            first = [self.axis.time.start_of(task.start)] if task.start is not None else []
            times.floor = max([self.floor, *first, *([task.not_before] if task.not_before else [])])
        times.left_start = self.axis.place(times.floor)
        for tie in ties:
            earliest = self._earliest(tie, times)
            if earliest is not None and (
                earliest > times.left_start or (earliest == times.left_start and times.driver < 0)
            ):
                times.left_start, times.driver = earliest, tie.first
        times.early_start = times.left_start
        if task.actual_start is not None:
            times.early_start = self.axis.place(task.actual_start)
            times.shown_start = task.actual_start
        self._finish_early(times)

    def _finish_early(self, times: Times) -> None:
        if not times.apart:
            times.early_finish = times.left_start + times.length
            return
        begins = self._moment(times, times.left_start)
        if not times.elapsed:
            begins = self._own_start(times, max(begins, times.floor or begins))
        times.shown_start = times.shown_start or begins
        times.shown_finish = self._later(times, begins, times.length)
        times.early_finish = self.axis.place(times.shown_finish)

    def _own_start(self, times: Times, instant: datetime) -> datetime:
        """Give when somebody on a task works first at or after an instant."""
        if not times.length:
            return instant
        return self._later(times, self._later(times, instant, _MICRO), -_MICRO)

    def _later(self, times: Times, instant: datetime, micros: int) -> datetime:
        """Give the instant so much of a task's own time after another one (negative: before)."""
        span = _wall(micros)
        if times.elapsed or times.task.time is None:
            return self.axis.elapse(instant, span)
        return times.task.time.add(instant, Duration(span.amount, span.unit))

    def _moment(self, times: Times, place: int) -> datetime:
        """Give the instant of something that needs no working hours: as soon as it can be."""
        soonest = self.axis.finish(place)
        return soonest if times.floor is None or soonest >= times.floor else self.axis.start(place)

    def _earliest(self, tie: Tie, times: Times) -> int | None:
        """Give the first place at which a link lets what is left of its second task start."""
        if times.started and tie.kind == "ss":
            return None
        first = self.times[tie.first]
        begin = first.early_start if tie.kind in ("ss", "sf") else first.early_finish
        target = self.axis.after(begin, tie.lag)
        return target if tie.kind in ("fs", "ss") else self._start_for(times, target)

    def _start_for(self, times: Times, finish: int) -> int:
        """Give the place at which what is left has to start to finish at a place."""
        if times.elapsed:
            return self.axis.before(finish, _wall(times.length))
        if times.apart:
            return self.axis.place(self._later(times, self.axis.finish(finish), -times.length))
        return finish - times.length

    def _binds(self, tie: Tie) -> bool:
        """Tell whether a link still bounds the late finish of its first task."""
        then = self.times[tie.then]
        if then.done or (then.started and tie.kind == "ss"):
            return False
        return not (self.times[tie.first].started and tie.kind in ("ss", "sf"))

    def _latest(self, tie: Tie, first: Times) -> int:
        """Give the last place at which the first task of a link may finish for the second to be in time."""
        then = self.times[tie.then]
        bound = self.axis.before(then.late_start if tie.kind in ("fs", "ss") else then.late_finish, tie.lag)
        if tie.kind in ("fs", "ff"):
            return bound
        if first.elapsed:
            return self.axis.after(bound, _wall(first.length))
        if first.apart:
            return self.axis.place(self._later(first, self.axis.start(bound), first.length))
        return bound + first.length

    def _free(self, number: int, times: Times) -> int:
        """Give how far a task can move without moving another."""
        slack = [self.end - times.early_finish]
        for tie in self.net.after[number]:
            if self._binds(tie):
                then = self.times[tie.then]
                begin = times.early_start if tie.kind in ("ss", "sf") else times.early_finish
                reached = then.left_start if tie.kind in ("fs", "ss") else then.early_finish
                slack.append(reached - self.axis.after(begin, tie.lag))
        return min(slack)

    def _dates(self, number: int, times: Times) -> TaskDates:
        total = min(times.late_finish - times.early_finish, times.late_start - times.left_start)
        early = self._shown(times)
        late = self._shown_late(times, early)
        return TaskDates(
            id=times.task.id,
            early_start=early[0],
            early_finish=early[1],
            late_start=late[0],
            late_finish=late[1],
            total_float_s=0.0 if times.done else total / _MICRO,
            free_float_s=0.0 if times.done else self._free(number, times) / _MICRO,
            critical=not times.done and total <= 0,
            driver=self.net.tasks[times.driver].id if times.driver >= 0 else "",
            work_s=times.work / _MICRO,
            progress=_progress(times),
        )

    def _shown(self, times: Times) -> tuple[datetime, datetime]:
        if not times.length and not times.done:  # a milestone: the day on which what it waits for finishes
            at = self._moment(times, times.left_start)
            return times.shown_start or at, at
        start = times.shown_start or self.axis.start(times.early_start)
        return start, times.shown_finish or self.axis.finish(times.early_finish)

    def _shown_late(self, times: Times, early: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
        if times.done:
            return early
        finish = early[1] if times.late_finish == times.early_finish else self.axis.finish(times.late_finish)
        if times.task.actual_start is not None:
            return early[0], finish
        if not times.length:
            return finish, finish
        if times.apart and not times.elapsed:
            return self._own_start(times, self.axis.start(times.late_start)), finish
        return self.axis.start(times.late_start), finish

    def _missed(self, dates: dict[str, TaskDates]) -> list[MissedDeadline]:
        return [
            MissedDeadline(
                task=times.task.id,
                deadline=self.axis.time.end_of(times.task.deadline),
                finish=dates[times.task.id].early_finish,
                by_s=(times.early_finish - times.limit) / _MICRO,
            )
            for times in self.times
            if times.task.deadline is not None and times.limit is not None and times.early_finish > times.limit
        ]


def _progress(times: Times) -> float:
    """Give how much of a task is done, from the time worked where nobody said it."""
    if times.done:
        return 1.0
    if not times.started:
        return 0.0
    if times.task.progress is not None:
        return min(max(times.task.progress, 0.0), 1.0)
    return 1 - times.length / times.work if times.work else 0.0


def _wall(micros: int) -> Duration:
    return Duration(micros / (60 * _MICRO), "m", elapsed=True)


def _day_after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)
