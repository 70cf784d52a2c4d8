"""`handrail tick`: starts what is scheduled, once. Behaviour 16."""

from __future__ import annotations

import json
import subprocess

import pytest

MONDAY = "2026-11-23T07:00:00Z"
README = "processes/ops/backup/README.md"
RUNS = "processes/ops/backup/runs"
STEP = "- [ ] Restore one file {#restore @ana}\n"


def procedure(front: str, steps: str = STEP) -> str:
    return f'---\ntitle: Backup drill\nowner: "@mara"\n{front}---\n\n{steps}'


def runs(folder, where: str = RUNS) -> list[str]:
    path = folder.root / where
    return sorted(file.name for file in path.iterdir()) if path.is_dir() else []


@pytest.fixture
def weekly(workspace):
    return workspace({README: procedure('schedule: "FREQ=WEEKLY"\n')})


def test_16_a_scheduled_run_is_named_by_process_and_period(weekly, handrail):
    result = handrail(weekly, "tick", now="2026-11-25T07:00:00Z")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Started: Backup drill, ops/backup/2026-11-23-backup (")
    assert runs(weekly) == ["2026-11-23-backup.md"]
    assert "- 2026-11-25T07:00:00Z @mara started period=2026-11-23\n" in weekly.read(f"{RUNS}/2026-11-23-backup.md")
    assert weekly.git("log", "-1", "--format=%s").strip() == "started ops/backup/2026-11-23-backup: Backup drill"
    assert handrail(weekly, "lint", now=MONDAY).exit_code == 0


def test_16_a_second_tick_does_nothing(weekly, handrail):
    handrail(weekly, "tick", now=MONDAY)
    head = weekly.git("rev-parse", "HEAD")
    again = handrail(weekly, "tick", now=MONDAY)
    assert (again.exit_code, again.output) == (0, "Nothing is due.\n")
    assert handrail(weekly, "tick", now="2026-11-29T22:00:00Z").output == "Nothing is due.\n"
    assert weekly.git("rev-parse", "HEAD") == head


def test_16_after_an_outage_the_latest_starts_and_the_others_are_recorded(weekly, handrail):
    handrail(weekly, "tick", now="2026-11-02T07:00:00Z")
    result = handrail(weekly, "tick", now=MONDAY)
    assert "Not started when due: 2026-11-09, 2026-11-16\n" in result.output
    assert runs(weekly) == ["2026-11-02-backup.md", "2026-11-23-backup.md"]
    text = weekly.read(f"{RUNS}/2026-11-23-backup.md")
    assert "- 2026-11-23T07:00:00Z @mara noted: not started when due: 2026-11-09, 2026-11-16\n" in text
    assert handrail(weekly, "lint", now=MONDAY).exit_code == 0


def test_16_a_day_without_work_moves_to_the_next_working_day(workspace, handrail):
    folder = workspace({README: procedure('schedule: "FREQ=MONTHLY;BYMONTHDAY=1"\n')})
    assert handrail(folder, "tick", now="2026-11-01T12:00:00Z").output == "Nothing is due.\n"
    handrail(folder, "tick", now="2026-11-02T07:00:00Z")
    assert runs(folder) == ["2026-11-01-backup.md"]


@pytest.mark.parametrize(
    ("overlap", "monday", "thursday"),
    [
        ("allow", "Started: Backup drill, ops/backup/2026-11-23-backup", "Nothing is due."),
        ("skip", "Skipped: ops/backup, due 2026-11-23: `2026-11-16-backup` was still going on", "Skipped: "),
        ("wait", "Waits: ops/backup, due 2026-11-23: `2026-11-16-backup` is still going on", "Started: "),
    ],
)
def test_16_overlap_allow_skip_wait(workspace, handrail, overlap, monday, thursday):
    folder = workspace({README: procedure(f'schedule: "FREQ=WEEKLY"\noverlap: {overlap}\n')})
    handrail(folder, "tick", now="2026-11-16T07:00:00Z")
    result = handrail(folder, "tick", now=MONDAY)
    assert (result.exit_code, result.output[: len(monday)]) == (0, monday)
    for name in runs(folder):
        handrail(folder, "check", f"ops/backup/{name[:-3]}", "restore", now="2026-11-24T07:00:00Z")
    assert handrail(folder, "tick", now="2026-11-26T07:00:00Z").output.startswith(thursday)
    if overlap == "wait":
        handrail(folder, "check", "2026-11-23-backup", "restore", now="2026-11-27T07:00:00Z")
    assert handrail(folder, "tick", now="2026-11-30T07:00:00Z").output.startswith("Started: ")
    noted = "noted: not started when due: 2026-11-23" in folder.read(f"{RUNS}/2026-11-30-backup.md")
    assert noted == (overlap == "skip")


def test_16_so_long_after_the_last_run_has_ended(workspace, handrail):
    folder = workspace({README: procedure('schedule: "after 7ed"\n')})
    assert handrail(folder, "tick", now=MONDAY).output == "Nothing is due.\n"
    handrail(folder, "start", "backup", "By hand", now=MONDAY)
    assert handrail(folder, "tick", now="2027-01-11T07:00:00Z").output == "Nothing is due.\n"
    handrail(folder, "check", "by-hand", "restore", now="2026-11-24T07:00:00Z")
    assert handrail(folder, "tick", now="2026-11-30T07:00:00Z").output == "Nothing is due.\n"
    assert "ops/backup/2026-12-01-backup" in handrail(folder, "tick", now="2026-12-03T07:00:00Z").output
    assert handrail(folder, "tick", now="2026-12-03T07:00:00Z").output == "Nothing is due.\n"


def test_16_the_owner_fills_roles_that_nobody_does(workspace, handrail):
    steps = "- [ ] One {#one @operator}\n\n- [ ] Two {#two @checker}\n"
    front = 'schedule: "FREQ=WEEKLY"\nroles: {operator: [], checker: ben}\n'
    folder = workspace({README: procedure(front, steps)})
    assert handrail(folder, "start", "backup", now=MONDAY).exit_code == 1
    result = handrail(folder, "tick", now=MONDAY)
    assert result.exit_code == 0, result.output
    text = folder.read(f"{RUNS}/2026-11-23-backup.md")
    assert "One {#one @mara role=operator}" in text
    assert "Two {#two @ben role=checker}" in text


def test_16_two_schedulers_write_the_same_file(weekly, handrail, tmp_path):
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(weekly.root), str(remote)], check=True)
    weekly.git("remote", "add", "origin", str(remote))
    weekly.git("fetch", "--quiet")
    weekly.git("branch", "--set-upstream-to=origin/main")
    other = tmp_path / "other"
    subprocess.run(["git", "clone", "--quiet", str(remote), str(other)], check=True)
    assert handrail(weekly, "tick", now=MONDAY).exit_code == 0
    late = handrail(other, "tick", now="2026-11-23T07:00:05Z")
    assert (late.exit_code, late.output) == (0, "Nothing is due.\n")
    log = subprocess.run(["git", "log", "--format=%s"], cwd=remote, capture_output=True, text=True, check=True)
    assert log.stdout.count("started ops/backup") == 1


@pytest.mark.parametrize("front", ["status: retired\n", "status: draft\n", "effective: 2026-12-01\n"])
def test_what_is_not_in_effect_is_not_started(workspace, handrail, front):
    folder = workspace({README: procedure(f'schedule: "FREQ=WEEKLY"\n{front}')})
    assert handrail(folder, "tick", now=MONDAY).output == "Nothing is due.\n"


def test_what_cannot_be_started_is_said_and_the_others_go_on(workspace, handrail):
    folder = workspace(
        {
            "processes/a/README.md": '---\nschedule: "FREQ=WEEKLY"\nfields: {who: {required: true}}\n---\n\n- [ ] A\n',
            "processes/b/README.md": '---\nschedule: "whenever"\n---\n\n- [ ] B\n',
            "processes/c/README.md": '---\nschedule: "FREQ=WEEKLY"\n---\n\n- [ ] C {after=nothing}\n',
            "processes/d/README.md": '---\nschedule: "FREQ=WEEKLY"\n---\n\n- [ ] D\n',
        }
    )
    result = handrail(folder, "tick", now=MONDAY)
    assert result.exit_code == 1
    assert "Not started: a, due 2026-11-23: A run of a needs `who`." in result.output
    assert "Not started: b: `schedule:` of `b` cannot be followed: it is no RFC 5545 rule" in result.output
    assert "processes/c/README.md:5: `after` names `nothing`, which is not in this file." in result.output
    assert runs(folder, "processes/d/runs") == ["2026-11-23-d.md"]
    assert "Traceback" not in result.output


def test_dry_run_writes_nothing(weekly, handrail):
    result = handrail(weekly, "tick", "--dry-run", now=MONDAY)
    assert result.output == "Would start: Backup drill, ops/backup/2026-11-23-backup\n"
    assert runs(weekly) == []


def test_a_run_that_was_started_by_hand_under_that_name_is_the_run_of_the_period(weekly, handrail):
    handrail(weekly, "start", "backup", "Backup", now=MONDAY)
    assert runs(weekly) == ["2026-11-23-backup.md"]
    assert handrail(weekly, "tick", now=MONDAY).output == "Nothing is due.\n"
    assert "Not started when due" not in handrail(weekly, "tick", now="2026-11-30T07:00:00Z").output


def test_a_run_file_that_cannot_be_read_is_not_started_again(weekly, handrail):
    weekly.write({f"{RUNS}/2026-11-23-backup.md": "broken\n"})
    weekly.commit()
    assert handrail(weekly, "tick", now=MONDAY).output == "Nothing is due.\n"


def test_titles_can_name_the_period(workspace, handrail):
    folder = workspace({README: procedure('schedule: "FREQ=WEEKLY"\nname: "Drill of {{ period }}"\n')})
    assert "Started: Drill of 2026-11-23, ops/backup/2026-11-23-backup" in handrail(folder, "tick", now=MONDAY).output


def test_json(weekly, handrail):
    handrail(weekly, "tick", now="2026-11-09T07:00:00Z")
    view = json.loads(handrail(weekly, "tick", "--json", now=MONDAY).output)
    assert (view["schema"], view["dry_run"], view["not_now"], view["failed"]) == ("tick/1", False, [], [])
    (started,) = view["started"]
    assert started["commit"] == weekly.git("rev-parse", "HEAD").strip()
    assert (started["run"], started["period"]) == ("ops/backup/2026-11-23-backup", "2026-11-23")
    assert started["missed"] == ["2026-11-16"]


def test_git_that_refuses_is_exit_status_3(weekly, handrail):
    weekly.git("switch", "--quiet", "--detach")
    result = handrail(weekly, "tick", now=MONDAY)
    assert result.exit_code == 3
    assert "Not started: ops/backup, due 2026-11-23: No branch is checked out" in result.output


@pytest.mark.parametrize("schedule", ["after", "after x", "after -3d", "FREQ=HOURLY", "[]"])
def test_lint_says_what_tick_could_not_follow(workspace, handrail, schedule):
    folder = workspace({README: procedure(f'schedule: "{schedule}"\n')})
    result = handrail(folder, "lint", now=MONDAY)
    assert result.exit_code == 1
    assert "bad-schedule" in result.output
