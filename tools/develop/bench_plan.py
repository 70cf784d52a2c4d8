"""Plans generated projects with Handrail and, where it is installed, with TaskJuggler (`tj3`), and prints both times.

Run by `make bench`, or alone: `python tools/develop/bench_plan.py --sizes 100,1000,3000`. The inputs for both are
written to build/bench/plan. Both programs get the same tasks, links and people; TaskJuggler also levels, as it always
does, so Handrail is measured planning alone and levelling too.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "bench" / "plan"
HANDRAIL = str(Path(sys.executable).with_name("handrail"))
PEOPLE = tuple(f"p{number}" for number in range(1, 21))
NOW = "2026-11-23T08:00:00Z"
LONGEST_SECONDS = 600


def tasks(size: int) -> list[tuple[str, int, str, list[str]]]:
    """Make tasks: (id, days of effort, who, ids of those before it), the same for the same size."""
    draw = random.Random(size)
    found: list[tuple[str, int, str, list[str]]] = []
    for number in range(size):
        before = [
            f"t{other}" for other in draw.sample(range(max(0, number - 12), number), min(number, draw.randint(1, 3)))
        ]
        found.append((f"t{number}", draw.randint(1, 5), draw.choice(PEOPLE), sorted(before)))
    return found


def write(size: int) -> tuple[Path, Path]:
    """Write both inputs; give the workspace and the tj3 file."""
    folder = PLACE / f"{size}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "projects" / "bench").mkdir(parents=True)
    made = tasks(size)
    lines = ["---", "title: Bench", "start: 2026-11-23", "---", ""]
    for name, days, who, before in made:
        after = f' after="{",".join(before)}"' if before else ""
        lines += [f"- [ ] Task {name} {{#{name} @{who} est={days}d{after}}}", ""]
    (folder / "projects" / "bench" / "README.md").write_text("\n".join(lines))
    people = "".join(f"  {who}: {{name: {who}}}\n" for who in PEOPLE)
    calendar = 'calendar: {week: mon-fri, hours: "09:00-17:00"}\n'
    (folder / "handrail.yml").write_text(f"people:\n{people}{calendar}")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    juggler = ["project bench 'Bench' 2026-11-23 +40y { timezone 'UTC' timingresolution 60min }"]
    juggler += [f"resource {who} '{who}' {{}}" for who in PEOPLE]
    for name, days, who, before in made:
        depends = f" depends {', '.join(before)}" if before else ""
        juggler.append(f"task {name} 'Task {name}' {{ effort {days}d allocate {who}{depends} }}")
    juggler += ["taskreport out 'out' { formats csv columns id, start, end }"]
    (folder / "bench.tjp").write_text("\n".join(juggler) + "\n")
    return folder, folder / "bench.tjp"


def timed(command: list[str], folder: Path, times: int) -> float | None:
    """Give the median wall time of a command in seconds, None where it fails or takes too long."""
    found = []
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(times):
        begin = time.perf_counter()
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, check=False, timeout=LONGEST_SECONDS, env=environment
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode:
            print(done.stderr.decode()[-300:], file=sys.stderr)
            return None
        found.append(time.perf_counter() - begin)
    return statistics.median(found)


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,1000,3000,10000")
    parser.add_argument("-n", type=int, default=3)
    chosen = parser.parse_args()
    juggler = shutil.which("tj3")
    print(
        f"Planning, median of {chosen.n}, load {os.getloadavg()[0]:.1f}; "
        f"TaskJuggler {'found' if juggler else 'not installed'}"
    )
    print(f"{'tasks':>7} {'plan':>8} {'level':>8} {'tj3':>9} {'tj3/plan':>9} {'tj3/level':>9}")
    for size in (int(text) for text in chosen.sizes.split(",")):
        folder, file = write(size)
        plan = timed([HANDRAIL, "--now", NOW, "project", "plan", "bench", "--json"], folder, chosen.n)
        level = timed([HANDRAIL, "--now", NOW, "project", "level", "bench", "--json"], folder, chosen.n)
        other = timed([juggler, "--no-color", str(file)], folder, 1) if juggler and size <= 3000 else None
        shown = [f"{value:8.2f}" if value else f"{'-':>8}" for value in (plan, level, other)]
        ratios = [f"{other / mine:9.1f}" if other and mine else f"{'-':>9}" for mine in (plan, level)]
        print(f"{size:>7} {' '.join(shown)} {' '.join(ratios)}", flush=True)


if __name__ == "__main__":
    main()
