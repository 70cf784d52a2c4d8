# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail tick`: starts what is scheduled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from handrail.cli.context import Context, pass_context

if TYPE_CHECKING:
    from handrail.app.tick import Begun, Failed, Tick
    from handrail.reports.scheduled import NotNow


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be started.")
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object (schema in the docs).")
@pass_context
def tick(context: Context, *, dry_run: bool, json_wanted: bool) -> None:
    """Start the runs that are due by their processes' `schedule`.

    Run it as often as you like, in as many places as you like: a period is started once. After an outage the
    latest period starts, and the others are named in its log. Exit status 1 where one could not be started.

    \b
    Example:
      handrail tick --dry-run
      handrail tick
    """
    from handrail.app.tick import Failed
    from handrail.app.tick import tick as run_tick
    from handrail.reports.scheduled import scheduled

    due = scheduled(context.workspace, context.moment, context.listing.runs)
    who = context.who() if due else ""
    ticks = run_tick(context.repository, due, who=who, now=context.now, config=context.config, dry_run=dry_run)
    found = list(ticks if json_wanted else _said(ticks, dry_run=dry_run))
    if json_wanted:
        from handrail.cli.look import say_json

        say_json(_view(context, found, dry_run=dry_run))
    elif not found:
        click.echo("Nothing is due.")
    codes = [one.exit_code for one in found if isinstance(one, Failed)]
    if codes:
        raise SystemExit(3 if 3 in codes else 1)


def _said(ticks: Iterable[Tick], *, dry_run: bool) -> Iterator[Tick]:
    """Say each thing as it happens: to push many runs takes a while."""
    from handrail.app.tick import Begun, Failed

    for one in ticks:
        if isinstance(one, Begun):
            _say_begun(one, dry_run=dry_run)
        elif isinstance(one, Failed):
            _say_failed(one)
        else:
            _say_not_now(one)
        yield one


def _say_begun(one: Begun, *, dry_run: bool) -> None:
    from handrail.app.tick import missed_days
    from handrail.cli.say import say_notices, short, where

    run = one.started.run
    verb = click.style("Would start" if dry_run else "Started", fg="green", bold=True)
    click.echo(f"{verb}: {short(run.title)}, {run.id}{'' if dry_run else f' ({where(one.started.saved)})'}")
    if one.due.missed:
        click.echo(f"  Not started when due: {missed_days(one.due.missed)}")
    say_notices(one.started.notices, one.started.saved)


def _say_not_now(one: NotNow) -> None:
    verb = click.style("Skipped" if one.for_good else "Waits", fg="yellow", bold=True)
    click.echo(f"{verb}: {one.process}, due {one.period.isoformat()}: {one.reason}")


def _say_failed(one: Failed) -> None:
    due = f", due {one.period.isoformat()}" if one.period else ""
    click.echo(f"{click.style('Not started', fg='red', bold=True)}: {one.process}{due}: {one.sentence}", err=True)
    if one.hint:
        click.echo(f"  {one.hint}", err=True)


def _view(context: Context, found: list[Tick], *, dry_run: bool) -> dict[str, Any]:
    from handrail.app.tick import Begun, Failed
    from handrail.format.scalars import write_time
    from handrail.reports.scheduled import NotNow

    return {
        "schema": "tick/1",
        "at": write_time(context.now),
        "dry_run": dry_run,
        "started": [_begun_object(one) for one in found if isinstance(one, Begun)],
        "not_now": [
            {
                "process": one.process,
                "period": one.period.isoformat(),
                "reason": one.reason,
                "skipped": one.for_good,
            }
            for one in found
            if isinstance(one, NotNow)
        ],
        "failed": [
            {
                "process": one.process,
                "period": one.period.isoformat() if one.period else None,
                "message": one.sentence,
                "hint": one.hint,
            }
            for one in found
            if isinstance(one, Failed)
        ],
    }


def _begun_object(one: Begun) -> dict[str, Any]:
    saved = one.started.saved
    return {
        "run": one.started.run.id,
        "process": one.due.process,
        "title": one.started.run.title,
        "period": one.due.period.isoformat(),
        "missed": [day.isoformat() for day in one.due.missed],
        "commit": saved.commit or None,
        "shared": saved.shared,
    }
