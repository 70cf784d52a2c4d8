"""Reading the elements of a Microsoft Project plan: children by name, texts, numbers, days."""

from __future__ import annotations

from datetime import date
from typing import Any

Element = Any
"""An element of the XML tree; the parser has no types of its own for it."""


def local(element: Element) -> str:
    """Give the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child(element: Element, name: str) -> Element | None:
    """Give the first child of that name."""
    return next((one for one in element if local(one) == name), None)


def all_of(element: Element, name: str) -> list[Element]:
    """Give the children of that name."""
    return [one for one in element if local(one) == name]


def under(element: Element, group: str, kind: str) -> list[Element]:
    """Give the members of a group of children: the `Task`s of `Tasks`."""
    holder = child(element, group)
    return all_of(holder, kind) if holder is not None else []


def text_of(element: Element, name: str) -> str:
    """Give the text of a child, empty where there is none."""
    found = child(element, name)
    return (found.text or "").strip() if found is not None else ""


def number_of(text: str) -> float | None:
    """Give a number that can be meant, None for anything else."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None


def day_of(text: str) -> date | None:
    """Give the day of a time, None where there is none; programs write 1984 for «none»."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if 1984 < day.year <= 2200 else None
