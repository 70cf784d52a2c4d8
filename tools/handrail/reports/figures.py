"""What figures there are of a process, or of all: plain values, which `reports.metrics` works out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from handrail.base.value import dataclass
from handrail.reports.period import Period

SHARES = (50, 85, 95)
"""The percentiles of a spread."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How values are spread: percentiles in seconds, None where there are too few values for one."""

    n: int
    p50: float | None
    p85: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; no share where there are none."""

    held: int
    n: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1."""
        return self.held / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Week:
    """What began and ended in one week, named by its Monday. `whole` is false for one that the period cuts."""

    monday: date
    started: int
    finished: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Little:
    """Little's law as a check: `wip` runs at once on average against rate × mean lead time, both in wall time."""

    wip: float
    expected: float

    @property
    def ratio(self) -> float:
        """How near the two are; 1 where work is steady and the data whole."""
        return self.expected / self.wip


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step over the runs of the period."""

    process: str
    id: str
    title: str
    stage: str
    done: int
    skipped: int
    sojourn: Spread
    wait: Spread
    touch: Spread
    waiting_share: float | None
    queue_growth: int
    critical: Share
    on_time: Share
    first_pass: Share
    reopened: int
    rejected: int
    open_now: int


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One stage of one process: from its first step ready to its last one closed."""

    process: str
    name: str
    time: Spread
    runs_now: int


@dataclass(frozen=True, slots=True)
class RoleFigures:
    """What a role or team has: how long its steps lie before they are closed, and what it has now."""

    name: str
    sojourn: Spread
    open_now: int


@dataclass(frozen=True, slots=True)
class Day:
    """Runs begun and ended up to the end of a day; `stages` has how many had left each stage by then."""

    day: date
    started: int
    finished: int
    stages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Metrics:
    """Everything about the runs of one process, or of all (`process` empty), in a period."""

    process: str
    period: Period
    started: int
    finished: int
    cancelled: int
    cohort: Mapping[str, int]
    lead: Spread
    lead_wall: Spread
    cycle: Spread
    lead_censored: Spread
    efficiency: Spread
    hand_overs: Spread
    on_time: Share
    steps_on_time: Share
    right_first_time: Share
    throughput: float | None
    arrivals: float | None
    wip: int
    wip_age: Spread
    oldest: tuple[str, float] | None
    little: Little | None
    weeks: tuple[Week, ...]
    steps: tuple[StepFigures, ...]
    stages: tuple[StageFigures, ...]
    roles: tuple[RoleFigures, ...]
    people: Mapping[str, int]
    flow: tuple[Day, ...]
    flow_stages: tuple[str, ...] = ()
