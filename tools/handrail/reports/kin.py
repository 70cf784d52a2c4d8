"""What runs and projects owe each other: runs to start, what a finished one closes, children of a cancelled run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handrail.base.value import dataclass
from handrail.model.item import walk
from handrail.model.project import Project
from handrail.model.state import CLOSED, RunState, StepState, walk_states
from handrail.model.workspace import Workspace
from handrail.reports.moment import Moment
from handrail.reports.overview import state_of
from handrail.reports.results import Overview
from handrail.rules.kin import TO_DO, counts, has_steps_with_runs, steps_with_runs
from handrail.rules.state import project_state
from handrail.text.plain import plain


@dataclass(frozen=True, slots=True)
class ChildDue:
    """A step that is to be done by a run of `process`, and none was started for it since it was last opened."""

    run: str
    step: str
    process: str
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class StepDue:
    """A step whose child run is finished, and that is open still."""

    run: str
    step: str
    child: str


@dataclass(frozen=True, slots=True)
class CancelDue:
    """A child run that goes on, though the run that it was started for was cancelled."""

    run: str
    child: str


@dataclass(frozen=True, slots=True)
class TaskRunDue:
    """A project's task that is to be done by a run of `process`, can be begun, and has no run yet."""

    project: str
    task: str
    process: str
    title: str


@dataclass(frozen=True, slots=True)
class TaskDue:
    """A project's task whose runs are all finished, the last of them `child`, and that is open still."""

    project: str
    task: str
    child: str


def waiting_projects(overview: Overview, process: str) -> tuple[tuple[str, StepState], ...]:
    """Give the tasks of active projects that are done by runs of a process and are open: (project, task)."""
    return tuple(
        (key, step)
        for key, state in overview.projects.items()
        if state.state == "active"
        for step in walk_states(state.steps)
        if step.item.attributes.run == process and step.state not in CLOSED
    )


Owed = ChildDue | StepDue | CancelDue | TaskRunDue | TaskDue
_Children = Mapping[tuple[str, str], tuple[RunState, ...]]


def owed(workspace: Workspace, moment: Moment) -> tuple[Owed, ...]:
    """Give what is left to do between runs, by the runs' ids; nothing where every action came to its end."""
    kin = {
        run.id: state_of(workspace, run, moment)
        for run in workspace.runs.values()
        if run.parent_step or has_steps_with_runs(run)
    }
    children: dict[tuple[str, str], tuple[RunState, ...]] = {}
    for state in kin.values():
        if state.run.parent_step is not None:
            key = state.run.parent_step
            children[key] = (*children.get(key, ()), state)
    between = (one for state in kin.values() for one in _of(state, children))
    return (
        *between,
        *(one for project in workspace.projects.values() for one in _of_project(workspace, project, moment)),
    )


def _of_project(workspace: Workspace, project: Project, moment: Moment) -> Iterator[Owed]:
    """Give what a project's tasks that are done by runs ask for. A cancelled run leaves its task to people."""
    if not any(item.attributes.run for item in walk(project.items)):
        return
    state = project_state(project, time=moment.normal, now=moment.now)
    if state.state != "active":
        return
    for step in walk_states(state.steps):
        process = step.item.attributes.run
        if not process or step.state not in TO_DO:
            continue
        runs = [
            state_of(workspace, run, moment)
            for run in workspace.runs.values()
            if run.process == process and run.project_task in ((project.id, ""), (project.id, step.id))
        ]
        if not runs:
            yield TaskRunDue(project.id, step.id, process, plain(step.item.title))
        elif all(run.state == "done" for run in runs):
            yield TaskDue(
                project.id, step.id, max(runs, key=lambda run: (run.finished or moment.now, run.run.id)).run.id
            )


def _of(state: RunState, children: _Children) -> Iterator[Owed]:
    run = state.run.id
    for step in steps_with_runs(state):
        mine = [child for child in children.get((run, step.id), ()) if child.run.process == step.item.attributes.run]
        if state.state == "cancelled":
            yield from (CancelDue(run, child.run.id) for child in mine if child.state == "active")
        elif state.state == "active" and step.state in TO_DO:
            counting = [child for child in mine if counts(child, step)]
            done = [child for child in counting if child.state == "done"]
            if done and not (step.facts.proposed or step.item.attributes.approval):  # these wait for a person
                yield StepDue(run, step.id, done[-1].run.id)
            elif not counting:
                yield ChildDue(run, step.id, step.item.attributes.run, step.facts.attempt)
