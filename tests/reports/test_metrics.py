"""`handrail metrics`: every figure against one worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  ben: {name: Ben Ito, email: [ben@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org]}
calendar: {week: mon-fri, hours: "09:00-17:00", timezone: UTC, closed: [2026-10-05]}
"""
PROCESS = """\
---
title: Offers
owner: "@mara"
roles: {sales: ana, legal: ben}
---

## Write

- [ ] Write it {#write @sales due=1d}

## Check

- [ ] Check it {#check @legal due=1d}
"""
NOW = "2026-10-20T09:00:00Z"
HOUR = 3600.0


def run(name: str, started: str, write: str = "", check: str = "", *, log: str = "", head: str = "") -> str:
    """Write a run's file; events come as lines, a step is ticked where the last one says so."""

    def step(title: str, attributes: str, events: str) -> str:
        lines = [line.strip() for line in events.strip().splitlines()]
        ticked = "x" if lines and lines[-1].split()[2].rstrip(":") in ("done", "skipped") else " "
        return "\n".join([f"- [{ticked}] {title} {{{attributes}}}", *(f"  - {line}" for line in lines)])

    return (
        f"---\nrun: offers/{name}\nprocess: offers\ntitle: {name}\nstarted: {started}\n{head}---\n\n## Write\n\n"
        + step("Write it", "#write @ana role=sales due=1d", write)
        + "\n\n## Check\n\n"
        + step("Check it", "#check @ben role=legal due=1d", check)
        + f"\n\n## Log\n\n- {started} @mara started\n{log}"
    )


OVER_A_HOLIDAY = run(
    "2026-10-02-one",
    "2026-10-02T09:00:00Z",  # a Friday; Monday 5 October is closed
    "2026-10-02T13:00:00Z @ana started\n2026-10-02T15:00:00Z @ana done",
    "2026-10-06T09:00:00Z @ben started\n2026-10-06T11:00:00Z @ben done",
    head="due: 2026-10-06\n",
)


@pytest.fixture
def figures(workspace: Callable[..., Any], handrail: Callable[..., Result]) -> Callable[..., dict[str, Any]]:
    def ask(*texts: str, options: tuple[str, ...] = (), now: str = NOW) -> dict[str, Any]:
        files = {"processes/offers/README.md": PROCESS}
        for text in texts:
            name = text.split("run: offers/")[1].split("\n")[0]
            files[f"processes/offers/runs/{name}.md"] = text
        folder = workspace(files, config=CONFIG)
        result = handrail(folder, "metrics", "offers", *options, "--json", now=now)
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.output)
        return found

    return ask


def test_spans_count_working_time_over_a_weekend_and_a_holiday(figures: Callable[..., dict[str, Any]]) -> None:
    found = figures(OVER_A_HOLIDAY)
    assert found["lead_s"]["p50"] == 10 * HOUR  # Friday 9 to 17, Tuesday 9 to 11
    assert found["cycle_s"]["p50"] == 6 * HOUR  # from Friday 13
    assert found["lead_wall_s"]["p50"] == 98 * HOUR
    assert found["flow_efficiency"]["p50"] == pytest.approx(4 / 6, abs=1e-4)
    assert found["hand_overs"]["p50"] == 1
    assert found["on_time"] == {"held": 1, "n": 1, "share": 1.0}
    write, check = found["steps"]
    assert [write[key]["p50"] for key in ("wait_s", "touch_s", "sojourn_s")] == [4 * HOUR, 2 * HOUR, 6 * HOUR]
    assert [check[key]["p50"] for key in ("wait_s", "touch_s", "sojourn_s")] == [2 * HOUR, 2 * HOUR, 4 * HOUR]
    assert (write["share_of_time"], check["share_of_time"]) == (0.6, 0.4)
    assert [one["critical"]["share"] for one in found["steps"]] == [1.0, 1.0]
    assert [one["time_wall_s"]["p50"] for one in found["stages"]] == [6 * HOUR, 92 * HOUR]
    assert [(one["role"], one["sojourn_s"]["p50"]) for one in found["roles"]] == [
        ("legal", 4 * HOUR),
        ("sales", 6 * HOUR),
    ]


def test_what_was_blocked_is_no_work_and_without_begun_nothing_is_split(
    figures: Callable[..., dict[str, Any]],
) -> None:
    found = figures(
        run(
            "2026-10-06-two",
            "2026-10-06T09:00:00Z",
            "2026-10-06T09:00:00Z @ana started\n2026-10-06T10:00:00Z @ana blocked: no data\n"
            "2026-10-06T13:00:00Z @ana unblocked\n2026-10-06T14:00:00Z @ana done",
            "2026-10-07T10:00:00Z @ben done",
        )
    )
    write, check = found["steps"]
    assert write["touch_s"]["p50"] == 2 * HOUR
    assert write["sojourn_s"]["p50"] == 5 * HOUR
    assert check["wait_s"] == check["touch_s"] == {"n": 0, "p50": None, "p85": None, "p95": None}
    assert check["sojourn_s"]["p50"] == 4 * HOUR
    assert found["flow_efficiency"]["n"] == 0


def test_a_late_step_that_was_opened_again_keeps_its_first_completion(figures: Callable[..., dict[str, Any]]) -> None:
    found = figures(
        run(
            "2026-10-06-again",
            "2026-10-06T09:00:00Z",
            "2026-10-06T12:00:00Z @ana done\n2026-10-08T09:00:00Z @ana reopened: wrong sum\n"
            "2026-10-14T12:00:00Z @ana done",
            "2026-10-12T12:00:00Z @ben done",
        )
    )
    write, check = found["steps"]
    assert write["on_time"]["share"] == 1.0
    assert (write["reopened"], write["first_pass"]["share"], check["first_pass"]["share"]) == (1, 0.0, 1.0)
    assert found["right_first_time"]["share"] == 0.0


def test_cancelled_runs_and_trials_have_no_length_and_open_ones_are_not_forgotten(
    figures: Callable[..., dict[str, Any]],
) -> None:
    cancelled = run("2026-10-06-off", "2026-10-06T09:00:00Z", log="- 2026-10-07T09:00:00Z @mara cancelled: lost\n")
    trial = run("2026-10-07-trial", "2026-10-07T09:00:00Z", head="trial: true\n")
    still = run("2026-10-01-open", "2026-10-01T09:00:00Z")
    found = figures(OVER_A_HOLIDAY, cancelled, trial, still)
    assert found["cohort"] == {"done": 1, "active": 1, "cancelled": 1}
    assert (found["lead_s"]["n"], found["wip"]) == (1, 1)
    # Thu 1 Oct to Tue 20 Oct 9:00 are 12 working days: 1, 2, 6 to 9, 12 to 16, 19.
    assert found["oldest"] == {"run": "offers/2026-10-01-open", "age_s": 12 * 8 * HOUR}
    # One of two has ended: nobody knows the median yet, and the shorter one is not taken for it.
    assert found["lead_with_open_s"] == {"n": 2, "p50": None, "p85": None, "p95": None}
    assert found["people"] == [{"person": "ana", "open_now": 1}]


def test_too_few_runs_give_no_percentile(figures: Callable[..., dict[str, Any]]) -> None:
    five = [
        run(
            f"2026-10-0{day}-r",
            f"2026-10-0{day}T09:00:00Z",
            f"2026-10-0{day}T10:00:00Z @ana done",
            f"2026-10-0{day}T{10 + day}:00:00Z @ben done",
        )
        for day in (1, 2, 6, 7)
    ]
    few = figures(*five)["lead_s"]
    assert (few["n"], few["p85"], few["p95"]) == (4, None, None)
    assert few["p50"] == 3 * HOUR


def test_weeks_and_the_cumulative_flow(figures: Callable[..., dict[str, Any]]) -> None:
    found = figures(OVER_A_HOLIDAY, options=("--period", "2026-09-28..2026-10-11"))
    assert [(one["week"], one["started"], one["finished"], one["whole"]) for one in found["weeks"]] == [
        ("2026-09-28", 1, 0, True),
        ("2026-10-05", 0, 1, True),
    ]
    assert found["throughput_per_week"] == 0.5
    assert found["flow_stages"] == ["Write", "Check"]
    by_day = {one["day"]: (one["started"], one["finished"], one["stages"]) for one in found["flow"]}
    assert len(by_day) == 14
    assert by_day["2026-10-01"] == (0, 0, [0, 0])
    assert by_day["2026-10-02"] == (1, 0, [1, 0])
    assert by_day["2026-10-06"] == (1, 1, [1, 1])


def test_littles_law_holds_where_work_is_steady(figures: Callable[..., dict[str, Any]]) -> None:
    days = [1, 2, 6, 7, 8, 9, 12, 13, 14, 15]
    steady = [
        run(
            f"2026-10-{day:02}-r",
            f"2026-10-{day:02}T09:00:00Z",
            f"2026-10-{day:02}T10:00:00Z @ana done",
            f"2026-10-{day:02}T15:00:00Z @ben done",
        )
        for day in days
    ]
    found = figures(*steady, options=("--period", "2026-10-01..2026-10-15"))["little"]
    # Ten runs of six hours in fifteen days.
    assert found["wip"] == pytest.approx(60 / 360, abs=1e-4)
    assert found["ratio"] == 1.0


@pytest.mark.parametrize(
    "asked", [["--period", "2026-13"], ["--since", "soon"], ["--period", "2026-10-09..2026-10-01"]]
)
def test_a_period_that_is_none_is_wrong_usage(
    workspace: Callable[..., Any], handrail: Callable[..., Result], asked: list[str]
) -> None:
    result = handrail(workspace(), "metrics", *asked, now=NOW)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_tables_and_markdown_say_so_where_runs_are_few(
    workspace: Callable[..., Any], handrail: Callable[..., Result]
) -> None:
    folder = workspace(
        {
            "processes/offers/README.md": PROCESS,
            "processes/offers/runs/2026-10-02-one.md": OVER_A_HOLIDAY.replace("title: 2026-10-02-one", "title: A|B"),
        },
        config=CONFIG,
    )
    shown = handrail(folder, "metrics", "offers", now=NOW).output
    assert "too few finished runs" in shown
    assert "1.2 d" in shown
    text = handrail(folder, "metrics", "--format", "markdown", now=NOW).output
    assert "| offers | 1 | 1 | 0 | 1.2 d |" in text
    empty = handrail(workspace(), "metrics", now=NOW)
    assert (empty.exit_code, "0 runs started" in empty.output) == (0, True)


def test_what_is_kept_gives_the_same_figures_as_the_files(
    workspace: Callable[..., Any], handrail: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    still = run("2026-10-01-open", "2026-10-01T09:00:00Z", "2026-10-02T09:00:00Z @ana done")
    trial = OVER_A_HOLIDAY.replace("-one", "-two").replace("due:", "trial: true\ndue:")
    folder = workspace(
        {
            "processes/offers/README.md": PROCESS.replace("Write it", "Write to {{ customer }}"),
            "processes/offers/runs/2026-10-02-one.md": OVER_A_HOLIDAY.replace("Write it", "Write to Acme"),
            "processes/offers/runs/2026-10-02-two.md": trial,
            "processes/offers/runs/2026-10-01-open.md": still,
        },
        config=CONFIG,
    )

    def both(now: str, *words: str) -> str:
        monkeypatch.delenv("HANDRAIL_NO_INDEX", raising=False)
        kept = [handrail(folder, *words, "--json", now=now).output for _ in range(2)]
        monkeypatch.setenv("HANDRAIL_NO_INDEX", "1")
        assert kept == [handrail(folder, *words, "--json", now=now).output] * 2
        return kept[0]

    first = both(NOW, "metrics")
    assert json.loads(first)["finished"] == 1
    assert "Write to {{ customer }}" in first
    both(NOW, "forecast", "open")
    both(NOW, "report", "--period", "2026-10")
    both("2026-10-06T10:00:00Z", "metrics", "offers")
    ended = run("2026-10-01-open", "2026-10-01T09:00:00Z", "2026-10-02T09:00:00Z @ana done", f"{NOW} @ben done")
    folder.write({"processes/offers/runs/2026-10-01-open.md": ended})
    assert json.loads(both("2026-10-20T10:00:00Z", "metrics"))["finished"] == 2
    assert both(NOW, "metrics", "--period", "2026-09") != first
