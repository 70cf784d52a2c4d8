"""What every test may use: no user's settings, workspaces made from text, the command line in process."""

from __future__ import annotations

import gc
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from click.testing import Result

# The same examples every time where a machine judges: what is new is looked for by people, and by `make slow`.
settings.register_profile(
    "default",
    max_examples=50,
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("soak", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HANDRAIL_HYPOTHESIS", "default"))

CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  ben: {name: Ben Ito, email: [ben@example.org]}
  chi: {name: Chi Nwosu, email: [chi@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org]}
teams: {finance: [ben, chi]}
"""


@pytest.fixture(scope="session")
def _quiet_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _isolation(monkeypatch: pytest.MonkeyPatch, _quiet_home: Path) -> None:
    """Keep the machine's git settings, clock and colours out of every test."""
    for name in list(os.environ):
        if name.startswith(("GIT_", "HANDRAIL_")) and name != "HANDRAIL_REQUIRE_BROWSER":
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "SOURCE_DATE_EPOCH", "EDITOR", "VISUAL", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(_quiet_home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "0")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Mara Lind")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "mara@example.org")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")


@dataclass(frozen=True)
class Folder:
    """A workspace on disk, with git."""

    root: Path

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, paths relative to the workspace."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    def read(self, name: str) -> str:
        """Give a file's text, its newlines as they stand."""
        return (self.root / name).read_bytes().decode()

    def git(self, *arguments: str) -> str:
        """Run git here and give what it printed; a failure fails the test with git's words."""
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.fail(f"git {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def commit(self, message: str = "as it stands", *, author: str = "") -> str:
        """Commit everything and give the commit's id."""
        self.git("add", "--all")
        self.git(
            "commit", "--quiet", "--allow-empty", "--message", message, *([f"--author={author}"] if author else [])
        )
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def workspace(tmp_path: Path) -> Callable[..., Folder]:
    """Build a workspace: `workspace({"processes/x/README.md": "- [ ] a"})`, with `handrail.yml` unless given."""
    made = iter(range(1000))

    def build(files: Mapping[str, str] | None = None, *, config: str | None = CONFIG, name: str = "") -> Folder:
        folder = Folder(tmp_path / (name or f"workspace-{next(made)}"))
        folder.root.mkdir(parents=True)
        folder.git("init", "--quiet", "--initial-branch=main")
        folder.git("config", "commit.gpgsign", "false")
        written = {".gitattributes": "*.md text eol=lf\n"}
        if config is not None:
            written["handrail.yml"] = config
        folder.write({**written, **(files or {})})
        folder.commit()
        return folder

    return build


@pytest.fixture
def handrail(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Call the command line in process: `handrail(folder, "status", "--json", now="2026-11-23T09:00:00Z")`."""

    def call(folder: Folder | Path, *arguments: str, now: str = "", input: str | None = None) -> Result:
        from click.testing import CliRunner

        from handrail.cli.main import handrail as command

        monkeypatch.chdir(folder.root if isinstance(folder, Folder) else folder)
        environment = {"HANDRAIL_NOW": now} if now else {}
        result = CliRunner().invoke(command, list(arguments), input=input, env=environment, prog_name="handrail")
        gc.unfreeze()  # a command counts on its process to end; ours goes on
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call
