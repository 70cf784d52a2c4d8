"""The built pages in a real browser: quiet, self-contained, readable on a phone, accessible."""

from __future__ import annotations

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
        page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
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
