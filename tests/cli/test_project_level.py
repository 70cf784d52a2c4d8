"""`project level`, personal calendars and chances, as a project manager meets them."""

from __future__ import annotations

import json

import pytest

CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  ben: {name: Ben Ito, email: [ben@example.org], leave: [2026-11-24..2026-11-25]}
  chi: {name: Chi Nwosu, email: [chi@example.org], week: mon-tue}
  mara: {name: Mara Lind, email: [mara@example.org]}
teams: {studio: [ben, chi]}
calendar: {week: mon-fri, hours: "09:00-17:00", timezone: UTC}
resources: {crane: 1}
"""
NOW = "2026-11-23T09:00:00Z"
HEAD = "---\ntitle: Film\nstart: 2026-11-23\n{}---\n\n"


@pytest.fixture
def film(workspace):
    def make(body: str, head: str = "", name: str = "film"):
        return workspace({f"projects/{name}/README.md": HEAD.format(head) + body}, config=CONFIG)

    return make


def plan(handrail, folder, *words):
    done = handrail(folder, "project", *words, "film", "--json", now=NOW)
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    return found, {task["id"]: (task["start"][5:13], task["finish"][5:13]) for task in found["tasks"]}


def test_ten_days_of_two_people_are_five(film, handrail) -> None:
    folder = film(
        "- [ ] A {#a @ana @mara est=10d}\n\n- [ ] B {#b @ana est=1d load=50%}\n\n- [ ] C {#c @studio est=2d}\n"
    )
    _, dates = plan(handrail, folder, "plan")
    assert dates == {"a": ("11-23T09", "11-27T17"), "b": ("11-23T09", "11-24T17"), "c": ("11-23T09", "11-24T17")}


def test_leave_and_weekdays_of_ones_own_count(film, handrail) -> None:
    folder = film("- [ ] A {#a @ben est=2d}\n\n- [ ] B {#b @chi est=3d}\n\n- [ ] C {#c @ana est=1d after=a}\n")
    _, dates = plan(handrail, folder, "plan")
    assert dates == {"a": ("11-23T09", "11-26T17"), "b": ("11-23T09", "11-30T17"), "c": ("11-27T09", "11-27T17")}


def test_levelling_delays_what_is_too_much_and_says_what_it_costs(film, handrail) -> None:
    folder = film("- [ ] A {#a @ana est=2d}\n\n- [ ] B {#b @ana est=3d}\n\n- [ ] C {#c @mara est=1d after=b}\n")
    found, dates = plan(handrail, folder, "level")
    assert found["schema"] == "project level/1"
    assert dates == {"a": ("11-26T09", "11-27T17"), "b": ("11-23T09", "11-25T17"), "c": ("11-26T09", "11-26T17")}
    assert found["overloads"] == [
        {
            "resource": "@ana",
            "start": "2026-11-23T09:00:00Z",
            "finish": "2026-11-24T17:00:00Z",
            "used": 2.0,
            "capacity": 1.0,
        }
    ]
    assert (found["days"], found["left"]) == (1.0, [])
    assert [one["id"] for one in found["delays"]] == ["a"]
    assert folder.git("status", "--porcelain") == ""


def test_write_puts_the_delays_into_the_file_and_then_nothing_is_too_much(film, handrail) -> None:
    folder = film("- [ ] A {#a @ana est=2d}\n\n- [ ] B {#b @ana est=3d}\n")
    done = handrail(folder, "project", "level", "film", "--write", now=NOW)
    assert done.exit_code == 0, done.output
    assert folder.read("projects/film/README.md").endswith(
        "- [ ] A {#a @ana est=2d start=2026-11-26}\n\n- [ ] B {#b @ana est=3d}\n"
    )
    assert folder.git("log", "-1", "--format=%s").strip() == "level film: A"
    assert "Nobody and nothing" in handrail(folder, "project", "level", "film", now=NOW).output


def test_shared_things_are_shared_over_all_projects(workspace, handrail) -> None:
    body = "- [ ] Lift {#lift est=2d use=crane}\n"
    files = {f"projects/{name}/README.md": HEAD.format("") + body for name in ("north", "south")}
    folder = workspace(files, config=CONFIG)
    found = json.loads(handrail(folder, "project", "level", "--all", "--json", now=NOW).output)
    starts = sorted(project["tasks"][0]["start"] for project in found["projects"])
    assert starts == ["2026-11-23T09:00:00Z", "2026-11-25T09:00:00Z"]
    assert found["left"] == []


def test_a_person_is_a_thing_of_one(film, handrail) -> None:
    folder = film("- [ ] A {#a @ana est=1d}\n\n- [ ] B {#b est=1d use=ana}\n")
    found, _ = plan(handrail, folder, "level")
    assert [one["resource"] for one in found["overloads"]] == ["@ana"]


def test_what_nobody_counted_and_what_is_too_much_at_all_are_said(film, handrail) -> None:
    folder = film("- [ ] A {#a est=1d use=van}\n\n- [ ] B {#b est=1d use=crane:3}\n")
    shown = handrail(folder, "project", "level", "film", now=NOW).output
    assert "van: nobody has said how many there are" in shown
    assert "b wants more of crane than there is" in shown


def test_optimize_without_the_extra_says_how_to_get_it(film, handrail, monkeypatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    folder = film("- [ ] A {#a @ana est=1d}\n\n- [ ] B {#b @ana est=1d}\n")
    done = handrail(folder, "project", "level", "film", "--optimize", now=NOW)
    assert done.exit_code == 2
    assert "handrail[optimize]" in done.output


@pytest.mark.parametrize("words", [(), ("film", "--all")])
def test_a_project_or_all_of_them(film, handrail, words) -> None:
    assert handrail(film("- [ ] A {#a est=1d}\n"), "project", "level", *words, now=NOW).exit_code == 2


@pytest.mark.parametrize("leave", ["2026-12-24..2026-12-01", "tomorrow", "2026-01-01..2046-01-01"])
def test_leave_that_makes_no_sense_is_named(workspace, handrail, leave) -> None:
    folder = workspace({}, config=CONFIG.replace("2026-11-24..2026-11-25", leave))
    done = handrail(folder, "lint", now=NOW)
    assert done.exit_code == 1
    assert "handrail.yml:3:" in done.output
    assert "leave" in done.output


def test_chances_from_estimates_and_risks(film, handrail) -> None:
    risk = "{risk: Rain, probability: 50%, delay: 2d, impact: 100, owner: ana, response: Wait}"
    head = f"target: 2026-11-27\nrisks:\n  - {risk}\n"
    folder = film("- [ ] A {#a @ana est=2d/3d/6d}\n\n- [ ] B {#b @mara est=1d after=a}\n", head)
    report = json.loads(handrail(folder, "project", "report", "film", "--json", now=NOW).output)
    found = report["forecast"]
    assert found["plain"] == "2026-11-26T17:00:00Z"
    assert found["plain"] < found["expected"] < found["p80"] <= found["p90"]
    assert 0.3 < found["target_chance"] < 0.6
    assert found["criticality"] == {"a": 1.0, "b": 1.0}
    shown = handrail(folder, "project", "report", "film", now=NOW).output
    assert "80% by" in shown
    assert "chance to keep the target" in shown


def test_nothing_uncertain_has_no_chances(film, handrail) -> None:
    report = json.loads(handrail(film("- [ ] A {#a est=3d}\n"), "project", "report", "film", "--json", now=NOW).output)
    assert report["forecast"] is None


def test_a_deadline_that_fails_in_one_of_five_cases_is_a_risk(film, handrail) -> None:
    folder = film("- [ ] A {#a @ana est=2d/3d/8d}\n\n- [ ] B {#b @mara est=1d after=a due=2026-11-27}\n")
    report = json.loads(handrail(folder, "project", "report", "film", "--json", now=NOW).output)
    assert {one["id"]: [reason["code"] for reason in one["reasons"]] for one in report["at_risk"]} == {"b": ["R7"]}
    assert 0.2 < report["forecast"]["deadline_misses"]["b"] < 0.9


def test_a_date_that_the_links_do_not_let_hold_is_said(film, handrail) -> None:
    folder = film("- [ ] A {#a @ana est=5d}\n\n- [ ] B {#b @mara est=1d after=a start=2026-11-25}\n")
    shown = " ".join(handrail(folder, "project", "plan", "film", now=NOW).output.split())
    assert "B is set to start Wed 25 Nov, and can start Mon 30 Nov: it waits for `a`" in shown


@pytest.mark.parametrize(
    ("who", "said"), [("load: 0%", "has no time for anything"), ('hours: "09:00-09:00"', "has no working hours")]
)
def test_a_person_without_capacity_is_named_and_breaks_nothing(workspace, handrail, who, said) -> None:
    config = CONFIG.replace("leave: [2026-11-24..2026-11-25]", who)
    folder = workspace({"projects/film/README.md": HEAD.format("") + "- [ ] A {#a @ben est=2d}\n"}, config=config)
    assert said in handrail(folder, "lint", now=NOW).output
    assert handrail(folder, "project", "plan", "film", now=NOW).exit_code == 0
    assert handrail(folder, "project", "level", "film", now=NOW).exit_code == 0
    assert handrail(folder, "project", "report", "film", now=NOW).exit_code == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("- [ ] A {#a est=1d after=nowhere}\n", "nowhere"),
        ("- [ ] A {#a est=100001w}\n", "longer than a hundred years"),
        ("- [ ] A {#a est=1d due=2020-01-01}\n", ""),
        ("".join(f"- [ ] T {{#t{n} est=1d after=t{(n + 1) % 2000}}}\n\n" for n in range(2000)), "wait for each other"),
    ],
)
def test_plans_that_make_no_sense_are_explained(film, handrail, body, said) -> None:
    folder = film(body)
    done = handrail(folder, "project", "plan", "film", now=NOW)
    output = " ".join((done.output + handrail(folder, "lint", now=NOW).output).split())
    assert said in output
    assert len(output) < 700_000
    assert handrail(folder, "project", "level", "film", now=NOW).exit_code in (0, 1)
