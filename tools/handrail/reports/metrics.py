"""The figures of a process, or of all of them: how long, how many, where it waits, how often it was right at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from statistics import fmean
from typing import TypeVar

from handrail.plan.chance import percentile, promise
from handrail.reports.figures import (
    SHARES,
    Day,
    Little,
    Metrics,
    RoleFigures,
    Share,
    Spread,
    StageFigures,
    StepFigures,
    Week,
)
from handrail.reports.period import Period
from handrail.reports.records import RunRecord, StepRecord, Titles

LITTLE_RUNS = 10
"""So many finished runs it takes before Little's law is looked at: below, chance alone breaks it."""
_WEEK = timedelta(days=7)
_OPEN = ("ready", "doing", "blocked")
Left = Mapping[str, tuple[datetime, float | None]]
"""The stages that a run has left: when, and for how long (wall time) it was there."""
_T = TypeVar("_T")


def metrics(
    runs: Sequence[RunRecord],
    period: Period,
    now: datetime,
    process: str = "",
    titles: Titles | None = None,
    parts: Sequence[Metrics] = (),
) -> Metrics:
    """Give the figures of a process's runs, or of all.

    Lengths are those of the runs that finished in the period; cancelled ones have no length and no promise to keep.
    A step is called as `titles` say, else as the newest run calls it. `parts`: the figures of each process, if known.
    """
    holds, runs = period.within(), [one for one in runs if process in ("", one.process)]
    ended = [one for one in runs if one.finished and holds(one.finished)]
    began = [one for one in runs if holds(one.started)]
    open_now = [one for one in runs if one.state == "active" and one.started <= now]
    steps = [step for one in runs for step in one.steps if step.done and holds(step.done)]
    weeks, stages = _weeks(runs, period, now), (_stage_names(runs) if process else ())
    left = [] if parts else [_left(one) for one in runs]
    return Metrics(
        process=process,
        period=period,
        started=len(began),
        finished=len(ended),
        cancelled=sum(one.state == "cancelled" for one in began),
        cohort={state: sum(one.state == state for one in began) for state in ("done", "active", "cancelled")},
        lead=spread(one.lead for one in ended),
        lead_wall=spread(one.lead_wall for one in ended),
        cycle=spread(one.cycle for one in ended),
        lead_censored=_censored(ended, open_now),
        efficiency=spread(one.efficiency for one in ended),
        hand_overs=spread(float(one.hand_overs) for one in ended),
        on_time=_share(ended, lambda one: one.first_due, lambda one: one.finished),
        steps_on_time=_share(steps, lambda one: one.first_due, lambda one: one.first_done or one.done),
        right_first_time=Share(sum(one.right_first_time for one in ended), len(ended)),
        throughput=_mean([week.finished for week in weeks if week.whole]),
        arrivals=_mean([week.started for week in weeks if week.whole]),
        wip=len(open_now),
        wip_age=spread(one.age for one in open_now),
        oldest=_oldest(open_now),
        little=_little(runs, period, now),
        weeks=weeks,
        steps=tuple(one for part in parts for one in part.steps) if parts else _steps(runs, period, now, titles or {}),
        stages=tuple(one for part in parts for one in part.stages) if parts else _stages(runs, left, period),
        roles=_roles(runs, period),
        people=_people(open_now),
        flow=_flow(runs, left, period, now, stages),
        flow_stages=stages,
    )


def _oldest(open_now: Sequence[RunRecord]) -> tuple[str, float] | None:
    found = max(open_now, key=lambda one: (one.age, one.id), default=None)
    return (found.id, found.age) if found else None


def _mean(values: Sequence[int]) -> float | None:
    return fmean(values) if values else None


def spread(values: Iterable[float | None]) -> Spread:
    """Give how known values are spread."""
    known = sorted(value for value in values if value is not None)
    return Spread(len(known), *(percentile(known, share) for share in SHARES))


def whole_history(runs: Sequence[RunRecord], now: datetime, zone: tzinfo) -> Period:
    """Give the days from the first start to today."""
    today = now.astimezone(zone).date()
    first = min((one.started.astimezone(zone).date() for one in runs), default=today)
    return Period("all of it", min(first, today), today + timedelta(days=1), zone)


def weeks_of(runs: Sequence[RunRecord], period: Period, now: datetime) -> list[int]:
    """Give how many runs finished in each whole week of a period, oldest first."""
    return [week.finished for week in _weeks(runs, period, now) if week.whole]


def _censored(ended: Sequence[RunRecord], open_now: Sequence[RunRecord]) -> Spread:
    """Give the lead times with the open runs' ages as what they last at least (product-limit estimator)."""
    lengths, ages = [one.lead for one in ended if one.lead is not None], [one.age for one in open_now]
    enough = spread(lengths)
    known = [promise(lengths, ages, share) if value is not None else None for share, value in _by_share(enough)]
    return Spread(len(lengths) + len(ages), *known)


def _by_share(found: Spread) -> tuple[tuple[int, float | None], ...]:
    return tuple(zip(SHARES, (found.p50, found.p85, found.p95), strict=True))


def _share(all_of: Iterable[_T], due: Callable[[_T], datetime | None], done: Callable[[_T], datetime | None]) -> Share:
    pairs = [(due(one), done(one)) for one in all_of]
    known = [(limit, end) for limit, end in pairs if limit is not None and end is not None]
    return Share(sum(end <= limit for limit, end in known), len(known))


def _weeks(runs: Sequence[RunRecord], period: Period, now: datetime) -> tuple[Week, ...]:
    zone, holds = period.zone, period.within()
    started = [one.started for one in runs if one.started <= now and holds(one.started)]
    finished = [one.finished for one in runs if one.finished and holds(one.finished)]
    begun: dict[date, int] = {}
    ended: dict[date, int] = {}
    for counts, instants in ((begun, started), (ended, finished)):
        for instant in instants:
            monday = _monday(instant.astimezone(zone).date())
            counts[monday] = counts.get(monday, 0) + 1
    today = now.astimezone(zone).date()
    monday, end = _monday(period.first), min(period.end, today + timedelta(days=1))
    found = []
    while monday < end:
        after = monday + _WEEK
        whole = monday >= period.first and after <= period.end and after <= today
        found.append(Week(monday, begun.get(monday, 0), ended.get(monday, 0), whole))
        monday = after
    return tuple(found)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _little(runs: Sequence[RunRecord], period: Period, now: datetime) -> Little | None:
    """Compare runs at once with rate × lead time; None where too few finished, or nothing was open."""
    start, end = period.start_at, min(period.end_at, now)
    counted = [one for one in runs if one.state != "cancelled"]
    leads = [one.lead_wall for one in counted if period.holds(one.finished) and one.lead_wall is not None]
    length = (end - start).total_seconds()
    if len(leads) < LITTLE_RUNS or length <= 0:
        return None
    spans = [(max(one.started, start), min(one.finished or end, end)) for one in counted]
    present = sum((high - low).total_seconds() for low, high in spans if high > low)
    return Little(present / length, sum(leads) / length) if present else None


def _steps(runs: Sequence[RunRecord], period: Period, now: datetime, titles: Titles) -> tuple[StepFigures, ...]:
    holds = period.within()
    newest: dict[tuple[str, str], StepRecord] = {}
    told: dict[tuple[str, str], list[StepRecord]] = {}
    total: dict[str, float] = {}
    for one in sorted(runs, key=lambda run: (run.process, run.started, run.id)):
        for step in one.steps:
            key = (one.process, step.id)
            newest[key] = step
            if step.done or step.ready or step.state in _OPEN:
                told.setdefault(key, []).append(step)
            if step.done and holds(step.done):
                total[one.process] = total.get(one.process, 0.0) + (step.sojourn or 0.0)
    chains: dict[str, list[frozenset[str]]] = {}
    for one in runs:
        if period.holds(one.finished):
            chains.setdefault(one.process, []).append(_chain(one))
    steps = (
        _step(key[0], step, told.get(key, ()), period, now, total.get(key[0], 0.0), chains.get(key[0], []))
        for key, step in newest.items()
    )
    return tuple(replace(step, title=titles.get((step.process, step.id), step.title)) for step in steps)


def _step(
    process: str,
    newest: StepRecord,
    found: Sequence[StepRecord],
    period: Period,
    now: datetime,
    total: float,
    chains: Sequence[frozenset[str]],
) -> StepFigures:
    holds = period.within()
    closed = [step for step in found if step.done and holds(step.done)]
    done = [step for step in closed if step.state == "done"]
    ready = [step for step in found if holds(step.ready) and step.ready and step.ready <= now]
    return StepFigures(
        process=process,
        id=newest.id,
        title=newest.title,
        stage=newest.stage,
        done=len(done),
        skipped=sum(step.state == "skipped" for step in closed),
        sojourn=spread(step.sojourn for step in done),
        wait=spread(step.wait for step in done),
        touch=spread(step.touch for step in done),
        waiting_share=sum(step.sojourn or 0.0 for step in closed) / total if total else None,
        queue_growth=len(ready) - sum(step.ready is not None for step in closed),
        critical=Share(sum(newest.id in chain for chain in chains), len(chains)),
        on_time=_share(closed, lambda one: one.first_due, lambda one: one.first_done or one.done),
        first_pass=Share(sum(not (step.reopened or step.rejected) for step in done), len(done)),
        reopened=sum(step.reopened for step in closed),
        rejected=sum(step.rejected for step in closed),
        open_now=sum(step.state in _OPEN for step in found),
    )


def _chain(run: RunRecord) -> frozenset[str]:
    """Give the steps that decided when a run ended: the last one, the one whose end made that ready, and so on."""
    closed = {step.done: step for step in run.steps if step.done}
    found: set[str] = set()
    at = max(closed, default=None)
    while at in closed and closed[at].id not in found:
        found.add(closed[at].id)
        at = closed[at].ready
    return frozenset(found)


def _stages(runs: Sequence[RunRecord], left: Sequence[Left], period: Period) -> tuple[StageFigures, ...]:
    holds = period.within()
    spans: dict[tuple[str, str], list[float]] = {}
    open_now: dict[tuple[str, str], int] = {}
    for one, ends in sorted(zip(runs, left, strict=True), key=lambda pair: pair[0].process):
        now_in = next((step.stage for step in one.steps if step.state in _OPEN), None)
        for stage in dict.fromkeys([step.stage for step in one.steps]):
            key = (one.process, stage)
            found = spans.setdefault(key, [])
            open_now[key] = open_now.get(key, 0) + (one.state == "active" and now_in == stage)
            end, length = ends.get(stage, (None, None))
            if length is not None and holds(end):
                found.append(length)
    return tuple(StageFigures(*key, spread(found), open_now[key]) for key, found in spans.items())


def _left(run: RunRecord) -> Left:
    ends: dict[str, datetime] = {}
    begun: dict[str, datetime] = {}
    still: set[str] = set()
    for step in run.steps:
        stage, done = step.stage, step.done
        if stage in still or step.state in ("na", "cancelled"):
            continue
        if done is None or step.state not in ("done", "skipped"):
            still.add(stage)
            continue
        ends[stage] = max(ends.get(stage, done), done)
        if step.ready:
            begun[stage] = min(begun.get(stage, step.ready), step.ready)
    return {
        stage: (end, (end - begun[stage]).total_seconds() if stage in begun else None)
        for stage, end in ends.items()
        if stage not in still
    }


def _roles(runs: Sequence[RunRecord], period: Period) -> tuple[RoleFigures, ...]:
    holds = period.within()
    lengths: dict[str, list[float | None]] = {}
    open_now: dict[str, int] = {}
    for one in runs:
        for step in one.steps:
            if not step.role:
                continue
            if step.role not in lengths:
                lengths[step.role], open_now[step.role] = [], 0
            if step.state == "done":
                if holds(step.done):
                    lengths[step.role].append(step.sojourn)
            elif step.state in _OPEN:
                open_now[step.role] += 1
    return tuple(RoleFigures(role, spread(lengths[role]), open_now[role]) for role in sorted(lengths))


def _people(open_now: Sequence[RunRecord]) -> dict[str, int]:
    """Give how many steps each person has now. How fast people are is nobody's figure."""
    found: dict[str, int] = {}
    for one in open_now:
        for step in one.steps:
            if step.state in _OPEN:
                for person in step.assignees:
                    found[person] = found.get(person, 0) + 1
    return dict(sorted(found.items()))


def _flow(
    runs: Sequence[RunRecord], left: Sequence[Left], period: Period, now: datetime, stages: Sequence[str]
) -> tuple[Day, ...]:
    """Give the cumulative flow by day. Stages are told for one process; cancelled runs are left out."""
    counted = [one for one in runs if one.state != "cancelled"]
    zone = period.zone
    columns: list[list[datetime | None]] = [[one.started for one in counted], [one.finished for one in counted]]
    if stages:
        ends = [end for one, end in zip(runs, left, strict=True) if one.state != "cancelled"]
        columns += [[end[stage][0] for end in ends if stage in end] for stage in stages]
    days = [
        sorted(instant.astimezone(zone).date() for instant in column if instant and instant <= now)
        for column in columns
    ]
    found, places = [], [0] * len(days)
    day, end = period.first, min(period.end, now.astimezone(zone).date() + timedelta(days=1))
    while day < end:
        for number, column in enumerate(days):
            while places[number] < len(column) and column[places[number]] <= day:
                places[number] += 1
        found.append(Day(day, places[0], places[1], tuple(places[2:])))
        day += timedelta(days=1)
    return tuple(found)


def _stage_names(runs: Sequence[RunRecord]) -> tuple[str, ...]:
    """Give the stages in the order of the newest run, then those that only older ones have."""
    counted = [one for one in runs if one.state != "cancelled"]
    return tuple(dict.fromkeys([step.stage for one in reversed(counted) for step in one.steps]))
