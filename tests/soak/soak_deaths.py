"""The crash scenarios of `make soak`: each deed, each system call, random moments, a disk without room."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from soak_crash import Ward, deeds, dying, has_strace, random_kills, traced, without_room
from soak_report import Row, row
from soak_teams import Scale

SYSTEM_CALLS = 20  # beyond it a process of one check-off has no more of them
LIMITS = (0, 50, 100, 200, 300, 400, 600, 800, 1000, 1200, 1500, 2000)


def crashes(folder: Path, scale: Scale) -> Row:
    """Kill some hundred commands, each at another place, in four clones; two at a time, as there are two cores."""
    began = time.monotonic()
    work: list[tuple[str, bool, Callable[[Ward], None]]] = [
        ("deeds", False, lambda ward: each_deed(ward, scale.size)),
        ("deeds, shared", True, lambda ward: each_deed(ward, scale.size)),
        ("no room", False, lambda ward: _all(ward, map(without_room, spread(LIMITS, scale.size)))),
    ]
    if has_strace(folder):
        calls = lambda ward: each_system_call(ward, scale.size)  # noqa: E731
        work += [("system calls", False, calls), ("system calls, shared", True, calls)]
    work += [
        ("random, with its git", False, lambda ward: random_kills(ward, scale.of(100, 4), scale.seed, group=True)),
        ("random, shared", True, lambda ward: random_kills(ward, scale.of(100, 4), scale.seed + 1, group=False)),
    ]
    with ThreadPoolExecutor(2) as pool:
        wards = list(pool.map(lambda one: _ward(folder / str(one[0]), scale, *one[1]), enumerate(work)))
    operations = [one for ward in wards for one in ward.operations]
    faults = [fault for ward in wards for fault in ward.judge()]
    killed = sum(one.writer == "victim" and one.outcome not in {"here", "shared"} for one in operations)
    note = f"{killed} of {sum(ward.used for ward in wards)} commands ended"
    note += "" if has_strace(folder) else "; no strace here, so no single system calls"
    return row("kill -9, a full disk", operations, faults, time.monotonic() - began, note=note)


def each_deed(ward: Ward, size: float) -> None:
    """Kill before every deed of a check-off."""
    _, arguments = ward.ask()
    count = deeds(ward.clone, arguments)
    ward.before = ward.now()
    _all(ward, map(dying, spread(range(1, count + 1), size)))


def each_system_call(ward: Ward, size: float) -> None:
    """Kill at every system call that changes something: of the command, and of each git that it runs."""
    for number in spread(range(1, SYSTEM_CALLS + 1), size):
        ward.try_one(traced(number, children=True))


def spread(numbers: Iterable[int], size: float) -> list[int]:
    """Give an even share of the numbers: all of them at full size."""
    every = list(numbers)
    return every[:: max(1, round(1 / size))]


def _all(ward: Ward, victims: Iterable) -> None:
    for victim in victims:
        ward.try_one(victim)


def _ward(folder: Path, scale: Scale, name: str, shared: bool, work: Callable[[Ward], None]) -> Ward:
    folder.mkdir()
    ward = Ward(folder, shared=shared, steps=110, until=scale.until)
    work(ward)
    return ward
