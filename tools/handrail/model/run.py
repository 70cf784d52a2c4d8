"""A run: one pass through a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime

from handrail.base.place import NOWHERE, Place
from handrail.base.value import dataclass
from handrail.model.calendar import Duration
from handrail.model.item import Block, Event, Item, top_items

MAX_TITLE = 300
"""The most characters that a run's title may have."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as its file says it. `id` is `<process>/<run id>`; `fields` are the values from the front matter.

    `order`, `calendar`, `stall` and `agents` are copied from the process when the run starts, so that the file says
    by itself how its steps wait for each other, and whether what an agent finishes waits for a person.
    """

    id: str
    path: str
    process: str
    title: str
    started: datetime
    by: str = ""
    revision: str = ""
    due: date | None = None
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    project: str = ""
    parent: str = ""
    trial: bool = False
    order: str = "sequence"
    calendar: str = ""
    stall: Duration | None = None
    agents: str = ""  # "propose": what an agent finishes is only proposed
    content: tuple[Block, ...] = ()
    log: tuple[Event, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)
    spots: Mapping[str, Place] = field(default_factory=dict, compare=False)

    @property
    def items(self) -> tuple[Item, ...]:
        """The steps that are not sub-steps, in the order of the file."""
        return top_items(self.content)

    @property
    def project_task(self) -> tuple[str, str]:
        """The project that it belongs to and the task that it does there; each empty where it names none."""
        name, _, task = self.project.partition("#")
        return name, task

    @property
    def parent_step(self) -> tuple[str, str] | None:
        """The run and the step that this run was started for (`parent: RUN#STEP`, or with a space), else None."""
        words = self.parent.replace("#", " ").split()
        return (words[0], words[1]) if len(words) == 2 else None
