# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail demo`: a sample company to try things in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handrail.cli.context import Context, pass_context

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

    from handrail.app.demo import Progress


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--runs", type=click.IntRange(1, 100_000), default=60, show_default=True, help="How many runs.")
@click.option("--months", type=click.IntRange(1, 60), default=6, show_default=True, help="How far back they begin.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number, another company.")
@pass_context
def demo(context: Context, folder: Path, runs: int, months: int, seed: int) -> None:
    """Build a sample company's workspace to try things in.

    The folder must not be there yet, or be empty. Its history ends today.

    \b
    Example:
      handrail demo /tmp/company --runs 100
    """
    from handrail.app.demo import build_demo

    place = folder if folder.is_absolute() else context.start / folder
    with _progress() as progress:
        build_demo(place, runs=runs, months=months, seed=seed, now=context.now, progress=progress)
    click.echo(f"Built a workspace in {folder}. Look around:\n  cd {folder}\n  handrail status\n  handrail stalled")


@contextmanager
def _progress() -> Iterator[Progress]:
    """Give a function of (done, all) that moves a bar on a terminal and does nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    bar: ProgressBar[int]
    with click.progressbar(length=1, label="Building", file=sys.stderr) as bar:

        def move(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield move
