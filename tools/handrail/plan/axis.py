"""Working time as a number line, on which the passes of a schedule are plain integer sums.

A place on the line is the working time since an origin in whole microseconds. Each place but those inside
working hours stands for a whole gap: work that finishes there finishes at the gap's beginning (Friday 17:00),
work that starts there starts at its end (Monday 9:00).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from handrail.model.calendar import Duration, WorkingTime

_MICRO = timedelta(microseconds=1)
_MINUTE = 60_000_000
_STEP = 60 * _MINUTE
_EXACT = 1 << 51
"""Spans are fractions of minutes: up to here they tell microseconds apart."""


class WorkAxis:
    """Turns instants into places on the line and back. Remembers what it has worked out."""

    def __init__(self, time: WorkingTime, origin: datetime) -> None:
        self.time = time
        self._origin = origin
        self._places: dict[datetime, int] = {}
        self._starts: dict[int, datetime] = {}
        self._finishes: dict[int, datetime] = {}

    def place(self, instant: datetime) -> int:
        """Give the working time from the origin to an instant."""
        if instant not in self._places:
            self._places[instant] = self.time.between(self._origin, instant) // _MICRO
        return self._places[instant]

    def length(self, span: Duration) -> int:
        """Give the working time in a span that is not elapsed."""
        return round(self.time.seconds(span) * 1_000_000)

    def start(self, place: int) -> datetime:
        """Give the last instant at a place: when work that starts there starts."""
        if place not in self._starts:
            self._starts[place] = self._started(place)
        return self._starts[place]

    def _started(self, place: int) -> datetime:
        if place < 0:
            return self._add(self._origin, place)
        if place < _EXACT:  # the next microsecond is worked right after it
            return self._add(self._origin, place + 1) - _MICRO
        return self._add(self._add(self._origin, place + _STEP), -_STEP)

    def finish(self, place: int) -> datetime:
        """Give the first instant at a place: when work that finishes there finishes."""
        if place not in self._finishes:
            self._finishes[place] = (
                self._add(self._origin, place)
                if place > 0
                else self._add(self._add(self._origin, place - _STEP), _STEP)
            )
        return self._finishes[place]

    def after(self, place: int, span: Duration) -> int:
        """Give the place that lies `span` after one, negative spans before. Elapsed time counts from a finish."""
        if not span.amount:
            return place
        if span.elapsed:
            return self.place(self.elapse(self.finish(place), span))
        return place + self.length(span)

    def before(self, place: int, span: Duration) -> int:
        """Give the last place from which `after` leads no further than to `place`."""
        if not span.amount:
            return place
        if span.elapsed:
            back = Duration(-span.amount, span.unit, elapsed=True)
            return self.place(self.elapse(self.start(place), back))
        return place - self.length(span)

    def elapse(self, instant: datetime, span: Duration) -> datetime:
        """Let wall time pass."""
        return self.time.add(instant, span)

    def _add(self, instant: datetime, micros: int) -> datetime:
        return self.time.add(instant, Duration(micros / _MINUTE, "m"))
