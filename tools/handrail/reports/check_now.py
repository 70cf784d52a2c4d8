"""What is wrong in a workspace only because time has passed: rules that need to know what day it is."""

from __future__ import annotations

from collections.abc import Iterator

from handrail.base.problem import Problem
from handrail.base.words import count
from handrail.model.workspace import Workspace
from handrail.reports.moment import Moment

_SHOWN = 3


def check_now(workspace: Workspace, moment: Moment) -> Iterator[Problem]:
    """Give the problems that a workspace has at one moment, beside those that it has at any."""
    yield from reviews_overdue(workspace, moment)
    yield from retired_in_use(workspace, moment)


def reviews_overdue(workspace: Workspace, moment: Moment) -> Iterator[Problem]:
    """A procedure in use was looked at by the day that its `review:` names; that day itself is not too late."""
    today = moment.normal.local_date(moment.now)
    for process in workspace.processes.values():
        if process.status == "effective" and process.review and process.review < today:
            who = f"@{process.owner}" if process.owner else "its owner"
            message = f"the procedure was due for review on {process.review.isoformat()}"
            hint = f"{who} reads it, mends it, and sets `review:` to the next date"
            yield Problem("review-overdue", "warning", process.place, message, hint)


def retired_in_use(workspace: Workspace, moment: Moment) -> Iterator[Problem]:
    """A retired process has no run under way."""
    retired = {process.id for process in workspace.processes.values() if process.status == "retired"}
    if not retired:
        return
    from handrail.reports.overview import state_of

    active: dict[str, list[str]] = {}
    for run in workspace.runs.values():
        if run.process in retired and state_of(workspace, run, moment).state == "active":
            active.setdefault(run.process, []).append(run.id.rpartition("/")[2])
    for name, runs in active.items():
        shown = ", ".join(f"`{run}`" for run in runs[:_SHOWN])
        more = f" and {len(runs) - _SHOWN} more" if len(runs) > _SHOWN else ""
        going = f"{count(len(runs), 'run')} of it {'is' if len(runs) == 1 else 'are'} still active"
        message = f"the process is retired, and {going}: {shown}{more}"
        place = workspace.processes[name].place
        yield Problem("retired-in-use", "hint", place, message, "finish or cancel what is still active")
