"""Several people on one task, each with days of their own and a part of their time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handrail.model.calendar import Calendar, Duration
from handrail.plan.team import TeamTime
from handrail.plan.worktime import working_time

BASE = working_time(Calendar())
AWAY = working_time(Calendar(closed=frozenset({date(2026, 11, 24), date(2026, 11, 25)})))
HALF = working_time(Calendar(week=frozenset({0, 1}), hours=((time(9), time(13)),)))
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_one_person_with_leave_is_stretched_over_it() -> None:
    assert TeamTime(BASE, [(AWAY, 1.0)]).add(MONDAY, Duration(2, "d")) == datetime(2026, 11, 26, 17, tzinfo=UTC)


def test_half_of_somebodys_time_takes_twice_as_long() -> None:
    assert TeamTime(BASE, [(AWAY, 0.5)]).add(MONDAY, Duration(1, "d")) == datetime(2026, 11, 26, 17, tzinfo=UTC)


def test_two_people_share_the_effort_and_one_goes_on_alone() -> None:
    team = TeamTime(BASE, [(BASE, 1.0), (AWAY, 1.0)])
    assert team.add(MONDAY, Duration(2, "d")) == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert team.add(MONDAY, Duration(4, "d")) == datetime(2026, 11, 25, 17, tzinfo=UTC)


members = st.lists(
    st.tuples(st.sampled_from([BASE, AWAY, HALF]), st.sampled_from([0.5, 0.8, 1.0])), min_size=1, max_size=3
)


@given(members, st.integers(0, 60), st.integers(-40, 40))
def test_adding_and_measuring_are_each_others_reverse(people, hours, amount) -> None:
    team, start = TeamTime(BASE, people), MONDAY + timedelta(hours=hours)
    end = team.add(start, Duration(amount, "h"))
    assert abs(team.between(start, end) - timedelta(hours=amount)) < timedelta(seconds=1)
