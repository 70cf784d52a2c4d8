"""Measures the site's build beside plain MkDocs with as many pages. Never fails because of time.

Run by `make bench` with 100 runs; `python tools/develop/bench_site.py 100 1000 10000` chooses. Prints wall time and the
peak memory of the largest process for each. One run in twenty is active; `--all-pages` gives every run a page, as plain
MkDocs has.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from many_runs import make

PLACE = Path(__file__).resolve().parents[2] / "build" / "bench"
NOW = "2026-11-25T14:30:00Z"
_MKDOCS = """\
site_name: Bench
theme: {name: material, font: false}
validation: {omitted_files: ignore}
not_in_nav: "/page-*"
"""
_ROW = "| Do part {0:02} for the customer | Ana Example | finished on 12 March | asked them again |\n"


def main() -> None:
    """Make the workspaces, build, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=int, nargs="*", default=[100])
    parser.add_argument("--all-pages", action="store_true")
    asked = parser.parse_args()
    for runs in asked.runs:
        ours = _workspace(runs, all_pages=asked.all_pages)
        _print(f"site of {runs:,} runs", ours)
        with next(ours.glob("processes/*/runs/*.md")).open("a", encoding="utf-8") as file:
            file.write("- 2026-11-25T14:30:00Z @anaa noted: bench\n")
        _print(f"site of {runs:,} runs, one of them changed", ours)
        _print(f"plain MkDocs, {runs:,} pages", _plain(runs))


def _workspace(runs: int, *, all_pages: bool) -> Path:
    folder = PLACE / f"site-{runs}"
    shutil.rmtree(folder, ignore_errors=True)
    make(folder, runs, 0.05)
    subprocess.run(["git", "reset", "--quiet", "--hard"], cwd=folder, check=True)
    if all_pages:
        with (folder / "handrail.yml").open("a", encoding="utf-8") as file:
            file.write("site: {finished_pages: all}\n")
    (folder / "docs").mkdir()
    (folder / "mkdocs.yml").write_text(f"{_MKDOCS}plugins: [search, handrail]\n", encoding="utf-8")
    return folder


def _plain(pages: int) -> Path:
    folder = PLACE / f"plain-{pages}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "index.md").write_text("# Home\n", encoding="utf-8")
    rows = "".join(_ROW.format(number) for number in range(20))
    for number in range(pages):
        text = f"# Customer {number}\n\n| Step | Who | When | Note |\n|---|---|---|---|\n{rows}"
        (folder / "docs" / f"page-{number}.md").write_text(text, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(f"{_MKDOCS}plugins: [search]\n", encoding="utf-8")
    return folder


def _print(what: str, folder: Path) -> None:
    environment = {**os.environ, "HANDRAIL_NOW": NOW, "NO_MKDOCS_2_WARNING": "1"}
    begun = time.perf_counter()
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    process = subprocess.Popen(command, cwd=folder, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    failed = f"  FAILED ({status})" if status else ""
    memory = used.ru_maxrss // 1024
    print(f"{what:<52} {seconds:8.2f} s  {memory:5d} MiB  load {os.getloadavg()[0]:.2f}{failed}", flush=True)


if __name__ == "__main__":
    main()
