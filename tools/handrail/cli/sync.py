# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail sync`."""

from __future__ import annotations

import click

from handrail.cli.context import Context, pass_context


@click.command()
@pass_context
def sync(context: Context) -> None:
    """Fetch what others did and share what you did.

    \b
    Example:
      handrail sync
    """
    from handrail.base.errors import GitRefused
    from handrail.store.sync import sync as synchronise

    outcome = synchronise(context.repository)
    if not outcome.shared:
        raise GitRefused(outcome.notice or "It was not shared.", outcome.hint)
    click.echo(outcome.notice or "Everything is shared.")
