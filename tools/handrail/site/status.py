"""How a project stands, in words and chips that its page, the portfolio and the home page share."""

from __future__ import annotations

from handrail.model.project import Update
from handrail.model.state import ProjectState
from handrail.reports.control import Control, days_words
from handrail.reports.manage import Report
from handrail.site.context import View
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
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


def colour_chip(colour: str, word: str = "") -> Html:
    """Give a project's colour as a mark and a word."""
    if colour == "cancelled" or colour not in COLOURS:
        return state_chip(colour)
    return span(f"hr-chip hr-chip--state hr-rag-{colour}", icon("milestone"), word or COLOURS[colour])


def status_chip(view: View, state: ProjectState) -> Html:
    """Give the colour that counts of a project, or its state where there is none."""
    found = view.site.reports.get(state.project.id)
    return colour_chip(found.control.shown) if found else state_chip(state.state)


def trend_mark(found: Report) -> Html:
    """Give whether the end comes nearer or goes away, as an arrow with its words."""
    if found.trend is None:
        return EMPTY
    sign, word = _TRENDS[found.trend]
    return span("hr-trend", span("hr-trend__sign", sign, aria_hidden="true"), " ", word)


def reason_list(control: Control, most: int = 9) -> Html:
    """Give why a project has its colour, the worst first."""
    rows = [
        tag("li", span(f"hr-dot hr-rag-{one.colour}", icon("milestone")), " ", one.sentence)
        for one in control.reasons[:most]
    ]
    return tag("ul", rows, class_="hr-plain hr-reasons") if rows else EMPTY


def override(view: View, control: Control) -> Html:
    """Tell where a person's word and the rule differ, and which of them counts; nothing where they agree."""
    said = control.said
    if said is None or said.status == control.computed or control.computed in ("done", "cancelled"):
        return EMPTY
    owner = [" by ", person(view, control.project.owner)] if control.project.owner else []
    words: list[Content] = ["Reported ", colour_chip(said.status), " on ", day(view, said.day), owner]
    words += ["; the rule says ", colour_chip(control.computed), ". "]
    counts = "The report counts: it gives its reason." if control.shown == said.status else ""
    words.append(counts or "The rule counts: the report gives no reason.")
    more = [" ", link("#part--updates", "Read it")] if counts else []
    return tag("p", words, more, class_="hr-override")


def against(days: float | None, what: str) -> str:
    """Tell a number of working days against something that was agreed: "3 working days after the target"."""
    if days is None:
        return ""
    if abs(days) < 0.05:
        return f"as in {what}" if what == "the baseline" else f"on {what}"
    return f"{days_words(days)} {'after' if days > 0 else 'before'} {what}"


def end_words(view: View, found: Report, state: ProjectState) -> Html:
    """Give when a project ends, and how that stands to its target and its baseline."""
    control = found.control
    if state.finished:
        return span("hr-due", moment(view, state.finished))
    if control.plan.finish is None:
        return day(view, state.project.target)
    late = (control.target_days or 0.0) > 0.05
    told = [against(control.target_days, "the target"), against(control.slip_days, "the baseline")]
    notes = [div("hr-due__near", words) for words in told if words]
    mark = icon("overdue") if late else EMPTY
    return div("hr-due hr-due--late" if late else "hr-due", mark, moment(view, control.plan.finish), text(notes))


def age_words(control: Control) -> str:
    """Tell how old the newest status report is."""
    days = control.updated_days
    if days is None:
        return "no report yet"
    return "reported today" if days == 0 else "reported yesterday" if days == 1 else f"reported {days} days ago"


def update_chip(update: Update) -> Html:
    """Give the colour that an update tells, nothing where it tells none."""
    return colour_chip(update.status) if update.status in COLOURS else EMPTY
