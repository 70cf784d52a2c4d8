"""What the events of a run or project come to at one moment. Derived, never stored."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Literal

from handrail.base.value import dataclass
from handrail.model.calendar import WorkingTime
from handrail.model.item import Event, Item
from handrail.model.project import Project
from handrail.model.run import Run

State = Literal["waiting", "ready", "doing", "blocked", "done", "skipped", "na", "cancelled"]
CLOSED: frozenset[str] = frozenset({"done", "skipped", "na", "cancelled"})
OPEN_NOW: frozenset[str] = frozenset({"ready", "doing", "blocked"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What an item's own events fold to, before it is seen among the others."""

    closed: Literal["", "done", "skipped"] = ""
    doing: bool = False
    blocked: bool = False
    blocked_until: str = ""
    blocked_reason: str = ""
    assignees: tuple[str, ...] | None = None  # None: nobody was assigned by an event
    due: str = ""  # a date set by hand (ISO), empty where none holds
    attempt: int = 1
    started: datetime | None = None  # of this attempt
    done: datetime | None = None  # of this attempt
    by: str = ""  # who closed it
    reopened: datetime | None = None
    first_done: datetime | None = None
    last: datetime | None = None  # the newest event
    skip_reason: str = ""
    rejected: Event | None = None  # the rejection that sent it back, while it stands
    approvals: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()  # values set here, in order
    untimed: bool = False  # ticked by hand: closed without an event that says when and by whom
    proposed: Event | None = None  # what an agent proposes, while no person has decided on it
    proposer: str = ""  # the agent whose proposal was confirmed by whoever closed it


@dataclass(frozen=True, slots=True)
class StepState:
    """One item at one moment."""

    item: Item
    state: State
    facts: Facts
    assignees: tuple[str, ...] = ()
    ready: datetime | None = None  # when somebody could first act (this attempt)
    due: datetime | None = None
    overdue: bool = False
    waits_for: tuple[str, ...] = ()  # ids of the items that hold it back
    wait_until: datetime | None = None  # its `wait=` ends then
    marks: tuple[str, ...] = ()  # "out of order", "kept: has work", "check again"
    substeps: tuple[StepState, ...] = ()

    @property
    def id(self) -> str:
        """The item's id."""
        return self.item.id


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts over all steps, sub-steps included. The total leaves out n/a and cancelled."""

    done: int = 0
    skipped: int = 0
    na: int = 0
    total: int = 0

    @property
    def share(self) -> float:
        """The part that is closed, 0 to 1; 1 where there is nothing to do."""
        return (self.done + self.skipped) / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class RunState:
    """One run at one moment. `steps` are the top-level ones, with their sub-steps inside."""

    run: Run
    state: Literal["active", "done", "cancelled"]
    steps: tuple[StepState, ...]
    progress: Progress
    fields: tuple[tuple[str, str], ...] = ()  # current values: front matter, then `set` events
    due: datetime | None = None
    overdue: bool = False
    finished: datetime | None = None
    last: datetime | None = None
    time: WorkingTime | None = field(default=None, compare=False, repr=False)  # in which it was counted


@dataclass(frozen=True, slots=True)
class Child:
    """A run that was started for a step of another one. `finished` is when it was done, None while it is not."""

    run: str
    state: Literal["active", "done", "cancelled"]
    finished: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProjectState:
    """One project's tasks at one moment."""

    project: Project
    state: Literal["active", "done", "cancelled"]
    steps: tuple[StepState, ...]
    progress: Progress
    finished: datetime | None = None
    last: datetime | None = None
    time: WorkingTime | None = field(default=None, compare=False, repr=False)  # in which it was counted


def walk_states(steps: tuple[StepState, ...]) -> tuple[StepState, ...]:
    """Give every step state, each before its sub-steps, in the order of the file."""
    found: list[StepState] = []
    stack = list(reversed(steps))
    while stack:
        step = stack.pop()
        found.append(step)
        stack.extend(reversed(step.substeps))
    return tuple(found)
