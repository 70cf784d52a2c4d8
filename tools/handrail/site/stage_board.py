"""Where the active runs are: for each process its stages, with how many runs are at each."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.model.process import Process
from handrail.model.state import RunState
from handrail.reports.steps import current_stage
from handrail.site.context import View
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag
from handrail.site.parts import folded, state_chip
from handrail.site.paths import process_src
from handrail.site.processes import active_table

RUNS_SHOWN = 6
_DEPTHS = 4


def stage_board(view: View, process: Process, active: Sequence[RunState]) -> Html:
    """Give a process's stages with the runs at each, and folded beneath them the runs, the most urgent first."""
    at: dict[str, list[RunState]] = {item.stage: [] for item in process.items}
    for run in active:
        at.setdefault(current_stage(run), []).append(run)
    most = max(map(len, at.values()), default=1)
    cells = [_cell(view, stage, runs, most) for stage, runs in at.items() if runs or stage]
    late = sum(run.overdue for run in active)
    head = div(
        "hr-pipe__head",
        tag("h3", link(view.to(process_src(process.id)), view.title(process.title))),
        span("hr-quiet", view.count(len(active), "active run")),
        state_chip(view, "overdue", view.say("{n} overdue", n=late)) if late else EMPTY,
    )
    row = tag("ol", cells, class_="hr-pipe__stages", aria_label=view.say("Runs by stage"))
    return div("hr-pipe", head, row, folded(view.say(_words(active)), _runs(view, process, active)))


def _cell(view: View, stage: str, runs: Sequence[RunState], most: int) -> Html:
    depth = -(-len(runs) * _DEPTHS // most) if runs else 0
    late = any(run.overdue for run in runs)
    told = span("hr-sr", " ", view.say("runs, some overdue" if late else "runs"))
    number = span("hr-pipe__number", str(len(runs)), told)
    kind = f"hr-pipe__stage hr-heat--{depth}" + (" hr-pipe__stage--late" if late else "")
    return tag("li", number, span("hr-pipe__name", view.title(stage) if stage else view.say("Steps")), class_=kind)


def _words(active: Sequence[RunState]) -> str:
    return "The run" if len(active) == 1 else "The runs, the most urgent first"


def _runs(view: View, process: Process, active: Sequence[RunState]) -> Content:
    runs = sorted(active, key=_urgency)
    rest = len(runs) - RUNS_SHOWN
    more = link(view.to(process_src(process.id), "part--runs"), view.say("All {n}", n=len(runs)))
    return [active_table(view, runs[:RUNS_SHOWN]), tag("p", more, class_="hr-more") if rest > 0 else EMPTY]


def _urgency(run: RunState) -> tuple[bool, str, str]:
    return (not run.overdue, run.due.isoformat() if run.due else "9999", run.run.id)
