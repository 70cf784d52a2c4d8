"""The built pages in a real browser: quiet, self-contained, readable on a phone, accessible."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PAGES = (
    "",
    "processes/",
    "processes/customer-onboarding/",
    "processes/customer-onboarding/runs/2026-11-16-ada/",
    "projects/",
    "projects/spring/",
    "people/",
    "people/ana/",
    "stalled/",
    "calendar/",
    "activity/",
    "process-or-project/",
)
ARGUMENTS = (
    "--no-sandbox --disable-background-networking --disable-component-update --disable-sync --no-first-run"
    " --disable-dev-shm-usage"
)
# What an empty page of the theme itself does not pass.
THEMES_OWN = {
    "aria-dialog-name",
    "color-contrast .md-copyright",
    "color-contrast .highlight",
    "color-contrast a > code",
    "color-contrast .nb",
    "landmark-unique",
}

pytestmark = pytest.mark.browser


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


@pytest.fixture(scope="module")
def address(sample_site: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(sample_site.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/site/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = chromium()
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=path, args=ARGUMENTS.split())
        yield found
        found.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_pages_are_quiet_self_contained_and_fit(browser: Any, address: str, width: int, scheme: str):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    for name in PAGES:
        page.goto(address + name, wait_until="load")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{name or 'home'} scrolls sideways by {wide} pixels"
    context.close()
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_have_no_accessibility_violation_of_their_own(browser: Any, address: str, scheme: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    found: list[str] = []
    for name in PAGES:
        page.goto(address + name, wait_until="load")
        result = axe.run(page, context="article").response
        for violation in result["violations"]:
            targets = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
            own = [target for target in targets if not _themes_own(violation["id"], target)]
            found += [f"{name or 'home'}: {violation['id']} {target}" for target in own]
    context.close()
    assert found == []


def _themes_own(rule: str, target: str) -> bool:
    return any(known.split(" ")[0] == rule and known.partition(" ")[2] in target for known in THEMES_OWN)


def test_a_run_can_be_read_without_scripts(browser: Any, address: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "processes/customer-onboarding/runs/2026-11-16-ada/")
    assert page.get_by_role("heading", name="Ada Lovelace", level=1).is_visible()
    page.locator("summary", has_text="Check it off").first.click()
    assert page.locator("code", has_text="handrail check").first.is_visible()
    context.close()
