"""What a change to a procedure means: two revisions compared by step id, not by line."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from handrail.base.value import dataclass
from handrail.format.attributes import MEANINGS, Meaning
from handrail.model.item import Item, Prose, walk
from handrail.model.process import Field, Process
from handrail.model.state import RunState
from handrail.text.plain import plain

Fate = Literal["added", "removed", "changed"]
_FRONT = (
    "title summary owner order target schedule overlap status effective review stall calendar tags name agents"
).split()
_FIELD_FACTS = ("required", "default", "choices", "pattern", "min", "max", "label")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is other than before.

    `kind` is stable: for a step `reworded`, `moved`, `who`, `instruction` or an attribute's key; for the front matter
    a key of it, `role`, `field`, `stage` (another heading over the same steps) or `text` (between the steps). `name`
    says which role or field. `was` and `now` are as written in the file, empty where there was or is nothing; for
    `instruction` and `text` they are how many lines went and came.
    """

    kind: str
    was: str = ""
    now: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class StepDifference:
    """What happened to one step. For one that came or went, `changes` are what its attributes say."""

    id: str
    title: str
    stage: str
    fate: Fate
    changes: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class RunKept:
    """An active run that follows another revision than the one now in the files, and goes on to do so."""

    id: str
    title: str
    revision: str


@dataclass(frozen=True, slots=True)
class ProcedureDifference:
    """What a change means for one process, and for whom it means nothing: the runs under way."""

    process: str
    path: str
    title: str
    fate: Fate
    front: tuple[Difference, ...] = ()
    steps: tuple[StepDifference, ...] = ()
    runs: tuple[RunKept, ...] = ()


def procedure_difference(
    was: Process | None, now: Process | None, *, runs: Iterable[RunState] = (), revision: str = ""
) -> ProcedureDifference:
    """Compare two revisions of one process; None stands for a process that was not there, or is there no more.

    `runs` are the runs of the process, `revision` is git's id of its present text: active runs of another one keep
    theirs. At least one of `was` and `now` must be given.
    """
    known = now or was
    if known is None:
        raise ValueError("nothing to compare")
    fate: Fate = "changed" if was and now else "added" if now else "removed"
    return ProcedureDifference(
        process=known.id,
        path=known.path,
        title=plain(known.title),
        fate=fate,
        front=tuple(_front(was, now)) if was and now else (),
        steps=tuple(_steps(was.items if was else (), now.items if now else ())),
        runs=tuple(_kept(runs, known.id, revision)),
    )


def _kept(runs: Iterable[RunState], process: str, revision: str) -> Iterator[RunKept]:
    for state in runs:
        run = state.run
        if run.process == process and state.state == "active" and run.revision != revision:
            yield RunKept(run.id, plain(run.title), run.revision)


# The front matter


def _front(was: Process, now: Process) -> Iterator[Difference]:
    for key in _FRONT:
        before, after = _written(getattr(was, key)), _written(getattr(now, key))
        if before != after:
            yield Difference(key, before, after)
    yield from _named("role", _roles(was), _roles(now))
    yield from _named("field", _fields(was), _fields(now))
    for before, after in _stages_renamed(_places(was.items), _places(now.items)).items():
        yield Difference("stage", before, after)
    if _prose(was) != _prose(now):
        yield Difference("text", *_line_counts(_prose(was), _prose(now)))


def _roles(process: Process) -> dict[str, str]:
    return {name: _people(who) or "nobody" for name, who in process.roles.items()}


def _named(kind: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for name in dict.fromkeys((*was, *now)):
        before, after = was.get(name, ""), now.get(name, "")
        if before != after:
            yield Difference(kind, before, after, name)


def _fields(process: Process) -> dict[str, str]:
    return {field.name: _field(field) for field in process.fields}


def _field(field: Field) -> str:
    """Give a field's definition in words, so that any change of it changes the words."""
    facts = [field.type]
    for name in _FIELD_FACTS:
        value = getattr(field, name)
        if value:
            facts.append(name if value is True else f"{name} {_written(value)}")
    return ", ".join(facts)


def _prose(process: Process) -> str:
    """Give the text between the steps."""
    return "\n\n".join(block.markdown for block in process.content if isinstance(block, Prose))


def _written(value: Any) -> str:
    if value is None or value is False:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _people(names: tuple[str, ...]) -> str:
    return " ".join(name if name.startswith("{{") else f"@{name}" for name in names)


# The steps


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a step stands: among the parts of which step (empty: none), under which heading."""

    item: Item
    parent: str
    stage: str


def _steps(was: tuple[Item, ...], now: tuple[Item, ...]) -> Iterator[StepDifference]:
    before, after = _places(was), _places(now)
    renamed = _stages_renamed(before, after)
    before = {name: replace(one, stage=renamed.get(one.stage, one.stage)) for name, one in before.items()}
    moved = _moved(before, after)
    for name, place in after.items():
        if name in before:
            changes = tuple(_step_changes(before[name], place, moved=name in moved))
            if changes:
                yield StepDifference(name, plain(place.item.title), place.stage, "changed", changes)
        else:
            changes = tuple(_attribute_changes(Item("", ""), place.item))
            yield StepDifference(name, plain(place.item.title), place.stage, "added", changes)
    for name, place in before.items():
        if name not in after:
            changes = tuple(_attribute_changes(place.item, Item("", "")))
            yield StepDifference(name, plain(place.item.title), place.stage, "removed", changes)


def _places(items: tuple[Item, ...]) -> dict[str, _Place]:
    parents = {child.id: item.id for item in walk(items) for child in item.children}
    stages: dict[str, str] = {}
    for item in walk(items):
        stages[item.id] = item.stage or stages.get(parents.get(item.id, ""), "")
    return {item.id: _Place(item, parents.get(item.id, ""), stages[item.id]) for item in walk(items)}


def _stages_renamed(before: Mapping[str, _Place], after: Mapping[str, _Place]) -> dict[str, str]:
    """Give the headings that are called otherwise: gone, and all their steps stand under one that is new."""
    old, new = {one.stage for one in before.values()}, {one.stage for one in after.values()}
    went: dict[str, set[str]] = {}
    for name in before.keys() & after.keys():
        went.setdefault(before[name].stage, set()).add(after[name].stage)
    return {
        stage: next(iter(went[stage]))
        for stage in sorted(went)
        if stage and stage not in new and len(went[stage]) == 1 and went[stage].isdisjoint({"", *old})
    }


def _step_changes(was: _Place, now: _Place, *, moved: bool) -> Iterator[Difference]:
    if was.item.title != now.item.title:
        yield Difference("reworded", plain(was.item.title), plain(now.item.title))
    if was.parent != now.parent:
        yield Difference("moved", was.parent or was.stage, now.parent or now.stage)
    elif was.stage != now.stage:
        yield Difference("moved", was.stage, now.stage)
    elif moved:
        yield Difference("moved")
    yield from _attribute_changes(was.item, now.item)
    if was.item.body != now.item.body:
        yield Difference("instruction", *_line_counts(was.item.body, now.item.body))


def _attribute_changes(was: Item, now: Item) -> Iterator[Difference]:
    before, after = _people(was.attributes.who), _people(now.attributes.who)
    if set(was.attributes.who) != set(now.attributes.who):
        yield Difference("who", before, after)
    for meaning in MEANINGS:
        before, after = _value(meaning, was), _value(meaning, now)
        if before != after:
            yield Difference(meaning.key, before, after)


def _value(meaning: Meaning, item: Item) -> str:
    """Give an attribute as the file writes it, `yes` for one that stands there without a value."""
    value = getattr(item.attributes, meaning.name)
    if value is True:
        return "yes"
    if (not value and value != 0) or value is False:
        return ""
    if meaning.key == "run" and item.attributes.run_fields:
        return f"{value}({', '.join(item.attributes.run_fields)})"
    return meaning.write(value)


def _moved(before: Mapping[str, _Place], after: Mapping[str, _Place]) -> frozenset[str]:
    """Give the fewest steps that must have been moved to turn one order of the common steps into the other."""
    rank = {name: number for number, name in enumerate(name for name in after if name in before)}
    common = [name for name in before if name in rank]
    tails: list[int] = []
    ends: list[str] = []
    earlier: dict[str, str] = {}
    for name in common:
        at = bisect_left(tails, rank[name])
        earlier[name] = ends[at - 1] if at else ""
        tails[at : at + 1] = [rank[name]]
        ends[at : at + 1] = [name]
    stayed: set[str] = set()
    name = ends[-1] if ends else ""
    while name:
        stayed.add(name)
        name = earlier[name]
    return frozenset(common) - stayed


def _line_counts(was: str, now: str) -> tuple[str, str]:
    """Give how many lines went and came, in that order, as texts; empty for none."""
    codes = difflib.SequenceMatcher(None, was.splitlines(), now.splitlines(), autojunk=False).get_opcodes()
    gone = sum(end - start for kind, start, end, _, _ in codes if kind != "equal")
    come = sum(end - start for kind, _, _, start, end in codes if kind != "equal")
    return (str(gone) if gone else "", str(come) if come else "")
