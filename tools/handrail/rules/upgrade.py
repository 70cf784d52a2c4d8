"""Moving a run to another text of its procedure: what is added, changed, dropped, by step id. Nothing done is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import datetime
from typing import Literal

from handrail.base.value import dataclass
from handrail.base.words import count
from handrail.model.calendar import WorkingTime
from handrail.model.change import Action, Change, Refusal
from handrail.model.item import Attributes, Block, Heading, Item, walk
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.rules.approval import closed_parents
from handrail.rules.begin import Fill, copied, roles_used, start_roles
from handrail.rules.case import Case
from handrail.rules.flow import Flow, Node, covers, flow_of
from handrail.rules.fold import fold

KEPT = "not in the procedure any more, kept because there is work in it"
Kind = Literal["added", "changed", "removed", "kept"]
Items = dict[str, Item]


@dataclass(frozen=True, slots=True)
class StepChange:
    """What becomes of one step. `what` names what is different about a changed one (`title`, `due`, `instructions`)."""

    kind: Kind
    id: str
    title: str
    what: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What an upgrade comes to.

    `run` has today's steps and revision, but none of the new events: these are `changes`. `voided` are the ids of
    approvals that have to be given again.
    """

    run: Run
    changes: tuple[Change, ...]
    steps: tuple[StepChange, ...]
    voided: tuple[str, ...]
    notices: tuple[str, ...]


def upgrade_run(
    run: Run,
    *,
    old: Process | None,
    new: Process,
    revision: str,
    roles: Mapping[str, str],
    who: str,
    now: datetime,
    config: Config,
    time: WorkingTime,
    fill: Fill,
) -> Upgrade | Refusal:
    """Give the run as it follows `new`, whose text git calls `revision`, or why that cannot be.

    `old` is the procedure that it has followed, None where git has it no more; `roles` fills roles anew.
    """
    flow = flow_of(run, procedure=old, time=time, now=now)
    case = Case(run, flow, Action("upgrade"), who, now, config, old)
    refusal = _over(case) or _same(case, revision) or _not_in_effect(case, new)
    people = refusal or _people(case, new, roles)
    if isinstance(people, Refusal):
        return people
    differ = _Difference(run, old, new, people, flow.fields, fill)
    content = differ.content()
    moved = replace(run, revision=revision, order=new.order, calendar=new.calendar, stall=new.stall)
    moved = replace(moved, agents=new.agents, content=content)
    voided = _voided(case, moved, {one.id for one in differ.steps if one.kind == "changed"}, new)
    changes = (*_marks(case, differ.steps), *_void_changes(case, voided, moved))
    log = _log_changes(case, old, new, revision, differ.steps)
    return Upgrade(moved, (*changes, *log), differ.steps, voided, _notices(case, old, new, differ))


def _over(case: Case) -> Refusal | None:
    if case.flow.cancelled is not None:
        return Refusal("cancelled", "This run was cancelled, so it follows no other procedure any more")
    if case.flow.nodes and case.flow.finished():
        hint = f"{case.command('reopen', 'STEP', '-m REASON')} opens it again"
        return Refusal("finished", "This run is finished, so it keeps the procedure that it followed", hint)
    return None


def _same(case: Case, revision: str) -> Refusal | None:
    if not isinstance(case.holder, Run) or case.holder.revision != revision:
        return None
    hint = f"`handrail show {case.holder.process}` shows the procedure"
    return Refusal("same-revision", "This run follows the present procedure already", hint)


def _not_in_effect(case: Case, new: Process) -> Refusal | None:
    """Refuse a text that no run could be started with, but for runs that try it out."""
    assert isinstance(case.holder, Run)
    later = new.effective if new.effective and new.effective > case.flow.time.local_date(case.now) else None
    if case.holder.trial or (new.status == "effective" and not later):
        return None
    what = f"is not in effect until {later.isoformat()}" if later else f"is {new.status}"
    hint = "only a run that was started with `--trial` can follow it"
    return Refusal("not-effective", f"The present text of {new.id} {what}", hint)


def _people(case: Case, new: Process, given: Mapping[str, str]) -> dict[str, tuple[str, ...]] | Refusal:
    """Give who fills each role: those given now, those of the run, those of the procedure."""
    assert isinstance(case.holder, Run)
    known = {*new.roles, *roles_used(new, case.config)}
    before = {role: " ".join(names) for role, names in case.holder.roles.items() if role in known and names}
    outcome = start_roles(new, {**before, **given}, case.config, case.flow.fields)
    if isinstance(outcome, Refusal) and outcome.code in ("empty-role", "unknown-person"):
        return replace(outcome, hint=f"{case.command('upgrade', '--role ROLE=PERSON')} says who does")
    return outcome


class _Difference:
    """The steps of a run against those of a procedure."""

    def __init__(
        self,
        run: Run,
        old: Process | None,
        new: Process,
        people: Mapping[str, tuple[str, ...]],
        fields: Mapping[str, str],
        fill: Fill,
    ) -> None:
        roles = dict(people)
        self.run, self.new, self.old = run, new, old
        self.fresh = copied(new, roles, fields, fill)
        self.mine: Items = {item.id: item for item in walk(run.items)}
        self.as_begun = _by_id(copied(new, roles, run.fields, fill))
        self.before = _by_id(copied(old, roles, run.fields, fill)) if old else None
        self.bodies = {item.id: item.body for item in walk(old.items)} if old else {}
        self.parents = {child.id: item.id for item in walk(run.items) for child in item.children}
        self.gone = frozenset(self._removed())
        self.steps = tuple(self._steps())

    def content(self) -> tuple[Block, ...]:
        """Give today's headings and steps, with the run's own events, and what is kept beside them."""
        today = {"": list[Block](self.fresh)}
        for item in walk(_tops(self.fresh)):
            today[item.id] = list(item.children)
        for item in self._kept():
            today.setdefault(item.id, [])
            self._put(item, today[self.parents.get(item.id, "")])
        return tuple(self._built(block, today) for block in today[""])

    def _put(self, item: Item, siblings: list[Block]) -> None:
        """Put a kept step behind the one that it stood behind."""
        ids = [block.id if isinstance(block, Item) else "" for block in siblings]
        parent = self.mine.get(self.parents.get(item.id, ""))
        before = [one.id for one in (parent.children if parent else self.run.items)]
        earlier = reversed(before[: before.index(item.id)])
        after = next((ids.index(name) for name in earlier if name in ids), None)
        first = 1 if siblings and isinstance(siblings[0], Heading) else 0
        siblings.insert(first if after is None else after + 1, item)

    def _built(self, block: Block, today: Mapping[str, list[Block]]) -> Block:
        if not isinstance(block, Item):
            return block
        children = tuple(one for child in today[block.id] if isinstance(one := self._built(child, today), Item))
        return replace(self._with_past(block), children=children)

    def _with_past(self, item: Item) -> Item:
        mine = self.mine.get(item.id)
        if mine is None:
            return item
        if item.id not in self.as_begun:
            return replace(mine, attributes=self._without_gone(mine))
        if self._what(item.id) - {"instructions"}:
            return replace(mine, title=item.title, attributes=item.attributes)
        return mine

    def _without_gone(self, item: Item) -> Attributes:
        """Give the attributes of a step that is kept: an open one holds nobody up, none waits for what is gone."""
        old = item.attributes
        kept = replace(
            old,
            after=tuple(link for link in old.after if link.item not in self.gone),
            back=tuple(name for name in old.back if name not in self.gone),
            not_by=tuple(name for name in old.not_by if name not in self.gone),
        )
        finished = self._is_own(item.id) or fold(item).closed
        return kept if finished else replace(kept, gate=False, optional=True)

    def _is_own(self, name: str) -> bool:
        """Tell whether a step was never one of the procedure: somebody wrote it into the run, or it was kept before."""
        return self.before is not None and name not in self.before

    def _kept(self) -> Iterator[Item]:
        for item in walk(self.run.items):
            if item.id not in self.as_begun and item.id not in self.gone:
                yield item

    def _removed(self) -> Iterator[str]:
        """Give the steps that the procedure has no more and that nobody has touched, nor anything kept below them."""
        for item in walk(self.run.items):
            below = [one for one in walk((item,)) if one.id not in self.as_begun]
            if item.id not in self.as_begun and not any(
                one.events or one.checked or self._is_own(one.id) for one in below
            ):
                yield item.id

    def _what(self, name: str) -> frozenset[str]:
        """Name what the procedure says differently about a step that it had before."""
        base = (self.before or self.mine).get(name, self.mine[name])
        today = self.as_begun[name]
        found = {"title"} if base.title != today.title else set()
        found |= {
            field.name
            for field in fields_of(Attributes)
            if getattr(base.attributes, field.name) != getattr(today.attributes, field.name)
        }
        if self.before and name in self.bodies and self.bodies[name] != _body(self.new, name):
            found.add("instructions")
        return frozenset(found)

    def _steps(self) -> Iterator[StepChange]:
        for item in walk(_tops(self.fresh)):
            if item.id not in self.mine:
                yield StepChange("added", item.id, item.title)
            elif what := self._what(item.id):
                yield StepChange("changed", item.id, item.title, tuple(sorted(what)))
        for name in (item.id for item in walk(self.run.items) if item.id in self.gone):
            yield StepChange("removed", name, self.mine[name].title)
        for item in self._kept():
            if not self._is_own(item.id):
                yield StepChange("kept", item.id, item.title)


def _tops(content: tuple[Block, ...]) -> tuple[Item, ...]:
    return tuple(block for block in content if isinstance(block, Item))


def _by_id(content: tuple[Block, ...]) -> Items:
    return {item.id: item for item in walk(_tops(content))}


def _body(process: Process, name: str) -> str:
    return next((item.body for item in walk(process.items) if item.id == name), "")


def _voided(case: Case, moved: Run, changed: set[str], new: Process) -> tuple[str, ...]:
    """Give the approvals, whole or in part, of what has changed."""
    flow: Flow = flow_of(moved, procedure=new, time=case.flow.time, now=case.flow.now)
    return tuple(
        node.item.id
        for node in flow.nodes
        if node.item.attributes.approval
        and (node.facts.closed == "done" or node.facts.approvals)
        and ({node.item.id} | {other.item.id for other in covers(flow, node)}) & changed
    )


def _void_changes(case: Case, voided: tuple[str, ...], moved: Run) -> Iterator[Change]:
    """Open the approvals again, and the closed steps that they are parts of."""
    flow = flow_of(moved, procedure=None, time=case.flow.time, now=case.flow.now)
    opened: dict[str, Node] = {}
    for name in voided:
        node = flow.node(name)
        for one in (node, *closed_parents(flow, node)) if node else ():
            opened.setdefault(one.item.id, one)
    for one in opened.values():
        yield case.change(one, "reopened", (), "void: the procedure has changed", box=False)


def _marks(case: Case, steps: tuple[StepChange, ...]) -> Iterator[Change]:
    for step in steps:
        node = case.flow.node(step.id) if step.kind == "kept" else None
        if node and not any(event.note == KEPT for event in node.item.events):
            yield case.change(node, "noted", (), KEPT)


def _log_changes(
    case: Case, old: Process | None, new: Process, revision: str, steps: tuple[StepChange, ...]
) -> Iterator[Change]:
    assert isinstance(case.holder, Run)
    defaults = tuple(
        (field.name, field.default)
        for field in new.fields
        if field.default and not case.flow.fields.get(field.name) and not (old and old.find_field(field.name))
    )
    values = (("from", case.holder.revision or "none"), ("to", revision))
    yield case.log("upgraded", values, counted(steps))
    if defaults:
        yield case.log("set", defaults)


def counted(steps: tuple[StepChange, ...]) -> str:
    """Say how many steps are added, changed, removed and kept: `1 step added, 2 changed`; empty where none is."""
    told: list[str] = []
    for kind in ("added", "changed", "removed", "kept"):
        number = sum(step.kind == kind for step in steps)
        if number:
            told.append(f"{number if told else count(number, 'step')} {kind}")
    return ", ".join(told)


def _notices(case: Case, old: Process | None, new: Process, differ: _Difference) -> tuple[str, ...]:
    told: list[str] = []
    stay = [name for name in differ.mine if name in differ.as_begun]
    if stay != [item.id for item in walk(_tops(differ.fresh)) if item.id in differ.mine]:
        told.append("the steps stand in another order")
    assert isinstance(case.holder, Run)
    for name in ("order", "calendar", "stall", "agents"):
        value = getattr(new, name)
        if value != getattr(case.holder, name):
            told.append(f"`{name}` is now {value or 'the usual'}")
    told.extend(
        f"the procedure asks for `{field.name}` now: {case.command('set', f'{field.name}=…')}"
        for field in new.fields
        if field.required and not field.default and not case.flow.fields.get(field.name)
    )
    return tuple(told)
