"""Measures what a person waits for and prints it beside the bars of the design. Never fails because of time.

Run by `make bench`. The workspaces are made once in build/bench and kept; `--fresh` makes them anew, `--runs`
chooses the sizes for the looking commands, `--files` those for a check-off, `-n` how often each command is measured,
`--active` which share of the runs is not finished. `make bench ARGS=--large` adds 50,000 and 100,000 runs: about ten
minutes and 2 GB of disk.
"""

from __future__ import annotations

import argparse
import functools
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from many_runs import make

from handrail.app.demo import build_demo

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "bench"
NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
LOOKS = ("status", "stalled", "mine", "next", "list")
BARS_COLD = {10_000: 30.0}
BARS_WARM = {10_000: 1.0, 100_000: 3.0}
HANDRAIL = str(Path(sys.executable).with_name("handrail"))


class FailedCommandError(Exception):
    """A command that should be measured did not work."""


class Seconds(float):
    """The wall time of a command; `cpu` is what it and its children computed, which a busy machine changes less."""

    cpu: float = 0.0


@dataclass(frozen=True)
class Figure:
    """One measured thing: seconds of each time, the bar where there is one."""

    what: str
    seconds: tuple[Seconds, ...]
    bar: float = 0.0
    repeat: str = ""

    def __str__(self) -> str:
        middle = statistics.median(self.seconds)
        verdict = ""
        if self.bar:
            verdict = f"bar {self.bar:.2f} s  {'ok' if middle <= self.bar else 'ABOVE THE BAR'}"
        spread = f"{min(self.seconds):.3f} to {max(self.seconds):.3f}"
        cpu = statistics.median(one.cpu for one in self.seconds)
        told = f"(n={len(self.seconds)}, {spread}; CPU {cpu:.3f})"
        return f"{self.what:<52} {middle:8.3f} s  {told}  {verdict}".rstrip()


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
    figures += [functools.partial(_status, runs, options.times) for runs in options.demo]
    for runs in options.runs:
        figures.append(functools.partial(_cold, runs, options.active))
        figures += [functools.partial(_look, runs, options.active, name, options.times) for name in LOOKS]
    for files in options.files:
        figures.append(functools.partial(_check_among, files, options.active, options.times))
        figures.append(functools.partial(_commit_among, files, options.active, options.times))
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
    for more in ("bench_plan.py", "bench_site.py"):
        subprocess.run([sys.executable, str(Path(__file__).with_name(more))], check=False)
    print(f"load afterwards {os.getloadavg()[0]:.2f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="make the workspaces anew")
    parser.add_argument("--demo", type=int, nargs="*", default=[100], help="sizes of sample companies for `status`")
    parser.add_argument("--runs", type=int, nargs="*", default=[100, 1000, 10_000], help="sizes for looking commands")
    parser.add_argument("--files", type=int, nargs="*", default=[100, 10_000], help="sizes for a check-off")
    parser.add_argument("--active", type=float, default=-1.0, help="share of runs that are active, 0 to 1")
    parser.add_argument("--large", action="store_true", help="50,000 files and 100,000 runs, too")
    parser.add_argument("-n", dest="times", type=int, default=11, help="how often each command is measured")
    options = parser.parse_args()
    if options.large:
        options.runs.append(100_000)
        options.files.append(50_000)
    return options


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


def _many(runs: int, active: float) -> tuple[Path, float]:
    """Give a workspace of that many runs of twenty steps, and which share of them is active.

    Without a wish all are active up to 10,000, and one in twenty beyond: what a company has after some years.
    """
    share = active if active >= 0 else 1.0 if runs <= 10_000 else 0.05
    place = PLACE / f"many-{runs}-{round(share * 100)}"
    if not (place / ".git" / "made").exists():
        shutil.rmtree(place, ignore_errors=True)
        print(f"making {place.relative_to(ROOT)} ...", file=sys.stderr)
        make(place, runs, share)
        (place / ".git" / "made").touch()
    return place, share


def _cold(runs: int, active: float) -> Figure:
    folder, share = _many(runs, active)
    shutil.rmtree(folder / ".git" / "handrail", ignore_errors=True)
    seconds = _once([HANDRAIL, "--now", NOW.isoformat(), "status"], folder)
    return Figure(f"status, {runs:,} runs ({share:.0%} active), cold", (seconds,), BARS_COLD.get(runs, 0.0))


def _look(runs: int, active: float, name: str, times: int) -> Figure:
    folder, share = _many(runs, active)
    command = [HANDRAIL, "--now", NOW.isoformat(), name]
    what = f"{name}, {runs:,} runs ({share:.0%} active), warm"
    return _command(what, folder, command, max(3, times // 2), BARS_WARM.get(runs, 0.0))


def _open_steps(folder: Path, number: int) -> list[tuple[str, str, Path]]:
    """Give so many active runs with the id of the first step that is open, and their files."""
    found: list[tuple[str, str, Path]] = []
    for file in sorted(folder.glob("processes/*/runs/*.md")):
        step = next((line for line in file.read_text("utf-8").splitlines() if line.startswith("- [ ]")), "")
        words = step.partition("{#")[2].rstrip("}").split()
        if words and "due=2d" in words:
            found.append((f"{file.parts[-3]}/{file.stem}", words[0], file))
        if len(found) == number:
            break
    return found


def _check_among(files: int, active: float, times: int) -> Figure:
    folder, _ = _many(files, active)
    seconds = []
    for run, step, _ in _open_steps(folder, times + 1):
        seconds.append(_once([HANDRAIL, "check", run, step], folder))
    _undo(folder, len(seconds))
    return Figure(f"handrail check among {files:,} runs", tuple(seconds[1:]), 0.35 if files <= 100 else 0.0)


def _commit_among(files: int, active: float, times: int) -> Figure:
    folder, _ = _many(files, active)
    seconds = []
    for _, _, file in _open_steps(folder, times + 1):
        file.write_text(file.read_text("utf-8") + "- 2026-11-25T14:30:00Z @anaa noted: bench\n", "utf-8")
        name = file.relative_to(folder).as_posix()
        seconds.append(_once(["git", "commit", "--quiet", "--message", "bench", "--only", "--", name], folder))
    _undo(folder, len(seconds))
    return Figure(f"git commit --only among {files:,} runs", tuple(seconds[1:]))


def _undo(folder: Path, commits: int) -> None:
    _once(["git", "reset", "--quiet", "--hard", f"HEAD~{commits}"], folder)


def _once(command: Sequence[str], folder: Path) -> Seconds:
    """Run a command and give its wall time in seconds. Raises FailedCommandError: the time would mean nothing."""
    begun, computed = time.perf_counter(), _computed()
    done = subprocess.run(command, cwd=folder, env=_environment(), capture_output=True, text=True, check=False)
    seconds = Seconds(time.perf_counter() - begun)
    seconds.cpu = _computed() - computed
    if done.returncode and "stalled" not in command:  # which says so where it found something
        raise FailedCommandError(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr.strip()}")
    return seconds


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
    seconds: list[Seconds] = []
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
    seconds: list[Seconds] = []
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
