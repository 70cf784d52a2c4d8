"""The pages of processes: the list, and each as a document with its runs."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from handrail.model.item import Heading, Item, Prose, walk
from handrail.model.process import Process
from handrail.model.state import RunState
from handrail.reports.figure_tables import span as span_of
from handrail.reports.kin import waiting_projects
from handrail.reports.process_history import Past, ProcessHistory, process_history
from handrail.reports.steps import actionable, current_stage
from handrail.site.archive import older_runs
from handrail.site.changes import changes
from handrail.site.context import Site, View
from handrail.site.flow_picture import flow_picture
from handrail.site.kinds import which_kind
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.page import Entry, Page, section
from handrail.site.parts import (
    chip,
    chips,
    day,
    due_words,
    empty,
    facts,
    figures,
    filters,
    folded,
    heading,
    moment,
    people,
    person,
    progress_bar,
    span_text,
    state_chip,
    table,
    unsearched,
)
from handrail.site.paths import PROCESSES, process_src, project_src, run_src
from handrail.site.process_figures import process_figures
from handrail.site.steps import procedure_steps

FINISHED_SHOWN = 30
FILTERED_FROM = 6
LEAST_TOLD = 3


def process_pages(site: Site, known: Mapping[str, Past]) -> tuple[Page, ...]:
    """Give the list of processes and a page for each. `known` is what their figures are made of (`pasts`)."""
    processes = site.overview.workspace.processes.values()
    return (_index(site), *(_process(site, process, known.get(process.id)) for process in processes))


def _index(site: Site) -> Page:
    view = site.at(PROCESSES)
    processes = sorted(site.overview.workspace.processes.values(), key=lambda one: ("/" in one.id, one.id))
    parts: list[Content] = [tag("h1", view.say("Processes"))]
    parts.append(
        tag("p", view.say("How we do the work that comes again, and how each run of it stands."), class_="hr-lead")
    )
    if processes:
        parts.append(div("hr-cards", [_card(view, one) for one in processes]))
    if not processes:
        command = tag("code", "handrail new process NAME")
        parts.append(empty(view.told("No process yet: {command} writes the first one.", command=command)))
    parts.append(which_kind(view))
    return Page(PROCESSES, view.say("Processes"), text(parts), description=view.say("All processes and their runs."))


def folder_words(folder: str) -> str:
    """Give a folder of processes as a heading: "HR", "Publishing"."""
    words = folder.replace("/", " / ").replace("-", " ").replace("_", " ")
    return words.upper() if len(words) <= 2 else words[:1].upper() + words[1:]


def _card(view: View, process: Process) -> Html:
    runs = view.site.overview.runs_of(process.id)
    active = [run for run in runs if run.state == "active"]
    late = sum(run.overdue for run in active)
    title = link(view.to(process_src(process.id)), view.title(process.title), class_="hr-card__link")
    foot = chips(
        chip("active", view.count(len(active), "active run"))
        if active
        else span("hr-quiet", view.say("no active run")),
        state_chip(view, "overdue", view.say("{n} overdue", n=late)) if late else EMPTY,
        state_chip(view, "cancelled", view.say(process.status)) if process.status != "effective" else EMPTY,
    )
    summary = tag("p", process.summary) if process.summary else EMPTY
    folder = process.id.rpartition("/")[0]
    eyebrow = div("hr-card__folder", folder_words(folder)) if folder else EMPTY
    steps = span("hr-quiet", view.count(sum(1 for _ in walk(process.items)), "step"))
    below = div("hr-card__owner", person(view, process.owner) if process.owner else EMPTY, steps)
    return tag("section", eyebrow, tag("h2", title), summary, foot, below, class_="hr-card")


def _process(site: Site, process: Process, known: Past | None) -> Page:
    src = process_src(process.id)
    view = site.at(src, process.path)
    runs = site.overview.runs_of(process.id)
    document, stages = _document(view, process)
    past = process_history(site.overview.moment, process, known, site.clock.zone) if known else None
    head = _head(view, process, runs, past)
    parts: list[Content] = [head]
    toc: list[Entry] = []

    def add(anchor: str, title: str, content: Html) -> None:
        if content:
            title = view.say(title)
            parts.extend((heading(view, 2, anchor, title), unsearched("hr-unsearched", content)))
            toc.append(section(anchor, title))

    add("part--flow", "How it flows", flow_picture(view, process, runs))
    parts.append(document)
    toc += stages
    listed, entries = _runs(view, process, runs)
    parts.append(listed)
    toc += entries
    add("part--figures", "How it goes", process_figures(view, process, past) if past else EMPTY)
    add("part--changes", "What changed", changes(view, process))
    summary = process.summary or view.say("How {process} is done.", process=process.title)
    return Page(
        src,
        process.title,
        text(parts),
        process.path,
        tuple(toc),
        summary,
        kind="process",
        parent=PROCESSES,
        searched=text([head, document]),
    )


def _head(view: View, process: Process, runs: tuple[RunState, ...], past: ProcessHistory | None) -> Html:
    crumb = div(
        "hr-crumb", link(view.to(PROCESSES), view.say("Processes")), span("hr-crumb__kind", view.say("Process"))
    )
    lead = tag("p", process.summary, class_="hr-lead") if process.summary else EMPTY
    roles = [
        div("hr-role", tag("b", name.replace("_", " ")), " ", people(view, who)) for name, who in process.roles.items()
    ]
    known = facts(
        (view.say("Owner"), person(view, process.owner) if process.owner else EMPTY),
        (view.say("Status"), view.say(process.status) if process.status != "effective" else EMPTY),
        (view.say("Should take"), span_text(view, process.target) if process.target else EMPTY),
        (view.say("Steps"), str(sum(1 for _ in walk(process.items)))),
        (view.say("Changed"), _changed(view, process)),
        (view.say("Review"), day(view, process.review)),
        (view.say("Starts by itself"), tag("code", process.schedule) if process.schedule else EMPTY),
        (view.say("Projects wait for it"), _projects(view, process)),
    )
    who = folded(view.say("Roles and who fills them"), div("hr-roles", roles)) if roles else EMPTY
    title = tag("h1", view.title(process.title))
    return text([crumb, title, _not_in_use(view, process), lead, known, _figures(view, runs, past), who])


def _changed(view: View, process: Process) -> Html:
    newest = view.site.options.versions.get(process.id, ())[:1]
    return text([link("#part--changes", moment(view, one.time)) for one in newest])


def _projects(view: View, process: Process) -> Html:
    """Give the projects with an open task that is done by a run of this process."""
    names = dict.fromkeys(name for name, _ in waiting_projects(view.site.overview, process.id))
    titles = ((name, view.site.overview.workspace.projects[name].title) for name in names)
    links = [link(view.to(project_src(name)), view.title(title)) for name, title in titles]
    return text([part for one in links for part in (", ", one)][1:]) if links else EMPTY


def _not_in_use(view: View, process: Process) -> Html:
    """Say on the page of a procedure that is not to be followed that it is not, and what is followed instead."""
    if process.status == "effective":
        return EMPTY
    retired = process.status == "retired"
    title = view.say("This procedure is retired" if retired else "This procedure is a draft")
    said = "No run is started from it any more." if retired else "No run is started from it yet."
    words: list[Content] = [view.say(said)]
    after = view.site.overview.workspace.processes.get(process.successor) if retired else None
    if after is not None:
        followed = link(view.to(process_src(after.id)), view.title(after.title))
        words += [" ", view.told("What is followed now: {process}.", process=followed)]
    return div("admonition warning", tag("p", title, class_="admonition-title"), tag("p", words))


def _figures(view: View, runs: tuple[RunState, ...], past: ProcessHistory | None) -> Html:
    if not past:
        return EMPTY
    active = [run for run in runs if run.state == "active"]
    late = sum(run.overdue for run in active)
    tiles = [
        (str(len(active)), view.say("active"), "active"),
        (str(late), view.say("overdue"), "overdue" if late else ""),
    ]
    tiles.append((str(sum(run.state == "done" for run in runs)), view.say("finished"), "done"))
    lead, on_time = past.figures.lead, past.figures.on_time
    if lead.n >= LEAST_TOLD and lead.p50 is not None:
        tiles.append((view.said(span_of(lead.p50, past.day)), view.say("median of {n}", n=lead.n), ""))
    if on_time.n >= LEAST_TOLD:
        tiles.append((view.number(on_time.value or 0.0, ".0%"), view.say("on time"), ""))
    return figures(*tiles)


def _document(view: View, process: Process) -> tuple[Html, tuple[Entry, ...]]:
    titles = {item.id: item.title for item in walk(process.items)}
    parts: list[Content] = []
    toc: list[Entry] = []
    number, level = 1, 1
    for kind, grouped in groupby(process.content, key=type):
        blocks = tuple(grouped)
        if kind is Item:
            items = tuple(block for block in blocks if isinstance(block, Item))
            parts.append(procedure_steps(view, items, titles, number, min(level + 1, 6)))
            number += len(items)
            continue
        for block in blocks:
            if isinstance(block, Heading) and not (block.level == 1 and block.text == process.title):
                level = 2 if block.level <= 2 else 3
                anchor = f"stage--{len(toc) + 1}"
                parts.append(heading(view, level, anchor, view.title(block.text)))
                toc.append(section(anchor, view.words(block.text)))
            elif isinstance(block, Prose):
                parts.append(div("hr-prose", view.body(block.markdown, f"prose-{len(parts)}")))
    return text(parts), tuple(toc)


def _runs(view: View, process: Process, runs: tuple[RunState, ...]) -> tuple[Html, tuple[Entry, ...]]:
    active = [run for run in runs if run.state == "active"]
    closed = [run for run in runs if run.state != "active"]
    parts: list[Content] = [
        heading(
            view, 2, "part--runs", view.say("Runs"), aside=view.say("{n} active", n=len(active)) if active else None
        )
    ]
    if active:
        narrow = filters(view, "active-runs") if len(active) > FILTERED_FROM else EMPTY
        parts += [narrow, active_table(view, active, id="active-runs")]
    else:
        start = tag("code", f"handrail start {view.path.removeprefix('processes/').removesuffix('/README.md')}")
        parts.append(empty(view.told("No run is active. {command} starts one.", command=start)))
    if closed:
        parts.append(folded(view.count(len(closed), "finished run"), _closed_table(view, closed)))
    parts.append(older_runs(view, process.id))
    return unsearched("hr-unsearched", parts), (section("part--runs", view.say("Runs")),)


def active_table(view: View, runs: list[RunState], id: str | None = None) -> Html:
    """Give active runs as a table: progress, what is on, who has it, until when."""
    rows = [
        (
            span("hr-run-title", link(view.to(run_src(run.run.id)), view.title(run.run.title))),
            progress_bar(view, run.progress, view.words(run.run.title)),
            _on_now(view, run),
            due_words(view, run.due, run.overdue),
        )
        for run in runs
    ]
    return table(
        view,
        view.say("Active runs"),
        ("Run", "Progress", "On now", "Due"),
        rows,
        "hr-table--runs",
        id=id,
    )


def _on_now(view: View, run: RunState) -> Html:
    site = view.site
    steps = actionable(run, site.now, site.overview.moment.time_for(run.run.calendar))
    if not steps:
        return span("hr-quiet", "waiting")
    first = steps[0]
    stage = current_stage(run)
    where = div("hr-on__stage", view.title(stage)) if stage else EMPTY
    title = link(view.to(run_src(run.run.id), first.id), view.title(first.item))
    more = span("hr-quiet", view.say(" + {n} more", n=len(steps) - 1)) if len(steps) > 1 else EMPTY
    return div("hr-on", where, div("hr-on__step", title, more), people(view, first.assignees))


def _closed_table(view: View, runs: list[RunState]) -> Html:
    rows = [
        (
            view.run(run.run.id, view.title(run.run.title)),
            state_chip(view, run.state),
            moment(view, run.run.started),
            moment(view, run.finished),
        )
        for run in runs[:FINISHED_SHOWN]
    ]
    return table(
        view,
        view.say("Finished runs"),
        ("Run", "State", "Started", "Finished"),
        rows,
    )
