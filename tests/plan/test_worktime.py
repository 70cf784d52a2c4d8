"""Working time: what a team's calendar makes of spans and instants."""

from __future__ import annotations

import time as clock
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.model.calendar import Calendar, Duration
from handrail.plan.worktime import working_time
from handrail.plan.zone import FIRST, LAST

OFFICE = Calendar(timezone="Europe/Berlin")
BERLIN = Calendar(timezone="Europe/Berlin", holidays="DE-BE")
NIGHT = Calendar(hours=((time(22), time(6)),), timezone="Europe/Berlin", week=frozenset(range(7)))
ALL_DAY = Calendar(hours=((time(0), time(0)),), timezone="Europe/Berlin", week=frozenset(range(7)))
SPLIT = Calendar(hours=((time(13, 30), time(18)), (time(8), time(12))), timezone="Asia/Kolkata")
LEBANON = Calendar(hours=((time(0), time(8)),), timezone="Asia/Beirut", week=frozenset({0, 1, 2, 5, 6}))
CHANGE = Calendar(hours=((time(1), time(2, 30)), (time(2, 45), time(5))), timezone="Europe/Berlin", week=frozenset({6}))
SAMOA = Calendar(timezone="Pacific/Apia", closed=frozenset({date(2011, 12, 29)}))
LORD_HOWE = Calendar(hours=((time(0), time(12)),), timezone="Australia/Lord_Howe", week=frozenset({6, 0}))
ALWAYS = Calendar(always=True, timezone="Europe/Berlin")
HALF_HOUR = timedelta(minutes=30)
CALENDARS = (OFFICE, BERLIN, NIGHT, ALL_DAY, SPLIT, LEBANON, CHANGE, SAMOA, LORD_HOWE, ALWAYS)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(text: str) -> Duration:
    elapsed = text[-2] == "e"
    return Duration(float(text[: -2 if elapsed else -1]), text[-1], elapsed)  # type: ignore[arg-type]


class TestAdding:
    @pytest.mark.parametrize(
        ("start", "amount", "expected"),
        [
            ("2026-11-23T09:00", "1d", "2026-11-24T09:00"),
            ("2026-11-23T09:00", "0d", "2026-11-23T09:00"),
            ("2026-11-27T15:00", "1h", "2026-11-27T16:00"),  # Friday's end, not Monday's start
            ("2026-11-27T15:00", "61m", "2026-11-30T08:01"),
            ("2026-11-28T12:00", "1h", "2026-11-30T09:00"),  # from a Saturday
            ("2026-11-23T09:00", "1w", "2026-11-30T09:00"),
            ("2026-11-23T09:00", "1.5d", "2026-11-24T13:00"),
            ("2026-11-30T09:00", "-1h", "2026-11-30T08:00"),  # back to Monday's start, not Friday's end
            ("2026-11-30T08:00", "-1h", "2026-11-27T15:00"),
            ("2026-11-30T09:00", "-1w", "2026-11-23T09:00"),
            ("2026-03-27T15:00", "1d", "2026-03-30T14:00"),  # the clocks go forward on that weekend
            ("2026-10-23T14:00", "1d", "2026-10-26T15:00"),  # and back on this one
            ("2026-11-27T15:00", "2ed", "2026-11-29T15:00"),
            ("2026-12-31T14:00", "3h", "2027-01-01T09:00"),
        ],
    )
    def test_office_hours_in_berlin(self, start: str, amount: str, expected: str) -> None:
        assert working_time(OFFICE).add(utc(start), span(amount)) == utc(expected)

    @pytest.mark.parametrize(
        ("start", "amount", "expected"),
        [
            ("2026-11-23T20:00", "1d", "2026-11-24T05:00"),  # a Monday's shift ends on Tuesday morning
            ("2026-11-23T23:00", "8h", "2026-11-24T23:00"),
            ("2026-12-31T23:00", "7h", "2027-01-01T22:00"),  # over the turn of the year
            ("2026-03-28T21:00", "7h", "2026-03-29T04:00"),  # a shift of seven hours: the clocks go forward
            ("2026-10-24T20:00", "9h", "2026-10-25T05:00"),  # and of nine
        ],
    )
    def test_a_night_shift_belongs_to_the_day_on_which_it_starts(self, start: str, amount: str, expected: str) -> None:
        assert working_time(NIGHT).add(utc(start), span(amount)) == utc(expected)

    def test_holidays_and_closed_days_are_free(self) -> None:
        closed = Calendar(timezone="Europe/Berlin", holidays="DE-BE", closed=frozenset({date(2026, 12, 24)}))
        assert working_time(BERLIN).add(utc("2026-12-23T09:00"), span("2d")) == utc("2026-12-28T09:00")
        assert working_time(closed).add(utc("2026-12-23T09:00"), span("2d")) == utc("2026-12-29T09:00")

    def test_a_regional_holiday_is_free_in_its_region_only(self) -> None:
        bavaria = working_time(Calendar(timezone="Europe/Berlin", holidays="DE-BY"))
        assert bavaria.add(utc("2027-01-05T15:00"), span("2h")) == utc("2027-01-07T09:00")
        assert working_time(BERLIN).add(utc("2027-01-05T15:00"), span("2h")) == utc("2027-01-06T09:00")

    def test_always_is_wall_time(self) -> None:
        assert working_time(ALWAYS).add(utc("2026-11-27T15:00"), span("1w")) == utc("2026-12-04T15:00")
        assert working_time(ALWAYS).add(utc("2026-11-27T15:00"), span("1d")) == utc("2026-11-28T15:00")


class TestDays:
    @pytest.mark.parametrize(
        ("calendar", "day", "start", "end"),
        [
            (OFFICE, "2026-11-23", "2026-11-23T08:00", "2026-11-23T16:00"),
            (OFFICE, "2026-07-01", "2026-07-01T07:00", "2026-07-01T15:00"),
            (OFFICE, "2026-11-28", "2026-11-30T08:00", "2026-11-27T16:00"),
            (BERLIN, "2026-12-25", "2026-12-28T08:00", "2026-12-24T16:00"),
            (SPLIT, "2026-11-23", "2026-11-23T02:30", "2026-11-23T12:30"),
            (NIGHT, "2026-11-23", "2026-11-23T21:00", "2026-11-24T05:00"),
            (ALL_DAY, "2026-11-23", "2026-11-22T23:00", "2026-11-23T22:59:59"),
            (ALWAYS, "2026-11-23", "2026-11-22T23:00", "2026-11-23T22:59:59"),
            (SAMOA, "2011-12-30", "2012-01-01T19:00", "2011-12-29T03:00"),  # a day that Samoa left out
        ],
    )
    def test_start_and_end_of_work(self, calendar: Calendar, day: str, start: str, end: str) -> None:
        time_ = working_time(calendar)
        assert time_.start_of(date.fromisoformat(day)) == utc(start)
        assert time_.end_of(date.fromisoformat(day)) == utc(end)

    def test_local_date(self) -> None:
        assert working_time(OFFICE).local_date(utc("2026-11-22T23:30")) == date(2026, 11, 23)

    def test_days_and_weeks_have_the_calendar_s_length(self) -> None:
        time_ = working_time(SPLIT)
        assert time_.seconds(span("1d")) == 8.5 * 3600
        assert time_.seconds(span("1w")) == 5 * 8.5 * 3600
        assert time_.seconds(span("1ew")) == 7 * 24 * 3600
        assert working_time(ALWAYS).seconds(span("1w")) == 7 * 24 * 3600


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("calendar", "sentence"),
        [
            (Calendar(week=frozenset()), "the calendar has no working days"),
            (Calendar(hours=()), "the calendar has no working hours"),
            (Calendar(hours=((time(9), time(9)),)), "the working hours 09:00-09:00 have no length"),
            (Calendar(hours=((time(9), time(12)), (time(11), time(17)))), "the calendar's working hours overlap"),
            (Calendar(hours=((time(22), time(6)), (time(5), time(7)))), "the calendar's working hours overlap"),
            (Calendar(timezone="Europe/Berln"), "`Europe/Berln` is not a time zone (did you mean `Europe/Berlin`?)"),
            (Calendar(timezone="../x", always=True), "`../x` is not a time zone"),
        ],
    )
    def test_a_calendar_without_work_is_refused(self, calendar: Calendar, sentence: str) -> None:
        with pytest.raises(ValueError) as caught:
            working_time(calendar)
        assert str(caught.value).startswith(sentence)

    def test_an_unknown_holiday_code_is_refused_when_a_holiday_matters(self) -> None:
        time_ = working_time(Calendar(holidays="XX"))
        assert time_.local_date(utc("2026-11-23T12:00")) == date(2026, 11, 23)
        with pytest.raises(ValueError, match="no holidays are known for `XX`"):
            time_.end_of(date(2026, 11, 23))

    def test_a_span_that_is_no_number_is_refused(self) -> None:
        with pytest.raises(ValueError, match="nan"):
            working_time(OFFICE).add(utc("2026-11-23T12:00"), Duration(float("nan"), "d"))


class TestFarDates:
    @pytest.mark.parametrize("calendar", CALENDARS)
    @pytest.mark.parametrize("amount", [1e9, 1e300, float("inf")])
    def test_adding_stops_at_the_ends_of_time(self, calendar: Calendar, amount: float) -> None:
        time_ = working_time(calendar)
        for elapsed in (False, True):
            assert time_.add(utc("2026-11-23T09:00"), Duration(amount, "w", elapsed)) == LAST
            assert time_.add(utc("2026-11-23T09:00"), Duration(-amount, "w", elapsed)) == FIRST

    @pytest.mark.parametrize("calendar", CALENDARS)
    def test_the_first_and_last_days_do_not_crash(self, calendar: Calendar) -> None:
        time_ = working_time(calendar)
        ends = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
        assert time_.between(*ends) == -time_.between(*reversed(ends))
        for day in (date.min, date.max):
            assert FIRST <= time_.start_of(day) <= LAST
            assert FIRST <= time_.end_of(day) <= LAST
        for instant in ends:
            assert FIRST <= time_.add(instant, span("1h")) <= LAST
            assert FIRST <= time_.add(instant, span("-1h")) <= LAST
            assert time_.local_date(instant).year in (1, 9999)


instants = st.datetimes(datetime(2011, 6, 1), datetime(2029, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
spans = st.builds(
    Duration, st.integers(-100_000, 100_000).map(lambda amount: amount / 100), st.sampled_from(["m", "h", "d", "w"])
)


@pytest.mark.parametrize("calendar", CALENDARS)
class TestLaws:
    @settings(max_examples=40, deadline=None)
    @given(first=instants, second=instants, third=instants)
    def test_work_adds_up(self, calendar: Calendar, first: datetime, second: datetime, third: datetime) -> None:
        time_ = working_time(calendar)
        assert time_.between(first, third) == time_.between(first, second) + time_.between(second, third)
        assert time_.between(first, second) == -time_.between(second, first)

    @settings(max_examples=40, deadline=None)
    @given(start=instants, length=spans)
    def test_between_gives_back_what_was_added(self, calendar: Calendar, start: datetime, length: Duration) -> None:
        time_ = working_time(calendar)
        end = time_.add(start, length)
        assert time_.between(start, end) == timedelta(seconds=time_.seconds(length))

    @settings(max_examples=40, deadline=None)
    @given(pair=st.tuples(instants, instants), lengths=st.tuples(spans, spans))
    def test_later_and_longer_is_never_earlier(
        self, calendar: Calendar, pair: tuple[datetime, datetime], lengths: tuple[Duration, Duration]
    ) -> None:
        time_ = working_time(calendar)
        first, second = sorted(pair)
        short, long = sorted(lengths, key=time_.seconds)
        assert time_.add(first, short) <= time_.add(second, short)
        assert time_.add(first, short) <= time_.add(first, long)

    @settings(max_examples=40, deadline=None)
    @given(start=instants, day=st.dates(date(2011, 6, 1), date(2029, 1, 1)))
    def test_there_is_no_work_between_the_days(self, calendar: Calendar, start: datetime, day: date) -> None:
        time_ = working_time(calendar)
        assert time_.between(time_.start_of(day), time_.end_of(day)) <= timedelta(hours=25)
        following = time_.start_of(day + timedelta(days=1))
        assert time_.between(time_.end_of(day), following) <= timedelta(seconds=1)
        assert time_.end_of(day) <= following


@pytest.mark.parametrize("calendar", [OFFICE, SPLIT])
@settings(max_examples=30, deadline=None)
@given(first=instants, halves=st.integers(0, 800))
def test_between_is_what_counting_half_hours_on_the_clock_gives(
    calendar: Calendar, first: datetime, halves: int
) -> None:
    first = first.replace(minute=30 * (first.minute // 30), second=0)
    zone = ZoneInfo(calendar.timezone)
    walls = [(first + step * HALF_HOUR).astimezone(zone) for step in range(halves)]
    worked = [
        wall
        for wall in walls
        if wall.weekday() in calendar.week and any(start <= wall.time() < end for start, end in calendar.hours)
    ]
    assert working_time(calendar).between(first, first + halves * HALF_HOUR) == len(worked) * HALF_HOUR


class TestSpeed:
    def test_ten_thousand_days_are_added_at_once(self) -> None:
        time_ = working_time(Calendar(timezone="Europe/Paris"))
        began = clock.perf_counter()
        time_.add(utc("2026-11-23T09:00"), span("10000d"))
        assert clock.perf_counter() - began < 0.2

    def test_twenty_thousand_near_instants_are_measured_in_a_moment(self) -> None:
        time_ = working_time(OFFICE)
        first, second = utc("2026-11-20T09:00"), utc("2026-11-24T09:00")
        began = clock.perf_counter()
        for _ in range(20_000):
            time_.between(first, second)
        assert clock.perf_counter() - began < 1
