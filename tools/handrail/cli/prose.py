"""Markdown prose on a terminal: paragraphs filled to its width, code and tables as they are."""

from __future__ import annotations

import re
from textwrap import wrap

_STRUCTURE = re.compile(r"\s*([-*+>#|]|\d+[.)]\s|!!!|\?\?\?|===)")
_LISTED = re.compile(r"\s*([-*+]|\d+[.)])\s+")
_FENCE = re.compile(r"\s*(```|~~~)")


def prose_lines(markdown: str, width: int) -> list[str]:
    """Give the lines to print: a paragraph is filled anew only where one of its lines is too long."""
    lines: list[str] = []
    paragraph: list[str] = []
    in_code = False
    for line in map(safe_line, markdown.strip().splitlines()):
        fence = bool(_FENCE.match(line))
        apart = in_code or fence or not line or line.lstrip().startswith("|")
        if apart or _STRUCTURE.match(line):
            lines += _filled(paragraph, width)
            paragraph = []
        if apart:
            lines.append(line)
        else:
            paragraph.append(line)
        in_code ^= fence
    return lines + _filled(paragraph, width)


def safe_line(line: str) -> str:
    """Make a line safe for a terminal, its indentation kept."""
    line = line.expandtabs(4)
    inner = line.lstrip(" ")
    shown = "".join(char if char.isprintable() or char in "\u200d\ufe0f" else " " for char in inner)
    return " " * (len(line) - len(inner)) + shown.rstrip()


def _filled(paragraph: list[str], width: int) -> list[str]:
    if all(len(line) <= width for line in paragraph):
        return paragraph
    first = paragraph[0]
    listed = _LISTED.match(first)
    hang = " " * (len(listed.group()) if listed else len(first) - len(first.lstrip()))
    text = " ".join([first.rstrip(), *(line.strip() for line in paragraph[1:])])
    return wrap(text, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
