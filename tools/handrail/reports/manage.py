"""The manager's view of a project: what comes first, what is at risk, who is on what, who needs help, what changes.

Reason codes: R1 overdue, R2 forecast after deadline or without float, R3 should have started, R4 little float and
behind, R5 blocked for long, R6 in work without a sign, R7 likely to miss its deadline, R8 something before it slipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from handrail.base.value import dataclass
from handrail.base.words import say
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.project import Risk
from handrail.model.state import CLOSED, StepState, walk_states
from handrail.reports.as_of import plan_as_of
from handrail.reports.control import AMBER, RED, Control, control, days_words, exposure_of
from handrail.reports.forecast import Forecast, forecast
from handrail.reports.load import Load, helper_for, loads
from handrail.reports.results import Overview, PlannedTask, ProjectPlan
from handrail.reports.words import Clock, zone_of
from handrail.text.plain import plain

MOST_NEXT = 10
BACK = timedelta(days=7)
"""What changed is told since this long ago."""

_PRIORITY = {"urgent": 0, "high": 1, "": 2, "normal": 2, "low": 3}
_OFTEN = 0.2
_BLOCKED_DAYS, _LITTLE_FLOAT_DAYS, _NEAR_FLOAT_DAYS, _BEHIND = 2.0, 1.0, 5.0, 0.10


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A task that may be late: (code, sentence) each, the weightiest first; red where a date is broken already."""

    task: PlannedTask
    colour: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Help:
    """Somebody who needs help, why, and who could give it (empty for nobody known)."""

    person: str
    reasons: tuple[str, ...]
    helper: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that a manager asks about a project. `trend` is -1 (worse), 0, 1 (better) or None where it is not known."""

    control: Control
    do_next: tuple[PlannedTask, ...]
    at_risk: tuple[AtRisk, ...]
    loads: tuple[Load, ...]
    needs_help: tuple[Help, ...]
    changes: tuple[str, ...]
    decisions: tuple[str, ...]
    trend: int | None
    forecast: Forecast | None
    unassigned: int
    unestimated: int


def next_milestone(found: Report) -> PlannedTask | None:
    """Give the open milestone that comes first, None where there is none."""
    left = [task for task in found.control.plan.tasks if task.milestone and task.state not in CLOSED]
    return min(left, key=lambda task: (task.finish, task.item.id), default=None)


def top_risk(found: Report) -> Risk | None:
    """Give the risk that weighs most, None where none weighs anything."""
    weighing = [risk for risk in found.control.project.risks if exposure_of(risk) > 0 or risk.delay]
    return max(weighing, key=lambda risk: (exposure_of(risk), risk.probability), default=None)


def report(overview: Overview, project_id: str) -> Report | None:
    """Give the manager's view of a project, None where it cannot be read."""
    found = control(overview, project_id)
    if found is None:
        return None
    before = plan_as_of(overview, project_id, overview.moment.now - BACK)
    leaves = [task for task in found.plan.tasks if not task.container]
    left = [task for task in leaves if task.state not in CLOSED]
    steps = {step.id: step for step in walk_states(overview.projects[project_id].steps)}
    here = loads(overview, project_id)
    chances = forecast(overview, project_id)
    at_risk = _at_risk(overview, left, steps, before, chances.misses if chances else {})
    return Report(
        control=found,
        do_next=_do_next(left),
        at_risk=at_risk,
        loads=here,
        needs_help=_needs_help(overview, left, here),
        changes=_changes(overview, found, leaves, before),
        decisions=_decisions(found, here),
        trend=_trend(overview, found, before),
        forecast=chances,
        unassigned=sum(1 for task in left if not task.assignees and not task.milestone),
        unestimated=sum(1 for task in left if not task.estimated),
    )


def _do_next(left: list[PlannedTask]) -> tuple[PlannedTask, ...]:
    ready = [task for task in left if task.state in ("ready", "doing") and not task.milestone]
    order = sorted(ready, key=_urgency)
    return tuple(order[:MOST_NEXT])


def _urgency(task: PlannedTask) -> tuple[object, ...]:
    due = task.deadline.timestamp() if task.deadline else float("inf")
    return (task.total_float_s, _PRIORITY.get(task.item.attributes.priority, 2), due, task.item.id)


def _at_risk(
    overview: Overview,
    left: list[PlannedTask],
    steps: Mapping[str, StepState],
    before: ProjectPlan | None,
    misses: Mapping[str, float],
) -> tuple[AtRisk, ...]:
    earlier = {task.item.id: task for task in before.tasks} if before else {}
    current = {task.item.id: task for task in left}
    found = []
    for task in left:
        reasons = tuple(_risks_of(overview, task, steps.get(task.item.id), earlier, current))
        missed = misses.get(task.item.id, 0.0)
        if missed > _OFTEN and not any(code in ("R1", "R2") for code, _ in reasons):
            reasons = (*reasons, ("R7", say("misses its deadline in {share:.0%} of cases", share=missed)))
        if reasons:
            broken = any(code in ("R1", "R2") for code, _ in reasons)
            found.append(AtRisk(task, RED if broken else AMBER, reasons))
    return tuple(sorted(found, key=lambda one: (one.colour != RED, *_urgency(one.task))))


def _risks_of(
    overview: Overview,
    task: PlannedTask,
    step: StepState | None,
    earlier: Mapping[str, PlannedTask],
    current: Mapping[str, PlannedTask],
) -> Iterator[tuple[str, str]]:
    time, now = overview.moment.normal, overview.moment.now
    day = time.seconds(Duration(1, "d")) or 1.0
    if task.deadline and task.deadline < now:
        yield "R1", say("overdue by {span}", span=days_words(_past(time, task.deadline, now, day)))
    elif task.late and task.deadline:
        over = days_words(_past(time, task.deadline, task.finish, day))
        yield "R2", say("would end {days} after its deadline", days=over)
    elif task.total_float_s < -day / 100:
        yield "R2", say("{days} too late for what waits for it", days=days_words(task.total_float_s / day))
    idle = task.state in ("ready", "waiting")
    if idle and task.late_start < now - timedelta(seconds=1) and not task.milestone:
        gone = days_words(_past(time, task.late_start, now, day))
        yield "R3", say("should have started {days} ago", days=gone)
    if task.state == "doing" and task.total_float_s <= _LITTLE_FLOAT_DAYS * day:
        expected = _expected(time, task, overview)
        if task.item.attributes.progress is not None and task.progress < expected - _BEHIND:
            told = "{done:.0%} done where {expected:.0%} was expected, and no time to spare"
            yield "R4", say(told, done=task.progress, expected=expected)
    if step is not None:
        yield from _signs(overview, task, step, day)
    for name in task.after:
        was, is_now = earlier.get(name), current.get(name)
        slipped = _past(time, was.finish, is_now.finish, day) if was and is_now else 0.0
        if slipped >= 1 and task.total_float_s <= _NEAR_FLOAT_DAYS * day:
            title = plain(is_now.item.title) if is_now else name
            yield "R8", say("{task} slipped by {days} this week", task=title, days=days_words(slipped))


def _signs(overview: Overview, task: PlannedTask, step: StepState, day: float) -> Iterator[tuple[str, str]]:
    """Tell of a block that lasts, and of work that nobody has said anything about for long."""
    time, now = overview.moment.normal, overview.moment.now
    last = step.facts.last
    quiet = _past(time, last, now, day) if last else 0.0
    if task.state == "blocked" and quiet > _BLOCKED_DAYS:
        told, why = say("blocked for {days}", days=days_words(quiet)), step.facts.blocked_reason
        yield "R5", say("{what}: {reason}", what=told, reason=why) if why else told
    limit = time.seconds(step.item.attributes.stall or overview.workspace.config.stall) / day
    if task.state == "doing" and quiet > limit:
        yield "R6", say("in work, and no word for {days}", days=days_words(quiet))


def _expected(time: WorkingTime, task: PlannedTask, overview: Overview) -> float:
    whole = time.between(task.start, task.finish).total_seconds()
    gone = time.between(task.start, overview.moment.now).total_seconds()
    return min(max(gone / whole, 0.0), 1.0) if whole > 0 else 0.0


def _past(time: WorkingTime, before: datetime, after: datetime, day: float) -> float:
    return time.between(before, after).total_seconds() / day


def _needs_help(overview: Overview, left: list[PlannedTask], here: tuple[Load, ...]) -> tuple[Help, ...]:
    everywhere = {load.person: load for load in loads(overview)}
    found = []
    for load in here:
        mine = [task for _, task in load.tasks]
        reasons = []
        peak = everywhere[load.person].peak if load.person in everywhere else load.peak
        if peak > 1.005:
            told = "has {share:.0%} of a week's work in one of the next four weeks, over all projects"
            reasons.append(say(told, share=peak))
        blocked = [task for task in mine if task.state == "blocked"]
        if blocked:
            reasons.append(say("{task} is blocked", task=plain(blocked[0].item.title)))
        overdue = [task for task in mine if task.deadline and task.deadline < overview.moment.now]
        if len(overdue) > 1:
            reasons.append(say("{n} tasks are overdue", n=len(overdue)))
        if reasons:
            found.append((peak, Help(load.person, tuple(reasons), helper_for(overview, load.person, everywhere))))
    return tuple(one for _, one in sorted(found, key=lambda pair: (-len(pair[1].reasons), -pair[0], pair[1].person)))


def _changes(
    overview: Overview, found: Control, leaves: list[PlannedTask], before: ProjectPlan | None
) -> tuple[str, ...]:
    """Tell what is otherwise than a week ago: the end, milestones; and what is otherwise than in the baseline."""
    time = overview.moment.normal
    day = time.seconds(Duration(1, "d")) or 1.0
    clock = Clock(overview.moment.now, zone_of(overview.workspace.config.calendar.timezone))
    told: list[str] = []
    earlier = {task.item.id: task for task in before.tasks} if before else {}
    if before and before.finish and found.plan.finish:
        moved = _past(time, before.finish, found.plan.finish, day)
        if abs(moved) >= 1:
            end = clock.day(found.plan.finish)
            told.append(say("The end moved by {days} this week, to {day}", days=_signed(moved), day=end))
    for task in leaves:
        was = earlier.get(task.item.id)
        moved = _past(time, was.finish, task.finish, day) if was and task.milestone else 0.0
        if abs(moved) >= 1:
            what = {"task": plain(task.item.title), "days": _signed(moved), "day": clock.day(task.finish)}
            told.append(say("{task} moved by {days} this week, to {day}", **what))
    if found.added and found.baseline:
        names = _some([plain(task.item.title) for task in found.added])
        single = "{n} task added since the baseline “{baseline}”: {tasks}"
        several = "{n} tasks added since the baseline “{baseline}”: {tasks}"
        told.append(say(several, single=single, n=len(found.added), baseline=found.baseline.name, tasks=names))
    if found.removed and found.baseline:
        single, several = "{n} task dropped since then: {tasks}", "{n} tasks dropped since then: {tasks}"
        told.append(say(several, single=single, n=len(found.removed), tasks=_some(found.removed)))
    return tuple(told)


def _some(names: Sequence[str]) -> str:
    """Give three names, and how many more there are."""
    shown = ", ".join(names[:3])
    return say("{names} and {n} more", names=shown, n=len(names) - 3) if len(names) > 3 else shown


def _decisions(found: Control, here: tuple[Load, ...]) -> tuple[str, ...]:
    """Tell what somebody has to decide: risks without an answer, too much in too little time, a missing report."""
    told = [
        say("Who answers the risk “{risk}”?", risk=plain(risk.risk))
        for risk in sorted(found.project.risks, key=exposure_of, reverse=True)
        if exposure_of(risk) > 0 and not (risk.owner and risk.response)
    ]
    for load in here:
        full = [week for week in load.weeks if week.share > 1.005]
        if full:
            week = full[0]
            told.append(
                say(
                    "{who} has {hours:.0f} h of {capacity:.0f} h in the week of {start}",
                    who=f"@{load.person}",
                    hours=week.hours,
                    capacity=week.capacity,
                    start=week.start.isoformat(),
                )
            )
    if found.baseline is None and found.plan.tasks:
        command = f"handrail project baseline {found.project.id}"
        told.append(say("Keep the plan as agreed: `{command}`", command=command))
    return tuple(told)


def _trend(overview: Overview, found: Control, before: ProjectPlan | None) -> int | None:
    """Give whether the end came nearer (1) or went away (-1) in the last week, by at least a working day."""
    if before is None or before.finish is None or found.plan.finish is None:
        return None
    day = overview.moment.normal.seconds(Duration(1, "d")) or 1.0
    moved = _past(overview.moment.normal, before.finish, found.plan.finish, day)
    return 0 if abs(moved) < 1 else -1 if moved > 0 else 1


def _signed(days: float) -> str:
    return say("+{days}" if days > 0 else "−{days}", days=days_words(days))
