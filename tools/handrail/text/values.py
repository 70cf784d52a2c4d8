"""YAML as nodes with positions, scalars as they are written.

YAML 1.1 turns `no` into false and `12:30` into 750, and takes the last of two equal keys in silence. Reading
the node tree avoids all of that: each field's reader decides what its scalar means.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.base.words import one_line

MAX_BYTES = 64 * 1024
MAX_DEPTH = 32

Kind = Literal["text", "list", "map", "null"]


@dataclass(frozen=True, slots=True)
class Value:
    """One node. `text` is the scalar as written; `surprise` says how YAML 1.1 would read it, if otherwise."""

    kind: Kind
    place: Place
    text: str = ""
    surprise: str = ""
    items: tuple[Value, ...] = ()
    entries: tuple[tuple[Value, Value], ...] = ()

    def get(self, key: str) -> Value | None:
        """Give the first value of a key in a map."""
        return next((value for name, value in self.entries if name.text == key), None)


@dataclass(frozen=True, slots=True)
class ReadValues:
    """The root node (None where it cannot be read or there is none) and what is wrong."""

    root: Value | None
    problems: tuple[Problem, ...] = ()


def read_values(path: str, text: str, first_line: int = 1, *, max_bytes: int = MAX_BYTES) -> ReadValues:
    """Read one YAML document whose first line is line `first_line` of the file.

    Refuses what could hurt (size, nesting, tags, aliases) and duplicate keys. Never raises for bad input.
    """
    danger = _danger(text, max_bytes)
    if danger:
        return ReadValues(None, (Problem("yaml-refused", "error", Place(path, first_line, 1), danger),))
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        return ReadValues(None, (_syntax_problem(path, first_line, error),))
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        message = one_line(str(error))[:200]
        return ReadValues(None, (Problem("yaml-syntax", "error", Place(path, first_line, 1), message),))
    if node is None:
        return ReadValues(None)
    reader = _NodeReader(path, first_line, text.split("\n"))
    value = reader.read(node)
    return ReadValues(value, tuple(reader.problems))


def _danger(text: str, max_bytes: int) -> str:
    if len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        return f"the YAML is larger than {max_bytes // 1024} KiB"
    depth = 0
    for char in text:
        if char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                return f"brackets are nested more than {MAX_DEPTH} deep"
        elif char in "]}":
            depth = max(0, depth - 1)
    # The C loader recurses once a level and a run of "- - -" nests without brackets.
    for line in text.split("\n"):
        words = line.split(maxsplit=MAX_DEPTH + 1)
        if len(words) > MAX_DEPTH and all(word in {"-", "?", ":"} for word in words[:MAX_DEPTH]):
            return f"lists are nested more than {MAX_DEPTH} deep"
        if len(line) - len(line.lstrip(" ")) > 8 * MAX_DEPTH:
            return f"a line is indented by more than {8 * MAX_DEPTH} spaces"
    return ""


def _syntax_problem(path: str, first_line: int, error: Any) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    said = one_line(error.problem or "this is not YAML")
    hint = "check the indentation and the quotes"
    if "cannot start any token" in said:
        hint = 'put the value in quotes: "@ana"'
    elif "mapping values are not allowed" in said:
        hint = 'a value with a colon needs quotes: title: "Release: one"'
    return Problem("yaml-syntax", "error", Place(path, first_line + line, column + 1), f"YAML: {said}", hint)


_SEXAGESIMAL = re.compile(r"[-+]?[0-9]+(:[0-9]+)+(\.[0-9]*)?")


def _surprise(node: Any) -> str:
    if node.style:
        return ""
    tag = node.tag.rpartition(":")[2]
    if tag == "bool" and node.value.lower() not in {"true", "false"}:
        return "true" if node.value.lower() in {"yes", "on"} else "false"
    if tag in {"int", "float"} and _SEXAGESIMAL.fullmatch(node.value):
        return "a number in base 60"
    if tag == "int" and re.fullmatch(r"[-+]?0[0-9]+", node.value):
        return "a number in base 8"
    return ""


class _NodeReader:
    """Turns PyYAML nodes into values, collecting problems. Depth is bounded before it is used."""

    def __init__(self, path: str, first_line: int, lines: list[str]) -> None:
        self.path = path
        self.first_line = first_line
        self.lines = lines
        self.problems: list[Problem] = []
        self.seen: set[int] = set()

    def place(self, node: Any) -> Place:
        start, end = node.start_mark, node.end_mark
        end_column = end.column + 1 if end.line == start.line else 0
        return Place(self.path, self.first_line + start.line, start.column + 1, end_column)

    def report(self, code: str, node: Any, message: str, hint: str = "") -> None:
        self.problems.append(Problem(code, "error", self.place(node), message, hint))

    def read(self, node: Any) -> Value:
        place = self.place(node)
        if id(node) in self.seen:
            self.report("yaml-alias", node, "YAML aliases (`*name`) are not supported", "write the value out")
            return Value("null", place)
        self.seen.add(id(node))
        if not node.tag.startswith("tag:yaml.org,2002:") or node.tag.rpartition(":")[2] in {"binary", "set", "omap"}:
            self.report("yaml-tag", node, f"the YAML tag `{one_line(node.tag)[:60]}` is not supported", "remove it")
        if node.id == "sequence":
            return Value("list", place, items=tuple(self.read(child) for child in node.value))
        if node.id == "mapping":
            return Value("map", place, entries=self.entries(node))
        return self.scalar(node, place)

    def scalar(self, node: Any, place: Place) -> Value:
        if not node.style and node.tag.endswith(":null"):
            return Value("null", place)
        self.warn_of_comment(node)
        return Value("text", place, text=node.value, surprise=_surprise(node))

    def warn_of_comment(self, node: Any) -> None:
        if node.style or node.end_mark.line >= len(self.lines):
            return
        rest = self.lines[node.end_mark.line][node.end_mark.column :].lstrip()
        if re.match(r"#[0-9A-Za-z]", rest):
            message = f"YAML reads `{one_line(rest)[:40]}` as a comment: the value ends before it"
            self.problems.append(
                Problem("yaml-comment", "warning", self.place(node), message, "put the whole value in quotes")
            )

    def entries(self, node: Any) -> tuple[tuple[Value, Value], ...]:
        found: list[tuple[Value, Value]] = []
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            key, value = self.read(key_node), self.read(value_node)
            if key.kind != "text":
                self.report("yaml-key", key_node, "a key must be plain text", "put it in quotes")
                continue
            if key.text in first:
                message = f"the key `{key.text}` stands twice, first in line {first[key.text]}"
                self.report("duplicate-key", key_node, message, "keep one of them")
                continue
            first[key.text] = key.place.line
            found.append((key, value))
        return tuple(found)
