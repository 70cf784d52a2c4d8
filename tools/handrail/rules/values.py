"""Values that people give: whether they fit the field that they are for, and whether they are evidence."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from handrail.base.words import did_you_mean, one_line
from handrail.model.change import Refusal
from handrail.model.people import Config
from handrail.model.process import Field
from handrail.rules.flow import day_in

LONGEST = 4_000
_ADDRESS = re.compile(r"(?:https?://[^\s/?#]+\S*|mailto:\S+@\S+)\Z", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d][\w-]*\Z")
_KEY = re.compile(r"[\w][\w.+-]*\Z")


def read_fields(
    given: tuple[tuple[str, str], ...], *, known: Mapping[str, Field | None] | None, config: Config
) -> tuple[tuple[str, str], ...] | Refusal:
    """Give the values in the form in which they are kept, or refuse the first that does not fit.

    `known` are the fields that exist, with their definition where there is one; None where nobody knows.
    """
    found: dict[str, str] = {}
    for name, text in given:
        if not _NAME.match(name):
            return Refusal("bad-field", f"`{one_line(name)}` cannot be a field's name", "letters, digits, `_` and `-`")
        if known is not None and name not in known:
            return Refusal("unknown-field", f"There is no field `{name}`", did_you_mean(name, known))
        value = read_value(known.get(name) if known else None, name, text, config)
        if isinstance(value, Refusal):
            return value
        found[name] = value
    return tuple(found.items())


def read_value(field: Field | None, name: str, text: str, config: Config) -> str | Refusal:
    """Give one value as it is kept; an empty one clears the field."""
    value = one_line(text)
    if len(value) > LONGEST:
        return Refusal("bad-value", f"The value for `{name}` is longer than {LONGEST} characters")
    if field is None or not value:
        return value
    if field.choices and field.type != "list" and value not in field.choices:
        return _bad(name, value, "is none of the choices", did_you_mean(value, field.choices))
    reader = _READERS.get(field.type)
    kept = reader(field, value, config) if reader else value
    if isinstance(kept, Refusal):
        return kept
    return _within(field, kept)


def is_link(text: str) -> bool:
    """Tell whether a text is a web address, a mail address as a link, or a path inside the workspace."""
    return bool(_ADDRESS.match(text)) or (is_path(text) and not any(char.isspace() for char in text))


def is_path(text: str) -> bool:
    """Tell whether a text is a relative path that stays where it is."""
    if not text or text.startswith(("/", "\\", "~", "-")) or "\\" in text or "\0" in text:
        return False
    parts = text.split("/")
    return ":" not in parts[0] and ".." not in parts


def is_known_person(name: str, config: Config) -> bool:
    """Tell whether a name means somebody: all well-formed ones do where the workspace lists nobody."""
    if not config.people and not config.teams:
        return bool(_KEY.match(name))
    return name in config.people or name in config.teams


def who_instead(name: str, config: Config) -> str:
    """Give whom a wrong name may have meant."""
    return did_you_mean(name, (*config.people, *config.teams))


def _bad(name: str, value: str, why: str, hint: str = "") -> Refusal:
    shown = value if len(value) <= 60 else f"{value[:59]}…"
    return Refusal("bad-value", f"`{name}`: `{shown}` {why}", hint)


def _number(field: Field, value: str, _: Config) -> str | Refusal:
    try:
        usable = math.isfinite(float(value)) and "_" not in value
    except ValueError:
        usable = False
    return value if usable else _bad(field.name, value, "is no number", "as in 12 or 12.5")


def _date(field: Field, value: str, _: Config) -> str | Refusal:
    day = day_in(value)
    return day.isoformat() if day else _bad(field.name, value, "is no date", "as in 2026-12-01")


def _person(field: Field, value: str, config: Config) -> str | Refusal:
    key = value.lstrip("@")
    return key if is_known_person(key, config) else _bad(field.name, value, "is nobody here", who_instead(key, config))


def _link(field: Field, value: str, _: Config) -> str | Refusal:
    return value if is_link(value) else _bad(field.name, value, "is no link", "as in https://example.org/page")


def _file(field: Field, value: str, _: Config) -> str | Refusal:
    return value if is_path(value) else _bad(field.name, value, "is no path in the workspace", "as in files/a.pdf")


def _list(field: Field, value: str, _: Config) -> str | Refusal:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    wrong = [part for part in parts if field.choices and part not in field.choices]
    if wrong:
        return _bad(field.name, wrong[0], "is none of the choices", did_you_mean(wrong[0], field.choices))
    return ", ".join(parts)


_READERS: dict[str, Callable[[Field, str, Config], str | Refusal]] = {
    "number": _number,
    "date": _date,
    "person": _person,
    "link": _link,
    "file": _file,
    "list": _list,
}


def _within(field: Field, value: str) -> str | Refusal:
    """Hold a value against its field's pattern and limits. Limits of a field are checked when it is read."""
    if field.pattern:
        try:
            fits = re.fullmatch(field.pattern, value) is not None
        except re.error:
            fits = True
        if not fits:
            return _bad(field.name, value, f"does not fit the pattern `{field.pattern}`")
    for limit, sign, word in ((field.min, 1, "less"), (field.max, -1, "more")):
        if limit and _distance(field.type, value, limit) * sign < 0:
            return _bad(field.name, value, f"is {word} than {limit}")
    return value


def _distance(kind: str, value: str, limit: str) -> float:
    """Give by how much a value is above a limit: of numbers and dates, else of the text's length."""
    if kind == "date":
        day, other = day_in(value), day_in(limit)
        return (day - other).days if day and other else 0
    try:
        return (float(value) if kind == "number" else len(value)) - float(limit)
    except ValueError:
        return 0
