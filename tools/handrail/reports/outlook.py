"""When a run will end, how many will be finished: told from what happened, and held against what was promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, tzinfo
from hashlib import sha256

from handrail.base.value import dataclass
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.state import RunState, walk_states
from handrail.plan.chance import TRIALS, chance_by, least, promise, sums, weeks_until
from handrail.reports.figures import SHARES
from handrail.reports.metrics import weeks_of, whole_history
from handrail.reports.moment import Moment
from handrail.reports.records import RunRecord

LEAST_WEEKS = 6
NEWEST_WEEKS = 26
"""The weeks that tell of the next ones: what was half a year ago says little of today."""
MOST_WEEKS = 520
MOST_TESTED = 300
_CLOSED = ("done", "skipped")


@dataclass(frozen=True, slots=True)
class Tested:
    """How often promises of one share held: each was made at a run's start from what was known then."""

    share: int
    held: int
    n: int


@dataclass(frozen=True, slots=True)
class RunOutlook:
    """When a run may end: `by` share in percent, None where the past does not reach so far.

    `finished` runs and `open_runs` are what it is told from; `estimated` is the end by the estimates of its open
    steps, given only where there is no history. `chance` is that of ending by the first due time.
    """

    run: str
    by: Mapping[int, datetime | None]
    finished: int
    open_runs: int
    due: datetime | None = None
    chance: float | None = None
    estimated: datetime | None = None
    older: bool = False  # longer at this point than any run before


@dataclass(frozen=True, slots=True)
class ProcessOutlook:
    """What a process may bring. `lengths` are what a run started now takes, in seconds of working time.

    `in_weeks` is how many runs finish at least in that many weeks, by share; `until` the weeks it takes for `runs`.
    Both are empty where there are too few whole weeks; a number of weeks is None where it may take for ever.
    """

    process: str
    weeks: int
    runs: int
    weekly: tuple[int, ...]
    lengths: Mapping[int, float | None]
    finished: int
    open_runs: int
    in_weeks: Mapping[int, int] = field(default_factory=dict)
    until: Mapping[int, int | None] = field(default_factory=dict)


def run_outlook(state: RunState, runs: Sequence[RunRecord], moment: Moment) -> RunOutlook:
    """Tell when an active run may end, from the runs of its process and from how far it is, and since when.

    What is compared is the time from when a run had closed the steps that this one has closed, to its end.
    """
    time, now = moment.time_for(state.run.calendar), moment.now
    every = walk_states(state.steps)
    closed = frozenset(step.id for step in every if step.state in _CLOSED)
    reached = max([state.run.started, *(step.facts.done for step in every if step.id in closed and step.facts.done)])
    ended, still = _left(closed, [one for one in runs if one.id != state.run.id], time, now)
    waited = time.between(reached, now).total_seconds()
    due = state.first_due
    chance = chance_by(ended, still, time.between(reached, due).total_seconds(), waited) if due else None
    by = {share: _after(time, reached, promise(ended, still, share, waited)) for share in SHARES}
    return RunOutlook(
        run=state.run.id,
        by=by,
        finished=len(ended),
        open_runs=len(still),
        due=due,
        chance=chance,
        estimated=None if ended else _estimated(state, time, now),
        older=bool(ended) and waited >= max(ended),
    )


def process_outlook(
    process: str, runs: Sequence[RunRecord], now: datetime, zone: tzinfo, *, weeks: int, wanted: int
) -> ProcessOutlook:
    """Tell what a process may bring in so many weeks, and how long `wanted` runs (0: those open now) take."""
    counted = [one for one in runs if one.state != "cancelled"]
    weekly = tuple(weeks_of(counted, whole_history(counted, now, zone), now)[-NEWEST_WEEKS:])
    lengths = [one.lead for one in counted if one.lead is not None]
    ages = [one.age for one in counted if one.state == "active"]
    found = {share: promise(lengths, ages, share) for share in SHARES}
    number = wanted or len(ages)
    known = ProcessOutlook(process, weeks, number, weekly, found, len(lengths), len(ages))
    if len(weekly) < LEAST_WEEKS or not any(weekly):
        return known
    drawn = sums(weekly, weeks, seed=_seed(process, weekly, weeks))
    needed = weeks_until(weekly, number, seed=_seed(process, weekly, number), most=MOST_WEEKS)
    in_weeks = {share: drawn[TRIALS * (100 - share) // 100] for share in SHARES}
    until = {share: needed[min(-(-TRIALS * share // 100), TRIALS) - 1] for share in SHARES}
    reached = {share: count if count <= MOST_WEEKS else None for share, count in until.items()}
    return ProcessOutlook(
        process, weeks, number, weekly, found, len(lengths), len(ages), in_weeks, reached if number else {}
    )


def back_test(runs: Sequence[RunRecord], moment: Moment) -> tuple[Tested, ...]:
    """Make each past promise again with what was known at that run's start, and count those that held.

    A promise counts when its time is over, whether or not the run has ended: were only ended runs counted, the slow
    ones would be missing.
    """
    counted = sorted((one for one in runs if one.state != "cancelled"), key=lambda one: (one.started, one.id))
    tally = {share: [0, 0] for share in SHARES}
    for one in counted[-MOST_TESTED:]:
        time = moment.time_for(one.calendar)
        before = [other for other in counted if other.started < one.started]
        ended = [other.lead for other in before if other.lead is not None and _over(other, one.started)]
        still = [
            time.between(other.started, one.started).total_seconds()
            for other in before
            if not _over(other, one.started)
        ]
        for share in SHARES:
            told = promise(ended, still, share) if len(ended) >= least(share) else None
            if told is not None and one.age >= told:
                tally[share][0] += one.lead is not None and one.lead <= told
                tally[share][1] += 1
    return tuple(Tested(share, held, n) for share, (held, n) in tally.items())


def _over(run: RunRecord, at: datetime) -> bool:
    return run.finished is not None and run.finished <= at


def _left(
    closed: frozenset[str], runs: Sequence[RunRecord], time: WorkingTime, now: datetime
) -> tuple[list[float], list[float]]:
    """Give how long other runs took from that point to their end, and for how long open ones have been past it.

    Those in which nothing else was closed then are the closest; the others come in where too few are.
    """
    ended: list[tuple[bool, float]] = []
    still: list[tuple[bool, float]] = []
    for one in runs:
        if one.state == "cancelled":
            continue
        known = {step.id: step for step in one.steps}
        wanted = [known[name] for name in closed if name in known and known[name].state != "na"]
        if any(step.done is None or step.state not in _CLOSED for step in wanted):
            continue
        point = max([one.started, *(step.done for step in wanted if step.done)])
        same = not any(step.done and step.done <= point and step.id not in closed for step in one.steps)
        end = one.finished or now
        if end >= point:
            (ended if one.finished else still).append((same, time.between(point, end).total_seconds()))
    only_same = sum(same for same, _ in ended) >= least(85)
    return (
        [length for same, length in ended if same or not only_same],
        [length for same, length in still if same or not only_same],
    )


def _estimated(state: RunState, time: WorkingTime, now: datetime) -> datetime | None:
    """Give the end by the estimates of all open steps, one after the other; None where one has none."""
    open_steps = [
        step
        for step in walk_states(state.steps)
        if step.state not in (*_CLOSED, "na", "cancelled") and not step.substeps
    ]
    estimates = [step.item.attributes.est for step in open_steps]
    if not estimates or any(one is None for one in estimates):
        return None
    return _after(time, now, sum(time.seconds(one.likely) for one in estimates if one))


def _after(time: WorkingTime, start: datetime, seconds: float | None) -> datetime | None:
    return None if seconds is None else time.add(start, Duration(seconds / 60, "m"))


def _seed(*values: object) -> int:
    return int.from_bytes(sha256(repr(values).encode()).digest()[:4], "big")
