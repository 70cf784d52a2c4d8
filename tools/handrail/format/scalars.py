"""The small notations: spans of time, dates, shares, money, links. Each raises ValueError with a sentence."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from handrail.model.calendar import Duration, Estimate
from handrail.model.item import Due, Link, LinkKind, Use

_DURATION = re.compile(r"([+-]?)([0-9]{1,12}(?:\.[0-9]{1,3})?)(e?)([mhdw])")
_DATE = re.compile(r"([0-9]{4,9})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_ANCHORED = re.compile(r"([A-Za-z_][\w-]*?)([+-][0-9].*)")
_LINK = re.compile(r"([^:\s]+?)(?::(fs|ss|ff|sf)?([+-].+)?)?", re.IGNORECASE)
DURATION_HINT = "write a number and m, h, d or w: `4h`, `2d`, `1w`"
TIME_HINT = "write `2026-11-23T09:12:00Z`"
DATE_HINT = "write year-month-day: `2026-12-01`"
_SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) *(B|[kKM]i?B)")
SIZE_HINT = "write a number and KiB or MiB: `10 MiB`"
MAX_SIZE = 50 * 1024 * 1024
MAX_YEARS_IN_MINUTES = 100 * 366 * 24 * 60
WALL_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
"""The length of a unit where days and weeks are those of the calendar on the wall."""


def read_duration(text: str) -> Duration:
    """Read `4h`, `2d`, `-1w`, `1.5d`, `2ed` (elapsed)."""
    match = _DURATION.fullmatch(text.strip())
    if not match:
        raise ValueError(f"`{text}` is not a span of time")
    amount = float(match[2]) * (-1 if match[1] == "-" else 1)
    unit = match[4]
    if abs(amount) * WALL_MINUTES[unit] > MAX_YEARS_IN_MINUTES:
        raise ValueError(f"`{text}` is longer than a hundred years")
    return Duration(amount, unit, bool(match[3]))  # type: ignore[arg-type]


def read_size(text: str) -> int:
    """Read a size of at most 50 MiB, above which git hosts complain: `10 MiB`, `500 KB`. Gives bytes."""
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"`{text}` is no size")
    unit = {"B": 1, "KB": 1000, "KiB": 1024, "MB": 1000**2, "MiB": 1024**2}[match[2].replace("k", "K")]
    size = int(float(match[1]) * unit)
    if not 0 < size <= MAX_SIZE:
        raise ValueError(f"`{text}` is not between 1 B and 50 MiB")
    return size


def read_positive(text: str) -> Duration:
    """Read a span that is not negative."""
    span = read_duration(text)
    if span.amount < 0:
        raise ValueError(f"`{text}` is negative")
    return span


def read_date(text: str) -> date:
    """Read an ISO 8601 calendar date."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"`{text}` is not a date")
    if not 1970 <= int(match[1]) <= 2200:
        raise ValueError(f"the year of `{text}` is outside 1970 to 2200")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise ValueError(f"there is no day `{text}`") from None


def read_time(text: str) -> datetime:
    """Read an RFC 3339 time; gives UTC in whole seconds."""
    if not _TIME.fullmatch(text.strip()):
        raise ValueError(f"`{text}` is not a time")
    try:
        moment = datetime.fromisoformat(text.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"there is no time `{text}`") from None
    return moment.replace(microsecond=0)


def write_time(moment: datetime) -> str:
    """Write a time as events have it: RFC 3339, UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_estimate(text: str) -> Estimate:
    """Read `2h`, or three points `2d/3d/6d`: optimistic, likely, pessimistic."""
    parts = [read_positive(part) for part in text.split("/")]
    if len(parts) == 1:
        return Estimate(parts[0])
    if len(parts) == 3:
        return Estimate(parts[1], parts[0], parts[2])
    raise ValueError(f"`{text}` has {len(parts)} points, not one or three")


def read_due(text: str) -> Due:
    """Read `2d`, `start+5d`, `launch-3d`, `2026-12-01`."""
    if _DATE.fullmatch(text):
        return Due(day=read_date(text))
    if _DURATION.fullmatch(text):
        return Due(span=read_positive(text))
    anchored = _ANCHORED.fullmatch(text)
    if anchored:
        return Due(span=read_duration(anchored[2]), anchor=anchored[1])
    if re.fullmatch(r"[A-Za-z_][\w-]*", text):
        return Due(span=Duration(0, "d"), anchor=text)
    raise ValueError(f"`{text}` is not a due time")


def write_due(due: Due) -> str:
    """Write a due time as `read_due` reads it."""
    if due.day:
        return due.day.isoformat()
    span = str(due.span)
    return f"{due.anchor}{'' if span.startswith('-') else '+'}{span}" if due.anchor else span


def read_links(text: str) -> tuple[Link, ...]:
    """Read `a,b` or `a:ss+2d, b`."""
    return tuple(_read_link(part.strip()) for part in text.split(",") if part.strip())


def _read_link(text: str) -> Link:
    match = _LINK.fullmatch(text)
    if not match:
        raise ValueError(f"`{text}` is not a dependency")
    kind: LinkKind = (match[2] or "fs").lower()  # type: ignore[assignment]
    return Link(match[1], kind, read_duration(match[3]) if match[3] else None)


def write_links(links: tuple[Link, ...]) -> str:
    """Write dependencies as `read_links` reads them."""
    return ",".join(_write_link(link) for link in links)


def _write_link(link: Link) -> str:
    if link.kind == "fs" and link.lag is None:
        return link.item
    lag = "" if link.lag is None else (str(link.lag) if link.lag.amount < 0 else f"+{link.lag}")
    return f"{link.item}:{link.kind}{lag}"


def read_share(text: str) -> float:
    """Read `40%` or `0.4` as a share of one."""
    cleaned = text.strip()
    match = re.fullmatch(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)(%?)", cleaned)
    if not match:
        raise ValueError(f"`{text}` is not a share such as `40%`")
    share = float(match[1]) / 100 if match[2] else float(match[1])
    if share > 10:
        raise ValueError(f"`{text}` is more than 1000%")
    return share


def write_share(share: float) -> str:
    """Write a share as a percentage."""
    return f"{share * 100:.12g}%"


def read_amount(text: str) -> float:
    """Read a sum of money or another amount: `1200`, `1_200`, `1200.50`."""
    if not re.fullmatch(r"-?[0-9][0-9_]{0,14}(?:\.[0-9]{1,6})?", text.strip()):
        raise ValueError(f"`{text}` is not a number")
    return float(text.strip().replace("_", ""))


def read_uses(text: str) -> tuple[Use, ...]:
    """Read `dev:2 crane`."""
    found: list[Use] = []
    for part in text.replace(",", " ").split():
        name, colon, amount = part.partition(":")
        found.append(Use(name, read_amount(amount) if colon else 1))
    return tuple(found)


def write_uses(uses: tuple[Use, ...]) -> str:
    """Write amounts of resources as `read_uses` reads them."""
    return " ".join(use.resource if use.amount == 1 else f"{use.resource}:{use.amount:.12g}" for use in uses)
