"""Curves over time: what was to be worth doing by when, what was done, what it cost. Values worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from handrail.app.load import load_workspace
from handrail.app.moment import moment_of
from handrail.reports.control import Control, control
from handrail.reports.curve import MOST_POINTS, task_curve, value_curve
from handrail.reports.overview import overview
from handrail.reports.results import Overview

NOW = datetime(2026, 11, 16, 8, tzinfo=UTC)

PROJECT = """\
---
title: Shed
start: 2026-11-02
budget: 1000 EUR
---

- [x] Dig {#dig @ana est=5d cost=200}
  - 2026-11-06T16:00:00Z @ana done cost=300
- [ ] Build {#build @ana est=5d cost=400 after=dig progress=50%}
  - 2026-11-09T08:00:00Z @ana started
- [ ] Paint {#paint @ana est=5d cost=200 after=build}
"""

BASELINE = """\
baselines:
  - name: Agreed
    at: 2026-10-30T12:00:00Z
    by: "@ana"
    start: 2026-11-02T08:00:00Z
    finish: 2026-11-20T16:00:00Z
    budget: 1000
    tasks:
      dig: {start: 2026-11-02T08:00:00Z, finish: 2026-11-06T16:00:00Z, work: 40h, cost: 200}
      build: {start: 2026-11-09T08:00:00Z, finish: 2026-11-13T16:00:00Z, work: 40h, cost: 400}
      paint: {start: 2026-11-16T08:00:00Z, finish: 2026-11-20T16:00:00Z, work: 40h, cost: 200}
"""


def standing(root: Path, project: str = PROJECT, baseline: str = BASELINE) -> tuple[Overview, Control]:
    folder = root / "projects/shed"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(project, "utf-8")
    if baseline:
        (folder / "baseline.yml").write_text(baseline, "utf-8")
    (root / "handrail.yml").write_text("people: {ana: {name: Ana}}\n", "utf-8")
    workspace = load_workspace(root)
    seen = overview(workspace, moment_of(workspace.config, NOW))
    found = control(seen, "shed")
    assert found is not None
    return seen, found


def test_value_is_planned_by_the_baseline_and_earned_by_what_was_finished(tmp_path: Path):
    points = {point.at: point for point in value_curve(*standing(tmp_path))}
    first = points[datetime(2026, 11, 9, 8, tzinfo=UTC)]
    assert (first.planned, first.earned, first.actual) == (200, 200, 300)
    now = points[NOW]
    assert (now.planned, now.earned, now.actual) == (600, 400, 500)
    last = points[max(points)]
    assert (last.planned, last.earned, last.actual) == (800, None, None)


def test_the_expected_cost_leads_from_now_to_the_estimate_at_completion(tmp_path: Path):
    seen, found = standing(tmp_path)
    points = value_curve(seen, found)
    assert next(point.expected for point in points if point.at == NOW) == 500
    assert found.earned is not None and found.earned.at_completion is not None
    assert points[-1].expected == found.earned.at_completion == 1000


def test_now_the_curve_says_what_the_figures_say(tmp_path: Path):
    seen, found = standing(tmp_path)
    now = next(point for point in value_curve(seen, found) if point.at == NOW)
    assert found.earned is not None
    assert (now.planned, now.earned, now.actual) == (found.earned.planned, found.earned.earned, found.earned.actual)


def test_tasks_are_counted_as_finished_then_as_planned(tmp_path: Path):
    points = task_curve(*standing(tmp_path))
    at = {point.at: point for point in points}
    assert (at[NOW].finished, at[NOW].agreed) == (1, 2)
    assert (points[-1].finished, points[-1].planned, points[-1].agreed) == (None, 3, 3)


def test_without_a_baseline_there_is_no_value_curve_but_tasks_are_counted(tmp_path: Path):
    seen, found = standing(tmp_path, baseline="")
    assert value_curve(seen, found) == ()
    assert task_curve(seen, found)[-1].agreed is None


def test_a_plan_of_ten_years_has_no_more_points_than_can_be_drawn(tmp_path: Path):
    long = PROJECT.replace("{#paint @ana est=5d", "{#paint @ana est=2400d")
    assert len(task_curve(*standing(tmp_path, long))) <= MOST_POINTS + 3
