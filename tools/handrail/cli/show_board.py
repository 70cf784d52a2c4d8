"""`project board` on a terminal: columns side by side where there is room, one below the other where not."""

from __future__ import annotations

from itertools import zip_longest

from handrail.cli.paint import STATE_STYLES, Cell, Paint, width_of
from handrail.cli.show_parts import Look, blocks, look_at
from handrail.model.state import CLOSED
from handrail.reports.board import Board, Column
from handrail.reports.results import Overview, PlannedTask

_LEAST_WIDTH, _MOST_WIDTH = 20, 40
_GAP = 2
_MOST_DONE = 5


def board_text(overview: Overview, paint: Paint, found: Board, *, everything: bool = False) -> str:
    """Show the columns with what each holds and should hold; of finished tasks the newest."""
    look = look_at(overview, paint)
    title = look.title(overview.workspace.projects[found.project].title, bold=True)
    columns = [column for column in found.columns if column.tasks]
    if not columns:
        return blocks([paint.line(title)], [f"No {'open ' if found.done else ''}tasks."])
    width = (paint.width - _GAP * (len(columns) - 1)) // len(columns)
    parts = [_lines(column, look, min(max(width, _LEAST_WIDTH), 40), everything=everything) for column in columns]
    shown = (
        _beside(parts, min(width, 40)) if width >= _LEAST_WIDTH else [line for part in parts for line in (*part, "")]
    )
    over = [paint.style(f"{column.name} is over its limit", fg="yellow") for column in columns if column.over]
    done = [paint.line(paint.cell(f"{found.done} finished tasks are left out", dim=True))] if found.done else []
    return blocks([paint.line(title)], [line.rstrip() for line in shown], over, done)


def _lines(column: Column, look: Look, width: int, *, everything: bool) -> list[str]:
    paint = look.paint
    limit = f"/{column.limit}" if column.limit is not None else ""
    style: dict[str, object] = {"fg": "yellow", "bold": True} if column.over else {"bold": True}
    lines = [_fill(paint.cell(f"{column.name} {len(column.tasks)}{limit}", **style), width, paint)]
    finished = all(task.state in CLOSED for task in column.tasks)
    shown = column.tasks if everything or not finished else column.tasks[:_MOST_DONE]
    lines += [line for task in shown for line in _card(task, look, width)]
    left = len(column.tasks) - len(shown)
    return [*lines, _fill(paint.cell(f"and {left} more", dim=True), width, paint)] if left else lines


def _card(task: PlannedTask, look: Look, width: int) -> list[str]:
    paint = look.paint
    title = f"{paint.sign('milestone' if task.milestone else task.state)} {look.title(task.item.title).text}"
    lines = [_fill(Cell(title, tuple(STATE_STYLES[task.state].items())), width, paint)]
    who = " ".join(f"@{key}" for key in task.assignees)
    when = f"until {look.clock.date(task.finish)}" if task.state not in CLOSED else ""
    small = "  ".join(part for part in (who, when) if part)
    style: dict[str, object] = {"fg": "red"} if task.late and task.state not in CLOSED else {"dim": True}
    return [*lines, _fill(paint.cell(f"  {small}", **style), width, paint)] if small else lines


def _fill(cell: Cell, width: int, paint: Paint) -> str:
    text = paint.cut(cell.text, width)
    return paint.style(text, **dict(cell.style)) + " " * (width - width_of(text))


def _beside(parts: list[list[str]], width: int) -> list[str]:
    gap = " " * _GAP
    return [gap.join(lines) for lines in zip_longest(*parts, fillvalue=" " * width)]
