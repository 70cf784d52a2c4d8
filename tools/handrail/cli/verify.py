# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail verify`: what a pull request, or anything else that was committed, did to runs, projects and processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from handrail.base.errors import GitRefused, WrongUsage
from handrail.cli.context import Context, pass_context

if TYPE_CHECKING:
    from handrail.store.repository import Repository


@click.command()
@click.argument("commits", metavar="[BASE..HEAD]", default="")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github", "markdown"]),
    default="text",
    help="`github` prints annotations for a workflow, `markdown` a summary.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as `--format json`.")
@click.option("--all", "whole", is_flag=True, help="The whole history, from the first commit.")
@click.option("--reviewed-by", metavar="PERSON", multiple=True, help="Somebody who has approved the pull request.")
@click.option("--require-signed", is_flag=True, help="Report commits without a good signature.")
@pass_context
def verify(
    context: Context,
    commits: str,
    style: str,
    as_json: bool,
    whole: bool,
    reviewed_by: tuple[str, ...],
    require_signed: bool,
) -> None:
    """Judge every change in a range of commits.

    Replays what each commit did to runs, projects and processes, and reports what the rules do not allow, what was
    tampered with, and what was done in somebody else's name. The rules and the people are those of BASE.

    BASE alone means BASE..HEAD; BASE...HEAD begins where the two parted; without a range it is what this branch
    has and its upstream has not. Exit status 1 where there is an error.

    \b
    Example:
      handrail verify origin/main..HEAD
    """
    from handrail.app.verify import verify as judge
    from handrail.cli.verify_views import VIEWS

    base, tip = ends(context.repository, commits, whole=whole)
    outcome = judge(context.repository, base, tip, reviewed_by=reviewed_by, require_signed=require_signed)
    text = VIEWS["json" if as_json else style](outcome, context.now)
    if text:
        click.echo(text)
    if any(one.problem.level == "error" for one in outcome.found):
        raise SystemExit(1)


def ends(repository: Repository, commits: str, *, whole: bool = False) -> tuple[str, str]:
    """Give the ids of the base (empty: before the first commit) and of the tip that a range names."""
    if whole:
        if ".." in commits:
            raise WrongUsage("--all takes no range.", "`handrail verify --all`, or with the commit where it ends.")
        return "", _resolved(repository, commits or "HEAD")
    if not commits:
        return _usual_base(repository), _resolved(repository, "HEAD")
    dots = "..." if "..." in commits else ".."
    base, _, tip = commits.partition(dots)
    first, last = _resolved(repository, base or "HEAD"), _resolved(repository, tip or "HEAD")
    if dots == "..." and ".." in commits:
        from handrail.store.range import common_ancestor

        first = common_ancestor(repository, (first, last)) or _no_common(repository)
    return first, last


def _resolved(repository: Repository, name: str) -> str:
    try:
        return repository.git.resolve(name)
    except GitRefused:
        if repository.shallow():
            hint = "`git fetch --unshallow` gets the rest; in a workflow, check out with `fetch-depth: 0`."
            raise GitRefused(f"This shallow clone has no commit '{name[:100]}'.", hint) from None
        if name == "HEAD" and repository.head() is None:
            raise GitRefused("This repository has no commit yet.", "There is nothing to verify.") from None
        raise


def _no_common(repository: Repository) -> str:
    hint = "`git fetch --unshallow` gets the rest; in a workflow, check out with `fetch-depth: 0`."
    raise GitRefused("The two have no commit in common here.", hint if repository.shallow() else "Name another base.")


def _usual_base(repository: Repository) -> str:
    """Give the base that a build server names, else where this branch left its upstream, else the commit before."""
    from handrail.app.diff import base_commit

    named = os.environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
    branch = os.environ.get("GITHUB_BASE_REF", "")
    named = named or (f"refs/remotes/origin/{branch}" if branch else "")
    if named:
        _resolved(repository, named)
    return base_commit(repository, named)
