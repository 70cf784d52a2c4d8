"""The present moment with the working time of a workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.reports.moment import Moment

if TYPE_CHECKING:
    from handrail.model.calendar import Calendar
    from handrail.model.people import Config, Person
    from handrail.plan.holiday import DaysOff


def moment_of(config: Config, now: datetime, keep: Path | None = None) -> Moment:
    """Give the moment `now` (UTC), with the workspace's calendar and with wall time.

    `keep` is a folder where holidays are kept between commands: to look them up costs more than a whole action.
    It can be deleted at any time.
    """
    from handrail.plan.holiday import days_off
    from handrail.plan.worktime import working_time

    calendar = config.calendar
    always = working_time(replace(calendar, always=True))
    kept = keep is not None and calendar.holidays and not calendar.always
    holidays = _remembered(keep) if kept and keep else days_off
    people = {
        key: working_time(_calendar_of(person, calendar), holidays=holidays)
        for key, person in config.people.items()
        if person.own_time
    }
    return Moment(now, working_time(calendar, holidays=holidays), always, people)


def _calendar_of(person: Person, calendar: Calendar) -> Calendar:
    """Give the workspace's calendar with a person's days, hours and leave."""
    away = {
        date.fromordinal(day) for first, last in person.leave for day in range(first.toordinal(), last.toordinal() + 1)
    }
    return replace(
        calendar,
        week=calendar.week if person.week is None else person.week,
        hours=calendar.hours if person.hours is None else person.hours,
        closed=calendar.closed | away,
    )


@cache
def _remembered(folder: Path) -> DaysOff:
    from handrail.app.holidays import remembered

    return remembered(folder, _write)


def _write(path: Path, data: bytes) -> None:
    # Two commands at once may both write; the loser's years are looked up again, that is all.
    other = path.with_name(f"{path.name}.new")
    other.write_bytes(data)
    other.replace(path)
