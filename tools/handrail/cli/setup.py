# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail init`, `new` and `adopt`: what there must be before anything can be followed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from handrail.app.ci import KINDS
from handrail.cli.context import Context, pass_context

if TYPE_CHECKING:
    from handrail.app.adopt import Adoption
    from handrail.app.setup import Written


@click.command()
@click.argument("folder", required=False, default=None, type=click.Path(path_type=Path))
@click.option("--title", default="", help="What the site is called; the folder's name where you give none.")
@click.option(
    "--ci", type=click.Choice(KINDS), default="github", show_default=True, help="For which host's build server."
)
@click.option("--no-commit", is_flag=True, help="Write the files and leave the commit to you.")
@pass_context
def init(context: Context, folder: Path | None, title: str, ci: str, no_commit: bool) -> None:
    """Make a folder a workspace.

    A git repository is made where there is none. Files that are there already stay as they are. With them come the
    workflows by which a git host checks, starts, reminds and publishes.

    \b
    Example:
      handrail init our-way-of-working
    """
    from handrail.app.setup import init as init_workspace

    place = context.start / folder if folder else context.start
    written = init_workspace(place, title=title, ci=ci, commit=not no_commit)
    if written.new_repository:
        click.echo(f"Made a git repository in {written.root}")
    if written.paths:
        _say_written(written)
    else:
        click.echo("Everything was there already.")
    if written.advice:
        click.echo("Yours to do, because these files are yours:")
    for advice in written.advice:
        click.echo(f"  {advice}")
    if not written.paths:
        return
    click.echo('\nTry it: handrail start welcome -f name="Ada Lovelace"')
    click.echo("Yours:  handrail new process NAME, or handrail adopt CHECKLIST.md")


@click.group(short_help="Write a new process or project to fill in.")
def new() -> None:
    """Write a new process or project to fill in.

    \b
    Example:
      handrail new process hr/new-hire
    """


@new.command("process")
@click.argument("name")
@click.option("--title", default="", help="Its title; made from the name where you give none.")
@click.option("--no-commit", is_flag=True, help="Write the file and leave the commit to you.")
@pass_context
def new_process(context: Context, name: str, title: str, no_commit: bool) -> None:
    """Write a new process to fill in: work that repeats.

    \b
    Example:
      handrail new process "Customer onboarding"
    """
    from handrail.app import setup

    written = setup.new_process(context.repository, name, title=title, who=context.who(), commit=not no_commit)
    _say_written(written)
    made = written.paths[0].removeprefix("processes/").removesuffix("/README.md")
    click.echo(f"{click.style('Next', bold=True)}: write your steps into it, then: handrail start {made}")


@new.command("project")
@click.argument("name")
@click.option("--title", default="", help="Its title; made from the name where you give none.")
@click.option("--no-commit", is_flag=True, help="Write the file and leave the commit to you.")
@pass_context
def new_project(context: Context, name: str, title: str, no_commit: bool) -> None:
    """Write a new project to fill in: work that happens once.

    \b
    Example:
      handrail new project "Office move"
    """
    from handrail.app import setup

    today = context.moment.normal.local_date(context.now)
    who = context.who()
    written = setup.new_project(context.repository, name, title=title, who=who, today=today, commit=not no_commit)
    _say_written(written)
    made = written.paths[0].removeprefix("projects/").removesuffix("/README.md")
    click.echo(f"{click.style('Next', bold=True)}: write your tasks into it, then: handrail project plan {made}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--id", "id", default="", help="The process's id, as in hr/onboarding; from the file's name otherwise.")
@click.option("--bullets", is_flag=True, help="Take plain list items as steps where there are no boxes.")
@click.option("--no-commit", is_flag=True, help="Write the file and leave the commit to you.")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
@pass_context
def adopt(context: Context, *, file: Path, id: str, bullets: bool, no_commit: bool, as_json: bool) -> None:
    """Make a process of a Markdown checklist that you have.

    The file may lie anywhere and stays as it is. Ticks are taken off, everything else is kept as it was written.

    \b
    Example:
      handrail adopt ~/Downloads/onboarding.md --id hr/onboarding
    """
    from handrail.app.adopt import adopt_file

    place = file if file.is_absolute() else context.start / file
    adoption = adopt_file(context.repository, place, id=id, bullets=bullets, commit=not no_commit)
    if as_json:
        _print_json(context, adoption)
        return
    from handrail.app.adopt import count_items
    from handrail.base.words import count
    from handrail.cli.problems import problem_text
    from handrail.cli.say import where

    steps = count(count_items(adoption.process), "step")
    click.echo(f"{click.style('Adopted', fg='green', bold=True)}: {adoption.path}, {steps} ({where(adoption.saved)})")
    for notice in adoption.notices:
        click.echo(f"  {notice[:1].upper()}{notice[1:]}")
    for problem in adoption.problems:
        click.echo(problem_text(problem), err=True)
    click.echo(f"{click.style('Next', bold=True)}: handrail start {adoption.process.id}")


def _say_written(written: Written) -> None:
    from handrail.cli.say import where

    for path in written.paths:
        click.echo(f"{click.style('Wrote', fg='green')} {path}")
    for path in written.kept:
        click.echo(f"Kept {path}, which was there already")
    if written.saved.commit:
        click.echo(f"({where(written.saved)})")


def _print_json(context: Context, adoption: Adoption) -> None:
    import json

    from handrail.format.scalars import write_time
    from handrail.model.item import walk

    steps = [
        {"id": item.id, "title": item.title, "stage": item.stage, "line": item.place.line}
        for item in walk(adoption.process.items)
    ]
    found = {"schema": "adopt/1", "at": write_time(context.now), "process": adoption.process.id, "path": adoption.path}
    click.echo(json.dumps({**found, "steps": steps}, ensure_ascii=False, indent=2))
