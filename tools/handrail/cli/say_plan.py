"""`start --dry-run`: who would get what, and by when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from handrail.app.start import Started
from handrail.cli.say import due, short
from handrail.model.state import StepState
from handrail.text.plain import plain


def plan_lines(started: Started, now: datetime) -> Iterator[str]:
    """Give a line for each step under its stage: the title, who would have it, when it would be due.

    A due time that counts from when a step becomes ready is a date only for steps that are ready at once.
    """
    run = started.run
    ends = f", due {run.due.isoformat()}" if run.due else ""
    yield f"Would start {short(run.title)}{ends}. Who would get what, and by when:"
    stage = ""
    for step, depth in _walk(started.state.steps):
        if depth == 0 and step.item.stage != stage:
            stage = step.item.stage
            yield f"\n{stage}"
        title = short(plain(step.item.title))
        yield f"  {'  ' * depth}{title} [{step.id}], {_who(step)}{_when(step, now)}"


def _walk(steps: tuple[StepState, ...]) -> Iterator[tuple[StepState, int]]:
    stack = [(step, 0) for step in reversed(steps)]
    while stack:
        step, depth = stack.pop()
        yield step, depth
        stack.extend((child, depth + 1) for child in reversed(step.substeps))


def _who(step: StepState) -> str:
    return ", ".join(f"@{key}" for key in step.assignees) or "nobody yet"


def _when(step: StepState, now: datetime) -> str:
    if step.state == "na":
        return ", does not apply"
    wanted = step.item.attributes.due
    optional = ", optional" if step.item.attributes.optional else ""
    if step.due is not None:
        return due(step, now) + optional
    if wanted is not None and wanted.span is not None and not wanted.anchor:
        return f", due {wanted.span} after it is ready{optional}"
    if wanted is not None and wanted.anchor:
        return f", due when `{wanted.anchor}` is known{optional}"
    return optional
