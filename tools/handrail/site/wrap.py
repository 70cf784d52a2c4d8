"""Words in pictures: as much of them as there is room for. SVG does not break lines by itself."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

_NARROW, _WIDE = frozenset("iljtfrI.,:;!'|()[]·- "), frozenset("mwMW@%—…")


def width_of(words: str, size: float) -> float:
    """Give about how wide words are in a sans-serif type of `size` pixels, rather too much than too little."""
    return sum(map(_share, words)) * size


def cut(words: str, room: float, size: float) -> str:
    """Give words as they are where they have room, else their beginning with an ellipsis; nothing without any room."""
    if width_of(words, size) <= room:
        return words
    kept = ""
    left = room - width_of("…", size)
    for character in words:
        left -= width_of(character, size)
        if left < 0:
            break
        kept += character
    return f"{kept.rstrip()}…" if kept.strip() else ""


def wrapped(words: str, room: float, size: float, most: int = 2) -> list[str]:
    """Break words into at most so many lines that have room; what is too long for a line is broken anywhere."""
    lines: list[str] = []
    rest = words.strip()
    while rest and len(lines) < most - 1:
        line = _first_line(rest, room, size)
        lines.append(line.rstrip())
        rest = rest[len(line) :].lstrip()
    return [*lines, cut(rest, room, size)] if rest else lines


def _first_line(words: str, room: float, size: float) -> str:
    width, broken = 0.0, 0
    for place, character in enumerate(words):
        width += width_of(character, size)
        if width > room:
            return words[: broken or max(place, 1)]
        if character in " -/" or east_asian_width(character) in "WF":
            broken = place + 1
    return words


def _share(character: str) -> float:
    if combining(character):
        return 0.0
    if east_asian_width(character) in "WF":
        return 1.0
    if character in _NARROW:
        return 0.31
    if character in _WIDE:
        return 0.9
    return 0.68 if character.isupper() else 0.56
