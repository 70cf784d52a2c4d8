"""Event lines: `<RFC 3339 time> @who <verb>[ key=value …][: note]`."""

from __future__ import annotations

import re
from dataclasses import replace

from handrail.base.place import NOWHERE, Place
from handrail.base.words import one_line
from handrail.format.scalars import read_time, write_time
from handrail.model.item import Event
from handrail.text.words import quote

_LOOKS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]+ +@")
_HEAD = re.compile(r"(?P<time>[0-9]{4}\S*) +@(?P<who>[^\s:]+) +(?P<verb>[a-z]+)")
_PAIR = re.compile(r""" +(?P<key>[A-Za-z_][\w-]*)=(?P<value>"[^"]*"|'[^']*'|[^\s"'][^\s]*|)""")
NOT_EVENT = "this is not an event"
EVENT_HINT = "write `2026-11-24T10:02:11Z @ana done: a note`"


def looks_like_event(text: str) -> bool:
    """Tell whether a bullet's text begins as an event does: a time, then `@`."""
    return bool(_LOOKS.match(text))


def read_event(text: str, place: Place = NOWHERE) -> Event | None:
    """Read an event line without its bullet, None where it has not the form (a bad time included)."""
    head = _HEAD.match(text)
    if head is None:
        return None
    try:
        time = read_time(head["time"])
    except ValueError:
        return None
    position = head.end()
    values: list[tuple[str, str]] = []
    while pair := _PAIR.match(text, position):
        value, end = _unquoted(pair, text)
        values.append((pair["key"], value))
        position = end
        if value != pair["value"] and end < pair.end():
            break
    rest = text[position:]
    if rest.strip() and not rest.startswith(":"):
        return None
    return Event(time, head["who"], head["verb"], tuple(values), rest[1:].strip(), place)


def _unquoted(pair: re.Match[str], text: str) -> tuple[str, int]:
    value = pair["value"]
    if value[:1] in {'"', "'"}:
        return value[1:-1], pair.end()
    # The colon that begins the note stands directly behind the last value.
    if value.endswith(":"):
        return value[:-1], pair.end() - 1
    return value, pair.end()


def write_event(event: Event) -> str:
    """Write an event as one line, without its bullet. Line breaks in values and note become spaces."""
    pairs = "".join(f" {key}={_value(one_line(value))}" for key, value in event.values)
    note = one_line(event.note)
    return f"{write_time(event.time)} @{event.who} {event.verb}{pairs}{f': {note}' if note else ''}"


def _value(value: str) -> str:
    if re.fullmatch(r"[^\s\"'{}]*[^\s\"'{}:]", value):
        return value
    return quote(value)


def normal(event: Event) -> Event:
    """Give the event as it reads back after it was written: one-line texts, whole seconds."""
    values = tuple((key, _through_quotes(one_line(value))) for key, value in event.values)
    return replace(event, time=event.time.replace(microsecond=0), values=values, note=one_line(event.note))


def _through_quotes(value: str) -> str:
    return value.replace('"', "”") if '"' in value and "'" in value else value
