"""Who has what: a page for everybody, a page for each, and the page of what has stalled."""

from __future__ import annotations

from collections.abc import Iterable

from handrail.base.words import one_line
from handrail.model.state import ProjectState, RunState
from handrail.reports.results import Assignment, Finding, Work
from handrail.reports.work import work_of
from handrail.site.context import Site, View
from handrail.site.log import activity_list
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.mentions import mentioned_in
from handrail.site.page import Page, section
from handrail.site.parts import (
    and_more,
    avatar,
    chip,
    chips,
    due_words,
    empty,
    figures,
    heading,
    icon,
    moment,
    person,
    state_chip,
)
from handrail.site.paths import PEOPLE, STALLED, person_src

CARD_TASKS = 3
COMING_SHOWN = 12
FINISHED_SHOWN = 15
FINDINGS_SHOWN = 100


def people_pages(site: Site) -> tuple[Page, ...]:
    """Give the page of all people, a page for each, and the page of what has stalled."""
    known = site.works
    others = sorted(_mentioned(site) - set(known) - set(site.overview.workspace.config.teams))
    works = {**known, **{key: work_of(site.overview, key) for key in others}}
    return (
        _index(site, known),
        *(_person(site, work) for work in works.values()),
        _stalled(site),
    )


def _mentioned(site: Site) -> set[str]:
    """Give everybody whom a page may link to: in the configuration, or anywhere in the files."""
    workspace, overview = site.overview.workspace, site.overview
    found: set[str] = set(workspace.config.people) | site.elsewhere
    for process in workspace.processes.values():
        found |= {process.owner} | {who for role in process.roles.values() for who in role}
    shown = (state for id, state in overview.runs.items() if id not in site.archived)
    states: tuple[RunState | ProjectState, ...] = (*shown, *overview.projects.values())
    for state in states:
        found |= mentioned_in(state)
    found |= {who for one in overview.findings for who in (*one.assignees, one.next_in_line)}
    found |= {who for plan in overview.plans.values() for task in plan.tasks for who in task.assignees}
    return found - {""}


def _index(site: Site, works: dict[str, Work]) -> Page:
    view = site.at(PEOPLE)
    ordered = sorted(works.values(), key=lambda work: (not work.now, -_late(work), -len(work.now), work.person))
    cards = [_card(view, work) for work in ordered]
    lead = tag("p", view.say("Who has what: the things that wait for each of us, the latest first."), class_="hr-lead")
    body = div("hr-cards", cards) if cards else empty(view.say("Nobody yet: people stand in handrail.yml."))
    return Page(
        PEOPLE,
        view.say("People"),
        text([tag("h1", view.say("People")), lead, body]),
        description=view.say("What waits for whom."),
    )


def _late(work: Work) -> int:
    return sum(task.overdue for task in work.now)


def _card(view: View, work: Work) -> Html:
    about = view.site.overview.workspace.config.person(work.person)
    late = _late(work)
    numbers = chips(
        state_chip(view, "ready", view.say("{n} to do", n=len(work.now)))
        if work.now
        else span("hr-quiet", view.say("nothing to do")),
        state_chip(view, "overdue", view.say("{n} overdue", n=late)) if late else EMPTY,
        span("hr-quiet", view.say("{n} coming", n=len(work.coming))) if work.coming else EMPTY,
    )
    name = link(view.to(person_src(work.person)), about.shown, class_="hr-card__link")
    tasks = [_brief(view, task) for task in work.now[:CARD_TASKS]]
    more = len(work.now) - CARD_TASKS
    rest = [tag("li", and_more(view, more), class_="hr-quiet")] if more > 0 else []
    head = div("hr-card__person", avatar(view, work.person), tag("h2", name, class_="hr-card__title"))
    agent = chips(chip("run", view.say("agent"))) if about.agent else EMPTY
    return tag(
        "section", head, agent, numbers, tag("ul", tasks, rest, class_="hr-brief") if tasks else EMPTY, class_="hr-card"
    )


def _brief(view: View, task: Assignment) -> Html:
    title = view.holder(task.kind, task.holder, task.step.item.title, task.step.id)
    late = [", ", span("hr-due--late", view.site.clock.until(task.due))] if task.overdue and task.due else []
    confirm = f", {view.say('to be confirmed')}" if task.confirmers else ""
    return tag("li", title, div("hr-quiet", view.title(task.holder_title), confirm, late))


def _person(site: Site, work: Work) -> Page:
    src = person_src(work.person)
    view = site.at(src)
    config = site.overview.workspace.config
    about = config.person(work.person)
    teams = [name for name, members in config.teams.items() if work.person in members]
    crumb = div("hr-crumb", link(view.to(PEOPLE), view.say("People")), span("hr-crumb__kind", view.say("Person")))
    head = div("hr-who", avatar(view, work.person), tag("h1", about.shown))
    known = chips(
        chip("who", view.say("in {teams}", teams=", ".join(teams))) if teams else EMPTY,
        chip("est", view.say("works {share:.0%}", share=about.load)) if about.load != 1 else EMPTY,
        chip("run", view.say("agent")) if about.agent else EMPTY,
        chip("cancelled", view.say("has left")) if not about.active else EMPTY,
        tag("code", f"@{work.person}"),
    )
    late = _late(work)
    numbers = figures(
        (str(len(work.now)), view.say("to do"), "ready"),
        (str(late), view.say("overdue"), "overdue" if late else ""),
        (str(len(work.coming)), view.say("coming"), ""),
        (str(len(work.finished)), view.say("finished in two weeks"), "done"),
    )
    todo = assignments(view, work.now) if work.now else empty(view.say("Nothing waits for them."))
    parts: list[Content] = [crumb, head, known, numbers, heading(view, 2, "now", view.say("To do now")), todo]
    toc = [section("now", view.say("To do now"))]
    if work.coming:
        parts += [heading(view, 2, "coming", view.say("Coming next")), assignments(view, work.coming[:COMING_SHOWN])]
        toc.append(section("coming", view.say("Coming next")))
    if work.finished:
        parts += [
            heading(view, 2, "finished", view.say("Finished lately")),
            activity_list(view, work.finished[:FINISHED_SHOWN]),
        ]
        toc.append(section("finished", view.say("Finished lately")))
    description = view.say("What waits for {who}.", who=about.shown)
    return Page(
        src, about.shown, text(parts), toc=tuple(toc), description=description, search=" ".join(teams) or description,
        in_nav=False, kind="person", parent=PEOPLE,
    )  # fmt: skip


def assignments(view: View, tasks: tuple[Assignment, ...]) -> Html:
    """Give items that wait for somebody as a list."""
    return tag("ul", [_assignment(view, task) for task in tasks], class_="hr-list")


def _assignment(view: View, task: Assignment) -> Html:
    title = view.holder(task.kind, task.holder, task.step.item.title, task.step.id)
    where = view.holder(task.kind, task.holder, task.holder_title)
    state = "stalled" if task.stalled else task.step.state
    side = div("hr-list__side", due_words(view, task.due, task.overdue), state_chip(view, state))
    main = div("hr-list__main", div("hr-list__title", title), div("hr-quiet", where), _why_again(view, task))
    return tag("li", main, side, class_="hr-list__row" + (" hr-list__row--late" if task.overdue else ""))


def _why_again(view: View, task: Assignment) -> Html:
    """Give why an item was sent back, or whose proposal is to be confirmed."""
    facts = task.step.facts
    if facts.rejected:
        told = {"who": view.person(facts.rejected.who), "note": one_line(facts.rejected.note)}
        return div("hr-quiet", view.told("sent back by {who}: {note}", **told))
    if facts.proposed and task.confirmers:
        return div("hr-quiet", view.told("proposed by {who}, to be confirmed", who=view.person(facts.proposed.who)))
    return EMPTY


def _stalled(site: Site) -> Page:
    view = site.at(STALLED)
    found = site.overview.findings
    lead = tag("p", view.say("Work that somebody could do, and nobody does. The worst first."), class_="hr-lead")
    nothing = empty(icon("done"), " ", view.say("Nothing has stalled. Everything that can move does."))
    parts: list[Content] = [tag("h1", view.say("Stalled")), lead]
    if found:
        runs = len({one.holder for one in found if one.kind == "run"})
        projects = len({one.holder for one in found if one.kind == "project"})
        tiles = [(str(len(found)), view.say("findings"), "stalled"), (str(runs), view.many(runs, "run", "runs"), "")]
        parts += [figures(*tiles, (str(projects), view.many(projects, "project", "projects"), ""))]
    parts.append(finding_list(view, found[:FINDINGS_SHOWN]) if found else nothing)
    if found[FINDINGS_SHOWN:]:
        number, command = str(len(found) - FINDINGS_SHOWN), tag("code", "handrail stalled --all")
        words = view.told("{n} more: {command} lists all of them.", n=number, command=command)
        parts.append(tag("p", words, class_="hr-more hr-quiet"))
    about = view.say("What has stalled, and whom to ask.")
    return Page(STALLED, view.say("Stalled"), text(parts), description=about, search=about)


def finding_list(view: View, found: Iterable[Finding]) -> Html:
    """Give findings as a list: what, why, since when, who has it, whom to ask next."""
    return tag("ul", [_finding(view, one) for one in found], class_="hr-list hr-list--findings")


def _reason(view: View, found: Finding) -> Html:
    kind = "overdue" if "overdue" in found.codes else "stalled"
    return div(f"hr-reason hr-reason--{kind}", icon(kind), " ", "; ".join(map(view.said, found.reasons)))


def _finding(view: View, found: Finding) -> Html:
    where = view.holder(found.kind, found.holder, found.holder_title)
    title = view.holder(found.kind, found.holder, found.title, found.item) if found.item else where
    since = span("hr-quiet", view.told("since {day}", day=moment(view, found.since))) if found.since else EMPTY
    ask = found.next_in_line if found.next_in_line not in found.assignees else ""
    who = [person(view, key) for key in found.assignees] or [span("hr-quiet", view.say("nobody has it"))]
    after = span("hr-next", view.told("then ask {who}", who=view.person(ask))) if ask else EMPTY
    main = div(
        "hr-list__main",
        div("hr-list__title", title),
        div("hr-quiet", where) if found.item else EMPTY,
        _reason(view, found),
    )
    return tag(
        "li", main, div("hr-list__side", span("hr-people", who), since, after), class_="hr-list__row hr-list__row--late"
    )
