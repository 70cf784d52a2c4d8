"""A project's page in a browser without scripts: it fits a phone, its timeline zooms and folds, its names stay."""

from __future__ import annotations

from typing import Any

import pytest
from site_axe import violations

pytestmark = pytest.mark.browser
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def opened(browser: Any, address: str, width: int, **more: Any) -> Any:
    page = browser.new_context(viewport={"width": width, "height": 900}, **more).new_page()
    page.goto(address)
    return page


@pytest.mark.parametrize("name", ["projects/move/", "projects/long/", "projects/long/tasks--1/", "projects/"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_scrolls_sideways(browser: Any, project_address: str, name: str, width: int):
    page = opened(browser, project_address + name, width)
    assert page.evaluate(TOO_WIDE) <= 0
    page.context.close()


def test_the_timeline_zooms_and_folds_without_scripts(browser: Any, project_address: str):
    page = opened(browser, project_address + "projects/move/", 1280, java_script_enabled=False)
    sheet = page.locator(".hr-gantt__sheet").first
    whole = sheet.bounding_box()["width"]
    page.locator(".hr-zoom label", has_text="Weeks").click()
    assert sheet.bounding_box()["width"] > whole
    row = page.locator(".hr-gantt__names a", has_text="Pack")
    assert row.is_visible()
    page.locator(".hr-gantt__phase > summary", has_text="Go").click()
    assert not row.is_visible()
    page.context.close()


def test_names_stay_in_view_while_the_timeline_scrolls(browser: Any, project_address: str):
    page = opened(browser, project_address + "projects/move/", 360)
    page.locator(".hr-zoom label", has_text="Weeks").click()
    names = [page.locator(".hr-gantt__names a", has_text="Pack"), page.locator(".hr-gantt__names b", has_text="Go")]
    before = [name.bounding_box()["x"] for name in names]
    page.evaluate("document.querySelector('.hr-gantt__scroll').scrollLeft = 400")
    assert [name.bounding_box()["x"] for name in names] == before
    assert page.evaluate(TOO_WIDE) <= 0
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_violation(browser: Any, project_address: str, scheme: str):
    found = []
    for name in ("projects/move/", "projects/"):
        page = opened(browser, project_address + name, 1280, color_scheme=scheme)
        found += [(name, *one) for one in violations(page, scheme)]
        page.context.close()
    assert found == []
