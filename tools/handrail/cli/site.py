# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail site`: the published view of a workspace."""

from __future__ import annotations

import os
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


@site.command()
@click.option("-d", "--dir", "folder", type=click.Path(path_type=Path), default=None, help="Where to; `site/` else.")
@click.option("--strict/--no-strict", default=True, show_default=True, help="Stop at a warning.")
@pass_context
def build(context: Context, folder: Path | None, *, strict: bool) -> None:
    """Build the site into a folder.

    \b
    Example:
      handrail site build
    """
    from handrail.site.command import build as build_site

    _fix_clock(context)
    place = build_site(context.root, context.start / folder if folder else None, strict=strict)
    click.echo(f"{click.style('Built', fg='green', bold=True)} {place}")


@site.command()
@click.option("-a", "--address", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT", help="Where to.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in a browser.")
@pass_context
def serve(context: Context, *, address: str, open_browser: bool) -> None:
    """Serve the site on this machine and follow every change.

    \b
    Example:
      handrail site serve
    """
    from handrail.site.command import serve as serve_site

    _fix_clock(context)
    serve_site(context.root, address, open_in_browser=open_browser)


@site.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@pass_context
def pages(context: Context, folder: Path) -> None:
    """Write the site's pages as Markdown and HTML, for another site builder.

    \b
    Example:
      handrail site pages build/pages
    """
    from handrail.base.words import count
    from handrail.site.command import write_pages

    written = write_pages(context.root, context.start / folder, context.now)
    click.echo(f"{click.style('Wrote', fg='green', bold=True)} {count(len(written), 'file')} below {folder}")


@site.command()
@click.argument("folder", metavar="SITE", type=click.Path(path_type=Path))
@pass_context
def finish(context: Context, folder: Path) -> None:
    """Finish a site that another builder made of `site pages`.

    Adds the style sheet, the data files and the pages' security policy, and leaves with 1 where pages are missing.

    \b
    Example:
      handrail site finish site
    """
    from handrail.base.words import count
    from handrail.site.command import finish_site

    number, missing = finish_site(context.root, context.start / folder, context.now)
    if missing:
        for address in missing:
            click.echo(f"{click.style('missing', fg='red')} {address}")
        click.echo(f"{len(missing)} of {count(number, 'page')} are missing in {folder}.", err=True)
        raise click.exceptions.Exit(1)
    click.echo(f"{click.style('Finished', fg='green', bold=True)} {count(number, 'page')} in {folder}")


def _fix_clock(context: Context) -> None:
    """Hand a moment that was fixed by `--now` on to the plugin, which MkDocs calls without arguments."""
    if context.now_text:
        os.environ["HANDRAIL_NOW"] = context.now.isoformat()
