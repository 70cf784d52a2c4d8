"""Who has how much to do in the next weeks, as a table whose cells are the darker the fuller a week is."""

from __future__ import annotations

from handrail.base.words import count
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
    heads = [tag("th", _monday(week), scope="col") for week in weeks]
    head = tag("tr", tag("th", "Person", scope="col"), heads, tag("th", "Tasks", scope="col"))
    rows = [_person(view, load) for load in found.loads]
    caption = tag("caption", "Hours of work planned in each week, of the hours there are. In this project alone.")
    inside = tag("table", caption, tag("thead", head), tag("tbody", rows), class_="hr-heat")
    frame = div("hr-scroll", inside, tabindex="0", role="region", aria_label="Load by week, scrolls sideways")
    return text([frame, _note(view, found)])


def _monday(week: Week) -> Html:
    return tag("time", f"{week.start.day} {week.start:%b}", datetime=week.start.isoformat())


def _person(view: View, load: Load) -> Html:
    cells = [_cell(week) for week in load.weeks]
    return tag("tr", tag("th", person(view, load.person), scope="row"), cells, tag("td", str(len(load.tasks))))


def _cell(week: Week) -> Html:
    if not week.capacity and not week.hours:
        return tag("td", span("hr-quiet", "away"), class_="hr-heat--away")
    over = week.share > _FULL
    heat = min(int(week.share * 4 + 0.999), 4) if week.hours else 0
    mark = span("hr-heat__over", "too full") if over else EMPTY
    shown = [f"{week.hours:.0f}", span("hr-quiet", f" / {week.capacity:.0f} h"), mark]
    return tag("td", shown, class_="hr-heat--over" if over else f"hr-heat--{heat}")


def _note(view: View, found: Report) -> Html:
    """Tell what would wait if nobody were to have more than there is time for."""
    if not any(week.share > _FULL for load in found.loads for week in load.weeks):
        return EMPTY
    project = found.control.project.id
    (levelled,) = levelling(view.site.overview, [project]).projects
    if not levelled.delays:
        return tag("p", "Moving tasks alone does not help: no task has room to wait.", class_="hr-small")
    moved = f", and the end moves by {count(round(levelled.days), 'working day')}" if levelled.days >= 1 else ""
    most = sorted(levelled.delays, key=lambda one: (-one.days, one.before.item.id))
    named = [[task_link(view, project, one.before), f" ({one.days:+.0f} d)"] for one in most[:3]]
    names = [part for one in named for part in (", ", one)][1:]
    more = f" and {len(most) - 3} more" if len(most) > 3 else ""
    command = tag("code", f"handrail project level {project}")
    told = [f"Levelled, {count(len(most), 'task')} would wait: ", names, more, moved, ". ", command, " shows how."]
    return tag("p", told, class_="hr-small")
