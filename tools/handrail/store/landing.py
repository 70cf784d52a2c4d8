"""What became of commits that a host merged as it likes: as they were, as one (squash), or made anew (rebase).

Ids tell nothing then; content does. A commit has arrived where every line that it added stands in the branch, as
often as the commit knew it. Of a file's history, dated lines are what lasts: later work may clear a box again, but
never takes such a line away, so where a commit added some, these alone are looked for.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from handrail.base.value import dataclass
from handrail.store.remote import Trouble, merged_tree, move, signing, why

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_DATED = re.compile(rb"\s*[-*+] [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z @\S")
_UNDOES = re.compile(r"^Handrail-Undoes: ([0-9a-f]{40,64})$", re.MULTILINE)
_AUTHOR = "%an%x00%ae%x00%ad%x00%B"


@dataclass(frozen=True, slots=True)
class _Touched:
    """One file as a commit found and left it, by git's ids; empty where there was no file."""

    path: str
    old: str
    new: str


def arrived(repository: Repository, commits: Sequence[str], tip: str) -> frozenset[str]:
    """Those of the commits whose content stands in `tip`."""
    touched = {commit: tuple(_touched(repository, commit)) for commit in commits}
    paths = sorted({one.path for files in touched.values() for one in files})
    present = _entries(repository, tip, paths)
    ids = {blob for files in touched.values() for one in files for blob in (one.old, one.new) if blob}
    texts = repository.blobs(sorted(ids | set(present.values())))
    found = {path: Counter(texts.get(blob, b"").split(b"\n")) for path, blob in present.items()}
    return frozenset(
        commit
        for commit, files in touched.items()
        if files and all(_stands(one, texts, found.get(one.path, Counter())) for one in files)
    )


def undone_pairs(repository: Repository, commits: Sequence[str]) -> list[str]:
    """The commits without those that a later one of them takes back, and without the latter."""
    gone: set[str] = set()
    for commit in reversed(commits):
        undoes = _UNDOES.search(_message(repository, commit)) if commit not in gone else None
        if undoes and undoes.group(1) in commits and _takes_lines_away(repository, commit):
            gone |= {commit, undoes.group(1)}
    return [commit for commit in commits if commit not in gone]


def picked(repository: Repository, commits: Sequence[str], onto: str) -> str | Trouble:
    """The commits made anew on `onto`, with their authors, times and messages; no file and no branch changes.

    A commit that changes nothing there is left out. Trouble where one does not fit.
    """
    git = repository.git
    made: dict[str, str] = {}
    for commit in commits:
        base = git.run("rev-parse", f"{commit}^", reads=True).text
        here = git.run("rev-parse", f"{onto}^{{tree}}", reads=True).text
        # A stand-in for `onto` that descends from the commit's parent: git's merge then takes that as the base.
        stand_in = git.run("commit-tree", "-p", base, here, stdin=b"stand-in\n").text
        tree = merged_tree(repository, stand_in, commit)
        if isinstance(tree, Trouble):
            return tree
        if tree == here:
            continue
        again = _made_anew(repository, commit, tree, onto, made)
        if isinstance(again, Trouble):
            return again
        made[commit] = onto = again
    return onto


def moved_to(repository: Repository, target: str) -> Trouble | None:
    """Move the branch and the files to `target`, wherever that is; what the user staged or edited stays."""
    branch = repository.branch() or ""
    return move(repository, target, "checkout", "--quiet", "--no-track", "-B", branch, target)


def _stands(one: _Touched, texts: Mapping[str, bytes], found: Mapping[bytes, int]) -> bool:
    before, after = (Counter(texts.get(blob, b"").split(b"\n")) for blob in (one.old, one.new))
    added, removed = after - before, before - after
    dated = [line for line in added if _DATED.match(line)]
    if added:
        return all(found.get(line, 0) >= after[line] for line in dated or added)
    return all(found.get(line, 0) <= after[line] for line in removed)


def _touched(repository: Repository, commit: str) -> Iterator[_Touched]:
    command = ("diff-tree", "-r", "--root", "--no-renames", "--no-commit-id", "-z", commit)
    parts = os.fsdecode(repository.git.run(*command, reads=True).out).split("\0")
    for facts, path in zip(parts[0::2], parts[1::2], strict=False):
        _, _, old, new, _ = facts.split(" ")
        yield _Touched(path, old if old.strip("0") else "", new if new.strip("0") else "")


def _takes_lines_away(repository: Repository, commit: str) -> bool:
    """Tell a commit that reverts from one that answers by an event of its own."""
    for one in _touched(repository, commit):
        texts = repository.blobs([blob for blob in (one.old, one.new) if blob])
        after, before = (Counter(texts.get(blob, b"").split(b"\n")) for blob in (one.new, one.old))
        if any(_DATED.match(line) for line in before - after):
            return True
    return False


def _entries(repository: Repository, tip: str, paths: Sequence[str]) -> dict[str, str]:
    if not paths:
        return {}
    said = os.fsdecode(repository.git.run("ls-tree", "-r", "-z", tip, "--", *paths, reads=True).out)
    entries = (entry.partition("\t") for entry in said.split("\0") if entry)
    return {path: facts.split(" ")[2] for facts, _, path in entries}


def _message(repository: Repository, commit: str) -> str:
    return repository.git.run("log", "-1", "--no-show-signature", "--format=%B", commit, "--", reads=True).text


def _made_anew(repository: Repository, commit: str, tree: str, parent: str, made: Mapping[str, str]) -> str | Trouble:
    command = (
        "log",
        "-1",
        "--no-show-signature",
        "--encoding=UTF-8",
        "--date=raw",
        f"--format={_AUTHOR}",
        commit,
        "--",
    )
    name, email, date, message = repository.git.run(*command, reads=True).text.split("\0", 3)
    for old, new in made.items():
        message = message.replace(f"Handrail-Undoes: {old}", f"Handrail-Undoes: {new}")
    author = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email, "GIT_AUTHOR_DATE": date}
    options = ("-c", "i18n.commitEncoding=UTF-8", "commit-tree", *signing(repository), "-p", parent, tree)
    text = message.encode("utf-8", "surrogateescape") + b"\n"
    answer = repository.git.ask(*options, stdin=text, extra=author)
    return answer.text if answer.code == 0 else Trouble(why(answer))
