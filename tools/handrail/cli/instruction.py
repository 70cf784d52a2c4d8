"""An instruction's Markdown as plain text for a terminal: wrapped, links with their addresses, code left alone."""

from __future__ import annotations

import re
from textwrap import wrap

from handrail.text.plain import plain

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MARK = re.compile(r"( *)([-*+]|[0-9]{1,9}[.)]|#{1,6})[ \t]+")
_LINK = re.compile(r"\[([^\]\[]{1,300})\]\(<?([^()\s<>]{1,1000})>?(?: \"[^\"]{0,200}\")?\)")
_BOX = re.compile(r"(?:!!!|\?\?\?\+?|===[!+]?) *([\w -]*?) *(?:\"([^\"]*)\")? *")
_MOST_LINES = 200


def instruction_lines(markdown: str, width: int) -> list[str]:
    """Give the lines to print, none wider than `width` but code. Control characters never reach the terminal."""
    found: list[str] = []
    paragraph: list[str] = []
    fence = ""
    boxed = False
    for raw in markdown.strip("\n").split("\n")[:_MOST_LINES]:
        line = _quoted(_safe(raw))
        box = None if fence else _BOX.fullmatch(line)
        if box:
            # What a site shows as a box or a tab stands indented below its title.
            _flush(paragraph, found, width)
            found.append(f"{box[2] or box[1].capitalize()}:")
            boxed = True
            continue
        boxed = boxed and (not line or line.startswith("    "))
        line = line[4:] if boxed else line
        opening = _FENCE.match(line)
        if fence or opening or (line.startswith("    ") and not paragraph) or line.lstrip().startswith("|"):
            _flush(paragraph, found, width)
            if opening:
                fence = opening[1] if not fence else "" if line.strip().startswith(fence) else fence
            else:
                found.append(f"  {line}" if fence else line)
        elif not line.strip() or _MARK.match(line):
            _flush(paragraph, found, width)
            if line.strip():
                paragraph.append(line)
            elif found and found[-1]:
                found.append("")
        else:
            paragraph.append(line)
    _flush(paragraph, found, width)
    while found and not found[-1]:
        found.pop()
    return found


def _flush(paragraph: list[str], found: list[str], width: int) -> None:
    """Wrap what has been gathered of one paragraph or list item, with a hanging indent under a list mark."""
    if not paragraph:
        return
    text = " ".join(line.strip() for line in paragraph)
    mark = _MARK.match(paragraph[0])
    first = indent = ""
    if mark and not mark[2].startswith("#"):
        first = f"{mark[1]}{mark[2]} "
        indent = " " * len(first)
    text = text[len(mark[0].strip()) :].strip() if mark else text
    text = plain(_LINK.sub(lambda link: f"{link[1]} ({link[2]})" if link[1] != link[2] else link[2], text))
    lines = wrap(text, max(width, 20), initial_indent=first, subsequent_indent=indent, break_long_words=False)
    found.extend(lines or [""])
    paragraph.clear()


def _quoted(line: str) -> str:
    """Take the marks of a block quote off."""
    return re.sub(r"^ {0,3}(?:> ?)+", "", line)


def _safe(line: str) -> str:
    return "".join(char if char.isprintable() else " " for char in line.expandtabs(4)).rstrip()
