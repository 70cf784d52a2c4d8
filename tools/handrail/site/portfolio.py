"""All projects on one page: a line for each, the one that needs somebody most first, and a timeline of them all."""

from __future__ import annotations

from handrail.model.state import ProjectState
from handrail.reports.manage import Report, next_milestone, top_risk
from handrail.site.context import Site, View
from handrail.site.kinds import which_kind
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.page import Page
from handrail.site.parts import bar, empty, heading, icon, moment, person, progress_bar, table
from handrail.site.paths import PROJECTS, project_src
from handrail.site.portfolio_timeline import portfolio_timeline
from handrail.site.status import COLOURS, age_words, end_words, status_chip, trend_mark

_NEED = {"red": 0, "amber": 1, "unknown": 2, "green": 3, "done": 4, "cancelled": 5}


def portfolio_page(site: Site) -> Page:
    """Give the page of all projects."""
    view = site.at(PROJECTS)
    parts: list[Content] = [tag("h1", view.say("Projects"))]
    parts.append(
        tag("p", view.say("What we do once: where each stands, what comes next, when it ends."), class_="hr-lead")
    )
    if site.overview.projects:
        parts.append(portfolio(view))
        together = portfolio_timeline(view, by_need(site))
        parts += [heading(view, 2, "timeline", view.say("All on one calendar")), together] if together else []
    else:
        command = tag("code", "handrail new project NAME")
        parts.append(empty(view.told("No project yet: {command} writes the first one.", command=command)))
    parts.append(which_kind(view))
    return Page(PROJECTS, view.say("Projects"), text(parts), description=view.say("All projects on one page."))


def portfolio(view: View) -> Html:
    """Give every project on a line, sorted by need: colour and why, end, what is next, the top risk, how old it is."""
    rows = [_line(view, state) for state in by_need(view.site)]
    columns = (
        "Project",
        "Status",
        "Progress",
        "Ends",
        "Next milestone",
        "Top risk",
    )
    return table(view, view.say("Projects"), columns, rows, "hr-table--runs hr-table--portfolio")


def by_need(site: Site) -> list[ProjectState]:
    """Give the projects in the order of how much they need somebody: colour, then days after the target, then name."""

    def need(state: ProjectState) -> tuple[int, int, float, str]:
        found = site.reports.get(state.project.id)
        over = {"active": 0, "done": 1, "cancelled": 2}[state.state]
        colour = _NEED.get(found.control.shown, 2) if found else 2
        days = (found.control.target_days or 0.0) if found else 0.0
        return over, colour, -days, state.project.id

    return sorted(site.overview.projects.values(), key=need)


def _line(view: View, state: ProjectState) -> tuple[Content, ...]:
    project, found = state.project, view.site.reports.get(state.project.id)
    title = span("hr-run-title", link(view.to(project_src(project.id)), view.title(project.title)))
    owner = div("hr-on__stage", person(view, project.owner)) if project.owner else EMPTY
    if found is None:
        return (
            [title, owner],
            status_chip(view, state),
            progress_bar(view, state.progress, view.say("tasks")),
            EMPTY,
            EMPTY,
            EMPTY,
        )
    live = state.state == "active"
    return (
        [title, owner],
        div("hr-cell", status_chip(view, state), _why(view, found) if live else EMPTY),
        _progress(view, found),
        div("hr-cell", end_words(view, found, state), trend_mark(view, found) if live else EMPTY),
        _milestone(view, found) if live else EMPTY,
        _risk(found) if live else EMPTY,
    )


def _why(view: View, found: Report) -> Html:
    control = found.control
    told = view.said(control.reasons[0].sentence) if control.reasons else ""
    differs = control.shown != control.computed
    rule = view.say("as reported; by rule {colour}", colour=view.say(COLOURS[control.computed])) if differs else ""
    rule += ": " if rule and told else ""
    more = f" (+{len(control.reasons) - 1})" if len(control.reasons) > 1 else ""
    why = div("hr-why", rule, told, more) if rule or told else EMPTY
    return text([why, div("hr-why hr-quiet", age_words(view, control))])


def _progress(view: View, found: Report) -> Html:
    control = found.control
    share = control.progress
    planned = control.planned_progress if control.by_hours else None  # else it is a share of money, not of work
    behind = planned is not None and planned < 1
    words = view.say("{share:.0%} of {planned:.0%} planned" if behind else "{share:.0%}", share=share, planned=planned)
    mark = bar(share, view.words(control.project.title))
    return span("hr-progress", mark, span("hr-progress__words", words))


def _milestone(view: View, found: Report) -> Html:
    task = next_milestone(found)
    if task is None:
        return EMPTY
    target = view.to(*view.site.place("project", found.control.project.id, task.item.id))
    late = icon("overdue") if task.late else EMPTY
    when = div("hr-due hr-due--late" if task.late else "hr-due", late, moment(view, task.finish))
    return div("hr-cell", link(target, view.title(task.item)), when)


def _risk(found: Report) -> Html:
    risk = top_risk(found)
    return div("hr-why", risk.risk) if risk else EMPTY
