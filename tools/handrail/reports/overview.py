"""Everything derived from a workspace at one moment, computed once."""

from __future__ import annotations

from collections.abc import Mapping

from handrail.model.run import Run
from handrail.model.state import RunState
from handrail.model.workspace import Workspace
from handrail.reports.moment import Moment
from handrail.reports.plan import project_plan
from handrail.reports.results import Kept, Overview
from handrail.reports.stalled import findings
from handrail.rules.state import project_state, run_state


def overview(workspace: Workspace, moment: Moment) -> Overview:
    """Give the states of all runs and projects, the plans of the projects, and what has stalled."""
    runs = {key: state_of(workspace, run, moment) for key, run in workspace.runs.items()}
    return overview_of(workspace, moment, runs)


def overview_of(
    workspace: Workspace, moment: Moment, runs: Mapping[str, RunState], kept: Kept | None = None
) -> Overview:
    """Give the overview of runs whose states are known. `kept` knows the runs that are not among them."""
    projects = {
        key: project_state(project, time=moment.time_of(project), now=moment.now)
        for key, project in workspace.projects.items()
    }
    plans = {key: project_plan(workspace, state, moment, runs) for key, state in projects.items()}
    found = findings(workspace, moment, runs=runs, projects=projects, plans=plans)
    return Overview(workspace, moment, runs, projects, plans, found, kept)


def state_of(workspace: Workspace, run: Run, moment: Moment) -> RunState:
    """Give the state of one run by the procedure and the calendar that it follows."""
    procedure = workspace.procedure(run)
    return run_state(run, procedure=procedure, time=moment.time_for(run.calendar), now=moment.now)
