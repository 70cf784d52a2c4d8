"""What `handrail fmt` mends: missing blank lines between items, missing events under hand-made ticks."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.format.crowded import in_order
from handrail.format.edit import edit
from handrail.model.change import Change
from handrail.text.document import Document, read_document
from handrail.text.edits import Edit, apply_edits


def tidy(document: Document, missing: Sequence[Change] = ()) -> str:
    """Give the document's text with a blank line before every item and the missing events written.

    A second `tidy` of the result changes nothing.
    """
    written = read_document(document.path, edit(document, missing)) if missing else document
    spots = in_order(written.items)[1:]
    edits = [
        Edit(spot.start, spot.start, (_quote_mark(written, spot.start) if spot.quoted else "",))
        for spot in spots
        if written.line(spot.start - 1).strip(" \t>")
    ]
    return apply_edits(written, edits)


def _quote_mark(document: Document, line: int) -> str:
    text = document.line(line)
    return text[: len(text) - len(text.lstrip(" >"))].rstrip()
