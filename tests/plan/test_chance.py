"""Promises from past durations: they hold as often as they say, whatever the distribution."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.plan.chance import chance_by, percentile, promise, sums, weeks_until

DURATIONS: dict[str, Callable[[Random], float]] = {
    "exponential": lambda random: random.expovariate(1 / 5),
    "lognormal": lambda random: random.lognormvariate(1, 1),
    "uniform": lambda random: random.uniform(1, 9),
    "two kinds": lambda random: random.gauss(2, 0.2) if random.random() < 0.7 else random.gauss(20, 2),
}
spans = st.lists(st.floats(0.1, 1e6), min_size=1, max_size=40)


@pytest.mark.parametrize(("values", "share", "told"), [
    ([3, 1, 2], 50, 2),
    ([1, 2, 3, 4, 5, 6], 85, 6),
    ([1, 2, 3, 4, 5], 85, None),
    (list(range(1, 20)), 95, 19),
    (list(range(1, 19)), 95, None),
    ([], 50, None),
])  # fmt: skip
def test_a_percentile_needs_enough_values(values: list[float], share: float, told: float | None) -> None:
    assert percentile(values, share) == told


def test_a_promise_is_the_order_statistic_of_one_more() -> None:
    # (19 + 1) · 0.85 = 17; with 5 values (5 + 1) · 0.85 = 5.1 is more than there are.
    assert promise(list(range(1, 20)), [], 85) == 17
    assert promise([1, 2, 3, 4, 5], [], 85) is None
    # Given that it lasts longer than 10, nine are left: (9 + 1) · 0.5 = 5, the fifth of 11 to 19.
    assert promise(list(range(1, 20)), [], 50, beyond=10) == 15
    assert promise([1, 2, 3], [], 50, beyond=3) is None


def test_what_has_not_ended_counts_as_lasting_at_least_so_long() -> None:
    # Five are at risk with the next one: 4/5 outlast 1. One leaves unended at 2; of the three left, 2/3 outlast 3.
    assert promise([1, 3, 4], [2], 50) == 4
    assert chance_by([1, 3, 4], [2], 3) == pytest.approx(1 - 4 / 5 * 2 / 3)
    assert chance_by([], [], 3) is None


@given(spans, spans, st.sampled_from([50, 85, 95]), st.floats(0, 1e6))
def test_promises_lie_beyond_the_age_and_grow_with_the_share(
    ended: list[float], still: list[float], share: float, beyond: float
) -> None:
    told = promise(ended, still, share, beyond)
    if told is not None:
        assert told > beyond
        assert told in ended
        lower = promise(ended, still, share / 2, beyond)
        assert lower is not None
        assert lower <= told
        chance = chance_by(ended, still, told, beyond)
        assert chance is not None
        assert chance >= share / 100 - 1e-9


@pytest.mark.parametrize("name", DURATIONS)
@pytest.mark.parametrize("size", [6, 11, 40])
def test_an_85_percent_promise_holds_in_85_percent_of_cases(name: str, size: int) -> None:
    random, draw, trials = Random(size), DURATIONS[name], 3000
    held = 0
    for _ in range(trials):
        told = promise([draw(random) for _ in range(size)], [], 85)
        held += told is not None and draw(random) <= told
    # The rank is rounded up: what it covers is known exactly.
    exact = -(-(size + 1) * 85 // 100) / (size + 1)
    assert abs(held / trials - exact) < 4 * sqrt(exact * (1 - exact) / trials)
    assert exact >= 0.85


def test_it_holds_for_what_has_lasted_a_while_already() -> None:
    random, draw, held, n = Random(7), DURATIONS["lognormal"], 0, 0
    while n < 2000:
        past, one = [draw(random) for _ in range(60)], draw(random)
        told = promise(past, [], 85, beyond=3.0)
        if one > 3.0 and told is not None:
            held, n = held + (one <= told), n + 1
    assert 0.85 - 4 * sqrt(0.85 * 0.15 / n) < held / n < 0.92


@pytest.mark.parametrize("weeks", [1, 4, 8])
def test_at_least_so_many_are_finished_in_85_percent_of_cases(weeks: int) -> None:
    random, trials, held = Random(weeks), 300, 0

    def week() -> int:
        return sum(random.random() < 0.3 for _ in range(10))

    for number in range(trials):
        drawn = sums([week() for _ in range(16)], weeks, seed=number, trials=300)
        held += sum(week() for _ in range(weeks)) >= drawn[300 * 15 // 100]
    assert held / trials > 0.85 - 3 * sqrt(0.85 * 0.15 / trials)


def test_lots_are_the_same_for_the_same_seed_and_never_run_for_ever() -> None:
    assert sums([1, 2, 0], 5, seed=3) == sums([1, 2, 0], 5, seed=3)
    assert weeks_until([1, 1], 5, seed=1, most=10) == [5] * 2000
    assert set(weeks_until([0, 0], 5, seed=1, most=10)) == {11}
