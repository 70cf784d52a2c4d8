"""Pages that were made before, kept in the git directory: beside the index, and like it without anything of its own.

It may be deleted at any time. One that is broken is begun anew, one that cannot be written is not used. Values are
JSON, compressed, with a checksum; nothing in them is ever run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from handrail.base.value import dataclass

NAME = "pages.sqlite"
_FORMAT = 2
_PATIENCE_SECONDS = 2.0
_TABLES = {
    "page": "site TEXT, path TEXT, key TEXT, until INTEGER, about TEXT, value BLOB, sum INTEGER,"
    " PRIMARY KEY (site, path)",
    "written": "folder TEXT PRIMARY KEY, files TEXT",
}
_FAST = 1
"""The level of compression: the best takes four times as long for a tenth less."""


def digest(*values: object) -> str:
    """Give what tells these values from all others: keys and marks are made of it."""
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One page: `key` tells of what it was made, `until` (microseconds since 1970) before when it holds.

    `about` and `value` are what JSON can hold: the first is looked at in every build, the second when it is wanted.
    """

    path: str
    key: str
    until: int
    about: Any
    value: bytes

    @staticmethod
    def packed(value: object) -> bytes:
        """Give a value as it is kept."""
        return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), _FAST)

    @staticmethod
    def unpacked(data: bytes) -> Any:
        """Give what `packed` was given."""
        return json.loads(zlib.decompress(data))


@dataclass(frozen=True, slots=True)
class Written:
    """One file of a site as it was written: `mark` tells of what it was made, `time` is in nanoseconds since 1970."""

    mark: str
    size: int
    time: int


class KeptPages:
    """The pages of one site. A connection is opened for each call: a copy of a process must not use another's."""

    def __init__(self, folder: Path, site: str) -> None:
        self._path = folder / NAME
        self._site = site

    def about(self) -> dict[str, tuple[str, int, Any]]:
        """Give for each page that is kept its key, until when it holds, and what is kept about it."""
        rows = self._ask("SELECT path, key, until, about FROM page WHERE site = ?", (self._site,))
        try:
            return {path: (key, int(until), json.loads(about)) for path, key, until, about in rows}
        except (ValueError, TypeError):
            self._remove()
            return {}

    def values(self, paths: Sequence[str]) -> dict[str, bytes]:
        """Give the values of these pages, those left out that are not there any more, or not as they were written."""
        found: dict[str, bytes] = {}
        for at in range(0, len(paths), 500):
            part = paths[at : at + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT path, value, sum FROM page WHERE site = ? AND path IN ({marks})"  # noqa: S608 - only marks
            rows = self._ask(query, (self._site, *part))
            found |= {path: value for path, value, told in rows if zlib.crc32(value) == told}
        return found

    def keep(self, pages: Iterable[KeptPage], gone: Iterable[str]) -> bool:
        """Keep pages, and forget those at the paths `gone`; False where that is not possible now."""
        rows = (
            (self._site, one.path, one.key, one.until, json.dumps(one.about), one.value, zlib.crc32(one.value))
            for one in pages
        )
        try:
            with closing(self._opened()) as connection, connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(
                    "DELETE FROM page WHERE site = ? AND path = ?", ((self._site, path) for path in gone)
                )
                connection.executemany("INSERT OR REPLACE INTO page VALUES (?,?,?,?,?,?,?)", rows)
        except (sqlite3.Error, OSError):
            return False
        return True

    def written(self, folder: str) -> dict[str, Written]:
        """Give the files that were written below a folder, by their places; none where that is not known."""
        for (files,) in self._ask("SELECT files FROM written WHERE folder = ?", (folder,)):
            with contextlib.suppress(ValueError, TypeError):
                return {str(place): Written(*told) for place, told in json.loads(files).items()}
        return {}

    def keep_written(self, folder: str, files: Mapping[str, Written]) -> bool:
        """Remember the files below a folder, and forget folders that are gone; False where that is not possible now."""
        told = json.dumps({place: (one.mark, one.size, one.time) for place, one in files.items()})
        known = [other for (other,) in self._ask("SELECT folder FROM written", ())]
        try:
            with closing(self._opened()) as connection, connection:
                connection.execute("BEGIN IMMEDIATE")
                gone = ((other,) for other in known if not Path(other).is_dir())
                connection.executemany("DELETE FROM written WHERE folder = ?", gone)
                connection.execute("INSERT OR REPLACE INTO written VALUES (?,?)", (folder, told))
        except (sqlite3.Error, OSError):
            return False
        return True

    def _ask(self, query: str, values: Sequence[object]) -> list[Any]:
        if not self._path.is_file():
            return []
        try:
            with closing(self._opened()) as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.OperationalError:
            return []
        except (sqlite3.DatabaseError, OSError):
            self._remove()
            return []

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_PATIENCE_SECONDS, isolation_level=None)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("BEGIN IMMEDIATE")
                for name, columns in _TABLES.items():
                    connection.execute(f"DROP TABLE IF EXISTS {name}")
                    connection.execute(f"CREATE TABLE {name} ({columns})")
                connection.execute(f"PRAGMA user_version = {_FORMAT}")
                connection.commit()
            connection.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            connection.close()
            raise
        return connection

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
