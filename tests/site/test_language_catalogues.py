"""The catalogues of words: whole, with the same places in every language, and without words that nothing says."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from handrail.base.words import count, say
from handrail.reports.words import Clock
from handrail.site.language import Catalogue, Language, catalogue

TOOLS = Path(__file__).resolve().parents[2] / "tools/handrail"
SHIPPED = ("de", "ja")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DERIVED = re.compile(
    r"\{n(:g)?\} (?P<noun>.+)"  # counted things
    r"|deed\|(?P<deed>.+)|\{who\} (?P<did>.+) \{what\}"  # what people do
    r"|\{days\} (?:after|before) (?P<what>.+)"
)


def shipped(language: str) -> Catalogue:
    found = catalogue(language)
    assert found is not None
    return found


def forms(found: Catalogue, message: str) -> list[str]:
    words = found.words[message]
    return [words] if isinstance(words, str) else words


def places(words: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", words))


@cache
def written() -> set[str]:
    """Give every text that stands in the code."""
    trees = [ast.parse(path.read_text("utf-8")) for path in TOOLS.rglob("*.py")]
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_all_languages_have_the_same_messages():
    assert set(shipped("de").words) == set(shipped("ja").words)


@pytest.mark.parametrize("language", SHIPPED)
def test_each_message_keeps_its_places_and_has_a_text_for_every_form(language: str):
    found = shipped(language)
    for message, words in found.words.items():
        assert isinstance(words, str) or len(words) == len(found.forms), message
        for form in forms(found, message):
            assert form.strip(), message
            assert places(form) == places(message), message
            assert (form[0] == " ") == (message[0] == " ") or language == "ja", message


@pytest.mark.parametrize("language", SHIPPED)
def test_every_message_is_said_somewhere(language: str):
    texts = written()
    idle = []
    for message in shipped(language).words:
        made = DERIVED.fullmatch(message)
        part = next((one for one in made.group("noun", "deed", "did", "what") if one), "") if made else ""
        known = (message, part, part.removesuffix("s"), part.removeprefix("working ").removesuffix("s"))
        if not any(one and one in texts for one in known):
            idle.append(message)
    assert idle == []


@pytest.mark.parametrize("language", SHIPPED)
def test_months_weekdays_and_patterns_are_complete(language: str):
    found = shipped(language)
    assert (len(found.months), len(found.short_months), len(found.weekdays)) == (12, 12, 7)
    for pattern in Language("en").patterns:
        assert Language(language).date(NOW.date(), pattern)


@pytest.mark.parametrize(
    ("language", "number", "said"),
    [
        ("en", 1, "1 step"),
        ("en", 3, "3 steps"),
        ("de", 1, "1 Schritt"),
        ("de", 3, "3 Schritte"),
        ("ja", 1, "1 ステップ"),
        ("fr", 3, "3 steps"),
    ],
)
def test_a_number_asks_for_its_form(language: str, number: int, said: str):
    assert Language(language).count(number, "step") == said


@pytest.mark.parametrize(
    ("language", "day", "far", "late"),
    [
        ("en", "Thu 26 Nov", "Tue 1 Jun 2027", "3 days late"),
        ("de", "Do, 26. Nov.", "Di, 1. Juni 2027", "3 Tage überfällig"),
        ("ja", "11月26日(木)", "2027年6月1日(火)", "3 日遅れ"),
    ],
)
def test_days_are_told_as_people_tell_them(language: str, day: str, far: str, late: str):
    clock = Language(language).clock(NOW, UTC)
    assert clock.day(datetime(2026, 11, 26, 9, tzinfo=UTC)) == day
    assert clock.day(datetime(2027, 6, 1, 9, tzinfo=UTC)) == far
    assert clock.until(datetime(2026, 11, 20, 9, tzinfo=UTC)) == late


@pytest.mark.parametrize(
    ("language", "said"), [("en", "12,345.6 45%"), ("de", "12.345,6 45\u00a0%"), ("ja", "12,345.6 45%")]
)
def test_numbers_are_written_as_people_write_them(language: str, said: str):
    spoken = Language(language)
    assert f"{spoken.number(12345.6, ',.1f')} {spoken.number(0.45, '.0%')}" == said


def test_a_sentence_of_a_report_is_english_everywhere_and_can_be_said_again():
    due = datetime(2026, 11, 20, 9, tzinfo=UTC)
    sentence = say("{task} misses its deadline of {day}", task="Pack 1.5", day=Clock(NOW).day(due))
    assert sentence == "Pack 1.5 misses its deadline of Fri 20 Nov"
    assert Language("de").said(sentence) == "Pack 1.5 verpasst die Frist Fr, 20. Nov."
    assert Language("de").said(say("ends {days} after the target", days=count(1, "working day"))) == (
        "endet 1 Arbeitstag nach dem Ziel"
    )
    assert Language("de").said("what somebody wrote") == "what somebody wrote"


@pytest.mark.parametrize("name", ["DE", "de-AT", "ja_JP"])
def test_a_region_speaks_its_language(name: str):
    assert Language(name).known is not None


@pytest.mark.parametrize("name", ["", "../../de", "de/../ja", "x" * 300])
def test_a_name_that_is_none_speaks_english(name: Any):
    assert Language(name).say("Home") == "Home"
