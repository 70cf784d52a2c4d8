"""When a project may end: its net played through many times, with durations and risks drawn by lot.

Three-point estimates are drawn from the beta distribution of PERT (Malcolm and others, "Application of a technique for
research and development program evaluation", 1959; shape as in Vose, "Risk Analysis"). Lots are seeded, so that the
same project gives the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from random import Random

from handrail.base.value import dataclass
from handrail.plan.schedule import Passes

TRIALS = 1000
PERCENTILES = (50, 80, 90)


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
        end = net.play(net.drawn(random))
        net.count_critical(hits)
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
        self.order = plan.net.order
        self.lengths = [float(times.length) for times in plan.times]
        self.done = [times.done for times in plan.times]
        self.spreads = [spreads.get(times.task.id) if times.length else None for times in plan.times]
        self.means = [spread.mean if spread else 1.0 for spread in self.spreads]
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
        self.starts = list(self.floors)
        self.ends = list(self.floors)
        self.drivers = [-1] * len(self.lengths)

    def drawn(self, random: Random) -> list[float]:
        """Draw the lengths of one trial."""
        lengths = list(self.lengths)
        for number, spread in enumerate(self.spreads):
            if spread is not None:
                lengths[number] *= _draw(spread, random)
        return lengths

    def play(self, lengths: Sequence[float]) -> int:
        """Run the forward pass, and give the end."""
        starts, ends, drivers = self.starts, self.ends, self.drivers
        for number in self.order:
            if self.done[number]:
                continue
            start, driver, length = self.floors[number], -1, lengths[number]
            for first, from_end, to_end, lag in self.ties[number]:
                earliest = (ends[first] if from_end else starts[first]) + lag
                if to_end:
                    earliest -= length
                if earliest > start or (earliest == start and driver < 0):
                    start, driver = earliest, first
            starts[number], ends[number], drivers[number] = start, start + length, driver
        return round(max(ends))

    def count_critical(self, hits: list[int]) -> None:
        """Count the tasks on the path that decided the end of the trial."""
        number = max(range(len(self.ends)), key=self.ends.__getitem__)
        while number >= 0 and not self.done[number]:
            hits[number] += 1
            number = self.drivers[number]


def _draw(spread: Spread, random: Random) -> float:
    if spread.samples:
        return spread.samples[int(random.random() * len(spread.samples))]
    low, high = spread.low, spread.high
    if high <= low:
        return spread.likely
    first = 1 + 4 * (spread.likely - low) / (high - low)
    return low + (high - low) * random.betavariate(first, 6 - first)


def _lag(plan: Passes, first: int, lag: object) -> int:
    """Give a lag as places; wall time as it falls after the planned end of what it follows."""
    end = plan.times[first].early_finish
    return plan.axis.after(end, lag) - end  # type: ignore[arg-type]
