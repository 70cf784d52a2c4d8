"""One writer at a time in a clone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from handrail.base.errors import GitRefused
from handrail.store.lock import clone_lock


def test_who_holds_it_is_named_and_it_dies_with_its_process(tmp_path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from handrail.store.lock import clone_lock\n"
        "with clone_lock(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
    )
    tools = os.path.join(os.path.dirname(__file__), "..", "..", "tools")
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "handrail")],
        env={**os.environ, "PYTHONPATH": tools},
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
    began = time.monotonic()
    with pytest.raises(GitRefused, match=rf"\(process {holder.pid}\)"), clone_lock(tmp_path / "handrail", 0.2):
        pass
    assert 0.2 <= time.monotonic() - began < 2
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with clone_lock(tmp_path / "handrail", 0.5):
        pass


def test_twelve_processes_at_once_make_twelve_commits(clone, worker) -> None:
    crowd = [worker(clone.root, "run.md", f"line{number}") for number in range(12)]
    said = [process.communicate()[0] for process in crowd]
    assert all(" local" in text for text in said), said
    lines = clone.read("run.md").decode().split()
    assert sorted(lines[2:]) == sorted(f"line{number}" for number in range(12))
    assert len(clone.subjects()) == 13
    assert clone.status() == ""


def test_the_same_action_twice_at_once_is_done_once(clone, worker) -> None:
    crowd = [worker(clone.root, "run.md", "same") for _ in range(4)]
    said = sorted(process.communicate()[0].split()[1] for process in crowd)
    assert said == ["local", "refused", "refused", "refused"]
    assert clone.subjects() == ["add same", "add run.md"]
