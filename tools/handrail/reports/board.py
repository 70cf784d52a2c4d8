"""A project's tasks in columns, with limits on how many a column should hold. A limit warns; it refuses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from handrail.base.value import dataclass
from handrail.reports.json_views import instant
from handrail.reports.results import Overview, PlannedTask
from handrail.text.plain import plain

By = Literal["state", "phase", "person"]
STATES: dict[str, tuple[str, ...]] = {
    "Waiting": ("waiting",),
    "To do": ("ready",),
    "Doing": ("doing",),
    "Blocked": ("blocked",),
    "Done": ("done", "skipped"),
}
NOBODY = "Nobody"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its tasks, and the limit that the project sets for it (None: none)."""

    name: str
    tasks: tuple[PlannedTask, ...]
    limit: int | None = None

    @property
    def over(self) -> bool:
        """Tell whether it holds more than it should."""
        return self.limit is not None and len(self.tasks) > self.limit


@dataclass(frozen=True, slots=True)
class Board:
    """A project's columns, in order. By phase or person, finished tasks are left out and counted in `done`."""

    project: str
    by: By
    columns: tuple[Column, ...]
    done: int = 0


def board(overview: Overview, project_id: str, by: By = "state") -> Board | None:
    """Give the board of a project, None where it cannot be read. Tasks with sub-tasks stand for nothing themselves."""
    plan, project = overview.plans.get(project_id), overview.workspace.projects.get(project_id)
    if plan is None or project is None:
        return None
    tasks = [task for task in plan.tasks if not task.container and task.state not in ("na", "cancelled")]
    left = [task for task in tasks if task.state not in ("done", "skipped")]
    limits = {key.casefold().replace("-", " "): int(amount) for key, amount in project.limits.items()}
    if by == "state":
        found = {name: [task for task in tasks if task.state in states] for name, states in STATES.items()}
        found["Done"].sort(key=lambda task: task.finish, reverse=True)
    elif by == "phase":
        found = _grouped({task.item.id: plain(task.phase) or "Tasks" for task in left}, left)
    else:
        found = _grouped({task.item.id: f"@{task.assignees[0]}" if task.assignees else NOBODY for task in left}, left)
    columns = tuple(Column(name, tuple(held), limits.get(name.casefold())) for name, held in found.items())
    return Board(project_id, by, columns, 0 if by == "state" else len(tasks) - len(left))


def board_view(overview: Overview, found: Board) -> dict[str, Any]:
    """`project board --json`: the columns with their tasks."""
    return {
        "schema": "project board/1",
        "at": instant(overview.moment.now),
        "project": found.project,
        "by": found.by,
        "done": found.done,
        "columns": [
            {
                "name": column.name,
                "limit": column.limit,
                "over": column.over,
                "tasks": [
                    {
                        "id": task.item.id,
                        "title": task.item.title,
                        "state": task.state,
                        "assignees": list(task.assignees),
                        "finish": instant(task.finish),
                        "late": task.late,
                    }
                    for task in column.tasks
                ],
            }
            for column in found.columns
        ],
    }


def _grouped(names: Mapping[str, str], tasks: list[PlannedTask]) -> dict[str, list[PlannedTask]]:
    found: dict[str, list[PlannedTask]] = {}
    for task in tasks:
        found.setdefault(names[task.item.id], []).append(task)
    return found
