"""The pages of projects: the portfolio, and each with its timeline, work, risks, updates and runs."""

from __future__ import annotations

from handrail.model.item import Prose
from handrail.model.project import Project, Risk, Update
from handrail.model.state import OPEN_NOW, ProjectState, walk_states
from handrail.reports.results import PlannedTask, ProjectPlan
from handrail.reports.steps import actionable
from handrail.site.context import Site, View
from handrail.site.kinds import which_kind
from handrail.site.log import history
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.page import Entry, Page, section
from handrail.site.parts import (
    chip,
    chips,
    day,
    due_words,
    empty,
    facts,
    heading,
    icon,
    moment,
    people,
    person,
    progress_bar,
    stage_counts,
    state_chip,
    table,
    unsearched,
)
from handrail.site.paths import PROJECTS, project_src
from handrail.site.processes import active_table
from handrail.site.steps import Live, by_stage, live_steps
from handrail.site.timeline import legend, timeline

RAG = {"green": "on track", "amber": "at risk", "red": "in trouble", "done": "done"}


def project_pages(site: Site) -> tuple[Page, ...]:
    """Give the portfolio and a page for each project."""
    return (_index(site), *(_project(site, state) for state in site.overview.projects.values()))


def _index(site: Site) -> Page:
    view = site.at(PROJECTS)
    parts: list[Content] = [tag("h1", "Projects")]
    parts.append(tag("p", "What we do once: where each stands, what comes next, when it ends.", class_="hr-lead"))
    if site.overview.projects:
        parts.append(portfolio(view))
    else:
        parts.append(empty("No project yet: ", tag("code", "handrail new project NAME"), " writes the first one."))
    parts.append(which_kind(view))
    return Page(PROJECTS, "Projects", text(parts), description="All projects on one page.")


def portfolio(view: View) -> Html:
    """Give every project on a line: state, progress, what is next, when it ends against its target."""
    order = {"active": 0, "done": 1, "cancelled": 2}
    states = sorted(view.site.overview.projects.values(), key=lambda one: (order[one.state], one.project.id))
    rows = [_line(view, state) for state in states]
    return table("Projects", ("Project", "Status", "Progress", "Next", "Finish"), rows, "hr-table--runs")


def _line(view: View, state: ProjectState) -> tuple[Content, ...]:
    project = state.project
    site = view.site
    steps = actionable(state, site.now, site.overview.moment.normal)
    following: Html = EMPTY
    if steps:
        title = link(view.to(project_src(project.id), steps[0].id), view.title(steps[0].item))
        following = div("hr-on", div("hr-on__step", title), people(view, steps[0].assignees))
    owner = div("hr-on__stage", person(view, project.owner)) if project.owner else EMPTY
    title = link(view.to(project_src(project.id)), view.title(project.title))
    return (
        [span("hr-run-title", title), owner],
        rag_chip(state),
        progress_bar(state.progress, view.words(project.title)),
        following,
        _finish(view, state),
    )


def _finish(view: View, state: ProjectState) -> Html:
    plan = view.site.overview.plans.get(state.project.id)
    if state.finished:
        return moment(view, state.finished)
    planned = plan.finish if plan else None
    target = state.project.target
    if planned is None:
        return day(view, target)
    late = target is not None and view.site.clock.local(planned).date() > target
    mark = icon("overdue") if late else EMPTY
    aim = [", ", span("hr-due__near", "target ", day(view, target))] if target else []
    return span("hr-due hr-due--late" if late else "hr-due", mark, moment(view, planned), aim)


def rag_chip(state: ProjectState) -> Html:
    """Give how a project does by its newest update; where there is none, its state."""
    newest = newest_update(state.project)
    if state.state == "active" and newest and newest.status in RAG:
        return span(f"hr-chip hr-chip--state hr-rag-{newest.status}", icon("milestone"), RAG[newest.status])
    return state_chip(state.state)


def newest_update(project: Project) -> Update | None:
    """Give the update of the latest day, None where there is none."""
    return max(project.updates, key=lambda update: update.day, default=None)


def _project(site: Site, state: ProjectState) -> Page:
    project = state.project
    view = site.at(project_src(project.id), project.path)
    plan = site.overview.plans.get(project.id)
    parts: list[Content] = [_head(view, state, plan), _prose(view, project)]
    toc: list[Entry] = []

    def add(anchor: str, title: str, content: Html, *inner: Entry) -> None:
        if content:
            parts.append(heading(2, anchor, title))
            parts.append(content)
            toc.append(section(anchor, title, *inner))

    add("part--timeline", "Timeline", _timeline(view, state, plan))
    work, entries = _work(view, state)
    add("part--work", "Work", work, *entries)
    add("part--risks", "Risks", _risks(view, project))
    add("part--updates", "Updates", _updates(view, project.updates, "update"))
    add("part--changes", "Changes", _updates(view, project.changes, "change"))
    add("part--runs", "Runs", _runs(view, project))
    add("part--log", "What happened", history(view, "project", project.id))
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


def _head(view: View, state: ProjectState, plan: ProjectPlan | None) -> Html:
    project = state.project
    crumb = div("hr-crumb", link(view.to(PROJECTS), "Projects"), span("hr-crumb__kind", "Project"))
    aim = project.objective or project.summary
    lead = tag("p", aim, class_="hr-lead") if aim else EMPTY
    status = chips(
        rag_chip(state), progress_bar(state.progress, "tasks closed"), _finish(view, state), class_="hr-status"
    )
    budget = f"{project.budget:,.0f} {project.currency}".strip() if project.budget else ""
    known = facts(
        ("Owner", person(view, project.owner) if project.owner else EMPTY),
        ("Start", day(view, project.start)),
        ("Target", day(view, project.target)),
        ("Planned finish", moment(view, plan.finish) if plan and not state.finished else EMPTY),
        ("Finished", moment(view, state.finished)),
        ("Budget", budget),
    )
    return text([crumb, tag("h1", view.title(project.title)), lead, status, known])


def _prose(view: View, project: Project) -> Html:
    told = {update.markdown.strip() for update in (*project.updates, *project.changes)}
    parts = [
        div("hr-prose", view.body(block.markdown, f"prose-{number}"))
        for number, block in enumerate(project.content)
        if isinstance(block, Prose) and block.markdown.strip() not in told
    ]
    return text(parts)


def _timeline(view: View, state: ProjectState, plan: ProjectPlan | None) -> Html:
    if plan is None or not plan.tasks:
        return EMPTY
    warnings = [tag("li", icon("stalled"), " ", words) for words in plan.warnings]
    said = tag("ul", warnings, class_="hr-warnings") if warnings else EMPTY
    picture = timeline(view, plan, view.words(state.project.title))
    rows = [_task_row(view, task) for task in plan.tasks]
    columns = ("Task", "State", "Who", "Start", "Finish", "Spare time")
    as_table = tag(
        "details",
        tag("summary", "The same as a table"),
        table("Tasks of the plan", columns, rows, "hr-table--plan"),
        class_="hr-fold",
    )
    return unsearched("hr-unsearched", said, picture, legend(), as_table)


def _task_row(view: View, task: PlannedTask) -> tuple[Content, ...]:
    title = link(f"#{task.item.id}", view.title(task.item))
    kind = icon("milestone") if task.milestone else EMPTY
    days = task.total_float_s / 28800
    spare = (
        "none: critical" if task.critical else f"{days:.0f} d" if days >= 1 else f"{task.total_float_s / 3600:.0f} h"
    )
    closed = task.state in {"done", "skipped", "na", "cancelled"}
    late = due_words(view, task.deadline, True) if task.late and not closed else EMPTY
    return (
        [kind, " " if kind else "", title],
        state_chip(task.state),
        people(view, task.assignees, ""),
        EMPTY if task.milestone else moment(view, task.start),
        [moment(view, task.finish), " " if late else "", late],
        "" if closed else spare,
    )


def _work(view: View, state: ProjectState) -> tuple[Html, tuple[Entry, ...]]:
    parts: list[Content] = []
    toc: list[Entry] = []
    live = Live(view, titles={step.id: step.item.title for step in walk_states(state.steps)}, path=state.project.path)
    for number, (stage, steps) in enumerate(by_stage(state.steps), 1):
        if stage:
            closed, total = stage_counts(steps)
            anchor = f"stage--{number}"
            on = any(step.state in OPEN_NOW for step in steps)
            note = [f"{closed} of {total}", chip("active", "now") if on else EMPTY]
            parts.append(heading(3, anchor, view.title(stage), aside=note))
            toc.append(section(anchor, view.words(stage)))
        parts.append(live_steps(live, steps, level=4 if stage else 3))
    return text(parts), tuple(toc)


def _risks(view: View, project: Project) -> Html:
    if not project.risks:
        return EMPTY
    ranked = sorted(project.risks, key=lambda risk: (-risk.probability * risk.impact, -risk.probability))
    rows = [_risk(view, project, risk) for risk in ranked]
    return table("Risks", ("Risk", "Likely", "Costs", "Exposure", "Owner", "What we do"), rows)


def _risk(view: View, project: Project, risk: Risk) -> tuple[Content, ...]:
    money = f"{risk.impact:,.0f} {project.currency}".strip() if risk.impact else ""
    exposure = f"{risk.probability * risk.impact:,.0f} {project.currency}".strip() if risk.impact else ""
    return (
        risk.risk,
        f"{risk.probability:.0%}",
        ", ".join(part for part in (money, risk.delay) if part),
        exposure,
        person(view, risk.owner) if risk.owner else EMPTY,
        risk.response,
    )


def _updates(view: View, updates: tuple[Update, ...], kind: str) -> Html:
    rows = []
    for number, update in enumerate(sorted(updates, key=lambda one: one.day, reverse=True)):
        word = RAG.get(update.status, update.status)
        status = (
            span(f"hr-chip hr-chip--state hr-rag-{update.status}", icon("milestone"), word)
            if word in RAG.values()
            else EMPTY
        )
        head = div("hr-update__head", tag("b", day(view, update.day)), status)
        rows.append(div("hr-update", head, div("hr-body", view.body(update.markdown, f"{kind}-{number}"))))
    return text(rows)


def _runs(view: View, project: Project) -> Html:
    states = [state for state in view.site.overview.runs.values() if state.run.project_task[0] == project.id]
    active = [state for state in states if state.state == "active"]
    closed = [state for state in states if state.state != "active"]
    rows = [tag("li", view.run(one.run.id, view.title(one.run.title)), " ", state_chip(one.state)) for one in closed]
    parts = [active_table(view, active) if active else EMPTY, tag("ul", rows, class_="hr-plain") if rows else EMPTY]
    return text(parts)
