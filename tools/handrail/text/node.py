"""A block of Markdown with the lines that it stands on."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.base.value import dataclass


@dataclass(slots=True)
class Node:
    """One block: its kind (heading, paragraph, list, item, quote or other), lines `start` to `end`, content.

    `info` holds a heading's level. Whoever builds a tree closes its nodes; nobody else changes them.
    """

    kind: str
    start: int
    end: int
    content: str = ""
    info: str = ""
    children: Sequence[Node] = ()
