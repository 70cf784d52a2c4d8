"""`handrail export`: a project, or what happened in runs, for other programs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from handrail.base.errors import NotAllowed, WrongUsage
from handrail.cli.context import Context, pass_context
from handrail.cli.params import Name

_HELP = """Write a project, or what happened in runs, for other programs: to standard output, or into a file.

\b
Example:
  handrail export ics spring -o spring.ics
  handrail export xes customer-onboarding -o onboarding.xes
"""


@click.group("export", help=_HELP, short_help="Write a project, or what happened in runs, for other programs.")
def export() -> None:
    """Hold the kinds of export."""


_OUTPUT = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write into this file.")


def _command(name: str, help_text: str, *options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Make a command that writes one project; the function gives its text."""

    def decorate(function: Callable[..., str]) -> Any:
        @pass_context
        def run(context: Context, /, *, project: str, output: Path | None, **more: Any) -> None:
            found = _planned(context, context.find(project, "project").id)
            _write(context, [function(context, found, **more)], output)

        for option in reversed(options):
            run = option(run)
        run = _OUTPUT(run)
        run = click.argument("project", type=Name("project"))(run)
        text = f"{help_text}\n\n\b\nExample:\n  handrail export {name} spring"
        return export.command(name, help=text, short_help=help_text)(run)

    return decorate


def _planned(context: Context, project: str) -> str:
    if project not in context.overview().plans:
        raise WrongUsage(f"`{project}` cannot be read.", "handrail lint says why")
    return project


def _write(context: Context, pieces: Iterable[str], output: Path | None) -> None:
    """Write a text piece by piece to standard output, or into a file that is there whole or not at all."""
    if output is None:
        for piece in pieces:
            click.echo(piece.encode(), nl=False)
        return
    with _new_file(context, output) as place, place.open("wb") as file:
        for piece in pieces:
            file.write(piece.encode())


@contextmanager
def _new_file(context: Context, output: Path) -> Iterator[Path]:
    """Give a place to write into, which becomes the file `output` when all went well and vanishes otherwise."""
    place = output if output.is_absolute() else context.start / output
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        yield beside
        beside.replace(place)
    except OSError as error:
        raise NotAllowed(f"`{output}` cannot be written: {(error.strerror or 'refused').lower()}.") from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    click.echo(f"Wrote {output}", err=True)


@_command("msproject", "Write the plan as the XML of Microsoft Project.")
def msproject(context: Context, project: str) -> str:
    """Give the XML."""
    from handrail.integrations.out_mspdi import project_xml
    from handrail.reports.words import zone_of

    overview = context.overview()
    space = overview.workspace
    return project_xml(
        space.projects[project],
        overview.plans[project],
        space.baselines.get(project, ()),
        space.config,
        overview.projects[project].time or overview.moment.normal,
        now=overview.moment.now,
        zone=zone_of(space.config.calendar.timezone),
    )


@_command(
    "ics",
    "Write the tasks as a calendar (iCalendar).",
    click.option("--todos", is_flag=True, help="Tasks as to-dos; milestones stay events."),
)
def ics(context: Context, project: str, todos: bool) -> str:
    """Give the calendar."""
    from handrail.integrations.out_ics import project_ics
    from handrail.reports.words import zone_of

    overview = context.overview()
    zone = zone_of(overview.workspace.config.calendar.timezone)
    holder = overview.workspace.projects[project]
    return project_ics(holder, overview.plans[project], overview.moment.now, zone, todos=todos)


@_command("mermaid", "Write a gantt chart in Mermaid, for a README.")
def mermaid(context: Context, project: str) -> str:
    """Give the chart."""
    from handrail.integrations.out_mermaid import gantt
    from handrail.reports.words import zone_of

    overview = context.overview()
    zone = zone_of(overview.workspace.config.calendar.timezone)
    return gantt(overview.workspace.projects[project], overview.plans[project], zone)


def _name(*kinds: str) -> Callable[[Any], Any]:
    return click.argument("name", type=Name(*kinds), required=False)


_TRIALS = click.option("--trials", is_flag=True, help="Trial runs too.")
_CLOSED = click.option("--closed", is_flag=True, help="Only the events that end an attempt at a step.")
_CSV_HELP = """Write the event log as CSV; of a project, its tasks.

The event log has a line for each event of each step: of all runs, of one process, or of one run. The table of a project
has its tasks, with dates, float and who has them.

\b
Example:
  handrail export csv customer-onboarding -o onboarding.csv
  handrail export csv spring
"""


@export.command("csv", help=_CSV_HELP, short_help="Write the event log as CSV; of a project, its tasks.")
@_name("process", "run", "project")
@_OUTPUT
@_CLOSED
@_TRIALS
@pass_context
def csv(context: Context, *, name: str | None, output: Path | None, closed: bool, trials: bool) -> None:
    """Write lines."""
    from handrail.cli.export_log import Log
    from handrail.integrations.out_csv import tasks_csv

    found = context.find(name, "process", "run", "project") if name else None
    if found and found.kind == "project":
        _write(context, [tasks_csv(context.overview().plans[_planned(context, found.id)])], output)
        return
    log = Log(context, found, trials=trials)
    _write(context, log.csv(closed=closed), output)
    log.say()


_JSON_HELP = """Write the event log as JSON; of a project, its plan and its report.

The event log holds each run with its fields and all of its events: of all runs, of one process, or of one run.

\b
Example:
  handrail export json customer-onboarding -o onboarding.json
  handrail export json spring
"""


@export.command("json", help=_JSON_HELP, short_help="Write the event log as JSON; of a project, plan and report.")
@_name("process", "run", "project")
@_OUTPUT
@_TRIALS
@pass_context
def json(context: Context, *, name: str | None, output: Path | None, trials: bool) -> None:
    """Write an object."""
    from handrail.cli.export_log import Log

    found = context.find(name, "process", "run", "project") if name else None
    if found and found.kind == "project":
        _write(context, [_project_json(context, _planned(context, found.id))], output)
        return
    log = Log(context, found, trials=trials)
    _write(context, log.json(), output)
    log.say()


def _project_json(context: Context, project: str) -> str:
    from json import dumps

    from handrail.reports.json_views import project_object, project_plan_view, stalled_items
    from handrail.reports.manage import report
    from handrail.reports.project_views import report_object

    overview = context.overview()
    found = report(overview, project)
    view = {
        **project_plan_view(overview.plans[project], overview.moment.now),
        "schema": "export/1",
        "items": project_object(overview, overview.projects[project], stalled_items(overview))["tasks"],
        "report": report_object(found) if found else None,
    }
    return dumps(view, ensure_ascii=False, indent=2) + "\n"


_XES_HELP = """Write the event log as XES (IEEE 1849), which process-mining programs read.

Each run is a trace, each event of a step an event with its transition: of all runs, of one process, or of one run.

\b
Example:
  handrail export xes customer-onboarding -o onboarding.xes
"""


@export.command("xes", help=_XES_HELP, short_help="Write the event log as XES, for process mining.")
@_name("process", "run")
@_OUTPUT
@_CLOSED
@_TRIALS
@pass_context
def xes(context: Context, *, name: str | None, output: Path | None, closed: bool, trials: bool) -> None:
    """Write a log."""
    from handrail.cli.export_log import Log

    log = Log(context, context.find(name, "process", "run") if name else None, trials=trials)
    _write(context, log.xes(closed=closed), output)
    log.say()


_SQLITE_HELP = """Write runs, steps, events, projects, tasks and people into a SQLite database.

\b
Example:
  handrail export sqlite -o work.db
"""


@export.command("sqlite", help=_SQLITE_HELP, short_help="Write everything into a SQLite database.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Write into this file.")
@pass_context
def sqlite(context: Context, *, output: Path) -> None:
    """Write a database."""
    from handrail.cli.export_log import Log

    log = Log(context, None, trials=True)
    with _new_file(context, output) as place:
        log.sqlite(place)
    log.say()
