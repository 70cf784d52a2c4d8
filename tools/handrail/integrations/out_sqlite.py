"""The workspace as a SQLite database, for Datasette and other programs that ask in SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from handrail.integrations.sqlite_rows import Row, Tables
from handrail.integrations.sqlite_tables import AFTERWARDS, TABLES, VERSION
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.reports.json_views import instant

_PEOPLE = (("runs", "by"), ("steps", "by"), ("steps", "proposed_by"), ("steps", "proposer"), ("tasks", "by"),
           ("assignments", "person"), ("events", "who"))  # fmt: skip
"""The columns that name people, whom nobody may have listed."""
_DANGLING = (("runs", "project", "projects"), ("runs", "parent", "runs"))
"""What files may name that is not there: `handrail lint` reports it, the database leaves it out."""


class Database:
    """An export that is being written into an empty database; the caller opens and closes the connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;")
        connection.executescript(TABLES)
        connection.execute(f"PRAGMA user_version = {VERSION}")

    def begin(self, config: Config, processes: Iterable[Process], now: datetime) -> None:
        """Write what all rows refer to: who is who, and the processes."""
        self._add("export", [(f"export sqlite/{VERSION}", instant(now), config.title)])
        people = config.people.values()
        self._add("people", [(one.key, one.shown, one.agent, one.active, True) for one in people])
        self._add("processes", [_process(one) for one in processes])

    def add(self, tables: Tables) -> None:
        """Write rows of any tables."""
        for name, rows in tables:
            self._add(name, rows)

    def end(self) -> None:
        """Put right what refers to nothing, then make indices and views."""
        execute = self._connection.execute
        for table, column in _PEOPLE:
            execute(f"INSERT OR IGNORE INTO people SELECT DISTINCT {column}, {column}, 0, 1, 0 FROM {table}"  # noqa: S608
                    f" WHERE {column} IS NOT NULL")  # fmt: skip
        execute("INSERT OR IGNORE INTO processes (id, title) SELECT DISTINCT process, process FROM runs")
        for table, column, target in _DANGLING:
            execute(f"UPDATE {table} SET {column} = NULL WHERE {column} NOT IN (SELECT id FROM {target})")  # noqa: S608
        self._connection.executescript(AFTERWARDS)
        self._connection.commit()

    def _add(self, table: str, rows: Iterable[tuple[object, ...]]) -> None:
        rows = list(rows)
        if rows:
            marks = ",".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608


def _process(one: Process) -> Row:
    target, review = (str(value) if value else None for value in (one.target, one.review))
    return (
        one.id, one.title, one.owner.lstrip("@") or None, one.status, target, one.schedule or None, review, one.path,
    )  # fmt: skip
