"""The peer: what people do without a tool. Pull, edit the file as text, commit, push, and try again when refused.

It draws the same actions as the writers of Handrail and writes the same lines, but asks no rule and re-applies nothing.
`soak_peer.py ORDERS.json`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from soak_record import PAST, Operation, Recorder
from soak_writer import Writer, dated, read_orders

MOST_TRIES = 30
TICKS = {"check": "x", "skip": "x", "approve": "x", "reopen": " "}


class Peer(Writer):
    """Does by hand what the command line does."""

    def work(self) -> None:
        self.weights |= {"start": 0, "reject": 0}
        recorder = Recorder(Path(self.orders.log))
        for number in range(self.orders.count):
            if self.orders.is_late:
                break
            operation, _ = self.draw(number)
            recorder.write(operation)
            began = time.monotonic()
            outcome, said = self.act(operation)
            recorder.write(replace(operation, outcome=outcome, said=said, seconds=time.monotonic() - began))

    def act(self, operation: Operation) -> tuple[str, str]:
        """Give the outcome, and how often a push was refused and a rebase stopped in a conflict."""
        refused = conflicts = 0
        self.git("pull", "-q", "--rebase")
        self.edit(operation)
        self.git("commit", "-qam", f"{operation.verb} {operation.run}", when=operation.time)
        for _ in range(MOST_TRIES):
            if not self.git("push", "-q"):
                return "shared", f"{refused} {conflicts}"
            refused += 1
            if self.git("pull", "-q", "--rebase"):
                conflicts += 1
                self.git("rebase", "--abort")
                self.git("reset", "-q", "--hard", "@{upstream}")
                return "refused", f"{refused} {conflicts}"
        self.git("reset", "-q", "--hard", "@{upstream}")
        return "refused", f"{refused} {conflicts}"

    def edit(self, operation: Operation) -> None:
        """Tick the box and write the event under the item, or at the end of the Log."""
        process, _, name = operation.run.rpartition("/")
        path = Path(self.orders.folder, "processes", process, "runs", f"{name}.md")
        value = f": {operation.token}" if operation.token else ""
        event = f"- {operation.time} @{operation.who} {PAST[operation.verb]}{value}\n"
        text = path.read_text()
        if not operation.step:
            path.write_text(text + event)
            return
        item = re.compile(rf"- \[(.)\] (.*\{{#{operation.step}[^}}]*\}}\n(?:  - .*\n)*)")
        mark = TICKS.get(operation.verb)
        path.write_text(item.sub(lambda found: f"- [{mark or found[1]}] {found[2]}  {event}", text, count=1))

    def git(self, *arguments: str, when: str = "") -> int:
        done = subprocess.run(
            ["git", "-C", self.orders.folder, *arguments], capture_output=True, check=False,
            env={**os.environ, **(dated(when) if when else {})},
        )  # fmt: skip
        return done.returncode


if __name__ == "__main__":
    Peer(read_orders(Path(sys.argv[1]))).work()
