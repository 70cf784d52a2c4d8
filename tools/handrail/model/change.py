"""What somebody asks for, and what it changes."""

from __future__ import annotations

from handrail.base.value import dataclass
from handrail.model.item import Event


@dataclass(frozen=True, slots=True)
class Action:
    """A request on one run or project. `items` are ids; empty means the run or project itself (its Log).

    `verb` is the command: check, begin, skip, reopen, approve, reject, assign, due, block, unblock, note, set,
    cancel, rename. `values` carries its options in event form (`to`, `on`, `until`, `link`, `file`, `title`) and,
    under `fields`, the field values that come with it.
    """

    verb: str
    items: tuple[str, ...] = ()
    note: str = ""
    values: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One event to write: under the item of that id, or in the Log where the id is empty.

    `box` is the mark that the item's box gets; None leaves it alone.
    """

    item: str
    event: Event
    box: bool | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an action is not allowed, and what would make it possible. `code` is stable."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What an allowed action writes, in order, and what the person should be told about it (`notices`)."""

    changes: tuple[Change, ...]
    notices: tuple[str, ...] = ()
