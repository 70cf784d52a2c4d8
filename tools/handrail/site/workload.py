"""Who has how much to do in the next weeks, as a table whose cells are the darker the fuller a week is."""

from __future__ import annotations

from handrail.reports.levelling import levelling
from handrail.reports.load import Load, Week
from handrail.reports.manage import Report
from handrail.site.attention import task_link
from handrail.site.context import View
from handrail.site.markup import EMPTY, Html, div, span, tag, text
from handrail.site.parts import person

_FULL = 1.005


def workload(view: View, found: Report) -> Html:
    """Give the people of a project by week, and what levelling would move where a week is too full."""
    if not found.loads:
        return EMPTY
    weeks = found.loads[0].weeks
    heads = [tag("th", _monday(view, week), scope="col") for week in weeks]
    head = tag("tr", tag("th", view.say("Person"), scope="col"), heads, tag("th", view.say("Tasks"), scope="col"))
    rows = [_person(view, load) for load in found.loads]
    caption = tag(
        "caption", view.say("Hours of work planned in each week, of the hours there are. In this project alone.")
    )
    inside = tag("table", caption, tag("thead", head), tag("tbody", rows), class_="hr-heat")
    frame = div("hr-scroll", inside, tabindex="0", role="region", aria_label=view.say("Load by week, scrolls sideways"))
    return text([frame, _note(view, found)])


def _monday(view: View, week: Week) -> Html:
    return tag("time", view.date(week.start, "date"), datetime=week.start.isoformat())


def _person(view: View, load: Load) -> Html:
    cells = [_cell(view, week) for week in load.weeks]
    return tag("tr", tag("th", person(view, load.person), scope="row"), cells, tag("td", str(len(load.tasks))))


def _cell(view: View, week: Week) -> Html:
    if not week.capacity and not week.hours:
        return tag("td", span("hr-quiet", view.say("away")), class_="hr-heat--away")
    over = week.share > _FULL
    heat = min(int(week.share * 4 + 0.999), 4) if week.hours else 0
    mark = span("hr-heat__over", view.say("too full")) if over else EMPTY
    shown = [view.number(week.hours, ".0f"), span("hr-quiet", view.say(" / {n:.0f} h", n=week.capacity)), mark]
    return tag("td", shown, class_="hr-heat--over" if over else f"hr-heat--{heat}")


def _note(view: View, found: Report) -> Html:
    """Tell what would wait if nobody were to have more than there is time for."""
    if not any(week.share > _FULL for load in found.loads for week in load.weeks):
        return EMPTY
    project = found.control.project.id
    (levelled,) = levelling(view.site.overview, [project]).projects
    if not levelled.delays:
        return tag("p", view.say("Moving tasks alone does not help: no task has room to wait."), class_="hr-small")
    most = sorted(levelled.delays, key=lambda one: (-one.days, one.before.item.id))
    named = [[task_link(view, project, one.before), view.say(" ({n:+.0f} d)", n=one.days)] for one in most[:3]]
    names = text([part for one in named for part in (", ", one)][1:])
    names = view.told("{names} and {n} more", names=names, n=str(len(most) - 3)) if len(most) > 3 else names
    told = "Levelled, {tasks} would wait: {names}. {command} shows how."
    if levelled.days >= 1:
        told = "Levelled, {tasks} would wait: {names}, and the end moves by {days}. {command} shows how."
    values = {"tasks": view.count(len(most), "task"), "days": view.count(round(levelled.days), "working day")}
    command = tag("code", f"handrail project level {project}")
    return tag("p", view.told(told, names=names, command=command, **values), class_="hr-small")
