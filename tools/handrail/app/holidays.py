"""Public holidays, remembered beside the repository's objects.

Importing the library costs more than everything else that a check-off does, and the answer changes only when
the library does: so each year's days are kept in the git directory, safe to delete.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from handrail.plan.holiday import DaysOff, days_off

Writer = Callable[[Path, bytes], None]
NAME = "holidays.json"


def remembered(folder: Path, write: Writer) -> DaysOff:
    """Give a look-up of holidays by code and year that remembers in `folder`. A broken memory is begun anew.

    `write` puts a whole file in place at once; that it fails (a read-only directory) costs time and nothing else.
    """
    path = folder / NAME
    version = library_version()
    years = _read(path, version)

    def look_up(code: str, year: int) -> frozenset[date]:
        if not code:
            return frozenset()
        key = f"{code} {year}"
        if key not in years:
            years[key] = days_off(code, year)
            _keep(path, version, years, write)
        return years[key]

    return look_up


def library_version() -> str:
    """Give what changes whenever the library is another one, empty where it is not there."""
    spec = find_spec("holidays")
    if spec is None or spec.origin is None:
        return ""
    return str(Path(spec.origin).stat().st_mtime_ns)


def _read(path: Path, version: str) -> dict[str, frozenset[date]]:
    try:
        content = json.loads(path.read_bytes())
        if content["version"] != version:
            return {}
        return {key: frozenset(map(date.fromisoformat, days)) for key, days in content["years"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _keep(path: Path, version: str, years: dict[str, frozenset[date]], write: Writer) -> None:
    content = {"version": version, "years": {key: sorted(map(str, days)) for key, days in years.items()}}
    try:
        path.parent.mkdir(exist_ok=True)
        write(path, json.dumps(content).encode())
    except OSError:
        pass
