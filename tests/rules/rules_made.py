"""Short ways to make the runs, projects and calendars that these tests speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from handrail.model.calendar import Calendar, Duration
from handrail.model.change import Action, Decision, Refusal
from handrail.model.item import Attributes, Event, Item
from handrail.model.people import Config, Person
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.state import ProjectState, RunState, StepState, walk_states
from handrail.plan.worktime import working_time
from handrail.rules.apply import apply
from handrail.rules.decide import decide
from handrail.rules.state import project_state, run_state

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


OFFICE = working_time(Calendar())  # 9 to 17 UTC, Monday to Friday

CONFIG = Config(
    people={
        "ana": Person("ana", "Ana Reyes"),
        "ben": Person("ben", "Ben Oduya"),
        "chi": Person("chi", "Chi Wen"),
        "ines": Person("ines", "Ines Roth"),
        "tom": Person("tom", "Tom Varga"),
        "zoe": Person("zoe", "Zoe Lind", active=False),
        "robo": Person("robo", "Triage bot", agent=True),
    },
    teams={"finance": ("ines", "tom")},
)


def at(days: float = 0, hours: float = 0) -> datetime:
    """Give a moment counted from the Monday morning on which the runs here start."""
    return MONDAY + timedelta(days=days, hours=hours)


def step(name: str, *children: Item, **attributes: object) -> Item:
    """Make a step with these attributes."""
    return Item(name, f"Step {name}", Attributes(**attributes), children=children)  # type: ignore[arg-type]


def make_run(*steps: Item, **values: object) -> Run:
    """Make a run that starts on Monday morning."""
    base = Run("onboarding/ada", "processes/onboarding/runs/ada.md", "onboarding", "Ada Lovelace", MONDAY, by="ana")
    return replace(base, content=steps, **values)  # type: ignore[arg-type]


def make_project(*tasks: Item, **values: object) -> Project:
    """Make a project."""
    return replace(Project("spring", "projects/spring/README.md", "Spring"), content=tasks, **values)  # type: ignore[arg-type]


class Play:
    """A run or project that is played through, action by action."""

    def __init__(self, holder: Run | Project, procedure: Process | None = None, config: Config = CONFIG) -> None:
        self.holder = holder
        self.procedure = procedure
        self.config = config
        self.now = at()
        self.notices: tuple[str, ...] = ()

    @property
    def state(self) -> RunState | ProjectState:
        if isinstance(self.holder, Run):
            return run_state(self.holder, procedure=self.procedure, time=OFFICE, now=self.now)
        return project_state(self.holder, time=OFFICE, now=self.now)

    @property
    def steps(self) -> dict[str, StepState]:
        return {one.id: one for one in walk_states(self.state.steps)}

    def states(self) -> dict[str, str]:
        return {name: one.state for name, one in self.steps.items()}

    def ask(
        self,
        verb: str,
        *items: str,
        who: str = "ana",
        note: str = "",
        fields: Mapping[str, str] | None = None,
        **values: str,
    ) -> Decision | Refusal:
        """Ask for a decision without carrying it out. `from_` stands for `from`."""
        options = tuple((name.rstrip("_"), text) for name, text in values.items())
        action = Action(verb, items, note, options, tuple((fields or {}).items()))
        return decide(self.state, action, who=who, now=self.now, config=self.config, procedure=self.procedure)

    def do(self, verb: str, *items: str, hours: float = 1, **arguments: object) -> Play:
        """Carry out what must be allowed, then let an hour pass."""
        outcome = self.ask(verb, *items, **arguments)  # type: ignore[arg-type]
        assert isinstance(outcome, Decision), outcome
        self.notices = outcome.notices
        self.holder = apply(self.holder, outcome.changes)
        self.now += timedelta(hours=hours)
        return self

    def refused(self, verb: str, *items: str, **arguments: object) -> Refusal:
        """Ask for what must be refused, with a reason and a way out."""
        outcome = self.ask(verb, *items, **arguments)  # type: ignore[arg-type]
        assert isinstance(outcome, Refusal), outcome
        assert outcome.message
        return outcome

    def ticked(self, *ids: str, mark: bool = True) -> Play:
        """Tick (or empty) boxes by hand, as somebody does in an editor."""
        self.holder = replace(self.holder, content=tuple(_ticked(one, ids, mark) for one in self.holder.items))
        return self


def _ticked(item: Item, ids: Sequence[str], mark: bool) -> Item:
    children = tuple(_ticked(child, ids, mark) for child in item.children)
    return replace(item, children=children, checked=mark if item.id in ids else item.checked)


def events(*lines: tuple[float, str, str, dict[str, str]] | tuple[float, str, str]) -> tuple[Event, ...]:
    """Make events from (hours since Monday morning, who, verb, values)."""
    return tuple(
        Event(at(hours=line[0]), line[1], line[2], tuple((line[3] if len(line) > 3 else {}).items())) for line in lines
    )


def spans(text: str) -> Duration:
    """Read `2d`, `4h`."""
    return Duration(float(text[:-1]), text[-1])  # type: ignore[arg-type]


def ids(steps: Iterable[StepState], state: str) -> list[str]:
    """Give the ids of the steps in one state."""
    return [one.id for one in walk_states(tuple(steps)) if one.state == state]
