"""Days out of rules, and which of them to start: never two runs of one period, and none forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.model.calendar import Calendar, Duration
from handrail.plan.schedules import REACH, Due, Period, Rule, ScheduleError, day_after, due_now
from handrail.plan.worktime import working_time

OFFICE = working_time(Calendar(timezone="Europe/Berlin"))
CLOSED = working_time(Calendar(timezone="Europe/Berlin", closed=frozenset({date(2026, 11, 2), date(2026, 11, 3)})))
ALWAYS = working_time(Calendar(timezone="Europe/Berlin", always=True))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(text: str, after: str, until: str, first: date | None = None) -> list[str]:
    found = Rule(text, first).days(date.fromisoformat(after), date.fromisoformat(until))
    return [day.isoformat() for day in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=MONTHLY;BYDAY=1MO", ["2026-11-02", "2026-12-07"]),
        ("FREQ=MONTHLY", ["2026-11-01", "2026-12-01"]),  # the first of the month
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-10-31", "2026-11-30"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", ["2026-11-02", "2026-12-01"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO\nEXDATE:20261102", ["2026-12-07"]),
        ("DTSTART:20261116T093000\nRRULE:FREQ=WEEKLY;INTERVAL=2", ["2026-11-16", "2026-11-30"]),
        ("DTSTART;TZID=Europe/Berlin:20261116T093000\nRRULE:FREQ=MONTHLY", ["2026-11-16"]),
        ("FREQ=YEARLY", []),
    ],
)
def test_the_days_of_a_rule(rule: str, expected: list[str]):
    assert days(rule, "2026-10-30", "2026-12-07") == expected


def test_a_week_begins_on_monday_and_every_other_one_is_the_same_everywhere():
    assert days("FREQ=WEEKLY", "2026-11-15", "2026-11-30") == ["2026-11-16", "2026-11-23", "2026-11-30"]
    fortnight = days("FREQ=WEEKLY;INTERVAL=2", "2026-11-01", "2026-11-30")
    assert fortnight == ["2026-11-02", "2026-11-16", "2026-11-30"]
    assert days("FREQ=WEEKLY;INTERVAL=2", "2026-11-08", "2026-11-30") == [
        day for day in fortnight if day > "2026-11-08"
    ]


def test_a_rule_counts_from_the_day_on_which_its_process_takes_effect():
    assert days("FREQ=WEEKLY;COUNT=2", "2026-01-01", "2027-01-01", date(2026, 11, 18)) == ["2026-11-18", "2026-11-25"]
    begun_earlier = "DTSTART:20260101\nRRULE:FREQ=MONTHLY"
    assert days(begun_earlier, "2026-01-01", "2026-12-31", date(2026, 11, 18)) == ["2026-12-01"]


@pytest.mark.parametrize(
    "text",
    [
        "every monday", "FREQ=FORTNIGHTLY", "FREQ=HOURLY", "FREQ=MINUTELY;INTERVAL=30", "FREQ=DAILY;BYHOUR=9,17",
        "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=0",
        "DTSTART:00010101\nRRULE:FREQ=DAILY", "RRULE:", "=", ";", "FREQ=MONTHLY;BYDAY=XX",
        "freq=daily;byhour=1", "FREQ=MONTHLY;BYMONTHDAY=,", "X" * 2000,
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_with_a_sentence(text: str):
    with pytest.raises(ScheduleError) as caught:
        Rule(text)
    assert caught.value.sentence


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="FREQDAILYWKMONTHBS=;:,-+0123456789\n TXRUN", max_size=60))
def test_any_text_is_a_rule_or_refused(text: str):
    try:
        rule = Rule(text)
    except ScheduleError:
        return
    rule.days(date(2026, 11, 1), date(2026, 11, 30))


def test_what_falls_on_a_day_without_work_starts_on_the_next_working_day():
    rule = Rule("FREQ=MONTHLY;BYMONTHDAY=1")  # 2026-11-01 is a Sunday
    assert due_now(rule, (), now=at("2026-11-01T12:00"), time=OFFICE) is None
    monday = Due(Period(date(2026, 11, 1), date(2026, 11, 2)))
    assert due_now(rule, (), now=at("2026-11-02T06:00"), time=OFFICE) == monday
    assert due_now(rule, (), now=at("2026-11-03T06:00"), time=CLOSED) is None
    wednesday = Due(Period(date(2026, 11, 1), date(2026, 11, 4)))
    assert due_now(rule, (), now=at("2026-11-04T06:00"), time=CLOSED) == wednesday
    sunday = Due(Period(date(2026, 11, 1), date(2026, 11, 1)))
    assert due_now(rule, (), now=at("2026-11-01T06:00"), time=ALWAYS) == sunday


def test_a_day_begins_at_midnight_in_the_time_zone_of_the_workspace():
    rule = Rule("FREQ=WEEKLY")
    assert due_now(rule, [date(2026, 11, 16)], now=at("2026-11-22T22:59"), time=OFFICE) is None
    assert due_now(rule, [date(2026, 11, 16)], now=at("2026-11-22T23:00"), time=OFFICE) is not None


def test_after_an_outage_the_latest_period_starts_and_the_others_are_missed():
    found = due_now(Rule("FREQ=WEEKLY"), [date(2026, 11, 2)], now=at("2026-11-25T09:00"), time=OFFICE)
    assert found == Due(Period(date(2026, 11, 23), date(2026, 11, 23)), (date(2026, 11, 9), date(2026, 11, 16)))


def test_a_day_far_from_the_start_is_the_same_as_when_counted_through():
    for rule in ("FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;INTERVAL=5;BYDAY=TU,SU", "FREQ=DAILY;INTERVAL=7;BYMONTH=11"):
        through = Rule(f"DTSTART:20010101\nRRULE:{rule}").days(date(2026, 1, 1), date(2027, 1, 1))
        assert Rule(rule).days(date(2026, 1, 1), date(2027, 1, 1)) == through


def test_a_rule_never_started_has_missed_nothing():
    found = due_now(Rule("FREQ=DAILY"), (), now=at("2026-11-25T09:00"), time=OFFICE)
    assert found == Due(Period(date(2026, 11, 25), date(2026, 11, 25)))


def test_a_new_rule_does_not_reach_into_the_past():
    rule = Rule("FREQ=MONTHLY")  # 2026-09-01 is a Tuesday
    assert due_now(rule, (), now=at("2026-09-01T09:00") + REACH, time=OFFICE) is not None
    assert due_now(rule, (), now=at("2026-09-02T09:00") + REACH, time=OFFICE) is None


def test_after_a_span_from_the_end_of_the_last_run():
    friday = at("2026-11-20T10:00")
    assert day_after(friday, Duration(1, "d"), OFFICE) == Period(date(2026, 11, 23), date(2026, 11, 23))
    assert day_after(friday, Duration(1, "d", elapsed=True), OFFICE) == Period(date(2026, 11, 21), date(2026, 11, 23))


DAYS = st.lists(st.sampled_from("MO TU WE TH FR SA SU".split()), min_size=1, max_size=3, unique=True).map(",".join)
RULES = st.one_of(
    st.builds("FREQ=DAILY;INTERVAL={}".format, st.integers(1, 9)),
    st.builds("FREQ=WEEKLY;INTERVAL={};BYDAY={}".format, st.integers(1, 3), DAYS),
    st.builds("FREQ=MONTHLY;BYMONTHDAY={}".format, st.integers(-28, 31).filter(bool)),
    st.builds("FREQ=MONTHLY;BYDAY={}{}".format, st.sampled_from([1, 2, 4, -1]), st.sampled_from(["MO", "SA", "SU"])),
    st.builds("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}".format, st.integers(1, 12), st.integers(1, 28)),
)
CALENDARS = st.builds(
    lambda closed, zone: working_time(Calendar(timezone=zone, closed=frozenset(closed))),
    st.sets(st.dates(date(2026, 1, 1), date(2026, 4, 30)), max_size=20),
    st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "America/St_Johns"]),
)
NIGHT = at("2026-01-01T06:30")


@settings(max_examples=60, deadline=None)
@given(RULES, CALENDARS, st.lists(st.integers(1, 20), min_size=5, max_size=60))
def test_every_period_is_started_once_or_recorded_as_missed(rule_text, time, pauses):
    """Ticks come at any distance, twice each; what was due since the first start is accounted for."""
    rule = Rule(rule_text)
    started: list[date] = []
    missed: list[date] = []
    now = NIGHT
    for pause in pauses:
        now += timedelta(days=pause)
        due = due_now(rule, started, now=now, time=time)
        if due is not None:
            started.append(due.period.day)
            missed.extend(due.missed)
        assert due_now(rule, started, now=now, time=time) is None
    assert len(set(started)) == len(started)
    assert len({*started, *missed}) == len(started) + len(missed)
    if started:
        today = time.local_date(now)
        expected = [day for day in rule.days(started[0], today) if time.local_date(time.start_of(day)) <= today]
        since = [day for day in sorted([*started, *missed]) if day > started[0]]
        assert since == expected


@settings(max_examples=20, deadline=None)
@given(RULES, CALENDARS)
def test_who_ticks_daily_starts_every_period_on_its_day(rule_text, time):
    rule = Rule(rule_text)
    begun: dict[date, date] = {}
    missed: list[date] = []
    for number in range(90):
        now = NIGHT + timedelta(days=number)
        due = due_now(rule, begun, now=now, time=time)
        if due is not None:
            begun[due.period.day] = time.local_date(now)
            missed.extend(due.missed)
    for day, on in begun.items():
        assert on == time.local_date(time.start_of(day)) or on == time.local_date(NIGHT)
    for day in missed:  # only where several fall on one working day
        same_day = [other for other in begun if time.start_of(other) == time.start_of(day)]
        assert same_day
