"""When processes that start by themselves are due: days out of RFC 5545 rules, and which of them to start now.

A period is a day. It is due on that day, where no work is done then on the next working day. Nothing is stored: what
has been started says how far things are.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from handrail.base.value import dataclass
from handrail.model.calendar import Duration, WorkingTime

if TYPE_CHECKING:
    from dateutil.rrule import rrule, rruleset

ANCHOR = date(2001, 1, 1)
"""Where rules without a start count from: a Monday, the first of a month and of a year."""
REACH = timedelta(days=7)
"""How long ago the first period of a process may have been due that has never been started by its schedule."""
_LOOK_BACK = timedelta(days=60)
_LONGEST = 1000
_OFTEN = ("HOURLY", "MINUTELY", "SECONDLY")
_RANGES = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_LEAP_YEAR = 2000


class ScheduleError(ValueError):
    """A rule that cannot be followed. `sentence` says why, `hint` what to write."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Period:
    """One day that a rule names, and the working day on which its run starts."""

    day: date
    start: date


@dataclass(frozen=True, slots=True)
class Due:
    """The period to start now, and those before it that were never started."""

    period: Period
    missed: tuple[date, ...] = ()


class Rule:
    """The days that a rule of RFC 5545 names."""

    def __init__(self, text: str, first: date | None = None) -> None:
        """Read a rule that counts from `first` on, unless it has a `DTSTART` of its own. Raises ScheduleError."""
        _refuse_endless(text)
        # A period is a day of the workspace's own calendar, whatever zone an exported rule speaks of.
        self._text = re.sub(r";TZID=[^:;\n]*", "", text, flags=re.IGNORECASE)
        self._first = first
        self._cycle = _cycle(text)
        self._read(first or ANCHOR)

    def days(self, after: date, until: date) -> tuple[date, ...]:
        """Give the days after one day and up to another, each once, in order."""
        begin = self._first or ANCHOR
        if self._cycle:
            # Begin a whole number of cycles later: to walk through the years since would cost most of a command.
            begin += timedelta(days=max((after - begin).days // self._cycle, 0) * self._cycle)
        low, high = datetime.combine(after, time.max), datetime.combine(until, time.max)
        found = dict.fromkeys(moment.date() for moment in self._read(begin).between(low, high))
        return tuple(day for day in found if self._first is None or day >= self._first)

    def _read(self, begin: date) -> rrule | rruleset:
        from dateutil.rrule import rrulestr

        try:
            return rrulestr(self._text, dtstart=datetime.combine(begin, time()), ignoretz=True)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError) as error:
            why = f": {error}" if "=" in self._text else ""
            raise ScheduleError(f"it is no RFC 5545 rule{why}", 'for example "FREQ=MONTHLY;BYDAY=1MO"') from None


def due_now(rule: Rule, started: Iterable[date], *, now: datetime, time: WorkingTime) -> Due | None:
    """Give what a rule asks to start at `now`, None where nothing is due.

    `started` are the periods that have a run. The latest period that is due starts, unless it or a later one was
    started; those between the last started one and it are missed. Where none was ever started, nothing is missed, and a
    period counts only while its start lies at most `REACH` back: a new rule does not reach into the past.
    """
    today = time.local_date(now)
    last = max((day for day in started if day <= today), default=None)
    since = last if last is not None else max(today - _LOOK_BACK, date(1970, 1, 1))
    periods = [Period(day, time.local_date(time.start_of(day))) for day in rule.days(since, today)]
    ripe = [period for period in periods if period.start <= today]
    if not ripe or (last is None and ripe[-1].start < today - REACH):
        return None
    return Due(ripe[-1], () if last is None else tuple(period.day for period in ripe[:-1]))


def day_after(ended: datetime, span: Duration, time: WorkingTime) -> Period:
    """Give the period of a process that starts again so long after its last run `ended`."""
    day = time.local_date(time.add(ended, span))
    return Period(day, time.local_date(time.start_of(day)))


def _refuse_endless(text: str) -> None:
    """Refuse what names no days, or what would take for ever to look through."""
    if len(text) > _LONGEST:
        raise ScheduleError(f"the rule has {len(text):,} characters, {_LONGEST:,} are allowed")
    for year in re.findall(r"DTSTART[^:\n]*:\s*(\d{4})", text.upper()):
        if int(year) < 1970:
            raise ScheduleError(f"it begins in the year {year}", "begin in 1970 or later")
    for line in text.splitlines():
        _refuse_parts(_parts(line))


def _parts(line: str) -> dict[str, str]:
    """Give what a line says of a rule: `FREQ`, `INTERVAL` and their like."""
    pairs = (part.split("=", 1) for part in line.upper().rpartition(":")[2].split(";") if "=" in part)
    return {key.strip(): value.strip() for key, value in pairs}


def _cycle(text: str) -> int:
    """Give after how many days a rule begins anew wherever it was begun; 0 where that is not so simple."""
    parts = _parts(text)
    if "\n" in text.strip() or "DTSTART" in text.upper() or "COUNT" in parts:
        return 0
    return {"DAILY": 1, "WEEKLY": 7}.get(parts.get("FREQ", ""), 0) * int(parts.get("INTERVAL", "1"))


def _refuse_parts(parts: dict[str, str]) -> None:
    if parts.get("FREQ") in _OFTEN:
        raise ScheduleError("a run can start once a day at most", "write FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")
    for key in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        if key in parts:
            raise ScheduleError(f"a schedule names days, not hours: {key} cannot be followed", f"leave {key} out")
    interval = parts.get("INTERVAL", "1")
    if not interval.isascii() or not interval.isdigit() or not 1 <= int(interval[:9]) <= _LONGEST:
        raise ScheduleError(f"INTERVAL must be 1 to {_LONGEST:,}", "INTERVAL=2 is every other one")
    for key, most in _RANGES.items():
        if any(not 1 <= abs(number) <= most for number in _numbers(parts.get(key, ""))):
            raise ScheduleError(f"{key} must be 1 to {most}, or the same from the end with a minus")
    months = _numbers(parts.get("BYMONTH", ""))
    days = [abs(number) for number in _numbers(parts.get("BYMONTHDAY", ""))]
    if months and days and min(days) > max(calendar.monthrange(_LEAP_YEAR, month)[1] for month in map(abs, months)):
        raise ScheduleError("no month of the rule has such a day", "look at BYMONTH and BYMONTHDAY")


def _numbers(text: str) -> list[int]:
    """Give the numbers of a list; what is none is left to the rule's own reader."""
    return [int(word) for word in text.split(",") if re.fullmatch(r"\s*[+-]?[0-9]{1,6}\s*", word)]
