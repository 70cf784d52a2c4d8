"""Rings in what waits for what."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


def find_rings(waits: Mapping[Name, Sequence[Name]]) -> tuple[tuple[Name, ...], ...]:
    """Give one ring for each group of names that wait for each other, in the order they wait.

    Depth-first search with an explicit stack (any depth): a name met again on the present path closes a ring.
    Names of a ring that was found are not looked at again.
    """
    rings: list[tuple[Name, ...]] = []
    finished: set[Name] = set()
    for root in waits:
        if root in finished:
            continue
        path: list[Name] = [root]
        on_path: dict[Name, int] = {root: 0}
        branches = [iter(waits[root])]
        while branches:
            name = next(branches[-1], None)
            if name is None:
                branches.pop()
                done = path.pop()
                on_path.pop(done)
                finished.add(done)
            elif name in on_path:
                ring = tuple(path[on_path[name] :])
                if not any(member in found for found in rings for member in ring):
                    rings.append(ring)
            elif name not in finished and name in waits:
                on_path[name] = len(path)
                path.append(name)
                branches.append(iter(waits[name]))
    return tuple(rings)
