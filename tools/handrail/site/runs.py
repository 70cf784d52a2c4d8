"""The page of a run: where it stands, what is on, every step, and what happened."""

from __future__ import annotations

from dataclasses import replace

from handrail.base.words import one_line
from handrail.model.item import walk
from handrail.model.run import Run
from handrail.model.state import RunState, StepState, walk_states
from handrail.reports.steps import actionable, confirmers
from handrail.reports.way import FINISH, way_on
from handrail.site.changes import change_list, change_rows
from handrail.site.context import Site, View
from handrail.site.log import history
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.older import ended
from handrail.site.page import Entry, Page, section
from handrail.site.parts import (
    STATE_WORDS,
    bar,
    chip,
    chips,
    due_words,
    empty,
    facts,
    first_due_words,
    heading,
    icon,
    moment,
    of,
    people,
    progress_bar,
    stage_counts,
    state_chip,
)
from handrail.site.paths import process_src, project_src, run_src
from handrail.site.run_timeline import run_timeline
from handrail.site.steps import EVIDENCE, Live, by_stage, live_steps, mark_words, value_shown

ON_NOW_SHOWN = 8
UNTOLD = EVIDENCE | {"sha256", "proposes"}
"""Values of an event that are shown in another way than by name and value."""


def run_outlines(site: Site) -> dict[str, tuple[Page, RunState]]:
    """Give what is known of each run's page without making it, by its place; archived runs have none."""
    states = (state for id, state in site.overview.runs.items() if id not in site.archived)
    return {run_src(state.run.id): (_outline(site, state), state) for state in states}


def run_page(site: Site, state: RunState) -> Page:
    """Give the page of a run."""
    run = state.run
    view = site.at(run_src(run.id), run.path)
    parts: list[Content] = [_head(view, state), _stages(view, state)]
    toc: list[Entry] = []
    if state.state == "active":
        parts.append(_on_now(view, state))
        toc.append(section("part--now", view.say("On now")))
    picture = run_timeline(view, state)
    if picture:
        parts += [heading(view, 2, "part--timeline", view.say("Timeline")), picture]
        toc.append(section("part--timeline", view.say("Timeline")))
    stages, entries = _steps(view, state)
    parts.append(stages)
    toc += entries
    differs = _differs(view, state)
    if differs:
        parts += [heading(view, 2, "part--differs", view.say("Today's procedure")), differs]
        toc.append(section("part--differs", view.say("Today's procedure")))
    parts += [
        heading(view, 2, "part--log", view.say("What happened")),
        history(view, run),
        _record(view, state),
    ]
    toc.append(section("part--log", view.say("What happened")))
    return replace(_outline(site, state), body=text(parts), toc=tuple(toc))


def _outline(site: Site, state: RunState) -> Page:
    run, progress = state.run, state.progress
    return Page(
        run_src(run.id),
        run.title,
        EMPTY,
        run.path,
        description=site.language.say(
            "{run}: {part} of {n} steps.", run=run.title, part=progress.done + progress.skipped, n=progress.total
        ),
        search=_search(site, state),
        in_nav=False,
        kind="run",
        parent=process_src(run.process),
    )


def _record(view: View, state: RunState) -> Html:
    """Give what a printed page must say of itself: which run it is, by which procedure, and when it stood so."""
    run = state.run
    told = "Run {run}, as it stood on {day}."
    if run.revision.strip("0"):
        told = "Run {run}, by revision {revision} of the procedure, as it stood on {day}."
    at = view.site.now if state.state == "active" else state.last or ended(state)
    day = view.site.clock.local(at).date()
    words = view.told(
        told,
        run=tag("code", run.id),
        revision=tag("code", run.revision[:10], title=run.revision),
        day=tag("time", view.date(day, "dated"), datetime=day.isoformat()),
    )
    return tag("p", words, class_="hr-age")


def _search(site: Site, state: RunState) -> str:
    process = site.overview.workspace.processes.get(state.run.process)
    values = " ".join(value for _, value in state.fields)
    return one_line(
        f"{process.title if process else state.run.process} {site.language.say(STATE_WORDS[state.state])} {values}"
    )


def _head(view: View, state: RunState) -> Html:
    run = state.run
    workspace = view.site.overview.workspace
    process = workspace.processes.get(run.process)
    up = link(view.to(process_src(run.process)), view.title(process.title)) if process else text(run.process)
    crumb = div("hr-crumb", up, span("hr-crumb__kind", view.say("Run")))
    status = chips(
        state_chip(view, state.state),
        state_chip(view, "overdue") if state.overdue and state.state == "active" else EMPTY,
        progress_bar(view, state.progress, view.say("steps closed")),
        _due(view, state),
        first_due_words(view, state.due, state.first_due) if state.state == "active" else EMPTY,
        class_="hr-status",
    )
    known = facts(
        (view.say("Started"), _started(view, run)),
        (view.say("Finished"), moment(view, state.finished)),
        (view.say("Project"), _project(view, run)),
        *((_label(process_label), value_shown(view, value)) for process_label, value in _labelled(view, state)),
    )
    return text([crumb, tag("h1", view.title(run.title)), status, known])


def _due(view: View, state: RunState) -> Html:
    """Give when a run is or was due; of one that is over, whether it was late."""
    if state.due is None:
        return EMPTY
    if state.state == "active":
        return span("hr-due", view.told("due {day}", day=due_words(view, state.due, state.overdue)))
    late = bool(state.finished and state.finished > state.due)
    mark = state_chip(view, "overdue", view.say("late")) if late else EMPTY
    return text([span("hr-due", view.told("was due {day}", day=moment(view, state.due))), mark])


def _started(view: View, run: Run) -> Html:
    at = moment(view, run.started)
    return view.told("{day} by {who}", day=at, who=view.person(run.by)) if run.by else at


def _label(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def _labelled(view: View, state: RunState) -> list[tuple[str, str]]:
    procedure = view.site.overview.workspace.procedure(state.run)
    labels = {one.name: one.label for one in procedure.fields} if procedure else {}
    return [(labels.get(name) or name, value) for name, value in state.fields if value]


def _project(view: View, run: Run) -> Html:
    id = run.project_task[0]
    project = view.site.overview.workspace.projects.get(id)
    return link(view.to(project_src(id)), view.title(project.title)) if project else text(id)


def _differs(view: View, state: RunState) -> Html:
    """Give what is other in today's procedure than in the one that an active run follows; nothing where nothing is."""
    found = view.site.difference(state.run.revision, state.run.process)
    if state.state != "active" or found is None:
        return EMPTY
    rows = change_rows(view, view.site.overview.workspace.processes[state.run.process], found)
    told = (
        "This run follows the procedure as it stood when the run started; it has changed since. "
        "{command} moves the run on and keeps what is done."
    )
    command = tag("code", f"handrail upgrade {state.run.id}")
    aside = tag("p", view.told(told, command=command), class_="hr-aside")
    return text([aside, change_list(view, rows)])


def _stages(view: View, state: RunState) -> Html:
    rows = []
    on = _open_stages(state)
    for number, (stage, steps) in enumerate(by_stage(state.steps), 1):
        closed, total = stage_counts(steps)
        share = closed / total if total else 1.0
        kind = "done" if closed == total else "now" if stage in on else "later"
        name = view.title(stage) if stage else text(view.say("Steps"))
        words = of(view, closed, total) if total else view.say("not needed")
        current = "step" if kind == "now" else None
        rows.append(
            tag(
                "li",
                link(f"#stage--{number}", span("hr-stage__name", name), class_="hr-stage__link"),
                bar(share, view.words(stage) or view.say("steps")),
                span("hr-stage__words", icon("done") if kind == "done" else EMPTY, words),
                class_=f"hr-stage hr-stage--{kind}",
                aria_current=current,
            )
        )
    return tag("ol", rows, class_="hr-stages", aria_label=view.say("Stages")) if len(rows) > 1 else EMPTY


def _open_stages(state: RunState) -> set[str]:
    return {step.item.stage for step in state.steps if step.state in {"ready", "doing", "blocked"}}


def _on_now(view: View, state: RunState) -> Html:
    site = view.site
    steps = actionable(state, site.now, site.overview.moment.time_for(state.run.calendar))
    if not steps:
        return text(
            [
                heading(view, 2, "part--now", view.say("On now")),
                empty(view.say("Nothing can be done right now: it waits.")),
            ]
        )
    cards = [_card(view, state, step) for step in steps[:ON_NOW_SHOWN]]
    rest = len(steps) - ON_NOW_SHOWN
    more = empty(view.many(rest, "and {n} more step below", "and {n} more steps below")) if rest > 0 else EMPTY
    return text([heading(view, 2, "part--now", view.say("On now")), div("hr-cards hr-cards--now", cards), more])


def _card(view: View, state: RunState, step: StepState) -> Html:
    edit = view.edit_link(state.run.path)
    site = view.site
    findings = [one for one in site.overview.findings if one.holder == state.run.id and one.item == step.id]
    reasons = [
        tag("p", icon("stalled"), " ", "; ".join(map(view.said, one.reasons)), class_="hr-reason")
        for one in findings[:1]
    ]
    since = [span("hr-quiet", view.told("ready since {day}", day=moment(view, step.ready)))] if step.ready else []
    confirming = confirmers(state, step, site.overview.workspace)
    proposal = (
        chip("approval", *[mark_words(view, mark) for mark in step.marks if mark.startswith("proposed")])
        if confirming
        else EMPTY
    )
    return tag(
        "section",
        tag("h3", link(f"#{step.id}", view.title(step.item), class_="hr-card__link")),
        chips(state_chip(view, step.state), people(view, confirming or step.assignees), proposal),
        chips(due_words(view, step.due, step.overdue), since),
        reasons,
        _how(view, state, step, edit),
        class_="hr-card hr-card--now" + (" hr-card--late" if step.overdue else " hr-card--stalled" if findings else ""),
    )


def _how(view: View, state: RunState, step: StepState, edit: str) -> Html:
    """Give the command that moves a step on, and the way by hand where ticking the box does it."""
    way = way_on(view.site.overview, state, step, whole=True)
    if way is None:
        return EMPTY
    ways = [tag("pre", tag("code", way.command), class_="hr-command")]
    if edit and way.said in {FINISH, "Confirm it"} and not step.item.attributes.approval:
        box = link(edit, view.say("tick the box in the file"))
        by_hand = [" ", view.told("or {tick} (line {line})", tick=box, line=str(step.item.place.line))]
        ways.append(tag("p", span("hr-quiet", by_hand), class_="hr-byhand"))
    if view.site.options.form:
        form = link(view.site.options.form, view.say("fill in the form"))
        named = {"run": tag("code", state.run.id), "step": tag("code", step.id)}
        told = [" ", view.told("or {fill} with run {run} and step {step}", fill=form, **named)]
        ways.append(tag("p", span("hr-quiet", told), class_="hr-byhand"))
    plain = way.said == FINISH and not step.item.attributes.approval
    return details_of(ways, view.say("Check it off" if plain else way.said))


def details_of(content: Content, summary: str) -> Html:
    """Give the command for a step, folded."""
    return tag("details", tag("summary", summary), content, class_="hr-fold hr-fold--command")


def _steps(view: View, state: RunState) -> tuple[Html, tuple[Entry, ...]]:
    procedure = view.site.overview.workspace.procedure(state.run)
    live = Live(
        view,
        how={item.id: item for item in walk(procedure.items)} if procedure else {},
        titles={step.id: step.item.title for step in walk_states(state.steps)},
        path=procedure.path if procedure else state.run.path,
    )
    parts: list[Content] = []
    toc: list[Entry] = []
    for number, (stage, steps) in enumerate(by_stage(state.steps), 1):
        anchor = f"stage--{number}"
        closed, total = stage_counts(steps)
        title: Content = view.title(stage) if stage else view.say("Steps")
        parts.append(heading(view, 2, anchor, title, aside=of(view, closed, total) if total else None))
        parts.append(live_steps(live, steps))
        toc.append(section(anchor, view.words(stage) if stage else view.say("Steps")))
    return text(parts), tuple(toc)
