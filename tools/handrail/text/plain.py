"""A title without its Markdown, and the id that a title gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]\[]{0,500})\]\([^()\n]{0,2000}\)")
_LINK = re.compile(
    r"\[([^\]\[]{0,1000})\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)|\[[^\]\[]{0,200}\])"
)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,2000}|[^<>\s@]{1,200}@[^<>\s]{1,200})>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRONG = re.compile(r"(\*{1,3}|~~|`{1,3})(?=\S)(.{1,2000}?)(?<=\S)\1")
_UNDERSCORES = re.compile(r"(?<![\w])(_{1,3})(?=\S)(.{1,2000}?)(?<=\S)\1(?![\w])")
_PLACEHOLDER = re.compile(r"\{\{[^{}]{0,200}\}\}")
MAX_SLUG = 48


@lru_cache(maxsize=8192)
def plain(title: str) -> str:
    """Give a title's words without markup, on one line: for terminals, commit subjects, page titles."""
    text = _COMMENT.sub(" ", title)
    text = _IMAGE.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = _AUTOLINK.sub(r"\1", text)
    text = _TAG.sub(" ", text)
    for _ in range(2):
        text = _STRONG.sub(r"\2", text)
        text = _UNDERSCORES.sub(r"\2", text)
    text = _ESCAPE.sub(r"\1", text)
    return " ".join(text.split())


def slug(title: str, otherwise: str = "step") -> str:
    """Give the ASCII id that a title comes to: `[a-z0-9]` words with hyphens, at most 48 characters.

    Letters of other scripts are transliterated (`anyascii`), so that an id can be typed by everybody and is
    the same on every machine. `otherwise` stands where nothing is left.
    """
    text = plain(_PLACEHOLDER.sub(" ", title)) or plain(title)
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(text)
    words = re.findall(r"[a-z0-9]+", text.lower().replace("'", "")[:2000])
    short = ""
    for word in words:
        joined = f"{short}-{word}" if short else word[:MAX_SLUG]
        if len(joined) > MAX_SLUG:
            break
        short = joined
    return short or otherwise


def unique(wanted: str, taken: Iterable[str]) -> str:
    """Give `wanted`, or `wanted-2`, `wanted-3`, … : the first that is not taken."""
    used = taken if isinstance(taken, set | frozenset) else set(taken)
    if wanted not in used:
        return wanted
    number = 2
    while f"{wanted}-{number}" in used:
        number += 1
    return f"{wanted}-{number}"
