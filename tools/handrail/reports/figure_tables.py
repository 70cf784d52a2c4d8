"""Figures as tables of text, which a terminal lays out and Markdown writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from handrail.base.value import dataclass
from handrail.base.words import count, say
from handrail.plan.chance import least
from handrail.reports.figures import SHARES, Metrics, Share, Spread
from handrail.text.plain import plain

_FEW = "–"
Days = Callable[[str], float]
"""Gives the length of a process's day in seconds: a working day, or 24 hours where every minute counts."""


@dataclass(frozen=True, slots=True)
class Table:
    """A title, sentences beneath it, and rows under heads. The first column is text, the others are figures."""

    title: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    told: tuple[str, ...] = ()


def metrics_tables(found: Sequence[Metrics], days: Days) -> tuple[Table, ...]:
    """Show the figures: of one process, or of all and then a line for each."""
    one = found[0]
    day = days(one.process)
    shown = [_summary(one), _lengths(one, day), _shares(one)]
    if len(found) > 1:
        shown.append(_each(found[1:], days))
    shown.append(_weeks(one))
    if one.process:
        shown += [_steps(one, day), _quality(one), _stages(one), _roles(one, day)]
    return tuple(table for table in shown if table.rows or table.told)


def markdown(tables: Sequence[Table]) -> str:
    """Write tables as Markdown."""
    parts = []
    for number, table in enumerate(tables):
        parts.append(f"{'#' if number == 0 else '##'} {_escaped(table.title)}")
        parts += [_escaped(line) for line in table.told]
        if table.rows:
            rule = "|" + "|".join(["---", *["---:"] * (len(table.heads) - 1)]) + "|"
            rows = ["| " + " | ".join(map(_escaped, row)) + " |" for row in (table.heads, *table.rows)]
            parts.append("\n".join([rows[0], rule, *rows[1:]]))
    return "\n\n".join(parts)


def span(seconds: float | None, day: float) -> str:
    """Give a span with one decimal: "3.5 d", "2.0 h", "12 min"; a dash where there is none."""
    if seconds is None:
        return _FEW
    if seconds >= day:
        return say("{n:.1f} d", n=seconds / day)
    return say("{n:.1f} h", n=seconds / 3600) if seconds >= 3600 else say("{n:.0f} min", n=seconds / 60)


def percent(share: Share) -> str:
    """Give "82 % of 17"; a dash where there are none."""
    return _FEW if share.value is None else f"{share.value * 100:.0f}% of {share.n}"


def _summary(one: Metrics) -> Table:
    told = [
        f"{one.period.name}: {count(one.started, 'run')} started, {one.finished} finished",
        f"of those started {one.cohort['done']} are done, {one.cohort['active']} open, {one.cancelled} cancelled",
    ]
    if one.finished < least(SHARES[1]):
        told.append(f"too few finished runs for most figures: an 85th percentile needs {least(85)} of them")
    return Table(one.process or "All processes", told=tuple(told))


def _lengths(one: Metrics, day: float) -> Table:
    rows = [
        _row("lead time (working)", one.lead, day),
        _row("lead time (wall)", one.lead_wall, 86400.0),
        _row("cycle time (working)", one.cycle, day),
        _row("lead time, open runs counted", one.lead_censored, day),
        _row("age of open runs", one.wip_age, day),
    ]
    return Table("How long", ("", "n", "50%", "85%", "95%"), tuple(row for row in rows if row[1] != "0"))


def _row(name: str, found: Spread, day: float) -> tuple[str, ...]:
    return (name, str(found.n), span(found.p50, day), span(found.p85, day), span(found.p95, day))


def _shares(one: Metrics) -> Table:
    rows = [
        ("runs on time", percent(one.on_time)),
        ("steps on time", percent(one.steps_on_time)),
        ("right first time", percent(one.right_first_time)),
        ("flow efficiency, median", _number(one.efficiency.p50, 100, "%")),
        ("hand-overs, median", _number(one.hand_overs.p50)),
        ("finished per week", _number(one.throughput, digits=1)),
        ("started per week", _number(one.arrivals, digits=1)),
        ("open now", str(one.wip)),
    ]
    little = one.little
    if little:
        rows.append(("open on average", f"{little.wip:.1f}"))
        rows.append(("expected by Little's law", f"{little.expected:.1f}"))
    return Table("How well", ("", ""), tuple(rows))


def _number(value: float | None, times: float = 1, unit: str = "", digits: int = 0) -> str:
    return _FEW if value is None else f"{value * times:.{digits}f}{unit}"


def _each(found: Sequence[Metrics], days: Days) -> Table:
    heads = ("process", "started", "finished", "open", "lead 50%", "lead 85%", "on time", "right first time")
    rows = [
        (
            one.process, str(one.started), str(one.finished), str(one.wip), span(one.lead.p50, days(one.process)),
            span(one.lead.p85, days(one.process)), percent(one.on_time), percent(one.right_first_time),
        )
        for one in found
    ]  # fmt: skip
    return Table("By process", heads, tuple(rows))


def _weeks(one: Metrics) -> Table:
    rows = [
        (f"{week.monday}{'' if week.whole else ' (cut)'}", str(week.started), str(week.finished))
        for week in one.weeks[-12:]
    ]
    return Table("By week", ("week of", "started", "finished"), tuple(rows))


def _steps(one: Metrics, day: float) -> Table:
    heads = ("step", "n", "50%", "85%", "begun after", "work", "share of time", "queue", "decided the end")
    rows = [
        (
            plain(step.title), str(step.sojourn.n), span(step.sojourn.p50, day), span(step.sojourn.p85, day),
            span(step.wait.p50, day), span(step.touch.p50, day), _number(step.waiting_share, 100, "%"),
            f"{step.queue_growth:+d}", percent(step.critical),
        )
        for step in one.steps
    ]  # fmt: skip
    return Table("Where it waits", heads, tuple(rows))


def _quality(one: Metrics) -> Table:
    heads = ("step", "done", "skipped", "opened again", "rejected", "right at first", "on time")
    rows = [
        (
            plain(step.title), str(step.done), str(step.skipped), str(step.reopened), str(step.rejected),
            percent(step.first_pass), percent(step.on_time),
        )
        for step in one.steps
    ]  # fmt: skip
    return Table("What is done twice", heads, tuple(rows))


def _stages(one: Metrics) -> Table:
    rows = [(*_row(stage.name or "(no stage)", stage.time, 86400.0), str(stage.runs_now)) for stage in one.stages]
    return Table("By stage (wall time)", ("stage", "n", "50%", "85%", "95%", "runs now"), tuple(rows))


def _roles(one: Metrics, day: float) -> Table:
    rows = [(*_row(role.name, role.sojourn, day), str(role.open_now)) for role in one.roles]
    return Table("By role", ("role", "n", "50%", "85%", "95%", "open now"), tuple(rows))


def _escaped(text: str) -> str:
    for char in "\\`*_[]<>|#":
        text = text.replace(char, f"\\{char}")
    return text
