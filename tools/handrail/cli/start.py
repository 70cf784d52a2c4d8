# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail start`: a process becomes a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handrail.base.errors import WrongUsage
from handrail.cli.context import Context, pass_context
from handrail.cli.params import DAY, PAIR, Name

if TYPE_CHECKING:
    from handrail.app.names import Named
    from handrail.app.start import Wish


@click.command()
@click.argument("process", type=Name("process"))
@click.argument("title", required=False, default="")
@click.option("-f", "--field", "fields", multiple=True, type=PAIR, metavar="NAME=VALUE", help="Give a field its value.")
@click.option("--role", "roles", multiple=True, type=PAIR, metavar="ROLE=PERSON", help="Say who fills a role.")
@click.option(
    "--project",
    type=Name("project"),
    default="",
    metavar="PROJECT[#TASK]",
    help="The project (and its task) that it is for.",
)
@click.option("--parent", default="", metavar="RUN#STEP", help="The step of another run that this one finishes.")
@click.option("--due", type=DAY, default=None, help="When the run must be finished, as in 2026-12-01.")
@click.option("--trial", is_flag=True, help="Try out a process that is not in effect yet.")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Start a run for each row of this CSV file.")
@click.option("--partial", is_flag=True, help="With --csv: leave out the rows that are wrong.")
@click.option("--dry-run", is_flag=True, help="Say who would get what by when and print the file, write nothing.")
@click.option("--no-commit", is_flag=True, help="Write the file and leave the commit to you.")
@pass_context
def start(
    context: Context,
    *,
    process: str,
    title: str,
    fields: tuple[tuple[str, str], ...],
    roles: tuple[tuple[str, str], ...],
    project: str,
    parent: str,
    due: date | None,
    trial: bool,
    table: Path | None,
    partial: bool,
    dry_run: bool,
    no_commit: bool,
) -> None:
    """Start a run of a process.

    The title is made by the process's `name` pattern where you give none. A CSV file names fields in its first row;
    `title`, `due` and `role:NAME` can be columns too. Every row is checked before anything is written, and the same
    file again starts nothing twice.

    \b
    Example:
      handrail start customer-onboarding "Ada Lovelace" -f plan=pro --role sales=ana
      handrail start customer-onboarding --csv customers.csv --dry-run
    """
    _refuse_odd_table(table, title, parent, partial=partial)
    from handrail.app.start import Wish

    wish = Wish(
        title=title,
        fields=_once(fields, "field"),
        roles={role: " ".join(people.replace(",", " ").split()) for role, people in _once(roles, "role").items()},
        due=due,
        project=find_project(context, project) if project else "",
        trial=trial,
    )
    target = context.find(process, "process")
    if table is not None:
        from handrail.cli.start_many import start_many

        file = context.start / table
        start_many(context, target, file, wish, partial=partial, dry_run=dry_run, commit=not no_commit)
        return
    _start_one(context, target, wish, parent, dry_run=dry_run, commit=not no_commit)


def _start_one(context: Context, target: Named, wish: Wish, parent: str, *, dry_run: bool, commit: bool) -> None:
    from handrail.app.start import start as start_run
    from handrail.cli.say import say_started

    wish, notices = _below(context, target.id, parent, wish)
    started = start_run(
        context.repository,
        target,
        wish,
        who=context.who(),
        now=context.now,
        config=context.config,
        commit=commit,
        dry_run=dry_run,
    )
    say_started(replace(started, notices=(*notices, *started.notices)), context.now, dry_run=dry_run)


def _refuse_odd_table(table: Path | None, title: str, parent: str, *, partial: bool) -> None:
    if table is None and partial:
        raise WrongUsage("`--partial` goes with `--csv` only.")
    if table is not None and (title or parent):
        what = "a title" if title else "`--parent`"
        raise WrongUsage(f"`--csv` starts several runs, {what} is for one.", "Titles can be a column `title`.")


def _below(context: Context, process: str, parent: str, wish: Wish) -> tuple[Wish, tuple[str, ...]]:
    """Give the wish for a run that finishes a step of another one; as it is where there is no such step."""
    if not parent:
        return wish, ()
    from handrail.app.family import with_parent

    run, sign, step = parent.rpartition("#")
    if not (run and sign and step):
        raise WrongUsage(f"`{parent[:100]}` names no step of a run.", "Write RUN#STEP, as in `ada#agency`.")
    return with_parent(
        context.repository, process, parent, context.find(run, "run"), wish, who=context.who(), now=context.now,
        config=context.config,
    )  # fmt: skip


def _once(pairs: tuple[tuple[str, str], ...], what: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise WrongUsage(f"The {what} `{name[:80]}` is given twice.", "Give it once.")
        found[name] = value
    return found


def find_project(context: Context, text: str) -> str:
    """Give the project that a run is for, with the task where one is named. Raises WrongUsage for what is not there."""
    from handrail.app.load import load_holder
    from handrail.app.names import find_item

    name, mark, task = text.partition("#")
    found = context.find(name, "project")
    return f"{found.id}#{find_item(load_holder(context.root, found), task).id}" if mark else found.id
