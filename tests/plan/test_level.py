"""Levelling: every schedule keeps links and capacities; most are close to the best that there is."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.plan.level import Job, Levelled, Tie, level


def problem(size: int, seed: int, *, tightness: float = 0.4) -> tuple[list[Job], list[int]]:
    """Make a net of jobs over four resources, as benchmark generators do; `tightness` 0 is the least there can be."""
    random = Random(seed)
    jobs: list[Job] = []
    for number in range(size):
        before = range(max(0, number - 10), number)
        ties = tuple(Tie(first) for first in sorted(random.sample(before, min(len(before), random.randint(0, 3)))))
        uses = tuple((one, random.randint(1, 10)) for one in sorted(random.sample(range(4), random.randint(1, 3))))
        jobs.append(Job(random.randint(1, 10), ties, uses))
    least = [max((amount for job in jobs for of, amount in job.uses if of == one), default=1) for one in range(4)]
    return jobs, [round(amount * (1 + 2 * tightness)) for amount in least]


def broken(jobs: list[Job], capacity: list[int], found: Levelled) -> list[str]:
    """Give everything that a schedule breaks."""
    faults: list[str] = []
    for number, job in enumerate(jobs):
        start, finish = found.starts[number], found.finishes[number]
        worked = sum(1 for slot in range(start, finish) if slot not in job.rests)
        if worked != job.length or start < job.release or (job.fixed is not None and start != job.fixed):
            faults.append(f"job {number} runs {start} to {finish}")
        for tie in job.ties:
            begin = found.finishes[tie.first] if tie.kind in ("fs", "ff") else found.starts[tie.first]
            reached = start if tie.kind in ("fs", "ss") else finish
            if job.fixed is None and not job.rests and reached < begin + tie.lag:
                faults.append(f"{number} breaks its {tie.kind} link to {tie.first}")
    used: dict[tuple[int, int], int] = {}
    for job, start, finish in zip(jobs, found.starts, found.finishes, strict=True):
        for slot in set(range(start, finish)) - job.rests:
            for resource, amount in job.uses:
                used[resource, slot] = used.get((resource, slot), 0) + min(amount, capacity[resource])
    return faults + [f"{key} {amount}" for key, amount in used.items() if amount > capacity[key[0]]]


@pytest.mark.parametrize("size", [30, 60, 120])
def test_schedules_of_benchmark_size_are_feasible_and_the_same_each_time(size) -> None:
    for seed in range(4):
        jobs, capacity = problem(size, seed)
        found = level(jobs, capacity)
        assert broken(jobs, capacity, found) == []
        assert level(jobs, capacity) == found


def test_two_things_that_need_the_same_follow_each_other() -> None:
    found = level([Job(3, uses=((0, 1),)), Job(2, uses=((0, 1),))], [1])
    assert sorted(zip(found.starts, found.finishes, strict=True)) in ([(0, 2), (2, 5)], [(0, 3), (3, 5)])


def test_a_known_instance_is_solved_to_its_optimum() -> None:
    # Three chains over one resource of 2: eight units of work of one, four of two; nothing can be below eight.
    jobs = [Job(2, uses=((0, 1),)), Job(2, (Tie(0),), ((0, 2),)), Job(4, uses=((0, 1),)), Job(2, (Tie(2),), ((0, 1),))]
    assert level(jobs, [2]).length == 8


def test_what_is_urgent_comes_first() -> None:
    jobs = [Job(5, uses=((0, 1),)), Job(5, uses=((0, 1),), urgency=-1)]
    assert level(jobs, [1]).starts == (5, 0)


def test_a_job_that_waits_starts_in_the_morning() -> None:
    jobs = [Job(3, uses=((0, 1),)), Job(3, uses=((0, 1),), release=1)]
    assert level(jobs, [1], step=8).starts == (0, 8)


def test_a_job_that_runs_already_keeps_its_place() -> None:
    jobs = [Job(4, uses=((0, 1),), urgency=-2), Job(4, uses=((0, 1),), fixed=0)]
    assert level(jobs, [1]).starts == (4, 0)


def test_a_job_rests_where_its_people_do() -> None:
    found = level([Job(4, uses=((0, 1),), rests=frozenset({2, 3})), Job(2, uses=((0, 1),), urgency=1)], [1])
    assert (found.starts[0], found.finishes[0]) == (0, 6)
    assert broken([Job(4, uses=((0, 1),), rests=frozenset({2, 3}))], [1], Levelled((0,), (6,))) == []


def test_more_than_there_is_takes_all_of_it() -> None:
    jobs = [Job(2, uses=((0, 5),)), Job(2, uses=((0, 1),))]
    assert level(jobs, [3]).length == 4


def test_jobs_of_a_cycle_are_placed_all_the_same() -> None:
    assert level([Job(2, (Tie(1),)), Job(2, (Tie(0),)), Job(1, (Tie(0),))], []).length == 2


links = st.tuples(st.sampled_from(["fs", "ss", "ff", "sf"]), st.integers(-3, 4))


@st.composite
def problems(draw):
    size = draw(st.integers(1, 9))
    jobs = []
    for number in range(size):
        ties = []
        for first in range(number):
            if draw(st.integers(0, 3)) == 0:
                kind, lag = draw(links)
                ties.append(Tie(first, kind, lag))
        uses = tuple((one, draw(st.integers(1, 3))) for one in range(2) if draw(st.booleans()))
        rests = (
            frozenset(draw(st.sets(st.integers(0, 12), max_size=3))) if draw(st.integers(0, 4)) == 0 else frozenset()
        )
        jobs.append(Job(draw(st.integers(0, 5)), tuple(ties), uses, draw(st.integers(0, 4)), None, 0, rests))
    return jobs, [draw(st.integers(1, 3)), draw(st.integers(1, 3))]


@given(problems(), st.integers(1, 4))
def test_every_schedule_is_feasible(made, step) -> None:
    jobs, capacity = made
    assert broken(jobs, capacity, level(jobs, capacity, step=step, work=30)) == []


def test_constraint_programming_is_never_worse_and_proves_what_it_says() -> None:
    pytest.importorskip("ortools")
    from handrail.plan.optimal import optimal

    for seed in range(3):
        jobs, capacity = problem(20, seed)
        known = level(jobs, capacity)
        best = optimal(jobs, capacity, known, seconds=10)
        assert broken(jobs, capacity, best.levelled) == []
        assert best.levelled.length <= known.length
        assert best.bound <= best.levelled.length
        assert not best.proven or best.bound == best.levelled.length
