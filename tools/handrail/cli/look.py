# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""The commands that look: status, list, show, mine, next, log, stalled, and a project's plan."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from handrail.base.errors import WrongUsage

if TYPE_CHECKING:
    from handrail.cli.context import Context
    from handrail.model.run import Run
    from handrail.model.state import ProjectState, RunState, StepState
    from handrail.reports.results import Overview

as_json = click.option("--json", "json_wanted", is_flag=True, help="Print one JSON object (schema in the docs).")
KINDS = ("processes", "runs", "projects")
_MOST_NEXT = 15
_MOST_LOG = 30


def say(text: str) -> None:
    """Print a view; what the terminal's encoding does not know becomes a question mark."""
    encoding = _encoding()
    click.echo(text.encode(encoding, "replace").decode(encoding))


def say_json(view: Mapping[str, Any]) -> None:
    """Print a JSON object."""
    click.echo(json.dumps(view, ensure_ascii=not _encoding().startswith("utf"), indent=2))


def say_unshared(obj: Context) -> None:
    """Say how many changes are saved in this clone only, where there are some."""
    waiting = obj.unshared()
    if waiting:
        from handrail.base.words import count

        say(f"\n{count(waiting, 'change')} saved here, not shared: handrail sync")


def _encoding() -> str:
    return (getattr(sys.stdout, "encoding", "") or "utf-8").lower()


@click.command()
@click.option("--all", "everything", is_flag=True, help="Leave nothing out of long lists.")
@as_json
@click.pass_obj
def status(obj: Context, everything: bool, json_wanted: bool) -> None:
    """Show how all runs and projects stand.

    \b
    Example:
      handrail status
    """
    overview = obj.brief()
    if json_wanted:
        from handrail.reports.json_views import status_view

        return say_json(status_view(overview) | {"unshared": obj.unshared()})
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_status import status_text

    say(status_text(overview, paint_for_terminal(), everything=everything))
    return say_unshared(obj)


@click.command(name="list")
@click.argument("what", type=click.Choice(KINDS), required=False)
@click.option("--all", "everything", is_flag=True, help="Finished and cancelled ones too.")
@click.option("--process", "process", metavar="PROCESS", help="Only runs of this process.")
@as_json
@click.pass_obj
def list_(obj: Context, what: str | None, everything: bool, process: str | None, json_wanted: bool) -> None:
    """List processes, runs and projects.

    \b
    Example:
      handrail list runs --process customer-onboarding
    """
    overview = obj.brief()
    kinds = (what,) if what else ("runs",) if process else KINDS
    only = obj.find(process, "process").id if process else ""
    states = ("active", "done", "cancelled") if everything else ("active",)
    known = overview.all_runs() if everything else overview.runs
    runs = [one for one in known.values() if one.state in states and only in ("", one.run.process)]
    projects = [one for one in overview.projects.values() if one.state in states]
    found: dict[str, list[Any]] = {
        "processes": list(overview.workspace.processes.values()) if "processes" in kinds else [],
        "runs": sorted(runs, key=lambda one: one.run.started, reverse=True) if "runs" in kinds else [],
        "projects": projects if "projects" in kinds else [],
    }
    if json_wanted:
        from handrail.reports.json_views import list_view

        return say_json(list_view(overview, **found))
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_parts import look_at
    from handrail.cli.show_status import list_text, nothing_yet

    paint = paint_for_terminal()
    empty = "\n".join(nothing_yet(overview, look_at(overview, paint)))
    return say(list_text(overview, paint, **found) or empty)


@click.command()
@click.argument("name", metavar="RUN|PROJECT|PROCESS")
@click.argument("step", required=False)
@as_json
@click.pass_obj
def show(obj: Context, name: str, step: str | None, json_wanted: bool) -> None:
    """Show one run, project or process; with STEP, what that step says.

    \b
    Example:
      handrail show ada
      handrail show ada signed
    """
    found = obj.find(name)
    overview = obj.overview()
    if found.kind == "process":
        return _show_process(overview, found.id, step, json_wanted)
    states: Mapping[str, RunState | ProjectState] = overview.runs if found.kind == "run" else overview.projects
    state = states.get(found.id)
    if state is None:
        raise _unreadable(found.id)
    return _show_step(obj, overview, state, step, json_wanted) if step else _show_whole(overview, state, json_wanted)


@click.command()
@click.argument("person", required=False)
@click.option("--all", "everything", is_flag=True, help="Not only the first fifty.")
@as_json
@click.pass_obj
def mine(obj: Context, person: str | None, everything: bool, json_wanted: bool) -> None:
    """Show what waits for you, or for PERSON.

    \b
    Example:
      handrail mine
      handrail mine ana
    """
    from handrail.reports.work import work_of

    key = known_person(obj, person) if person else obj.who()
    overview = obj.brief_for(key)
    work = work_of(overview, key)
    if json_wanted:
        from handrail.reports.json_views import mine_view

        return say_json(mine_view(overview, work) | {"unshared": obj.unshared()})
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_work import mine_text

    say(mine_text(overview, paint_for_terminal(), work, is_me=person is None, everything=everything))
    return say_unshared(obj)


@click.command(name="next")
@click.argument("name", metavar="[RUN|PROJECT]", required=False)
@click.option("--all", "everything", is_flag=True, help="Not only the first fifteen.")
@as_json
@click.pass_obj
def next_(obj: Context, name: str | None, everything: bool, json_wanted: bool) -> None:
    """Show what can be done next, by whom, worst first.

    \b
    Example:
      handrail next
      handrail next ada
    """
    from handrail.reports.work import coming_next

    holder = obj.find(name, "run", "project").id if name else ""
    overview = obj.brief()
    tasks = coming_next(overview, holder)
    if json_wanted:
        from handrail.reports.json_views import next_view

        return say_json(next_view(overview, tasks))
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_work import next_text

    shown = tasks if everything else tasks[:_MOST_NEXT]
    return say(next_text(overview, paint_for_terminal(), shown, len(tasks) - len(shown)))


@click.command()
@click.argument("name", metavar="[RUN|PROJECT]", required=False)
@click.option("-n", "--number", "limit", type=click.IntRange(min=0), default=None, help="So many events; 0: all.")
@click.option("--by", "person", metavar="PERSON", default="", help="Only what this person did.")
@as_json
@click.pass_obj
def log(obj: Context, name: str | None, limit: int | None, person: str, json_wanted: bool) -> None:
    """Show who did what, newest first.

    \b
    Example:
      handrail log
      handrail log ada -n 5
    """
    from handrail.reports.activity import activity

    holder = obj.find(name, "run", "project").id if name else ""
    many = (0 if name or json_wanted else _MOST_LOG) if limit is None else limit
    entries = activity(obj.workspace, holder=holder, person=person.lstrip("@"), limit=many)
    if json_wanted:
        from handrail.reports.json_views import log_view
        from handrail.reports.steps import agents_in

        return say_json(log_view(obj.now, entries, agents_in(obj.config)))
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_work import log_text

    return say(log_text(obj.overview(), paint_for_terminal(), entries, one=bool(name)))


@click.command()
@click.argument("name", metavar="PROJECT")
@as_json
@click.pass_obj
def plan(obj: Context, name: str, json_wanted: bool) -> None:
    """Show a project's schedule: when each task can happen and what it may slip.

    \b
    Example:
      handrail project plan spring-campaign
    """
    found = obj.find(name, "project")
    overview = obj.overview()
    planned = overview.plans.get(found.id)
    if planned is None:
        raise _unreadable(found.id)
    if json_wanted:
        from handrail.reports.json_views import project_plan_view

        return say_json(project_plan_view(planned, overview.moment.now))
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_plan import plan_text

    return say(plan_text(overview, paint_for_terminal(), planned))


def _show_process(overview: Overview, process_id: str, step: str | None, json_wanted: bool) -> None:
    process = overview.workspace.processes.get(process_id)
    if process is None:
        raise _unreadable(process_id)
    if step:
        raise WrongUsage(
            f"`{process_id}` is a process; only steps of runs can be shown.", f"handrail show {process_id}"
        )
    if json_wanted:
        from handrail.reports.json_views import show_process_view

        return say_json(show_process_view(process, overview.moment.now))
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_run import process_text

    return say(process_text(overview, paint_for_terminal(), process))


def _show_whole(overview: Overview, state: RunState | ProjectState, json_wanted: bool) -> None:
    from handrail.model.state import RunState

    if json_wanted:
        from handrail.reports.json_views import show_project_view, show_run_view

        if isinstance(state, RunState):
            return say_json(show_run_view(overview, state))
        return say_json(show_project_view(overview, state))
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_run import project_text, run_text

    paint = paint_for_terminal()
    if isinstance(state, RunState):
        return say(run_text(overview, paint, state))
    return say(project_text(overview, paint, state))


def _show_step(obj: Context, overview: Overview, state: RunState | ProjectState, name: str, json_wanted: bool) -> None:
    from handrail.model.state import RunState, walk_states

    holder = state.run if isinstance(state, RunState) else state.project
    wanted = obj.find_step(holder, name).id
    step: StepState = next(one for one in walk_states(state.steps) if one.id == wanted)
    text = instruction(overview, state.run, wanted) if isinstance(state, RunState) else step.item.body
    if json_wanted:
        from handrail.reports.json_views import show_step_view

        return say_json(show_step_view(overview, state, step, text))
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.show_run import step_text

    return say(step_text(overview, paint_for_terminal(), state, step, text))


def instruction(overview: Overview, run: Run, step: str) -> str:
    """Give what the procedure that a run follows says about a step, as Markdown with the run's fields filled in."""
    from handrail.format.fill import fill
    from handrail.model.item import walk

    procedure = overview.workspace.procedure(run)
    found = next((item for item in walk(procedure.items) if item.id == step), None) if procedure else None
    if found is None:
        return ""
    return fill(found.body, dict(overview.runs[run.id].fields))


def known_person(obj: Context, text: str) -> str:
    """Give the person that a text means: a key, or somebody's name or a part of it that fits nobody else."""
    from handrail.base.words import did_you_mean
    from handrail.reports.work import people as everybody

    key = text.lstrip("@")
    people = obj.config.people
    if key in people:
        return key
    known = everybody(obj.overview())
    if key in known:
        return key
    fitting = [one.key for one in people.values() if key.casefold() in one.name.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    hint = f"{', '.join(fitting)}: which one?" if fitting else did_you_mean(key, known)
    hint = hint[:1].upper() + hint[1:]
    raise WrongUsage(f"There is nobody called `{key[:60]}` here.", hint)


def _unreadable(name: str) -> WrongUsage:
    return WrongUsage(f"`{name}` cannot be read.", "handrail lint says why")
