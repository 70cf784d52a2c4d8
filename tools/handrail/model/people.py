"""People and teams, as `handrail.yml` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, time, timedelta

from handrail.base.place import NOWHERE, Place
from handrail.base.value import dataclass
from handrail.model.calendar import Calendar, Duration


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be asked to do something. `key` is what stands after `@`."""

    key: str
    name: str = ""
    email: tuple[str, ...] = ()
    github: str = ""
    load: float = 1.0  # share of a full week
    rate: float = 0.0  # cost of an hour
    agent: bool = False
    active: bool = True  # False: has left
    leave: tuple[tuple[date, date], ...] = ()  # first and last day of each
    week: frozenset[int] | None = None  # own weekdays (Monday is 0), where they differ from the workspace's
    hours: tuple[tuple[time, time], ...] | None = None  # own hours, likewise
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def own_time(self) -> bool:
        """Tell whether the workspace's calendar is not this person's."""
        return bool(self.leave) or self.week is not None or self.hours is not None

    @property
    def shown(self) -> str:
        """The name to show: the full one where it is known."""
        return self.name or self.key


@dataclass(frozen=True, slots=True)
class McpPolicy:
    """What programs that speak the Model Context Protocol may do: act or only read, and as which agent."""

    actions: bool = False
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """What one place in which several people read is told of: the work of people and teams, of processes, of projects.

    One that names none of them is told of everything.
    """

    name: str
    people: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class NotifyPolicy:
    """When people are told: how long overdue before the owner is, how long until again, how old a report may be.

    `channels` are told besides people, by name.
    """

    escalate: Duration = Duration(3, "d")
    again: Duration = Duration(1, "w")
    report: Duration = Duration(1, "w")
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """`handrail.yml`, with its defaults: a workspace without the file works.

    `spots` are the places of its values, by key (`calendar`, `calendar:holidays`).
    """

    title: str = "Handrail"
    people: Mapping[str, Person] = field(default_factory=dict)
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calendar: Calendar = Calendar()
    stall: Duration = Duration(3, "d")
    sync: str = ""  # push, branch, none; empty: push where a remote exists
    resources: Mapping[str, float] = field(default_factory=dict)
    site_url: str = ""
    spots: Mapping[str, Place] = field(default_factory=dict, compare=False)
    on_behalf: tuple[str, ...] = ()  # who may write events in the name of others; `true` means everybody
    proof_limit: int = 10 * 1024 * 1024  # bytes that a file may have which comes as evidence
    archive_after: timedelta | None = None  # wall time after which runs that are over have no page in the site
    finished_pages: int | None = 1_000  # so many of the newest runs that are over have one; None: all
    escape_html: bool = False  # show raw HTML in processes, runs and projects as text
    mcp: McpPolicy = McpPolicy()
    notify: NotifyPolicy = NotifyPolicy()

    def members(self, name: str) -> tuple[str, ...]:
        """Give the people whom `name` means: a team's members, or the name itself."""
        return self.teams.get(name, (name,))

    def person(self, key: str) -> Person:
        """Give the person of that key, or a bare one where the workspace does not list it."""
        return self.people.get(key, Person(key))
