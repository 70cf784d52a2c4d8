"""A table of steps to a procedure: one that somebody made, or the export of a system."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handrail.base.errors import WrongUsage
from handrail.base.words import did_you_mean
from handrail.integrations.rich_text import to_markdown
from handrail.integrations.sheet import Sheet, decode, paragraphs, read_sheet
from handrail.integrations.steps_made import Steps, span
from handrail.model.imported import ImportedProcess, IncomingStep
from handrail.model.item import Due

COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("step", "title", "step title", "step name", "task", "task name", "name", "item", "what", "schritt"),
    "id": ("id", "step id", "task id", "key", "uid"),
    "stage": ("stage", "section", "section title", "heading", "phase", "group", "category"),
    "type": ("type", "task type", "step type", "kind"),
    "parent": ("parent", "parent id", "parent step", "parent step id", "parent task"),
    "level": ("level", "depth", "indent", "outline level"),
    "number": ("number", "no", "nr", "#", "position", "outline number", "wbs"),
    "who": ("role", "who", "assignee", "assignees", "assigned to", "owner", "responsible"),
    "due": ("due", "due in", "due after", "due date", "late after", "deadline", "late_at_offset"),
    "est": ("est", "estimate", "effort", "duration", "expected duration", "time"),
    "optional": ("optional",),
    "required": ("required", "mandatory"),
    "field": ("field", "form field", "data", "data collection", "collect"),
    "body": ("instructions", "description", "details", "content", "notes", "how", "body", "help"),
    "run": ("run", "run name", "workflow run", "workflow run name", "checklist", "checklist name", "run title"),
    "process": ("process", "workflow", "workflow name", "procedure", "procedure name", "template", "template name"),
}
"""What a column may hold, with the headings that are understood by themselves."""

_YES = {"yes", "true", "x", "1", "y", "ja", "optional", "required"}
_STAGE_TYPES = ("heading", "section", "header", "stage", "phase")


def read_steps(source: str, name: str, data: bytes, columns: Mapping[str, str]) -> ImportedProcess:
    """Read steps. `columns` maps what a column holds to its heading, for headings that are not understood.

    Of a table of runs, which has each step once for every run, the steps of all runs are taken, each once.
    """
    unknown = [key for key in columns if key not in COLUMNS]
    if unknown:
        raise WrongUsage(f"A column cannot hold `{unknown[0]}`.", did_you_mean(unknown[0], COLUMNS))
    titles = {columns["title"].lower()} if "title" in columns else set(COLUMNS["title"])
    sheet = read_sheet(name, decode(data), lambda cells: bool({cell.lower() for cell in cells} & titles))
    found = _found(sheet, columns)
    rows = [{key: row.get(column, "") for key, column in found.items()} for row in sheet.rows]
    left = [column for column in sheet.columns if column not in found.values()]
    rest = [paragraphs(*[f"{column}: {row[column]}" for column in left if row.get(column)]) for row in sheet.rows]
    table = _Table(name)
    for row, more in zip(rows, rest, strict=True):
        if row.get("title"):
            table.take(row, "" if "run" in found else more)
    table.steps.refuse_empty()
    title = next((row["process"] for row in rows if row.get("process")), "")
    title = title or re.sub(r"[-_]+", " ", name.rpartition(".")[0] or name).strip().capitalize()
    lost: tuple[str, ...] = (
        ("what was entered in the runs, and when: only the steps were taken",) if "run" in found else ()
    )
    several = len({row["process"] for row in rows if row.get("process")}) > 1
    lost += ("that the steps belong to several procedures: export each by itself",) if several else ()
    steps = table.steps
    return ImportedProcess(f"{source} {title}"[:120], title, tuple(steps.steps), tuple(steps.fields), lost=lost)


class _Table:
    """Rows as they become steps."""

    def __init__(self, name: str) -> None:
        self.steps = Steps(name)
        self.stage = ""
        self.known: dict[str, int] = {}  # by id, and by title where there are no ids
        self.above: list[tuple[int, int]] = []
        self.asked: dict[str, str] = {}

    def take(self, row: Mapping[str, str], more: str) -> None:
        """Take one row: a stage, or a step that is not known yet."""
        kind, title = row.get("type", "").lower(), row["title"]
        if any(word in kind for word in _STAGE_TYPES) or (title.endswith(":") and not row.get("body")):
            self.stage, self.above = title.rstrip(":").strip(), []
            return
        key = row.get("id") or f"{row.get('stage', self.stage)}\n{title}"
        if key in self.known:
            return
        parent = self._parent(row)
        due = span(row.get("due", ""))
        step = IncomingStep(
            title,
            key=row.get("id", ""),
            stage=row.get("stage", "") or self.stage,
            parent=parent,
            who=tuple(one.strip() for one in re.split(r"[,;]", row.get("who", "")) if one.strip()),
            due=Due(due) if due else None,
            est=span(row.get("est", "")),
            optional=row.get("optional", "").lower() in _YES or row.get("required", "").lower() in ("no", "false", "0"),
            approval="approval" in kind or "approve" in kind,
            gate="stop" in kind,
            ask=self._ask(row),
            body=paragraphs(to_markdown(row.get("body", "")), more),
        )
        self.known[key] = self.steps.add(step)
        self.above.append((self._level(row), self.known[key]))

    def _parent(self, row: Mapping[str, str]) -> int | None:
        if row.get("parent"):
            by_title = {one.title: index for index, one in enumerate(self.steps.steps)}
            return self.known.get(row["parent"], by_title.get(row["parent"]))
        self.above = [one for one in self.above if one[0] < self._level(row)]
        return self.above[-1][1] if self.above else None

    def _level(self, row: Mapping[str, str]) -> int:
        level = re.match(r"\d{1,2}", row.get("level", ""))
        return int(level[0]) if level else row.get("number", "").rstrip(".").count(".")

    def _ask(self, row: Mapping[str, str]) -> tuple[str, ...]:
        labels = [one.strip() for one in re.split(r"[;\n]", row.get("field", "")) if one.strip()]
        for label in labels:
            if label not in self.asked:
                self.asked[label] = self.steps.field(label)
        return tuple(self.asked[label] for label in labels)


def _found(sheet: Sheet, columns: Mapping[str, str]) -> dict[str, str]:
    lower = {column.lower(): column for column in sheet.columns}
    found: dict[str, str] = {}
    for key, names in COLUMNS.items():
        if key in columns:
            if columns[key].lower() not in lower:
                hint = f"It has {', '.join(sheet.columns[:12])}."
                raise WrongUsage(f"There is no column `{columns[key][:80]}`.", hint)
            found[key] = lower[columns[key].lower()]
            continue
        match = next((lower[name] for name in names if name in lower and lower[name] not in found.values()), "")
        if match:
            found[key] = match
    return found
