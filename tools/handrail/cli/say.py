"""What a person reads after an action: what happened, whether it is shared, what comes next and who has it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import click

from handrail.app.act import Done, Saved, past_of
from handrail.app.start import Started
from handrail.model.change import Action
from handrail.model.item import Item
from handrail.model.state import ProjectState, RunState, StepState
from handrail.reports.steps import next_step
from handrail.text.plain import plain

_SHORT_ID = 8
_TITLE = 100


def say_done(done: Done, now: datetime) -> None:
    """Say what an action did."""
    past = past_of(done.action, done.decision)
    what = item_titles(done.items) or _holder(done.state)
    verb = click.style(past.capitalize(), fg="green", bold=True)
    click.echo(f"{verb}: {what}{_more(done.action)} ({where(done.saved)})")
    say_notices(done.decision.notices, done.saved)
    say_followed(done)
    if done.action.verb not in {"note", "cancel"}:
        say_next(done.state, now)


def say_started(started: Started, now: datetime, *, dry_run: bool) -> None:
    """Say that a run was started, or print what would be written."""
    if dry_run:
        from handrail.cli.say_plan import plan_lines

        click.echo("\n".join(plan_lines(started, now)))
        say_notices(started.notices, started.saved)
        click.echo(f"\nWould write {started.run.path}:\n")
        click.echo(started.text, nl=False)
        return
    say_started_briefly(started)
    say_notices(started.notices, started.saved)
    say_children(started.children, started.left)
    say_next(started.state, now)


def say_started_briefly(started: Started) -> None:
    """Say in one line that a run was started."""
    title = f"{short(started.run.title)}, {started.run.id}"
    click.echo(f"{click.style('Started', fg='green', bold=True)}: {title} ({where(started.saved)})")


def say_followed(done: Done) -> None:
    """Say what the action led to in other runs, and what of that is left to do."""
    for other in done.followed:
        past = past_of(other.action, other.decision)
        what = f"{item_titles(other.items)}, in {_holder(other.state)}" if other.items else _holder(other.state)
        click.echo(f"  {past.capitalize()} with it: {what} ({where(other.saved)})")
        say_followed(other)
    say_children(done.started, done.left)


def say_children(children: Iterable[Started], left: Iterable[str] = ()) -> None:
    """Say which runs started because of it, and what could not be done."""
    for child in children:
        click.echo(f"  Started with it: {short(child.run.title)}, {child.run.id} ({where(child.saved)})")
        say_children(child.children, child.left)
    for sentence in left:
        click.echo(f"  {sentence}")


def say_notices(notices: Iterable[str], saved: Saved) -> None:
    """Say what is worth knowing beside the action itself."""
    for notice in notices:
        if not notice.startswith("Next: "):
            click.echo(f"  {notice[:1].upper()}{notice[1:]}")
    if saved.notice and saved.shared:
        click.echo(f"  {saved.notice}")
    if saved.hint:
        click.echo(f"  {saved.hint}")


def say_next(state: RunState | ProjectState, now: datetime) -> None:
    """Say which step comes next, who has it and when it is due."""
    step = next_step(state)
    if step is not None and step.state != "waiting":
        label = click.style("Next", bold=True)
        standing = ", blocked" if step.state == "blocked" else ", to be confirmed" if step.facts.proposed else ""
        click.echo(f"{label}: {short(plain(step.item.title))} [{step.id}], {holders(step)}{standing}{due(step, now)}")


def holders(step: StepState) -> str:
    """Give who has an item, in words."""
    return ", ".join(f"@{key}" for key in step.assignees) or "nobody has it yet"


def due(step: StepState, now: datetime) -> str:
    """Give when an item is due, in words; empty where it is not."""
    if step.due is None:
        return ""
    year = "" if step.due.year == now.year else f" {step.due.year}"
    return f", {'was due' if step.overdue else 'due'} {step.due:%a} {step.due.day} {step.due:%b}{year}"


def short(title: str) -> str:
    """Give a title that fits on a line."""
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"


def item_titles(items: Iterable[Item]) -> str:
    """Give the titles of items on one line."""
    return ", ".join(short(plain(item.title)) for item in items)


def _more(action: Action) -> str:
    """Give what the action's values say: to whom, until when, which field."""
    words = {"to": "to @{}", "on": "on {}", "until": "until {}", "role": "role {}", "from": "from @{}", "title": "“{}”"}
    told = [words[key].format(value) for key, value in action.values if key in words and value != "none"]
    told += ["to nobody" if key == "to" else "date cleared" for key, value in action.values if value == "none"]
    fields = ", ".join(f"{name}={short(value)}" for name, value in action.fields)
    if fields:
        told.append(fields if action.verb == "set" else f"with {fields}")
    return f" {', '.join(told)}" if told else ""


def _holder(state: RunState | ProjectState) -> str:
    return state.run.id if isinstance(state, RunState) else state.project.id


def where(saved: Saved) -> str:
    """Give the commit's short id and whether it is shared."""
    if not saved.commit:
        return "written, not committed"
    commit = saved.commit[:_SHORT_ID]
    if saved.shared:
        return f"{commit}, saved and shared{f' on branch {saved.branch}' if saved.branch else ''}"
    return (
        f"{commit}, {saved.notice[:1].lower()}{saved.notice[1:].rstrip('.')}"
        if saved.notice
        else f"{commit}, saved here"
    )
