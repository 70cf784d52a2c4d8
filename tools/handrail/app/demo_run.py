"""One invented run from its start to the present: who did what when, by the rules that hold for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from handrail.app.demo_words import ENDINGS, NOTES, OBJECTIONS, OBSTACLES, REASONS, SECOND_THOUGHTS, Chooser
from handrail.base.value import dataclass
from handrail.base.words import one_line
from handrail.format.run import write_run
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.change import Action, Decision
from handrail.model.item import Block, Item
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.model.state import RunState, StepState, walk_states
from handrail.rules.apply import apply
from handrail.rules.decide import decide
from handrail.rules.state import run_state
from handrail.store.message import build_message
from handrail.text.plain import plain

MOST_ACTIONS = 400
PAST = {
    "check": "done",
    "begin": "started",
    "skip": "skipped",
    "reopen": "reopened",
    "approve": "approved",
    "reject": "rejected",
    "block": "blocked",
    "unblock": "unblocked",
    "note": "noted",
    "cancel": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Version:
    """A file as one commit leaves it, and that commit: when, by whom (a key), with which message.

    `beside` are files that the commit adds, by path: evidence.
    """

    when: datetime
    who: str
    message: str
    text: str
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a run: `pace` stretches every span; the others happen at that share of its steps (0: never)."""

    pace: float = 1.0
    stops: float = 0.0
    cancelled: float = 0.0
    blocked: float = 0.0


@dataclass(slots=True)
class Simulation:
    """A run that is being lived through. `versions` grows by one with each commit."""

    run: Run
    procedure: Process
    config: Config
    time: WorkingTime
    now: datetime
    random: Random
    fate: Fate
    clock: datetime
    versions: list[Version] = field(default_factory=list)
    stuck: set[str] = field(default_factory=set)
    beside: Mapping[str, str] = field(default_factory=dict)

    def live(self) -> tuple[Version, ...]:
        """Let the run happen until it ends, stops, or reaches the present. Gives its versions, oldest first."""
        self._keep(self.run.by, "started", "", "")
        blocked = self.fate.blocked == 0
        for _ in range(MOST_ACTIONS):
            state = self._state()
            if self._is_over(state):
                break
            if 0 < self.fate.cancelled <= state.progress.share:
                self._cancel()
                break
            step = self._next(state)
            if step is None:
                break
            if not blocked and state.progress.share >= self.fate.blocked:
                blocked = True
                self._block(step)
                continue
            moment = self._moment(step, beside=sum(one.state == "ready" for one in walk_states(state.steps)))
            if moment > self.now:
                self._begin_late(step, moment)
                break
            self._finish(step, moment)
        return tuple(self.versions)

    def _is_over(self, state: RunState) -> bool:
        """Tell whether nothing more happens. What is optional may still be done after the end."""
        if state.state == "done":
            return self.random.random() < 0.5
        return state.state == "cancelled" or 0 < self.fate.stops <= state.progress.share

    def _state(self) -> RunState:
        return run_state(self.run, procedure=self.procedure, time=self.time, now=self.clock)

    def _next(self, state: RunState) -> StepState | None:
        """Choose what is done next: mostly what is due first; wait for what waits only for the clock."""
        steps = [step for step in walk_states(state.steps) if step.id not in self.stuck]
        ready = [step for step in steps if step.state in ("ready", "doing")]
        ready.sort(key=lambda step: step.due or self.clock + timedelta(days=3))
        if ready:
            return ready[min(len(ready) - 1, int(self.random.expovariate(2.0)))]
        waits = [step.wait_until for step in steps if step.wait_until and step.wait_until > self.clock]
        if waits and min(waits) <= self.now:
            self.clock = min(waits)
            return self._next(self._state())
        return None

    def _moment(self, step: StepState, *, beside: int) -> datetime:
        """Say when the step is done: some hours after the one before, or near the date that it counts back from.

        Where several steps are ready, several people are at work, and the next one is finished the sooner.
        """
        if self.run.calendar == "always":
            return self.clock + timedelta(minutes=self.random.lognormvariate(2.6, 0.9) * self.fate.pace)
        hours = self.random.lognormvariate(0.7, 0.9) * self.fate.pace / max(1, beside) ** 0.6
        done = self.time.add(self.clock, Duration(round(hours, 2), "h"))
        due = step.item.attributes.due
        if step.due and due and due.anchor:
            early = Duration(-round(self.random.uniform(0.5, 14), 2), "h")
            lateness = Duration(round(self.random.expovariate(0.1), 2), "h")
            late = self.random.random() < 0.15
            done = max(done, self.time.add(step.due, lateness if late else early))
        return done.replace(microsecond=0)

    def _finish(self, step: StepState, moment: datetime) -> None:
        item = step.item
        if item.attributes.optional and self.random.random() < 0.4 and self._act("skip", step, moment, self._reason()):
            return
        if self._may_be_ticked(step) and self.random.random() < 0.05:
            self._tick(step, moment)
            return
        if item.attributes.est and self.random.random() < 0.35:
            begun = self.time.add(moment, Duration(-round(self.random.uniform(0.2, 3), 2), "h"))
            soon = self.clock + (moment - self.clock) * self.random.uniform(0.1, 0.4)
            self._act("begin", step, max(begun, soon).replace(microsecond=0))
        if item.attributes.approval:
            self._approve(step, moment)
            return
        note = self.random.choice(NOTES) if "note" in item.attributes.proof or self.random.random() < 0.12 else ""
        if not self._act("check", step, moment, note):
            if not self._act("skip", step, moment, self._reason()):
                self.stuck.add(step.id)
        elif self.random.random() < 0.02:
            again = self.time.add(moment, Duration(1, "d"))
            self._act("reopen", step, again, self.random.choice(SECOND_THOUGHTS))

    def _approve(self, step: StepState, moment: datetime) -> None:
        first = step.facts.attempt == 1 and not step.facts.rejected
        objects = first and self.random.random() < 0.25
        if objects and self._act("reject", step, moment, self.random.choice(OBJECTIONS)):
            return
        if not self._act("approve", step, moment):
            self.stuck.add(step.id)

    def _reason(self) -> str:
        return self.random.choice(REASONS)

    def _begin_late(self, step: StepState, moment: datetime) -> None:
        """What would be done after the present may have been begun before it."""
        begun = self.time.add(self.clock, Duration(1, "h"))
        if begun < self.now < moment and self.random.random() < 0.4:
            self._act("begin", step, begun)

    def _block(self, step: StepState) -> None:
        until = self.clock + timedelta(days=self.random.randint(2, 9))
        self._act("block", step, self.clock + timedelta(minutes=30), self.random.choice(OBSTACLES))
        if until < self.now:
            self._act("unblock", step, self.time.start_of(self.time.local_date(until)) + timedelta(minutes=40))
        else:
            self.stuck.add(step.id)
            self.fate = replace(self.fate, stops=0.001)

    def _cancel(self) -> None:
        moment = self.time.add(self.clock, Duration(3, "h"))
        action = Action("cancel", note=self.random.choice(ENDINGS))
        if moment <= self.now:
            self._try(action, (self.run.by,), moment, None)

    def _act(self, verb: str, step: StepState, moment: datetime, note: str = "") -> bool:
        """Do something to a step as the first person who is allowed to; tell whether anybody was."""
        if moment > self.now:
            return False
        chooser = Chooser(self.random)
        values: tuple[tuple[str, str], ...] = ()
        fields: tuple[tuple[str, str], ...] = ()
        if verb in ("check", "approve"):
            values, self.beside = self._evidence(step, chooser)
            fields = self._asked(step, chooser)
        action = Action(verb, (step.id,), note, values, fields)
        acted = self._try(action, self._people(step), moment, step)
        self.beside = {}
        return acted

    def _evidence(self, step: StepState, chooser: Chooser) -> tuple[tuple[tuple[str, str], ...], Mapping[str, str]]:
        """Give what a step asks for as proof: the values of the event, and the file that it names."""
        kinds = step.item.attributes.proof
        if "link" in kinds:
            return (("link", chooser.link(step.id)),), {}
        if "file" not in kinds:
            return (), {}
        path = f"{self.run.path.removesuffix('.md')}/{step.id}-scan.txt"
        text = f"{plain(step.item.title)}\n\n{self.run.title}: scanned and signed.\n"
        return (("file", path), ("sha256", sha256(text.encode()).hexdigest())), {path: text}

    def _asked(self, step: StepState, chooser: Chooser) -> tuple[tuple[str, str], ...]:
        known = dict(self._state().fields) if step.item.attributes.ask else {}
        wanted = [self.procedure.find_field(name) for name in step.item.attributes.ask if not known.get(name)]
        return tuple((one.name, chooser.value(one, self.clock)) for one in wanted if one is not None)

    def _people(self, step: StepState) -> tuple[str, ...]:
        """Give who may do it: those who have it, then the others of their team, the owner, everybody."""
        members = [member for name in step.assignees for member in self.config.members(name)]
        if len(members) > 1 and self.random.random() < 0.4:
            members = members[1:] + members[:1]
        others = [key for key, person in self.config.people.items() if not person.agent]
        return tuple(dict.fromkeys((*members, self.procedure.owner.lstrip("@"), *others)))

    def _try(self, action: Action, people: tuple[str, ...], moment: datetime, step: StepState | None) -> bool:
        state = run_state(self.run, procedure=self.procedure, time=self.time, now=moment)
        for who in people:
            outcome = decide(state, action, who=who, now=moment, config=self.config, procedure=self.procedure)
            if isinstance(outcome, Decision):
                self.run = apply(self.run, outcome.changes)
                self.clock = moment
                title = plain(step.item.title) if step else ""
                self._keep(who, PAST[action.verb], step.id if step else "", title, action.note)
                return True
        return False

    def _may_be_ticked(self, step: StepState) -> bool:
        item = step.item
        special = item.attributes.ask or item.attributes.proof or item.attributes.approval or item.attributes.gate
        return not special and not item.children and not item.events

    def _tick(self, step: StepState, moment: datetime) -> None:
        """Tick the box as in an editor: no event says who and when, the commit does."""
        self.run = replace(self.run, content=_ticked(self.run.content, step.id))
        self.clock = moment
        who = self._people(step)[0]
        name = self.run.path.rpartition("/")[2]
        self.versions.append(Version(moment, who, f"Update {name}\n", write_run(self.run)))

    def _keep(self, who: str, past: str, item: str, title: str, note: str = "") -> None:
        trailers = [("Handrail-Action", past), ("Handrail-Run", self.run.id), ("Handrail-Step", item)]
        subject = f"{past} {self.run.id}" + (f": {one_line(title)}" if title else "")
        message = build_message(subject, note, trailers)
        self.versions.append(Version(self.clock, who, message, write_run(self.run), self.beside))


def _ticked(content: tuple[Block, ...], item: str) -> tuple[Block, ...]:
    return tuple(_tick_in(block, item) if isinstance(block, Item) else block for block in content)


def _tick_in(block: Item, item: str) -> Item:
    children = tuple(_tick_in(child, item) for child in block.children)
    return replace(block, children=children, checked=block.checked or block.id == item)
