"""The calendar that a timeline stands on: from instants to shares of its width, and what lies behind the bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial

from handrail.base.value import dataclass
from handrail.model.calendar import WorkingTime
from handrail.reports.words import Clock
from handrail.site.markup import Html, tag, text

HEAD = 42
FIT = 620
"""How many pixels the whole takes about, where nobody zooms in: decides how much is written."""
_SHADED_DAYS = 400

Told = Callable[[date, str], str]
"""Writes a date by the name of a pattern, in the site's language."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From an instant to a place across, in per cent of `days` days from the local midnight `first`."""

    first: datetime
    days: int

    def at(self, instant: datetime) -> float:
        """Give the place of an instant, in per cent from the left edge."""
        return round((instant - self.first).total_seconds() / 864 / self.days, 2)

    def of_day(self, number: float) -> str:
        """Give the place of a day by its number, with the sign of per cent."""
        return percent(number * 100 / self.days)


def percent(amount: float) -> str:
    """Give a number with the sign of per cent, without idle noughts."""
    return f"{amount:.2f}".rstrip("0").rstrip(".") + "%"


def scale_of(clock: Clock, instants: Iterable[datetime], reach: timedelta = timedelta(days=21)) -> Scale:
    """Give the scale on which all instants have room, from a Monday on; now too, where it is not `reach` away."""
    found = sorted(instants)
    first, last = clock.local(found[0]), clock.local(found[-1]) + timedelta(days=3)
    if found[0] - reach <= clock.now <= found[-1] + reach:
        first, last = min(first, clock.local(clock.now)), max(last, clock.local(clock.now) + timedelta(days=2))
    first = first.replace(hour=0, minute=0, second=0, microsecond=0)
    first -= timedelta(days=first.weekday())
    return Scale(first, max(14, (last - first).days + 1))


def axis(told: Told, scale: Scale) -> Html:
    """Give the months and the days of the weeks."""
    coarse = next((step for step in (7, 14, 28, 56, 112) if FIT / scale.days * step >= 26), 0)
    parts: list[Html] = []
    month = ""
    for number in range(scale.days):
        day = scale.first + timedelta(days=number)
        if f"{day:%Y-%m}" != month:
            name = _month(told, scale, number, first=not month)
            parts.append(
                tag("text", name, x=scale.of_day(number), y=16, class_="hr-gantt__month") if name else text("")
            )
            month = f"{day:%Y-%m}"
        if number % 7 == 0:
            fine = coarse == 0 or number % coarse
            kind = "hr-gantt__day hr-gantt__day--fine" if fine else "hr-gantt__day"
            parts.append(tag("text", str(day.day), x=scale.of_day(number), y=33, class_=kind))
    return tag("svg", parts, class_="hr-gantt__axis", height=HEAD, aria_hidden="true")


def ground(
    clock: Clock, scale: Scale, time: WorkingTime, target: date | None, works: Callable[[date], bool] | None = None
) -> Html:
    """Give what lies behind all rows: days off, weeks, months, the target, today.

    `works` tells whether a day is worked on, where that is known more quickly than `time` tells it.
    """
    parts = [_days_off(scale, works or partial(_works, time))] if scale.days <= _SHADED_DAYS else []
    for number in range(scale.days):
        day = scale.first + timedelta(days=number)
        if day.day == 1 and number:
            parts.append(_upright(scale.of_day(number), "hr-gantt__month-line"))
        elif number % 7 == 0 and scale.days <= _SHADED_DAYS:
            parts.append(_upright(scale.of_day(number), "hr-gantt__week"))
    places = [(scale.at(clock.now), "today")]
    if target is not None:
        places.append((scale.at(time.end_of(target)), "target"))
    parts += _named_lines(places)
    return tag("svg", parts, class_="hr-gantt__ground", aria_hidden="true")


def hours_scale_of(clock: Clock, instants: Iterable[datetime]) -> Scale:
    """Give a scale of whole days for what took few of them; now too, where it is not a day away."""
    found = sorted(clock.local(instant) for instant in instants)
    now = clock.local(clock.now)
    if found[0] <= now <= found[-1] + timedelta(days=1):
        found = sorted((*found, now))
    first = found[0].replace(hour=0, minute=0, second=0, microsecond=0)
    return Scale(first, (found[-1].date() - first.date()).days + 1)


def hours_axis(told: Told, scale: Scale) -> Html:
    """Give the days, and their hours by six."""
    parts: list[Html] = []
    for number in range(scale.days):
        day = scale.first + timedelta(days=number)
        name = told(day, "day")
        parts.append(tag("text", name, x=scale.of_day(number), y=16, class_="hr-gantt__month"))
        parts += [
            tag("text", f"{hour:02}", x=scale.of_day(number + hour / 24), y=33, class_="hr-gantt__day")
            for hour in (0, 6, 12, 18)
        ]
    return tag("svg", parts, class_="hr-gantt__axis", height=HEAD, aria_hidden="true")


def hours_ground(clock: Clock, scale: Scale, due: datetime | None) -> Html:
    """Give what lies behind the rows of a scale of few days: midnights, when all is due, now."""
    parts = [_upright(scale.of_day(number), "hr-gantt__month-line") for number in range(1, scale.days)]
    parts += _named_lines([(scale.at(clock.now), "today"), *([(scale.at(due), "target")] if due else [])])
    return tag("svg", parts, class_="hr-gantt__ground", aria_hidden="true")


def _named_lines(places: Iterable[tuple[float, str]]) -> list[Html]:
    parts: list[Html] = []
    for place, name in places:
        if 0 <= place <= 100:
            parts.append(_upright(percent(place), f"hr-gantt__{name}"))
            parts.append(tag("circle", cx=percent(place), cy=HEAD - 3, r=3.5, class_=f"hr-gantt__{name}"))
    return parts


def _upright(x: str, class_: str) -> Html:
    return tag("line", x1=x, x2=x, y1=HEAD - 4, y2="100%", class_=class_)


def _works(time: WorkingTime, day: date) -> bool:
    return time.local_date(time.start_of(day)) == day


def _days_off(scale: Scale, works: Callable[[date], bool]) -> Html:
    parts: list[Html] = []
    begun: int | None = None
    for number in range(scale.days + 1):
        day = (scale.first + timedelta(days=number)).date()
        off = number < scale.days and not works(day)
        if off and begun is None:
            begun = number
        elif not off and begun is not None:
            x, width = scale.of_day(begun), scale.of_day(number - begun)
            parts.append(tag("rect", x=x, y=HEAD, width=width, height="100%"))
            begun = None
    return tag("g", parts, class_="hr-gantt__off")


def _month(told: Told, scale: Scale, number: int, first: bool) -> str:
    """Give the name of the month that begins (or goes on, at the left edge) on a day, as long as there is room."""
    day = scale.first + timedelta(days=number)
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    room = min((following - day).days, scale.days - number) * FIT / scale.days
    dated = ["month_dated", "short_dated"] if first or day.month == 1 else ["month"]
    names = (*(told(day, pattern) for pattern in (*dated, "short")), "")
    return next(name for name in names if _width(name) <= room)


def _width(name: str) -> float:
    return sum(7.5 if ord(sign) < 0x2E80 else 13 for sign in name) + (8 if name else 0)
