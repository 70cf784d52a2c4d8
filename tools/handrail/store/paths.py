"""Keeps every path inside the workspace, and writes files so that a reader sees the old or the new content."""

from __future__ import annotations

import itertools
import os
import stat
from contextlib import suppress
from pathlib import Path

from handrail.base.errors import GitRefused, WrongUsage

TEMPORARY_PREFIX = ".handrail-"
_SHORT_NAMES_OF_GIT = (".git", "git~1")
_numbers = itertools.count()


def inside(root: Path, path: str) -> Path:
    """The file that `path` (relative to `root`, forward slashes) names; it need not exist.

    Raises WrongUsage for anything that could lead out of the workspace or is no regular file: absolute paths, `..`,
    git's own folder, symbolic links anywhere on the way, folders, devices.
    """
    parts = _checked_parts(path)
    place = root
    for part in parts[:-1]:
        place = place / part
        mode = _mode(place)
        if mode is None:
            break
        if stat.S_ISLNK(mode):
            raise WrongUsage(f"'{path}' leads through the symbolic link '{part}'.", "Name the file itself.")
        if not stat.S_ISDIR(mode):
            raise WrongUsage(f"'{path}' cannot be there: '{part}' is a file, not a folder.")
    target = root.joinpath(*parts)
    _refuse_special(path, _mode(target))
    return target


def read_bytes(root: Path, path: str) -> bytes | None:
    """The content of the file at `path`, or None where there is no file. Raises WrongUsage as `inside` does."""
    target = inside(root, path)
    try:
        descriptor = os.open(target, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WrongUsage(f"'{path}' could not be read: {error.strerror}.") from None


def write_bytes(root: Path, path: str, content: bytes) -> tuple[Path, ...]:
    """Replace or create the file at `path` in one step, durably, keeping its mode.

    Returns the folders that had to be made, outermost first. Raises GitRefused where the disk does not take it; then
    the file is as it was.
    """
    target = inside(root, path)
    made: tuple[Path, ...] = ()
    temporary = target.parent / f"{TEMPORARY_PREFIX}{os.getpid()}-{next(_numbers)}.tmp"
    try:
        made = _make_folders(root, target.parent)
        _write_new(temporary, content, _mode(target))
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        remove_folders(made)
        raise GitRefused(f"'{path}' could not be written: {error.strerror}.") from None
    return made


def give_back(root: Path, path: str, content: bytes) -> None:
    """Give a file its former content again, on a full disk too where that content is no longer than the present one.

    Raises GitRefused where the disk does not take it.
    """
    try:
        write_bytes(root, path, content)
    except GitRefused:
        if not _rewritten(inside(root, path), content):
            raise


def _rewritten(target: Path, content: bytes) -> bool:
    """Write over what a file holds, which takes no room. Tells whether that could be done."""
    try:
        descriptor = os.open(target, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "wb") as file:
            if os.fstat(descriptor).st_size < len(content):
                return False
            file.write(content)
            file.truncate()
            file.flush()
            os.fsync(descriptor)
    except OSError:
        return False
    return True


def remove(root: Path, path: str) -> None:
    """Delete the file at `path` if it is there."""
    with suppress(FileNotFoundError):
        inside(root, path).unlink()


def remove_empty_parents(root: Path, path: str) -> None:
    """Delete the folders above `path`, innermost first, as far as they are empty."""
    folder = (root / path).parent
    while folder != root:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def remove_folders(folders: tuple[Path, ...]) -> None:
    """Delete those of the folders, innermost first, that are empty."""
    for folder in reversed(folders):
        with suppress(OSError):
            folder.rmdir()


def remove_temporaries(folder: Path) -> None:
    """Delete what a killed process left half-written in `folder`. Only with the clone's lock in hand."""
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            if entry.name.startswith(TEMPORARY_PREFIX) and entry.name.endswith(".tmp"):
                with suppress(OSError):
                    os.unlink(entry.path)


def _checked_parts(path: str) -> list[str]:
    shown = path if len(path) <= 120 else path[:119] + "…"
    if not path or any(ord(character) < 32 or character == "\x7f" for character in path):
        raise WrongUsage(f"{shown!r} is no file name.")
    if os.sep == "\\":
        path = path.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or (os.name == "nt" and ":" in path) or ".." in parts:
        raise WrongUsage(f"'{shown}' would lead out of the workspace.", "Name a path below the workspace's root.")
    if any(part.casefold() in _SHORT_NAMES_OF_GIT for part in parts):
        raise WrongUsage(f"'{shown}' lies in git's own folder.")
    if any(part in ("", ".") for part in parts):
        raise WrongUsage(f"'{shown}' is not a plain path.", "Write it without empty and '.' parts.")
    if any(len(os.fsencode(part)) > 255 for part in parts):
        raise WrongUsage(f"'{shown}' has a name of more than 255 bytes.")
    return parts


def _refuse_special(path: str, mode: int | None) -> None:
    if mode is None or stat.S_ISREG(mode):
        return
    if stat.S_ISLNK(mode):
        raise WrongUsage(f"'{path}' is a symbolic link.", "Name the file that it points to.")
    if stat.S_ISDIR(mode):
        raise WrongUsage(f"'{path}' is a folder, not a file.")
    raise WrongUsage(f"'{path}' is not a regular file.")


def _mode(place: Path) -> int | None:
    try:
        return os.lstat(place).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise WrongUsage(f"'{place.name}' cannot be looked at: {error.strerror}.") from None


def _make_folders(root: Path, folder: Path) -> tuple[Path, ...]:
    missing: list[Path] = []
    while folder != root and not folder.exists():
        missing.append(folder)
        folder = folder.parent
    made: list[Path] = []
    for place in reversed(missing):
        try:
            place.mkdir()
        except OSError:
            remove_folders(tuple(made))
            raise
        made.append(place)
    return tuple(made)


def _write_new(temporary: Path, content: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        os.chmod(temporary, stat.S_IMODE(mode))


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
