"""Levelling as well as it can be done: constraint programming (CP-SAT of OR-Tools), begun from a known schedule.

OR-Tools is large and optional. It is imported here alone, and only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handrail.base.errors import WrongUsage
from handrail.base.value import dataclass
from handrail.plan.level import Job, Levelled, ends_of, justified


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best schedule found, the sum of group ends that none can be below, and whether it is proven best."""

    levelled: Levelled
    bound: int
    proven: bool


def optimal(
    jobs: Sequence[Job],
    capacity: Sequence[int],
    known: Levelled,
    *,
    seconds: float,
    deterministic: bool = False,
    step: int = 1,
) -> Optimum:
    """Improve a known schedule within `seconds` (of a deterministic clock, where the result must not vary).

    Raises WrongUsage where OR-Tools is not installed. Jobs that rest are left to the known schedule: their lengths
    depend on when they start.
    """
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        hint = "Install it with `pip install 'handrail[optimize]'`."
        raise WrongUsage("`--optimize` needs OR-Tools, which is not installed.", hint) from None
    if not jobs or any(job.rests for job in jobs):
        return Optimum(known, sum(ends_of(jobs, known).values()), proven=not jobs)
    model: Any = cp_model.CpModel()
    starts = _add_jobs(model, jobs, capacity, known, step)
    ends = _add_ends(model, jobs, starts, known)
    model.minimize(sum(ends))
    solver: Any = cp_model.CpSolver()
    if deterministic:
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = seconds
    else:
        solver.parameters.num_workers = 2
        solver.parameters.max_time_in_seconds = seconds
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Optimum(known, sum(ends_of(jobs, known).values()), proven=False)
    begins = tuple(solver.value(start) for start in starts)
    finishes = tuple(begin + job.length for begin, job in zip(begins, jobs, strict=True))
    found = justified(jobs, capacity, Levelled(begins, finishes, known.samples), step=step)
    best = min((known, found), key=lambda one: sum(ends_of(jobs, one).values()))
    bound = round(solver.best_objective_bound)
    proven = status == cp_model.OPTIMAL and sum(ends_of(jobs, best).values()) <= bound
    return Optimum(best, bound, proven)


def _add_jobs(model: Any, jobs: Sequence[Job], capacity: Sequence[int], known: Levelled, step: int) -> list[Any]:
    horizon = known.length + max((job.length for job in jobs), default=0) * 2 + step
    starts, spans = [], []
    for number, job in enumerate(jobs):
        first = job.release if job.fixed is None else job.fixed
        last = horizon if job.fixed is None else job.fixed
        start = model.new_int_var(first, last, f"start{number}")
        starts.append(start)
        spans.append(model.new_fixed_size_interval_var(start, job.length, f"job{number}"))
        model.add_hint(start, known.starts[number])
    for number, job in enumerate(jobs):
        for tie in job.ties if job.fixed is None else ():
            begin = starts[tie.first] + (jobs[tie.first].length if tie.kind in ("fs", "ff") else 0)
            end = starts[number] + (job.length if tie.kind in ("ff", "sf") else 0)
            model.add(end >= begin + tie.lag)
    for resource, amount in enumerate(capacity):
        using = [
            (spans[number], min(use, amount))
            for number, job in enumerate(jobs)
            for of, use in job.uses
            if of == resource and use > 0 and job.length
        ]
        if using:
            model.add_cumulative([span for span, _ in using], [use for _, use in using], amount)
    return starts


def _add_ends(model: Any, jobs: Sequence[Job], starts: Sequence[Any], known: Levelled) -> list[Any]:
    found = []
    horizon = known.length * 2 + 1
    for group, end in sorted(ends_of(jobs, known).items()):
        last = model.new_int_var(0, horizon, f"end{group}")
        for job, start in zip(jobs, starts, strict=True):
            if job.group == group:
                model.add(last >= start + job.length)
        model.add_hint(last, end)
        found.append(last)
    return found
