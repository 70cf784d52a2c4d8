"""`handrail.yml` to the workspace's configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from itertools import pairwise

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.format.front import MakeReader, MapReader, Names, person
from handrail.format.reading import Reading
from handrail.format.scalars import DATE_HINT, SIZE_HINT, WALL_MINUTES, read_amount, read_date, read_share, read_size
from handrail.model.calendar import Calendar, Duration, OwnCalendar
from handrail.model.people import Channel, Config, McpPolicy, NotifyPolicy, Person
from handrail.text.values import Value, read_values

_MOST_LEAVE = 3660
_CHANNEL = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_config(path: str, text: str, make: MakeReader = MapReader) -> Reading[Config]:
    """Read `handrail.yml`. The value is the defaults where the file cannot be read."""
    read = read_values(path, text)
    problems = list(read.problems)
    front = make(read.root, problems, "handrail.yml", Place(path))
    stall = front.span("stall")
    archive_after, finished_pages, escape_html = _site(front)
    config = Config(
        title=front.text("title", "Handrail"),
        people=_people(front, problems),
        teams=front.people("teams"),
        calendar=_calendar(front),
        stall=stall or Duration(3, "d"),
        sync=front.choice("sync", ("push", "branch", "none"), ""),
        resources=front.amounts("resources"),
        site_url=front.text("site_url"),
        spots=front.spots("calendar"),
        on_behalf=tuple(name.lstrip("@") for name in front.texts("on_behalf")),
        proof_limit=_proof_limit(front),
        archive_after=archive_after,
        finished_pages=finished_pages,
        escape_html=escape_html,
        mcp=_mcp(front),
        notify=_notify(front),
    )
    front.unknown()
    _check_teams(front, config, problems)
    return Reading(config, tuple(problems))


def _proof_limit(front: MapReader) -> int:
    reader = front.nested("proof")
    limit = reader.read("max_size", read_size, Config().proof_limit, SIZE_HINT)
    reader.unknown()
    return limit


def _mcp(front: MapReader) -> McpPolicy:
    reader = front.nested("mcp")
    found = McpPolicy(actions=reader.flag("actions"), agent=reader.read("agent", person, ""))
    reader.unknown()
    return found


def _notify(front: MapReader) -> NotifyPolicy:
    reader = front.nested("notify")
    usual = NotifyPolicy()
    found = NotifyPolicy(
        escalate=reader.span("escalate") or usual.escalate,
        again=reader.span("again") or usual.again,
        report=reader.span("report") or usual.report,
        channels=tuple(
            _channel(name, inner)
            for _, name, inner in reader.each("channels", "the channel", _CHANNELS)
            if isinstance(inner, MapReader)
        ),
    )
    reader.unknown()
    return found


def channel_name(text: str) -> str:
    """Read the name of a channel."""
    if not _CHANNEL.fullmatch(text):
        raise ValueError(f"`{text[:80]}` is no name of a channel")
    return text


_CHANNELS = Names(channel_name, "bad-field", "use letters, digits, `_` and `-`")


def _channel(name: Value, reader: MapReader) -> Channel:
    found = Channel(
        name.text,
        tuple(key.lstrip("@") for key in reader.texts("people")),
        reader.texts("processes"),
        reader.texts("projects"),
        name.place,
    )
    reader.unknown()
    return found


def read_pages(text: str) -> int | None:
    """Read how many runs that are over have a page: a number, or `all` (None)."""
    said = text.strip()
    if said == "all":
        return None
    if not re.fullmatch("[0-9]{1,9}", said):
        raise ValueError(f"`{text}` is neither a whole number nor `all`")
    return int(said)


def _site(front: MapReader) -> tuple[timedelta | None, int | None, bool]:
    reader = front.nested("site")
    after = reader.span("archive_after")
    pages = reader.read("finished_pages", read_pages, Config().finished_pages, "write `500`, or `all`")
    escaped = reader.choice("html", ("allow", "escape"), "allow") == "escape"
    reader.unknown()
    return timedelta(minutes=after.amount * WALL_MINUTES[after.unit]) if after else None, pages, escaped


def _people(front: MapReader, problems: list[Problem]) -> Mapping[str, Person]:
    found: dict[str, Person] = {}
    owners: dict[str, str] = {}
    names = Names(person, "bad-person", "use letters, digits and hyphens")
    for name, key, reader in front.each("people", "the person", names, short=True):
        if isinstance(reader, str):
            found[name] = Person(name, name=reader, place=key.place)
            continue
        found[name] = _person(name, key, reader)
        for address in found[name].email:
            if address.lower() in owners:
                message = f"`{address}` belongs to @{owners[address.lower()]} already"
                problems.append(Problem("duplicate-email", "error", key.place, message, "give it to one of them"))
            owners[address.lower()] = name
    return found


def _person(name: str, key: Value, reader: MapReader) -> Person:
    found = Person(
        key=name,
        name=reader.text("name"),
        email=reader.texts("email"),
        github=reader.text("github"),
        load=reader.read("load", read_share, 1.0, "write `80%`"),
        rate=reader.read("rate", read_amount, 0.0, "the cost of an hour: `85`"),
        agent=reader.flag("agent"),
        active=reader.flag("active", default=True),
        leave=reader.many("leave", read_leave, "write `2026-12-24..2027-01-02`, or one day"),
        week=reader.read("week", read_week, None, "write `mon-thu` or `mon,wed,fri`"),
        hours=reader.read("hours", read_hours, None, 'write "09:00-13:00"'),
        place=key.place,
    )
    reader.unknown()
    return found


def read_leave(text: str) -> tuple[date, date]:
    """Read a span of days off, `2026-12-24..2027-01-02`, or a single day."""
    first, _, last = text.partition("..")
    span = read_date(first), read_date(last or first)
    if not 0 <= (span[1] - span[0]).days <= _MOST_LEAVE:
        raise ValueError(f"`{text}` ends before it begins, or is longer than ten years")
    return span


def _check_teams(front: MapReader, config: Config, problems: list[Problem]) -> None:
    value = front.values.get("teams")
    if value is None or value.kind != "map" or not config.people:
        return
    for name, _ in value.entries:
        for member in config.teams.get(name.text, ()):
            if member not in config.people:
                message = f"the team `{name.text}` has `{member}`, whom `people` does not list"
                problems.append(Problem("unknown-person", "error", name.place, message, "add the person, or remove it"))


def own_calendar(front: MapReader) -> OwnCalendar | None:
    """Read the calendar of a project: days, hours and days off where they are not the workspace's, or `always`."""
    reader = front.word_or_nested("calendar", "always")
    if reader is None:
        return OwnCalendar(always=True)
    calendar = OwnCalendar(
        week=reader.read("week", read_week, None, "write `mon-fri` or `mon,wed,fri`"),
        hours=reader.read("hours", read_hours_apart, None, 'write "09:00-17:00"'),
        closed=frozenset(reader.many("closed", read_date, DATE_HINT)),
    )
    reader.unknown()
    return calendar if front.raw("calendar") else None


def read_hours_apart(text: str) -> tuple[tuple[time, time], ...]:
    """Read hours of which no two overlap."""
    hours = read_hours(text)
    edges = sorted((start, end if end > start else time.max) for start, end in hours)
    if any(after[0] < before[1] for before, after in pairwise(edges)):
        raise ValueError(f"the hours `{text}` overlap")
    return hours


def _calendar(front: MapReader) -> Calendar:
    reader = front.word_or_nested("calendar", "always")
    if reader is None:
        return Calendar(always=True)
    calendar = Calendar(
        week=reader.read("week", read_week, Calendar().week, "write `mon-fri` or `mon,wed,fri`"),
        hours=reader.read("hours", read_hours, Calendar().hours, 'write "09:00-17:00"'),
        timezone=reader.read("timezone", read_zone, "UTC", "an IANA name such as `Europe/Berlin`"),
        holidays=reader.text("holidays"),
        closed=frozenset(reader.many("closed", read_date, DATE_HINT)),
    )
    reader.unknown()
    return calendar


def read_week(text: str) -> frozenset[int]:
    """Read `mon-fri`, `mon,wed,fri`, `sun-thu`. Monday is 0."""
    found: set[int] = set()
    for part in re.split(r"[,\s]+", text.strip().lower()):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise ValueError(f"`{part}` is no day or span of days")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found.update(day % 7 for day in range(start, end + 1 if end >= start else end + 8))
    return frozenset(found)


def read_hours(text: str) -> tuple[tuple[time, time], ...]:
    """Read `09:00-17:00`, or several spans with commas between; one may end on the next day (`22:00-06:00`)."""
    spans: list[tuple[time, time]] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})\s*", part)
        if not match:
            raise ValueError(f"`{part.strip()}` is no span of hours")
        start, end = _minutes(match[1], match[2]), _minutes(match[3], match[4])
        spans.append((time(start // 60, start % 60), time(end // 60 % 24, end % 60)))
    return tuple(spans)


def _minutes(hours: str, minutes: str) -> int:
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 24 * 60:
        raise ValueError(f"there is no time `{hours}:{minutes}`")
    return total


def read_zone(text: str) -> str:
    """Read the IANA name of a time zone."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"there is no time zone `{text}`") from None
    return text
