"""What falls on which day: a page with months at a glance and the list of all that is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby

from handrail.reports.agenda import Appointment
from handrail.site.context import Site, View
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.page import Page
from handrail.site.parts import and_more, chip, day, empty, heading, icon, people
from handrail.site.paths import CALENDAR, STALLED

MONTHS_SHOWN = 2
IN_A_DAY = 3
LISTED = 50
"""So many dates are listed, the next ones first; of later days only a few each."""
IN_A_LATER_DAY = 2
AHEAD = timedelta(weeks=8)
_MARKS = {"step": "due", "task": "est", "run": "run", "milestone": "milestone", "target": "milestone"}
_WORDS = {"step": "step", "task": "task", "run": "run due", "milestone": "milestone", "target": "target date"}


def calendar_page(site: Site) -> Page:
    """Give the page of all dates: this month and the next as grids, then what is late and what comes, by day."""
    view = site.at(CALENDAR)
    entries = site.agenda
    today = site.clock.local(site.now).date()
    months = _months(today)
    last = max(today + AHEAD, _after(months[-1]) - timedelta(days=1))
    late = [entry for entry in entries if entry.late]
    coming = [entry for entry in entries if not entry.late and today <= entry.day <= last]
    later = sum(not entry.late and entry.day > last for entry in entries)
    by_day = {one: list(group) for one, group in groupby(entries, key=lambda entry: entry.day)}
    parts: list[Content] = [
        tag("h1", view.say("Calendar")),
        tag("p", view.say("What is due, and what the plans say will be finished, day by day."), class_="hr-lead"),
        _subscribe(view),
    ]
    parts += [_month(view, first, today, by_day) for first in months]
    if late:
        parts += [heading(view, 2, "late", view.say("Late"), aside=str(len(late)))]
        parts += [_list(view, late, LISTED // 2, show_day=True, rest=view.to(STALLED))]
    parts += [heading(view, 2, "agenda", view.say("Agenda")), _days(view, coming)]
    if later:
        parts.append(
            tag("p", view.many(later, "And {n} date after that.", "And {n} dates after that."), class_="hr-quiet")
        )
    body, words = div("hr-calendar", parts), view.say("What is due on which day.")
    return Page(CALENDAR, view.say("Calendar"), body, description=words, search=words, kind="calendar")


def _subscribe(view: View) -> Html:
    address = link(view.to("calendar.ics"), "calendar.ics")
    words = "Also for your own calendar: {address}; each person, team, process and project has one too."
    return tag("p", view.told(words, address=address), class_="hr-quiet hr-small")


def _months(today: date) -> tuple[date, ...]:
    found = [today.replace(day=1)]
    while len(found) < MONTHS_SHOWN:
        found.append(_after(found[-1]))
    return tuple(found)


def _after(month: date) -> date:
    """Give the first day of the next month."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _month(view: View, first: date, today: date, by_day: Mapping[date, list[Appointment]]) -> Html:
    start = first - timedelta(days=first.weekday())
    week = [start + timedelta(days=number) for number in range(7)]
    head = tag("tr", [tag("th", view.date(one, "weekday"), scope="col") for one in week])
    weeks = []
    while week[0] < _after(first):
        weeks.append(tag("tr", [_cell(view, one, first, today, by_day.get(one, [])) for one in week]))
        week = [one + timedelta(days=7) for one in week]
    name = view.date(first, "month_dated")
    grid = tag(
        "table", tag("caption", name, class_="hr-sr"), tag("thead", head), tag("tbody", weeks), class_="hr-month"
    )
    return text([heading(view, 2, f"{first:%Y-%m}", name), div("hr-month-frame", grid)])


def _cell(view: View, one: date, month: date, today: date, entries: list[Appointment]) -> Html:
    if one.replace(day=1) != month:
        return tag("td", class_="hr-day hr-day--other")
    classes = ["hr-day"]
    classes += ["hr-day--today"] if one == today else []
    classes += ["hr-day--off"] if not view.site.works_on(one) else []
    number = tag("time", str(one.day), datetime=one.isoformat(), class_="hr-day__number")
    shown = [_short(view, entry) for entry in entries[:IN_A_DAY]]
    more = len(entries) - IN_A_DAY
    if more > 0:
        shown.append(tag("li", and_more(view, more), class_="hr-quiet"))
    many = _many(view, one, today, entries) if entries else EMPTY
    return tag("td", number, many, tag("ul", shown) if shown else EMPTY, class_=" ".join(classes))


def _many(view: View, one: date, today: date, entries: list[Appointment]) -> Html:
    """Give how many there are, for where there is no room for their names, leading to where the page lists them."""
    coming = any(not entry.late for entry in entries) and one >= today
    anchor = _day_anchor(one) if coming else "late" if entries[0].late else "agenda"
    return link(
        view.to(CALENDAR, anchor), str(len(entries)), span("hr-sr", f" {view.say('due')}"), class_="hr-day__count"
    )


def _day_anchor(one: date) -> str:
    return f"on-{one.isoformat()}"


def _short(view: View, entry: Appointment) -> Html:
    words = view.words(entry.title)
    where = view.words(entry.holder_title)
    full = words if words == where else f"{words} ({where})"
    mark = icon("overdue" if entry.late else _MARKS[entry.what])
    place = view.site.place(entry.kind, entry.holder, entry.item)
    target = link(view.to(*place), mark, span("hr-day__words", words), title=full)
    return tag("li", target, class_="hr-day__entry hr-day__entry--late" if entry.late else "hr-day__entry")


def _days(view: View, entries: list[Appointment]) -> Html:
    if not entries:
        return empty(view.say("Nothing is due in the next eight weeks."))
    parts: list[Content] = []
    room = LISTED
    for one, group in groupby(entries, key=lambda entry: entry.day):
        found = list(group)
        parts.append(tag("h3", day(view, one), class_="hr-agenda__day", id=_day_anchor(one)))
        parts.append(_list(view, found, max(room, IN_A_LATER_DAY)))
        room -= len(found)
    return text(parts)


def _list(view: View, entries: list[Appointment], room: int, show_day: bool = False, rest: str = "") -> Html:
    """List so many dates, and tell how many more there are; `rest` is the address of a page that tells of them."""
    listed = tag("ul", [_row(view, entry, show_day) for entry in entries[:room]], class_="hr-list hr-agenda")
    more = len(entries) - room
    if more <= 0:
        return listed
    words = and_more(view, more)
    return text([listed, tag("p", link(rest, words) if rest else words, class_="hr-quiet hr-small")])


def _row(view: View, entry: Appointment, show_day: bool) -> Html:
    title = view.holder(entry.kind, entry.holder, entry.title, entry.item)
    where = view.holder(entry.kind, entry.holder, entry.holder_title) if entry.item else EMPTY
    what = view.say(_WORDS[entry.what])
    plain = entry.what == "step" and entry.firm  # most are: the word would stand everywhere
    kind = EMPTY if plain else chip(_MARKS[entry.what], what if entry.firm else view.say("{what}, planned", what=what))
    when = day(view, entry.day) if show_day else EMPTY
    main = div("hr-list__main", div("hr-list__title", title), div("hr-quiet", where))
    who = people(view, entry.who) if entry.who else EMPTY
    late = " hr-list__row--late" if entry.late else ""
    return tag("li", main, div("hr-list__side", when, who, kind), class_=f"hr-list__row{late}")
