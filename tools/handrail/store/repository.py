"""One clone of a workspace: where it is, who acts in it, what its files hold."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from handrail.base.errors import GitRefused, NotAllowed, WrongUsage
from handrail.base.value import dataclass
from handrail.store import lock, paths
from handrail.store.git import Git, refusal
from handrail.store.position import Position, read_position, refuse_unready

if TYPE_CHECKING:
    from handrail.store.commit import Write
    from handrail.store.history import Entry


@dataclass(frozen=True, slots=True)
class Identity:
    """Who git says is acting."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class WorkFile:
    """One file below the workspace as it lies in the work tree.

    `blob` is git's id of its content where git knows it to be unmodified, else None. `kind` tells a regular file
    from a symbolic link and a submodule. A file that a sparse checkout leaves out has `present=False` and a blob.
    """

    path: str
    blob: str | None
    kind: Literal["file", "link", "module"] = "file"
    present: bool = True


@dataclass(frozen=True, slots=True)
class Repository:
    """A clone. `root` is the top of its work tree, `git_dir` and `common_dir` are git's own folders.

    They differ in a linked worktree only: `git_dir` belongs to the worktree, `common_dir` to all of them.
    """

    root: Path
    git_dir: Path
    common_dir: Path

    @staticmethod
    def find(start: Path) -> Repository:
        """The clone that `start` lies in. Raises WrongUsage or GitRefused where there is none to work in."""
        if not start.is_dir():
            raise WrongUsage(f"There is no folder '{start}'.")
        questions = ("--is-bare-repository", "--absolute-git-dir", "--git-common-dir", "--show-toplevel")
        answer = Git(start).ask("rev-parse", "--path-format=absolute", *questions, reads=True)
        said = answer.text.split("\n")
        if said[0] == "true":
            raise GitRefused(f"'{start}' is a bare repository: it has no files to work on.", "Work in a clone of it.")
        if answer.code != 0 and len(said) == 3:
            raise GitRefused(f"'{start}' is git's own folder.", "Go to the folder that holds your files.")
        if answer.code != 0:
            raise refusal(answer.err, start)
        if len(said) != 4:
            raise GitRefused("A workspace's path must be one line.", "Move the clone to a folder with a plain name.")
        return Repository(root=Path(said[3]), git_dir=Path(said[1]), common_dir=Path(said[2]))

    @property
    def keep(self) -> Path:
        """The folder for what is this clone's alone and can be worked out again; all worktrees share it."""
        return self.common_dir / "handrail"

    @property
    def git(self) -> Git:
        """Git in this clone."""
        return Git(self.root)

    def identity(self) -> Identity:
        """Who commits here, as git resolves it (configuration, includes, environment)."""
        said = self.git.run("-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT", reads=True).text
        name, _, rest = said.rpartition(" <")
        return Identity(name=name, email=rest.partition(">")[0])

    def head(self) -> str | None:
        """The id of the last commit of the branch; None before the first."""
        return self.position().head

    def branch(self) -> str | None:
        """The branch that is checked out, without `refs/heads/`; None on a detached HEAD."""
        return self.position().branch

    def position(self, *file_paths: str) -> Position:
        """Branch, tip, upstream and the state of the given paths, by one process."""
        return read_position(self.git, file_paths)

    def check_ready(self, *file_paths: str) -> Position:
        """The position, where an action may commit; GitRefused in mid-merge, mid-rebase and without a branch."""
        position = self.position(*file_paths)
        refuse_unready(position, self.git_dir)
        return position

    @contextmanager
    def locked(self, patience: float = lock.PATIENCE_SECONDS) -> Iterator[None]:
        """Hold the clone's lock; what a killed command left half done is put right first."""
        with lock.clone_lock(self.keep, patience):
            from handrail.store import journal

            journal.recover(self)
            yield

    def read(self, path: str) -> bytes:
        """The bytes of a file of the work tree. Raises WrongUsage where there is none, or none that may be read."""
        content = self.read_or_none(path)
        if content is None:
            raise WrongUsage(f"There is no file '{path}'.")
        return content

    def read_or_none(self, path: str) -> bytes | None:
        """The bytes of a file of the work tree, or None where there is no file."""
        return paths.read_bytes(self.root, path)

    def write(self, path: str, new: bytes, *, expected: bytes | None) -> None:
        """Write one file without a commit, for the user to commit. NotAllowed where it is not as `expected`."""
        with self.locked():
            if self.read_or_none(path) != expected:
                raise NotAllowed(f"'{path}' was changed by somebody else just now.", "Nothing was written. Try again.")
            paths.write_bytes(self.root, path, new)

    def write_and_commit(
        self, path: str, new: bytes, *, expected: bytes | None, message: str, allow_dirty: bool = False
    ) -> str:
        """Write one file and commit it alone; returns the commit. See `commit.write_and_commit_many`."""
        from handrail.store.commit import Write

        return self.write_and_commit_many((Write(path, new, expected),), message=message, allow_dirty=allow_dirty)

    def write_and_commit_many(self, writes: Sequence[Write], *, message: str, allow_dirty: bool = False) -> str:
        """Write some files and commit them together, under the clone's lock. See `commit.write_and_commit_many`."""
        from handrail.store.commit import write_and_commit_many

        with self.locked():
            return write_and_commit_many(self, writes, message=message, allow_dirty=allow_dirty)

    def blob_id(self, path: str) -> str:
        """Git's id of the file's present content, after filters; the content is kept in the object store."""
        self.read(path)
        return self.git.run("hash-object", "-w", "--", path).text

    def blob(self, blob_id: str) -> bytes:
        """The content that git keeps under `blob_id`."""
        _refuse_no_id(blob_id)
        answer = self.git.ask("cat-file", "blob", blob_id, reads=True)
        if answer.code != 0:
            raise GitRefused(
                f"Git has no content {blob_id[:12]}.", "In a shallow or partial clone: `git fetch --unshallow`."
            )
        return answer.out

    def blobs(self, blob_ids: Sequence[str]) -> Mapping[str, bytes]:
        """The content of many blobs; ids that git does not have are left out."""
        from handrail.store import objects

        for blob_id in blob_ids:
            _refuse_no_id(blob_id)
        return objects.read_blobs(self, blob_ids)

    def files(self, prefixes: Sequence[str] = ()) -> tuple[WorkFile, ...]:
        """Every file under `prefixes` that is tracked or could be (not ignored), by path, with its content's id."""
        options = ("-z", "-t", "--stage", "--cached", "--others", "--modified", "--deleted", "--exclude-standard")
        answer = self.git.run("ls-files", *options, "--", *prefixes, reads=True)
        return _work_files(self.root, os.fsdecode(answer.out).split("\0"))

    def log(self, *file_paths: str, limit: int | None = None, revision: str = "HEAD") -> tuple[Entry, ...]:
        """The commits that touched the paths (all, without any), newest first. See `history.log`."""
        from handrail.store import history

        return history.log(self, file_paths, limit=limit, revision=revision)

    def has_remote(self) -> bool:
        """Whether this clone knows a remote to share with."""
        return bool(self.git.run("remote", reads=True).text)

    def ahead(self) -> int | None:
        """How many commits of the branch are not on its upstream, as last seen; None without an upstream."""
        answer = self.git.ask("rev-list", "--count", "@{upstream}..HEAD", reads=True)
        return int(answer.text) if answer.code == 0 else None

    def unshared(self) -> int:
        """How many commits of the branch, merges aside, are on no remote as last seen; 0 without a remote."""
        if not self.has_remote():
            return 0
        command = ("rev-list", "--count", "--no-merges", "HEAD", "--not", "--remotes", "--")
        answer = self.git.ask(*command, reads=True)
        return int(answer.text) if answer.code == 0 else 0

    def shallow(self) -> bool:
        """Whether history is cut off, as in many CI checkouts."""
        return (self.common_dir / "shallow").exists()

    def sparse(self) -> bool:
        """Whether only some folders are checked out."""
        return self.git.ask("config", "--bool", "core.sparseCheckout", reads=True).text == "true"


def _refuse_no_id(blob_id: str) -> None:
    if len(blob_id) not in (40, 64) or not set(blob_id) <= set("0123456789abcdef"):
        raise WrongUsage(f"{blob_id[:80]!r} is no id of git's (40 or 64 hexadecimal digits).")


def _work_files(root: Path, entries: Sequence[str]) -> tuple[WorkFile, ...]:
    found: dict[str, WorkFile] = {}
    gone: set[str] = set()
    for entry in filter(None, entries):
        tag, rest = entry[0], entry[2:]
        if tag == "?":
            if not rest.endswith("/"):
                found[rest] = WorkFile(rest, None, "link" if (root / rest).is_symlink() else "file")
            continue
        facts, _, path = rest.partition("\t")
        mode, blob, _ = facts.split(" ")
        kind: Literal["file", "link", "module"] = {"120000": "link", "160000": "module"}.get(mode, "file")  # type: ignore[assignment]
        if tag == "R":
            gone.add(path)
        known = tag in "HS" and path not in found
        found[path] = WorkFile(path, blob if known else None, kind, present=tag != "S")
    return tuple(found[path] for path in sorted(found) if path not in gone)
