# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail stalled`: what has stalled, and whom to ask. A gate for workflows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from handrail.cli.context import Context, pass_context
from handrail.cli.look import say, say_json
from handrail.cli.params import DAY, PERSON, Name
from handrail.reports.results import Finding, Overview

REASONS = ("overdue", "idle", "blocked", "unassigned", "unknown-person", "no-activity", "child")
_FORMATS = ("text", "json", "markdown", "github", "junit")


@click.command()
@click.argument("name", metavar="[RUN|PROJECT]", required=False)
@click.option("--process", default="", type=Name("process"), help="Only runs of this process.")
@click.option("--owner", default="", metavar="PERSON", type=PERSON, help="Only processes and projects of this person.")
@click.option("--reason", "reasons", multiple=True, type=click.Choice(REASONS), help="Only for this reason.")
@click.option("--since", type=DAY, metavar="DATE", help="Only what stalled on this day or later.")
@click.option("--allow", type=click.IntRange(min=0), default=0, metavar="N", help="Leave with 0 for up to N findings.")
@click.option("--all", "everything", is_flag=True, help="Not only the fifty worst.")
@click.option("--format", "style", type=click.Choice(_FORMATS), default="text", help="How the findings are written.")
@click.option("--json", "json_wanted", is_flag=True, help="The same as `--format json`.")
@pass_context
def stalled(
    context: Context,
    name: str | None,
    process: str,
    owner: str,
    reasons: tuple[str, ...],
    since: date | None,
    allow: int,
    style: str,
    *,
    everything: bool,
    json_wanted: bool,
) -> None:
    """Find what has stalled, and whom to ask. Leaves with 1 where it found something.

    `--format github` prints annotations for a workflow, `markdown` is ready for an issue, `junit` for a build
    server's list of tests.

    \b
    Example:
      handrail stalled
      handrail stalled --owner ana --reason overdue
      handrail stalled --format junit > stalled.xml
    """
    holder = context.find(name, "run", "project").id if name else ""
    only = context.find(process, "process").id if process else ""
    overview = context.brief()
    wanted: Sequence[Finding] = overview.findings
    if holder or only or owner or reasons or since:
        key = owner.lstrip("@")
        found = overview.findings
        wanted = [one for one in found if _matches(overview, one, holder, only, key, reasons, since)]
    _say(overview, wanted, "json" if json_wanted else style, everything=everything)
    if len(wanted) > allow:
        raise SystemExit(1)


def _matches(
    overview: Overview,
    one: Finding,
    holder: str,
    process: str,
    owner: str,
    reasons: Sequence[str],
    since: date | None,
) -> bool:
    if holder and one.holder != holder:
        return False
    if process and (one.kind != "run" or one.holder.rpartition("/")[0] != process):
        return False
    if owner and owner not in _owners(overview, one):
        return False
    if reasons and not set(reasons) & set(one.codes):
        return False
    if since is None:
        return True
    return one.since is not None and overview.moment.normal.local_date(one.since) >= since


def _owners(overview: Overview, one: Finding) -> tuple[str, ...]:
    workspace = overview.workspace
    if one.kind == "project":
        owner = overview.projects[one.holder].project.owner
    else:
        procedure = workspace.processes.get(one.holder.rpartition("/")[0])
        owner = procedure.owner if procedure else ""
    return (owner, *workspace.config.members(owner)) if owner else ()


def _say(overview: Overview, found: Sequence[Finding], style: str, *, everything: bool) -> None:
    if style == "json":
        from handrail.reports.json_views import stalled_view

        return say_json(stalled_view(overview, found))
    if style == "text":
        from handrail.cli.paint import paint_for_terminal
        from handrail.cli.show_stalled import stalled_text

        return say(stalled_text(overview, paint_for_terminal(), found, everything=everything))
    from handrail.cli import stalled_views

    views = {
        "markdown": stalled_views.stalled_markdown,
        "github": stalled_views.stalled_github,
        "junit": stalled_views.stalled_junit,
    }
    text = views[style](overview, found)
    return say(text) if text else None
