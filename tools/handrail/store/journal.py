"""What is being written right now, so that a command killed in the middle can be undone by the next one.

The journal is one file in git's common folder, written before the first change and removed after the commit.
Whoever takes the clone's lock and finds one knows that its writer is dead: if the commit is there, all is well;
else the files that still hold the dead command's text get their old content back. A move of the branch to what others
have shared is written down likewise (`half_moved.py`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handrail.base.errors import GitRefused, HandrailError
from handrail.base.value import dataclass
from handrail.store import paths
from handrail.store.git import patiently

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_COMMIT_SECONDS = 10.0
_LOCK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Before:
    """One file before the action: its bytes (`old`, None: no file), and what the action writes (`new`, None: it goes).

    `tracked` is False for a file that was there without git knowing it.
    """

    path: str
    old: bytes | None
    new: bytes | None
    tracked: bool = True

    @property
    def to_add(self) -> bool:
        """Whether git must be told of the file before it can be committed."""
        return self.old is None or not self.tracked


def begin_move(repository: Repository, head: str | None, target: str) -> None:
    """Write down that the branch is about to move from `head` to `target`, with its files."""
    _write(repository, {"head": head, "worktree": str(repository.root), "files": [], "target": target})


def begin(repository: Repository, states: Sequence[Before], head: str | None) -> None:
    """Write down what is about to change. `head` is the commit before it."""
    files = [(state.path, state.old, state.new, state.tracked) for state in states]
    _write(repository, {"head": head, "worktree": str(repository.root), "files": files})


def _write(repository: Repository, content: Mapping[str, object]) -> None:
    # A Python literal: it holds bytes as they are, and writing it costs no import on the way of every action.
    text = repr(content)
    place = _place(repository)
    temporary = place.with_name(f"journal-{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(text.encode("utf-8", "surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, place)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise GitRefused(f"Nothing can be written in '{place.parent}': {error.strerror}.") from None


def note(repository: Repository, process: int) -> None:
    """Write down which git makes the commit: it may outlive a killed command, with a slow hook for instance."""
    with suppress(OSError):
        (_place(repository).parent / "committer").write_text(str(process))


def end(repository: Repository) -> None:
    """The action is complete."""
    with suppress(FileNotFoundError):
        _place(repository).unlink()
    with suppress(FileNotFoundError):
        (_place(repository).parent / "committer").unlink()


def settle(repository: Repository, states: Sequence[Before], head: str | None) -> bool:
    """After a failure: keep what was committed since `head`, else put the files back. Tells whether it was kept.

    An interrupt may come when git has just finished; then the commit counts. Ends the journal.
    """
    kept = _committed(repository, states, head)
    if not kept:
        put_back(repository, states)
        _forget(repository, [state.path for state in states if state.to_add])
    end(repository)
    return kept


def take_back(repository: Repository, states: Sequence[Before]) -> None:
    """After the branch has been moved back: give the files and git's entries for them their former state; end."""
    put_back(repository, states)
    _forget(repository, [state.path for state in states])
    end(repository)


def put_back(repository: Repository, states: Sequence[Before]) -> None:
    """Give the files of the work tree their content from before the action."""
    for state in states:
        if state.old is None:
            paths.remove(repository.root, state.path)
            paths.remove_empty_parents(repository.root, state.path)
        elif repository.read_or_none(state.path) != state.old:
            paths.give_back(repository.root, state.path, state.old)


def recover(repository: Repository) -> None:
    """Put right what a killed command left. The caller holds the clone's lock."""
    place = _place(repository)
    for unfinished in place.parent.glob("journal-*.tmp"):  # killed while writing it down: nothing was done yet
        unfinished.unlink(missing_ok=True)
    if not place.exists():
        return
    content = _read(place)
    if content is None:
        end(repository)
        return
    there = Path(content["worktree"])
    if there != repository.root:
        if not there.is_dir():
            end(repository)
            return
        from handrail.store.repository import Repository as AnyRepository

        repository = AnyRepository.find(there)
    states = tuple(Before(*file) for file in content["files"])
    _wait_for_dead_git(repository, place)
    if "target" in content:
        from handrail.store.half_moved import give_back

        if content["head"]:
            give_back(repository, content["head"], content["target"])
        end(repository)
        return
    if not _committed(repository, states, content["head"]):
        put_back(repository, tuple(state for state in states if _is_ours(repository, state)))
    _forget(repository, [state.path for state in states])
    for state in states:
        paths.remove_temporaries((repository.root / state.path).parent)
    end(repository)


def _forget(repository: Repository, file_paths: Sequence[str]) -> None:
    """Make git's index entries for the paths those of the last commit.

    A git that died between moving the branch and writing the index would otherwise leave our own commit staged for
    reversal, and the user's next commit would take it back.
    """
    if file_paths:
        patiently(lambda: repository.git.ask("reset", "-q", "--", *file_paths))


def _committed(repository: Repository, states: Sequence[Before], head: str | None) -> bool:
    """Whether there is a commit after `head` that holds the new text of every file."""
    if repository.git.ask("rev-parse", "--verify", "--quiet", "HEAD", reads=True).text == (head or ""):
        return False
    for state in states:
        found = repository.git.ask("rev-parse", "--verify", "--quiet", f"HEAD:{state.path}", reads=True)
        if state.new is None:
            if found.code == 0:
                return False
            continue
        wanted = repository.git.ask("hash-object", "--stdin", f"--path={state.path}", stdin=state.new, reads=True)
        if found.code != 0 or wanted.text != found.text:
            return False
    return True


def _is_ours(repository: Repository, state: Before) -> bool:
    """A file that somebody has changed since is theirs and stays."""
    try:
        return repository.read_or_none(state.path) == state.new
    except HandrailError:
        return False


def _wait_for_dead_git(repository: Repository, place: Path) -> None:
    """The dead command's git may live on for a while, or have died and left its lock files."""
    give_up = time.monotonic() + _COMMIT_SECONDS
    while (process := _living_git(place.parent / "committer")) and time.monotonic() < give_up:
        time.sleep(0.05)
    if process:
        raise GitRefused(
            f"The commit of an earlier command is still running (process {process}).",
            "Wait for it, or end that process; then try again.",
        )
    clear_locks(repository)


def clear_locks(repository: Repository) -> None:
    """Remove what a git of ours that was killed left locked, which is younger than the journal.

    Waits a little first: a git that is not ours gives its locks back by itself.
    """
    place = _place(repository)
    held = [repository.git_dir / "index.lock", repository.git_dir / "HEAD.lock"]
    branch = repository.git.ask("symbolic-ref", "--quiet", "HEAD", reads=True).text
    held += [repository.common_dir / f"{branch}.lock"] if branch else []
    held += _next_index(repository, place.parent / "committer")
    began = place.stat().st_mtime
    give_up = time.monotonic() + _LOCK_SECONDS
    while any(lock.exists() for lock in held) and time.monotonic() < give_up:
        time.sleep(0.05)
    for lock in held:
        with suppress(FileNotFoundError):
            if lock.stat().st_mtime >= began:
                lock.unlink()


def _next_index(repository: Repository, noted: Path) -> list[Path]:
    """The index that git makes for a commit of some files only, by the number of the noted git."""
    try:
        return [repository.git_dir / f"next-index-{int(noted.read_text())}.lock"]
    except (OSError, ValueError):
        return []


def _living_git(noted: Path) -> int | None:
    """The noted git process, if it still runs; where the system can tell, only if it is a git."""
    if os.name == "nt":  # where there is no harmless way to ask
        return None
    try:
        process = int(noted.read_text())
        os.kill(process, 0)
    except (OSError, ValueError):
        return None
    try:
        return process if b"git" in Path(f"/proc/{process}/cmdline").read_bytes() else None
    except OSError:
        return process


def _place(repository: Repository) -> Path:
    return repository.keep / "journal"


def _read(place: Path) -> dict[str, Any] | None:
    from ast import literal_eval

    try:
        content = literal_eval(place.read_bytes().decode("utf-8", "surrogateescape"))
    except (OSError, ValueError, SyntaxError):
        return None
    return content if isinstance(content, dict) and {"head", "worktree", "files"} <= content.keys() else None
