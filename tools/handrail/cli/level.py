# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`project level`: nobody with more to do than there is time for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handrail.base.errors import WrongUsage
from handrail.cli.look import as_json, say, say_json
from handrail.cli.params import Name

if TYPE_CHECKING:
    from handrail.cli.context import Context
    from handrail.reports.levelling import Levelling


@click.command()
@click.argument("project", required=False, default="", metavar="[PROJECT]", type=Name("project"))
@click.option("--all", "everything", is_flag=True, help="All active projects, against each other.")
@click.option("--optimize", is_flag=True, help="As well as it can be done (needs `handrail[optimize]`).")
@click.option("--time-limit", type=click.FloatRange(0.1, 3600), default=10, show_default=True, help="Seconds for that.")
@click.option("--deterministic", is_flag=True, help="The same result on every machine; the limit is no clock then.")
@click.option("--write", is_flag=True, help="Write the delays into the files, as `start=`.")
@click.option("--no-commit", is_flag=True, help="With --write, leave the commits to you.")
@as_json
@click.pass_obj
def level(
    obj: Context,
    project: str,
    everything: bool,
    optimize: bool,
    time_limit: float,
    deterministic: bool,
    write: bool,
    no_commit: bool,
    json_wanted: bool,
) -> None:
    """Delay tasks so that nobody and nothing is used by more than there is.

    Shows what would wait and what that costs; nothing is written without --write.

    \b
    Example:
      handrail project level spring
      handrail project level --all --write
    """
    from handrail.reports.levelling import levelling, levelling_view

    if bool(project) == everything:
        raise WrongUsage("Name a project, or give --all.")
    names = [obj.find(project, "project").id] if project else []
    overview = obj.overview()
    names = names or [name for name, state in overview.projects.items() if state.state == "active"]
    missing = [name for name in names if name not in overview.plans]
    if missing:
        raise WrongUsage(f"`{missing[0]}` cannot be read.", "handrail lint says why")
    seconds = time_limit if optimize else None
    found = levelling(overview, names, seconds=seconds, deterministic=deterministic)
    if json_wanted:
        say_json(levelling_view(found, overview.moment.now, several=everything))
    else:
        from handrail.cli.paint import paint_for_terminal
        from handrail.cli.show_level import level_text

        say(level_text(overview, paint_for_terminal(), found, written=write))
    if write:
        _write(obj, found, quiet=json_wanted, commit=not no_commit)


def _write(obj: Context, found: Levelling, *, quiet: bool, commit: bool) -> None:
    from handrail.app.replan import set_starts
    from handrail.cli.say import where

    for one in found.projects:
        starts = {item: obj.moment.normal.local_date(instant).isoformat() for item, instant in one.not_before.items()}
        if not starts:
            continue
        target = obj.find(one.after.project, "project")
        done = set_starts(obj.repository, target, starts, config=obj.config, commit=commit)
        if not quiet:
            click.echo(f"{click.style('Wrote', fg='green', bold=True)} {target.path} ({where(done.saved)})")
