"""A project's risks: a matrix of how likely and how heavy, and the list behind it."""

from __future__ import annotations

from handrail.model.project import Project, Risk
from handrail.reports.control import exposure_of, money_words
from handrail.site.context import View
from handrail.site.markup import EMPTY, Content, Html, div, span, tag, text
from handrail.site.parts import person, table

_LIKELY = ((0.5, "likely"), (0.25, "possible"), (0.0, "unlikely"))
_COLUMNS = ("light", "medium", "heavy")
_HEAVY, _MEDIUM = 0.1, 0.03
"""What a risk would cost as a part of the budget: from here on it is heavy, from here on medium."""


def risk_parts(view: View, project: Project) -> Html:
    """Give the matrix, what all risks weigh, and the list, the weightiest first; nothing where there are none."""
    if not project.risks:
        return EMPTY
    ranked = sorted(project.risks, key=lambda risk: (-exposure_of(risk), -risk.probability))
    return text(
        [div("hr-risks", _matrix(view, project, ranked), _summary(view, project)), _list(view, project, ranked)]
    )


def _summary(view: View, project: Project) -> Html:
    exposure = sum(exposure_of(risk) for risk in project.risks)
    if not exposure:
        return EMPTY
    told = "Together they weigh {amount} (likelihood × what it costs, summed up)."
    if project.budget:
        told = "Together they weigh {amount}, {share} of the budget (likelihood × what it costs, summed up)."
    share = view.number(exposure / project.budget, ".0%") if project.budget else ""
    amount = tag("b", view.said(money_words(exposure, project.currency)))
    return tag("p", view.told(told, amount=amount, share=share), class_="hr-small")


def _matrix(view: View, project: Project, ranked: list[Risk]) -> Html:
    """Give the matrix as a table whose cells hold the numbers of the list."""
    cells: dict[tuple[int, int], list[int]] = {}
    for number, risk in enumerate(ranked, 1):
        cells.setdefault((_row(risk), _column(project, risk, ranked)), []).append(number)
    rows = []
    for row, (_, name) in enumerate(_LIKELY):
        held = [_cell(cells.get((row, column), []), (2 - row) + column) for column in range(3)]
        rows.append(tag("tr", tag("th", view.say(name), scope="row"), held))
    head = tag(
        "tr",
        tag("th", span("hr-sr", view.say("How likely")), scope="col"),
        [tag("th", view.say(n), scope="col") for n in _COLUMNS],
    )
    caption = tag(
        "caption", view.say("Risks by how likely they are and what they would cost; the numbers are those of the list")
    )
    return tag("table", caption, tag("thead", head), tag("tbody", rows), class_="hr-matrix")


def _cell(numbers: list[int], weight: int) -> Html:
    marks = [span("hr-matrix__mark", str(number)) for number in numbers]
    return tag("td", [part for mark in marks for part in (mark, " ")], class_=f"hr-matrix__cell--{weight}")


def _row(risk: Risk) -> int:
    return next(row for row, (least, _) in enumerate(_LIKELY) if risk.probability >= least or least == 0.0)


def _column(project: Project, risk: Risk, ranked: list[Risk]) -> int:
    """Give how heavy a risk is against the budget, without one against the heaviest risk."""
    largest = max((one.impact for one in ranked), default=0.0)
    whole = project.budget or largest * 5
    share = risk.impact / whole if whole else 0.0
    return 2 if share >= _HEAVY else 1 if share >= _MEDIUM or (not risk.impact and risk.delay) else 0


def _list(view: View, project: Project, ranked: list[Risk]) -> Html:
    columns = (
        "Risk",
        "Likely",
        "Costs",
        "Weighs",
        "Owner",
        "What we do",
    )
    rows = [_line(view, project, risk, number) for number, risk in enumerate(ranked, 1)]
    return table(view, view.say("Risks"), columns, rows, "hr-table--risks")


def _line(view: View, project: Project, risk: Risk, number: int) -> tuple[Content, ...]:
    money = view.said(money_words(risk.impact, project.currency)) if risk.impact else ""
    return (
        [span("hr-matrix__mark", str(number)), " ", risk.risk],
        view.number(risk.probability, ".0%"),
        ", ".join(part.replace(" ", "\u00a0") for part in (money, risk.delay) if part),
        span("hr-whole", view.said(money_words(exposure_of(risk), project.currency))) if risk.impact else "",
        person(view, risk.owner) if risk.owner else span("hr-quiet", view.say("nobody yet")),
        risk.response or span("hr-quiet", view.say("no answer yet")),
    )
