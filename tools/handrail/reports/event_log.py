"""The event log: what happened to each step of each run, in the words of process mining.

A run is a case, a step an activity, an event one transition in the step's life (IEEE 1849-2016, lifecycle extension).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime

from handrail.base.value import dataclass
from handrail.model.item import Event, Item, walk
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.model.state import RunState, walk_states
from handrail.reports.steps import stages
from handrail.rules.fold import CONFIRMS, enough_approvals, proposed_by
from handrail.text.plain import plain

TRANSITIONS = (
    "schedule", "assign", "reassign", "start", "suspend", "resume", "complete", "manualskip", "ate_abort", "unknown",
)  # fmt: skip
"""The transitions that events come to. `unknown` is the standard's word for what is no transition."""
CLOSING = frozenset({"complete", "manualskip", "ate_abort"})
"""The transitions by which an attempt at a step ends: done or approved, skipped, rejected."""

Names = Mapping[tuple[str, str], str]
"""What a step is called in the log, by process and id."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One event. `item` is empty for what stands in the run's Log; `activity` is then empty too.

    `attempt` counts from 1; an event that opens a step again is the first of the next attempt. `proposes` and
    `confirms` are the marks of agents' proposals; `commit` is set where a box was ticked by hand.
    """

    time: datetime
    who: str
    verb: str
    transition: str
    item: str = ""
    activity: str = ""
    stage: str = ""
    role: str = ""
    attempt: int = 0
    by_agent: bool = False
    proposes: str = ""
    confirms: str = ""
    note: str = ""
    values: tuple[tuple[str, str], ...] = ()
    commit: str = ""


@dataclass(frozen=True, slots=True)
class LoggedRun:
    """One run with its events, by time and then in the order of its file.

    `untold` counts boxes that were ticked by hand where nobody knows when and by whom: there is no event for them.
    """

    state: RunState
    events: tuple[Logged, ...]
    untold: int = 0

    @property
    def run(self) -> Run:
        """The run itself."""
        return self.state.run


@dataclass(frozen=True, slots=True)
class Naming:
    """What all runs of a log share: what steps are called, and who is who."""

    names: Names = field(default_factory=dict)
    config: Config = Config()


def activity_names(processes: Iterable[Process]) -> Names:
    """Give each step the title that its procedure has for it; steps of one title are told apart by their ids."""
    found: dict[tuple[str, str], str] = {}
    for process in processes:
        titles = {item.id: plain(item.title) or item.id for item in walk(process.items)}
        often = Counter(titles.values())
        found |= {(process.id, id): f"{name} ({id})" if often[name] > 1 else name for id, name in titles.items()}
    return found


def logged_run(state: RunState, naming: Naming) -> LoggedRun:
    """Give the log of one run: the events of its steps and those of its Log."""
    run, agents = state.run, naming.config
    found = [_of_log(event, agents) for event in run.log]
    untold = 0
    stage_of = stages(state.steps)
    for step in walk_states(state.steps):
        item = step.item
        name = naming.names.get((run.process, item.id)) or plain(item.title) or item.id
        found += [_of_step(item, stage_of[item.id], name, *one, agents) for one in transitions(item)]
        untold += step.facts.untimed
    return LoggedRun(state, tuple(sorted(found, key=lambda one: one.time)), untold)


def transitions(item: Item) -> Iterator[tuple[Event, str, int]]:
    """Give each event of an item with the transition that it is, and the attempt that it belongs to."""
    life = _Life(item)
    for event in item.events:
        transition = life.take(event)
        yield event, transition, life.attempt
        life.after(event)


class _Life:
    """Where a step stands in its life while its events are gone through. The rules are those of `rules.fold`."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.attempt = 1
        self.closed = False
        self.given = bool(item.attributes.who)
        self.approvals: set[str] = set()
        self.last_approval = max((event.time for event in item.events if event.verb == "approved"), default=None)

    def take(self, event: Event) -> str:
        handler = _TRANSITION.get(event.verb)
        return handler(self, event) if handler else "unknown"

    def after(self, event: Event) -> None:
        """A rejected approval ends its attempt; what comes after it belongs to the next one."""
        if event.verb == "rejected" and self.item.attributes.approval:
            self.open_again()

    def open_again(self) -> None:
        self.attempt += 1
        self.closed = False
        self.approvals.clear()

    def close(self, transition: str) -> str:
        """Close once: the second of two closings that were merged is no transition."""
        if self.closed:
            return "unknown"
        self.closed = True
        return transition

    def started(self, event: Event) -> str:
        return "unknown" if self.closed else "start"

    def done(self, event: Event) -> str:
        return self.close("complete")

    def skipped(self, event: Event) -> str:
        return self.close("manualskip")

    def approved(self, event: Event) -> str:
        """The approval that completes the number asked for; of all assignees, the last one where the box says so."""
        self.approvals.add(event.who)
        wanted = self.item.attributes.approval
        last = wanted == "all" and self.item.checked and event.time == self.last_approval
        return self.close("complete") if last or enough_approvals(wanted, len(self.approvals)) else "unknown"

    def rejected(self, event: Event) -> str:
        if self.item.attributes.approval:
            return "ate_abort"
        return self.reopened(event)

    def reopened(self, event: Event) -> str:
        self.open_again()
        return "schedule"

    def assigned(self, event: Event) -> str:
        before, self.given = self.given, True
        return "reassign" if before else "assign"

    def blocked(self, event: Event) -> str:
        return "suspend"

    def unblocked(self, event: Event) -> str:
        return "resume"


_TRANSITION: dict[str, Callable[[_Life, Event], str]] = {
    "started": _Life.started,
    "done": _Life.done,
    "skipped": _Life.skipped,
    "approved": _Life.approved,
    "rejected": _Life.rejected,
    "reopened": _Life.reopened,
    "assigned": _Life.assigned,
    "blocked": _Life.blocked,
    "unblocked": _Life.unblocked,
}


def _of_step(item: Item, stage: str, name: str, event: Event, transition: str, attempt: int, config: Config) -> Logged:
    return Logged(
        time=event.time,
        who=event.who,
        verb=event.verb,
        transition=transition,
        item=item.id,
        activity=name,
        stage=plain(stage),
        role=" ".join(item.attributes.role),
        attempt=attempt,
        by_agent=config.person(event.who).agent,
        proposes=proposed_by(event),
        confirms=event.value(CONFIRMS),
        note=event.note,
        values=event.values,
        commit=event.commit,
    )


def _of_log(event: Event, config: Config) -> Logged:
    return Logged(
        time=event.time,
        who=event.who,
        verb=event.verb,
        transition="unknown",
        by_agent=config.person(event.who).agent,
        note=event.note,
        values=event.values,
        commit=event.commit,
    )
