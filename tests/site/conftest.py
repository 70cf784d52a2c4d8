"""Sites built from text."""

from __future__ import annotations

import functools
import http.server
import importlib.metadata
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from site_made import SAMPLE, end_builds, run_mkdocs, write_workspace
from site_project import FILES

TOOLS = Path(__file__).resolve().parents[2] / "tools"
Build = Callable[..., Path]
# The last list of features is the one that counts, so that it names what Playwright switches off, too. What is switched
# off besides are the windows' own address bars, which are pages themselves and cost more than those that are looked at.
FEATURES = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,PreloadTopChromeWebUI,WebUIToolbar,InitialWebUI,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
ARGUMENTS = (
    "--no-sandbox --disable-background-networking --disable-component-update --disable-sync --no-first-run"
    f" --disable-dev-shm-usage --disable-features={FEATURES}"
)


@pytest.fixture(scope="session")
def plugin_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give what PYTHONPATH needs for MkDocs to find the plugin, whether or not the package is installed."""
    path = str(TOOLS)
    if not any(entry.name == "handrail" for entry in importlib.metadata.entry_points(group="mkdocs.plugins")):
        info = tmp_path_factory.mktemp("installed") / "handrail-0.0.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: handrail\nVersion: 0.0.0\n")
        (info / "entry_points.txt").write_text("[mkdocs.plugins]\nhandrail = handrail.site.plugin:HandrailPlugin\n")
        path += f"{os.pathsep}{info.parent}"
    yield path
    end_builds(path)


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
    """The sample as a new Python builds it, for tests that only look at it."""
    base = tmp_path_factory.mktemp("sample")
    root = write_workspace(base / "workspace", SAMPLE)
    done = run_mkdocs(root, base / "site", plugin_path, cold=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "site"


def chromium() -> str:
    """Give the path of a Chromium, skip where there is none unless one is required."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    if os.environ.get("HANDRAIL_REQUIRE_BROWSER") == "1":
        pytest.fail("no Chromium found, and HANDRAIL_REQUIRE_BROWSER=1 asks for one")
    pytest.skip("no Chromium found")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine, one level below the root, and give its address."""
    handler = functools.partial(Quiet, directory=str(folder.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve the folders of sites until the end of all tests."""
    with ExitStack() as all_of_them:
        yield lambda folder: all_of_them.enter_context(served(folder))


@pytest.fixture(scope="session")
def serving() -> Any:
    """Give what serves a folder for as long as a test looks at it."""
    return served


@pytest.fixture(scope="session")
def address(sample_site: Path) -> Iterator[str]:
    with served(sample_site) as found:
        yield found


@pytest.fixture(scope="session")
def project_address(tmp_path_factory: pytest.TempPathFactory, plugin_path: str) -> Iterator[str]:
    """Where the site with a project of one of everything is served."""
    base = tmp_path_factory.mktemp("project-browser")
    done = run_mkdocs(write_workspace(base / "workspace", FILES), base / "site", plugin_path)
    assert done.returncode == 0, done.stdout + done.stderr
    with served(base / "site") as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = chromium()
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=path, args=ARGUMENTS.split())
        yield found
        found.close()
