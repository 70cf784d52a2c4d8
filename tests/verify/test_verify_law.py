"""What `decide` allows, `verify` accepts, in one commit or in many; one illegal change, and it says so, in its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.app.moment import moment_of
from handrail.base.problem import Problem
from handrail.format.config import read_config
from handrail.format.edit import edit
from handrail.format.fill import fill
from handrail.format.process import read_process
from handrail.format.run import read_run, write_run
from handrail.model.change import Action, Decision
from handrail.model.run import Run
from handrail.reports.verify import Version, judge
from handrail.reports.verify_case import Deed, Law
from handrail.rules.begin import new_run
from handrail.rules.decide import decide
from handrail.rules.state import run_state
from handrail.text.document import read_document

PEOPLE = ("ana", "ben", "chi")
CONFIG = read_config(
    "handrail.yml", "people:\n  ana: {name: Ana}\n  ben: {name: Ben}\n  chi: {name: Chi}\nteams: {money: [ben, chi]}\n"
).value
TEXT = """\
---
title: P
owner: "@ana"
order: ORDER
roles: {sales: [ana, ben]}
fields:
  plan: {choices: [basic, pro], default: basic}
  amount: {type: number}
---

- [ ] A {#a @sales}

- [ ] B {#b @ana gate ask=amount}

- [ ] C {#c @sales proof=link}

- [ ] D {#d @money approval=2 not-by=c back=c}

- [ ] E {#e @ana after=a}

  - [ ] E1 {#e1}

  - [ ] E2 {#e2 optional}

- [ ] F {#f @chi if="plan == 'pro'" wait=1d}
"""
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
MOMENT = moment_of(CONFIG, START)
ITEMS = ("a", "b", "c", "d", "e", "e1", "e2", "f")


def process_of(order: str):
    return read_process(read_document("processes/p/README.md", TEXT.replace("ORDER", order)), "p").value


def law_of(process) -> Law:
    return Law(
        CONFIG, MOMENT, lambda _, revision: process if revision == "1" * 40 else None, lambda *_: (), lambda _: None
    )


def version(text: str) -> Version:
    reading = read_run(read_document("processes/p/runs/r.md", text))
    assert reading.value is not None, text
    return Version(reading.value, text, reading.problems)


def deed(who: str, when: datetime) -> Deed:
    return Deed((who,), when, when)


def begun(process) -> str:
    run = new_run(
        process, title="R", fields={}, roles={}, by="ana", now=START, due=None, project="", parent="",
        revision="1" * 40, run_id="r", config=CONFIG, time=MOMENT.normal, fill=fill,
    )  # fmt: skip
    assert isinstance(run, Run)
    return write_run(run)


VERBS = "check check check approve approve reject begin skip reopen block unblock assign due note set cancel".split()
ACTIONS = st.tuples(
    st.sampled_from(VERBS),
    st.sampled_from((*ITEMS, "")),
    st.sampled_from(PEOPLE),
    st.sampled_from(["", "", "why not", "a: b {x} \u2028 'y\""]),
    st.integers(0, 30),
    st.booleans(),
)


def action_of(verb: str, item: str, who: str, note: str, full: bool) -> Action:
    values = {
        "assign": (("to", "ben chi" if full else "ana"),),
        "due": (("on", "2026-12-01" if full else "none"),),
        "block": (("until", "2026-11-20"),) if full else (),
        "check": (("link", "https://example.org/a"),) if full else (),
    }.get(verb, ())
    fields = {"set": (("plan", "pro" if full else "basic"),), "check": (("amount", "12"),) if full else ()}.get(
        verb, ()
    )
    return Action(verb, (item,) if item else (), note, values, fields)


def played(process, steps) -> list[tuple[str, str, datetime]]:
    """Give the texts that a series of actions leaves, those that are refused left out, with who and when."""
    text, now = begun(process), START
    found = [(text, "ana", START)]
    for verb, item, who, note, hours, full in steps:
        now += timedelta(hours=hours, seconds=1)
        document = read_document("processes/p/runs/r.md", text)
        run = read_run(document).value
        assert run is not None
        state = run_state(run, procedure=process, time=MOMENT.normal, now=now)
        action = action_of(verb, item, who, note, full)
        outcome = decide(state, action, who=who, now=now, config=CONFIG, procedure=process)
        if isinstance(outcome, Decision):
            text = edit(document, outcome.changes)
            found.append((text, who, now))
    return found


HISTORIES = st.tuples(st.sampled_from(["sequence", "strict", "any"]), st.lists(ACTIONS, min_size=3, max_size=25))


@given(HISTORIES)
@settings(max_examples=25)
def test_law_4_what_decide_allows_verify_accepts(history) -> None:
    process = process_of(history[0])
    law = law_of(process)
    states = played(process, history[1])
    before = None
    for text, who, when in states:
        after = version(text)
        assert judge(before, after, deed(who, when), law) == []
        before = after
    last = states[-1][2]
    everybody = Deed((*PEOPLE,), last, last)
    squashed = judge(None, version(states[-1][0]), everybody, law)
    assert [one for one in squashed if one.level == "error"] == []


Mutation = Callable[[str, str, datetime], str]


def stamp(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"


def under(item: str, line: str, mark: str = "") -> Mutation:
    def change(text: str, who: str, when: datetime) -> str:
        told = line.format(time=stamp(when), who=who, other=next(one for one in PEOPLE if one != who))
        item_lines = rf"^(( *)- \[.\] .*{{#{item}[ }}].*\n(?:\2  - 20.*\n)*)"
        return re.sub(item_lines, lambda found: write_at(found, mark, told), text, count=1, flags=re.MULTILINE)

    return change


def write_at(match: re.Match[str], mark: str, told: str) -> str:
    head = re.sub(r"\[.\]", f"[{mark}]", match[1], count=1) if mark else match[1]
    return f"{head}{match[2]}  - {told}\n"


def logged(line: str) -> Mutation:
    return lambda text, who, when: f"{text}- {line.format(time=stamp(when), who=who)}\n"


def regex(pattern: str, new: str) -> Mutation:
    return lambda text, who, when: re.sub(pattern, new, text, count=1, flags=re.MULTILINE)


MUTATIONS: dict[str, Mutation] = {
    "done in another's name": under("a", "{time} @{other} noted: I was not there"),
    "done by a stranger": under("a", "{time} @zed noted: hello"),
    "from the future": under("a", "2027-11-02T09:00:00Z @{who} noted: soon"),
    "from the past": under("a", "2026-10-01T09:00:00Z @{who} noted: long ago"),
    "approved what is none": under("a", "{time} @{who} approved", "x"),
    "checked an approval": under("d", "{time} @{who} done", "x"),
    "a gate skipped": under("b", "{time} @{who} skipped: no", "x"),
    "an approval skipped": under("d", "{time} @{who} skipped: no", "x"),
    "skipped without a reason": under("a", "{time} @{who} skipped", "x"),
    "reopened without a reason": under("a", "{time} @{who} reopened", " "),
    "blocked without a reason": under("a", "{time} @{who} blocked"),
    "rejected without a reason": under("d", "{time} @{who} rejected", " "),
    "assigned to a stranger": under("a", "{time} @{who} assigned to=zed"),
    "a date that is none": under("a", "{time} @{who} due on=soon"),
    "a value that the field cannot have": under("a", "{time} @{who} set plan=gold"),
    "a verb that there is not": under("a", "{time} @{who} finished"),
    "no event": under("a", "{time} @{who}"),
    "started twice": logged("{time} @{who} started"),
    "cancelled without a reason": logged("{time} @{who} cancelled"),
    "a note without a text": logged("{time} @{who} noted"),
    "an upgrade to nowhere": logged(f"{{time}} @{{who}} upgraded from={'1' * 40} to={'2' * 40}"),
    "a gate made none": regex(r" gate", ""),
    "an approval made none": regex(r" approval=2", ""),
    "four eyes made two": regex(r" not-by=c", ""),
    "evidence not asked for": regex(r" proof=link", ""),
    "a title": regex(r"\] C \{", "] Something else {"),
    "a step less": regex(r"^- \[.\] F .*\n(?:  - 20.*\n)*", ""),
    "a step more": regex(r"^## Log", "- [x] New {#new}\n\n## Log"),
    "an id": regex(r"\{#e2 ", "{#e3 "),
    "a condition": regex(r"plan == 'pro'", "plan == 'basic'"),
    "the revision": regex(r"^revision: 1", "revision: 2"),
    "the fields": regex(r"plan: basic\}", "plan: pro}"),
    "who started it": regex(r"^by: .*", 'by: "@chi"'),
    "another order": regex(r"^started:", "due: 2027-01-01\nstarted:"),
    "the name of the run": regex(r"^run: p/r", "run: p/other"),
    "the start in the Log": regex(r"^(## Log\n\n- \S+) @ana", r"\1 @chi"),
}


def changed_lines(before: str, after: str) -> set[int]:
    """Give the lines of `after` that differ, or where lines are missing."""
    matcher = difflib.SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    blocks = [(first, last) for kind, _, _, first, last in matcher.get_opcodes() if kind != "equal"]
    return {number for first, last in blocks for number in range(first, max(last, first + 1) + 2)}


@pytest.mark.parametrize("name", MUTATIONS)
@given(HISTORIES, st.integers(0, 100))
@settings(max_examples=3)
def test_law_4_one_illegal_change_is_named_with_its_line(name: str, history, place: int) -> None:
    process = process_of(history[0])
    law = law_of(process)
    states = played(process, history[1])
    text, who, when = states[place % len(states)]
    when += timedelta(hours=1)
    forged = MUTATIONS[name](text, who, when)
    if forged == text:
        return
    found: list[Problem] = judge(version(text), version(forged), deed(who, when), law)
    errors = [one for one in found if one.level == "error"]
    assert errors, forged
    assert {one.place.line for one in errors} & changed_lines(text, forged), errors


@given(HISTORIES, st.data())
@settings(max_examples=25)
def test_law_4_no_event_can_be_taken_away_changed_or_put_among_the_others(history, data) -> None:
    process = process_of(history[0])
    law = law_of(process)
    text, who, when = played(process, history[1])[-1]
    lines = text.split("\n")
    events = [number for number, line in enumerate(lines) if re.match(r" *- 20", line)]
    at = data.draw(st.sampled_from(events))
    how = data.draw(st.sampled_from(["remove", "change", "insert"]))
    indent = lines[at][: lines[at].index("-")]
    new = {
        "remove": [],
        "change": [re.sub(r"@\w+", "@dora", lines[at])],
        "insert": [f"{indent}- {stamp(START)} @{who} noted: before", lines[at]],
    }[how]
    forged = "\n".join([*lines[:at], *new, *lines[at + 1 :]])
    found = judge(version(text), version(forged), deed(who, when), law)
    assert {one.code for one in found} & {"event-removed", "event-changed", "event-inserted"}
