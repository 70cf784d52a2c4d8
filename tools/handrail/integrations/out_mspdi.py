"""A project as the XML of Microsoft Project (MSPDI): tasks, links, constraints, people, baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from datetime import time as clock
from typing import Any

from handrail.model.baseline import Baseline
from handrail.model.calendar import Calendar, Duration, WorkingTime
from handrail.model.item import Link
from handrail.model.people import Config
from handrail.model.project import Project
from handrail.reports.results import PlannedTask, ProjectPlan
from handrail.text.plain import plain

Element = Any
_NAMESPACE = "http://schemas.microsoft.com/project"
_KINDS = {"ff": "0", "fs": "1", "sf": "2", "ss": "3"}
_PRIORITIES = {"low": "300", "high": "700", "urgent": "900"}
_MOST_BASELINES = 11


def project_xml(
    project: Project,
    plan: ProjectPlan,
    baselines: Sequence[Baseline],
    config: Config,
    time: WorkingTime,
    *,
    now: datetime,
    zone: tzinfo,
) -> str:
    """Give the plan as XML; `import msproject` reads it back. Times are on the clock of `zone`."""
    return _Writer(project, plan, baselines, config, time, now, zone).text()


class _Writer:
    """A plan while it is written."""

    def __init__(
        self,
        project: Project,
        plan: ProjectPlan,
        baselines: Sequence[Baseline],
        config: Config,
        time: WorkingTime,
        now: datetime,
        zone: tzinfo,
    ) -> None:
        self.project, self.plan, self.baselines, self.config = project, plan, baselines, config
        self.time, self.now, self.zone = time, now, zone
        self.uids = {task.item.id: str(number) for number, task in enumerate(plan.tasks, 1)}
        self.phases = dict.fromkeys(task.phase for task in plan.tasks if task.phase)
        self.levels = _levels(project)
        names = dict.fromkeys(name for task in plan.tasks for name in task.assignees)
        self.people = {name: str(number) for number, name in enumerate(names, 1)}

    def text(self) -> str:
        from xml.etree import ElementTree as ET

        root = ET.Element("Project", {"xmlns": _NAMESPACE})
        _add(root, "SaveVersion", "14")
        _add(root, "Name", f"{self.project.id.replace('/', '-')}.xml")
        _add(root, "Title", self.project.title)
        _add(root, "LastSaved", self.local(self.now))
        if self.plan.start and self.plan.finish:
            _add(root, "StartDate", self.local(self.plan.start))
            _add(root, "FinishDate", self.local(self.plan.finish))
        _add(root, "ScheduleFromStart", "1")
        day, week = (round(self.time.seconds(Duration(1, unit)) / 60) for unit in ("d", "w"))
        _add(root, "MinutesPerDay", str(day))
        _add(root, "MinutesPerWeek", str(week))
        self.calendar(root)
        self.tasks(_add(root, "Tasks"))
        self.resources(_add(root, "Resources"))
        self.assignments(_add(root, "Assignments"))
        ET.indent(root)
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        return head + ET.tostring(root, encoding="unicode") + "\n"

    def calendar(self, root: Element) -> None:
        """Write the project's calendar. Public holidays stand in it for the years of the plan."""
        own = self.project.calendar
        calendar = own.over(self.config.calendar) if own else self.config.calendar
        if calendar.always:
            calendar = replace(calendar, week=frozenset(range(7)), hours=((clock(0), clock(0)),), closed=frozenset())
        _add(root, "CalendarUID", "1")
        one = _add(_add(root, "Calendars"), "Calendar")
        for key, value in (("UID", "1"), ("Name", "Standard"), ("IsBaseCalendar", "1"), ("BaseCalendarUID", "-1")):
            _add(one, key, value)
        days = _add(one, "WeekDays")
        for kind in range(1, 8):
            day = _add(days, "WeekDay")
            works = (kind - 2) % 7 in calendar.week
            _add(day, "DayType", str(kind))
            _add(day, "DayWorking", "1" if works else "0")
            for first, last in calendar.hours if works else ():
                times = day.find("WorkingTimes")
                span = _add(times if times is not None else _add(day, "WorkingTimes"), "WorkingTime")
                _add(span, "FromTime", f"{first:%H:%M:%S}")
                _add(span, "ToTime", f"{last:%H:%M:%S}")
        self.days_off(one, calendar)

    def days_off(self, holder: Element, calendar: Calendar) -> None:
        from handrail.plan.holiday import days_off

        first, last = (self.plan.start or self.now).year, (self.plan.finish or self.now).year
        public = (day for year in range(first, last + 1) for day in days_off(calendar.holidays, year))
        closed = sorted({*calendar.closed, *public} if not calendar.always else ())
        exceptions = _add(holder, "Exceptions") if closed else holder
        for day in closed:
            one = _add(exceptions, "Exception")
            period = _add(one, "TimePeriod")
            _add(period, "FromDate", f"{day}T00:00:00")
            _add(period, "ToDate", f"{day}T23:59:00")
            _add(one, "Type", "1")
            _add(one, "DayWorking", "0")

    def tasks(self, holder: Element) -> None:
        phase = ""
        number = len(self.plan.tasks)
        for row, task in enumerate(self.plan.tasks, 1):
            if task.phase and task.phase != phase:
                phase = task.phase
                number += 1
                one = _add(holder, "Task")
                for key, value in (
                    ("UID", str(number)),
                    ("Name", plain(phase)),
                    ("OutlineLevel", "1"),
                    ("Summary", "1"),
                ):
                    _add(one, key, value)
            self.task(_add(holder, "Task"), task, row)

    def task(self, one: Element, task: PlannedTask, row: int) -> None:
        item, attributes = task.item, task.item.attributes
        work = self.time.between(task.start, task.finish).total_seconds()
        done = task.state in ("done", "skipped")
        pairs: Mapping[str, str] = {
            "UID": self.uids[item.id],
            "ID": str(row),
            "Name": plain(item.title),
            "OutlineLevel": str(self.levels.get(item.id, 1) + (1 if task.phase else 0)),
            "Priority": _PRIORITIES.get(attributes.priority, "500"),
            "Start": self.local(task.start),
            "Finish": self.local(task.finish),
            "Duration": _duration(work),
            "DurationFormat": "7",
            "Milestone": "1" if task.milestone else "0",
            "Summary": "1" if task.container else "0",
            "PercentComplete": "100" if done else f"{task.progress * 100:.0f}",
            "ActualStart": self.local(task.start) if done or task.state in ("doing", "blocked") else "",
            "ActualFinish": self.local(task.finish) if done else "",
            "FixedCost": f"{attributes.cost * 100:.0f}" if attributes.cost else "",
            "ConstraintType": "4" if attributes.start else "0",
            "ConstraintDate": f"{attributes.start}T00:00:00" if attributes.start else "",
            "Deadline": self.local(task.deadline) if task.deadline else "",
        }
        for key, value in pairs.items():
            if value:
                _add(one, key, value)
        for link in attributes.after:
            self.link(one, link)
        for number, baseline in enumerate(self.baselines[:_MOST_BASELINES]):
            self.baseline(one, number, baseline, item.id)

    def link(self, one: Element, link: Link) -> None:
        if link.item not in self.uids:
            return
        holder = _add(one, "PredecessorLink")
        _add(holder, "PredecessorUID", self.uids[link.item])
        _add(holder, "Type", _KINDS[link.kind])
        tenths = round(self.time.seconds(link.lag) / 6) if link.lag else 0
        _add(holder, "LinkLag", str(tenths))
        _add(holder, "LagFormat", "8" if link.lag and link.lag.elapsed else "7")

    def baseline(self, one: Element, number: int, baseline: Baseline, id: str) -> None:
        was = baseline.tasks.get(id)
        if was is None:
            return
        holder = _add(one, "Baseline")
        _add(holder, "Number", str(number))
        _add(holder, "Start", self.local(was.start))
        _add(holder, "Finish", self.local(was.finish))
        _add(holder, "Work", _duration(was.work_s))
        _add(holder, "Cost", f"{was.cost * 100:.0f}")

    def resources(self, holder: Element) -> None:
        for name, uid in self.people.items():
            one = _add(holder, "Resource")
            person = self.config.person(name)
            for key, value in (("UID", uid), ("ID", uid), ("Name", person.shown), ("Type", "1")):
                _add(one, key, value)
            if person.email:
                _add(one, "EmailAddress", person.email[0])

    def assignments(self, holder: Element) -> None:
        number = 0
        for task in self.plan.tasks:
            for name in task.assignees:
                number += 1
                one = _add(holder, "Assignment")
                _add(one, "UID", str(number))
                _add(one, "TaskUID", self.uids[task.item.id])
                _add(one, "ResourceUID", self.people[name])
                _add(one, "Units", f"{task.item.attributes.load or self.config.person(name).load:.12g}")

    def local(self, instant: datetime) -> str:
        return instant.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M:%S")


def _add(holder: Element, name: str, text: str = "") -> Element:
    from xml.etree.ElementTree import SubElement

    one = SubElement(holder, name)
    clean = "".join(char for char in text if char in "\t\n" or char.isprintable())
    one.text = clean or None
    return one


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"PT{minutes // 60}H{minutes % 60}M0S"


def _levels(project: Project) -> dict[str, int]:
    found: dict[str, int] = {}
    stack = [(item, 1) for item in project.items]
    while stack:
        item, level = stack.pop()
        found[item.id] = level
        stack.extend((child, level + 1) for child in item.children)
    return found
