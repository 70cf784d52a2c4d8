"""The checker of `make soak` accepts a true history and rejects every forged one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from soak_check import check_state
from soak_history import read_history
from soak_record import Operation

PATH = "processes/work/runs/r.md"
RUN = "work/r"
START = """\
---
run: work/r
process: work
---

- [ ] Cut {#cut}
  - 2026-11-02T08:00:00Z @seed noted: from before

- [ ] Sew {#sew @ana}

- [ ] Pack {#pack}

## Log

- 2026-11-02T08:00:00Z @seed started
"""
END = """\
---
run: work/r
process: work
---

- [x] Cut {#cut}
  - 2026-11-02T08:00:00Z @seed noted: from before
  - 2026-11-03T08:00:01Z @ana done: a-1
  - 2026-11-03T08:00:02Z @ben noted: b-1

- [ ] Sew {#sew @ana}
  - 2026-11-03T08:00:03Z @ana done: a-2
  - 2026-11-03T08:00:04Z @ben reopened: b-2
  - 2026-11-03T08:00:05Z @ana started
  - 2026-11-03T08:00:05Z @ana assigned to=ana

- [ ] Pack {#pack}

## Log

- 2026-11-02T08:00:00Z @seed started
- 2026-11-03T08:00:06Z @ben set word=b-3
"""


def operation(number: int, verb: str, step: str, who: str, outcome: str = "shared", token: str = "") -> Operation:
    return Operation(who, number, verb, RUN, step, who, f"2026-11-03T08:00:0{number}Z", token, outcome)


DONE = (
    operation(1, "check", "cut", "ana", token="a-1"),
    operation(2, "note", "cut", "ben", token="b-1"),
    operation(3, "check", "sew", "ana", token="a-2"),
    operation(4, "reopen", "sew", "ben", "here", "b-2"),
    operation(5, "begin", "sew", "ana"),
    operation(6, "set", "", "ben", token="b-3"),
    operation(7, "check", "cut", "ben", "refused", "b-4"),
    operation(8, "check", "pack", "ana", "unknown", "a-3"),
)


def kinds(operations=DONE, end: str = END, remote: str = "", path: str = PATH) -> set[str]:
    files = {path: end}
    faults = check_state(operations, files, before={PATH: START}, remote={PATH: remote or end})
    return {fault.kind for fault in faults}


def test_a_true_history_has_no_fault() -> None:
    assert check_state(DONE, {PATH: END}, before={PATH: START}, remote={PATH: END}) == ()


def test_an_action_of_unknown_outcome_may_be_there_or_not() -> None:
    there = END.replace("- [ ] Pack {#pack}", "- [x] Pack {#pack}\n  - 2026-11-03T08:00:08Z @ana done: a-3")
    assert kinds(end=there) == set()


def test_what_was_saved_here_need_not_be_shared_yet() -> None:
    without = END.replace("  - 2026-11-03T08:00:04Z @ben reopened: b-2\n", "").replace("[ ] Sew", "[x] Sew")
    assert kinds(remote=without) == set()


def test_a_time_is_never_before_what_stands_above_it() -> None:
    late = replace(DONE[1], time="2026-11-03T07:59:59Z")
    moved = END.replace("08:00:02Z @ben", "08:00:01Z @ben")
    assert kinds([DONE[0], late, *DONE[2:]], end=moved) == set()


def line(text: str) -> str:
    return next(one for one in END.split("\n") if text in one) + "\n"


MUTANTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "a dropped check": ("lost", lambda end: end.replace(line("a-1"), "").replace("[x] Cut", "[ ] Cut")),
    "a dropped check, its box left": ("broken", lambda end: end.replace(line("a-1"), "")),
    "a dropped note": ("lost", lambda end: end.replace(line("b-1"), "")),
    "a dropped set": ("lost", lambda end: end.replace(line("b-3"), "")),
    "a dropped event that was only saved here": ("lost", lambda end: end.replace(line("b-2"), "")),
    "a dropped event from before": ("lost", lambda end: end.replace(line("from before"), "")),
    "a changed note from before": ("lost", lambda end: end.replace("from before", "from then")),
    "a doubled check": ("doubled", lambda end: end.replace(line("a-1"), line("a-1") * 2)),
    "a doubled note": ("doubled", lambda end: end.replace(line("b-1"), line("b-1") * 2)),
    "a doubled event of the log": ("doubled", lambda end: end.replace(line("b-3"), line("b-3") * 2)),
    "done twice by two people": (
        "broken",
        lambda end: end.replace(line("a-1"), line("a-1") + "  - 2026-11-03T08:00:07Z @ben done: b-4\n"),
    ),
    "refused, but there": (
        "refused",
        lambda end: end.replace(line("b-1"), line("b-1") + "  - 2026-11-03T08:00:07Z @ben done: b-4\n"),
    ),
    "a changed time": ("lost", lambda end: end.replace("08:00:01Z", "08:10:01Z")),
    "a changed time, which nobody acted at": ("foreign", lambda end: end.replace("08:00:01Z", "08:10:01Z")),
    "a changed person": ("lost", lambda end: end.replace("@ben noted", "@chi noted")),
    "a changed person, who did nothing": ("foreign", lambda end: end.replace("@ben noted", "@chi noted")),
    "a changed verb": ("lost", lambda end: end.replace("@ana done: a-1", "@ana skipped: a-1")),
    "changed words": ("lost", lambda end: end.replace("noted: b-1", "noted: b-9")),
    "an event under another step": (
        "lost",
        lambda end: end.replace(line("b-1"), "").replace("{#pack}\n", "{#pack}\n" + line("b-1")),
    ),
    "two people swapped": (
        "lost",
        lambda end: end.replace("@ana done: a-1", "@ben done: a-1").replace("@ben noted: b-1", "@ana noted: b-1"),
    ),
    "an event of nobody": (
        "foreign",
        lambda end: end.replace("{#pack}\n", "{#pack}\n  - 2026-11-03T09:00:00Z @ana noted: a-9\n"),
    ),
    "more than was asked for": (
        "foreign",
        lambda end: end.replace("{#pack}\n", "{#pack}\n  - 2026-11-03T08:00:06Z @ben noted: b-3\n"),
    ),
    "a box ticked without an event": ("broken", lambda end: end.replace("[ ] Pack", "[x] Pack")),
    "a box emptied without an event": ("broken", lambda end: end.replace("[x] Cut", "[ ] Cut")),
    "a step twice": ("broken", lambda end: end.replace("- [ ] Pack {#pack}\n", "- [ ] Pack {#pack}\n\n" * 2)),
    "a conflict marker": ("broken", lambda end: end.replace("- [ ] Pack", "<<<<<<< HEAD\n- [ ] Pack")),
    "a file cut off": ("broken", lambda end: end[: len(end) - 20]),
    "an empty file": ("broken", lambda end: ""),
    "another run's text": ("broken", lambda end: end.replace("run: work/r", "run: work/q")),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_forged_history_is_rejected(mutant: str) -> None:
    kind, forge = MUTANTS[mutant]
    forged = forge(END)
    assert forged != END
    assert kind in kinds(end=forged)


@pytest.mark.parametrize("number", [number for number, one in enumerate(DONE) if one.outcome == "shared"])
def test_said_to_be_shared_but_not_pushed(number: int) -> None:
    event = next(event for event in read_history({PATH: END})[0] if event.time == DONE[number].time)
    without = "\n".join(line for line in END.split("\n") if event.time not in line)
    faults = check_state(DONE, {PATH: END}, before={PATH: START}, remote={PATH: without})
    assert [fault.kind for fault in faults] == ["lost"] and "not on the remote" in faults[0].text


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("outcome", ["refused", "error"])
def test_said_to_be_refused_but_there(number: int, outcome: str) -> None:
    operations = list(DONE)
    operations[number] = replace(operations[number], outcome=outcome)
    assert kinds(operations) & {"refused", "broken"}


@pytest.mark.parametrize("number", range(6))
def test_an_operation_that_no_log_knows_is_foreign(number: int) -> None:
    assert "foreign" in kinds([one for one in DONE if one is not DONE[number]])


def test_a_run_that_is_gone_is_lost() -> None:
    assert {fault.kind for fault in check_state(DONE, {}, before={PATH: START})} == {"lost"}


def test_a_command_that_fails_in_its_own_way_is_broken() -> None:
    failed = replace(DONE[7], outcome="error", said="Traceback")
    assert kinds([*DONE[:7], failed]) == {"broken"}
