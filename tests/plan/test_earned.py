"""Earned value against figures worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.plan.earned import Work, earned_value, planned_value

HAND = (Work(100, 0, 2, 1.0), Work(200, 2, 5, 0.5), Work(300, 5, 10, 0.0))
"""Budgets of 100, 200 and 300 on days 1 to 2, 3 to 5 and 6 to 10."""


def test_the_figures_of_a_project_worked_out_by_hand() -> None:
    found = earned_value(HAND, at=5, actual=280)
    assert (found.budget, found.planned, found.earned, found.actual) == (600, 300, 200, 280)
    assert (found.schedule_variance, found.cost_variance) == (-100, -80)
    assert found.schedule_index == pytest.approx(0.667, abs=0.001)
    assert found.cost_index == pytest.approx(0.714, abs=0.001)
    assert found.at_completion == pytest.approx(840)
    assert found.to_complete == pytest.approx(560)
    assert found.variance_at_completion == pytest.approx(-240)
    assert found.to_complete_index == pytest.approx(1.25)
    assert found.schedule == pytest.approx(3.5)
    assert found.time_index == pytest.approx(0.70)
    assert found.end == pytest.approx(14.29, abs=0.01)


def test_nothing_is_divided_by_nothing() -> None:
    fresh = earned_value((Work(100, 0, 2, 0.0),), at=0, actual=0)
    assert fresh.schedule_index is None
    assert fresh.cost_index is None
    assert fresh.at_completion is None
    assert fresh.time_index is None
    empty = earned_value((), at=3, actual=None)
    assert (empty.budget, empty.planned, empty.schedule, empty.end, empty.cost_variance) == (0, 0, None, None, None)


def test_all_spent_and_not_all_done_has_no_index_to_complete() -> None:
    assert earned_value((Work(100, 0, 2, 0.5),), at=2, actual=100).to_complete_index is None


def test_a_milestone_with_a_price_is_due_whole_on_its_day() -> None:
    assert planned_value((Work(50, 3, 3, 0),), 2.9) == 0
    assert planned_value((Work(50, 3, 3, 0),), 3) == 50


def test_a_late_project_that_is_done_shows_in_time_and_no_longer_in_value() -> None:
    done = earned_value(tuple(Work(one.budget, one.start, one.finish, 1.0) for one in HAND), at=15, actual=700)
    assert done.schedule_index == 1.0
    assert done.time_index == pytest.approx(10 / 15)


work = st.builds(
    lambda budget, start, length, progress: Work(budget, start, start + length, progress),
    st.integers(0, 1000), st.integers(0, 50), st.integers(0, 20), st.sampled_from((0.0, 0.25, 0.5, 1.0)),
)  # fmt: skip


@given(st.lists(work, max_size=8), st.floats(0, 80))
def test_earned_schedule_is_where_the_plan_is_worth_what_was_earned(tasks, at) -> None:
    found = earned_value(tasks, at=at, actual=None)
    if found.schedule is None:
        assert sum(task.budget for task in tasks) == 0
        return
    end = max(task.finish for task in tasks)
    assert 0 <= found.schedule <= end
    assert planned_value(tasks, found.schedule + 1e-6) >= found.earned - 1e-3
    assert planned_value(tasks, found.schedule - 1e-6) <= found.earned + 1e-3 or found.schedule == 0
