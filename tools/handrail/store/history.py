"""Who did what, when, as git has it: commits with their trailers.

Read in one pass through GitPython; order is git's, never that of the clocks of the authors.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from handrail.base.value import dataclass
from handrail.store.objects import run_with_gitpython

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_FORMAT = "%H%x00%P%x00%aN%x00%aE%x00%at%x00%ct%x00%s%x00%b%x00%(trailers:only,unfold)"
_FIELDS = 9


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
        time=author_time(written),
        committed=author_time(committed),
        subject=subject,
        body=_without_trailers(body.strip("\n"), block),
        trailers=tuple((key.strip(), value.strip()) for key, _, value in pairs),
    )


def _without_trailers(body: str, block: str) -> str:
    if not block:
        return body
    text, _, last = body.rpartition("\n\n")
    return text.strip("\n") if last.count("\n") >= block.count("\n") else body


def author_time(seconds: str) -> datetime:
    """Give the instant that git writes as seconds; the beginning of 1970 for one that is none."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
