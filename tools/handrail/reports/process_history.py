"""What a process's page tells of its past: the newest runs that are over and all that are open, as figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import chain

from handrail.base.value import dataclass
from handrail.model.calendar import Duration
from handrail.model.item import walk
from handrail.model.process import Process
from handrail.model.state import RunState
from handrail.plan.chance import least
from handrail.reports.figures import Metrics
from handrail.reports.metrics import metrics, whole_history
from handrail.reports.moment import Moment
from handrail.reports.outlook import Tested, back_test
from handrail.reports.records import RunRecord, records_of
from handrail.reports.results import Overview

NEWEST_RUNS = 100
"""So many finished runs are looked at: what is older says little of today, and a page is made in bounded time."""
LEAST_RUNS = least(85)
"""So many finished runs it takes for figures: below, an 85th percentile says nothing."""
_BINS = 12
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many values lie between each two of the rising `edges`; `unit` is that of the edges, in seconds."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    unit: float


@dataclass(frozen=True, slots=True)
class ProcessHistory:
    """The figures of one process and how often its promises held. `day` is the length of a day in seconds.

    `lengths` are the lead times of finished runs in seconds of the process's time, `more` whether older ones were
    left out.
    """

    figures: Metrics
    tested: tuple[Tested, ...]
    lengths: tuple[float, ...]
    day: float
    more: bool


@dataclass(frozen=True, slots=True)
class Past:
    """What the figures of one process are made of, by their starts; `more` tells whether older runs are left out."""

    records: tuple[RunRecord, ...]
    more: bool


def pasts(overview: Overview) -> Mapping[str, Past]:
    """Give what is known of the runs of all processes that have some, by id. Trial runs do not count."""
    runs: dict[str, list[RunState]] = {id: [] for id in overview.workspace.processes}
    for state in overview.runs.values():
        if state.run.process in runs:
            runs[state.run.process].append(state)
    looked_at = {id: _looked_at(states, overview.moment.now) for id, states in runs.items() if states}
    records: dict[str, list[RunRecord]] = {id: [] for id in looked_at}
    for one in records_of(overview, chain.from_iterable(states for states, _ in looked_at.values())):
        records[one.process].append(one)
    return {id: Past(tuple(records[id]), more) for id, (_, more) in looked_at.items()}


def process_history(moment: Moment, process: Process, past: Past, zone: tzinfo) -> ProcessHistory:
    """Give the figures of a process."""
    found = past.records
    titles = {(process.id, item.id): item.title for item in walk(process.items)}
    return ProcessHistory(
        figures=metrics(found, whole_history(found, moment.now, zone), moment.now, process.id, titles),
        tested=back_test(found, moment),
        lengths=tuple(sorted(one.lead for one in found if one.lead is not None)),
        day=moment.time_for(process.calendar).seconds(Duration(1, "d")),
        more=past.more,
    )


def _looked_at(runs: Sequence[RunState], now: datetime) -> tuple[list[RunState], bool]:
    """Give the runs that count, and whether older ones were left out."""
    counted = [state for state in runs if not state.run.trial]
    over = sorted((state for state in counted if state.state == "done"), key=_ended, reverse=True)
    newest = {state.run.id for state in over[:NEWEST_RUNS]}
    begun = min((state.run.started for state in over[:NEWEST_RUNS]), default=now)
    found = [
        state
        for state in counted
        if state.run.id in newest
        or state.state == "active"
        or (state.state == "cancelled" and state.run.started >= begun)
    ]
    return found, len(over) > NEWEST_RUNS


def histogram(values: Sequence[float], day: float) -> Histogram:
    """Sort lengths into about a dozen spaces of a round number of days, or of hours where they are short."""
    most = max(values)
    unit = day if most > 2 * day else _HOUR
    step = _round(most / unit / _BINS)
    number = max(math.floor(most / unit / step + 1e-9) + 1, 2)
    counts = [0] * number
    for value in values:
        counts[min(int(value / unit / step + 1e-9), number - 1)] += 1
    return Histogram(tuple(round(step * place, 6) for place in range(number + 1)), tuple(counts), unit)


def _round(rough: float) -> float:
    """Give the next round number above: 1, 2 or 5 times a power of ten, a quarter at least."""
    rough = max(rough, 0.25)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough - 1e-9)


def _ended(state: RunState) -> tuple[bool, float, str]:
    return (state.finished is not None, state.finished.timestamp() if state.finished else 0.0, state.run.id)
