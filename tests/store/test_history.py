"""Reading who did what, when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handrail.base.errors import GitRefused
from handrail.store.history import commits_touching, line_author, log
from handrail.store.message import build_message
from handrail.store.repository import Repository

THEN = datetime(2026, 11, 24, 10, 2, 11, tzinfo=UTC)


def test_the_log_has_subject_body_and_trailers(clone) -> None:
    message = build_message(
        "done x: Send", "A note\nof two lines", (("Handrail-Action", "done"), ("Handrail-Run", "r"))
    )
    clone.repository.write_and_commit("run.md", b"x\n", expected=clone.read("run.md"), message=message)
    entry, first = log(clone.repository)
    assert (entry.subject, entry.body) == ("done x: Send", "A note\nof two lines")
    assert entry.trailers == (("Handrail-Action", "done"), ("Handrail-Run", "r"))
    assert (entry.author, entry.email, entry.time, entry.committed) == ("Ana", "ana@example.org", THEN, THEN)
    assert entry.parents == (first.commit,) and first.parents == ()
    assert first.trailers == () and first.trailer("Handrail-Run") is None


def test_a_trailer_that_stands_twice_is_no_answer(clone) -> None:
    clone.git("commit", "-q", "--allow-empty", "-m", "x\n\nHandrail-Run: a\nHandrail-Run: b")
    assert log(clone.repository, limit=1)[0].trailer("Handrail-Run") is None


def test_one_file_one_range_and_a_limit(clone) -> None:
    clone.committed("other.md", "x\n")
    clone.committed("*.md", "x\n")
    assert [entry.subject for entry in commits_touching(clone.repository, "*.md")] == ["add *.md"]
    assert [entry.subject for entry in log(clone.repository, revision="HEAD~1..HEAD")] == ["add *.md"]
    assert len(log(clone.repository, limit=2)) == 2


def test_before_the_first_commit_there_is_no_history(clone) -> None:
    clone.git("switch", "-q", "--orphan", "fresh")
    clone.write("run.md", "x\n")
    assert log(clone.repository) == ()
    assert line_author(clone.repository, "run.md", [1]) == {}


def test_a_revision_is_never_an_option(clone) -> None:
    with pytest.raises(GitRefused, match="no commit"):
        log(clone.repository, revision="--output=leak")
    assert not (clone.root / "leak").exists()


def test_who_ticked_a_box_by_hand(clone, monkeypatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-12-01T08:00:00+01:00")
    clone.write("run.md", "one\n\ntwo, ticked\n")
    clone.git("-c", "user.name=Ben", "-c", "user.email=ben@example.org", "commit", "-qam", "tick")
    clone.write("run.md", "one\n\ntwo, ticked\nnot committed\n")
    found = line_author(clone.repository, "run.md", [1, 3, 4, 99])
    assert sorted(found) == [1, 3]
    assert (found[1].name, found[3].name, found[3].email) == ("Ana", "Ben", "ben@example.org")
    assert found[3].time == datetime(2026, 12, 1, 7, tzinfo=UTC)


def test_a_shallow_clone_names_nobody_for_what_it_cannot_see(clone, tmp_path) -> None:
    clone.write("run.md", "one\n\nTWO\n")
    clone.git("commit", "-qam", "later")
    clone.write("run.md", "ONE\n\nTWO\n")
    clone.git("commit", "-qam", "last")
    clone.git("clone", "-q", "--depth=2", f"file://{clone.root}", str(tmp_path / "cut"))
    cut = Repository.find(tmp_path / "cut")
    assert cut.shallow()
    assert sorted(line_author(cut, "run.md", [1, 3])) == [1]
