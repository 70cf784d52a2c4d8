"""Pages of runs that a rebuild need not make again, and how it is known that they would come out the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from handrail.model.state import RunState, walk_states
from handrail.reports.steps import actionable
from handrail.reports.way import way_on
from handrail.site.context import Site
from handrail.site.page import Page
from handrail.site.paths import run_src
from handrail.site.run_timeline import drawn_at

_Known: TypeAlias = "tuple[tuple[Any, ...], Page, frozenset[str]]"


class RunPages:
    """The last build's pages of runs, each with all that it was made from and the files that it shows."""

    def __init__(self) -> None:
        self._shared: tuple[Any, ...] = ()
        self._before: dict[str, _Known] = {}
        self._made: dict[str, _Known] = {}

    def begin(self, site: Site) -> None:
        """Start a build: what was made holds only where all runs' pages depend on the same."""
        shared = _shared(site)
        self._before = self._made if shared == self._shared else {}
        self._shared, self._made = shared, {}

    def get(self, site: Site, state: RunState, make: Callable[[Site, RunState], Page]) -> Page:
        """Give the page of a run: the last build's where everything in it is the same, else a new one."""
        source = _source(site, state)
        known = self._made.get(state.run.id) or self._before.get(state.run.id)
        if known is None or known[0] != source:
            known = (source, *_with_files(site, state, make))
        site.used.update(known[2])
        self._made[state.run.id] = known
        return known[1]


def _with_files(site: Site, state: RunState, make: Callable[[Site, RunState], Page]) -> tuple[Page, frozenset[str]]:
    """Make a page and tell which files it shows, also those that another page has shown already."""
    others = set(site.used)
    site.used.clear()
    page = make(site, state)
    mine = frozenset(site.used)
    site.used.update(others)
    return page, mine


def _shared(site: Site) -> tuple[Any, ...]:
    """Give what every page of a run depends on. Days are told by today's date; the commit stands on the home page."""
    workspace = site.overview.workspace
    titles = {id: project.title for id, project in workspace.projects.items()}
    today = site.clock.local(site.now).date()
    options = replace(site.options, commit="")
    return (site.render, workspace.config, workspace.processes, titles, options, today, site.sources)


def _source(site: Site, state: RunState) -> tuple[Any, ...]:
    """Give what one run's page is made from."""
    overview, run = site.overview, state.run
    return (
        run_src(run.id),
        state,
        [step.item.place for step in walk_states(state.steps)],  # which values do not compare; a step tells its line
        overview.workspace.procedure(run),
        run.revision in overview.workspace.pinned,
        *told_now(site, state),
    )


def told_now(site: Site, state: RunState) -> tuple[Any, ...]:
    """Give what a run's page says of the present moment: how late a step is, what is snoozed, what can be done next."""
    overview, run = site.overview, state.run
    time = overview.moment.time_for(run.calendar)
    steps = walk_states(state.steps)
    dues = (state.due, state.first_due, *(due for step in steps for due in (step.due, step.first_due)))
    return (
        site.clock.local(site.now).date(),
        drawn_at(site.clock, state),
        state.overdue,
        [step.overdue for step in steps],
        [site.clock.until(due) for due in dues if due],
        [(step.id, way_on(overview, state, step)) for step in actionable(state, site.now, time)],
        [(one.item, one.reasons) for one in overview.findings if one.holder == run.id],
    )
