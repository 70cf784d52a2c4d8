"""The language of `if=`: what it says, and what it refuses to be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.rules.condition import ConditionError, parse

FIELDS = {
    "plan": "pro",
    "seats": "12",
    "trial": "no",
    "launch": "2026-12-01",
    "tags": "eu, uk",
    "empty": "",
    "vip": "yes",
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("plan == 'pro'", True),
        ('plan == "pro"', True),
        ("plan != 'pro'", False),
        ("seats > 9", True),
        ("seats >= 12 and seats <= 12", True),
        ("seats == 12.0", True),
        ("seats < '9'", False),
        ("launch > '2026-11-30'", True),
        ("plan in ['basic', 'pro']", True),
        ("plan not in ['basic']", True),
        ("'uk' in tags", True),
        ("'us' in tags", False),
        ("vip", True),
        ("not trial", True),
        ("empty", False),
        ("unknown", False),
        ("not not vip", True),
        ("vip == true", True),
        ("trial == false", True),
        ("plan == 'basic' or seats > 10 and vip", True),
        ("(plan == 'basic' or seats > 10) and trial", False),
        ("not plan == 'basic'", True),
        ("empty > 3", False),
        ("empty < 3", False),
        ("seats > -1", True),
        ("true", True),
        ("plan in []", False),
    ],
)
def test_what_a_condition_says(text: str, holds: bool) -> None:
    assert parse(text).evaluate(FIELDS) is holds


@pytest.mark.parametrize(
    ("text", "column", "word"),
    [
        ("", 1, "empty"),
        ("plan.name == 'x'", 5, "parts"),
        ("__import__('os')", 11, "functions"),
        ("plan == 'pro", 9, "closing"),
        ("plan = 'pro'", 6, "=="),
        ("seats + 1 > 2", 7, "arithmetic"),
        ("plan == 'a' &", 13, "&"),
        ("plan == ", 9, "value"),
        ("(plan", 6, ")"),
        ("plan == 'a' plan", 13, "and"),
        ("1 < seats < 9", 11, "two comparisons"),
        ("plan in ['a'", 13, "]"),
        ("plan in [plan]", 10, "text"),
        ("plan not 'a'", 10, "in"),
        ("and", 1, "value"),
    ],
)
def test_what_it_refuses_and_where(text: str, column: int, word: str) -> None:
    with pytest.raises(ConditionError) as refused:
        parse(text)
    assert refused.value.column == column
    assert word in refused.value.message


@pytest.mark.parametrize("text", ["(" * 5000 + "a", "not " * 400 + "a and (" * 100, "a or " * 1000 + "a", "[" * 900])
def test_no_bomb_goes_off(text: str) -> None:
    with pytest.raises(ConditionError):
        parse(text)


def test_it_names_its_fields_and_what_they_are_compared_with() -> None:
    condition = parse("plan == 'pro' and seats > 3 or region in ['eu', 'uk'] and plan")
    assert condition.names == ("plan", "seats", "region")
    assert condition.columns == (1, 19, 32)
    assert [(one.field, one.operator, one.value, one.column) for one in condition.compared] == [
        ("plan", "==", "pro", 10), ("seats", ">", "3", 27), ("region", "in", "eu", 44), ("region", "in", "uk", 50),
    ]  # fmt: skip


def test_a_comparison_is_told_from_the_field_whichever_side_it_stands_on() -> None:
    told = [(one.field, one.operator, one.value, one.other) for one in parse("3 < a and 'x' in b or c == d").compared]
    assert told == [("a", ">", "3", False), ("b", "in", "x", False), ("c", "==", "d", True), ("d", "==", "c", True)]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab'\"()[],=<>! notandri1.-\t\n", max_size=40))
def test_any_text_is_a_condition_or_an_error_with_a_column(text: str) -> None:
    column = 1
    try:
        held = parse(text).evaluate({"a": "1"})
    except ConditionError as error:
        held, column = False, error.column
    assert held in (True, False)
    assert 1 <= column <= len(text) + 1
