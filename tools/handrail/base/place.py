"""Where something stands in a file."""

from __future__ import annotations

from handrail.base.value import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A span on one line of one file.

    `path` is relative to the workspace, with forward slashes. `line` and `column` count from 1, in
    characters; `end_column` is one past the last character (0 where only the start is known).
    """

    path: str = ""
    line: int = 1
    column: int = 1
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


NOWHERE = Place()
