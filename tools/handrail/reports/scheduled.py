"""What is to start by itself at one moment, what waits, and what cannot: of all processes with a `schedule:`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from handrail.base.value import dataclass
from handrail.format.scalars import DURATION_HINT, read_positive
from handrail.model.calendar import Duration
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.model.state import RunState
from handrail.model.workspace import Workspace
from handrail.plan.schedules import Due, Period, Rule, ScheduleError, day_after, due_now
from handrail.reports.moment import Moment
from handrail.reports.overview import state_of
from handrail.text.plain import slug

PERIOD = "period"
"""The key under which a run's first event says which period it was started for."""


@dataclass(frozen=True, slots=True)
class ToStart:
    """A run that is due. `run_id` is the part of its id after the process: period and process, nothing else."""

    process: str
    path: str
    period: date
    run_id: str
    owner: str = ""
    missed: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class NotNow:
    """A period that is due and does not start. `for_good` tells one that is skipped from one that waits."""

    process: str
    period: date
    reason: str
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A schedule that cannot be followed."""

    process: str
    sentence: str
    hint: str = ""


def scheduled(
    workspace: Workspace, moment: Moment, run_ids: Iterable[str] = ()
) -> tuple[ToStart | NotNow | Broken, ...]:
    """Give what the schedules ask for, in the order of processes; nothing for what is not due or not in effect.

    `run_ids` are the ids of all run files, those that cannot be read included: none of them is started again.
    """
    taken = frozenset((*run_ids, *workspace.runs))
    by_process: dict[str, list[Run]] = {}
    for run in workspace.runs.values():
        by_process.setdefault(run.process, []).append(run)
    found: list[ToStart | NotNow | Broken] = []
    for process in workspace.processes.values():
        if process.schedule and _in_effect(process, moment):
            states = tuple(state_of(workspace, run, moment) for run in by_process.get(process.id, ()) if not run.trial)
            found.extend(_of(process, states, moment, taken))
    return tuple(found)


def read_schedule(process: Process) -> Rule | Duration:
    """Read a process's `schedule:`: a rule, or how long after the last run. Raises ScheduleError."""
    text = process.schedule.strip()
    if text.lower().split(maxsplit=1)[:1] != ["after"]:
        return Rule(text, process.effective)
    try:
        return read_positive(text[len("after") :])
    except ValueError as error:
        raise ScheduleError(f"after what? {error}", DURATION_HINT) from None


def run_name(process: str, day: date) -> str:
    """Give the id, without the process, of the run for a period: the same on every machine."""
    return f"{day.isoformat()}-{slug(process.rpartition('/')[2], 'run')}"


def _in_effect(process: Process, moment: Moment) -> bool:
    today = moment.time_for(process.calendar).local_date(moment.now)
    return process.status == "effective" and not (process.effective and process.effective > today)


def _of(
    process: Process, states: tuple[RunState, ...], moment: Moment, taken: frozenset[str]
) -> Iterator[ToStart | NotNow | Broken]:
    try:
        schedule = read_schedule(process)
    except ScheduleError as error:
        yield Broken(process.id, f"`schedule:` of `{process.id}` cannot be followed: {error.sentence}.", error.hint)
        return
    if isinstance(schedule, Rule):
        due = due_now(schedule, _periods(states), now=moment.now, time=moment.time_for(process.calendar))
    else:
        due = _due_after(process, schedule, states, moment)
    if due is None or f"{process.id}/{run_name(process.id, due.period.day)}" in taken:
        return
    day = due.period.day
    going = _in_the_way(process, states, due.period, moment)
    if going is not None:
        name = going.run.id.rpartition("/")[2]
        for_good = process.overlap == "skip"
        why = f"`{name}` was still going on" if for_good else f"`{name}` is still going on"
        yield NotNow(process.id, day, why, for_good)
        return
    missed = tuple(one for one in due.missed if f"{process.id}/{run_name(process.id, one)}" not in taken)
    yield ToStart(process.id, process.path, day, run_name(process.id, day), process.owner, missed)


def _periods(states: tuple[RunState, ...]) -> Iterator[date]:
    """Give the periods that runs were started for, as the first events of their logs say."""
    for state in states:
        for event in state.run.log:
            text = event.value(PERIOD) if event.verb == "started" else ""
            if text:
                try:
                    yield date.fromisoformat(text)
                except ValueError:
                    continue


def _due_after(process: Process, span: Duration, states: tuple[RunState, ...], moment: Moment) -> Due | None:
    """Give the period of a process that starts again some time after its last run has ended, cancelled or done.

    Nothing is due while a run goes on, and nothing before there was one.
    """
    ends = [state.finished for state in states if state.finished is not None]
    if not ends or any(state.state == "active" for state in states):
        return None
    time = moment.time_for(process.calendar)
    period = day_after(max(ends), span, time)
    return Due(period) if period.start <= time.local_date(moment.now) else None


def _in_the_way(process: Process, states: tuple[RunState, ...], period: Period, moment: Moment) -> RunState | None:
    """Give the run that keeps a period from starting.

    By `wait` it is one that goes on now. By `skip` it is one that went on when the period was due, whatever has become
    of it since: what was skipped yesterday is not started today.
    """
    time = moment.time_for(process.calendar)
    for state in states:
        active = state.state == "active"
        if process.overlap == "wait" and active:
            return state
        if process.overlap == "skip" and time.local_date(state.run.started) <= period.start:
            ended = state.finished
            if active or (ended is not None and time.local_date(ended) >= period.start):
                return state
    return None
