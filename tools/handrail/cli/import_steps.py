"""`handrail import` of procedures: from other systems, tables, documents and issue templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

from handrail.cli.context import Context

if TYPE_CHECKING:
    from handrail.app.take_in_process import TakenInProcess
    from handrail.model.imported import ImportedProcess


def read_system(system: str) -> Callable[[str, bytes], ImportedProcess]:
    """Give what reads a file of a system: its JSON, its table, or an outline that was copied out of it."""

    def read(name: str, data: bytes) -> ImportedProcess:
        from handrail.integrations.sheet import decode_text

        text = decode_text(name, data)
        if name.lower().endswith(".csv"):
            from handrail.integrations.steps_table import read_steps

            return read_steps(system, name, data, {})
        if name.lower().endswith(".json") or text.lstrip()[:1] in ("{", "["):
            from handrail.integrations.steps_json import read_json

            return read_json(system, name, text)
        from handrail.integrations.rich_text import to_markdown
        from handrail.integrations.steps_outline import read_outline

        is_page = name.lower().endswith((".html", ".htm"))
        return read_outline(system, name, to_markdown(text) if is_page else text)

    return read


def read_table(name: str, data: bytes, columns: Mapping[str, str]) -> ImportedProcess:
    """Read a table of steps."""
    from handrail.integrations.steps_table import read_steps

    return read_steps("csv", name, data, columns)


def read_document(name: str, data: bytes) -> ImportedProcess:
    """Read a checklist, an outline, or any Markdown with lists."""
    from handrail.integrations.sheet import decode_text
    from handrail.integrations.steps_outline import read_outline

    return read_outline("markdown", name, decode_text(name, data))


def read_template(name: str, data: bytes) -> ImportedProcess:
    """Read an issue template or form."""
    from handrail.integrations.issue_form import read_template as read
    from handrail.integrations.sheet import decode_text

    return read("github", name, decode_text(name, data))


def take_in(context: Context, found: ImportedProcess, *, process: str, dry_run: bool, no_commit: bool) -> None:
    """Write the process and say what came of it."""
    from handrail.app.take_in_process import take_in_process

    done = take_in_process(
        context.repository,
        found,
        name=process,
        who=context.who(),
        config=context.config,
        commit=not no_commit,
        dry_run=dry_run,
    )
    if dry_run:
        click.echo(done.text, nl=False)
    _say(done, dry_run=dry_run)


def _say(done: TakenInProcess, *, dry_run: bool) -> None:
    from handrail.base.words import count
    from handrail.cli.paint import safe
    from handrail.cli.say import where

    words = {"fresh": "Imported", "replaced": "Updated", "added": "Updated", "same": "Up to date"}
    told = count(done.steps, "step") + (f", {done.added} new" if done.how != "fresh" else "")
    if dry_run:
        would = {"fresh": "Would import", "same": "Would change nothing"}.get(done.how, "Would update")
        click.echo(f"{would}: {done.path}, {told}", err=True)
    else:
        saved = f" ({where(done.saved)})" if done.how != "same" else ""
        click.echo(f"{click.style(words[done.how], fg='green', bold=True)}: {done.path}, {told}{saved}")
    for note in done.notes:
        click.echo(f"  {safe(note[:1].upper() + note[1:])}", err=dry_run)
    if done.lost:
        click.echo("Not carried over:", err=dry_run)
    for sentence in done.lost:
        click.echo(f"  {safe(sentence)}", err=dry_run)
    if not dry_run:
        click.echo(f"{click.style('Next', bold=True)}: handrail show {done.process}")
