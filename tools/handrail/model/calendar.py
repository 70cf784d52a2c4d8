"""Spans of time and the calendar in which working time runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol

from handrail.base.value import dataclass

Unit = Literal["m", "h", "d", "w"]


@dataclass(frozen=True, slots=True)
class Duration:
    """A span as people write it: `4h`, `2d`, `-1w`, `1.5d`.

    Days and weeks are working days and weeks of the calendar that it is used with. `elapsed` makes the
    span wall time whatever the calendar says (written `2ed`, as schedulers do).
    """

    amount: float
    unit: Unit
    elapsed: bool = False

    def __str__(self) -> str:
        return f"{self.amount:.12g}{'e' if self.elapsed else ''}{self.unit}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Touch time or effort; three points where the writer gave them (`2d/3d/6d`)."""

    likely: Duration
    optimistic: Duration | None = None
    pessimistic: Duration | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """When work is done.

    `week` holds weekdays (Monday is 0), `hours` the spans of one day in local time of `timezone` (an IANA
    name), `holidays` a country or country-region code (`DE-BE`, empty for none), `closed` further days off.
    `always` means that every minute counts (incidents).
    """

    week: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    hours: tuple[tuple[time, time], ...] = ((time(9), time(17)),)
    timezone: str = "UTC"
    holidays: str = ""
    closed: frozenset[date] = frozenset()
    always: bool = False


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """What a project's own calendar says; what it leaves open is the workspace's. `closed` are further days off."""

    week: frozenset[int] | None = None
    hours: tuple[tuple[time, time], ...] | None = None
    closed: frozenset[date] = frozenset()
    always: bool = False

    def over(self, base: Calendar) -> Calendar:
        """Give the whole calendar, with what is open taken from `base`."""
        return replace(
            base,
            week=base.week if self.week is None else self.week,
            hours=base.hours if self.hours is None else self.hours,
            closed=base.closed | self.closed,
            always=base.always or self.always,
        )


class WorkingTime(Protocol):
    """Arithmetic in one calendar. All instants are aware datetimes in UTC.

    Passed into `rules` as a value, so that rules stay free of calendars. Implemented by `plan.worktime`.
    """

    def add(self, start: datetime, span: Duration) -> datetime:
        """Give the instant at which `span` of working time after `start` is used up (negative: before)."""

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Give the working time from `start` to `end`, negative where `end` is earlier."""

    def end_of(self, day: date) -> datetime:
        """Give the end of work on `day`; where no work is done that day, on the last working day before it."""

    def start_of(self, day: date) -> datetime:
        """Give the start of work on `day`; where no work is done that day, on the next working day."""

    def seconds(self, span: Duration) -> float:
        """Give the seconds of working time in `span` (of wall time, where it is elapsed)."""

    def local_date(self, instant: datetime) -> date:
        """Give the date that the calendar's wall shows at `instant`."""
