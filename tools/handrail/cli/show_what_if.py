"""`project what-if` on a terminal: people first, then the end, then every task that moves."""

from __future__ import annotations

from handrail.cli.paint import Cell, Column, Paint
from handrail.cli.show_parts import Look, blocks, look_at
from handrail.reports.control import days_words, money_words
from handrail.reports.results import PlannedTask
from handrail.reports.what_if import Difference, Moved, Shift

_MOST = 20


def what_if_text(found: Difference, paint: Paint) -> str:
    """Show what a set of changes would do."""
    look = look_at(found.before, paint)
    return blocks(
        _head(found, look),
        _titled(
            "Who gets more, who less (hours in six weeks; fullest week)",
            [_shift(one, look) for one in found.shifts],
            look,
        ),
        _titled("Deadlines that would be missed", [_task(task, look) for task in found.missed], look),
        _titled("Deadlines that would be met again", [_task(task, look) for task in found.saved], look),
        _moved(found, look),
        [paint.line(paint.cell("Nothing was written.", dim=True))],
    )


def _head(found: Difference, look: Look) -> list[str]:
    project = found.before.workspace.projects[found.project]
    first, last = found.before.plans[found.project].finish, found.after.plans[found.project].finish
    lines = [look.paint.line(look.title(project.title, bold=True))]
    if first and last:
        same = abs(found.days) < 0.05
        told = "as before" if same else f"{days_words(found.days)} {'later' if found.days > 0 else 'earlier'}"
        style: dict[str, object] = {} if same else {"fg": "red" if found.days > 0 else "green"}
        lines.append(
            look.paint.line(
                Cell(f"It would end {look.clock.day(last)},"),
                look.paint.cell(told, **style),
                look.paint.cell(f"(now {look.clock.day(first)})", dim=True),
                gap=" ",
            )
        )
    if abs(found.cost) >= 0.5:
        more = "more" if found.cost > 0 else "less"
        lines.append(look.paint.line(Cell(f"It would cost {money_words(abs(found.cost), project.currency)} {more}.")))
    return lines


def _titled(title: str, lines: list[str], look: Look) -> list[str]:
    return [look.paint.heading(title), *lines] if lines else []


def _shift(one: Shift, look: Look) -> str:
    more = one.after - one.before
    sign = "+" if more > 0 else "−"
    hours = look.paint.cell(f"{sign}{abs(more):.0f} h", fg="red" if more > 0 else "green")
    full = one.peak_after > 1.005
    peak = look.paint.cell(
        f"{one.peak_before:.0%} → {one.peak_after:.0%}", **({"fg": "red", "bold": True} if full else {})
    )
    return look.paint.line(look.who((one.person,)), hours, peak, indent=2)


def _task(task: PlannedTask, look: Look) -> str:
    due = look.clock.day(task.deadline) if task.deadline else ""
    return look.paint.line(
        look.title(task.item.title), Cell(f"due {due}, ends {look.clock.day(task.finish)}"), indent=2
    )


def _moved(found: Difference, look: Look) -> list[str]:
    rows = [_row(one, look) for one in found.moved[:_MOST]]
    rows += [(look.title(task.item.title), Cell(""), Cell("dropped"), Cell("")) for task in found.dropped]
    if not rows:
        return []
    lines = look.paint.table(rows, (Column(16), Column(), Column(), Column()))
    left = len(found.moved) - _MOST
    more = [look.paint.line(look.paint.cell(f"and {left} more", dim=True), indent=2)] if left > 0 else []
    return [look.paint.heading("Whose dates move"), *lines, *more]


def _row(one: Moved, look: Look) -> tuple[Cell, ...]:
    days = f"{'+' if one.days > 0 else '−'}{days_words(one.days)}" if abs(one.days) >= 0.05 else "starts otherwise"
    colour = "red" if one.days > 0 else "green"
    ends = f"ends {look.clock.day(one.after.finish)}"
    return (
        look.title(one.after.item.title),
        look.who(one.after.assignees),
        look.paint.cell(days, fg=colour),
        Cell(ends),
    )
