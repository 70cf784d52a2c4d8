"""`handrail stalled` as a gate: what it is asked for, what it writes, and with which status it leaves."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

NOW = "2026-11-23T09:00:00Z"
CONFIG = "people: {ana: {}, ben: {}, mara: {}}\nteams: {leads: [mara]}\ncalendar: {timezone: UTC}\n"
HOSTILE = "Sign | <b>this</b> %0A::error::x @all"


def process(owner: str) -> str:
    return f"---\ntitle: Offers\nowner: '{owner}'\n---\n\n- [ ] Write {{#write}}\n"


def run(process: str, name: str, title: str, due: str) -> str:
    return (
        f"---\nrun: {process}/{name}\nprocess: {process}\ntitle: {name}\nstarted: 2026-11-20T09:00:00Z\n---\n\n"
        f"- [ ] {title} {{#write @ana due={due}}}\n\n- [ ] Send {{#send @ben}}\n\n## Log\n\n"
        "- 2026-11-20T09:00:00Z @ana started\n"
    )


FILES = {
    "processes/offers/README.md": process("@ana"),
    "processes/orders/README.md": process("leads"),
    "processes/offers/runs/late.md": run("offers", "late", HOSTILE, "2026-11-18"),
    "processes/orders/runs/later.md": run("orders", "later", "Ship", "2026-11-20"),
    "processes/orders/runs/fine.md": run("orders", "fine", "Ship", "2026-12-01"),
}


@pytest.fixture
def stalled(workspace: Callable[..., Any], handrail: Callable[..., Any]) -> Callable[..., Any]:
    folder = workspace(FILES, config=CONFIG)
    return lambda *words: handrail(folder, "stalled", *words, now=NOW)


def holders(result: Any) -> list[str]:
    return [one["run"] for one in json.loads(result.output)["findings"]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ["offers/late", "orders/later"]),
        (("--process", "orders"), ["orders/later"]),
        (("--owner", "ana"), ["offers/late"]),
        (("--owner", "@mara"), ["orders/later"]),
        (("--owner", "ben"), []),
        (("--reason", "overdue"), ["offers/late", "orders/later"]),
        (("--reason", "unassigned"), []),
        (("--since", "2026-11-18"), ["offers/late", "orders/later"]),
        (("--since", "2026-11-19"), ["orders/later"]),
        (("--since", "2026-11-21"), []),
    ],
)
def test_only_what_is_asked_for_is_found(stalled: Any, words: tuple[str, ...], expected: list[str]):
    result = stalled(*words, "--json")
    assert (holders(result), result.exit_code) == (expected, 1 if expected else 0)
    assert stalled(*words, "--format", "json").output == result.output


def test_a_gate_may_allow_some(stalled: Any):
    assert [stalled("--allow", number).exit_code for number in ("0", "1", "2", "3")] == [1, 1, 0, 0]
    assert stalled("--allow", "-1").exit_code == 2


def test_annotations_stand_at_the_line_and_titles_cannot_write_others(stalled: Any):
    first, second = stalled("--format", "github").output.splitlines()
    assert first.startswith("::warning file=processes/offers/runs/late.md,line=8,col=1,title=overdue::Sign")
    assert "%250A" in first
    assert second.endswith("(@ana has it, next in line: @mara)")
    assert stalled("--format", "github", "--owner", "ben").output == ""


def test_a_table_for_an_issue_shows_titles_as_they_are(stalled: Any):
    text = stalled("--format", "markdown").output
    assert text.startswith("2 findings, worst first.\n\n| what | why | since | who has it | next in line |")
    assert "<b>" not in text
    assert "@all" not in text
    assert all(line.replace("\\|", "").count("|") == 6 for line in text.splitlines()[2:])
    assert stalled("--format", "markdown", "--owner", "ben").output == "Nothing has stalled.\n"


def test_a_test_report_has_every_active_run_and_fails_those_that_stalled(stalled: Any):
    result = stalled("--format", "junit")
    (suite,) = ET.fromstring(result.output)
    assert (suite.get("tests"), suite.get("failures")) == ("3", "2")
    assert [(case.get("classname"), len(case)) for case in suite] == [
        ("run offers/late", 1),
        ("run orders/fine", 0),
        ("run orders/later", 1),
    ]


def test_the_answer_depends_on_nothing_but_the_files_and_the_time(stalled: Any, monkeypatch: pytest.MonkeyPatch):
    here = stalled("--format", "markdown").output
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert stalled("--format", "markdown").output == here
