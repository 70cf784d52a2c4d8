"""The attribute list at the end of a title, as words with columns. Which words mean something is not known here.

The grammar is the one that Pandoc, kramdown and Python-Markdown users know, plus `@name`: `#id`, `@who`,
`key=value`, `key="quoted value"`, and bare words. A trailing `{…}` of any other form is ordinary text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from handrail.base.value import dataclass

_WORD = re.compile(
    r"""(?P<id>\#[^\s{}"'=]+)
    |(?P<who>@\{\{\s*[\w-]+\s*\}\}|@[^\s{}"'=()]+)
    |(?P<key>[A-Za-z][\w-]*)=(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s{}"'()]*\([^(){}"']*\)|[^\s{}"']+)
    |(?P<class>\.[A-Za-z][\w-]*)
    |(?P<flag>[A-Za-z][\w-]*)""",
    re.VERBOSE,
)
MAX_LINE = 20_000
_TEXT_BEFORE = ("$", "{", "\\", "#", "%")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of an attribute list. Columns count from 0 within the line that holds it."""

    kind: Literal["id", "who", "pair", "class", "flag"]
    key: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AttributeList:
    """An attribute list and where its brace opens; `words` may be empty (`{}` is text, so never that)."""

    words: tuple[Word, ...]
    start: int


def find_attributes(line: str, is_flag: Callable[[str], bool]) -> AttributeList | None:
    """Find the attribute list that ends a line, None where the line ends in ordinary text.

    A list of bare words alone counts only if `is_flag` knows each of them, so that `{name}` stays text.
    """
    stripped = line.rstrip()
    if not stripped.endswith("}") or len(stripped) > MAX_LINE:
        return None
    end = len(stripped) - 1
    start = end
    while True:
        start = stripped.rfind("{", 0, start)
        if start < 0:
            return None
        words = _words(stripped, start + 1, end)
        if words is not None:
            break
        if end - start > 2_000:
            return None
    if not words or not may_follow(stripped[:start]):
        return None
    if all(word.kind in {"flag", "class"} for word in words) and not all(
        word.kind == "flag" and is_flag(word.key) for word in words
    ):
        return None
    return AttributeList(words, start)


def may_follow(text: str) -> bool:
    """Tell whether a brace behind this text can open an attribute list: not where it belongs to what is before it."""
    return not text.endswith(_TEXT_BEFORE)


def _words(line: str, start: int, end: int) -> tuple[Word, ...] | None:
    found: list[Word] = []
    position = start
    while position < end:
        if line[position] in " \t":
            position += 1
            continue
        match = _WORD.match(line, position, end)
        if match is None or (match.end() < end and line[match.end()] not in " \t"):
            return None
        found.append(_word(match))
        position = match.end()
    return tuple(found)


def _word(match: re.Match[str]) -> Word:
    start, end = match.span()
    if match["id"]:
        return Word("id", "id", match["id"][1:], start, end)
    if match["who"]:
        return Word("who", "who", match["who"][1:], start, end)
    if match["key"]:
        value = match["value"]
        if value[:1] in {'"', "'"} and value[-1:] == value[:1]:
            value = value[1:-1]
        return Word("pair", match["key"], value, start, end)
    if match["class"]:
        return Word("class", match["class"], "", start, end)
    return Word("flag", match["flag"], "", start, end)


def quote(value: str) -> str:
    """Write a value so that it reads back: in quotes where it needs them. Line breaks become spaces."""
    value = " ".join(value.split())
    if value and re.fullmatch(r"""[^\s{}"'():,][^\s{}"'():]*|[^\s{}"'()]*[^\s{}"'():]""", value):
        return value
    if '"' not in value:
        return f'"{value}"'
    if "'" not in value:
        return f"'{value}'"
    return '"' + value.replace('"', "”") + '"'
