"""Writes files and commits exactly these, by git's own `commit --only`.

Hooks, signing and filters run, and what the user has staged or edited elsewhere stays as it is. Either all of it
happens or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from handrail.base.errors import GitRefused, NotAllowed
from handrail.base.value import dataclass
from handrail.store import journal, paths
from handrail.store.git import Answer, patiently, reason, refusal

if TYPE_CHECKING:
    from handrail.store.position import Position
    from handrail.store.repository import Repository

_DURABLE = ("-c", "core.fsync=committed,loose-object", "-c", "i18n.commitEncoding=UTF-8")
_COMMIT = ("commit", "-q", "--cleanup=verbatim", "-F", "-", "--only", "--")


@dataclass(frozen=True, slots=True)
class Write:
    """One file to be: its `path`, its `new` bytes (None: it goes), and the bytes it must have now (None: no file).

    `allow_dirty` lets the file be one that git does not know yet, or that has changes: they go into the commit.
    """

    path: str
    new: bytes | None
    expected: bytes | None
    allow_dirty: bool = False


def write_and_commit_many(
    repository: Repository,
    writes: Sequence[Write],
    *,
    message: str,
    allow_dirty: bool = False,
    position: Position | None = None,
) -> str:
    """Write the files and commit them together; returns the commit's id. The caller holds the clone's lock.

    Refuses, with nothing changed: a file that is not as expected, a file with changes of the user's own that are not
    committed (unless `allow_dirty`: they then go into the commit), an ignored path, a clone in mid-merge, no branch.
    When git does not commit (a hook, a missing signing key, somebody's index.lock) the files are put back.
    Where there is nothing to change, the present commit is returned. `position` is what `check_ready` has said of
    exactly these paths under the same lock, where the caller has asked already.
    """
    for write in writes:
        paths.inside(repository.root, write.path)
    position = position or repository.check_ready(*(write.path for write in writes))
    for write in writes:
        _refuse_unexpected(repository, write, position, allow_dirty or write.allow_dirty)
    if position.head and all(write.new == write.expected and write.path not in position.marks for write in writes):
        return position.head
    return _carry_out(repository, writes, message, position)


def _carry_out(repository: Repository, writes: Sequence[Write], message: str, position: Position) -> str:
    before = tuple(
        journal.Before(write.path, write.expected, write.new, tracked=position.marks.get(write.path) != "untracked")
        for write in writes
    )
    journal.begin(repository, before, position.head)
    try:
        for write in writes:
            if write.new is None:
                paths.remove(repository.root, write.path)
                paths.remove_empty_parents(repository.root, write.path)
            elif write.new != write.expected:
                paths.write_bytes(repository.root, write.path, write.new)
        _commit(repository, [state.path for state in before if state.to_add], [w.path for w in writes], message)
    except GitRefused:
        if not journal.settle(repository, before, position.head):
            raise
    except BaseException:
        journal.settle(repository, before, position.head)
        raise
    _settle_entries(repository, writes)
    journal.end(repository)
    return repository.git.run("rev-parse", "HEAD", reads=True).text


def _settle_entries(repository: Repository, writes: Sequence[Write]) -> None:
    """Make git's entries those of the commit where a hook changed the files: git leaves what was there before it."""
    changed = [write.path for write in writes if repository.read_or_none(write.path) != write.new]
    if changed:
        patiently(lambda: repository.git.ask("reset", "-q", "--", *changed))


def _commit(repository: Repository, to_add: Sequence[str], all_paths: Sequence[str], message: str) -> None:
    git = repository.git
    if to_add:
        answer = patiently(lambda: git.ask("add", "--intent-to-add", "--", *to_add))
        if "paths are ignored by one of" in answer.err:
            raise _ignored(answer.err.split("\n")[1])
        if answer.code != 0:
            raise refusal(answer.err, repository.root)
    text = message.encode("utf-8", "replace")
    answer = patiently(
        lambda: git.ask(*_DURABLE, *_COMMIT, *all_paths, stdin=text, started=lambda pid: journal.note(repository, pid))
    )
    if answer.code < 0:  # killed, by a system without memory for instance: nobody else will take its locks away
        journal.clear_locks(repository)
    if answer.code != 0:
        raise _commit_refusal(repository, answer)


def _commit_refusal(repository: Repository, answer: Answer) -> GitRefused:
    if answer.code < 0:
        return GitRefused(f"Git was stopped in the middle (signal {-answer.code}); nothing changed.", "Try again.")
    error = answer.err or answer.out.decode("utf-8", "replace")
    known = refusal(error, repository.root)
    if known.hint or error.lstrip().startswith(("fatal:", "error:")):
        return known
    said = reason(error)
    if answer.code == 1 and said != "it gave no reason.":
        return GitRefused(
            f"A commit hook of this repository refused: {said}", "Do what it asks for, then try again; nothing changed."
        )
    return GitRefused(
        f"Git did not commit (exit status {answer.code}), and {said}",
        "A hook may have refused silently: see `git config core.hooksPath` and .git/hooks.",
    )


def _refuse_unexpected(repository: Repository, write: Write, position: Position, allow_dirty: bool) -> None:
    present = repository.read_or_none(write.path)
    mark = position.marks.get(write.path)
    if mark == "conflict":
        raise GitRefused(f"'{write.path}' has a merge conflict.", "Resolve it and commit, then try again.")
    if mark == "ignored":
        raise _ignored(write.path)
    if write.expected is None and present is not None:
        raise NotAllowed(f"'{write.path}' is there already.", "Nothing was written. Choose another name.")
    if present != write.expected:
        raise NotAllowed(f"'{write.path}' was changed by somebody else just now.", "Nothing was written. Try again.")
    if mark == "untracked" and not allow_dirty:
        raise NotAllowed(
            f"'{write.path}' is not in git yet.", f"Commit it first: `git add {write.path}`, then `git commit`."
        )
    if mark is not None and not allow_dirty:
        raise NotAllowed(
            f"'{write.path}' has changes of yours that are not committed.",
            f"Commit them (`git commit {write.path}`) or drop them (`git restore --staged --worktree {write.path}`).",
        )


def _ignored(path: str) -> NotAllowed:
    return NotAllowed(f"Git ignores '{path}', so it cannot be committed.", "See why: `git check-ignore -v PATH`.")
