"""Who did what, when, as git has it: commits with their trailers, and the authors of single lines.

Read in one pass through GitPython; order is git's, never that of the clocks of the authors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from handrail.base.value import dataclass
from handrail.store.objects import run_with_gitpython

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_FORMAT = "%H%x00%P%x00%aN%x00%aE%x00%at%x00%ct%x00%s%x00%b%x00%(trailers:only,unfold)"
_FIELDS = 9
_BLAME_HEADER = re.compile(r"([0-9a-f]{40,64}) [0-9]+ ([0-9]+)(?: [0-9]+)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit. `time` is the author's, `committed` when it was recorded, both in UTC.

    `body` is what stands between the subject and the trailers; `trailers` keep their order and repetitions.
    """

    commit: str
    parents: tuple[str, ...]
    author: str
    email: str
    time: datetime
    committed: datetime
    subject: str
    body: str
    trailers: tuple[tuple[str, str], ...]

    def trailer(self, key: str) -> str | None:
        """The value of a trailer, where it stands exactly once."""
        values = [value for name, value in self.trailers if name.casefold() == key.casefold()]
        return values[0] if len(values) == 1 else None


@dataclass(frozen=True, slots=True)
class LineAuthor:
    """Who last changed a line, and when (UTC), by which commit."""

    name: str
    email: str
    time: datetime
    commit: str


def log(
    repository: Repository, file_paths: Sequence[str] = (), *, limit: int | None = None, revision: str = "HEAD"
) -> tuple[Entry, ...]:
    """The commits up to `revision` that touched the paths (any, without paths), newest first, at most `limit`.

    `revision` may be a range of two names, `BASE..HEAD`. Before the first commit there is nothing, which is no error.
    """
    if revision == "HEAD" and repository.head() is None:
        return ()
    command = ["log", "-z", "--no-show-signature", "--no-ext-diff", "--no-color", f"--format={_FORMAT}"]
    command += [f"--max-count={limit}"] if limit is not None else []
    command += [*_resolved(repository, revision), "--", *file_paths]
    fields = run_with_gitpython(repository, command).decode("utf-8", "replace").split("\0")
    return tuple(_entry(fields[at : at + _FIELDS]) for at in range(0, len(fields) - _FIELDS + 1, _FIELDS))


def commits_touching(repository: Repository, path: str) -> tuple[Entry, ...]:
    """The commits that touched one file, newest first. Files of a workspace are never renamed by Handrail."""
    return log(repository, (path,))


def line_author(repository: Repository, path: str, lines: Sequence[int]) -> Mapping[int, LineAuthor]:
    """Who last changed each of the lines (counted from 1) of a file as it lies in the work tree.

    Lines that are not committed yet have no author and are left out, as are those older than a shallow clone's
    history. For a few lines: the cost is that of the file's whole history.
    """
    count = repository.read(path).count(b"\n") + 1
    wanted = sorted({line for line in lines if 1 <= line <= count})
    if not wanted or repository.head() is None or path in _untracked(repository, path):
        return {}
    command = ["blame", "--porcelain"]
    for first, last in _ranges(wanted):
        command += ["-L", f"{first},{last}"]
    said = run_with_gitpython(repository, [*command, "--", path]).decode("utf-8", "replace")
    return dict(_authors(said, shallow=repository.shallow()))


def _untracked(repository: Repository, path: str) -> tuple[str, ...]:
    known = repository.git.ask("rev-parse", "--verify", "--quiet", f"HEAD:{path}", reads=True).code == 0
    return () if known else (path,)


def _resolved(repository: Repository, revision: str) -> list[str]:
    """Ids only: a name that a user typed could be an option."""
    base, dots, tip = revision.partition("..")
    if not dots:
        return [repository.git.resolve(revision)]
    return [repository.git.resolve(tip or "HEAD"), "^" + repository.git.resolve(base or "HEAD")]


def _entry(fields: Sequence[str]) -> Entry:
    commit, parents, author, email, written, committed, subject, body, trailers = fields
    block = trailers.strip("\n")
    pairs = (line.partition(":") for line in block.split("\n") if line)
    return Entry(
        commit=commit,
        parents=tuple(parents.split()),
        author=author,
        email=email,
        time=_time(written),
        committed=_time(committed),
        subject=subject,
        body=_without_trailers(body.strip("\n"), block),
        trailers=tuple((key.strip(), value.strip()) for key, _, value in pairs),
    )


def _without_trailers(body: str, block: str) -> str:
    if not block:
        return body
    text, _, last = body.rpartition("\n\n")
    return text.strip("\n") if last.count("\n") >= block.count("\n") else body


def _time(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _ranges(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = last = lines[0]
    for line in lines[1:]:
        if line > last + 1:
            yield first, last
            first = line
        last = line
    yield first, last


def _authors(said: str, *, shallow: bool) -> Iterator[tuple[int, LineAuthor]]:
    """Read `git blame --porcelain`: a commit's facts stand only at its first line."""
    facts: dict[str, dict[str, str]] = {}
    commit, line = "", 0
    for row in said.split("\n"):
        header = _BLAME_HEADER.fullmatch(row)
        if row.startswith("\t"):
            known = facts[commit]
            if set(commit) != {"0"} and not (shallow and "boundary" in known):
                email = known["author-mail"].removeprefix("<").removesuffix(">")
                yield line, LineAuthor(known["author"], email, _time(known["author-time"]), commit)
        elif header:
            commit, line = header.group(1), int(header.group(2))
            facts.setdefault(commit, {})
        elif commit:
            key, _, value = row.partition(" ")
            facts[commit].setdefault(key, value)
