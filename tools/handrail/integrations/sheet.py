"""Rows of a CSV file, however a spreadsheet saved it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from datetime import date
from io import StringIO

from handrail.base.errors import NotAllowed
from handrail.base.value import dataclass

MOST_ROWS = 20_000
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet may run, apostrophes before it included."""
_DELIMITERS = (",", ";", "\t", "|")
_NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The named columns and the rows, each a mapping by column name; an unnamed column is left out."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    line: int  # of the header


def decode(data: bytes) -> str:
    """Give the text of a file in UTF-8, UTF-16 with a mark, or else Windows-1252, as spreadsheets save it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read_sheet(name: str, text: str, is_header: Callable[[tuple[str, ...]], bool]) -> Sheet:
    """Read rows below the first one that is a header: what stands above it (titles, empty rows) is passed over.

    Raises NotAllowed where there is no such row within the first 20, or a row cannot be read.
    """
    if "\0" in text:
        raise NotAllowed(f"`{name}` is not a CSV file.", "Export it as CSV.")
    for delimiter in sorted(_DELIMITERS, key=lambda sign: -text[:4000].count(sign)):
        found = _try(name, text, delimiter, is_header)
        if found is not None:
            return found
    raise NotAllowed(f"`{name}` has no row that names the columns.", "The first row must hold the columns' names.")


def _try(name: str, text: str, delimiter: str, is_header: Callable[[tuple[str, ...]], bool]) -> Sheet | None:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    header: tuple[str, ...] = ()
    rows: list[dict[str, str]] = []
    line = 0
    try:
        for cells in reader:
            if not header:
                names = tuple(" ".join(cell.split()) for cell in cells)
                if is_header(names):
                    header, line = names, reader.line_num
                elif reader.line_num > 20:
                    return None
            elif any(cell.strip() for cell in cells):
                rows.append(_row(header, cells))
                if len(rows) > MOST_ROWS:
                    raise NotAllowed(f"`{name}` has more than {MOST_ROWS:,} rows.", "Split it.")
    except csv.Error as error:
        raise NotAllowed(f"`{name}`, line {reader.line_num}: the row cannot be read: {error}.") from None
    return Sheet(tuple(name for name in header if name), tuple(rows), line) if header else None


def _row(header: tuple[str, ...], cells: list[str]) -> dict[str, str]:
    row: dict[str, str] = {}
    for name, cell in zip(header, cells, strict=False):
        if name and not row.get(name):
            row[name] = as_written(cell).strip()
    return row


def as_written(cell: str) -> str:
    """Give a cell without the apostrophe that keeps spreadsheets from running it."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def paragraphs(*parts: str) -> str:
    """Join texts that people wrote; a code block that one leaves open ends with it."""
    whole = []
    for part in parts:
        fences = re.findall(r"^\s*(```|~~~)", part, re.MULTILINE)
        whole.append(f"{part}\n{fences[-1]}" if len(fences) % 2 else part)
    return "\n\n".join(part for part in whole if part.strip())


def date_reader(values: Iterable[str], order: str = "") -> Callable[[str], date | None]:
    """Give a function that reads the dates of a column, which are all written alike.

    `order` is `dmy` or `mdy` for numeric dates; where it is empty, a part above 12 in any of `values` decides, and days
    come first where none does. The function gives None for an empty or unreadable text.
    """
    if not order:
        parts = [match for match in (_NUMERIC.match(value) for value in values) if match]
        month_first = any(int(match[2]) > 12 for match in parts) and not any(int(match[1]) > 12 for match in parts)
        order = "mdy" if month_first else "dmy"

    def read(text: str) -> date | None:
        text = text.strip()
        try:
            if re.match(r"\d{4}-\d\d-\d\d", text):
                return date.fromisoformat(text[:10])
            match = _NUMERIC.match(text)
            if match is None:
                return None
            first, second, year = int(match[1]), int(match[2]), int(match[3])
            day, month = (first, second) if order == "dmy" else (second, first)
            return date(year + 2000 if year < 100 else year, month, day)
        except ValueError:
            return None

    return read


def ambiguous(values: Iterable[str]) -> bool:
    """Tell whether a column has numeric dates of which none says whether days or months come first."""
    parts = [match for match in (_NUMERIC.match(value.strip()) for value in values) if match]
    return bool(parts) and all(int(match[1]) <= 12 and int(match[2]) <= 12 for match in parts)
