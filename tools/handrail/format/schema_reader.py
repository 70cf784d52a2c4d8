"""A reader of mappings that notes what it is asked for: the readers of files say themselves what may stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Self, TypeVar

from handrail.base.place import NOWHERE, Place
from handrail.base.problem import Problem
from handrail.format import scalars
from handrail.format.front import MapReader, Names
from handrail.format.schema_shapes import FLAG, NAMES, READERS, TEXT, TEXTS, Schema, or_nothing
from handrail.model.calendar import Duration
from handrail.text.values import Value

T = TypeVar("T")


class SchemaReader(MapReader):
    """Gives nothing to whoever asks, and keeps the schema of what was asked for in `shape`."""

    def __init__(self, value: Value | None, problems: list[Problem], where: str, place: Place) -> None:
        super().__init__(None, problems, where, place)
        self.properties: dict[str, Schema] = {}
        self.shape: Schema = {"type": "object"}

    def note(self, key: str, shape: Schema, default: Any = None) -> None:
        """Keep what may stand under a key. It may still grow, where it is a mapping."""
        told = {"default": default} if isinstance(default, str | bool) and default != "" else {}
        self.properties[key] = {**shape, **told} if told else shape

    def missing(self, key: str) -> bool:
        """Note that a key must be there."""
        self.shape.setdefault("required", []).append(key)
        return False

    def nested(self, key: str) -> Self:
        """Note a mapping inside this one."""
        inner = self.within(None, key, NOWHERE)
        self.note(key, inner.shape)
        return inner

    def word_or_nested(self, key: str, word: str) -> Self | None:
        """Note a mapping inside this one, or a word in its stead."""
        inner = self.within(None, key, NOWHERE)
        self.note(key, {"anyOf": [{"enum": [word]}, inner.shape]})
        return inner

    def each(self, key: str, about: str, names: Names, *, short: bool = False) -> Iterator[tuple[str, Value, Self]]:
        """Note names that have a mapping each, or nothing."""
        inner = self.within(None, about, NOWHERE)
        yield "name", Value("text", NOWHERE, "name"), inner
        entry = {"anyOf": [TEXT, inner.shape]} if short else inner.shape
        names_and_all = {"propertyNames": NAMES[names.read], "additionalProperties": or_nothing(entry)}
        self.note(key, {"type": "object", **names_and_all})

    def rows(self, key: str, about: str) -> Iterator[Self]:
        """Note a list of mappings."""
        inner = self.within(None, about, NOWHERE)
        yield inner
        self.note(key, {"type": "array", "items": inner.shape})

    def many(self, key: str, reader: Callable[[str], T], hint: str) -> tuple[T, ...]:
        """Note a list of values, or one alone."""
        shape = READERS[reader] | {"patternErrorMessage": hint}
        self.note(key, {"anyOf": [shape, {"type": "array", "items": shape}]})
        return ()

    def scalar(self, key: str) -> Value | None:
        """Note a single value."""
        self.note(key, TEXT)
        return None

    def text(self, key: str, default: str = "") -> str:
        """Note a single value."""
        self.note(key, TEXT, default)
        return default

    def read(self, key: str, reader: Callable[[str], T], default: T, hint: str = "") -> T:
        """Note a single value that a function reads."""
        told = {"patternErrorMessage": hint} if hint else {}
        self.note(key, READERS[reader] | told, default)
        return default

    def date(self, key: str) -> date | None:
        """Note a calendar date."""
        return self.read(key, scalars.read_date, None, scalars.DATE_HINT)

    def time(self, key: str) -> datetime | None:
        """Note a point in time."""
        return self.read(key, scalars.read_time, None, scalars.TIME_HINT)

    def span(self, key: str) -> Duration | None:
        """Note a span of time."""
        return self.read(key, scalars.read_positive, None, scalars.DURATION_HINT)

    def choice(self, key: str, choices: Iterable[str], default: str) -> str:
        """Note one of a few words."""
        self.note(key, {"enum": list(choices)}, default)
        return default

    def flag(self, key: str, default: bool = False) -> bool:
        """Note true or false."""
        self.note(key, FLAG, default)
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """Note a list of single values, or one alone."""
        self.note(key, TEXTS)
        return ()

    def entries(self, key: str) -> tuple[tuple[Value, Value], ...]:
        """Note a mapping of whatever there is."""
        self.note(key, {"type": "object"})
        return ()

    def people(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """Note names with one or more people each."""
        someone = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
        self.note(key, {"type": "object", "additionalProperties": or_nothing(someone)})
        return {}

    def amounts(self, key: str) -> Mapping[str, float]:
        """Note names with an amount each."""
        self.note(key, {"type": "object", "additionalProperties": READERS[scalars.read_amount]})
        return {}

    def unknown(self, *, strict: bool = False) -> None:
        """Note that there is nothing else, but for keys that say by `x-` that they are somebody else's."""
        needed = self.shape.get("required", ())
        self.shape["properties"] = {
            key: shape | {"minLength": 1} if key in needed else or_nothing(shape)
            for key, shape in self.properties.items()
        }
        self.shape["patternProperties"] = {"^x-": True}
        self.shape["additionalProperties"] = False
