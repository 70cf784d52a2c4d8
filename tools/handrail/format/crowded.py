"""Items that stand so close that two people's check-offs would clash in a merge."""

from __future__ import annotations

from handrail.base.problem import Problem
from handrail.text.document import Document, TaskItem


def crowded(document: Document) -> tuple[Problem, ...]:
    """Report the first item that follows another without a blank line, and how many more do: one for each is noise."""
    tight = [spot for spot in in_order(document.items)[1:] if document.line(spot.start - 1).strip()]
    if not tight:
        return ()
    first = tight[0]
    place = document.place(first.box_line, first.box_column - 1, first.box_column + 2)
    others = f", and {len(tight) - 1} more" if len(tight) > 1 else ""
    message = f"there is no blank line before this item{others}: check-offs of neighbours would clash"
    return (Problem("crowded", "warning", place, message, "run `handrail fmt`", document.line(first.box_line)),)


def in_order(spots: tuple[TaskItem, ...]) -> list[TaskItem]:
    """Give all items in the order of the file, each before its sub-items."""
    found: list[TaskItem] = []
    stack = list(reversed(spots))
    while stack:
        spot = stack.pop()
        found.append(spot)
        stack.extend(reversed(spot.children))
    return found
