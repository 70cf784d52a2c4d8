"""What `init` and `host forms` write for git hosts, judged by the schemas that are published for these files.

The package `check-jsonschema` carries SchemaStore's schemas; nothing is fetched. Forgejo has none of its own and takes
GitHub's syntax.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOW = "2026-11-23T09:00:00Z"
SCHEMAS = {
    "github": (("vendor.github-workflows", ".github/workflows/*.yml"),),
    "gitlab": (("vendor.gitlab-ci", ".gitlab-ci.yml"),),
    "forgejo": (("vendor.github-workflows", ".forgejo/workflows/*.yml"),),
}


def judged(schema: str, files: list[Path]) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
    return subprocess.run([*program, *map(str, files)], check=False, capture_output=True, text=True)


@pytest.mark.parametrize("ci", SCHEMAS)
def test_workflows_are_as_their_host_asks(tmp_path, handrail, ci):
    assert handrail(tmp_path, "init", "--ci", ci, now=NOW).exit_code == 0
    for schema, pattern in SCHEMAS[ci]:
        files = sorted(tmp_path.glob(pattern))
        assert files
        found = judged(schema, files)
        assert found.returncode == 0, found.stdout


def test_forms_are_as_github_asks(tmp_path, handrail):
    assert handrail(tmp_path, "init", now=NOW).exit_code == 0
    result = handrail(tmp_path, "host", "forms", now=NOW)
    assert result.exit_code == 0, result.output
    files = [path for path in sorted(tmp_path.glob(".github/ISSUE_TEMPLATE/*.yml")) if path.name != "config.yml"]
    assert files, result.output
    found = judged("vendor.github-issue-forms", files)
    assert found.returncode == 0, found.stdout


def test_the_workflows_of_this_repository_are_as_github_asks():
    files = sorted((ROOT / ".github/workflows").glob("*.yml"))
    assert files
    found = judged("vendor.github-workflows", files)
    assert found.returncode == 0, found.stdout


def test_a_mistake_in_a_workflow_is_found(tmp_path):
    wrong = tmp_path / "checks.yml"
    shutil.copy(ROOT / "tools/handrail/app/templates/ci/checks.yml", wrong)
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("runs-on:", "run-on:"), encoding="utf-8")
    assert judged("vendor.github-workflows", [wrong]).returncode == 1
