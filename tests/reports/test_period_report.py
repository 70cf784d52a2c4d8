"""`handrail report --period`: what a period came to beside the one before; and how periods are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import Result

from handrail.reports.period import read_period
from handrail.reports.words import zone_of

PROCESS = "---\ntitle: Offers\n---\n\n- [ ] Write it {#write due=1d}\n\n- [ ] Check it {#check optional}\n"
CONFIG = 'calendar: {week: mon-fri, hours: "09:00-17:00", timezone: UTC}\n'
NOW = "2026-11-23T09:00:00Z"


def run(day: str, hours: int, *, again: bool = False) -> tuple[str, str]:
    """Write a run that began at nine and whose steps were done so many hours later."""
    more = f"  - {day}T09:30:00Z @ana done\n  - {day}T09:45:00Z @ana reopened: no\n" if again else ""
    done = f"  - {day}T{9 + hours:02}:00:00Z @ana done\n"
    skipped = f"  - {day}T{9 + hours:02}:00:00Z @ana skipped: small\n"
    return f"processes/offers/runs/{day}-r.md", (
        f"---\nrun: offers/{day}-r\nprocess: offers\ntitle: R\nstarted: {day}T09:00:00Z\ndue: {day}\n---\n\n"
        f"- [x] Write it {{#write due=1d}}\n{more}{done}\n- [x] Check it {{#check optional}}\n{skipped}\n"
        f"## Log\n\n- {day}T09:00:00Z @ana started\n"
    )


FILES = {
    "processes/offers/README.md": PROCESS,
    **dict([run("2026-09-01", 2), run("2026-09-02", 4, again=True)]),
    **dict([run("2026-10-01", 6), run("2026-10-02", 6), run("2026-10-06", 8), run("2026-10-07", 8)]),
}


@pytest.mark.parametrize(("text", "first", "end", "before"), [
    ("2026-10", "2026-10-01", "2026-11-01", "2026-09"),
    ("2026-01", "2026-01-01", "2026-02-01", "2025-12"),
    ("2026-Q3", "2026-07-01", "2026-10-01", "2026-Q2"),
    ("2026q1", "2026-01-01", "2026-04-01", "2025-Q4"),
    ("2026-W41", "2026-10-05", "2026-10-12", "2026-W40"),
    ("2026-W01", "2025-12-29", "2026-01-05", "2025-W52"),
    ("2026", "2026-01-01", "2027-01-01", "2025"),
    ("2026-10-03..2026-10-05", "2026-10-03", "2026-10-06", "2026-09-30..2026-10-02"),
])  # fmt: skip
def test_a_period_and_the_one_before(text: str, first: str, end: str, before: str) -> None:
    found = read_period(text, UTC)
    assert (str(found.first), str(found.end), found.before().name) == (first, end, before)
    assert found.before().end == found.first


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-Q5", "2026-W54", "x", "..", "2026-10-02..2026-10-01", "0001", "2026-10-01"]
)
def test_what_is_no_period_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        read_period(text, UTC)


def test_a_period_begins_at_midnight_of_the_workspace_also_where_clocks_change() -> None:
    found = read_period("2026-10", zone_of("Europe/Berlin"))
    assert found.start_at == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert found.end_at == datetime(2026, 10, 31, 23, tzinfo=UTC)


def test_each_figure_stands_beside_that_of_the_period_before(
    workspace: Callable[..., Any], handrail: Callable[..., Result]
) -> None:
    folder = workspace(FILES, config=CONFIG)
    result = handrail(folder, "report", "--period", "2026-10", "--json", now=NOW)
    found = json.loads(result.output)
    assert (found["schema"], found["period"]["name"], found["before"]["name"]) == ("report/1", "2026-10", "2026-09")
    now, before = found["total"]["now"], found["total"]["before"]
    assert (now["finished"], before["finished"]) == (4, 2)
    assert (now["lead_s"]["p50"], before["lead_s"]["p50"]) == (6 * 3600, 2 * 3600)
    assert now["not_right_first_time"] == {"held": 0, "n": 4, "share": 0.0}
    assert before["not_right_first_time"] == {"held": 1, "n": 2, "share": 0.5}
    assert now["steps_skipped"]["share"] == 0.5
    assert now["on_time"] == {"held": 4, "n": 4, "share": 1.0}
    assert found["processes"][0]["now"]["bottlenecks"][0]["step"] == "write"


def test_into_a_pipe_it_goes_as_markdown(workspace: Callable[..., Any], handrail: Callable[..., Result]) -> None:
    folder = workspace(FILES, config=CONFIG)
    text = handrail(folder, "report", "--period", "2026-10", now=NOW).output
    assert "## offers" in text
    assert "| finished | 4 | 2 | +2 |" in text
    assert "| lead time, half of them | 6.0 h | 2.0 h | +200% |" in text
    assert "| not right first time | 0% of 4 | 50% of 2 | -50 points |" in text
    assert "not over yet" in handrail(folder, "report", "--period", "2026-11", "--format", "table", now=NOW).output
    assert handrail(folder, "report", "--period", "soon", now=NOW).exit_code == 2
    assert handrail(folder, "report", now=NOW).exit_code == 2
