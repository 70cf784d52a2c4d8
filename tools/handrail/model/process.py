"""A process: a procedure that is followed again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from handrail.base.place import NOWHERE, Place
from handrail.base.value import dataclass
from handrail.model.calendar import Duration
from handrail.model.item import Block, Item, top_items


@dataclass(frozen=True, slots=True)
class Field:
    """A value that a run of the process carries."""

    name: str
    type: str = "text"  # text, number, date, choice, person, link, file, list
    required: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    min: str = ""
    max: str = ""
    label: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Process:
    """A process as its file says it. `id` is its folder's path below `processes/`, `path` its file's.

    `spots` are the places of the values in the front matter, by key (`owner`, `roles:sales`).
    """

    id: str
    path: str
    title: str
    content: tuple[Block, ...] = ()
    summary: str = ""
    owner: str = ""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    order: str = "sequence"  # sequence, strict, any
    target: Duration | None = None
    schedule: str = ""
    review: date | None = None
    stall: Duration | None = None
    calendar: str = ""  # "always", or empty for the workspace's
    tags: tuple[str, ...] = ()
    name: str = ""  # pattern for run titles
    status: str = "effective"  # draft, effective, retired
    effective: date | None = None
    overlap: str = "allow"
    agents: str = ""
    successor: str = ""  # the process that came after a retired one
    place: Place = field(default=NOWHERE, compare=False)
    spots: Mapping[str, Place] = field(default_factory=dict, compare=False)

    @property
    def items(self) -> tuple[Item, ...]:
        """The steps that are not sub-steps, in the order of the file."""
        return top_items(self.content)

    def find_field(self, name: str) -> Field | None:
        """Give the definition of a field, None where the process has none of that name."""
        return next((known for known in self.fields if known.name == name), None)
