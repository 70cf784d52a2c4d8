"""`verify` and undone actions: only the exact inverse, by the same person, of a commit that is judged with it."""

from __future__ import annotations

RUN = "processes/onboarding/runs/2026-11-02-acme.md"


def codes(history, *words: str) -> set[str]:
    return {one["code"] for one in history.verify(*words)}


def take_back(history, who: str, before: str, undone: str) -> None:
    """Bring back a file's text by hand, with the trailers of an undo."""
    trailers = f"undo it\n\nHandrail-Action: undo\nHandrail-Undoes: {undone}"
    history.forge(who, RUN, lambda _: before, message=trailers)


def test_an_undone_action_is_no_finding(history) -> None:
    history.do("ana", "check", "acme", "draft")
    history.do("ana", "undo")
    history.do("ana", "check", "acme", "draft")
    assert history.verify() == []


def test_an_exact_inverse_by_hand_counts_too(history) -> None:
    before = history.folder.read(RUN)
    done = history.do("ana", "check", "acme", "draft")
    take_back(history, "ana", before, done)
    assert history.verify() == []


def test_somebody_elses_action(history) -> None:
    before = history.folder.read(RUN)
    done = history.do("ana", "check", "acme", "draft")
    take_back(history, "ben", before, done)
    assert "event-removed" in codes(history)


def test_an_action_before_the_range(history) -> None:
    before = history.folder.read(RUN)
    done = history.do("ana", "check", "acme", "draft")
    take_back(history, "ana", before, done)
    assert "event-removed" in codes(history, done)


def test_more_than_the_inverse(history) -> None:
    before = history.folder.read(RUN)
    done = history.do("ana", "check", "acme", "draft")
    take_back(history, "ana", before.replace("Say thanks", "Say nothing"), done)
    assert {"event-removed", "step-changed"} <= codes(history)


def test_without_its_trailers(history) -> None:
    before = history.folder.read(RUN)
    history.do("ana", "check", "acme", "draft")
    history.forge("ana", RUN, lambda _: before)
    assert "event-removed" in codes(history)


def test_what_others_built_on_it(history) -> None:
    before = history.folder.read(RUN)
    done = history.do("ana", "check", "acme", "draft")
    after = history.folder.read(RUN)
    history.do("ben", "reopen", "acme", "draft", "-m", "a page is missing")
    now = history.folder.read(RUN)
    line = next(line for line in after.split("\n") if line not in before.split("\n") and "@ana done" in line)
    take_back(history, "ana", now.replace(f"{line}\n", ""), done)
    assert codes(history)


def test_a_run_that_was_started_by_mistake(history) -> None:
    history.do("ana", "start", "strict", "Oops")
    history.do("ana", "undo")
    assert history.verify() == []
