"""What `verify` judges by: the facts of a commit, the rules that hold, and how a finding is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from handrail.base.place import Place
from handrail.base.problem import Level, Problem
from handrail.base.value import dataclass
from handrail.model.item import Event, Item
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.state import Child
from handrail.reports.moment import Moment

SKEW = timedelta(minutes=5)
"""By how much two clocks may differ."""
BACK_DATED = timedelta(days=1)
"""How long before its commit an event may have happened."""

Holder = Run | Project
Children = Callable[[Run, Item, str], tuple[Child, ...]]
Ticked = Callable[[Item], tuple[str, datetime] | None]


@dataclass(frozen=True, slots=True)
class Deed:
    """A commit's facts. `people` are its author and co-authors as the workspace calls them, the author first.

    `time` is the author's, `latest` the latest time that an event in it may have. `free` says that whoever wrote it
    may write events in the name of others.
    """

    people: tuple[str, ...]
    time: datetime
    latest: datetime
    free: bool = False

    @property
    def author(self) -> str:
        """Who wrote the commit."""
        return self.people[0]


@dataclass(frozen=True, slots=True)
class Law:
    """The rules that hold for a file: people and calendar, the procedures, the child runs of a step.

    `procedure` gives that of a process at a revision; `children` the runs that were started for a step, just the
    named one where a name is given; `ticked` who ticked an item by hand in an earlier commit, and when.
    """

    config: Config
    moment: Moment
    procedure: Callable[[str, str], Process | None]
    children: Children
    ticked: Ticked


def problem(code: str, place: Place, message: str, hint: str = "", level: Level = "error") -> Problem:
    """Make a finding."""
    return Problem(code, level, place, message, hint)


def told(event: Event) -> str:
    """Give an event in words: `done` by @ana."""
    return f"`{event.verb[:40]}` by @{event.who[:60]}"


def with_times(events: list[tuple[str, Event]], deed: Deed) -> list[Problem]:
    """Report the events whose time does not fit the commit that wrote them.

    A commit that holds events of several times may be several that were made one: there, an early time is a warning.
    """
    found = []
    several = len({event.time for _, event in events}) > 1
    for _, event in events:
        if event.time > deed.latest + SKEW:
            message = f"{told(event)} is later than its commit, which was made at {deed.time:%Y-%m-%d %H:%M:%S} UTC"
            found.append(problem("future-event", event.place, message, "an event has the time at which it happened"))
        elif event.time < deed.time - BACK_DATED:
            message = f"{told(event)} is {_days(deed.time - event.time)} before its commit"
            hint = "what is written down later is a note"
            level: Level = "warning" if several else "error"
            found.append(problem("back-dated", event.place, message, hint, level))
    return found


def with_people(events: list[tuple[str, Event]], deed: Deed) -> list[Problem]:
    """Report the events whose person is none of the commit's authors."""
    found = []
    for _, event in events:
        if event.who in deed.people or deed.free:
            continue
        authors = ", ".join(f"@{person}" for person in deed.people)
        message = f"{told(event)} is in a commit by {authors}"
        hint = "people act under their own name; `on_behalf:` in handrail.yml lists who may act for others"
        found.append(problem("other-person", event.place, message, hint))
    return found


def _days(span: timedelta) -> str:
    days = span.days
    return f"{days} day{'' if days == 1 else 's'}"
