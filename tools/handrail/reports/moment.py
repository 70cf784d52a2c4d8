"""The one moment that a report speaks of, and the working time that it counts in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime

from handrail.base.value import dataclass
from handrail.model.calendar import OwnCalendar, WorkingTime
from handrail.model.project import Project


@dataclass(frozen=True, slots=True)
class Moment:
    """`now` (UTC), the workspace's working time, and wall time for what runs by `calendar: always`.

    `people` holds the working time of those whose own it is: other days or hours, or leave.
    `reckon` gives the working time of a project's own calendar.
    """

    now: datetime
    normal: WorkingTime
    always: WorkingTime
    people: Mapping[str, WorkingTime] = field(default_factory=dict)
    reckon: Callable[[OwnCalendar], WorkingTime] | None = None

    def time_for(self, calendar: str) -> WorkingTime:
        """Give the working time for a process's or run's `calendar` value."""
        return self.always if calendar == "always" else self.normal

    def time_of(self, project: Project) -> WorkingTime:
        """Give the working time of a project: that of its own calendar, where it has one."""
        if project.calendar is None or self.reckon is None:
            return self.normal
        return self.reckon(project.calendar)
