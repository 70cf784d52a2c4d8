"""A project's page in a browser without scripts: it fits a phone, its timeline zooms and folds, its names stay."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from site_made import run_mkdocs, write_workspace
from site_project import FILES
from test_browser import ARGUMENTS, Quiet, chromium

pytestmark = pytest.mark.browser
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, plugin_path: str) -> Iterator[str]:
    base = tmp_path_factory.mktemp("project-browser")
    done = run_mkdocs(write_workspace(base / "workspace", FILES), base / "site", plugin_path)
    assert done.returncode == 0, done.stdout + done.stderr
    handler = functools.partial(Quiet, directory=str(base / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    path = chromium()
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=path, args=ARGUMENTS.split())
        yield found
        found.close()


def opened(chrome: Any, address: str, width: int, **more: Any) -> Any:
    page = chrome.new_context(viewport={"width": width, "height": 900}, **more).new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize("name", ["projects/move/", "projects/long/", "projects/long/tasks--1/", "projects/"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_scrolls_sideways(chrome: Any, address: str, name: str, width: int):
    page = opened(chrome, address + name, width)
    assert page.evaluate(TOO_WIDE) <= 0
    page.context.close()


def test_the_timeline_zooms_and_folds_without_scripts(chrome: Any, address: str):
    page = opened(chrome, address + "projects/move/", 1280, java_script_enabled=False)
    sheet = page.locator(".hr-gantt__sheet").first
    whole = sheet.bounding_box()["width"]
    page.locator(".hr-zoom label", has_text="Weeks").click()
    assert sheet.bounding_box()["width"] > whole
    row = page.locator(".hr-gantt__names a", has_text="Pack")
    assert row.is_visible()
    page.locator(".hr-gantt__phase > summary", has_text="Go").click()
    assert not row.is_visible()
    page.context.close()


def test_names_stay_in_view_while_the_timeline_scrolls(chrome: Any, address: str):
    page = opened(chrome, address + "projects/move/", 360)
    page.locator(".hr-zoom label", has_text="Weeks").click()
    names = [page.locator(".hr-gantt__names a", has_text="Pack"), page.locator(".hr-gantt__names b", has_text="Go")]
    before = [name.bounding_box()["x"] for name in names]
    page.evaluate("document.querySelector('.hr-gantt__scroll').scrollLeft = 400")
    assert [name.bounding_box()["x"] for name in names] == before
    assert page.evaluate(TOO_WIDE) <= 0
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_violation(chrome: Any, address: str, scheme: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = []
    for name in ("projects/move/", "projects/"):
        page = opened(chrome, address + name, 1280, color_scheme=scheme)
        page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
        result = axe.run(page, context="article").response
        found += [(name, one["id"], node["target"]) for one in result["violations"] for node in one["nodes"]]
        page.context.close()
    assert found == []
