# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`project what-if`, `project move` and `project split`: answers to change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from handrail.base.errors import WrongUsage
from handrail.cli.look import as_json, say, say_json
from handrail.cli.params import DAY, PAIR, Name, Words

if TYPE_CHECKING:
    from handrail.cli.context import Context
    from handrail.model.project import Project
    from handrail.reports.what_if import Edit

Pairs = tuple[tuple[str, str], ...]


_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _edits(name: str, metavar: str, help_text: str) -> _Decorator:
    return click.option(f"--{name}", name, multiple=True, type=PAIR, metavar=metavar, help=help_text)


@click.command("what-if")
@click.argument("project", type=Name("project"))
@click.option("--drop", multiple=True, metavar="TASK", help="Without this task.")
@_edits("est", "TASK=SPAN", "With another estimate.")
@_edits("times", "TASK=FACTOR", "With an estimate so many times as long.")
@_edits("start", "TASK=DATE", "Not before this date.")
@_edits("due", "TASK=DATE", "With another deadline.")
@_edits("away", "PERSON=FIRST..LAST", "With somebody away from a day to another.")
@_edits("assign", "TASK=PERSON", "With somebody else (several: `ana,ben`).")
@as_json
@click.pass_obj
def what_if(obj: Context, /, project: str, drop: tuple[str, ...], json_wanted: bool, **edits: Pairs) -> None:
    """Try changes on a project, and see what they do to dates, cost and people. Nothing is written.

    \b
    Example:
      handrail project what-if spring --times film=2 --assign venue=noor
    """
    from handrail.reports.what_if import what_if as try_out
    from handrail.reports.what_if import what_if_view

    found = obj.find(project, "project").id
    overview = obj.overview()
    holder = overview.workspace.projects.get(found)
    if holder is None:
        raise WrongUsage(f"`{found}` cannot be read.", "handrail lint says why")
    wanted = [*(_drop(holder, name) for name in drop), *_read_edits(holder, edits)]
    if not wanted:
        raise WrongUsage("Say what should be otherwise.", "As in `--times TASK=2` or `--drop TASK`.")
    difference = try_out(overview, found, wanted)
    if json_wanted:
        return say_json(what_if_view(difference))
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_what_if import what_if_text

    return say(what_if_text(difference, paint_for_terminal()))


def _drop(holder: Project, name: str) -> Edit:
    from handrail.app.names import find_item
    from handrail.reports.what_if import Edit

    return Edit("drop", find_item(holder, name).id)


def _read_edits(holder: Project, edits: dict[str, Pairs]) -> list[Edit]:
    from handrail.app.names import find_item
    from handrail.format.scalars import read_date, read_positive
    from handrail.reports.what_if import Edit

    def factor(text: str) -> float:
        number = float(text.removesuffix("x").replace(",", "."))
        if not 0 < number <= 1000:
            raise ValueError(f"`{text}` is no factor between 0 and 1000")
        return number

    def people(text: str) -> tuple[str, ...]:
        return tuple(part.strip().lstrip("@") for part in text.split(",") if part.strip())

    def days(text: str) -> tuple[date, date]:
        first, _, last = text.partition("..")
        span = read_date(first), read_date(last or first)
        if span[1] < span[0]:
            raise ValueError(f"`{text}` ends before it begins")
        return span

    readers: dict[str, Callable[[str], Any]] = {
        "away": days,
        "est": read_positive,
        "times": factor,
        "start": read_date,
        "due": read_date,
        "assign": people,
    }
    found = []
    for kind, pairs in edits.items():
        for name, text in pairs:
            try:
                value = readers[kind](text)
            except ValueError as error:
                raise WrongUsage(f"`--{kind} {name[:60]}={text[:60]}`: {error}.") from None
            item = name.lstrip("@") if kind == "away" else find_item(holder, name).id
            found.append(Edit(kind, item, value))
    return found


@click.command()
@click.argument("project", type=Name("project"))
@click.argument("words", nargs=-1, required=True, type=Words("project"), metavar="TASK... DATE|none")
@click.option("--no-commit", is_flag=True, help="Write the file and leave the commit to you.")
@click.pass_obj
def move(obj: Context, project: str, words: tuple[str, ...], no_commit: bool) -> None:
    """Let tasks start no earlier than a date; `none` takes that away.

    \b
    Example:
      handrail project move spring film 2027-01-11
    """
    from handrail.app.replan import set_attribute
    from handrail.cli.say import item_titles, where

    if len(words) < 2:
        raise WrongUsage("Say which task, and to which date.", "As in `handrail project move spring film 2027-01-11`.")
    day = "" if words[-1] == "none" else DAY.convert(words[-1], None, None).isoformat()
    target = obj.find(project, "project")
    done = set_attribute(
        obj.repository, target, words[:-1], "start", day, verb="move", config=obj.config, commit=not no_commit
    )
    told = f"not before {day}" if day else "whenever it can start"
    click.echo(
        f"{click.style('Moved', fg='green', bold=True)}: {item_titles(done.items)}, {told} ({where(done.saved)})"
    )


@click.command()
@click.argument("project", type=Name("project"))
@click.argument("task", type=Words("project"))
@click.argument("parts", nargs=-1, required=True, type=PAIR, metavar="TITLE=SPAN...")
@click.option("--no-commit", is_flag=True, help="Write the file and leave the commit to you.")
@click.pass_obj
def split(obj: Context, project: str, task: str, parts: Pairs, no_commit: bool) -> None:
    """Divide a task into sub-tasks, each with an estimate, done one after the other.

    \b
    Example:
      handrail project split spring film "Shoot=3d" "Cut=2d"
    """
    from handrail.app.replan import split_task
    from handrail.cli.say import item_titles, where

    target = obj.find(project, "project")
    done = split_task(obj.repository, target, task, parts, config=obj.config, commit=not no_commit)
    told = f"{item_titles(done.items)} into {', '.join(title for title, _ in parts)}"
    click.echo(f"{click.style('Split', fg='green', bold=True)}: {told} ({where(done.saved)})")
