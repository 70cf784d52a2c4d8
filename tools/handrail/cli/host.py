# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail host`: what a workflow says to the git host, and what people ask for there with a form."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handrail.base.errors import WrongUsage
from handrail.cli.context import Context, pass_context
from handrail.cli.params import Name

if TYPE_CHECKING:
    from handrail.integrations.host_keep import Issue
    from handrail.reports.results import Finding, Overview

_MOST_ISSUES = 50
_FORMS = ".github/ISSUE_TEMPLATE"
_HELP = """Talk to the git host: comments, issues, forms.

Made for workflows on GitHub, Forgejo, Gitea and GitLab. The host, the repository and the token come from the
variables that a build server sets: GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN, or CI_API_V4_URL,
CI_PROJECT_ID and HANDRAIL_TOKEN on GitLab.

\b
Example:
  handrail host stalled
"""


@click.group("host", help=_HELP, short_help="Talk to the git host: comments, issues, forms.")
def host() -> None:
    """Hold the commands."""


@host.command()
@click.argument("number", type=click.IntRange(min=1))
@click.option("--name", default="check", metavar="WORD", help="Which comment; one is kept for each name.")
@click.option("--file", "source", type=click.Path(path_type=Path, allow_dash=True), default="-", help="Its text.")
def comment(number: int, name: str, source: Path) -> None:
    """Write a comment under a pull request, or bring the one that is there up to date.

    The text is read from standard input.

    \b
    Example:
      handrail host comment 12 --name verify --file comment.md
    """
    from handrail.integrations.host import host_of
    from handrail.integrations.host_keep import keep_comment

    try:
        text = sys.stdin.read() if str(source) == "-" else source.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", "") or "it is no text"
        raise WrongUsage(f"`{source}` cannot be read: {why.lower()}.", "Give the text on standard input.") from None
    click.echo(f"Comment {keep_comment(host_of(os.environ), str(number), name, text)}.")


@host.command()
@click.option("--per", type=click.Choice(("workspace", "run")), default="workspace", help="One issue for all, or each.")
@click.option("--process", default="", type=Name("process"), help="Only runs of this process.")
@click.option("--dry-run", is_flag=True, help="Only show the issues.")
@pass_context
def stalled(context: Context, per: str, process: str, *, dry_run: bool) -> None:
    """Keep issues about what has stalled: opened, brought up to date and closed by themselves.

    With `--per run` there is one for each run or project, for the fifty worst.

    \b
    Example:
      handrail host stalled --per run
    """
    from handrail.integrations.host import host_of
    from handrail.integrations.host_keep import keep_issues

    only = context.find(process, "process").id if process else ""
    overview = context.brief()
    found = [one for one in overview.findings if not only or one.holder.rpartition("/")[0] == only]
    issues = _issues(overview, found, per)
    if dry_run:
        for issue in issues.values():
            click.echo(f"{issue.title}\n\n{issue.body}\n")
        return
    said = keep_issues(host_of(os.environ), issues, "stalled")
    click.echo("\n".join(said) or "The issues are up to date.")


def _issues(overview: Overview, found: list[Finding], per: str) -> dict[str, Issue]:
    from handrail.base.words import count, one_line
    from handrail.cli.stalled_views import stalled_markdown
    from handrail.integrations.host_keep import Issue

    if not found:
        return {}
    if per == "workspace":
        return {"stalled": Issue(f"Stalled: {count(len(found), 'finding')}", stalled_markdown(overview, found))}
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        groups.setdefault((one.kind, one.holder), []).append(one)
    return {
        f"stalled/{kind}/{holder}": Issue(
            f"Stalled: {one_line(ones[0].holder_title)[:200]}", stalled_markdown(overview, ones)
        )
        for (kind, holder), ones in list(groups.items())[:_MOST_ISSUES]
    }


@host.command()
@pass_context
def act(context: Context) -> None:
    """Do what somebody has asked for on the host, in their name.

    HANDRAIL_ACTOR is who asked: the `github` name or an address of a person in handrail.yml. What they ask for is in
    HANDRAIL_INPUTS, the answers of a `workflow_dispatch` form as JSON, or in HANDRAIL_ISSUE_BODY, the text of an
    issue made with a form that starts a run; HANDRAIL_ISSUE is then its number, for the answer.

    \b
    Example:
      handrail host act
    """
    from handrail.cli.host_act import answer, asked

    issue = os.environ.get("HANDRAIL_ISSUE", "")
    if issue and not issue.isdecimal():
        raise WrongUsage("`HANDRAIL_ISSUE` is the number of an issue.")
    answer(issue, lambda: asked(context, os.environ))


@host.command()
@click.option("--check", is_flag=True, help="Change nothing; leave with 1 where a form would change.")
@pass_context
def forms(context: Context, *, check: bool) -> None:
    """Write an issue form for each process, by which people start runs on the host.

    They go to .github/ISSUE_TEMPLATE, where GitHub and Forgejo look for them. Commit them as any file.

    \b
    Example:
      handrail host forms
    """
    from handrail.cli.host_act import write_forms

    changed = write_forms(context, _FORMS, check=check)
    for path in changed:
        click.echo(f"{'Would write' if check else 'Wrote'} {path}")
    if not changed:
        click.echo("The forms are up to date.")
    elif check:
        raise SystemExit(1)
