"""What the pages say, in the site's language: one catalogue for each, with the English words as its keys.

A sentence is translated whole, with named places for what changes in it, so that each language has its own order of
words. `words/de.json` and `words/ja.json` are the catalogues; in any other language pages speak English.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date, datetime, tzinfo
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

from handrail.base.value import dataclass
from handrail.base.words import Said
from handrail.reports.words import Clock, Day
from handrail.site.markup import Content, Html, text

_PLACE = re.compile(r"\{(\w+)\}")
_LONGEST = 3
"""No code of a language (ISO 639) has more letters."""
_PERCENT = re.compile(r"(?<=\d) ?%")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What one language needs.

    `words` maps English messages (a context may stand before the words, with a bar between) to theirs; a message with
    a number has one text for each of `forms`. `numbers` are the signs of thousands, decimals and per cent, `dates`
    patterns with named places, `months`, `short_months` and `weekdays` names from January and Monday on.
    """

    words: Mapping[str, str | list[str]]
    forms: list[str]
    numbers: Mapping[str, str]
    dates: Mapping[str, str]
    months: list[str]
    short_months: list[str]
    weekdays: list[str]


@cache
def catalogue(language: str) -> Catalogue | None:
    """Give the catalogue of a language as Material names it (`de`, `pt-BR`), None where there is none."""
    name = language.lower().split("-")[0].split("_")[0]
    found = files("handrail.site") / "words" / f"{name}.json"
    known = name.isalpha() and len(name) <= _LONGEST and found.is_file()
    return Catalogue(**json.loads(found.read_text("utf-8"))) if known else None


class _Format(string.Formatter):
    """Fills places; numbers get the signs of the language."""

    def __init__(self, shown: Callable[[object], object], signs: Mapping[str, str]) -> None:
        self.shown, self.signs = shown, signs

    def format_field(self, value: Any, format_spec: str) -> Any:
        if isinstance(value, (int, float)):
            return self.number(format(value, format_spec))
        return format(self.shown(value), format_spec)

    def number(self, words: str) -> str:
        """Give a number that is written in the English way with other signs."""
        return _PERCENT.sub(
            self.signs["percent"], words.translate({ord(sign): other for sign, other in _swapped(self.signs)})
        )


def _swapped(signs: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return ((",", signs["thousands"]), (".", signs["decimal"]))


@dataclass(frozen=True)
class Language:
    """How the pages speak: `name` is what `theme: language:` says."""

    name: str = "en"
    missed: set[str] = field(default_factory=set)  # messages that its catalogue does not have

    @cached_property
    def known(self) -> Catalogue | None:
        """What is translated, None for English."""
        return catalogue(self.name)

    def say(self, message: str, *, single: str = "", **values: Any) -> str:
        """Give a sentence with its places filled. `single` is the message for one, where it has a number `n`."""
        known = self.known
        if known is None:
            words = _bare(single if single and values["n"] == 1 else message)
            return words.format(**values) if "{" in words else words
        return self._format.vformat(self._found(known, message, values.get("n", 2)), (), values)

    def _found(self, known: Catalogue, message: str, number: object) -> str:
        found = known.words.get(message)
        if found is None:
            self.missed.add(message)
            return _bare(message)
        if isinstance(found, str):
            return found
        return found[known.forms.index("one") if number == 1 and "one" in known.forms else len(known.forms) - 1]

    @cached_property
    def _format(self) -> _Format:
        return _Format(self._shown, self.known.numbers if self.known else {})

    def _shown(self, value: object) -> object:
        return self.said(value) if isinstance(value, Said) else value

    def said(self, words: str) -> str:
        """Give words of a report in this language, as they are where nothing tells what they were made of."""
        if self.known is None or not isinstance(words, Said):
            return words
        if isinstance(words, Day):
            clock = self.clock(words.now, words.zone)
            return clock.day(words.instant) if words.weekday else clock.date(words.instant)
        return self.say(words.message, single=words.single, **words.values)

    def many(self, number: float, single: str, message: str, **values: Any) -> str:
        """Give a sentence with a number `n`, in the form that the number asks for."""
        return self.say(message, single=single, n=number, **values)

    def count(self, number: int, noun: str, plural: str = "") -> str:
        """Give "1 step", "3 steps"."""
        return self.say(f"{{n}} {plural or noun + 's'}", single=f"{{n}} {noun}", n=number)

    def told(self, message: str, **values: Content) -> Html:
        """Give a sentence with markup in its places."""
        known = self.known
        words = _bare(message) if known is None else self._found(known, message, 2)
        parts = _cut(words)
        return text([part if number % 2 == 0 else values[part] for number, part in enumerate(parts)])

    def number(self, value: float, spec: str = "") -> str:
        """Give a number in the way of the language; `spec` is Python's, such as `,.0f` or `.0%`."""
        shown = format(value, spec)
        return self._format.number(shown) if self.known else shown

    def figures(self, words: str) -> str:
        """Give a number that is written in the English way, with its unit, in the way of the language."""
        return self._format.number(words) if self.known else words

    @property
    def patterns(self) -> tuple[str, ...]:
        """The names of the patterns of dates that pages use."""
        return tuple(_ENGLISH.dates)

    def date(self, day: date, pattern: str) -> str:
        """Give a date by one of `patterns`: `date`, `dated` (with its year), `day` (with its weekday), `month`, ..."""
        known = self.known or _ENGLISH
        return known.dates[pattern].format(
            day=day.day,
            padded=f"{day.day:02}",
            number=day.month,
            month=known.months[day.month - 1],
            short=known.short_months[day.month - 1],
            weekday=known.weekdays[day.weekday()],
            year=day.year,
        )

    def clock(self, now: datetime, zone: tzinfo) -> Clock:
        """Give a clock that tells times in this language."""
        return Clock(now, zone) if self.known is None else SpokenClock(now, zone, self)


@lru_cache(maxsize=2048)
def _cut(message: str) -> tuple[str, ...]:
    """Give a message's words and the names of its places by turns."""
    return tuple(_PLACE.split(message))


def _bare(message: str) -> str:
    """Give a message without its context."""
    return message.rpartition("|")[2]


@dataclass(frozen=True, slots=True)
class SpokenClock(Clock):
    """A clock that speaks another language than English."""

    language: Language = Language()

    def date(self, instant: datetime) -> str:
        """Give the date, with the year where it is more than half a year away."""
        local = self.local(instant).date()
        return self.language.date(local, "dated" if self.far(instant) else "date")

    def day(self, instant: datetime) -> str:
        """Give the date with its weekday."""
        local = self.local(instant).date()
        return self.language.date(local, "day_dated" if self.far(instant) else "day")

    def until(self, due: datetime) -> str:
        """Tell how far away a due time is."""
        return self.language.said(Clock(self.now, self.zone).until(due))


_ENGLISH = Catalogue(
    words={},
    forms=["one", "other"],
    numbers={"thousands": ",", "decimal": ".", "percent": "%"},
    dates={
        "date": "{day} {short}",
        "padded_dated": "{padded} {short} {year}",
        "weekday": "{weekday}",
        "dated": "{day} {short} {year}",
        "day": "{weekday} {day} {short}",
        "day_dated": "{weekday} {day} {short} {year}",
        "month": "{month}",
        "month_dated": "{month} {year}",
        "short": "{short}",
        "short_dated": "{short} {year}",
    },
    months=[f"{date(2000, number, 1):%B}" for number in range(1, 13)],
    short_months=[f"{date(2000, number, 1):%b}" for number in range(1, 13)],
    weekdays=[f"{date(2024, 1, number):%a}" for number in range(1, 8)],
)
