"""Typed reading of front matter and `handrail.yml`: one method per type, problems collected, nothing raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Protocol, Self, TypeVar

from handrail.base.place import Place
from handrail.base.problem import Fix, Level, Problem
from handrail.base.value import dataclass
from handrail.base.words import did_you_mean, nearest, slip
from handrail.format import scalars
from handrail.format.remedy import as_meant
from handrail.model.calendar import Duration
from handrail.text.values import Value

T = TypeVar("T")
ERROR: Level = "error"
WARNING: Level = "warning"
_NAMES = {"text": "a single value", "list": "a list", "map": "a mapping of keys to values", "null": "empty"}
_AS_TEXT = "write one value; where it has brackets or braces of its own, put it in quotes"
_AS_MAP = "write `{key: value}`, or a line `key: value` for each, further to the right"


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in a mapping may be: a function that gives the name or raises ValueError, and how that is told."""

    read: Callable[[str], str]
    code: str
    hint: str


class MapReader:
    """Reads the keys of one mapping. Ask for every known key, then call `unknown` for the rest."""

    def __init__(self, value: Value | None, problems: list[Problem], where: str, place: Place) -> None:
        self.problems = problems
        self.where = where
        self.place = value.place if value else place
        self.known: list[str] = []
        self.values: dict[str, Value] = {}
        self.keys: dict[str, Value] = {}
        if value is not None and value.kind == "map":
            self.values = {key.text: entry for key, entry in value.entries}
            self.keys = {key.text: key for key, _ in value.entries}
        elif value is not None and value.kind != "null":
            self.report("bad-type", value, f"{where} must be {_NAMES['map']}, not {_NAMES[value.kind]}", _AS_MAP)

    def report(
        self, code: str, value: Value, message: str, hint: str = "", level: Level = "error", *, meant: str = ""
    ) -> None:
        """Add a problem at the place of a node; `meant` is what alone can have been meant."""
        fix = Fix(value.text, meant) if meant else None
        self.problems.append(Problem(code, level, value.place, message, hint, fix=fix))

    def spots(self, *keys: str) -> dict[str, Place]:
        """Give the places of values by key, those of a mapping's entries by `key:name`; of all keys by default."""
        found: dict[str, Place] = {}
        for key in keys or self.values:
            value = self.values.get(key)
            if value is not None:
                found[key] = value.place
                found.update((f"{key}:{name.text}", entry.place) for name, entry in value.entries)
        return found

    def raw(self, key: str) -> Value | None:
        """Give the node of a key, None where it is not there or empty."""
        self.known.append(key)
        value = self.values.get(key)
        return None if value is None or value.kind == "null" else value

    def missing(self, key: str) -> bool:
        """Tell whether a key that must be there is not."""
        return self.raw(key) is None

    def within(self, value: Value | None, where: str, place: Place) -> Self:
        """Give a reader of a mapping inside this one."""
        return type(self)(value, self.problems, where, place)

    def nested(self, key: str) -> Self:
        """Give a reader of the mapping under a key."""
        return self.within(self.raw(key), f"`{key}`", self.place)

    def word_or_nested(self, key: str, word: str) -> Self | None:
        """Give a reader of the mapping under a key; None where that one word stands there."""
        value = self.raw(key)
        if value is not None and value.kind == "text" and value.text == word:
            return None
        return self.within(value, f"`{key}`", self.place)

    def each(
        self, key: str, about: str, names: Names, *, short: bool = False
    ) -> Iterator[tuple[str, Value, Self | str]]:
        """Give each name under a key with a reader of what it has; with `short`, a single value as text instead."""
        for name, value in self.entries(key):
            try:
                said = names.read(name.text)
            except ValueError as error:
                self.report(names.code, name, str(error), names.hint)
                continue
            one_word = short and value.kind == "text"
            yield said, name, value.text if one_word else self.within(value, f"{about} `{said}`", name.place)

    def rows(self, key: str, about: str) -> Iterator[Self]:
        """Give a reader for each mapping in a list."""
        value = self.raw(key)
        if value is not None and value.kind != "list":
            self.report("bad-type", value, f"`{key}` must be a list")
        for entry in value.items if value is not None else ():
            yield self.within(entry, about, entry.place)

    def many(self, key: str, reader: Callable[[str], T], hint: str) -> tuple[T, ...]:
        """Read each entry of a list, or one value alone, by a function that raises ValueError with a sentence."""
        value = self.raw(key)
        found: list[T] = []
        for entry in () if value is None else value.items if value.kind == "list" else (value,):
            try:
                found.append(reader(entry.text))
            except ValueError as error:
                self.report("bad-value", entry, f"`{key}`: {error}", hint)
        return tuple(found)

    def scalar(self, key: str) -> Value | None:
        """Give the node of a key that must be a single value; warns where YAML 1.1 would read it otherwise."""
        value = self.raw(key)
        if value is None:
            return None
        if value.kind != "text":
            self.report("bad-type", value, f"`{key}` must be {_NAMES['text']}, not {_NAMES[value.kind]}", _AS_TEXT)
            return None
        if value.surprise:
            message = f"other programs read `{value.text}` as {value.surprise}"
            quoted = f'"{value.text}"'
            self.report("yaml-surprise", value, message, f"write {quoted} in quotes", "warning", meant=quoted)
        return value

    def text(self, key: str, default: str = "") -> str:
        """Give a single value as text, `default` where it is not there."""
        value = self.scalar(key)
        return value.text.strip() if value else default

    def read(self, key: str, reader: Callable[[str], T], default: T, hint: str = "") -> T:
        """Read a single value by a function that raises ValueError with a sentence."""
        value = self.scalar(key)
        if value is None:
            return default
        try:
            return reader(value.text)
        except ValueError as error:
            self.report("bad-value", value, f"`{key}`: {error}", hint, meant=as_meant(value.text, reader))
            return default

    def date(self, key: str) -> date | None:
        """Give a calendar date, None where there is none that can be read."""
        return self.read(key, scalars.read_date, None, scalars.DATE_HINT)

    def time(self, key: str) -> datetime | None:
        """Give an RFC 3339 time in UTC, None where there is none that can be read."""
        return self.read(key, scalars.read_time, None, scalars.TIME_HINT)

    def span(self, key: str) -> Duration | None:
        """Give a span of time that is not negative, None where there is none that can be read."""
        return self.read(key, scalars.read_positive, None, scalars.DURATION_HINT)

    def choice(self, key: str, choices: Iterable[str], default: str) -> str:
        """Give one of a few words, `default` where it is not there or is another one."""
        allowed = tuple(choices)
        value = self.scalar(key)
        if value is None or value.text in allowed:
            return value.text if value else default
        message = f"`{key}`: `{value.text}` is none of {', '.join(allowed)}"
        self.report(
            "bad-value", value, message, did_you_mean(value.text, allowed), meant=slip(value.text.strip(), allowed)
        )
        return default

    def flag(self, key: str, default: bool = False) -> bool:
        """Give true or false, `default` where it is not there or neither."""
        value = self.raw(key)
        if value is None:
            return default
        words = {"true": True, "yes": True, "false": False, "no": False}
        if value.kind != "text" or value.text.lower() not in words:
            self.report("bad-value", value, f"`{key}` must be true or false", "write `true` or `false`")
            return default
        return words[value.text.lower()]

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of single values; one value alone counts as a list of one."""
        value = self.raw(key)
        if value is None:
            return ()
        if value.kind == "text":
            return (value.text.strip(),) if value.text.strip() else ()
        if value.kind == "map":
            self.report("bad-type", value, f"`{key}` must be a list, not {_NAMES['map']}", "write `[one, two]`")
            return ()
        return tuple(self.entry_text(key, entry) for entry in value.items if entry.kind != "null")

    def entry_text(self, key: str, value: Value) -> str:
        """Give one entry of a list as text, empty where it is none."""
        if value.kind != "text":
            self.report("bad-type", value, f"each entry of `{key}` must be {_NAMES['text']}", _AS_TEXT)
            return ""
        return value.text.strip()

    def entries(self, key: str) -> tuple[tuple[Value, Value], ...]:
        """Give the pairs of a nested mapping."""
        value = self.raw(key)
        if value is None:
            return ()
        if value.kind != "map":
            self.report("bad-type", value, f"`{key}` must be {_NAMES['map']}, not {_NAMES[value.kind]}", _AS_MAP)
            return ()
        return value.entries

    def people(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """Read names to one or more people: `{sales: ana, success: [ben, chi]}`."""
        found: dict[str, tuple[str, ...]] = {}
        for name, value in self.entries(key):
            entries = value.items if value.kind == "list" else () if value.kind == "null" else (value,)
            found[name.text] = tuple(
                person.lstrip("@") for person in (self.entry_text(key, entry) for entry in entries) if person
            )
        return found

    def amounts(self, key: str) -> Mapping[str, float]:
        """Read names to amounts: `{dev: 4, crane: 1}`."""
        found: dict[str, float] = {}
        for name, value in self.entries(key):
            try:
                found[name.text] = scalars.read_amount(value.text)
            except ValueError as error:
                self.report("bad-value", value, f"`{name.text}`: {error}", "write a number")
        return found

    def unknown(self, *, strict: bool = False) -> None:
        """Report the keys that were not asked for: a warning, since teams keep their own front matter.

        Keys that begin with `x-` say by themselves that they are somebody else's.
        """
        strange = [name for name in self.keys if name not in self.known and not name.startswith("x-")]
        slips = {name: slip(name, self.known) for name in strange}
        for name in strange:
            near = nearest(name, self.known)
            hint = f"did you mean `{near}`?" if near else "Handrail leaves it alone"
            alone = slips[name] not in self.values and list(slips.values()).count(slips[name]) == 1
            message, level = f"{self.where} has no key `{name}`", ERROR if strict else WARNING
            self.report("unknown-key", self.keys[name], message, hint, level, meant=slips[name] if alone else "")


class MakeReader(Protocol):
    """Makes the reader of a file's mapping: `MapReader`, or one that notes what is asked for."""

    def __call__(self, value: Value | None, problems: list[Problem], where: str, place: Place) -> MapReader:
        """Give the reader."""
        ...


def person(text: str) -> str:
    """Read a person's key with or without `@`."""
    name = text.strip().lstrip("@")
    if not re.fullmatch(r"[\w][\w.+-]{0,62}", name):
        raise ValueError(f"`{text}` is not a person's key")
    return name
