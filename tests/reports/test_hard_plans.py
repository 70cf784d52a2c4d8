"""Plans that cannot be right are shown as such, shortly and by name."""

from __future__ import annotations

import json

NOW = "2026-11-23T09:00:00Z"
CONFIG = 'people:\n  ana: {name: Ana, load: 0%}\ncalendar: {week: mon-fri, hours: "09:00-17:00"}\n'


def plan(tasks: str, head: str = "") -> dict[str, str]:
    return {"projects/p/README.md": f"---\ntitle: P\nstart: 2026-11-23\n{head}---\n\n{tasks}"}


def test_a_ring_of_two_thousand_tasks_is_named_shortly_and_makes_the_project_red(workspace, handrail) -> None:
    ring = "".join(f"- [ ] T{one} {{#t{one} est=1d after=t{(one - 1) % 2000}}}\n\n" for one in range(2000))
    folder = workspace(plan(ring), config=CONFIG)
    shown = handrail(folder, "project", "plan", "p", now=NOW).output
    line = next(line for line in shown.splitlines() if "wait for each other" in line)
    assert "and 1993 other tasks wait for each other" in line
    assert len(line) < 200
    report = json.loads(handrail(folder, "project", "report", "p", "--json", now=NOW).output)
    assert report["status"] == "red"
    assert "2000 tasks wait for each other" in json.dumps(report["reasons"])


def test_a_person_without_time_is_told_with_what_they_have(workspace, handrail) -> None:
    folder = workspace(plan("- [ ] One {#one @ana est=2d}\n\n- [ ] Two {#two @ana est=2d load=50%}\n"), config=CONFIG)
    shown = handrail(folder, "project", "plan", "p", now=NOW).output
    assert "@ana has no time for One (`load`): planned as if there were some" in shown


def test_a_plan_with_three_point_estimates_tells_its_chances(workspace, handrail) -> None:
    folder = workspace(plan("- [ ] One {#one est=2d/3d/9d}\n", "target: 2026-12-18\n"), config=CONFIG)
    shown = handrail(folder, "project", "plan", "p", now=NOW).output
    assert "50% by" in shown
    assert "chance to keep the target" in shown
    certain = workspace(plan("- [ ] One {#one est=3d}\n"), config=CONFIG)
    assert "% by" not in handrail(certain, "project", "plan", "p", now=NOW).output


def test_a_large_uncertain_plan_says_where_to_ask(workspace, handrail) -> None:
    many = "".join(f"- [ ] T{one} {{#t{one} est=1d/2d/4d}}\n\n" for one in range(401))
    shown = handrail(workspace(plan(many), config=CONFIG), "project", "plan", "p", now=NOW).output
    assert "401 tasks with three-point estimates: `handrail project report`" in shown


def test_a_pace_says_nothing_before_much_was_to_be_earned(workspace, handrail) -> None:
    tasks = "- [ ] Small {#small est=1d cost=10}\n\n- [ ] Big {#big est=20d cost=9990 after=small}\n"
    folder = workspace(plan(tasks), config=CONFIG)
    assert handrail(folder, "project", "baseline", "p", now=NOW).exit_code == 0
    report = json.loads(handrail(folder, "project", "report", "p", "--json", now="2026-11-24T09:00:00Z").output)
    assert "slow" not in [one["code"] for one in report["reasons"]]
    later = json.loads(handrail(folder, "project", "report", "p", "--json", now="2026-11-30T09:00:00Z").output)
    assert "slow" in [one["code"] for one in later["reasons"]]
