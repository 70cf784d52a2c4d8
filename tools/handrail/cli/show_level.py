"""`project level` on a terminal: where it is too much, what would wait, what that costs."""

from __future__ import annotations

from handrail.cli.paint import Cell, Column, Paint
from handrail.cli.show_parts import Look, blocks, look_at
from handrail.plan.slots import Overload
from handrail.reports.control import days_words
from handrail.reports.levelling import Delay, LevelledProject, Levelling
from handrail.reports.results import Overview

_MOST = 12


def level_text(overview: Overview, paint: Paint, found: Levelling, *, written: bool) -> str:
    """Show what levelling found."""
    look = look_at(overview, paint)
    if not found.overloads and not any(one.delays for one in found.projects):
        return blocks(["Nobody and nothing is used by more than there is."], _notes(found, look))
    parts = [_overloads("Too much at once", found.overloads, look)]
    parts += [_project(overview, one, look) for one in found.projects if one.delays]
    last = [] if written else [paint.line(paint.cell("Nothing was written; --write does.", dim=True))]
    return blocks(*parts, _overloads("Still too much", found.left, look), _notes(found, look), last)


def _overloads(title: str, spans: tuple[Overload, ...], look: Look) -> list[str]:
    if not spans:
        return []
    rows = [
        (
            look.paint.cell(span.resource, fg="blue"),
            Cell(f"{look.clock.day(span.start)} to {look.clock.day(span.finish)}"),
            look.paint.cell(f"{span.used:g} of {span.capacity:g}", fg="red"),
        )
        for span in spans[:_MOST]
    ]
    lines = look.paint.table(rows, (Column(8), Column(), Column()))
    more = [look.paint.line(look.paint.cell(f"and {len(spans) - _MOST} more", dim=True), indent=2)]
    return [look.paint.heading(title), *lines, *(more if len(spans) > _MOST else [])]


def _project(overview: Overview, one: LevelledProject, look: Look) -> list[str]:
    title = look.title(overview.workspace.projects[one.after.project].title, bold=True)
    end = look.clock.day(one.after.finish) if one.after.finish else ""
    moved = f"{days_words(one.days)} later" if one.days > 0.05 else "as before"
    head = look.paint.line(
        title, Cell(f"would end {end},"), look.paint.cell(moved, fg="red" if one.days > 0.05 else "green")
    )
    rows = [_row(delay, delay.after.item.id in one.not_before, look) for delay in one.delays[: 2 * _MOST]]
    return [head, *look.paint.table(rows, (Column(14), Column(), Column(), Column(), Column()))]


def _row(delay: Delay, waits: bool, look: Look) -> tuple[Cell, ...]:
    return (
        look.title(delay.after.item.title),
        look.who(delay.after.assignees),
        look.paint.cell(f"{'+' if delay.days > 0 else '−'}{days_words(delay.days)}", fg="yellow"),
        Cell(f"starts {look.clock.day(delay.after.start)}"),
        look.paint.cell("waits" if waits else "follows", dim=not waits),
    )


def _notes(found: Levelling, look: Look) -> list[str]:
    told = [f"{name}: nobody has said how many there are (`resources:`)" for name in found.unknown]
    told += [f"{task} wants more of {name} than there is at all" for task, name in found.too_much]
    if found.proven:
        told.append("No schedule ends sooner: proven.")
    elif found.bound_days is not None:
        told.append(f"It could be better by at most {days_words(found.bound_days)}.")
    return [look.paint.line(look.paint.cell(text, dim=True)) for text in told]
