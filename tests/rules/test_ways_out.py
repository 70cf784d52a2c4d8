"""What a refusal suggests can be done: it names the first step that nothing holds, and a whole command line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_made import CONFIG, Play, make_project, make_run, spans, step

from handrail.model.change import Decision
from handrail.model.item import Item, Link, walk
from handrail.model.process import Field, Process
from handrail.rules.begin import start_command, start_fields

COMMAND = re.compile(r"`handrail (?:project )?(\w+) (?:onboarding/ada|spring) ([\w-]+)")


def after(*names: str) -> tuple[Link, ...]:
    return tuple(Link(name) for name in names)


def chain() -> tuple[Item, ...]:
    """Make three steps, each of which waits for the one before."""
    return step("a"), step("b", after=after("a")), step("c", after=after("b"))


def test_the_hint_names_the_first_step_of_the_chain():
    refusal = Play(make_run(*chain())).refused("check", "c")
    assert refusal.message.startswith("`c` waits for `b`")
    assert refusal.hint == "`handrail begin onboarding/ada a` comes first"


def test_the_hint_goes_on_with_what_was_begun():
    refusal = Play(make_run(*chain())).do("begin", "a").refused("check", "c")
    assert refusal.hint == "`handrail check onboarding/ada a` comes first"


def test_a_blocked_step_is_unblocked_first():
    refusal = Play(make_run(*chain())).do("block", "a", note="no line").refused("check", "c")
    assert refusal.hint == "`handrail unblock onboarding/ada a` when it can go on"


def test_what_waits_for_a_day_is_shown():
    play = Play(make_run(step("a"), step("b", after=after("a"), wait=spans("3d")), step("c", after=after("b"))))
    refusal = play.do("check", "a").refused("check", "c")
    assert refusal.hint == "`handrail show onboarding/ada b` tells what it waits for"


def test_behind_a_gate_the_way_leads_through_what_the_gate_waits_for():
    play = Play(make_run(step("a"), step("gate", gate=True, after=after("a")), step("b", step("b1"))))
    assert play.refused("check", "b1").hint == "`handrail begin onboarding/ada a` comes first"


def test_a_cycle_ends_with_a_command_that_shows_it():
    refusal = Play(make_run(step("a", after=after("b")), step("b", after=after("a")))).refused("check", "a")
    assert "`handrail show onboarding/ada " in refusal.hint


@given(st.data())
def test_what_the_hint_names_is_possible(data: st.DataObject):
    steps: list[Item] = []
    for number in range(data.draw(st.integers(2, 8))):
        links = data.draw(st.lists(st.sampled_from([f"s{one}" for one in range(number)]), max_size=2)) if number else []
        children = (step(f"s{number}-sub"),) if data.draw(st.booleans()) else ()
        gate = data.draw(st.booleans())
        steps.append(step(f"s{number}", *children, after=after(*links), gate=gate))
    order = data.draw(st.sampled_from(["sequence", "strict", "any"]))
    play = Play(make_run(*steps, order=order))
    names = [item.id for item in walk(tuple(steps))]
    for name in data.draw(st.lists(st.sampled_from(names), max_size=6)):
        if isinstance(play.ask("begin", name), Decision):
            play.do("begin", name)
    refusal = play.ask("check", data.draw(st.sampled_from(names)))
    if isinstance(refusal, Decision) or refusal.code not in {"waits", "gate", "strict-order"}:
        return
    found = COMMAND.match(refusal.hint)
    assert found, refusal.hint
    outcome = play.ask(found[1], found[2])
    assert isinstance(outcome, Decision), (refusal, outcome)


@pytest.mark.parametrize("verb", ["skip", "block"])
def test_a_missing_reason_is_told_with_the_whole_command(verb: str):
    assert Play(make_run(*chain())).refused(verb, "a").hint == f"`handrail {verb} onboarding/ada a -m REASON`"


def test_a_project_is_shown_by_the_command_that_there_is():
    play = Play(make_project(step("a", who=("ana",))))
    assert play.refused("assign", "a", to="ana").hint == "`handrail show spring` shows it"


def test_half_a_command_is_told_from_a_wrong_name():
    play = Play(make_run(*chain()))
    assert play.refused("assign", to="b").message == "Say who gets `b`"
    assert play.refused("assign", to="ben").hint.startswith("`handrail assign onboarding/ada STEP ben`")
    assert play.refused("due", on="b").hint == "`handrail due onboarding/ada b 2026-12-01`"
    assert play.refused("note", note="b").hint == "`handrail note onboarding/ada b -m TEXT`"
    play.do("note", note="b is late")


def test_a_start_names_all_that_is_missing_at_once():
    process = Process(
        "hr/new-hire",
        "processes/hr/new-hire/README.md",
        "New hire",
        fields=(
            Field("name", required=True),
            Field("plan", "choice", required=True, choices=("basic", "pro")),
            Field("first_day", "date", required=True),
            Field("seats", "number", required=True, default="10"),
            Field("remark"),
        ),
    )
    refusal = start_fields(process, {"name": "Ada"}, CONFIG)
    assert refusal.message == "A run of hr/new-hire needs `plan` (basic or pro), `first_day` (a date)"
    assert refusal.hint == f"`{start_command(process)}`"
    assert start_command(process) == "handrail start hr/new-hire -f name=… -f plan=basic -f first_day=2026-12-01"
