"""An Asana project, from its CSV export: as written by Asana, by its feed to a spreadsheet, or saved again by one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo

from handrail.base.errors import NotAllowed
from handrail.base.words import count
from handrail.integrations.sheet import Sheet, ambiguous, date_reader, decode, paragraphs, read_sheet
from handrail.model.imported import Happened, ImportedPlan, Incoming, Needs

_KNOWN = {
    "task id", "created at", "completed at", "last modified", "name", "section/column", "section", "column", "assignee",
    "assignee email", "start date", "due date", "tags", "notes", "projects", "parent task",
    "blocked by (dependencies)", "blocking (dependencies)", "type",
}  # fmt: skip
_PRIORITIES = {"urgent", "high", "normal", "low"}
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)


def read_export(name: str, data: bytes, zone: tzinfo, *, dates: str = "") -> ImportedPlan:
    """Read an export. `dates` is `dmy` or `mdy` where a spreadsheet rewrote them; it is found out where it is empty.

    Raises NotAllowed for what is no such export.
    """
    sheet = read_sheet(name, decode(data), _is_header)
    return _Export(name, sheet, zone, dates).plan()


def _is_header(cells: tuple[str, ...]) -> bool:
    lower = {cell.lower() for cell in cells}
    return "name" in lower and bool(lower & {"task id", "section/column", "parent task", "assignee email"})


class _Export:
    """An export while it is read."""

    def __init__(self, name: str, sheet: Sheet, zone: tzinfo, dates: str) -> None:
        self.name, self.zone = name, zone
        self.rows = [{key.lower(): value for key, value in row.items()} for row in sheet.rows]
        self.extra = [column for column in sheet.columns if column.lower() not in _KNOWN]
        columns = ("due date", "start date", "completed at", "created at")
        written = [row.get(column, "") for row in self.rows for column in columns]
        self.day = date_reader(written, dates)
        self.notes: list[str] = []
        if not dates and ambiguous(value for value in written if value):
            self.notes.append("the dates do not say whether days or months come first: days were taken (`--dates mdy`)")
        self.keys = self.find_keys()
        self.by_title: dict[str, list[int]] = {}
        for index, row in enumerate(self.rows):
            self.by_title.setdefault(row.get("name", ""), []).append(index)

    def plan(self) -> ImportedPlan:
        if not self.rows:
            raise NotAllowed(f"`{self.name}` has no tasks.", "Nothing was imported.")
        dropped = sum(1 for index in range(len(self.rows)) if not self.keys[index])
        if dropped:
            self.notes.append(f"{count(dropped, 'row')} stood twice, for tasks in several projects: taken once")
        tasks = tuple(self.task(index) for index in range(len(self.rows)) if self.keys[index])
        projects = [row.get("projects", "").split(",")[0].strip() for row in self.rows]
        title = max(filter(None, projects), key=projects.count, default="") or self.name.rpartition(".")[0] or self.name
        return ImportedPlan(
            source=f"asana {title}"[:120],
            title=title,
            tasks=tasks,
            lost=("kinds and lags of dependencies, comments and attachments: they are not in Asana's CSV",),
            notes=tuple(self.notes),
        )

    def find_keys(self) -> list[str]:
        """Give each row's key; empty for a row that stands a second time."""
        ids = [row.get("task id", "") for row in self.rows]
        spoilt = any(_SCIENTIFIC.fullmatch(id) for id in ids)
        if spoilt:
            self.notes.append("a spreadsheet rounded the task ids: tasks are known by their titles instead")
        if spoilt or not all(ids):
            return [f"~{index}" for index in range(len(self.rows))]
        seen: set[str] = set()
        keys = []
        for id in ids:
            keys.append("" if id in seen else id)
            seen.add(id)
        return keys

    def key_of(self, title: str, row: int) -> str:
        """Give the key of the task of a title (or id): of several, the last one above the row. Empty for none."""
        if title.isdecimal() and title in self.keys:
            return title
        found = [index for index in self.by_title.get(title, ()) if index != row and self.keys[index]]
        if len(found) > 1:
            self.notes.append(f"“{title[:60]}” names {len(found)} tasks: the one above was taken")
        above = [index for index in found if index < row]
        chosen = above[-1] if above else found[0] if found else None
        if chosen is None and title:
            self.notes.append(f"“{title[:60]}” is named in row {row + 2}, and there is no such task")
        return self.keys[chosen] if chosen is not None else ""

    def task(self, index: int) -> Incoming:
        row = self.rows[index]
        completed = self.instant(row.get("completed at", ""))
        priority = row.get("priority", "").lower()
        parent = row.get("parent task", "")
        blockers = [part.strip() for part in row.get("blocked by (dependencies)", "").split(",") if part.strip()]
        needs = [Needs(key) for key in (self.key_of(title, index) for title in self.whole(blockers)) if key]
        needs += [Needs(self.keys[other]) for other in self.blocked_by(index)]
        return Incoming(
            key=self.keys[index],
            title=row.get("name", "") or "Untitled",
            phase=row.get("section/column", row.get("section", "")) or "",
            parent=self.key_of(parent, index) if parent else "",
            people=tuple(name for name in (row.get("assignee email") or row.get("assignee", ""),) if name),
            start=self.day(row.get("start date", "")),
            due=self.day(row.get("due date", "")),
            priority=priority if priority in _PRIORITIES else {"medium": "normal"}.get(priority, ""),
            milestone=row.get("type", "").lower() == "milestone",
            closed="done" if completed else "",
            needs=tuple(dict.fromkeys(needs)),
            happened=(Happened(completed, "done"),) if completed else (),
            body=self.body(row),
        )

    def whole(self, parts: list[str]) -> list[str]:
        """Put titles together again that have commas of their own, which the export does not mark."""
        titles, rest = [], list(parts)
        while rest:
            size = next((n for n in range(len(rest), 0, -1) if ", ".join(rest[:n]) in self.by_title), 1)
            titles.append(", ".join(rest[:size]))
            rest = rest[size:]
        return titles

    def blocked_by(self, index: int) -> list[int]:
        """Give the rows that say that they block this one."""
        title = self.rows[index].get("name", "")
        if len(self.by_title.get(title, ())) != 1:
            return []
        return [other for other in self.blocking.get(title, ()) if other != index and self.keys[other]]

    @property
    def blocking(self) -> Mapping[str, list[int]]:
        if not hasattr(self, "_blocking"):
            self._blocking: dict[str, list[int]] = {}
            for index, row in enumerate(self.rows):
                parts = [part.strip() for part in row.get("blocking (dependencies)", "").split(",") if part.strip()]
                for title in self.whole(parts):
                    self._blocking.setdefault(title, []).append(index)
        return self._blocking

    def body(self, row: dict[str, str]) -> str:
        parts = [row.get("notes", "")]
        extra = [f"{column}: {row[column.lower()]}" for column in self.extra if row.get(column.lower())]
        parts += ["\n".join(f"- {line}" for line in extra if not line.lower().startswith("priority:"))]
        parts += [f"Tags: {row['tags']}"] if row.get("tags") else []
        return paragraphs(*parts)

    def instant(self, text: str) -> datetime | None:
        """Give when something was: an instant, or noon of a date alone."""
        if re.match(r"\d{4}-\d\d-\d\dT", text):
            try:
                moment = datetime.fromisoformat(text)
            except ValueError:
                return None
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        day: date | None = self.day(text)
        return datetime.combine(day, time(12), self.zone).astimezone(UTC) if day else None
