"""What alone can have been meant by a value that cannot be read: `2 days` is `2d`, `2026/12/1` is `2026-12-01`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from handrail.format import scalars

_DAY = re.compile(r"([12][0-9]{3})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_SPAN = re.compile(r"([0-9]+(?:\.[0-9]{1,3})?)\s*(m|min|minutes?|[hH]|hours?|[dD]|days?|[wW]|weeks?)")
_SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s+%")


def _day(text: str) -> str:
    match = _DAY.fullmatch(text)
    return f"{match[1]}-{int(match[3]):02}-{int(match[4]):02}" if match else ""


def _span(text: str) -> str:
    match = _SPAN.fullmatch(text)
    return f"{match[1]}{match[2][0].lower()}" if match else ""


def _share(text: str) -> str:
    match = _SHARE.fullmatch(text)
    return f"{match[1]}%" if match else ""


_REMEDIES: Mapping[Callable[[str], Any], tuple[Callable[[str], str], ...]] = {
    scalars.read_date: (_day,),
    scalars.read_due: (_day, _span),
    scalars.read_duration: (_span,),
    scalars.read_estimate: (_span,),
    scalars.read_positive: (_span,),
    scalars.read_share: (_share,),
}


def as_meant(text: str, reader: Callable[[str], Any]) -> str:
    """Give the text by which `reader` would have understood what is meant, empty where that is not beyond doubt."""
    for remedy in _REMEDIES.get(reader, ()):
        found = remedy(text.strip())
        try:
            if found and found != text:
                reader(found)
                return found
        except ValueError:
            continue
    return ""
