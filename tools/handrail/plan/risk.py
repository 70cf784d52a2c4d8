"""When a project may end: its net played through many times, with durations and risks drawn by lot.

Three-point estimates are drawn from the beta distribution of PERT (Malcolm and others, "Application of a technique for
research and development program evaluation", 1959; shape as in Vose, "Risk Analysis"). Lots are seeded, so that the
same project gives the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from itertools import accumulate
from random import Random

from handrail.base.value import dataclass
from handrail.plan.schedule import Passes

TRIALS = 1000
PERCENTILES = (50, 80, 90)
_GRID, _QUANTILES = 400, 500


@dataclass(frozen=True, slots=True)
class Spread:
    """What a task's remaining length may be, as factors of what the plan takes it for.

    Either three points, or `samples`: what it came to before, each as likely as the other.
    """

    low: float = 1.0
    likely: float = 1.0
    high: float = 1.0
    samples: tuple[float, ...] = ()

    @property
    def mean(self) -> float:
        """The mean factor."""
        if self.samples:
            return sum(self.samples) / len(self.samples)
        return (self.low + 4 * self.likely + self.high) / 6


@dataclass(frozen=True, slots=True)
class Threat:
    """Something that may happen to the project as a whole: then it ends `delay` later and costs `cost` more."""

    probability: float
    delay: int = 0
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the trials came to. Places are those of the passes' axis.

    `finishes` are sorted. `plain` is the end by the likely estimates, `expected` that by their means: what lies between
    is the skew of the estimates, what lies between `expected` and the median is the meeting of parallel paths, and the
    threats. `critical` is the share of trials in which a task decided the end, by its number.
    """

    finishes: tuple[int, ...]
    costs: tuple[float, ...]
    plain: int
    expected: int
    critical: tuple[float, ...]
    watched: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # sorted ends of tasks with a deadline

    def percentile(self, share: float) -> int:
        """Give the place by which so many percent of the trials had ended."""
        return self.finishes[min(int(len(self.finishes) * share / 100), len(self.finishes) - 1)]

    def cost_percentile(self, share: float) -> float:
        """Give the cost of the threats that so many percent of the trials stayed below."""
        return self.costs[min(int(len(self.costs) * share / 100), len(self.costs) - 1)]

    def chance(self, place: int) -> float:
        """Give the share of trials that had ended by a place."""
        from bisect import bisect_right

        return bisect_right(self.finishes, place) / len(self.finishes)


def simulate(
    plan: Passes, spreads: Mapping[str, Spread], threats: Sequence[Threat] = (), *, seed: int, trials: int = TRIALS
) -> Simulation:
    """Play a scheduled net through. Tasks without a spread take what the plan takes; finished ones are over."""
    net = _Played(plan, spreads)
    random = Random(seed)  # noqa: S311 - lots, not secrets
    hits = [0] * len(net.lengths)
    finishes: list[int] = []
    costs: list[float] = []
    watched: dict[int, list[float]] = {
        number: [] for number, times in enumerate(plan.times) if times.limit is not None and not times.done
    }
    for _ in range(trials):
        lengths = net.drawn(random)
        end = net.play(lengths)
        net.count_critical(hits, lengths)
        for number, ends in watched.items():
            ends.append(net.ends[number])
        happened = [threat for threat in threats if random.random() < threat.probability]
        finishes.append(end + sum(threat.delay for threat in happened))
        costs.append(sum(threat.cost for threat in happened))
    return Simulation(
        finishes=tuple(sorted(finishes)),
        costs=tuple(sorted(costs)),
        plain=net.play(net.lengths),
        expected=net.play([length * mean for length, mean in zip(net.lengths, net.means, strict=True)]),
        critical=tuple(hit / trials for hit in hits),
        watched={plan.times[number].task.id: tuple(sorted(map(round, ends))) for number, ends in watched.items()},
    )


class _Played:
    """The net as plain numbers: ties, floors, lengths; and one trial's starts and ends."""

    def __init__(self, plan: Passes, spreads: Mapping[str, Spread]) -> None:
        axis = plan.axis
        self.lengths = [float(times.length) for times in plan.times]
        self.done = [times.done for times in plan.times]
        found = [spreads.get(times.task.id) if times.length else None for times in plan.times]
        self.means = [spread.mean if spread else 1.0 for spread in found]
        self.spread = [(number, _factors(spread)) for number, spread in enumerate(found) if spread is not None]
        self.floors = [
            float(times.early_finish if times.done else axis.place(times.floor) if times.floor else 0)
            for times in plan.times
        ]
        # For each task: (of what it waits for, from its end?, to its end?, lag).
        self.ties = [
            [
                (tie.first, tie.kind in ("fs", "ff"), tie.kind in ("ff", "sf"), float(_lag(plan, tie.first, tie.lag)))
                for tie in ties
                if not (plan.times[number].started and tie.kind == "ss")
            ]
            for number, ties in enumerate(plan.net.before)
        ]
        # For each open task in order: its number, its floor, its ties from end to start, and the others.
        self.rows = [
            (
                number,
                self.floors[number],
                [(first, lag) for first, from_end, to_end, lag in self.ties[number] if from_end and not to_end],
                [tie for tie in self.ties[number] if tie[2] or not tie[1]],
            )
            for number in plan.net.order
            if not self.done[number]
        ]
        self.starts = list(self.floors)
        self.ends = list(self.floors)

    def drawn(self, random: Random) -> list[float]:
        """Draw the lengths of one trial."""
        lengths, lot = list(self.lengths), random.random
        for number, factors in self.spread:
            lengths[number] *= factors[int(lot() * len(factors))]
        return lengths

    def play(self, lengths: Sequence[float]) -> int:
        """Run the forward pass, and give the end."""
        starts, ends = self.starts, self.ends
        for number, floor, simple, others in self.rows:
            start = floor
            for first, lag in simple:
                earliest = ends[first] + lag
                if earliest > start:  # noqa: PLR1730 - this is what the trials spend their time on
                    start = earliest
            for first, from_end, to_end, lag in others:
                earliest = (ends[first] if from_end else starts[first]) + lag
                start = max(start, earliest - lengths[number] if to_end else earliest)
            starts[number] = start
            ends[number] = start + lengths[number]
        return round(max(ends))

    def count_critical(self, hits: list[int], lengths: Sequence[float]) -> None:
        """Count the tasks on the path that decided the end of the trial that was just played."""
        number = max(range(len(self.ends)), key=self.ends.__getitem__)
        while number >= 0 and not self.done[number]:
            hits[number] += 1
            number = self._driver(number, lengths[number])

    def _driver(self, number: int, length: float) -> int:
        """Give what a task waited for last, -1 where it was nothing."""
        for first, from_end, to_end, lag in self.ties[number]:
            earliest = (self.ends[first] if from_end else self.starts[first]) + lag
            if (earliest - length if to_end else earliest) == self.starts[number]:
                return first
        return -1


def _factors(spread: Spread) -> tuple[float, ...]:
    """Give factors of which each is as likely as the others."""
    if spread.samples:
        return spread.samples
    low, high = spread.low, spread.high
    if high <= low:
        return (spread.likely,)
    share = round((spread.likely - low) / (high - low), 3)
    return tuple(low + (high - low) * quantile for quantile in _quantiles(min(max(share, 0.0), 1.0)))


@lru_cache(maxsize=512)
def _quantiles(share: float) -> tuple[float, ...]:
    """Give equally likely values of the beta distribution of PERT on 0 to 1 whose mode is `share`.

    Its density is summed up over a fine grid, and read backwards.
    """
    first, second = 4 * share, 4 * (1 - share)  # the exponents: one less than the shape's parameters
    grid = [(step + 0.5) / _GRID for step in range(_GRID)]
    sums = list(accumulate(at**first * (1 - at) ** second for at in grid))
    found, step, before = [], 0, 0.0
    for number in range(_QUANTILES):
        wanted = sums[-1] * (number + 0.5) / _QUANTILES
        while sums[step] < wanted:
            before = sums[step]
            step += 1
        found.append((step + (wanted - before) / (sums[step] - before)) / _GRID)
    return tuple(found)


def _lag(plan: Passes, first: int, lag: object) -> int:
    """Give a lag as places; wall time as it falls after the planned end of what it follows."""
    end = plan.times[first].early_finish
    return plan.axis.after(end, lag) - end  # type: ignore[arg-type]
