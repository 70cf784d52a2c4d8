"""The present moment with the working time of a workspace."""

from __future__ import annotations

import importlib.util
import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.reports.moment import Moment

if TYPE_CHECKING:
    from handrail.model.people import Config


def moment_of(config: Config, now: datetime, keep: Path | None = None) -> Moment:
    """Give the moment `now` (UTC), with the workspace's calendar and with wall time.

    `keep` is a folder where holidays are kept between commands: to look them up costs more than a whole action.
    It can be deleted at any time.
    """
    from handrail.plan.worktime import working_time

    calendar = config.calendar
    always = working_time(replace(calendar, always=True))
    if not (keep and calendar.holidays) or calendar.always:
        return Moment(now, working_time(calendar), always)
    return Moment(now, working_time(calendar, holidays=_Kept(keep / "holidays.json")), always)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Public holidays out of a file, which is filled from the library where it says nothing yet."""

    path: Path

    def __call__(self, code: str, year: int) -> frozenset[date]:
        edition = _edition()
        known = self._read()
        key = f"{edition} {code} {year}"
        with suppress(KeyError, TypeError, ValueError):
            return frozenset(date.fromisoformat(day) for day in known[key])
        from handrail.plan.holiday import days_off

        found = days_off(code, year)
        fresh = {name: days for name, days in known.items() if name.startswith(f"{edition} ")}
        self._write({**fresh, key: sorted(day.isoformat() for day in found)})
        return found

    def _read(self) -> dict[str, list[str]]:
        try:
            known = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return known if isinstance(known, dict) else {}

    def _write(self, known: dict[str, list[str]]) -> None:
        # Two commands at once may both write; the loser's years are looked up again, that is all.
        other = self.path.with_name(f"{self.path.name}.new")
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            other.write_text(json.dumps(known), encoding="utf-8")
            other.replace(self.path)


def _edition() -> str:
    """Tell one installed edition of the library from another without importing it."""
    spec = importlib.util.find_spec("holidays")
    try:
        return str(Path(spec.origin).stat().st_mtime_ns) if spec and spec.origin else ""
    except OSError:
        return ""
