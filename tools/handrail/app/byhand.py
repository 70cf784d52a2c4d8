"""Who ticked boxes by hand, and when: the commit that did it says so.

A tick that is committed reads as if the event stood there already that `handrail fmt` would write. What cannot be
known stays unknown, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar, cast

from handrail.app.names import person_of
from handrail.base.value import dataclass
from handrail.model.change import Change
from handrail.model.item import Block, Item, walk
from handrail.model.people import Config
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.workspace import Workspace
from handrail.rules.apply import apply
from handrail.rules.byhand import hand_event, ticked_by_hand

if TYPE_CHECKING:
    from handrail.store.lineage import Commit, Lineage
    from handrail.store.repository import Repository

Holder = TypeVar("Holder", bound=Run | Project)
Box = tuple[str, bool]
"""An item's id, and whether its box is ticked."""

UNCOMMITTED, CUT_OFF = "uncommitted", "cut-off"
_AT_ONCE = 200
_BOX = (  # compiled when it is first asked for: a check-off has no use for it
    r"(?m)^[ \t>]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[([ xX])\][ \t][^\n]*"
    r"\{(?:[^{}\n]*[ \t])?#([^\s{}]+)[^{}\n]*\}[ \t]*\r?$"
)


@dataclass(frozen=True, slots=True)
class HandTick:
    """Who changed a box, when (UTC) and in which commit. Where nobody is known, `unknown` says why."""

    name: str = ""
    email: str = ""
    time: datetime | None = None
    commit: str = ""
    unknown: str = ""


Kept = MutableMapping[tuple[str, str], Mapping[Box, HandTick]]
"""What was found before, by a file's path and the id of its content at HEAD."""


def with_hand_ticks(workspace: Workspace, repository: Repository, kept: Kept | None = None) -> Workspace:
    """Give the workspace with an event for every box that was ticked by hand, as far as history tells.

    `kept` saves looking again; what is found is put into it. Without such boxes nothing is read.
    """
    holders: tuple[Run | Project, ...] = (*workspace.runs.values(), *workspace.projects.values())
    odd = {holder.path: (holder, items) for holder in holders if (items := ticked_by_hand(holder))}
    if not odd:
        return workspace
    found = hand_ticks(repository, odd, kept)
    filled = {path: _filled(holder, items, found[path], workspace.config) for path, (holder, items) in odd.items()}
    runs = {key: one for key, run in workspace.runs.items() if isinstance(one := filled.get(run.path, run), Run)}
    projects = {
        key: one
        for key, project in workspace.projects.items()
        if isinstance(one := filled.get(project.path, project), Project)
    }
    return replace(workspace, runs=runs, projects=projects)


def hand_ticked(repository: Repository, holders: Iterable[Holder], config: Config) -> Iterator[tuple[Holder, bool]]:
    """Give runs or projects that were ticked by hand with an event for every such box, and whether all are known."""
    odd = {holder.path: (holder, ticked_by_hand(holder)) for holder in holders}
    found = hand_ticks(repository, cast("Mapping[str, tuple[Run | Project, Sequence[Item]]]", odd))
    for path, (holder, items) in odd.items():
        known = all(found[path][_box(item)].time is not None for item in items)
        yield cast("Holder", _filled(holder, items, found[path], config)), known


def with_hand_ticks_of(holder: Holder, repository: Repository, config: Config) -> Holder:
    """Do the same for one run or project."""
    items = ticked_by_hand(holder)
    if not items:
        return holder
    filled = _filled(holder, items, hand_ticks(repository, {holder.path: (holder, items)})[holder.path], config)
    return cast("Holder", filled)


def hand_ticks(
    repository: Repository, odd: Mapping[str, tuple[Run | Project, Sequence[Item]]], kept: Kept | None = None
) -> dict[str, Mapping[Box, HandTick]]:
    """Find who changed the boxes of some items, by the paths of their files, in one pass over history.

    What is `kept` holds for as long as its commits belong to the history of HEAD.
    """
    from handrail.store.lineage import blobs_at_head, in_history, lineage

    heads = blobs_at_head(repository, tuple(odd)) if kept is not None and repository.head() else {}
    known = {path: kept[path, blob] for path, blob in heads.items() if kept is not None and (path, blob) in kept}
    known = {path: ticks for path, ticks in known.items() if all(_box(item) in ticks for item in odd[path][1])}
    commits = {tick.commit for ticks in known.values() for tick in ticks.values() if tick.commit}
    if commits and not in_history(repository, commits):
        known = {}
    left = [path for path in odd if path not in known]
    found = _look(repository, {path: odd[path] for path in left}, lineage(repository, left)) if left else {}
    if kept is not None:
        kept.update({(path, heads[path]): ticks for path, ticks in found.items() if path in heads})
    return {**known, **found}


def _look(
    repository: Repository, odd: Mapping[str, tuple[Run | Project, Sequence[Item]]], past: Lineage
) -> dict[str, Mapping[Box, HandTick]]:
    """Follow each file back, some files at once, so that not all their contents are held together."""
    found: dict[str, Mapping[Box, HandTick]] = {}
    paths = tuple(odd)
    for start in range(0, len(paths), _AT_ONCE):
        some = paths[start : start + _AT_ONCE]
        blobs = repository.blobs([blob for path in some for blob in past.blobs(path)])
        for path in some:
            holder, items = odd[path]
            contents = _Contents(holder, blobs)
            found[path] = {_box(item): contents.since(past, item) for item in items}
    return found


class _Contents:
    """What the boxes of one file said in its older contents."""

    def __init__(self, holder: Run | Project, blobs: Mapping[str, bytes]) -> None:
        self.holder = holder
        self.blobs = blobs
        self.quick: dict[str, dict[str, set[bool]]] = {}
        self.whole: dict[str, dict[str, set[bool]]] = {}

    def since(self, past: Lineage, item: Item) -> HandTick:
        """Find the commit since which the box of an item is as it is now."""
        return _tick(past.since(self.holder.path, lambda blob: self.say(blob, item.id, item.checked)))

    def say(self, blob: str, name: str, ticked: bool) -> bool:
        """Tell whether the box of an item was ticked, or empty, in a content."""
        if blob not in self.quick:
            self.quick[blob] = _boxes(self.blobs.get(blob, b"").decode("utf-8", "replace"))
        if name in self.quick[blob]:
            return ticked in self.quick[blob][name]
        if blob not in self.whole:
            self.whole[blob] = self._read(self.blobs.get(blob, b""))
        return ticked in self.whole[blob].get(name, ())

    def _read(self, data: bytes) -> dict[str, set[bool]]:
        """Read a content whole, for ids that it does not write out."""
        from handrail.format.project import read_project
        from handrail.format.run import read_run
        from handrail.text.document import read_document

        document = read_document(self.holder.path, data.decode("utf-8", "replace"))
        reading = read_run(document) if isinstance(self.holder, Run) else read_project(document, self.holder.id)
        return {item.id: {item.checked} for item in walk(reading.value.items)} if reading.value else {}


def _boxes(text: str) -> dict[str, set[bool]]:
    """Give what the boxes of items that write out their ids say; both where a conflict left both."""
    found: dict[str, set[bool]] = {}
    for mark, name in re.findall(_BOX, text):
        found.setdefault(name, set()).add(mark != " ")
    return found


def _box(item: Item) -> Box:
    return item.id, item.checked


def _tick(commit: Commit | None) -> HandTick:
    if commit is None:
        return HandTick(unknown=UNCOMMITTED)
    if commit.cut_off:
        return HandTick(unknown=CUT_OFF)
    return HandTick(commit.name, commit.email, commit.time, commit.id)


def _filled(
    holder: Run | Project, items: Iterable[Item], ticks: Mapping[Box, HandTick], config: Config
) -> Run | Project:
    changes, unknown = [], {}
    for item in items:
        tick = ticks[_box(item)]
        if tick.time is None:
            unknown[item.id] = tick.unknown
        elif change := event_for(holder, item, person_of(config, tick), tick.time, tick.commit, config=config):
            changes.append(change)
    filled = apply(holder, changes)
    return replace(filled, content=_marked(filled.content, unknown)) if unknown else filled


def event_for(
    holder: Run | Project, item: Item, who: str, time: datetime, commit: str = "", *, config: Config
) -> Change | None:
    """Give the event that a box lacks, by the rules that hold for its run or project. See `hand_event`."""
    propose = isinstance(holder, Run) and holder.agents == "propose"
    return hand_event(item, who, time, commit, agent=config.person(who).agent, propose=propose)


def _marked(content: tuple[Block, ...], unknown: Mapping[str, str]) -> tuple[Block, ...]:
    """Say at the items themselves why nobody is known, from the leaves up."""
    tops = tuple(block for block in content if isinstance(block, Item))
    stack: list[Item] = []
    for item in reversed(list(walk(tops))):
        cut = len(stack) - len(item.children)
        children = tuple(reversed(stack[cut:]))
        del stack[cut:]
        stack.append(replace(item, children=children, by_hand=unknown.get(item.id, "")))
    return tuple(stack.pop() if isinstance(block, Item) else block for block in content)
