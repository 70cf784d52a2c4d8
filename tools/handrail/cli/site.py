"""`handrail site`: the published view of a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from handrail.cli.context import Context, pass_context


@click.group(short_help="Build and serve the site.")
def site() -> None:
    """Build and serve the site.

    \b
    Example:
      handrail site serve
    """
