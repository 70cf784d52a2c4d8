"""Cross-references: what no file can tell by itself. One small function a rule, listed in tuples at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from handrail.base.place import Place
from handrail.base.problem import Level, Problem, sort_key
from handrail.base.words import did_you_mean
from handrail.model.item import Event, Item, walk
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.workspace import Workspace
from handrail.reports.check_child import (
    children_can_start,
    no_endless_children,
    no_endless_parents,
    parent_exists,
    project_exists,
    runs_exist,
    scheduled_can_start,
)
from handrail.reports.check_condition import conditions_hold
from handrail.reports.check_craft import CRAFT_RULES
from handrail.reports.check_flow import FLOW_RULES
from handrail.reports.check_now import check_now
from handrail.reports.check_people import approvals_possible, four_eyes_possible
from handrail.reports.finding import Holder, at, front, make_problem
from handrail.reports.moment import Moment

_UNREAD = frozenset({"front-matter", "yaml-refused", "yaml-syntax"})


def check_workspace(
    workspace: Workspace, moment: Moment | None = None, *, but: AbstractSet[str] = frozenset()
) -> tuple[Problem, ...]:
    """Give every problem between the files of a workspace, in the order of files and lines.

    Only with a `moment` does it look for what is wrong because of the date: reviews that are overdue, and the like.
    The runs of the ids `but` are there, and not looked into.
    """
    found = [problem for rule in WORKSPACE_RULES for problem in rule(workspace)]
    if moment is not None:
        found.extend(check_now(workspace, moment))
    unread = {problem.place.path for problem in workspace.problems if problem.code in _UNREAD}
    for process in workspace.processes.values():
        is_read = process.path not in unread
        found.extend(check_process(workspace, process, front_read=is_read))
        found.extend(problem for rule in CRAFT_RULES if is_read for problem in rule(workspace, process))
    for run in workspace.runs.values():
        if run.id not in but:
            found.extend(check_run(workspace, run))
    for project in workspace.projects.values():
        found.extend(problem for rule in PROJECT_RULES for problem in rule(workspace, project))
    return tuple(sorted(found, key=sort_key))


def check_process(workspace: Workspace, process: Process, *, front_read: bool = True) -> tuple[Problem, ...]:
    """Give the problems of one process. Where its front matter could not be read, nothing is said that rests on it."""
    rules = (*STEP_RULES, *PROCESS_RULES) if front_read else STEP_RULES
    return tuple(problem for rule in rules for problem in rule(workspace, process))


def check_run(workspace: Workspace, run: Run) -> tuple[Problem, ...]:
    """Give the problems of one run among the other files."""
    return tuple(problem for rule in RUN_RULES for problem in rule(workspace, run))


def check_start(workspace: Workspace, process: Process) -> tuple[Problem, ...]:
    """Give what keeps a run of a process from ever being finished; `workspace` may lack everything else."""
    return tuple(problem for rule in START_RULES for problem in rule(workspace, process))


def evidence_events(workspace: Workspace) -> Iterator[Event]:
    """Give the events that name a file as evidence."""
    holders: tuple[Run | Project, ...] = (*workspace.runs.values(), *workspace.projects.values())
    for holder in holders:
        for item in walk(holder.items):
            yield from (event for event in item.events if event.value("file"))


def check_evidence(workspace: Workspace, digests: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    """The files that came as evidence are there and as they were. `digests` are the SHA-256 that each could have.

    A copy, which lies beside its run or project, never changes; a file that was only referred to may.
    """
    for event in evidence_events(workspace):
        path, digest = event.value("file"), event.value("sha256")
        beside = event.place.path.removesuffix(".md").removesuffix("/README")
        level: Level = "error" if digest and path.startswith(f"{beside}/") else "warning"
        if path not in digests:
            hint = f"bring it back: `git log -- {path}`"
            yield make_problem("proof-gone", event.place, f"the evidence `{path}` is not there", hint, level)
        elif digest and digest.lower() not in digests[path]:
            message = f"`{path}` has changed since it came as evidence"
            yield make_problem("proof-changed", event.place, message, f"see what: `git log -p -- {path}`", level)


def calendar_works(workspace: Workspace) -> Iterator[Problem]:
    """The calendar has working time, and its holidays are those of a known region."""
    from handrail.plan.holiday import CalendarError, holiday_problem
    from handrail.plan.worktime import own_time, working_time

    calendar, spots = workspace.config.calendar, workspace.config.spots
    place = spots.get("calendar", Place("handrail.yml"))
    try:
        working_time(calendar)
    except CalendarError as error:
        yield make_problem("bad-calendar", place, error.sentence, error.hint)
    for person in workspace.config.people.values():
        if person.own_time and own_time(person, calendar) is None:
            message = f"@{person.key} has no working hours, or hours that overlap"
            yield make_problem("bad-calendar", person.place, message, 'write `week: mon-thu`, `hours: "09:00-13:00"`')
        elif person.load <= 0 and person.active:
            message = f"@{person.key} has no time for anything (`load`)"
            yield make_problem(
                "no-effect", person.place, message, "`active: false` says that somebody has left", "warning"
            )
    unknown = holiday_problem(calendar.holidays)
    if unknown:
        place = spots.get("calendar:holidays", place)
        yield make_problem("bad-calendar", place, f"`holidays`: {unknown}", "mend or remove it")


# Rules that hold for the items of every kind of file.


def has_items(workspace: Workspace, holder: Holder) -> Iterator[Problem]:
    """A process or project has at least one item."""
    if not holder.items:
        word = "task" if isinstance(holder, Project) else "step"
        hint = f"write one: `- [ ] The first {word}`"
        yield make_problem("no-steps", holder.place, f"the file has no {word}", hint, "warning")


def _unknown(workspace: Workspace, name: str) -> bool:
    config = workspace.config
    return bool(config.people) and name not in config.people and name not in config.teams


def _known(workspace: Workspace, more: Iterable[str] = ()) -> list[str]:
    return [*workspace.config.people, *workspace.config.teams, *more]


def owner_exists(workspace: Workspace, holder: Process | Project) -> Iterator[Problem]:
    """The owner is somebody whom the workspace lists."""
    if holder.owner and _unknown(workspace, holder.owner):
        hint = did_you_mean(holder.owner, workspace.config.people)
        yield make_problem(
            "unknown-person", front(holder, "owner"), f"nobody is called @{holder.owner}", hint, "warning"
        )


def channels_exist(workspace: Workspace) -> Iterator[Problem]:
    """What a channel is told of exists."""
    for channel in workspace.config.notify.channels:
        named = (
            ("unknown-person", "nobody is called @", channel.people, _known(workspace)),
            ("unknown-process", "there is no process ", channel.processes, workspace.processes),
            ("unknown-project", "there is no project ", channel.projects, workspace.projects),
        )
        for code, told, names, known in named:
            for name in names:
                if name not in known:
                    message = f"the channel `{channel.name}`: {told}{name}"
                    yield make_problem(code, channel.place, message, did_you_mean(name, known), "warning")


# Processes


def roles_exist(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """`@who` is a role of the process, a person, a team, or a field."""
    for item in walk(process.items):
        for name in item.attributes.who:
            if name.startswith("{{"):
                yield from _field_exists(process, item, f"who:{name}", name.strip("{} "))
            elif name not in process.roles and _unknown(workspace, name):
                message = f"@{name} is no role of this process, and no person or team"
                hint = did_you_mean(name, _known(workspace, process.roles))
                yield make_problem("unknown-person", at(item, f"who:{name}"), message, hint)
            elif name not in process.roles and not workspace.config.people and process.roles:
                message = f"@{name} is no role of this process"
                hint = did_you_mean(name, process.roles)
                yield make_problem("unknown-person", at(item, f"who:{name}"), message, hint, "warning")


def role_holders_exist(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """Those who fill the roles are people or teams of the workspace."""
    for role, names in process.roles.items():
        for name in names:
            if _unknown(workspace, name):
                message = f"the role `{role}` is filled by @{name}, whom the workspace does not list"
                hint = did_you_mean(name, _known(workspace))
                yield make_problem("unknown-person", front(process, f"roles:{role}"), message, hint, "warning")


def _field_exists(process: Process, item: Item, key: str, name: str) -> Iterator[Problem]:
    if process.find_field(name) is None:
        known = [field.name for field in process.fields]
        hint = did_you_mean(name, known) or "define it under `fields:`"
        yield make_problem("unknown-field", at(item, key), f"the process has no field `{name}`", hint)


def asked_fields_exist(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """`ask=` and the fields handed to a child run are fields of the process."""
    for item in walk(process.items):
        for name in item.attributes.ask:
            yield from _field_exists(process, item, "ask", name)
        for name in item.attributes.run_fields:
            yield from _field_exists(process, item, "run", name)


def due_fields_exist(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """A due time that counts from a field counts from a date field."""
    for item in walk(process.items):
        due = item.attributes.due
        if due is None or not due.anchor or due.anchor == "start":
            continue
        field = process.find_field(due.anchor)
        if field is None:
            yield from _field_exists(process, item, "due", due.anchor)
        elif field.type != "date":
            message = f"`{due.anchor}` is a {field.type}, not a date"
            yield make_problem("bad-value", at(item, "due"), message, f"{due.anchor}: {{type: date}}")


def schedule_is_rule(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """`schedule:` is a rule of RFC 5545 that names days, or counts from the last run."""
    if not process.schedule:
        return
    from handrail.plan.schedules import ScheduleError
    from handrail.reports.scheduled import read_schedule

    try:
        read_schedule(process)
    except ScheduleError as error:
        yield make_problem("bad-schedule", front(process, "schedule"), f"`schedule:` {error.sentence}", error.hint)


def successor_exists(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """`successor:` names another process, which a retired one has."""
    name = process.successor
    if not name:
        return
    place = front(process, "successor")
    if name not in workspace.processes or name == process.id:
        others = [other for other in workspace.processes if other != process.id]
        message = f"there is no other process `{name}` that could come after this one"
        hint = did_you_mean(name, others) or "write that process first, or take `successor` out"
        yield make_problem("unknown-process", place, message, hint)
    elif process.status != "retired":
        message = f"the process has a successor and is {process.status} still"
        yield make_problem("no-effect", place, message, "write `status: retired` too", "warning")


# Runs


def run_has_process(workspace: Workspace, run: Run) -> Iterator[Problem]:
    """A run has a process."""
    if run.process not in workspace.processes:
        message = f"there is no process `{run.process}`"
        yield make_problem(
            "unknown-process", front(run, "process"), message, did_you_mean(run.process, workspace.processes)
        )


def assignees_exist(workspace: Workspace, holder: Run | Project) -> Iterator[Problem]:
    """Whoever has an open item now is a person or team of the workspace, and has not left."""
    from handrail.rules.fold import fold

    for item in walk(holder.items):
        if item.checked:
            continue
        now = fold(item).assignees if item.events else None
        for name in item.attributes.who if now is None else now:
            if _unknown(workspace, name):
                message = f"nobody is called @{name}: the item is open and has no one who could do it"
                hint = did_you_mean(name, _known(workspace))
            elif not workspace.config.person(name).active:
                message = f"@{name} has left and still has this open item"
                command = "project assign" if isinstance(holder, Project) else "assign"
                hint = f"`handrail {command} {holder.id} {item.id} --to PERSON` hands it on"
            else:
                continue
            yield make_problem("unknown-person", at(item, f"who:{name}"), message, hint, "warning")


def boxes_agree(workspace: Workspace, holder: Run | Project) -> Iterator[Problem]:
    """Each box says what the events under it say."""
    closing = {"done", "skipped", "approved"}
    opening = {"reopened", "rejected"}
    for item in walk(holder.items):
        verbs = [event.verb for event in item.events if event.verb in closing | opening and not event.commit]
        closed = bool(verbs) and verbs[-1] in closing
        if item.checked and not closed:
            message = f"`{item.id}` is ticked without an event that says by whom and when"
            yield make_problem(
                "box-disagrees", item.place, message, "`handrail fmt` writes the missing event", "warning"
            )
        elif closed and not item.checked:
            message = f"the box of `{item.id}` is open, its last event closed it"
            yield make_problem("box-disagrees", item.place, message, "`handrail reopen` it, or tick the box", "warning")


def agents_confirmed(workspace: Workspace, run: Run) -> Iterator[Problem]:
    """Where agents only propose, what is closed was closed by a person."""
    if run.agents != "propose":
        return
    from handrail.rules.fold import fold

    for item in walk(run.items):
        facts = fold(item)
        agents = [key for key in (*facts.approvals, facts.by) if workspace.config.person(key).agent]
        if facts.closed and agents:
            message = f"`{item.id}` was finished by @{agents[0]}, an agent, and no person has confirmed it"
            yield make_problem("unconfirmed", item.place, message, f"`handrail reopen {run.id} {item.id} -m REASON`")


def events_in_order(workspace: Workspace, holder: Run | Project) -> Iterator[Problem]:
    """Events stand oldest first."""
    for item in walk(holder.items):
        for earlier, later in zip(item.events, item.events[1:], strict=False):
            if later.time < earlier.time:
                message = "this event is older than the one above it"
                yield make_problem("events-order", later.place, message, "events stand oldest first", "warning")


# Projects


def project_dates(workspace: Workspace, project: Project) -> Iterator[Problem]:
    """A target is not before the start, a deadline not before the earliest start."""
    if project.start and project.target and project.target < project.start:
        message = f"the target {project.target} is before the start {project.start}"
        yield make_problem("wrong-dates", front(project, "target"), message, "mend one of them")
    for item in walk(project.items):
        day = item.attributes.due.day if item.attributes.due else None
        if day and item.attributes.start and day < item.attributes.start:
            message = f"it is due {day}, before it starts {item.attributes.start}"
            yield make_problem("wrong-dates", at(item, "due"), message, "mend one of them")


HolderRule = Callable[[Workspace, Holder], Iterator[Problem]]
WorkspaceRule = Callable[[Workspace], Iterator[Problem]]
ProcessRule = Callable[[Workspace, Process], Iterator[Problem]]
RunRule = Callable[[Workspace, Run], Iterator[Problem]]
ProjectRule = Callable[[Workspace, Project], Iterator[Problem]]

WORKSPACE_RULES: tuple[WorkspaceRule, ...] = (calendar_works, channels_exist, no_endless_children, no_endless_parents)
STEP_RULES: tuple[HolderRule, ...] = (has_items, *FLOW_RULES, runs_exist)
PROCESS_RULES: tuple[ProcessRule, ...] = (
    owner_exists,
    roles_exist,
    role_holders_exist,
    asked_fields_exist,
    due_fields_exist,
    conditions_hold,
    approvals_possible,
    four_eyes_possible,
    children_can_start,
    scheduled_can_start,
    schedule_is_rule,
    successor_exists,
)
START_RULES: tuple[ProcessRule, ...] = (
    has_items,
    *FLOW_RULES,
    asked_fields_exist,
    due_fields_exist,
    conditions_hold,
    approvals_possible,
    four_eyes_possible,
)
RUN_RULES: tuple[RunRule, ...] = (
    *FLOW_RULES,
    run_has_process,
    parent_exists,
    project_exists,
    assignees_exist,
    boxes_agree,
    agents_confirmed,
    events_in_order,
)
PROJECT_RULES: tuple[ProjectRule, ...] = (
    has_items,
    *FLOW_RULES,
    runs_exist,
    owner_exists,
    assignees_exist,
    boxes_agree,
    events_in_order,
    project_dates,
)
