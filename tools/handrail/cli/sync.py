# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail sync`."""

from __future__ import annotations

import click

from handrail.cli.context import Context, pass_context


@click.command()
@pass_context
def sync(context: Context) -> None:
    """Fetch what others did and share what you did.

    With `sync: branch` in handrail.yml, what you did on the main branch goes to a branch of your own on the remote,
    and this says how to open the pull request. Once it is merged, this brings your clone back in line.

    \b
    Example:
      handrail sync
    """
    from handrail.app.act import sharing
    from handrail.base.errors import GitRefused
    from handrail.store.sync import sync as synchronise

    mode, branch = sharing(context.repository, context.config)
    outcome = synchronise(context.repository, mode, branch=branch)
    if not outcome.shared:
        raise GitRefused(outcome.notice or "It was not shared.", outcome.hint)
    click.echo(outcome.notice or "Everything is shared.")
    if outcome.hint:
        click.echo(f"  {outcome.hint}")
