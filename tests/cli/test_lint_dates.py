"""What lint finds only because time has passed. Behaviour 25."""

from __future__ import annotations

import json

import pytest

from handrail.app.lint import lint

NOW = "2026-11-23T09:12:00Z"
README = "processes/backup/README.md"


def reviewed(day: str, status: str = "effective") -> dict[str, str]:
    return {README: f'---\nowner: "@mara"\nreview: {day}\nstatus: {status}\n---\n\n- [ ] Restore {{#restore @ana}}\n'}


def found(folder, handrail, now: str = NOW) -> list[tuple[str, str]]:
    view = json.loads(handrail(folder, "lint", "--json", now=now).output)
    return [(problem["code"], problem["level"]) for problem in view["problems"]]


def test_25_a_review_past_due_is_a_warning_and_no_error(workspace, handrail):
    folder = workspace(reviewed("2026-11-22"))
    assert found(folder, handrail) == [("review-overdue", "warning")]
    result = handrail(folder, "lint", now=NOW)
    assert result.exit_code == 0
    assert "the procedure was due for review on 2026-11-22" in result.output
    assert "@mara reads it" in result.output


def test_25_the_day_of_the_review_is_not_too_late_in_the_time_zone_of_the_workspace(workspace, handrail):
    folder = workspace(
        reviewed("2026-11-23"), config="calendar: {timezone: Pacific/Auckland}\npeople: {mara: {}, ana: {}}\n"
    )
    assert found(folder, handrail, "2026-11-23T10:59:00Z") == []
    assert found(folder, handrail, "2026-11-23T11:00:00Z") == [("review-overdue", "warning")]


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_25_only_what_is_in_effect_is_due_for_review(workspace, handrail, status):
    assert found(workspace(reviewed("2026-01-01", status)), handrail) == []


def test_25_without_a_now_nothing_depends_on_the_date(workspace):
    assert lint(workspace(reviewed("1999-01-01")).root) == ()


def test_25_a_retired_process_with_active_runs_is_a_hint(workspace, handrail):
    folder = workspace(reviewed("2027-01-01"))
    for title in ("One", "Two", "Done", "Stopped"):
        assert handrail(folder, "start", "backup", title, now=NOW).exit_code == 0
    handrail(folder, "check", "done", "restore", now=NOW)
    handrail(folder, "cancel", "stopped", "-m", "not needed", now=NOW)
    assert found(folder, handrail) == []
    folder.write(reviewed("2027-01-01", "retired"))
    folder.commit()
    assert found(folder, handrail) == [("retired-in-use", "hint")]
    result = handrail(folder, "lint", now=NOW)
    assert result.exit_code == 0
    assert "2 runs of it are still active: `2026-11-23-one`, `2026-11-23-two`" in result.output


def test_a_calendar_that_cannot_be_reckoned_in_is_one_finding_and_no_traceback(workspace, handrail):
    folder = workspace(
        reviewed("2026-01-01"), config="calendar: {week: [], timezone: Nowhere/Land}\npeople: {mara: {}, ana: {}}\n"
    )
    result = handrail(folder, "lint", now=NOW)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
