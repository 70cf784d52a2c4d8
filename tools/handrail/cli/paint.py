"""Text for a terminal: what a line's width is, how it is cut, coloured and put into columns.

A character of a wide script or an emoji takes two cells, a combining mark none. What people wrote in titles is
made safe first: no control character ever reaches the terminal.
"""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import click

from handrail.base.value import dataclass

_PIPE_WIDTH = 120
_NARROWEST = 40
_WIDEST = 160
_JOINERS = "\u200d\ufe0f\ufe0e"
_SYMBOLS = {
    "done": ("✓", "x"),
    "skipped": ("–", "-"),
    "na": ("·", "."),
    "cancelled": ("×", "-"),
    "ready": ("○", "o"),
    "doing": ("◐", "*"),
    "blocked": ("■", "#"),
    "waiting": ("·", " "),
    "arrow": ("→", "->"),
    "deeper": ("›", ">"),
    "ellipsis": ("…", "~"),
    "alert": ("!", "!"),
    "milestone": ("◆", "+"),
    "point": ("▸", ">"),
    "dot": ("·", "-"),
    "line": ("─", "-"),
    "full": ("█", "#"),
    "empty": ("░", "."),
}
STATE_STYLES: dict[str, dict[str, Any]] = {
    "done": {"fg": "green"},
    "skipped": {"dim": True},
    "na": {"dim": True},
    "cancelled": {"dim": True},
    "ready": {"fg": "cyan"},
    "doing": {"fg": "cyan", "bold": True},
    "blocked": {"fg": "yellow"},
    "waiting": {"dim": True},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A text that takes one style. `width` is how many cells it takes on a terminal."""

    text: str
    style: tuple[tuple[str, Any], ...] = ()

    @property
    def width(self) -> int:
        """The cells that it takes."""
        return width_of(self.text)


@dataclass(frozen=True, slots=True)
class Column:
    """How a column of a table behaves: `least` is how narrow it may get where the line is too long (0: never)."""

    least: int = 0
    right: bool = False
    most: int = 0  # never wider than this; 0: as wide as it needs


@dataclass(frozen=True, slots=True)
class Paint:
    """What the terminal can do."""

    width: int = 80
    color: bool = False
    unicode: bool = True

    def sign(self, name: str) -> str:
        """Give a symbol, in ASCII where the terminal's encoding has no other."""
        return _SYMBOLS[name][0 if self.unicode else 1]

    def cell(self, text: str, **style: Any) -> Cell:
        """Make a text safe and give it a style (as `click.style` takes them)."""
        return Cell(self.safe(text), tuple(style.items()))

    def safe(self, text: str) -> str:
        """Give a text without control characters, in what the terminal's encoding can show."""
        clean = safe(text)
        if self.unicode or clean.isascii():
            return clean
        for signs, ascii_signs in _SYMBOLS.values():
            clean = clean.replace(signs, ascii_signs)
        return clean

    def style(self, text: str, **style: Any) -> str:
        """Colour a text, where colours are wanted."""
        return click.style(text, **style) if self.color and style and text else text

    def bar(self, share: float, width: int) -> str:
        """Draw a progress bar: full only where all is done, empty only where nothing is."""
        full = round(share * width)
        if 0 < share < 1:
            full = min(max(full, 1), width - 1)
        return self.sign("full") * full + self.sign("empty") * (width - full)

    def cut(self, text: str, width: int) -> str:
        """Shorten a text to so many cells, with an ellipsis where something is missing."""
        if width_of(text) <= width:
            return text
        room = width - 1
        kept, used = [], 0
        for char in text:
            size = char_width(char)
            if used + size > room:
                break
            kept.append(char)
            used += size
        return "".join(kept).rstrip() + self.sign("ellipsis") if width > 0 else ""

    def line(self, *cells: Cell, indent: int = 0, gap: str = "  ") -> str:
        """Put cells side by side on one line, cut at the terminal's width."""
        room = self.width - indent
        parts: list[str] = []
        for cell in cells:
            if not cell.text:
                continue
            before = gap if parts else ""
            text = self.cut(cell.text, room - len(before))
            if not text or room <= len(before):
                break
            parts.append(before + self.style(text, **dict(cell.style)))
            room -= len(before) + width_of(text)
        return " " * indent + "".join(parts)

    def table(self, rows: Sequence[Sequence[Cell]], columns: Sequence[Column], indent: int = 2) -> list[str]:
        """Lay rows out in columns; columns that may shrink do so, the widest first, until a line fits."""
        if not rows:
            return []
        widths = self._widths(rows, columns, indent)
        return [self._row(row, columns, widths, indent) for row in rows]

    def heading(self, text: str, aside: str = "") -> str:
        """Give a heading, with something less loud behind it."""
        return self.line(self.cell(text, bold=True), self.cell(aside, dim=True))

    def _widths(self, rows: Sequence[Sequence[Cell]], columns: Sequence[Column], indent: int) -> list[int]:
        widths = [max(row[number].width for row in rows) for number in range(len(columns))]
        widths = [min(wide, column.most or wide) for wide, column in zip(widths, columns, strict=True)]
        used = [number for number, wide in enumerate(widths) if wide]
        excess = indent + sum(widths) + 2 * (len(used) - 1) - self.width
        while excess > 0:
            able = [number for number in used if columns[number].least and widths[number] > columns[number].least]
            if not able:
                break
            widest = max(able, key=lambda number: (widths[number] / columns[number].least, number))
            widths[widest] -= 1
            excess -= 1
        return widths

    def _row(self, row: Sequence[Cell], columns: Sequence[Column], widths: Sequence[int], indent: int) -> str:
        parts = []
        room = self.width - indent
        for cell, column, width in zip(row, columns, widths, strict=True):
            if not width or room <= 0:
                continue
            text = self.cut(cell.text, min(width, room))
            room -= width + 2
            fill = " " * (width - width_of(text))
            shown = self.style(text, **dict(cell.style))
            parts.append(fill + shown if column.right else shown + fill)
        return (" " * indent + "  ".join(parts)).rstrip()


def paint_for_terminal() -> Paint:
    """Give what the terminal of this command can do; a pipe gets plain text, wide enough to search."""
    terminal = sys.stdout.isatty()
    asked = os.environ.get("COLUMNS", "")
    width = shutil.get_terminal_size((80, 24)).columns if terminal or asked.isdigit() else _PIPE_WIDTH
    encoding = (getattr(sys.stdout, "encoding", "") or "utf-8").lower().replace("_", "-")
    return Paint(
        width=min(max(width, _NARROWEST), _WIDEST),
        color=terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        unicode=encoding.startswith("utf"),
    )


def safe(text: str) -> str:
    """Give a text on one line without control characters and marks that turn the writing direction."""
    if text.isascii() and text.isprintable():
        return text
    kept = [
        char if char.isprintable() or char in _JOINERS else "" if unicodedata.category(char) == "Cf" else " "
        for char in text
    ]
    return " ".join("".join(kept).split())


def width_of(text: str) -> int:
    """Give the cells that a text takes on a terminal."""
    return len(text) if text.isascii() else sum(char_width(char) for char in text)


@lru_cache(maxsize=4096)
def char_width(char: str) -> int:
    """Give the cells of one character: two for wide ones, none for what stands on the one before."""
    if char in _JOINERS or unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
