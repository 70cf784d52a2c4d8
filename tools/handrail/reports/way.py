"""What can be done about a step now, as a command: the same answer for the terminal, a walk and a hint."""

from __future__ import annotations

from handrail.base.value import dataclass
from handrail.model.state import OPEN_NOW, Child, ProjectState, RunState, StepState
from handrail.reports.results import Overview
from handrail.rules.child import counting
from handrail.rules.fold import proposed_by


@dataclass(frozen=True, slots=True)
class Way:
    """A command that moves a step on. `said` is what it does in words, `command` the line without a prompt."""

    said: str
    command: str


def way_on(overview: Overview, state: RunState | ProjectState, step: StepState) -> Way | None:
    """Give what moves a step on: confirm a proposal, start or go on with its run, approve or check it off.

    None for a step that nobody can act on now, or that is blocked.
    """
    if step.state not in OPEN_NOW or step.state == "blocked":
        return None
    if step.facts.proposed:
        verb = "skip" if proposed_by(step.facts.proposed) == "skipped" else "check"
        return Way("Confirm it", _command(verb, state, step))
    if isinstance(state, RunState) and step.item.attributes.run:
        way = _way_of_child(state, step, children_in(overview, state.run.id, step.id))
        if way is not None:
            return way
    verb = "approve" if step.item.attributes.approval else "check"
    return Way("Finish it", _command(verb, state, step) + _options(state, step))


def children_in(overview: Overview, run: str, step: str) -> tuple[Child, ...]:
    """Give the runs that were started for a step of a run, oldest first."""
    found = [one for one in overview.runs.values() if one.run.parent_step == (run, step)]
    found.sort(key=lambda one: (one.run.started, one.run.id))
    return tuple(Child(one.run.id, one.state, one.finished) for one in found)


def _way_of_child(state: RunState, step: StepState, children: tuple[Child, ...]) -> Way | None:
    """Give how the child of a step is started or gone on with; None where it is finished."""
    reopened = step.facts.reopened
    if counting(children, reopened, "done"):
        return None
    active = counting(children, reopened, "active")
    if active:
        return Way("Go on with its run", f"handrail do {active[-1].run}")
    said = "Start another run for it" if children else "Start its run"
    return Way(said, f"handrail start {step.item.attributes.run} --parent {state.run.id}#{step.id}")


def _command(verb: str, state: RunState | ProjectState, step: StepState) -> str:
    if isinstance(state, RunState):
        return f"handrail {verb} {state.run.id.rpartition('/')[2]} {step.id}"
    return f"handrail project {verb} {state.project.id.rpartition('/')[2]} {step.id}"


def _options(state: RunState | ProjectState, step: StepState) -> str:
    """Give the options that a step asks for: its fields without a value, its evidence."""
    values = dict(state.fields) if isinstance(state, RunState) else {}
    ways = {"link": "--proof LINK", "file": "--proof FILE", "note": "-m NOTE"}
    fields = [f"-f {name}=VALUE" for name in step.item.attributes.ask if not values.get(name)]
    return "".join(f" {word}" for word in (*fields, *(ways[kind] for kind in step.item.attributes.proof)))
