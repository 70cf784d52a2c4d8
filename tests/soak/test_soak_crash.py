"""A command that dies leaves the old state or the new one; the next works, and nothing is done twice."""

from __future__ import annotations

import shutil

import pytest
from soak_crash import Ward, deeds, dying, killed_after, without_room


@pytest.mark.parametrize("shared", [False, True], ids=["alone", "shared"])
def test_killed_before_each_of_its_deeds(tmp_path, shared: bool) -> None:
    """A few of them here, spread evenly; `make soak` takes each."""
    ward = Ward(tmp_path, shared=shared, steps=9)
    _, arguments = ward.ask()
    count = deeds(ward.clone, arguments)
    ward.before = ward.now()
    assert count > 8
    for number in range(5 if shared else 2, count + 1, max(1, count // 5)):
        ward.try_one(dying(number))
    assert ward.judge() == []
    assert any(one.outcome == "unknown" for one in ward.operations)


def test_killed_with_its_git_at_some_moments(tmp_path) -> None:
    ward = Ward(tmp_path, shared=False, steps=4)
    for seconds in (0.15, 0.2, 0.25, 0.3):
        ward.try_one(killed_after(seconds, group=True))
    assert ward.judge() == []


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="no prlimit here")
def test_no_room_on_the_disk(tmp_path) -> None:
    ward = Ward(tmp_path, shared=False, steps=4)
    for limit in (0, 200, 1 << 20):
        ward.try_one(without_room(limit))
    assert ward.judge() == []
    assert [one.outcome for one in ward.operations if one.writer == "victim"] == ["refused", "refused", "here"]
