"""Approvals: approve, reject, and what a rejection sends back."""

from __future__ import annotations

from collections.abc import Iterable

from handrail.model.change import Change, Decision, Refusal
from handrail.rules.case import Case, decided
from handrail.rules.child import finished_child
from handrail.rules.finish import evidence, fields_given, four_eyes, missing_fields, missing_proof, set_changes
from handrail.rules.flow import NOBODY, Flow, Node, covers
from handrail.rules.fold import enough_approvals
from handrail.rules.proposal import send_back


def approve(case: Case, node: Node) -> Decision | Refusal:
    """Give the approval of whoever acts; the last one that is needed finishes the item."""
    refusal = _may_decide(case, node) or four_eyes(case, node)
    if refusal:
        return refusal
    if case.who in node.facts.approvals:
        message = f"{case.person(case.who)} has approved `{node.item.id}` already; it needs {_wanted(case, node)}"
        return Refusal("already-approved", message, f"{case.command('assign', node.item.id, 'PERSON')} asks another")
    kept = fields_given(case)
    values = evidence(case)
    if isinstance(kept, Refusal):
        return kept
    if isinstance(values, Refusal):
        return values
    refusal = missing_fields(case, node, kept) or missing_proof(case, node, values, case.note)
    if refusal:
        return refusal
    child = finished_child(case, node)
    if isinstance(child, Refusal):
        return child
    given = (*node.facts.approvals, case.who)
    enough = _enough(case, node, given)
    changes = set_changes(case, node, kept)
    changes.append(case.change(node, "approved", (*child, *values), case.note, box=True if enough else None))
    notices = () if enough else (f"approved by {len(given)}; it needs {_wanted(case, node)}",)
    return decided(changes, notices)


def reject(case: Case, node: Node) -> Decision | Refusal:
    """Send the work back: reopen what the approval covers, and void approvals that came after that.

    What an agent has proposed is sent back in the same way, by anybody.
    """
    if node.facts.proposed and not node.item.attributes.approval:
        return send_back(case, node, "rejected")
    refusal = _may_decide(case, node) or case.needs_note(f"Rejecting `{node.item.id}`")
    if refusal:
        return refusal
    covered = [other for other in covers(case.flow, node) if other.closed in ("done", "skipped")]
    changes = [case.change(node, "rejected", (), case.note, box=False)]
    if len(approvers(case, node)) > 1 and node.item.attributes.approval == "1":
        changes.append(case.change(node, "assigned", (("to", case.who),)))
    sent_back = _with_closed_parents(case.flow, covered)
    mark = (("rejected", node.item.id),)
    changes.extend(case.change(other, "reopened", mark, case.note, box=False) for other in sent_back)
    void = _approvals_after(case.flow, sent_back, node)
    changes.extend(_voided(case, other, node) for other in void)
    notices = [f"sent back: {_ids(sent_back)}"] if sent_back else []
    notices += [f"approval void: {_ids(void)}"] if void else []
    return decided(changes, notices)


def approvers(case: Case, node: Node) -> tuple[str, ...]:
    """Give the people who may decide: the assignees, teams as their members."""
    return tuple(dict.fromkeys(person for key in node.assignees for person in case.config.members(key)))


def _may_decide(case: Case, node: Node) -> Refusal | None:
    name = node.item.id
    if not node.item.attributes.approval:
        return Refusal("not-approval", f"`{name}` is no approval", f"{case.command('check', name)} finishes it")
    refusal = case.closed(node) or case.blocked(node) or case.held(node) or case.open_substeps(node)
    return refusal or _is_asked(case, node)


def _is_asked(case: Case, node: Node) -> Refusal | None:
    asked, name = approvers(case, node), node.item.id
    assign = f"{case.command('assign', name, case.who or 'PERSON')} asks somebody"
    if not asked:
        return Refusal("nobody-assigned", f"Nobody is asked for the approval `{name}`", assign)
    if case.who not in asked:
        return Refusal("not-approver", f"`{name}` is for {case.people(node.assignees)} to decide", assign)
    return None


def _enough(case: Case, node: Node, given: tuple[str, ...]) -> bool:
    wanted = node.item.attributes.approval
    if wanted == "all":
        return set(approvers(case, node)) <= set(given)
    return enough_approvals(wanted, len(given))


def _wanted(case: Case, node: Node) -> str:
    wanted = node.item.attributes.approval
    return f"all of {case.people(approvers(case, node))}" if wanted == "all" else wanted


def _with_closed_parents(flow: Flow, nodes: Iterable[Node]) -> list[Node]:
    found: dict[int, Node] = {}
    for node in nodes:
        found[node.index] = node
        for parent in closed_parents(flow, node):
            found[parent.index] = parent
    return [found[index] for index in sorted(found)]


def closed_parents(flow: Flow, node: Node) -> tuple[Node, ...]:
    """Give the closed items that this one is a sub-item of, nearest first: they open again with it."""
    found: list[Node] = []
    index = node.parent
    while index != NOBODY:
        if flow.nodes[index].facts.closed:
            found.append(flow.nodes[index])
        index = flow.nodes[index].parent
    return tuple(found)


def _approvals_after(flow: Flow, sent_back: list[Node], rejecting: Node) -> list[Node]:
    """Give the approvals, whole or in part, that rest on what is sent back."""
    already = {node.index for node in sent_back}
    reached = set(already)
    size = 0
    while size != len(reached):  # usually twice: only a link to a later item needs another pass
        size = len(reached)
        for node in flow.nodes:
            if node.index not in reached and _rests_on(node, reached, already):
                reached.add(node.index)
    found = [flow.nodes[index] for index in sorted(reached - already) if index != rejecting.index]
    return [node for node in found if node.item.attributes.approval and (node.facts.approvals or node.closed == "done")]


def _rests_on(node: Node, reached: set[int], sent_back: set[int]) -> bool:
    above = node.parent in reached and node.parent not in sent_back
    return above or any(before in reached for before in node.before)


def _voided(case: Case, node: Node, rejecting: Node) -> Change:
    return case.change(node, "reopened", (), f"void since {rejecting.item.id} was rejected", box=False)


def _ids(nodes: Iterable[Node]) -> str:
    return ", ".join(f"`{node.item.id}`" for node in nodes)
