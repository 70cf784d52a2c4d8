"""Several writers at once on one place, and the check of what they did."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from soak_check import Fault, check_state
from soak_place import Place, check_clones, check_commits, environment, git, handrail, run_files, sync_all
from soak_record import Operation, read_operations
from soak_writer import Orders

PROGRAM = Path(__file__).with_name("soak_writer.py")


@dataclass(frozen=True)
class Scale:
    """How much a scenario does: `size` 1 is all of it, and nothing new begins after `until` (seconds, as time.time)."""

    seed: int
    size: float
    until: float

    def of(self, count: int, least: int = 2) -> int:
        return max(least, round(count * self.size))


@dataclass(frozen=True)
class Team:
    """Writers at work: their processes, their logs, and how things stood before."""

    place: Place
    processes: tuple[subprocess.Popen[str], ...]
    logs: tuple[Path, ...]
    base: str
    before: dict[str, str]

    def wait(self) -> tuple[Operation, ...]:
        """Wait for all of them; one that fell over by itself is an error of the harness."""
        for process in self.processes:
            error = process.communicate()[1]
            if process.returncode:
                raise AssertionError(error)
        return read_operations(self.logs)


def set_to_work(place: Place, orders: Sequence[Orders], *, program: Path = PROGRAM) -> Team:
    """Start one process for each writer."""
    base = git(place.clones[0], "rev-parse", "HEAD").strip()
    before = run_files(place.clones[0])
    processes = tuple(
        subprocess.Popen(
            [sys.executable, str(program), str(one.save(place.root / f"{one.writer}.json"))],
            env=environment(one.who),
            stderr=subprocess.PIPE,
            text=True,
        )
        for one in orders
    )
    return Team(place, processes, tuple(Path(one.log) for one in orders), base, before)


def orders_for(
    place: Place, writers: int, seed: int, count: int, *, own_steps: bool = False, real: int = 10, until: float = 0.0
) -> list[Orders]:
    """Orders for so many writers, spread over the clones. `own_steps`: each keeps to steps of its own."""
    share = len(place.steps) // writers
    return [
        Orders(
            writer=f"w{number}",
            who=f"w{number}",
            folder=str(place.clones[number % len(place.clones)]),
            log=str(place.root / f"w{number}.log"),
            seed=seed * 1000 + number,
            count=count,
            runs=place.runs,
            steps=place.steps[number * share : (number + 1) * share] if own_steps else place.steps,
            people=writers,
            step_verbs_only=own_steps,
            real=real,
            until=until,
            cancel=0 if own_steps else 3,
        )
        for number in range(writers)
    ]


def judge(team: Team, operations: Sequence[Operation], *, status: str = "", lint: bool = True) -> list[Fault]:
    """Sync all clones and give every broken promise."""
    place = team.place
    remote = run_files(place.remote, "main") if place.remote.exists() else None
    faults = sync_all(place) if remote is not None else []
    faults += check_state(operations, run_files(place.clones[0]), before=team.before, remote=remote)
    faults += check_clones(place, status=status, lint=lint) + check_commits(place, team.base)
    return faults + verified(place, team.base)


def verified(place: Place, base: str) -> list[Fault]:
    """Give what `handrail verify` finds in all that was done: each change must be one that the rules allow."""
    done = handrail(place.clones[0], "verify", base, "--json")
    if done.returncode not in (0, 1):
        return [Fault("broken", f"verify: {done.stderr}")]
    problems = [one for one in json.loads(done.stdout)["problems"] if one["level"] == "error"]
    return [Fault("broken", f"verify: {one['code']} {one['path']}: {one['message']}") for one in problems]
