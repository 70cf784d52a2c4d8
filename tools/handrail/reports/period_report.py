"""What a head of operations sends upwards: the figures of a period, each beside that of the period before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handrail.base.value import dataclass
from handrail.plan.chance import least
from handrail.reports.figure_tables import Days, Table, percent, span
from handrail.reports.figure_views import period_object, share_object, spread_object
from handrail.reports.figures import Metrics, Share, StepFigures
from handrail.reports.json_views import instant
from handrail.reports.metrics import metrics
from handrail.reports.period import Period
from handrail.reports.records import RunRecord, Titles
from handrail.text.plain import plain

Json = dict[str, Any]
BOTTLENECKS = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One process, or all (`process` empty), in one period. `open_at_end` are the runs open when it ended, or now."""

    figures: Metrics
    open_at_end: int
    skipped: Share

    @property
    def late(self) -> Share:
        """The steps that were finished after their first due time."""
        return _rest(self.figures.steps_on_time)

    @property
    def wrong(self) -> Share:
        """The finished runs in which something was opened again, rejected or out of order."""
        return _rest(self.figures.right_first_time)

    @property
    def worst(self) -> tuple[StepFigures, ...]:
        """The steps that took most of the time, most first."""
        known = [step for step in self.figures.steps if step.waiting_share]
        return tuple(sorted(known, key=lambda step: -(step.waiting_share or 0.0))[:BOTTLENECKS])


@dataclass(frozen=True, slots=True)
class Compared:
    """One process, or all, in a period and in the one before it."""

    process: str
    now: Side
    before: Side


def period_report(
    runs: Sequence[RunRecord], period: Period, now: datetime, titles: Titles | None = None
) -> tuple[Compared, ...]:
    """Compare a period with the one before it: all runs first, then each process that had any in one of the two."""
    earlier = period.before()
    found = []
    for process in ("", *sorted({one.process for one in runs})):
        sides = (_side(runs, when, now, process, titles) for when in (period, earlier))
        one = Compared(process, *sides)
        if not process or any(side.figures.started or side.figures.finished for side in (one.now, one.before)):
            found.append(one)
    return tuple(found)


def report_view(found: Sequence[Compared], period: Period, now: datetime) -> Json:
    """`report`: the total, then each process, each with `now` and `before`."""
    whole = [{"process": one.process or None, "now": _object(one.now), "before": _object(one.before)} for one in found]
    return {
        "schema": "report/1",
        "at": instant(now),
        "period": period_object(period),
        "before": period_object(period.before()),
        "ended": period.end_at <= now,
        "total": whole[0],
        "processes": whole[1:],
    }


def report_tables(found: Sequence[Compared], period: Period, now: datetime, days: Days) -> tuple[Table, ...]:
    """Show the comparison, the bottlenecks last."""
    told = [f"beside {period.before().name}"]
    if period.end_at > now:
        told.append("not over yet: a part of a period beside a whole one")
    if found[0].now.figures.finished < least(85):
        told.append(f"too few finished runs for most figures: an 85th percentile needs {least(85)} of them")
    tables = [Table(f"Report for {period.name}", told=tuple(told))]
    tables += [_compared(one, period, days(one.process)) for one in found]
    worst = [row for one in found if one.process for row in _bottlenecks(one, days(one.process))]
    heads = ("step", "process", "share of time", "85%", "before", "queue")
    return (*tables, Table("Where the time goes", heads, tuple(worst))) if worst else tuple(tables)


def _side(runs: Sequence[RunRecord], period: Period, now: datetime, process: str, titles: Titles | None) -> Side:
    found = metrics(runs, period, now, process, titles)
    end = min(period.end_at, now)
    mine = [one for one in runs if process in ("", one.process) and one.state != "cancelled"]
    still = [one for one in mine if one.started < end and not (one.finished and one.finished < end)]
    skipped, done = (sum(getattr(step, name) for step in found.steps) for name in ("skipped", "done"))
    return Side(found, len(still), Share(skipped, skipped + done))


def _rest(share: Share) -> Share:
    return Share(share.n - share.held, share.n)


def _compared(one: Compared, period: Period, day: float) -> Table:
    now, before = one.now, one.before
    name = period.before().name
    rows = (
        _counts("started", now.figures.started, before.figures.started),
        _counts("finished", now.figures.finished, before.figures.finished),
        _counts("open at the end", now.open_at_end, before.open_at_end),
        _spans("lead time, half of them", now.figures.lead.p50, before.figures.lead.p50, day),
        _spans("lead time, 85% of them", now.figures.lead.p85, before.figures.lead.p85, day),
        _spans("cycle time, half of them", now.figures.cycle.p50, before.figures.cycle.p50, day),
        _shares("runs on time", now.figures.on_time, before.figures.on_time),
        _shares("steps late", now.late, before.late),
        _shares("not right first time", now.wrong, before.wrong),
        _shares("steps skipped", now.skipped, before.skipped),
    )
    return Table(one.process or "All processes", ("", period.name, name, "change"), rows)


def _counts(name: str, now: int, before: int) -> tuple[str, ...]:
    return (name, str(now), str(before), f"{now - before:+d}")


def _spans(name: str, now: float | None, before: float | None, day: float) -> tuple[str, ...]:
    change = f"{(now - before) / before:+.0%}" if now is not None and before else "–"
    return (name, span(now, day), span(before, day), change)


def _shares(name: str, now: Share, before: Share) -> tuple[str, ...]:
    if now.value is None or before.value is None:
        return (name, percent(now), percent(before), "–")
    return (name, percent(now), percent(before), f"{round((now.value - before.value) * 100):+d} points")


def _bottlenecks(one: Compared, day: float) -> list[tuple[str, ...]]:
    earlier = {step.id: step for step in one.before.figures.steps}
    return [
        (
            plain(step.title),
            one.process,
            f"{(step.waiting_share or 0.0):.0%}",
            span(step.sojourn.p85, day),
            span(earlier[step.id].sojourn.p85 if step.id in earlier else None, day),
            f"{step.queue_growth:+d}",
        )
        for step in one.now.worst
    ]


def _object(side: Side) -> Json:
    found = side.figures
    return {
        "started": found.started,
        "finished": found.finished,
        "cancelled": found.cancelled,
        "open_at_end": side.open_at_end,
        "lead_s": spread_object(found.lead),
        "cycle_s": spread_object(found.cycle),
        "throughput_per_week": found.throughput,
        "on_time": share_object(found.on_time),
        "steps_late": share_object(side.late),
        "not_right_first_time": share_object(side.wrong),
        "steps_skipped": share_object(side.skipped),
        "bottlenecks": [
            {
                "process": step.process,
                "step": step.id,
                "title": step.title,
                "share_of_time": step.waiting_share,
                "sojourn_s": spread_object(step.sojourn),
                "queue_growth": step.queue_growth,
            }
            for step in (side.worst if found.process else ())
        ],
    }
