"""The numbered behaviours of steps, each in a test that names its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from rules_made import CONFIG, Play, at, events, make_project, make_run, spans, step

from handrail.model.change import Action, Decision
from handrail.model.item import Due, Link
from handrail.model.process import Field, Process
from handrail.rules.state import CHECK_AGAIN, KEPT, OUT_OF_ORDER, SUBSTEPS_OPEN

PROCEDURE = Process(
    "onboarding",
    "processes/onboarding/README.md",
    "Onboarding",
    fields=(
        Field("plan", "choice", choices=("basic", "pro")),
        Field("signed_on", "date"),
        Field("amount", "number", min="1", max="100"),
        Field("launch", "date"),
        Field("lead", "person"),
        Field("page", "link"),
        Field("code", pattern="[A-Z]{3}"),
    ),
)


def after(*names: str) -> tuple[Link, ...]:
    return tuple(Link(name) for name in names)


# 1 and 2: fields


def test_behaviour_1_finishing_without_a_required_field_is_refused_and_names_it() -> None:
    play = Play(make_run(step("a", ask=("signed_on", "amount"))), PROCEDURE)
    refusal = play.refused("check", "a", fields={"amount": "5"})
    assert refusal.code == "missing-field"
    assert "`signed_on`" in refusal.message
    assert "amount" not in refusal.message
    assert "-f signed_on=…" in refusal.hint
    play.do("set", "a", fields={"signed_on": "2026-11-20"})
    assert play.states() == {"a": "ready"}
    play.do("check", "a", fields={"amount": "5"})
    assert play.states() == {"a": "done"}
    assert [event.verb for event in play.steps["a"].item.events] == ["set", "set", "done"]
    assert dict(play.state.fields) == {"signed_on": "2026-11-20", "amount": "5"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("plan", "gold"), ("signed_on", "tomorrow"), ("amount", "many"), ("amount", "0"), ("amount", "101"),
        ("amount", "nan"), ("lead", "nobody"), ("page", "javascript:alert(1)"), ("page", "../../etc"), ("code", "AB"),
    ],
)  # fmt: skip
def test_behaviour_1_a_value_that_does_not_fit_its_field_is_refused(field: str, value: str) -> None:
    play = Play(make_run(step("a")), PROCEDURE)
    assert play.refused("check", "a", fields={field: value}).code == "bad-value"
    assert play.refused("set", fields={field: value}).code == "bad-value"


def test_behaviour_1_an_unknown_field_is_refused_with_the_nearest() -> None:
    refusal = Play(make_run(step("a")), PROCEDURE).refused("set", fields={"paln": "pro"})
    assert (refusal.code, refusal.hint) == ("unknown-field", "did you mean `plan`?")


def test_behaviour_2_a_field_of_a_step_that_does_not_apply_never_blocks() -> None:
    steps = step("a", ask=("amount",), condition="plan == 'pro'"), step("b")
    play = Play(make_run(*steps, fields={"plan": "basic"}), PROCEDURE).do("check", "b")
    assert play.state.state == "done"


# 3: gates


def test_behaviour_3_what_is_below_a_gate_waits_and_what_is_above_does_not() -> None:
    play = Play(make_run(step("a", due=Due(span=spans("1d"))), step("g", gate=True),
                         step("b", due=Due(span=spans("1d"))), order="any"))  # fmt: skip
    assert play.states() == {"a": "ready", "g": "ready", "b": "waiting"}
    assert play.steps["b"].waits_for == ("g",)
    assert (play.steps["b"].ready, play.steps["b"].due) == (None, None)
    assert play.refused("check", "b").code == "gate"
    play.do("check", "a").do("check", "g").do("check", "b")
    assert play.state.state == "done"


def test_behaviour_3_sub_steps_of_a_gate_are_not_below_it() -> None:
    play = Play(make_run(step("g", step("p"), gate=True), step("b")))
    assert play.states() == {"g": "waiting", "p": "ready", "b": "waiting"}
    play.do("check", "p", "g", "b")
    assert play.state.state == "done"


# 4: order


def test_behaviour_4_out_of_order_is_allowed_said_and_marked() -> None:
    play = Play(make_run(step("a"), step("b"), step("c"))).do("check", "b")
    assert play.notices == ("out of order: `a` is still open", "Next: `c`")
    assert play.steps["b"].marks == (OUT_OF_ORDER,)
    assert play.states() == {"a": "ready", "b": "done", "c": "ready"}
    play.do("check", "a")
    assert play.steps["b"].marks == (OUT_OF_ORDER,)


def test_behaviour_4_strict_order_refuses_and_takes_several_in_order() -> None:
    play = Play(make_run(step("a", who=("ana",)), step("b"), step("c"), order="strict"))
    refusal = play.refused("check", "c", "b", "a")
    assert refusal.code == "strict-order"
    assert play.states() == {"a": "ready", "b": "waiting", "c": "waiting"}
    play.do("check", "a", "b", "c")
    assert play.state.state == "done"
    assert play.notices == ("This run is finished",)


def test_behaviour_4_any_order_has_all_ready_at_once() -> None:
    assert set(Play(make_run(step("a"), step("b"), order="any")).states().values()) == {"ready"}


def test_an_optional_step_holds_nobody_up() -> None:
    play = Play(make_run(step("a"), step("b", optional=True), step("c"))).do("check", "a")
    assert play.states() == {"a": "done", "b": "ready", "c": "ready"}
    assert play.do("check", "c").state.state == "done"


def test_after_replaces_the_order() -> None:
    play = Play(make_run(step("a"), step("b"), step("c", after=after("a")))).do("check", "a")
    assert play.states() == {"a": "done", "b": "ready", "c": "ready"}
    refusal = Play(make_run(step("a", who=("ana",)), step("b", after=after("a")))).refused("check", "b")
    assert refusal.message == "`b` waits for `a` (Ana Reyes, since 23 Nov)"
    assert refusal.hint == "`handrail begin onboarding/ada a` comes first"


def test_a_cycle_in_after_waits_and_does_not_loop() -> None:
    play = Play(make_run(step("a", after=after("b")), step("b", after=after("a")), step("c", after=after("c", "no"))))
    assert play.states() == {"a": "waiting", "b": "waiting", "c": "ready"}


# Sub-steps


def test_a_step_is_finished_only_when_its_sub_steps_are() -> None:
    play = Play(make_run(step("a", step("p"), step("q", optional=True), who=("ben",)), step("b")))
    assert play.states() == {"a": "waiting", "p": "ready", "q": "waiting", "b": "waiting"}
    assert play.steps["p"].assignees == ("ben",)
    refusal = play.refused("check", "a")
    assert (refusal.code, refusal.message) == ("open-substeps", "`a` has open sub-steps: `p`")
    play.do("check", "p")
    assert play.notices == ("Next: `a` (Ben Oduya), `q` (Ben Oduya)",)
    assert play.steps["a"].ready == at()
    play.do("check", "a")
    assert play.states()["b"] == "ready"


def test_a_parent_that_was_ticked_by_hand_too_early_is_not_finished() -> None:
    play = Play(make_run(step("a", step("p")))).ticked("a")
    assert play.states() == {"a": "waiting", "p": "ready"}
    assert play.steps["a"].marks == (SUBSTEPS_OPEN,)
    play.do("check", "p")
    assert play.states() == {"a": "done", "p": "done"}


def test_reopening_a_sub_step_opens_what_it_is_a_part_of() -> None:
    play = Play(make_run(step("a", step("p")))).do("check", "p", "a").do("reopen", "p", note="wrong")
    assert play.states() == {"a": "waiting", "p": "ready"}
    assert "This run is open again" in play.notices


def test_depth_costs_nothing() -> None:
    deep = step("d0")
    for number in range(1, 200):
        deep = step(f"d{number}", deep)
    play = Play(make_run(deep))
    play.do("check", *(f"d{number}" for number in range(200)))
    assert play.state.state == "done"


# 5: skipping


def test_behaviour_5_skipping_needs_a_reason_and_satisfies_after() -> None:
    play = Play(make_run(step("a"), step("b", after=after("a")), order="any"))
    assert play.refused("skip", "a").code == "needs-note"
    play.do("skip", "a", note="they have their own")
    assert play.states() == {"a": "skipped", "b": "ready"}
    assert play.steps["a"].item.checked
    assert play.do("check", "b").state.state == "done"
    assert (play.state.progress.done, play.state.progress.skipped, play.state.progress.share) == (1, 1, 1.0)


@pytest.mark.parametrize("attributes", [{"gate": True}, {"approval": "1", "who": ("ana",)}])
def test_behaviour_5_gates_and_approvals_are_skipped_only_where_optional(attributes: dict[str, object]) -> None:
    assert Play(make_run(step("a", **attributes))).refused("skip", "a", note="no").code == "cannot-skip"
    Play(make_run(step("a", optional=True, **attributes))).do("skip", "a", note="no")
    assert Play(make_run(step("p", step("a", **attributes)))).refused("skip", "p", note="no").code == "cannot-skip"


def test_behaviour_5_skipping_a_step_skips_its_open_sub_steps() -> None:
    play = Play(make_run(step("a", step("p"), step("q")))).do("check", "p").do("skip", "a", note="no need")
    assert play.states() == {"a": "skipped", "p": "done", "q": "skipped"}


# 6: conditions


def test_behaviour_6_a_condition_that_turns_false_takes_an_untouched_step_out() -> None:
    steps = step("a"), step("b", condition="plan == 'pro'"), step("c")
    play = Play(make_run(*steps, fields={"plan": "pro"}), PROCEDURE).do("check", "a")
    assert play.states() == {"a": "done", "b": "ready", "c": "waiting"}
    play.do("set", fields={"plan": "basic"})
    assert play.states() == {"a": "done", "b": "na", "c": "ready"}
    assert (play.state.progress.total, play.state.progress.na) == (2, 1)
    play.do("set", fields={"plan": "pro"})
    assert play.states()["b"] == "ready"


def test_behaviour_6_a_step_with_work_is_kept_and_marked() -> None:
    steps = step("a", step("p"), step("q"), condition="plan == 'pro'"), step("c")
    play = (
        Play(make_run(*steps, fields={"plan": "pro"}), PROCEDURE).do("begin", "p").do("set", fields={"plan": "basic"})
    )
    assert play.states() == {"a": "waiting", "p": "doing", "q": "na", "c": "waiting"}
    assert play.steps["p"].marks == play.steps["a"].marks == (KEPT,)


def test_behaviour_6_a_hidden_step_never_blocks_the_end() -> None:
    steps = step("a"), step("b", condition="plan == 'pro'", gate=True), step("c", after=after("b"))
    assert Play(make_run(*steps), PROCEDURE).do("check", "c", "a").state.state == "done"


def test_behaviour_6_an_unknown_field_in_a_condition_keeps_the_step_in_sight() -> None:
    assert Play(make_run(step("a", condition="paln == 'pro'")), PROCEDURE).states() == {"a": "ready"}
    assert Play(make_run(step("a", condition="plan = ")), PROCEDURE).states() == {"a": "ready"}


# 7 and 8: approvals


def approval_run(**attributes: object) -> Play:
    who = attributes.pop("who", ("ines",))
    approve = step("ok", who=who, **{"approval": "1", **attributes})
    return Play(make_run(step("brief"), step("draft", who=("ben",)), approve, step("print")))


def test_behaviour_7_a_rejection_needs_a_comment_and_sends_the_step_before_back() -> None:
    play = approval_run().do("check", "brief", "draft", who="ben")
    assert play.refused("reject", "ok", who="ines").code == "needs-note"
    assert play.refused("approve", "ok", who="ben").code == "not-approver"
    play.do("reject", "ok", who="ines", note="too long")
    assert play.states() == {"brief": "done", "draft": "ready", "ok": "waiting", "print": "waiting"}
    sent_back = play.steps["draft"].facts
    assert sent_back.attempt == 2
    assert sent_back.rejected is not None
    assert sent_back.rejected.note == "too long"
    assert play.steps["ok"].facts.attempt == 2
    play.do("check", "draft", who="ben").do("approve", "ok", who="ines")
    assert play.states()["ok"] == "done"
    assert play.steps["draft"].facts.rejected is None


def test_behaviour_7_back_names_exactly_what_is_reopened() -> None:
    play = approval_run(back=("brief",)).do("check", "brief", "draft").do("reject", "ok", who="ines", note="no")
    assert play.states() == {"brief": "ready", "draft": "done", "ok": "waiting", "print": "waiting"}
    assert play.steps["draft"].marks == (CHECK_AGAIN,)


def test_behaviour_7_the_next_decision_goes_to_the_same_approver() -> None:
    play = approval_run(who=("finance",)).do("check", "brief", "draft").do("reject", "ok", who="tom", note="no")
    assert play.steps["ok"].assignees == ("tom",)


def test_behaviour_7_later_approvals_are_void() -> None:
    steps = (step("a"), step("one", approval="1", who=("ana",)), step("b"),
             step("two", approval="1", who=("ben",), back=("a",)))  # fmt: skip
    play = Play(make_run(*steps)).do("check", "a").do("approve", "one").do("check", "b")
    play.do("reject", "two", who="ben", note="start again")
    assert play.states() == {"a": "ready", "one": "waiting", "b": "done", "two": "waiting"}
    assert "approval void: `one`" in play.notices


def test_behaviour_7_several_may_have_to_approve() -> None:
    play = approval_run(approval="2", who=("ines", "tom", "chi")).do("check", "brief", "draft")
    play.do("approve", "ok", who="ines")
    assert play.states()["ok"] == "ready"
    assert play.refused("approve", "ok", who="ines").code == "already-approved"
    assert play.do("approve", "ok", who="chi").states()["ok"] == "done"


def test_behaviour_7_all_means_everybody_teams_included_and_one_rejection_is_enough() -> None:
    play = approval_run(approval="all", who=("finance", "chi")).do("check", "brief", "draft")
    play.do("approve", "ok", who="ines").do("approve", "ok", who="tom")
    assert play.states()["ok"] == "ready"
    play.do("reject", "ok", who="chi", note="no")
    assert play.steps["ok"].facts.approvals == ()
    play.do("check", "draft")
    for who in ("chi", "tom", "ines"):
        play.do("approve", "ok", who=who)
    assert play.states()["ok"] == "done"
    assert not play.steps["ok"].facts.untimed


def test_behaviour_7_nothing_is_approved_before_it_is_done_or_by_nobody() -> None:
    assert approval_run().refused("approve", "ok", who="ines").code == "waits"
    refusal = approval_run(who=()).do("check", "brief", "draft").refused("approve", "ok", who="ines")
    assert refusal.code == "nobody-assigned"
    assert "assign" in refusal.hint


def test_behaviour_8_four_eyes_hold_in_either_order() -> None:
    play = approval_run(not_by=("draft",), who=("ben", "ines")).do("check", "brief", "draft", who="ben")
    refusal = play.refused("approve", "ok", who="ben")
    assert refusal.code == "four-eyes"
    assert "Ben Oduya" in refusal.message
    play.do("approve", "ok", who="ines")
    play.do("reopen", "draft", who="ben", note="typo")
    assert play.refused("check", "draft", who="ines").code == "four-eyes"


# 9: due dates


def test_behaviour_9_a_span_counts_from_when_the_step_became_ready() -> None:
    play = Play(make_run(step("a"), step("b", due=Due(span=spans("2d")))))
    assert play.steps["b"].due is None
    play.now = at(hours=30)
    play.do("check", "a")
    assert play.steps["b"].due == at(3, 6)
    play.do("reopen", "a", note="wrong")
    assert play.steps["b"].due is None


def test_behaviour_9_a_date_from_the_start_does_not_move() -> None:
    play = Play(make_run(step("a"), step("b", due=Due(span=spans("1d"), anchor="start"))))
    assert play.steps["b"].due == at(0, 8)
    play.now = at(2)
    assert play.steps["b"].overdue
    assert play.steps["b"].state == "waiting"


def test_behaviour_9_a_date_follows_its_field() -> None:
    play = Play(make_run(step("a", due=Due(span=spans("-1d"), anchor="launch"))), PROCEDURE)
    assert play.steps["a"].due is None
    play.do("set", fields={"launch": "2026-11-27"})
    assert play.steps["a"].due in (at(4, 0), at(3, 8))
    play.do("set", fields={"launch": "2026-11-26"})
    assert play.steps["a"].due in (at(3, 0), at(2, 8))


def test_behaviour_9_a_date_set_by_hand_wins_until_cleared() -> None:
    play = Play(make_run(step("a", due=Due(day=date(2026, 11, 24))))).do("due", "a", on="2026-12-01")
    assert play.steps["a"].due == at(8, 8)
    assert play.do("due", "a", on="none").steps["a"].due == at(1, 8)
    assert play.refused("due", "a", on="soon").code == play.refused("due", "a").code == "bad-date"


def test_behaviour_9_a_run_is_due_by_hand_by_its_file_or_by_the_target() -> None:
    target = replace(PROCEDURE, target=spans("10d"))
    play = Play(make_run(step("a")), target)
    assert play.state.due == at(11, 8)  # type: ignore[union-attr]
    play.holder = replace(play.holder, due=date(2026, 11, 25))  # type: ignore[arg-type]
    assert play.state.due == at(2, 8)  # type: ignore[union-attr]
    play.do("due", on="2026-11-24").now = at(5)
    assert play.state.due == at(1, 8)  # type: ignore[union-attr]
    assert play.state.overdue  # type: ignore[union-attr]


def test_a_wait_holds_a_step_back_in_working_time() -> None:
    play = Play(make_run(step("a"), step("b", wait=spans("2d"), due=Due(span=spans("1d"))))).do("check", "a", hours=8)
    assert play.states()["b"] == "waiting"
    assert play.steps["b"].wait_until in (at(2), at(1, 8))
    assert play.refused("check", "b").code == "wait-not-over"
    play.now = at(2, 1)
    assert play.states()["b"] == "ready"


def test_a_step_after_a_tick_by_hand_is_ready_since_an_unknown_time() -> None:
    play = Play(make_run(step("a"), step("b", due=Due(span=spans("1d"))))).ticked("a")
    assert play.states() == {"a": "done", "b": "ready"}
    assert (play.steps["b"].ready, play.steps["b"].due) == (None, None)


# 11 and 12: people


def test_behaviour_11_reassigning_moves_open_steps_only() -> None:
    steps = step("a", who=("ana",)), step("b", who=("ana", "chi")), step("c", who=("tom",), role=("sales",))
    play = Play(make_run(*steps)).do("check", "a")
    assert play.refused("assign", "a", to="ben").code == "already-done"
    play.do("assign", to="ben", from_="ana")
    assert [one.assignees for one in play.steps.values()] == [("ana",), ("chi", "ben"), ("tom",)]
    play.do("assign", to="ines", role="sales")
    assert play.steps["c"].assignees == ("ines",)


def test_behaviour_11_only_people_who_are_there_get_work() -> None:
    play = Play(make_run(step("a")))
    refusal = play.refused("assign", "a", to="bne")
    assert (refusal.code, refusal.hint) == ("unknown-person", "did you mean `ben`?")
    assert play.refused("assign", "a", to="zoe").code == "has-left"
    play.do("assign", "a", to="finance").do("assign", "a", to="none")
    assert play.steps["a"].assignees == ()


def test_behaviour_12_any_assignee_may_finish_and_begin_claims() -> None:
    play = Play(make_run(step("a", who=("ana", "ben")), step("b", who=("finance",))))
    play.do("begin", "a", who="ben")
    assert play.steps["a"].assignees == ("ben",)
    assert play.do("begin", "b", who="tom").steps["b"].assignees == ("tom",)
    Play(make_run(step("a", who=("ana", "ben")))).do("check", "a", who="ben")


# 14, 18, 19


def test_behaviour_14_steps_after_a_reopened_one_stay_done_and_are_marked() -> None:
    play = Play(make_run(step("a"), step("b"), step("c"), step("d"))).do("check", "a").do("check", "b").do("check", "c")
    play.do("reopen", "a", note="wrong name")
    assert play.states() == {"a": "ready", "b": "done", "c": "done", "d": "ready"}
    assert play.steps["b"].marks == play.steps["c"].marks == (CHECK_AGAIN,)
    assert "check again: `b`, `c`" in play.notices
    assert play.steps["a"].ready == play.steps["a"].facts.reopened
    assert play.refused("reopen", "d", note="x").code == "not-closed"
    play.do("check", "a").do("reopen", "b", note="again").do("check", "b")
    assert [one.marks for one in play.steps.values()] == [(), (), (CHECK_AGAIN,), ()]


def test_behaviour_18_one_now_moves_everything() -> None:
    play = Play(make_run(step("a", due=Due(span=spans("1d")))))
    assert not play.steps["a"].overdue
    play.now = at(3)
    assert play.steps["a"].overdue


def test_behaviour_19_an_unknown_id_is_refused_and_nothing_is_written() -> None:
    refusal = Play(make_run(step("signed"), step("b"))).refused("check", "b", "singed")
    assert (refusal.code, refusal.hint) == ("unknown-item", "did you mean `signed`?")


def test_behaviour_19_of_two_steps_with_one_id_the_first_is_meant() -> None:
    play = Play(make_run(step("a"), step("a"))).do("check", "a")
    assert [one.item.checked for one in play.state.steps] == [True, False]


# Evidence, times, the whole run


def test_evidence_must_come_and_be_evidence() -> None:
    play = Play(make_run(step("a", proof=("link", "note"))))
    assert play.refused("check", "a", note="signed").code == "missing-proof"
    assert play.refused("check", "a", note="x", link="javascript:x").code == "bad-link"
    assert play.refused("check", "a", note="x", file="../../etc/passwd").code == "bad-file"
    play.do("check", "a", note="signed", link="https://example.org/a.pdf")
    done = play.steps["a"].item.events[-1]
    assert (done.value("link"), done.note) == ("https://example.org/a.pdf", "signed")


def test_an_event_is_never_earlier_than_the_newest_of_its_step() -> None:
    late = replace(step("a"), events=events((50, "ben", "noted")))
    play = Play(make_run(late)).do("check", "a")
    assert [event.time for event in play.steps["a"].item.events] == [at(hours=50), at(hours=50)]


def test_a_note_is_one_line() -> None:
    play = Play(make_run(step("a"))).do("note", "a", note="one\n\nHandrail-Run: x\r\ttwo")
    assert play.steps["a"].item.events[-1].note == "one Handrail-Run: x two"


def test_cancelling_ends_a_run_once() -> None:
    play = Play(make_run(step("a"), step("b"))).do("check", "a")
    assert play.refused("cancel").code == "needs-note"
    assert play.refused("cancel", "a", note="x").code == "cancel-whole"
    play.do("cancel", note="moved away")
    assert play.states() == {"a": "done", "b": "cancelled"}
    assert (play.state.state, play.state.progress.total, play.state.finished) == ("cancelled", 1, at(hours=1))
    refusal = play.refused("cancel", note="again")
    assert refusal.message == "This run was cancelled by Ana Reyes on 23 Nov: moved away"
    assert Play(make_run(step("a"))).do("check", "a").refused("cancel", note="x").code == "finished"


def test_doing_it_twice_says_who_was_first() -> None:
    refusal = Play(make_run(step("a"))).do("check", "a", who="ben").refused("check", "a")
    assert (refusal.code, refusal.message) == ("already-done", "`a` was done by Ben Oduya on 23 Nov")


def test_an_unknown_verb_and_an_action_on_nothing() -> None:
    play = Play(make_run(step("a")))
    assert play.refused("chekc", "a").hint == "did you mean `check`?"
    assert play.refused("check").code == play.refused("assign", to="ben").code == "no-item"


def test_begun_and_finished_says_what_is_next_and_for_whom() -> None:
    play = Play(make_run(step("a"), step("b", who=("chi",)))).do("begin", "a").do("check", "a")
    assert play.notices == ("Next: `b` (Chi Wen)",)


# Projects


def test_a_project_s_tasks_wait_only_for_what_they_name() -> None:
    play = Play(make_project(step("a"), step("b", after=after("a")), step("c"), start=date(2026, 11, 23)))
    assert play.states() == {"a": "ready", "b": "waiting", "c": "ready"}
    refusal = play.refused("check", "b")
    assert refusal.hint == "`handrail project begin spring a` comes first"
    play.do("check", "a", "b", "c")
    assert play.state.state == "done"
    assert play.notices == ("This project is finished",)


def test_a_task_may_wait_for_a_start_and_for_a_lag() -> None:
    links = Link("a", "ss", spans("1d")), Link("a", "ff")
    play = Play(make_project(step("a"), step("b", after=links), start=date(2026, 11, 23))).do("begin", "a")
    assert play.states() == {"a": "doing", "b": "waiting"}
    play.now = at(2)
    assert play.states() == {"a": "doing", "b": "ready"}


def test_a_project_or_task_that_has_not_come_yet_waits_for_its_date() -> None:
    play = Play(make_project(step("a", start=date(2026, 12, 1)), step("b"), start=date(2026, 11, 24)))
    assert play.states() == {"a": "waiting", "b": "waiting"}
    assert (play.steps["a"].wait_until, play.steps["b"].wait_until) == (at(8), at(1))
    play.do("check", "b")
    play.now = at(9)
    assert play.states() == {"a": "ready", "b": "done"}


def test_the_same_question_gives_the_same_answer() -> None:
    play = Play(make_run(step("a")))
    first, second = play.ask("check", "a"), play.ask("check", "a")
    assert isinstance(first, Decision)
    assert first == second
    assert Action("check", ("a",)) == Action("check", ("a",))
    assert CONFIG.person("ana").shown == "Ana Reyes"
