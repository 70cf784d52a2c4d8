"""A move of the branch that was killed halfway: the files that git had changed by then are given back.

Git changes the files first, then its index, then the branch. So where the branch has moved all is done, and where it
has not, a file is as it was before, as it would have become, or cut off on its way there. Any other content is a
person's own and stays.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from handrail.base.errors import HandrailError
from handrail.base.value import dataclass
from handrail.store import paths
from handrail.store.git import patiently

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_NOTHING = "0"
_REGULAR = frozenset({"100644", "100755"})


@dataclass(frozen=True, slots=True)
class _Moved:
    """One file that a move changes: its ids before and after, empty for no file."""

    path: str
    old: str
    new: str


def give_back(repository: Repository, head: str, target: str) -> None:
    """Undo what was done of a move from `head` to `target`, unless the branch is elsewhere already."""
    tip = repository.git.ask("rev-parse", "--verify", "--quiet", "HEAD", reads=True).text
    if tip != head:
        return
    changed = tuple(_changed(repository, head, target))
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


def _changed(repository: Repository, head: str, target: str) -> Iterator[_Moved]:
    """Give the ordinary files that differ; links and submodules are left to whoever made them."""
    command = ("diff-tree", "-r", "-z", "--no-renames", head, target)
    parts = os.fsdecode(repository.git.ask(*command, reads=True).out).split("\0")
    for facts, path in zip(parts[0::2], parts[1::2], strict=False):
        before, after, old, new, _ = facts.removeprefix(":").split(" ")
        if (before.strip(_NOTHING) and before not in _REGULAR) or (after.strip(_NOTHING) and after not in _REGULAR):
            continue
        yield _Moved(path, old if old.strip(_NOTHING) else "", new if new.strip(_NOTHING) else "")


def _is_ours(repository: Repository, one: _Moved) -> bool:
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
