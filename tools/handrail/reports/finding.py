"""What the rules about files have in common: who is checked, where it stands, and how a finding is made."""

from __future__ import annotations

from collections.abc import Iterable

from handrail.base.place import Place
from handrail.base.problem import Level, Problem
from handrail.base.words import count
from handrail.model.item import Item
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run

Holder = Process | Run | Project


def make_problem(code: str, place: Place, message: str, hint: str = "", level: Level = "error") -> Problem:
    """Make a finding, an error unless another level is named."""
    return Problem(code, level, place, message, hint)


def at(item: Item, key: str) -> Place:
    """Give where an attribute of an item stands, the item's own place where it is not written there."""
    return item.spots.get(key, item.place)


def front(holder: Holder, key: str) -> Place:
    """Give where a value of the front matter stands, the top of the file where it is not written there."""
    return holder.spots.get(key, holder.place)


def inside(item: Item, key: str, value: str, column: int, length: int = 0) -> Place:
    """Give a place inside the value of an attribute, up to its end unless a length is given.

    `column` counts from 1 within the value. A quoted value begins later.
    """
    place = at(item, key)
    if key not in item.spots:
        return place
    quotes = place.end_column - place.column - len(key) - 1 - len(value)
    start = place.column + len(key) + 1 + quotes // 2 + column - 1
    end = start + length if length else max(start + 1, place.end_column - quotes // 2)
    return Place(place.path, place.line, start, end)


def listed(names: Iterable[str], most: int = 3) -> str:
    """Give some names in backticks with commas between, and how many more there are."""
    known = list(names)
    more = f" and {count(len(known) - most, 'more', 'more')}" if len(known) > most else ""
    return ", ".join(f"`{name}`" for name in known[:most]) + more
