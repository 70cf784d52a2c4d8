"""What has stalled: which step, why, since when, who has it, and who is next in line.

Only what somebody could act on can stall: never a step that waits, does not apply, is blocked until a day
that has not come, or is before the end of its wait. All spans are working time of the run's calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from types import MappingProxyType
from typing import Any

from handrail.base.value import dataclass
from handrail.base.words import Said, count, one_line, say
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.item import Item, walk
from handrail.model.people import Config
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.state import ProjectState, RunState, StepState
from handrail.model.workspace import Workspace
from handrail.reports.moment import Moment
from handrail.reports.results import Finding, Findings, Found, PlannedTask, ProjectPlan
from handrail.reports.steps import actionable, blocked_until, confirmers, last_touched, leaves, people_of, snoozed
from handrail.reports.words import Clock, span_words, zone_of

State = RunState | ProjectState
_WHOLE_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why something has stalled; `weight` is larger for worse. `say` gives the sentence."""

    code: str
    say: Callable[[], str]
    since: datetime | None
    weight: float


def findings(
    workspace: Workspace,
    moment: Moment,
    *,
    runs: Mapping[str, RunState],
    projects: Mapping[str, ProjectState],
    plans: Mapping[str, ProjectPlan],
) -> Findings:
    """Give all that has stalled in the runs and projects, worst first."""
    found: list[Found] = []
    common = _Common(workspace, moment)
    children = _children(runs)
    stalled_runs: set[str] = set()
    for state in _children_first(runs, children):
        own = children.get(state.run.id, {})
        case = _Case(common, state, children=own, stalled_runs=stalled_runs)
        of_run = case.findings()
        if of_run:
            stalled_runs.add(state.run.id)
        found += of_run
    for project in projects.values():
        plan = plans.get(project.project.id)
        tasks = {task.item.id: task for task in plan.tasks} if plan else {}
        found += _Case(common, project, tasks=tasks).findings()
    return Findings(sorted(found, key=lambda one: (-one.severity, one.holder, one.item)))


def _children(runs: Mapping[str, RunState]) -> dict[str, dict[str, RunState]]:
    """Give the child runs by parent run and step. `parent:` names both: `process/run step` or `process/run#step`."""
    found: dict[str, dict[str, RunState]] = {}
    for state in runs.values():
        parent = state.run.parent_step
        if parent is not None:
            found.setdefault(parent[0], {})[parent[1]] = state
    return found


def _children_first(runs: Mapping[str, RunState], children: Mapping[str, Mapping[str, RunState]]) -> Iterator[RunState]:
    """Give active runs so that what a run waits for comes before it; each once, even where they wait in a ring."""
    if not children:
        yield from (state for state in runs.values() if state.state == "active")
        return
    seen: set[str] = set()
    stack = [(state, False) for state in reversed(tuple(runs.values()))]
    while stack:
        state, opened = stack.pop()
        if opened:
            yield state
        elif state.run.id not in seen and state.state == "active":
            seen.add(state.run.id)
            stack.append((state, True))
            stack.extend((child, False) for child in children.get(state.run.id, {}).values())


class _Common:
    """What all cases of one moment share, looked up once."""

    def __init__(self, workspace: Workspace, moment: Moment) -> None:
        self.workspace = workspace
        self.moment = moment
        self.config: Config = workspace.config
        self.clock = Clock(moment.now, zone_of(workspace.config.calendar.timezone))
        self.days = {id(time): max(time.seconds(Duration(1, "d")), 1.0) for time in (moment.normal, moment.always)}
        self.troubles: dict[tuple[str, ...], str] = {}

    def trouble_with(self, step: StepState) -> str:
        """Say who of those who have a step cannot be asked, empty where all can."""
        if step.assignees not in self.troubles:
            self.troubles[step.assignees] = self._trouble_with(people_of(step, self.config))
        return self.troubles[step.assignees]

    def _trouble_with(self, people: tuple[str, ...]) -> str:
        strangers = [key for key in people if key not in self.config.people]
        left = [key for key in people if not self.config.person(key).active]
        if strangers:
            return say("{who} is not in this workspace", who=f"@{strangers[0]}")
        return say("{who} has left", who=f"@{left[0]}") if left else ""


class _Case:
    """One active run or project that is looked through."""

    def __init__(
        self,
        common: _Common,
        state: State,
        *,
        children: Mapping[str, RunState] = MappingProxyType({}),
        stalled_runs: AbstractSet[str] = frozenset(),
        tasks: Mapping[str, PlannedTask] = MappingProxyType({}),
    ) -> None:
        self.common = common
        self.config = common.config
        self.now = common.moment.now
        self.state = state
        self.children = children
        self.stalled_runs = stalled_runs
        self.tasks = tasks
        self.kind = "run" if isinstance(state, RunState) else "project"
        self.holder: Run | Project = state.run if isinstance(state, RunState) else state.project
        procedure = common.workspace.procedure(state.run) if isinstance(state, RunState) else None
        self.owner = procedure.owner if procedure else state.project.owner if isinstance(state, ProjectState) else ""
        self.time: WorkingTime = state.time or common.moment.normal
        self.day = common.days.get(id(self.time)) or max(self.time.seconds(Duration(1, "d")), 1.0)
        self.clock = common.clock
        own = state.run.stall if isinstance(state, RunState) else None
        self.threshold = own or (procedure.stall if procedure else None) or self.config.stall
        self.asks_for_people = bool(self.config.people) or (
            state.names_people
            if isinstance(state, RunState)
            else any(item.attributes.who for item in walk(self.holder.items))
        )

    def findings(self) -> list[Found]:
        """Give what has stalled here: steps, and the whole where no step says it already."""
        if self.state.state != "active":
            return []
        steps = actionable(self.state, self.now, self.time)
        found = [self._found(step, reasons) for step in steps if (reasons := self._reasons(step))]
        if isinstance(self.state, RunState) and not any("idle" in one.codes for one in found):
            found += self._whole(self.state)
        return found

    def _reasons(self, step: StepState) -> list[Reason]:
        checks = (self._overdue, self._block_over, self._idle, self._child, self._nobody, self._unknown)
        reasons = [reason for check in checks if (reason := check(step))]
        return sorted(reasons, key=lambda reason: -reason.weight) if len(reasons) > 1 else reasons

    def _found(self, step: StepState, reasons: list[Reason]) -> Found:
        return Found(
            self.kind,
            self.holder.id,
            step.id,
            tuple([reason.code for reason in reasons]),
            sum([reason.weight for reason in reasons]),
            lambda: self._finding(step, reasons),
        )

    def _overdue(self, step: StepState) -> Reason | None:
        if not step.overdue or step.due is None:
            return None
        due = step.due
        late = self.time.between(due, self.now).total_seconds()
        return Reason("overdue", lambda: say("overdue by {span}", span=self.clock.late(due)), due, 10 + late / self.day)

    def _block_over(self, step: StepState) -> Reason | None:
        if step.state != "blocked" or not step.facts.blocked_until:
            return None
        until = blocked_until(step, self.time)
        if until is None or until >= self.now:
            return None
        over = self.time.between(until, self.now).total_seconds()
        return Reason(
            "blocked",
            lambda: _because("blocked until {day}, which is past", step, day=self.clock.day(until)),
            until,
            8 + over / self.day,
        )

    def _idle(self, step: StepState) -> Reason | None:
        attributes = step.item.attributes
        if attributes.optional and step.state == "ready":
            return None
        since = self._quiet_since(step)
        if since is None or self._has_float(step):
            return None
        allowed = self.time.seconds(attributes.stall or self.threshold)
        idle = self._longer(since, allowed)
        if idle is None:
            return None
        return Reason("idle", lambda: self._quiet(step, idle), since, min(idle / max(allowed, 60.0), 20.0))

    def _longer(self, since: datetime, allowed: float) -> float | None:
        """Give the working time since then in seconds, where it is more than what is allowed."""
        if (self.now - since).total_seconds() <= allowed:  # there is never more working time than time
            return None
        idle = self.time.between(since, self.now).total_seconds()
        return idle if idle > allowed else None

    def _quiet(self, step: StepState, idle: float) -> str:
        what = {"doing": "no news for {span}", "blocked": "blocked and no news for {span}"}
        return _because(what.get(step.state, "nothing has happened for {span}"), step, span=self._span(idle))

    def _quiet_since(self, step: StepState) -> datetime | None:
        """Give since when nothing has happened to a step; what its child run does counts."""
        known = [last_touched(step)]
        child = self.children.get(step.id)
        if child is not None:
            known.append(child.last)
        if isinstance(self.state, ProjectState):
            days = [day for day in (self.state.project.start, step.item.attributes.start) if day is not None]
            known.extend(self.time.start_of(day) for day in days)
        elif not any(known):
            known.append(self.state.run.started)
        return max((instant for instant in known if instant is not None), default=None)

    def _has_float(self, step: StepState) -> bool:
        """Tell whether a task that nobody has begun may wait without delaying the project."""
        task = self.tasks.get(step.id)
        if task is None or step.state != "ready":
            return False
        return self.time.between(self.now, task.late_start).total_seconds() > 0

    def _child(self, step: StepState) -> Reason | None:
        child = self.children.get(step.id)
        if child is None or child.run.id not in self.stalled_runs:
            return None
        return Reason("child", lambda: say("its run {run} has stalled", run=child.run.id), child.last, 4)

    def _nobody(self, step: StepState) -> Reason | None:
        if step.assignees or step.item.attributes.optional or not self.asks_for_people:
            return None
        if step.state == "blocked" or self._not_begun_yet(step):
            return None
        return Reason("unassigned", lambda: say("nobody has it"), step.ready, 3)

    def _not_begun_yet(self, step: StepState) -> bool:
        since = self._quiet_since(step)
        return isinstance(self.state, ProjectState) and since is not None and since > self.now

    def _unknown(self, step: StepState) -> Reason | None:
        if not self.config.people:
            return None
        trouble = self.common.trouble_with(step)
        return Reason("unknown-person", lambda: trouble, step.ready, 5) if trouble else None

    def _whole(self, state: RunState) -> list[Found]:
        """Give the run itself where nothing has happened in it and nothing says when it goes on."""
        last = state.last or state.run.started
        idle = self._longer(last, self.time.seconds(self.threshold))
        if idle is None or self._goes_on(state):
            return []
        run, code, weight = state.run, "no-activity", 2.0

        def finding() -> Finding:
            return Finding(
                kind="run",
                holder=run.id,
                holder_title=run.title,
                item="",
                title=run.title,
                reasons=(say("nothing has happened in the run for {span}", span=self._span(idle)),),
                codes=(code,),
                since=last,
                next_in_line=self.owner or run.by,
                severity=weight,
            )

        return [Found("run", run.id, "", (code,), weight, finding)]

    def _goes_on(self, state: RunState) -> bool:
        """Tell whether a step is snoozed, waits for a time to come, is allowed to be quiet, or has a child run."""
        for step in leaves(state.steps):
            child = self.children.get(step.id)
            if snoozed(step, self.now, self.time) or (child is not None and child.state == "active"):
                return True
            if step.wait_until is not None and step.wait_until > self.now:
                return True
            if step.state in ("ready", "doing", "blocked") and (
                step.item.attributes.stall or (step.ready and step.ready > (state.last or state.run.started))
            ):
                return True
        return False

    def _finding(self, step: StepState, reasons: list[Reason]) -> Finding:
        asked = confirmers(self.state, step, self.common.workspace)
        return Finding(
            kind=self.kind,
            holder=self.holder.id,
            holder_title=self.holder.title,
            item=step.id,
            title=step.item.title,
            reasons=tuple(reason.say() for reason in reasons),
            codes=tuple(reason.code for reason in reasons),
            since=min((reason.since for reason in reasons if reason.since), default=None),
            assignees=asked or step.assignees,
            next_in_line=self._next_in_line(step.item, asked or people_of(step, self.config)),
            severity=sum(reason.weight for reason in reasons),
        )

    def _next_in_line(self, item: Item, has_it: tuple[str, ...]) -> str:
        """Give who could help: somebody else of the step's role, then the owner."""
        roles = self.state.run.roles if isinstance(self.state, RunState) else {}
        filled = [name for role in item.attributes.role for name in roles.get(role, ())]
        members = [person for name in (*filled, self.owner) if name for person in self.config.members(name)]
        there = [key for key in members if key not in has_it and self.config.person(key).active]
        return there[0] if there else ""

    def _span(self, seconds: float) -> str:
        """Give a span of working time, said to be such where a day is not 24 hours."""
        if seconds < self.day or self.day >= _WHOLE_DAY:
            return span_words(seconds, self.day)
        return count(int(seconds // self.day), "working day")


def _because(sentence: str, step: StepState, **values: Any) -> Said:
    """Give a sentence, and after a colon what somebody said when they blocked the step."""
    reason = one_line(step.facts.blocked_reason)
    if reason and step.state == "blocked":
        return say("{what}: {reason}", what=say(sentence, **values), reason=reason)
    return say(sentence, **values)
