"""Every action in every situation of a step has the outcome that the table says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rules_made import Play, make_run, spans, step
from table import SITUATIONS as TOLD
from table import TABLE, VERBS

from handrail.model.change import Refusal
from handrail.model.item import Link
from handrail.rules.apply import apply

VALUES: dict[str, dict[str, str]] = {"assign": {"to": "ben"}, "due": {"on": "2026-12-01"}}


def _two(order: str = "sequence", **second: object) -> Play:
    return Play(make_run(step("a"), step("x", who=("ana",), **second), order=order))


def _one(**attributes: object) -> Play:
    return Play(make_run(step("x", who=("ana",), **attributes), step("z")))


def _approval(*who: str) -> Play:
    return Play(make_run(step("a", who=("ben",)), step("x", who=who or ("ana",), approval="1"), step("z")))


SITUATIONS: dict[str, Callable[[], Play]] = {
    "waiting in sequence": _two,
    "waiting in strict order": lambda: _two("strict"),
    "waiting for after=": lambda: _two("any", after=(Link("a"),)),
    "waiting behind a gate": lambda: Play(make_run(step("a", gate=True), step("x", who=("ana",)), order="any")),
    "waiting for its wait=": lambda: _two(wait=spans("3d")).do("check", "a"),
    "waiting for sub-steps": lambda: Play(make_run(step("x", step("p"), step("q"), who=("ana",)), step("z"))),
    "ready": _one,
    "doing": lambda: _one().do("begin", "x"),
    "doing by another": lambda: _one().do("begin", "x", who="ben"),
    "proposed": lambda: Play(make_run(step("x", who=("ana",)), step("z"), agents="propose")).do(
        "check", "x", who="robo"
    ),
    "blocked": lambda: _one().do("block", "x", note="no key"),
    "done": lambda: _one().do("check", "x"),
    "ticked by hand": lambda: _one().ticked("x"),
    "skipped": lambda: _one().do("skip", "x", note="not needed"),
    "n/a": lambda: _one(condition="plan == 'pro'"),
    "gate, ready": lambda: _one(gate=True),
    "approval, ready": lambda: _approval().do("check", "a", who="ben"),
    "approval, waiting": _approval,
    "approval of others": lambda: _approval("ines", "tom").do("check", "a", who="ben"),
    "approval, done": lambda: _approval().do("check", "a", who="ben").do("approve", "x"),
    "in a cancelled run": lambda: _one().do("cancel", note="moved away"),
    "optional, in a finished run": lambda: _one(optional=True).do("check", "z"),
}


def outcome(play: Play, verb: str) -> str:
    """Give the code of the refusal, or the state that the action leaves the step `x` in."""
    fields = {"plan": "basic"} if verb == "set" else {}
    decided = play.ask(verb, "x", note="because", fields=fields, **VALUES.get(verb, {}))
    if isinstance(decided, Refusal):
        return decided.code
    play.holder = apply(play.holder, decided.changes)
    return f"-> {play.steps['x'].state}"


@pytest.mark.parametrize(("situation", "verb"), [(row, verb) for row in TABLE for verb in VERBS])
def test_the_table(situation: str, verb: str) -> None:
    assert outcome(SITUATIONS[situation](), verb) == TABLE[situation][verb]


@pytest.mark.parametrize("situation", list(TABLE))
def test_every_refusal_says_why_and_what_to_do(situation: str) -> None:
    for verb in VERBS:
        play = SITUATIONS[situation]()
        decided = play.ask(verb, "x", note="because", fields={}, **VALUES.get(verb, {}))
        if isinstance(decided, Refusal):
            assert decided.message, decided
            assert decided.hint, decided


def test_the_table_is_whole() -> None:
    assert list(TABLE) == list(SITUATIONS) == list(TOLD)
    assert all(tuple(row) == VERBS for row in TABLE.values())
