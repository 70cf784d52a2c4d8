"""Finished runs lived once more at another time, under another name: how ten thousand runs take minutes, not hours."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import date, datetime, timedelta
from random import Random

from handrail.app.demo_run import Version
from handrail.base.value import dataclass

POOL = 40
_DAY = re.compile(r"(?<![0-9-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-])")
_SIMPLE = re.compile(r"[A-Za-z][A-Za-z0-9]*( [A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Life:
    """A run that came to its end: what its file is called, its title, its versions oldest first."""

    name: str
    title: str
    versions: tuple[Version, ...]


@dataclass(slots=True)
class Lives:
    """The finished runs of each process, the first `POOL` of them."""

    known: dict[str, list[Life]] = field(default_factory=dict)

    def remember(self, process: str, life: Life) -> None:
        """Keep a finished run while there are few of its process."""
        pool = self.known.setdefault(process, [])
        if len(pool) < POOL:
            pool.append(life)

    def choose(self, process: str, start: datetime, now: datetime, random: Random) -> tuple[Life, timedelta] | None:
        """Give a life and the whole weeks by which it is moved to begin about `start` and end before `now`.

        None while too few are known to choose from, and where the chosen one would not be over by `now`.
        """
        pool = self.known.get(process, [])
        if len(pool) < POOL:
            return None
        life = random.choice(pool)
        shift = timedelta(weeks=(start - life.versions[0].when) // timedelta(weeks=1))
        return (life, shift) if shift and life.versions[-1].when + shift < now else None


def later(text: str, shift: timedelta) -> str:
    """Give the text with every date in it moved by whole days."""
    days = timedelta(days=shift.days)

    def move(match: re.Match[str]) -> str:
        try:
            return (date.fromisoformat(match[0]) + days).isoformat()
        except (ValueError, OverflowError):
            return match[0]

    return _DAY.sub(move, text)


def simple(title: str) -> bool:
    """Tell whether a title is written the same everywhere: plain words, no quotes in the front matter."""
    return len(title) > 3 and _SIMPLE.fullmatch(title) is not None


def again(life: Life, shift: timedelta, name: str, title: str) -> tuple[Version, ...]:
    """Give the versions of a life at another time, its file called `name`, its title `title`."""

    def told(text: str) -> str:
        parts = (later(part, shift).replace(life.title, title) for part in text.split(life.name))
        return name.join(parts)

    return tuple(
        Version(version.when + shift, version.who, told(version.message), told(version.text))
        for version in life.versions
    )
