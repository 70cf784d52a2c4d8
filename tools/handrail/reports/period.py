"""A period as people name it: a month, a quarter, a week, a year, or from one day to another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from handrail.base.value import dataclass

HINT = "Write 2026-10, 2026-Q3, 2026-W41, 2026 or 2026-10-01..2026-10-15."
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to before `end`, in a time zone; `months` is how long it is where months measure it, else 0."""

    name: str
    first: date
    end: date
    zone: tzinfo = UTC
    months: int = 0

    @property
    def start_at(self) -> datetime:
        """Its first instant."""
        return _midnight(self.first, self.zone)

    @property
    def end_at(self) -> datetime:
        """The first instant after it."""
        return _midnight(self.end, self.zone)

    def holds(self, instant: datetime | None) -> bool:
        """Tell whether an instant lies in it."""
        return instant is not None and self.start_at <= instant < self.end_at

    def within(self) -> Callable[[datetime | None], bool]:
        """Give `holds` for very many instants."""
        start, end = self.start_at, self.end_at
        return lambda instant: instant is not None and start <= instant < end

    def before(self) -> Period:
        """Give the period before it: the month before a month, as many days before a span of days."""
        if self.months:
            first = _moved(self.first, -self.months)
            return Period(_name(first, self.months), first, self.first, self.zone, self.months)
        first = self.first - (self.end - self.first)
        week = re.fullmatch(_WEEK, self.name)
        name = "{}-W{:02}".format(*first.isocalendar()[:2]) if week else _days(first, self.first)
        return Period(name, first, self.first, self.zone)


def read_period(text: str, zone: tzinfo) -> Period:
    """Read a period. Raises ValueError with a sentence where it is none."""
    try:
        found = _read(text.strip(), zone)
    except (ValueError, OverflowError):
        found = None
    if found is None or not 1971 <= found.first.year <= 2199:
        raise ValueError(f"`{text[:60]}` is no period")
    if found.end <= found.first:
        raise ValueError(f"`{text[:60]}` is no period: it ends before it begins")
    return found


def since(first: date, now: datetime, zone: tzinfo) -> Period:
    """Give the days from `first` to today, today included."""
    end = now.astimezone(zone).date() + timedelta(days=1)
    return Period(f"since {first}", first, max(end, first), zone)


def _read(text: str, zone: tzinfo) -> Period | None:
    if found := _QUARTER.fullmatch(text):
        return _of_months(date(int(found[1]), int(found[2]) * 3 - 2, 1), 3, zone)
    if found := _WEEK.fullmatch(text):
        first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return Period(f"{found[1]}-W{found[2]}", first, first + timedelta(days=7), zone)
    if found := _MONTH.fullmatch(text):
        return _of_months(date(int(found[1]), int(found[2]), 1), 1, zone)
    if _YEAR.fullmatch(text):
        return _of_months(date(int(text), 1, 1), 12, zone)
    left, dots, right = text.partition("..")
    if not dots:
        return None
    begin, end = date.fromisoformat(left), date.fromisoformat(right) + timedelta(days=1)
    return Period(_days(begin, end), begin, end, zone)


def _of_months(first: date, months: int, zone: tzinfo) -> Period:
    return Period(_name(first, months), first, _moved(first, months), zone, months)


def _name(first: date, months: int) -> str:
    if months == 12:
        return str(first.year)
    return f"{first.year}-Q{(first.month + 2) // 3}" if months == 3 else f"{first:%Y-%m}"


def _days(first: date, end: date) -> str:
    return f"{first}..{end - timedelta(days=1)}"


def _moved(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


@lru_cache(maxsize=64)
def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
