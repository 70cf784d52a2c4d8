"""What goes into a schedule and what comes out of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime

from handrail.base.value import dataclass
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.item import Link

ONE_DAY = Duration(1, "d")


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, no container.

    `work` is how long it takes. `links` name what it depends on. `start` is the first day on which it may
    start; `deadline` the day by whose end it should be finished: it moves nothing. A milestone takes no time.

    `actual_start` makes it a task in progress, `actual_finish` a finished one. `progress` (0 to 1) says how
    much of the work of a task in progress is done; where it is None, the time worked since its start counts.
    `time` is the working time of the people on it, where it is not the project's: `work` is effort in it.
    `not_before` is an instant that something else has found out, as levelling does.
    A task that does not apply any more is handed in as a milestone, so that what it held together stays so.
    """

    id: str
    work: Duration = ONE_DAY
    links: tuple[Link, ...] = ()
    start: date | None = None
    deadline: date | None = None
    milestone: bool = False
    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    progress: float | None = None
    time: WorkingTime | None = field(default=None, compare=False)
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskDates:
    """When one task can and must happen. Instants are UTC, floats seconds of working time.

    A task that has started has its actual start as early and as late start: it cannot begin again. A finished
    task has its actual dates throughout, no float, and is never critical.
    `driver` is the id of the task whose link decides its early dates, empty where a date or `now` does.
    """

    id: str
    early_start: datetime
    early_finish: datetime
    late_start: datetime
    late_finish: datetime
    total_float_s: float
    free_float_s: float
    critical: bool
    driver: str = ""
    work_s: float = 0.0
    progress: float = 0.0


@dataclass(frozen=True, slots=True)
class MissedDeadline:
    """A task that finishes after its deadline, `by_s` seconds of working time too late."""

    task: str
    deadline: datetime
    finish: datetime
    by_s: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """The dates of all tasks. `start` and `finish` are None where there are no tasks.

    `missed` holds the deadlines that cannot be met, worst first. `cycles` names the members of each cycle, each
    waiting for the one before it and the first for the last; the links among them were left out. `unknown`
    holds (task, link) where a link leads nowhere.
    """

    start: datetime | None
    finish: datetime | None
    dates: Mapping[str, TaskDates] = field(default_factory=dict)
    missed: tuple[MissedDeadline, ...] = ()
    cycles: tuple[tuple[str, ...], ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()

    def chain(self, task: str) -> tuple[str, ...]:
        """Give the chain of tasks that decides when `task` happens, from the first of them to itself."""
        chain: list[str] = []
        while task:
            chain.append(task)
            task = self.dates[task].driver
        return tuple(reversed(chain))

    @property
    def critical_path(self) -> tuple[str, ...]:
        """The chain that decides the finish, first task first."""
        if not self.dates:
            return ()
        last = min(
            self.dates.values(), key=lambda dates: (-dates.early_finish.timestamp(), not dates.critical, dates.id)
        )
        return self.chain(last.id)


@dataclass(frozen=True, slots=True)
class Rollup:
    """What a container comes to: it spans its parts; its progress is weighted by their work."""

    start: datetime
    finish: datetime
    progress: float
    work_s: float
    critical: bool


def roll_up(parts: Iterable[TaskDates]) -> Rollup | None:
    """Sum up the parts of a container, None where it has none.

    Where no part has any work (milestones alone), each counts the same.
    """
    tasks = tuple(parts)
    if not tasks:
        return None
    if len(tasks) == 1:
        only = tasks[0]
        return Rollup(only.early_start, only.early_finish, only.progress, only.work_s, only.critical)
    work = sum(task.work_s for task in tasks)
    weights = [task.work_s if work else 1.0 for task in tasks]
    done = sum(weight * task.progress for weight, task in zip(weights, tasks, strict=True))
    return Rollup(
        start=min(task.early_start for task in tasks),
        finish=max(task.early_finish for task in tasks),
        progress=done / sum(weights),
        work_s=work,
        critical=any(task.critical for task in tasks),
    )
