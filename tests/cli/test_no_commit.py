"""`--no-commit` where one command writes many files: `do`, `tick`, `project level`."""

from __future__ import annotations

import pytest

NOW = "2026-11-23T09:12:00Z"
RUN = "processes/onboarding/runs/2026-11-23-ada.md"
FILES = {
    "processes/onboarding/README.md": "---\ntitle: Onboarding\n---\n\n"
    "- [ ] Send {#send @mara}\n\n- [ ] Sign {#sign @mara}\n",
    "processes/backup/README.md": '---\ntitle: Backup\nowner: "@mara"\nschedule: "FREQ=WEEKLY"\n---\n\n'
    "- [ ] Do {#do}\n",
    "projects/spring/README.md": "---\ntitle: Spring\nstart: 2026-11-23\n---\n\n"
    "- [ ] Brief {#brief @ana est=1d}\n\n- [ ] Shoot {#shoot @ana est=1d}\n",
}


@pytest.fixture
def started(workspace, handrail):
    folder = workspace(FILES)
    assert handrail(folder, "start", "onboarding", "ada", now=NOW).exit_code == 0
    return folder


def test_a_walk_writes_every_answer_into_the_file(started, handrail) -> None:
    head = started.git("rev-parse", "HEAD")
    result = handrail(started, "do", "ada", "--no-commit", now=NOW, input="d\nq\n")
    assert result.exit_code == 0, result.output
    assert "Done (written, not committed)" in result.output
    assert "Everything so far is written, not committed. Go on with: handrail do" in result.output
    assert started.git("status", "--porcelain") == f" M {RUN}\n"
    assert "- [x] Send" in started.read(RUN)
    assert started.git("rev-parse", "HEAD") == head


def test_a_tick_writes_the_runs_that_are_due(started, handrail) -> None:
    head = started.git("rev-parse", "HEAD")
    result = handrail(started, "tick", "--no-commit", now=NOW)
    assert "Started: Backup, backup/2026-11-23-backup (written, not committed)" in result.output
    assert started.git("status", "--porcelain") == "?? processes/backup/runs/\n"
    assert started.git("rev-parse", "HEAD") == head
    assert handrail(started, "tick", "--no-commit", now=NOW).output == "Nothing is due.\n"


def test_levelling_writes_the_delays(started, handrail) -> None:
    result = handrail(started, "project", "level", "spring", "--write", "--no-commit", now=NOW)
    assert "(written, not committed)" in result.output
    assert started.git("status", "--porcelain") == " M projects/spring/README.md\n"
