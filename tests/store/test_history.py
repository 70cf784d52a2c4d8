"""Reading who did what, when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handrail.base.errors import GitRefused
from handrail.store.history import commits_touching, log
from handrail.store.message import build_message

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


def test_a_revision_is_never_an_option(clone) -> None:
    with pytest.raises(GitRefused, match="no commit"):
        log(clone.repository, revision="--output=leak")
    assert not (clone.root / "leak").exists()
