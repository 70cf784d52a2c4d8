"""Real git in temporary folders, cut off from the settings of whoever runs the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from handrail.store.repository import Repository

TOOLS = Path(__file__).parents[2] / "tools"


class Clone:
    """A clone with its own person, for arranging and looking at; the tests act through `repository`."""

    def __init__(self, root: Path, person: str) -> None:
        self.root = root
        self.person = person
        self.git("config", "user.name", person.title())
        self.git("config", "user.email", f"{person}@example.org")

    @property
    def repository(self) -> Repository:
        return Repository.find(self.root)

    def git(self, *arguments: str, check: bool = True) -> str:
        command = ["git", "-C", str(self.root), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.rstrip("\n")

    def write(self, path: str, text: str | bytes) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def committed(self, path: str, text: str | bytes) -> None:
        """A file that is already in git."""
        self.write(path, text)
        self.git("add", "--", f":(literal){path}")
        self.git("commit", "-qm", f"add {path}")

    def hook(self, name: str, script: str) -> None:
        place = self.root / ".git" / "hooks" / name
        place.parent.mkdir(exist_ok=True)
        place.write_text("#!/bin/sh\n" + script)
        place.chmod(0o755)

    def status(self) -> str:
        return self.git("status", "--porcelain", "--untracked-files=all")

    def subjects(self, revision: str = "HEAD") -> list[str]:
        return self.git("log", "--format=%s", revision).split("\n")


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2026-11-24T10:02:11Z")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-24T10:02:11Z")
    (home / ".gitconfig").write_text("[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n")


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """A repository of Ana's with one committed file, `run.md`, and no remote."""
    root = tmp_path / "clone"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    result = Clone(root, "ana")
    result.committed("run.md", "one\n\ntwo\n")
    return result


@pytest.fixture
def shared(tmp_path: Path) -> Callable[[str], Clone]:
    """Clones of one bare remote, by person; its `main` holds `run.md`."""
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", str(remote)], check=True)

    def make(person: str) -> Clone:
        root = tmp_path / person
        subprocess.run(["git", "clone", "-q", str(remote), str(root)], check=True, capture_output=True)
        return Clone(root, person)

    seed = make("seed")
    seed.committed("run.md", "one\n\ntwo\n")
    seed.git("push", "-q", "-u", "origin", "main")
    return make


@pytest.fixture
def worker() -> Callable[..., subprocess.Popen[str]]:
    """Start another process that acts: `worker(folder, path, *lines, mode=...)`."""

    def start(folder: Path, path: str, *lines: str, mode: str = "none", **env: str) -> subprocess.Popen[str]:
        script = str(Path(__file__).with_name("acting_worker.py"))
        return subprocess.Popen(
            [sys.executable, script, str(folder), path, mode, *lines],
            env={**os.environ, "PYTHONPATH": str(TOOLS), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start
