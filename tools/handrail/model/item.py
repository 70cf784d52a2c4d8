"""Items: the steps of a process or run, the tasks of a project; and the events that stand under them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date, datetime
from typing import Literal

from handrail.base.place import NOWHERE, Place
from handrail.base.value import dataclass
from handrail.model.calendar import Duration, Estimate

ITEM_VERBS: tuple[str, ...] = (
    "started",
    "done",
    "reopened",
    "skipped",
    "approved",
    "rejected",
    "assigned",
    "due",
    "blocked",
    "unblocked",
    "noted",
    "set",
)
LOG_VERBS: tuple[str, ...] = ("started", "cancelled", "set", "due", "noted", "assigned", "upgraded", "renamed")


@dataclass(frozen=True, slots=True)
class Event:
    """One dated line: who did what. Its time, person, item and verb are its identity.

    `time` is UTC in whole seconds. `who` is a person's key without `@`. `values` are the `key=value` words in
    the order written. Conventions: `assigned to=ben` (several: `to="ben chi"`), `due on=2026-12-01` (`on=none`
    clears), `blocked until=2026-12-01`, `set field=value`, `done link=… file=…`. `commit` is set where the
    event does not stand in the file: that commit ticked the box by hand, and says by whom and when.
    """

    time: datetime
    who: str
    verb: str
    values: tuple[tuple[str, str], ...] = ()
    note: str = ""
    place: Place = field(default=NOWHERE, compare=False)
    commit: str = field(default="", compare=False)

    def value(self, key: str) -> str:
        """Give the value written for `key`, empty where there is none."""
        return next((text for name, text in self.values if name == key), "")


LinkKind = Literal["fs", "ss", "ff", "sf"]


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency on another item: `a`, `a:ss+2d`, `a:fs-1d`."""

    item: str
    kind: LinkKind = "fs"
    lag: Duration | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When an item is due. Exactly one form holds.

    `span` alone: so long after it became ready. `anchor` and `span`: so long after (or before) the run's
    `start` or a date field. `day`: on that date, at the end of work.
    """

    span: Duration | None = None
    anchor: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """An amount of a shared resource: `dev:2`, `crane`."""

    resource: str
    amount: float = 1


@dataclass(frozen=True, slots=True)
class Attributes:
    """All that an attribute list can say. Empty values mean: not said."""

    who: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    due: Due | None = None
    after: tuple[Link, ...] = ()
    condition: str = ""
    gate: bool = False
    optional: bool = False
    approval: str = ""  # "1", "2", … or "all"; empty where the item is no approval
    back: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()  # any of "link", "file", "note"
    run: str = ""  # process id, without the mapped fields
    run_fields: tuple[str, ...] = ()  # the names in `run=x(customer, plan)`
    wait: Duration | None = None
    est: Estimate | None = None
    stall: Duration | None = None
    use: tuple[Use, ...] = ()
    milestone: bool = False
    start: date | None = None
    load: float | None = None  # 0.5 for 50%
    cost: float | None = None
    progress: float | None = None  # 0.4 for 40%
    priority: str = ""  # low, normal, high, urgent


@dataclass(frozen=True, slots=True)
class Item:
    """One checkable item.

    `title` is the Markdown of the title without its attribute list. `stage` is the heading above it, empty
    where there is none. `body` is the Markdown beneath the title without events and sub-items, de-indented,
    ready to be rendered by itself. `explicit_id` says whether the file writes the id or it was derived. `spots`
    are the places of the attribute list's words, by key (`due`, `id`, `who:ana`). `by_hand` says why nobody knows who
    ticked the box by hand: `uncommitted`, or `cut-off` where the clone's history is too short.
    """

    id: str
    title: str
    attributes: Attributes = Attributes()
    checked: bool = False
    events: tuple[Event, ...] = ()
    children: tuple[Item, ...] = ()
    stage: str = ""
    body: str = ""
    explicit_id: bool = True
    spots: Mapping[str, Place] = field(default_factory=dict, compare=False)
    place: Place = field(default=NOWHERE, compare=False)
    by_hand: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading between items: a stage where items follow it."""

    level: int
    text: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown between the items that is neither heading nor item."""

    markdown: str
    place: Place = field(default=NOWHERE, compare=False)


Block = Heading | Prose | Item


def walk(items: tuple[Item, ...]) -> Iterator[Item]:
    """Give every item, each before its sub-items, in the order of the file. Iterative: any depth."""
    stack = list(reversed(items))
    while stack:
        item = stack.pop()
        yield item
        stack.extend(reversed(item.children))


def top_items(content: tuple[Block, ...]) -> tuple[Item, ...]:
    """Give the items of a document that are not sub-items."""
    return tuple(block for block in content if isinstance(block, Item))
