"""Wall time of one time zone on an axis of whole microseconds.

An instant is the number of microseconds since the first of January of year 1 in UTC; a wall time the same
count on the local clock. Both are plain integers, so that reckoning in them is exact and cannot overflow.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from handrail.base.words import did_you_mean
from handrail.plan.holiday import CalendarError

SECOND = 1_000_000
DAY = 86_400 * SECOND
_ZERO = datetime(1, 1, 1, tzinfo=UTC)
_LAST_WALL = date.max.toordinal() * DAY - 1

FIRST = datetime(1, 1, 2, tzinfo=UTC)
"""The earliest instant reckoned with: it has a date in every zone."""
LAST = datetime(9999, 12, 31, 8, tzinfo=UTC)
"""The latest instant reckoned with: it has a date in every zone, the last one there is in most of them."""


def axis(instant: datetime) -> int:
    """Put an aware datetime on the axis."""
    since = instant - _ZERO
    return since.days * DAY + since.seconds * SECOND + since.microseconds


FIRST_POINT = axis(FIRST)
LAST_POINT = axis(LAST)


def moment(point: int) -> datetime:
    """Give the datetime in UTC of a point on the axis, `FIRST` or `LAST` where it lies beyond them."""
    return _ZERO + timedelta(microseconds=min(max(point, FIRST_POINT), LAST_POINT))


def midnight(ordinal: int) -> int:
    """Give the wall time at which the day of a proleptic ordinal begins."""
    return (ordinal - 1) * DAY


class Zone:
    """Turns wall times of an IANA zone into instants."""

    def __init__(self, name: str) -> None:
        """Load the zone; `CalendarError` with a did-you-mean where there is none of that name."""
        try:
            self._zone = ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            hint = did_you_mean(name, available_timezones())
            raise CalendarError(f"`{name}` is not a time zone ({hint})", "use an IANA name: Europe/Berlin") from None

    def offset(self, wall: int, fold: int = 0) -> int:
        """Give how far the local clock is ahead of UTC at a wall time."""
        inside = min(max(wall, 0), _LAST_WALL)
        shown = _ZERO + timedelta(microseconds=inside)
        return _micros(shown.replace(tzinfo=self._zone, fold=fold).utcoffset())

    def point(self, wall: int) -> int:
        """Give the instant of a wall time: the first where the clock shows it twice, the jump where it never does.

        So a later wall time is never an earlier instant.
        """
        before = self.offset(wall)
        after = self.offset(wall, fold=1)
        return wall - before if after <= before else self._jump(wall - after, wall - before, before)

    def local_date(self, instant: datetime) -> date:
        """Give the date on the local clock."""
        return min(max(instant, FIRST), LAST).astimezone(self._zone).date()

    def _jump(self, low: int, high: int, before: int) -> int:
        """Find the instant in (low, high] at which the clock jumps forward from the offset `before`."""
        while high - low > SECOND:
            middle = (low + high) // 2
            if _micros(moment(middle).astimezone(self._zone).utcoffset()) == before:
                low = middle
            else:
                high = middle
        return high - high % SECOND


def _micros(offset: timedelta | None) -> int:
    return 0 if offset is None else offset.days * DAY + offset.seconds * SECOND + offset.microseconds
