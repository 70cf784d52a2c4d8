"""`handrail lint` where people meet it: before a commit, and beside the lines of a build's log."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
GOOD = '---\ntitle: Offers\nowner: "@ana"\n---\n\n- [ ] Write {#write @ana}\n'
BAD = GOOD.replace("@ana}", "@zoe after=nothing due=soon}")
CONFIG = "people: {ana: {}}\n"


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_a_hook_lets_good_files_pass(workspace: Callable[..., Any], handrail: Callable[..., Any], hook: dict[str, Any]):
    folder = workspace({"processes/offers/README.md": GOOD}, config=CONFIG)
    program, *words = shlex.split(hook["entry"])
    assert program == "handrail"
    assert handrail(folder, *words).exit_code == 0


def test_a_hook_stops_broken_files(workspace: Callable[..., Any], handrail: Callable[..., Any]):
    folder = workspace({"processes/offers/README.md": BAD}, config=CONFIG)
    assert handrail(folder, *shlex.split(HOOKS[0]["entry"])[1:]).exit_code == 1


def test_hooks_run_for_the_files_of_a_workspace_only():
    files = re.compile(HOOKS[0]["files"])
    assert all(map(files.search, ("processes/hr/x/README.md", "projects/a/README.md", "handrail.yml")))
    assert not any(map(files.search, ("docs/index.md", "src/processes/x.py", "old/handrail.yml", "handrail.yml.bak")))


def test_the_problem_matcher_reads_every_problem(workspace: Callable[..., Any], handrail: Callable[..., Any]):
    folder = workspace({"processes/offers/README.md": BAD}, config=CONFIG)
    pattern = json.loads((ROOT / "docs/handrail-matcher.json").read_text("utf-8"))["problemMatcher"][0]["pattern"][0]
    regexp = re.compile(pattern["regexp"])
    found = [match for line in handrail(folder, "lint").output.splitlines() if (match := regexp.match(line))]
    wanted = json.loads(handrail(folder, "lint", "--json").output)["problems"]
    assert len(wanted) >= 3
    keys = ("file", "line", "column", "severity", "code")
    assert [[match[pattern[key]] for key in keys] for match in found] == [
        [one["path"], str(one["line"]), str(one["column"]), one["level"], one["code"]] for one in wanted
    ]
