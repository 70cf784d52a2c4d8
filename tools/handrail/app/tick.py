"""Starting what is scheduled. Doing it again, here or elsewhere, starts nothing twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from handrail.app.names import Named
from handrail.app.start import Started, Taken, Wish, start
from handrail.base.errors import BrokenFiles, HandrailError
from handrail.base.value import dataclass
from handrail.model.people import Config
from handrail.reports.scheduled import Broken, NotNow, ToStart

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_MOST_DAYS = 20


@dataclass(frozen=True, slots=True)
class Begun:
    """A scheduled run that was started, or would be."""

    due: ToStart
    started: Started


@dataclass(frozen=True, slots=True)
class Failed:
    """A scheduled run that could not be started. `exit_code` is what it comes to on the command line."""

    process: str
    period: date | None
    sentence: str
    hint: str = ""
    exit_code: int = 1


Tick = Begun | NotNow | Failed


def tick(
    repository: Repository,
    due: Iterable[ToStart | NotNow | Broken],
    *,
    who: str,
    now: datetime,
    config: Config,
    dry_run: bool = False,
) -> Iterator[Tick]:
    """Start what is due, one after the other, and tell what came of each; what fails keeps nothing else back.

    A run that somebody else has started meanwhile is passed over in silence: that is what was wanted.
    """
    for one in due:
        if isinstance(one, NotNow):
            yield one
        elif isinstance(one, Broken):
            yield Failed(one.process, None, one.sentence, one.hint)
        else:
            try:
                started = _start(repository, one, who=who, now=now, config=config, dry_run=dry_run)
            except Taken:
                continue
            except HandrailError as error:
                yield Failed(one.process, one.period, _sentence(error), error.hint, error.exit_code)
            else:
                yield Begun(one, started)


def missed_days(missed: tuple[date, ...]) -> str:
    """Give missed periods in words: the newest twenty, and how many there were before."""
    if not missed:
        return ""
    shown = ", ".join(day.isoformat() for day in missed[-_MOST_DAYS:])
    more = len(missed) - _MOST_DAYS
    return f"{shown} and {more} before" if more > 0 else shown


def _start(repository: Repository, one: ToStart, *, who: str, now: datetime, config: Config, dry_run: bool) -> Started:
    days = missed_days(one.missed)
    wish = Wish(
        period=one.period,
        run_id=one.run_id,
        stand_in=one.owner,
        note=f"not started when due: {days}" if days else "",
    )
    target = Named("process", one.process, one.path)
    return start(repository, target, wish, who=who, now=now, config=config, dry_run=dry_run)


def _sentence(error: HandrailError) -> str:
    """Give what is wrong, with the first of the problems where files are broken."""
    if not isinstance(error, BrokenFiles) or not error.problems:
        return error.sentence
    first = error.problems[0]
    return f"{error.sentence} {first.place.path}:{first.place.line}: {first.message}."
