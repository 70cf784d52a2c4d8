"""Commit messages that say what they say, whatever people wrote into a title or a note.

Git reads the last paragraph of a message as trailers (`Key: value`), and a few tools stop at a line of dashes. So
every value is one line, no line of the body can pass for either, and our block always stands last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SUBJECT_LENGTH = 100
# C0, DEL, C1 (with NEL), the line and paragraph separators, and halves of surrogate pairs.
_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_UNWRITABLE = re.compile("[\ud800-\udfff]")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_LIKE_A_TRAILER = re.compile(r"[A-Za-z0-9-]+[ \t]*[:=#]|\(cherry picked from|---|\s")


def one_line(value: str) -> str:
    """The value with every run of blanks, control characters and line breaks of any kind as one space."""
    return _UNWRITABLE.sub("\ufffd", _BREAKS.sub(" ", value)).strip()


def build_message(subject: str, body: str = "", trailers: Sequence[tuple[str, str]] = ()) -> str:
    """A whole commit message: the subject in at most 100 characters, the body, and the trailers as last paragraph.

    Trailers without a value are left out. A trailer's key is the program's own; a bad one raises ValueError.
    """
    paragraphs = [_subject(subject), *_body(body)]
    lines = []
    for key, value in trailers:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no trailer key")
        if text := one_line(value):
            lines.append(f"{key}: {text}")
    if lines:
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs) + "\n"


def _subject(subject: str) -> str:
    text = one_line(subject) or "(no subject)"
    return text if len(text) <= SUBJECT_LENGTH else text[: SUBJECT_LENGTH - 1].rstrip() + "…"


def _body(body: str) -> list[str]:
    paragraphs: list[list[str]] = [[]]
    for raw in re.split("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]", body):
        if line := one_line(raw):
            paragraphs[-1].append(f"> {line}" if _LIKE_A_TRAILER.match(line) else line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return ["\n".join(lines) for lines in paragraphs if lines]
