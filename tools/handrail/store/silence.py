"""That a remote gave no answer is remembered for a while, so that not everybody in the clone waits for it in turn."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

REMEMBERED_SECONDS = 60.0


def is_silent(keep: Path, remote: str) -> bool:
    """Tell whether the remote gave no answer within the last minute. `keep` is the clone's own folder."""
    try:
        file = _file(keep)
        recent = 0 <= time.time() - file.stat().st_mtime < REMEMBERED_SECONDS
        return recent and file.read_bytes() == os.fsencode(remote)
    except OSError:
        return False


def note_silence(keep: Path, remote: str) -> None:
    """Write down that the remote has just given no answer."""
    with suppress(OSError):
        _file(keep).write_bytes(os.fsencode(remote))


def note_answer(keep: Path) -> None:
    """Forget it: the remote has answered."""
    with suppress(OSError):
        _file(keep).unlink(missing_ok=True)


def _file(keep: Path) -> Path:
    return keep / "silent-remote"
