"""`status` and `list` on a terminal: what needs attention, what runs, how projects stand."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.base.words import count
from handrail.cli.paint import Cell, Column, Paint
from handrail.cli.show_parts import Look, blocks, look_at
from handrail.cli.show_stalled import finding_lines
from handrail.model.process import Process
from handrail.model.state import CLOSED, ProjectState, RunState
from handrail.reports.results import Overview, PlannedTask
from handrail.reports.steps import confirmers, current_stage, next_step
from handrail.rules.begin import start_command

_WIDE = 100
"""From here on a run takes one line, below it two."""
_MOST_FINDINGS = 5
_MOST_RUNS = 10
_RUN_COLUMNS = (Column(16), Column(9, most=20), Column(), Column(right=True), Column(18), Column(6, most=18), Column())


def status_text(overview: Overview, paint: Paint, *, everything: bool = False) -> str:
    """Show what needs attention, the active runs by process, and the active projects."""
    look = look_at(overview, paint)
    runs = [state for state in overview.runs.values() if state.state == "active"]
    projects = [state for state in overview.projects.values() if state.state == "active"]
    if not runs and not projects:
        return blocks([_title_line(overview, look, 0, 0)], nothing_yet(overview, look))
    return blocks(
        [_title_line(overview, look, len(runs), len(projects))],
        _attention(overview, look, everything),
        *_runs_by_process(overview, runs, look, everything),
        _projects(overview, projects, look),
    )


def nothing_yet(overview: Overview, look: Look) -> list[str]:
    """Say what to do where nothing is going on."""
    processes = [process for process in overview.workspace.processes.values() if process.status != "retired"]
    if not processes:
        return [
            "No processes yet. Take a checklist that you have, or write one:",
            "  handrail adopt CHECKLIST.md",
            '  handrail new process "Customer onboarding"',
        ]
    finished = len(overview.runs)
    first = "No active runs." if finished else "No runs yet."
    lines = [f"{first} Start one:"]
    lines += [look.paint.line(look.paint.cell(start_command(process)), indent=2) for process in processes[:5]]
    if len(processes) > 5:
        lines.append(
            f"  … and {len(processes) - 5} more: handrail list processes"
            if look.paint.unicode
            else "  handrail list processes"
        )
    if finished:
        lines.append(f"{count(finished, 'run')} finished: handrail list --all")
    return lines


def list_text(
    overview: Overview,
    paint: Paint,
    *,
    processes: Sequence[Process],
    runs: Sequence[RunState],
    projects: Sequence[ProjectState],
) -> str:
    """List processes, runs and projects, each kind in its own block."""
    look = look_at(overview, paint)
    return blocks(_process_list(overview, processes, look), _run_list(runs, look), _projects(overview, projects, look))


def _title_line(overview: Overview, look: Look, runs: int, projects: int) -> str:
    parts = [count(runs, "active run"), *([count(projects, "project")] if projects else [])]
    if overview.findings:
        found = len(overview.findings)
        parts.append(f"{found} {'needs' if found == 1 else 'need'} attention")
    dot = f" {look.paint.sign('dot')} "
    now = look.clock.now
    aside = dot.join([f"{look.clock.day(now)} {look.clock.time(now)}", *parts])
    return look.paint.heading(overview.workspace.config.title, aside)


def _attention(overview: Overview, look: Look, everything: bool) -> list[str]:
    if not overview.findings:
        return []
    shown = overview.findings if everything else overview.findings[:_MOST_FINDINGS]
    lines = [look.paint.heading("Needs attention")]
    for finding in shown:
        lines += finding_lines(finding, look)
    hidden = len(overview.findings) - len(shown)
    if hidden:
        lines.append(look.paint.line(look.paint.cell(f"and {hidden} more: handrail stalled", dim=True), indent=4))
    return lines


def _runs_by_process(overview: Overview, runs: Sequence[RunState], look: Look, everything: bool) -> list[list[str]]:
    groups: dict[str, list[RunState]] = {}
    for state in sorted(runs, key=lambda state: state.run.process):
        groups.setdefault(state.run.process, []).append(state)
    return [_group(overview, process, states, look, everything) for process, states in groups.items()]


def _group(overview: Overview, process: str, states: Sequence[RunState], look: Look, everything: bool) -> list[str]:
    """Give the runs of a process, the most urgent first; of many only these, unless all are wanted."""
    known = overview.workspace.processes.get(process)
    heading = look.paint.heading(known.title if known else process, f"{process} {look.paint.sign('dot')} {len(states)}")
    ordered = sorted(states, key=lambda state: _urgency(state, look))
    shown = ordered if everything else ordered[:_MOST_RUNS]
    if look.paint.width >= _WIDE:
        lines = look.paint.table([_run_row(state, look) for state in shown], _RUN_COLUMNS)
    else:
        lines = _two_line_rows(shown, look)
    hidden = len(states) - len(shown)
    if hidden:
        hint = look.paint.cell(f"and {hidden} more: handrail list runs --process {process}", dim=True)
        lines.append(look.paint.line(hint, indent=2))
    return [heading, *lines]


def _urgency(state: RunState, look: Look) -> tuple[bool, bool, float, str]:
    """Order by the next step's due time, or the run's; what has none comes last, in the order of names."""
    step = next_step(state)
    due = (step.due if step else None) or state.due
    late = bool(step and step.overdue) or state.overdue
    return (not late, due is None, (due - look.clock.now).total_seconds() if due else 0.0, state.run.id)


def _run_row(state: RunState, look: Look) -> tuple[Cell, ...]:
    step = next_step(state)
    return (
        look.title(state.run.title),
        look.title(current_stage(state), dim=True) if current_stage(state) else Cell(""),
        look.bar(state.progress),
        look.count(state.progress),
        look.title(step.item.title) if step else Cell(""),
        look.asked(confirmers(state, step, look.workspace), step, "nobody") if step else Cell(""),
        look.due(step) if step and step.due else _run_due(state, look),
    )


def _run_due(state: RunState, look: Look) -> Cell:
    if state.due is None:
        return Cell("")
    if state.overdue:
        return look.paint.cell(look.clock.until(state.due), fg="red", bold=True)
    return look.paint.cell(f"run due {look.clock.until(state.due)}", dim=True)


def _two_line_rows(states: Sequence[RunState], look: Look) -> list[str]:
    """Give two lines a run: title and progress, then stage, next step, who has it and when it is due."""
    rows: list[tuple[Cell, ...]] = []
    for state in states:
        rows.append((look.title(state.run.title), _bar_and_count(state, look), _run_due(state, look)))
        step = next_step(state)
        stage = current_stage(state)
        where = f"{stage} {look.paint.sign('deeper')} " if stage else ""
        title = f"  {look.title(where).text} {look.title(step.item.title).text}" if where and step else ""
        plain_title = f"  {look.title(step.item.title).text}" if step else "  all steps are finished"
        who = look.asked(confirmers(state, step, look.workspace), step, "nobody") if step else Cell("")
        rows.append((Cell(title or plain_title), who, look.due(step) if step else Cell("")))
    return look.paint.table(rows, (Column(20), Column(12), Column()))


def _bar_and_count(state: RunState | ProjectState, look: Look) -> Cell:
    return Cell(f"{look.bar(state.progress).text} {look.count(state.progress).text}", look.bar(state.progress).style)


def _projects(overview: Overview, projects: Sequence[ProjectState], look: Look) -> list[str]:
    if not projects:
        return []
    rows = [_project_row(overview, state, look) for state in projects]
    columns = (Column(14), Column(), Column(right=True), Column(12), Column(16))
    return [look.paint.heading("Projects"), *look.paint.table(rows, columns)]


def _project_row(overview: Overview, state: ProjectState, look: Look) -> tuple[Cell, ...]:
    plan = overview.plans.get(state.project.id)
    narrow = look.paint.width < _WIDE
    if state.state != "active":
        ending = f"{state.state} {look.clock.day(state.finished)}" if state.finished else state.state
        return (
            look.title(state.project.title),
            look.bar(state.progress),
            look.count(state.progress),
            Cell(ending),
            Cell(""),
        )
    late = bool(plan and plan.finish and state.project.target and plan.finish.date() > state.project.target)
    finish = f"ends {look.clock.date(plan.finish)}" if plan and plan.finish else "no dates"
    style = {"fg": "red"} if late else {}
    return (
        look.title(state.project.title),
        look.bar(state.progress, 6 if narrow else 10),
        look.count(state.progress),
        look.paint.cell(finish, **style),
        _milestone(next_milestone(plan.tasks) if plan else None, look),
    )


def next_milestone(tasks: Sequence[PlannedTask]) -> PlannedTask | None:
    """Give the milestone that comes first of those still to be reached."""
    ahead = [task for task in tasks if task.milestone and task.state not in CLOSED]
    return min(ahead, key=lambda task: task.finish, default=None)


def _milestone(task: PlannedTask | None, look: Look) -> Cell:
    if task is None:
        return Cell("")
    sign = look.paint.sign("milestone")
    return look.paint.cell(f"{sign} {look.clock.date(task.finish)} {look.title(task.item.title).text}")


def _process_list(overview: Overview, processes: Sequence[Process], look: Look) -> list[str]:
    if not processes:
        return []
    rows = []
    for process in processes:
        runs = overview.runs_of(process.id)
        active = sum(run.state == "active" for run in runs)
        steps = f"{active} active, {count(len(runs), 'run')}" if runs else "no runs"
        mark = "" if process.status == "effective" else process.status
        rows.append(
            (
                look.paint.cell(process.id, bold=True),
                look.title(process.title),
                look.paint.cell(steps, dim=not active),
                look.who([process.owner] if process.owner else []),
                look.paint.cell(mark, fg="yellow"),
            )
        )
    columns = (Column(16), Column(16), Column(10), Column(6), Column())
    return [look.paint.heading("Processes"), *look.paint.table(rows, columns)]


def _run_list(runs: Sequence[RunState], look: Look) -> list[str]:
    if not runs:
        return []
    rows = []
    for state in runs:
        step = next_step(state)
        ended = f"{state.state} {look.clock.day(state.finished)}" if state.finished else state.state
        rows.append(
            (
                look.mark("doing" if state.state == "active" else state.state),
                look.paint.cell(state.run.id.rsplit("/", 1)[-1], bold=state.state == "active"),
                look.paint.cell(state.run.process, dim=True),
                look.count(state.progress),
                look.title(step.item.title) if step else look.paint.cell(ended, dim=True),
                look.who(step.assignees, "nobody") if step else Cell(""),
                look.due(step) if step and step.due else _run_due(state, look) if step else Cell(""),
            )
        )
    columns = (Column(), Column(18), Column(8), Column(right=True), Column(10), Column(6), Column())
    return [look.paint.heading("Runs"), *look.paint.table(rows, columns)]
