"""Links and pictures of a Markdown file with where they stand, and the anchors to which links within it can lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from handrail.base.value import dataclass
from handrail.text.tree import parse_inline

if TYPE_CHECKING:
    from markdown_it.token import Token

    from handrail.text.document import Document

_TARGET = re.compile(r"\]\(\s*(?:<([^<>\n]*)>|([^\s<>()]*(?:\([^\s()]*\)[^\s()]*)*))")
_DEFINED = re.compile(r"\]:\s*(?:<([^<>\n]*)>|(\S+))")
_OWN_ID = re.compile(r"""\s(?:id|name)\s*=\s*["']?([^"'\s>]+)|\{[^{}]*#([^\s{}]+)[^{}]*\}""")


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link or picture leads, percent signs resolved, and the line and columns (from 0) of its address."""

    target: str
    line: int
    column: int
    end_column: int


def find_links(document: Document) -> tuple[Link, ...]:
    """Give the links and pictures of a file, in its order; those in code are none."""
    if not any("](" in line or "]:" in line for line in document.lines.texts):
        return ()
    first, tokens, definitions = _parsed(document)
    found = [link for start, end, target in definitions for link in _spots(document, start, end, target, _DEFINED)]
    known = {link.target for link in found}
    for token in tokens:
        start, end = token.map or (0, 0)
        for target in _targets(token):
            spots = _spots(document, first + start, first + end, target, _TARGET)
            if spots or target not in known:
                found.extend(spots or [Link(target, first + start, 0, 0)])
    return tuple(sorted(set(found), key=lambda link: (link.line, link.column)))


def find_anchors(document: Document) -> frozenset[str]:
    """Give the anchors of a file's headings, as git hosts and as MkDocs make them, and the ids written in it."""
    _, tokens, _ = _parsed(document, headings=True)
    found = {name for token in tokens for name in _heading_anchors(token.content)}
    for line in document.lines.texts:
        found.update(name for match in _OWN_ID.finditer(line) for name in match.groups() if name)
    return frozenset(found)


def _parsed(document: Document, *, headings: bool = False) -> tuple[int, list[Token], list[tuple[int, int, str]]]:
    """Give the body's first line, its tokens with inline content, and the addresses that are defined apart."""
    first = document.front.body if document.front else 0
    tokens, references = parse_inline(document.lines.texts[first:])
    wanted = [
        token
        for before, token in zip([None, *tokens], tokens, strict=False)
        if token.type == "inline" and (not headings or (before is not None and before.type == "heading_open"))
    ]
    return first, wanted, [_definition(entry, first) for entry in references]


def _definition(entry: dict[str, Any], first: int) -> tuple[int, int, str]:
    start, end = entry["map"]
    return first + start, first + max(end, start + 1), unquote(entry["href"])


def _targets(token: Token) -> Iterator[str]:
    for child in token.children or ():
        address = child.attrGet("href") if child.type == "link_open" else child.attrGet("src")
        if isinstance(address, str) and child.info != "auto":
            yield unquote(address)


def _spots(document: Document, start: int, end: int, target: str, pattern: re.Pattern[str]) -> list[Link]:
    found: list[Link] = []
    for line in range(start, end):
        for match in pattern.finditer(document.line(line)):
            group = 1 if match[1] is not None else 2
            if unquote(match[group]) == target:
                found.append(Link(target, line, match.start(group), match.end(group)))
    return found


def _heading_anchors(text: str) -> Iterator[str]:
    from handrail.text.plain import plain, slug

    words = plain(text).lower()
    yield re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", words))
    yield re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", words)).strip("-")
    yield slug(text, "")
