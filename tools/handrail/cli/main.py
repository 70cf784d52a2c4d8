# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""The `handrail` command. It imports nothing but click and a table until it knows what is asked."""

from __future__ import annotations

from pathlib import Path

import click

from handrail import __version__
from handrail.cli.context import Context
from handrail.cli.lazy import RootGroup
from handrail.cli.table import COMMANDS

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@click.group(cls=RootGroup, entries=COMMANDS, context_settings=SETTINGS)
@click.option(
    "-C",
    "--workspace",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Work in this folder instead of the current one.",
)
@click.option("--now", metavar="TIME", envvar="HANDRAIL_NOW", default="", help="Take this for the present time.")
@click.version_option(__version__, "-V", "--version", prog_name="handrail")
@click.pass_context
def handrail(ctx: click.Context, workspace: Path, now: str) -> None:
    """Processes and projects as Markdown in git: written down, followed, visible.

    \b
    Example:
      handrail start customer-onboarding "Ada Lovelace" -f plan=pro
      handrail check ada send signed
      handrail do ada
    """
    ctx.obj = Context(start=workspace, now_text=now)


def main() -> None:
    """Run the command line and leave with its exit status."""
    handrail.main(prog_name="handrail")


if __name__ == "__main__":
    main()
