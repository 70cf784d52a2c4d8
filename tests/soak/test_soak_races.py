"""A lost race is run again as the same action: none is taken for another that looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest
from soak_place import git, handrail, make_place, run_files

NOW = ("--now", "2026-11-23T10:00:00Z")
FASTER = """#!/bin/sh
unset $(git rev-parse --local-env-vars)
test -e "{there}" && exit 0
touch "{there}"
git -C "{clone}" push -q
"""


def somebody_is_faster(place, clone: Path) -> None:
    """The next push from `clone` finds that another clone has pushed a moment before."""
    other = next(one for one in place.clones if one != clone)
    git(other, "pull", "-q")
    (other / "theirs.txt").write_text("faster\n")
    git(other, "commit", "-qam", "something else")
    hook = clone / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(FASTER.format(there=clone.parent / "was-faster", clone=other))
    hook.chmod(0o755)


@pytest.mark.parametrize("second", ["second", "first"])
def test_two_notes_of_one_person_in_one_second(tmp_path, second: str) -> None:
    """Another words or the same words: two notes were asked for and acknowledged, so two are there."""
    place = make_place(tmp_path, clones=2, people=1, runs=1, steps=2)
    clone, run = place.clones[0], place.runs[0]
    assert "saved and shared" in handrail(clone, *NOW, "note", run, "s00", "-m", "first", who="w0").stdout
    somebody_is_faster(place, clone)
    assert "saved and shared" in handrail(clone, *NOW, "note", run, "s00", "-m", second, who="w0").stdout
    assert (tmp_path / "was-faster").exists()
    text = "\n".join(run_files(place.remote, "main").values())
    assert [line.split(": ")[1] for line in text.split("\n") if "@w0 noted" in line] == ["first", second]


def test_a_push_that_arrived_though_it_said_no_is_not_done_again(tmp_path) -> None:
    """The answer was lost: what comes back from the remote is the action itself, once."""
    place = make_place(tmp_path, clones=2, people=1, runs=1, steps=2)
    clone, run = place.clones[0], place.runs[0]
    hook = clone / ".git" / "hooks" / "pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(FASTER.format(there=tmp_path / "was-faster", clone=clone).replace("push -q", "push -q --no-verify"))
    hook.chmod(0o755)
    said = handrail(clone, *NOW, "note", run, "s00", "-m", "once", who="w0")
    assert said.returncode == 0, said.stderr
    assert (tmp_path / "was-faster").exists()
    text = "\n".join(run_files(place.remote, "main").values())
    assert text.count("noted: once") == 1
