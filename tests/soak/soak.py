"""`make soak`: many writers, pull requests and crashes at full size, the peer beside them, and a table of it all.

Fails on an action that is lost or doubled, on anything broken, and on a writer that waited too long; never on speed.
`--seed` repeats a drawing, `--size 0.1` makes it a tenth, `--only crowd,clones` runs some of it, `--keep` leaves the
folders of good scenarios too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from soak_deaths import crashes
from soak_report import Row, table
from soak_scenarios import clones, crowd, many_writers, peer, pull_requests, trouble
from soak_teams import Scale

SCENARIOS: Mapping[str, tuple[Callable[[Path, Scale], Row], float]] = {
    "crowd": (crowd, 0.1),
    "clones": (clones, 0.2),
    "writers": (many_writers, 0.15),
    "pulls": (pull_requests, 0.05),
    "trouble": (trouble, 0.1),
    "crashes": (crashes, 0.25),
    "peer": (peer, 0.15),
}
"""Each scenario, and its share of the time: what it has not done by then it leaves out."""


@dataclass(frozen=True)
class Wishes:
    """What was asked for on the command line."""

    seed: int
    size: float
    only: tuple[str, ...]
    keep: bool
    minutes: float


def read_wishes() -> Wishes:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=float, default=1.0)
    parser.add_argument("--only", default="", help=", ".join(SCENARIOS))
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--minutes", type=float, default=10.0, help="leave out what would take longer")
    said = parser.parse_args()
    only = tuple(name for name in said.only.split(",") if name)
    if unknown := set(only) - set(SCENARIOS):
        parser.error(f"there is no scenario {', '.join(sorted(unknown))}")
    return Wishes(said.seed, said.size, only, said.keep, said.minutes)


def main() -> int:
    wishes = read_wishes()
    rows = []
    began = time.monotonic()
    print(
        f"load {_load()} on {os.cpu_count()} cores; --seed {wishes.seed} --size {wishes.size:g} repeats it\n",
        flush=True,
    )
    for name, (scenario, share) in SCENARIOS.items():
        if not wishes.only or name in wishes.only:
            folder = Path(tempfile.mkdtemp(prefix=f"handrail-soak-{name}-"))
            until = time.time() + wishes.minutes * 60 * share
            row = scenario(folder, Scale(wishes.seed, wishes.size, until))
            rows.append(row)
            print(row.line(), flush=True)
            if row.good and not wishes.keep:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                print(f"  kept: {folder}")
    print(f"\n{table(rows)}\n\nload {_load()}, {time.monotonic() - began:.0f} s")
    bad = [row for row in rows if not row.good]
    for row in bad:
        print(
            f"\n{row.name}: {len(row.faults)} faults",
            *(f"  {one.kind}: {one.text}" for one in row.faults[:20]),
            sep="\n",
        )
    return int(bool(bad))


def _load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main())
