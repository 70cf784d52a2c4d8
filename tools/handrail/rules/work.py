"""Working on items: begin, reopen, block, unblock, note."""

from __future__ import annotations

from handrail.model.change import Change, Decision, Refusal
from handrail.rules.approval import approvers, closed_parents
from handrail.rules.case import Case, decided
from handrail.rules.flow import Node, day_in
from handrail.rules.proposal import send_back


def begin(case: Case, node: Node) -> Decision | Refusal:
    """Say that whoever acts works on it now. Where several could, it is theirs from now on."""
    refusal = case.closed(node) or case.blocked(node) or _begun(case, node) or case.held(node)
    if refusal:
        return refusal
    changes = [case.change(node, "started", (), case.note)]
    could = approvers(case, node)
    shared = len(could) > 1 and case.who in could and node.item.attributes.approval in ("", "1")
    if shared or not could:
        changes.append(case.change(node, "assigned", (("to", case.who),)))
    notices = list(case.out_of_order(node))
    if could and case.who not in could:
        notices.append(f"`{node.item.id}` is still assigned to {case.people(node.assignees)}")
    return decided(changes, notices)


def _begun(case: Case, node: Node) -> Refusal | None:
    if not node.facts.doing:
        return None
    starter = next((event for event in reversed(node.item.events) if event.verb == "started"), None)
    told = f"{case.person(starter.who)} began it on {case.day(starter.time)}" if starter else "it has begun"
    if starter and starter.who != case.who:
        hint = f"{case.command('assign', node.item.id, case.who)} hands it over"
        return Refusal("already-begun", f"`{node.item.id}` is being done: {told}", hint)
    hint = f"{case.command('check', node.item.id)} finishes it"
    return Refusal("already-begun", f"`{node.item.id}` is being done: {told}", hint)


def reopen(case: Case, node: Node) -> Decision | Refusal:
    """Open a finished or skipped item again, with the finished items that it is a part of; send a proposal back."""
    name = node.item.id
    if node.facts.proposed:
        return send_back(case, node, "reopened")
    if not node.facts.closed:
        if node.closed:
            return case.closed(node) or _not_closed(case, node)
        return _not_closed(case, node)
    refusal = case.needs_note(f"Reopening `{name}`")
    if refusal:
        return refusal
    changes: list[Change] = [
        case.change(other, "reopened", (), case.note, box=False) for other in (node, *closed_parents(case.flow, node))
    ]
    return decided(changes)


def _not_closed(case: Case, node: Node) -> Refusal:
    hint = f"{case.command('check', node.item.id)} finishes it"
    return Refusal("not-closed", f"`{node.item.id}` is open already", hint)


def block(case: Case, node: Node) -> Decision | Refusal:
    """Say that an item cannot go on, why, and until when if that is known."""
    refusal = case.closed(node) or case.needs_note(f"Blocking `{node.item.id}`")
    if refusal:
        return refusal
    until = case.value("until")
    if until and day_in(until) is None:
        return Refusal("bad-date", f"`{until[:40]}` is no date", "as in 2026-12-01")
    values = (("until", until),) if until else ()
    return decided([case.change(node, "blocked", values, case.note)])


def unblock(case: Case, node: Node) -> Decision | Refusal:
    """Say that a blocked item can go on."""
    refusal = case.closed(node)
    if refusal:
        return refusal
    if not node.facts.blocked:
        return Refusal("not-blocked", f"`{node.item.id}` is not blocked", f"{case.command('show')} shows how it stands")
    return decided([case.change(node, "unblocked", (), case.note)])


def note(case: Case, node: Node | None) -> Decision | Refusal:
    """Write something down, under an item or in the Log; under an item also what was spent on it."""
    spent = tuple(pair for pair in case.action.values if pair[0] in ("hours", "cost")) if node else ()
    refusal = None if spent else case.needs_note("A note")
    if refusal:
        return Refusal("needs-note", "A note needs its text", refusal.hint)
    if node is None and case.flow.node(case.note):
        hint = case.command("note", case.note, "-m TEXT")
        return Refusal("needs-note", f"`{case.note}` is a {case.noun}: say what to note there", hint)
    change = case.change(node, "noted", spent, case.note) if node else case.log("noted", (), case.note)
    return decided([change])
