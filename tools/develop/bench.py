"""Measures what a person waits for and prints it beside the bars of the design. Never fails because of time.

Run by `make bench`. The workspaces are made once in build/bench and kept; `--fresh` makes them anew, `--runs`
chooses the sizes, `-n` how often each command is measured.
"""

from __future__ import annotations

import argparse
import functools
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from handrail.app.demo import build_demo

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "bench"
NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
HANDRAIL = str(Path(sys.executable).with_name("handrail"))


class FailedCommandError(Exception):
    """A command that should be measured did not work."""


@dataclass(frozen=True)
class Figure:
    """One measured thing: seconds of each time, the bar where there is one."""

    what: str
    seconds: tuple[float, ...]
    bar: float = 0.0
    repeat: str = ""

    def __str__(self) -> str:
        middle = statistics.median(self.seconds)
        verdict = ""
        if self.bar:
            verdict = f"bar {self.bar:.2f} s  {'ok' if middle <= self.bar else 'ABOVE THE BAR'}"
        spread = f"{min(self.seconds):.3f} to {max(self.seconds):.3f}"
        return f"{self.what:<52} {middle:8.3f} s  (n={len(self.seconds)}, {spread})  {verdict}".rstrip()


def main() -> None:
    """Make the workspaces, measure, print."""
    options = _options()
    if options.fresh:
        shutil.rmtree(PLACE, ignore_errors=True)
    small = _workspace(100)
    _print_machine()
    figures: list[Callable[[], Figure]] = [
        lambda: _command("handrail --help", ROOT, [HANDRAIL, "--help"], options.times, 0.15),
        lambda: _checks(small, options.times),
        lambda: _bare_commits(small, options.times),
    ]
    figures += [functools.partial(_status, runs, options.times) for runs in options.runs]
    figures.append(lambda: _site(small))
    for measure in figures:
        try:
            figure = measure()
        except FailedCommandError as error:
            print(f"could not be measured: {error}", flush=True)
            continue
        print(figure, flush=True)
        if figure.repeat:
            print(f"    {figure.repeat}", flush=True)
    print(f"load afterwards {os.getloadavg()[0]:.2f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="make the workspaces anew")
    parser.add_argument("--runs", type=int, nargs="*", default=[100, 1000], help="sizes for `status`")
    parser.add_argument("-n", dest="times", type=int, default=11, help="how often each command is measured")
    return parser.parse_args()


def _print_machine() -> None:
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}, ", end="")
    print(f"Python {platform.python_version()}, {git}. Medians.\n")


def _workspace(runs: int) -> Path:
    """Give the demo workspace of that many runs, made where it is not there yet."""
    place = PLACE / str(runs)
    if not (place / "handrail.yml").exists():
        shutil.rmtree(place, ignore_errors=True)
        print(f"making {place.relative_to(ROOT)} ...", file=sys.stderr)
        build_demo(place, runs=runs, months=12, seed=1, now=NOW)
    return place


def _once(command: Sequence[str], folder: Path) -> float:
    """Run a command and give its wall time in seconds. Raises FailedCommandError: the time would mean nothing."""
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise FailedCommandError(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr.strip()}")
    return seconds


def _environment() -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "HANDRAIL_"))}
    return {**inherited, "NO_MKDOCS_2_WARNING": "1"}


def _command(what: str, folder: Path, command: Sequence[str], times: int, bar: float = 0.0) -> Figure:
    _once(command, folder)
    seconds = tuple(_once(command, folder) for _ in range(times))
    shown = " ".join(["handrail" if word == HANDRAIL else word for word in command])
    return Figure(what, seconds, bar, f"cd {folder.relative_to(ROOT)}; {shown}")


def _fresh_run(folder: Path, number: int) -> str:
    title = f"Bench {time.time_ns()} {number}"
    _once([HANDRAIL, "start", "customer-onboarding", title, "-f", f"customer={title}"], folder)
    return title.lower().replace(" ", "-")


def _checks(folder: Path, times: int) -> Figure:
    """Check off the first step of a new run each time; starting it is not counted."""
    clone = _clone(folder, "check")
    seconds: list[float] = []
    for number in range(times + 1):
        name = _fresh_run(clone, number)
        command = [HANDRAIL, "check", name, "intake", "-f", "contact=Ada", "-f", "seats=3"]
        seconds.append(_once(command, clone))
    repeat = "handrail check RUN intake -f contact=Ada -f seats=3"
    return Figure("handrail check, 100 runs, no remote", tuple(seconds[1:]), 0.35, repeat)


def _bare_commits(folder: Path, times: int) -> Figure:
    """Commit a change of the same size with git alone, in the same kind of clone."""
    clone = _clone(folder, "bare")
    file = next(iter(sorted(clone.glob("processes/customer-onboarding/runs/*.md"))))
    name = file.relative_to(clone).as_posix()
    seconds: list[float] = []
    for number in range(times + 1):
        file.write_text(file.read_text("utf-8") + f"- 2026-11-25T14:30:{number:02}Z @mara noted: bench\n", "utf-8")
        seconds.append(_once(["git", "commit", "--quiet", "--message", "bench", "--only", "--", name], clone))
    return Figure("git commit --only of one such file", tuple(seconds[1:]), 0.0, "git commit --only -- FILE")


def _clone(folder: Path, name: str) -> Path:
    """Give a copy that may be worked in, so that the workspace itself stays as it was made."""
    place = PLACE / name
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder, place, symlinks=True)
    return place


def _status(runs: int, times: int) -> Figure:
    folder = _workspace(runs)
    command = [HANDRAIL, "--now", NOW.isoformat(), "status"]
    return _command(f"handrail status, {runs:,} runs", folder, command, max(3, times // 2))


def _site(folder: Path) -> Figure:
    clone = _clone(folder, "site")
    return _command("handrail site build, 100 runs", clone, [HANDRAIL, "site", "build"], 3)


if __name__ == "__main__":
    main()
