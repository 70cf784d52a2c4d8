"""Working time: adding spans to instants and measuring between them, by a calendar.

Working time is the real time that passes inside the calendar's hours, so a shift across a change of the
clocks is as long as it really is; a working *day* is always the nominal length of the hours. Reckoning goes
year by year: the total of a year follows from counting weekdays, and only the years at both ends are
spelled out in spans. Everything inside is whole microseconds, so sums are exact.

Arithmetic never fails on far dates: it stops at `zone.FIRST` and `zone.LAST`.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from handrail.base.value import dataclass
from handrail.model.calendar import Calendar, Duration, WorkingTime
from handrail.model.people import Person
from handrail.plan.holiday import KNOWN_YEARS, CalendarError, DaysOff, days_off
from handrail.plan.zone import DAY, FIRST, FIRST_POINT, LAST, LAST_POINT, SECOND, Zone, axis, midnight, moment

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
_UNREACHABLE = 2 * LAST_POINT
_WEEK = 7
_FORTNIGHT = 14
_FIRST_CLOCKS = 1800  # no zone changed its clocks before
_LAST_YEAR = date.max.year

Span = tuple[int, int]


def working_time(calendar: Calendar, *, holidays: DaysOff = days_off) -> WorkingTime:
    """Give the arithmetic of a calendar. Equal calendars share one, with all that it has worked out.

    `holidays(code, year)` gives the public holidays of a year; the default asks the `holidays` library when
    first a day of that year matters. Raises `CalendarError` (a `ValueError`) for a calendar without working
    days or hours, for hours that overlap and for an unknown zone at once, for an unknown holiday code then.
    """
    return _shared(calendar, holidays)


def own_time(person: Person, calendar: Calendar, holidays: DaysOff = days_off) -> WorkingTime | None:
    """Give the working time of somebody with days or hours of their own, or on leave; None where there is none."""
    try:
        return working_time(own_calendar(person, calendar), holidays=holidays)
    except CalendarError:
        return None


def own_calendar(person: Person, calendar: Calendar) -> Calendar:
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


@lru_cache(maxsize=256)
def _shared(calendar: Calendar, holidays: DaysOff) -> WorkingTime:
    return _Always(calendar) if calendar.always else _Hours(calendar, holidays)


class _Clock:
    """What both kinds of calendar share: units and dates. `day` and `week` are in microseconds."""

    def __init__(self, zone: Zone, day: int, week: int) -> None:
        self._zone = zone
        self._units = {"m": MINUTE, "h": HOUR, "d": day, "w": week}

    def seconds(self, span: Duration) -> float:
        """Give the seconds of working time in `span` (of wall time, where it is elapsed)."""
        return self._micros(span) / SECOND

    def local_date(self, instant: datetime) -> date:
        """Give the date that the calendar's wall shows at `instant`."""
        return self._zone.local_date(instant)

    def _micros(self, span: Duration) -> int:
        if math.isnan(span.amount):
            raise CalendarError("a span of `nan` is not an amount of time")
        units = _ELAPSED if span.elapsed else self._units
        micros = span.amount * units[span.unit]
        return round(micros) if abs(micros) < _UNREACHABLE else int(math.copysign(_UNREACHABLE, micros))


_ELAPSED = {"m": MINUTE, "h": HOUR, "d": DAY, "w": _WEEK * DAY}


class _Always(_Clock):
    """Every minute counts: a day is 24 hours, a week seven days."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__(Zone(calendar.timezone), DAY, _WEEK * DAY)

    def add(self, start: datetime, span: Duration) -> datetime:
        """Give the instant `span` after `start`."""
        return moment(axis(start) + self._micros(span))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Give the time from `start` to `end`, negative where `end` is earlier."""
        return end - start

    def start_of(self, day: date) -> datetime:
        """Give the first instant of `day` on the local clock."""
        return moment(self._zone.point(midnight(day.toordinal())))

    def end_of(self, day: date) -> datetime:
        """Give the last second of `day` on the local clock."""
        return moment(self._zone.point(midnight(day.toordinal() + 1)) - SECOND)


@dataclass(frozen=True, slots=True)
class _Year:
    """The spans of one year: when each starts and ends, and how much work lies before its start and by its end.

    `begin` and `end` bound the instants that its days own.
    """

    begin: int
    end: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    by: tuple[int, ...]

    @property
    def total(self) -> int:
        return self.by[-1] if self.by else 0

    def work_until(self, point: int) -> int:
        """Give the work from the beginning of the year to an instant."""
        index = bisect_right(self.starts, point) - 1
        return self.before[index] + min(point, self.ends[index]) - self.starts[index] if index >= 0 else 0

    def first_with(self, work: int) -> int:
        """Give the first instant by which `work` (more than nothing, at most the total) is done."""
        index = bisect_left(self.by, work)
        return self.starts[index] + work - self.before[index]

    def last_with(self, work: int) -> int:
        """Give the last instant by which no more than `work` (less than the total) is done."""
        index = bisect_right(self.before, work) - 1
        return self.starts[index] + work - self.before[index]


class _Hours(_Clock):
    """A calendar with working days and hours. A shift past midnight belongs to the day on which it starts."""

    def __init__(self, calendar: Calendar, holidays: DaysOff) -> None:
        if not calendar.week:
            raise CalendarError("the calendar has no working days", "name some: `week: mon-fri`")
        self._spans = _spans_of_a_day(calendar.hours)
        self._day = sum(end - start for start, end in self._spans)
        self._overhang = max(0, self._spans[-1][1] - DAY)
        self._calendar = calendar
        self._holidays = holidays
        self._years: dict[int, _Year] = {}
        self._latest: _Year | None = None
        self._totals: dict[int, int] = {}
        self._begins: dict[int, int] = {}
        self._days_off: dict[int, frozenset[int]] = {}
        super().__init__(Zone(calendar.timezone), self._day, self._day * len(calendar.week))

    def add(self, start: datetime, span: Duration) -> datetime:
        """Give the instant at which `span` of working time after `start` is used up (negative: before).

        Forward it is the first such instant (a Friday's end), backward the last (a Monday's start).
        """
        point = axis(start)
        work = self._micros(span)
        if span.elapsed or not work:
            return moment(point + work)
        inside = min(max(point, FIRST_POINT), LAST_POINT)
        return moment(self._forward(inside, work) if work > 0 else self._backward(inside, -work))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Give the working time from `start` to `end`, negative where `end` is earlier."""
        first, last = axis(start), axis(end)
        if last < first:
            return timedelta(microseconds=-self._between(last, first))
        return timedelta(microseconds=self._between(first, last))

    def start_of(self, day: date) -> datetime:
        """Give the start of work on `day`; where no work is done that day, on the next working day."""
        for ordinal in range(day.toordinal(), date.max.toordinal() + 1):
            spans = self._spans_on(ordinal)
            if spans:
                return moment(spans[0][0])
        return LAST

    def end_of(self, day: date) -> datetime:
        """Give the end of work on `day`; where no work is done that day, on the last working day before it.

        Work until midnight ends a second before, so that the instant still has the date of that day.
        """
        for ordinal in range(day.toordinal(), 0, -1):
            spans = self._spans_on(ordinal)
            if spans:
                return moment(spans[-1][1] - (SECOND if self._spans[-1][1] == DAY else 0))
        return FIRST

    def _forward(self, point: int, work: int) -> int:
        year = self._year_of(point)
        target = self._year(year).work_until(point) + work
        while target > self._total(year):
            target -= self._total(year)
            year += 1
            if year > _LAST_YEAR:
                return LAST_POINT
        return self._year(year).first_with(target)

    def _backward(self, point: int, work: int) -> int:
        year = self._year_of(point)
        target = self._year(year).work_until(point) - work
        while target < 0:
            year -= 1
            if year < 1:
                return FIRST_POINT
            target += self._total(year)
        return self._year(year).last_with(target)

    def _between(self, first: int, last: int) -> int:
        near = self._latest
        if near and near.begin <= first and last < near.end:
            return near.work_until(last) - near.work_until(first)
        year, final = self._year_of(first), self._year_of(last)
        work = self._year(final).work_until(last) - self._year(year).work_until(first)
        return work + sum(self._total(passed) for passed in range(year, final))

    def _year_of(self, point: int) -> int:
        """Give the year whose days own an instant."""
        year = moment(point).year
        if point < self._begin(year):
            return max(year - 1, 1)
        return min(year + 1, _LAST_YEAR) if point >= self._begin(year + 1) else year

    def _begin(self, year: int) -> int:
        """Give the instant at which a year's days begin: after the last shift of the year before."""
        if year not in self._begins:
            self._begins[year] = self._zone.point(midnight(_new_year(year)) + self._overhang)
        return self._begins[year]

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            self._years[year] = self._spelled_out(year)
        self._latest = self._years[year]
        return self._latest

    def _spelled_out(self, year: int) -> _Year:
        spans: list[Span] = []
        off = self._off(year)
        for first, end, offset in self._stretches(year):
            for ordinal in range(first, end):
                if self._is_weekday(ordinal) and ordinal not in off:
                    spans.extend(self._at(ordinal, offset))
        by: list[int] = []
        for start, end in spans:
            by.append((by[-1] if by else 0) + end - start)
        return _Year(
            begin=self._begin(year),
            end=self._begin(year + 1),
            starts=tuple(start for start, _ in spans),
            ends=tuple(end for _, end in spans),
            before=(0, *by[:-1]) if by else (),
            by=tuple(by),
        )

    def _total(self, year: int) -> int:
        """Give the work in a year, without spelling its days out where the clocks do not change."""
        kind = self._kind(year)
        if kind not in self._totals:
            off = self._off(year)
            days = _weekdays(self._calendar.week, _new_year(year), _new_year(year + 1)) - len(off)
            uneven = sum(
                self._work_on(ordinal) - self._day
                for ordinal, _, offset in self._stretches(year)
                if offset is None and self._is_weekday(ordinal) and ordinal not in off
            )
            self._totals[kind] = days * self._day + uneven
        return self._totals[kind]

    def _kind(self, year: int) -> int:
        """Give a number that years with the same work share.

        Where no public holidays are known the clocks follow a yearly rule or stand still, so that a leap year
        or not and the weekday of New Year say everything: fourteen kinds (as negative numbers).
        """
        if _FIRST_CLOCKS <= year <= KNOWN_YEARS[-1] or any(day.year == year for day in self._calendar.closed):
            return year
        length = _new_year(year + 1) - _new_year(year)
        return -1 - (_new_year(year) % _WEEK) - (_WEEK if length > 365 else 0) - (2 * _WEEK if year > 2000 else 0)

    def _stretches(self, year: int) -> Iterator[tuple[int, int, int | None]]:
        """Cut a year into (first day, day after the last, offset); the offset is None where the clocks change.

        The clock is looked at once a fortnight; where two looks differ, the days between are halved until
        the one day is left on which they changed.
        """
        first, end = _new_year(year), _new_year(year + 1)
        look = lru_cache(maxsize=None)(lambda ordinal: self._zone.offset(midnight(ordinal)))
        tail = 1 if self._overhang else 0
        left = [(start, min(start + _FORTNIGHT, end)) for start in range(first, end, _FORTNIGHT)][::-1]
        while left:
            start, stop = left.pop()
            if look(start) == look(stop + tail):
                yield start, stop, look(start)
            elif stop - start == 1:
                yield start, stop, None
            else:
                middle = (start + stop) // 2
                left += [(middle, stop), (start, middle)]

    def _spans_on(self, ordinal: int) -> tuple[Span, ...]:
        """Give the spans in which work is done on one day, none where it is free."""
        if not self._is_weekday(ordinal) or ordinal in self._off(date.fromordinal(ordinal).year):
            return ()
        return tuple(self._at(ordinal, None))

    def _work_on(self, ordinal: int) -> int:
        return sum(end - start for start, end in self._at(ordinal, None))

    def _at(self, ordinal: int, offset: int | None) -> Iterator[Span]:
        """Give the spans of a working day as instants; a span that the clock jumps over has no length."""
        base = midnight(ordinal)
        for start, end in self._spans:
            if offset is not None:
                yield base + start - offset, base + end - offset
                continue
            first, last = self._zone.point(base + start), self._zone.point(base + end)
            if last > first:
                yield first, last

    def _is_weekday(self, ordinal: int) -> bool:
        return (ordinal + 6) % _WEEK in self._calendar.week

    def _off(self, year: int) -> frozenset[int]:
        """Give the weekdays of a year on which no work is done."""
        if year not in self._days_off:
            closed = {day for day in self._calendar.closed if day.year == year}
            days = closed | self._holidays(self._calendar.holidays, year)
            self._days_off[year] = frozenset(
                ordinal for ordinal in map(date.toordinal, days) if self._is_weekday(ordinal)
            )
        return self._days_off[year]


def _spans_of_a_day(hours: tuple[tuple[time, time], ...]) -> tuple[Span, ...]:
    """Turn hours into sorted spans from midnight; one that ends no later than it starts ends the next day."""
    spans = sorted(_span(start, end) for start, end in hours)
    if not spans:
        raise CalendarError("the calendar has no working hours", 'name some: `hours: "09:00-17:00"`')
    following = (*spans[1:], (spans[0][0] + DAY, spans[0][1] + DAY))
    if any(span[1] > after[0] for span, after in zip(spans, following, strict=True)):
        raise CalendarError("the calendar's working hours overlap", "give every hour of the day once")
    return tuple(spans)


def _span(start: time, end: time) -> Span:
    if start == end and start != time(0):
        raise CalendarError(
            f"the working hours {start:%H:%M}-{end:%H:%M} have no length", 'a whole day is "00:00-00:00"'
        )
    first, last = _of_day(start), _of_day(end)
    return (first, last) if first < last else (first, last + DAY)


def _of_day(clock: time) -> int:
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * SECOND + clock.microsecond


def _new_year(year: int) -> int:
    """Give the ordinal of the first of January, of year 10000 too."""
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 + 1


def _weekdays(week: frozenset[int], first: int, end: int) -> int:
    """Count the days from `first` up to before `end` that fall on weekdays of `week`."""
    weeks, rest = divmod(end - first, _WEEK)
    return weeks * len(week) + sum((first + extra + 6) % _WEEK in week for extra in range(rest))
