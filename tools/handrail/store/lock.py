"""One writer at a time in a clone: a lock of the operating system, which dies with the process that holds it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from handrail.base.errors import GitRefused

PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.01


@contextmanager
def clone_lock(folder: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the clone's lock, a file in `folder` (shared by all worktrees), for the length of a `with` block.

    Waits up to `patience` seconds, then raises GitRefused and says which process holds it. Not re-entrant.
    """
    try:
        folder.mkdir(exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise GitRefused(f"Nothing can be written in '{folder.parent}': {error.strerror}.") from None
    try:
        _wait(descriptor, patience)
        _sign(descriptor)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, patience: float) -> None:
    give_up = time.monotonic() + patience
    while not _taken(descriptor):
        if time.monotonic() >= give_up:
            raise GitRefused(
                f"Another handrail command is still at work in this clone{_holder(descriptor)}.",
                "Try again when it has finished.",
            )
        time.sleep(_PAUSE_SECONDS)


def _sign(descriptor: int) -> None:
    with suppress(OSError):  # the name only helps whoever waits; a full disk must not stop the holder
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)


def _holder(descriptor: int) -> str:
    try:
        name = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
    except OSError:
        return ""
    return f" (process {name})" if name.isdigit() else ""


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, 1 << 20, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
