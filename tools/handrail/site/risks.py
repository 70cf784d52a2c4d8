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
    return text([div("hr-risks", _matrix(project, ranked), _summary(project)), _list(view, project, ranked)])


def _summary(project: Project) -> Html:
    exposure = sum(exposure_of(risk) for risk in project.risks)
    if not exposure:
        return EMPTY
    words: list[Content] = ["Together they weigh ", tag("b", money_words(exposure, project.currency))]
    words += [f", {exposure / project.budget:.0%} of the budget" if project.budget else ""]
    return tag("p", words, " (likelihood × what it costs, summed up).", class_="hr-small")


def _matrix(project: Project, ranked: list[Risk]) -> Html:
    """Give the matrix as a table whose cells hold the numbers of the list."""
    cells: dict[tuple[int, int], list[int]] = {}
    for number, risk in enumerate(ranked, 1):
        cells.setdefault((_row(risk), _column(project, risk, ranked)), []).append(number)
    rows = []
    for row, (_, name) in enumerate(_LIKELY):
        held = [_cell(cells.get((row, column), []), (2 - row) + column) for column in range(3)]
        rows.append(tag("tr", tag("th", name, scope="row"), held))
    head = tag("tr", tag("th", span("hr-sr", "How likely"), scope="col"), [tag("th", n, scope="col") for n in _COLUMNS])
    caption = tag("caption", "Risks by how likely they are and what they would cost; the numbers are those of the list")
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
    columns = ("Risk", "Likely", "Costs", "Weighs", "Owner", "What we do")
    rows = [_line(view, project, risk, number) for number, risk in enumerate(ranked, 1)]
    return table("Risks", columns, rows, "hr-table--risks")


def _line(view: View, project: Project, risk: Risk, number: int) -> tuple[Content, ...]:
    money = money_words(risk.impact, project.currency) if risk.impact else ""
    return (
        [span("hr-matrix__mark", str(number)), " ", risk.risk],
        f"{risk.probability:.0%}",
        ", ".join(part for part in (money, risk.delay) if part),
        money_words(exposure_of(risk), project.currency) if risk.impact else "",
        person(view, risk.owner) if risk.owner else span("hr-quiet", "nobody yet"),
        risk.response or span("hr-quiet", "no answer yet"),
    )
