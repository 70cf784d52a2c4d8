"""The page of each project: how it stands and what it needs, its timeline, work, risks, updates and runs."""

from __future__ import annotations

from itertools import groupby

from handrail.model.item import Prose
from handrail.model.project import Project, Update
from handrail.model.state import ProjectState, RunState
from handrail.reports.control import money_words
from handrail.reports.manage import Report
from handrail.reports.steps import current_stage
from handrail.site.attention import attention, standing
from handrail.site.context import Site, View
from handrail.site.log import history
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.money import money, pace
from handrail.site.page import Entry, Page, section
from handrail.site.parts import day, facts, folded, heading, icon, moment, person, state_chip, unsearched
from handrail.site.paths import PROJECTS, project_src, tasks_src
from handrail.site.portfolio import portfolio_page
from handrail.site.processes import active_table
from handrail.site.risks import risk_parts
from handrail.site.status import update_chip
from handrail.site.tasks import board_of, milestones, steps_in_full, task_table, work
from handrail.site.timeline import legend, rows_of, timeline
from handrail.site.workload import workload


def project_pages(site: Site) -> tuple[Page, ...]:
    """Give the portfolio and a page for each project; a long project has further pages with its tasks."""
    states = site.overview.projects.values()
    more = (page for state in states for page in _task_pages(site, state))
    return (portfolio_page(site), *(_project(site, state) for state in states), *more)


def _project(site: Site, state: ProjectState) -> Page:
    project = state.project
    view = site.at(project_src(project.id), project.path)
    found = site.reports.get(project.id)
    parts: list[Content] = [_head(view, state, found)]
    toc: list[Entry] = []

    def add(anchor: str, title: str, content: Html, *inner: Entry) -> None:
        if content:
            title = view.say(title)
            parts.append(heading(view, 2, anchor, title))
            parts.append(content)
            toc.append(section(anchor, title, *inner))

    live = state.state == "active"
    if found:
        add("part--attention", "What needs attention", attention(view, found) if live else EMPTY)
        add("part--timeline", "Timeline", _timeline(view, state, found))
    add("part--about", "What it is about", _prose(view, project))
    if found:
        add("part--milestones", "Milestones", _quietly(milestones(view, found)))
        add("part--board", "Board", _quietly(board_of(view, project.id)) if live else EMPTY)
        add("part--pace", "Progress", _quietly(pace(view, found)))
        add("part--money", "Money and value", _quietly(money(view, found)))
    add("part--risks", "Risks", risk_parts(view, project))
    if found:
        add("part--load", "Who has how much", _quietly(workload(view, found)))
    told, entries = work(view, state)
    add("part--work", "Work", told, *entries)
    add("part--updates", "Updates", _updates(view, project.updates, "update"))
    add("part--changes", "Agreed changes", _updates(view, project.changes, "change"))
    add("part--runs", "Runs", _runs(view, project))
    add("part--log", "What happened", history(view, project))
    description = project.objective or project.summary or project.title
    return Page(
        project_src(project.id),
        project.title,
        text(parts),
        project.path,
        tuple(toc),
        description,
        kind="project",
        parent=PROJECTS,
    )


def _quietly(content: Html) -> Html:
    """Keep a part that says again what stands elsewhere out of the search index; nothing stays nothing."""
    return unsearched("hr-unsearched", content) if content else EMPTY


def _task_pages(site: Site, state: ProjectState) -> tuple[Page, ...]:
    project = state.project
    found = []
    for number, steps in enumerate(site.task_pages.get(project.id, ()), 1):
        view = site.at(tasks_src(project.id, number), project.path)
        told, toc = steps_in_full(view, state, steps, level=2)
        up = link(view.to(project_src(project.id)), view.title(project.title))
        crumb = div("hr-crumb", link(view.to(PROJECTS), view.say("Projects")), span("hr-crumb__kind", up))
        title = view.say("{project}: tasks, part {n}", project=project.title, n=number)
        head = text([crumb, tag("h1", view.say("Tasks, part {n}", n=number))])
        page = Page(
            view.src,
            title,
            text([head, told]),
            project.path,
            toc,
            title,
            in_nav=False,
            kind="tasks",
            parent=project_src(project.id),
        )
        found.append(page)
    return tuple(found)


def _head(view: View, state: ProjectState, found: Report | None) -> Html:
    project = state.project
    crumb = div("hr-crumb", link(view.to(PROJECTS), view.say("Projects")), span("hr-crumb__kind", view.say("Project")))
    aim = project.objective or project.summary
    lead = tag("p", aim, class_="hr-lead") if aim else EMPTY
    known = facts(
        (view.say("Owner"), person(view, project.owner) if project.owner else EMPTY),
        (view.say("Start"), day(view, project.start)),
        (view.say("Target"), day(view, project.target)),
        (view.say("Finished"), moment(view, state.finished)),
        (view.say("Budget"), view.said(money_words(project.budget, project.currency)) if project.budget else EMPTY),
        (view.say("As agreed"), _baseline(view, found)),
    )
    stands = standing(view, state, found) if found else EMPTY
    return text([crumb, tag("h1", view.title(project.title)), lead, known, stands])


def _baseline(view: View, found: Report | None) -> Html:
    baseline = found.control.baseline if found else None
    return view.told("“{name}” of {day}", name=baseline.name, day=moment(view, baseline.at)) if baseline else EMPTY


def _prose(view: View, project: Project) -> Html:
    told = {update.markdown.strip() for update in (*project.updates, *project.changes)}
    parts = [
        div("hr-prose", view.body(block.markdown, f"prose-{number}"))
        for number, block in enumerate(project.content)
        if isinstance(block, Prose) and block.markdown.strip() not in told
    ]
    return text(parts)


def _timeline(view: View, state: ProjectState, found: Report) -> Html:
    plan, baseline = found.control.plan, found.control.baseline
    if not plan.tasks:
        return EMPTY
    time = state.time or view.site.overview.moment.time_of(state.project)
    warnings = [tag("li", icon("stalled"), " ", view.said(words)) for words in plan.warnings]
    said = folded(view.say("What the plan warns of"), tag("ul", warnings, class_="hr-warnings")) if warnings else EMPTY
    picture = timeline(
        view,
        plan,
        view.words(state.project.title),
        time=time,
        was=baseline.tasks if baseline else None,
        target=state.project.target,
    )
    shown = rows_of(plan.tasks, view.site.now)
    as_table = folded(view.say("The same as a table"), task_table(view, found, shown), class_="hr-fold--table")
    drawn = "{shown} of {all} tasks are drawn: those that matter now."
    some = view.say(drawn, shown=len(shown), all=len(plan.tasks))
    note = tag("p", some, class_="hr-small") if len(shown) < len(plan.tasks) else EMPTY
    return unsearched(
        "hr-unsearched",
        picture,
        legend(view, baseline=baseline is not None, target=state.project.target is not None),
        note,
        said,
        as_table,
    )


def _updates(view: View, updates: tuple[Update, ...], kind: str) -> Html:
    rows = []
    for number, update in enumerate(sorted(updates, key=lambda one: one.day, reverse=True)):
        head = div("hr-update__head", tag("b", day(view, update.day)), update_chip(view, update))
        rows.append(div("hr-update", head, div("hr-body", view.body(update.markdown, f"{kind}-{number}"))))
    return text(rows)


def _runs(view: View, project: Project) -> Html:
    """Give the active runs under the stage that each is at, and those that are over."""
    states = [state for state in view.site.overview.runs.values() if state.run.project_task[0] == project.id]
    active = sorted((state for state in states if state.state == "active"), key=_at)
    parts: list[Content] = []
    for stage, group in groupby(active, key=_at):
        name = view.title(stage[1]) if stage[1] else EMPTY
        parts += [tag("h3", name) if name else EMPTY, active_table(view, list(group))]
    closed = [state for state in states if state.state != "active"]
    rows = [
        tag("li", view.run(one.run.id, view.title(one.run.title)), " ", state_chip(view, one.state)) for one in closed
    ]
    parts.append(tag("ul", rows, class_="hr-plain") if rows else EMPTY)
    return text(parts)


def _at(state: RunState) -> tuple[str, str]:
    return state.run.process, current_stage(state)
