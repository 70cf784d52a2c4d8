"""What reading a file gives: a value, and everything that is wrong with it."""

from __future__ import annotations

from typing import Generic, TypeVar

from handrail.base.problem import Problem
from handrail.base.value import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """`value` is None where the file is of no use at all; else the best reading of it, whatever its problems."""

    value: T | None
    problems: tuple[Problem, ...] = ()
