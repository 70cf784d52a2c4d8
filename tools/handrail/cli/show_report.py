"""`project report` and `project baseline` on a terminal."""

from __future__ import annotations

from datetime import date

from handrail.app.baseline import Kept
from handrail.cli.paint import Cell, Column, Paint
from handrail.cli.show_parts import Look, blocks, look_at
from handrail.model.project import Risk
from handrail.plan.earned import Earned
from handrail.reports.control import AMBER, GREEN, RED, Control, days_words, exposure_of, money_words
from handrail.reports.forecast import Forecast
from handrail.reports.load import WEEKS, Load
from handrail.reports.manage import AtRisk, Report, next_milestone, top_risk
from handrail.reports.results import Overview, PlannedTask

_COLOURS = {GREEN: "green", AMBER: "yellow", RED: "red", "done": "green"}
_TREND = {-1: "getting later", 0: "steady", 1: "getting earlier", None: ""}
_SHOWN = 5


def kept_text(overview: Overview, kept: Kept, where: str) -> str:
    """Say which plan was kept."""
    from handrail.base.words import count

    made = kept.baseline
    clock = look_at(overview, Paint()).clock
    told = f"{count(len(made.tasks), 'task')}, {clock.day(made.start)} to {clock.day(made.finish)}"
    return f"Kept: baseline “{made.name}” of {kept.path.split('/')[-2]}, {told} ({where})"


def report_text(overview: Overview, paint: Paint, found: Report, *, everything: bool = False) -> str:
    """Show a project: its colour and why, dates, money, then what to do, who is on what, what has to be decided."""
    look = look_at(overview, paint)
    most = 1000 if everything else _SHOWN
    return blocks(
        _head(found, look),
        _reasons(found.control, look),
        _figures(found.control, look),
        chances(found.forecast, look),
        _titled("Do next", [_next_line(task, look) for task in found.do_next[:most]], look),
        _titled("At risk of delay", [line for one in found.at_risk[:most] for line in _risk_lines(one, look)], look),
        _titled("Who is on what, hours a week of what there is", _load_lines(found.loads, look), look),
        _titled(
            "Who needs help", [_help_line(one.person, one.reasons, one.helper, look) for one in found.needs_help], look
        ),
        _titled("Risks", _register(found.control, look, most), look),
        _titled("What changed", [look.paint.line(look.paint.cell(told), indent=2) for told in found.changes], look),
        _titled(
            "Agreed changes",
            [_agreed(one.day, one.markdown, look) for one in found.control.project.changes[:most]],
            look,
        ),
        _titled("To decide", [look.paint.line(look.paint.cell(told), indent=2) for told in found.decisions], look),
        _gaps(found, look),
    )


def portfolio_text(overview: Overview, paint: Paint, found: list[Report]) -> str:
    """Show all projects: a line each with its colour, its end against the plan, and the first reason."""
    look = look_at(overview, paint)
    if not found:
        return "No active projects. `handrail new project NAME` writes one."
    rows = [_portfolio_row(one, look) for one in found]
    columns = (Column(), Column(14), Column(), Column(), Column(), Column(10), Column(12))
    table = paint.table(rows, columns, indent=0)
    lines = [line for row, one in zip(table, found, strict=True) for line in (row, _portfolio_more(one, look))]
    return blocks(lines, [paint.line(paint.cell("handrail project report PROJECT tells more", dim=True))])


def _head(found: Report, look: Look) -> list[str]:
    control = found.control
    trend = _TREND[found.trend]
    end = look.clock.day(control.plan.finish) if control.plan.finish else "no end"
    cells = [
        look.title(control.project.title, bold=True),
        _colour(control.shown, look),
        look.paint.cell(f"{control.progress:.0%} done"),
        look.paint.cell(f"ends {end}{f', {trend}' if trend else ''}"),
    ]
    lines = [look.paint.line(*cells)]
    owner = look.who((control.project.owner,) if control.project.owner else (), "no owner")
    lines.append(look.paint.line(look.paint.cell(control.project.id, dim=True), owner, _age(control, look)))
    return lines


def _colour(colour: str, look: Look) -> Cell:
    return look.paint.cell(colour, fg=_COLOURS.get(colour, "white"), bold=True)


def _age(control: Control, look: Look) -> Cell:
    if control.updated_days is None:
        return look.paint.cell("no status report yet", dim=True)
    days = control.updated_days
    told = "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"
    return look.paint.cell(f"last report {told}", dim=True)


def _reasons(control: Control, look: Look) -> list[str]:
    lines = [
        look.paint.line(
            look.paint.cell(look.paint.sign("alert"), fg=_COLOURS.get(one.colour, "white")), Cell(one.sentence)
        )
        for one in control.reasons
    ]
    if control.said and control.said.status != control.computed:
        rule = f"reported {control.said.status} on {control.said.day}; the rule says {control.computed}"
        if control.shown == control.computed:
            rule += ", and the report gives no reason"
        lines.append(look.paint.line(look.paint.cell(rule, fg="yellow")))
    return lines


def _figures(control: Control, look: Look) -> list[str]:
    rows = list(_dates(control, look))
    currency = control.project.currency
    if control.earned:
        rows += _values(control.earned, "" if control.by_hours else currency, by_hours=control.by_hours)
    elif control.cost.planned:
        rows.append(("cost", f"{money_words(control.cost.planned, currency)} planned", _spent(control)))
    if control.project.budget:
        left = control.project.budget - control.cost.actual
        rows.append(("budget", money_words(control.project.budget, currency), f"{money_words(left, currency)} left"))
    if control.exposure:
        rows.append(("risks weigh", money_words(control.exposure, currency), ""))
    cells = [(look.paint.cell(name, dim=True), Cell(one), look.paint.cell(two, dim=True)) for name, one, two in rows]
    return look.paint.table(cells, (Column(), Column(), Column(20)), indent=0)


def chances(found: Forecast | None, look: Look) -> list[str]:
    """Tell when it may end: a promise that holds in four of five cases, not one date."""
    if found is None:
        return []
    ends = [f"{share}% by {look.clock.day(end)}" for share, end in ((50, found.p50), (80, found.p80), (90, found.p90))]
    lines = [look.paint.line(look.paint.cell("ends", dim=True), Cell(", ".join(ends)))]
    if found.chance is not None:
        style: dict[str, object] = {"fg": "red"} if found.chance < 0.5 else {}
        told = look.paint.cell(f"{found.chance:.0%} chance to keep the target", **style)
        lines.append(look.paint.line(told))
    return lines


def _dates(control: Control, look: Look) -> list[tuple[str, str, str]]:
    rows = []
    if control.project.target and control.target_days is not None:
        against = _against(control.target_days, "the target")
        rows.append(("target", f"{control.project.target}", against))
    if control.baseline and control.slip_days is not None:
        moved = f"{len(control.slips)} tasks moved, {len(control.added)} added, {len(control.removed)} dropped"
        rows.append(
            (
                f"baseline “{control.baseline.name}”",
                look.clock.day(control.baseline.finish),
                f"{_against(control.slip_days, 'it')}; {moved}",
            )
        )
    return rows


def _against(days: float, what: str) -> str:
    if abs(days) < 0.05:
        return f"ends on {what}" if what != "it" else "on it"
    return f"ends {days_words(days)} {'after' if days > 0 else 'before'} {what}"


def _spent(control: Control) -> str:
    currency = control.project.currency
    told = f"{money_words(control.cost.actual, currency)} so far"
    return f"{told}, {money_words(control.cost.assumed, currency)} of it assumed" if control.cost.assumed else told


def _values(earned: Earned, currency: str, *, by_hours: bool) -> list[tuple[str, str, str]]:
    def told(amount: float) -> str:
        return f"{amount:,.0f} h" if by_hours else money_words(amount, currency)

    rows = [("earned", told(earned.earned), f"of {told(earned.planned)} planned by now, {told(earned.budget)} in all")]
    if earned.actual is not None and earned.cost_index is not None and earned.at_completion is not None:
        index = f"CPI {earned.cost_index:.2f}, at completion {told(earned.at_completion)}"
        rows.append(("spent", told(earned.actual), index))
    if earned.time_index is not None:
        rows.append(("pace", f"{earned.time_index:.0%}", "earned schedule over time gone, SPI(t)"))
    return rows


def _titled(title: str, lines: list[str], look: Look) -> list[str]:
    return [look.paint.heading(title), *lines] if lines else []


def _next_line(task: PlannedTask, look: Look) -> str:
    due = look.paint.cell(f"due {look.clock.until(task.deadline)}" if task.deadline else "", fg="yellow")
    critical = look.paint.cell("critical" if task.critical else "", fg="red")
    who = look.who(task.assignees, "nobody")
    return look.paint.line(look.mark(task.state), look.title(task.item.title), who, due, critical, indent=2)


def _risk_lines(one: AtRisk, look: Look) -> list[str]:
    head = look.paint.line(
        look.paint.cell(look.paint.sign("alert"), fg=_COLOURS[one.colour]),
        look.title(one.task.item.title),
        look.who(one.task.assignees, "nobody"),
        indent=2,
    )
    return [
        head,
        *(look.paint.line(look.paint.cell(f"{code} {told}", dim=True), indent=4) for code, told in one.reasons),
    ]


def _load_lines(found: tuple[Load, ...], look: Look) -> list[str]:
    if not found:
        return []
    heads = [Cell("")] + [look.paint.cell(f"{week.start.day}.{week.start.month}.", dim=True) for week in found[0].weeks]
    rows = [
        tuple(heads),
        *((look.who((one.person,)), *(_week(week.hours, week.capacity, look) for week in one.weeks)) for one in found),
    ]
    return look.paint.table(rows, (Column(6), *(Column(right=True) for _ in range(WEEKS))))


def _week(hours: float, capacity: float, look: Look) -> Cell:
    if not hours:
        return look.paint.cell(look.paint.sign("dot"), dim=True)
    over = hours > capacity * 1.005
    return look.paint.cell(f"{hours:.0f}/{capacity:.0f}", **({"fg": "red", "bold": True} if over else {}))


def _help_line(person: str, reasons: tuple[str, ...], helper: str, look: Look) -> str:
    told = "; ".join(reasons)
    who = look.paint.cell(f"@{helper} has time" if helper else "", fg="green")
    return look.paint.line(look.who((person,)), look.paint.cell(told), who, indent=2)


def _register(control: Control, look: Look, most: int) -> list[str]:
    currency = control.project.currency
    weighed = sorted(control.project.risks, key=exposure_of, reverse=True)
    rows = [_risk_row(risk, currency, look) for risk in weighed[:most]]
    return look.paint.table(rows, (Column(14), Column(), Column(), Column(6)))


def _risk_row(risk: Risk, currency: str, look: Look) -> tuple[Cell, ...]:
    weight = (
        f"{risk.probability:.0%} × {money_words(risk.impact, currency)}" if risk.impact else f"{risk.probability:.0%}"
    )
    weight += f", {risk.delay}" if risk.delay else ""
    answer = look.paint.cell(risk.response or "no answer", **({} if risk.response else {"fg": "yellow"}))
    owner = look.who((risk.owner,) if risk.owner else (), "nobody")
    return (look.title(risk.risk), look.paint.cell(weight), owner, answer)


def _agreed(day: date, markdown: str, look: Look) -> str:
    first = next((line for line in markdown.splitlines() if line.strip()), "")
    return look.paint.line(look.paint.cell(f"{day}", dim=True), look.title(first), indent=2)


def _gaps(found: Report, look: Look) -> list[str]:
    """Say what the figures leave out: nothing is left out in silence."""
    told = []
    if found.unestimated:
        told.append(f"{found.unestimated} open tasks have no estimate")
    if found.unassigned:
        told.append(f"{found.unassigned} have nobody")
    text = " and ".join(told)
    return (
        [look.paint.line(look.paint.cell(f"{text}: load and dates leave them out or guess", dim=True))] if told else []
    )


def _portfolio_more(one: Report, look: Look) -> str:
    """Give the second line of a project: which way it goes, what comes next, what weighs most, how old the word is."""
    milestone, risk, days = next_milestone(one), top_risk(one), one.control.updated_days
    told = [
        _TREND[one.trend],
        f"next {look.title(milestone.item.title).text}, {look.clock.date(milestone.finish)}" if milestone else "",
        f"risk: {risk.risk}" if risk else "",
        "no report" if days is None else f"report {days} d old",
    ]
    return look.paint.line(
        look.paint.cell(f" {look.paint.sign('dot')} ".join(part for part in told if part), dim=True), indent=7
    )


def _portfolio_row(one: Report, look: Look) -> tuple[Cell, ...]:
    control = one.control
    days = control.slip_days if control.slip_days is not None else control.target_days
    against = "the baseline" if control.slip_days is not None else "the target"
    slip = "" if days is None else _against(days, against).removeprefix("ends ")
    end = look.clock.date(control.plan.finish) if control.plan.finish else ""
    first = control.reasons[0].sentence if control.reasons else ""
    return (
        _colour(control.shown, look),
        look.title(control.project.title),
        Cell(f"{control.progress:.0%}"),
        Cell(end),
        look.paint.cell(slip, **({"fg": "red"} if days and days > 0.05 else {})),
        look.who((control.project.owner,) if control.project.owner else (), "no owner"),
        look.paint.cell(first, dim=True),
    )
