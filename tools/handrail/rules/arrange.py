"""Arranging the work: assign, due, set, rename, cancel."""

from __future__ import annotations

from handrail.base.words import one_line
from handrail.model.change import Decision, Refusal
from handrail.model.run import MAX_TITLE, Run
from handrail.rules.case import Case, decided
from handrail.rules.finish import fields_given, set_changes
from handrail.rules.flow import Node, day_in
from handrail.rules.fold import names_in
from handrail.rules.values import is_known_person, who_instead

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of what follows: with them a title could pass for another one."""


def assign(case: Case, node: Node) -> Decision | Refusal:
    """Give an open item to others; `to=none` to nobody. Finished items keep who did them."""
    refusal = case.closed(node)
    people = _people(case)
    if refusal:
        return refusal
    if isinstance(people, Refusal):
        return people
    if node.facts.assignees == people or (node.facts.assignees is None and node.item.attributes.who == people):
        who = case.people(people) or "nobody"
        return Refusal(
            "already-assigned", f"`{node.item.id}` is with {who} already", f"{case.command('show')} shows it"
        )
    return decided([case.change(node, "assigned", (("to", " ".join(people) or "none"),))])


def assign_many(case: Case) -> Decision | Refusal:
    """Give others all open items of a role (`role=`) or of a person (`from=`), in place of who has them."""
    role, leaver = case.value("role"), case.value("from").lstrip("@")
    if not (role or leaver):
        return _half_said(case)
    people = _people(case)
    if isinstance(people, Refusal):
        return people
    changes = []
    for node in case.flow.nodes:
        if node.closed or (role and role not in node.item.attributes.role):
            continue
        if leaver and leaver not in _own(node):
            continue
        kept = tuple(key for key in _own(node) if key != leaver) if leaver else ()
        new = tuple(dict.fromkeys((*kept, *people)))
        if new != _own(node):
            changes.append(case.change(node, "assigned", (("to", " ".join(new) or "none"),)))
    if not changes:
        what = f"the role `{role}`" if role else case.person(leaver)
        return Refusal("nothing-to-assign", f"No open {case.noun} here is with {what}", f"{case.command('show')}")
    return decided(changes)


def _half_said(case: Case) -> Refusal:
    """Refuse an assignment that names an item and nobody, or somebody and no item."""
    word = case.value("to")
    if case.flow.node(word):
        return Refusal("needs-person", f"Say who gets `{word}`", case.command("assign", word, "PERSON"))
    hint = f"{case.command('assign', case.noun.upper(), word or 'PERSON')}, or --role, or --from"
    return Refusal("no-item", f"Say which {case.noun} to assign", hint)


def _own(node: Node) -> tuple[str, ...]:
    return node.item.attributes.who if node.facts.assignees is None else node.facts.assignees


def _people(case: Case) -> tuple[str, ...] | Refusal:
    text = case.value("to")
    if not text:
        return Refusal("needs-person", "Say who it is for", f"{case.command('assign', 'STEP', 'PERSON')}, or none")
    people = names_in(text)
    for key in people:
        if not is_known_person(key, case.config):
            return Refusal("unknown-person", f"There is nobody called `{key[:60]}`", who_instead(key, case.config))
        if not case.config.person(key).active:
            return Refusal("has-left", f"{case.person(key)} has left", "handrail.yml lists who is there")
    return people


def due(case: Case, node: Node | None) -> Decision | Refusal:
    """Set by hand when an item, or the whole run, is due; `on=none` takes that back."""
    refusal = case.closed(node) if node else finished(case)
    if refusal:
        return refusal
    text = case.value("on")
    day = day_in(text)
    if node is None and case.flow.node(text):
        return Refusal("bad-date", f"Say when `{text}` is due", case.command("due", text, "2026-12-01"))
    if not text or (day is None and text != "none"):
        message = f"`{text[:40]}` is no date" if text else "Say when it is due"
        return Refusal("bad-date", message, "as in 2026-12-01, or none")
    values = (("on", day.isoformat() if day else "none"),)
    return decided([case.change(node, "due", values, case.note) if node else case.log("due", values, case.note)])


def set_fields(case: Case, node: Node | None) -> Decision | Refusal:
    """Keep values of fields, under the item that they were given at or in the Log."""
    if not case.action.fields:
        return Refusal("no-field", "Say which field gets which value", f"{case.command('set', 'FIELD=VALUE')}")
    if node and node.closed == "na":
        return case.not_applicable(node)
    refusal = finished(case) if node is None or node.closed else None
    if refusal:
        return refusal
    kept = fields_given(case)
    if isinstance(kept, Refusal):
        return kept
    if node:
        changes = set_changes(case, node, kept)
    else:
        fresh = tuple((name, value) for name, value in kept if case.flow.fields.get(name) != value)
        changes = [case.log("set", fresh, case.note)] if fresh else []
    if not changes:
        shown = ", ".join(f"{name}={value}" for name, value in kept)
        return Refusal("already-set", f"It is so already: {shown}", f"{case.command('show')} shows it")
    return decided(changes)


def rename(case: Case) -> Decision | Refusal:
    """Give a run another title. Its id stays, and with it every link and every name that others know it by.

    What is finished keeps the title under which people knew it, as it keeps all else.
    """
    assert isinstance(case.holder, Run)
    asked, old = case.raw("title"), case.holder.title
    title = one_line(asked)
    if case.flow.nodes and case.flow.finished():
        hint = f"{case.command('reopen', 'STEP', '-m REASON')} opens it again, {case.command('note')} tells more"
        return Refusal("finished", "This run is finished, and what is finished keeps its title", hint)
    refusal = _bad_title(case, asked, title)
    if refusal:
        return refusal
    if title == old:
        return Refusal("already-called", f"It is called `{title[:80]}` already", f"{case.command('show')} shows it")
    return decided([case.log("renamed", (("title", title), ("was", old)), case.note)])


def _bad_title(case: Case, asked: str, title: str) -> Refusal | None:
    """Refuse what nobody could read or the file could not hold as it is."""
    example = case.command("rename", "'Ada Lovelace'")
    if not title:
        return Refusal("no-title", "A run needs a title", example)
    if len(title) > MAX_TITLE:
        message = f"The title has {len(title):,} characters, {MAX_TITLE} are allowed"
        return Refusal("title-too-long", message, "shorten it")
    import unicodedata

    odd = next((sign for sign in asked if unicodedata.category(sign) in ("Cc", "Cs") or sign in _TURNING), "")
    if odd:
        return Refusal("bad-title", f"The title has a control character in it (U+{ord(odd):04X})", "take it out")
    if '"' in title and "'" in title:
        message = "The title has both kinds of straight quotes, and an event can hold just one"
        return Refusal("bad-title", message, "write one of them as “ ”")
    return None


def finished(case: Case) -> Refusal | None:
    """Refuse where the whole is finished: what it says is on record then."""
    if not case.flow.nodes or not case.flow.finished():
        return None
    hint = f"{case.command('reopen', 'STEP', '-m REASON')} opens it again, {case.command('note')} still works"
    return Refusal("finished", f"This {case.whole} is finished", hint)


def cancel(case: Case) -> Decision | Refusal:
    """End a run or project without finishing it."""
    if case.action.items:
        hint = f"{case.command('skip', *case.action.items[:1], '-m REASON')} leaves out one {case.noun}"
        return Refusal("cancel-whole", f"Only a whole {case.whole} can be cancelled", hint)
    refusal = case.needs_note(f"Cancelling a {case.whole}")
    if refusal:
        return refusal
    refusal = finished(case)
    if refusal:
        return refusal
    return decided([case.log("cancelled", (), case.note)])
