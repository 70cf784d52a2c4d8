"""What each kind of value looks like in JSON Schema (draft 7, which is what editors know).

A value that YAML takes for a number or a truth value is a text to Handrail: what is written counts. So a text may be
any single value, and a pattern binds only what is written as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from handrail.format import config, project, scalars
from handrail.format.front import person
from handrail.format.process import field_name

Schema = dict[str, Any]

NULL: Schema = {"type": "null"}
TEXT: Schema = {"type": ["string", "number", "boolean"]}
FLAG: Schema = {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^(?:[Tt]rue|[Ff]alse|[Yy]es|[Nn]o)$"}]}
TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": {"type": ["string", "number", "boolean", "null"]}}]}

_YEAR = "(?:19[7-9][0-9]|2[01][0-9][0-9]|2200)"
_DAY = f"{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_ANY_DAY = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK_TIME = "(?:[01][0-9]|2[0-4]):[0-5][0-9]"
_CLOCK = "(?:(?:[01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)"
_HOURS = rf"\s*{_CLOCK}\s*-\s*{_CLOCK}\s*"
_WEEKDAY = "(?:" + "|".join("".join(f"[{c.upper()}{c}]" for c in day) for day in config.DAYS) + ")"
_WEEKDAYS = f"{_WEEKDAY}(?:-{_WEEKDAY})?"
_SPAN = r"[0-9]{1,12}(?:\.[0-9]{1,3})?e?[mhdw]"
_AMOUNT = r"[0-9][0-9_]{0,14}(?:\.[0-9]{1,6})?"
_SHARE = r"[0-9]{1,4}(?:\.[0-9]{1,4})?"
_PART = r"[0-9]{1,2}(?:\.[0-9]{1,4})?%|100(?:\.0{1,4})?%|0(?:\.[0-9]{1,4})?|1(?:\.0{1,4})?"
_ODD = (
    r"\u0000-\u0020!-*,/:-@\[-^`{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u2000-\u206f\u20a0-\u20cf\u2190-\u245f\u2500-\u2bff"
)
"""What no name of a person has; letters of every script are left."""


def _pattern(text: str, *, bare: bool = False) -> str:
    return f"^(?:{text})$" if bare else rf"^\s*(?:{text})\s*$"


def _words(text: str, example: str, *, bare: bool = False) -> Schema:
    """Describe what is always written as text."""
    return {"type": "string", "pattern": _pattern(text, bare=bare), "examples": [example]}


def _number(text: str, example: Any, *, least: float | None = None, most: float | None = None) -> Schema:
    """Describe what may be a number, or a text of that form."""
    bounds = {"minimum": least, "maximum": most}
    return {
        "type": ["string", "number"],
        "pattern": _pattern(text),
        **{key: value for key, value in bounds.items() if value is not None},
        "examples": [example],
    }


_NAME: Schema = {
    "type": ["string", "number", "boolean"],
    "pattern": rf"^\s*@*[^{_ODD}+.-][^{_ODD}]{{0,62}}\s*$",
    "minimum": 0,
}

READERS: Mapping[Callable[[str], Any], Schema] = {
    config.read_hours: _words(f"{_HOURS}(?:,{_HOURS})*", "09:00-17:00", bare=True),
    config.read_hours_apart: _words(f"{_HOURS}(?:,{_HOURS})*", "09:00-17:00", bare=True),
    config.read_leave: _words(rf"{_DAY}\s*(?:\.\.\s*(?:{_DAY})?)?", "2026-12-24..2027-01-02"),
    config.read_pages: _number("[0-9]{1,9}|all", 500, least=0, most=999_999_999) | {"type": ["string", "integer"]},
    config.read_week: _words(rf"{_WEEKDAYS}(?:[,\s]+{_WEEKDAYS})*", "mon-fri"),
    config.read_zone: _words(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*", "Europe/Berlin", bare=True),
    person: _NAME | {"examples": ["@ana"]},
    project.read_delay: _words(f"[+-]?{_SPAN}", "5d"),
    project.read_impact: _number(r"[0-9][0-9_.]*\s*(?:[A-Z]{3}|[€$£¥])?", 8000, least=0),
    project.read_money: _number(r"[0-9][0-9_.]*\s*(?:[A-Z]{3}|[€$£¥])?", "40000 EUR", least=0),
    project.read_probability: _number(_PART, "30%", least=0, most=1),
    scalars.read_amount: _number(f"-?{_AMOUNT}", 1200),
    scalars.read_date: _words(_DAY, "2026-12-01"),
    scalars.read_positive: _words(rf"\+?{_SPAN}|-0+(?:\.0+)?e?[mhdw]", "2d"),
    scalars.read_share: _number(f"{_SHARE}%?", "80%", least=0, most=10),
    scalars.read_size: _words(r"[0-9]{1,9}(?:\.[0-9]{1,3})? *(?:B|[kKM]i?B)", "10 MiB"),
    scalars.read_time: _words(
        rf"{_ANY_DAY}T{_CLOCK_TIME}(?::[0-5][0-9])?(?:\.[0-9]+)?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})",
        "2026-11-23T09:12:00Z",
    ),
}
"""The reading functions of values, with what they accept. A test holds each pair together."""

NAMES: Mapping[Callable[[str], str], Schema] = {
    person: {"pattern": _NAME["pattern"]},
    config.channel_name: {"pattern": "^[A-Za-z][A-Za-z0-9_-]{0,62}$"},
    field_name: {"pattern": rf"^[A-Za-z_](?:[^{_ODD}+.]){{0,62}}$"},
}
"""The same for the names in a mapping."""


def or_nothing(shape: Schema) -> Schema:
    """Let a value be left out behind its key, as the readers do."""
    if "enum" in shape:
        return shape | {"enum": [*shape["enum"], None]}
    if "anyOf" in shape:
        return shape | {"anyOf": [*shape["anyOf"], NULL]}
    types = [shape["type"]] if isinstance(shape["type"], str) else shape["type"]
    return shape | {"type": [*types, "null"]}
