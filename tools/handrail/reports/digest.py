"""What somebody should be told: their own work first, then what others let lie when it is theirs to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handrail.base.value import dataclass
from handrail.base.words import count
from handrail.model.calendar import WorkingTime
from handrail.model.people import Channel
from handrail.model.project import Project
from handrail.model.state import walk_states
from handrail.reports.results import Assignment, Finding, Overview
from handrail.reports.steps import blocked_until
from handrail.reports.words import Clock, zone_of
from handrail.reports.work import people, work_of
from handrail.text.plain import plain

SECTIONS: Mapping[str, str] = {
    "overdue": "Overdue",
    "today": "Due today",
    "approve": "Waits for your approval",
    "confirm": "Waits for your confirmation",
    "blocked": "Blocked, and the date has passed",
    "report": "Status report due",
    "escalated": "Overdue with others, in what you own",
}
"""The parts of a digest in their order, by name."""
CHANNEL = "#"
"""What stands before the name of a channel where the key of a person would stand."""
_OF_ALL: Mapping[str, str] = {"approve": "Waits for approval", "confirm": "Waits for confirmation"}
_MINUTE = timedelta(minutes=1)
_MOST = 25


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a digest. `key` says what it is about, so that it is known when it was told before."""

    key: str
    section: str
    title: str
    where: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person or channel is told. `fresh` are the keys that were not told lately."""

    person: str
    entries: tuple[Entry, ...]
    fresh: frozenset[str]


Told = Mapping[str, Mapping[str, str]]
"""What was told: for each person the keys, each with the instant at which it was told last (ISO 8601)."""


def entries_for(overview: Overview, person: str) -> tuple[Entry, ...]:
    """Give everything that a person should know of now, by section."""
    clock = Clock(overview.moment.now, zone_of(overview.workspace.config.calendar.timezone))
    own = [entry for task in work_of(overview, person).now if (entry := _own(overview, clock, task, person))]
    mine = _reports(overview, clock, lambda project: person in _owners(overview, project.owner))
    return _in_order([*own, *mine, *_escalated(overview, person)])


def entries_of(overview: Overview, channel: Channel) -> tuple[Entry, ...]:
    """Give everything that a channel should know of now, by section, each with those who have it."""
    config = overview.workspace.config
    clock = Clock(overview.moment.now, zone_of(config.calendar.timezone))
    members = {member for name in channel.people for member in config.members(name)}
    everything = not (channel.people or channel.processes or channel.projects)
    entries: dict[str, Entry] = {}
    who: dict[str, list[str]] = {}
    for person in people(overview):
        for task in work_of(overview, person).now:
            place = channel.projects if task.kind == "project" else channel.processes
            within = task.holder if task.kind == "project" else task.holder.rpartition("/")[0]
            entry = _own(overview, clock, task, person)
            if entry and (everything or person in members or within in place):
                entries[entry.key] = entry
                who.setdefault(entry.key, []).append(config.person(person).shown)
    names = {key: ", ".join(shown) for key, shown in who.items()}
    found = [replace(one, why=f"{one.why} ({names[key]})" if one.why else names[key]) for key, one in entries.items()]

    def theirs(project: Project) -> bool:
        return everything or project.id in channel.projects or not members.isdisjoint(_owners(overview, project.owner))

    return _in_order([*found, *_reports(overview, clock, theirs)])


def _in_order(found: Iterable[Entry]) -> tuple[Entry, ...]:
    order = list(SECTIONS)
    return tuple(sorted(found, key=lambda one: order.index(one.section)))


def digest(overview: Overview, person: str, told: Told) -> Digest | None:
    """Give what a person, or a channel behind `CHANNEL`, is told now; None where there is nothing new.

    What was told is told again after `notify: again` of working time, so that nobody is told the same every day.
    """
    channels = {f"{CHANNEL}{one.name}": one for one in overview.workspace.config.notify.channels}
    entries = entries_of(overview, channels[person]) if person in channels else entries_for(overview, person)
    known, moment = told.get(person, {}), overview.moment
    again = timedelta(seconds=moment.normal.seconds(overview.workspace.config.notify.again))
    fresh = frozenset(one.key for one in entries if _is_news(known.get(one.key, ""), moment.normal, moment.now, again))
    return Digest(person, entries, fresh) if fresh else None


def in_hours(overview: Overview, person: str) -> bool:
    """Tell whether a person works now, by their own days, hours and leave, or the workspace's."""
    time = overview.moment.people.get(person) or overview.moment.normal
    return time.between(overview.moment.now, overview.moment.now + _MINUTE) > timedelta()


def after(told: Told, digests: Iterable[Digest], now: datetime) -> dict[str, dict[str, str]]:
    """Give what has been told when these were sent. What a digest does not mention any more is forgotten."""
    found = {person: dict(keys) for person, keys in told.items()}
    for one in digests:
        known = found.get(one.person, {})
        found[one.person] = {
            entry.key: now.isoformat() if entry.key in one.fresh else known.get(entry.key, now.isoformat())
            for entry in one.entries
        }
    return found


def digest_text(overview: Overview, one: Digest) -> tuple[str, str]:
    """Give a digest's title and its text: plain, with a blank line between sections."""
    shown, together = overview.workspace.config.title, one.person.startswith(CHANNEL)
    parts: list[str] = []
    for name, heading in SECTIONS.items():
        mine = [entry for entry in one.entries if entry.section == name]
        if mine:
            lines = [_line(entry, one) for entry in mine[:_MOST]]
            more = [f"  and {len(mine) - _MOST} more"] if len(mine) > _MOST else []
            head = _OF_ALL.get(name, heading) if together else heading
            parts.append("\n".join([f"{head} ({len(mine)})", *lines, *more]))
    address = overview.workspace.config.site_url.rstrip("/")
    if address:
        parts.append(f"{address}/stalled/" if together else f"{address}/people/{one.person}/")
    number = count(len(one.entries), "thing")
    told = number if together else f"{number} for you"
    return f"{shown}: {told}, {len(one.fresh)} new", "\n\n".join(parts)


def _line(entry: Entry, one: Digest) -> str:
    again = "" if entry.key in one.fresh else " (told before)"
    why = f": {entry.why}" if entry.why else ""
    return f"- {plain(entry.title)}, {plain(entry.where)}{why}{again}"


def _is_news(told: str, time: WorkingTime, now: datetime, again: timedelta) -> bool:
    try:
        before = datetime.fromisoformat(told)
    except ValueError:
        return True
    return before.tzinfo is None or before > now or time.between(before, now) >= again


def _own(overview: Overview, clock: Clock, task: Assignment, person: str) -> Entry | None:
    section = _section(overview, clock, task, person)
    if not section:
        return None
    why = clock.until(task.due) if task.due and section in ("overdue", "today", "approve", "confirm") else ""
    key = f"{task.kind} {task.holder}#{task.step.id} {section}"
    return Entry(key, section, task.step.item.title, task.holder_title, why)


def _section(overview: Overview, clock: Clock, task: Assignment, person: str) -> str:
    step, now = task.step, overview.moment.now
    if person in task.confirmers:
        return "confirm"
    if step.state == "blocked":
        until = blocked_until(step, overview.moment.normal) if step.facts.blocked_until else None
        return "blocked" if until is not None and until < now else ""
    if step.item.attributes.approval:
        return "approve"
    if task.overdue:
        return "overdue"
    return "today" if task.due and clock.local(task.due).date() == clock.local(now).date() else ""


def _reports(overview: Overview, clock: Clock, theirs: Callable[[Project], bool]) -> list[Entry]:
    """Give the active projects, of those that count, of which nobody has said for a while how they stand."""
    after_days = timedelta(seconds=overview.moment.always.seconds(overview.workspace.config.notify.report)).days
    today, found = clock.local(overview.moment.now).date(), []
    for state in overview.projects.values():
        project = state.project
        since = max((one.day for one in project.updates), default=project.start)
        if state.state == "active" and since and theirs(project):
            days = (today - since).days
            if days >= max(after_days, 1):
                key = f"project {project.id} report {since.isoformat()}"
                found.append(Entry(key, "report", project.title, "project", f"the last one is {days} days old"))
    return found


def _escalated(overview: Overview, person: str) -> list[Entry]:
    """Give what is long overdue with somebody else, in the processes and projects that a person owns."""
    limit = timedelta(seconds=overview.moment.normal.seconds(overview.workspace.config.notify.escalate))
    config, found = overview.workspace.config, []
    for one in overview.findings:
        if "overdue" not in one.codes or person not in _owners(overview, _owner(overview, one)):
            continue
        has_it = {member for name in one.assignees for member in config.members(name)}
        due = _due(overview, one)
        if person not in has_it and due and overview.moment.normal.between(due, overview.moment.now) >= limit:
            who = " ".join(config.person(key).shown for key in one.assignees) or "nobody has it"
            key = f"{one.kind} {one.holder}#{one.item} escalated"
            found.append(Entry(key, "escalated", one.title, one.holder_title, f"{one.reasons[0]} ({who})"))
    return found


def _due(overview: Overview, one: Finding) -> datetime | None:
    state = overview.runs[one.holder] if one.kind == "run" else overview.projects[one.holder]
    return next((step.due for step in walk_states(state.steps) if step.id == one.item), None)


def _owner(overview: Overview, one: Finding) -> str:
    if one.kind == "project":
        return overview.projects[one.holder].project.owner
    process = overview.workspace.processes.get(one.holder.rpartition("/")[0])
    return process.owner if process else ""


def _owners(overview: Overview, owner: str) -> Sequence[str]:
    return overview.workspace.config.members(owner) if owner else ()
