"""What a writer tried and what it was told, one fsynced JSON line before and one after each action."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

OUTCOMES = ("shared", "here", "refused", "error", "unknown")
PAST = {
    "check": "done",
    "begin": "started",
    "start": "started",
    "skip": "skipped",
    "reopen": "reopened",
    "approve": "approved",
    "reject": "rejected",
    "assign": "assigned",
    "due": "due",
    "block": "blocked",
    "unblock": "unblocked",
    "note": "noted",
    "set": "set",
    "cancel": "cancelled",
}
"""The event that each command writes."""


@dataclass(frozen=True)
class Operation:
    """One action of one writer. `token` is text that nobody else writes; empty where the command takes no text."""

    writer: str
    number: int
    verb: str
    run: str
    step: str
    who: str
    time: str
    token: str = ""
    outcome: str = "unknown"
    said: str = ""
    seconds: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.writer}/{self.number} {self.verb} {self.run} {self.step} @{self.who} {self.time}"


class Recorder:
    """A writer's own log; a line counts once it is on the disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")

    def write(self, operation: Operation) -> None:
        self._file.write(json.dumps(asdict(operation)) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def read_operations(paths: Iterable[Path]) -> tuple[Operation, ...]:
    """Give each operation with the last that is known of it: one that only began stays `unknown`."""
    found: dict[tuple[str, int], Operation] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line:
                operation = Operation(**json.loads(line))
                found[operation.writer, operation.number] = operation
    return tuple(found.values())


def told(operation: Operation, code: int, output: str, seconds: float) -> Operation:
    """What a command said, as an outcome: by its exit status and by its own words for whether it is shared."""
    said = " ".join(output.split())[-400:]
    outcome = "error"
    if code == 0:
        outcome = "shared" if "saved and shared" in output else "here"
    elif code < 0:
        outcome = "unknown"
    elif code in {1, 3} and "Error: " in output and "please report" not in output:
        outcome = "refused"
    return replace(operation, outcome=outcome, said=said, seconds=seconds)
