"""What differs in a work tree, told by git: between two trees, and between the last commit and the files."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from handrail.base.errors import HandrailError
from handrail.base.value import dataclass
from handrail.store import paths
from handrail.store.objects import tree_entries

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_STATUS = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored", "--")

_TOUCHED = (
    "--full-history", "--diff-merges=separate", "--format=", "--name-only", "-z", "--no-renames", "--no-follow",
    "--no-show-signature", "--no-ext-diff", "--no-color",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """How the files below a folder stand: the last commit, git's id of the folder's tree in it, and what differs.

    `commit` is empty before the first one, `tree` where it does not have the folder. `differs` has every path that is
    not as committed: changed, gone, new, ignored.
    """

    tree: str
    differs: tuple[str, ...]
    commit: str = ""


def standing(repository: Repository, folder: str) -> Standing | None:
    """Tell how the files below `folder` stand; None where git alone cannot tell.

    That is so in a sparse checkout, and where another repository lies inside the folder.
    """
    if (repository.git_dir / "info" / "sparse-checkout").exists():
        return None
    commit, tree = _ids(repository, ("HEAD", f"HEAD:{folder}"))
    answer = repository.git.ask(*_STATUS, folder, reads=True)
    if answer.code != 0:
        return None
    found = tuple(entry[3:] for entry in os.fsdecode(answer.out).split("\0") if entry)
    if any(path.endswith("/") for path in found):
        return None
    return Standing(tree, found, commit)


def _ids(repository: Repository, names: Sequence[str]) -> list[str]:
    """Give git's ids of some objects, an empty text for one that is not there."""
    asked = "".join(f"{name}\n" for name in names).encode()
    said = repository.git.run("cat-file", "--batch-check=%(objectname)", stdin=asked, reads=True).text.split("\n")
    return [id if re.fullmatch("[0-9a-f]{40,64}", id) else "" for id in said]


def touched_between(repository: Repository, old: str, new: str, folder: str) -> frozenset[str] | None:
    """Give the files that any commit changed on the way from `old` to `new`; None where `new` does not follow `old`."""
    if not old or not new or repository.git.ask("merge-base", "--is-ancestor", old, new, reads=True).code != 0:
        return None
    answer = repository.git.ask("log", *_TOUCHED, f"{old}..{new}", "--", folder, reads=True)
    return frozenset(os.fsdecode(answer.out).split("\0")) if answer.code == 0 else None


def tree_contents(repository: Repository, tree: str, folder: str, only: Sequence[str] = ()) -> dict[str, str]:
    """Give the regular files of a folder's tree: path from the top -> blob id. `only` narrows to such paths."""
    if not tree:
        return {}
    inside = [path.removeprefix(f"{folder}/") for path in only]
    listing = repository.git.run("ls-tree", "-r", "-z", tree, "--", *inside, reads=True).out
    return {f"{folder}/{path}": blob for path, blob in tree_entries(listing)}


def changed_between(repository: Repository, old: str, new: str, folder: str) -> dict[str, str | None] | None:
    """Give the paths that differ between two trees of a folder, with the blob id in the new one.

    None in place of an id where the new tree has no regular file of that path; None for the whole where git does
    not have the old tree any more.
    """
    if not old or not new:
        return None
    answer = repository.git.ask("diff-tree", "-r", "-z", "--no-renames", old, new, reads=True)
    if answer.code != 0:
        return None
    words = os.fsdecode(answer.out).split("\0")
    found: dict[str, str | None] = {}
    for facts, path in zip(words[::2], words[1::2], strict=False):
        _, mode, _, blob, _ = facts.split(" ")
        found[f"{folder}/{path}"] = blob if mode in ("100644", "100755") else None
    return found


def work_content(repository: Repository, path: str) -> str | None:
    """Give the id that git would give the file's bytes as they lie there; None where there is no regular file."""
    try:
        data = paths.read_bytes(repository.root, path)
    except HandrailError:
        return None
    return None if data is None else content_id(data)


def content_id(data: bytes) -> str:
    """Give git's id (SHA-1 form) of a content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
