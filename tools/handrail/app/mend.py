"""`handrail fmt`: blank lines between items, and the events that hand-made ticks have not got."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from handrail.app.byhand import CUT_OFF, event_for, hand_ticks
from handrail.app.load import hold, load_config
from handrail.app.names import Named, person_of
from handrail.base.value import dataclass
from handrail.model.change import Change
from handrail.rules.byhand import ticked_by_hand

if TYPE_CHECKING:
    from handrail.model.project import Project
    from handrail.model.run import Run
    from handrail.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Mended:
    """Whether there was something to mend, and the ids of items whose ticks are older than the clone's history."""

    changed: bool
    cut_off: tuple[str, ...] = ()


def mend(repository: Repository, target: Named, *, who: str, now: datetime, write: bool = True) -> Mended:
    """Mend one run or project in its file.

    A tick that is committed gets an event by the author of the commit, at its time; one that is not, by `who` at
    `now`. One that is older than a shallow clone's history is left as it is. The file is written, not committed.
    Raises BrokenFiles where it has errors.
    """
    from handrail.format.fmt import tidy

    with repository.locked():
        before = repository.read(target.path)
        held = hold(target, before)
        changes, cut_off = _missing(repository, held.holder, who=who, now=now)
        after = tidy(held.document, changes).encode()
        if after != before and write:
            from handrail.store.paths import write_bytes

            write_bytes(repository.root, target.path, after)
    return Mended(after != before, cut_off)


def _missing(
    repository: Repository, holder: Run | Project, *, who: str, now: datetime
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Give an event for each box that says something else than the events under it, and those that cannot get one."""
    items = ticked_by_hand(holder)
    if not items:
        return (), ()
    config = load_config(repository.root)
    ticks = hand_ticks(repository, {holder.path: (holder, items)})[holder.path]
    changes: list[Change] = []
    cut_off: list[str] = []
    for item in items:
        tick = ticks[item.id, item.checked]
        if tick.unknown == CUT_OFF:
            cut_off.append(item.id)
            continue
        person = who if tick.time is None else person_of(config, tick)
        change = event_for(holder, item, person, tick.time or now, config=config)
        changes += [change] if change else []
    return tuple(changes), tuple(cut_off)
