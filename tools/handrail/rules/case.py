"""One action in front of the state that it meets: what the verbs look at, and the words that they answer with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime

from handrail.base.value import dataclass
from handrail.base.words import did_you_mean, one_line
from handrail.model.change import Action, Change, Decision, Refusal
from handrail.model.item import Event
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.state import Child
from handrail.rules.flow import NOBODY, Flow, Hold, Node, flow_of
from handrail.rules.fold import proposed_by
from handrail.rules.state import ready_at

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """An action by `who` at `now` on a run or project as it stands. Verbs are functions of a case and a node."""

    holder: Run | Project
    flow: Flow
    action: Action
    who: str
    now: datetime
    config: Config
    procedure: Process | None
    children: Mapping[str, tuple[Child, ...]] = field(default_factory=dict)

    @property
    def is_run(self) -> bool:
        """Whether this is about a run, as against a project."""
        return isinstance(self.holder, Run)

    @property
    def noun(self) -> str:
        """What an item is called here."""
        return "step" if self.is_run else "task"

    @property
    def whole(self) -> str:
        """What the whole is called here."""
        return "run" if self.is_run else "project"

    @property
    def note(self) -> str:
        """The note that came with the action, on one line."""
        return one_line(self.action.note)

    def value(self, key: str) -> str:
        """Give an option of the action on one line, empty where it was not given."""
        return next((one_line(text) for name, text in self.action.values if name == key), "")

    def with_holder(self, holder: Run | Project) -> Case:
        """Give the same case against another state."""
        flow = flow_of(holder, procedure=self.procedure, time=self.flow.time, now=self.flow.now)
        return replace(self, holder=holder, flow=flow)

    # What to write

    def change(self, node: Node, verb: str, values: Pairs = (), note: str = "", box: bool | None = None) -> Change:
        """Give an event under an item, in whole seconds, never earlier than what stands there already."""
        return Change(node.item.id, Event(self._moment(node.facts.last), self.who, verb, values, note), box)

    def log(self, verb: str, values: Pairs = (), note: str = "") -> Change:
        """Give an event in the Log."""
        newest = max((event.time for event in self.holder.log), default=None)
        return Change("", Event(self._moment(newest), self.who, verb, values, note))

    def _moment(self, newest: datetime | None) -> datetime:
        now = self.now.astimezone(UTC).replace(microsecond=0)
        return now if newest is None or newest <= now else newest

    # Words

    def person(self, key: str) -> str:
        """Give the name to show for a person or team."""
        return self.config.person(key).shown if key else "somebody"

    def people(self, keys: Sequence[str]) -> str:
        """Give the names to show for several."""
        return ", ".join(self.person(key) for key in keys)

    def day(self, instant: datetime) -> str:
        """Give the day of an instant as people say it, with the year where it is another one."""
        day = self.flow.time.local_date(instant)
        this_year = self.flow.time.local_date(self.now).year
        return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != this_year else "")

    def command(self, verb: str, *words: str) -> str:
        """Give the command line that would do something here."""
        group = "" if self.is_run or verb == "show" else "project "
        return f"`handrail {group}{verb} {' '.join((self.holder.id, *words))}`"

    def waiting_for(self, node: Node) -> str:
        """Give an item that others wait for: its id, who has it, since when."""
        told = [self.people(node.assignees)] if node.assignees else []
        ready = ready_at(self.flow, node)
        if ready is not None:
            told.append(f"since {self.day(ready)}")
        return f"`{node.item.id}`" + (f" ({', '.join(told)})" if told else "")

    # What is often refused

    def find(self, item: str) -> Node | Refusal:
        """Find an item by its id, never by its position."""
        node = self.flow.node(item)
        if node is not None:
            return node
        hint = did_you_mean(item, self.flow.ids)
        return Refusal("unknown-item", f"There is no {self.noun} `{item}` in this {self.whole}", hint)

    def closed(self, node: Node) -> Refusal | None:
        """Refuse where the item is finished, skipped or does not apply."""
        name, facts = f"`{node.item.id}`", node.facts
        reopen = f"{self.command('reopen', node.item.id, '-m REASON')} opens it again"
        if node.closed == "na":
            return self.not_applicable(node)
        if node.closed == "skipped":
            told = f" by {self.person(facts.by)}" if facts.by else ""
            told += f" on {self.day(node.closed_at)}" if node.closed_at else ""
            reason = f": {facts.skip_reason}" if facts.skip_reason else ""
            return Refusal("already-skipped", f"{name} was skipped{told}{reason}", reopen)
        if node.closed:
            told = f"by {self.person(facts.by)} on {self.day(facts.done)}" if facts.done else "by hand in the file"
            return Refusal("already-done", f"{name} was done {told}", reopen)
        return None

    def not_applicable(self, node: Node) -> Refusal:
        """Refuse because the item's condition does not hold."""
        shown = node.item.attributes.condition
        why = f"`{shown}` does not hold" if shown else f"the {self.noun} that it belongs to does not"
        hint = f"{self.command('set', 'FIELD=VALUE')} may change that"
        return Refusal("not-applicable", f"`{node.item.id}` does not apply: {why}", hint)

    def blocked(self, node: Node) -> Refusal | None:
        """Refuse where the item is blocked."""
        if not node.facts.blocked:
            return None
        until = f" until {node.facts.blocked_until}" if node.facts.blocked_until else ""
        why = f": {node.facts.blocked_reason}" if node.facts.blocked_reason else ""
        hint = f"{self.command('unblock', node.item.id)} when it can go on"
        return Refusal("blocked", f"`{node.item.id}` is blocked{until}{why}", hint)

    def held(self, node: Node) -> Refusal | None:
        """Refuse where something must be finished first: a gate, `after=`, a strict order, a wait."""
        hold = self._hold(node)
        return self._held_by(node, hold) if hold else None

    def _hold(self, node: Node) -> Hold | None:
        """Give the weightiest reason why an item must not be finished yet."""
        for kind in ("gate", "after", "order", "wait"):
            for hold in node.holds:
                if hold.kind == kind and (kind != "order" or self.flow.order == "strict"):
                    return hold
        return None

    def _held_by(self, node: Node, hold: Hold) -> Refusal:
        name = f"`{node.item.id}`"
        if hold.node == NOBODY:
            until = f" until {self.day(node.wait_until)}" if node.wait_until else ""
            hint = f"it opens then; {self.command('skip', node.item.id, '-m REASON')} leaves it out"
            return Refusal("wait-not-over", f"{name} waits{until}", hint)
        other = self.flow.nodes[hold.node]
        first = self.way_to(other)
        if hold.kind == "gate":
            return Refusal("gate", f"{name} is behind the gate {self.waiting_for(other)}", first)
        if hold.kind == "order":
            return Refusal("strict-order", f"{name} comes after {self.waiting_for(other)}, in strict order", first)
        return Refusal("waits", f"{name} waits for {self.waiting_for(other)}", first)

    def way_to(self, other: Node) -> str:
        """Give the command that is possible now and leads towards an item that must come first."""
        first = self._first_possible(other)
        if first.facts.blocked:
            return f"{self.command('unblock', first.item.id)} when it can go on"
        if self._hold(first):
            return f"{self.command('show', first.item.id)} tells what it waits for"
        if first.facts.proposed:
            verb = "skip" if proposed_by(first.facts.proposed) == "skipped" else "check"
            return f"a person confirms what is proposed there: {self.command(verb, first.item.id)}"
        verb = "approve" if first.item.attributes.approval else "check" if first.facts.doing else "begin"
        return f"{self.command(verb, first.item.id)} comes first"

    def _first_possible(self, node: Node) -> Node:
        """Follow what holds an item back to the first one that is not held itself; in a cycle, to any of it."""
        seen: set[int] = set()
        while node.index not in seen:
            seen.add(node.index)
            hold = self._hold(node)
            if hold and hold.node != NOBODY:
                node = self.flow.nodes[hold.node]
            elif node.open_children and (node.facts.doing or node.item.attributes.approval):
                node = self.flow.nodes[node.open_children[0]]
        return node

    def open_substeps(self, node: Node) -> Refusal | None:
        """Refuse where sub-items are open."""
        if not node.open_children:
            return None
        ids = [self.flow.nodes[child].item.id for child in node.open_children]
        shown = ", ".join(f"`{child}`" for child in ids)
        message = f"`{node.item.id}` has open sub-{self.noun}s: {shown}"
        return Refusal("open-substeps", message, f"{self.command('check', *ids)} comes first")

    def needs_note(self, what: str) -> Refusal | None:
        """Refuse where the action came without its reason."""
        if self.note:
            return None
        hint = self.command(self.action.verb, *self.action.items, "-m REASON")
        return Refusal("needs-note", f"{what} needs a reason", hint)

    def out_of_order(self, node: Node) -> tuple[str, ...]:
        """Give the notice that an item is done before its turn."""
        early = [self.flow.nodes[hold.node] for hold in node.holds if hold.kind == "order" and hold.node != NOBODY]
        return tuple(f"out of order: `{other.item.id}` is still open" for other in early[:1])


def decided(changes: Sequence[Change], notices: Sequence[str] = ()) -> Decision:
    """Give a decision of these changes."""
    return Decision(tuple(changes), tuple(notices))
