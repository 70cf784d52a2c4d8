"""The calendar of a Microsoft Project plan: its week, its hours, and the days off that its exceptions name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time, timedelta

from handrail.base.value import dataclass
from handrail.base.words import count
from handrail.integrations.mspdi_read import Element, child, day_of, number_of, text_of, under
from handrail.model.calendar import Calendar, OwnCalendar

Hours = tuple[tuple[time, time], ...]

_MIDNIGHT = time(0)
_WHOLE_DAY: Hours = ((_MIDNIGHT, _MIDNIGHT),)
_BEFORE = timedelta(days=366)
_BEYOND = timedelta(days=10 * 366)
_DAILY, _YEARLY, _YEARLY_BY_PLACE, _MONTHLY, _MONTHLY_BY_PLACE, _WEEKLY = 1, 2, 3, 4, 5, 6
_LAST = 4
_MOST_ABOVE = 20


@dataclass(frozen=True, slots=True)
class PlanCalendar:
    """What a plan's calendar comes to here: None where it is the workspace's. `lost` says what could not be kept."""

    own: OwnCalendar | None
    lost: tuple[str, ...] = ()


class Calendars:
    """The calendars of a plan by their ids."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.by_id = {text_of(one, "UID"): one for one in under(root, "Calendars", "Calendar")}
        self.main = self.by_id.get(text_of(root, "CalendarUID"), next(iter(self.by_id.values()), None))

    def plan_calendar(self, workspace: Calendar, first: date | None, last: date | None) -> PlanCalendar:
        """Give the calendar of the plan, with its days off from `first` to `last`, and some time around them."""
        if self.main is None:
            return PlanCalendar(None)
        week = self.week(self.main)
        if not any(week.values()):
            return PlanCalendar(None, ("a calendar without working time",) if week else self.unread(self.main))
        days = frozenset(day for day, hours in week.items() if hours)
        hours = Counter(found for found in week.values() if found).most_common(1)[0][0]
        always = len(days) == 7 and hours == _WHOLE_DAY
        lost = [] if len({week[day] for day in days}) == 1 else ["hours that are not the same on all days"]
        closed, more = self.closed(self.main, days, first, last)
        own = OwnCalendar(always=True) if always and not closed else OwnCalendar(days, hours, closed)
        same = own.over(workspace) == workspace
        return PlanCalendar(None if same else _least(own, workspace), (*lost, *more))

    def unread(self, calendar: Element) -> tuple[str, ...]:
        """Tell of the exceptions of a calendar that says nothing of its week."""
        number = len(under(calendar, "Exceptions", "Exception"))
        return (f"{count(number, 'exception')} of a calendar without a week",) if number else ()

    def around_the_clock(self, uid: str) -> bool:
        """Tell whether a calendar has no time off at all."""
        found = self.by_id.get(uid)
        return found is not None and set(self.week(found).values()) == {_WHOLE_DAY}

    def other(self, uid: str) -> str:
        """Give the name of a calendar that is not the plan's; empty for the plan's own, or for none."""
        found = self.by_id.get(uid)
        if found is None or found is self.main:
            return ""
        return text_of(found, "Name") or "unnamed"

    def with_days_off(self, uid: str) -> bool:
        """Tell whether a calendar has days or hours of its own beside those of the calendar that it stands on."""
        found = self.by_id.get(uid)
        if found is None or found is self.main:
            return False
        return bool(under(found, "WeekDays", "WeekDay") or under(found, "Exceptions", "Exception"))

    def week(self, calendar: Element) -> dict[int, Hours]:
        """Give the hours of each weekday (Monday is 0), those of the calendars beneath where it says nothing.

        Empty where none of them says anything.
        """
        found: dict[int, Hours] = {}
        for one in self.line(calendar):
            for day in under(one, "WeekDays", "WeekDay"):
                kind = int(number_of(text_of(day, "DayType")) or 0)
                if 1 <= kind <= 7:
                    found.setdefault((kind - 2) % 7, _hours(day))
        return {day: found.get(day, ()) for day in range(7)} if found else {}

    def line(self, calendar: Element) -> Iterator[Element]:
        """Give a calendar and those that it stands on."""
        one: Element | None = calendar
        for _ in range(_MOST_ABOVE):
            if one is None:
                return
            yield one
            one = self.by_id.get(text_of(one, "BaseCalendarUID"))

    def closed(
        self, calendar: Element, days: frozenset[int], first: date | None, last: date | None
    ) -> tuple[frozenset[date], list[str]]:
        """Give the days off that would be working days, and what of the exceptions cannot be kept."""
        begin = (first or date(1990, 1, 1)) - _BEFORE
        end = (last or first or date(2100, 1, 1)) + _BEYOND
        found: set[date] = set()
        worked = odd = 0
        for one in self.line(calendar):
            for exception in (*under(one, "Exceptions", "Exception"), *_old_exceptions(one)):
                if text_of(exception, "DayWorking") == "1":
                    worked += 1
                    continue
                matches = _matcher(exception)
                if matches is None:
                    odd += 1
                    continue
                found.update(day for day in _span(exception, begin, end) if day.weekday() in days and matches(day))
        lost = [f"{count(worked, 'exception')} with hours of its own"] if worked else []
        lost += [f"{count(odd, 'exception')} of a kind that is not known here"] if odd else []
        return frozenset(found), lost


def _least(own: OwnCalendar, workspace: Calendar) -> OwnCalendar:
    """Leave out what the workspace's calendar says already."""
    if own.always:
        return own
    return OwnCalendar(
        None if own.week == workspace.week and not workspace.always else own.week,
        None if own.hours == workspace.hours and not workspace.always else own.hours,
        own.closed - workspace.closed,
    )


def _hours(day: Element) -> Hours:
    if text_of(day, "DayWorking") != "1":
        return ()
    spans = []
    for one in under(day, "WorkingTimes", "WorkingTime"):
        try:
            start, end = time.fromisoformat(text_of(one, "FromTime")), time.fromisoformat(text_of(one, "ToTime"))
        except ValueError:
            continue
        spans.append((start.replace(second=0), end.replace(second=0)))
    return tuple(sorted(spans)) or ((time(8), time(12)), (time(13), time(17)))


def _old_exceptions(calendar: Element) -> Sequence[Element]:
    """Give the exceptions as files before Project 2007 have them, and later ones too, for those."""
    return [day for day in under(calendar, "WeekDays", "WeekDay") if text_of(day, "DayType") == "0"]


def _span(exception: Element, begin: date, end: date) -> Iterator[date]:
    period = child(exception, "TimePeriod")
    first = day_of(text_of(period, "FromDate")) if period is not None else None
    last = day_of(text_of(period, "ToDate")) if period is not None else None
    if first is None or last is None:
        return
    for number in range(max(first, begin).toordinal(), min(last, end).toordinal() + 1):
        yield date.fromordinal(number)


def _matcher(exception: Element) -> Callable[[date], bool] | None:
    """Give whether a day of an exception's span is meant; None for a kind of recurrence that is not known."""
    kind = int(number_of(text_of(exception, "Type")) or _DAILY)
    every = max(int(number_of(text_of(exception, "Period")) or 1), 1)
    month, day = (int(number_of(text_of(exception, key)) or 0) for key in ("Month", "MonthDay"))
    place, item = (int(number_of(text_of(exception, key)) or 0) for key in ("MonthPosition", "MonthItem"))
    mask = int(number_of(text_of(exception, "DaysOfWeek")) or 0)
    period = child(exception, "TimePeriod")
    first = (day_of(text_of(period, "FromDate")) if period is not None else None) or date.min

    def months(one: date) -> int:
        return (one.year - first.year) * 12 + one.month - first.month

    if kind == _DAILY:
        return lambda one: (one - first).days % every == 0
    if kind == _YEARLY:
        return lambda one: (one.month, one.day) == (month + 1, day)
    if kind == _YEARLY_BY_PLACE:
        return lambda one: one.month == month + 1 and _placed(one, place, item)
    if kind == _MONTHLY:
        return lambda one: one.day == day and months(one) % every == 0
    if kind == _MONTHLY_BY_PLACE:
        return lambda one: _placed(one, place, item) and months(one) % every == 0
    if kind == _WEEKLY:
        monday = first - timedelta(days=first.weekday())
        return lambda one: bool(mask >> one.isoweekday() % 7 & 1) and (one - monday).days // 7 % every == 0
    return None


def _placed(day: date, place: int, item: int) -> bool:
    """Tell whether a day is the first to fourth or the last of its kind in its month; kinds 3 to 9 are weekdays."""
    if not 3 <= item <= 9 or day.isoweekday() % 7 != item - 3:
        return False
    if place == _LAST:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 == place
