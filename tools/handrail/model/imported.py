"""A plan as another system exported it, before it becomes a project of the workspace."""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime

from handrail.base.value import dataclass
from handrail.model.baseline import Baseline
from handrail.model.calendar import Duration, OwnCalendar
from handrail.model.item import Due, LinkKind
from handrail.model.process import Field


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a task there: `verb` is an event's; `who` as the other system names people."""

    time: datetime
    verb: str
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """A dependency on the task of key `key`."""

    key: str
    kind: LinkKind = "fs"
    lag: Duration | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One task. `key` is what the other system knows it by, so that a second import finds it again; it may be empty.

    `parent` is the key of the task that it is a part of. `people` are names or addresses as they stand there. `body` is
    Markdown that nobody has checked.
    """

    key: str
    title: str
    phase: str = ""
    parent: str = ""
    people: tuple[str, ...] = ()
    start: date | None = None
    due: date | None = None
    est: Duration | None = None
    load: float | None = None
    cost: float | None = None
    progress: float | None = None
    priority: str = ""
    milestone: bool = False
    closed: str = ""  # "", "done" or "skipped"
    needs: tuple[Needs, ...] = ()
    happened: tuple[Happened, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class ImportedPlan:
    """A whole plan. `source` names system and board: by it a second import knows the project that it updates.

    `lost` says, in sentences, what could not be carried over; `notes` what was decided on the way.
    """

    source: str
    title: str
    tasks: tuple[Incoming, ...]
    summary: str = ""
    start: date | None = None
    target: date | None = None
    calendar: OwnCalendar | None = None  # where it is not the workspace's
    baselines: tuple[Baseline, ...] = field(default=())
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncomingStep:
    """One step of a procedure. `key` is what the other system knows it by; empty where it has no such thing.

    `parent` is the index of the step that it is a part of. `who` are names of people or roles as they stand there.
    `ask` are names of fields, `body` is Markdown that nobody has checked.
    """

    title: str
    key: str = ""
    stage: str = ""
    parent: int | None = None
    who: tuple[str, ...] = ()
    due: Due | None = None
    est: Duration | None = None
    optional: bool = False
    approval: bool = False
    gate: bool = False
    ask: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class ImportedProcess:
    """A procedure as another system exported it. `source` names system and procedure, as in `ImportedPlan`."""

    source: str
    title: str
    steps: tuple[IncomingStep, ...]
    fields: tuple[Field, ...] = ()
    summary: str = ""
    intro: str = ""
    target: Duration | None = None
    tags: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
