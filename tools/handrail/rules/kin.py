"""Steps that are done by runs of their own: which of them can be done now, and which runs count for them."""

from __future__ import annotations

from collections.abc import Iterator

from handrail.model.item import walk
from handrail.model.run import Run
from handrail.model.state import Child, RunState, StepState, walk_states

TO_DO = frozenset({"ready", "doing"})


def has_steps_with_runs(run: Run) -> bool:
    """Tell whether any step of a run is done by another run."""
    return any(item.attributes.run for item in walk(run.items))


def steps_with_runs(state: RunState) -> Iterator[StepState]:
    """Give the steps that are done by other runs."""
    return (step for step in walk_states(state.steps) if step.item.attributes.run)


def newly_to_do(before: RunState | None, after: RunState) -> tuple[StepState, ...]:
    """Give the steps with `run=` that can be done now and could not before (all of them where nothing was before)."""
    if after.state != "active" or not has_steps_with_runs(after.run):
        return ()
    could = {step.id for step in walk_states(before.steps) if step.state in TO_DO} if before else set()
    return tuple(step for step in steps_with_runs(after) if step.state in TO_DO and step.id not in could)


def counts(child: Child | RunState, step: StepState) -> bool:
    """Tell whether a child is of this attempt. A cancelled one is too: whoever did that decides what comes next."""
    reopened = step.facts.reopened
    return child.state == "active" or reopened is None or (child.finished is not None and child.finished > reopened)
