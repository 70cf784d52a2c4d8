"""The dashboard: what needs somebody now, where every run and project stands, what was finished this week."""

from __future__ import annotations

from datetime import timedelta

from handrail.model.state import RunState
from handrail.reports.results import Activity
from handrail.site.context import Site, View
from handrail.site.log import activity_list
from handrail.site.markup import EMPTY, Content, Html, link, span, tag, text
from handrail.site.needs import needs_somebody
from handrail.site.page import Page
from handrail.site.parts import avatar, bar, empty, figures, folded, heading, moment, state_chip, state_mark, unsearched
from handrail.site.paths import ACTIVITY, HOME, PEOPLE, PROCESSES, PROJECTS, person_src
from handrail.site.portfolio import portfolio
from handrail.site.stage_board import stage_board

MARKER = "<!-- handrail: dashboard -->"
"""Where it stands in a home page of the workspace's own, the dashboard is put."""
FINISHED_SHOWN = 6
RUNS_FINISHED_SHOWN = 12
WEEK = timedelta(days=7)
_FINISHING = frozenset({"done", "approved"})


def dashboard(site: Site, src: str = HOME) -> Html:
    """Give the dashboard as a block for the page at `src`."""
    view = site.at(src)
    parts = [_numbers, _attention, _projects, _runs, _finished, _people, _age]
    return unsearched("hr-dashboard", [part(view) for part in parts])


def home_page(site: Site) -> Page:
    """Give a home page for a workspace that has none of its own."""
    title = site.overview.workspace.config.title
    return Page(
        HOME,
        title,
        text([tag("h1", title), dashboard(site)]),
        description=site.language.say("How everything stands right now."),
    )


def with_dashboard(markdown: str, board: Html) -> str:
    """Give a home page that somebody wrote, as Markdown, with the dashboard at its marker or at its end."""
    block = f'\n\n<div class="hr-page">\n{board}\n</div>\n\n'
    before, found, after = markdown.partition(MARKER)
    return f"{before}{block}{after.replace(MARKER, '')}" if found else f"{markdown.rstrip()}{block}"


def _numbers(view: View) -> Html:
    overview = view.site.overview
    active = [run for run in overview.runs.values() if run.state == "active"]
    projects = [project for project in overview.projects.values() if project.state == "active"]
    late = sum("overdue" in found.codes for found in overview.findings)
    stalled = len(overview.findings)
    week = [entry for entry in _lately(view) if entry.verb in _FINISHING]
    return figures(
        (str(stalled), view.say("need somebody"), "stalled" if stalled else "done"),
        (str(late), view.say("overdue"), "overdue" if late else ""),
        (str(len(active)), view.many(len(active), "active run", "active runs"), "active"),
        (str(len(projects)), view.many(len(projects), "project", "projects"), "active"),
        (str(len(week)), view.say("steps done this week"), "done"),
    )


def _lately(view: View) -> tuple[Activity, ...]:
    return tuple(entry for entry in view.site.lately if entry.time >= view.site.now - WEEK)


def _attention(view: View) -> Html:
    return text([heading(view, 2, "attention", view.say("Needs somebody now")), needs_somebody(view)])


def _people(view: View) -> Html:
    overview = view.site.overview
    busy = sorted(
        (work for work in view.site.works.values() if work.now), key=lambda work: (-len(work.now), work.person)
    )
    if not busy:
        return EMPTY
    most = max(len(work.now) for work in busy)
    rows = []
    for work in busy[:10]:
        late = sum(task.overdue for task in work.now)
        name = overview.workspace.config.person(work.person).shown
        words = view.say("{n} to do, {late} overdue" if late else "{n} to do", n=len(work.now), late=late)
        inside = [
            avatar(view, work.person),
            span("hr-load__name", name),
            bar(len(work.now) / most, view.say("{who}: {n} to do", who=name, n=len(work.now)), full=False),
            span("hr-load__words", words),
        ]
        rows.append(tag("li", link(view.to(person_src(work.person)), inside, class_="hr-load__link")))
    head = heading(view, 2, "people", link(view.to(PEOPLE), view.say("Who has how much")))
    return text([head, tag("ul", rows, class_="hr-load")])


def _runs(view: View) -> Html:
    overview = view.site.overview
    parts: list[Content] = [heading(view, 2, "runs", link(view.to(PROCESSES), view.say("Active runs")))]
    for process in overview.workspace.processes.values():
        active = [run for run in overview.runs_of(process.id) if run.state == "active"]
        if active:
            parts.append(stage_board(view, process, active))
    if len(parts) == 1:
        parts.append(empty(view.say("No run is active.")))
    return text(parts)


def _projects(view: View) -> Html:
    if not view.site.overview.projects:
        return EMPTY
    return text([heading(view, 2, "projects", link(view.to(PROJECTS), view.say("Projects"))), portfolio(view)])


def _finished(view: View) -> Html:
    done = [entry for entry in _lately(view) if entry.verb in _FINISHING]
    runs = [
        run
        for run in view.site.overview.runs.values()
        if run.state == "done" and run.finished and run.finished >= view.site.now - WEEK
    ]
    if not done and not runs:
        return EMPTY
    runs.sort(key=lambda run: (run.finished or view.site.now, run.run.id), reverse=True)
    whole = [_ended(view, run) for run in runs[:RUNS_FINISHED_SHOWN]]
    listed = tag("ul", whole, class_="hr-plain hr-ended") if whole else EMPTY
    steps = folded(view.count(len(done), "step"), activity_list(view, done[:FINISHED_SHOWN]), _all_of_it(view))
    head = heading(
        view, 2, "finished", view.say("Finished this week"), aside=view.count(len(runs), "run") if runs else None
    )
    return text([head, listed, steps if done else EMPTY])


def _ended(view: View, run: RunState) -> Html:
    process = view.site.overview.workspace.processes.get(run.run.process)
    where = view.title(process.title) if process else run.run.process
    late = bool(run.finished and run.first_due and run.finished > run.first_due)
    note = [" ", state_chip(view, "overdue", view.say("late"))] if late else []
    within = tag("div", span("hr-quiet", where, ", ", moment(view, run.finished)), note)
    title = view.holder("run", run.run.id, run.run.title)
    return tag("li", state_mark(view, "done"), tag("div", title, within))


def _all_of_it(view: View) -> Html:
    return tag("p", link(view.to(ACTIVITY), view.say("All that happened")), class_="hr-more")


def _age(view: View) -> Html:
    commit = view.site.options.commit
    now = moment(view, view.site.now, view.site.clock.day(view.site.now) + " " + view.site.clock.time(view.site.now))
    sentence = "As of {time} of commit {commit}." if commit else "As of {time}."
    return tag("p", view.told(sentence, time=now, commit=tag("code", commit[:10])), class_="hr-age")
