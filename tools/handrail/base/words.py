"""Words for people: plurals, lists, and the nearest right word to a wrong one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def nearest(word: str, known: Iterable[str]) -> str:
    """Give the known word that `word` was most likely meant to be, empty where none is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give "did you mean `x`?", or what there is to choose from where nothing is near (at most eight)."""
    choices = sorted(set(known))
    match = nearest(word, choices)
    if match:
        return f"did you mean `{match}`?"
    if not choices:
        return ""
    shown = ", ".join(f"`{choice}`" for choice in choices[:8])
    return f"known: {shown}{', …' if len(choices) > 8 else ''}"


class Said(str):
    """Words in English that know what they were made of, so that they can be said in another language.

    `message` is the sentence with named places, `single` the same for one where there is a number `n`, empty for
    others; `values` fill the places.
    """

    __slots__ = ("message", "single", "values")
    message: str
    single: str
    values: Mapping[str, object]


def say(message: str, *, single: str = "", **values: Any) -> Said:
    """Give a sentence with its places filled as `str.format` does; `single` is used where `n` is one."""
    said = Said((single if single and values["n"] == 1 else message).format(**values))
    said.message, said.single, said.values = message, single, values
    return said


def count(number: int, noun: str, plural: str = "") -> str:
    """Give "1 step", "3 steps"."""
    return say(f"{{n}} {plural or noun + 's'}", single=f"{{n}} {noun}", n=number)


def one_line(text: str) -> str:
    """Collapse every kind of line break, control character and white space to single spaces."""
    return " ".join(_CONTROL.sub(" ", text).split())
