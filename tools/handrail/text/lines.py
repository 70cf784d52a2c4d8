"""Lines of a file with the newline that each one has, so that writing back changes nothing else."""

from __future__ import annotations

import re

from handrail.base.value import dataclass

# CommonMark counts exactly these as line endings; str.splitlines knows eight more.
_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text: `texts` without their endings, `endings` beside them (the last may be empty)."""

    texts: tuple[str, ...]
    endings: tuple[str, ...]

    @property
    def newline(self) -> str:
        """The ending that new lines get: the first one in the file, a line feed where there is none."""
        return next((ending for ending in self.endings if ending), "\n")

    def joined(self) -> str:
        """Give the text back, every byte of it."""
        return "".join(text + ending for text, ending in zip(self.texts, self.endings, strict=True))


def split_lines(text: str) -> Lines:
    """Split a text at CommonMark's line endings. `split_lines(text).joined() == text` for every text."""
    pairs = [(match[1], match[2]) for match in _LINE.finditer(text) if match[0]]
    return Lines(tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs))


def indent_of(line: str) -> int:
    """Give the column at which the line's text begins, tabs to every fourth column."""
    column = 0
    for char in line:
        if char == "\t":
            column += 4 - column % 4
        elif char == " ":
            column += 1
        else:
            break
    return column


def dedent(line: str, columns: int, *, quoted: bool = False) -> str:
    """Take up to `columns` columns of white space off the front (and quote marks, inside a block quote)."""
    column = position = 0
    while position < len(line) and column < columns:
        char = line[position]
        if char == "\t":
            step = 4 - column % 4
            if column + step > columns:
                return " " * (column + step - columns) + line[position + 1 :]
            column += step
        elif char == " " or (quoted and char == ">"):
            column += 1
        else:
            break
        position += 1
    return line[position:]
