"""What is wrong in a user's file: a value that is collected and shown, never raised."""

from __future__ import annotations

from typing import Literal

from handrail.base.place import Place
from handrail.base.value import dataclass

Level = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Fix:
    """What stands at the place of a problem, and the one thing that can have been meant."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about one place.

    `code` is stable and documented (`unknown-attribute`), `message` says what is wrong, `hint` what to do
    about it. `source` is the line of the file as it stands, for the caret; empty where there is none. `fix` is there
    where one answer alone is right.
    """

    code: str
    level: Level
    place: Place
    message: str
    hint: str = ""
    source: str = ""
    fix: Fix | None = None


def sort_key(problem: Problem) -> tuple[Place, str, str]:
    """Order problems by file and position, so that every output lists them alike."""
    return (problem.place, problem.code, problem.message)


def has_errors(problems: tuple[Problem, ...] | list[Problem]) -> bool:
    """Tell whether any of the problems is an error, as against a warning or a hint."""
    return any(problem.level == "error" for problem in problems)
