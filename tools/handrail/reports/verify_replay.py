"""Replaying new events: each is put to `decide` as the action that writes it, on the state that it met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from handrail.base.problem import Problem
from handrail.format.event import normal
from handrail.model.change import Action, Change, Decision, Refusal
from handrail.model.item import Event, Item, walk
from handrail.model.run import Run
from handrail.model.state import Child, Progress, ProjectState, RunState
from handrail.reports.verify_action import actions_for, box_after, must_follow, priority, same_event
from handrail.reports.verify_case import Deed, Holder, Law, problem, told
from handrail.reports.verify_history import by_id, with_events
from handrail.reports.verify_upgrade import replayed_upgrade
from handrail.rules.apply import apply
from handrail.rules.decide import decide
from handrail.rules.fold import fold, proposed_by

Queues = dict[str, list[Event]]
IN_LOG = frozenset({"set", "due", "noted", "cancelled", "renamed"})
"""What happens to a run or project as a whole. It starts once, when its file is written."""


class Replay:
    """One file's way from a state to the next. `holder` is the state so far, `queues` the events still to come.

    `after` is where the way leads to; `mended` are events that were written for ticks of earlier commits.
    """

    def __init__(self, before: Holder, after: Holder, queues: Mapping[str, list[Event]], deed: Deed, law: Law) -> None:
        self.holder: Holder = before
        self.after = after
        self.queues: Queues = {item: list(events) for item, events in queues.items() if events}
        self.deed = deed
        self.law = law
        self.ticked = frozenset(item.id for item in walk(before.items) if item.checked)
        self.found: list[Problem] = []
        self.mended: list[tuple[str, Event]] = []

    def run(self) -> None:
        """Take one event after the other, in the order of their times, then what was ticked by hand."""
        while heads := self._heads():
            refusals = []
            for item, event in heads:
                refusal = self._take(item, event)
                if refusal is None:
                    break
                refusals.append((item, event, refusal))
            else:
                self._force(*refusals[0])

    def _heads(self) -> list[tuple[str, Event]]:
        """Give the first events of the queues that have the earliest time, those first that others follow from."""
        index = {item.id: number for number, item in enumerate(walk(self.holder.items))}
        heads = [(item, events[0]) for item, events in self.queues.items() if events and (not item or item in index)]
        if not heads:
            return []
        first = min(event.time for _, event in heads)
        now = [head for head in heads if head[1].time == first]
        return sorted(now, key=lambda head: (priority(head[1]), index.get(head[0], -1)))

    def _take(self, item: str, event: Event) -> Refusal | None:
        """Replay an event; give why it was not possible."""
        if self._is_mending(item, event):
            return None
        if event.verb == "upgraded" and not item and isinstance(self.holder, Run) and isinstance(self.after, Run):
            return self._upgrade(event)
        if not item and event.verb not in IN_LOG:
            return Refusal("not-possible", "nothing writes such an event into a Log")
        refusal: Refusal | None = None
        for action in actions_for(item, self.queues[item]):
            outcome = self._decide(action, event)
            if isinstance(outcome, Decision):
                outcome = self._consume(event, outcome.changes) or outcome
            if isinstance(outcome, Decision):
                return None
            refusal = refusal or outcome
        return refusal or Refusal("not-possible", "nothing writes such an event here")

    def _decide(self, action: Action, event: Event) -> Decision | Refusal:
        run = self.holder if isinstance(self.holder, Run) else None
        children: Mapping[str, tuple[Child, ...]] = {}
        if run and action.verb in ("check", "approve"):
            items = {item.id: item for item in walk(run.items) if item.attributes.run and item.id in action.items}
            named = event.value("run")
            children = {name: self.law.children(run, item, named) for name, item in items.items()}
        procedure = self.law.procedure(run.process, run.revision) if run else None
        state = state_for(self.holder, self.law)
        return decide(
            state, action, who=event.who, now=event.time, config=self.law.config, procedure=procedure, children=children
        )

    def _consume(self, event: Event, changes: tuple[Change, ...]) -> Refusal | None:
        """Take the events that a decision writes from the queues, where they are the ones that stand there."""
        used: dict[str, int] = {}
        kept: list[Change] = []
        took_first = False
        for change in changes:
            queue = self.queues.get(change.item, [])
            at = used.get(change.item, 0)
            if at < len(queue) and same_event(normal(change.event), queue[at]):
                took_first = took_first or queue[at] is event
                used[change.item] = at + 1
                kept.append(change)
            elif must_follow(change, event):
                why = f"`{change.item}` was not sent back with it"
                return Refusal("incomplete-rejection", why, "a rejection reopens what it covers")
        if not took_first:
            return _unlike(event, changes)
        for item, count in used.items():
            del self.queues[item][:count]
        self.holder = apply(self.holder, kept)
        return None

    def _is_mending(self, item: str, event: Event) -> bool:
        """Take an event that `fmt` wrote for a box that was ticked or emptied by hand in an earlier commit."""
        found = next((one for one in walk(self.holder.items) if one.id == item), None)
        if found is None or event.verb not in ("done", "approved", "reopened", "noted"):
            return False
        closing = event.verb != "reopened"
        if event.verb == "noted" and by_id(self.after)[item].checked:
            return False
        facts = fold(replace(found, checked=True))
        ticked = closing and found.checked and facts.untimed
        emptied = not closing and not found.checked and facts.closed and not facts.untimed
        if not ticked and not emptied:
            return False
        wrote = self.law.ticked(found)
        if wrote is None or wrote[0] != event.who or not _near(event.time, wrote[1], found.events):
            return False
        self.mended.append((item, event))
        self._apply(item, event, box=False if event.verb == "noted" else box_after(event))
        return True

    def _apply(self, item: str, event: Event, box: bool | None) -> None:
        del self.queues[item][0]
        self.holder = apply(self.holder, [Change(item, event, box if item else None)])

    def _upgrade(self, event: Event) -> Refusal | None:
        assert isinstance(self.holder, Run)
        assert isinstance(self.after, Run)
        outcome = replayed_upgrade(self.holder, self.after, event, self.law)
        if isinstance(outcome, Refusal):
            return outcome
        refusal = self._consume(event, outcome.changes)
        if refusal is None:
            self.holder = with_events(replace(outcome.run, log=self.holder.log), by_id(self.holder))
        return refusal

    def _force(self, item: str, event: Event, refusal: Refusal) -> None:
        """Report an event that the rules do not allow, and go on as if it had been possible."""
        message = f"{told(event)} was not possible: {refusal.message}"
        self.found.append(problem(refusal.code, event.place, message, refusal.hint))
        self._apply(item, event, box_after(event))

    def ticks(self) -> None:
        """Judge the boxes that say something else than the events: a tick counts as done by the commit's author."""
        after = {item.id: item for item in walk(self.after.items)}
        waiting = []
        for item in walk(self.holder.items):
            new = after.get(item.id)
            if new and new.checked and not item.checked:
                waiting.append(new)
            elif new and item.checked and not new.checked:
                self.found.append(self._emptied(new))
        while waiting:
            refused = [(item, refusal) for item in waiting if (refusal := self._tick(item.id))]
            if len(refused) == len(waiting):
                for item, refusal in refused:
                    message = f"`{item.id}` was ticked by hand: {refusal.message}"
                    self.found.append(problem(refusal.code, item.place, message, refusal.hint))
                return
            waiting = [item for item, _ in refused]

    def _emptied(self, item: Item) -> Problem:
        if item.id not in self.ticked:
            message = f"`{item.id}` is finished by its events, and its box was left empty"
            return problem("box-disagrees", item.place, message, "tick the box in the same commit")
        message = f"the box of `{item.id}` was emptied, and no `reopened` event says why"
        return problem("unticked", item.place, message, f"`handrail reopen … {item.id} -m REASON` opens it again")

    def _tick(self, name: str) -> Refusal | None:
        item = next(one for one in walk(self.holder.items) if one.id == name)
        verb = "approve" if item.attributes.approval else "check"
        event = Event(self.deed.time, self.deed.author, "approved" if item.attributes.approval else "done")
        outcome = self._decide(Action(verb, (name,)), event)
        if isinstance(outcome, Refusal):
            return outcome
        if any(proposed_by(change.event) for change in outcome.changes):
            return Refusal("agent-proposes", "an agent only proposes here", "a person confirms it by `handrail check`")
        if not any(change.box for change in outcome.changes):
            return Refusal("approvals-missing", "it needs more approvals", "each of them is an `approved` event")
        self.holder = apply(self.holder, outcome.changes)
        return None


def state_for(holder: Holder, law: Law) -> RunState | ProjectState:
    """Give a state for `decide`, which derives everything from the holder and its working time."""
    if isinstance(holder, Run):
        return RunState(holder, "active", (), Progress(), time=law.moment.time_for(holder.calendar))
    return ProjectState(holder, "active", (), Progress(), time=law.moment.normal)


def _near(time: datetime, ticked: datetime, events: tuple[Event, ...]) -> bool:
    """Tell whether an event has the time of a tick, or of the newest event where that is later."""
    newest = max((event.time for event in events), default=ticked)
    return time == max(ticked, newest).replace(microsecond=0)


def _unlike(event: Event, changes: tuple[Change, ...]) -> Refusal:
    same = next((change.event for change in changes if change.event.verb == event.verb), None)
    if same is not None and same.time > event.time:
        return Refusal("events-order", "it is older than what stands above it", "events stand oldest first")
    return Refusal("not-as-written", "the rules would have written another event", "events are written by the tool")
