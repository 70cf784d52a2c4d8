"""A project's money and pace as pictures: value planned, earned and spent; tasks finished against the plan."""

from __future__ import annotations

from handrail.plan.earned import Earned
from handrail.reports.control import Control, money_words
from handrail.reports.curve import task_curve, value_curve
from handrail.reports.manage import Report
from handrail.site.charts import ChartData, Mark, Series, chart
from handrail.site.context import View
from handrail.site.markup import EMPTY, Html, tag, text
from handrail.site.parts import table


def money(view: View, found: Report) -> Html:
    """Give what was planned, earned and spent as a picture, and the figures that follow; nothing without values."""
    control = found.control
    return text([_value_chart(view, control), _figures(control), _budget(control)])


def pace(view: View, found: Report) -> Html:
    """Give how many tasks were finished by week, and how many are to be."""
    control = found.control
    points = task_curve(view.site.overview, control)
    clock = view.site.clock
    series = [
        Series("as agreed", tuple(point.agreed for point in points), "plan"),
        Series("finished", tuple(point.finished for point in points), "done"),
        Series("to be finished", tuple(point.planned for point in points), "expected"),
    ]
    shown = tuple(one for one in series if any(value is not None for value in one.values))
    today = clock.local(view.site.now).date()
    whole = len([task for task in control.plan.tasks if not task.container])
    return chart(
        "lines",
        ChartData(
            title="Tasks",
            says=f"How many of {whole} tasks were finished, and will be by the plan.",
            x=tuple(clock.local(point.at).date() for point in points),
            series=shown,
            marks=(Mark("today", today),) if points and points[0].at <= view.site.now <= points[-1].at else (),
        ),
    )


def _value_chart(view: View, control: Control) -> Html:
    points = value_curve(view.site.overview, control)
    if not points:
        return EMPTY
    clock = view.site.clock
    budget = control.project.budget if not control.by_hours else 0.0
    series = [
        Series("planned (PV)", tuple(point.planned for point in points), "plan"),
        Series("earned (EV)", tuple(point.earned for point in points), "done"),
        Series("spent (AC)", tuple(point.actual for point in points), "cost"),
        Series("expected (EAC)", tuple(point.expected for point in points), "expected"),
        Series("budget", tuple(budget or None for _ in points), "limit"),
    ]
    known = tuple(one for one in series if any(value is not None for value in one.values))
    unit = "h" if control.by_hours else control.project.currency
    return chart(
        "lines",
        ChartData(
            title="Value",
            says="What was to be worth doing by when, what was done of it, and what that cost.",
            x=tuple(clock.local(point.at).date() for point in points),
            series=known,
            marks=(Mark("today", clock.local(view.site.now).date()),),
            unit=unit,
        ),
    )


def _figures(control: Control) -> Html:
    earned = control.earned
    if earned is None or earned.budget <= 0:
        return EMPTY
    rows = [row for row in _rows(control, earned) if row[1]]
    return table("Earned value", ("Figure", "Value", "What it says"), rows, "hr-table--figures")


def _rows(control: Control, earned: Earned) -> list[tuple[str, str, str]]:
    def amount(value: float | None) -> str:
        if value is None:
            return ""
        return f"{value:,.0f} h" if control.by_hours else money_words(value, control.project.currency)

    def index(value: float | None) -> str:
        return "" if value is None else f"{value:.2f}"

    ahead = "ahead of the plan" if earned.schedule_variance >= 0 else "behind the plan"
    cheap = "less than it was to cost" if (earned.cost_variance or 0) >= 0 else "more than it was to cost"
    return [
        ("Planned value (PV)", amount(earned.planned), f"of {amount(earned.budget)} in all"),
        ("Earned value (EV)", amount(earned.earned), f"{amount(abs(earned.schedule_variance))} {ahead}"),
        ("Actual cost (AC)", amount(earned.actual), f"{amount(abs(earned.cost_variance or 0))} {cheap}"),
        ("Pace, SPI(t)", index(earned.time_index), "time that the work done was to take, for each day that it took"),
        ("Cost index, CPI", index(earned.cost_index), "worth of what was done, for each unit spent"),
        ("Expected in the end (EAC)", amount(earned.at_completion), "if it goes on at this rate"),
        ("Index to reach, TCPI", index(earned.to_complete_index), "what each unit that is left has to be worth"),
    ]


def _budget(control: Control) -> Html:
    project, cost = control.project, control.cost
    if not project.budget:
        return EMPTY
    left = money_words(project.budget - cost.actual, project.currency)
    told = f"Spent {money_words(cost.actual, project.currency)} of {money_words(project.budget, project.currency)}"
    guess = f"; {money_words(cost.assumed, project.currency)} of it is assumed, since nobody noted it" * bool(
        cost.assumed
    )
    return tag("p", f"{told}, {left} left{guess}.", class_="hr-small")
