"""Finding a clone, who acts in it, and which files may be read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from handrail.base.errors import GitRefused, HandrailError, WrongUsage
from handrail.store.objects import files_at
from handrail.store.repository import Identity, Repository, WorkFile


def test_it_is_found_from_any_folder_inside(clone) -> None:
    clone.write("processes/a/README.md", "x")
    assert Repository.find(clone.root / "processes" / "a").root == clone.root


def test_a_surrounding_git_does_not_lead_it_astray(clone, monkeypatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    monkeypatch.setenv("GIT_GLOB_PATHSPECS", "1")
    repository = Repository.find(clone.root)
    monkeypatch.delenv("GIT_DIR")
    assert repository.git_dir == clone.root / ".git"
    assert repository.write_and_commit("run.md", b"x\n", expected=b"one\n\ntwo\n", message="x\n")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert [entry.subject for entry in repository.log()] == ["x", "add run.md"]


def test_no_repository(tmp_path) -> None:
    with pytest.raises(GitRefused, match="not inside a git repository") as caught:
        Repository.find(tmp_path)
    assert "handrail init" in caught.value.hint


def test_no_folder(tmp_path) -> None:
    with pytest.raises(WrongUsage, match="no folder"):
        Repository.find(tmp_path / "missing")


def test_a_bare_repository(tmp_path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "b.git")], check=True)
    with pytest.raises(GitRefused, match="bare"):
        Repository.find(tmp_path / "b.git")


def test_inside_gits_own_folder(clone) -> None:
    with pytest.raises(GitRefused, match="git's own folder"):
        Repository.find(clone.root / ".git")


def test_somebody_elses_folder_is_explained(clone, monkeypatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitRefused, match="belongs to another user") as caught:
        Repository.find(clone.root)
    assert "safe.directory" in caught.value.hint


def test_git_is_missing(clone, monkeypatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(GitRefused, match="Git was not found"):
        Repository.find(clone.root)


def test_identity_is_gits_own(clone, monkeypatch) -> None:
    assert clone.repository.identity() == Identity("Ana", "ana@example.org")
    (clone.root / "other").write_text("[user]\n\temail = ana@work.example\n")
    clone.git("config", "includeIf.onbranch:main.path", str(clone.root / "other"))
    assert clone.repository.identity().email == "ana@work.example"
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Robo")
    assert clone.repository.identity() == Identity("Robo", "ana@work.example")


def test_a_missing_identity_names_the_two_commands(clone) -> None:
    clone.git("config", "--unset", "user.name")
    clone.git("config", "--unset", "user.email")
    with pytest.raises(GitRefused, match="does not know who you are") as caught:
        clone.repository.identity()
    assert "user.name" in caught.value.hint and "user.email" in caught.value.hint


def test_head_and_branch(clone) -> None:
    assert clone.repository.head() == clone.git("rev-parse", "HEAD")
    assert clone.repository.branch() == "main"
    assert clone.repository.ahead() is None
    assert not clone.repository.has_remote()
    assert not clone.repository.shallow()


def test_detached_head_is_refused_with_the_way_out(clone) -> None:
    clone.git("checkout", "-q", "--detach")
    assert clone.repository.branch() is None
    with pytest.raises(GitRefused, match="No branch is checked out") as caught:
        clone.repository.check_ready()
    assert "git switch" in caught.value.hint


@pytest.mark.parametrize("what", ["merge", "rebase", "cherry-pick", "revert"])
def test_something_under_way_is_named_with_how_to_end_it(clone, what) -> None:
    clone.git("switch", "-qc", "side")
    clone.write("run.md", "side\n")
    clone.git("commit", "-qam", "side")
    clone.git("switch", "-q", "main")
    clone.write("run.md", "main\n")
    clone.git("commit", "-qam", "main")
    clone.write("run.md", "later\n")
    clone.git("commit", "-qam", "later")
    clone.git(what, "HEAD~1" if what == "revert" else "side", check=False)
    with pytest.raises(GitRefused, match=f"{what} is under way") as caught:
        clone.repository.write_and_commit("new.md", b"x", expected=None, message="x\n")
    assert f"git {what} --abort" in caught.value.hint
    assert not (clone.root / "new.md").exists()


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x", "a/../../x", ".git/config", "a/.GIT/x", "", "a\nb", "a//b", "./a", "a\0b", "x" * 300],
)
def test_paths_that_lead_out_are_refused(clone, path) -> None:
    with pytest.raises(WrongUsage):
        clone.repository.read(path)
    with pytest.raises(WrongUsage):
        clone.repository.write_and_commit(path, b"x", expected=None, message="x\n")


def test_symbolic_links_are_never_followed(clone, tmp_path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "file.md").write_text("secret")
    os.symlink(tmp_path / "secret" / "file.md", clone.root / "link.md")
    os.symlink(tmp_path / "secret", clone.root / "folder")
    for path in ("link.md", "folder/file.md", "folder/new.md"):
        with pytest.raises(WrongUsage, match="symbolic link"):
            clone.repository.read_or_none(path)
        with pytest.raises(WrongUsage, match="symbolic link"):
            clone.repository.write_and_commit(path, b"x", expected=None, message="x\n")
    assert (tmp_path / "secret" / "file.md").read_text() == "secret"
    assert os.listdir(tmp_path / "secret") == ["file.md"]


def test_what_is_no_file_is_refused(clone) -> None:
    (clone.root / "folder").mkdir()
    os.mkfifo(clone.root / "pipe")
    with pytest.raises(WrongUsage, match="is a folder"):
        clone.repository.read("folder")
    with pytest.raises(WrongUsage, match="not a regular file"):
        clone.repository.read("pipe")
    with pytest.raises(WrongUsage, match="no file"):
        clone.repository.read("missing.md")
    with pytest.raises(WrongUsage, match="is a file, not a folder"):
        clone.repository.read("run.md/below")


def test_contents_by_id_go_through_the_filters(clone) -> None:
    clone.committed(".gitattributes", "*.md text eol=lf\n")
    clone.write("crlf.md", "a\r\nb\r\n")
    blob = clone.repository.blob_id("crlf.md")
    assert clone.repository.blob(blob) == b"a\nb\n"
    other = clone.repository.blob_id("run.md")
    assert clone.repository.blobs([blob, "0" * 40, other]) == {blob: b"a\nb\n", other: b"one\n\ntwo\n"}
    with pytest.raises(GitRefused, match="no content"):
        clone.repository.blob("0" * 40)
    with pytest.raises(WrongUsage):
        clone.repository.blob("--textconv")


def test_files_are_those_of_the_work_tree(clone) -> None:
    clone.committed(".gitignore", "*.tmp\n")
    clone.committed("runs/é ü.md", "x\n")
    clone.committed("runs/gone.md", "x\n")
    clone.committed("runs/edited.md", "x\n")
    (clone.root / "runs" / "gone.md").unlink()
    clone.write("runs/edited.md", "y\n")
    clone.write("runs/-new.md", "n\n")
    clone.write("runs/scratch.tmp", "n\n")
    os.symlink("edited.md", clone.root / "runs" / "link.md")
    blob = clone.git("rev-parse", "HEAD:runs/é ü.md")
    assert clone.repository.files(["runs"]) == (
        WorkFile("runs/-new.md", None),
        WorkFile("runs/edited.md", None),
        WorkFile("runs/link.md", None, "link"),
        WorkFile("runs/é ü.md", blob),
    )
    assert "run.md" in {file.path for file in clone.repository.files()}


def test_files_of_a_commit(clone) -> None:
    first = clone.git("rev-parse", "HEAD")
    clone.committed("later.md", "x\n")
    assert list(files_at(clone.repository, first)) == ["run.md"]
    with pytest.raises(GitRefused, match="no commit"):
        files_at(clone.repository, "--output=leak")
    assert not (clone.root / "leak").exists()


def test_an_action_does_not_pay_for_gitpython(clone) -> None:
    script = (
        "import sys; from pathlib import Path; from handrail.store.repository import Repository\n"
        "r = Repository.find(Path(sys.argv[1])); r.identity(); old = r.read('run.md')\n"
        "r.write_and_commit('run.md', b'x', expected=old, message='x'); assert 'git' not in sys.modules"
    )
    tools = Path(__file__).parents[2] / "tools"
    done = subprocess.run(
        [sys.executable, "-c", script, str(clone.root)],
        env={**os.environ, "PYTHONPATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_refusal_is_one_sentence(clone) -> None:
    clone.git("checkout", "-q", "--detach")
    with pytest.raises(HandrailError) as caught:
        clone.repository.check_ready()
    assert "\n" not in caught.value.sentence and caught.value.sentence.endswith(".")
