"""The built pages in a real browser: quiet, self-contained, readable on a phone, accessible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from site_axe import violations

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


@dataclass
class Visit:
    """What was seen on the way through all pages in one colour scheme."""

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=["light", "dark"])
def visit(request: pytest.FixtureRequest, browser: Any, address: str) -> Visit:
    """Go through all pages, once for all tests: in the light on a phone that is turned, in the dark the other way."""
    scheme, seen = request.param, Visit()
    widths = (360, 1440) if scheme == "light" else (1440, 360)
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.on("console", lambda message: seen.said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: seen.said.append(str(error)))
    page.on("request", lambda request: seen.asked.append(request.url))
    for name in PAGES:
        page.set_viewport_size({"width": widths[0], "height": 900})
        page.goto(address + name, wait_until="load")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            seen.wide += [f"{name or 'home'} scrolls sideways by {wide} pixels at {width}"] if wide > 0 else []
        page.set_viewport_size({"width": 1280, "height": 900})
        found = [one for one in violations(page, scheme) if not _themes_own(*one)]
        seen.violations += [f"{name or 'home'}: {rule} {target}" for rule, target in found]
    context.close()
    return seen


def test_no_page_scrolls_sideways_on_a_phone_or_a_desk(visit: Visit):
    assert visit.wide == []


def test_pages_are_quiet(visit: Visit):
    assert visit.said == []


def test_pages_are_self_contained(visit: Visit, address: str):
    assert len(visit.asked) > len(PAGES)
    assert [url for url in visit.asked if not url.startswith((address, "data:", "blob:"))] == []


def test_pages_have_no_accessibility_violation_of_their_own(visit: Visit):
    assert visit.violations == []


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
