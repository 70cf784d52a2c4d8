"""Who has what, and what happened."""

from __future__ import annotations

from handrail.reports.activity import activity
from handrail.reports.results import Overview
from handrail.reports.work import coming_next, people, work_of


def test_what_a_person_has_now_is_worst_first(acme: Overview) -> None:
    work = work_of(acme, "ana")
    assert [task.step.id for task in work.now] == ["signed"]
    assert work.now[0].overdue
    assert work.now[0].stalled


def test_a_step_of_a_team_is_every_members(acme: Overview) -> None:
    for person in ("ben", "chi"):
        assert "workspace" in [task.step.id for task in work_of(acme, person).now]


def test_what_waits_for_something_open_is_coming(acme: Overview) -> None:
    coming = [(task.holder, task.step.id) for task in work_of(acme, "ben").coming]
    assert ("onboarding/2026-11-09-ada", "region") in coming
    assert [task.step.id for task in work_of(acme, "mara").coming] == ["signoff"]


def test_what_was_finished_lately(acme: Overview) -> None:
    finished = [(entry.holder_title, entry.item) for entry in work_of(acme, "ana").finished]
    assert ("Ada Lovelace", "send") in finished
    assert ("Spring campaign", "brief") in finished


def test_next_can_be_narrowed_to_one_run(acme: Overview) -> None:
    assert {task.holder for task in coming_next(acme)} == {
        "onboarding/2026-11-09-ada",
        "onboarding/2026-11-20-tokyo",
        "spring",
    }
    assert [task.step.id for task in coming_next(acme, "spring")] == ["shoot", "draw"]


def test_people_are_those_listed_who_are_still_here(acme: Overview) -> None:
    assert people(acme) == ("ana", "ben", "chi", "mara")


def test_activity_is_newest_first_and_can_be_narrowed(acme: Overview) -> None:
    entries = activity(acme.workspace)
    times = [entry.time for entry in entries]
    assert times == sorted(times, reverse=True)
    assert entries[0].verb == "started"
    assert entries[0].who == "chi"
    assert {entry.holder for entry in activity(acme.workspace, holder="spring")} == {"spring"}
    assert {entry.who for entry in activity(acme.workspace, person="ana")} == {"ana"}
    assert len(activity(acme.workspace, limit=2)) == 2
