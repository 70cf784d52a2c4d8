# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail diff`: what a change to a procedure means."""

from __future__ import annotations

import click

from handrail.base.errors import GitRefused
from handrail.cli.context import Context, pass_context
from handrail.cli.params import Name


@click.command()
@click.argument("base", required=False, default="")
@click.argument("process", required=False, default="", type=Name("process"))
@click.option(
    "--format",
    "style",
    type=click.Choice(("text", "markdown", "json")),
    default="text",
    help="`markdown` is ready for a comment in a pull request.",
)
@click.option("--json", "json_wanted", is_flag=True, help="The same as `--format json`.")
@pass_context
def diff(context: Context, base: str, process: str, style: str, *, json_wanted: bool) -> None:
    """Say what changes to procedures mean, step by step.

    Compared is the work tree with the commit where this branch left BASE. Without BASE that is the branch's
    upstream, or the commit before where nothing is ahead of it. Runs under way keep the revision that they
    started with; those of a changed procedure are listed.

    \b
    Example:
      handrail diff origin/main
      handrail diff HEAD~3 customer-onboarding
      handrail diff origin/main --format markdown
    """
    from handrail.app.diff import compare
    from handrail.cli.look import say, say_json

    commit, only = _meant(context, base, process)
    found = compare(context.repository, commit, context.overview(), only=only)
    if json_wanted or style == "json":
        from handrail.reports.json_views import diff_view

        return say_json(diff_view(context.now, found.base, found.differences))
    from handrail.cli.show_diff import diff_markdown, diff_text

    for path in found.broken:
        click.echo(
            f"`{path}` has errors (`handrail lint` lists them), so not all of its changes may be told.", err=True
        )
    if style == "markdown":
        return say(diff_markdown(found.base, found.differences))
    from handrail.cli.paint import paint_for_terminal

    return say(diff_text(paint_for_terminal(), found.base, found.differences))


def _meant(context: Context, base: str, process: str) -> tuple[str, str]:
    """Give the commit and the process that the words name; a single word may be either."""
    from handrail.app.diff import base_commit

    try:
        commit = base_commit(context.repository, base)
    except GitRefused:
        if process or not base:
            raise
        process, commit = base, base_commit(context.repository)
    return commit, _process(context, process, commit) if process else ""


def _process(context: Context, name: str, commit: str) -> str:
    """Give a process's id; one that is gone is named by its whole id."""
    from handrail.app.diff import had_process
    from handrail.base.errors import WrongUsage

    try:
        return context.find(name, "process").id
    except WrongUsage as error:
        if had_process(context.repository, commit, name):
            return name
        near = f"{error.hint.rstrip('.')}. " if error.hint else ""
        raise WrongUsage(error.sentence, f"{near}Git knows no commit of that name either.") from None
