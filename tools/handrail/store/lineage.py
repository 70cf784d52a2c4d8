"""How some files came to be what they are: every commit that changed one of them, found in one pass over history.

Order is git's graph, never the clocks of the authors. Merges are followed as git simplifies them: a side that changed
none of the files is not there, and of two sides that left the same text the first is.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from handrail.base.value import dataclass
from handrail.store.history import author_time

if TYPE_CHECKING:
    from datetime import datetime

    from handrail.store.repository import Repository

_MARK = "\x02"
_MOST_PLACES = 10
_OPTIONS = (
    "--stdin", "--topo-order", "--parents", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-color",
    "--no-show-signature", "--no-follow", "--diff-merges=first-parent", f"--format={_MARK}%H %P%x00%aN%x00%aE%x00%at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit that changed one of the files. `time` is the author's, in UTC.

    `parents` are the nearest commits before it that did so too. `blobs` are the files that it left different from its
    first parent, by path; an empty id for one that it took away. `cut_off` where a shallow clone has nothing before it.
    """

    id: str
    parents: tuple[str, ...]
    name: str
    email: str
    time: datetime
    blobs: Mapping[str, str]
    cut_off: bool = False


class Lineage:
    """Commits, each before its parents. What a file was at one of them is found without walking to where it changed.

    For that the graph is cut into lines of first parents. `places` says for each commit its line and how far down that
    it stands, `ends` where a line joins another one, `changes` where on each line a file changed.
    """

    def __init__(self, commits: Iterable[Commit]) -> None:
        self.commits = {one.id: one for one in commits}
        self.tip = next(iter(self.commits), "")
        self._places: dict[str, tuple[int, int]] = {}
        self._ends: list[str] = []
        self._changes: dict[tuple[str, int], tuple[list[int], list[Commit]]] = {}
        self._blobs: dict[str, list[str]] = {}
        for commit in self.commits:
            if commit not in self._places:
                self._lay(commit)

    def since(self, path: str, says: Callable[[str], bool]) -> Commit | None:
        """Give the commit since which a file says something, followed back from the newest one.

        `says` is asked about blobs by their ids. None where the newest one does not say it.
        """
        commit = self._saying(self.tip, path, says)
        while commit is not None:
            before = (self._saying(parent, path, says) for parent in commit.parents)
            earlier = next((one for one in before if one is not None), None)
            if earlier is None:
                return commit
            commit = earlier
        return None

    def blobs(self, path: str) -> tuple[str, ...]:
        """Give the ids of all contents that a file ever had."""
        return tuple(dict.fromkeys(self._blobs.get(path, ())))

    def _lay(self, commit: str) -> None:
        """Lay a line from a commit down through first parents, as far as no other line has come."""
        line, down = len(self._ends), 0
        while commit and commit not in self._places:
            one = self.commits[commit]
            self._places[commit] = line, down
            for path, blob in one.blobs.items():
                downs, changed = self._changes.setdefault((path, line), ([], []))
                downs.append(down)
                changed.append(one)
                if blob:
                    self._blobs.setdefault(path, []).append(blob)
            commit = one.parents[0] if one.parents else ""
            down += 1
        self._ends.append(commit)

    def _saying(self, commit: str, path: str, says: Callable[[str], bool]) -> Commit | None:
        found = self._last_change(commit, path)
        return found if found and found.blobs[path] and says(found.blobs[path]) else None

    def _last_change(self, commit: str, path: str) -> Commit | None:
        """Give the commit, from one on backwards by first parents, that changed a file."""
        while commit:
            line, down = self._places[commit]
            downs, changed = self._changes.get((path, line), ((), ()))
            index = bisect_left(downs, down)
            if index < len(downs):
                return changed[index]
            commit = self._ends[line]
        return None


def lineage(repository: Repository, paths: Sequence[str]) -> Lineage:
    """Find the commits up to HEAD that changed any of the files, in one pass over history."""
    if not paths or repository.head() is None:
        return Lineage(())
    asked = "\n".join(("HEAD", "--", *_places(paths))) + "\n"
    said = repository.git.run("log", *_OPTIONS, stdin=os.fsencode(asked), reads=True)
    return Lineage(_commits(os.fsdecode(said.out).split("\0"), frozenset(paths), cut_off(repository)))


def _places(paths: Sequence[str]) -> tuple[str, ...]:
    """Give what git is asked about: the files, or the folders around them where there are many.

    Git compares each entry of a folder with each path that it is asked about: a thousand in one folder take minutes.
    """
    places = tuple(dict.fromkeys(paths))
    while len(places) > _MOST_PLACES and any("/" in place for place in places):
        places = tuple(dict.fromkeys(place.rpartition("/")[0] or place for place in places))
    return places


def blobs_at_head(repository: Repository, paths: Sequence[str]) -> dict[str, str]:
    """Give the ids of files' contents as they are committed; without those that are not."""
    wanted = "".join(f"HEAD:{path}\n" for path in paths)
    said = repository.git.run("cat-file", "--batch-check", stdin=os.fsencode(wanted), reads=True).text.split("\n")
    return {path: line.split(" ")[0] for path, line in zip(paths, said, strict=False) if " blob " in line}


def in_history(repository: Repository, commits: Iterable[str]) -> bool:
    """Tell whether all of these commits are still part of the history of HEAD."""
    wanted = "\n".join((*dict.fromkeys(commits), "^HEAD")) + "\n"
    said = repository.git.ask("rev-list", "--max-count=1", "--stdin", stdin=wanted.encode(), reads=True)
    return said.code == 0 and not said.text


def _commits(tokens: Sequence[str], paths: frozenset[str], cut: frozenset[str]) -> Iterator[Commit]:
    """Read the log: a head of four tokens, then two for each file (its modes and ids, its path)."""
    position = 0
    while position < len(tokens) and tokens[position].startswith(_MARK):
        head, name, email, time = tokens[position : position + 4]
        commit, *parents = head.removeprefix(_MARK).split()
        position += 4
        blobs: dict[str, str] = {}
        while position + 1 < len(tokens) and tokens[position].lstrip("\n").startswith(":"):
            facts, path = tokens[position : position + 2]
            if path in paths:
                blob = facts.split(" ")[3]
                blobs[path] = blob if blob.strip("0") else ""
            position += 2
        yield Commit(commit, tuple(parents), name, email, author_time(time), blobs, commit in cut)


def cut_off(repository: Repository) -> frozenset[str]:
    """Give the commits that a shallow clone has no parents of."""
    if not repository.shallow():
        return frozenset()
    return frozenset((repository.common_dir / "shallow").read_text("ascii", "replace").split())
