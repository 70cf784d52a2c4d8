"""What was worked out from files, kept between commands: a SQLite database inside the git directory.

It holds nothing that the files do not say, so it may be deleted at any time; one that is broken, of another format
or made by another program is begun anew. A command never waits for it: where it cannot be opened or is being
written by somebody else, the command works without. Values are text (JSON) with a checksum, never code.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from handrail.base.value import dataclass

NAME = "index.sqlite"
FIRST, LAST = -(2**62), 2**62
_FORMAT = 3
_PATIENCE_SECONDS = 0.25
_AT_ONCE = 500
_TABLES = """
CREATE TABLE entry (
    place TEXT, path TEXT, content TEXT, basis TEXT, low INTEGER, high INTEGER, class TEXT, label TEXT,
    linked INTEGER, kin INTEGER, who TEXT, last INTEGER, head TEXT, more TEXT, history TEXT, sum INTEGER,
    PRIMARY KEY (place, path)
);
CREATE INDEX entry_content ON entry (content, path);
CREATE INDEX entry_label ON entry (place, label);
CREATE INDEX entry_class ON entry (place, class, label);
CREATE INDEX entry_live ON entry (place, linked) WHERE linked;
CREATE INDEX entry_last ON entry (place, last);
CREATE INDEX entry_basis ON entry (place, basis) WHERE basis <> '';
CREATE INDEX entry_history ON entry (place, path, history) WHERE history <> '';
CREATE INDEX entry_turns ON entry (place) WHERE low > -4611686018427387904 OR high < 4611686018427387904;
CREATE TABLE place (place TEXT PRIMARY KEY, tree TEXT, differs TEXT, commit_id TEXT);
CREATE TABLE kept (kind TEXT, content TEXT, value TEXT, sum INTEGER, PRIMARY KEY (kind, content)) WITHOUT ROWID;
CREATE TABLE made (program TEXT);
"""
# Queries name the index they take. Without statistics SQLite takes any that begins with the place, and reads all rows.
_COLUMNS = "path, content, basis, low, high, class, label, linked, kin, who, last, head, more, history"

_KEEP = "INSERT OR REPLACE INTO kept VALUES (?,?,?,?)"


class BrokenIndexError(Exception):
    """The database cannot be used, or not now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of one file: `content` is git's id of what it holds.

    `basis` names what else it was worked out from; `low` and `high` are the instants (microseconds since 1970) from
    which and before which it holds. `class_` and `label` are counted, `linked` marks what reports always look at,
    `kin` what has a say in how others stand, `who` names those who have something to do in it (JSON),
    `last` is when something happened last. `head` and `more` are JSON. `history` is not empty where the past of the
    file had a say; it holds for as long as that is the same. `record` is kept beside, for who asks for it.
    """

    path: str
    content: str
    basis: str = ""
    low: int = FIRST
    high: int = LAST
    class_: str = ""
    label: str = ""
    linked: bool = False
    kin: bool = False
    who: str = ""
    last: int = 0
    head: str = ""
    more: str = ""
    history: str = ""
    record: str = ""

    @property
    def record_key(self) -> str:
        """What its record is kept by, among the values of kind `record`."""
        return record_key(self.path, self.content, self.history, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Place:
    """What a work tree looked like: git's id of the tree, the files that differed from it, and the last commit."""

    tree: str = ""
    differs: tuple[str, ...] = ()
    commit: str = ""


class Index:
    """The open database, as seen from one work tree (`place`)."""

    def __init__(self, connection: sqlite3.Connection, path: Path, place: str) -> None:
        self._connection = connection
        self._path = path
        self._place = place

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def reopen(self) -> None:
        """Ask by a connection of one's own from now on: a copy of a process must not use, or close, another's."""
        with _told():
            self._left = self._connection
            self._connection = _connected(self._path)

    def destroy(self) -> None:
        """Remove a database that turned out to be broken."""
        self._connection.close()
        _remove(self._path)

    def known(self) -> Place:
        """Give what the work tree looked like when the entries were last brought up to date."""
        with _told():
            query = "SELECT tree, differs, commit_id FROM place WHERE place = ?"
            row = self._connection.execute(query, (self._place,)).fetchone()
            return Place(row[0], tuple(json.loads(row[1])), row[2]) if row else Place()

    def paths(self) -> list[str]:
        """Give every path that has an entry."""
        return [path for (path,) in self._all("SELECT path FROM entry WHERE place = ?", self._place)]

    def contents(self, paths: Iterable[str]) -> dict[str, str]:
        """Give the content's id of those paths that have an entry."""
        query = "SELECT content FROM entry WHERE place = ? AND path = ?"
        with _told():
            found = ((path, self._connection.execute(query, (self._place, path)).fetchone()) for path in paths)
            return {path: row[0] for path, row in found if row}

    def outdated(self, now: int) -> list[tuple[str, str]]:
        """Give path and content of what does not hold at the instant `now`."""
        query = (
            "SELECT path, content FROM entry INDEXED BY entry_turns WHERE place = ? AND (low > -4611686018427387904"
            " OR high < 4611686018427387904) AND NOT (low <= ? AND ? < high)"
        )
        return self._all(query, self._place, now, now)

    def bases(self) -> list[tuple[str, str]]:
        """Give every class of entries with each basis that its entries have."""
        query = "SELECT DISTINCT class, basis FROM entry INDEXED BY entry_basis WHERE place = ? AND basis <> ''"
        return self._all(query, self._place)

    def based_on(self, class_: str, basis: str) -> list[tuple[str, str]]:
        """Give path and content of the entries of a class with that basis."""
        query = "SELECT path, content FROM entry INDEXED BY entry_class WHERE place = ? AND class = ? AND basis = ?"
        return self._all(query, self._place, class_, basis)

    def heads(self, parts: Sequence[str] | None = (), *, everything: bool = False) -> list[tuple[str, str, str, str]]:
        """Give path, content, label and head of what is linked, or of all. Raises BrokenIndexError for a wrong sum.

        With `parts`, only what is kin or has no class, and of the others those whose `who` has one of these; with None
        none of the others.
        """
        which = "WHERE place = ?" if everything else "INDEXED BY entry_live WHERE place = ? AND linked"
        asked = parts or ()
        if parts is None or asked:
            which += f" AND (kin OR class = ''{' OR instr(who, ?)' * len(asked)})"
        query = f"SELECT path, content, label, head, sum FROM entry {which}"  # noqa: S608 - not from outside
        return [(*row, _summed(head, told)) for *row, head, told in self._all(query, self._place, *asked)]

    def over_since(self, labels: Sequence[str], last: int) -> list[tuple[str, str, str]]:
        """Give path, content and head of what has one of the labels and stands by itself, unchanged since `last`.

        What is linked, rests on something else than its own file, or has a history that had a say, is left out.
        """
        marks = ",".join("?" * len(labels))
        query = (
            f"SELECT path, content, head, sum FROM entry INDEXED BY entry_label WHERE place = ? AND label IN ({marks})"  # noqa: S608
            " AND last < ? AND NOT linked AND basis = '' AND history = ''"
        )
        found = self._all(query, self._place, *labels, last)
        return [(path, content, _summed(head, told)) for path, content, head, told in found]

    def more_since(self, last: int, part: str) -> list[tuple[str, str, str]]:
        """Give path, head and `more` of what something has happened in since, where `more` is empty or has `part`."""
        query = (
            "SELECT path, head, more FROM entry INDEXED BY entry_last"
            " WHERE place = ? AND last >= ? AND (more = '' OR instr(more, ?))"
        )
        return self._all(query, self._place, last, part)

    def more_of(self, label: str) -> list[tuple[str, str]]:
        """Give path and `more` of everything with a label."""
        query = "SELECT path, more FROM entry INDEXED BY entry_label WHERE place = ? AND label = ?"
        return self._all(query, self._place, label)

    def with_history(self) -> list[tuple[str, str, str]]:
        """Give path, content and history of the entries in which the past of the file had a say."""
        query = "SELECT path, content, history FROM entry INDEXED BY entry_history WHERE place = ? AND history <> ''"
        return self._all(query, self._place)

    def labelled(self, label: str) -> list[tuple[str, str]]:
        """Give path and content of everything with a label."""
        query = "SELECT path, content FROM entry INDEXED BY entry_label WHERE place = ? AND label = ?"
        return self._all(query, self._place, label)

    def runs(self) -> list[tuple[str, str, str, str, str, int, int]]:
        """Give path, content, label, basis, history and bounds of everything that has a class."""
        query = "SELECT path, content, label, basis, history, low, high FROM entry WHERE place = ? AND class != ''"
        return self._all(query, self._place)

    def counts(self) -> list[tuple[str, str, int]]:
        """Give how many entries each class and label have."""
        query = "SELECT class, label, count(*) FROM entry WHERE place = ? GROUP BY class, label"
        return self._all(query, self._place)

    def elsewhere(self, path: str, content: str) -> Entry | None:
        """Give the entry that another work tree has of the same content at the same path."""
        query = f"SELECT {_COLUMNS}, sum FROM entry WHERE content = ? AND path = ? LIMIT 1"  # noqa: S608
        found = self._all(query, content, path)
        if not found:
            return None
        *values, told = found[0]
        entry = Entry(*values)
        _summed(entry.head, told)
        return entry

    def kept(self, kind: str, contents: Sequence[str]) -> dict[str, str]:
        """Give the values kept of a kind by content id; those that are not there are left out."""
        found: dict[str, str] = {}
        for first in range(0, len(contents), _AT_ONCE):
            portion = contents[first : first + _AT_ONCE]
            marks = ",".join("?" * len(portion))
            query = f"SELECT content, value, sum FROM kept WHERE kind = ? AND content IN ({marks})"  # noqa: S608
            found |= {content: _summed(*row) for content, *row in self._all(query, kind, *portion)}
        return found

    def keep(self, kind: str, values: Iterable[tuple[str, str]]) -> bool:
        """Keep values of a kind by content id; False where somebody else is writing."""
        rows = [(kind, content, value, _sum(value)) for content, value in values]
        return self._write(lambda: self._connection.executemany(_KEEP, rows))

    def update(self, place: Place, entries: Iterable[Entry], gone: Iterable[str]) -> bool:
        """Bring the work tree's entries up to date, all or nothing; False where somebody else is writing."""

        def write() -> None:
            run = self._connection.executemany
            run("DELETE FROM entry WHERE place = ? AND path = ?", ((self._place, path) for path in gone))
            known = tuple(entries)
            rows = (_row(self._place, entry) for entry in known)
            run("INSERT OR REPLACE INTO entry VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
            records = (("record", one.record_key, one.record, _sum(one.record)) for one in known if one.record)
            run(_KEEP, records)
            said = (self._place, place.tree, json.dumps(place.differs), place.commit)
            self._connection.execute("INSERT OR REPLACE INTO place VALUES (?,?,?,?)", said)

        return self._write(write)

    def _write(self, write: Any) -> bool:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                write()
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()
        except sqlite3.Error:
            return False
        return True

    def _all(self, query: str, *values: object) -> list[Any]:
        with _told():
            return self._connection.execute(query, values).fetchall()


def record_key(path: str, content: str, history: str, low: int, high: int) -> str:
    """Give what the record of a run is kept by: its content, its history, and between which instants it holds."""
    bounds = "" if (low, high) == (FIRST, LAST) else f" {low} {high}"
    return f"{content} {history} {path}{bounds}" if history else f"{content} {path}{bounds}"


def open_index(folder: Path, place: str, program: str) -> Index | None:
    """Open the database in `folder`, made where there is none; None where that is not possible now.

    `place` names the work tree, `program` what made the entries: those of another program are dropped.
    """
    path = folder / NAME
    for attempt in (1, 2):
        try:
            return Index(_opened(path, program), path, place)
        except sqlite3.OperationalError:
            return None  # locked, read-only, no room
        except sqlite3.DatabaseError:
            if attempt == 2 or not _remove(path):
                return None
        except OSError:
            return None
    return None


def _opened(path: Path, program: str) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connected(path)
    try:
        if not _is_ours(connection, program):
            _begin_anew(connection, program)
    except BaseException:
        connection.close()
        raise
    return connection


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _is_ours(connection: sqlite3.Connection, program: str) -> bool:
    if connection.execute("PRAGMA user_version").fetchone()[0] != _FORMAT:
        return False
    return bool(connection.execute("SELECT program FROM made").fetchone() == (program,))


def _begin_anew(connection: sqlite3.Connection, program: str) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        connection.execute(f'DROP TABLE "{table}"')
    for statement in filter(str.strip, _TABLES.split(";")):
        connection.execute(statement)
    connection.execute("INSERT INTO made VALUES (?)", (program,))
    connection.execute(f"PRAGMA user_version = {_FORMAT}")
    connection.commit()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise BrokenIndexError(str(error)) from error


def _row(place: str, entry: Entry) -> tuple[Any, ...]:
    return (
        place, entry.path, entry.content, entry.basis, entry.low, entry.high, entry.class_, entry.label,
        entry.linked, entry.kin, entry.who, entry.last, entry.head, entry.more, entry.history, _sum(entry.head),
    )  # fmt: skip


def _sum(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _summed(text: Any, told: Any) -> str:
    if not isinstance(text, str) or _sum(text) != told:
        raise BrokenIndexError("a value is not what was written")
    return text


def _remove(path: Path) -> bool:
    try:
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    except OSError:
        return False
    return True
