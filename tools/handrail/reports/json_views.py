"""What `--json` prints: one object for each command, with its schema and moment (`/1`: keys are only ever added).

Times are RFC 3339 in UTC, dates ISO, spans of working time end in `_s` (seconds). What is not known is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from handrail.model.item import Event, Item
from handrail.model.process import Process
from handrail.model.state import CLOSED, Progress, ProjectState, RunState, StepState
from handrail.reports.procedure_diff import Difference, ProcedureDifference
from handrail.reports.results import Activity, Assignment, Finding, Overview, PlannedTask, ProjectPlan, Work
from handrail.reports.steps import agents_in, by_hand, stages
from handrail.rules.fold import proposed_by

Json = dict[str, Any]
Stalled = Mapping[str, frozenset[str]]
"""The ids of the items that have stalled, by run or project."""


def status_view(overview: Overview) -> Json:
    """`status`: the active runs and projects."""
    runs = [run for run in overview.runs.values() if run.state == "active"]
    projects = [project for project in overview.projects.values() if project.state == "active"]
    stalled, agents = stalled_items(overview), agents_in(overview.workspace.config)
    return _envelope("status", overview.moment.now) | {
        "runs": [run_object(overview.whole(run), stalled, agents) for run in runs],
        "projects": [project_object(overview, project, stalled) for project in projects],
    }


def list_view(
    overview: Overview,
    *,
    processes: Iterable[Process] = (),
    runs: Iterable[RunState] = (),
    projects: Iterable[ProjectState] = (),
) -> Json:
    """`list`: the processes, runs and projects that were asked for."""
    stalled, agents = stalled_items(overview), agents_in(overview.workspace.config)
    return _envelope("list", overview.moment.now) | {
        "processes": [process_summary(overview, process) for process in processes],
        "runs": [run_object(overview.whole(run), stalled, agents) for run in runs],
        "projects": [project_object(overview, project, stalled) for project in projects],
    }


def show_run_view(overview: Overview, state: RunState) -> Json:
    """`show RUN`: the run whole."""
    return _envelope("show", overview.moment.now) | run_object(
        state, stalled_items(overview), agents_in(overview.workspace.config)
    )


def show_project_view(overview: Overview, state: ProjectState) -> Json:
    """`show PROJECT`: the project whole."""
    return _envelope("show", overview.moment.now) | project_object(overview, state, stalled_items(overview))


def show_process_view(process: Process, now: datetime) -> Json:
    """`show PROCESS`: where it is and its steps."""
    return _envelope("show", now) | process_object(process)


def show_step_view(overview: Overview, state: RunState | ProjectState, step: StepState, instruction: str) -> Json:
    """`show RUN STEP`: the step, and what its procedure says about it as Markdown."""
    known = stalled_items(overview).get(_id(state), frozenset())
    stage = stages(state.steps).get(step.id, "")
    holder = _holder_keys("run" if isinstance(state, RunState) else "project", _id(state))
    return (
        _envelope("show", overview.moment.now)
        | holder
        | {
            "step": step_object(step, known, stage, agents_in(overview.workspace.config)),
            "instruction": instruction,
        }
    )


def mine_view(overview: Overview, work: Work) -> Json:
    """`mine`: what one person has to do now, what is coming, what they finished lately."""
    agents = agents_in(overview.workspace.config)
    return _envelope("mine", overview.moment.now) | {
        "person": work.person,
        "now": [assignment_object(task, agents) for task in work.now],
        "coming": [assignment_object(task, agents) for task in work.coming],
        "finished": [activity_object(entry, agents) for entry in work.finished],
    }


def next_view(overview: Overview, tasks: Iterable[Assignment]) -> Json:
    """`next`: what somebody can act on now, worst first."""
    agents = agents_in(overview.workspace.config)
    return _envelope("next", overview.moment.now) | {"items": [assignment_object(task, agents) for task in tasks]}


def log_view(now: datetime, entries: Iterable[Activity], agents: frozenset[str] = frozenset()) -> Json:
    """`log`: events, newest first."""
    return _envelope("log", now) | {"events": [activity_object(entry, agents) for entry in entries]}


def stalled_view(overview: Overview, found: Iterable[Finding]) -> Json:
    """`stalled`: the findings, worst first."""
    return _envelope("stalled", overview.moment.now) | {"findings": [finding_object(one) for one in found]}


def project_plan_view(plan: ProjectPlan, now: datetime) -> Json:
    """`project plan`: the schedule. Containers are left out: their parts say it all."""
    return _envelope("project plan", now) | {
        "project": plan.project,
        "start": instant(plan.start),
        "finish": instant(plan.finish),
        "tasks": [task_object(task) for task in plan.tasks if not task.container],
    }


def diff_view(now: datetime, base: str, differences: Iterable[ProcedureDifference]) -> Json:
    """`diff`: what changed in each procedure, and which runs under way keep the older one."""
    return _envelope("diff", now) | {"base": base, "processes": [difference_object(one) for one in differences]}


def difference_object(one: ProcedureDifference) -> Json:
    """Give what changed in one procedure."""
    return {
        "process": one.process,
        "path": one.path,
        "title": one.title,
        "change": one.fate,
        "front": [_change_object(change) for change in one.front],
        "steps": [
            {
                "step": step.id,
                "title": step.title,
                "stage": step.stage,
                "change": step.fate,
                "changes": [_change_object(change) for change in step.changes],
            }
            for step in one.steps
        ],
        "runs": [{"run": run.id, "title": run.title, "revision": run.revision} for run in one.runs],
    }


def stalled_items(overview: Overview) -> Stalled:
    """Give what has stalled by run and project."""
    found: dict[str, set[str]] = {}
    for finding in overview.findings.found:
        found.setdefault(finding.holder, set()).add(finding.item)
    return {holder: frozenset(items) for holder, items in found.items()}


def run_object(state: RunState, stalled: Stalled, agents: frozenset[str] = frozenset()) -> Json:
    """Give a run with its steps."""
    run, known = state.run, stalled.get(state.run.id, frozenset())
    return {
        "run": run.id,
        "process": run.process,
        "revision": run.revision,
        "title": run.title,
        "state": state.state,
        "started": instant(run.started),
        "due": instant(state.due),
        "first_due": instant(state.first_due),
        "finished": instant(state.finished),
        "progress": progress_object(state.progress),
        "steps": [step_object(step, known, "", agents) for step in state.steps],
    }


def project_object(overview: Overview, state: ProjectState, stalled: Stalled) -> Json:
    """Give a project with its tasks; `finish` is when the schedule ends."""
    project, known = state.project, stalled.get(state.project.id, frozenset())
    agents = agents_in(overview.workspace.config)
    plan = overview.plans.get(project.id)
    return {
        "project": project.id,
        "title": project.title,
        "state": state.state,
        "owner": project.owner,
        "start": _day(project.start) or instant(plan.start if plan else None),
        "target": _day(project.target),
        "finish": instant(plan.finish if plan else None),
        "finished": instant(state.finished),
        "progress": progress_object(state.progress),
        "tasks": [step_object(step, known, "", agents) for step in state.steps],
    }


def process_object(process: Process) -> Json:
    """Give a process with its steps, as nobody has begun them."""
    return {
        "process": process.id,
        "path": process.path,
        "steps": [item_object(item) for item in process.items],
    }


def process_summary(overview: Overview, process: Process) -> Json:
    """Give a process in a list: without its steps, with the number of its runs."""
    active, runs = overview.counts_of(process.id)
    return {
        "process": process.id,
        "path": process.path,
        "title": process.title,
        "owner": process.owner,
        "status": process.status,
        "active": active,
        "runs": runs,
    }


def step_object(
    step: StepState, stalled: frozenset[str] = frozenset(), stage: str = "", agents: frozenset[str] = frozenset()
) -> Json:
    """Give a step with its sub-steps. `stage` is that of the step above, where it has none itself."""
    facts, own = step.facts, step.item.stage or stage
    return {
        "id": step.id,
        "title": step.item.title,
        "stage": own,
        "line": step.item.place.line,
        "state": step.state,
        "assignees": list(step.assignees),
        "ready": instant(step.ready),
        "due": instant(step.due),
        "first_due": instant(step.first_due),
        "done": instant(facts.done),
        "by": facts.by or None,
        "by_hand": by_hand(step.item),
        "by_agent": facts.by in agents,
        "proposer": facts.proposer or None,
        "proposed": _proposal_object(facts.proposed) if step.state not in CLOSED else None,
        "rejected": _said_object(facts.rejected),
        "attempt": facts.attempt,
        "overdue": step.overdue,
        "stalled": step.id in stalled,
        "substeps": [step_object(child, stalled, own, agents) for child in step.substeps],
    }


def item_object(item: Item, stage: str = "") -> Json:
    """Give a step of a process in the form of a run's."""
    own = item.stage or stage
    return {
        "id": item.id,
        "title": item.title,
        "stage": own,
        "line": item.place.line,
        "state": "waiting",
        "assignees": list(item.attributes.who),
        "ready": None,
        "due": None,
        "first_due": None,
        "done": None,
        "by": None,
        "by_hand": None,
        "by_agent": False,
        "proposer": None,
        "proposed": None,
        "rejected": None,
        "attempt": 1,
        "overdue": False,
        "stalled": False,
        "substeps": [item_object(child, own) for child in item.children],
    }


def assignment_object(task: Assignment, agents: frozenset[str] = frozenset()) -> Json:
    """Give a step with the run or project that it is in, and who is asked to confirm what an agent proposes."""
    known = frozenset({task.step.id}) if task.stalled else frozenset()
    return _holder_keys(task.kind, task.holder) | {
        "holder_title": task.holder_title,
        "step": step_object(task.step, known, "", agents),
        "confirmers": list(task.confirmers),
    }


def activity_object(entry: Activity, agents: frozenset[str] = frozenset()) -> Json:
    """Give an event with where it happened; `item` is null in the Log."""
    return _holder_keys(entry.kind, entry.holder) | {
        "time": instant(entry.time),
        "who": entry.who,
        "by_agent": entry.who in agents,
        "verb": entry.verb,
        "item": entry.item or None,
        "title": entry.title or entry.holder_title,
        "note": entry.note,
        "by_hand": entry.commit or None,
        "values": dict(entry.values),
    }


def finding_object(finding: Finding) -> Json:
    """Give a finding; `item` is null where the whole run has stalled."""
    return _holder_keys(finding.kind, finding.holder) | {
        "item": finding.item or None,
        "title": finding.title,
        "reasons": list(finding.reasons),
        "since": instant(finding.since),
        "assignees": list(finding.assignees),
        "next_in_line": finding.next_in_line or None,
    }


def task_object(task: PlannedTask) -> Json:
    """Give a task of a schedule."""
    return {
        "id": task.item.id,
        "title": task.item.title,
        "phase": task.phase,
        "state": task.state,
        "start": instant(task.start),
        "finish": instant(task.finish),
        "early_start": instant(task.early_start),
        "early_finish": instant(task.early_finish),
        "late_start": instant(task.late_start),
        "late_finish": instant(task.late_finish),
        "total_float_s": task.total_float_s,
        "free_float_s": task.free_float_s,
        "critical": task.critical,
        "assignees": list(task.assignees),
    }


def progress_object(progress: Progress) -> Json:
    """Give the counts of a run or project."""
    return {"done": progress.done, "skipped": progress.skipped, "na": progress.na, "total": progress.total}


def _said_object(event: Event | None) -> Json | None:
    return {"by": event.who, "at": instant(event.time), "note": event.note} if event else None


def _proposal_object(event: Event | None) -> Json | None:
    """Give what an agent proposes: to close the step as `done` or as `skipped`."""
    said = _said_object(event)
    return said | {"outcome": proposed_by(event)} if event and said else None


def instant(moment: datetime | None) -> str | None:
    """Give an instant as RFC 3339 in UTC and whole seconds, null where there is none."""
    if moment is None:
        return None
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat()[:19]}Z"


def _change_object(change: Difference) -> Json:
    return {"kind": change.kind, "name": change.name, "was": change.was, "now": change.now}


def _envelope(command: str, now: datetime) -> Json:
    return {"schema": f"{command}/1", "at": instant(now)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _holder_keys(kind: str, holder: str) -> Json:
    return {kind: holder}


def _id(state: RunState | ProjectState) -> str:
    return state.run.id if isinstance(state, RunState) else state.project.id
