"""Where a clone stands: its branch, its tip, what is half done in it, and what git thinks of single paths."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from handrail.base.errors import GitRefused
from handrail.base.value import dataclass
from handrail.store.git import Git

_UNDER_WAY = (
    ("rebase-merge", "rebase", "git rebase --continue", "git rebase --abort"),
    ("rebase-apply", "rebase", "git rebase --continue", "git rebase --abort"),
    ("MERGE_HEAD", "merge", "git merge --continue", "git merge --abort"),
    ("CHERRY_PICK_HEAD", "cherry-pick", "git cherry-pick --continue", "git cherry-pick --abort"),
    ("REVERT_HEAD", "revert", "git revert --continue", "git revert --abort"),
    ("sequencer", "cherry-pick or revert", "git cherry-pick --continue", "git cherry-pick --quit"),
    ("BISECT_LOG", "bisect", "git bisect log", "git bisect reset"),
)


@dataclass(frozen=True, slots=True)
class Position:
    """`head` is None before the first commit, `branch` on a detached HEAD, `upstream` without a remote branch.

    `marks` holds, for each path that was asked about and is not exactly as in the last commit, one of `changed`,
    `staged`, `untracked`, `ignored`, `conflict`.
    """

    head: str | None
    branch: str | None
    upstream: str | None
    marks: Mapping[str, str]


def read_position(git: Git, paths: Sequence[str] = ()) -> Position:
    """Ask git, in one process, for the position and the marks of `paths`."""
    arguments = ["status", "--porcelain=v2", "--branch", "--no-ahead-behind", "-z"]
    # Without a path, git would look at every file of the workspace for an answer that nobody asked for.
    arguments += ["--untracked-files=all", "--ignored=matching", "--no-renames", "--", *(paths or (".git",))]
    facts: dict[str, str] = {}
    marks: dict[str, str] = {}
    for entry in os.fsdecode(git.run(*arguments, reads=True).out).split("\0"):
        kind, _, rest = entry.partition(" ")
        if kind == "#":
            name, _, value = rest.partition(" ")
            facts[name] = value
        elif kind:
            _mark(marks, kind, rest)
    head = facts.get("branch.oid", "(initial)")
    branch = facts.get("branch.head", "(detached)")
    return Position(
        head=None if head == "(initial)" else head,
        branch=None if branch == "(detached)" else branch,
        upstream=facts.get("branch.upstream"),
        marks=marks,
    )


def refuse_unready(position: Position, git_dir: Path) -> None:
    """Raise GitRefused in the middle of a merge, rebase or the like, and on a detached HEAD."""
    for name, what, finish, abort in _UNDER_WAY:
        if (git_dir / name).exists():
            raise GitRefused(
                f"A {what} is under way in this clone, so nothing is committed now.",
                f"Finish it (`{finish}`) or drop it (`{abort}`), then try again.",
            )
    if position.branch is None:
        raise GitRefused(
            "No branch is checked out (git calls this a detached HEAD), so the commit would belong to no branch.",
            "Go to a branch: `git switch main`, or `git switch -c NAME` to start one here.",
        )


def _mark(marks: dict[str, str], kind: str, rest: str) -> None:
    if kind == "?":
        # `git rm --cached` leaves a path both deleted in the index and untracked: the first mark tells more.
        marks.setdefault(rest, "untracked")
    elif kind == "!":
        marks.setdefault(rest.rstrip("/"), "ignored")
    elif kind == "u":
        marks[rest.split(" ", 9)[9]] = "conflict"
    elif kind == "1":
        fields = rest.split(" ", 7)
        marks[fields[7]] = "staged" if fields[0][0] != "." else "changed"
