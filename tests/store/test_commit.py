"""One action, one commit, of exactly the files it means; and nothing at all where git does not commit."""

from __future__ import annotations

import os
import stat
import threading
import time

import pytest

from handrail.base.errors import GitRefused, NotAllowed
from handrail.store.commit import Write

OLD = b"one\n\ntwo\n"


def change(clone, new: bytes = b"new\n", **options) -> str:
    return clone.repository.write_and_commit("run.md", new, expected=OLD, message="subject\n", **options)


def test_a_change_is_one_commit_of_one_file(clone) -> None:
    commit = change(clone)
    assert commit == clone.git("rev-parse", "HEAD")
    assert clone.git("show", "--format=%s %an", "--name-only", commit).split() == ["subject", "Ana", "run.md"]
    assert clone.status() == ""
    assert not list(clone.root.glob(".handrail-*"))


def test_the_first_commit_of_all(clone) -> None:
    clone.git("switch", "-q", "--orphan", "fresh")
    clone.write("mine.md", "staged\n")
    clone.git("add", "mine.md")
    assert clone.repository.head() is None
    commit = clone.repository.write_and_commit("a/b.md", b"x\n", expected=None, message="first\n")
    assert clone.git("show", "--format=%P", "--name-only", commit).split() == ["a/b.md"]
    assert clone.status() == "A  mine.md"


def test_staged_unstaged_and_new_files_of_the_user_stay_as_they_are(clone) -> None:
    clone.committed("other.md", "o\n")
    clone.write("other.md", "staged\n")
    clone.git("add", "other.md")
    clone.write("other.md", "staged and edited\n")
    clone.write("added.md", "added\n")
    clone.git("add", "added.md")
    clone.write("untracked.md", "u\n")
    before = (clone.status(), clone.git("diff"), clone.git("diff", "--cached"))
    change(clone)
    assert (clone.status(), clone.git("diff"), clone.git("diff", "--cached")) == before
    assert clone.read("other.md") == b"staged and edited\n"


@pytest.mark.parametrize("path", ["with space.md", "-dash.md", "*.md", "ünï/é.md", ":(glob)x.md", "sub/-a b'\".md"])
def test_any_name_is_a_name(clone, path) -> None:
    clone.committed("another.md", "x\n")
    clone.write("another.md", "edited\n")
    commit = clone.repository.write_and_commit(path, b"1\n", expected=None, message="new\n")
    clone.repository.write_and_commit(path, b"2\n", expected=b"1\n", message="changed\n")
    assert clone.git("-c", "core.quotePath=false", "show", "--format=", "--name-only", "-z", commit).strip("\0") == path
    assert clone.status() == " M another.md"


def test_several_files_in_one_commit(clone) -> None:
    writes = (Write("run.md", b"x\n", OLD), Write("new/file.md", b"y\n", None), Write("z.md", b"z\n", None))
    commit = clone.repository.write_and_commit_many(writes, message="many\n")
    assert clone.git("show", "--format=", "--name-only", commit).split() == ["new/file.md", "run.md", "z.md"]
    assert clone.status() == ""


def test_the_mode_of_the_file_stays(clone) -> None:
    (clone.root / "run.md").chmod(0o755)
    clone.git("commit", "-qam", "mode")
    change(clone)
    assert stat.S_IMODE(os.stat(clone.root / "run.md").st_mode) == 0o755
    assert clone.git("ls-files", "-s", "run.md").startswith("100755")


def test_line_ends_of_the_work_tree_are_the_users(clone) -> None:
    clone.committed(".gitattributes", "*.md text eol=lf\n")
    clone.write("run.md", "one\r\ntwo\r\n")
    clone.git("add", "run.md")
    clone.git("commit", "-qm", "windows", check=False)
    clone.write("run.md", "one\r\ntwo\r\n")
    clone.git("update-index", "--refresh", check=False)
    clone.repository.write_and_commit(
        "run.md", b"one\r\nTWO\r\n", expected=b"one\r\ntwo\r\n", message="x\n", allow_dirty=True
    )
    assert clone.read("run.md") == b"one\r\nTWO\r\n"
    assert clone.git("show", "HEAD:run.md") == "one\nTWO"


def test_nothing_to_change_makes_no_commit(clone) -> None:
    assert change(clone, OLD) == clone.git("rev-parse", "HEAD")
    assert clone.subjects() == ["add run.md"]


def test_a_file_changed_meanwhile_is_refused(clone) -> None:
    clone.write("run.md", "somebody else\n")
    with pytest.raises(NotAllowed, match="changed by somebody else"):
        change(clone, allow_dirty=True)
    assert clone.read("run.md") == b"somebody else\n"


def test_a_new_file_that_is_there_already_is_refused(clone) -> None:
    with pytest.raises(NotAllowed, match="there already"):
        clone.repository.write_and_commit("run.md", b"x", expected=None, message="x\n")


@pytest.mark.parametrize("staged", [False, True])
def test_hand_edits_are_not_swept_in_unless_the_caller_says_so(clone, staged) -> None:
    clone.write("run.md", "hand\n")
    if staged:
        clone.git("add", "run.md")
    with pytest.raises(NotAllowed, match="changes of yours") as caught:
        clone.repository.write_and_commit("run.md", b"new\n", expected=b"hand\n", message="x\n")
    assert "git commit run.md" in caught.value.hint
    clone.repository.write_and_commit("run.md", b"new\n", expected=b"hand\n", message="x\n", allow_dirty=True)
    assert clone.git("show", "HEAD:run.md") == "new" and clone.status() == ""


def test_a_file_that_git_does_not_know_is_refused_unless_the_caller_says_so(clone) -> None:
    clone.write("mine.md", "x\n")
    repository = clone.repository
    with pytest.raises(NotAllowed, match="not in git yet"):
        repository.write_and_commit("mine.md", b"y\n", expected=b"x\n", message="x\n")
    repository.write_and_commit("mine.md", b"x\n", expected=b"x\n", message="adopt\n", allow_dirty=True)
    assert clone.status() == "" and clone.subjects()[0] == "adopt"


def test_ignored_paths_are_refused(clone) -> None:
    clone.committed(".gitignore", "private/\n*.tmp\n")
    for path in ("private/x.md", "a.tmp"):
        with pytest.raises(NotAllowed, match="Git ignores"):
            clone.repository.write_and_commit(path, b"x", expected=None, message="x\n")
        assert not (clone.root / path).exists()


@pytest.mark.parametrize(("path", "expected"), [("run.md", OLD), ("new/deep/file.md", None)])
def test_a_refusing_hook_leaves_everything_as_it_was(clone, path, expected) -> None:
    clone.write("staged.md", "s\n")
    clone.git("add", "staged.md")
    clone.hook("pre-commit", "echo 'no check-offs on a Friday' >&2; exit 1\n")
    before = clone.status()
    with pytest.raises(GitRefused, match="hook of this repository refused: no check-offs on a Friday"):
        clone.repository.write_and_commit(path, b"new\n", expected=expected, message="x\n")
    assert clone.status() == before
    assert clone.subjects() == ["add run.md"]
    assert not (clone.root / "new").exists()


def test_hooks_run_and_may_change_the_message(clone) -> None:
    clone.hook("commit-msg", "echo 'Checked: yes' >> \"$1\"\n")
    change(clone)
    assert clone.git("log", "-1", "--format=%(trailers:only)").strip() == ""  # no blank line: part of the subject
    assert "Checked: yes" in clone.git("log", "-1", "--format=%B")


def test_a_missing_signing_key_leaves_everything_as_it_was(clone) -> None:
    clone.git("config", "commit.gpgsign", "true")
    clone.git("config", "gpg.format", "ssh")
    clone.git("config", "user.signingkey", str(clone.root / "missing.pub"))
    with pytest.raises(GitRefused, match=r"[Ss]ign"):
        change(clone)
    assert clone.status() == "" and clone.read("run.md") == OLD


def test_a_missing_identity_leaves_everything_as_it_was(clone) -> None:
    clone.git("config", "--unset", "user.email")
    clone.git("config", "user.useConfigOnly", "true")
    with pytest.raises(GitRefused, match="does not know who you are"):
        change(clone)
    assert clone.status() == ""


def test_a_lock_of_another_program_is_waited_for(clone) -> None:
    lock = clone.root / ".git" / "index.lock"
    lock.touch()
    threading.Thread(target=lambda: (time.sleep(0.3), lock.unlink())).start()
    change(clone)
    assert clone.status() == ""


def test_a_lock_that_stays_is_named(clone, monkeypatch) -> None:
    monkeypatch.setattr("handrail.store.git._FOREIGN_LOCK_SECONDS", 0.2)
    lock = clone.root / ".git" / "index.lock"
    lock.touch()
    with pytest.raises(GitRefused, match=r"index\.lock"):
        change(clone)
    assert clone.read("run.md") == OLD and lock.exists()
    lock.unlink()
    assert clone.status() == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told(clone) -> None:
    (clone.root).chmod(0o555)
    try:
        with pytest.raises(GitRefused, match="could not be written: Permission denied"):
            change(clone)
    finally:
        (clone.root).chmod(0o755)
    assert clone.status() == ""


def test_a_linked_worktree_commits_on_its_own_branch(clone, tmp_path) -> None:
    from handrail.store.repository import Repository

    clone.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = Repository.find(tmp_path / "side")
    side.write_and_commit("run.md", b"side\n", expected=OLD, message="side\n")
    assert clone.subjects("side")[0] == "side" and clone.subjects() == ["add run.md"]
    assert side.common_dir == clone.repository.common_dir


def test_without_a_commit_the_edit_is_left_to_the_user(clone) -> None:
    clone.repository.write("run.md", b"x\n", expected=OLD)
    assert clone.status() == " M run.md"
    with pytest.raises(NotAllowed, match="changed by somebody else"):
        clone.repository.write("run.md", b"y\n", expected=OLD)
