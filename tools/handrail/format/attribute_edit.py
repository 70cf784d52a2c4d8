"""Attributes of items that are in a file already: only the words that are meant change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handrail.format.attributes import FLAGS
from handrail.format.edit import UnknownItem
from handrail.format.items import Dialect, read_items
from handrail.text.document import Document, TaskItem
from handrail.text.edits import Edit, apply_edits, nested_prefix
from handrail.text.words import find_attributes, quote


def set_words(document: Document, wanted: Mapping[str, Mapping[str, str]]) -> str:
    """Give the document's text with attributes set: by item, the words by key; an empty value takes the word away.

    A word that stands keeps its place, a new one goes to the end of the list. An item without a list gets one, with its
    id, which then no longer depends on the title. Raises UnknownItem for an id that is not there.
    """
    spots = read_items(document, Dialect(), sections=frozenset()).spots
    edits = []
    for item, words in wanted.items():
        if item not in spots:
            raise UnknownItem(item)
        number = spots[item].title_end - 1
        line = document.line(number)
        changed = _changed(line, item, words)
        if changed != line:
            edits.append(Edit(number, number + 1, (changed,)))
    return apply_edits(document, edits)


def add_children(document: Document, item: str, titles: Sequence[str]) -> str:
    """Give the document's text with sub-items (title and attribute list each) at the end of what an item holds."""
    spots = read_items(document, Dialect(), sections=frozenset()).spots
    if item not in spots:
        raise UnknownItem(item)
    spot = spots[item]
    prefix = nested_prefix(document.line(spot.box_line), spot.content_column)
    end = _last_line(document, spot)
    lines = [line for title in titles for line in ("", f"{prefix}- [ ] {title}")]
    return apply_edits(document, [Edit(end, end, tuple(lines))])


def _last_line(document: Document, spot: TaskItem) -> int:
    end = spot.end
    while end > spot.title_end and not document.line(end - 1).strip():
        end -= 1
    return end


def _changed(line: str, item: str, words: Mapping[str, str]) -> str:
    found = find_attributes(line, FLAGS.__contains__)
    if found is None:
        added = " ".join(_written(key, value) for key, value in words.items() if value)
        return f"{line.rstrip()} {{#{item} {added}}}" if added else line
    fresh = dict(words)
    for word in reversed(found.words):
        if word.key not in fresh or word.kind not in ("pair", "flag"):
            continue
        value = fresh.pop(word.key)
        before, after = line[: word.start], line[word.end :]
        if value:
            line = before + _written(word.key, value) + after
        else:
            line = before + after.lstrip(" ") if before.endswith("{") else before.rstrip(" ") + after
    added = " ".join(_written(key, value) for key, value in fresh.items() if value)
    close = line.rindex("}")
    gap = " " if added and line[:close].rstrip(" ")[-1] != "{" else ""
    line = line[:close].rstrip(" ") + gap + added + line[close:]
    return line[: found.start].rstrip() if line[found.start :].strip() == "{}" else line


def _written(key: str, value: str) -> str:
    return f"{key}={quote(value)}"
