"""`handrail fmt`: blank lines between items, and the events that hand-made ticks have not got."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from handrail.app.load import hold, load_config
from handrail.app.names import Named, person_of
from handrail.model.change import Change
from handrail.model.item import Event, Item, walk
from handrail.model.run import Run

if TYPE_CHECKING:
    from handrail.model.people import Config
    from handrail.store.repository import Repository


def mend(repository: Repository, target: Named, *, who: str, now: datetime, write: bool = True) -> bool:
    """Mend one run or project in its file; give whether there was something to mend.

    A tick that is committed gets an event by the author of the commit, at its time; one that is not, by `who` at
    `now`. The file is written, not committed. Raises BrokenFiles where it has errors.
    """
    from handrail.format.fmt import tidy

    with repository.locked():
        before = repository.read(target.path)
        held = hold(target, before)
        items = tuple(walk(held.holder.items))
        config = load_config(repository.root)
        propose = isinstance(held.holder, Run) and held.holder.agents == "propose"
        changes = _missing(repository, target.path, items, who=who, now=now, config=config, propose=propose)
        after = tidy(held.document, changes).encode()
        if after != before and write:
            from handrail.store.paths import write_bytes

            write_bytes(repository.root, target.path, after)
    return after != before


def _missing(
    repository: Repository,
    path: str,
    items: tuple[Item, ...],
    *,
    who: str,
    now: datetime,
    config: Config,
    propose: bool,
) -> tuple[Change, ...]:
    """Give an event for each box that says something else than the events under it."""
    odd = [item for item in items if item.checked != _closed_by_events(item) and item.attributes.approval != "all"]
    if not odd:
        return ()
    from handrail.store.history import line_author

    authors = line_author(repository, path, [item.place.line for item in odd])
    found: list[Change] = []
    for item in odd:
        author = authors.get(item.place.line)
        person = person_of(config, _Author(author.name, author.email)) if author else who
        time = author.time if author else now
        newest = max((event.time for event in item.events), default=time)
        when = max(time, newest).replace(microsecond=0)
        agent = config.person(person).agent
        found.append(_proposed(item, when, person) if propose and agent else _event_for(item, when, person, agent))
    return tuple(found)


def _event_for(item: Item, when: datetime, person: str, agent: bool) -> Change:
    """Give the event that a box changed by hand has not got. A person's tick confirms what an agent has proposed."""
    if not item.checked:
        return Change(item.id, Event(when, person, "reopened"))
    if item.attributes.approval:
        return Change(item.id, Event(when, person, "approved"))
    from handrail.rules.fold import CONFIRMS, fold, proposed_by
    from handrail.rules.proposal import kept_evidence

    standing = fold(replace(item, checked=False)).proposed
    if agent or standing is None or proposed_by(standing) != "done":
        return Change(item.id, Event(when, person, "done"))
    values = ((CONFIRMS, standing.who), *kept_evidence(standing, ()))
    return Change(item.id, Event(when, person, "done", values, standing.note))


def _proposed(item: Item, when: datetime, agent: str) -> Change:
    """Give what the tick of an agent comes to where agents only propose: a proposal, and the box is empty again."""
    from handrail.rules.fold import PROPOSES

    if not item.checked:
        return Change(item.id, Event(when, agent, "reopened"))
    if item.attributes.approval:
        note = "ticked by an agent, but an approval is for a person"
        return Change(item.id, Event(when, agent, "noted", (), note), box=False)
    return Change(item.id, Event(when, agent, "noted", ((PROPOSES, "done"),)), box=False)


def _closed_by_events(item: Item) -> bool:
    """Tell whether an item's events say that it is finished, whatever its box says."""
    from handrail.rules.fold import fold

    facts = fold(replace(item, checked=True))
    return not facts.untimed


class _Author:
    """A commit's author in the form of an identity."""

    def __init__(self, name: str, email: str) -> None:
        self.name = name
        self.email = email
