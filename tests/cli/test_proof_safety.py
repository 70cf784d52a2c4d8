"""Evidence and check-off are one: after a kill and after a lost race there are both or neither."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import handrail as package

NOW = "2026-11-23T09:00:00Z"
TOOLS = Path(package.__file__).parents[1]
GIT = shutil.which("git")
SALES = "---\ntitle: Sales\norder: any\n---\n\n- [ ] Signed {#signed @mara proof=file}\n\n- [ ] Filed {#filed @mara}\n"
RUN = "sales/2026-11-23-ada"
FILE = "processes/sales/runs/2026-11-23-ada.md"
COPY = "processes/sales/runs/2026-11-23-ada/signed-scan.pdf"
KILLER = """#!/bin/sh
for word in "$@"; do
  if [ "$word" = "{verb}" ]; then
    {before}
    {git} "$@"; status=$?
    {after}
    exit $status
  fi
done
exec {git} "$@"
"""
KILL = "kill -9 $PPID; exit 1"


@pytest.fixture
def scan(tmp_path):
    place = tmp_path / "scan.pdf"
    place.write_bytes(b"%PDF \x00 signed")
    return place


@pytest.fixture
def sales(workspace, handrail):
    folder = workspace({"processes/sales/README.md": SALES})
    handrail(folder, "start", "sales", "Ada", now=NOW)
    return folder


def run(folder, *arguments, path=""):
    """Call the command line as a process of its own; give its exit status and what it printed."""
    environment = os.environ | {"PYTHONPATH": str(TOOLS), "HANDRAIL_NOW": NOW}
    environment["PATH"] = f"{path}{os.pathsep}{os.environ['PATH']}" if path else os.environ["PATH"]
    command = [sys.executable, "-m", "handrail", *arguments]
    done = subprocess.run(command, cwd=folder.root, capture_output=True, text=True, env=environment, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("verb", "when"), [("add", "before"), ("add", "after"), ("commit", "before"), ("commit", "after")]
)
def test_killed_around_the_commit(sales, scan, tmp_path, verb, when):
    place = tmp_path / "bin" / "git"
    place.parent.mkdir()
    place.write_text(KILLER.format(verb=verb, git=GIT, **{"before": "", "after": "", when: KILL}))
    place.chmod(0o755)
    assert run(sales, "check", RUN, "signed", "--proof", str(scan), path=place.parent)[0] == -signal.SIGKILL
    finished = (verb, when) == ("commit", "after")

    status, said = run(sales, "check", RUN, "filed")
    assert status == 0, said
    assert sales.git("status", "--porcelain", "--untracked-files=all") == ""
    assert ("done file=" in sales.read(FILE)) is finished
    assert (sales.root / COPY).exists() is finished
    assert finished or not (sales.root / COPY).parent.exists()
    if not finished:
        status, said = run(sales, "check", RUN, "signed", "--proof", str(scan))
        assert status == 0, said
    assert sales.git("show", f"HEAD:{COPY}").startswith("%PDF")


@pytest.fixture
def pair(sales, tmp_path):
    """Two clones of one remote: that of whoever acts, and another one."""
    sales.git("clone", "-q", "--bare", str(sales.root), str(tmp_path / "remote.git"))
    sales.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    sales.git("fetch", "-q")
    sales.git("branch", "-q", "--set-upstream-to=origin/main")
    other = type(sales)(tmp_path / "other")
    sales.git("clone", "-q", str(tmp_path / "remote.git"), str(other.root))
    return sales, other


def faster(sales, other, files):
    """Let the other clone push `files` when the first one is about to push for the first time."""
    other.write(files)
    other.commit("faster")
    hook = sales.root / ".git" / "hooks" / "pre-push"
    once = f"unset $(git rev-parse --local-env-vars); git -C '{other.root}' push -q 2>/dev/null; rm -f '{hook}'; exit 0"
    hook.write_text(f"#!/bin/sh\n{once}\n")
    hook.chmod(0o755)


def test_after_a_lost_race_the_copy_goes_along(pair, scan):
    sales, other = pair
    faster(sales, other, {"other.txt": "x\n"})
    status, said = run(sales, "check", RUN, "signed", "--proof", str(scan))
    assert status == 0 and "saved and shared" in said, said
    assert sales.git("log", "-2", "--format=%s").split("\n")[1] == "faster"
    assert sales.git("show", "--name-only", "--format=", "origin/main").split() == [FILE, COPY]
    assert sales.git("status", "--porcelain") == ""


def test_after_a_lost_race_a_name_that_is_taken_now_gets_a_number(pair, scan):
    sales, other = pair
    faster(sales, other, {COPY: "somebody else's\n"})
    status, said = run(sales, "check", RUN, "signed", "--proof", str(scan))
    assert status == 0, said
    assert sales.read(COPY) == "somebody else's\n"
    second = COPY.replace("scan.pdf", "scan-2.pdf")
    assert (sales.root / second).read_bytes() == scan.read_bytes()
    assert f"file={second}" in sales.read(FILE)


def test_where_somebody_else_was_faster_with_the_step_itself_no_copy_stays(pair, scan):
    sales, other = pair
    done = "{#signed @mara proof=file}\n  - 2026-11-23T09:00:00Z @ben done: by phone\n"
    text = other.read(FILE).replace("- [ ] Signed", "- [x] Signed").replace("{#signed @mara proof=file}\n", done)
    faster(sales, other, {FILE: text})
    status, said = run(sales, "check", RUN, "signed", "--proof", str(scan))
    assert status == 1 and "was done by" in said, said
    assert not (sales.root / COPY).parent.exists()
    assert sales.git("status", "--porcelain", "--untracked-files=all") == ""
    assert sales.git("rev-parse", "HEAD") == sales.git("rev-parse", "origin/main")
