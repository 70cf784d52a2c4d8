"""A run file with other steps: what stays keeps its lines, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handrail.base.value import dataclass
from handrail.format.items import RUN as RUN_ITEMS
from handrail.format.items import last_section, read_items, title_heading
from handrail.format.run import LOG, front_pairs, heading_shift, item_title, read_run, write_item
from handrail.model.item import Heading, Item, walk
from handrail.model.run import Run
from handrail.text.document import BOM, Document, HeadingLine, TaskItem, read_document
from handrail.text.plain import plain

_KEYS = ("revision", "order", "calendar", "stall", "agents")


@dataclass(frozen=True, slots=True)
class _Old:
    """The file as it stands: its run, where its items are, and which items stand under which."""

    document: Document
    run: Run
    spots: dict[str, TaskItem]
    items: dict[str, Item]
    parents: dict[str, str]


def rewrite(document: Document, old: Run, new: Run) -> str | None:
    """Give the file with the steps of `new` in the place of those of `old`, which the document was read to.

    Titles are written anew where they or their attributes differ. Events, ticks and texts of a step move with it. The
    front matter changes in its `revision`, `order`, `calendar`, `stall` and `agents` alone. None where a file was laid
    out by hand in a way that this cannot keep.
    """
    spots = read_items(document, RUN_ITEMS, sections=frozenset({LOG})).spots
    parents = {child.id: item.id for item in walk(old.items) for child in item.children}
    source = _Old(document, old, spots, {item.id: item for item in walk(old.items)}, parents)
    parts = [[*_front(source, new)], *_body(source, new)]
    lines: list[str] = []
    for part in parts:
        kept = _trimmed(part)
        if kept:
            lines += ([""] if lines else []) + kept
    newline = document.lines.newline
    text = (BOM if document.bom else "") + newline.join(lines) + newline
    return text if _says(text, new) else None


def _says(text: str, new: Run) -> bool:
    """Tell whether a text reads back as the run that it should be."""
    reading = read_run(read_document(new.path, text))
    if reading.value is None or any(problem.level == "error" for problem in reading.problems):
        return False
    return _told(reading.value) == _told(new)


def _told(run: Run) -> tuple[object, ...]:
    items = tuple((item_title(item), item.checked, item.events, len(item.children)) for item in walk(run.items))
    return (*(front_pairs(run)[key] for key in _KEYS), run.fields, run.roles, run.log, items)


def _front(source: _Old, new: Run) -> Iterator[str]:
    front = source.document.front
    if front is None:
        return
    before, after = front_pairs(source.run), front_pairs(new)
    wanted = {key: after[key] for key in _KEYS if after[key] != before[key]}
    yield source.document.line(0)
    for index in range(front.start, front.stop):
        line = source.document.line(index)
        key = re.match(r"[a-z]+(?= *:)", line)
        value = wanted.pop(key[0], None) if key else None
        if value is None:
            yield line
        elif value:
            yield f"{key[0] if key else ''}: {value}"
    yield from (f"{key}: {value}" for key, value in wanted.items() if value)
    yield from _lines(source, front.stop, front.body)


def _body(source: _Old, new: Run) -> Iterator[list[str]]:
    """Give the parts below the front matter: what stands first, headings and steps, orphaned texts, the Log."""
    document = source.document
    begin = document.front.body if document.front else 0
    marks = _marks(source)
    end = len(document.lines.texts)
    last = last_section(document, frozenset({LOG}))
    log = last.line if last else end
    marks = [mark for mark in marks if _line(mark) < log]
    starts = [_line(mark) for mark in marks] + [log]
    yield _lines(source, begin, starts[0])
    after = {id(mark): _lines(source, mark.end, stop) for mark, stop in zip(marks, starts[1:], strict=True)}
    headings = [mark for mark in marks if isinstance(mark, HeadingLine)]
    down = heading_shift(new)
    for block in new.content:
        if isinstance(block, Heading):
            mine = next((one for one in headings if plain(one.text) == plain(block.text)), None)
            if mine is None:
                yield [f"{'#' * min(6, block.level + down)} {block.text}"]
                continue
            headings.remove(mine)
            yield _lines(source, mine.line, mine.end)
            yield after.pop(id(mine), [])
        elif isinstance(block, Item):
            yield from _item(source, block, "", 0)
            yield after.pop(id(source.spots.get(block.id)), [])
    yield from after.values()
    yield _lines(source, log, end)


def _marks(source: _Old) -> list[HeadingLine | TaskItem]:
    title = title_heading(source.document)
    headings = [one for one in source.document.headings if one is not title]
    return sorted([*headings, *source.document.items], key=_line)


def _line(mark: HeadingLine | TaskItem) -> int:
    return mark.line if isinstance(mark, HeadingLine) else mark.start


def _item(source: _Old, item: Item, parent: str, indent: int) -> Iterator[list[str]]:
    """Give the lines of a step, then those of its sub-steps, at a column."""
    spot = source.spots.get(item.id)
    if spot is None:
        yield write_item(_alone(item), " " * indent)[0].split("\n")
        inner = indent + 2
    else:
        column = _column(source, spot)
        if parent and source.parents.get(item.id) == parent:
            indent += column - source.spots[parent].content_column
        yield [_shifted(line, indent - column) for line in _own_lines(source, item, spot)]
        inner = indent + spot.content_column - column
    for child in item.children:
        yield from _item(source, child, item.id, inner)


def _own_lines(source: _Old, item: Item, spot: TaskItem) -> list[str]:
    stop = spot.children[0].start if spot.children else spot.end
    lines = _lines(source, spot.start, stop)
    starts = [child.start for child in spot.children[1:]] + [spot.end]
    for child, start in zip(spot.children, starts, strict=False):
        lines += _lines(source, child.end, start)
    if item_title(item) != item_title(source.items[item.id]):
        title = source.document.line(spot.box_line)[: spot.box_column + 2]
        lines[spot.box_line - spot.start : spot.title_end - spot.start] = [f"{title} {item_title(item)}"]
    return _trimmed(lines)


def _alone(item: Item) -> Item:
    return Item(item.id, item.title, item.attributes)


def _column(source: _Old, spot: TaskItem) -> int:
    line = source.document.line(spot.start)
    return len(line) - len(line.lstrip())


def _shifted(line: str, by: int) -> str:
    if not line.strip() or not by:
        return line
    return " " * by + line if by > 0 else line[min(-by, len(line) - len(line.lstrip())) :]


def _lines(source: _Old, start: int, stop: int) -> list[str]:
    return list(source.document.lines.texts[start:stop])


def _trimmed(lines: list[str]) -> list[str]:
    start, stop = 0, len(lines)
    while start < stop and not lines[start].strip():
        start += 1
    while stop > start and not lines[stop - 1].strip():
        stop -= 1
    return lines[start:stop]
