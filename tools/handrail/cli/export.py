"""`handrail export`: a project for other programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from handrail.base.errors import NotAllowed, WrongUsage
from handrail.cli.context import Context, pass_context
from handrail.cli.params import Name

_HELP = """Write a project for other programs: to standard output, or into a file.

\b
Example:
  handrail export ics spring -o spring.ics
"""


@click.group("export", help=_HELP, short_help="Write a project for other programs.")
def export() -> None:
    """Hold the kinds of export."""


def _command(name: str, help_text: str, *options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Make a command that writes one project; the function gives its text."""

    def decorate(function: Callable[..., str]) -> Any:
        @pass_context
        def run(context: Context, /, *, project: str, output: Path | None, **more: Any) -> None:
            found = context.find(project, "project").id
            if found not in context.overview().plans:
                raise WrongUsage(f"`{found}` cannot be read.", "handrail lint says why")
            _write(context, function(context, found, **more), output)

        for option in reversed(options):
            run = option(run)
        run = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write into this file.")(run)
        run = click.argument("project", type=Name("project"))(run)
        text = f"{help_text}\n\n\b\nExample:\n  handrail export {name} spring"
        return export.command(name, help=text, short_help=help_text)(run)

    return decorate


def _write(context: Context, text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    place = output if output.is_absolute() else context.start / output
    try:
        place.write_bytes(text.encode())
    except OSError as error:
        raise NotAllowed(f"`{output}` cannot be written: {(error.strerror or 'refused').lower()}.") from None
    click.echo(f"Wrote {output}", err=True)


@_command("csv", "Write the tasks as CSV, with dates, float and who has them.")
def csv(context: Context, project: str) -> str:
    """Give the tasks."""
    from handrail.integrations.out_csv import tasks_csv

    return tasks_csv(context.overview().plans[project])


@_command("json", "Write the project, its plan and its report as JSON.")
def json(context: Context, project: str) -> str:
    """Give everything."""
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
