"""All projects on one calendar: a bar each, with what is done, milestones, the target, and the end that was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handrail.model.state import CLOSED, ProjectState
from handrail.reports.manage import Report
from handrail.reports.results import PlannedTask
from handrail.site.context import View
from handrail.site.markup import EMPTY, Html, div, link, span, tag
from handrail.site.paths import project_src
from handrail.site.status import COLOURS
from handrail.site.timeline import BAR, ROW, zoom
from handrail.site.timeline_scale import Scale, axis, ground, percent, scale_of

_LATELY = timedelta(days=60)
_MOST = 60


def portfolio_timeline(view: View, states: Sequence[ProjectState]) -> Html:
    """Give the timeline of the projects that are active or ended lately; nothing where there are fewer than two."""
    recent = view.site.now - _LATELY
    rows = []
    for state in states:
        found = view.site.reports.get(state.project.id)
        if found and found.control.plan.tasks and (state.state == "active" or (state.finished or recent) > recent):
            rows.append((state, found))
    rows = rows[:_MOST]
    if len(rows) < 2:
        return EMPTY
    scale = scale_of(view.site.clock, [at for state, found in rows for at in _ends(view, state, found)])
    names = tag("ul", [_name(view, state) for state, _ in rows], class_="hr-gantt__names")
    bars = [_row(view, scale, state, found, number) for number, (state, found) in enumerate(rows)]
    told = tag(
        "title",
        view.many(
            len(rows),
            "{n} project on one calendar. The table above tells their ends.",
            "{n} projects on one calendar. The table above tells their ends.",
        ),
    )
    picture = tag("svg", told, bars, class_="hr-gantt__bars", height=ROW * len(rows), role="img")
    sheet = div(
        "hr-gantt__sheet",
        ground(view.site.clock, scale, view.site.overview.moment.normal, None),
        div("hr-gantt__row hr-gantt__head", span("hr-gantt__names"), axis(view.date, scale)),
        div("hr-gantt__row", names, picture),
        style=f"--hr-days:{scale.days}",
    )
    label = view.say("All projects on one calendar, scrolls sideways; the table above tells their ends")
    scroll = div("hr-gantt__scroll", sheet, tabindex="0", role="region", aria_label=label, dir="ltr")
    return div("hr-gantt", zoom(view), scroll)


def _ends(view: View, state: ProjectState, found: Report) -> list[datetime]:
    plan, baseline = found.control.plan, found.control.baseline
    time = view.site.overview.moment.time_of(state.project)
    dates = [task.start for task in plan.tasks] + [task.finish for task in plan.tasks]
    dates += [baseline.start, baseline.finish] if baseline else []
    return dates + ([time.end_of(state.project.target)] if state.project.target else [])


def _name(view: View, state: ProjectState) -> Html:
    words = view.words(state.project.title)
    title = link(view.to(project_src(state.project.id)), words, title=words if len(words) > 24 else None, dir="auto")
    return tag("li", title, class_="hr-top")


def _row(view: View, scale: Scale, state: ProjectState, found: Report, number: int) -> Html:
    control = found.control
    tasks = control.plan.tasks
    middle = ROW * number + ROW / 2
    left, right = scale.at(min(task.start for task in tasks)), scale.at(max(task.finish for task in tasks))
    width = max(right - left, 0.05)
    top = middle - BAR / 2
    whole = tag("rect", x=percent(left), y=top, width=percent(width), height=BAR, rx=3)
    share = percent(width * (1.0 if state.state == "done" else control.progress))
    done = tag("rect", x=percent(left), y=top, width=share, height=BAR, rx=3, class_="hr-b__done")
    marks = [_diamond(scale, task, middle) for task in tasks if task.milestone]
    agreed = _agreed(scale, found, middle)
    kind = "hr-b hr-b--done" if state.state == "done" else f"hr-b hr-b--open hr-b--{control.shown}"
    return tag(
        "g",
        tag("title", _said(view, state, found)),
        agreed,
        whole,
        done,
        marks,
        _target(view, scale, state, middle),
        class_=kind,
    )


def _diamond(scale: Scale, task: PlannedTask, middle: float) -> Html:
    shape = tag("path", d=f"M0 {middle - 6:g}l6 6-6 6-6-6Z", class_=None if task.state in CLOSED else "hr-b__open")
    return tag("svg", shape, x=percent(scale.at(task.finish)))


def _agreed(scale: Scale, found: Report, middle: float) -> Html:
    baseline = found.control.baseline
    if baseline is None:
        return EMPTY
    left, right = scale.at(baseline.start), scale.at(baseline.finish)
    place, width = percent(left), percent(max(right - left, 0.05))
    return tag("rect", x=place, y=middle + BAR / 2 + 2, width=width, height=3, class_="hr-b__was")


def _target(view: View, scale: Scale, state: ProjectState, middle: float) -> Html:
    if state.project.target is None:
        return EMPTY
    at = view.site.overview.moment.time_of(state.project).end_of(state.project.target)
    mark = tag("path", d=f"M0 {middle - 9:g}v18m0-18h5l-2 3 2 3H0", class_="hr-b__deadline")
    return tag("svg", mark, x=percent(scale.at(at)))


def _said(view: View, state: ProjectState, found: Report) -> str:
    clock, control = view.site.clock, found.control
    ends = state.finished or control.plan.finish
    colour = view.say(COLOURS[control.shown]) if control.shown in COLOURS else control.shown
    told = [colour, view.say("{share:.0%} done", share=control.progress)]
    told += [view.say("ended {day}" if state.finished else "ends {day}", day=clock.day(ends))] if ends else []
    target = state.project.target
    told += [view.say("target {day}", day=view.date(target, "padded_dated"))] if target else []
    return f"{view.words(state.project.title)}: {', '.join(told)}"
