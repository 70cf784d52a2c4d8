"""Times and spans in words that people use, told from one moment in one time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from handrail.base.value import dataclass
from handrail.base.words import Said, count, say

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_HALF_A_YEAR = 182
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def zone_of(name: str) -> tzinfo:
    """Give the time zone of an IANA name, UTC where there is none of that name."""
    try:
        return ZoneInfo(name) if name and name != "UTC" else UTC
    except (KeyError, ValueError, OSError):
        return UTC


def span_words(seconds: float, day_seconds: float = _DAY, week_days: int = 7) -> str:
    """Give a span in its largest fitting unit: "2 days", "3 hours", "5 weeks".

    `day_seconds` is the length of a day in what is counted (eight hours of working time), `week_days` how many
    such days make a week. Sign is dropped; less than a minute is "less than a minute".
    """
    size = abs(seconds)
    if size < _MINUTE:
        return say("less than a minute")
    if size < _HOUR:
        return count(int(size // _MINUTE), "minute")
    if size < day_seconds:
        return count(int(size // _HOUR), "hour")
    days = int(size // day_seconds)
    return count(days // week_days, "week") if days >= 4 * week_days else count(days, "day")


@lru_cache(maxsize=16)
def _day_of(now: datetime, zone: tzinfo) -> date:
    return now.astimezone(zone).date()


class Day(Said):
    """A date in English words, and what it tells: an `instant` as seen from `now` in a `zone`, also its weekday."""

    __slots__ = ("instant", "now", "weekday", "zone")
    instant: datetime
    now: datetime
    zone: tzinfo
    weekday: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` and the zone whose wall clock people look at: tells times the way they speak of them."""

    now: datetime
    zone: tzinfo = UTC

    def local(self, instant: datetime) -> datetime:
        """Give the instant on the local clock."""
        return instant.astimezone(self.zone)

    def days_to(self, instant: datetime) -> int:
        """Give the number of midnights between now and the instant, negative where it is past."""
        return (self.local(instant).date() - _day_of(self.now, self.zone)).days

    def far(self, instant: datetime) -> bool:
        """Tell whether an instant is more than half a year away, so that its year is told."""
        return abs(self.days_to(instant)) > _HALF_A_YEAR

    def day(self, instant: datetime) -> str:
        """Give the date with its weekday: "Fri 27 Nov"."""
        return self._told(f"{_WEEKDAYS[self.local(instant).weekday()]} {self.date(instant)}", instant, weekday=True)

    def told_date(self, instant: datetime) -> str:
        """Give the date as a part of a sentence."""
        return self._told(self.date(instant), instant, weekday=False)

    def _told(self, words: str, instant: datetime, *, weekday: bool) -> Day:
        told = Day(words)
        told.instant, told.now, told.zone, told.weekday = instant, self.now, self.zone, weekday
        return told

    def date(self, instant: datetime) -> str:
        """Give the date: "27 Nov", with the year where it is more than half a year away."""
        local = self.local(instant)
        year = f" {local.year}" if self.far(instant) else ""
        return f"{local.day} {_MONTHS[local.month - 1]}{year}"

    def time(self, instant: datetime) -> str:
        """Give the time of day: "16:40"."""
        return f"{self.local(instant):%H:%M}"

    def when(self, instant: datetime) -> str:
        """Give date and time as spoken of: "today 16:40", "yesterday 09:05", "Fri 27 Nov 16:40"."""
        named = {0: "today", -1: "yesterday", 1: "tomorrow"}.get(self.days_to(instant))
        return f"{named or self.day(instant)} {self.time(instant)}"

    def since(self, instant: datetime) -> str:
        """Tell since when: "since 09:00", "since yesterday", "since 19 Nov"."""
        days = self.days_to(instant)
        return f"since {self.time(instant) if days == 0 else 'yesterday' if days == -1 else self.date(instant)}"

    def ago(self, instant: datetime) -> str:
        """Tell how long ago something was: "5 minutes ago", "yesterday 16:40", "3 days ago", "27 Nov"."""
        days = -self.days_to(instant)
        past = (self.now - instant).total_seconds()
        if past < _MINUTE:
            return "just now"
        if days == 0 or past < 6 * _HOUR:
            return f"{span_words(past)} ago"
        if days == 1:
            return f"yesterday {self.time(instant)}"
        return f"{days} days ago" if days < 14 else self.day(instant)

    def until(self, due: datetime) -> str:
        """Tell how far away a due time is: "today 17:00", "tomorrow", "in 2 days", "3 days late"."""
        days = self.days_to(due)
        if due < self.now:
            return say("{span} late", span=self.late(due))
        if days == 0:
            return say("today {time}", time=self.time(due))
        return say("tomorrow") if days == 1 else say("in {span}", span=span_words(days * _DAY))

    def late(self, due: datetime) -> str:
        """Tell how long ago a due time was: "3 days", within a day "5 hours"."""
        days = self.days_to(due)
        return span_words(-days * _DAY if days else (self.now - due).total_seconds())


def parse_instant(text: str) -> datetime | None:
    """Read a date or time as events carry them; a date alone is its last moment in UTC. None where unreadable."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= 10:
        moment += timedelta(days=1)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
