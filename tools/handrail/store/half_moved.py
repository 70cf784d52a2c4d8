"""A move of the branch that was killed halfway: the files that git had changed by then are given back.

Git changes the files first, then its index, then the branch. So where the branch has moved all is done, and where it
has not, a file is as it was before, as it would have become, or cut off on its way there. Any other content is a
person's own and stays.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from handrail.base.errors import HandrailError
from handrail.store import paths
from handrail.store.git import patiently
from handrail.store.range import FileChange, changes_between

if TYPE_CHECKING:
    from handrail.store.repository import Repository


def give_back(repository: Repository, head: str, target: str) -> None:
    """Undo what was done of a move from `head` to `target`, unless the branch is elsewhere already."""
    if repository.head() != head:
        return
    changed = _changed(repository, head, target)
    if not changed:
        return
    ours = [one for one in changed if _is_ours(repository, one)]
    listed = _listed([one.path for one in changed])
    command = ("reset", "-q", "--pathspec-from-file=-", "--pathspec-file-nul")
    patiently(lambda: repository.git.ask(*command, stdin=listed))
    former = _listed([one.path for one in ours if one.old])
    if former:
        repository.git.ask("checkout-index", "--force", "--quiet", "-z", "--stdin", stdin=former)
    for one in ours:
        if not one.old:
            paths.remove(repository.root, one.path)
            paths.remove_empty_parents(repository.root, one.path)


def _changed(repository: Repository, head: str, target: str) -> tuple[FileChange, ...]:
    """Give the ordinary files that differ; links and submodules are left to whoever made them."""
    trees = repository.git.run("rev-parse", f"{head}^{{tree}}", f"{target}^{{tree}}", reads=True).text.split()
    pair = (trees[0], trees[1])
    return tuple(one for one in changes_between(repository, [pair], ()).get(pair, ()) if one.regular)


def _is_ours(repository: Repository, one: FileChange) -> bool:
    try:
        content = repository.read_or_none(one.path)
    except HandrailError:
        return False
    if content is None:
        return True
    if not one.new:
        return False
    known = repository.git.ask("hash-object", "--stdin", f"--path={one.path}", stdin=content, reads=True).text
    if known == one.new:
        return True
    whole = repository.git.ask("cat-file", "--filters", f"--path={one.path}", one.new, reads=True)
    return known != one.old and whole.code == 0 and whole.out.startswith(content)


def _listed(names: Sequence[str]) -> bytes:
    return b"".join(os.fsencode(name) + b"\0" for name in names)
