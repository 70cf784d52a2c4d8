"""Baselines: pictures of a project's plan, kept so that later plans can be told against them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from handrail.base.value import dataclass


@dataclass(frozen=True, slots=True)
class BaselineTask:
    """One task as it was planned. `work_s` is effort in seconds of working time, `cost` all that it was to cost."""

    start: datetime
    finish: datetime
    work_s: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """A plan as it stood at `at` (UTC), under a name of its own; `tasks` are its leaves by id."""

    name: str
    at: datetime
    by: str
    start: datetime
    finish: datetime
    budget: float = 0.0
    tasks: Mapping[str, BaselineTask] = field(default_factory=dict)
