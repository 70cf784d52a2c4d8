"""A click group that knows the names and short help of its commands without importing any of them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

import click
from click.shell_completion import CompletionItem

from handrail.base.value import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: the section of the help it stands in, its name, where it lives, its short help."""

    section: str
    name: str
    target: str
    short: str


class LazyGroup(click.Group):
    """Imports a command when it is run or its own help is asked for, never to list it."""

    def __init__(self, *args: Any, entries: Sequence[Entry] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.entries = {entry.name: entry for entry in entries}

    def add_made(self, command: click.Command, section: str) -> None:
        """Add a command that is there already to a section of the help."""
        name = command.name or ""
        self.entries[name] = Entry(section, name, "", command.short_help or "")
        self.add_command(command)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in the order of the table."""
        return list(self.entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command of that name, None where there is none."""
        entry = self.entries.get(cmd_name)
        if entry is None or not entry.target:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = entry.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{entry.target} is no command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first word names; say what was probably meant where there is none."""
        name = args[0]
        if name not in self.entries and not name.startswith("-") and not ctx.resilient_parsing:
            from handrail.base.words import nearest

            meant = nearest(name, self.entries)
            hint = f" Did you mean '{meant}'?" if meant else ""
            ctx.fail(f"No such command '{name[:80]}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section, from the table alone."""
        width = max(map(len, self.entries), default=0)
        for section in dict.fromkeys(entry.section for entry in self.entries.values()):
            rows = [(e.name.ljust(width), e.short) for e in self.entries.values() if e.section == section]
            with formatter.section(section):
                formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer command names from the table, then the group's own options."""
        found = [
            CompletionItem(entry.name, help=entry.short)
            for entry in self.entries.values()
            if entry.name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]


class RootGroup(LazyGroup):
    """The outermost group: every way out of it, errors included, leads through the one door."""

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        *,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line and leave with its exit status (give the result where not standalone)."""
        run = partial(super().main, args, prog_name, complete_var, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        from handrail.cli.door import leave_with

        sys.exit(leave_with(run))
