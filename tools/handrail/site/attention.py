"""What comes first on a project's page: how it stands and why, what has to change, what is to be done next."""

from __future__ import annotations

from collections.abc import Iterable

from handrail.model.state import ProjectState
from handrail.plan.earned import Earned
from handrail.reports.control import Control, money_words
from handrail.reports.manage import AtRisk, Report, next_milestone
from handrail.reports.results import PlannedTask
from handrail.site.context import View
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.parts import and_more, avatar, due_words, figure, folded, icon, more_words, people, person
from handrail.site.status import against, age_words, colour_chip, override, reason_list, trend_mark

SHOWN, MOST = 5, 30
"""So many entries of a list are seen at once, and so many are there at all."""

CODES = {
    "R1": "overdue",
    "R2": "ends too late",
    "R3": "should have started",
    "R4": "behind, without time to spare",
    "R5": "blocked for long",
    "R6": "no word for long",
    "R7": "likely to be late",
    "R8": "something before it slipped",
}


def standing(view: View, state: ProjectState, found: Report) -> Html:
    """Give the colour with its reasons, and the figures that decide."""
    control = found.control
    head = div(
        "hr-standing__head",
        colour_chip(view, control.shown),
        [trend_mark(view, found), span("hr-quiet", age_words(view, control))] if state.state == "active" else EMPTY,
    )
    why = reason_list(view, control)
    if not why and control.computed == "green":
        why = tag("p", view.say("The rule finds nothing that speaks against the plan."), class_="hr-quiet")
    panel = div(f"hr-standing hr-rag-{control.shown}", head, override(view, control), why)
    return text([panel, _tiles(view, state, found)])


def _tiles(view: View, state: ProjectState, found: Report) -> Html:
    control = found.control
    clock = view.site.clock
    planned = control.planned_progress if control.by_hours else None  # else it is a share of money, not of work
    tiles = [
        _tile(
            view.number(control.progress, ".0%"),
            view.say("of the work done"),
            view.say("{share:.0%} by plan", share=planned) if planned else "",
        )
    ]
    end = state.finished or control.plan.finish
    if end:
        notes = (
            []
            if state.finished
            else [against(view, control.target_days, "the target"), against(view, control.slip_days, "plan")]
        )
        late = (control.target_days or 0) > 0.05 and not state.finished
        tiles.append(_tile(clock.date(end), view.say("finished" if state.finished else "ends"), *notes, late=late))
    if found.forecast:
        chance = found.forecast.chance
        note = view.say("{share:.0%} chance to keep the target", share=chance) if chance is not None else ""
        late = chance is not None and chance < 0.5
        tiles.append(_tile(clock.date(found.forecast.p80), view.say("80% sure by"), note, late=late))
    milestone = next_milestone(found)
    if milestone:
        words = view.say("next: {task}", task=view.words(milestone.item.title))
        tiles.append(_tile(clock.date(milestone.finish), words, late=milestone.late))
    tiles += _money_tile(view, control, control.earned)
    return tag("ul", tiles, class_="hr-figures hr-figures--project")


def _money_tile(view: View, control: Control, earned: Earned | None) -> list[Html]:
    project = control.project
    if not project.budget:
        return []
    expected = earned.at_completion if earned and earned.at_completion and not control.by_hours else None
    budget = view.say("of {amount}", amount=money_words(project.budget, project.currency))
    if expected is None:
        return [_tile(view.said(money_words(control.cost.actual, project.currency)), view.say("spent"), budget)]
    late = expected > project.budget * 1.005
    amount = view.said(money_words(expected, project.currency))
    return [_tile(amount, view.say("will cost, at this rate"), budget, late=late)]


def _tile(value: str, name: str, *notes: str, late: bool = False) -> Html:
    return figure(value, name, "overdue" if late else "", *notes)


def attention(view: View, found: Report) -> Html:
    """Give what needs somebody: tasks at risk, decisions, what comes next, who needs help, what changed."""
    blocks = (
        _block(view, "At risk", [_risky(view, found, one) for one in found.at_risk], "stalled"),
        _block(view, "To decide", [tag("li", _person_marks(view, told)) for told in found.decisions], "approval"),
        _block(view, "Do next", [_next(view, found, task) for task in found.do_next], "active"),
        _block(
            view,
            "Who needs help",
            [_help(view, one.person, one.reasons, one.helper) for one in found.needs_help],
            "who",
        ),
        _block(view, "What changed", [tag("li", view.said(told)) for told in found.changes], "edit"),
        _block(view, "Not known yet", _gaps(view, found), "ask"),
    )
    shown = [one for one in blocks if one]
    return div("hr-attention", shown) if shown else EMPTY


def _block(view: View, title: str, rows: list[Html], mark: str) -> Html:
    if not rows:
        return EMPTY
    folding = rows[SHOWN:MOST]
    if rows[MOST:]:
        folding.append(tag("li", and_more(view, len(rows) - MOST)))
    more = folded(more_words(view, len(rows) - SHOWN), tag("ul", folding, class_="hr-plain")) if folding else EMPTY
    head = tag("h3", icon(mark), " ", view.say(title), span("hr-attention__count", str(len(rows))))
    return div("hr-attention__block", head, tag("ul", rows[:SHOWN], class_="hr-plain"), more)


def task_link(view: View, project: str, task: PlannedTask) -> Html:
    """Give a link to where a task is told in full."""
    return link(view.to(*view.site.place("project", project, task.item.id)), view.title(task.item))


def _risky(view: View, found: Report, one: AtRisk) -> Html:
    colour = span(f"hr-dot hr-rag-{one.colour}", icon("milestone"), span("hr-sr", f"{view.say(one.colour)}: "))
    title = task_link(view, found.control.project.id, one.task)
    reasons = [
        div("hr-quiet", tag("abbr", code, title=view.say(CODES[code])), " ", view.said(told))
        for code, told in one.reasons
    ]
    return tag("li", colour, div("hr-attention__main", title, reasons), _faces(view, one.task.assignees))


def _next(view: View, found: Report, task: PlannedTask) -> Html:
    late = bool(task.deadline and task.deadline < view.site.now)
    due = due_words(view, task.deadline, late)
    why = view.say("decides the end") if task.critical else ""
    note = div("hr-quiet", due, " " if due and why else "", why) if due or why else EMPTY
    title = task_link(view, found.control.project.id, task)
    return tag("li", div("hr-attention__main", title, note), _faces(view, task.assignees))


def _faces(view: View, who: Iterable[str]) -> Html:
    keys = tuple(who)
    if not keys:
        return span("hr-quiet hr-attention__who", view.say("nobody yet"))
    names = [view.site.overview.workspace.config.person(key).shown for key in keys]
    discs = [avatar(view, key) for key in keys[:3]]
    return span("hr-attention__who", discs, span("hr-sr", ", ".join(names)), title=", ".join(names))


def _help(view: View, key: str, reasons: tuple[str, ...], helper: str) -> Html:
    told = [div("hr-quiet", view.said(reason)) for reason in reasons]
    free = div("hr-quiet", view.told("could help: {who}", who=person(view, helper))) if helper else EMPTY
    return tag("li", div("hr-attention__main", people(view, (key,)), told, free))


def _person_marks(view: View, told: str) -> Content:
    """Show `@key` at the beginning of a sentence as the person's name, and a command as one."""
    told = view.said(told)
    first, _, rest = told.partition(" ")
    if first.startswith("@"):
        return [person(view, first[1:]), " ", rest]
    if told.endswith("`") and told.count("`") == 2:
        words, command, _ = told.split("`")
        return [words, tag("code", command)]
    return told


def _gaps(view: View, found: Report) -> list[Html]:
    rows = []
    if found.unassigned:
        rows.append(
            tag("li", view.many(found.unassigned, "{n} open task without anybody", "{n} open tasks without anybody"))
        )
    if found.unestimated:
        single, several = "{n} open task without an estimate", "{n} open tasks without an estimate"
        rows.append(tag("li", view.many(found.unestimated, single, several)))
    return rows
