"""Runs that belong to a step of another run: found, started in their place, closed and cancelled with it.

One action is one commit of one file. So what follows from it in another run's file is an action of its own, done and
shared right after; where that is refused, the first one stands, and what is left to do is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.byhand import with_hand_ticks_of
from handrail.app.files import PROCESSES, RUNS, read_text
from handrail.app.load import load_holder, procedure_of
from handrail.app.names import Named, find_item
from handrail.base.errors import HandrailError, NotAllowed, WrongUsage
from handrail.base.value import dataclass
from handrail.model.change import Action, Refusal
from handrail.model.item import Item, walk
from handrail.model.people import Config
from handrail.model.run import Run
from handrail.model.state import Child, RunState
from handrail.text.front import head_of

if TYPE_CHECKING:
    from handrail.app.act import Done
    from handrail.app.start import Started, Wish
    from handrail.store.repository import Repository

_OVER = frozenset({"child-open", "child-done", "parent-closed", "already-done", "already-skipped"})


class Overtaken(NotAllowed):
    """There is nothing to start for a step any more: it has its run, or it or its run is closed."""


Children = Mapping[str, tuple[Child, ...]]


@dataclass(frozen=True, slots=True)
class Followed:
    """What an action led to in other runs, those that it started, and what of that could not be done, in words."""

    done: tuple[Done, ...] = ()
    started: tuple[Started, ...] = ()
    left: tuple[str, ...] = ()


def children_of(repository: Repository, run: Run, steps: tuple[str, ...], now: datetime, config: Config) -> Children:
    """Give the child runs of some steps of a run by the step's id, oldest first. Files with errors are passed over."""
    from handrail.app.act import state_of
    from handrail.app.moment import moment_of

    wanted = {item.id: item.attributes.run for item in walk(run.items) if item.id in steps and item.attributes.run}
    found: dict[str, tuple[Child, ...]] = {}
    for process in dict.fromkeys(wanted.values()):
        for child in _runs_for(repository.root, process, run.id):
            step = child.parent_step[1] if child.parent_step else ""
            if wanted.get(step) == process:
                moment = moment_of(config, now, repository.keep)
                child = with_hand_ticks_of(child, repository, config)  # noqa: PLW2901 - the same run, with who and when
                state = state_of(child, procedure_of(repository.root, child, repository, steps=False), moment)
                found[step] = (*found.get(step, ()), Child(child.id, state.state, state.finished))
    return found


def with_parent(
    repository: Repository, process: str, parent: str, target: Named, wish: Wish, *, who: str, now: datetime,
    config: Config,
) -> tuple[Wish, tuple[str, ...]]:  # fmt: skip
    """Give the wish for a child run of the step that `parent` names (`RUN#STEP`), and what to tell.

    `target` is that run. Values that the step hands down are taken where the wish has none. Raises NotAllowed where
    the step is not there to be done now (Overtaken where it needs no run any more), WrongUsage for an unknown one.
    """
    from handrail.app.act import sentence, state_of
    from handrail.app.moment import moment_of
    from handrail.rules.child import fields_for, may_start_child

    run = with_hand_ticks_of(load_holder(repository.root, target), repository, config)
    moment = moment_of(config, now, repository.keep)
    state = (
        state_of(run, procedure_of(repository.root, run, repository, steps=False), moment)
        if isinstance(run, Run)
        else None
    )
    if not isinstance(state, RunState):
        raise WrongUsage(f"`{target.id}` is no run.")
    step = find_item(state.run, parent.rpartition("#")[2]).id
    with_run = tuple(item.id for item in walk(state.run.items) if item.attributes.run)
    children = children_of(repository, state.run, with_run, now, config)
    outcome = may_start_child(state, step, process, children=children, who=who, now=now, config=config)
    if isinstance(outcome, Refusal):
        kind = Overtaken if outcome.code in _OVER else NotAllowed
        raise kind(sentence(outcome.message), sentence(outcome.hint))
    fields = {**fields_for(state, step), **wish.fields}
    trial = wish.trial or state.run.trial
    return replace(wish, fields=fields, parent=f"{state.run.id}#{step}", trial=trial), outcome.notices


def follow(
    repository: Repository, before: RunState, after: RunState, action: Action, *, who: str, now: datetime,
    config: Config, commit: bool,
) -> Followed:  # fmt: skip
    """Do what an action on a run leads to.

    It closes or reopens the step that the run was started for, cancels what the run had started, and starts the runs
    by which steps are done that can be done now.
    """
    from handrail.app.act import perform
    from handrail.app.children import start_children

    done: list[Done] = []
    left: list[str] = _left_open(repository.root, after)
    for target, then, unless in _what_follows(repository, before, after, action, now, config):
        try:
            done.append(perform(repository, target, then, who=who, now=now, config=config, commit=commit))
        except HandrailError as error:
            left.append(" ".join(part for part in (unless, error.sentence, error.hint) if part))
    started, more = start_children(repository, before, after, who=who, now=now, config=config, commit=commit)
    return Followed(tuple(done), started, (*left, *more))


def _what_follows(
    repository: Repository, before: RunState, after: RunState, action: Action, now: datetime, config: Config
) -> Iterator[tuple[Named, Action, str]]:
    run = after.run
    if after.state == before.state:
        return
    if run.parent_step is not None:
        parent, step = run.parent_step
        if after.state == "done" and not _is_closed(repository.root, parent, step):
            yield named_run(parent), Action("check", (step,)), f"`{step}` of {parent} stays open:"
        elif before.state == "done" and _closed_by(repository.root, parent, step) == run.id:
            note = f"{run.id} was opened again"
            yield named_run(parent), Action("reopen", (step,), note), f"`{step}` of {parent} stays closed:"
    if after.state == "cancelled":
        steps = tuple(item.id for item in walk(run.items) if item.attributes.run)
        note = f"{run.id} was cancelled: {action.note}"
        for children in children_of(repository, run, steps, now, config).values():
            for child in children:
                if child.state == "active":
                    yield named_run(child.run), Action("cancel", (), note), f"{child.run} goes on:"


def _is_closed(root: Path, parent: str, step: str) -> bool:
    """Tell whether a step of another run is closed already: skipped, or finished by another of its runs."""
    item = _step_of(root, parent, step)
    return item is not None and item.checked


def _closed_by(root: Path, parent: str, step: str) -> str:
    """Give the run that closed a step of another run, empty where none did or the step is open again."""
    item = _step_of(root, parent, step)
    closing = [event for event in item.events if event.verb in ("done", "approved")] if item and item.checked else []
    return closing[-1].value("run") if closing else ""


def _left_open(root: Path, after: RunState) -> list[str]:
    """Say of a cancelled run that the step which it was started for waits for another one."""
    if after.state != "cancelled" or after.run.parent_step is None:
        return []
    parent, step = after.run.parent_step
    item = _step_of(root, parent, step)
    if item is None or item.checked:
        return []
    start = f"`handrail start {after.run.process} --parent {parent}#{step}`"
    return [f"`{step}` of {parent} stays open: {start} starts another."]


def _step_of(root: Path, parent: str, step: str) -> Item | None:
    """Give a step of a run that goes on; None where there is no such step, or the run was cancelled."""
    try:
        run = load_holder(root, named_run(parent))
    except HandrailError:
        return None
    if any(event.verb == "cancelled" for event in run.log):
        return None
    return next((item for item in walk(run.items) if item.id == step), None)


def named_run(run: str) -> Named:
    """Give a run by its id, whether or not it is there."""
    from handrail.format.run import run_path

    return Named("run", run, run_path(run))


def _runs_for(root: Path, process: str, parent: str) -> Iterator[Run]:
    """Give the runs of a process that say that they belong to a run; only files that name it are read."""
    folder = root / PROCESSES / process / RUNS
    for name in sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else ():
        path = f"{PROCESSES}/{process}/{RUNS}/{name}"
        text, problems = read_text(root, path) if name.endswith(".md") else ("", ())
        if problems or "\nparent:" not in text or parent not in head_of(text):
            continue
        try:
            child = load_holder(root, Named("run", f"{process}/{name[:-3]}", path))
        except HandrailError:
            continue
        if isinstance(child, Run) and child.parent_step is not None and child.parent_step[0] == parent:
            yield child
