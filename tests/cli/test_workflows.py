"""The workflows that `init` writes: each of their lines is run as it stands, with a host on this machine."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))
from fake_host import FakeHost, fake_host

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
NOW = "2026-11-23T09:00:00Z"
CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org], github: ana-r}
calendar: {timezone: UTC}
"""
WEEKLY = (
    '---\ntitle: Weekly\nowner: "@ana"\nschedule: FREQ=WEEKLY;BYDAY=MO\nname: Week\n---\n\n- [ ] Look {#look @ana}\n'
)
LATE = (
    "---\nrun: weekly/old\nprocess: weekly\ntitle: Old\nstarted: 2026-11-02T09:00:00Z\n---\n\n"
    "- [ ] Look {#look @ana due=2026-11-04}\n\n## Log\n\n- 2026-11-02T09:00:00Z @ana started\n"
)
FILES = {"processes/weekly/README.md": WEEKLY, "processes/weekly/runs/old.md": LATE}
NAMES = ("checks", "site", "stalled", "tick", "action")


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def host() -> Iterator[FakeHost]:
    with fake_host() as found:
        yield found


@pytest.fixture
def origin(tmp_path: Path, workspace: Callable[..., Any], handrail: Callable[..., Any]) -> Path:
    """A bare repository with a workspace that `init` was run in."""
    folder = workspace(FILES, config=CONFIG)
    assert handrail(folder, "init", now=NOW).exit_code == 0
    bare = tmp_path / "origin.git"
    git(folder.root, "clone", "-q", "--bare", ".", str(bare))
    return bare


class Runner:
    """Runs the lines of jobs as a build server does: bash, an environment of its own, a clone of the repository."""

    def __init__(self, place: Path, origin: Path, host: FakeHost) -> None:
        self.place, self.origin = place, origin
        programs = place / "programs"
        programs.mkdir()
        (programs / "handrail").write_text(f'#!/bin/sh\nexec {sys.executable} -m handrail "$@"\n')
        (programs / "handrail").chmod(0o755)
        self.summary = place / "summary.md"
        self.environment = {
            "PATH": f"{programs}:/usr/bin:/bin", "HOME": str(place), "PYTHONPATH": str(TOOLS), "HANDRAIL_NOW": NOW,
            "GITHUB_API_URL": host.address, "GITHUB_REPOSITORY": "us/work", "CI": "true",
            "GITHUB_STEP_SUMMARY": str(self.summary), "GIT_CONFIG_NOSYSTEM": "1",
        }  # fmt: skip

    def clone(self, name: str, commit: str = "main") -> Path:
        folder = self.place / name
        git(self.place, "clone", "-q", str(self.origin), str(folder))
        git(folder, "checkout", "-q", *([commit] if commit == "main" else ["--detach", commit]))
        return folder

    def command(self, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["handrail", *words], cwd=folder, env=self.environment, capture_output=True, text=True, check=False
        )

    def job(self, folder: Path, workflow: dict[str, Any], job: str, **values: str) -> list[tuple[int, str]]:
        """Run a job's lines, the ones that install left out. `values` are what the expressions come to."""
        found = workflow["jobs"][job]
        results = []
        for step in found["steps"]:
            line = step.get("run", "")
            if not line or line.startswith("pip install"):
                continue
            written = {**found.get("env", {}), **step.get("env", {})}
            extra = {name: values.get(name, str(value)) for name, value in written.items()}
            assert not [value for value in extra.values() if "${{" in value], extra
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", line],
                cwd=folder / step.get("working-directory", "."),
                env={**self.environment, **extra},
                capture_output=True,
                text=True,
                check=False,
            )
            results.append((done.returncode, done.stdout + done.stderr))
        return results


@pytest.fixture
def runner(tmp_path: Path, origin: Path, host: FakeHost) -> Runner:
    place = tmp_path / "runner"
    place.mkdir()
    return Runner(place, origin, host)


def workflow(folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / f".github/workflows/{name}.yml").read_text("utf-8"))
    return found


def test_checks_find_nothing_in_a_new_workspace_and_build_its_site(runner: Runner):
    folder = runner.clone("work")
    checks = workflow(folder, "checks")
    ((status, said),) = runner.job(folder, checks, "files")
    assert (status, "::error" in said) == (0, False), said
    ((status, said),) = runner.job(folder, checks, "site")
    assert (status, (folder / "site/processes/weekly/index.html").is_file()) == (0, True), said
    shutil.rmtree(folder / "site")
    ((status, said),) = runner.job(folder, workflow(folder, "site"), "build")
    assert (status, (folder / "site/index.html").is_file()) == (0, True), said


def test_a_pull_request_gets_one_comment_that_is_kept_up_to_date(runner: Runner, host: FakeHost):
    author = runner.clone("author")
    base = git(author, "rev-parse", "HEAD")
    git(author, "checkout", "-q", "-b", "change")
    readme = author / "processes/weekly/README.md"

    def push(text: str) -> str:
        readme.write_text(text)
        git(author, "commit", "-qam", "change", "--author", "Ana Reyes <ana@example.org>")
        git(author, "push", "-qf", "origin", "change")
        return git(author, "rev-parse", "HEAD")

    def judge(head: str, number: int) -> list[tuple[int, str]]:
        folder = runner.clone(f"base-{number}")
        git(folder, "checkout", "-q", "--detach", base)
        pull = runner.clone(f"base-{number}/pull", head)
        assert pull.is_dir()
        values = {"BASE": base, "NUMBER": "12", "GITHUB_TOKEN": "t0ken"}
        return runner.job(folder, workflow(folder, "checks"), "history", **values)

    results = judge(push(WEEKLY + "\n- [ ] Tell {#tell @ana}\n"), 1)
    assert [status for status, _ in results] == [0, 0], host.comments
    assert len(host.comments) == 1
    assert "all in order" in host.comments[1]["body"]
    assert "Tell" in host.comments[1]["body"]
    assert "all in order" in runner.summary.read_text()
    run = author / "processes/weekly/runs/old.md"
    run.write_text(
        run.read_text().replace("- 2026-11-02T09:00:00Z @ana started", "- 2026-11-02T09:00:00Z @bob started")
    )
    results = judge(push(WEEKLY), 2)
    assert [status for status, _ in results] == [1, 0], results
    assert len(host.comments) == 1
    assert "| where | commit |" in host.comments[1]["body"]
    assert "t0ken" not in str(results)


def test_what_has_stalled_is_one_issue(runner: Runner, host: FakeHost):
    folder = runner.clone("work")
    for _ in range(2):
        results = runner.job(folder, workflow(folder, "stalled"), "look", GITHUB_TOKEN="t")
        assert [status for status, _ in results] == [0, 0], results
    assert [title for title, _ in host.open_issues()] == ["Stalled: 1 finding"]
    assert "| Look (Old)" in runner.summary.read_text()


def test_due_runs_are_started_and_pushed(runner: Runner):
    folder = runner.clone("work")
    ((status, said),) = runner.job(folder, workflow(folder, "tick"), "tick")
    assert status == 0, said
    names = git(runner.origin, "ls-tree", "-r", "--name-only", "main", "processes/weekly/runs")
    assert "2026-11-23" in names
    ((status, said),) = runner.job(folder, workflow(folder, "tick"), "tick")
    assert (status, said.strip()) == (0, "Nothing is due.")
    ((status, said),) = runner.job(folder, workflow(folder, "checks"), "files")
    assert status == 0, said


def test_people_are_told_where_the_secret_says_so(runner: Runner, host: FakeHost):
    pytest.importorskip("apprise")
    folder = runner.clone("work")
    ((status, said),) = runner.job(folder, workflow(folder, "tick"), "tell", HANDRAIL_NOTIFY="")
    assert (status, said.strip()) == (0, "Nobody is told: HANDRAIL_NOTIFY says where, and it is not set.")
    address = f"{host.address.replace('http://', 'json://')}/told/{{person}}"
    for told in ("Told @ana: ", "There is nothing new to tell."):
        ((status, said),) = runner.job(folder, workflow(folder, "tick"), "tell", HANDRAIL_NOTIFY=address)
        assert status == 0 and said.startswith(told), said
    assert git(runner.origin, "for-each-ref", "--format=%(refname)", "refs/handrail")


def test_a_form_checks_a_step_and_is_pushed(runner: Runner):
    folder = runner.clone("work")
    wish = json.dumps({"action": "check", "name": "old", "steps": "look", "text": '"; exit 1; $(id)', "fields": ""})
    values = {"GITHUB_TOKEN": "t", "HANDRAIL_ACTOR": "ana-r", "HANDRAIL_INPUTS": wish, "HANDRAIL_ISSUE": "",
              "HANDRAIL_ISSUE_BODY": ""}  # fmt: skip
    ((status, said),) = runner.job(folder, workflow(folder, "action"), "act", **values)
    assert status == 0, said
    assert '@ana done: "; exit 1; $(id)' in git(runner.origin, "show", "main:processes/weekly/runs/old.md")
    assert git(runner.origin, "log", "-1", "--format=%an", "main") == "Ana Reyes"
    judged = runner.command(folder, "verify", "HEAD~1..HEAD")
    assert judged.returncode == 0, judged.stdout


def test_a_shallow_clone_says_what_it_needs(runner: Runner):
    folder = runner.place / "shallow"
    git(runner.place, "clone", "-q", "--depth", "1", f"file://{runner.origin}", str(folder))
    done = runner.command(folder, "verify", "HEAD~1..HEAD")
    assert (done.returncode, "fetch-depth: 0" in done.stderr) == (3, True), done.stderr


@pytest.mark.parametrize("kind", ["github", "gitlab", "forgejo", "none"])
def test_init_writes_the_files_of_one_host(workspace: Callable[..., Any], handrail: Callable[..., Any], kind: str):
    folder = workspace({}, config=CONFIG)
    assert handrail(folder, "init", "--ci", kind, now=NOW).exit_code == 0
    found = set(git(folder.root, "ls-files").split())
    for place, names in (
        (".github/workflows/", NAMES if kind == "github" else ()),
        (".forgejo/workflows/", [name for name in NAMES if name != "site"] if kind == "forgejo" else ()),
    ):
        assert {path for path in found if path.startswith(place)} == {f"{place}{name}.yml" for name in names}
    assert (".gitlab-ci.yml" in found) == (kind == "gitlab")
    for path in (one for one in found if one.endswith(".yml")):
        text = (folder.root / path).read_text("utf-8")
        assert "<<" not in text.replace("<<:", "")
        yaml.safe_load(text)


@pytest.mark.parametrize("kind", ["github", "forgejo"])
def test_zizmor_finds_nothing(workspace: Callable[..., Any], handrail: Callable[..., Any], kind: str):
    program = Path(sys.executable).with_name("zizmor")
    if not program.is_file():
        pytest.skip("zizmor is not installed")
    folder = workspace({}, config=CONFIG)
    handrail(folder, "init", "--ci", kind, now=NOW)
    for path in (*(folder.root / f".{kind}/workflows").glob("*.yml"), *(ROOT / ".github/workflows").glob("*.yml")):
        place = folder.root / "audit/.github/workflows" / path.name  # where it knows a workflow by its folder
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
        done = subprocess.run(
            [program, "--offline", "--no-progress", folder.root / "audit"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_this_repository_uses_the_same_workflows():
    spec = importlib.util.spec_from_file_location("own_workflows", TOOLS / "develop" / "workflows.py")
    assert spec and spec.loader
    own = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(own)
    for name in NAMES:
        assert (ROOT / f".github/workflows/{name}.yml").read_text("utf-8") == own.own(name)


def test_nothing_that_somebody_typed_stands_in_a_line_of_the_shell():
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
            assert not [step for step in job["steps"] if "${{" in step.get("run", "")]
