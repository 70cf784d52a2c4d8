"""`project baseline` and `project report`: the plan that was agreed, and how the project stands against it."""

from __future__ import annotations

import json

import pytest

CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org], rate: 100}
  ben: {name: Ben Ito, email: [ben@example.org], load: 50%}
  chi: {name: Chi Nwosu, email: [chi@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org], rate: 50}
teams: {studio: [ben, chi]}
calendar: {week: mon-fri, hours: "09:00-17:00", timezone: UTC}
stall: 3d
"""
FILM = """\
---
title: The film
owner: "@mara"
start: 2026-11-23
target: 2026-12-04
budget: 6000 EUR
risks:
  - {risk: It rains, probability: 50%, impact: 1000, owner: ben, response: A tent}
  - {risk: The camera breaks, probability: 10%, impact: 2000}
---

- [ ] Write the script {#script @ana est=2d cost=200}

- [ ] Shoot it {#shoot @ben est=3d after=script cost=1500}

- [ ] Cut it {#cut @chi est=2d after=shoot}

- [ ] Film is shown {#shown milestone after=cut due=2026-12-04}
"""
MONDAY, WEDNESDAY, FRIDAY = "2026-11-23T09:00:00Z", "2026-11-25T17:00:00Z", "2026-11-27T17:00:00Z"


@pytest.fixture
def film(workspace):
    return workspace({"projects/film/README.md": FILM}, config=CONFIG)


def the_report(handrail, folder, now):
    done = handrail(folder, "project", "report", "film", "--json", now=now)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_a_baseline_is_kept_in_one_commit_and_reads_back_as_the_plan(film, handrail) -> None:
    done = handrail(film, "project", "baseline", "film", "agreed", now=MONDAY)
    assert done.exit_code == 0, done.output
    assert "baseline “agreed” of film, 4 tasks" in done.output
    assert film.git("show", "--name-only", "--format=%s%n%(trailers)").split() == [
        "baseline", "film:", "agreed", "Handrail-Action:", "baseline", "Handrail-Project:", "film",
        "projects/film/baseline.yml",
    ]  # fmt: skip
    found = the_report(handrail, film, MONDAY)
    assert found["baseline"]["name"] == "agreed"
    assert found["baseline_slip_days"] == 0
    assert (found["slips"], found["added"], found["removed"]) == ([], [], [])
    assert handrail(film, "lint").exit_code == 0


def test_the_file_of_baselines_is_for_people_too(film, handrail) -> None:
    handrail(film, "project", "baseline", "film", "agreed", now=MONDAY)
    assert film.read("projects/film/baseline.yml") == (
        "# Written by `handrail project baseline`: the plan as it stood, to tell later plans against.\n"
        "baselines:\n"
        "  - name: agreed\n"
        "    at: 2026-11-23T09:00:00Z\n"
        '    by: "@mara"\n'
        "    start: 2026-11-23T09:00:00Z\n"
        "    finish: 2026-12-04T17:00:00Z\n"
        "    budget: 6000\n"
        "    tasks:\n"
        "      script: {start: 2026-11-23T09:00:00Z, finish: 2026-11-24T17:00:00Z, work: 16h, cost: 1800}\n"
        "      shoot: {start: 2026-11-25T09:00:00Z, finish: 2026-12-02T17:00:00Z, work: 24h, cost: 1500}\n"
        "      cut: {start: 2026-12-03T09:00:00Z, finish: 2026-12-04T17:00:00Z, work: 16h, cost: 0}\n"
        "      shown: {start: 2026-12-04T17:00:00Z, finish: 2026-12-04T17:00:00Z, work: 0h, cost: 0}\n"
    )


def test_a_second_baseline_goes_behind_the_first_and_is_the_one_compared_with(film, handrail) -> None:
    handrail(film, "project", "baseline", "film", "agreed", now=MONDAY)
    first = film.read("projects/film/baseline.yml")
    handrail(film, "project", "baseline", "film", "after the storm", now=FRIDAY)
    assert film.read("projects/film/baseline.yml").startswith(first)
    assert the_report(handrail, film, FRIDAY)["baseline"]["name"] == "after the storm"


def test_a_name_is_taken_once(film, handrail) -> None:
    handrail(film, "project", "baseline", "film", "agreed", now=MONDAY)
    before = film.git("rev-parse", "HEAD")
    done = handrail(film, "project", "baseline", "film", "agreed", now=FRIDAY)
    assert done.exit_code == 1
    assert "already" in done.output
    assert film.git("rev-parse", "HEAD") == before


def test_a_late_start_shows_as_slip_in_working_days(film, handrail) -> None:
    handrail(film, "project", "baseline", "film", "agreed", now=MONDAY)
    found = the_report(handrail, film, FRIDAY)
    assert found["baseline_slip_days"] == 5
    assert {one["task"]: one["days"] for one in found["slips"]} == {"script": 5, "shoot": 5, "cut": 5, "shown": 5}
    assert found["status"] == found["computed"] == "red"
    assert [one["code"] for one in found["reasons"]][:1] == ["deadline-missed"]


def test_scope_that_grew_or_shrank_is_told(film, handrail) -> None:
    handrail(film, "project", "baseline", "film", "agreed", now=MONDAY)
    text = film.read("projects/film/README.md").replace("- [ ] Cut it {#cut @chi est=2d after=shoot}\n\n", "")
    film.write(
        {"projects/film/README.md": text.replace("after=cut", "after=shoot") + "\n- [ ] Party {#party est=1d}\n"}
    )
    found = the_report(handrail, film, MONDAY)
    assert (found["added"], found["removed"]) == (["party"], ["cut"])
    assert any("1 task added since the baseline “agreed”: Party" in told for told in found["changes"])


def test_earned_value_comes_from_prices_rates_and_noted_hours(film, handrail) -> None:
    handrail(film, "project", "baseline", "film", "agreed", now=MONDAY)
    handrail(film, "project", "begin", "film", "script", now=MONDAY)
    handrail(film, "project", "note", "film", "script", "--hours", "20", "--cost", "250", now=WEDNESDAY)
    handrail(film, "project", "check", "film", "script", now=WEDNESDAY)
    found = the_report(handrail, film, WEDNESDAY)
    assert "noted hours=20 cost=250\n" in film.read("projects/film/README.md")
    money = found["earned_value"]
    assert (money["unit"], money["bac"], money["ev"]) == ("money", 3300, 1800)
    assert money["ac"] == 20 * 50 + 250  # mara's rate: she noted the hours
    assert money["pv"] == 1800 + 1500 / 6  # a sixth of the shooting: 50 % of ben makes it six days
    assert money["cpi"] == pytest.approx(1800 / 1250, abs=1e-4)


def test_without_a_price_anywhere_hours_are_the_value(workspace, handrail) -> None:
    free = FILM.replace(" cost=200", "").replace(" cost=1500", "")
    folder = workspace({"projects/film/README.md": free}, config=CONFIG.replace(", rate: 100", ""))
    handrail(folder, "project", "baseline", "film", "agreed", now=MONDAY)
    money = the_report(handrail, folder, WEDNESDAY)["earned_value"]
    assert (money["unit"], money["bac"], money["ev"], money["ac"], money["cpi"]) == ("hours", 56, 0, None, None)


def test_without_a_baseline_nothing_is_earned_and_the_way_is_shown(film, handrail) -> None:
    found = the_report(handrail, film, MONDAY)
    assert (found["baseline"], found["baseline_slip_days"], found["earned_value"]) == (None, None, None)
    assert any("handrail project baseline film" in told for told in found["decisions"])


def test_a_colour_is_overridden_only_with_a_reason(film, handrail) -> None:
    text = film.read("projects/film/README.md")
    film.write({"projects/film/README.md": f"{text}\n## Updates\n\n### 2026-11-27 green\n"})
    bare = the_report(handrail, film, FRIDAY)
    assert (bare["status"], bare["computed"], bare["said"]["status"]) == ("red", "red", "green")
    film.write(
        {"projects/film/README.md": f"{text}\n## Updates\n\n### 2026-11-27 amber\n\nThe client gives us a week.\n"}
    )
    told = the_report(handrail, film, FRIDAY)
    assert (told["status"], told["computed"]) == ("amber", "red")
    shown = handrail(film, "project", "report", "film", now=FRIDAY).output
    assert "reported amber on 2026-11-27; the rule says red" in shown
    old = the_report(handrail, film, "2027-01-04T09:00:00Z")
    assert old["said"] is None


@pytest.mark.parametrize(
    ("now", "actions", "code"),
    [
        ("2026-12-07T09:00:00Z", [], "R1"),
        (FRIDAY, [], "R2"),
        (FRIDAY, [], "R3"),
        (WEDNESDAY, [("begin", "script"), ("block", "script", "-m", "no idea")], "R5"),
        (FRIDAY, [("begin", "script")], "R6"),
    ],
)
def test_every_risk_of_delay_has_its_code(film, handrail, now, actions, code) -> None:
    for verb, *rest in actions:
        assert handrail(film, "project", verb, "film", *rest, now=MONDAY).exit_code == 0
    later = "2026-11-26T09:00:00Z" if code == "R5" else now
    found = the_report(handrail, film, later)
    assert code in {reason["code"] for one in found["at_risk"] for reason in one["reasons"]}


def test_what_slipped_this_week_puts_at_risk_what_waits_for_it(film, handrail) -> None:
    handrail(film, "project", "begin", "film", "script", now=MONDAY)
    found = the_report(handrail, film, "2026-11-27T09:00:00Z")
    risks = {one["id"]: {reason["code"] for reason in one["reasons"]} for one in found["at_risk"]}
    assert "R8" in risks["shoot"]
    assert any(told.startswith("The end moved by +2 working days this week") for told in found["changes"])
    assert found["trend"] == -1


def test_load_is_told_against_the_time_that_people_have(film, handrail) -> None:
    found = the_report(handrail, film, MONDAY)
    weeks = {one["person"]: one["weeks"] for one in found["load"]}
    assert weeks["ben"][0] == {"start": "2026-11-23", "hours": 12.0, "capacity": 20.0}
    assert weeks["ana"][0] == {"start": "2026-11-23", "hours": 16.0, "capacity": 40.0}


def test_who_has_too_much_is_named_with_who_could_help(workspace, handrail) -> None:
    text = "---\ntitle: Rush\nstart: 2026-11-23\n---\n\n"
    text += "".join(f"- [ ] Job {number} {{#job-{number} @ben est=5d load=100%}}\n\n" for number in range(3))
    folder = workspace({"projects/film/README.md": text}, config=CONFIG)
    found = the_report(handrail, folder, MONDAY)
    helped = found["needs_help"]
    assert [(one["person"], one["helper"]) for one in helped] == [("ben", "chi")]
    assert "of a week's work" in helped[0]["reasons"][0]


def test_the_portfolio_is_a_line_a_project(film, handrail) -> None:
    shown = handrail(film, "project", "report", now=FRIDAY).output
    assert shown.splitlines()[0].split()[:3] == ["red", "The", "film"]
    listed = json.loads(handrail(film, "project", "report", "--json", now=FRIDAY).output)
    assert listed["schema"] == "portfolio/1"
    assert [one["project"] for one in listed["projects"]] == ["film"]
    assert listed["projects"][0]["next_milestone"] == {
        "id": "shown", "title": "Film is shown", "finish": "2026-12-11T17:00:00Z",
    }  # fmt: skip
    assert listed["projects"][0]["top_risk"] == "It rains"
    assert "getting later · next Film is shown, 11 Dec · risk: It rains · no report" in shown


@pytest.mark.parametrize(
    "bad",
    ["baselines: 3\n", "nothing: here\n", "baselines:\n  - name: a\n", "\0", "baselines: [{name: a, at: yesterday}]\n"],
)
def test_a_broken_file_of_baselines_is_named_and_stays(film, handrail, bad) -> None:
    film.write({"projects/film/baseline.yml": bad})
    film.commit()
    done = handrail(film, "project", "baseline", "film", "agreed", now=MONDAY)
    assert done.exit_code == 1
    assert "projects/film/baseline.yml" in done.output
    assert film.read("projects/film/baseline.yml") == bad
    assert handrail(film, "project", "report", "film", now=MONDAY).exit_code == 0


def test_an_empty_project_has_no_plan_to_keep(workspace, handrail) -> None:
    folder = workspace({"projects/film/README.md": "---\ntitle: Film\n---\n"}, config=CONFIG)
    done = handrail(folder, "project", "baseline", "film", now=MONDAY)
    assert done.exit_code == 1
    assert "no tasks" in done.output


def test_hours_need_a_task_and_are_positive(film, handrail) -> None:
    assert handrail(film, "project", "note", "film", "--hours", "3", now=MONDAY).exit_code == 2
    assert handrail(film, "project", "note", "film", "script", "--hours", "-3", now=MONDAY).exit_code == 2


def test_a_board_has_columns_by_state_with_limits_that_warn(film, handrail) -> None:
    text = film.read("projects/film/README.md").replace("budget:", "limits: {doing: 1, To do: 3}\nbudget:")
    film.write({"projects/film/README.md": text})
    film.commit()
    handrail(film, "project", "begin", "film", "script", now=MONDAY)
    found = json.loads(handrail(film, "project", "board", "film", "--json", now=MONDAY).output)
    columns = {
        one["name"]: ([task["id"] for task in one["tasks"]], one["limit"], one["over"]) for one in found["columns"]
    }
    assert columns["Doing"] == (["script"], 1, False)
    assert columns["Waiting"] == (["shoot", "cut", "shown"], None, False)
    film.write({"projects/film/README.md": film.read("projects/film/README.md").replace("doing: 1", "doing: 0")})
    shown = handrail(film, "project", "board", "film", now=MONDAY).output
    assert "Doing 1/0" in shown
    assert "Doing is over its limit" in shown


def test_a_board_by_person_and_by_phase_leaves_out_what_is_done(film, handrail) -> None:
    handrail(film, "project", "check", "film", "script", now=MONDAY)
    found = json.loads(handrail(film, "project", "board", "film", "--by", "person", "--json", now=MONDAY).output)
    assert [(one["name"], [task["id"] for task in one["tasks"]]) for one in found["columns"]] == [
        ("@ben", ["shoot"]), ("@chi", ["cut"]), ("Nobody", ["shown"]),
    ]  # fmt: skip
    assert found["done"] == 1
