"""The real `pre-commit` with the hooks of this repository, in a workspace where somebody commits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
GOOD = '---\ntitle: Offers\nowner: "@ana"\n---\n\n- [ ] Write {#write @ana}\n'
BROKEN = GOOD.replace("@ana}", "@ana after=nothing}")
CONFIG = "people: {ana: {name: Ana, email: [ana@example.org]}}\n"


@pytest.fixture
def team(workspace: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A workspace whose commits run the hooks. They find the `handrail` of this checkout: nothing is installed."""
    local = [{**hook, "language": "system"} for hook in HOOKS]
    config = yaml.safe_dump({"repos": [{"repo": "local", "hooks": local}]}, sort_keys=False)
    folder = workspace({"processes/offers/README.md": GOOD, ".pre-commit-config.yaml": config}, config=CONFIG)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "handrail").write_text(f'#!/bin/sh\nexec {sys.executable} -m handrail "$@"\n', encoding="utf-8")
    (programs / "handrail").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tools"))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    subprocess.run([sys.executable, "-m", "pre_commit", "install"], cwd=folder.root, check=True, capture_output=True)
    return folder


def commit(folder: Any, *paths: str) -> subprocess.CompletedProcess[str]:
    subprocess.run(["git", "add", *paths], cwd=folder.root, check=True)
    words = ["git", "commit", "-m", "as it stands"]
    return subprocess.run(words, cwd=folder.root, check=False, capture_output=True, text=True)


def test_pre_commit_can_read_the_hooks():
    words = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    assert subprocess.run(words, check=False, capture_output=True, text=True).returncode == 0


def test_a_broken_procedure_is_not_committed_and_a_good_one_is(team):
    team.write({"processes/offers/README.md": BROKEN})
    refused = commit(team, "processes")
    assert refused.returncode == 1
    assert "error[unknown-step]" in refused.stdout + refused.stderr
    team.write({"processes/offers/README.md": GOOD.replace("Write", "Write it")})
    done = commit(team, "processes")
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_that_are_none_of_handrails_do_not_wait_for_it(team):
    team.write({"processes/offers/README.md": BROKEN, "docs/index.md": "# Us\n"})
    done = commit(team, "docs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Skipped" in done.stdout + done.stderr
