"""Which runs are so old that they have no page of their own, and where they are listed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from handrail.model.state import RunState
from handrail.reports.results import Overview
from handrail.site.paths import archive_src

GONE = '<meta name="handrail-gone">'
"""What tells the script that a page stands for one that is not there: it may be the page of an older run."""
ARCHIVE_PAGE = 250
"""How many older runs a page lists."""
ALWAYS_PAGES = 20
"""So many of the newest runs of a process that are over have pages, however many others are newer."""


def ended(state: RunState) -> datetime:
    """Give when a run ended; for one that was cancelled, when something happened last."""
    return state.finished or state.last or state.run.started


def older_places(overview: Overview) -> dict[str, str]:
    """Give the runs that have no page any more, each with the place of the page that lists it, the newest first."""
    places: dict[str, str] = {}
    counts: dict[str, int] = {}
    for state in _without_pages(overview):
        process = state.run.process
        number = counts[process] = counts.get(process, 0) + 1
        places[state.run.id] = archive_src(process, (number - 1) // ARCHIVE_PAGE + 1)
    return places


def _without_pages(overview: Overview) -> Iterator[RunState]:
    """Give the runs that are over for too long, or since when many others have ended; the newest first."""
    config, now = overview.workspace.config, overview.moment.now
    over = [state for state in overview.runs.values() if state.state != "active"]
    newer: dict[str, int] = {}
    for number, state in enumerate(sorted(over, key=ended, reverse=True)):
        process = state.run.process
        newer[process] = newer.get(process, 0) + 1
        too_old = config.archive_after is not None and ended(state) < now - config.archive_after
        room = config.finished_pages is None or number < config.finished_pages
        if too_old or not (room or newer[process] <= ALWAYS_PAGES):
            yield state
