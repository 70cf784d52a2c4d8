"""Agents: where a process says `agents: propose`, what an agent finishes waits until a person confirms it.

A proposal is a note under an item that is still open (`noted proposes=done`). It is confirmed by the event that closes
the item (`done confirms=robo`), and goes where the item is sent back or closed in another way.
"""

from __future__ import annotations

from handrail.model.change import Change, Decision, Refusal
from handrail.model.item import Event
from handrail.model.run import Run
from handrail.rules.case import Case, Pairs, decided
from handrail.rules.flow import Node
from handrail.rules.fold import CONFIRMS, PROPOSES, proposed_by

VERBS = {"done": "check", "skipped": "skip"}
"""The command by which a person confirms what is proposed."""
FOR_PEOPLE = frozenset({"approve", "reject", "cancel"})


def only_proposes(case: Case) -> bool:
    """Tell whether what this person finishes here is only proposed: an agent, where the process says so."""
    return isinstance(case.holder, Run) and case.holder.agents == "propose" and case.config.person(case.who).agent


def for_people(case: Case) -> Refusal | None:
    """Refuse an agent what is for people alone: to decide on approvals and on proposals, and to end the run."""
    verb = case.action.verb
    if verb not in FOR_PEOPLE or not only_proposes(case):
        return None
    what = "cancels this run" if verb == "cancel" else f"{verb}s here"
    message = f"only a person {what}: {case.person(case.who)} is an agent, and {case.holder.id} lets agents propose"
    return Refusal("agent-proposes", message, f"{case.command('note', *case.action.items, '-m TEXT')} tells people")


def proposed_already(case: Case, node: Node) -> Refusal | None:
    """Refuse an agent a second proposal on top of the first."""
    standing = node.facts.proposed
    if standing is None or not only_proposes(case):
        return None
    name, since = node.item.id, case.day(standing.time)
    message = f"`{name}` was proposed by {case.person(standing.who)} on {since} and waits for a person"
    return Refusal("already-proposed", message, f"{case.command('reopen', name, '-m REASON')} takes it back")


def confirmed(case: Case, node: Node, verb: str) -> Event | None:
    """Give the proposal that an action confirms: the one that stands, of the same outcome, where a person acts."""
    standing = node.facts.proposed
    if standing is None or proposed_by(standing) != verb or case.config.person(case.who).agent:
        return None
    return standing


def kept_evidence(proposal: Event | None, given: Pairs) -> Pairs:
    """Give the evidence of a proposal, and what the person who confirms it adds or gives instead."""
    if proposal is None:
        return given
    kinds = {"file" if key == "sha256" else key for key, _ in given}
    unwanted = {PROPOSES, "run", *kinds, *(("sha256",) if "file" in kinds else ())}
    return (*(pair for pair in proposal.values if pair[0] not in unwanted), *given)


def kept_note(proposal: Event | None, note: str) -> str:
    """Give the note of who confirms, else that of the proposal."""
    return note or (proposal.note if proposal else "")


def closing(case: Case, node: Node, verb: str, values: Pairs = (), note: str = "") -> Change:
    """Give what closes an item: the event with the box, or the proposal of it, which leaves the box alone."""
    if only_proposes(case):
        return case.change(node, "noted", ((PROPOSES, verb), *values), note)
    proposal = confirmed(case, node, verb)
    names = ((CONFIRMS, proposal.who),) if proposal else ()
    return case.change(node, verb, (*names, *values), note, box=True)


def told(case: Case, node: Node, verb: str) -> tuple[str, ...]:
    """Give what an agent is told after a proposal, and a person after deciding otherwise than was proposed."""
    name, standing = node.item.id, node.facts.proposed
    if only_proposes(case):
        confirm, back = case.command(VERBS[verb], name), case.command("reject", name, "-m REASON")
        return (f"only proposed: a person confirms it with {confirm}, or sends it back with {back}",)
    if standing and confirmed(case, node, verb):
        return (f"confirms what {case.person(standing.who)} proposed",)
    if standing:
        other = "finish" if proposed_by(standing) == "done" else "skip"
        return (f"{case.person(standing.who)} had proposed to {other} `{name}`",)
    return ()


def send_back(case: Case, node: Node, verb: str) -> Decision | Refusal:
    """Send a proposal back with a comment (`rejected` or `reopened`): the item is open, for another round."""
    refusal = case.needs_note(f"Sending `{node.item.id}` back")
    return refusal or decided([case.change(node, verb, (), case.note, box=False)], (f"sent back: `{node.item.id}`",))
