"""`mine`, `next` and `log` on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.cli.paint import Cell, Column, Paint
from handrail.cli.show_parts import Look, blocks, look_at
from handrail.model.state import StepState
from handrail.reports.results import Activity, Assignment, Overview, Work
from handrail.reports.way import way_on

_TASK_COLUMNS = (Column(), Column(22), Column(12, most=36), Column(6, most=18), Column(most=30))
_LOG_COLUMNS = (Column(), Column(6, most=20), Column(), Column(16), Column(10), Column(10))
_MOST_FINISHED = 5


def mine_text(overview: Overview, paint: Paint, work: Work, *, is_me: bool) -> str:
    """Show what one person has to do now, what comes next, and what they finished lately."""
    look = look_at(overview, paint)
    name = "You have" if is_me else f"{overview.workspace.config.person(work.person).shown} has"
    if not (work.now or work.coming):
        nothing = look.paint.cell(f"{name} nothing to do.").text
        hint = "Everything that somebody can act on: handrail next"
        return blocks([nothing, hint], _finished(work, look))
    now = _tasks(overview, work.now, look, f"{name} to do", with_people=False) or [f"{name} nothing to do now."]
    return blocks(now, _tasks(overview, work.coming, look, "Coming", with_people=False), _finished(work, look))


def next_text(overview: Overview, paint: Paint, tasks: Sequence[Assignment], hidden: int) -> str:
    """Show what somebody can act on now, worst first."""
    look = look_at(overview, paint)
    if not tasks:
        return "Nothing to do next. Every run: handrail status"
    lines = _tasks(overview, tasks, look, "Next", with_people=True)
    if hidden:
        lines.append(look.paint.line(look.paint.cell(f"and {hidden} more: handrail next --all", dim=True), indent=5))
    return "\n".join(lines)


def log_text(overview: Overview, paint: Paint, entries: Sequence[Activity], *, one: bool) -> str:
    """Show events, newest first; `one` where all are of one run or project, whose name is then left out."""
    look = look_at(overview, paint)
    if not entries:
        return "Nothing has happened yet."
    rows = [_log_row(entry, look, one) for entry in entries]
    return "\n".join(look.paint.table(rows, _LOG_COLUMNS, indent=0))


def _tasks(
    overview: Overview, tasks: Sequence[Assignment], look: Look, heading: str, *, with_people: bool
) -> list[str]:
    if not tasks:
        return []
    rows = look.paint.table([_task_row(task, look, with_people) for task in tasks], _TASK_COLUMNS)
    lines = [line for row, task in zip(rows, tasks, strict=True) for line in (row, *_remarks(overview, task, look))]
    return [look.paint.heading(heading, str(len(tasks))), *lines]


def _remarks(overview: Overview, task: Assignment, look: Look) -> list[str]:
    """Give what stands beneath a task: why it was sent back, what waits for a person, the run that finishes it."""
    proposed = task.step.facts.proposed
    said = look.sent_back(task.step) or look.proposal(task.step)
    said += f": {proposed.note}" if proposed and proposed.note and not task.step.facts.rejected else ""
    found = [look.paint.cell(said, fg="yellow")] if said else []
    state = overview.runs.get(task.holder) if task.kind == "run" else None
    if state and task.step.item.attributes.run and (way := way_on(overview, state, task.step)):
        found.append(look.paint.cell(f"{way.said}: {way.command}", dim=True))
    return [look.paint.line(cell, indent=5) for cell in found]


def _task_row(task: Assignment, look: Look, with_people: bool) -> tuple[Cell, ...]:
    return (
        look.mark(task.step.state),
        look.title(task.step.item.title),
        look.title(task.holder_title, dim=True),
        look.asked(task.confirmers, task.step, "nobody") if with_people else Cell(""),
        _when(task, look),
    )


def _when(task: Assignment, look: Look) -> Cell:
    step: StepState = task.step
    if step.state == "blocked":
        until = step.facts.blocked_until
        return look.paint.cell(f"blocked until {until}" if until else "blocked", fg="yellow")
    if step.due is not None:
        return look.due(step)
    if step.state == "waiting" and step.waits_for:
        return look.paint.cell(f"after {', '.join(step.waits_for[:2])}", dim=True)
    if step.wait_until is not None:
        return look.paint.cell(f"from {look.clock.when(step.wait_until)}", dim=True)
    begun = step.facts.started if step.state == "doing" else step.ready
    return look.paint.cell(look.clock.since(begun), dim=True) if begun else Cell("")


def _finished(work: Work, look: Look) -> list[str]:
    if not work.finished:
        return []
    rows = [
        (
            look.mark("skipped" if entry.verb == "skipped" else "done"),
            look.title(entry.title or entry.holder_title),
            look.title(entry.holder_title, dim=True),
            Cell(""),
            look.paint.cell(look.clock.ago(entry.time), dim=True),
        )
        for entry in work.finished[:_MOST_FINISHED]
    ]
    return [look.paint.heading("Finished lately", str(len(work.finished))), *look.paint.table(rows, _TASK_COLUMNS)]


def _log_row(entry: Activity, look: Look, one: bool) -> tuple[Cell, ...]:
    values = " ".join(f"{key}={value}" for key, value in entry.values if key != "sha256")
    style = {"done": "green", "approved": "green", "rejected": "red", "blocked": "yellow"}.get(entry.verb, "")
    return (
        look.paint.cell(look.clock.ago(entry.time), dim=True),
        look.who([entry.who]),
        look.paint.cell(entry.verb, **({"fg": style} if style else {})),
        look.title(entry.title)
        if entry.item
        else look.paint.cell("the run" if entry.kind == "run" else "the project", dim=True),
        Cell("") if one else look.title(entry.holder_title, dim=True),
        look.paint.cell(" ".join(part for part in (entry.note, values) if part), dim=True),
    )
