"""The present moment with the working time of a workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.base.errors import BrokenFiles
from handrail.reports.moment import Moment

if TYPE_CHECKING:
    from handrail.model.people import Config
    from handrail.plan.holiday import DaysOff


def moment_of(config: Config, now: datetime, keep: Path | None = None) -> Moment:
    """Give the moment `now` (UTC), with the workspace's calendar and with wall time.

    `keep` is a folder where holidays are kept between commands: to look them up costs more than a whole action.
    It can be deleted at any time.
    """
    from handrail.plan.holiday import days_off
    from handrail.plan.worktime import own_time, working_time

    calendar = config.calendar
    always = working_time(replace(calendar, always=True))
    kept = keep is not None and calendar.holidays and not calendar.always
    holidays = _remembered(keep) if kept and keep else days_off
    own = ((key, own_time(person, calendar, holidays)) for key, person in config.people.items() if person.own_time)
    people = {key: time for key, time in own if time is not None}
    return Moment(now, working_time(calendar, holidays=holidays), always, people)


def working_moment(config: Config, now: datetime, keep: Path | None = None) -> Moment:
    """Give the same, for who is about to write. Raises BrokenFiles where nobody can reckon in the calendar."""
    from handrail.plan.holiday import CalendarError

    try:
        moment = moment_of(config, now, keep)
        moment.normal.start_of(moment.normal.local_date(now))
    except CalendarError as error:
        from handrail.model.workspace import Workspace
        from handrail.reports.check import calendar_works

        problems = tuple(calendar_works(Workspace(config)))
        raise BrokenFiles(
            f"The calendar cannot be used: {error.sentence}.", problems, "Mend it, then try again."
        ) from None
    return moment


@cache
def _remembered(folder: Path) -> DaysOff:
    from handrail.app.holidays import remembered

    return remembered(folder, _write)


def _write(path: Path, data: bytes) -> None:
    # Two commands at once may both write; the loser's years are looked up again, that is all.
    other = path.with_name(f"{path.name}.new")
    other.write_bytes(data)
    other.replace(path)
