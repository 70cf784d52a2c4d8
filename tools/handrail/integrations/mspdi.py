"""A Microsoft Project plan, from the XML that it and others save (MSPDI, schema of Project 2007 and later).

Durations are ISO 8601 working time, lags tenths of a minute, whatever unit they are shown in; links name unique ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo

from handrail.base.errors import NotAllowed
from handrail.base.words import count
from handrail.integrations.mspdi_calendar import Calendars
from handrail.integrations.mspdi_read import Element, all_of, day_of, local, number_of, text_of, under
from handrail.model.baseline import Baseline, BaselineTask
from handrail.model.calendar import Calendar, Duration, OwnCalendar, WorkingTime
from handrail.model.imported import Happened, ImportedPlan, Incoming, Needs
from handrail.model.item import LinkKind

MOST_BYTES = 64 * 1024 * 1024
_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
_KINDS: dict[str, LinkKind] = {"0": "ff", "1": "fs", "2": "sf", "3": "ss"}
_ELAPSED = {"4", "6", "8", "10", "12", "36", "38", "40", "42", "44"}
_PERCENT = {"19", "20", "51", "52"}
_CONSTRAINTS = {"1": "as late as possible", "2": "must start on", "3": "must finish on"}
_NOBODY = "-65535"


def read_project(name: str, data: bytes, zone: tzinfo, *, calendar: Calendar) -> ImportedPlan:
    """Read a plan. `calendar` is the workspace's; where the plan's is another, the project gets one of its own.

    Raises NotAllowed for what is no such XML, and for one that carries entities or is too large.
    """
    if len(data) > MOST_BYTES:
        raise NotAllowed(f"`{name}` is larger than {MOST_BYTES // 1024 // 1024} MiB.", "Nothing was imported.")
    root = _root(name, data)
    return _Reader(name, root, zone, calendar).plan()


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
    if local(root) != "Project":
        raise NotAllowed(f"`{name}` is not a plan of Microsoft Project: it holds `{local(root)[:40]}`.")
    return root


class _Reader:
    """A plan while it is read."""

    def __init__(self, name: str, root: Element, zone: tzinfo, calendar: Calendar) -> None:
        self.name, self.root, self.zone = name, root, zone
        self.day_minutes = int(number_of(text_of(root, "MinutesPerDay")) or 480)
        self.start = day_of(text_of(root, "StartDate"))
        self.calendars = Calendars(root)
        found = self.calendars.plan_calendar(calendar, self.start, day_of(text_of(root, "FinishDate")))
        self.own = found.own
        self.time = _time_of(found.own, calendar)
        self.in_days = self.day_minutes * 60 == self.time.seconds(Duration(1, "d"))
        self.people = self.find_people()
        self.units = self.find_units()
        self.lost: list[str] = list(found.lost)
        self.odd: dict[str, list[str]] = {}

    def plan(self) -> ImportedPlan:
        rows = [task for task in under(self.root, "Tasks", "Task") if text_of(task, "IsNull") != "1"]
        summary = next((row for row in rows if text_of(row, "UID") == "0"), None)
        rows = self.live(row for row in rows if text_of(row, "UID") != "0")
        parents, phases = self.outline(rows)
        self.lengths = {text_of(row, "UID"): self.length(row) for row in rows}
        tasks = tuple(self.task(row, parents, phases) for row in rows if text_of(row, "UID") not in phases.values())
        title = (
            text_of(self.root, "Title")
            or (summary is not None and text_of(summary, "Name"))
            or text_of(self.root, "Name")
        )
        key = text_of(self.root, "GUID") or text_of(self.root, "UID") or self.name
        return ImportedPlan(
            source=f"msproject {key}"[:120],
            title=str(title or self.name).removesuffix(".xml"),
            tasks=tasks,
            start=self.start,
            calendar=self.own,
            baselines=tuple(self.baselines(rows)),
            lost=tuple(self.losses()),
            notes=() if self.in_days else (f"a day has {self.day_minutes / 60:g} hours there: spans came in hours",),
        )

    def live(self, rows: Iterable[Element]) -> list[Element]:
        """Leave out the tasks that count for nothing there."""
        found = []
        for row in rows:
            if text_of(row, "Active") == "0":
                self.odd.setdefault("inactive", []).append(text_of(row, "Name"))
            else:
                found.append(row)
        return found

    def find_people(self) -> dict[str, str]:
        found = {}
        for one in under(self.root, "Resources", "Resource"):
            if text_of(one, "Type") in ("", "1") and text_of(one, "IsNull") != "1":
                found[text_of(one, "UID")] = text_of(one, "EmailAddress") or text_of(one, "Name")
        return found

    def find_units(self) -> dict[str, list[tuple[str, float]]]:
        found: dict[str, list[tuple[str, float]]] = {}
        for one in under(self.root, "Assignments", "Assignment"):
            who = text_of(one, "ResourceUID")
            if who != _NOBODY and self.people.get(who):
                units = number_of(text_of(one, "Units"))
                share = 1.0 if units is None else units
                found.setdefault(text_of(one, "TaskUID"), []).append((self.people[who], share))
        return found

    def outline(self, rows: list[Element]) -> tuple[dict[str, str], dict[str, str]]:
        """Give each task's parent, and the phases: titles of summaries at the top that nothing is linked to, by id."""
        linked = {text_of(link, "PredecessorUID") for row in rows for link in _links(row)}
        linked |= {text_of(row, "UID") for row in rows if _links(row)}
        parents: dict[str, str] = {}
        phases: dict[str, str] = {}
        above: list[tuple[int, str]] = []
        for row in rows:
            level, uid = int(number_of(text_of(row, "OutlineLevel")) or 1), text_of(row, "UID")
            while above and above[-1][0] >= level:
                above.pop()
            if above:
                parents[uid] = above[-1][1]
            if level == 1 and text_of(row, "Summary") == "1" and uid not in linked and not _constrained(row):
                phases[uid] = uid
            above.append((level, uid))
        self.titles = {text_of(row, "UID"): text_of(row, "Name") for row in rows}
        return parents, phases

    def task(self, row: Element, parents: Mapping[str, str], phases: Mapping[str, str]) -> Incoming:
        uid = text_of(row, "UID")
        parent = parents.get(uid, "")
        phase = next((self.titles[one] for one in self.line_of(uid, parents) if one in phases), "")
        done, happened = self.happened(row)
        summary, share = text_of(row, "Summary") == "1", number_of(text_of(row, "PercentComplete")) or 0.0
        minutes = self.lengths[uid]
        milestone = not summary and not minutes and bool(text_of(row, "Duration"))
        units = self.units.get(uid, [])
        whole = sum(amount for _, amount in units)
        load = round(whole / len(units), 4) if units and whole else 1.0
        start, due = self.constraints(row)
        return Incoming(
            key=uid,
            title=text_of(row, "Name") or "Untitled",
            phase=phase,
            parent="" if parent in phases else parent,
            people=tuple(who for who, _ in units),
            start=start,
            due=due,
            est=None if summary or milestone or not minutes else self.span(minutes * (whole or 1.0), row),
            load=load if load != 1.0 else None,
            cost=(number_of(text_of(row, "FixedCost")) or 0.0) / 100 or None,
            progress=_progress(row, share / 100, minutes) if 0 < share < 100 and not summary else None,
            priority=_priority(number_of(text_of(row, "Priority"))),
            milestone=milestone,
            closed="done" if done and not summary else "",
            needs=tuple(self.needs(row)),
            happened=() if summary else happened,
            body=text_of(row, "Notes"),
        )

    def length(self, row: Element) -> float:
        """Give how many minutes a task takes; what is scheduled by hand may have dates alone."""
        minutes = _minutes(text_of(row, "Duration"))
        began, ended = self.instant(text_of(row, "Start")), self.instant(text_of(row, "Finish"))
        if not began or not ended or text_of(row, "Summary") == "1":
            return minutes
        between = self.time.between(began, ended).total_seconds() / 60
        if text_of(row, "Duration"):
            if between > minutes + 1 and minutes and not self.elapsed(row):
                self.odd.setdefault("interrupted, or slower by another calendar", []).append(text_of(row, "Name"))
            return minutes
        return max(between, 0.0)

    def line_of(self, uid: str, parents: Mapping[str, str]) -> Iterator[str]:
        while uid in parents:
            uid = parents[uid]
            yield uid

    def happened(self, row: Element) -> tuple[bool, tuple[Happened, ...]]:
        began, ended = self.instant(text_of(row, "ActualStart")), self.instant(text_of(row, "ActualFinish"))
        whole = text_of(row, "PercentComplete") == "100"
        ended = ended or (self.instant(text_of(row, "Finish")) if whole else None)
        finished = whole and ended is not None
        found = [Happened(began, "started")] if began and text_of(row, "Milestone") != "1" else []
        found += [Happened(ended, "done")] if finished and ended else []
        return finished, tuple(found)

    def needs(self, row: Element) -> Iterator[Needs]:
        for link in _links(row):
            tenths, shown = number_of(text_of(link, "LinkLag")) or 0.0, text_of(link, "LagFormat")
            before = text_of(link, "PredecessorUID")
            minutes = tenths / 10
            if shown in _PERCENT:
                minutes = self.lengths.get(before, 0.0) * tenths / 100
            lag = self.span(minutes, None, elapsed=shown in _ELAPSED) if minutes else None
            yield Needs(before, _KINDS.get(text_of(link, "Type"), "fs"), lag)

    def span(self, minutes: float, row: Element | None, *, elapsed: bool = False) -> Duration:
        """Give working minutes as a span: in days where the days are as long here, else in hours or minutes."""
        elapsed = elapsed or (row is not None and self.elapsed(row))
        day = 1440 if elapsed else self.day_minutes
        if (elapsed or self.in_days) and minutes % (day / 8) == 0 and abs(minutes) >= day / 2:
            return Duration(minutes / day, "d", elapsed)
        return Duration(minutes / 60, "h", elapsed) if minutes % 15 == 0 else Duration(minutes, "m", elapsed)

    def elapsed(self, row: Element) -> bool:
        """Tell whether a task takes wall time: in elapsed days, or by a calendar that never rests."""
        if text_of(row, "DurationFormat") in _ELAPSED:
            return True
        uid = text_of(row, "CalendarUID")
        other = self.calendars.other(uid)
        if other and not self.calendars.around_the_clock(uid):
            named = self.odd.setdefault(f"the calendar “{other}”", [])
            named += [text_of(row, "Name")] if text_of(row, "Name") not in named else []
        return bool(other) and self.calendars.around_the_clock(uid)

    def constraints(self, row: Element) -> tuple[date | None, date | None]:
        """Give the first day on which a task may start, and the day by which it has to end."""
        kind, day = text_of(row, "ConstraintType"), day_of(text_of(row, "ConstraintDate"))
        due = day_of(text_of(row, "Deadline"))
        starts, ends = self.bounds(row, kind) if day else (None, None)
        due = min((one for one in (due, ends) if one), default=None)
        if kind in _CONSTRAINTS:
            self.odd.setdefault(_CONSTRAINTS[kind], []).append(text_of(row, "Name"))
        by_hand = text_of(row, "Manual") == "1"
        if by_hand:
            self.odd.setdefault("scheduled by hand", []).append(text_of(row, "Name"))
        if by_hand or (number_of(text_of(row, "LevelingDelay")) or 0.0) > 0:
            starts = starts or day_of(text_of(row, "Start"))
        return starts, due

    def bounds(self, row: Element, kind: str) -> tuple[date | None, date | None]:
        """Give what a constraint comes to as first day and last day; those of the other end lie its length away."""
        at = self.instant(text_of(row, "ConstraintDate"))
        if at is None:
            return None, None
        span = Duration(self.lengths[text_of(row, "UID")], "m", self.elapsed(row))
        day = self.time.local_date(at)
        if kind in ("2", "4") and self.time.between(self.time.start_of(day), at).total_seconds() >= 60:
            self.odd.setdefault("bound to a time of day", []).append(text_of(row, "Name"))
        if kind in ("2", "4", "5"):
            ends = self.time.local_date(self.time.add(at, span))
            return (None if kind == "5" else day), (None if kind == "4" else ends)
        if kind in ("3", "6", "7"):
            back = Duration(-span.amount, "m", span.elapsed)
            starts = self.time.local_date(self.time.add(at, back))
            return (None if kind == "7" else starts), (None if kind == "6" else day)
        return None, None

    def baselines(self, rows: list[Element]) -> Iterator[Baseline]:
        found = {text_of(one, "Number") for row in rows for one in all_of(row, "Baseline")}
        numbers = sorted(found, key=_number_or_zero)
        for number in numbers:
            tasks: dict[str, BaselineTask] = {}
            for row in rows:
                one = next((one for one in all_of(row, "Baseline") if text_of(one, "Number") == number), None)
                began = self.instant(text_of(one, "Start")) if one is not None else None
                ended = self.instant(text_of(one, "Finish")) if one is not None else None
                if began and ended and text_of(row, "Summary") != "1":
                    cost = (number_of(text_of(one, "Cost")) or 0.0) / 100
                    tasks[text_of(row, "UID")] = BaselineTask(began, ended, _minutes(text_of(one, "Work")) * 60, cost)
            if tasks:
                name = "Baseline" if number in ("", "0") else f"Baseline {number}"
                first, last = min(one.start for one in tasks.values()), max(one.finish for one in tasks.values())
                yield Baseline(name, self.saved() or first, "", first, last, 0.0, tasks)

    def saved(self) -> datetime | None:
        return self.instant(text_of(self.root, "LastSaved")) or self.instant(text_of(self.root, "CreationDate"))

    def losses(self) -> Iterator[str]:
        for what, titles in self.odd.items():
            shown = ", ".join(titles[:3]) + (f" and {len(titles) - 3} more" if len(titles) > 3 else "")
            yield f"“{what}”: {shown} (the plan works dates out)"
        yield from self.lost
        away = [name for name, calendar in self.own_calendars() if self.calendars.with_days_off(calendar)]
        if away:
            yield f"days or hours of their own: {', '.join(away[:5])} (write `leave:`, `week:` in handrail.yml)"
        began = self.instant(text_of(self.root, "StartDate"))
        if began and self.start and self.time.between(self.time.start_of(self.start), began).total_seconds() >= 60:
            yield "it starts in the course of a day; here it starts in the morning"
        if text_of(self.root, "ScheduleFromStart") == "0":
            yield "it was planned backwards from its end; here it is planned from its start"
        others = [one for one in under(self.root, "Resources", "Resource") if text_of(one, "Type") in ("0", "2")]
        if any(text_of(one, "Name") for one in others):
            yield f"{count(len(others), 'material or cost resource')}: write `cost=` and `use=`"
        if under(self.root, "ExtendedAttributes", "ExtendedAttribute"):
            yield "custom fields"

    def own_calendars(self) -> Iterator[tuple[str, str]]:
        """Give the people and the calendars that they have there."""
        for one in under(self.root, "Resources", "Resource"):
            if text_of(one, "UID") in self.people and text_of(one, "Name"):
                yield text_of(one, "Name"), text_of(one, "CalendarUID")

    def instant(self, text: str) -> datetime | None:
        """Give a time, which the file writes on the clock of whoever saved it."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        if not 1970 <= moment.year <= 2200:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)


def _time_of(own: OwnCalendar | None, calendar: Calendar) -> WorkingTime:
    from handrail.plan.holiday import CalendarError
    from handrail.plan.worktime import working_time

    try:
        return working_time(own.over(calendar) if own else calendar)
    except CalendarError:
        return working_time(Calendar())


def _constrained(row: Element) -> bool:
    return text_of(row, "ConstraintType") in ("2", "3", "4", "5", "6", "7") or bool(text_of(row, "Deadline"))


def _progress(row: Element, share: float, minutes: float) -> float:
    """Give how much of a task is done: of its length, where the file says that; percents there are rounded."""
    exact = _minutes(text_of(row, "ActualDuration")) / minutes if minutes else 0.0
    return round(exact, 6) if abs(exact - share) < 0.01 else share


def _links(row: Element) -> list[Element]:
    return all_of(row, "PredecessorLink")


def _number_or_zero(text: str) -> float:
    return number_of(text) or 0.0


def _minutes(text: str) -> float:
    match = _DURATION.fullmatch(text)
    if not match:
        return 0.0
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return days * 1440 + hours * 60 + minutes + seconds / 60


def _priority(number: float | None) -> str:
    if number is None or 400 <= number <= 600:
        return ""
    return "urgent" if number >= 900 else "high" if number > 600 else "low"
