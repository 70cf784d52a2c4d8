"""A project: a one-time undertaking with an objective, an end, a budget, risks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from handrail.base.place import NOWHERE, Place
from handrail.base.value import dataclass
from handrail.model.calendar import OwnCalendar
from handrail.model.item import Block, Event, Item, top_items


@dataclass(frozen=True, slots=True)
class Risk:
    """Something that may happen. `impact` is money, `delay` a span as written, `probability` 0 to 1."""

    risk: str
    probability: float = 0.0
    impact: float = 0.0
    delay: str = ""
    owner: str = ""
    response: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Update:
    """A dated status report: `### 2026-12-12 amber` and prose."""

    day: date
    status: str  # green, amber, red, done; empty where the heading gives none
    markdown: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Project:
    """A project as its file says it. `content` leaves out the Updates, Changes and Log sections."""

    id: str
    path: str
    title: str
    content: tuple[Block, ...] = ()
    summary: str = ""
    owner: str = ""
    objective: str = ""
    start: date | None = None
    target: date | None = None
    budget: float = 0.0
    currency: str = ""
    risks: tuple[Risk, ...] = ()
    resources: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)  # how many tasks a board's column should hold
    tags: tuple[str, ...] = ()
    calendar: OwnCalendar | None = None  # None: the workspace's
    updates: tuple[Update, ...] = ()
    changes: tuple[Update, ...] = ()
    log: tuple[Event, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)
    spots: Mapping[str, Place] = field(default_factory=dict, compare=False)

    @property
    def items(self) -> tuple[Item, ...]:
        """The tasks that are not sub-tasks, in the order of the file."""
        return top_items(self.content)
