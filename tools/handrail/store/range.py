"""A range of commits and what each of them did to some paths: four git processes, whatever its length.

Trees are compared by their ids, so that commits which touch none of the paths cost nothing. Names and addresses are
those that the commits hold: a `.mailmap` is a file of the range itself, and could say anything.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from handrail.base.value import dataclass

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_FORMAT = "%m%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%ct%x00%(trailers:only,unfold)"
_FIELDS = 8
_NO_FILE = "000000"
_CHUNK = 2_000

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. `time` is the author's, `committed` when it was recorded, both in UTC."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: str
    email: str
    time: datetime
    committed: datetime
    trailers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FileChange:
    """What became of one path between two trees: ids of contents, empty where there is no file. `mode` is git's."""

    path: str
    old: str
    new: str
    mode: str = "100644"

    @property
    def regular(self) -> bool:
        """Whether the new file is one: neither a symbolic link nor a submodule."""
        return not self.new or self.mode in ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Range:
    """The commits that `tip` has and `base` has not, parents first; `trees` also knows those that border on it."""

    commits: tuple[Commit, ...]
    trees: Mapping[str, str]


def commits_in(repository: Repository, base: str, tip: str) -> Range:
    """The commits of `tip` that are not in `base` (an id each; everything, where `base` is empty)."""
    command = ["log", "-z", "--topo-order", "--reverse", "--boundary", "--no-show-signature", "--no-color"]
    command += ["--no-ext-diff", f"--format={_FORMAT}", tip, *([f"^{base}"] if base else []), "--"]
    said = repository.git.run(*command, reads=True).out.decode("utf-8", "replace").split("\0")
    commits: list[Commit] = []
    trees: dict[str, str] = {}
    for at in range(0, len(said) - _FIELDS + 1, _FIELDS):
        fields = said[at : at + _FIELDS]
        mark, id = fields[0][0], fields[0][1:]
        trees[id] = fields[1]
        if mark != "-":
            commits.append(_commit(id, fields))
    return Range(tuple(commits), trees)


def cut_off(repository: Repository, ids: Iterable[str]) -> bool:
    """Whether one of the commits has parents that a shallow clone does not hold."""
    try:
        known = (repository.common_dir / "shallow").read_text("ascii", "replace").split()
    except OSError:
        return False
    return not set(known).isdisjoint(ids)


def no_tree(id: str) -> str:
    """The id of the tree without entries, in a repository with ids of that form."""
    empty = b"tree 0\0"
    digest = hashlib.sha256(empty) if len(id) == 64 else hashlib.sha1(empty, usedforsecurity=False)
    return digest.hexdigest()


def changes_between(
    repository: Repository, pairs: Iterable[Pair], paths: Sequence[str]
) -> Mapping[Pair, tuple[FileChange, ...]]:
    """What differs below `paths` between each pair of trees, by one process. Renames are a file less and one more."""
    wanted = [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]
    if not wanted:
        return {}
    options = ("--stdin", "-r", "--raw", "-z", "--no-renames", "--no-abbrev")
    lines = "".join(f"{old} {new}\n" for old, new in wanted).encode()
    answer = repository.git.run("diff-tree", *options, "--", *paths, stdin=lines, reads=True)
    found: dict[Pair, list[FileChange]] = {}
    here: list[FileChange] = []
    tokens = iter(os.fsdecode(answer.out).split("\0"))
    for token in tokens:
        *heads, facts = token.split("\n")
        for head in heads:
            old, _, new = head.partition(" ")
            here = found.setdefault((old, new), [])
        if facts.startswith(":"):
            here.append(_change(facts, next(tokens, "")))
    return {pair: tuple(changes) for pair, changes in found.items()}


def contents(repository: Repository, ids: Iterable[str]) -> dict[str, bytes]:
    """The contents of many blobs by id; what git does not have, and what is no blob, is left out."""
    found: dict[str, bytes] = {}
    wanted = list(dict.fromkeys(id for id in ids if _is_id(id)))
    for at in range(0, len(wanted), _CHUNK):
        lines = "".join(f"{id}\n" for id in wanted[at : at + _CHUNK]).encode()
        found.update(_blobs(repository.git.run("cat-file", "--batch", stdin=lines, reads=True).out))
    return found


def ids_at(repository: Repository, names: Iterable[Pair]) -> Mapping[Pair, str]:
    """The ids of what stands at paths of commits, by (commit, path); nothing for what is not there."""
    wanted = [name for name in dict.fromkeys(names) if not set("\n\0") & set(name[1])]
    if not wanted:
        return {}
    lines = "".join(f"{commit}:{path}\n" for commit, path in wanted)
    answer = repository.git.run("cat-file", "--batch-check", stdin=os.fsencode(lines), reads=True)
    said = os.fsdecode(answer.out).split("\n")
    found = {}
    for name, line in zip(wanted, said, strict=False):
        id, _, rest = line.partition(" ")
        if rest.startswith("blob "):
            found[name] = id
    return found


def blobs_below(repository: Repository, commit: str, folder: str) -> Mapping[str, str]:
    """The files directly in a folder of a commit: path -> blob id."""
    answer = repository.git.ask("ls-tree", "-z", commit, "--", f"{folder}/", reads=True)
    found = {}
    for entry in filter(None, os.fsdecode(answer.out).split("\0")):
        facts, _, path = entry.partition("\t")
        mode, kind, id = facts.split(" ")
        if kind == "blob" and mode != "120000":
            found[path] = id
    return found


def contents_ever_at(repository: Repository, commit: str, path: str) -> frozenset[str]:
    """The ids of every content that a path had in the history of a commit."""
    command = (
        "log",
        "-z",
        "-m",
        "--full-history",
        "--raw",
        "--no-renames",
        "--no-abbrev",
        "--format=",
        commit,
        "--",
        path,
    )
    said = os.fsdecode(repository.git.run(*command, reads=True).out).split("\0")
    return frozenset(token.split(" ")[3] for token in said if token.lstrip("\n").startswith(":"))


def files_naming(repository: Repository, commit: str, text: str, folders: Sequence[str]) -> tuple[str, ...]:
    """The files of a commit below some folders that have a text in them."""
    command = ("grep", "-l", "-z", "-F", "-e", text, commit, "--", *folders)
    answer = repository.git.ask(*command, reads=True)
    return tuple(name.partition(":")[2] for name in os.fsdecode(answer.out).split("\0") if name)


def common_ancestor(repository: Repository, ids: Sequence[str]) -> str:
    """Where some commits parted; empty where they never were one."""
    option = ("--octopus",) if len(ids) > 2 else ()
    answer = repository.git.ask("merge-base", *option, *ids, reads=True)
    return answer.text.split("\n")[0] if answer.code == 0 else ""


def signatures(repository: Repository, ids: Sequence[str]) -> Mapping[str, str]:
    """Git's one-letter judgement (`%G?`) on the signature of each commit: `G` is a good one."""
    if not ids:
        return {}
    command = ("log", "--no-walk=unsorted", "--stdin", "--no-show-signature", "--format=%H %G?")
    said = repository.git.run(*command, stdin="".join(f"{id}\n" for id in ids).encode(), reads=True).text
    return {line.partition(" ")[0]: line.partition(" ")[2] for line in said.split("\n") if line}


def line_writers(repository: Repository, commit: str, path: str, line: int) -> tuple[str, str, datetime] | None:
    """Who last changed a line (counted from 1) of a file as a commit has it: name, address, time."""
    command = ("blame", "--porcelain", "-L", f"{line},{line}", commit, "--", path)
    answer = repository.git.ask(*command, reads=True)
    if answer.code != 0:
        return None
    rows = answer.out.decode("utf-8", "replace").split("\n")
    facts = {row.partition(" ")[0]: row.partition(" ")[2] for row in rows[1:] if not row.startswith("\t")}
    address = facts.get("author-mail", "").removeprefix("<").removesuffix(">")
    return facts.get("author", ""), address, _time(facts.get("author-time", ""))


def _commit(id: str, fields: Sequence[str]) -> Commit:
    pairs = (line.partition(":") for line in fields[7].split("\n") if line)
    trailers = tuple((key.strip(), value.strip()) for key, _, value in pairs)
    parents = tuple(fields[2].split())
    return Commit(id, fields[1], parents, fields[3], fields[4], _time(fields[5]), _time(fields[6]), trailers)


def _change(facts: str, path: str) -> FileChange:
    before, mode, old, new, _ = facts[1:].split(" ")
    return FileChange(path, "" if before == _NO_FILE else old, "" if mode == _NO_FILE else new, mode)


def _blobs(said: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(said):
        end = said.index(b"\n", at)
        words = said[at:end].decode("ascii", "replace").split(" ")
        at = end + 1
        if len(words) != 3:
            continue
        size = int(words[2])
        if words[1] == "blob":
            yield words[0], said[at : at + size]
        at += size + 1


def _is_id(text: str) -> bool:
    return len(text) in (40, 64) and set(text) <= set("0123456789abcdef")


def _time(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
