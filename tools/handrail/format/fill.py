"""Placeholders: `{{ field }}` in titles and instructions."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{\{ *([A-Za-z_][\w-]{0,62}) *\}\}")


def fill(text: str, fields: Mapping[str, str]) -> str:
    """Replace each `{{ field }}` that has a value. Others stay as they are, so that nothing is lost in silence."""
    return _PLACEHOLDER.sub(lambda match: fields.get(match[1]) or match[0], text)


def placeholders(text: str) -> tuple[str, ...]:
    """Give the names of the fields that a text asks for, in order."""
    return tuple(match[1] for match in _PLACEHOLDER.finditer(text))
