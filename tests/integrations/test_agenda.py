"""A date as an event of a calendar: the lines are what the icalendar library itself would write."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event

from handrail.integrations.out_agenda import event_block
from handrail.reports.agenda import Appointment

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WORDS = st.text(st.sampled_from("ab ;,:\\\n\r\t\"'NüßÉ日🎉"), max_size=120)
NAMES = st.text(st.sampled_from("abc-0"), min_size=1, max_size=90)
APPOINTMENTS = st.builds(
    Appointment,
    day=st.dates(date(1, 1, 1), date(9999, 12, 30)),
    at=st.just(NOW),
    what=st.sampled_from(["step", "task", "run", "milestone", "target"]),
    kind=st.just("run"),
    holder=NAMES.map("onboard/{}".format),
    holder_title=WORDS,
    process=st.just("") | NAMES,
    item=st.just("") | NAMES,
    title=WORDS,
    who=st.lists(NAMES, max_size=3).map(tuple),
    late=st.booleans(),
)


@given(APPOINTMENTS, st.just("") | NAMES.map("https://team.example/{}/".format))
def test_an_event_is_written_as_the_library_writes_it(entry: Appointment, url: str):
    block = event_block(entry, NOW, url)
    read = Event.from_ical(block)
    assert (read["dtstart"].dt, read["dtend"].dt) == (entry.day, entry.day + timedelta(days=1))
    event = Event()
    for name in ("summary", "description"):
        event.add(name, str(read[name]))
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("dtstamp", NOW)
    event.add("uid", ".".join(part for part in (entry.holder.replace("/", "."), entry.item, entry.what) if part))
    event["uid"] += "@handrail"
    event.add("categories", [entry.process or entry.holder])
    event.add("transp", "TRANSPARENT")
    if url:
        event.add("url", url)
    assert block == event.to_ical().decode()
    assert all(len(line.encode()) <= 75 for line in block.split("\r\n"))
