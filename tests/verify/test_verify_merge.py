"""Merges: the union of what both sides say, which must be possible together. Whatever else a merge says is found."""

from __future__ import annotations

import re

import pytest

RUN = "processes/onboarding/runs/2026-11-02-acme.md"
DRAFT = "Draft the contract {#draft @ana role=sales}\n"


@pytest.fixture
def forked(history):
    """Give a history whose branch `topic` begins where `main` goes on."""
    history.do("ana", "check", "acme", "draft")
    history.folder.git("branch", "topic")
    return history


def on(history, branch: str) -> None:
    history.folder.git("switch", "--quiet", branch)


def merge(history, branch: str, resolved: str | None = None) -> str:
    """Merge a branch into the present one by stock git; `resolved` is what a person makes of the run's file."""
    history.as_person("mara", history.time())
    history.folder.git("config", "merge.conflictStyle", "merge")
    if resolved is None:
        history.folder.git("merge", "--quiet", "--no-ff", "--message", branch, branch)
        return history.head()
    history.folder.git("merge", "--quiet", "--no-ff", "--no-commit", "--strategy", "ours", branch)
    history.folder.write({RUN: resolved})
    return str(history.folder.commit("merged by hand"))


def test_23_two_clean_branches_that_clash_are_found_after_the_merge(forked) -> None:
    forked.do("ana", "check", "acme", "gate")
    forked.folder.git("branch", "--force", "topic")
    forked.do("ana", "reopen", "acme", "gate", "-m", "a page was missing")
    on(forked, "topic")
    forked.do("ana", "begin", "acme", "make")
    forked.do("ana", "check", "acme", "make")
    assert forked.verify() == []
    on(forked, "main")
    assert forked.verify() == []
    commit = merge(forked, "topic")
    found = forked.verify()
    assert {(one["commit"], one["code"]) for one in found} == {(commit, "gate")}
    assert {one["line"] for one in found} <= {forked.line(RUN, "@ana started"), forked.line(RUN, "#make") + 2}


def test_one_step_that_two_branches_finished(forked) -> None:
    forked.do("ana", "check", "acme", "gate")
    ours = forked.folder.read(RUN)
    on(forked, "topic")
    forked.do("ben", "check", "acme", "gate")
    theirs = re.search(r"  - \S+ @ben done\n", forked.folder.read(RUN))
    assert theirs
    on(forked, "main")
    both = re.sub(r"(#gate.*\n  - \S+ @ana done\n)", rf"\1{theirs[0]}", ours)
    commit = merge(forked, "topic", both)
    assert [(one["commit"], one["code"], one["line"]) for one in forked.verify()] == [
        (commit, "already-done", forked.line(RUN, "@ben done"))
    ]


@pytest.fixture
def sides(forked):
    """Give two branches that noted and checked different steps, and the text of their clean merge."""
    forked.do("ana", "check", "acme", "gate")
    on(forked, "topic")
    forked.do("chi", "note", "acme", "thanks", "-m", "flowers")
    on(forked, "main")
    merge(forked, "topic")
    text = forked.folder.read(RUN)
    forked.folder.git("reset", "--hard", "--quiet", "HEAD~1")
    return forked, text


EVIL = {
    "one side is dropped": (lambda text: re.sub(r"  - .*flowers\n", "", text), "event-removed", "{#thanks"),
    "our own side is dropped": (
        lambda text: re.sub(r"\[x\]( Check the contract.*\n)  - .*\n", r"[ ]\1", text),
        "event-removed",
        "{#gate",
    ),
    "an event is changed": (lambda text: text.replace("flowers", "nothing"), "event-in-merge", "nothing"),
    "an event is added": (
        lambda text: text.replace(": flowers\n", ": flowers\n  - 2026-11-02T20:00:00Z @chi noted: more\n"),
        "event-in-merge",
        ": more",
    ),
    "a box is ticked": (lambda text: text.replace("[ ] Say thanks", "[x] Say thanks"), "box-in-merge", "{#thanks"),
    "a step is taken out": (lambda text: re.sub(r"- \[ \] Wait for.*\n\n", "", text), "step-removed", ""),
    "a step is put in": (lambda text: text.replace("## Set-up\n", "## Set-up\n\n- [ ] X {#x}\n"), "step-added", "{#x}"),
    "an attribute is changed": (lambda text: text.replace(" wait=2d", ""), "step-changed", "{#bank"),
    "the front matter is changed": (
        lambda text: text.replace("plan: basic", "plan: pro"),
        "front-matter-changed",
        "fields:",
    ),
}


@pytest.mark.parametrize("name", EVIL)
def test_a_merge_that_says_what_no_side_says(sides, name: str) -> None:
    history, text = sides
    change, code, part = EVIL[name]
    evil = change(text)
    assert evil != text
    commit = merge(history, "topic", evil)
    found = history.verify()
    assert {one["commit"] for one in found} == {commit}, found
    assert code in {one["code"] for one in found}
    if part:
        assert history.line(RUN, part) in {one["line"] for one in found if one["code"] == code}


def test_the_right_union_by_hand_is_in_order(sides) -> None:
    history, text = sides
    merge(history, "topic", text)
    assert history.verify() == []


def test_a_merge_that_deletes_a_run(sides) -> None:
    history, _ = sides
    history.as_person("mara", history.time())
    history.folder.git("merge", "--quiet", "--no-commit", "--no-ff", "topic")
    history.folder.git("rm", "--quiet", "--force", RUN)
    commit = history.folder.commit("gone")
    assert [(one["commit"], one["code"]) for one in history.verify()] == [(commit, "run-deleted")]


def test_three_branches_in_one_merge(forked) -> None:
    forked.folder.git("branch", "other")
    forked.do("ana", "check", "acme", "gate")
    on(forked, "topic")
    forked.do("chi", "note", "acme", "thanks", "-m", "flowers")
    on(forked, "other")
    forked.do("ben", "note", "acme", "extras", "-m", "why not")
    on(forked, "main")
    forked.as_person("mara", forked.time())
    forked.folder.git("merge", "--quiet", "--message", "all", "topic", "other")
    assert len(forked.folder.git("rev-list", "--parents", "-1", "HEAD").split()) == 4
    assert forked.verify() == []


def test_a_stale_branch_that_is_merged_is_decided_by_ids(forked) -> None:
    on(forked, "topic")
    forked.folder.write({"src/a.py": "1\n"})
    forked.as_person("ben", forked.time())
    forked.folder.commit("code")
    on(forked, "main")
    forked.do("ana", "check", "acme", "gate")
    on(forked, "topic")
    base = forked.head()
    merge(forked, "main")
    assert forked.verify(base) == []


def test_a_procedure_that_a_merge_changed(forked) -> None:
    path = "processes/onboarding/README.md"
    on(forked, "topic")
    forked.folder.write({"src/a.py": "1\n"})
    forked.as_person("ben", forked.time())
    forked.folder.commit("code")
    on(forked, "main")
    forked.as_person("ana", forked.time())
    forked.folder.git("merge", "--quiet", "--no-ff", "--no-commit", "topic")
    forked.folder.write({path: forked.folder.read(path).replace("Say thanks", "Say no")})
    commit = forked.folder.commit("merge")
    assert [(one["commit"], one["code"]) for one in forked.verify()] == [(commit, "owner-missing")]
