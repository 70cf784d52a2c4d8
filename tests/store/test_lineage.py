"""Since which commit a file says what it says."""

from __future__ import annotations

from handrail.store.lineage import lineage
from handrail.store.repository import Repository


def since(clone, word: str, path: str = "run.md") -> str:
    """Give the subject of the commit since which a file has a word in it."""
    found = lineage(clone.repository, (path,))
    contents = clone.repository.blobs(found.blobs(path))
    commit = found.since(path, lambda blob: word.encode() in contents[blob])
    return clone.git("log", "-1", "--format=%s", commit.id).strip() if commit else ""


def save(clone, text: str, subject: str, path: str = "run.md") -> None:
    clone.write(path, text)
    clone.git("add", "--all")
    clone.git("commit", "-qm", subject)


def test_before_the_first_commit_nothing_is_said(clone) -> None:
    clone.git("switch", "-q", "--orphan", "fresh")
    clone.write("run.md", "x\n")
    assert since(clone, "x") == ""


def test_what_is_in_the_work_tree_alone_is_not_history(clone) -> None:
    save(clone, "uno\n", "first")
    clone.write("run.md", "uno two\n")
    assert (since(clone, "uno"), since(clone, "two")) == ("first", "")


def test_what_was_taken_away_and_came_back_is_since_it_came_back(clone) -> None:
    for text, subject in (("one\n", "a"), ("none\n".replace("one", "o"), "b"), ("one\n", "c"), ("one more\n", "d")):
        save(clone, text, subject)
    assert since(clone, "one") == "c"


def test_a_file_that_was_deleted_and_written_again(clone) -> None:
    save(clone, "one\n", "a")
    clone.git("rm", "-q", "run.md")
    clone.git("commit", "-qm", "b")
    save(clone, "one\n", "c")
    assert since(clone, "one") == "c"


def test_a_word_is_followed_through_merges_in_either_direction(clone) -> None:
    save(clone, "1\n\n2\n\n3\n", "base")
    clone.git("switch", "-qc", "side")
    save(clone, "1 left\n\n2\n\n3\n", "left")
    clone.git("switch", "-q", "main")
    save(clone, "1\n\n2\n\n3 right\n", "right")
    clone.git("merge", "-q", "--no-edit", "side")
    save(clone, "1 left\n\n2 after\n\n3 right\n", "after")
    assert [since(clone, word) for word in ("left", "right", "after")] == ["left", "right", "after"]


def test_many_files_and_branches_in_one_pass(clone) -> None:
    paths = tuple(f"run-{number}.md" for number in range(6))
    for path in paths:
        save(clone, "1\n\n2\n", f"begin {path}", path)
    for number, path in enumerate(paths):
        clone.git("switch", "-qc", f"branch-{number}")
        save(clone, "1 done\n\n2\n", f"tick {path}", path)
        clone.git("switch", "-q", "main")
        save(clone, "1\n\n2 more\n", f"edit {path}", path)
        clone.git("merge", "-q", "--no-edit", "--no-ff", f"branch-{number}")
    found = lineage(clone.repository, paths)
    for path in paths:
        contents = clone.repository.blobs(found.blobs(path))
        commit = found.since(path, lambda blob, held=contents: b"done" in held[blob])
        assert commit is not None
        assert clone.git("log", "-1", "--format=%s", commit.id).strip() == f"tick {path}"


def test_a_shallow_clone_says_where_it_is_cut_off(clone, tmp_path) -> None:
    save(clone, "one\n", "a")
    save(clone, "one two\n", "b")
    save(clone, "one two three\n", "c")
    clone.git("clone", "-q", "--depth=2", f"file://{clone.root}", str(tmp_path / "cut"))
    found = lineage(Repository.find(tmp_path / "cut"), ("run.md",))
    assert [one.cut_off for one in found.commits.values()] == [False, True]
