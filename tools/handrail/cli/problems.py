"""Problems in files, for a terminal: place, sentence, the line, a caret."""

from __future__ import annotations

import click

from handrail.base.problem import Problem

_COLOUR = {"error": "red", "warning": "yellow", "hint": "cyan"}
_WIDEST = 160


def problem_text(problem: Problem) -> str:
    """Give a problem as people read it: `path:line:column: level: what is wrong (what to do)`, then the line."""
    level = click.style(f"{problem.level}[{problem.code}]", fg=_COLOUR[problem.level], bold=True)
    hint = f" ({problem.hint})" if problem.hint else ""
    lines = [f"{click.style(str(problem.place), bold=True)}: {level}: {problem.message}{hint}"]
    lines.extend(_excerpt(problem))
    return "\n".join(lines)


def _excerpt(problem: Problem) -> list[str]:
    source = problem.source.rstrip()
    if not source.strip():
        return []
    column = min(problem.place.column, len(source) + 1) - 1
    width = max(1, min(problem.place.end_column or column + 2, len(source) + 1) - 1 - column)
    start = max(0, column - _WIDEST // 2)
    shown = source[start : start + _WIDEST]
    # A tab keeps its width only where it stands under a tab.
    gap = "".join("\t" if char == "\t" else " " for char in source[start:column])
    caret = "^" * min(width, max(1, _WIDEST - (column - start)))
    return [f"    {shown}", f"    {gap}{click.style(caret, fg=_COLOUR[problem.level])}"]
