"""A sample project moved to the present, and how its file came to be: one commit for each event in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from handrail.app.demo_again import later
from handrail.app.demo_run import Version
from handrail.format.edit import edit
from handrail.format.project import read_project
from handrail.model.change import Change
from handrail.model.item import Event, walk
from handrail.model.project import Project
from handrail.store.message import build_message
from handrail.text.document import read_document
from handrail.text.plain import plain

_EVENT = re.compile(r"^\s*[-*+] [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]+Z @")
_CLOSING = ("done", "skipped", "approved")
_OPENING = ("reopened", "rejected")
_BOX = re.compile(r"^(\s*[-*+] \[)[xX](\] )")


def moved(texts: Mapping[str, str], now: datetime) -> Mapping[str, str]:
    """Give the files with every date moved by the same whole weeks, so that the newest event is just past.

    Whole weeks keep weekdays. Projects thereby stand at any `now` as they were written to stand.
    """
    newest = max(
        (
            event.time
            for path, text in texts.items()
            if path.endswith(".md")
            for _, event in _events(_project(path, text))
        ),
        default=now,
    )
    shift = timedelta(weeks=(now - newest) // timedelta(weeks=1))
    return {path: later(text, shift) for path, text in texts.items()}


def project_history(path: str, text: str, first: datetime) -> tuple[str, tuple[Version, ...]]:
    """Give the file as it was before anything happened, and a version for each event since `first`.

    Where the events do not come to the file byte for byte, its owner writes it as it stands in a last commit.
    """
    project = _project(path, text)
    known = {item.id: item.events for item in walk(project.items)}
    current = beginning = _blank(text)
    versions: list[Version] = []
    for item, event in sorted(_events(project), key=lambda pair: pair[1].time):
        current = edit(read_document(path, current), [_change(item, event, known[item])])
        if event.time < first:
            beginning = current
        else:
            versions.append(Version(event.time, event.who, _message(project, item, event), current))
    if not versions:
        return text, ()
    if current != text:
        owner = project.owner.lstrip("@") or versions[-1].who
        versions.append(Version(versions[-1].when, owner, f"projects: {project.title}, as it stands\n", text))
    return beginning, tuple(versions)


def _project(path: str, text: str) -> Project:
    id = path.removeprefix("projects/").rpartition("/")[0]
    value = read_project(read_document(path, text), id).value
    return value or Project(id, path, id)


def _events(project: Project) -> list[tuple[str, Event]]:
    return [(item.id, event) for item in walk(project.items) for event in item.events]


def _blank(text: str) -> str:
    """Give the text without events, every box open."""
    kept = (line for line in text.splitlines(keepends=True) if not _EVENT.match(line))
    return "".join(_BOX.sub(r"\1 \2", line) for line in kept)


def _change(item: str, event: Event, events: tuple[Event, ...]) -> Change:
    """Give the change that wrote the event: the box stands as the item's last closing or reopening says."""
    verbs = [one.verb for one in events if one.time <= event.time and one.verb in _CLOSING + _OPENING]
    return Change(item, event, box=verbs[-1] in _CLOSING if verbs else None)


def _message(project: Project, item: str, event: Event) -> str:
    title = next(plain(one.title) for one in walk(project.items) if one.id == item)
    trailers = [("Handrail-Action", event.verb), ("Handrail-Project", project.id), ("Handrail-Task", item)]
    return build_message(f"{event.verb} {project.id}: {title}", event.note, trailers)
