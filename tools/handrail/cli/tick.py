# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail tick`: does what is due by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from handrail.cli.context import Context, pass_context

if TYPE_CHECKING:
    from handrail.app.start import Started
    from handrail.app.tick import Begun, Born, Failed, Left, Settled, Tick
    from handrail.reports.scheduled import NotNow


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--no-commit", is_flag=True, help="Write the files and leave the commits to you.")
@click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object (schema in the docs).")
@pass_context
def tick(context: Context, *, dry_run: bool, no_commit: bool, json_wanted: bool) -> None:
    """Start the runs that are due.

    They are due by their process's `schedule`, or because a step that is done by a run can be done now. Run it as
    often as you like, in as many places as you like: a period or a step gets its run once. After an outage the latest
    period starts, and the others are named in its log. What an interrupted command left half done between two runs is
    finished. Exit status 1 where a run could not be started.

    \b
    Example:
      handrail tick --dry-run
      handrail tick
    """
    ticks = _found(context, dry_run=dry_run, commit=not no_commit)
    found = list(ticks if json_wanted else _said(ticks, dry_run))
    if json_wanted:
        from handrail.cli.look import say_json

        say_json(_view(context, found, dry_run=dry_run))
    elif not found:
        click.echo("Nothing is due.")
    codes = [code for one in found if (code := getattr(one, "exit_code", 0))]
    if codes:
        raise SystemExit(3 if 3 in codes else 1)


def _found(context: Context, *, dry_run: bool, commit: bool) -> Iterator[Tick]:
    """Do what is due between runs, then what the schedules ask for, and tell what came of each."""
    from handrail.app.tick import settle
    from handrail.app.tick import tick as run_tick
    from handrail.reports.kin import owed
    from handrail.reports.scheduled import scheduled

    between = owed(context.workspace, context.moment)
    due = scheduled(context.workspace, context.moment, context.listing.runs)
    if not (between or due):
        return iter(())
    repository, who, now, config = context.repository, context.who(), context.now, context.config
    return chain(
        settle(repository, between, who=who, now=now, config=config, dry_run=dry_run, commit=commit),
        run_tick(repository, due, who=who, now=now, config=config, dry_run=dry_run, commit=commit),
    )


def _said(ticks: Iterable[Tick], dry_run: bool) -> Iterator[Tick]:
    """Say each thing as it happens: to push many runs takes a while."""
    from handrail.app.tick import Begun, Born, Failed, Left, Settled

    for one in ticks:
        if isinstance(one, Begun | Born):
            _say_begun(one, dry_run=dry_run)
        elif isinstance(one, Settled):
            _say_settled(one)
        elif isinstance(one, Failed):
            _say_failed(one)
        elif isinstance(one, Left):
            _say_left(one)
        else:
            _say_not_now(one)
        yield one


def _say_begun(one: Begun | Born, *, dry_run: bool) -> None:
    from handrail.app.tick import Begun, missed_days
    from handrail.cli.say import say_children, say_notices, short, where

    run = one.started.run
    verb = click.style("Would start" if dry_run else "Started", fg="green", bold=True)
    whose = f", for {run.parent or run.project}" if run.parent or run.project else ""
    click.echo(f"{verb}: {short(run.title)}, {run.id}{whose}{'' if dry_run else f' ({where(one.started.saved)})'}")
    if isinstance(one, Begun) and one.due.missed:
        click.echo(f"  Not started when due: {missed_days(one.due.missed)}")
    say_notices(one.started.notices, one.started.saved)
    say_children(one.started.children, one.started.left)


def _say_settled(one: Settled) -> None:
    from handrail.cli.say import say_followed, where
    from handrail.reports.kin import StepDue, TaskDue

    closed = isinstance(one.due, StepDue | TaskDue)
    if one.done is None:
        verb, saved = "Would check off" if closed else "Would cancel", ""
    else:
        verb, saved = "Done" if closed else "Cancelled", f" ({where(one.done.saved)})"
    click.echo(f"{click.style(verb, fg='green', bold=True)}: {_owed(one)}{saved}")
    if one.done is not None:
        say_followed(one.done)


def _say_left(one: Left) -> None:
    click.echo(
        f"{click.style('Not done', fg='yellow', bold=True)}: {_owed(one)}: {one.sentence}", err=one.exit_code > 0
    )
    if one.hint:
        click.echo(f"  {one.hint}", err=one.exit_code > 0)


def _owed(one: Settled | Left) -> str:
    from handrail.reports.kin import StepDue, TaskDue

    due = one.due
    if isinstance(due, TaskDue):
        return f"{due.project}#{due.task}, whose run {due.child} is finished"
    if isinstance(due, StepDue):
        return f"{due.run}#{due.step}, whose run {due.child} is finished"
    return f"{due.child}, whose parent {due.run} was cancelled"


def _say_not_now(one: NotNow) -> None:
    verb = click.style("Skipped" if one.for_good else "Waits", fg="yellow", bold=True)
    click.echo(f"{verb}: {one.process}, due {one.period.isoformat()}: {one.reason}")


def _say_failed(one: Failed) -> None:
    due = f", due {one.period.isoformat()}" if one.period else f", for {one.parent}" if one.parent else ""
    click.echo(f"{click.style('Not started', fg='red', bold=True)}: {one.process}{due}: {one.sentence}", err=True)
    if one.hint:
        click.echo(f"  {one.hint}", err=True)


def _view(context: Context, found: list[Tick], *, dry_run: bool) -> dict[str, Any]:
    from handrail.app.tick import Begun, Born, Failed, Left, Settled
    from handrail.format.scalars import write_time
    from handrail.reports.scheduled import NotNow

    return {
        "schema": "tick/1",
        "at": write_time(context.now),
        "dry_run": dry_run,
        "started": [_begun_object(one) for one in found if isinstance(one, Begun | Born)],
        "settled": [_settled_object(one) for one in found if isinstance(one, Settled)],
        "left": [
            {**_owed_object(one), "message": one.sentence, "hint": one.hint} for one in found if isinstance(one, Left)
        ],
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
                "parent": one.parent or None,
                "message": one.sentence,
                "hint": one.hint,
            }
            for one in found
            if isinstance(one, Failed)
        ],
    }


def _begun_object(one: Begun | Born) -> dict[str, Any]:
    from handrail.app.tick import Begun

    scheduled = one.due if isinstance(one, Begun) else None
    return {
        **_run_object(one.started),
        "period": scheduled.period.isoformat() if scheduled else None,
        "missed": [day.isoformat() for day in scheduled.missed] if scheduled else [],
    }


def _run_object(started: Started) -> dict[str, Any]:
    run, saved = started.run, started.saved
    return {
        "run": run.id,
        "process": run.process,
        "title": run.title,
        "parent": run.parent or None,
        "commit": saved.commit or None,
        "shared": saved.shared,
        "children": [_run_object(child) for child in started.children],
    }


def _settled_object(one: Settled) -> dict[str, Any]:
    saved = one.done.saved if one.done else None
    return {
        **_owed_object(one),
        "commit": (saved.commit or None) if saved else None,
        "shared": bool(saved and saved.shared),
    }


def _owed_object(one: Settled | Left) -> dict[str, Any]:
    from handrail.reports.kin import CancelDue, TaskDue

    due = one.due
    if isinstance(due, TaskDue):
        return {"what": "check", "project": due.project, "task": due.task, "child": due.child}
    return {
        "what": "cancel" if isinstance(due, CancelDue) else "check",
        "run": due.run,
        "step": getattr(due, "step", None),
        "child": due.child,
    }
