"""Who is on what, week by week, against what they have time for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise

from handrail.base.value import dataclass
from handrail.model.calendar import WorkingTime
from handrail.model.state import CLOSED
from handrail.reports.cost import effort_s
from handrail.reports.results import Overview, PlannedTask

WEEKS = 6
"""How many weeks a load report looks ahead, the present one included."""

_HELP_WEEKS = 4
_FREE = 0.8


@dataclass(frozen=True, slots=True)
class Week:
    """One person's week, from the Monday `start`: hours of work planned, and hours there are."""

    start: date
    hours: float
    capacity: float

    @property
    def share(self) -> float:
        """Planned hours for each hour there is; infinite where there is none and something is planned."""
        return self.hours / self.capacity if self.capacity else (float("inf") if self.hours else 0.0)


@dataclass(frozen=True, slots=True)
class Load:
    """One person's weeks, and the open tasks that they have: (project, task)."""

    person: str
    weeks: tuple[Week, ...]
    tasks: tuple[tuple[str, PlannedTask], ...]

    @property
    def peak(self) -> float:
        """The fullest of the next weeks, as a share of the time there is."""
        return max((week.share for week in self.weeks[:_HELP_WEEKS]), default=0.0)


def loads(overview: Overview, project: str = "") -> tuple[Load, ...]:
    """Give the load of everybody who has open tasks, the fullest first; over all projects, or one.

    What is left of a task is spread evenly over the working time from now (or its start) to its planned finish, and
    over the people who have it. Capacity is the workspace's working time at the person's `load`.
    """
    time, now = overview.moment.normal, overview.moment.now
    edges = _edges(now, time)
    spent: dict[str, list[float]] = {}
    having: dict[str, list[tuple[str, PlannedTask]]] = {}
    for name, plan in overview.plans.items():
        if project not in ("", name) or overview.projects[name].state != "active":
            continue
        for task in plan.tasks:
            if task.container or task.state in CLOSED:
                continue
            people = members_of(overview, task)
            shares = _spread(task, edges, now, time)
            for person in people:
                having.setdefault(person, []).append((name, task))
                mine = spent.setdefault(person, [0.0] * WEEKS)
                for index, seconds in enumerate(shares):
                    mine[index] += seconds / len(people)
    found = [
        Load(person, _weeks(overview, person, mine, edges), tuple(having[person])) for person, mine in spent.items()
    ]
    return tuple(sorted(found, key=lambda load: (-load.peak, load.person)))


def members_of(overview: Overview, task: PlannedTask) -> tuple[str, ...]:
    """Give the people who have a task, teams by their members."""
    config = overview.workspace.config
    return tuple(dict.fromkeys(one for name in task.assignees for one in config.members(name)))


def helper_for(overview: Overview, person: str, all_loads: Mapping[str, Load]) -> str:
    """Give who could take something over: the least loaded of those in a team with `person`, empty for nobody."""
    config = overview.workspace.config
    mates = {mate for members in config.teams.values() if person in members for mate in members} - {person}
    fitting = [mate for mate in sorted(mates) if config.person(mate).active and not config.person(mate).agent]
    free = [(all_loads[mate].peak if mate in all_loads else 0.0, mate) for mate in fitting]
    least = min(free, default=(1.0, ""))
    return least[1] if least[0] < _FREE else ""


def _edges(now: datetime, time: WorkingTime) -> tuple[datetime, ...]:
    today = time.local_date(now)
    monday = today - timedelta(days=today.weekday())
    starts = [time.start_of(monday + timedelta(weeks=number)) for number in range(WEEKS + 1)]
    return tuple(max(start, now) for start in starts)


def _spread(task: PlannedTask, edges: tuple[datetime, ...], now: datetime, time: WorkingTime) -> list[float]:
    left = effort_s(task, time) * (1.0 - task.progress)
    start = max(task.start, now)
    whole = time.between(start, task.finish).total_seconds()
    if left <= 0:
        return [0.0] * WEEKS
    if whole <= 0:
        return [left, *[0.0] * (WEEKS - 1)]
    found = []
    for before, after in pairwise(edges):
        inside = time.between(max(before, start), min(after, task.finish)).total_seconds()
        found.append(left * max(inside, 0.0) / whole)
    return found


def _weeks(overview: Overview, person: str, spent: list[float], edges: tuple[datetime, ...]) -> tuple[Week, ...]:
    time = overview.moment.people.get(person, overview.moment.normal)
    load = overview.workspace.config.person(person).load
    today = time.local_date(overview.moment.now)
    monday = today - timedelta(days=today.weekday())
    weeks = []
    for number, seconds in enumerate(spent):
        there = max(time.between(edges[number], edges[number + 1]).total_seconds(), 0.0) * load
        weeks.append(Week(monday + timedelta(weeks=number), round(seconds / 3600, 2), round(there / 3600, 2)))
    return tuple(weeks)
