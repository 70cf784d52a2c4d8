"""The contract of parts: who may import whom (`pyproject.toml`, tool.importlinter)."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    environment = {"PYTHONPATH": str(folder / "tools"), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}
    options = ["--no-cache", "--config", str(folder / "pyproject.toml")]
    return subprocess.run(
        [*command, *options], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_imports_keep_the_contract():
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_broken_contract_is_found(tmp_path: Path):
    package = tmp_path / "tools" / "handrail"
    layers = "base text model rules plan format store reports app integrations site cli".split()
    for part in layers:
        (package / part).mkdir(parents=True)
        (package / part / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text("")
    (package / "rules" / "peek.py").write_text("import subprocess\nfrom handrail.store import anything\n")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    done = _lint_imports(tmp_path)
    assert done.returncode == 1
    assert "handrail.rules is not allowed to import handrail.store" in done.stdout
    assert "handrail.rules is not allowed to import subprocess" in done.stdout


def test_every_part_stands_in_the_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["type"] == "layers")
    named = {part.strip() for line in layers["layers"] for part in line.split("|")}
    parts = {path.parent.name for path in (ROOT / "tools" / "handrail").glob("*/__init__.py")}
    assert parts == named
