"""A project's tasks as CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
from io import StringIO

from handrail.integrations.sheet import FORMULA
from handrail.model.item import Item
from handrail.reports.json_views import instant
from handrail.reports.results import PlannedTask, ProjectPlan
from handrail.text.plain import plain

COLUMNS = (
    "id", "title", "phase", "state", "who", "start", "finish", "due", "est", "progress", "cost", "after",
    "total_float_h", "critical", "milestone",
)  # fmt: skip
_HOUR = 3600.0
_NUMBER = re.compile(r"[+-]?\d{1,20}([.,]\d{1,20})?")


def tasks_csv(plan: ProjectPlan) -> str:
    """Give a row for each task, containers left out; times in UTC. `import csv` reads it back."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([neutral(cell) for cell in _row(task)] for task in plan.tasks if not task.container)
    return out.getvalue()


def neutral(cell: str) -> str:
    """Give a cell that a spreadsheet does not take for a formula: an apostrophe goes before what looks like one.

    A cell that begins with apostrophes and then looks like one gets another, so that `sheet.as_written` can take
    exactly what was added. The signs are those that OWASP names for CSV injection, the full-width ones included.
    """
    return f"'{cell}" if FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _row(task: PlannedTask) -> tuple[str, ...]:
    item, attributes = task.item, task.item.attributes
    return (
        item.id,
        plain(item.title),
        plain(task.phase),
        task.state,
        ", ".join(task.assignees),
        instant(task.start) or "",
        instant(task.finish) or "",
        instant(task.deadline) or "",
        _estimate(item),
        f"{task.progress:.0%}",
        "" if attributes.cost is None else f"{attributes.cost:.12g}",
        ",".join(task.after),
        f"{task.total_float_s / _HOUR:.6g}",
        "yes" if task.critical else "no",
        "yes" if task.milestone else "no",
    )


def _estimate(item: Item) -> str:
    return str(item.attributes.est.likely) if item.attributes.est else ""
