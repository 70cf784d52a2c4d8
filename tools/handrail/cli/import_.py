"""`handrail import`: plans from other systems become projects, procedures become processes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handrail.base.errors import NotAllowed, WrongUsage
from handrail.cli.context import Context, pass_context
from handrail.cli.params import PAIR

if TYPE_CHECKING:
    from handrail.app.take_in import TakenIn
    from handrail.model.imported import ImportedPlan, ImportedProcess

_HELP = """Make projects and processes of what other systems export.

Boards and plans become projects, procedures become processes. A second import of the same one brings it up to date and
leaves alone what was changed here. What could not be carried over is listed; --dry-run shows everything beforehand.

\b
Example:
  handrail import trello board.json
  handrail import manifestly onboarding.json
"""
_MOST_BYTES = 64 * 1024 * 1024


@click.group("import", help=_HELP, short_help="Make projects and processes of what other systems export.")
def import_() -> None:
    """Hold the kinds of import."""


def _command(name: str, help_text: str, example: str, *options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Make a command that reads one file; `options` are its own beside those that all share."""

    def decorate(function: Any) -> Any:
        for option in reversed(options):
            function = option(function)
        for option in reversed(_SHARED):
            function = option(function)
        named = click.argument("file", type=click.Path(path_type=Path))(pass_context(function))
        text = f"{help_text}\n\n\b\nExample:\n  handrail import {name} {example}"
        return import_.command(name, help=text, short_help=help_text.split("\n", maxsplit=1)[0])(named)

    return decorate


_SHARED: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--project", "project", default="", metavar="NAME", help="The project's id; from its title otherwise."
    ),
    click.option("--dry-run", is_flag=True, help="Print the file that would be written, and write nothing."),
    click.option("--no-commit", is_flag=True, help="Write the file and leave the commit to you."),
)
_DATES = click.option(
    "--dates", type=click.Choice(["dmy", "mdy"]), default=None, help="Whether days or months come first in the dates."
)


@_command(
    "trello",
    "Import a Trello board (menu, Print, export and share, Export as JSON).",
    "board.json",
    click.option("--checklists", type=click.Choice(["text", "tasks"]), default="text", help="What checklists become."),
)
def trello(context: Context, *, file: Path, checklists: str, **shared: Any) -> None:
    """Import a board."""
    from handrail.integrations.sheet import decode
    from handrail.integrations.trello import read_board

    text = decode(_data(context, file))
    _take_in(context, read_board(file.name, text, _zone(context), subtasks=checklists == "tasks"), **shared)


@_command("asana", "Import an Asana project (project menu, Export/Print, CSV).", "launch.csv", _DATES)
def asana(context: Context, *, file: Path, dates: str | None, **shared: Any) -> None:
    """Import an export."""
    from handrail.integrations.asana import read_export

    _take_in(context, read_export(file.name, _data(context, file), _zone(context), dates=dates or ""), **shared)


@_command("msproject", "Import a Microsoft Project plan (File, Save As, XML Format).", "plan.xml")
def msproject(context: Context, *, file: Path, **shared: Any) -> None:
    """Import a plan."""
    from handrail.integrations.mspdi import read_project

    plan = read_project(file.name, _data(context, file), _zone(context), calendar=context.config.calendar)
    _take_in(context, plan, **shared)


@_command(
    "csv",
    "Import a table of tasks; with --process, of the steps of a procedure.",
    "tasks.csv --column title='What' --column who='Who'\n  handrail import csv steps.csv --process onboarding",
    click.option("--column", "columns", multiple=True, type=PAIR, metavar="WHAT=HEADING", help="What a column holds."),
    click.option("--process", "process", default="", metavar="NAME", help="Make a process of that id, no project."),
    _DATES,
)
def csv(
    context: Context,
    *,
    file: Path,
    columns: tuple[tuple[str, str], ...],
    process: str,
    dates: str | None,
    **shared: Any,
) -> None:
    """Import a table."""
    from handrail.integrations.plain_csv import read_plan

    data = _data(context, file)
    if process:
        from handrail.cli.import_steps import read_table, take_in

        if shared.pop("project"):
            raise WrongUsage("A table becomes a project or a process, not both.", "Leave out one of the two options.")
        take_in(context, read_table(file.name, data, dict(columns)), process=process, **shared)
        return
    plan = read_plan(file.name, data, _zone(context), columns=dict(columns), dates=dates or "")
    _take_in(context, plan, **shared)


_PROCESS = click.option(
    "--process", "process", default="", metavar="NAME", help="The process's id; from its title otherwise."
)


def _process_command(name: str, help_text: str, example: str, read: Callable[[str, bytes], ImportedProcess]) -> None:
    """Make a command that reads one file with one procedure."""

    def run(context: Context, *, file: Path, **shared: Any) -> None:
        from handrail.cli.import_steps import take_in

        take_in(context, read(file.name, _data(context, file)), **shared)

    function: Any = run
    for option in reversed((_PROCESS, *_SHARED[1:])):
        function = option(function)
    named = click.argument("file", type=click.Path(path_type=Path))(pass_context(function))
    text = f"{help_text}\n\n\b\nExample:\n  handrail import {name} {example}"
    import_.command(name, help=text, short_help=help_text.split("\n", maxsplit=1)[0])(named)


def _reader(function: str, *arguments: str) -> Callable[[str, bytes], ImportedProcess]:
    """Give a reader of procedures, imported when it is used."""

    def read(name: str, data: bytes) -> ImportedProcess:
        from handrail.cli import import_steps

        made = getattr(import_steps, function)
        found: ImportedProcess = made(*arguments)(name, data) if arguments else made(name, data)
        return found

    return read


for _system, _shown in (("process-street", "Process Street"), ("tasktrain", "TaskTrain"), ("manifestly", "Manifestly")):
    _process_command(
        _system,
        f"Import a procedure of {_shown}: its JSON, a table (CSV), or an outline that you copied.",
        "onboarding.json",
        _reader("read_system", _system),
    )
_process_command(
    "markdown",
    "Import a document with lists, or an outline, as a process.\n\nList items become steps, headings become stages. "
    "`handrail adopt` takes a checklist as it is instead, without a second import.",
    "how-we-onboard.md",
    _reader("read_document"),
)
_process_command(
    "github",
    "Import an issue template (Markdown) or form (YAML) as a process.\n\nIts task list or checkboxes become steps, "
    "a form's questions fields.",
    ".github/ISSUE_TEMPLATE/release.yml",
    _reader("read_template"),
)


def _data(context: Context, file: Path) -> bytes:
    place = file if file.is_absolute() else context.start / file
    if not place.is_file():
        raise WrongUsage(f"There is no file `{file}`.")
    if place.stat().st_size > _MOST_BYTES:
        raise NotAllowed(f"`{file}` is larger than {_MOST_BYTES // 1024 // 1024} MiB.", "Nothing was imported.")
    return place.read_bytes()


def _zone(context: Context) -> Any:
    from handrail.reports.words import zone_of

    return zone_of(context.config.calendar.timezone)


def _take_in(context: Context, plan: ImportedPlan, *, project: str, dry_run: bool, no_commit: bool) -> None:
    from handrail.app.take_in import take_in

    done = take_in(
        context.repository,
        plan,
        name=project,
        who=context.who(),
        now=context.now,
        config=context.config,
        commit=not no_commit,
        dry_run=dry_run,
    )
    _say(done, dry_run=dry_run)


def _say(done: TakenIn, *, dry_run: bool) -> None:
    from handrail.base.words import count
    from handrail.cli.paint import safe
    from handrail.cli.say import where

    if dry_run:
        click.echo(done.text, nl=False)
        return
    told = count(done.added, "task")
    if not done.fresh:
        told = f"{done.added} new, {done.changed} changed"
    word = "Imported" if done.fresh else "Updated" if done.added or done.changed else "Up to date"
    click.echo(f"{click.style(word, fg='green', bold=True)}: {done.path}, {told} ({where(done.saved)})")
    for note in done.notes:
        click.echo(f"  {safe(note)}")
    if done.lost:
        click.echo("Not carried over:")
    for sentence in done.lost:
        click.echo(f"  {safe(sentence)}")
    click.echo(f"{click.style('Next', bold=True)}: handrail project plan {done.project}")
