# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail schema`: what editors need in order to complete and check what one types."""

from __future__ import annotations

import click

from handrail.cli.context import Context, pass_context

KINDS = ("config", "process", "run", "project")


@click.command()
@click.argument("kind", type=click.Choice(KINDS), default="config")
@click.option("--write", is_flag=True, help="Write all of them into `.handrail/schemas/`, as `handrail init` does.")
@pass_context
def schema(context: Context, kind: str, write: bool) -> None:
    """Print the JSON Schema by which editors check what you type.

    `config` is `handrail.yml`; the others are the front matter of a process, run or project. With `--write`,
    those of an older Handrail are brought up to date and left for you to commit.

    \b
    Example:
      handrail schema --write
    """
    if not write:
        from handrail.format.schema import schema_text

        click.echo(schema_text(kind), nl=False)
        return
    from handrail.app.schemas import SCHEMAS, write_schemas

    written = write_schemas(context.repository)
    for path in written:
        click.echo(f"{click.style('Wrote', fg='green')} {path}")
    if not written:
        click.echo(f"{SCHEMAS}/ is up to date.")
