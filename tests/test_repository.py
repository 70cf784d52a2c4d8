"""What holds for every file of this repository."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 450
LONGEST_FUNCTION = 45
BINARY = {".png", ".ico", ".woff2", ".jpg", ".gif", ".webp", ".zip"}
# Spelled in pieces, so that this file does not find itself.
FOLDERS = ("wor[k]", "roo[t]", "far[m]", r"home/[a-z]+")
MACHINE_PATH = re.compile("|".join(rf"(?<!\w)/{name}/" for name in FOLDERS) + "|/tmp/[h]rvenv")


@cache
def _tracked() -> tuple[Path, ...]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git clone")
    paths = (ROOT / name for name in done.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def _texts() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes().decode("utf-8", "replace")
        for path in _tracked()
        if path.suffix not in BINARY
    }


@cache
def _code() -> tuple[tuple[str, ast.Module, str], ...]:
    return tuple(
        (name, ast.parse(text), text)
        for name, text in _texts().items()
        if name.startswith("tools/handrail/") and name.endswith(".py")
    )


def test_no_file_names_a_path_of_one_machine():
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in _texts().items()
        if not name.endswith(".lock")
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


def test_every_text_file_ends_with_one_newline():
    allowed_odd = ("tests/cases/", "tests/data/")  # inputs whose very point is how they end
    found = [
        name
        for name, text in _texts().items()
        if text and not name.startswith(allowed_odd) and (not text.endswith("\n") or text.endswith("\n\n"))
    ]
    assert found == []


def test_no_source_file_is_longer_than_a_room():
    found = {name: text.count("\n") for name, _, text in _code() if text.count("\n") > LONGEST_FILE}
    assert found == {}


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Give the lines of a function without its decorators and docstring."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        lines -= (docstring.end_lineno or 0) - docstring.lineno + 1
    return lines


def test_no_function_is_longer_than_a_screen():
    found = {
        f"{name}:{node.lineno} {node.name}": _length(node)
        for name, tree, _ in _code()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LONGEST_FUNCTION
    }
    assert found == {}


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and not inner.name.startswith("_"):
                        yield inner


def test_every_public_name_is_documented():
    found = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree, _ in _code()
        for node in _public(tree)
        if ast.get_docstring(node) is None
    ]
    assert found == []


def test_the_lock_file_names_no_registry_and_hashes_everything():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert not re.search(r"://|--index-url|--extra-index-url|--find-links", text)
    entries = re.split(r"(?m)^(?=[a-z0-9])", text)[1:]
    assert entries and all("--hash=sha256:" in entry for entry in entries)


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_ask_for_little_and_run_nothing_that_may_change(path: Path):
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {}
    assert "concurrency" in workflow
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job
        assert "permissions" in job
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step.get("uses", "a/b@" + "0" * 40))
            if step.get("uses", "").startswith("actions/checkout@"):
                pushes = job["permissions"].get("contents") == "write"
                assert step["with"]["persist-credentials"] is pushes
