"""`handrail start --csv`: a run for each row of a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from handrail.base.errors import BrokenFiles
from handrail.base.words import count
from handrail.cli.context import Context

if TYPE_CHECKING:
    from handrail.app.bulk import Plan, Planned
    from handrail.app.names import Named
    from handrail.app.start import Wish


def start_many(
    context: Context, target: Named, file: Path, wish: Wish, *, partial: bool, dry_run: bool, commit: bool
) -> None:
    """Start a run for each row, or none where a row is wrong (unless `partial`: then the others, exit status 1)."""
    from handrail.app.bulk import plan_runs, start_planned
    from handrail.cli.problems import problem_text
    from handrail.cli.say import say_children, say_started_briefly

    who, now, config = context.who(), context.now, context.config
    repository = context.repository
    plan = plan_runs(repository, target, file, wish, who=who, now=now, config=config, commit=commit and not dry_run)
    if plan.problems and not partial:
        good = count(len(plan.rows), "other row")
        hint = f"Nothing was written. `--partial` leaves these rows out and takes the {good}." if plan.rows else ""
        raise BrokenFiles(f"{count(len(plan.problems), 'row')} of `{file}` cannot be used.", plan.problems, hint)
    for problem in plan.problems:
        click.echo(problem_text(problem), err=True)
    for row in plan.rows:
        if row.there:
            click.echo(f"There already: {row.run.title}, {row.there} (line {row.line})")
        elif dry_run:
            click.echo(_would(row))
    if not dry_run:
        for started in start_planned(repository, target, plan, who=who, now=now, config=config, commit=commit):
            say_started_briefly(started)
            say_children(started.children, started.left)
    click.echo(_summary(plan, dry_run=dry_run))
    if plan.problems:
        click.get_current_context().exit(1)


def _would(row: Planned) -> str:
    """Give one row of a dry run: the title, who fills the roles, when the run is due."""
    roles = "; ".join(f"{role} {', '.join('@' + name for name in names)}" for role, names in row.run.roles.items())
    due = f", due {row.run.due.isoformat()}" if row.run.due else ""
    return f"Would start: {row.run.title}{due}{f' ({roles})' if roles else ''} (line {row.line})"


def _summary(plan: Plan, *, dry_run: bool) -> str:
    there = len(plan.rows) - len(plan.new)
    told = [f"{count(len(plan.new), 'run')} {'would be ' if dry_run else ''}started"]
    told += [f"{there} there already"] if there else []
    told += [f"{count(len(plan.problems), 'row')} left out"] if plan.problems else []
    return f"{', '.join(told)}."
