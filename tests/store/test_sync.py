"""An action is shared, or said not to be; a lost race is run again on the new state."""

from __future__ import annotations

import shutil
from random import Random

import pytest

from handrail.base.errors import GitRefused, NotAllowed
from handrail.store.sync import act, sync

START = b"one\n\ntwo\n"


def adding(line: str):
    def add(old: bytes | None) -> bytes:
        if line.encode() in (old or b"").split(b"\n"):
            raise NotAllowed(f"{line} is there already.")
        return (old or b"") + line.encode() + b"\n"

    return add


def do(clone, line: str, path: str = "run.md", mode: str = "push", **options):
    return act(clone.repository, path, adding(line), lambda: f"add {line}\n", mode, random=Random(1), **options)


def meanwhile(clone, line: str, then):
    """A transform during whose first call somebody else is faster."""
    calls = []

    def transform(old: bytes | None) -> bytes:
        calls.append(old)
        if len(calls) == 1:
            then()
        return adding(line)(old)

    return transform, calls


def test_without_a_remote_it_is_saved(clone) -> None:
    outcome = do(clone, "a")
    assert (outcome.shared, outcome.notice) == (False, "")
    assert outcome.commit == clone.git("rev-parse", "HEAD")


def test_a_refusal_leaves_nothing(clone) -> None:
    with pytest.raises(NotAllowed, match="one is there already"):
        do(clone, "one")
    assert clone.status() == "" and clone.subjects() == ["add run.md"]


def test_with_a_remote_it_is_shared(shared) -> None:
    ana, ben = shared("ana"), shared("ben")
    outcome = do(ana, "a")
    assert outcome.shared and outcome.notice == ""
    assert do(ben, "b").shared
    assert ben.read("run.md") == START + b"a\nb\n"
    assert ben.subjects() == ["add b", "add a", "add run.md"]


def test_mode_none_keeps_it_here(shared) -> None:
    ana = shared("ana")
    assert not do(ana, "a", mode="none").shared
    assert ana.repository.ahead() == 1


def test_a_lost_race_is_run_again_on_the_new_state(shared) -> None:
    ana, ben = shared("ana"), shared("ben")
    transform, calls = meanwhile(ana, "a", lambda: do(ben, "b"))
    outcome = act(ana.repository, "run.md", transform, lambda: "add a\n", random=Random(1))
    assert outcome.shared
    assert calls == [START, START + b"b\n"]
    assert ana.read("run.md") == START + b"b\na\n"
    assert ana.subjects("origin/main") == ["add a", "add b", "add run.md"]
    assert ana.status() == "" and ana.repository.ahead() == 0


def test_a_lost_race_for_a_new_file(shared) -> None:
    ana, ben = shared("ana"), shared("ben")
    transform, calls = meanwhile(ana, "a", lambda: do(ben, "b", "new/run.md"))
    assert act(ana.repository, "new/run.md", transform, lambda: "add a\n", random=Random(1)).shared
    assert calls == [None, b"b\n"] and ana.status() == ""


def test_an_action_that_makes_no_sense_any_more_leaves_nothing(shared) -> None:
    ana, ben = shared("ana"), shared("ben")
    transform, _ = meanwhile(ana, "same", lambda: do(ben, "same"))
    with pytest.raises(NotAllowed, match="same is there already"):
        act(ana.repository, "run.md", transform, lambda: "add same\n", random=Random(1))
    assert ana.status() == ""
    assert ana.subjects() == ana.subjects("origin/main") == ["add same", "add run.md"]
    assert ana.git("log", "-1", "--format=%an") == "Ben"


def test_staged_and_edited_files_of_the_user_survive_a_lost_race(shared) -> None:
    ana, ben = shared("ana"), shared("ben")
    ben.committed("other.md", "o\n")
    ben.git("push", "-q")
    sync(ana.repository)
    ana.write("staged.md", "s\n")
    ana.git("add", "staged.md")
    ana.write("other.md", "edited\n")
    before = (ana.status(), ana.git("diff"), ana.git("diff", "--cached"))
    transform, _ = meanwhile(ana, "a", lambda: do(ben, "b"))
    assert act(ana.repository, "run.md", transform, lambda: "add a\n", random=Random(1)).shared
    assert (ana.status(), ana.git("diff"), ana.git("diff", "--cached")) == before


def test_an_edited_file_in_the_way_is_kept_and_told(shared) -> None:
    ana, ben = shared("ana"), shared("ben")
    ben.committed("other.md", "ben's\n")
    ben.git("push", "-q")
    ana.write("other.md", "ana's\n")
    outcome = do(ana, "a")
    assert not outcome.shared
    assert outcome.notice.startswith("Saved here, not shared") and "'other.md'" in outcome.notice
    assert "handrail sync" in outcome.hint
    assert ana.read("other.md") == b"ana's\n" and ana.subjects()[0] == "add a"
    (ana.root / "other.md").unlink()
    assert sync(ana.repository).shared
    assert ana.read("other.md") == b"ben's\n" and ana.read("run.md") == START + b"a\n"


def test_earlier_commits_of_the_branch_go_out_too_and_it_is_said(shared) -> None:
    ana = shared("ana")
    do(ana, "a", mode="none")
    outcome = do(ana, "b")
    assert outcome.shared and outcome.notice == "1 earlier commit of this branch went out too."
    assert ana.repository.ahead() == 0


def test_earlier_commits_and_a_remote_that_moved_on_are_merged(shared) -> None:
    ana, ben = shared("ana"), shared("ben")
    ana.committed("mine.md", "m\n")
    ana.write("staged.md", "s\n")
    ana.git("add", "staged.md")
    do(ben, "b")
    outcome = do(ana, "a")
    assert outcome.shared
    assert ana.read("run.md") == START + b"b\na\n" and ana.read("mine.md") == b"m\n"
    assert ana.status() == "A  staged.md"
    assert "add mine.md" in ana.subjects("origin/main")


def test_earlier_commits_in_conflict_stay_here_and_nothing_is_half_done(shared) -> None:
    ana, ben = shared("ana"), shared("ben")
    do(ana, "ana", mode="none")
    do(ben, "ben")
    outcome = do(ana, "more")
    assert not outcome.shared and "'run.md'" in outcome.notice
    assert "git pull --no-rebase" in outcome.hint
    assert ana.read("run.md") == START + b"ana\nmore\n" and ana.status() == ""
    ana.repository.check_ready()


def test_a_remote_that_is_away_keeps_the_action_for_sync(shared, tmp_path) -> None:
    ana = shared("ana")
    shutil.move(tmp_path / "remote.git", tmp_path / "away.git")
    outcome = do(ana, "a")
    assert not outcome.shared and outcome.notice.startswith("Saved here, not shared")
    assert not sync(ana.repository).shared
    shutil.move(tmp_path / "away.git", tmp_path / "remote.git")
    outcome = sync(ana.repository)
    assert outcome.shared and outcome.notice == "1 commit of yours shared."
    assert sync(ana.repository).notice == "Everything was shared already."


def test_a_remote_that_refuses_is_quoted_and_not_tried_again(shared, tmp_path) -> None:
    ana = shared("ana")
    hook = tmp_path / "remote.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho x >> calls\necho 'main is protected' >&2; exit 1\n")
    hook.chmod(0o755)
    outcome = do(ana, "a")
    assert not outcome.shared
    assert "main is protected" in outcome.notice and "hook declined" in outcome.notice
    assert (tmp_path / "remote.git" / "calls").read_text() == "x\n"
    assert ana.subjects()[0] == "add a" and ana.status() == ""


def test_a_refusing_pre_push_hook_is_quoted(shared) -> None:
    ana = shared("ana")
    ana.hook("pre-push", "echo 'tests are red' >&2; exit 1\n")
    assert "tests are red" in do(ana, "a").notice


def test_a_push_whose_answer_was_lost_is_found_on_the_remote(shared) -> None:
    ana = shared("ana")
    ana.git("config", "remote.origin.receivepack", "sh -c 'git-receive-pack \"$@\"; kill -9 $$' receive")
    assert do(ana, "a").shared


def test_the_first_push_of_a_branch_sets_its_upstream(shared) -> None:
    ana = shared("ana")
    ana.git("switch", "-qc", "handrail/ana")
    assert do(ana, "a", mode="branch").shared
    assert ana.git("rev-parse", "--abbrev-ref", "@{upstream}") == "origin/handrail/ana"
    assert do(ana, "b", mode="branch").shared


def test_with_sync_branch_the_main_branch_goes_to_a_branch_of_ones_own(shared) -> None:
    ana = shared("ana")
    outcome = do(ana, "a", mode="branch", branch="handrail/ana")
    assert outcome.shared and outcome.branch == "handrail/ana"
    assert ana.subjects("origin/main") == ["add run.md"]
    assert ana.subjects("origin/handrail/ana") == ana.subjects("main") == ["add a", "add run.md"]


def test_a_squashed_pull_request_is_found_by_its_lines_and_nothing_is_doubled(shared) -> None:
    """The remote's main branch has other lines of others, and this clone has more that was not merged."""
    ana, ben = shared("ana"), shared("ben")
    for line in ("a1", "a2"):
        do(ana, line, "ana.md", mode="branch")
    ben.git("fetch", "-q")
    do(ben, "b", mode="push")
    ben.git("merge", "-q", "--squash", "origin/handrail/changes")
    ben.git("commit", "-qm", "squashed")
    ben.git("push", "-q", "origin", "main")
    do(ana, "a3", "other.md", mode="none")
    outcome = do(ana, "a4", "ana.md", mode="branch")
    assert outcome.shared
    assert ana.read("ana.md") == b"a1\na2\na4\n" and ana.read("run.md") == START + b"b\n"
    assert ana.subjects("origin/handrail/changes") == ["add a4", "add a3", "squashed", "add b", "add run.md"]
    assert ana.status() == ""


def test_an_empty_clone_of_a_remote_that_has_commits_begins_with_them(shared, tmp_path) -> None:
    ana, ben = shared("ana"), shared("ben")
    ben.git("update-ref", "-d", "HEAD")
    ben.git("rm", "-rfq", "--cached", ".")
    (ben.root / "run.md").unlink()
    do(ana, "a")
    assert do(ben, "b").shared
    assert ben.read("run.md") == START + b"a\nb\n"


def test_the_very_first_commit_is_pushed(tmp_path, clone) -> None:
    clone.git("init", "-q", "--bare", str(tmp_path / "empty.git"))
    clone.git("remote", "add", "origin", str(tmp_path / "empty.git"))
    clone.git("switch", "-q", "--orphan", "fresh")
    assert do(clone, "a", "new.md").shared
    assert clone.subjects("origin/fresh") == ["add a"]


def test_sync_without_a_remote_says_so(clone) -> None:
    with pytest.raises(GitRefused, match="no remote"):
        sync(clone.repository)


def test_two_clones_race_with_different_and_with_the_same_actions(shared, worker) -> None:
    people = [shared(name) for name in ("ana", "ben")]
    lines = {clone: [f"{clone.person}{number}" for number in range(6)] + ["same1", "same2"] for clone in people}
    crowd = [worker(clone.root, "run.md", *lines[clone], mode="push") for clone in people]
    said = [process.communicate()[0].strip().split("\n") for process in crowd]
    told = [answer.split()[:2] for text in said for answer in text]
    assert sorted(line for line, result in told if result == "shared") == sorted(
        {line for clone in people for line in lines[clone]}
    ), said
    assert sorted(line for line, result in told if result == "refused") == ["same1", "same2"]
    for clone in people:
        sync(clone.repository)
        final = clone.read("run.md").decode().split()[2:]
        assert len(final) == len(set(final)) == 14 and clone.status() == ""
    assert people[0].read("run.md") == people[1].read("run.md")
