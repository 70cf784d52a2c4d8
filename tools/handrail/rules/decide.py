"""Whether an action is allowed, and what it writes. The one door to everything that changes a run or project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from handrail.base.words import did_you_mean
from handrail.model.change import Action, Change, Decision, Refusal
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.state import Child, ProjectState, RunState
from handrail.rules import approval, arrange, finish, work
from handrail.rules.apply import apply
from handrail.rules.case import Case
from handrail.rules.flow import Flow, Node, flow_of
from handrail.rules.proposal import for_people
from handrail.rules.state import CHECK_AGAIN, marked, node_state

OnItem = Callable[[Case, Node], Decision | Refusal]
OnEither = Callable[[Case, Node | None], Decision | Refusal]
OnWhole = Callable[[Case], Decision | Refusal]

ON_ITEM: dict[str, OnItem] = {
    "check": finish.check,
    "skip": finish.skip,
    "approve": approval.approve,
    "reject": approval.reject,
    "begin": work.begin,
    "reopen": work.reopen,
    "block": work.block,
    "unblock": work.unblock,
    "assign": arrange.assign,
}
ON_EITHER: dict[str, OnEither] = {"note": work.note, "due": arrange.due, "set": arrange.set_fields}
ON_WHOLE: dict[str, OnWhole] = {"cancel": arrange.cancel, "assign": arrange.assign_many}
NO_CHILDREN: Mapping[str, tuple[Child, ...]] = {}
VERBS: tuple[str, ...] = tuple(dict.fromkeys((*ON_ITEM, *ON_EITHER, *ON_WHOLE)))


def decide(
    state: RunState | ProjectState,
    action: Action,
    *,
    who: str,
    now: datetime,
    config: Config,
    procedure: Process | None,
    children: Mapping[str, tuple[Child, ...]] = NO_CHILDREN,
) -> Decision | Refusal:
    """Give what `action` by `who` at `now` writes, or why it is not allowed and what would make it so.

    Several items are decided one after the other, each on what the one before leaves, all or nothing. Never raises
    for anything that a user can ask. `state` must come from `run_state` or `project_state`. `children` are the runs
    that were started for steps with `run=`, by the step's id.
    """
    holder: Run | Project = state.run if isinstance(state, RunState) else state.project
    if state.time is None:
        raise ValueError("the state was not made by run_state or project_state")
    flow = flow_of(holder, procedure=procedure, time=state.time, now=now)
    case = Case(holder, flow, action, who, now, config, procedure, children)
    refusal = _cannot_act(case)
    if refusal:
        return refusal
    changes: list[Change] = []
    notices: list[str] = []
    whole = not action.items or action.verb not in (*ON_ITEM, *ON_EITHER)
    for item in ("",) if whole else dict.fromkeys(action.items):
        outcome = _on_whole(case) if whole else _on_item(case, item)
        if isinstance(outcome, Refusal):
            return outcome
        changes += outcome.changes
        notices += outcome.notices
        case = case.with_holder(apply(case.holder, outcome.changes))
    return Decision(tuple(changes), (*_unless_closed(case, notices), *_what_follows(case, flow)))


def _cannot_act(case: Case) -> Refusal | None:
    verb = case.action.verb
    if verb not in VERBS:
        return Refusal("unknown-verb", f"Nothing is called `{verb[:40]}`", did_you_mean(verb, VERBS))
    if case.flow.cancelled is None or verb == "note":
        return for_people(case)
    event = case.flow.cancelled
    why = f": {event.note}" if event.note else ""
    message = f"This {case.whole} was cancelled by {case.person(event.who)} on {case.day(event.time)}{why}"
    return Refusal("cancelled", message, f"a new one begins with `handrail start`, {case.command('note')} still works")


def _on_item(case: Case, item: str) -> Decision | Refusal:
    node = case.find(item)
    if isinstance(node, Refusal):
        return node
    verb = case.action.verb
    return ON_ITEM[verb](case, node) if verb in ON_ITEM else ON_EITHER[verb](case, node)


def _on_whole(case: Case) -> Decision | Refusal:
    verb = case.action.verb
    if verb in ON_WHOLE:
        return ON_WHOLE[verb](case)
    if verb in ON_EITHER:
        return ON_EITHER[verb](case, None)
    return Refusal("no-item", f"Say which {case.noun}", f"{case.command(verb, case.noun.upper())}")


def _unless_closed(case: Case, notices: list[str]) -> list[str]:
    """Leave out "`a` is still open" where the same action closes `a` a moment later."""
    closed = {f"out of order: `{node.item.id}` is still open" for node in case.flow.nodes if node.closed}
    return list(dict.fromkeys(notice for notice in notices if notice not in closed))


def _what_follows(case: Case, before: Flow) -> list[str]:
    """Tell what the action opens, what it puts in doubt, and whether that was the end."""
    flow = case.flow
    told: list[str] = []
    again = marked(flow, CHECK_AGAIN) - marked(before, CHECK_AGAIN)
    if again:
        told.append("check again: " + ", ".join(f"`{flow.nodes[index].item.id}`" for index in sorted(again)))
    opened = [
        node
        for node, old in zip(flow.nodes, before.nodes, strict=True)
        if node_state(flow, node) == "ready" and node_state(before, old) in ("waiting", "done", "skipped", "na")
    ]
    if opened and case.action.verb not in ("assign", "note", "due"):
        shown = [
            f"`{node.item.id}`" + (f" ({case.people(node.assignees)})" if node.assignees else "") for node in opened
        ]
        told.append(f"Next: {', '.join(shown[:4])}{', …' if len(shown) > 4 else ''}")
    if flow.cancelled is None and flow.finished() != before.finished():
        told.append(f"This {case.whole} is finished" if flow.finished() else f"This {case.whole} is open again")
    return told
