"""How a project stands, in words and chips that its page, the portfolio and the home page share."""

from __future__ import annotations

from handrail.model.project import Update
from handrail.model.state import ProjectState
from handrail.reports.control import Control, days_words
from handrail.reports.manage import Report
from handrail.site.context import View
from handrail.site.markup import EMPTY, Html, div, link, span, tag, text
from handrail.site.parts import day, icon, moment, person, state_chip

COLOURS = {
    "green": "on track",
    "amber": "at risk",
    "red": "in trouble",
    "unknown": "not known",
    "done": "done",
    "cancelled": "cancelled",
}
_TRENDS = {1: ("↗", "getting earlier"), 0: ("→", "steady"), -1: ("↘", "getting later")}

_ON = {"the baseline": "as in the baseline", "the target": "on the target", "plan": "on plan"}


def colour_chip(view: View, colour: str, word: str = "") -> Html:
    """Give a project's colour as a mark and a word."""
    if colour == "cancelled" or colour not in COLOURS:
        return state_chip(view, colour)
    return span(f"hr-chip hr-chip--state hr-rag-{colour}", icon("milestone"), word or view.say(COLOURS[colour]))


def status_chip(view: View, state: ProjectState) -> Html:
    """Give the colour that counts of a project, or its state where there is none."""
    found = view.site.reports.get(state.project.id)
    return colour_chip(view, found.control.shown) if found else state_chip(view, state.state)


def trend_mark(view: View, found: Report) -> Html:
    """Give whether the end comes nearer or goes away, as an arrow with its words."""
    if found.trend is None:
        return EMPTY
    sign, word = _TRENDS[found.trend]
    return span("hr-trend", span("hr-trend__sign", sign, aria_hidden="true"), " ", view.say(word))


def reason_list(view: View, control: Control, most: int = 9) -> Html:
    """Give why a project has its colour, the worst first."""
    rows = [
        tag("li", span(f"hr-dot hr-rag-{one.colour}", icon("milestone")), " ", view.said(one.sentence))
        for one in control.reasons[:most]
    ]
    return tag("ul", rows, class_="hr-plain hr-reasons") if rows else EMPTY


def override(view: View, control: Control) -> Html:
    """Tell where a person's word and the rule differ, and which of them counts; nothing where they agree."""
    said = control.said
    if said is None or said.status == control.computed or control.computed in ("done", "cancelled"):
        return EMPTY
    owner = control.project.owner
    reported = "Reported {said} on {day} by {who}; the rule says {rule}. "
    words = view.told(
        reported if owner else "Reported {said} on {day}; the rule says {rule}. ",
        said=colour_chip(view, said.status),
        day=day(view, said.day),
        who=person(view, owner) if owner else EMPTY,
        rule=colour_chip(view, control.computed),
    )
    counts = control.shown == said.status
    why = "The report counts: it gives its reason." if counts else "The rule counts: the report gives no reason."
    more = [" ", link("#part--updates", view.say("Read it"))] if counts else []
    return tag("p", words, view.say(why), more, class_="hr-override")


def against(view: View, days: float | None, what: str) -> str:
    """Tell a number of working days against `the target`, `the baseline`, `plan`: "3 working days after the target"."""
    if days is None:
        return ""
    if abs(days) < 0.05:
        return view.say(_ON[what])
    return view.say(f"{{days}} {'after' if days > 0 else 'before'} {what}", days=days_words(days))


def end_words(view: View, found: Report, state: ProjectState) -> Html:
    """Give when a project ends, and how that stands to its target and its baseline."""
    control = found.control
    if state.finished:
        return span("hr-due", moment(view, state.finished))
    if control.plan.finish is None:
        return day(view, state.project.target)
    late = (control.target_days or 0.0) > 0.05
    told = [against(view, control.target_days, "the target"), against(view, control.slip_days, "the baseline")]
    notes = [div("hr-due__near", words) for words in told if words]
    mark = icon("overdue") if late else EMPTY
    return div("hr-due hr-due--late" if late else "hr-due", mark, moment(view, control.plan.finish), text(notes))


def age_words(view: View, control: Control) -> str:
    """Tell how old the newest status report is."""
    days = control.updated_days
    if days is None:
        return view.say("no report yet")
    if days < 2:
        return view.say("reported yesterday" if days == 1 else "reported today")
    return view.say("reported {n} days ago", n=days)


def update_chip(view: View, update: Update) -> Html:
    """Give the colour that an update tells, nothing where it tells none."""
    return colour_chip(view, update.status) if update.status in COLOURS else EMPTY
