"""A commit that takes an earlier one back: the exact inverse of what one person did, before anybody else had it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from handrail.app.verify_library import kind_of
from handrail.app.verify_people import authors_of
from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.format.undo import taken_out
from handrail.store import range as ranges

if TYPE_CHECKING:
    from handrail.app.verify import Judging
    from handrail.store.range import Commit, FileChange


@dataclass(frozen=True, slots=True)
class Deeds:
    """What one action did: the change of its run or project, and the copies of evidence that it brought."""

    change: FileChange
    copies: tuple[FileChange, ...] = ()


def deeds_of(changes: Sequence[FileChange]) -> Deeds | None:
    """Give what a commit did, None where it is no action on just one run or project."""
    holders = [one for one in changes if kind_of(one.path) in ("run", "project")]
    if len(holders) != 1 or not holders[0].new or not holders[0].regular:
        return None
    path = holders[0].path
    is_run = kind_of(path) == "run"
    folder = path.removesuffix(".md") + "/" if is_run else path.rpartition("/")[0] + "/files/"
    copies = tuple(one for one in changes if one is not holders[0])
    if any(one.old or not one.regular or not one.path.startswith(folder) for one in copies):
        return None
    return Deeds(holders[0], copies) if is_run or holders[0].old else None


def text_of(judging: Judging, id: str) -> str:
    """Give a blob's content as text, empty for none."""
    return ((judging.library.content(id) or b"") if id else b"").decode("utf-8", "surrogateescape")


def text_without(judging: Judging, change: FileChange, present: str) -> str | None:
    """Give a file's text without what a commit did to it: empty where it made the file, None where that cannot be."""
    before, after = text_of(judging, change.old), text_of(judging, change.new)
    if not change.old:
        return "" if present == after else None
    return taken_out(before, after, present)


def what_depends(judging: Judging, change: FileChange, present: str, text: str, tip: Commit) -> list[Problem]:
    """Report what happened after a change and would not have been possible without it; `tip` is where it is undone."""
    if not change.old:
        return []
    from handrail.reports.verify import lasting

    library = judging.library
    before = library.version(change.path, change.old).version
    now = library.read(change.path, present.encode("utf-8", "surrogateescape")).version
    read = library.read(change.path, text.encode("utf-8", "surrogateescape"))
    if before is None or now is None or read.version is None:
        return list(read.problems)
    return lasting(before, now, read.version, judging.deed(tip), judging.law(tip, change.path))


def judge_undo(judging: Judging, commit: Commit) -> list[Problem] | None:
    """Give what is wrong with a commit that takes another one back; None where it does no such thing.

    The other one lies in the range too, so nobody could count on it yet, and has the same author.
    """
    for other in _candidates(judging, commit):
        found = _judged(judging, commit, other)
        if found is not None:
            return found
    return None


def _candidates(judging: Judging, commit: Commit) -> list[Commit]:
    """Give what may be meant: the commit that is named, else (made anew by a host's rebase) any of the same author."""
    earlier = judging.ancestors(commit.parents)
    named = [value for key, value in commit.trailers if key == "Handrail-Undoes"]
    if len(named) != 1:
        return []
    ids = [named[0]] if named[0] in earlier else [one.id for one in judging.reading.commits if one.id in earlier]
    author = authors_of(commit, judging.config(commit))[0]
    found = (judging.commits[id] for id in reversed(ids))
    return [one for one in found if len(one.parents) < 2 and authors_of(one, judging.config(one))[0] == author]


def _judged(judging: Judging, commit: Commit, other: Commit) -> list[Problem] | None:
    deeds = deeds_of(judging.changes(other)[0])
    here = {one.path: one for one in judging.changes(commit)[0]}
    if deeds is None or deeds.change.path not in here:
        return None
    mine = here.pop(deeds.change.path)
    present = text_of(judging, mine.old)
    text = text_without(judging, deeds.change, present)
    left = text_of(judging, mine.new)
    if text is None or text != left or bool(mine.new) != bool(deeds.change.old) or not mine.regular:
        return None
    gone = {one.path: replace(one, old=one.new, new="", mode="") for one in deeds.copies}
    if {path: replace(one, mode="") for path, one in here.items()} != gone:
        return None
    if any(ranges.files_naming(judging.repository, commit.id, path, ("processes", "projects")) for path in gone):
        return None
    return what_depends(judging, deeds.change, present, text, commit)
