"""Sites built from text."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from site_made import SAMPLE, run_mkdocs, write_workspace

TOOLS = Path(__file__).resolve().parents[2] / "tools"
Build = Callable[..., Path]


@pytest.fixture(scope="session")
def plugin_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give what PYTHONPATH needs for MkDocs to find the plugin, whether or not the package is installed."""
    installed = importlib.metadata.entry_points(group="mkdocs.plugins")
    if any(entry.name == "handrail" for entry in installed):
        return str(TOOLS)
    info = tmp_path_factory.mktemp("installed") / "handrail-0.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: handrail\nVersion: 0.0.0\n")
    (info / "entry_points.txt").write_text("[mkdocs.plugins]\nhandrail = handrail.site.plugin:HandrailPlugin\n")
    return f"{TOOLS}{os.pathsep}{info.parent}"


@pytest.fixture
def build(tmp_path: Path, plugin_path: str) -> Build:
    """Build a site from files: `build({"docs/index.md": "# Home"})` gives its folder; a failed build fails the test."""
    made = iter(range(100))

    def make(changes: Mapping[str, str] | None = None, *, files: Mapping[str, str] = SAMPLE) -> Path:
        number = next(made)
        root = write_workspace(tmp_path / f"workspace-{number}", {**files, **(changes or {})})
        out = tmp_path / f"site-{number}"
        done = run_mkdocs(root, out, plugin_path)
        assert done.returncode == 0, done.stdout + done.stderr
        return out

    return make


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory, plugin_path: str) -> Path:
    """The built sample, for tests that only look at it."""
    base = tmp_path_factory.mktemp("sample")
    root = write_workspace(base / "workspace", SAMPLE)
    done = run_mkdocs(root, base / "site", plugin_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "site"
