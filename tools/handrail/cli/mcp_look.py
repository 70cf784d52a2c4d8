"""The tools of the MCP server that read. Each gives what `--json` gives; long lists are cut, and say so."""

from __future__ import annotations

from collections.abc import Iterable

from handrail.base.errors import WrongUsage
from handrail.cli.context import Context
from handrail.cli.mcp_tool import Argument, Given, Json, Tool
from handrail.model.process import Process
from handrail.model.state import ProjectState, RunState, StepState, walk_states
from handrail.reports import json_views as views
from handrail.reports.results import Overview
from handrail.reports.steps import agents_in, current_stage, next_step

_LIMIT = Argument("limit", "So many at most (50 where you say nothing).", "number")
_NAME = Argument("name", "A run or project: its id, or any part of it that fits just one.")
KINDS = ("processes", "runs", "projects")


def status(context: Context, given: Given) -> Json:
    """Give how the active runs and projects stand."""
    overview = context.brief()
    runs = [one for one in overview.runs.values() if one.state == "active"]
    projects = [one for one in overview.projects.values() if one.state == "active"]
    return (
        _envelope("status", context)
        | _cut("runs", [_run(overview, one) for one in _newest(runs)], given)
        | _cut("projects", [_project(overview, one) for one in projects], given)
        | {"stalled": len(overview.findings), "unshared": context.unshared()}
    )


def list_(context: Context, given: Given) -> Json:
    """Give processes, runs or projects."""
    what = given.text("what")
    if what not in KINDS:
        raise WrongUsage(f"`{what[:80]}` cannot be listed.", f"`what` is one of {', '.join(KINDS)}.")
    overview, everything = context.brief(), given.flag("all")
    if what == "processes":
        processes = overview.workspace.processes.values()
        return _envelope("list", context) | _cut(
            what, [views.process_summary(overview, one) for one in processes], given
        )
    if what == "projects":
        projects = [one for one in overview.projects.values() if everything or one.state == "active"]
        return _envelope("list", context) | _cut(what, [_project(overview, one) for one in projects], given)
    only = context.find(given.text("process"), "process").id if given.text("process") else ""
    known = overview.all_runs() if everything else overview.runs
    runs = [one for one in known.values() if only in ("", one.run.process) and (everything or one.state == "active")]
    return _envelope("list", context) | _cut(what, [_run(overview, one) for one in _newest(runs)], given)


def show(context: Context, given: Given) -> Json:
    """Give one run, project or process whole, or one step with its instruction."""
    found, step = context.find(given.text("name")), given.text("step")
    overview = context.overview()
    if found.kind == "process":
        process = overview.workspace.processes.get(found.id)
        if process is None:
            raise _unreadable(found.id)
        if step:
            raise WrongUsage(f"`{found.id}` is a process.", "Only steps of runs can be shown; name a run.")
        return views.show_process_view(process, context.now) | _about(process)
    run, project = overview.runs.get(found.id), overview.projects.get(found.id)
    if run is not None:
        if step:
            return _step(context, overview, run, step)
        return views.show_run_view(overview, run) | {"fields": dict(run.fields)}
    if project is not None:
        return _step(context, overview, project, step) if step else views.show_project_view(overview, project)
    raise _unreadable(found.id)


def mine(context: Context, given: Given) -> Json:
    """Give what waits for somebody."""
    from handrail.cli.look import known_person
    from handrail.reports.work import work_of

    overview = context.brief()
    person = known_person(context, given.text("person")) if given.text("person") else context.who()
    return views.mine_view(overview, work_of(overview, person))


def next_(context: Context, given: Given) -> Json:
    """Give what can be done now."""
    from handrail.reports.work import coming_next

    holder = context.find(given.text("name"), "run", "project").id if given.text("name") else ""
    overview = context.brief()
    view = views.next_view(overview, coming_next(overview, holder))
    return view | _cut("items", view["items"], given)


def stalled(context: Context, given: Given) -> Json:
    """Give what has stalled."""
    holder = context.find(given.text("name"), "run", "project").id if given.text("name") else ""
    overview = context.brief()
    found = [one for one in overview.findings.found if holder in ("", one.holder)]
    most = given.number("limit", 50)
    view = views.stalled_view(overview, [one.make() for one in found[:most]])
    return view | {"left_off": max(0, len(found) - most)}


def log(context: Context, given: Given) -> Json:
    """Give what happened, newest first."""
    from handrail.reports.activity import activity

    holder = context.find(given.text("name"), "run", "project").id if given.text("name") else ""
    person, most = given.text("person").lstrip("@"), given.number("limit", 50)
    entries = activity(context.workspace, holder=holder, person=person, limit=most)
    return views.log_view(context.now, entries, agents_in(context.config))


def project_plan(context: Context, given: Given) -> Json:
    """Give a project's schedule."""
    found = context.find(given.text("project"), "project").id
    plan = context.overview().plans.get(found)
    if plan is None:
        raise _unreadable(found)
    return views.project_plan_view(plan, context.now)


def project_report(context: Context, given: Given) -> Json:
    """Give how a project stands, or all of them."""
    from handrail.reports.manage import report
    from handrail.reports.project_views import portfolio_view, report_view

    names = [context.find(given.text("project"), "project").id] if given.text("project") else []
    overview = context.overview()
    wanted = names or [key for key, one in overview.projects.items() if one.state == "active"]
    found = [one for one in (report(overview, name) for name in wanted) if one is not None]
    if names and not found:
        raise _unreadable(names[0])
    return report_view(overview, found[0]) if names else portfolio_view(overview, found)


def lint(context: Context, given: Given) -> Json:
    """Give what is wrong in the files."""
    from handrail.app.lint import lint_workspace
    from handrail.cli.lint import problem_object

    problems = lint_workspace(context.root, context.workspace, (), now=context.now, keep=context.repository.keep)
    return _envelope("lint", context) | _cut("problems", [problem_object(one) for one in problems], given)


TOOLS: tuple[Tool, ...] = (
    Tool("status", "How all active runs and projects stand: progress, next step, due date.", (_LIMIT,), status),
    Tool(
        "list",
        "List processes (procedures that can be started), runs, or projects.",
        (
            Argument("what", "processes, runs or projects", required=True),
            Argument("process", "Only runs of this process."),
            Argument("all", "Finished and cancelled ones too.", "flag"),
            _LIMIT,
        ),
        list_,
    ),
    Tool(
        "show",
        "One run, project or process whole: its steps, their ids, states, people and dates. With `step`, what the "
        "procedure says about that step; read it before you do the step.",
        (Argument("name", "A run, project or process.", required=True), Argument("step", "A step's id.")),
        show,
    ),
    Tool("mine", "What waits for a person or agent: now, next, finished.", (Argument("person", "Else you."),), mine),
    Tool("next", "What can be done now, by whom, worst first.", (_NAME, _LIMIT), next_),
    Tool("stalled", "What has stalled, since when, why, and whom to ask.", (_NAME, _LIMIT), stalled),
    Tool("log", "What happened, newest first.", (_NAME, Argument("person", "Only what they did."), _LIMIT), log),
    Tool(
        "project_plan",
        "A project's schedule: when each task can happen, and what it may slip.",
        (Argument("project", "A project.", required=True),),
        project_plan,
    ),
    Tool(
        "project_report",
        "How a project stands: colour and reasons, risks, slips, what to do next. Without a project, all of them.",
        (Argument("project", "A project."),),
        project_report,
    ),
    Tool("lint", "What is wrong in the files of the workspace, with path and line.", (_LIMIT,), lint),
)


def _envelope(command: str, context: Context) -> Json:
    return {"schema": f"{command}/1", "at": views.instant(context.now)}


def _cut(key: str, entries: list[Json], given: Given) -> Json:
    most = given.number("limit", 50)
    left = len(entries) - most
    return {key: entries[:most]} | ({f"{key}_left_off": left} if left > 0 else {})


def _newest(runs: Iterable[RunState]) -> list[RunState]:
    return sorted(runs, key=lambda one: (one.run.started, one.run.id), reverse=True)


def _run(overview: Overview, state: RunState) -> Json:
    """Give a run without its steps, and the step that it stands at."""
    found = views.run_object(state, {})
    del found["steps"], found["revision"]
    return found | {"overdue": state.overdue, "stage": current_stage(state), "next": next_object(state)}


def _project(overview: Overview, state: ProjectState) -> Json:
    found = views.project_object(overview, state, {})
    del found["tasks"]
    return found | {"next": next_object(state)}


def next_object(state: RunState | ProjectState) -> Json | None:
    """Give the step that a run or project stands at, in few words."""
    step = next_step(state)
    if step is None:
        return None
    return {
        "id": step.id,
        "title": step.item.title,
        "state": step.state,
        "assignees": list(step.assignees),
        "due": views.instant(step.due),
    }


def _step(context: Context, overview: Overview, state: RunState | ProjectState, name: str) -> Json:
    from handrail.cli.look import instruction

    holder = state.run if isinstance(state, RunState) else state.project
    wanted = context.find_step(holder, name).id
    step: StepState = next(one for one in walk_states(state.steps) if one.id == wanted)
    text = instruction(overview, state.run, wanted) if isinstance(state, RunState) else step.item.body
    return views.show_step_view(overview, state, step, text) | {"needs": _needs(step)}


def _needs(step: StepState) -> Json:
    """Give what the step asks for before it can be finished."""
    said = step.item.attributes
    return {"fields": list(said.ask), "proof": list(said.proof), "approval": said.approval, "not_by": list(said.not_by)}


def _about(process: Process) -> Json:
    """Give what a start of the process asks for."""
    keys = ("name", "type", "required", "choices", "default")
    fields = [{key: getattr(one, key) for key in keys} for one in process.fields]
    roles = {name: list(people) for name, people in process.roles.items()}
    return {"title": process.title, "owner": process.owner, "fields": fields, "roles": roles, "agents": process.agents}


def _unreadable(name: str) -> WrongUsage:
    return WrongUsage(f"`{name}` cannot be read.", "The tool `lint` says why.")
