"""Times as people speak of them, told at Monday 23 November 2026, 10:00 in Berlin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handrail.reports.words import Clock, span_words, zone_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CLOCK = Clock(NOW, zone_of("Europe/Berlin"))


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (7, "today 17:00"),
        (15, "tomorrow"),
        (48, "in 2 days"),
        (24 * 30, "in 4 weeks"),
        (-0.01, "less than a minute late"),
        (-5, "5 hours late"),
        (-13, "1 day late"),
        (-72, "3 days late"),
    ],
)
def test_due_times(hours: float, words: str) -> None:
    assert CLOCK.until(NOW + timedelta(hours=hours)) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.5, "just now"),
        (5, "5 minutes ago"),
        (120, "2 hours ago"),
        (60 * 17, "yesterday 17:00"),
        (60 * 24 * 3, "3 days ago"),
        (60 * 24 * 20, "Tue 3 Nov"),
        (60 * 24 * 365, "Sun 23 Nov 2025"),
    ],
)
def test_past_times(minutes: float, words: str) -> None:
    assert CLOCK.ago(NOW - timedelta(minutes=minutes)) == words


def test_midnight_is_that_of_the_workspace() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert CLOCK.when(late) == "tomorrow 00:30"
    assert Clock(NOW).when(late) == "today 23:30"


def test_a_zone_that_does_not_exist_is_utc() -> None:
    assert zone_of("Moon/Base") is UTC
    assert zone_of("../../etc/passwd") is UTC


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(59, "less than a minute"), (3600, "1 hour"), (8 * 3600, "1 day"), (20 * 8 * 3600, "4 weeks")],
)
def test_spans_of_eight_hour_days(seconds: float, words: str) -> None:
    assert span_words(seconds, 8 * 3600, 5) == words
