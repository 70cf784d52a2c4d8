"""Steps that are finished by runs of another process, and runs that belong to a step: both ends exist and fit."""

from __future__ import annotations

from collections.abc import Iterator

from handrail.base.problem import Problem
from handrail.base.words import did_you_mean
from handrail.model.item import Item, walk
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.model.workspace import Workspace
from handrail.reports.finding import Holder, at, front, listed, make_problem
from handrail.reports.rings import find_rings


def runs_exist(workspace: Workspace, holder: Holder) -> Iterator[Problem]:
    """`run=` names a process that exists."""
    for item in walk(holder.items):
        name = item.attributes.run
        if name and name not in workspace.processes:
            message = f"there is no process `{name}`"
            yield make_problem("unknown-process", at(item, "run"), message, did_you_mean(name, workspace.processes))


def children_can_start(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """What a step starts is in effect, takes the values that it is handed, and gets those that it needs."""
    for item in walk(process.items):
        child = workspace.processes.get(item.attributes.run) if item.attributes.run else None
        if child is None:
            continue
        yield from _in_effect(item, child)
        declared = {field.name for field in child.fields}
        declared.update(name for step in walk(child.items) for name in step.attributes.ask)
        for name in item.attributes.run_fields:
            if name not in declared:
                message = f"`{child.id}` has no field `{name}` that it could be handed"
                yield make_problem("unknown-field", at(item, "run"), message, did_you_mean(name, declared))
        missing = [
            field.name
            for field in child.fields
            if field.required and not field.default and field.name not in item.attributes.run_fields
        ]
        if missing:
            message = f"a run of `{child.id}` needs {listed(missing)}, and this step does not hand it down"
            hint = f"write `run={child.id}({', '.join((*item.attributes.run_fields, *missing))})`"
            yield make_problem("missing-field", at(item, "run"), message, hint, "warning")


def _in_effect(item: Item, child: Process) -> Iterator[Problem]:
    if child.status == "effective":
        return
    message = f"`{child.id}` is {'retired' if child.status == 'retired' else 'a draft'}: no run of it can be started"
    successor = f"name `{child.successor}`, which came after it" if child.successor else "name another process"
    hint = successor if child.status == "retired" else f"put it into effect, or leave `run={child.id}` out until then"
    attributes = item.attributes
    stuck = (attributes.gate or child.status == "retired") and not attributes.optional
    yield make_problem("cannot-finish", at(item, "run"), message, hint, "error" if stuck else "warning")


def no_endless_children(workspace: Workspace) -> Iterator[Problem]:
    """No process starts runs of itself for ever, by itself or through those that it starts."""
    starts: dict[str, list[str]] = {}
    steps: dict[tuple[str, str], Item] = {}
    for process in workspace.processes.values():
        for item in walk(process.items):
            name = item.attributes.run
            if name in workspace.processes:
                starts.setdefault(process.id, []).append(name)
                steps.setdefault((process.id, name), item)
    for ring in find_rings(starts):
        pairs = list(zip(ring, (*ring[1:], ring[0]), strict=True))
        ways_out = any(steps[pair].attributes.condition or steps[pair].attributes.optional for pair in pairs)
        chain = " → ".join(f"`{name}`" for name in (*ring, ring[0]))
        message = f"these processes start each other for ever: {chain}"
        if len(ring) == 1:
            message = "the process starts a run of itself, which starts another, for ever"
        hint = "take one `run=` out, or give its step a condition"
        if not ways_out:
            yield make_problem("cycle", at(steps[pairs[0]], "run"), message, hint)


def scheduled_can_start(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """A process that starts by itself needs nothing that nobody is there to give."""
    if not process.schedule:
        return
    for field in process.fields:
        if field.required and not field.default:
            message = f"`{field.name}` is required, and nobody gives it to a run that starts by itself"
            hint = f"give it a `default`, or let a step ask for it (`ask={field.name}`) and take `required` out"
            yield make_problem("missing-field", field.place, message, hint)
    empty = [role for role, people in process.roles.items() if not people]
    if empty and not process.owner:
        message = f"nobody fills {listed(empty)} in a run that starts by itself"
        hint = "name who does, or write an `owner`, who stands in"
        yield make_problem("unknown-person", front(process, "schedule"), message, hint, "warning")


def parent_exists(workspace: Workspace, run: Run) -> Iterator[Problem]:
    """`parent:` names a run and a step of it that is finished by runs of this process."""
    if not run.parent:
        return
    place = front(run, "parent")
    named = run.parent_step
    if named is None or not _is_id(named[0]) or "/" in named[1]:
        message = f"`{run.parent[:100]}` is no run and step"
        yield make_problem("bad-value", place, message, "write `parent: PROCESS/RUN#STEP`")
        return
    parent = workspace.runs.get(named[0])
    if parent is None:
        message = f"there is no run `{named[0]}`, for which this one was started"
        yield make_problem("unknown-run", place, message, did_you_mean(named[0], _nearby(workspace, named[0])))
        return
    step = next((item for item in walk(parent.items) if item.id == named[1]), None)
    if step is None:
        ids = [item.id for item in walk(parent.items) if item.attributes.run]
        message = f"the run `{parent.id}` has no step `{named[1]}`"
        yield make_problem("unknown-step", place, message, did_you_mean(named[1], ids))
    elif step.attributes.run != run.process:
        does = f"by runs of `{step.attributes.run}`" if step.attributes.run else "by hand"
        message = f"`{step.id}` of `{parent.id}` is finished {does}, not by runs of `{run.process}`"
        yield make_problem("bad-value", place, message, "mend `parent:`, or take it out", "warning")


def no_endless_parents(workspace: Workspace) -> Iterator[Problem]:
    """No run was started for a step of itself, or of a run that was started for it."""
    above = {run.id: [run.parent_step[0]] for run in workspace.runs.values() if run.parent and run.parent_step}
    for ring in find_rings(above):
        chain = " → ".join(f"`{name}`" for name in (*ring, ring[0]))
        message = f"these runs say that they were started for each other: {chain}"
        yield make_problem("cycle", front(workspace.runs[ring[0]], "parent"), message, "mend `parent:` of one of them")


def project_exists(workspace: Workspace, run: Run) -> Iterator[Problem]:
    """`project:` names a project, and a task of it where it names one."""
    if not run.project:
        return
    name, mark, task = run.project.partition("#")
    place = front(run, "project")
    if not _is_id(name):
        message = f"`{run.project[:100]}` is no project"
        yield make_problem("bad-value", place, message, "write `project: NAME` or `project: NAME#TASK`")
        return
    project = workspace.projects.get(name)
    if project is None:
        message = f"there is no project `{name}`"
        yield make_problem("unknown-project", place, message, did_you_mean(name, workspace.projects), "warning")
    elif mark and all(item.id != task for item in walk(project.items)):
        message = f"the project `{name}` has no task `{task}`"
        hint = did_you_mean(task, (item.id for item in walk(project.items)))
        yield make_problem("unknown-step", place, message, hint, "warning")


def _is_id(name: str) -> bool:
    """Tell whether a name could be a path's part: nothing that leads elsewhere."""
    parts = name.split("/")
    return all(part and part not in (".", "..") for part in parts) and not any(char in "\\:\0" for char in name)


def _nearby(workspace: Workspace, name: str) -> list[str]:
    process = name.rpartition("/")[0]
    return [run.id for run in workspace.runs.values() if run.process == process][:1000]
