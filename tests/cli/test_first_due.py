"""Behaviour 9: the first due date that was resolved is the baseline, and lateness is told against both."""

from __future__ import annotations

import json

import pytest

RUN = "hiring/2026-11-23-ada"
PROCESS = """---
title: Hiring
fields:
  launch: {type: date}
  abroad: {default: "no"}
target: 10d
---

- [ ] Talk {#talk @ana due=2d}
- [ ] Offer {#offer @ben due=2d}
- [ ] Visa {#visa @chi if="abroad == 'yes'"}
- [ ] Desk {#desk @ben due=launch-3d after=talk}
- [ ] Report {#report @ben due=start+5d after=talk}
- [ ] Party {#party @chi due=2026-12-04 after=visa}
"""


@pytest.fixture
def at(workspace, handrail):
    """Do something to one run on a day of November (`at(23, "check", RUN, "talk")`); at ten."""
    folder = workspace({"processes/hiring/README.md": PROCESS})

    def do(day, *arguments, hour=10):
        result = handrail(folder, *arguments, now=f"2026-11-{day:02}T{hour:02}:00:00Z")
        assert result.exit_code == 0, result.output
        return result.output

    do(23, "start", "hiring", "Ada")
    return do


def dues(at, step, day=30):
    """Give a step's present and first due date, as days."""
    run = json.loads(at(day, "show", RUN, "--json"))
    found = next(one for one in run["steps"] if one["id"] == step) if step else run
    return tuple(found[key] and found[key][:10] for key in ("due", "first_due"))


def test_a_date_that_has_not_moved_is_its_own_first(at):
    assert dues(at, "talk") == ("2026-11-25", "2026-11-25")
    assert dues(at, "offer") == (None, None)
    at(24, "check", RUN, "talk")
    assert dues(at, "offer") == ("2026-11-26", "2026-11-26")


def test_a_step_before_that_is_reopened_takes_the_date_away_and_the_first_one_stays(at):
    at(24, "check", RUN, "talk")
    at(25, "reopen", RUN, "talk", "-m", "again")
    assert dues(at, "offer") == (None, "2026-11-26")
    at(27, "check", RUN, "talk")
    assert dues(at, "offer") == ("2026-12-01", "2026-11-26")


def test_what_is_opened_again_itself_keeps_its_first_date(at):
    at(24, "check", RUN, "talk")
    at(25, "check", RUN, "offer")
    at(27, "reopen", RUN, "offer", "-m", "wrong salary")
    assert dues(at, "offer") == ("2026-12-01", "2026-11-26")


def test_a_date_by_hand_is_told_against_the_one_before_it_and_can_be_taken_back(at):
    at(24, "due", RUN, "talk", "2026-12-03")
    assert dues(at, "talk") == ("2026-12-03", "2026-11-25")
    at(24, "due", RUN, "talk", "2026-12-04", hour=11)
    assert dues(at, "talk") == ("2026-12-04", "2026-11-25")
    at(24, "due", RUN, "talk", "none", hour=12)
    assert dues(at, "talk") == ("2026-11-25", "2026-11-25")


def test_a_date_by_hand_before_there_was_any_is_the_first(at):
    at(23, "due", RUN, "offer", "2026-11-30", hour=11)
    at(24, "due", RUN, "offer", "2026-12-02")
    assert dues(at, "offer") == ("2026-12-02", "2026-11-30")


def test_a_date_that_follows_a_field_is_told_against_the_first_value(at):
    assert dues(at, "desk") == (None, None)
    at(24, "set", RUN, "launch=2026-12-10")
    assert dues(at, "desk") == ("2026-12-07", "2026-12-07")
    at(26, "set", RUN, "launch=2026-12-17")
    assert dues(at, "desk") == ("2026-12-14", "2026-12-07")


def test_what_counts_from_the_start_or_is_a_date_does_not_move(at):
    at(24, "check", RUN, "talk")
    at(25, "reopen", RUN, "talk", "-m", "again")
    assert dues(at, "report") == ("2026-11-30", "2026-11-30")
    at(26, "due", RUN, "party", "2026-12-11")
    assert dues(at, "party") == ("2026-12-11", "2026-12-04")


def test_the_run_itself_is_told_against_its_target(at):
    assert dues(at, "") == ("2026-12-07", "2026-12-07")
    at(24, "due", RUN, "2026-12-18")
    assert dues(at, "") == ("2026-12-18", "2026-12-07")


def test_a_condition_that_moves_a_date_leaves_the_first_one(at):
    at(24, "check", RUN, "talk")
    at(24, "check", RUN, "offer", hour=11)
    assert dues(at, "party") == ("2026-12-04", "2026-12-04")
    at(25, "set", RUN, "abroad=yes")
    assert dues(at, "party") == ("2026-12-04", "2026-12-04")


def test_show_tells_both_and_how_late_it_is_against_the_first(at):
    at(24, "due", RUN, "talk", "2026-12-03")
    assert "due in 3 days (first 25 Nov, 5 days late)" in at(30, "show", RUN)
    assert "due in 3 days (first 25 Nov, 5 days late)" in at(30, "show", RUN, "talk")
    at(24, "due", RUN, "2026-12-18")
    assert "due in 18 days (first 7 Dec)" in at(30, "show", RUN)


def test_a_late_step_is_late_against_both(at):
    at(24, "due", RUN, "talk", "2026-11-27")
    assert "3 days late (first 25 Nov, 5 days late)" in at(30, "show", RUN, "talk")


def test_a_project_s_deadline_that_was_moved(workspace, handrail):
    folder = workspace(
        {"projects/spring/README.md": "---\ntitle: Spring\n---\n\n- [ ] Brief {#brief due=2026-12-01}\n"}
    )
    handrail(folder, "project", "due", "spring", "brief", "2026-12-08", now="2026-11-24T09:00:00Z")
    view = json.loads(handrail(folder, "show", "spring", "--json", now="2026-11-30T09:00:00Z").output)
    task = view["tasks"][0]
    assert (task["due"][:10], task["first_due"][:10]) == ("2026-12-08", "2026-12-01")


def test_so_many_days_before_a_date_ends_with_the_work_of_that_day(workspace, handrail):
    text = "---\nfields: {launch: {type: date}}\n---\n\n- [ ] Rehearse {#rehearse due=launch-1d}\n"
    folder = workspace({"processes/show/README.md": text})
    handrail(folder, "start", "show", "One", "-f", "launch=2026-12-14", now="2026-11-23T09:00:00Z")
    found = json.loads(handrail(folder, "show", "one", "--json", now="2026-11-23T09:00:00Z").output)
    assert found["steps"][0]["due"] == "2026-12-11T17:00:00Z", (
        "a Monday less one day is Friday evening, not Monday morning"
    )
