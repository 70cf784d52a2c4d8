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
    return text([_value_chart(view, control), _figures(view, control), _budget(view, control)])


def pace(view: View, found: Report) -> Html:
    """Give how many tasks were finished by week, and how many are to be."""
    control = found.control
    points = task_curve(view.site.overview, control)
    clock = view.site.clock
    series = [
        Series(view.say("as agreed"), tuple(point.agreed for point in points), "plan"),
        Series(view.say("finished"), tuple(point.finished for point in points), "done"),
        Series(view.say("to be finished"), tuple(point.planned for point in points), "expected"),
    ]
    shown = tuple(one for one in series if any(value is not None for value in one.values))
    today = clock.local(view.site.now).date()
    whole = len([task for task in control.plan.tasks if not task.container])
    return chart(
        view.site.language,
        "lines",
        ChartData(
            title=view.say("Tasks"),
            says=view.say("How many of {n} tasks were finished, and will be by the plan.", n=whole),
            x=tuple(clock.local(point.at).date() for point in points),
            series=shown,
            marks=(Mark(view.say("today"), today),)
            if points and points[0].at <= view.site.now <= points[-1].at
            else (),
        ),
    )


def _value_chart(view: View, control: Control) -> Html:
    points = value_curve(view.site.overview, control)
    if not points:
        return EMPTY
    clock = view.site.clock
    budget = control.project.budget if not control.by_hours else 0.0
    series = [
        Series(view.say("planned (PV)"), tuple(point.planned for point in points), "plan"),
        Series(view.say("earned (EV)"), tuple(point.earned for point in points), "done"),
        Series(view.say("spent (AC)"), tuple(point.actual for point in points), "cost"),
        Series(view.say("expected (EAC)"), tuple(point.expected for point in points), "expected"),
        Series(view.say("budget"), tuple(budget or None for _ in points), "limit"),
    ]
    known = tuple(one for one in series if any(value is not None for value in one.values))
    unit = view.say("unit|h") if control.by_hours else control.project.currency
    return chart(
        view.site.language,
        "lines",
        ChartData(
            title=view.say("Value"),
            says=view.say("What was to be worth doing by when, what was done of it, and what that cost."),
            x=tuple(clock.local(point.at).date() for point in points),
            series=known,
            marks=(Mark(view.say("today"), clock.local(view.site.now).date()),),
            unit=unit,
        ),
    )


def _figures(view: View, control: Control) -> Html:
    earned = control.earned
    if earned is None or earned.budget <= 0:
        return EMPTY
    rows = [row for row in _rows(view, control, earned) if row[1]]
    return table(
        view,
        view.say("Earned value"),
        ("Figure", "Value", "What it says"),
        rows,
        "hr-table--figures",
    )


def _rows(view: View, control: Control, earned: Earned) -> list[tuple[str, str, str]]:
    def amount(value: float | None) -> str:
        if value is None:
            return ""
        if control.by_hours:
            return view.say("{n:,.0f} h", n=value)
        return view.said(money_words(value, control.project.currency))

    def index(value: float | None) -> str:
        return "" if value is None else view.number(value, ".2f")

    ahead = "{amount} ahead of the plan" if earned.schedule_variance >= 0 else "{amount} behind the plan"
    cheaper = (earned.cost_variance or 0) >= 0
    cheap = "{amount} less than it was to cost" if cheaper else "{amount} more than it was to cost"
    say = view.say
    return [
        (say("Planned value (PV)"), amount(earned.planned), say("of {amount} in all", amount=amount(earned.budget))),
        (
            view.say("Earned value (EV)"),
            amount(earned.earned),
            say(ahead, amount=amount(abs(earned.schedule_variance))),
        ),
        (
            view.say("Actual cost (AC)"),
            amount(earned.actual),
            say(cheap, amount=amount(abs(earned.cost_variance or 0))),
        ),
        (
            view.say("Pace, SPI(t)"),
            index(earned.time_index),
            view.say("time that the work done was to take, for each day that it took"),
        ),
        (
            view.say("Cost index, CPI"),
            index(earned.cost_index),
            view.say("worth of what was done, for each unit spent"),
        ),
        (view.say("Expected in the end (EAC)"), amount(earned.at_completion), view.say("if it goes on at this rate")),
        (
            view.say("Index to reach, TCPI"),
            index(earned.to_complete_index),
            view.say("what each unit that is left has to be worth"),
        ),
    ]


def _budget(view: View, control: Control) -> Html:
    project, cost = control.project, control.cost
    if not project.budget:
        return EMPTY
    told = "Spent {spent} of {budget}, {left} left."
    if cost.assumed:
        told = "Spent {spent} of {budget}, {left} left; {assumed} of it is assumed, since nobody noted it."
    amounts = {"spent": cost.actual, "budget": project.budget, "left": project.budget - cost.actual}
    amounts["assumed"] = cost.assumed
    words = {name: view.said(money_words(amount, project.currency)) for name, amount in amounts.items()}
    return tag("p", view.say(told, **words), class_="hr-small")
