"""Finishing items: check and skip; and what stands between an item and its end."""

from __future__ import annotations

from handrail.model.change import Change, Decision, Refusal
from handrail.model.process import Field
from handrail.model.run import Run
from handrail.rules.case import Case, Pairs, decided
from handrail.rules.child import finished_child
from handrail.rules.flow import Node
from handrail.rules.proposal import closing, confirmed, kept_evidence, kept_note, only_proposes, proposed_already, told
from handrail.rules.values import is_link, is_path, read_fields


def check(case: Case, node: Node) -> Decision | Refusal:
    """Finish an item by hand of whoever acts, or propose that. The fields that came with it are kept first."""
    refusal = case.closed(node) or case.blocked(node) or _is_approval(case, node) or proposed_already(case, node)
    refusal = refusal or case.held(node) or case.open_substeps(node) or four_eyes(case, node)
    if refusal:
        return refusal
    kept = fields_given(case)
    if isinstance(kept, Refusal):
        return kept
    values = evidence(case)
    if isinstance(values, Refusal):
        return values
    proposal = confirmed(case, node, "done")
    values, note = kept_evidence(proposal, values), kept_note(proposal, case.note)
    refusal = missing_fields(case, node, kept) or missing_proof(case, node, values, note)
    if refusal:
        return refusal
    child = finished_child(case, node)
    if isinstance(child, Refusal):
        return child
    changes = set_changes(case, node, kept)
    changes.append(closing(case, node, "done", (*child, *values), note))
    return decided(changes, (*told(case, node, "done"), *case.out_of_order(node)))


def skip(case: Case, node: Node) -> Decision | Refusal:
    """Close an item without doing it, and what is open below it. Its box is ticked: nobody has to come back to it."""
    note = kept_note(confirmed(case, node, "skipped"), case.note)
    refusal = case.closed(node) or proposed_already(case, node)
    refusal = refusal or (None if note else case.needs_note(f"Skipping `{node.item.id}`"))
    if refusal:
        return refusal
    held = case.held(node)
    if held and held.code == "strict-order":
        return held
    below = [case.flow.nodes[index] for index in range(node.index + 1, node.end + 1)]
    open_ones = [other for other in below if not other.closed]
    for other in (node, *open_ones):
        refusal = _must_not_be_skipped(case, other)
        if refusal:
            return refusal
    also = [] if only_proposes(case) else list(reversed(open_ones))
    changes = [closing(case, other, "skipped", (), note) for other in (*also, node)]
    return decided(changes, told(case, node, "skipped"))


def _must_not_be_skipped(case: Case, node: Node) -> Refusal | None:
    attributes = node.item.attributes
    if attributes.optional or not (attributes.gate or attributes.approval):
        return None
    what, verb = ("an approval", "approve") if attributes.approval else ("a gate", "check")
    message = f"`{node.item.id}` is {what} and cannot be skipped"
    return Refusal("cannot-skip", message, f"{case.command(verb, node.item.id)} finishes it")


def _is_approval(case: Case, node: Node) -> Refusal | None:
    if not node.item.attributes.approval:
        return None
    hint = f"{case.command('approve', node.item.id)}, or reject -m REASON"
    return Refusal("needs-approval", f"`{node.item.id}` is an approval: it is approved, not checked", hint)


def four_eyes(case: Case, node: Node) -> Refusal | None:
    """Refuse the one who finished an item that this one must not be finished by (`not-by=`), in either order."""
    name, proposal = node.item.id, confirmed(case, node, "done")
    acting = {case.who} | ({proposal.who} if proposal else set())
    for item in node.item.attributes.not_by:
        other = case.flow.node(item)
        if other and other is not node and not _in_part(other) and acting & _doers(other):
            return _same_eyes(case, name, item, acting & _doers(other))
    for other in case.flow.nodes:
        if name in other.item.attributes.not_by and other is not node and acting & _doers(other):
            return _same_eyes(case, name, other.item.id, acting & _doers(other))
    return None


def _in_part(node: Node) -> bool:
    """Tell whether some have approved an item and others are still asked."""
    return node.facts.closed != "done" and bool(node.facts.approvals)


def _doers(node: Node) -> set[str]:
    """Give who has finished an item, or proposes that: the agent and the person who has confirmed it."""
    facts = node.facts
    closers = {facts.by, facts.proposer} if facts.closed == "done" else set()
    proposing = {facts.proposed.who} if facts.proposed else set()
    return {*facts.approvals, *closers, *proposing} - {""}


def _same_eyes(case: Case, name: str, other: str, same: set[str]) -> Refusal:
    message = f"`{name}` takes somebody else than who finished `{other}`, and that was {case.people(sorted(same))}"
    if case.who not in same:
        return Refusal("four-eyes", message, f"{case.command('reject', name, '-m REASON')} sends the proposal back")
    return Refusal("four-eyes", message, f"{case.command('assign', name, 'PERSON')} hands it to another")


def known_fields(case: Case) -> dict[str, Field | None] | None:
    """Give the fields that exist, with what the procedure says of them; None where it is not known."""
    if not isinstance(case.holder, Run) or case.procedure is None:
        return None
    known: dict[str, Field | None] = dict.fromkeys(case.flow.fields)
    known.update((name, None) for node in case.flow.nodes for name in node.item.attributes.ask)
    known.update((field.name, field) for field in case.procedure.fields)
    return known


def fields_given(case: Case) -> Pairs | Refusal:
    """Give the values that came with the action, in the form in which they are kept."""
    return read_fields(case.action.fields, known=known_fields(case), config=case.config)


def set_changes(case: Case, node: Node, kept: Pairs) -> list[Change]:
    """Give the `set` event for values that are not so already."""
    fresh = tuple((name, value) for name, value in kept if case.flow.fields.get(name) != value)
    return [case.change(node, "set", fresh)] if fresh else []


def missing_fields(case: Case, node: Node, kept: Pairs) -> Refusal | None:
    """Refuse where a field that the item asks for has no value."""
    fields = {**case.flow.fields, **dict(kept)}
    missing = [name for name in node.item.attributes.ask if not fields.get(name, "").strip()]
    if not missing:
        return None
    shown = ", ".join(f"`{name}`" for name in missing)
    options = " ".join(f"-f {name}=…" for name in missing)
    hint = f"{case.command(case.action.verb, node.item.id, options)}"
    return Refusal("missing-field", f"`{node.item.id}` asks for {shown}", hint)


def evidence(case: Case) -> Pairs | Refusal:
    """Give the evidence that came with the action, or refuse what is none."""
    link, file = case.value("link"), case.value("file")
    if link and not is_link(link):
        hint = "an address with https://, http:// or mailto:, or a path in the workspace"
        return Refusal("bad-link", f"`{link[:80]}` is no link", hint)
    if file and not is_path(file):
        return Refusal("bad-file", f"`{file[:80]}` is no path in the workspace", "as in files/signed.pdf")
    given = (("link", link), ("file", file), ("sha256", case.value("sha256") if file else ""))
    return tuple((key, value) for key, value in given if value)


def missing_proof(case: Case, node: Node, values: Pairs, note: str) -> Refusal | None:
    """Refuse where the item wants evidence that did not come."""
    came = {key for key, _ in values} | ({"note"} if note else set())
    missing = [kind for kind in node.item.attributes.proof if kind not in came]
    if not missing:
        return None
    ways = {"link": "--proof https://…", "file": "--proof FILE", "note": "-m NOTE"}
    hint = case.command(case.action.verb, node.item.id, *(ways.get(kind, "--proof …") for kind in missing))
    return Refusal("missing-proof", f"`{node.item.id}` needs evidence: a {' and a '.join(missing)}", hint)
