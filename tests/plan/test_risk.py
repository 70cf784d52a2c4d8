"""Chances: figures against what can be worked out by hand, the same for the same project."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handrail.model.calendar import Calendar, Duration
from handrail.model.item import Link
from handrail.plan.risk import Spread, Threat, simulate
from handrail.plan.schedule import Task, passes
from handrail.plan.worktime import working_time

TIME = working_time(Calendar())
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = 8 * 3600 * 1_000_000


def net(*tasks: Task):
    return passes(tasks, start=NOW, now=NOW, time=TIME)


def days(count: float) -> Duration:
    return Duration(count, "d")


def test_without_spread_every_trial_is_the_plan() -> None:
    found = simulate(net(Task("a", days(2)), Task("b", days(3), (Link("a"),))), {}, seed=1, trials=50)
    assert set(found.finishes) == {5 * DAY}
    assert found.critical == (1.0, 1.0)
    assert found.plain == found.expected == 5 * DAY


def test_the_mean_of_a_skewed_estimate_lies_above_the_likely_one() -> None:
    found = simulate(net(Task("a", days(3))), {"a": Spread(2 / 3, 1, 2)}, seed=1, trials=4000)
    assert found.plain == 3 * DAY
    assert found.expected == pytest.approx((2 + 4 * 3 + 6) / 6 * DAY, rel=1e-6)
    assert sum(found.finishes) / len(found.finishes) == pytest.approx(found.expected, rel=0.02)
    assert min(found.finishes) >= 2 * DAY
    assert max(found.finishes) <= 6 * DAY


def test_parallel_paths_end_later_than_each_of_them() -> None:
    tasks = [Task(f"t{number}", days(10)) for number in range(10)]
    spread = Spread(0.5, 1, 1.5)
    found = simulate(net(*tasks), {task.id: spread for task in tasks}, seed=1)
    assert found.plain == found.expected == 10 * DAY
    assert found.percentile(50) > 11 * DAY
    assert sum(found.critical) == pytest.approx(1.0)


def test_lengths_from_runs_are_drawn_as_they_were() -> None:
    found = simulate(net(Task("a", days(2))), {"a": Spread(samples=(0.5, 1.0, 2.0))}, seed=3, trials=900)
    assert set(found.finishes) == {1 * DAY, 2 * DAY, 4 * DAY}
    assert found.chance(2 * DAY) == pytest.approx(2 / 3, abs=0.06)


def test_a_threat_delays_and_costs_as_often_as_it_happens() -> None:
    found = simulate(net(Task("a", days(2))), {}, [Threat(0.3, DAY, 500)], seed=5, trials=2000)
    assert found.chance(2 * DAY) == pytest.approx(0.7, abs=0.04)
    assert (found.cost_percentile(50), found.cost_percentile(90)) == (0, 500)


def test_the_same_seed_gives_the_same_figures() -> None:
    made = net(Task("a", days(2)), Task("b", days(2)))
    spreads = {"a": Spread(0.5, 1, 3)}
    assert simulate(made, spreads, seed=7, trials=100) == simulate(made, spreads, seed=7, trials=100)


def test_what_is_finished_is_over() -> None:
    done = datetime(2026, 11, 20, 17, tzinfo=UTC)
    made = net(Task("a", days(2), actual_start=done, actual_finish=done), Task("b", days(1), (Link("a"),)))
    found = simulate(made, {"a": Spread(1, 1, 9)}, seed=1, trials=20)
    assert set(found.finishes) == {made.times[1].early_finish}
    assert found.critical == (0.0, 1.0)
