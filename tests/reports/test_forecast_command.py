"""`handrail forecast`: what it tells of runs, processes and projects, and how often such promises held."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import sqrt
from random import Random
from typing import Any

import pytest
from click.testing import Result

from handrail.model.calendar import Calendar
from handrail.plan.worktime import working_time
from handrail.reports.moment import Moment
from handrail.reports.outlook import back_test
from handrail.reports.records import RunRecord

PROCESS = """\
---
title: Fixes
calendar: always
---

- [ ] Find it {#find}

- [ ] Fix it {#fix}
"""
START = datetime(2026, 9, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def run(number: int, find: float | None, fix: float | None, *, start: datetime | None = None) -> tuple[str, str]:
    """Write a run that began `number` days in, with its steps done so many hours after the start."""
    begun = start or START + timedelta(days=number)

    def step(title: str, name: str, after: float | None) -> str:
        if after is None:
            return f"- [ ] {title} {{#{name}}}"
        return f"- [x] {title} {{#{name}}}\n  - {begun + after * HOUR:%Y-%m-%dT%H:%M:%SZ} @mara done"

    id = f"{begun:%Y-%m-%d}-n{number}"
    text = (
        f"---\nrun: fixes/{id}\nprocess: fixes\ntitle: N{number}\nstarted: {begun:%Y-%m-%dT%H:%M:%SZ}\n"
        f"calendar: always\n---\n\n{step('Find it', 'find', find)}\n\n{step('Fix it', 'fix', fix)}\n\n## Log\n\n"
        f"- {begun:%Y-%m-%dT%H:%M:%SZ} @mara started\n"
    )
    return f"processes/fixes/runs/{id}.md", text


HISTORY = dict(run(number, 1, 1 + number) for number in range(1, 20))
"""Nineteen runs whose second step took 1 to 19 hours."""


@pytest.fixture
def ask(workspace: Callable[..., Any], handrail: Callable[..., Result]) -> Callable[..., dict[str, Any]]:
    def call(files: dict[str, str], *words: str, now: datetime) -> dict[str, Any]:
        folder = workspace({"processes/fixes/README.md": PROCESS, **files})
        results = [handrail(folder, "forecast", *words, "--json", now=now.isoformat()) for _ in range(2)]
        assert results[0].exit_code == 0, results[0].output
        assert results[0].output == results[1].output
        found: dict[str, Any] = json.loads(results[0].output)
        return found

    return call


def test_a_run_ends_as_those_did_that_had_come_as_far(ask: Callable[..., dict[str, Any]]) -> None:
    begun = START + timedelta(days=30)
    path, text = run(50, 1, None, start=begun)
    files = {**HISTORY, path: text}
    found = ask(files, "n50", now=begun + HOUR)["forecast"]
    # One hour in, the step before done just now: the 10th, 17th and 19th of nineteen.
    assert [found[key] for key in ("p50", "p85", "p95")] == [
        f"{begun + hours * HOUR:%Y-%m-%dT%H:%M:%SZ}" for hours in (11, 18, 20)
    ]
    assert (found["finished_runs"], found["open_runs"], found["older_than_all"]) == (19, 0, False)


def test_the_longer_it_lasts_already_the_later_it_ends(ask: Callable[..., dict[str, Any]]) -> None:
    begun = START + timedelta(days=30)
    path, text = run(50, 1, None, start=begun)
    # Eleven hours in, ten of them on the second step: 11 to 19 are left, and the fifth of these nine is 15.
    found = ask({**HISTORY, path: text}, "n50", now=begun + 11 * HOUR)["forecast"]
    assert found["p50"] == f"{begun + 16 * HOUR:%Y-%m-%dT%H:%M:%SZ}"
    assert found["p95"] is None


def test_older_than_all_before_it_gets_no_date(ask: Callable[..., dict[str, Any]]) -> None:
    begun = START + timedelta(days=30)
    path, text = run(50, 1, None, start=begun)
    found = ask({**HISTORY, path: text}, "n50", now=begun + 40 * HOUR)["forecast"]
    assert (found["p50"], found["older_than_all"]) == (None, True)


def test_without_history_the_estimates_are_told_as_such(ask: Callable[..., dict[str, Any]]) -> None:
    path, text = run(1, None, None)
    text = text.replace("{#find}", "{#find est=2h}").replace("{#fix}", "{#fix est=3h}")
    found = ask({path: text}, "n1", now=START + timedelta(days=1))["forecast"]
    assert found["estimated"] == "2026-09-02T14:00:00Z"
    assert found["p50"] is None


def test_a_process_tells_how_many_and_how_long(ask: Callable[..., dict[str, Any]]) -> None:
    weekly = {
        name: text
        for week in range(8)
        for half in range(2)
        for name, text in [
            run(week * 7 + half, 1, 5, start=datetime(2026, 9, 7, 9, tzinfo=UTC) + timedelta(days=7 * week + half))
        ]
    }
    found = ask(weekly, "fixes", "--weeks", "3", "--runs", "5", now=datetime(2026, 11, 2, 9, tzinfo=UTC))
    told = found["forecast"]
    assert told["weekly"] == [2] * 8
    assert told["finished_in_weeks"] == {"p50": 6, "p85": 6, "p95": 6}
    assert told["weeks_until"] == {"p50": 3, "p85": 3, "p95": 3}
    # Sixteen starts; an 85 % promise needs six ends before it.
    assert {one["share"]: (one["held"], one["n"]) for one in found["back_test"]}[0.85] == (10, 10)


def test_finished_runs_and_projects_are_answered_too(
    workspace: Callable[..., Any], handrail: Callable[..., Result]
) -> None:
    project = "---\ntitle: Move\nstart: 2026-09-01\n---\n\n- [ ] Pack {#pack @mara est=2d/3d/9d}\n"
    folder = workspace({"processes/fixes/README.md": PROCESS, "projects/move/README.md": project, **HISTORY})
    now = (START + timedelta(days=30)).isoformat()
    done = handrail(folder, "forecast", "n3", now=now)
    assert (done.exit_code, "is done" in done.output) == (2, True)
    shown = handrail(folder, "forecast", "move", now=now)
    assert (shown.exit_code, "ends by" in shown.output) == (0, True)
    assert "too few weeks" in handrail(folder, "forecast", "fixes", now=now).output
    assert handrail(folder, "forecast", "nothing", now=now).exit_code == 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_back_test_of_a_simulated_process_comes_to_85_percent(seed: int) -> None:
    """A run begins every six hours and takes a lognormal time: dozens are open at each start."""
    random, always = Random(seed), working_time(Calendar(always=True))
    now = START + timedelta(hours=6 * 400)
    runs = []
    for number in range(400):
        begun, length = START + timedelta(hours=6 * number), random.lognormvariate(3.5, 0.8) * 3600
        end = begun + timedelta(seconds=length)
        ended = end if end <= now else None
        age = (now - begun).total_seconds()
        lead = length if ended else None
        state = "done" if ended else "active"
        runs.append(RunRecord(f"fixes/{number:03}", "fixes", state, begun, ended, None, age, lead, calendar="always"))
    for one in back_test(runs, Moment(now, always, always)):
        assert one.n > 200
        error = sqrt(one.share / 100 * (1 - one.share / 100) / one.n)
        assert abs(one.held / one.n - one.share / 100) < 3 * error
