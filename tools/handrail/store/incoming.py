"""Reads a file that a user names from anywhere on the machine, to be copied into the workspace."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from handrail.base.errors import NotAllowed, WrongUsage

_MIB = 1024 * 1024


def read_incoming(place: Path, most: int, shown: str) -> bytes:
    """Give the bytes of the plain file at `place`, which may hold `most` bytes. `shown` is what to call it.

    Raises WrongUsage where there is no file, NotAllowed for a symbolic link, a folder, a device, and a file that is
    empty, too large or cannot be read. A file that is too large is not read.
    """
    try:
        _refuse_special(os.lstat(place), shown)
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(place, flags), "rb") as file:
            info = os.fstat(file.fileno())
            _refuse_special(info, shown)
            data = file.read(most + 1) if info.st_size <= most else b""
            size = max(info.st_size, len(data))
    except (FileNotFoundError, NotADirectoryError):
        raise WrongUsage(f"There is no file `{shown}` to show as proof.", "Give an address or a file.") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", "") or "its name names nothing").lower()
        raise NotAllowed(f"`{shown}` cannot be read: {reason}.", "Nothing was written.") from None
    if size > most:
        sentence = f"`{shown}` has {size / _MIB:,.1f} MiB, and proof may have {most / _MIB:,.1f} MiB."
        hint = "Keep it elsewhere and give its address; or raise `proof: {max_size: …}` in handrail.yml."
        raise NotAllowed(sentence, hint)
    if not size:
        raise NotAllowed(f"`{shown}` is empty: it proves nothing.", "Give the file that holds the evidence.")
    return data


def _refuse_special(info: os.stat_result, shown: str) -> None:
    mode = info.st_mode
    if stat.S_ISREG(mode):
        return
    what = "a symbolic link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "no plain file"
    raise NotAllowed(f"`{shown}` is {what}.", "Give the file itself as proof.")
