"""Words for people: plurals, lists, and the nearest right word to a wrong one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

_LONG_ENOUGH = 4
"""A shorter word with a letter too few or too many may well be another word."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def nearest(word: str, known: Iterable[str]) -> str:
    """Give the known word that `word` was most likely meant to be, empty where none is near."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else ""


def slip(word: str, known: Iterable[str]) -> str:
    """Give the one known word that `word` is but for a slip of the hand, empty where there is none or another could be.

    A slip is another case, `_` for `-`, two neighbours swapped, or a letter too many or too few inside the word.
    """
    choices = sorted(set(known))
    same = [choice for choice in choices if _bare(choice) == _bare(word)]
    found = same or [choice for choice in choices if _slipped(word, choice)]
    return found[0] if len(found) == 1 else ""


def _bare(word: str) -> str:
    return word.lower().replace("_", "-")


def _slipped(word: str, meant: str) -> bool:
    if len(word) == len(meant):
        spots = [spot for spot, pair in enumerate(zip(word, meant, strict=True)) if pair[0] != pair[1]]
        return (
            len(spots) == 2
            and spots[1] == spots[0] + 1
            and word[spots[0] : spots[1] + 1] == meant[spots[0] : spots[1] + 1][::-1]
        )
    short, long = sorted((word, meant), key=len)
    if len(long) - len(short) != 1 or len(short) < _LONG_ENOUGH:
        return False
    return any(long[:spot] + long[spot + 1 :] == short for spot in range(1, len(long) - 1))


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
