"""Holiday codes: which there are, and what a user reads about one that is none."""

from __future__ import annotations

from datetime import date

import pytest

from handrail.plan.holiday import days_off, holiday_problem


@pytest.mark.parametrize("code", ["", "DE", "DE-BE", "US-CA", "GB-ENG", "FR"])
def test_a_known_code_has_no_problem(code: str) -> None:
    assert holiday_problem(code) == ""


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("de", "no holidays are known for `de` (did you mean `DE`?)"),
        ("DE-be", "no holidays are known for `DE-be` (did you mean `DE-BE`?)"),
        ("Germany", "no holidays are known for `Germany` (did you mean `DE`?)"),
        ("XX", "no holidays are known for `XX` (use a country's code: `DE`, `DE-BE`, `US-CA`)"),
        ("../x", "no holidays are known for `../x` (use a country's code: `DE`, `DE-BE`, `US-CA`)"),
        ("DE-XX", "no holidays are known for `DE-XX` (regions of DE: BB, BE, BW, "),
        ("SG-01", "`SG` has no regions with holidays of their own (write `SG`)"),
    ],
)
def test_an_unknown_code_is_explained(code: str, sentence: str) -> None:
    assert holiday_problem(code).startswith(sentence)


def test_the_days_of_a_year() -> None:
    assert date(2026, 12, 25) in days_off("DE-BE", 2026)
    assert date(2026, 3, 8) in days_off("DE-BE", 2026)
    assert date(2026, 3, 8) not in days_off("DE-BY", 2026)
    assert days_off("", 2026) == frozenset()
    assert days_off("DE", 9999) == days_off("DE", 1) == frozenset()


def test_years_of_which_the_library_knows_only_a_part_are_no_cause_for_a_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    assert days_off("TR", 2090)
    assert not recwarn.list
