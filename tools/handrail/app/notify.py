"""Telling people, each thing once: what is to be said is noted where all clones share it, then sent.

Noted first, so that of two jobs at the same time only one sends. What a service did not take is struck out again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from handrail.base.errors import GitRefused
from handrail.base.value import dataclass
from handrail.reports.digest import CHANNEL, Digest, Told, after, digest, in_hours
from handrail.reports.results import Overview
from handrail.reports.work import people
from handrail.store.repository import Repository
from handrail.store.shared_note import Note, SharedNote

REF = "refs/handrail/notified"
_TRIES = 5
Send = Callable[[Digest], str]
"""Sends a digest; gives why it could not be sent, else an empty text."""


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one round: whom it was sent, who has no address, who does not work now, and what failed."""

    sent: tuple[Digest, ...] = ()
    unreachable: tuple[str, ...] = ()
    resting: tuple[str, ...] = ()
    failed: Mapping[str, str] | None = None


def pending(
    overview: Overview, told: Told, only: Iterable[str], reachable: Callable[[str], bool], *, any_hour: bool
) -> tuple[list[Digest], Round]:
    """Give the digests that are due, and who gets none though there is something to tell."""
    wanted, unreachable, resting = [], [], []
    for person in _readers(overview, set(only)):
        found = digest(overview, person, told)
        if found is None:
            continue
        if not reachable(person):
            unreachable.append(person)
        elif not any_hour and not in_hours(overview, person):
            resting.append(person)
        else:
            wanted.append(found)
    return wanted, Round(unreachable=tuple(unreachable), resting=tuple(resting))


def _readers(overview: Overview, chosen: AbstractSet[str]) -> Iterator[str]:
    """Give who is told, people first; with some chosen, only they."""
    config = overview.workspace.config
    for person in people(overview):
        listed = config.person(person)
        if listed.active and not listed.agent and (not chosen or person in chosen):
            yield person
    for channel in config.notify.channels:
        if not chosen:
            yield f"{CHANNEL}{channel.name}"


def told_so_far(repository: Repository) -> tuple[Told, Note]:
    """Give what was told, and the note that says so. A note that cannot be read counts as none."""
    note = SharedNote(repository, REF).read()
    return _read(note.text), note


def tell(
    repository: Repository, find: Callable[[Told], tuple[list[Digest], Round]], send: Send, now: datetime
) -> Round:
    """Note what is due, send it, and strike out what could not be sent. Raises GitRefused where it cannot be noted."""
    shared = SharedNote(repository, REF)
    for _ in range(_TRIES):
        note = shared.read()
        told = _read(note.text)
        due, others = find(told)
        if not due:
            return others
        noted = shared.write(_written(after(told, due, now)), note)
        if noted is not None:
            return _sent(shared, told, noted, due, others, send)
    raise GitRefused("Others are telling people at this moment, again and again.", "Run it again later.")


def _sent(shared: SharedNote, before: Told, noted: Note, due: Sequence[Digest], others: Round, send: Send) -> Round:
    failed = {one.person: why for one in due if (why := send(one))}
    if failed:
        _strike_out(shared, before, noted, failed)
    sent = tuple(one for one in due if one.person not in failed)
    return Round(sent, others.unreachable, others.resting, failed)


def _strike_out(shared: SharedNote, before: Told, noted: Note, failed: Mapping[str, str]) -> None:
    note = noted
    for _ in range(_TRIES):
        present = {person: dict(keys) for person, keys in _read(note.text).items()}
        for person in failed:
            present[person] = dict(before.get(person, {}))
        if shared.write(_written(present), note) is not None:
            return
        note = shared.read()


def _read(text: str) -> Told:
    try:
        found = json.loads(text) if text else {}
        return {str(person): {str(key): str(when) for key, when in keys.items()} for person, keys in found.items()}
    except (ValueError, AttributeError):
        return {}


def _written(told: Mapping[str, Mapping[str, str]]) -> str:
    return json.dumps({person: keys for person, keys in told.items() if keys}, sort_keys=True, indent=1)
