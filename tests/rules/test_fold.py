"""What the events of one item come to, and how its box corrects them."""

from __future__ import annotations

from dataclasses import replace

from rules_made import at, events, step

from handrail.model.item import Item
from handrail.model.state import Facts
from handrail.rules.fold import fold


def having(*lines: object, checked: bool = False, **attributes: object) -> Item:
    return replace(step("x", **attributes), checked=checked, events=events(*lines))  # type: ignore[arg-type]


def test_nothing_happened() -> None:
    assert fold(step("x")) == Facts()


def test_a_step_that_was_begun_and_done() -> None:
    facts = fold(having((1, "ana", "started"), (5, "ben", "done"), checked=True))
    assert (facts.closed, facts.by, facts.started, facts.done) == ("done", "ben", at(hours=1), at(hours=5))
    assert (facts.doing, facts.untimed, facts.attempt) == (False, False, 1)


def test_a_tick_by_hand_counts_and_has_no_time() -> None:
    facts = fold(replace(step("x"), checked=True))
    assert (facts.closed, facts.untimed, facts.done, facts.by) == ("done", True, None, "")
    begun = fold(having((1, "ana", "started"), checked=True))
    assert (begun.closed, begun.untimed, begun.started, begun.doing) == ("done", True, at(hours=1), False)


def test_an_emptied_box_counts_as_reopened_at_an_unknown_time() -> None:
    facts = fold(having((1, "ana", "done")))
    assert (facts.closed, facts.attempt, facts.reopened, facts.first_done) == ("", 2, None, at(hours=1))


def test_behaviour_14_the_first_completion_stays_in_the_history() -> None:
    facts = fold(having((1, "ana", "done"), (2, "ben", "reopened"), (9, "chi", "done"), checked=True))
    assert (facts.first_done, facts.done, facts.by, facts.attempt) == (at(hours=1), at(hours=9), "chi", 2)


def test_the_first_of_two_completions_that_were_merged_holds() -> None:
    facts = fold(having((1, "ana", "done"), (2, "ben", "done"), checked=True))
    assert (facts.by, facts.done, facts.attempt) == ("ana", at(hours=1), 1)


def test_a_skipped_step_keeps_its_reason() -> None:
    line = replace(events((1, "ana", "skipped"))[0], note="they have their own")
    facts = fold(replace(step("x"), checked=True, events=(line,)))
    assert (facts.closed, facts.skip_reason, facts.by) == ("skipped", "they have their own", "ana")


def test_assignment_due_and_block_by_hand() -> None:
    facts = fold(
        having(
            (1, "ana", "assigned", {"to": "ben chi"}),
            (2, "ana", "due", {"on": "2026-12-01"}),
            (3, "ana", "blocked", {"until": "2026-12-02"}),
        )
    )
    assert (facts.assignees, facts.due, facts.blocked, facts.blocked_until) == (
        ("ben", "chi"),
        "2026-12-01",
        True,
        "2026-12-02",
    )
    cleared = fold(having((1, "ana", "due", {"on": "2026-12-01"}), (2, "ana", "due", {"on": "none"})))
    assert cleared.due == ""
    assert fold(having((1, "ana", "assigned", {"to": "none"}))).assignees == ()


def test_two_approvals_are_two_people() -> None:
    once = fold(having((1, "ana", "approved"), (2, "ana", "approved"), approval="2"))
    assert (once.closed, once.approvals) == ("", ("ana",))
    twice = fold(having((1, "ana", "approved"), (2, "ben", "approved"), approval="2", checked=True))
    assert (twice.closed, twice.by, twice.done) == ("done", "ben", at(hours=2))


def test_all_approvals_are_there_when_the_box_says_so() -> None:
    lines = (1, "ana", "approved"), (2, "ben", "approved")
    assert fold(having(*lines, approval="all")).closed == ""
    facts = fold(having(*lines, approval="all", checked=True))
    assert (facts.closed, facts.done, facts.by, facts.untimed) == ("done", at(hours=2), "ben", False)


def test_a_rejection_counts_a_round_and_voids_what_was_approved() -> None:
    facts = fold(having((1, "ana", "approved"), (2, "ben", "rejected"), approval="2"))
    assert (facts.approvals, facts.attempt, facts.reopened) == ((), 2, at(hours=2))
    assert facts.rejected is not None
