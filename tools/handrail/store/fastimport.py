"""Writes a whole history into a new repository with one git process.

For histories that are made up (the demo) or moved over from another tool: a commit costs some ten microseconds
instead of some ten milliseconds. Contents go in as they come, commits name them by mark, so that nothing but the
marks has to be kept until the order of the commits is known.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from handrail.base.errors import GitRefused
from handrail.base.value import dataclass
from handrail.store.git import Git, environment, refusal
from handrail.store.message import one_line


@dataclass(frozen=True, slots=True)
class PastCommit:
    """One commit to write: whose it is, when it was made (aware), its message, and paths with their marks."""

    when: datetime
    name: str
    email: str
    message: str
    files: Mapping[str, int]


class History:
    """A repository that is being filled. Use it with `with`; the work tree stands when the block ends.

    `folder` is made; it must not exist or be empty. Raises GitRefused where git does not take what it is given.
    """

    def __init__(self, folder: Path, branch: str = "main") -> None:
        self._git = Git(folder)
        self._branch = branch
        self._marks = 0

    def __enter__(self) -> Self:
        self._git.folder.mkdir(parents=True, exist_ok=True)
        self._git.run("init", "--quiet", f"--initial-branch={self._branch}")
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            ["git", "-C", str(self._git.folder), "fast-import", "--quiet", "--done", "--date-format=raw"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            env=environment(os.environ, reads=False),
        )
        return self

    def content(self, data: bytes) -> int:
        """Put the content of a file in and give its mark. Versions of one file are best put in one after another."""
        self._marks += 1
        self._write(b"blob\nmark :%d\ndata %d\n%b\n" % (self._marks, len(data), data))
        return self._marks

    def commit(self, past: PastCommit) -> None:
        """Put a commit on top of the one before it."""
        stamp = f"{int(past.when.astimezone(UTC).timestamp())} +0000"
        person = f"{_plain(past.name)} <{_plain(past.email)}> {stamp}"
        message = past.message.encode()
        head = f"commit refs/heads/{self._branch}\nauthor {person}\ncommitter {person}\ndata {len(message)}\n"
        self._write(head.encode() + message + b"\n")
        for path, mark in past.files.items():
            self._write(f"M 100644 :{mark} {_quoted(path)}\n".encode())
        self._write(b"\n")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._errors:
            if error is not None:
                self._process.kill()
                self._process.communicate()
                return
            self._write(b"done\n")
            self._process.communicate()
            if self._process.returncode:
                raise self._refusal()
        self._git.run("reset", "--quiet", "--hard", self._branch)

    def _write(self, data: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(data)
        except BrokenPipeError:
            self._process.wait()
            raise self._refusal() from None

    def _refusal(self) -> GitRefused:
        self._errors.seek(0)
        return refusal(self._errors.read().decode("utf-8", "replace"), self._git.folder)


def configure(folder: Path, name: str, email: str) -> None:
    """Say whose commits are made in this clone from now on."""
    git = Git(folder)
    git.run("config", "user.name", name)
    git.run("config", "user.email", email)


def _plain(value: str) -> str:
    return one_line(value).translate({ord("<"): None, ord(">"): None})


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
