"""Any CSV of tasks, its columns named by their headings or by a map."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, tzinfo

from handrail.base.errors import NotAllowed, WrongUsage
from handrail.base.words import did_you_mean
from handrail.integrations.sheet import Sheet, ambiguous, date_reader, decode, paragraphs, read_sheet
from handrail.model.calendar import Duration
from handrail.model.imported import Happened, ImportedPlan, Incoming, Needs

COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("title", "name", "task", "task name", "summary", "subject", "aufgabe", "titel"),
    "id": ("id", "key", "task id", "uid", "nr", "no", "#"),
    "phase": ("phase", "section", "stage", "list", "group", "epic", "bucket"),
    "parent": ("parent", "parent id", "parent task"),
    "who": ("who", "assignee", "owner", "assigned to", "resource", "responsible", "resource names"),
    "start": ("start", "start date", "begin"),
    "due": ("due", "due date", "deadline", "finish by", "end"),
    "est": ("est", "estimate", "effort", "duration", "days", "work"),
    "after": ("after", "predecessors", "depends on", "dependencies", "blocked by"),
    "cost": ("cost", "budget", "price"),
    "progress": ("progress", "% complete", "complete", "percent"),
    "priority": ("priority",),
    "status": ("status", "state", "done"),
    "done_at": ("done at", "completed at", "finished", "closed"),
    "notes": ("notes", "description", "details", "comment"),
}
"""What a column may hold, with the headings that are understood by themselves."""

_DONE = {"done", "closed", "complete", "completed", "finished", "yes", "true", "x", "1", "100%", "erledigt"}
_SPAN = re.compile(r"(\d{1,6}(?:[.,]\d{1,2})?)\s*(m|min|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)?", re.IGNORECASE)


def read_plan(name: str, data: bytes, zone: tzinfo, *, columns: Mapping[str, str], dates: str = "") -> ImportedPlan:
    """Read tasks. `columns` maps what a column holds to its heading, for headings that are not understood."""
    unknown = [key for key in columns if key not in COLUMNS]
    if unknown:
        raise WrongUsage(f"A column cannot hold `{unknown[0]}`.", did_you_mean(unknown[0], COLUMNS))
    titles = {columns["title"].lower()} if "title" in columns else set(COLUMNS["title"])
    sheet = read_sheet(name, decode(data), lambda cells: bool({cell.lower() for cell in cells} & titles))
    found = _found(sheet, columns)
    rows = [{key: row.get(column, "") for key, column in found.items()} for row in sheet.rows]
    rows = [row for row in rows if row["title"]]
    if not rows:
        raise NotAllowed(f"`{name}` has no tasks.", "Nothing was imported.")
    written = [row.get(key, "") for row in rows for key in ("start", "due", "done_at")]
    day = date_reader(written, dates)
    notes = []
    if not dates and ambiguous(value for value in written if value):
        notes.append("the dates do not say whether days or months come first: days were taken (`--dates mdy`)")
    left = [column for column in sheet.columns if column not in found.values()]
    keys = [row.get("id") or f"~{index + 1}" for index, row in enumerate(rows)]
    by_name = {row["title"]: key for row, key in zip(rows, keys, strict=True)}
    raws = [one for one in sheet.rows if one.get(found["title"])]
    tasks = []
    for row, key, raw in zip(rows, keys, raws, strict=True):
        more = "\n".join(f"- {column}: {raw[column]}" for column in left if raw.get(column))
        done_on = day(row.get("done_at", ""))
        task = _task(row, key, body=paragraphs(row.get("notes", ""), more), start=day(row.get("start", "")))
        closed = "done" if done_on or row.get("status", "").lower() in _DONE else ""
        at = datetime.combine(done_on, time(12), zone).astimezone(UTC) if done_on else None
        tasks.append(
            replace(
                task,
                parent=_key(row.get("parent", ""), keys, by_name),
                due=day(row.get("due", "")),
                closed=closed,
                needs=tuple(Needs(one) for one in _needs(row.get("after", ""), keys, by_name)),
                happened=(Happened(at, "done"),) if at else (),
            )
        )
    title = re.sub(r"[-_]+", " ", name.rpartition(".")[0] or name).strip().capitalize()
    return ImportedPlan(f"csv {name}"[:120], title, tuple(tasks), notes=tuple(notes))


def _task(row: Mapping[str, str], key: str, *, body: str, start: date | None) -> Incoming:
    """Give what a row says by itself."""
    return Incoming(
        key=key,
        title=row["title"],
        phase=row.get("phase", ""),
        people=tuple(one.strip() for one in re.split(r"[,;]", row.get("who", "")) if one.strip()),
        start=start,
        est=_span(row.get("est", "")),
        cost=_number(row.get("cost", "")),
        progress=_share(row.get("progress", "")),
        priority={"medium": "normal"}.get(row.get("priority", "").lower(), _priority(row)),
        body=body,
    )


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


def _priority(row: Mapping[str, str]) -> str:
    text = row.get("priority", "").lower()
    return text if text in ("low", "normal", "high", "urgent") else ""


def _key(text: str, keys: list[str], by_name: Mapping[str, str]) -> str:
    return text if text in keys else by_name.get(text, "")


def _needs(text: str, keys: list[str], by_name: Mapping[str, str]) -> list[str]:
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    return [key for key in (_key(part, keys, by_name) or _key(f"~{part}", keys, by_name) for part in parts) if key]


def _span(text: str) -> Duration | None:
    match = _SPAN.fullmatch(text.strip())
    if not match:
        return None
    unit = (match[2] or "d")[0].lower()
    return Duration(float(match[1].replace(",", ".")), unit)  # type: ignore[arg-type]


def _number(text: str) -> float | None:
    cleaned = re.sub(r"[^\d.,-]", "", text)
    if re.search(r",\d{1,2}$", cleaned):
        cleaned = cleaned.replace(".", "").replace(",", ".")
    try:
        return float(cleaned.replace(",", "")) if cleaned else None
    except ValueError:
        return None


def _share(text: str) -> float | None:
    number = _number(text)
    if number is None:
        return None
    share = number / 100 if "%" in text or number > 1 else number
    return min(max(share, 0.0), 1.0)
