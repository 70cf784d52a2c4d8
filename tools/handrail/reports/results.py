"""What reports come to: plain values, shown by the terminal, JSON, the site and messages alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, overload

from handrail.base.value import dataclass
from handrail.model.item import Item
from handrail.model.state import ProjectState, RunState, StepState
from handrail.model.workspace import Workspace
from handrail.reports.moment import Moment

if TYPE_CHECKING:
    from handrail.reports.records import RunRecord


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that has stalled. `holder` is a run's or project's id, `kind` says which.

    `reasons` are short sentences, worst first ("overdue by 2 days", "no activity for 4 days", "nobody has it").
    `codes` are stable words beside them (overdue, idle, blocked, unassigned, unknown-person, no-activity).
    `severity` orders findings: larger is worse.
    """

    kind: str  # "run" or "project"
    holder: str
    holder_title: str
    item: str
    title: str
    reasons: tuple[str, ...]
    codes: tuple[str, ...]
    since: datetime | None
    assignees: tuple[str, ...] = ()
    next_in_line: str = ""
    severity: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """Where something has stalled and how bad it is; `make` gives the whole finding, with its sentences."""

    kind: str
    holder: str
    item: str
    codes: tuple[str, ...]
    severity: float
    make: Callable[[], Finding]


class Findings(Sequence[Finding]):
    """Findings of which only those that are looked at are put into words. Compares as a tuple of them does."""

    def __init__(self, found: Iterable[Found] = ()) -> None:
        self.found = tuple(found)
        self._made: dict[int, Finding] = {}

    def __len__(self) -> int:
        return len(self.found)

    @overload
    def __getitem__(self, index: int) -> Finding: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...

    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        if isinstance(index, slice):
            return tuple([self[one] for one in range(*index.indices(len(self.found)))])
        known = self._made.get(index)
        if known is None:
            known = self._made[index] = self.found[index].make()
        return known

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Assignment:
    """One item that waits for somebody, or soon will."""

    kind: str  # "run" or "project"
    holder: str
    holder_title: str
    step: StepState
    due: datetime | None
    overdue: bool
    stalled: bool = False
    confirmers: tuple[str, ...] = ()  # who is asked to confirm what an agent proposes here


@dataclass(frozen=True, slots=True)
class Work:
    """What one person has: to do now (worst first), coming next, finished lately (newest first)."""

    person: str
    now: tuple[Assignment, ...] = ()
    coming: tuple[Assignment, ...] = ()
    finished: tuple[Activity, ...] = ()


@dataclass(frozen=True, slots=True)
class Activity:
    """One event with where it happened, newest first in lists. `item` is empty for the run's or project's Log."""

    time: datetime
    who: str
    verb: str
    kind: str
    holder: str
    holder_title: str
    item: str
    title: str
    note: str = ""
    values: tuple[tuple[str, str], ...] = ()
    commit: str = ""  # what ticked the box by hand, where no event stands in the file

    @property
    def within(self) -> str:
        """The process of the run, or the project."""
        return self.holder.rpartition("/")[0] if self.kind == "run" else self.holder


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One task in a project's schedule. Instants are UTC; floats are seconds of working time.

    A phase (a heading, or a task with sub-tasks) is a container: `container` is true and it spans its parts.
    """

    item: Item
    phase: str
    state: str
    start: datetime
    finish: datetime
    early_start: datetime
    early_finish: datetime
    late_start: datetime
    late_finish: datetime
    total_float_s: float
    free_float_s: float
    critical: bool
    milestone: bool = False
    container: bool = False
    estimated: bool = True  # False: no estimate in the file, scheduled as unknown (one day)
    assignees: tuple[str, ...] = ()
    deadline: datetime | None = None
    late: bool = False
    progress: float = 0.0
    runs: tuple[str, ...] = ()  # ids of the runs that do it
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """A project's schedule at one moment. `warnings` are sentences (a deadline missed, no estimate)."""

    project: str
    start: datetime | None
    finish: datetime | None
    tasks: tuple[PlannedTask, ...] = ()
    warnings: tuple[str, ...] = ()
    cycles: tuple[tuple[str, ...], ...] = ()  # ids of tasks that wait for each other


class Kept(Protocol):
    """What is known of runs that an overview does not hold, or not whole."""

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Give how many runs each process has: the active ones, and all."""

    def heads(self) -> Mapping[str, RunState]:
        """Give the heads of all runs, by id in order."""

    def whole(self, run: str) -> RunState:
        """Give one run with all of its steps."""

    def records_for(self, runs: AbstractSet[str]) -> Iterable[RunRecord]:
        """Give what figures are made of, for the runs of these ids, trials left out."""

    def titles(self) -> Mapping[tuple[str, str], str]:
        """Give the titles of all steps as their procedures have them, by process and id."""

    def records(self, process: str) -> Iterable[RunRecord]:
        """Give what figures are made of, for each run of one process or of all, trials left out."""

    def closed_by(self, person: str, since: datetime) -> tuple[Activity, ...]:
        """Give what a person finished in runs since then, in the order of runs and of their files."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything derived from a workspace at one moment, computed once and handed to every view.

    Where `kept` is given, it knows all runs. Commands then have in `runs` only the active ones and those of projects
    and other runs, each with the steps that matter now (`reports.heads`), and none in the workspace; the site has
    all, of which those that are long over are only such heads.
    """

    workspace: Workspace
    moment: Moment
    runs: Mapping[str, RunState] = field(default_factory=dict)
    projects: Mapping[str, ProjectState] = field(default_factory=dict)
    plans: Mapping[str, ProjectPlan] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    kept: Kept | None = None

    def counts_of(self, process: str) -> tuple[int, int]:
        """Give how many runs a process has: the active ones, and all."""
        if self.kept:
            return self.kept.counts().get(process, (0, 0))
        runs = [state for state in self.runs.values() if state.run.process == process]
        return sum(state.state == "active" for state in runs), len(runs)

    def run_count(self) -> int:
        """Give the number of all runs."""
        return sum(runs for _, runs in self.kept.counts().values()) if self.kept else len(self.runs)

    def all_runs(self) -> Mapping[str, RunState]:
        """Give every run by id, maybe without the steps that are finished."""
        return self.kept.heads() if self.kept else self.runs

    def whole(self, state: RunState) -> RunState:
        """Give a run with all of its steps."""
        return self.kept.whole(state.run.id) if self.kept and not state.run.content else state

    def runs_of(self, process: str) -> tuple[RunState, ...]:
        """Give the runs of one process, newest first."""
        found = [state for state in self.runs.values() if state.run.process == process]
        return tuple(sorted(found, key=lambda state: (state.run.started, state.run.id), reverse=True))
