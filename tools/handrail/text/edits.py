"""Edits of a document that change only the lines they name: every other byte stays, newline style included."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.base.value import dataclass
from handrail.text.document import BOM, Document


@dataclass(frozen=True, slots=True)
class Edit:
    """New lines at the place of the lines `start` to `end` (indexes; equal: an insertion before `start`)."""

    start: int
    end: int
    lines: tuple[str, ...]


def apply_edits(document: Document, edits: Sequence[Edit]) -> str:
    """Give the document's text with the edits applied. They must not overlap; equal insertions keep their order."""
    texts = list(document.lines.texts)
    endings = list(document.lines.endings)
    newline = document.lines.newline
    # From the back; of two at one line the replacement first, so that an insertion before it stays before it.
    numbered = sorted(enumerate(edits), key=lambda pair: (pair[1].start, pair[1].end, pair[0]), reverse=True)
    for _, edit in numbered:
        replaced = endings[edit.start : edit.end]
        if edit.start > 0 and edit.lines and not endings[edit.start - 1]:
            endings[edit.start - 1] = newline
        texts[edit.start : edit.end] = edit.lines
        kept = replaced[: len(edit.lines)]
        endings[edit.start : edit.end] = kept + [newline] * (len(edit.lines) - len(kept))
    joined = "".join(text + ending for text, ending in zip(texts, endings, strict=True))
    return (BOM if document.bom else "") + joined


def nested_prefix(line: str, content_column: int) -> str:
    """Give what stands before a line nested under an item whose first line is `line`: its width, as white space.

    Tabs and the marks of block quotes are kept, so that the nested line lands in the same container.
    """
    return "".join(char if char in ">\t " else " " for char in line[:content_column])
