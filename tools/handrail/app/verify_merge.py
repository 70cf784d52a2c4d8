"""Merge commits: which files must be looked at, and with which versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from handrail.app.verify_library import kind_of
from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.reports.verify_case import problem
from handrail.store import range as ranges
from handrail.store.range import FileChange

if TYPE_CHECKING:
    from handrail.app.verify import Judging
    from handrail.store.range import Commit

_HINT = "a merge takes what both sides say, and nothing else"


def judge_merge(judging: Judging, commit: Commit) -> Iterator[Problem]:
    """Give what is wrong with a merge: per file, by git's ids alone where one side did not touch it."""
    changes = judging.changes(commit)
    by_path = [{one.path: one for one in side} for side in changes]
    paths = sorted({path for side in by_path for path in side if kind_of(path)})
    if not paths or not any(changes):
        return
    base = ranges.common_ancestor(judging.repository, commit.parents)
    old = ranges.ids_at(judging.repository, [(base, path) for path in paths]) if base else {}
    for path in paths:
        first = next(side[path] for side in by_path if path in side)
        sides = [side[path].old if path in side else first.new for side in by_path]
        began = old.get((base, path), "")
        if _taken_over(began, sides, first.new):
            continue
        yield from _judge(judging, commit, path, began, sides, first)


def _taken_over(base: str, sides: list[str], merged: str) -> bool:
    """Tell whether a merge took the version of the only side that changed a file."""
    moved = {side for side in sides if side != base}
    return moved == {merged} if moved else merged == base


def _judge(
    judging: Judging, commit: Commit, path: str, base: str, sides: list[str], change: FileChange
) -> Iterator[Problem]:
    if kind_of(path) == "process":
        if len({side for side in sides if side != base}) < 2:
            from handrail.app.verify_owner import unreviewed

            yield from unreviewed(judging, commit, FileChange(path, sides[0] or base, change.new, change.mode))
        return
    if not change.regular:
        message = "a symbolic link or a submodule stands in the place of a file"
        yield problem("unreadable", Place(path), message, "Handrail's files are plain files")
        return
    yield from _judge_versions(judging, commit, path, base, sides, change.new)


def _judge_versions(
    judging: Judging, commit: Commit, path: str, base: str, sides: list[str], merged: str
) -> Iterator[Problem]:
    from handrail.reports.verify_merge import judge_merged

    library = judging.library
    if not merged:
        message = "the merge deleted the file, with what happened in it"
        yield problem("run-deleted", Place(path), message, _HINT)
        return
    after = library.version(path, merged)
    if after.version is None:
        yield from after.problems
        return
    versions = [read.version for id in sides if (read := library.version(path, id)).version is not None]
    known = [version for version in versions if version is not None]
    start = library.version(path, base).version
    if not known:
        message = "the merge brings a file that no side has"
        yield problem("event-in-merge", Place(path), message, _HINT)
        return
    yield from judge_merged(start, known, after.version, judging.deed(commit), judging.law(commit, path))
