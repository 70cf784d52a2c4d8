"""Hints about the craft of a checklist: what works, and would be followed better if it were written otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from handrail.base.problem import Problem
from handrail.model.item import Heading, Item, walk
from handrail.model.process import Process
from handrail.model.workspace import Workspace
from handrail.reports.finding import front

MOST_STEPS = 9
"""More steps than this under one heading are no longer taken in at a glance."""
_FEWEST_TO_COMPARE = 3
"""A step stands out among at least so many others."""


def long_stages(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """Find stages with more than nine steps. Sub-steps are not counted: they are how a step is made short."""
    if process.status == "retired":
        return
    for steps in _stages(process):
        if len(steps) > MOST_STEPS:
            name = f"the stage `{steps[0].stage}`" if steps[0].stage else "the list"
            message = f"{name} has {len(steps)} steps, more than anybody takes in at a glance"
            hint = f"put a heading above some of them: {MOST_STEPS} or fewer stay readable"
            yield Problem("long-stage", "hint", steps[MOST_STEPS].place, message, hint)


def forgotten_role(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """Find the one step that asks nobody where every other asks somebody: forgotten, not a way of writing."""
    steps = [item for item in process.items if not item.attributes.run]
    silent = [item for item in steps if not any(part.attributes.who for part in walk((item,)))]
    if process.status != "retired" and len(silent) == 1 and len(steps) > _FEWEST_TO_COMPARE:
        message = "nobody is asked to do this step, and every other step names somebody"
        yield Problem("no-role", "hint", silent[0].place, message, "write `@` and a role, a person or a team")


def owner_named(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """Find the procedure that names no owner where others do, or where somebody is to be reminded of its review."""
    others = any(other.owner for other in workspace.processes.values())
    if process.owner or process.status != "effective" or not (others or process.review):
        return
    reason = "its review reminds nobody" if process.review else "others say who does"
    message = f"nobody answers for this procedure, and {reason}"
    yield Problem("no-owner", "hint", front(process, "title"), message, 'write `owner: "@…"` into the front matter')


def _stages(process: Process) -> Iterator[list[Item]]:
    """Give the steps under each heading; two headings of the same words are two stages."""
    steps: list[Item] = []
    for block in process.content:
        if isinstance(block, Heading) and steps:
            yield steps
            steps = []
        elif isinstance(block, Item):
            steps.append(block)
    if steps:
        yield steps


CRAFT_RULES = (long_stages, forgotten_role, owner_named)
