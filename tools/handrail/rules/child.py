"""Child runs: when one may be started for a step, which values it gets, and when the step may be closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from handrail.model.change import Action, Decision, Refusal
from handrail.model.item import walk
from handrail.model.people import Config
from handrail.model.state import Child, RunState
from handrail.rules.case import Case, Pairs, decided
from handrail.rules.flow import Node, flow_of


def finished_child(case: Case, node: Node) -> Pairs | Refusal:
    """Give what the closing event of a step with `run=` says of its child; refuse while none is finished.

    Nothing for other items, and for a project's tasks: those are done by any number of runs. A child that was
    finished before the step was reopened does not count.
    """
    process = node.item.attributes.run
    if not process or not case.is_run:
        return ()
    name, reopened = node.item.id, node.facts.reopened
    children = case.children.get(name, ())
    done = counting(children, reopened, "done")
    if done:
        return (("run", done[-1].run),)
    active = counting(children, reopened, "active")
    if active:
        message = f"`{name}` is finished by its run {active[-1].run}, which is still open"
        return Refusal("child-open", message, f"`handrail do {active[-1].run}` goes on with it")
    cancelled = counting(children, reopened, "cancelled")
    if cancelled:
        message = f"`{name}` is finished by a run of {process}, and {cancelled[-1].run} was cancelled"
        return Refusal("child-cancelled", message, _start_command(case, node, "another"))
    message = f"`{name}` is finished by a run of {process}, and none was started for it"
    return Refusal("child-missing", message, _start_command(case, node))


def may_start_child(
    state: RunState,
    step: str,
    process: str,
    *,
    children: Mapping[str, tuple[Child, ...]],
    who: str,
    now: datetime,
    config: Config,
) -> Decision | Refusal:
    """Tell whether a run of `process` may be started for a step now. The decision changes nothing; it has notices."""
    if state.time is None:
        raise ValueError("the state was not made by run_state")
    flow = flow_of(state.run, procedure=None, time=state.time, now=now)
    case = Case(state.run, flow, Action("start", (step,)), who, now, config, None, children)
    if state.state != "active":
        hint = f"`handrail start {process}` starts one that belongs to no other"
        return Refusal(
            "parent-closed", f"The run {state.run.id} is {state.state}: nothing is started for it any more", hint
        )
    node = case.find(step)
    if isinstance(node, Refusal):
        return node
    refusal = _wrong_process(case, node, process) or case.closed(node) or case.blocked(node) or case.held(node)
    return refusal or _there_already(case, node) or decided((), case.out_of_order(node))


def fields_for(state: RunState, step: str) -> dict[str, str]:
    """Give the values that a step hands down to its child: `run=x(customer, plan)` names them."""
    names = next((item.attributes.run_fields for item in walk(state.run.items) if item.id == step), ())
    current = dict(state.fields)
    return {name: current[name] for name in names if current.get(name)}


def counting(children: tuple[Child, ...], reopened: datetime | None, state: str) -> tuple[Child, ...]:
    """Give the children in a state; of the finished ones those that were not so before the step was `reopened`."""
    return tuple(
        child
        for child in children
        if child.state == state
        and (reopened is None or state != "done" or (child.finished is not None and child.finished > reopened))
    )


def _wrong_process(case: Case, node: Node, process: str) -> Refusal | None:
    wanted, name = node.item.attributes.run, node.item.id
    if wanted == process:
        return None
    if not wanted:
        return Refusal("no-child", f"`{name}` is not finished by a run", f"{case.command('check', name)} finishes it")
    message = f"`{name}` is finished by a run of {wanted}, not of {process}"
    return Refusal("other-process", message, _start_command(case, node))


def _there_already(case: Case, node: Node) -> Refusal | None:
    name, children = node.item.id, case.children.get(node.item.id, ())
    for child in counting(children, node.facts.reopened, "active"):
        hint = f"`handrail do {child.run}` goes on with it"
        return Refusal("child-open", f"`{name}` has a run under way already, {child.run}", hint)
    for child in counting(children, node.facts.reopened, "done"):
        hint = f"{case.command('check', name)} closes the step"
        return Refusal("child-done", f"`{name}` has a finished run already, {child.run}", hint)
    return None


def _start_command(case: Case, node: Node, which: str = "one") -> str:
    return f"`handrail start {node.item.attributes.run} --parent {case.holder.id}#{node.item.id}` starts {which}"
