"""Resource levelling: schedules in which nobody and nothing is used by more than there is.

The resource-constrained project scheduling problem by a serial schedule generation scheme (Kelley, "The critical path
method: resources planning and scheduling", 1963), with latest finish times as priorities, several samples of them
(regret-based biased random sampling, Drexl, 1991) and forward-backward improvement of each (Li and Willis, "An
iterative scheduling technique for resource-constrained project scheduling", 1992). The same input gives the same
schedule: the samples are seeded.

Time is in whole slots from 0. Nothing here knows of calendars; a job can have slots in which it rests.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from handrail.base.value import dataclass
from handrail.model.item import LinkKind
from handrail.plan.network import in_order, successors

_WORK = 1000
"""How much is tried: so many jobs are placed, in samples of all of them."""

_LEAST_SAMPLES = 3
_NEVER = 1 << 60


@dataclass(frozen=True, slots=True)
class Tie:
    """What a job waits for: the number of another, how, and the lag in slots."""

    first: int
    kind: LinkKind = "fs"
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do, `length` slots long. `uses` are (resource, amount) for as long as it runs.

    `release` is the first slot at which it may start; `fixed` the one at which it does, whatever that means for
    others. `urgency` comes before everything else where two want the same (smaller first). `rests` are slots that do
    not count and in which it needs nothing. `group` is the project that it belongs to.
    """

    length: int
    ties: tuple[Tie, ...] = ()
    uses: tuple[tuple[int, int], ...] = ()
    release: int = 0
    fixed: int | None = None
    urgency: int = 0
    rests: frozenset[int] = frozenset()
    group: int = 0


@dataclass(frozen=True, slots=True)
class Levelled:
    """When each job starts and ends (the slot after its last one), and how many schedules were tried."""

    starts: tuple[int, ...]
    finishes: tuple[int, ...]
    samples: int = 1

    @property
    def length(self) -> int:
        """When the last job ends."""
        return max(self.finishes, default=0)


def level(jobs: Sequence[Job], capacity: Sequence[int], *, step: int = 1, seed: int = 0, work: int = _WORK) -> Levelled:
    """Give a short schedule that keeps all links and never uses more of a resource than there is.

    `step`: a job that has to wait for a resource starts at a multiple of it. A job that wants more than there is is
    treated as wanting all of it. The links must have no cycle: jobs of one are placed as if they had no links.
    """
    if not jobs:
        return Levelled((), ())
    leveller = _Leveller(jobs, capacity, step)
    random = Random(seed)  # noqa: S311 - samples, not secrets
    samples = max(_LEAST_SAMPLES, work // len(jobs))
    best = leveller.improved(leveller.latest_first)
    for _ in range(samples - 1):
        found = leveller.improved(leveller.sampled(random))
        if leveller.cost(found) < leveller.cost(best):
            best = found
        if leveller.cost(best) <= leveller.bound:
            break
    return Levelled(tuple(best[0]), tuple(best[1]), samples)


def justified(jobs: Sequence[Job], capacity: Sequence[int], known: Levelled, *, step: int = 1) -> Levelled:
    """Give a schedule with its jobs in the same order, each as early as it can be."""
    leveller = _Leveller(jobs, capacity, step)
    starts, finishes = leveller.in_order_of(known.starts)
    return Levelled(tuple(starts), tuple(finishes), known.samples)


def ends_of(jobs: Sequence[Job], found: Levelled) -> dict[int, int]:
    """Give when each group ends."""
    ends: dict[int, int] = {}
    for job, finish in zip(jobs, found.finishes, strict=True):
        ends[job.group] = max(ends.get(job.group, 0), finish)
    return ends


def bound_of(job: Job, starts: Sequence[int], finishes: Sequence[int]) -> int:
    """Give the first slot at which a job may start for what it waits for."""
    bound = job.release
    for tie in job.ties:
        begin = finishes[tie.first] if tie.kind in ("fs", "ff") else starts[tie.first]
        bound = max(bound, begin + tie.lag - (job.length if tie.kind in ("ff", "sf") else 0))
    return bound


Times = tuple[list[int], list[int]]
Order = Callable[[int], tuple[float, ...]]


class _Leveller:
    """Places the jobs of one problem, again and again.

    What is free in a slot is one number: a field for each resource, and above it a bit that is set. What a job needs is
    such a number without those bits. Where the difference of both has lost one, there is too little of something.
    """

    def __init__(self, jobs: Sequence[Job], capacity: Sequence[int], step: int) -> None:
        self.capacity = list(capacity)
        self.step = max(step, 1)
        net = [[tie.first for tie in job.ties] for job in jobs]
        self.order = in_order(net)
        loose = set(range(len(jobs))) - set(self.order)
        self.jobs = [_untied(job, loose, number in loose) for number, job in enumerate(jobs)]
        self.order += sorted(loose)
        self.place = {number: index for index, number in enumerate(self.order)}
        self.followers = successors([[tie.first for tie in job.ties] for job in self.jobs])
        self.resting = any(job.rests for job in self.jobs)
        self.width = max(self.capacity, default=0).bit_length() + 1
        self.full = self._in_fields(self.capacity)
        self.guard = self._in_fields([1] * len(self.capacity)) << self.width - 1
        self.needs = [self._needed(job) for job in self.jobs]
        self.before = [_before(job) for job in self.jobs]
        self.behind = self._behind()
        self.groups = sorted({job.group for job in self.jobs})
        self.early = self._forward_alone()
        self.late = self._backward_alone()
        self.bound = self._bound()

    def latest_first(self, job: int) -> tuple[float, ...]:
        """Order by urgency, then by latest finish, then by latest start."""
        return (self.jobs[job].urgency, self.late[job], self.late[job] - self.jobs[job].length, job)

    def sampled(self, random: Random) -> Order:
        """Give an order near the one by latest finish: the closer two are, the likelier they change places."""
        spread = max(self.late) * 0.12 + 1
        drawn = [late - random.expovariate(1.0) * spread for late in self.late]
        return lambda job: (self.jobs[job].urgency, drawn[job], job)

    def improved(self, order: Order) -> Times:
        """Place all jobs in an order, then push them to the right and to the left as long as that helps."""
        best = self._placed(order)
        while self.cost(best) > self.bound:
            found = self.in_order_of(self._pushed_right(best)[0])
            if self.cost(found) >= self.cost(best):
                break
            best = found
        return best

    def in_order_of(self, starts: Sequence[int]) -> Times:
        """Place jobs as early as they can be, the first to start first."""
        return self._placed(lambda job: (self.jobs[job].urgency, starts[job], self.place[job]))

    def cost(self, times: Times) -> int:
        """Give the sum of the groups' ends."""
        if len(self.groups) == 1:
            return max(times[1])
        return sum(self._ends(times[1]).values())

    def _ends(self, finishes: Sequence[int]) -> dict[int, int]:
        ends = dict.fromkeys(self.groups, 0)
        for job, finish in zip(self.jobs, finishes, strict=True):
            ends[job.group] = max(ends[job.group], finish)
        return ends

    def _placed(self, order: Order) -> Times:
        """Serial schedule generation: of the jobs whose predecessors are placed, the first in order comes next."""
        from heapq import heapify, heappop, heappush

        size = len(self.jobs)
        starts, finishes = [0] * size, [0] * size
        free = self._with_fixed(starts, finishes)
        by_rank = sorted(range(size), key=order)
        rank = [0] * size
        for index, number in enumerate(by_rank):
            rank[number] = index
        missing = [len(ties) for ties in self.before]
        ready = [rank[number] for number in range(size) if not missing[number]]
        heapify(ready)
        while ready:
            number = by_rank[heappop(ready)]
            job = self.jobs[number]
            if job.fixed is None:
                bound = job.release
                for first, times, offset in self.before[number]:
                    reached = (finishes if times else starts)[first] + offset
                    if reached > bound:  # noqa: PLR1730 - levelling spends its time here; a comparison costs least
                        bound = reached
                starts[number], finishes[number] = self._first_fit(free, number, bound)
            for follower in self.followers[number]:
                missing[follower] -= 1
                if not missing[follower]:
                    heappush(ready, rank[follower])
        return starts, finishes

    def _pushed_right(self, times: Times) -> Times:
        """Place jobs as late as the end of their group lets them, the last to finish first."""
        if self.resting:
            return times
        ends = self._ends(times[1])
        starts, finishes = list(times[0]), list(times[1])
        free = self._with_fixed([0] * len(starts), [0] * len(starts), max(finishes) + 1)
        for number in sorted(range(len(starts)), key=lambda one: (-times[1][one], -self.place[one])):
            job = self.jobs[number]
            if job.fixed is not None:
                continue
            latest = ends[job.group]
            for after, begins, offset in self.behind[number]:
                reached = (starts if begins else finishes)[after] + offset
                if reached < latest:  # noqa: PLR1730
                    latest = reached
            start = self._last_fit(free, number, max(latest - job.length, times[0][number]), times[0][number])
            starts[number], finishes[number] = start, start + job.length
        return starts, finishes

    def _first_fit(self, free: list[int], number: int, start: int) -> tuple[int, int]:
        """Give the first start from `start` on that fits, and the end, and take what is needed."""
        job, need = self.jobs[number], self.needs[number]
        if not job.length or not need:
            return start, self._end(job, start)
        if job.rests:
            return self._first_fit_resting(free, number, start)
        guard, length = self.guard, job.length
        while True:
            end = start + length
            if len(free) < end:
                free.extend([self.full | guard] * (end - len(free) + 64))
            for slot in range(end - 1, start - 1, -1):
                if (free[slot] - need) & guard != guard:
                    break
            else:
                for slot in range(start, end):
                    free[slot] -= need
                return start, end
            start = slot + 1
            start += -start % self.step

    def _first_fit_resting(self, free: list[int], number: int, start: int) -> tuple[int, int]:
        job, need = self.jobs[number], self.needs[number]
        while True:
            end = self._end(job, start)
            if len(free) < end:
                free.extend([self.full | self.guard] * (end - len(free) + 64))
            worked = [slot for slot in range(start, end) if slot not in job.rests]
            blocked = next((slot for slot in worked if (free[slot] - need) & self.guard != self.guard), None)
            if blocked is None:
                for slot in worked:
                    free[slot] -= need
                return start, end
            start = blocked + 1
            start += -start % self.step

    def _last_fit(self, free: list[int], number: int, start: int, first: int) -> int:
        """Give the last start from `start` down to `first` that fits, and take what is needed; `first` always fits."""
        length, need, guard = self.jobs[number].length, self.needs[number], self.guard
        if not need:
            return start
        while start > first:
            for slot in range(start, start + length):
                if (free[slot] - need) & guard != guard:
                    break
            else:
                break
            start = max(slot - length, first)
        for slot in range(start, start + length):
            free[slot] -= need
        return start

    def _with_fixed(self, starts: list[int], finishes: list[int], size: int = 256) -> list[int]:
        """Give what is free beside the jobs that are fixed, and note when these run."""
        free = [self.full | self.guard] * size
        for number, job in enumerate(self.jobs):
            if job.fixed is None:
                continue
            starts[number], finishes[number] = job.fixed, self._end(job, job.fixed)
            free.extend([self.full | self.guard] * (finishes[number] - len(free)))
            for slot in range(starts[number], finishes[number]):
                if slot not in job.rests:
                    free[slot] = self._less(free[slot], self.needs[number])
        return free

    def _less(self, free: int, need: int) -> int:
        """Take what a fixed job needs, down to nothing left: it runs even where there is too little."""
        field = (1 << self.width - 1) - 1
        left = []
        for resource in range(len(self.capacity)):
            shift = resource * self.width
            left.append(max((free >> shift & field) - (need >> shift & field), 0))
        return self._in_fields(left) | self.guard

    def _in_fields(self, amounts: Sequence[int]) -> int:
        return sum(amount << resource * self.width for resource, amount in enumerate(amounts))

    def _needed(self, job: Job) -> int:
        amounts = [0] * len(self.capacity)
        for resource, amount in job.uses:
            amounts[resource] = min(amounts[resource] + max(amount, 0), self.capacity[resource])
        return self._in_fields(amounts)

    def _behind(self) -> list[list[tuple[int, bool, int]]]:
        """Give what bounds each job's end: (a job that waits for it, from its start or its end, offset)."""
        behind: list[list[tuple[int, bool, int]]] = [[] for _ in self.jobs]
        for number, job in enumerate(self.jobs):
            for tie in job.ties:
                own = self.jobs[tie.first].length if tie.kind in ("ss", "sf") else 0
                behind[tie.first].append((number, tie.kind in ("fs", "ss"), own - tie.lag))
        return behind

    def _end(self, job: Job, start: int) -> int:
        if not job.rests:
            return start + job.length
        slot, left = start, job.length
        while left:
            left -= slot not in job.rests
            slot += 1
        return slot

    def _forward_alone(self) -> list[int]:
        """Give the earliest ends, as if there were enough of everything."""
        starts, finishes = [0] * len(self.jobs), [0] * len(self.jobs)
        for number in self.order:
            fixed = self.jobs[number].fixed
            starts[number] = fixed if fixed is not None else bound_of(self.jobs[number], starts, finishes)
            finishes[number] = self._end(self.jobs[number], starts[number])
        return finishes

    def _backward_alone(self) -> list[int]:
        """Give the latest ends that keep the end of each group, as if there were enough of everything."""
        ends = dict.fromkeys(self.groups, 0)
        for job, finish in zip(self.jobs, self.early, strict=True):
            ends[job.group] = max(ends[job.group], finish)
        late = [ends[job.group] for job in self.jobs]
        for number in reversed(self.order):
            length = self.jobs[number].length
            for tie in self.jobs[number].ties:
                reached = late[number] - length if tie.kind in ("fs", "ss") else late[number]
                bound = reached - tie.lag + (self.jobs[tie.first].length if tie.kind in ("ss", "sf") else 0)
                late[tie.first] = min(late[tie.first], bound)
        return late

    def _bound(self) -> int:
        """Give what no schedule can be shorter than: the critical path, and for one group the work by capacity."""
        lowest = self.cost(([], self.early))
        if len(self.groups) > 1:
            return lowest
        first = min((job.release for job in self.jobs), default=0)
        for resource, amount in enumerate(self.capacity):
            needed = sum(
                job.length * min(use, amount) for job in self.jobs for of, use in job.uses if of == resource and use > 0
            )
            lowest = max(lowest, first + -(-needed // amount) if amount else 0)
        return lowest


def _before(job: Job) -> tuple[tuple[int, bool, int], ...]:
    """Give what bounds a job's start: (what it waits for, from its end or its start, offset)."""
    return tuple(
        (tie.first, tie.kind in ("fs", "ff"), tie.lag - (job.length if tie.kind in ("ff", "sf") else 0))
        for tie in job.ties
    )


def _untied(job: Job, loose: set[int], is_loose: bool) -> Job:
    """Take out the links of jobs that wait for each other, and links to them."""
    if not is_loose and not any(tie.first in loose for tie in job.ties):
        return job
    ties = () if is_loose else tuple(tie for tie in job.ties if tie.first not in loose)
    return Job(job.length, ties, job.uses, job.release, job.fixed, job.urgency, job.rests, job.group)
