"""What happened, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from handrail.model.item import Event, Item, walk
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.workspace import Workspace
from handrail.reports.results import Activity
from handrail.rules.fold import PROPOSES


def activity(
    workspace: Workspace,
    *,
    holder: str = "",
    person: str = "",
    since: datetime | None = None,
    limit: int = 0,
) -> tuple[Activity, ...]:
    """Give the events of all runs and projects, newest first.

    `holder` narrows to one run or project, `person` to what one person did, `since` to what is not older,
    `limit` to so many (0: all). What happened in one second stays in the reverse order of the file.
    """
    holders: tuple[Run | Project, ...] = (*workspace.runs.values(), *workspace.projects.values())
    found = [
        entry
        for one in holders
        if not holder or one.id == holder
        for entry in entries_of(one, person=person, since=since)
    ]
    newest = newest_first(found)
    return newest[:limit] if limit else newest


def newest_first(entries: Iterable[Activity]) -> tuple[Activity, ...]:
    """Sort entries that are in the order of their files."""
    found = list(entries)
    found.reverse()
    found.sort(key=lambda entry: entry.time, reverse=True)
    return tuple(found)


def deed(entry: Activity) -> str:
    """Give what was done as a word: the verb, or `proposed` where an agent's note proposes to close an item."""
    outcome = dict(entry.values).get(PROPOSES, "") if entry.verb == "noted" else ""
    return {"done": "proposed", "skipped": "proposed to skip"}.get(outcome, entry.verb)


def entries_of(holder: Run | Project, *, person: str = "", since: datetime | None = None) -> Iterator[Activity]:
    """Give the events of one run or project in the order of its file, the Log first; narrowed as `activity` does."""
    for event, item in _events(holder):  # most are old, or of others: entries are made of the rest alone
        if (since is None or event.time >= since) and (not person or event.who == person):
            yield _entry(holder, event, item)


def _events(holder: Run | Project) -> Iterator[tuple[Event, Item | None]]:
    for event in holder.log:
        yield event, None
    for item in walk(holder.items):
        for event in item.events:
            yield event, item


def _entry(holder: Run | Project, event: Event, item: Item | None) -> Activity:
    return Activity(
        time=event.time,
        who=event.who,
        verb=event.verb,
        kind="run" if isinstance(holder, Run) else "project",
        holder=holder.id,
        holder_title=holder.title,
        item=item.id if item else "",
        title=item.title if item else "",
        note=event.note,
        values=event.values,
        commit=event.commit,
    )
