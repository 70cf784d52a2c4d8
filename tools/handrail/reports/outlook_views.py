"""Forecasts as JSON and as tables of text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handrail.plan.chance import sampling_error
from handrail.reports.figure_tables import Table, span
from handrail.reports.forecast import Forecast
from handrail.reports.json_views import instant
from handrail.reports.outlook import LEAST_WEEKS, ProcessOutlook, RunOutlook, Tested
from handrail.reports.words import Clock

Json = dict[str, Any]


def forecast_view(kind: str, name: str, now: datetime, more: Json | None, tested: Sequence[Tested] = ()) -> Json:
    """`forecast`: what is told of a run, process or project, and how often such promises held."""
    checks = [{"share": one.share / 100, "held": one.held, "n": one.n, "standard_error": _error(one)} for one in tested]
    return {"schema": "forecast/1", "at": instant(now), kind: name, "forecast": more, "back_test": checks}


def run_object(found: RunOutlook) -> Json:
    """Give when a run may end."""
    return {
        **{f"p{share}": instant(end) for share, end in found.by.items()},
        "due": instant(found.due),
        "due_chance": None if found.chance is None else round(found.chance, 4),
        "finished_runs": found.finished,
        "open_runs": found.open_runs,
        "estimated": instant(found.estimated),
        "older_than_all": found.older,
    }


def process_object(found: ProcessOutlook) -> Json:
    """Give what a process may bring."""
    return {
        "lead_s": {f"p{share}": length for share, length in found.lengths.items()},
        "finished_runs": found.finished,
        "open_runs": found.open_runs,
        "weekly": list(found.weekly),
        "weeks": found.weeks,
        "finished_in_weeks": {f"p{share}": number for share, number in found.in_weeks.items()} or None,
        "runs": found.runs,
        "weeks_until": {f"p{share}": number for share, number in found.until.items()} or None,
    }


def run_tables(found: RunOutlook, tested: Sequence[Tested], clock: Clock) -> tuple[Table, ...]:
    """Show when a run may end."""
    base = f"from {found.finished} finished and {found.open_runs} open runs that had come as far"
    if found.older:
        told: tuple[str, ...] = ("it has been at this point for longer than any run before: no date can be told",)
    elif not found.finished and found.estimated:
        told = (f"no finished run yet; by its estimates it ends {clock.day(found.estimated)}",)
    elif not found.finished:
        told = ("no finished run to tell it from, and not every open step has an estimate",)
    else:
        told = (base,)
    if found.chance is not None and found.due:
        told = (*told, f"chance to end by the first due date, {clock.day(found.due)}: {found.chance:.0%}")
    rows = tuple((f"{share}%", clock.day(end)) for share, end in found.by.items() if end)
    return (Table(found.run, ("sure to", "ends by"), rows, told), _tests(tested))


def process_tables(found: ProcessOutlook, tested: Sequence[Tested], day: float) -> tuple[Table, ...]:
    """Show what a process may bring."""
    lengths = tuple((f"{share}%", span(length, day)) for share, length in found.lengths.items())
    told = (f"from {found.finished} finished and {found.open_runs} open runs",)
    tables = [Table(found.process, ("sure to", "a run takes"), lengths, told)]
    if found.in_weeks:
        rows = tuple((f"{share}%", str(number), _weeks(found, share)) for share, number in found.in_weeks.items())
        heads = ("sure to", f"finished in {found.weeks} weeks, at least", f"weeks until {found.runs} are finished")
        tables.append(Table("How many", heads, rows, (f"from {len(found.weekly)} whole weeks",)))
    else:
        few = (
            f"too few weeks: {len(found.weekly)} whole ones, of which {LEAST_WEEKS} are needed, one with a finished run"
        )
        tables.append(Table("How many", told=(few,)))
    return (*tables, _tests(tested))


def project_tables(name: str, found: Forecast | None, clock: Clock) -> tuple[Table, ...]:
    """Show when a project may end."""
    if found is None:
        return (Table(name, told=("nothing in it is uncertain, or nothing is left to do",)),)
    rows = tuple((f"{share}%", clock.day(end)) for share, end in ((50, found.p50), (80, found.p80), (90, found.p90)))
    told = () if found.chance is None else (f"chance to keep the target: {found.chance:.0%}",)
    return (Table(name, ("sure to", "ends by"), rows, told),)


def _weeks(found: ProcessOutlook, share: int) -> str:
    if not found.runs:
        return "–"
    number = found.until.get(share)
    return "not in ten years" if number is None else str(number)


def _tests(tested: Sequence[Tested]) -> Table:
    rows = tuple(
        (f"{one.share}%", f"{one.held / one.n:.0%} of {one.n}", f"± {1.96 * _error(one):.0%}")
        for one in tested
        if one.n
    )
    told = () if rows else ("no promise could have been made and be over yet",)
    return Table("Had it been promised at each start", ("promised", "held", "chance alone gives"), rows, told)


def _error(one: Tested) -> float:
    return round(sampling_error(one.share / 100, one.n), 4)
