"""Steps as people read them: those of a procedure, and those of a run or project at one moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date
from itertools import groupby
from urllib.parse import urlsplit

from handrail.base.value import dataclass
from handrail.base.words import Said, one_line
from handrail.model.item import Event, Item
from handrail.model.state import CLOSED, OPEN_NOW, StepState
from handrail.rules.fold import CONFIRMS, proposed_by
from handrail.site.context import View
from handrail.site.language import Language
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.parts import (
    chip,
    chips,
    day,
    due_rule,
    due_words,
    first_due_words,
    folded,
    moment,
    people,
    person,
    span_text,
    state_chip,
    state_mark,
    state_word,
)
from handrail.site.paths import process_src

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PROOF = {"link": "a link", "file": "a file", "note": "a note"}
EVIDENCE = frozenset({"link", "file", "run"})
EVENT_WORDS = {
    "started": "began",
    "done": "finished",
    "reopened": "reopened",
    "skipped": "skipped",
    "approved": "approved",
    "rejected": "sent back",
    "assigned": "assigned",
    "due": "moved the deadline of",
    "blocked": "blocked",
    "unblocked": "unblocked",
    "noted": "noted on",
    "set": "set a value in",
    "cancelled": "cancelled",
    "upgraded": "upgraded",
    "renamed": "renamed",
    "proposed": "proposed",
    "proposed to skip": "proposed to skip",
}


def deed_sentence(deed: str) -> str:
    """Give the message that tells who did something to what: its places are `who` and `what`."""
    return f"{{who}} {EVENT_WORDS.get(deed, deed)} {{what}}"


def deed_words(language: Language, deed: str, who: str, what: str) -> str:
    """Tell who did something to what."""
    return language.say(deed_sentence(deed), who=who, what=what)


def deed_word(language: Language, deed: str) -> str:
    """Give what was done as a word by itself."""
    return language.say(f"deed|{EVENT_WORDS[deed]}") if deed in EVENT_WORDS else deed


def procedure_steps(
    view: View, items: Iterable[Item], titles: Mapping[str, str], first: int = 1, level: int = 3
) -> Html:
    """Give the steps of a procedure, numbered from `first`; `titles` are the titles of all its steps by id."""
    rows = [
        tag(
            "li",
            span("hr-step__number", str(number), aria_hidden="true"),
            div("hr-step__main", _procedure_step(view, item, titles, level)),
            class_="hr-step" + (" hr-step--gate" if item.attributes.gate else ""),
        )
        for number, item in enumerate(items, first)
    ]
    return tag("ol", rows, class_="hr-steps", start=first if first != 1 else None)


def _procedure_step(view: View, item: Item, titles: Mapping[str, str], level: int) -> Content:
    title = step_heading(view, item, level)
    inner = procedure_steps(view, item.children, titles, level=min(level + 1, 6)) if item.children else EMPTY
    return [title, rule_chips(view, item, titles), _body(view, item.id, item.body), inner]


def step_heading(view: View, item: Item, level: int, *before: Content) -> Html:
    """Give a step's title as a heading that can be linked to."""
    mark = link(f"#{item.id}", "¶", class_="headerlink", title=view.say("Link to this step"))
    return tag(f"h{level}", *before, view.linked_title(item), mark, id=item.id, class_="hr-step__title")


def rule_chips(view: View, item: Item, titles: Mapping[str, str]) -> Html:
    """Give what a procedure says about a step: who, by when, under which condition, with what evidence."""
    rules = item.attributes
    after = [link(f"#{other.item}", view.title(titles.get(other.item, other.item))) for other in rules.after]
    ask = ", ".join(name.replace("_", " ") for name in rules.ask)
    proof = view.say(" or ").join(view.say(_PROOF[kind]) if kind in _PROOF else kind for kind in rules.proof)
    return chips(
        chip("who", _joined(rules.who)) if rules.who else EMPTY,
        chip("due", due_rule(view, rules.due)) if rules.due else EMPTY,
        chip("est", view.say("takes {span}", span=span_text(view, rules.est.likely))) if rules.est else EMPTY,
        chip("gate", view.say("gate: nothing below before this")) if rules.gate else EMPTY,
        chip("approval", _approval(view, rules.approval)) if rules.approval else EMPTY,
        chip("optional", view.say("optional")) if rules.optional else EMPTY,
        chip("condition", view.told("only if {condition}", condition=tag("code", rules.condition)))
        if rules.condition
        else EMPTY,
        chip("after", view.told("after {steps}", steps=_commas(after))) if after else EMPTY,
        chip("after", view.say("{span} later", span=span_text(view, rules.wait))) if rules.wait else EMPTY,
        chip("who", view.say("not by who did {steps}", steps=_joined(rules.not_by))) if rules.not_by else EMPTY,
        chip("ask", view.say("asks for {fields}", fields=ask)) if ask else EMPTY,
        chip("proof", view.say("with {proof}", proof=proof)) if proof else EMPTY,
        chip("run", view.told("starts {process}", process=_process_link(view, rules.run))) if rules.run else EMPTY,
        class_="hr-chips--rules",
    )


def _joined(names: Iterable[str]) -> str:
    return ", ".join(name.replace("-", " ").replace("_", " ") for name in names)


def _commas(parts: list[Html]) -> Html:
    return Html(", ".join(parts))


def _approval(view: View, approval: str) -> str:
    if approval == "1":
        return view.say("approval")
    return view.say("approval by all") if approval == "all" else view.say("approval by {n}", n=approval)


def _process_link(view: View, id: str) -> Html:
    process = view.site.overview.workspace.processes.get(id)
    return link(view.to(process_src(id)), view.title(process.title)) if process else text(id)


def _body(view: View, prefix: str, markdown: str, path: str = "") -> Html:
    html = view.body(markdown, prefix, path)
    return div("hr-body", html) if html else EMPTY


@dataclass(frozen=True, slots=True)
class Live:
    """What the steps of one run or project are shown with.

    `how` are the procedure's steps by id, `titles` those of all steps here, `path` the file the instructions are in.
    """

    view: View
    titles: Mapping[str, str]
    path: str
    how: Mapping[str, Item] = field(default_factory=dict)


def live_steps(live: Live, steps: Iterable[StepState], level: int = 3) -> Html:
    """Give steps as they stand: what is done and by whom, who has the rest, until when, with what was noted."""
    rows = [
        tag(
            "li",
            state_mark(live.view, step.state),
            div("hr-step__main", _live_step(live, step, level)),
            class_=f"hr-step hr-step--live hr-step--{step.state}",
        )
        for step in steps
    ]
    return tag("ol", rows, class_="hr-steps hr-steps--live")


def _live_step(live: Live, step: StepState, level: int) -> Content:
    view, source = live.view, live.how.get(step.id)
    return [
        step_heading(view, step.item, level),
        _meta_line(live, step),
        _notes(view, step),
        _body(view, f"{step.id}-own", step.item.body),
        _instruction(view, source, live.path) if source else EMPTY,
        live_steps(live, step.substeps, min(level + 1, 6)) if step.substeps else EMPTY,
    ]


def _instruction(view: View, source: Item, path: str) -> Html:
    html = view.body(source.body, source.id, path)
    return folded(view.say("How it is done"), div("hr-body", html)) if html else EMPTY


def _meta_line(live: Live, step: StepState) -> Html:
    view, facts = live.view, step.facts
    if step.state in {"done", "skipped"}:
        who = person(view, facts.by) if facts.by else EMPTY
        proposer = (
            chip("approval", view.told("proposed by {who}", who=view.person(facts.proposer)))
            if facts.proposer
            else EMPTY
        )
        return chips(who, moment(view, facts.done), proposer, _marks(view, step), class_="hr-meta")
    if step.state in CLOSED:
        return chips(span("hr-quiet", state_word(view, step.state)), class_="hr-meta")
    on = step.state in OPEN_NOW
    return chips(
        state_chip(view, step.state) if on else EMPTY,
        people(view, step.assignees) if step.assignees or on else EMPTY,
        due_words(view, step.due, step.overdue),
        first_due_words(view, step.due, step.first_due),
        _waits(live, step),
        _marks(view, step),
        class_="hr-meta",
    )


def _waits(live: Live, step: StepState) -> Html:
    if step.wait_until:
        return chip("due", live.view.told("from {day}", day=moment(live.view, step.wait_until)))
    if not step.waits_for or step.state != "waiting":
        return EMPTY
    first = step.waits_for[0]
    title = live.view.title(live.titles.get(first, first))
    step_link = link(f"#{first}", title) if first in live.titles else title
    more = str(len(step.waits_for) - 1)
    sentence = "after {steps} and {n} more" if len(step.waits_for) > 1 else "after {steps}"
    return span("hr-quiet", live.view.told(sentence, steps=step_link, n=more))


def mark_words(view: View, mark: str) -> str:
    """Give what is peculiar about a step in the site's language."""
    return view.said(mark) if isinstance(mark, Said) else view.say(mark)


def _marks(view: View, step: StepState) -> Html:
    return text([chip("ask", mark_words(view, mark)) for mark in step.marks])


def _notes(view: View, step: StepState) -> Html:
    again = {event.note for event in step.item.events if event.value(CONFIRMS)}
    events = [event for event in step.item.events if not (proposed_by(event) and event.note in again)]
    rows = [row for event in events if (row := _note(view, event))]
    return tag("ul", rows, class_="hr-notes") if rows else EMPTY


def _note(view: View, event: Event) -> Html:
    evidence = [evidence_of(view, name, value) for name, value in event.values if name in EVIDENCE]
    values = [(name, value) for name, value in event.values if event.verb == "set"]
    if not event.note and not evidence and not values:
        return EMPTY
    proposed = {"done": "proposed", "skipped": "proposed to skip"}.get(proposed_by(event), "")
    what = proposed if event.verb in {"noted", "done", "set"} else event.verb
    said = f"{deed_word(view.site.language, what)}: " if what else ""
    pairs = [
        span("hr-value", name.replace("_", " "), " ", tag("b", value_shown(view, value))) for name, value in values
    ]
    person = view.site.overview.workspace.config.person(event.who)
    by = span(
        "hr-notes__by", person.shown, f" {view.say('(agent)')}" if person.agent else "", ", ", moment(view, event.time)
    )
    return tag("li", said, one_line(event.note), " " if event.note else "", pairs, evidence, " ", by)


def evidence_of(view: View, name: str, value: str) -> Html:
    """Give a piece of evidence: a link where it is an address that may be followed, else its text.

    The run that finished a step is evidence, too.
    """
    if name == "run":
        known = view.site.ask("run", value)
        return chip("run", view.run(value, value) if known else value)
    if outward := _outward(value):
        return chip("link", outward)
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        return chip("link", value)
    address = view.file_link(value) if name == "file" and not scheme else ""
    return chip("proof", link(address, value.rpartition("/")[2]) if address else value, title=value)


def _outward(value: str) -> Html:
    """Give a link to an address on the web, without its scheme and query; nothing for any other text."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return EMPTY
    if parts.scheme not in {"http", "https"} or not parts.netloc or " " in value:
        return EMPTY
    return link(value, (parts.netloc + parts.path).rstrip("/"), rel="noopener noreferrer")


def value_shown(view: View, value: str) -> Html:
    """Give the value of a field as people read it: an address as a link, a date as the page writes dates."""
    if _DAY.fullmatch(value):
        try:
            return day(view, date.fromisoformat(value))
        except ValueError:
            return text(value)
    return _outward(value) or text(value)


def by_stage(steps: Iterable[StepState]) -> tuple[tuple[str, tuple[StepState, ...]], ...]:
    """Give the steps grouped by the heading that they stand under, in the order of the file."""
    return tuple((stage, tuple(group)) for stage, group in groupby(steps, key=lambda step: step.item.stage))
