"""Events into a run's or project's file: only the lines that they mean change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import field

from handrail.base.errors import NotAllowed
from handrail.base.value import dataclass
from handrail.format.event import looks_like_event, write_event
from handrail.format.items import Dialect, last_section, read_items, section_of
from handrail.format.run import quoted
from handrail.model.change import Change
from handrail.text.document import Bullet, Document, TaskItem
from handrail.text.edits import Edit, apply_edits, nested_prefix


class UnknownItem(LookupError):
    """A change names an item that the document has not. The caller decides before it edits, so this is a bug."""


def edit(document: Document, changes: Sequence[Change]) -> str:
    """Give the document's text with the changes written into it.

    The box of an item changes in its place; an event goes under the last event of its item, or directly under
    the title; an event of the run itself goes to the end of the `## Log` section. `renamed` also changes the title in
    the front matter; raises NotAllowed where that is laid out in a way of its own.
    """
    spots = read_items(document, Dialect(), sections=frozenset()).spots
    gathered: dict[str, _Item] = {}
    log: list[str] = []
    title = ""
    for change in changes:
        line = f"- {write_event(change.event)}"
        if not change.item:
            log.append(line)
            title = change.event.value("title") if change.event.verb == "renamed" else title
            continue
        if change.item not in spots:
            raise UnknownItem(change.item)
        item = gathered.setdefault(change.item, _Item())
        item.lines.append(line)
        item.box = change.box if change.box is not None else item.box
    edits = [single for name, item in gathered.items() for single in _item_edits(document, spots[name], item)]
    if log:
        edits.append(_log_edit(document, log))
    if title:
        edits.append(_title_edit(document, title))
    return apply_edits(document, edits)


@dataclass(slots=True)
class _Item:
    """What is gathered for one item before it is written."""

    lines: list[str] = field(default_factory=list)
    box: bool | None = None


def _item_edits(document: Document, spot: TaskItem, item: _Item) -> list[Edit]:
    edits: list[Edit] = []
    line = document.line(spot.box_line)
    if item.box is not None and item.box != (spot.mark != " "):
        mark = "x" if item.box else " "
        changed = line[: spot.box_column] + mark + line[spot.box_column + 1 :]
        edits.append(Edit(spot.box_line, spot.box_line + 1, (changed,)))
    events = _events(spot)
    if events:
        last = events[-1]
        raw = document.line(events[0].line)
        bullet = raw.rfind("-", 0, events[0].column)
        prefix = raw[: max(bullet, 0)] or nested_prefix(line, spot.content_column)
        position = last.end
    else:
        prefix = nested_prefix(line, spot.content_column)
        position = spot.title_end
    edits.append(Edit(position, position, tuple(prefix + text for text in item.lines)))
    return edits


def _events(spot: TaskItem) -> list[Bullet]:
    found: list[Bullet] = []
    for bullet in spot.bullets:
        if not looks_like_event(bullet.text):
            break
        found.append(bullet)
    return found


def _log_edit(document: Document, lines: list[str]) -> Edit:
    heading = last_section(document, frozenset({"log"}))
    if heading is None:
        end = _last_line(document)
        return Edit(end, end, ("", "## Log", "", *lines) if end else ("## Log", "", *lines))
    bullets = [bullet for bullet in document.bullets if section_of(document, bullet.line) is heading]
    if bullets:
        return Edit(bullets[-1].end, bullets[-1].end, tuple(lines))
    after = ("",) if document.line(heading.end).strip() else ()
    return Edit(heading.end, heading.end, ("", *lines, *after))


def _title_edit(document: Document, title: str) -> Edit:
    """Write the title into the front matter, in the place of the one that stands there."""
    front = document.front
    lines = [document.line(index) for index in range(front.start, front.stop)] if front else []
    own = [number for number, line in enumerate(lines) if re.match(r"(title|\"title\"|'title') *:( |$)", line)]
    keys = [number for number, line in enumerate(lines) if re.match(r"[^\s#-]", line)]
    if front is None or len(own) > 1 or not all(re.match(r"[\w\"'-]+ *:( |$)", lines[number]) for number in keys):
        hint = "Change `title` in it by hand."
        raise NotAllowed("The front matter of this run was laid out in a way that cannot be kept.", hint)
    new = (f"title: {quoted(title)}",)
    if not own:
        return Edit(front.stop, front.stop, new)
    end = next((number for number in keys if number > own[0]), len(lines))
    while end > own[0] + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return Edit(front.start + own[0], front.start + end, new)


def _last_line(document: Document) -> int:
    end = len(document.lines.texts)
    while end and not document.line(end - 1).strip():
        end -= 1
    return end
