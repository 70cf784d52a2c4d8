"""All open work of somebody, in every run and project, given to others: one commit for each file."""

from __future__ import annotations

from collections.abc import Iterator

import click

from handrail.app.names import Named
from handrail.base.errors import GitRefused, HandrailError, NotAllowed
from handrail.base.words import count
from handrail.cli.context import Context
from handrail.model.change import Action
from handrail.model.state import CLOSED, ProjectState, RunState, walk_states


def hand_over(
    context: Context, action: Action, *, runs: bool, projects: bool, commit: bool, dry_run: bool = False
) -> None:
    """Do an assignment of all that a person has (`from`) in each active run or project that has some of it.

    One that refuses keeps the others back no more than its own: it is said, and the exit status is 1.
    """
    from handrail.app.act import perform
    from handrail.cli.say import say_done

    leaver = dict(action.values)["from"]
    found = list(_with_some(context, leaver, runs=runs, projects=projects))
    if not found:
        raise NotAllowed(f"Nothing that is open is with @{leaver}.")
    failed = 0
    for target, items in found:
        if dry_run:
            click.echo(f"Would assign: {target.id}: {', '.join(items)}")
            continue
        try:
            who, now, config = context.who(), context.now, context.config
            done = perform(context.repository, target, action, who=who, now=now, config=config, commit=commit)
        except GitRefused:
            raise
        except HandrailError as error:
            failed += 1
            click.echo(f"{click.style('Not assigned', fg='red', bold=True)}: {target.id}: {error.sentence}", err=True)
        else:
            say_done(done, context.now)
    things = sum(len(items) for _, items in found)
    if dry_run:
        click.echo(f"{count(things, 'item')} in {count(len(found), 'file')} would be assigned.")
    if failed:
        raise SystemExit(1)


def _with_some(context: Context, leaver: str, *, runs: bool, projects: bool) -> Iterator[tuple[Named, list[str]]]:
    """Give the active runs and projects in which somebody has open items, and the ids of these."""
    overview = context.overview()
    states: list[RunState | ProjectState] = [*(overview.runs.values() if runs else ())]
    states += overview.projects.values() if projects else ()
    for state in states:
        items = [step.id for step in walk_states(state.steps) if leaver in step.assignees and step.state not in CLOSED]
        if state.state == "active" and items:
            holder = state.run if isinstance(state, RunState) else state.project
            yield Named("run" if isinstance(state, RunState) else "project", holder.id, holder.path), items
