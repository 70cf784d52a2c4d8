"""Dates of many runs and projects as iCalendar (RFC 5545): one whole-day event each, with ids that stay.

The icalendar library escapes texts and folds lines. An event is made once and stands in several calendars.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from handrail.reports.agenda import Appointment
from handrail.text.plain import plain

_WORDS = {"step": "", "task": "", "run": "Due: ", "milestone": "Milestone: ", "target": "Target: "}


def event_block(entry: Appointment, now: datetime, url: str = "") -> str:
    """Give one date as the text of an event. `now` is when it was made, `url` where it is shown."""
    from icalendar import Event

    event = Event()
    title = plain(entry.title) or entry.item
    where = plain(entry.holder_title) if entry.item else ""
    who = ", ".join(f"@{key}" for key in entry.who)
    event.add("uid", ".".join(part for part in (entry.holder.replace("/", "."), entry.item, entry.what) if part))
    event["uid"] = f"{event['uid']}@handrail"
    event.add("dtstamp", now)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", _WORDS[entry.what] + (f"{title} ({where})" if where else title))
    event.add("description", "\n".join(part for part in (where, who, "late" if entry.late else "") if part))
    event.add("categories", [entry.process or entry.holder])
    event.add("transp", "TRANSPARENT")
    if url:
        event.add("url", url)
    return str(event.to_ical().decode())


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
