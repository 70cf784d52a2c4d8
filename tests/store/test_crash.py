"""kill -9 in the middle: the old state or the new one, and the next command works."""

from __future__ import annotations

import os
import shutil
import signal

import pytest

OLD = b"one\n\ntwo\n"
GIT = shutil.which("git")

# A git that kills the command that started it: before or after doing what it was asked for.
KILLER = """#!/bin/sh
for word in "$@"; do
  if [ "$word" = "{verb}" ]; then
    {before}
    {git} "$@"; status=$?
    {after}
    exit $status
  fi
done
exec {git} "$@"
"""
KILL = "kill -9 $PPID; exit 1"


@pytest.mark.parametrize("path", ["run.md", "new/file.md"])
@pytest.mark.parametrize(("verb", "when"), [("add", "after"), ("commit", "before"), ("commit", "after")])
def test_killed_around_the_commit(clone, worker, tmp_path, path, verb, when) -> None:
    if (path, verb) == ("run.md", "add"):
        pytest.skip("git is told of new files only")
    clone.write("staged.md", "s\n")
    clone.git("add", "staged.md")
    place = tmp_path / "bin" / "git"
    place.parent.mkdir()
    place.write_text(KILLER.format(verb=verb, git=GIT, **{"before": "", "after": "", when: KILL}))
    place.chmod(0o755)
    victim = worker(clone.root, path, "first", PATH=f"{place.parent}:{os.environ['PATH']}")
    victim.communicate()
    assert victim.returncode == -signal.SIGKILL
    finished = (verb, when) == ("commit", "after")

    said = worker(clone.root, path, "second").communicate()[0]
    assert said.startswith("second local"), said
    start = OLD if path == "run.md" else b""
    assert clone.read(path) == start + (b"first\n" if finished else b"") + b"second\n"
    assert clone.status() == "A  staged.md"
    assert clone.subjects() == ["add second", *(["add first"] if finished else []), "add run.md"]
    assert not list(clone.root.glob("**/.handrail-*"))


@pytest.mark.parametrize("when", ["before", "after"])
def test_only_its_git_is_killed(clone, worker, tmp_path, when) -> None:
    """By a system without memory, say: what git has committed by then is acknowledged, else all is as it was."""
    place = tmp_path / "bin" / "git"
    place.parent.mkdir()
    kill = f"touch '{clone.root}/.git/index.lock'; kill -9 $$"
    place.write_text(KILLER.format(verb="commit", git=GIT, **{"before": "", "after": "", when: kill}))
    place.chmod(0o755)
    said = worker(clone.root, "run.md", "first", PATH=f"{place.parent}:{os.environ['PATH']}").communicate()[0]
    finished = when == "after"
    assert said.startswith("first local" if finished else "first refused Git was stopped"), said
    assert clone.read("run.md") == OLD + (b"first\n" if finished else b"") and clone.status() == ""
    assert worker(clone.root, "run.md", "second").communicate()[0].startswith("second local")
    assert clone.subjects() == ["add second", *(["add first"] if finished else []), "add run.md"]


def test_killed_together_with_its_git(clone, worker) -> None:
    """The hook kills git's `commit` with index.lock in its hand, and the command that waits for it."""
    clone.hook("pre-commit", 'parent=$(ps -o ppid= -p "$PPID"); kill -9 $parent $PPID\n')
    victim = worker(clone.root, "run.md", "first")
    victim.communicate()
    assert victim.returncode == -signal.SIGKILL
    assert (clone.root / ".git" / "index.lock").exists()
    (clone.root / ".git" / "hooks" / "pre-commit").unlink()
    assert worker(clone.root, "run.md", "second").communicate()[0].startswith("second local")
    assert clone.read("run.md") == OLD + b"second\n" and clone.status() == ""


def test_a_git_that_outlives_its_command_may_finish(clone, worker) -> None:
    clone.hook("pre-commit", "ps -o ppid= -p $PPID | xargs kill -9; sleep 1\n")
    victim = worker(clone.root, "run.md", "first")
    assert victim.wait() == -signal.SIGKILL
    (clone.root / ".git" / "hooks" / "pre-commit").unlink()
    assert worker(clone.root, "run.md", "second").communicate()[0].startswith("second local")
    assert clone.read("run.md") == OLD + b"first\nsecond\n" and clone.status() == ""
    victim.communicate()


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_taking_back_after_a_lost_race(shared, worker, tmp_path, when) -> None:
    ana, ben = shared("ana"), shared("ben")
    ben.committed("other.md", "o\n")
    ana.hook("pre-push", f"unset $(git rev-parse --local-env-vars); git -C '{ben.root}' push -q 2>/dev/null; exit 0\n")
    place = tmp_path / "bin" / "git"
    place.parent.mkdir()
    place.write_text(KILLER.format(verb="update-ref", git=GIT, **{"before": "", "after": "", when: KILL}))
    place.chmod(0o755)
    victim = worker(ana.root, "run.md", "first", mode="push", PATH=f"{place.parent}:{os.environ['PATH']}")
    victim.communicate()
    assert victim.returncode == -signal.SIGKILL
    assert worker(ana.root, "run.md", "second", mode="push").communicate()[0].startswith("second shared")
    kept = b"first\n" if when == "before" else b""
    assert ana.read("run.md") == OLD + kept + b"second\n" and ana.status() == ""
    assert ana.repository.ahead() == 0 and "add other.md" in ana.subjects()


def test_what_the_user_wrote_after_the_kill_is_theirs(clone, worker, tmp_path) -> None:
    place = tmp_path / "bin" / "git"
    place.parent.mkdir()
    place.write_text(KILLER.format(verb="commit", git=GIT, before=KILL, after=""))
    place.chmod(0o755)
    worker(clone.root, "run.md", "first", PATH=f"{place.parent}:{os.environ['PATH']}").communicate()
    clone.write("run.md", OLD + b"first\nmine\n")
    assert "changes of yours" in worker(clone.root, "run.md", "second").communicate()[0]
    assert clone.read("run.md") == OLD + b"first\nmine\n"


def test_killed_at_many_moments(clone, worker) -> None:
    import random
    import time

    dice = random.Random(7)
    acknowledged = []
    for number in range(12):
        victim = worker(clone.root, "run.md", f"line{number}")
        time.sleep(0.05 + dice.random() * 0.12)
        victim.kill()
        if " local" in victim.communicate()[0]:
            acknowledged.append(f"line{number}")
    assert worker(clone.root, "run.md", "last").communicate()[0].startswith("last local")
    lines = clone.read("run.md").decode().split()
    assert set(acknowledged) <= set(lines) and len(set(lines)) == len(lines)
    assert clone.status() == ""
    assert [f"add {line}" for line in reversed(lines[2:])] == clone.subjects()[:-1]
    clone.git("fsck", "--full")


def test_what_a_death_before_the_journal_left_is_cleared_away(clone, worker) -> None:
    left = clone.root / ".git" / "handrail" / "journal-4711.tmp"
    left.parent.mkdir(exist_ok=True)
    left.write_text("{'head': ")
    worker(clone.root, "run.md", "next").communicate()
    assert not left.exists()
