"""Cross-references: what no file can tell by itself. One small function a rule, listed in tuples at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from handrail.base.place import Place
from handrail.base.problem import Level, Problem, sort_key
from handrail.base.words import did_you_mean
from handrail.model.item import Event, Item, walk
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.workspace import Workspace
from handrail.reports.check_now import check_now
from handrail.reports.moment import Moment
from handrail.reports.rings import find_rings

Holder = Process | Run | Project


def check_workspace(workspace: Workspace, moment: Moment | None = None) -> tuple[Problem, ...]:
    """Give every problem between the files of a workspace, in the order of files and lines.

    Only with a `moment` does it look for what is wrong because of the date: reviews that are overdue, and the like.
    """
    found = list(calendar_works(workspace))
    if moment is not None:
        found.extend(check_now(workspace, moment))
    for process in workspace.processes.values():
        found.extend(problem for rule in PROCESS_RULES for problem in rule(workspace, process))
    for run in workspace.runs.values():
        found.extend(problem for rule in RUN_RULES for problem in rule(workspace, run))
    for project in workspace.projects.values():
        found.extend(problem for rule in PROJECT_RULES for problem in rule(workspace, project))
    return tuple(sorted(found, key=sort_key))


def check_process(workspace: Workspace, process: Process) -> tuple[Problem, ...]:
    """Give the problems of one process, for a run that is about to start from it."""
    return tuple(problem for rule in PROCESS_RULES for problem in rule(workspace, process))


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
            yield _problem("missing-proof", event.place, f"the evidence `{path}` is not there", hint, level)
        elif digest and digest.lower() not in digests[path]:
            message = f"`{path}` has changed since it came as evidence"
            yield _problem("changed-proof", event.place, message, f"see what: `git log -p -- {path}`", level)


def _at(item: Item, key: str) -> Place:
    return item.spots.get(key, item.place)


def _problem(code: str, place: Place, message: str, hint: str = "", level: Level = "error") -> Problem:
    return Problem(code, level, place, message, hint)


def calendar_works(workspace: Workspace) -> Iterator[Problem]:
    """The calendar has working time, and its holidays are those of a known region."""
    from handrail.plan.holiday import CalendarError, holiday_problem
    from handrail.plan.worktime import working_time

    calendar = workspace.config.calendar
    try:
        working_time(calendar)
    except CalendarError as error:
        yield _problem("bad-calendar", Place("handrail.yml"), error.sentence, error.hint)
    unknown = holiday_problem(calendar.holidays)
    if unknown:
        yield _problem("bad-calendar", Place("handrail.yml"), f"`holidays`: {unknown}", "mend or remove it")


# Rules that hold for the items of every kind of file.


def has_items(workspace: Workspace, holder: Holder) -> Iterator[Problem]:
    """A process or project has at least one item."""
    if not holder.items:
        word = "task" if isinstance(holder, Project) else "step"
        hint = f"write one: `- [ ] The first {word}`"
        yield _problem("no-steps", holder.place, f"the file has no {word}", hint, "warning")


def references_exist(workspace: Workspace, holder: Holder) -> Iterator[Problem]:
    """`after`, `back` and `not-by` name items of this file."""
    ids = {item.id for item in walk(holder.items)}
    for item in walk(holder.items):
        named = [("after", link.item) for link in item.attributes.after]
        named.extend(("back", name) for name in item.attributes.back)
        named.extend(("not-by", name) for name in item.attributes.not_by)
        for key, name in named:
            if name not in ids:
                message = f"`{key}` names `{name}`, which is not in this file"
                yield _problem("unknown-step", _at(item, key), message, did_you_mean(name, ids))


def no_rings(workspace: Workspace, holder: Holder) -> Iterator[Problem]:
    """No items wait for each other in a ring, neither by `after` nor through their sub-items."""
    items = {item.id: item for item in walk(holder.items)}
    waits: dict[str, list[str]] = {
        name: [link.item for link in item.attributes.after if link.item in items] for name, item in items.items()
    }
    for item in items.values():
        waits[item.id].extend(child.id for child in item.children)
    for ring in find_rings(waits):
        chain = " → ".join(f"`{name}`" for name in (*ring, ring[0]))
        place = _at(items[ring[0]], "after")
        yield _problem("cycle", place, f"these wait for each other for ever: {chain}", "take one `after=` out")


def runs_exist(workspace: Workspace, holder: Holder) -> Iterator[Problem]:
    """`run=` names a process that exists."""
    for item in walk(holder.items):
        name = item.attributes.run
        if name and name not in workspace.processes:
            message = f"there is no process `{name}`"
            yield _problem("unknown-process", _at(item, "run"), message, did_you_mean(name, workspace.processes))


def _unknown(workspace: Workspace, name: str) -> bool:
    config = workspace.config
    return bool(config.people) and name not in config.people and name not in config.teams


def _known(workspace: Workspace, more: Iterable[str] = ()) -> list[str]:
    return [*workspace.config.people, *workspace.config.teams, *more]


def owner_exists(workspace: Workspace, holder: Process | Project) -> Iterator[Problem]:
    """The owner is somebody whom the workspace lists."""
    if holder.owner and _unknown(workspace, holder.owner):
        hint = did_you_mean(holder.owner, workspace.config.people)
        yield _problem("unknown-person", holder.place, f"nobody is called @{holder.owner}", hint, "warning")


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
                yield _problem("unknown-person", _at(item, f"who:{name}"), message, hint)
            elif name not in process.roles and not workspace.config.people and process.roles:
                message = f"@{name} is no role of this process"
                hint = did_you_mean(name, process.roles)
                yield _problem("unknown-person", _at(item, f"who:{name}"), message, hint, "warning")


def role_holders_exist(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """Those who fill the roles are people or teams of the workspace."""
    for role, names in process.roles.items():
        for name in names:
            if _unknown(workspace, name):
                message = f"the role `{role}` is filled by @{name}, whom the workspace does not list"
                hint = did_you_mean(name, _known(workspace))
                yield _problem("unknown-person", process.place, message, hint, "warning")


def _field_exists(process: Process, item: Item, key: str, name: str) -> Iterator[Problem]:
    if process.find_field(name) is None:
        known = [field.name for field in process.fields]
        hint = did_you_mean(name, known) or "define it under `fields:`"
        yield _problem("unknown-field", _at(item, key), f"the process has no field `{name}`", hint)


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
            yield _problem("bad-value", _at(item, "due"), message, f"{due.anchor}: {{type: date}}")


def conditions_hold(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """`if=` can be read, and uses fields and choices that the process has."""
    from handrail.rules.condition import ConditionError, parse

    for item in walk(process.items):
        text = item.attributes.condition
        if not text:
            continue
        try:
            condition = parse(text)
        except ConditionError as error:
            message = f"`if`: {error.message}"
            yield _problem("bad-condition", _at(item, "if"), message, "for example `if=\"plan == 'pro'\"`")
            continue
        for name in condition.names:
            yield from _field_exists(process, item, "if", name)
        for name, value in condition.compared:
            field = process.find_field(name)
            if field and field.choices and value and value not in field.choices:
                message = f"`{name}` is never `{value}`"
                yield _problem("bad-condition", _at(item, "if"), message, did_you_mean(value, field.choices))


def schedule_is_rule(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """`schedule:` is a rule of RFC 5545 that names days, or counts from the last run."""
    if not process.schedule:
        return
    from handrail.plan.schedules import ScheduleError
    from handrail.reports.scheduled import read_schedule

    try:
        read_schedule(process)
    except ScheduleError as error:
        yield _problem("bad-schedule", process.place, f"`schedule:` {error.sentence}", error.hint)


# Runs


def run_has_process(workspace: Workspace, run: Run) -> Iterator[Problem]:
    """A run has a process, and its project exists."""
    if run.process not in workspace.processes:
        message = f"there is no process `{run.process}`"
        yield _problem("unknown-process", run.place, message, did_you_mean(run.process, workspace.processes))
    if run.project and run.project.partition("#")[0] not in workspace.projects:
        message = f"there is no project `{run.project}`"
        yield _problem("unknown-project", run.place, message, did_you_mean(run.project, workspace.projects), "warning")


def assignees_exist(workspace: Workspace, holder: Run | Project) -> Iterator[Problem]:
    """Open items are assigned to people or teams of the workspace."""
    for item in walk(holder.items):
        for name in item.attributes.who:
            if not item.checked and _unknown(workspace, name):
                message = f"nobody is called @{name}: the item is open and has no one who could do it"
                hint = did_you_mean(name, _known(workspace))
                yield _problem("unknown-person", _at(item, f"who:{name}"), message, hint, "warning")


def boxes_agree(workspace: Workspace, holder: Run | Project) -> Iterator[Problem]:
    """Each box says what the events under it say."""
    closing = {"done", "skipped", "approved"}
    opening = {"reopened", "rejected"}
    for item in walk(holder.items):
        verbs = [event.verb for event in item.events if event.verb in closing | opening]
        closed = bool(verbs) and verbs[-1] in closing
        if item.checked and not closed:
            message = f"`{item.id}` is ticked without an event that says by whom and when"
            yield _problem("box-disagrees", item.place, message, "`handrail fmt` writes the missing event", "warning")
        elif closed and not item.checked:
            message = f"the box of `{item.id}` is open, its last event closed it"
            yield _problem("box-disagrees", item.place, message, "`handrail reopen` it, or tick the box", "warning")


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
            yield _problem("unconfirmed", item.place, message, f"`handrail reopen {run.id} {item.id} -m REASON`")


def events_in_order(workspace: Workspace, holder: Run | Project) -> Iterator[Problem]:
    """Events stand oldest first."""
    for item in walk(holder.items):
        for earlier, later in zip(item.events, item.events[1:], strict=False):
            if later.time < earlier.time:
                message = "this event is older than the one above it"
                yield _problem("events-order", later.place, message, "events stand oldest first", "warning")


# Projects


def project_dates(workspace: Workspace, project: Project) -> Iterator[Problem]:
    """A target is not before the start, a deadline not before the earliest start."""
    if project.start and project.target and project.target < project.start:
        message = f"the target {project.target} is before the start {project.start}"
        yield _problem("wrong-dates", project.place, message, "mend one of them")
    for item in walk(project.items):
        day = item.attributes.due.day if item.attributes.due else None
        if day and item.attributes.start and day < item.attributes.start:
            message = f"it is due {day}, before it starts {item.attributes.start}"
            yield _problem("wrong-dates", _at(item, "due"), message, "mend one of them")


ProcessRule = Callable[[Workspace, Process], Iterator[Problem]]
RunRule = Callable[[Workspace, Run], Iterator[Problem]]
ProjectRule = Callable[[Workspace, Project], Iterator[Problem]]

PROCESS_RULES: tuple[ProcessRule, ...] = (
    has_items,
    references_exist,
    no_rings,
    runs_exist,
    owner_exists,
    roles_exist,
    role_holders_exist,
    asked_fields_exist,
    due_fields_exist,
    conditions_hold,
    schedule_is_rule,
)
RUN_RULES: tuple[RunRule, ...] = (
    references_exist,
    no_rings,
    run_has_process,
    assignees_exist,
    boxes_agree,
    agents_confirmed,
    events_in_order,
)
PROJECT_RULES: tuple[ProjectRule, ...] = (
    has_items,
    references_exist,
    no_rings,
    runs_exist,
    owner_exists,
    assignees_exist,
    boxes_agree,
    events_in_order,
    project_dates,
)
