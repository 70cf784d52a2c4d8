"""A project's schedule, with what really happened and what its runs say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from handrail.base.value import dataclass
from handrail.base.words import count, say
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.item import Item, Link
from handrail.model.state import CLOSED, ProjectState, RunState, StepState, walk_states
from handrail.model.workspace import Workspace
from handrail.plan.schedule import Schedule, Task, TaskDates, schedule
from handrail.plan.task import Rollup, roll_up
from handrail.plan.team import TeamTime
from handrail.reports.moment import Moment
from handrail.reports.results import PlannedTask, ProjectPlan
from handrail.reports.words import Clock, span_words, zone_of
from handrail.text.plain import plain

NEVER_MIND: Mapping[str, datetime] = MappingProxyType({})
_MOST_NAMED = 8
UNKNOWN = Duration(1, "d")
"""What a task without an estimate is scheduled as."""


@dataclass(frozen=True, slots=True)
class _Node:
    """One task with what stands around it: its phase, its leaves, the runs that do it."""

    step: StepState
    phase: str
    parts: tuple[str, ...]  # ids of the tasks in it that have no sub-tasks
    links: tuple[Link, ...]  # its own, and those of the tasks above it
    runs: tuple[RunState, ...]
    start: date | None = None  # its own, or that of a task above it, whichever is later


def tasks_of(
    workspace: Workspace,
    state: ProjectState,
    moment: Moment,
    run_states: Mapping[str, RunState],
    not_before: Mapping[str, datetime] = NEVER_MIND,
) -> tuple[tuple[Task, ...], datetime]:
    """Give what is to be scheduled of a project (its tasks without sub-tasks), and when it begins.

    `not_before` holds instants before which tasks do not start, by id.
    """
    nodes = _nodes(state, _runs_of(state.project.id, run_states))
    return _tasks(nodes, workspace, state, moment, not_before), _start(state, moment)


def project_plan(
    workspace: Workspace,
    state: ProjectState,
    moment: Moment,
    run_states: Mapping[str, RunState],
    not_before: Mapping[str, datetime] = NEVER_MIND,
) -> ProjectPlan:
    """Give the schedule of a project: its tasks in the order of the file, containers with what they span.

    Dependencies on a task with sub-tasks hold for all that is in it. Finished tasks keep their actual dates;
    tasks that are done by runs take their state and progress from these.
    """
    project = state.project
    time = state.time or moment.normal
    nodes = _nodes(state, _runs_of(project.id, run_states))
    start = _start(state, moment)
    tasks = _tasks(nodes, workspace, state, moment, not_before)
    plan = schedule(tasks, start=start, now=moment.now, time=time)
    planned = tuple(_planned(node, plan, moment, nodes) for node in nodes.values() if _dates(node, plan))
    clock = Clock(moment.now, zone_of(workspace.config.calendar.timezone))
    day = time.seconds(Duration(1, "d"))
    return ProjectPlan(
        project=project.id,
        start=plan.start,
        finish=plan.finish,
        tasks=planned,
        cycles=plan.cycles,
        warnings=(
            *_plan_warnings(plan, nodes, clock, day),
            *_file_warnings(workspace, state, plan, planned, moment, clock),
        ),
    )


def _tasks(
    nodes: Mapping[str, _Node],
    workspace: Workspace,
    state: ProjectState,
    moment: Moment,
    not_before: Mapping[str, datetime],
) -> tuple[Task, ...]:
    unknown = min(_start(state, moment), moment.now)
    leaves = [node for node in nodes.values() if not node.step.substeps]
    time = state.time or moment.normal
    tasks = (_task(node, nodes, workspace, moment, time, unknown) for node in leaves)
    return tuple(replace(task, not_before=not_before[task.id]) if task.id in not_before else task for task in tasks)


def _nodes(state: ProjectState, runs: tuple[RunState, ...]) -> dict[str, _Node]:
    """Give every task by id, each with the links and the first day that it inherits from the tasks above it."""
    found: dict[str, _Node] = {}
    stack: list[tuple[StepState, str, tuple[Link, ...], date | None]] = [
        (step, step.item.stage, (), None) for step in reversed(state.steps)
    ]
    while stack:
        step, phase, above, first = stack.pop()
        phase = step.item.stage or phase
        own = step.item.attributes.after
        links = tuple(dict.fromkeys((*above, *own))) if above else own
        parts = tuple(inner.id for inner in walk_states((step,)) if not inner.substeps)
        start = max((day for day in (first, step.item.attributes.start) if day), default=None)
        found.setdefault(step.id, _Node(step, phase, parts, links, _doing(step.item, state, runs), start))
        stack.extend((child, phase, links, start) for child in reversed(step.substeps))
    return found


def _runs_of(project: str, run_states: Mapping[str, RunState]) -> tuple[RunState, ...]:
    return tuple(state for state in run_states.values() if state.run.project_task[0] == project)


def _doing(item: Item, state: ProjectState, runs: tuple[RunState, ...]) -> tuple[RunState, ...]:
    """Give the runs that do a task: of its process, for this project, or for this very task where they say so."""
    if not item.attributes.run:
        return ()
    mine = [
        one for one in runs if one.run.process == item.attributes.run and one.run.project_task[0] == state.project.id
    ]
    return tuple(one for one in mine if one.run.project_task[1] in ("", item.id))


def _start(state: ProjectState, moment: Moment) -> datetime:
    """Give when the project begins: its `start`, else its first event, else now."""
    time = state.time or moment.normal
    if state.project.start:
        return time.start_of(state.project.start)
    steps = walk_states(state.steps)
    events = [event.time for event in state.project.log]
    events += [event.time for step in steps for event in step.item.events]
    return min(events, default=moment.now)


def _task(
    node: _Node,
    nodes: Mapping[str, _Node],
    workspace: Workspace,
    moment: Moment,
    normal: WorkingTime,
    unknown: datetime,
) -> Task:
    attributes = node.step.item.attributes
    started, finished = _actual(node, unknown)
    work, time = _work(node, workspace, moment, normal)
    return Task(
        id=node.step.id,
        work=work,
        time=time,
        links=_leaf_links(node, nodes),
        start=node.start,
        deadline=attributes.due.day if attributes.due else None,
        milestone=attributes.milestone or node.step.state in ("na", "skipped", "cancelled"),
        actual_start=started,
        actual_finish=finished,
        progress=_said_progress(node),
    )


def _work(
    node: _Node, workspace: Workspace, moment: Moment, normal: WorkingTime
) -> tuple[Duration, WorkingTime | None]:
    """Give how long a task takes: its effort, shared among the people on it, each at a part of their time.

    Where one of them has days or hours of their own, the effort stays whole and comes with their working time. A team
    counts as one person: whoever of it takes the task.
    """
    attributes = node.step.item.attributes
    effort = attributes.est.likely if attributes.est else UNKNOWN
    shares = [(name, _share(name, node, workspace)) for name in node.step.assignees]
    able = [(name, share) for name, share in shares if share > 0]
    if not able or effort.elapsed:
        share = attributes.load or 1.0
        return (effort if effort.elapsed else _times(effort, 1 / share)), None
    own = [moment.people.get(name) for name, _ in able]
    if not any(own):
        return _times(effort, 1 / sum(share for _, share in able)), None
    members = [(time or normal, share) for time, (_, share) in zip(own, able, strict=True)]
    return effort, TeamTime(normal, members)


def _share(name: str, node: _Node, workspace: Workspace) -> float:
    """Give the part of a person's time that goes into a task; of a team, of the one who has most."""
    said = node.step.item.attributes.load
    if said is not None:
        return said
    return max((workspace.config.person(member).load for member in workspace.config.members(name)), default=1.0)


def _times(span: Duration, factor: float) -> Duration:
    return span if factor == 1 else Duration(span.amount * factor, span.unit, span.elapsed)


def _leaf_links(node: _Node, nodes: Mapping[str, _Node]) -> tuple[Link, ...]:
    """Replace links to tasks with sub-tasks by links to what is in them; a link to its own container is none."""
    found: list[Link] = []
    for link in node.links:
        other = nodes.get(link.item)
        if other is None:
            found.append(link)
        elif node.step.id not in other.parts or other.step.id == node.step.id:
            found.extend(Link(part, link.kind, link.lag) for part in other.parts)
    return tuple(dict.fromkeys(found)) if len(found) > len(node.links) else tuple(found)


def _actual(node: _Node, unknown: datetime) -> tuple[datetime | None, datetime | None]:
    """Give when a task began and ended, from its events and its runs. Without a `started` an end is both.

    What was ticked by hand and has no event yet ended at `unknown`: it is finished, whatever the day was.
    """
    facts, step = node.step.facts, node.step
    if step.state in ("done", "skipped"):
        done = facts.done or facts.last or step.ready or unknown
        return facts.started or min([done, *_run_starts(node)]), done
    if node.runs and all(one.state != "active" for one in node.runs):
        ends = [one.finished for one in node.runs if one.state == "done" and one.finished]
        if ends:
            return facts.started or min(_run_starts(node)), max(ends)
    begun = [facts.started, *_run_starts(node)] if step.state in ("doing", "blocked") or node.runs else []
    return min((instant for instant in begun if instant), default=None), None


def _run_starts(node: _Node) -> list[datetime]:
    return [one.run.started for one in node.runs if one.state != "cancelled"]


def _said_progress(node: _Node) -> float | None:
    live = [one.progress.share for one in node.runs if one.state != "cancelled"]
    return sum(live) / len(live) if live else node.step.item.attributes.progress


def _state(node: _Node) -> str:
    """Give the task's state; one that nobody has touched shows that of its runs."""
    if node.step.state in ("waiting", "ready") and node.runs:
        states = {one.state for one in node.runs}
        if "active" in states:
            return "doing"
        return "done" if "done" in states else node.step.state
    return node.step.state


def _dates(node: _Node, plan: Schedule) -> list[TaskDates]:
    return [plan.dates[part] for part in node.parts if part in plan.dates]


def _planned(node: _Node, plan: Schedule, moment: Moment, nodes: Mapping[str, _Node]) -> PlannedTask:
    dates = _dates(node, plan)
    whole = roll_up(dates) or Rollup(moment.now, moment.now, 0.0, 0.0, False)
    item, container = node.step.item, bool(node.step.substeps)
    known = all(nodes[part].step.item.attributes.est or _needs_none(nodes[part]) for part in node.parts)
    state = _state(node)
    deadline = node.step.due
    return PlannedTask(
        item=item,
        phase=node.phase,
        state=state,
        start=whole.start,
        finish=whole.finish,
        early_start=whole.start,
        early_finish=whole.finish,
        late_start=min(one.late_start for one in dates),
        late_finish=max(one.late_finish for one in dates),
        total_float_s=min(one.total_float_s for one in dates),
        free_float_s=min(one.free_float_s for one in dates),
        critical=whole.critical,
        milestone=item.attributes.milestone and not container,
        container=container,
        estimated=known,
        assignees=node.step.assignees,
        deadline=deadline,
        late=deadline is not None and whole.finish > deadline,
        progress=1.0 if state in ("done", "skipped", "na") else whole.progress,
        runs=tuple(one.run.id for one in node.runs),
        after=tuple(link.item for link in item.attributes.after),
    )


def _needs_none(node: _Node) -> bool:
    return node.step.item.attributes.milestone or node.step.state in ("done", "skipped", "na", "cancelled")


def _plan_warnings(plan: Schedule, nodes: Mapping[str, _Node], clock: Clock, day: float) -> list[str]:
    """Tell what the schedule could not do: deadlines, rings, links that lead nowhere."""
    found: list[str] = []
    for missed in plan.missed:
        late = count(int(missed.by_s // day), "working day") if missed.by_s >= day else span_words(missed.by_s)
        chain = " → ".join(_title(nodes, name) for name in plan.chain(missed.task)[-4:])
        found.append(
            say(
                "{task} is due {day} and ends {end}, {late} late ({chain})",
                task=_title(nodes, missed.task),
                day=clock.day(missed.deadline),
                end=clock.day(missed.finish),
                late=late,
                chain=chain,
            )
        )
    for ring in plan.cycles:
        shown = ring if len(ring) <= _MOST_NAMED else ring[: _MOST_NAMED - 1]
        names = ", ".join(_title(nodes, name) for name in shown)
        more = len(ring) - len(shown)
        named = say("{names} and {others}", names=names, others=count(more, "other task")) if more else names
        found.append(say("{names} wait for each other: take one `after=` away", names=named))
    found.extend(
        say("{task} waits for `{link}`, which is not in the project", task=_title(nodes, task), link=link)
        for task, link in plan.unknown
    )
    return found


def _file_warnings(
    workspace: Workspace,
    state: ProjectState,
    plan: Schedule,
    planned: tuple[PlannedTask, ...],
    moment: Moment,
    clock: Clock,
) -> list[str]:
    """Tell of a target that cannot be met, and of tasks that nothing is known about."""
    found: list[str] = []
    target = state.project.target
    time = state.time or moment.normal
    if target and plan.finish and plan.finish > time.end_of(target) and state.state == "active":
        ends, wanted = clock.day(plan.finish), clock.day(time.end_of(target))
        found.append(say("The plan ends {end}, after the target of {target}", end=ends, target=wanted))
    found += _conflicts(planned, moment, time, clock) if state.state == "active" else []
    idle = _without_time(workspace, planned)
    found += [idle] if idle else []
    guessed = [task for task in planned if not task.estimated and not task.container]
    if guessed:
        single = "{n} task has no estimate and counted as one day: {tasks}"
        several = "{n} tasks have no estimate and counted as one day: {tasks}"
        found.append(say(several, single=single, n=len(guessed), tasks=_some(guessed)))
    return found


def _without_time(workspace: Workspace, planned: tuple[PlannedTask, ...]) -> str:
    """Tell of open tasks whose people have no time for anything: they are planned as if these had."""
    config = workspace.config
    found = [
        task
        for task in planned
        if task.assignees
        and task.state not in CLOSED
        and task.item.attributes.load is None
        and not any(config.person(name).load for key in task.assignees for name in config.members(key))
    ]
    if not found:
        return ""
    people = list(dict.fromkeys(f"@{name}" for task in found for name in task.assignees))
    single = "{who} has no time for {tasks} (`load`): planned as if there were some"
    several = "{who} have no time for {tasks} (`load`): planned as if there were some"
    return say(several, single=single, n=len(people), who=", ".join(people[:5]), tasks=_some(found))


def _some(tasks: Sequence[PlannedTask]) -> str:
    """Give the names of three tasks, and how many more there are."""
    names = ", ".join(plain(task.item.title) for task in tasks[:3])
    return say("{names} and {n} more", names=names, n=len(tasks) - 3) if len(tasks) > 3 else names


def _conflicts(planned: tuple[PlannedTask, ...], moment: Moment, time: WorkingTime, clock: Clock) -> list[str]:
    """Tell of dates that somebody has set and that the links do not let hold; nothing is moved in silence."""
    found: list[str] = []
    for task in planned:
        day = task.item.attributes.start
        if day is None or task.container or task.state not in ("waiting", "ready") or not task.after:
            continue
        wanted = time.start_of(day)
        if wanted >= moment.now and task.start.astimezone(clock.zone).date() > max(day, clock.local(wanted).date()):
            found.append(
                say(
                    "{task} is set to start {day}, and can start {start}: it waits for {others}",
                    task=plain(task.item.title),
                    day=clock.day(wanted),
                    start=clock.day(task.start),
                    others=", ".join(f"`{name}`" for name in task.after[:3]),
                )
            )
    return found


def _title(nodes: Mapping[str, _Node], name: str) -> str:
    return plain(nodes[name].step.item.title) if name in nodes else f"`{name}`"
