# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail upgrade`: a run moves on to the present text of its procedure."""

from __future__ import annotations

import click

from handrail.cli.context import Context, pass_context
from handrail.cli.params import PAIR, Name

_SIGNS = {"added": ("+", "green"), "changed": ("~", "yellow"), "removed": ("-", "red"), "kept": ("=", "cyan")}
_SHORT_ID = 8


@click.command()
@click.argument("run", type=Name("run"))
@click.option("--role", "roles", multiple=True, type=PAIR, metavar="ROLE=PERSON", help="Say who fills a new role.")
@click.option("--dry-run", is_flag=True, help="Say what would be added, changed and dropped, write nothing.")
@click.option("--no-commit", is_flag=True, help="Write the file and leave the commit to you.")
@pass_context
def upgrade(context: Context, *, run: str, roles: tuple[tuple[str, str], ...], dry_run: bool, no_commit: bool) -> None:
    """Move a run on to the present text of its procedure.

    Steps are matched by their ids. What was done stays; approvals of what has changed must be given again.

    \b
    Example:
      handrail upgrade ada --dry-run
    """
    from handrail.app.upgrade import upgrade as move_on

    upgraded = move_on(
        context.repository,
        context.find(run, "run"),
        roles={role: " ".join(people.replace(",", " ").split()) for role, people in roles},
        who=context.who(),
        now=context.now,
        config=context.config,
        commit=not no_commit,
        dry_run=dry_run,
    )
    from handrail.cli.say import say_notices, short, where
    from handrail.text.plain import plain

    found = upgraded.upgrade
    ids = f"{upgraded.before.revision[:_SHORT_ID] or 'none'} → {found.run.revision[:_SHORT_ID]}"
    if dry_run:
        click.echo(f"Would upgrade {found.run.id}: {ids}")
    else:
        click.echo(f"{click.style('Upgraded', fg='green', bold=True)}: {found.run.id}, {ids} ({where(upgraded.saved)})")
    for step in found.steps:
        sign, colour = _SIGNS[step.kind]
        what = f" ({', '.join(name.replace('_', '-') for name in step.what)})" if step.what else ""
        click.echo(f"  {click.style(sign, fg=colour)} {step.kind}: {short(plain(step.title))} [{step.id}]{what}")
    if not found.steps:
        click.echo("  No step is different.")
    for name in found.voided:
        click.echo(f"  ! approval void: [{name}] must be approved again")
    say_notices(found.notices, upgraded.saved)
