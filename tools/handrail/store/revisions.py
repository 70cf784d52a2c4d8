"""The newest contents of some files: which commits made them, and what stood there before."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from handrail.base.value import dataclass
from handrail.store.history import author_time
from handrail.store.lineage import cut_off

if TYPE_CHECKING:
    from datetime import datetime

    from handrail.store.repository import Repository

_MARK = "\x02"
_OPTIONS = (
    "--stdin", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-color", "--no-show-signature",
    "--no-follow", f"--format={_MARK}%H%x00%aN%x00%aE%x00%at",
)  # fmt: skip
_HEAD = 4


@dataclass(frozen=True, slots=True)
class Revision:
    """One commit that changed a file. `was` and `now` are the ids of its contents, empty where there was none.

    `time` is the author's, in UTC.
    """

    commit: str
    name: str
    email: str
    time: datetime
    was: str
    now: str


def revisions(repository: Repository, paths: Sequence[str], most: int) -> Mapping[str, tuple[Revision, ...]]:
    """Give the newest commits up to HEAD that changed each file, at most so many, the newest first.

    One pass over history; a merge that only brings what its sides have is none of them, nor is the first commit of a
    shallow clone, which seems to make everything.
    """
    if not paths or repository.head() is None:
        return {}
    asked = "\n".join(("HEAD", "--", *dict.fromkeys(paths))) + "\n"
    said = repository.git.run("log", *_OPTIONS, stdin=os.fsencode(asked), reads=True)
    tokens = os.fsdecode(said.out).split("\0")
    cut = cut_off(repository)
    found: dict[str, list[Revision]] = {}
    position = 0
    while position < len(tokens) and tokens[position].startswith(_MARK):
        head = tokens[position : position + _HEAD]
        position += _HEAD
        while position + 1 < len(tokens) and tokens[position].lstrip("\n").startswith(":"):
            facts, path = tokens[position : position + 2]
            position += 2
            known = found.setdefault(path, [])
            if len(known) < most and head[0].removeprefix(_MARK) not in cut:
                known.append(_revision(head, facts))
    return {path: tuple(known) for path, known in found.items() if known}


def _revision(head: Sequence[str], facts: str) -> Revision:
    commit, name, email, time = head
    was, now = (blob if blob.strip("0") else "" for blob in facts.split(" ")[2:4])
    return Revision(commit.removeprefix(_MARK), name, email, author_time(time), was, now)
