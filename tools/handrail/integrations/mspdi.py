"""A Microsoft Project plan, from the XML that it and others save (MSPDI, schema of Project 2007 and later).

Durations are ISO 8601 working time, lags tenths of a minute, whatever unit they are shown in; links name unique ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from handrail.base.errors import NotAllowed
from handrail.base.words import count
from handrail.model.baseline import Baseline, BaselineTask
from handrail.model.calendar import Duration
from handrail.model.imported import Happened, ImportedPlan, Incoming, Needs
from handrail.model.item import LinkKind

Element = Any
"""An element of the XML tree; the parser has no types of its own for it."""

MOST_BYTES = 64 * 1024 * 1024
_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
_KINDS: dict[str, LinkKind] = {"0": "ff", "1": "fs", "2": "sf", "3": "ss"}
_ELAPSED = {"4", "6", "8", "10", "12", "36", "38", "40", "42", "44"}
_PERCENT = {"19", "20", "51", "52"}
_CONSTRAINTS = {"1": "as late as possible", "2": "must start on", "3": "must finish on", "5": "start no later than",
                "6": "finish no earlier than"}  # fmt: skip
_NOBODY = "-65535"


def read_project(name: str, data: bytes, zone: tzinfo, *, day_minutes: int = 480) -> ImportedPlan:
    """Read a plan. `day_minutes` is the workspace's working day; where the file's is another, spans come in hours.

    Raises NotAllowed for what is no such XML, and for one that carries entities or is too large.
    """
    if len(data) > MOST_BYTES:
        raise NotAllowed(f"`{name}` is larger than {MOST_BYTES // 1024 // 1024} MiB.", "Nothing was imported.")
    root = _root(name, data)
    return _Reader(name, root, zone, day_minutes).plan()


def _root(name: str, data: bytes) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise NotAllowed(f"`{name}` declares entities or a document type, which plans never do.") from None
    except (ParseError, ValueError, LookupError) as error:
        hint = "In Project: File, Save As, XML Format."
        raise NotAllowed(f"`{name}` is not XML: {str(error)[:100]}.", hint) from None
    if _local(root) != "Project":
        raise NotAllowed(f"`{name}` is not a plan of Microsoft Project: it holds `{_local(root)[:40]}`.")
    return root


class _Reader:
    """A plan while it is read."""

    def __init__(self, name: str, root: Element, zone: tzinfo, day_minutes: int) -> None:
        self.name, self.root, self.zone = name, root, zone
        self.day_minutes = int(_number(_text(root, "MinutesPerDay")) or 480)
        self.in_days = self.day_minutes == day_minutes
        self.people = self.find_people()
        self.units = self.find_units()
        self.lost: list[str] = []
        self.odd: dict[str, list[str]] = {}

    def plan(self) -> ImportedPlan:
        rows = [task for task in self.under("Tasks", "Task") if _text(task, "IsNull") != "1"]
        summary = next((row for row in rows if _text(row, "UID") == "0"), None)
        rows = [row for row in rows if _text(row, "UID") != "0"]
        parents, phases = self.outline(rows)
        self.lengths = {_text(row, "UID"): _minutes(_text(row, "Duration")) for row in rows}
        tasks = tuple(self.task(row, parents, phases) for row in rows if _text(row, "UID") not in phases.values())
        title = (
            _text(self.root, "Title") or (summary is not None and _text(summary, "Name")) or _text(self.root, "Name")
        )
        start = _day(_text(self.root, "StartDate"))
        key = _text(self.root, "GUID") or _text(self.root, "UID") or self.name
        return ImportedPlan(
            source=f"msproject {key}"[:120],
            title=str(title or self.name).removesuffix(".xml"),
            tasks=tasks,
            start=start,
            baselines=tuple(self.baselines(rows)),
            lost=tuple(self.losses()),
            notes=() if self.in_days else (f"a day has {self.day_minutes / 60:g} hours there: spans came in hours",),
        )

    def under(self, group: str, kind: str) -> list[Element]:
        holder = _child(self.root, group)
        return [one for one in (holder if holder is not None else ()) if _local(one) == kind]

    def find_people(self) -> dict[str, str]:
        found = {}
        for one in self.under("Resources", "Resource"):
            if _text(one, "Type") in ("", "1") and _text(one, "IsNull") != "1":
                found[_text(one, "UID")] = _text(one, "EmailAddress") or _text(one, "Name")
        return found

    def find_units(self) -> dict[str, list[tuple[str, float]]]:
        found: dict[str, list[tuple[str, float]]] = {}
        for one in self.under("Assignments", "Assignment"):
            who = _text(one, "ResourceUID")
            if who != _NOBODY and self.people.get(who):
                units = _number(_text(one, "Units"))
                found.setdefault(_text(one, "TaskUID"), []).append((self.people[who], 1.0 if units is None else units))
        return found

    def outline(self, rows: list[Element]) -> tuple[dict[str, str], dict[str, str]]:
        """Give each task's parent, and the phases: titles of summaries at the top that nothing is linked to, by id."""
        linked = {_text(link, "PredecessorUID") for row in rows for link in _links(row)}
        linked |= {_text(row, "UID") for row in rows if _links(row)}
        parents: dict[str, str] = {}
        phases: dict[str, str] = {}
        above: list[tuple[int, str]] = []
        for row in rows:
            level, uid = int(_number(_text(row, "OutlineLevel")) or 1), _text(row, "UID")
            while above and above[-1][0] >= level:
                above.pop()
            if above:
                parents[uid] = above[-1][1]
            if level == 1 and _text(row, "Summary") == "1" and uid not in linked:
                phases[uid] = uid
            above.append((level, uid))
        self.titles = {_text(row, "UID"): _text(row, "Name") for row in rows}
        return parents, phases

    def task(self, row: Element, parents: Mapping[str, str], phases: Mapping[str, str]) -> Incoming:
        uid = _text(row, "UID")
        parent = parents.get(uid, "")
        phase = next((self.titles[one] for one in self.line_of(uid, parents) if one in phases), "")
        done, happened = self.happened(row)
        summary, share = _text(row, "Summary") == "1", _number(_text(row, "PercentComplete")) or 0.0
        minutes = _minutes(_text(row, "Duration"))
        milestone = _text(row, "Milestone") == "1" and not summary and not minutes
        units = self.units.get(uid, [])
        whole = sum(amount for _, amount in units)
        load = round(whole / len(units), 4) if units and whole else 1.0
        start, due = self.constraints(row)
        return Incoming(
            key=uid,
            title=_text(row, "Name") or "Untitled",
            phase=phase,
            parent="" if parent in phases else parent,
            people=tuple(who for who, _ in units),
            start=start,
            due=due,
            est=None if summary or milestone or not minutes else self.span(minutes * (whole or 1.0), row),
            load=load if load != 1.0 else None,
            cost=(_number(_text(row, "FixedCost")) or 0.0) / 100 or None,
            progress=share / 100 if 0 < share < 100 and not summary else None,
            priority=_priority(_number(_text(row, "Priority"))),
            milestone=milestone,
            closed="done" if done and not summary else "",
            needs=tuple(self.needs(row)),
            happened=() if summary else happened,
            body=_text(row, "Notes"),
        )

    def line_of(self, uid: str, parents: Mapping[str, str]) -> Iterator[str]:
        while uid in parents:
            uid = parents[uid]
            yield uid

    def happened(self, row: Element) -> tuple[bool, tuple[Happened, ...]]:
        began, ended = self.instant(_text(row, "ActualStart")), self.instant(_text(row, "ActualFinish"))
        whole = _text(row, "PercentComplete") == "100"
        ended = ended or (self.instant(_text(row, "Finish")) if whole else None)
        finished = whole and ended is not None
        found = [Happened(began, "started")] if began and _text(row, "Milestone") != "1" else []
        found += [Happened(ended, "done")] if finished and ended else []
        return finished, tuple(found)

    def needs(self, row: Element) -> Iterator[Needs]:
        for link in _links(row):
            tenths, shown = _number(_text(link, "LinkLag")) or 0.0, _text(link, "LagFormat")
            before = _text(link, "PredecessorUID")
            minutes = tenths / 10
            if shown in _PERCENT:
                minutes = self.lengths.get(before, 0.0) * tenths / 100
            lag = self.span(minutes, None, elapsed=shown in _ELAPSED) if minutes else None
            yield Needs(before, _KINDS.get(_text(link, "Type"), "fs"), lag)

    def span(self, minutes: float, row: Element | None, *, elapsed: bool = False) -> Duration:
        """Give working minutes as a span: in days where the days are as long here, else in hours or minutes."""
        elapsed = elapsed or (row is not None and _text(row, "DurationFormat") in _ELAPSED)
        day = 1440 if elapsed else self.day_minutes
        if (elapsed or self.in_days) and minutes % (day / 8) == 0 and abs(minutes) >= day / 2:
            return Duration(minutes / day, "d", elapsed)
        return Duration(minutes / 60, "h", elapsed) if minutes % 15 == 0 else Duration(minutes, "m", elapsed)

    def constraints(self, row: Element) -> tuple[date | None, date | None]:
        kind, day = _text(row, "ConstraintType"), _day(_text(row, "ConstraintDate"))
        due = _day(_text(row, "Deadline"))
        start = day if kind in ("2", "4") else None
        due = day if kind == "7" and day and (due is None or day < due) else due
        if kind in _CONSTRAINTS:
            self.odd.setdefault(_CONSTRAINTS[kind], []).append(_text(row, "Name"))
        if _text(row, "Manual") == "1":
            self.odd.setdefault("scheduled by hand", []).append(_text(row, "Name"))
            start = start or _day(_text(row, "Start"))
        return start, due

    def baselines(self, rows: list[Element]) -> Iterator[Baseline]:
        numbers = sorted({_text(one, "Number") for row in rows for one in _all(row, "Baseline")}, key=_number_or_zero)
        for number in numbers:
            tasks: dict[str, BaselineTask] = {}
            for row in rows:
                one = next((one for one in _all(row, "Baseline") if _text(one, "Number") == number), None)
                began = self.instant(_text(one, "Start")) if one is not None else None
                ended = self.instant(_text(one, "Finish")) if one is not None else None
                if began and ended and _text(row, "Summary") != "1":
                    cost = (_number(_text(one, "Cost")) or 0.0) / 100
                    tasks[_text(row, "UID")] = BaselineTask(began, ended, _minutes(_text(one, "Work")) * 60, cost)
            if tasks:
                name = "Baseline" if number in ("", "0") else f"Baseline {number}"
                first, last = min(one.start for one in tasks.values()), max(one.finish for one in tasks.values())
                yield Baseline(name, self.saved() or first, "", first, last, 0.0, tasks)

    def saved(self) -> datetime | None:
        return self.instant(_text(self.root, "LastSaved")) or self.instant(_text(self.root, "CreationDate"))

    def losses(self) -> Iterator[str]:
        for what, titles in self.odd.items():
            shown = ", ".join(titles[:3]) + (f" and {len(titles) - 3} more" if len(titles) > 3 else "")
            yield f"“{what}”: {shown} (the plan works dates out)"
        exceptions = [one for calendar in self.under("Calendars", "Calendar") for one in _deep(calendar, "Exception")]
        if exceptions:
            yield f"{count(len(exceptions), 'exception')} of calendars: name holidays in handrail.yml"
        others = [one for one in self.under("Resources", "Resource") if _text(one, "Type") in ("0", "2")]
        if any(_text(one, "Name") for one in others):
            yield f"{count(len(others), 'material or cost resource')}: write `cost=` and `use=`"
        if self.under("ExtendedAttributes", "ExtendedAttribute"):
            yield "custom fields"

    def instant(self, text: str) -> datetime | None:
        """Give a time, which the file writes on the clock of whoever saved it."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        if not 1970 <= moment.year <= 2200:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: Element, name: str) -> Element | None:
    return next((one for one in element if _local(one) == name), None)


def _all(element: Element, name: str) -> list[Element]:
    return [one for one in element if _local(one) == name]


def _deep(element: Element, name: str) -> list[Element]:
    return [one for one in element.iter() if _local(one) == name]


def _links(row: Element) -> list[Element]:
    return _all(row, "PredecessorLink")


def _text(element: Element, name: str) -> str:
    found = _child(element, name)
    return (found.text or "").strip() if found is not None else ""


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e12 else None


def _number_or_zero(text: str) -> float:
    return _number(text) or 0.0


def _minutes(text: str) -> float:
    match = _DURATION.fullmatch(text)
    if not match:
        return 0.0
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return days * 1440 + hours * 60 + minutes + seconds / 60


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if 1984 < day.year <= 2200 else None


def _priority(number: float | None) -> str:
    if number is None or 400 <= number <= 600:
        return ""
    return "urgent" if number >= 900 else "high" if number > 600 else "low"
