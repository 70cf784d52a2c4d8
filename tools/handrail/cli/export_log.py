"""What `handrail export` writes of runs: read portion by portion, so that ten thousand fit into little memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import click

from handrail.app.byhand import with_hand_ticks
from handrail.app.each_run import each_run, read_processes
from handrail.app.load import load_projects
from handrail.app.names import Named
from handrail.base.value import dataclass
from handrail.base.words import count
from handrail.cli.context import Context
from handrail.integrations import out_log, out_xes
from handrail.model.process import Process
from handrail.model.state import RunState
from handrail.model.workspace import Workspace
from handrail.reports.event_log import LoggedRun, Naming, activity_names, logged_run
from handrail.reports.overview import overview_of
from handrail.reports.results import Overview

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece:
    """What one run came to as text, the boxes of which nobody knows who ticked them, characters that were replaced."""

    text: str
    untold: int = 0
    replaced: int = 0


class Log:
    """The event log of all runs, of one process, or of one run. What is to be said about it is known afterwards."""

    def __init__(self, context: Context, of: Named | None, *, trials: bool) -> None:
        self.context = context
        self.of = of
        self.trials = trials
        self.unread: list[str] = []
        self.untold = self.replaced = 0

    @cached_property
    def processes(self) -> dict[str, Process]:
        """The processes that can be read."""
        return read_processes(self.context.root, self.context.listing.processes)

    @cached_property
    def naming(self) -> Naming:
        """What all runs share."""
        return Naming(activity_names(self.processes.values()), self.context.config)

    def csv(self, *, closed: bool) -> Iterator[str]:
        """Give the lines."""
        yield out_log.csv_head()
        yield from self._texts(partial(_csv, self.naming, closed, self.trials))

    def json(self) -> Iterator[str]:
        """Give one object, a run a line."""
        yield out_log.json_head(self.context.now)
        between = "\n"
        for text in self._texts(partial(_json, self.naming, self.trials)):
            yield between + text
            between = ",\n"
        yield out_log.json_foot()

    def xes(self, *, closed: bool) -> Iterator[str]:
        """Give the log of traces."""
        title = self.of.id if self.of else self.context.config.title
        yield out_xes.xes_head(title, self.context.now)
        yield from self._texts(partial(_xes, self.naming, self.processes, closed, self.trials))
        yield out_xes.xes_foot()

    def sqlite(self, place: Path) -> None:
        """Write everything into a database at a place where there is none."""
        from handrail.integrations.out_sqlite import Database
        from handrail.integrations.sqlite_rows import project_rows, run_rows

        linked: dict[str, RunState] = {}
        with _said(), closing(sqlite3.connect(place)) as connection:
            database = Database(connection)
            database.begin(self.context.config, self.processes.values(), self.context.now)
            for rows in self._each(partial(run_rows, naming=self.naming, now=self.context.now)):
                database.add(rows.tables)
                self.untold += rows.untold
                if rows.linked:
                    linked[rows.linked.run.id] = rows.linked
            overview = self._projects(linked)
            for id, state in overview.projects.items():
                database.add(project_rows(state, overview.plans.get(id), self.naming))
            database.end()

    def say(self) -> None:
        """Tell on standard error what is not in the file, or not as it was."""
        if self.unread:
            click.echo(
                f"Left out: {count(len(self.unread), 'run')} that cannot be read (handrail lint says why).", err=True
            )
        if self.untold:
            click.echo(f"No event for {count(self.untold, 'tick')} by hand: nobody knows when and by whom.", err=True)
        if self.replaced:
            click.echo(f"Replaced by U+FFFD: {count(self.replaced, 'character')} that XML cannot hold.", err=True)

    def _projects(self, linked: Mapping[str, RunState]) -> Overview:
        """Give the projects with their plans, which look at the runs that belong to them."""
        context = self.context
        projects, baselines = load_projects(context.root)
        space = Workspace(context.config, self.processes, {}, projects, baselines=baselines)
        return overview_of(with_hand_ticks(space, context.repository), context.moment, linked)

    def _texts(self, make: Callable[[RunState], Piece | None]) -> Iterator[str]:
        for piece in self._each(make):
            if piece is not None:
                self.untold += piece.untold
                self.replaced += piece.replaced
                yield piece.text

    def _each(self, make: Callable[[RunState], T]) -> Iterator[T]:
        context, of = self.context, self.of
        whole = of is None
        runs = [
            path
            for id, path in context.listing.runs.items()
            if whole or (of and of.id == (id.rpartition("/")[0] if of.kind == "process" else id))
        ]
        for made, unread in each_run(context.repository, context.config, context.now, runs, make):
            self.unread += unread
            yield from made


@contextmanager
def _said() -> Iterator[None]:
    """Say what went wrong with the file as with any other one."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(0, str(error)) from error


def _csv(naming: Naming, closed: bool, trials: bool, state: RunState) -> Piece | None:
    return _piece(state, naming, trials, lambda logged: out_log.run_csv(logged, naming, closed=closed))


def _json(naming: Naming, trials: bool, state: RunState) -> Piece | None:
    return _piece(state, naming, trials, out_log.run_json)


def _xes(naming: Naming, processes: Mapping[str, Process], closed: bool, trials: bool, state: RunState) -> Piece | None:
    process = processes.get(state.run.process)
    piece = _piece(state, naming, trials, lambda logged: out_xes.run_xes(logged, process, closed=closed))
    if piece is None:
        return None
    text, replaced = out_xes.without_odd(piece.text)
    return replace(piece, text=text, replaced=replaced)


def _piece(state: RunState, naming: Naming, trials: bool, write: Callable[[LoggedRun], str]) -> Piece | None:
    if state.run.trial and not trials:
        return None
    logged = logged_run(state, naming)
    return Piece(write(logged), logged.untold)
