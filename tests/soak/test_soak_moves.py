"""kill -9 while git brings in what others have shared: the next command finds the state from before and goes on."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from soak_place import check_clones, git, handrail, make_place, run_files

NOW = ("--now", "2026-11-23T10:00:00Z")
REAL = shutil.which("git")
DIES = """#!/bin/bash
if [[ " $* " == *" --ff-only "* ]]; then
  cd "{clone}"
  {half}
  kill -9 $PPID
  exit 1
fi
exec {git} "$@"
"""
TARGET = "$({git} rev-parse refs/remotes/origin/main)"
HALVES = {
    "nothing yet": "touch .git/index.lock",
    "one file, and a part of another": (
        "touch .git/index.lock; {git} show TARGET:theirs.txt > theirs.txt; "
        "{git} show TARGET:processes/work/README.md | head -c 40 > processes/work/README.md"
    ),
    "a file that went, one that came": "rm -f gone.txt; echo new > came.txt",
    "all files and the index": "{git} read-tree -m -u HEAD TARGET",
    "everything": "{git} merge -q --ff-only TARGET",
}


@pytest.fixture
def behind(tmp_path: Path):
    """Give a place whose first clone lacks a commit that changes, adds and removes files."""
    place = make_place(tmp_path, clones=2, people=1, runs=1, steps=3)
    other = place.clones[1]
    (other / "gone.txt").write_text("soon\n")
    git(other, "add", ".")
    git(other, "commit", "-qm", "before")
    git(other, "push", "-q")
    git(place.clones[0], "pull", "-q")
    (other / "gone.txt").unlink()
    (other / "came.txt").write_text("new\n")
    (other / "theirs.txt").write_text("changed\n")
    readme = other / "processes/work/README.md"
    readme.write_text(readme.read_text() + "\nMore.\n")
    git(other, "add", "--all")
    git(other, "commit", "-qm", "far ahead")
    git(other, "push", "-q")
    return place


def die(place, half: str) -> None:
    """Let a command be killed in the midst of the move, having done so much of it."""
    folder = place.root / "bin"
    folder.mkdir()
    wrapper = folder / "git"
    said = half.replace("TARGET", TARGET).format(git=REAL)
    wrapper.write_text(DIES.format(clone=place.clones[0], half=said, git=REAL))
    wrapper.chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = handrail(place.clones[0], *NOW, "note", place.runs[0], "s00", "-m", "first", who="w0", PATH=path)
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr


@pytest.mark.parametrize("half", HALVES.values(), ids=HALVES)
def test_the_next_command_goes_on(behind, half: str) -> None:
    die(behind, half)
    done = handrail(behind.clones[0], *NOW, "note", behind.runs[0], "s00", "-m", "again", who="w0")
    assert "saved and shared" in done.stdout, done.stderr
    text = "\n".join(run_files(behind.remote, "main").values())
    assert (text.count("noted: first"), text.count("noted: again")) == (0, 1)
    git(behind.clones[1], "pull", "-q")
    assert check_clones(behind) == []


def test_what_a_person_wrote_meanwhile_is_not_thrown_away(behind) -> None:
    die(behind, HALVES["one file, and a part of another"])
    mine = behind.clones[0] / "theirs.txt"
    mine.write_text("my own words\n")
    done = handrail(behind.clones[0], *NOW, "note", behind.runs[0], "s00", "-m", "again", who="w0")
    assert done.returncode == 0, done.stderr
    assert "not shared" in done.stdout + done.stderr
    assert mine.read_text() == "my own words\n"
    git(behind.clones[0], "checkout", "-q", "--", "theirs.txt")
    assert handrail(behind.clones[0], "sync").returncode == 0
    git(behind.clones[1], "pull", "-q")
    assert check_clones(behind) == []
