"""Who can finish what: approvals that nobody can give, and four eyes where there are only two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from handrail.base.problem import Level, Problem
from handrail.base.value import dataclass
from handrail.base.words import count
from handrail.model.item import Item, walk
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.workspace import Workspace
from handrail.reports.finding import at, listed, make_problem

_MOST_TRIES = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked to do an item: people by key, None where that is not known before a run starts.

    `by_role` tells that a start may name others. `below` counts the items that a gate keeps waiting.
    """

    item: Item
    people: tuple[str, ...] | None
    by_role: bool = False
    anybody: bool = False
    below: int = 0

    @property
    def needed(self) -> int:
        """How many people it takes."""
        approval = self.item.attributes.approval
        if approval == "all":
            return len(self.people) if self.people is not None else 1
        return int(approval) if approval.isdecimal() else 1


def approvals_possible(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """Each approval asks somebody, and as many people as it needs."""
    for one in _asked(workspace.config, process):
        approval = one.item.attributes.approval
        if not approval or one.people is None:
            continue
        level: Level = "warning" if one.by_role else "error"
        if one.anybody:
            message = "nobody is asked for this approval" + _behind(one)
            hint = "name a person, a team or a role: `@finance`"
            yield make_problem("cannot-finish", at(one.item, "approval"), message, hint, "error")
        elif not one.people:
            message = "everybody who is asked for this approval has left" + _behind(one)
            yield make_problem("cannot-finish", at(one.item, "approval"), message, "name somebody else", level)
        elif len(one.people) < one.needed:
            asks = f"this approval takes {one.needed} people and asks {len(one.people)}: {_names(one.people)}"
            hint = f"name more, or write `approval={len(one.people)}`"
            yield make_problem("cannot-finish", at(one.item, "approval"), asks + _behind(one), hint, level)


def four_eyes_possible(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """Items that take different people (`not-by=`) can be shared out among those who are asked.

    Any person may finish an item that is no approval, so what cannot be done by those who are asked is a warning, and
    an error only where the whole workspace has too few.
    """
    asked = {one.item.id: one for one in _asked(workspace.config, process)}
    everybody = tuple(key for key, person in workspace.config.people.items() if person.active)
    beside = _beside(asked)
    for group in _groups(beside):
        members = [asked[name] for name in group]
        wanted = {one.item.id: one.people or everybody for one in members}
        if not all(wanted.values()) or _can_share(beside, wanted, members):
            continue
        fixed = {one.item.id for one in members if one.item.attributes.approval and one.people and not one.by_role}
        widened = {name: people if name in fixed else everybody or people for name, people in wanted.items()}
        level: Level = "warning" if _can_share(beside, widened, members) else "error"
        first = next(one for one in members if one.item.attributes.not_by)
        told = listed((one.item.id for one in members), 4)
        people = _names(tuple(dict.fromkeys(name for one in members for name in wanted[one.item.id])))
        message = f"too few people: {told} take different ones, and those who are asked are {people}"
        hint = "ask somebody else for one of them, or take `not-by` out"
        yield make_problem("cannot-finish", at(first.item, "not-by"), message + _behind(first), hint, level)


def _asked(config: Config, process: Process) -> tuple[Asked, ...]:
    """Give who is asked for every item, in the order of the file; parts of an item ask whom that asks."""
    found: list[Asked] = []
    stack: list[tuple[Item, tuple[str, ...]]] = [(item, ()) for item in reversed(process.items)]
    while stack:
        item, above = stack.pop()
        who = item.attributes.who or above
        found.append(_who(config, process, item, who))
        stack.extend((child, who) for child in reversed(item.children))
    gates = [number for number, one in enumerate(found) if one.item.attributes.gate]
    for number in gates:
        below = len(found) - number - 1 - sum(1 for _ in walk(found[number].item.children))
        found[number] = replace(found[number], below=below)
    return tuple(found)


def _who(config: Config, process: Process, item: Item, who: tuple[str, ...]) -> Asked:
    by_role = any(name in process.roles for name in who)
    if not who:
        return Asked(item, (), anybody=True)
    names: list[str] = []
    for name in who:
        filled = process.roles.get(name, (name,))
        if "{{" in name or not filled or any("{{" in one for one in filled):
            return Asked(item, None, by_role)
        names.extend(person for one in filled for person in config.members(one))
    if any(config.people and name not in config.people for name in names):
        return Asked(item, None, by_role)
    return Asked(item, tuple(dict.fromkeys(name for name in names if config.person(name).active)), by_role)


def _beside(asked: Mapping[str, Asked]) -> dict[str, set[str]]:
    """Give, for each item, those that must be done by somebody else."""
    beside: dict[str, set[str]] = {name: set() for name in asked}
    for name, one in asked.items():
        for other in one.item.attributes.not_by:
            if other in beside and other != name:
                beside[name].add(other)
                beside[other].add(name)
    return beside


def _groups(beside: Mapping[str, set[str]]) -> Iterator[tuple[str, ...]]:
    """Give the items that are bound together by `not-by`, each group in the order of the file."""
    seen: set[str] = set()
    for name in beside:
        if name in seen or not beside[name]:
            continue
        group, waiting = {name}, [name]
        while waiting:
            more = beside[waiting.pop()] - group
            group |= more
            waiting.extend(more)
        seen |= group
        yield tuple(one for one in beside if one in group)


def _can_share(beside: Mapping[str, set[str]], people: Mapping[str, tuple[str, ...]], members: Sequence[Asked]) -> bool:
    """Tell whether each item can get its people and none of its neighbours'; true where that takes too long to tell."""
    needed = {one.item.id: min(one.needed, len(people[one.item.id])) for one in members}
    spare = {name: len(people[name]) - sum(needed[one] for one in (name, *beside[name])) for name in needed}
    hard = sorted((name for name in needed if spare[name] < 0), key=spare.__getitem__)
    names = (*hard, *(name for name in needed if spare[name] >= 0))
    tries = 0

    def share(number: int, given: Mapping[str, frozenset[str]]) -> bool:
        nonlocal tries
        if number == len(names) or tries > _MOST_TRIES:
            return True
        name = names[number]
        taken = frozenset[str]().union(*(given[other] for other in beside[name] if other in given))
        for some in combinations([one for one in people[name] if one not in taken], needed[name]):
            tries += 1
            if share(number + 1, {**given, name: frozenset(some)}):
                return True
        return False

    return not hard or share(0, {})


def _behind(one: Asked) -> str:
    return f", and {count(one.below, 'item')} below this gate wait for it" if one.below else ""


def _names(people: tuple[str, ...]) -> str:
    return ", ".join(f"@{name}" for name in people)
