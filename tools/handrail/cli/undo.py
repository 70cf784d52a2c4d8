# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handrail.base.errors import WrongUsage
from handrail.cli.context import Context, pass_context
from handrail.cli.params import Name

if TYPE_CHECKING:
    from handrail.app.undo import Undone

_SHORT_ID = 8


@click.command("undo")
@click.argument("name", metavar="[RUN|PROJECT]", required=False, default="", type=Name("run", "project"))
@click.option("--dry-run", is_flag=True, help="Only say what would be taken back, and how.")
@click.option("--no-commit", is_flag=True, hidden=True, help="Refused: an undo is a commit.")
@pass_context
def undo(context: Context, *, name: str, dry_run: bool, no_commit: bool) -> None:
    """Take back the last thing that you did here.

    With a name, it is the last that you did in that run or project.

    What is not shared yet is taken out of the file as if it had never been, where nothing that came later depends on
    it. What is shared is answered by an event: a step is opened again, somebody gets it back. Only what you did
    yourself is undone. Saying it again takes back the action before: an undo is not undone itself.

    \b
    Example:
      handrail undo --dry-run
      handrail undo ada
    """
    if no_commit:
        message = "An undo is a commit: by what it says, `verify` knows that nothing was lost."
        raise WrongUsage(message, "What is not committed yet, `git restore FILE` drops.")
    from handrail.app.undo import undo as take_back

    undone = take_back(
        context.repository,
        context.find(name, "run", "project") if name else None,
        who=context.who(),
        now=context.now,
        config=context.config,
        dry_run=dry_run,
    )
    if dry_run:
        _say_plan(undone)
        return
    from handrail.cli.say import say_done, say_notices, where

    click.echo(f"{click.style('Undone', fg='green', bold=True)}: {undone.subject} ({where(undone.saved)})")
    if undone.done is not None:
        say_notices(undone.notices, type(undone.saved)())
        say_done(undone.done, context.now)
    else:
        say_notices((*undone.notices, *_removed(undone, "was")), undone.saved)


def _say_plan(undone: Undone) -> None:
    click.echo(f"Would undo: {undone.subject} ({undone.commit[:_SHORT_ID]})")
    if undone.action is None:
        click.echo("  It is not shared: it would be taken out as if it had never been.")
    else:
        what = " ".join((undone.action.verb, *undone.action.items))
        values = ", ".join(f"{key}={value}" for key, value in (*undone.action.values, *undone.action.fields))
        click.echo(f"  It is shared: an event would answer it ({what}{f', {values}' if values else ''}).")
    for notice in (*undone.notices, *_removed(undone, "would be")):
        click.echo(f"  {notice}")


def _removed(undone: Undone, how: str) -> tuple[str, ...]:
    return (f"The run's file {how} removed.",) if undone.removed else ()
