"""What every command shares: the clock, the workspace, who is asking, and names that people type."""

from __future__ import annotations

import gc
import os
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handrail.base.errors import WrongUsage

if TYPE_CHECKING:
    from handrail.app.files import Listing
    from handrail.app.names import Named
    from handrail.model.item import Item
    from handrail.model.people import Config
    from handrail.model.project import Project
    from handrail.model.run import Run
    from handrail.model.workspace import Workspace
    from handrail.reports.moment import Moment
    from handrail.reports.results import Overview
    from handrail.store.repository import Repository


class Context:
    """Everything is found when it is first asked for, once. Commands get it as their first argument."""

    def __init__(self, start: Path, now_text: str = "") -> None:
        self.start = start
        self.now_text = now_text

    @cached_property
    def now(self) -> datetime:
        """The one moment that this command speaks of, in UTC and whole seconds."""
        return self.clock()

    def clock(self) -> datetime:
        """Give the present time, or the one that `--now` fixed. For commands that take long (`do`)."""
        return read_now(self.now_text) if self.now_text else datetime.now(UTC).replace(microsecond=0)

    @cached_property
    def repository(self) -> Repository:
        """The git repository around the folder that the command works in."""
        from handrail.store.repository import Repository

        return Repository.find(self.start)

    @property
    def root(self) -> Path:
        """The workspace's folder."""
        return self.repository.root

    @cached_property
    def config(self) -> Config:
        """`handrail.yml`. Raises BrokenFiles where it has errors."""
        from handrail.app.load import load_config

        return load_config(self.root)

    @cached_property
    def listing(self) -> Listing:
        """The paths of all processes, runs and projects; no file is opened."""
        from handrail.app.files import list_files

        return list_files(self.root)

    @cached_property
    def workspace(self) -> Workspace:
        """Every file, read."""
        from handrail.app.byhand import with_hand_ticks
        from handrail.app.load import load_workspace

        return with_hand_ticks(load_workspace(self.root, self.repository), self.repository)

    @cached_property
    def moment(self) -> Moment:
        """The present moment with the workspace's working time."""
        return self.moment_at(self.now)

    def moment_at(self, now: datetime) -> Moment:
        """Give another moment with the same working time."""
        from handrail.app.moment import moment_of

        return moment_of(self.config, now, self.repository.keep)

    def overview(self) -> Overview:
        """Give everything that is derived from the workspace at this moment."""
        return self._overview

    @cached_property
    def _overview(self) -> Overview:
        from handrail.reports.overview import overview

        gc.disable()  # what is read and worked out stays until the command ends: there is nothing to collect in it
        try:
            return overview(self.workspace, self.moment)
        finally:
            gc.freeze()
            gc.enable()

    def brief(self) -> Overview:
        """Give an overview that may leave out finished runs and steps, told from what is kept of earlier commands."""
        return self._brief

    @cached_property
    def _brief(self) -> Overview:
        return self.brief_for("")

    @cached_property
    def for_figures(self) -> Overview:
        """A brief overview that may also leave out the active runs: for what is made of `records` alone."""
        return self.brief_for(None)

    def brief_for(self, person: str | None) -> Overview:
        """Give a brief overview that may also leave out the active runs in which this person has nothing to do."""
        if "HANDRAIL_NO_INDEX" in os.environ:
            return self._overview
        from handrail.app.kept import kept_overview

        gc.disable()  # what is read stays until the command ends, and there are no rings in it
        overview = kept_overview(self.repository, self.config, self.moment, person)
        gc.freeze()
        gc.enable()
        return overview or self._overview

    def who(self) -> str:
        """Give the key of the person whom git's identity names; a slug of the git name where nobody is listed."""
        return self._who

    @cached_property
    def _who(self) -> str:
        from handrail.app.names import person_of

        return person_of(self.config, self.repository.identity())

    def unshared(self) -> int:
        """Give how many changes are saved in this clone and not shared; 0 where they are not meant to be."""
        return 0 if self.config.sync == "none" else self.repository.unshared()

    def find(self, name: str, *kinds: str) -> Named:
        """Find the one run, project or process that a name means. Raises WrongUsage otherwise.

        `kinds` are `run`, `project`, `process`; all of them where none is given.
        """
        from handrail.app.names import find_by_id, find_named, parent_of

        wanted = kinds or ("run", "project", "process")
        found = find_by_id(self.root, name, wanted)
        if found is not None:
            return found
        try:
            return find_named(self.listing, name, wanted, self._titles, lambda path: parent_of(self.root, path))
        except WrongUsage as error:
            if self.repository.sparse():
                add = "This is a sparse checkout: `git sparse-checkout add processes projects` brings the rest."
                error.hint = f"{error.hint} {add}".strip()
            raise

    def find_step(self, holder: Run | Project, text: str) -> Item:
        """Find the one item that a text means: its id, the beginning of it, or a part of the title."""
        from handrail.app.names import find_item

        return find_item(holder, text)

    def _titles(self) -> dict[tuple[str, str], str]:
        space = self.workspace
        titles = {("run", run.id): run.title for run in space.runs.values()}
        titles |= {("project", project.id): project.title for project in space.projects.values()}
        return titles | {("process", process.id): process.title for process in space.processes.values()}


def read_now(text: str) -> datetime:
    """Read `--now`: an RFC 3339 time, or a date for the beginning of that day; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        hint = "Write `2026-12-01T09:00:00Z` or `2026-12-01`."
        raise WrongUsage(f"`{text[:100]}` is no time for --now or HANDRAIL_NOW.", hint) from None
    if not 1970 <= moment.year <= 2200:
        raise WrongUsage(f"`{text[:100]}` is outside the years 1970 to 2200.")
    return moment.replace(microsecond=0)


pass_context = click.make_pass_decorator(Context)
