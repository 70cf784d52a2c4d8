"""kill -9 and a full disk: the old state or the new one, the next command works, and nothing is done twice."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from soak_check import Fault, check_state
from soak_place import check_clones, environment, git, handrail, make_place, run_files
from soak_record import Operation, told

DYING = Path(__file__).with_name("soak_dying.py")
THEIRS = "MM theirs.txt\n"
INJECTED = (
    "rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,write,pwrite64,fsync,ftruncate,vfork,clone3,clone"
)


@dataclass(frozen=True)
class Victim:
    """One way to end a command: gives its exit status and what it said."""

    name: str
    run: Callable[[Path, list[str]], tuple[int, str]]


def dying(number: int) -> Victim:
    """Before its Nth deed."""

    def run(clone: Path, arguments: list[str]) -> tuple[int, str]:
        return _ended([sys.executable, str(DYING), str(number), "-C", str(clone), *arguments])

    return Victim(f"killed before deed {number}", run)


def traced(number: int, *, children: bool) -> Victim:
    """At its Nth system call that changes something; with `children` also the git processes, each at its Nth."""

    def run(clone: Path, arguments: list[str]) -> tuple[int, str]:
        strace = ["strace", *(["-f"] if children else []), "-qq", "-o", os.devnull]
        inject = ["-e", f"trace={INJECTED}", "-e", f"inject={INJECTED}:signal=KILL:when={number}"]
        return _ended([*strace, *inject, sys.executable, "-m", "handrail", "-C", str(clone), *arguments])

    return Victim(f"killed at system call {number}{' of any process' if children else ''}", run)


def killed_after(seconds: float, *, group: bool) -> Victim:
    """After some time; with `group` together with its git processes."""

    def run(clone: Path, arguments: list[str]) -> tuple[int, str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "handrail", "-C", str(clone), *arguments],
            env=environment("w0"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
        output = process.communicate()[0]
        return process.returncode, output

    return Victim(f"killed after {seconds:.3f} s{' with its git' if group else ''}", run)


def without_room(limit: int) -> Victim:
    """No file can grow beyond `limit` bytes, as on a full disk."""

    def run(clone: Path, arguments: list[str]) -> tuple[int, str]:
        command = [sys.executable, "-m", "handrail", "-C", str(clone), *arguments]
        return _ended(["prlimit", f"--fsize={limit}", *command])

    return Victim(f"no file above {limit} bytes", run)


def deeds(clone: Path, arguments: list[str]) -> int:
    """How many deeds a command does when it lives."""
    return int(dying(0).run(clone, arguments)[1].rpartition("deeds ")[2].split()[0])


def _ended(command: list[str]) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment("w0"))
    return done.returncode if done.returncode < 128 else 128 - done.returncode, done.stdout + done.stderr


class Ward:
    """A clone in which commands die, with somebody's own changes staged and not. Each uses up one step."""

    def __init__(self, folder: Path, *, shared: bool, steps: int, until: float = 0.0) -> None:
        self.until = until
        self.place = make_place(folder, clones=1, people=1, runs=1, steps=steps, shared=shared)
        self.clone = self.place.clones[0]
        (self.clone / "theirs.txt").write_text("staged\n")
        git(self.clone, "add", "theirs.txt")
        (self.clone / "theirs.txt").write_text("edited\n")
        self.before = run_files(self.clone)
        self.operations: list[Operation] = []
        self.faults: list[Fault] = []
        self.used = 0

    def ask(self) -> tuple[Operation, list[str]]:
        """The next action: a check-off of a step that nobody has touched."""
        step = self.place.steps[self.used]
        self.used += 1
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1764000000 + 10 * self.used))
        token = f"first-{self.used}"
        operation = Operation("victim", self.used, "check", self.place.runs[0], step, "w0", when, token)
        return operation, ["--now", when, "check", operation.run, step, "-m", token]

    def try_one(self, victim: Victim) -> None:
        """Let one command die, look, and do the same again as its person would; nothing when it is late."""
        if self.until and time.time() > self.until:
            return
        operation, arguments = self.ask()
        began = time.monotonic()
        code, output = victim.run(self.clone, arguments)
        first = told(operation, code, output, time.monotonic() - began)
        if first.outcome == "error" and "Error: " in output and "please report" not in output:
            first = told(operation, 1, output, first.seconds)
        self.operations.append(first)
        whole = (self.clone / next(iter(self.before))).read_text()
        if not whole.endswith("\n") or "## Log\n" not in whole:
            self.fault(victim, "the run file is cut off")
        self._again(victim, operation, arguments)

    def _again(self, victim: Victim, operation: Operation, arguments: list[str]) -> None:
        done = handrail(self.clone, *arguments[:-1], operation.token.replace("first", "again"), who="w0")
        again = told(operation, done.returncode, done.stdout + done.stderr, 0.0)
        text = run_files(self.clone)[next(iter(self.before))]
        lines = [line for line in text.split("\n") if f" done: {operation.token}" in line or
                 f" done: {operation.token.replace('first', 'again')}" in line]  # fmt: skip
        if again.outcome == "refused" and "was done by" not in again.said:
            self.fault(victim, f"the next command was refused: {again.said}")
        elif again.outcome not in {"refused", "here", "shared"}:
            self.fault(victim, f"the next command failed: {again.said}")
        elif len(lines) != 1:
            self.fault(victim, f"done {len(lines)} times")
        status = git(self.clone, "status", "--porcelain", "--untracked-files=all")
        if status != THEIRS:
            self.fault(victim, f"git status says {status!r}")
        if again.outcome in {"here", "shared"}:
            words = operation.token.replace("first", "again")
            self.operations.append(Operation(**{**vars(again), "writer": "again", "token": words}))

    def now(self) -> dict[str, str]:
        """The run files as they are committed."""
        return run_files(self.clone)

    def fault(self, victim: Victim, text: str) -> None:
        self.faults.append(Fault("broken", f"{victim.name}: {text}"))

    def judge(self) -> list[Fault]:
        """At the end: everything once, nothing left behind, and all of it on the remote after `sync`."""
        faults = list(self.faults)
        if self.place.remote.exists():
            done = handrail(self.clone, "sync")
            if done.returncode:
                faults.append(Fault("broken", f"sync: {done.stderr}"))
        faults += check_state(self.operations, run_files(self.clone), before=self.before)
        return faults + check_clones(self.place, status=THEIRS)


def has_strace(folder: Path) -> bool:
    """Tell whether strace is there and may do its work."""
    if shutil.which("strace") is None:
        return False
    done = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


def random_kills(ward: Ward, count: int, seed: int, *, group: bool) -> None:
    """Kill at random moments between the command's start and a little after its usual end."""
    dice, usual = Random(seed), 0.4
    for _ in range(count):
        ward.try_one(killed_after(dice.uniform(0.02, usual), group=group))
        last = ward.operations[-1]
        if last.writer == "victim":  # it came to its end: the others need no longer
            usual = 0.8 * usual + 0.2 * last.seconds
        else:
            usual *= 1.02
