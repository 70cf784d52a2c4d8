# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`forecast`: when a run, a project or a number of runs will be finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handrail.base.errors import WrongUsage
from handrail.cli.figures import as_format, day_of, say_tables, zone_here
from handrail.cli.look import as_json, say_json
from handrail.cli.params import Name

if TYPE_CHECKING:
    from handrail.cli.context import Context


@click.command()
@click.argument("name", metavar="RUN|PROCESS|PROJECT", type=Name("run", "process", "project"))
@click.option("--weeks", type=click.IntRange(1, 104), default=4, show_default=True, help="How many runs by then?")
@click.option("--runs", type=click.IntRange(1, 10000), default=None, help="How long for so many? Else those open now.")
@as_format
@as_json
@click.pass_obj
def forecast(obj: Context, name: str, weeks: int, runs: int | None, form: str | None, json_wanted: bool) -> None:
    """Tell when a run, process or project will be finished.

    It also says how often such promises would have held in the past. The same files at the same
    time give the same answer.

    \b
    Example:
      handrail forecast ada
      handrail forecast customer-onboarding --weeks 6
    """
    found = obj.find(name)
    form = "json" if json_wanted else form or "table"
    if found.kind == "run":
        return _run(obj, found.id, form)
    if found.kind == "process":
        return _process(obj, found.id, form, weeks, runs or 0)
    return _project(obj, found.id, form)


def _run(obj: Context, name: str, form: str) -> None:
    from handrail.cli.paint import Paint
    from handrail.cli.show_parts import look_at
    from handrail.reports.outlook import back_test, run_outlook
    from handrail.reports.outlook_views import forecast_view, run_object, run_tables
    from handrail.reports.records import records

    overview = obj.brief()
    state = overview.runs.get(name) or overview.all_runs().get(name)
    if state is None:
        raise WrongUsage(f"`{name}` cannot be read.", "`handrail lint` says why.")
    if state.state != "active":
        message = f"`{name}` is {state.state}: there is nothing to forecast."
        raise WrongUsage(message, f"`handrail show {name}` shows it.")
    runs = records(overview, state.run.process)
    found, tested = run_outlook(overview.whole(state), runs, obj.moment), back_test(runs, obj.moment)
    if form == "json":
        return say_json(forecast_view("run", name, obj.now, run_object(found), tested))
    return say_tables(run_tables(found, tested, look_at(overview, Paint()).clock), form)


def _process(obj: Context, name: str, form: str, weeks: int, wanted: int) -> None:
    from handrail.reports.outlook import back_test, process_outlook
    from handrail.reports.outlook_views import forecast_view, process_object, process_tables
    from handrail.reports.records import records

    runs = records(obj.for_figures, name)
    found = process_outlook(name, runs, obj.now, zone_here(obj), weeks=weeks, wanted=wanted)
    tested = back_test(runs, obj.moment)
    if form == "json":
        return say_json(forecast_view("process", name, obj.now, process_object(found), tested))
    return say_tables(process_tables(found, tested, day_of(obj, name)), form)


def _project(obj: Context, name: str, form: str) -> None:
    from handrail.cli.paint import Paint
    from handrail.cli.show_parts import look_at
    from handrail.reports.forecast import forecast as forecast_of
    from handrail.reports.forecast import forecast_object
    from handrail.reports.outlook_views import forecast_view, project_tables

    overview = obj.overview()
    if name not in overview.projects:
        raise WrongUsage(f"`{name}` cannot be read.", "`handrail lint` says why.")
    found = forecast_of(overview, name)
    if form == "json":
        return say_json(forecast_view("project", name, obj.now, forecast_object(found)))
    return say_tables(project_tables(name, found, look_at(overview, Paint()).clock), form)
