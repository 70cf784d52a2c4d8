"""One writer: random actions on shared runs, each logged before and after. `soak_writer.py ORDERS.json`.

Start-up would drown the figures, so most commands run in this process; `real` of a hundred are processes of their own.
Every action has a second of its own in the writer's life, so that person and time name it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from soak_record import Operation, Recorder, told

WEIGHTS = {
    "check": 40, "note": 15, "begin": 8, "reopen": 7, "set": 6, "assign": 6, "due": 5, "skip": 4, "approve": 3,
    "reject": 2, "block": 3, "unblock": 2, "start": 4,
}  # fmt: skip
CLOSING = "ok"
LONGEST_SECONDS = 180
AN_HOUR = 3600


@dataclass(frozen=True)
class Orders:
    """What a writer has to do. `step_verbs_only`: nothing that writes the run's Log, where two always meet."""

    writer: str
    who: str
    folder: str
    log: str
    seed: int
    count: int
    runs: tuple[str, ...]
    steps: tuple[str, ...]
    people: int = 1
    real: int = 10
    step_verbs_only: bool = False
    cancel: int = 0
    until: float = 0.0

    @property
    def is_late(self) -> bool:
        return self.until > 0 and time.time() > self.until

    def save(self, path: Path) -> Path:
        path.write_text(json.dumps(asdict(self)))
        return path


class Writer:
    """Draws actions and carries them out."""

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.dice = Random(orders.seed)
        self.last = 0
        self.runs = list(orders.runs)
        self.weights = {**WEIGHTS, "cancel": orders.cancel}
        if orders.step_verbs_only:
            self.weights |= {"set": 0, "start": 0, "approve": 0, "reject": 0, "cancel": 0}

    def stamp(self) -> str:
        """The next second of this writer: about an hour ago, never one twice."""
        self.last = max(self.last + 1, int(time.time()) - AN_HOUR)
        return datetime.fromtimestamp(self.last, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def draw(self, number: int) -> tuple[Operation, list[str]]:
        """One action, and the arguments that ask for it."""
        dice, orders = self.dice, self.orders
        verb = dice.choices(list(self.weights), list(self.weights.values()))[0]
        run, step = dice.choice(self.runs), dice.choice(orders.steps)
        if verb == "cancel":  # one of their own: the others are needed until the end
            own = self.runs[len(orders.runs) :]
            verb, run = ("cancel", dice.choice(own)) if own else ("note", run)
        if verb in {"set", "start", "cancel"} or (
            verb == "note" and not orders.step_verbs_only and dice.random() < 0.3
        ):
            step = ""
        if verb in {"approve", "reject"}:
            step = CLOSING
        when, token = self.stamp(), f"{orders.writer}-{number}"
        if verb == "start":
            run = f"work/{when[:10]}-{token}"
        if verb in {"begin", "assign", "unblock", "start"}:
            token = ""
        return Operation(orders.writer, number, verb, run, step, orders.who, when, token), self._arguments(
            verb, run, step, f"{orders.writer}-{number}"
        )

    def _arguments(self, verb: str, run: str, step: str, token: str) -> list[str]:
        where = [run, *([step] if step else [])]
        if verb == "start":
            return ["start", "work", token]
        if verb == "note":
            return ["note", *where, "-m", token]
        if verb == "set":
            return ["set", *where, f"word={token}"]
        if verb == "assign":
            return ["assign", *where, f"w{self.dice.randrange(self.orders.people)}"]
        if verb == "due":
            return ["due", *where, f"2026-12-{self.dice.randint(1, 28):02d}", "-m", token]
        return [verb, *where, *([] if verb in {"begin", "unblock"} else ["-m", token])]

    def work(self) -> None:
        """Do all actions, one after the other."""
        recorder = Recorder(Path(self.orders.log))
        for number in range(self.orders.count):
            if self.orders.is_late:
                break
            operation, arguments = self.draw(number)
            recorder.write(operation)
            began = time.monotonic()
            real = self.dice.randrange(100) < self.orders.real
            call = in_its_own_process if real else in_this_process
            code, output = call(self.orders.folder, operation.time, arguments)
            operation = told(operation, code, output, time.monotonic() - began)
            recorder.write(operation)
            if operation.verb == "start" and operation.outcome in {"shared", "here"}:
                self.runs.append(operation.run)


def dated(when: str) -> dict[str, str]:
    return {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}


def in_its_own_process(folder: str, when: str, arguments: list[str]) -> tuple[int, str]:
    """Run `python -m handrail` as a person's shell does."""
    command = [sys.executable, "-m", "handrail", "-C", folder, "--now", when, *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, **dated(when)},
            timeout=LONGEST_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return -9, "took too long"
    return done.returncode, done.stdout + done.stderr


def in_this_process(folder: str, when: str, arguments: list[str]) -> tuple[int, str]:
    """Run the same command line in this process."""
    from handrail.cli.main import handrail

    os.environ |= dated(when)
    said = io.StringIO()
    code: object = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            handrail.main(["-C", folder, "--now", when, *arguments], prog_name="handrail")
        except SystemExit as stop:
            code = stop.code
    return code if isinstance(code, int) else int(code is not None), said.getvalue()


def read_orders(path: Path) -> Orders:
    orders = Orders(**json.loads(path.read_text()))
    return replace(orders, runs=tuple(orders.runs), steps=tuple(orders.steps))


if __name__ == "__main__":
    Writer(read_orders(Path(sys.argv[1]))).work()
