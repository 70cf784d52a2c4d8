"""The files of `init --ci gitlab` and `--ci forgejo`: their lines are run as they stand, with a host beside them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))
from fake_host import FakeHost, fake_host
from test_workflows import CONFIG, FILES, LATE, NOW, Runner, git

ADDRESS = "https://git.example.org/us/work.git"


@pytest.fixture
def host() -> Iterator[FakeHost]:
    with fake_host() as found:
        yield found


@pytest.fixture
def runner_of(
    tmp_path: Path, host: FakeHost, workspace: Callable[..., Any], handrail: Callable[..., Any]
) -> Callable[[str], Runner]:
    """Give what makes a runner for a bare repository with the files of one kind of host."""

    def make(kind: str) -> Runner:
        folder = workspace(FILES, config=CONFIG)
        assert handrail(folder, "init", "--ci", kind, now=NOW).exit_code == 0
        bare = tmp_path / "origin.git"
        git(folder.root, "clone", "-q", "--bare", ".", str(bare))
        place = tmp_path / "runner"
        place.mkdir()
        return Runner(place, bare, host)

    return make


class GitLab:
    """Runs the scripts of `.gitlab-ci.yml` with the variables that GitLab sets."""

    def __init__(self, runner: Runner, host: FakeHost) -> None:
        self.runner = runner
        self.folder = runner.clone("work")
        self.file: dict[str, Any] = yaml.safe_load((self.folder / ".gitlab-ci.yml").read_text("utf-8"))
        (runner.place / ".gitconfig").write_text(
            f'[url "{runner.origin}"]\n\tinsteadOf = {ADDRESS.replace("://", "://handrail:s3cret@")}\n'
        )
        self.variables = {
            "GITLAB_CI": "1", "CI_API_V4_URL": host.address, "CI_PROJECT_ID": "7", "HANDRAIL_TOKEN": "s3cret",
            "CI_SERVER_HOST": "git.example.org", "CI_PROJECT_PATH": "us/work", "CI_COMMIT_BRANCH": "main",
        }  # fmt: skip

    def job(self, name: str, **values: str) -> tuple[int, str]:
        """Run a job's script in one shell, without the lines that install."""
        job = self.file[name]
        lines = [line for line in job["script"] if not line.startswith("pip install")]
        environment = {**self.runner.environment, **self.variables, **job.get("variables", {}), **values}
        done = subprocess.run(
            ["bash", "-e", "-c", "\n".join(lines)], cwd=self.folder, env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def gitlab(runner_of: Callable[[str], Runner], host: FakeHost) -> GitLab:
    return GitLab(runner_of("gitlab"), host)


def test_gitlab_judges_a_merge_request_and_keeps_one_comment(gitlab: GitLab, host: FakeHost):
    status, said = gitlab.job("files")
    assert status == 0, said
    base = git(gitlab.folder, "rev-parse", "HEAD")
    run = gitlab.folder / "processes/weekly/runs/old.md"
    run.write_text(LATE.replace("- [ ] Look", "- [x] Look"))
    git(gitlab.folder, "-c", "user.name=Ana Reyes", "-c", "user.email=ana@example.org", "commit", "-qam", "by hand")
    values = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": git(gitlab.folder, "rev-parse", "HEAD")}
    for _ in range(2):
        status, said = gitlab.job("history", CI_MERGE_REQUEST_IID="4", **values)
        assert status == 0, said
    assert len(host.comments) == 1
    host.comments.clear()
    status, said = gitlab.job("history", CI_MERGE_REQUEST_IID="4", HANDRAIL_TOKEN="", **values)
    assert (status, host.comments) == (0, {}), "a fork has no token, and is judged all the same"


def test_gitlab_keeps_one_issue_of_what_has_stalled(gitlab: GitLab, host: FakeHost):
    for _ in range(2):
        status, said = gitlab.job("stalled")
        assert status == 0, said
    assert [title for title, _ in host.open_issues()] == ["Stalled: 1 finding"]
    assert "<testsuite" in (gitlab.folder / "stalled.xml").read_text()


def test_gitlab_starts_what_is_due_and_tells_people(gitlab: GitLab, host: FakeHost):
    status, said = gitlab.job("tick")
    assert status == 0, said
    assert "2026-11-23" in git(gitlab.runner.origin, "ls-tree", "-r", "--name-only", "main", "processes/weekly/runs")
    assert gitlab.job("tell")[0] == 0
    pytest.importorskip("apprise")
    status, said = gitlab.job("tell", HANDRAIL_NOTIFY=f"{host.address.replace('http', 'json', 1)}/told/{{person}}")
    assert (status, "Told @ana" in said) == (0, True), said


def test_gitlab_acts_for_who_filled_in_the_variable(gitlab: GitLab):
    wish = json.dumps({"action": "check", "name": "old", "steps": "look", "text": '"; exit 1; $(id)'})
    status, said = gitlab.job("action", GITLAB_USER_EMAIL="ana@example.org", HANDRAIL_INPUTS=wish)
    assert status == 0, said
    assert '@ana done: "; exit 1; $(id)' in git(gitlab.runner.origin, "show", "main:processes/weekly/runs/old.md")


def test_gitlab_builds_the_pages(gitlab: GitLab):
    status, said = gitlab.job("pages")
    assert status == 0, said
    assert (gitlab.folder / "public/processes/weekly/index.html").is_file()


def test_forgejo_runs_the_same_lines(runner_of: Callable[[str], Runner], host: FakeHost):
    runner = runner_of("forgejo")
    folder = runner.clone("work")

    def workflow(name: str) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load((folder / f".forgejo/workflows/{name}.yml").read_text("utf-8"))
        for job in found["jobs"].values():
            job["steps"] = [one for one in job["steps"] if "apt-get" not in str(one) and "pipx" not in str(one)]
        return found

    for name, job, values in (
        ("checks", "files", {}),
        ("stalled", "look", {"GITHUB_TOKEN": "t"}),
        ("tick", "tick", {}),
        ("tick", "tell", {"HANDRAIL_NOTIFY": ""}),
    ):
        results = runner.job(folder, workflow(name), job, **values)
        assert results and all(status == 0 for status, _ in results), results
    assert [title for title, _ in host.open_issues()] == ["Stalled: 1 finding"]
    assert "2026-11-23" in git(runner.origin, "ls-tree", "-r", "--name-only", "main", "processes/weekly/runs")
