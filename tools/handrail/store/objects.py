"""Reads many objects at once, through GitPython: contents, and the tree of a commit.

GitPython keeps one `git cat-file --batch` open, so that ten thousand contents cost one process. It is imported only
here and in `history.py`, by the commands that read much; an action does without (see `git.py`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from handrail.base.errors import GitRefused
from handrail.store.git import refusal

if TYPE_CHECKING:
    import git as gitpython

    from handrail.store.repository import Repository


def open_with_gitpython(repository: Repository) -> gitpython.Repo:
    """The clone as GitPython's `Repo`, its git bound to this clone whatever a surrounding git has set."""
    try:
        import git as gitpython
    except ImportError as error:
        raise GitRefused("Git was not found.", "Install git 2.38 or newer, and see that it is on the PATH.") from error
    repo = gitpython.Repo(repository.root, odbt=gitpython.GitCmdObjectDB, expand_vars=False)
    repo.git.update_environment(
        GIT_DIR=str(repository.git_dir),
        GIT_COMMON_DIR=str(repository.common_dir),
        GIT_WORK_TREE=str(repository.root),
        GIT_INDEX_FILE=str(repository.git_dir / "index"),
        GIT_OBJECT_DIRECTORY=str(repository.common_dir / "objects"),
        GIT_LITERAL_PATHSPECS="1",
        GIT_OPTIONAL_LOCKS="0",
        GIT_TERMINAL_PROMPT="0",
        LC_ALL="C",
    )
    return repo


def read_blobs(repository: Repository, blob_ids: Sequence[str]) -> Mapping[str, bytes]:
    """The contents of the blobs by id; those that git does not have are left out."""
    if not blob_ids:
        return {}
    found: dict[str, bytes] = {}
    with closing(open_with_gitpython(repository)) as repo:
        for blob_id in dict.fromkeys(blob_ids):
            try:
                stream = repo.odb.stream(bytes.fromhex(blob_id))
            except ValueError:  # GitPython's word for an object that is not there
                continue
            content = stream.read()
            if stream.type == b"blob":
                found[blob_id] = content
    return found


def files_at(repository: Repository, revision: str, prefixes: Sequence[str] = ()) -> Mapping[str, str]:
    """The regular files under `prefixes` in the tree of `revision`: path -> blob id. A view of one single state."""
    commit = repository.git.resolve(revision)
    listing = run_with_gitpython(repository, ["ls-tree", "-r", "-z", commit, "--", *prefixes])
    return dict(tree_entries(listing))


def run_with_gitpython(repository: Repository, arguments: Sequence[str]) -> bytes:
    """The output of a reading git command, run by GitPython. Raises GitRefused with git's reason."""
    with closing(open_with_gitpython(repository)) as repo:
        status, out, error = repo.git.execute(
            ["git", *arguments],
            with_extended_output=True,
            with_exceptions=False,
            stdout_as_string=False,
            strip_newline_in_stdout=False,
        )
    if status != 0:
        raise refusal(error if isinstance(error, str) else error.decode("utf-8", "replace"), repository.root)
    assert isinstance(out, bytes)
    return out


def tree_entries(listing: bytes) -> list[tuple[str, str]]:
    """Give path and blob id of the regular files that `git ls-tree -r -z` lists."""
    entries = []
    for entry in filter(None, os.fsdecode(listing).split("\0")):
        facts, _, path = entry.partition("\t")
        mode, _, blob_id = facts.split(" ")
        if mode in ("100644", "100755"):
            entries.append((path, blob_id))
    return entries
