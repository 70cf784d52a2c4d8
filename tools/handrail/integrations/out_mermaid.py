"""A project as a Mermaid gantt, for a README on a git host. Dates are worked out here, never left to Mermaid."""

from __future__ import annotations

import re
from datetime import timedelta, tzinfo
from itertools import groupby

from handrail.model.project import Project
from handrail.model.state import CLOSED
from handrail.reports.results import PlannedTask, ProjectPlan
from handrail.text.plain import plain

MOST_TASKS = 60
"""More do not fit: Mermaid refuses long texts, and nobody could read them."""


def gantt(project: Project, plan: ProjectPlan, zone: tzinfo) -> str:
    """Give the picture in a fenced block: sections are phases, of more than `MOST_TASKS` tasks the phases alone."""
    tasks = [task for task in plan.tasks if not task.container]
    lines = ["```mermaid", "gantt", f"  title {_safe(project.title)}", "  dateFormat YYYY-MM-DD", "  axisFormat %d %b"]
    if len(tasks) > MOST_TASKS:
        lines += [_phase(name, list(part), zone) for name, part in groupby(tasks, key=lambda task: task.phase)]
    else:
        for name, part in groupby(tasks, key=lambda task: task.phase):
            lines.append(f"  section {_safe(name) or 'Tasks'}")
            lines += [_task(task, number, zone) for number, task in enumerate(part)]
    return "\n".join([*lines, "```", ""])


def _task(task: PlannedTask, number: int, zone: tzinfo) -> str:
    words = []
    if task.state in CLOSED:
        words.append("done")
    else:
        words += ["crit"] if task.critical else []
        words += ["active"] if task.state in ("doing", "blocked") else []
    start, finish = task.start.astimezone(zone).date(), task.finish.astimezone(zone).date()
    if task.milestone:
        return f"  {_safe(task.item.title)} :{', '.join([*words, 'milestone', f'{finish}', '0d'])}"
    return f"  {_safe(task.item.title)} :{', '.join([*words, f'{start}', f'{finish + timedelta(days=1)}'])}"


def _phase(name: str, part: list[PlannedTask], zone: tzinfo) -> str:
    start = min(task.start for task in part).astimezone(zone).date()
    finish = max(task.finish for task in part).astimezone(zone).date()
    return f"  {_safe(name) or 'Tasks'} :{start}, {finish + timedelta(days=1)}"


def _safe(title: str) -> str:
    """Give a title without the signs that Mermaid reads as its own, and without what could end the block."""
    return " ".join(re.sub(r"[:;#,`%{}<>\\\"]", " ", plain(title)).split())[:80] or "…"
