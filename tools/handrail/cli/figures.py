# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`metrics` and `report`: how long runs take, where they wait, how often they are right at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, tzinfo
from functools import partial
from typing import TYPE_CHECKING

import click

from handrail.base.errors import WrongUsage
from handrail.cli.look import as_json, say, say_json
from handrail.cli.params import DAY, Name

if TYPE_CHECKING:
    from handrail.cli.context import Context
    from handrail.reports.figure_tables import Table
    from handrail.reports.period import Period

as_format = click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown"]), default=None, help="How it is printed."
)


@click.command()
@click.argument("process", required=False, default="", metavar="[PROCESS]", type=Name("process"))
@click.option("--since", "first", type=DAY, metavar="DATE", help="Only what happened from this day on.")
@click.option("--period", "named", metavar="PERIOD", default="", help="2026-10, 2026-Q3, 2026-W41, 2026 or A..B.")
@as_format
@as_json
@click.pass_obj
def metrics(obj: Context, process: str, first: date | None, named: str, form: str | None, json_wanted: bool) -> None:
    """Show how long runs take, where they wait and what goes wrong.

    Without a process, for all of them. A figure that too few runs stand behind is left out.

    \b
    Example:
      handrail metrics customer-onboarding --since 2026-07-01
      handrail metrics --period 2026-Q3 --format markdown
    """
    from handrail.reports.metrics import metrics as metrics_of
    from handrail.reports.metrics import whole_history
    from handrail.reports.period import since
    from handrail.reports.records import records, step_titles

    if first and named:
        raise WrongUsage("`--since` and `--period` say the same thing twice.", "Give one of them.")
    only = obj.find(process, "process").id if process else ""
    zone = zone_here(obj)
    asked = period_of(named, zone) if named else since(first, obj.now, zone) if first else None
    runs = records(obj.for_figures, only)
    period = asked or whole_history(runs, obj.now, zone)
    kinds = sorted({one.process for one in runs}) if not only else []
    titles = step_titles(obj.for_figures)
    parts = [metrics_of(runs, period, obj.now, name, titles) for name in kinds]
    found = [metrics_of(runs, period, obj.now, only, titles, parts), *parts]
    if json_wanted or form == "json":
        from handrail.reports.figure_views import metrics_view

        return say_json(metrics_view(found, obj.now))
    from handrail.reports.figure_tables import metrics_tables

    return say_tables(metrics_tables(found, partial(day_of, obj)), form or "table")


@click.command()
@click.option("--period", "named", metavar="PERIOD", required=True, help="2026-10, 2026-Q3, 2026-W41, 2026 or A..B.")
@as_format
@as_json
@click.pass_obj
def report(obj: Context, named: str, form: str | None, json_wanted: bool) -> None:
    """Show what a period came to, beside the one before it.

    For all runs, then for each process. Into a pipe or a file it goes as Markdown, unless `--format` says otherwise.

    \b
    Example:
      handrail report --period 2026-10
      handrail report --period 2026-Q3 > report.md
    """
    from handrail.reports.period_report import period_report, report_tables, report_view
    from handrail.reports.records import records, step_titles

    period = period_of(named, zone_here(obj))
    overview = obj.for_figures
    found = period_report(records(overview), period, obj.now, step_titles(overview))
    if json_wanted or form == "json":
        return say_json(report_view(found, period, obj.now))
    tables = report_tables(found, period, obj.now, partial(day_of, obj))
    return say_tables(tables, form or ("table" if sys.stdout.isatty() else "markdown"))


def zone_here(obj: Context) -> tzinfo:
    """Give the workspace's time zone."""
    from handrail.reports.words import zone_of

    return zone_of(obj.config.calendar.timezone)


def day_of(obj: Context, process: str) -> float:
    """Give the length of a day in seconds, as a process counts it."""
    from handrail.model.calendar import Duration

    known = obj.for_figures.workspace.processes.get(process)
    return obj.moment.time_for(known.calendar if known else "").seconds(Duration(1, "d"))


def period_of(text: str, zone: tzinfo) -> Period:
    """Read a period that was asked for. Raises WrongUsage where it is none."""
    from handrail.reports.period import HINT, read_period

    try:
        return read_period(text, zone)
    except ValueError as error:
        raise WrongUsage(f"{error}.", HINT) from None


def say_tables(tables: Sequence[Table], form: str) -> None:
    """Print tables for a terminal, or as Markdown."""
    if form == "markdown":
        from handrail.reports.figure_tables import markdown

        return say(markdown(tables))
    from handrail.cli.paint import Column, paint_for_terminal
    from handrail.cli.show_parts import blocks

    paint = paint_for_terminal()
    parts = []
    for table in tables:
        width = max((len(row) for row in table.rows), default=0)
        columns = [Column(8), *[Column(right=True)] * (width - 1)]
        cells = [
            [paint.cell(text, dim=number == 0) for text in row] for number, row in enumerate((table.heads, *table.rows))
        ]
        told = [paint.line(paint.cell(line), indent=2) for line in table.told]
        parts.append([paint.heading(table.title), *told, *(paint.table(cells, columns) if table.rows else [])])
    return say(blocks(*parts))
