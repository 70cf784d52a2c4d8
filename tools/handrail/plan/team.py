"""The working time of several people on one task, each with a calendar and a share of their time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handrail.model.calendar import Duration, WorkingTime
from handrail.plan.zone import LAST

_MICRO = timedelta(microseconds=1)
_LONGEST = timedelta(days=200 * 366)


class TeamTime:
    """Effort as time: what all of them together do between two instants, each at their share.

    A day is the workspace's, whoever works it. Effort that they cannot do within two hundred years ends after those.
    """

    def __init__(self, base: WorkingTime, members: Sequence[tuple[WorkingTime, float]]) -> None:
        self._base = base
        self._members = tuple((time, share) for time, share in members if share > 0) or ((base, 1.0),)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Give the effort from `start` to `end`, negative where `end` is earlier."""
        done = sum((time.between(start, end) // _MICRO) * share for time, share in self._members)
        return timedelta(microseconds=round(done))

    def add(self, start: datetime, span: Duration) -> datetime:
        """Give the first instant by which `span` of effort after `start` is done (negative: the last before)."""
        if span.elapsed:
            return self._base.add(start, span)
        micros = round(self._base.seconds(span) * 1_000_000)
        if len(self._members) == 1:
            time, share = self._members[0]
            return time.add(start, Duration(micros / share / 60_000_000, "m"))
        return self._search(start, micros)

    def end_of(self, day: date) -> datetime:
        """Give the end of work on `day` by the workspace's calendar."""
        return self._base.end_of(day)

    def start_of(self, day: date) -> datetime:
        """Give the start of work on `day` by the workspace's calendar."""
        return self._base.start_of(day)

    def seconds(self, span: Duration) -> float:
        """Give the seconds in a span: a day is the workspace's."""
        return self._base.seconds(span)

    def local_date(self, instant: datetime) -> date:
        """Give the date that the workspace's wall shows."""
        return self._base.local_date(instant)

    def _search(self, start: datetime, micros: int) -> datetime:
        """Find where the effort reaches a sum: it only ever grows, so halving finds it."""
        if not micros:
            return start
        sign = 1 if micros > 0 else -1
        wanted = abs(micros)
        far = timedelta(microseconds=wanted)
        while self._done(start, far * sign) < wanted:
            if far > _LONGEST:
                return min(start + _LONGEST, LAST) if sign > 0 else start - _LONGEST
            far *= 2
        near = timedelta(0)
        while far - near > _MICRO:
            middle = (near + far) / 2
            near, far = (near, middle) if self._done(start, middle * sign) >= wanted else (middle, far)
        return start + far * sign

    def _done(self, start: datetime, span: timedelta) -> int:
        return abs(self.between(start, start + span) // _MICRO)
