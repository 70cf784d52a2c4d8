"""A CSV file as a table: the first row names the columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.format.reading import Reading

DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one row by column, without white space around; `line` is where it begins, from 1."""

    line: int
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, in order, and the rows that hold anything."""

    line: int
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: str, text: str) -> Reading[Table]:
    """Read CSV (RFC 4180) with `,`, `;` or tab between: the one that the first row has most of.

    A line `sep=;` before it, as spreadsheets write it, is heeded. Columns without a name must be empty; a short row is
    filled up. The value is None where the first row or the file as a whole is unusable; other problems
    are each about a row that is left out.
    """
    problems: list[Problem] = []
    lines = _rows(path, text.removeprefix("\ufeff"), problems)
    line, header = next(lines, (1, []))
    columns = tuple(" ".join(cell.split()) for cell in header)
    problems.extend(_header_problems(path, line, columns) if not problems else ())
    if problems:
        return Reading(None, tuple(problems))
    rows: list[Row] = []
    spoilt: list[Problem] = []
    for number, cells in lines:
        values = tuple(zip(columns, (cell.strip() for cell in cells), strict=False))
        if any(cell.strip() for cell in cells[len(columns) :]) or any(not name and value for name, value in values):
            message = "the row has a value in a column that the first row does not name"
            hint = "a value with a delimiter in it stands in double quotes"
            spoilt.append(Problem("bad-row", "error", Place(path, number), message, hint))
            continue
        rows.append(Row(number, tuple((name, value) for name, value in values if name)))
    if problems:
        return Reading(None, tuple(problems))
    return Reading(Table(line, tuple(name for name in columns if name), tuple(rows)), tuple(spoilt))


def _rows(path: str, text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Give each row that holds anything, with the line that it begins in."""
    said = re.match(r"sep=([,;\t])\r?\n", text, re.IGNORECASE)
    skipped = 1 if said else 0
    body = text[said.end() :] if said else text
    reader = csv.reader(StringIO(body, newline=""), delimiter=said[1] if said else _delimiter(body), strict=True)
    line = 1 + skipped
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"the row cannot be read: {error}"
            hint = 'double quotes around a value, and `""` for one within it'
            problems.append(Problem("bad-row", "error", Place(path, line), message, hint))
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1 + skipped


def _delimiter(text: str) -> str:
    """Give the delimiter that stands most often in the first line that holds anything, outside double quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"(?:[^"]|"")*"', "", first)
    return max(DELIMITERS, key=bare.count)


def _header_problems(path: str, line: int, columns: tuple[str, ...]) -> Iterator[Problem]:
    named = [name for name in columns if name]
    if not named:
        yield Problem("bad-header", "error", Place(path, line), "the file is empty", "its first row names the columns")
    for name in dict.fromkeys(named):
        if named.count(name) > 1:
            message = f"the column `{name[:60]}` stands twice"
            yield Problem("bad-header", "error", Place(path, line), message, "give one of them another name")
