"""`handrail site serve`: a check-off is seen soon, and a rebuild gives what a build from nothing gives."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from site_made import PROJECT, RUN, SAMPLE, run_warm, write_workspace

BEFORE = "2026-11-23T09:00:00Z"
PATH = "processes/customer-onboarding/runs/2026-11-16-ada.md"
BOB = "processes/customer-onboarding/runs/2026-11-17-bob.md"
NEW = "processes/customer-onboarding/runs/2026-11-18-eva.md"
PICTURE = "![The flow](../flow.png)"
DUE_TODAY = RUN.replace("due: 2026-11-30", "due: 2026-11-23T08:30:00Z")
SNOOZED = RUN.replace(
    "- [ ] By us {#us}\n",
    "- [ ] By us {#us}\n    - 2026-11-20T09:00:00Z @ana blocked until=2026-11-23: they are away\n",
)
OTHER = RUN.replace("2026-11-16-ada", "2026-11-17-bob").replace("Ada Lovelace", "Bob")
TICKED = RUN.replace("- [ ] By us {#us}\n", "- [x] By us {#us}\n    - 2026-11-23T09:00:10Z @ana done: signed\n")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def build_again(root: Path, plugin_path: str, *plan: dict) -> None:
    words = [str(Path(__file__).parent / "build_again.py"), str(root), json.dumps(plan)]
    environment = {
        **os.environ,
        "PYTHONPATH": plugin_path,
        "SOURCE_DATE_EPOCH": "1795424400",
        "NO_MKDOCS_2_WARNING": "1",
    }
    done = run_warm(words, root, environment, plugin_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("first", "then", "later"),
    [
        pytest.param({}, {PATH: TICKED}, "2026-11-23T09:00:40Z", id="a check-off"),
        pytest.param({}, {PATH: RUN.replace("## Con", "\n\n## Con", 1)}, BEFORE, id="lines move"),
        pytest.param({PATH: DUE_TODAY}, {}, "2026-11-23T11:20:00Z", id="what is late gets later"),
        pytest.param({PATH: SNOOZED}, {}, "2026-11-24T12:00:00Z", id="a snooze ends and a day passes"),
        pytest.param({}, {}, "2027-01-08T09:00:00Z", id="a year passes"),
        pytest.param({}, {"processes/release/README.md": "# gone\n"}, BEFORE, id="another process"),
        pytest.param({}, {"handrail.yml": "people:\n  ana: {name: Ana Gray}\n"}, BEFORE, id="a person's name"),
        pytest.param({}, {"projects/spring/README.md": PROJECT.replace("Spring", "Summer")}, BEFORE, id="a project"),
        pytest.param(
            {PATH: RUN + f"\n{PICTURE}\n"},
            {NEW: OTHER.replace("2026-11-17-bob", "2026-11-18-eva")},
            BEFORE,
            id="a new run beside it",
        ),
    ],
)
def test_a_rebuild_gives_what_a_build_from_nothing_gives(tmp_path, plugin_path, first, then, later):
    root = write_workspace(tmp_path / "workspace", {**SAMPLE, BOB: OTHER, **first})
    cold, warm = tmp_path / "cold", tmp_path / "warm"
    old = {"now": BEFORE, "files": {}, "out": str(warm)}
    new = {"now": later, "files": then, "out": str(warm)}
    build_again(root, plugin_path, old, new)
    build_again(root, plugin_path, {**new, "files": {}, "out": str(cold)})
    expected, found = tree(cold), tree(warm)
    assert sorted(found) == sorted(expected)
    assert [name for name in expected if found[name] != expected[name]] == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, seen: Callable[[str], bool], server: subprocess.Popen[bytes], seconds: float) -> float:
    """Ask for a page until it is as it should be; give the seconds that it took."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        assert server.poll() is None, "the server has ended"
        try:
            with urllib.request.urlopen(address, timeout=seconds) as answer:
                if seen(answer.read().decode()):
                    return time.monotonic() - start
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.05)
    pytest.fail(f"{address} was not as expected after {seconds} s")


@contextmanager
def served(root: Path, environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    address = f"127.0.0.1:{free_port()}"
    with (root.parent / "serve.log").open("wb") as log:
        command = [sys.executable, "-m", "handrail", "site", "serve", "--address", address]
        server = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)
        try:
            yield f"http://{address}/", server
        finally:
            server.terminate()
            server.wait(20)


def test_a_check_off_is_served_soon(tmp_path, plugin_path):
    root = write_workspace(tmp_path / "workspace", SAMPLE)
    identity = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ana Reyes"), ("EMAIL", "ana@example.org"))
    }
    environment = {**os.environ, **identity, "PYTHONPATH": plugin_path}
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Start"]):
        subprocess.run(["git", *command], cwd=root, env=environment, check=True)
    with served(root, environment) as (home, server):
        page = home + "processes/customer-onboarding/runs/2026-11-16-ada/"
        wait_for(page, lambda html: "seen by the reader" not in html, server, 60)
        check = [sys.executable, "-m", "handrail", "check", "ada", "us", "--note", "seen by the reader"]
        subprocess.run(check, cwd=root, env=environment, check=True, capture_output=True)
        took = wait_for(page, lambda html: "seen by the reader" in html, server, 60)
    print(f"served {took:.2f} s after the check-off")
    assert took < 10
