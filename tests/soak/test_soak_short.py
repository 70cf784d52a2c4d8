"""The short form of `make soak`: several writers at once, and nothing is lost, doubled or made up."""

from __future__ import annotations

import pytest
from soak_place import check_clones, git, make_place
from soak_teams import judge, orders_for, set_to_work


@pytest.mark.parametrize(("clones", "writers", "count"), [(1, 4, 6), (3, 3, 5)])
def test_writers_at_once(tmp_path, clones: int, writers: int, count: int) -> None:
    """Four in one clone; three in three clones of one remote. Somebody's own changes stay as they were."""
    place = make_place(tmp_path, clones=clones, people=writers, runs=2, steps=8, shared=clones > 1)
    (place.clones[0] / "theirs.txt").write_text("edited, staged\n")
    git(place.clones[0], "add", "theirs.txt")
    (place.clones[0] / "theirs.txt").write_text("edited, staged, edited again\n")
    team = set_to_work(place, orders_for(place, writers, 7, count, real=20))
    operations = team.wait()
    assert git(place.clones[0], "diff", "--cached", "--name-only").split() == ["theirs.txt"]
    assert (place.clones[0] / "theirs.txt").read_text() == "edited, staged, edited again\n"
    git(place.clones[0], "checkout", "-q", "HEAD", "--", "theirs.txt")
    assert len(operations) == writers * count
    assert judge(team, operations) == []
    assert {one.outcome for one in operations} <= {"shared" if clones > 1 else "here", "refused"}


def test_the_checker_of_clones_sees_what_is_wrong_with_them(tmp_path) -> None:
    place = make_place(tmp_path, clones=2, people=1, runs=1, steps=2)
    assert check_clones(place) == []
    (place.clones[1] / ".git" / "index.lock").touch()
    (place.clones[0] / "processes" / "work" / ".handrail-left").touch()
    git(place.clones[0], "commit", "-q", "--allow-empty", "-m", "not shared")
    said = " ".join(fault.text for fault in check_clones(place, lint=False))
    assert "index.lock" in said and ".handrail-left" in said and "2 different tips" in said
