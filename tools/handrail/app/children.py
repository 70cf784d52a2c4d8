"""Runs that start by themselves, because a step that is done by a run can be done now.

Their ids come from the run, the step and how often it was opened, so two clones that start the same child write the
same file, and the second finds that it is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.family import Overtaken, named_run, with_parent
from handrail.app.files import PROCESSES, README, RUNS
from handrail.app.load import load_holder, load_process
from handrail.app.names import Named
from handrail.app.start import Started, Taken, Wish, start
from handrail.base.errors import HandrailError, NotAllowed
from handrail.model.people import Config
from handrail.model.run import Run
from handrail.model.state import RunState, StepState
from handrail.rules.kin import counts, newly_to_do
from handrail.text.plain import slug

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_MOST_BYTES = 120


def start_child(
    repository: Repository,
    run: str,
    step: str,
    process: str,
    *,
    attempt: int,
    who: str,
    now: datetime,
    config: Config,
    dry_run: bool = False,
    commit: bool = True,
) -> Started:
    """Start the child of a step that has none, under the one id that it may have, by the code of `start --parent`.

    A role that nobody fills falls to the process's owner, as in scheduled runs. Raises Taken or Overtaken where
    somebody has started it or closed the step meanwhile, NotAllowed with the reason where it cannot be started.
    """
    target = Named("process", process, f"{PROCESSES}/{process}/{README}")
    if not (repository.root / target.path).is_file():
        raise NotAllowed(f"There is no process `{process}`.", "`handrail lint` finds steps that name one.")
    _refuse_ring(repository.root, run, process)
    step_name = f"{run}#{step}"
    child = load_process(repository.root, process, target.path)
    title = "" if child.name else load_holder(repository.root, named_run(run)).title
    wish = Wish(title=title, stand_in=child.owner, run_id=_child_name(repository.root, process, step_name, attempt))
    try:
        wish, notices = with_parent(
            repository, process, step_name, named_run(run), wish, who=who, now=now, config=config
        )
        started = start(repository, target, wish, who=who, now=now, config=config, dry_run=dry_run, commit=commit)
    except (Taken, Overtaken):
        raise
    except HandrailError as error:
        start_it = f"handrail start {process}"
        error.hint = error.hint.replace(start_it, f"{start_it} --parent {step_name}")
        raise
    return started.told(notices)


def start_children(
    repository: Repository, before: RunState | None, after: RunState, *, who: str, now: datetime, config: Config,
    commit: bool,
) -> tuple[tuple[Started, ...], tuple[str, ...]]:  # fmt: skip
    """Start the children of the steps that an action made ready. Give them, and what could not be done, in words.

    Without commits nothing is started: a run follows a committed procedure, and `handrail tick` starts it later.
    """
    started: list[Started] = []
    left: list[str] = []
    for step in newly_to_do(before, after):
        try:
            found = _start_unless_there(repository, after, step, who=who, now=now, config=config, commit=commit)
        except HandrailError as error:
            left.append(" ".join(part for part in (_not_started(step), error.sentence, error.hint) if part))
        else:
            if isinstance(found, Started):
                started.append(found)
            elif found:
                left.append(found)
    return tuple(started), tuple(left)


def _start_unless_there(
    repository: Repository, after: RunState, step: StepState, *, who: str, now: datetime, config: Config, commit: bool
) -> Started | str:
    from handrail.app.family import children_of

    process = step.item.attributes.run
    children = children_of(repository, after.run, (step.id,), now, config).get(step.id, ())
    if any(counts(child, step) for child in children):
        return ""
    if not commit:
        return f"{_not_started(step)} `handrail tick` starts it once all this is committed."
    try:
        return start_child(
            repository, after.run.id, step.id, process, attempt=step.facts.attempt, who=who, now=now, config=config
        )
    except (Taken, Overtaken):
        return ""


def _not_started(step: StepState) -> str:
    return f"No run of {step.item.attributes.run} was started for `{step.id}`:"


def _child_name(root: Path, process: str, step: str, attempt: int) -> str:
    """Give the id, without the process, of the child of a step: of the run's own name, the step and the attempt.

    Where another run has that name already, or it would be too long, a part of the step's full name tells them apart.
    """
    run, _, name = step.partition("#")
    again = f"-{attempt}" if attempt > 1 else ""
    plain = f"{run.rpartition('/')[2]}-{slug(name)}{again}"
    path = root / PROCESSES / process / RUNS / f"{plain}.md"
    if len(plain.encode()) <= _MOST_BYTES and not (path.is_file() and _is_of_another(root, process, plain, step)):
        return plain
    mark = hashlib.sha256(step.encode()).hexdigest()[:8]
    return f"{plain.encode()[:_MOST_BYTES].decode(errors='ignore').rstrip('-.')}-{mark}{again}"


def _is_of_another(root: Path, process: str, name: str, step: str) -> bool:
    run = load_holder(root, named_run(f"{process}/{name}"))
    return isinstance(run, Run) and "#".join(run.parent_step or ()) != step


def _refuse_ring(root: Path, run: str, process: str) -> None:
    """Refuse a child whose process is one of those that it was started for: that would go on for ever."""
    above = [name.rpartition("/")[0] for name in _upwards(root, run)]
    if process in above:
        ring = " → ".join((*reversed(above[: above.index(process) + 1]), process))
        hint = f"`handrail start {process}` starts one nevertheless."
        raise NotAllowed(f"Runs would start each other without end: {ring}.", hint)


def _upwards(root: Path, run: str) -> Iterator[str]:
    """Give a run and those above it, as far as their files can be read."""
    seen: set[str] = set()
    while run not in seen:
        seen.add(run)
        yield run
        try:
            holder = load_holder(root, named_run(run))
        except HandrailError:
            return
        if not isinstance(holder, Run) or holder.parent_step is None:
            return
        run = holder.parent_step[0]
