"""Dates of many runs and projects as iCalendar (RFC 5545): one whole-day event each, with ids that stay.

The icalendar library escapes texts and folds lines; the lines themselves are put together here, since its components
take five times as long and a site has thousands of dates. An event is made once and stands in several calendars.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from handrail.reports.agenda import Appointment
from handrail.text.plain import plain

_LONGEST = 75
"""So many octets a line may have before it must be folded (RFC 5545, 3.1)."""
_WORDS = {"step": "", "task": "", "run": "Due: ", "milestone": "Milestone: ", "target": "Target: "}


def event_block(entry: Appointment, now: datetime, url: str = "") -> str:
    """Give one date as the text of an event. `now` is when it was made, `url` where it is shown."""
    title = plain(entry.title) or entry.item
    where = plain(entry.holder_title) if entry.item else ""
    who = ", ".join(f"@{key}" for key in entry.who)
    uid = ".".join(part for part in (entry.holder.replace("/", "."), entry.item, entry.what) if part)
    lines = (
        "BEGIN:VEVENT",
        _line("SUMMARY", _WORDS[entry.what] + (f"{title} ({where})" if where else title)),
        f"DTSTART;VALUE=DATE:{_day(entry.day)}",
        f"DTEND;VALUE=DATE:{_day(entry.day + timedelta(days=1))}",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        _line("UID", f"{uid}@handrail"),
        _line("CATEGORIES", entry.process or entry.holder),
        _line("DESCRIPTION", "\n".join(part for part in (where, who, "late" if entry.late else "") if part)),
        "TRANSP:TRANSPARENT",
        *([_folded(f"URL:{url}")] if url else []),
        "END:VEVENT",
    )
    return "".join(f"{line}\r\n" for line in lines)


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _line(name: str, text: str) -> str:
    from icalendar import vText

    return _folded(f"{name}:{vText(text).to_ical().decode()}")


def _folded(line: str) -> str:
    if line.isascii() and len(line) <= _LONGEST:
        return line
    from icalendar.parser import Contentline

    folded = Contentline(line).to_ical()  # type: ignore[no-untyped-call]  # the library says no types here
    return str(folded.decode())


def calendar_of(name: str, blocks: Iterable[str]) -> str:
    """Give a calendar of events that `event_block` made."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Handrail//Handrail//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    head, end, rest = str(calendar.to_ical().decode()).partition("END:VCALENDAR")
    return head + "".join(blocks) + end + rest
