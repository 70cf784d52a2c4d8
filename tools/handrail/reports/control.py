"""How a project stands against what was agreed: slip, scope, money, risks, and a colour by a written rule.

The rule is in the guide ("How the colour is found"); every colour comes with its reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from handrail.base.value import dataclass
from handrail.base.words import count, say
from handrail.model.baseline import Baseline, BaselineTask
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.project import Project, Risk, Update
from handrail.model.state import CLOSED
from handrail.plan.earned import Earned, Work, earned_value
from handrail.reports.cost import Cost, cost_of, effort_s, total
from handrail.reports.results import Overview, PlannedTask, ProjectPlan
from handrail.reports.words import Clock, zone_of
from handrail.text.plain import plain

GREEN, AMBER, RED, UNKNOWN = "green", "amber", "red", "unknown"
_WORSE = {GREEN: 0, UNKNOWN: 1, AMBER: 2, RED: 3}
OLD_REPORT = timedelta(days=30)
"""A status that somebody wrote longer ago no longer overrides the computed one."""

_RED_SLIP_DAYS = 5.0
_RED_INDEX, _AMBER_INDEX = 0.85, 0.95
_RED_PACE, _AMBER_PACE = 0.8, 0.9
_LEAST_PLANNED = 0.05
"""Before so much of the budget was to be earned, a pace says nothing: a day of one task makes it nought."""
_RED_OVERRUN = 1.1
_BIG_EXPOSURE = 0.1


@dataclass(frozen=True, slots=True)
class Slip:
    """A task against the baseline: `days` of working time later (negative: earlier)."""

    task: PlannedTask
    was: BaselineTask
    days: float


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a colour: a stable code and a sentence."""

    colour: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Control:
    """A project against its newest baseline, all of it at one moment.

    `computed` is the colour that the rule gives, with `reasons` (worst first). `said` is the newest report that is not
    too old. `shown` is what counts: what was said, where it gives a reason, else the computed colour.
    """

    project: Project
    plan: ProjectPlan
    baseline: Baseline | None
    slip_days: float | None  # of the finish, against the baseline
    target_days: float | None  # of the finish, against the target: positive is late
    slips: tuple[Slip, ...]  # of the tasks, latest first; only those that moved
    added: tuple[PlannedTask, ...]
    removed: tuple[str, ...]
    progress: float  # by work
    planned_progress: float | None  # what the baseline says should be done
    cost: Cost
    earned: Earned | None
    by_hours: bool  # earned value counts hours, since nothing has a price
    exposure: float
    computed: str
    reasons: tuple[Reason, ...]
    said: Update | None
    shown: str
    updated_days: int | None  # since the newest report


def control(overview: Overview, project_id: str) -> Control | None:
    """Give how a project stands, None where it cannot be read."""
    project, plan = overview.workspace.projects.get(project_id), overview.plans.get(project_id)
    state = overview.projects.get(project_id)
    if project is None or plan is None or state is None:
        return None
    time = state.time or overview.moment.normal
    baseline = next(reversed(overview.workspace.baselines.get(project_id, ())), None)
    tasks = [task for task in plan.tasks if not task.container]
    costs = [cost_of(task, overview.workspace.config, time) for task in tasks]
    by_hours, money = not any(cost.planned for cost in costs), total(costs)
    earned = _earned(baseline, tasks, money, overview.moment.now, time, by_hours=by_hours)
    slips, added, removed = _against(baseline, tasks, time)
    day = time.seconds(Duration(1, "d"))
    slip = _days(time, baseline.finish, plan.finish, day) if baseline and plan.finish else None
    target = _days(time, time.end_of(project.target), plan.finish, day) if project.target and plan.finish else None
    live = state.state == "active"
    found = _reasons(overview, project, tasks, slip=slip, target=target, earned=earned, by_hours=by_hours)
    computed = _colour(found) if live else state.state
    age, said = _report(project, time.local_date(overview.moment.now))
    return Control(
        project=project,
        plan=plan,
        baseline=baseline,
        slip_days=slip,
        target_days=target,
        slips=slips,
        added=added,
        removed=removed,
        progress=_progress(tasks, time),
        planned_progress=earned.planned / earned.budget if earned and earned.budget else None,
        cost=money,
        earned=earned,
        by_hours=by_hours,
        exposure=sum(exposure_of(risk) for risk in project.risks),
        computed=computed,
        reasons=found if live else (),
        said=said,
        shown=_shown(computed, said),
        updated_days=age,
    )


def _report(project: Project, today: date) -> tuple[int | None, Update | None]:
    """Give how many days ago the newest report was written, and the report where it still counts."""
    newest = next((update for update in project.updates if update.day <= today), None)
    age = (today - newest.day).days if newest else None
    return age, newest if newest and newest.status and age is not None and age <= OLD_REPORT.days else None


def _days(time: WorkingTime, before: datetime, after: datetime, day: float) -> float:
    return round(time.between(before, after).total_seconds() / day, 2) if day else 0.0


def _progress(tasks: list[PlannedTask], time: WorkingTime) -> float:
    """Give the share of the work that is done; where nothing has an estimate, each task counts the same."""
    efforts = [effort_s(task, time) for task in tasks]
    weights = efforts if any(efforts) else [1.0 for _ in tasks]
    done = sum(weight * task.progress for weight, task in zip(weights, tasks, strict=True))
    return done / sum(weights) if weights else 0.0


def _against(
    baseline: Baseline | None, tasks: list[PlannedTask], time: WorkingTime
) -> tuple[tuple[Slip, ...], tuple[PlannedTask, ...], tuple[str, ...]]:
    if baseline is None:
        return (), (), ()
    day = time.seconds(Duration(1, "d"))
    slips: list[Slip] = []
    for task in tasks:
        was = baseline.tasks.get(task.item.id)
        days = _days(time, was.finish, task.finish, day) if was else 0.0
        if was and abs(days) >= 0.05:
            slips.append(Slip(task, was, days))
    known = {task.item.id for task in tasks}
    added = tuple(task for task in tasks if task.item.id not in baseline.tasks)
    removed = tuple(name for name in baseline.tasks if name not in known)
    return tuple(sorted(slips, key=lambda slip: (-slip.days, slip.task.item.id))), added, removed


def _earned(
    baseline: Baseline | None,
    tasks: list[PlannedTask],
    money: Cost,
    now: datetime,
    time: WorkingTime,
    *,
    by_hours: bool,
) -> Earned | None:
    """Give earned value against the baseline: its tasks at its prices, at today's progress.

    In hours where nothing has a price. The actual cost is unknown as long as nobody noted any.
    """
    if baseline is None:
        return None
    progress = {task.item.id: task.progress for task in tasks}
    origin = baseline.start

    def point(instant: datetime) -> float:
        return max(time.between(origin, instant).total_seconds() / 3600.0, 0.0)

    work = [
        Work(
            one.work_s / 3600.0 if by_hours else one.cost, point(one.start), point(one.finish), progress.get(name, 0.0)
        )
        for name, one in baseline.tasks.items()
    ]
    noted = money.hours if by_hours else money.actual
    known = money.hours > 0 if by_hours else money.actual > money.assumed
    return earned_value(work, at=point(now), actual=noted if known else None)


def _reasons(
    overview: Overview,
    project: Project,
    tasks: list[PlannedTask],
    *,
    slip: float | None,
    target: float | None,
    earned: Earned | None,
    by_hours: bool,
) -> tuple[Reason, ...]:
    found = [
        *_reasons_of_time(overview, project.id, tasks, slip=slip, target=target),
        *_reasons_of_value(project, earned, by_hours=by_hours),
        *_reasons_of_risk(project),
    ]
    unknown = [task for task in tasks if not task.estimated and task.state not in CLOSED]
    if unknown and 2 * len(unknown) > len([task for task in tasks if task.state not in CLOSED]):
        told = say("{n} of the open tasks have no estimate, so that the dates say little", n=len(unknown))
        found.append(Reason(UNKNOWN, "no-estimate", told))
    return tuple(sorted(found, key=lambda reason: -_WORSE[reason.colour]))


def _reasons_of_time(
    overview: Overview, project: str, tasks: list[PlannedTask], *, slip: float | None, target: float | None
) -> list[Reason]:
    found = []
    if target is not None and target > 0.05:
        colour = RED if target > _RED_SLIP_DAYS else AMBER
        found.append(Reason(colour, "after-target", say("ends {days} after the target", days=days_words(target))))
    elif slip is not None and slip > 0.05:
        told = say("ends {days} later than the baseline", days=days_words(slip))
        found.append(Reason(AMBER, "slipped", told))
    rings = overview.plans[project].cycles
    if rings:
        told = say("{n} tasks wait for each other, so that the dates say nothing", n=sum(map(len, rings)))
        found.append(Reason(RED, "cycle", told))
    late = [task for task in tasks if task.late and task.state not in CLOSED]
    if late:
        clock = Clock(overview.moment.now, zone_of(overview.workspace.config.calendar.timezone))
        first = min(late, key=lambda task: task.deadline or task.finish)
        name, day = plain(first.item.title), clock.told_date(first.deadline or first.finish)
        told = say("{task} misses its deadline of {day}", task=name, day=day)
        if len(late) > 1:
            told = say("{n} tasks miss their deadlines, first {task}", n=len(late), task=name)
        found.append(Reason(RED if any(task.milestone for task in late) else AMBER, "deadline-missed", told))
    blocked = [task for task in tasks if task.state == "blocked" and task.critical]
    if blocked:
        told = say("{task} is blocked and decides the end", task=plain(blocked[0].item.title))
        found.append(Reason(AMBER, "blocked", told))
    return found


def _reasons_of_value(project: Project, earned: Earned | None, *, by_hours: bool) -> list[Reason]:
    if earned is None:
        return []
    found = []
    begun = earned.earned < earned.budget and earned.planned >= _LEAST_PLANNED * earned.budget
    if begun and earned.time_index is not None and earned.time_index < _AMBER_PACE:
        colour = RED if earned.time_index < _RED_PACE else AMBER
        found.append(Reason(colour, "slow", say("is at {share:.0%} of the planned pace", share=earned.time_index)))
    if earned.cost_index is not None and earned.cost_index < _AMBER_INDEX:
        colour = RED if earned.cost_index < _RED_INDEX else AMBER
        each, currency = "earns {index:.2f} for each {currency} spent", project.currency
        each = "earns {index:.2f} for an hour of work spent" if by_hours else each
        each = each if by_hours or currency else "earns {index:.2f} for each unit of money spent"
        found.append(Reason(colour, "costly", say(each, index=earned.cost_index, currency=currency)))
    if not by_hours and project.budget and earned.at_completion and earned.at_completion > project.budget * 1.005:
        colour = RED if earned.at_completion > project.budget * _RED_OVERRUN else AMBER
        over = money_words(earned.at_completion - project.budget, project.currency)
        found.append(Reason(colour, "over-budget", say("would cost {amount} above the budget", amount=over)))
    return found


def _reasons_of_risk(project: Project) -> list[Reason]:
    found = []
    bare = [risk for risk in project.risks if not (risk.owner and risk.response) and exposure_of(risk) > 0]
    if bare:
        told = say("nobody has an answer to the risk “{risk}”", risk=plain(bare[0].risk))
        found.append(Reason(AMBER, "risk-unowned", told))
    exposure = sum(exposure_of(risk) for risk in project.risks)
    if project.budget and exposure > 3 * _BIG_EXPOSURE * project.budget:
        amount, share = money_words(exposure, project.currency), exposure / project.budget
        told = say("the risks weigh {amount}, {share:.0%} of the budget", amount=amount, share=share)
        found.append(Reason(AMBER, "risk-heavy", told))
    return found


def exposure_of(risk: Risk) -> float:
    """Give what a risk weighs: probability times impact."""
    return risk.probability * risk.impact


def days_words(days: float) -> str:
    """Give a number of working days in words, sign dropped."""
    size = abs(days)
    return count(round(size), "working day") if size >= 1 else say("less than a working day")


def money_words(amount: float, currency: str) -> str:
    """Give a sum of money, thousands apart, with its currency."""
    sign = {"€": "€", "$": "$", "£": "£", "¥": "¥"}.get(currency, "")
    if sign:
        return say("{sign}{amount:,.0f}", sign=sign, amount=amount)
    return say("{amount:,.0f} {currency}" if currency else "{amount:,.0f}", amount=amount, currency=currency)


def _colour(reasons: tuple[Reason, ...]) -> str:
    return max((reason.colour for reason in reasons), key=lambda colour: _WORSE[colour], default=GREEN)


def _shown(computed: str, said: Update | None) -> str:
    """Give the colour that counts: a person's word overrides the rule only with a reason."""
    if said is None or computed in ("done", "cancelled") or not said.markdown.strip():
        return computed
    return said.status


def slips_by_id(found: Control) -> Mapping[str, Slip]:
    """Give the tasks that moved, by id."""
    return {slip.task.item.id: slip for slip in found.slips}
