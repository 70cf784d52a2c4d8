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
    """Places the jobs of one problem, again and again."""

    def __init__(self, jobs: Sequence[Job], capacity: Sequence[int], step: int) -> None:
        self.capacity = list(capacity)
        self.step = max(step, 1)
        net = [[tie.first for tie in job.ties] for job in jobs]
        self.order = in_order(net)
        loose = set(range(len(jobs))) - set(self.order)
        self.jobs = [_untied(job, loose, number in loose) for number, job in enumerate(jobs)]
        self.order += sorted(loose)
        self.followers = successors([[tie.first for tie in job.ties] for job in self.jobs])
        self.uses = [
            tuple((resource, min(amount, self.capacity[resource])) for resource, amount in job.uses if amount > 0)
            for job in self.jobs
        ]
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
        while True:
            found = self.in_order_of(self._pushed_right(best)[0])
            if self.cost(found) >= self.cost(best):
                return best
            best = found

    def in_order_of(self, starts: Sequence[int]) -> Times:
        """Place jobs as early as they can be, the first to start first."""
        place = {number: index for index, number in enumerate(self.order)}
        return self._placed(lambda job: (self.jobs[job].urgency, starts[job], place[job]))

    def cost(self, times: Times) -> int:
        """Give the sum of the groups' ends."""
        if len(self.groups) == 1:
            return max(times[1])
        ends = dict.fromkeys(self.groups, 0)
        for job, finish in zip(self.jobs, times[1], strict=True):
            ends[job.group] = max(ends[job.group], finish)
        return sum(ends.values())

    def _placed(self, order: Order) -> Times:
        """Serial schedule generation: of the jobs whose predecessors are placed, the first in order comes next."""
        from heapq import heappop, heappush

        size = len(self.jobs)
        starts, finishes = [0] * size, [0] * size
        free = self._profile()
        missing = [len(job.ties) for job in self.jobs]
        ready: list[tuple[tuple[float, ...], int]] = []
        for number, job in enumerate(self.jobs):
            if job.fixed is not None:
                starts[number] = job.fixed
                finishes[number] = self._end(number, job.fixed)
                self._take(free, number, job.fixed, finishes[number])
        for number in range(size):
            if not missing[number]:
                heappush(ready, (order(number), number))
        while ready:
            number = heappop(ready)[1]
            if self.jobs[number].fixed is None:
                bound = bound_of(self.jobs[number], starts, finishes)
                starts[number], finishes[number] = self._first_fit(free, number, bound)
                self._take(free, number, starts[number], finishes[number])
            for follower in self.followers[number]:
                missing[follower] -= 1
                if not missing[follower]:
                    heappush(ready, (order(follower), follower))
        return starts, finishes

    def _pushed_right(self, times: Times) -> Times:
        """Place jobs as late as the end of their group lets them, the last to finish first."""
        if any(job.rests for job in self.jobs):
            return times
        ends = dict.fromkeys(self.groups, 0)
        for job, finish in zip(self.jobs, times[1], strict=True):
            ends[job.group] = max(ends[job.group], finish)
        starts, finishes = list(times[0]), list(times[1])
        free = self._profile(max(times[1]) + 1)
        for number, job in enumerate(self.jobs):
            if job.fixed is not None:
                self._take(free, number, starts[number], finishes[number])
        place = {number: index for index, number in enumerate(self.order)}
        for number in sorted(range(len(self.jobs)), key=lambda one: (-times[1][one], -place[one])):
            job = self.jobs[number]
            if job.fixed is not None:
                continue
            latest = min(
                [ends[job.group], *(self._latest(number, after, starts, finishes) for after in self.followers[number])]
            )
            starts[number] = self._last_fit(free, number, max(latest - job.length, times[0][number]), times[0][number])
            finishes[number] = starts[number] + job.length
            self._take(free, number, starts[number], finishes[number])
        return starts, finishes

    def _latest(self, number: int, after: int, starts: list[int], finishes: list[int]) -> int:
        """Give by when a job has to end for one that waits for it."""
        length = self.jobs[number].length
        bounds = []
        for tie in self.jobs[after].ties:
            if tie.first != number:
                continue
            reached = starts[after] if tie.kind in ("fs", "ss") else finishes[after]
            bounds.append(reached - tie.lag + (length if tie.kind in ("ss", "sf") else 0))
        return min(bounds)

    def _first_fit(self, free: list[list[int]], number: int, bound: int) -> tuple[int, int]:
        job, uses = self.jobs[number], self.uses[number]
        if not job.length or not uses:
            return bound, self._end(number, bound)
        start = bound
        while True:
            blocked = self._blocked(free, number, start)
            if blocked < 0:
                return start, self._end(number, start)
            start = blocked + 1
            start += -start % self.step

    def _blocked(self, free: list[list[int]], number: int, start: int) -> int:
        """Give the last slot that keeps a job from starting at `start`, -1 where none does."""
        job = self.jobs[number]
        if job.rests:
            return self._blocked_resting(free, number, start)
        end = start + job.length
        worst = -1
        for resource, amount in self.uses[number]:
            line = free[resource]
            if len(line) < end:
                line.extend([self.capacity[resource]] * (end - len(line) + 64))
            for slot in range(end - 1, max(start, worst + 1) - 1, -1):
                if line[slot] < amount:
                    worst = slot
                    break
        return worst

    def _blocked_resting(self, free: list[list[int]], number: int, start: int) -> int:
        job, slot, left = self.jobs[number], start, self.jobs[number].length
        while left:
            if slot not in job.rests:
                left -= 1
                for resource, amount in self.uses[number]:
                    if slot < len(free[resource]) and free[resource][slot] < amount:
                        return slot
            slot += 1
        return -1

    def _last_fit(self, free: list[list[int]], number: int, start: int, first: int) -> int:
        """Give the last start from `start` down to `first` that fits; `first` always does."""
        length = self.jobs[number].length
        while start > first:
            blocked = _NEVER
            for resource, amount in self.uses[number]:
                line = free[resource]
                for slot in range(start, min(start + length, blocked)):
                    if line[slot] < amount:
                        blocked = slot
                        break
            if blocked == _NEVER:
                return start
            start = blocked - length
        return max(start, first)

    def _take(self, free: list[list[int]], number: int, start: int, finish: int) -> None:
        rests = self.jobs[number].rests
        for resource, amount in self.uses[number]:
            line = free[resource]
            if len(line) < finish:
                line.extend([self.capacity[resource]] * (finish - len(line) + 64))
            for slot in range(start, finish):
                if slot not in rests:
                    line[slot] -= amount

    def _end(self, number: int, start: int) -> int:
        job = self.jobs[number]
        if not job.rests:
            return start + job.length
        slot, left = start, job.length
        while left:
            left -= slot not in job.rests
            slot += 1
        return slot

    def _profile(self, size: int = 0) -> list[list[int]]:
        return [[amount] * (size or 256) for amount in self.capacity]

    def _forward_alone(self) -> list[int]:
        """Give the earliest ends, as if there were enough of everything."""
        starts, finishes = [0] * len(self.jobs), [0] * len(self.jobs)
        for number in self.order:
            fixed = self.jobs[number].fixed
            starts[number] = fixed if fixed is not None else bound_of(self.jobs[number], starts, finishes)
            finishes[number] = self._end(number, starts[number])
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
                job.length * use
                for number, job in enumerate(self.jobs)
                for of, use in self.uses[number]
                if of == resource
            )
            lowest = max(lowest, first + -(-needed // amount) if amount else 0)
        return lowest


def _untied(job: Job, loose: set[int], is_loose: bool) -> Job:
    """Take out the links of jobs that wait for each other, and links to them."""
    if not is_loose and not any(tie.first in loose for tie in job.ties):
        return job
    ties = () if is_loose else tuple(tie for tie in job.ties if tie.first not in loose)
    return Job(job.length, ties, job.uses, job.release, job.fixed, job.urgency, job.rests, job.group)
