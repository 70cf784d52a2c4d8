"""Pages where things are different: written from right to left, read from a folder, below a path, without motion."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from site_made import MKDOCS, run_mkdocs, write_workspace
from site_project import FILES

pytestmark = pytest.mark.browser
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = ["", "processes/customer-onboarding/", "processes/customer-onboarding/runs/2026-11-16-ada/", "projects/move/"]
PAGES += ["projects/", "people/", "stalled/", "calendar/", "activity/", "process-or-project/"]
MOVING = """() => [...document.querySelectorAll("[class*='hr-']")].filter((node) => {
  const style = getComputedStyle(node);
  return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
}).map((node) => node.className)"""
LINKS = """() => [...document.querySelectorAll("article a[href]")]
  .map((link) => new URL(link.getAttribute("href"), document.baseURI).href)
  .filter((address) => !/^(https?|mailto):/.test(address))"""


@pytest.fixture(scope="module")
def right_to_left(tmp_path_factory: pytest.TempPathFactory, plugin_path: str, serving: Any) -> Iterator[str]:
    base = tmp_path_factory.mktemp("right-to-left")
    settings = MKDOCS.replace("name: material", "name: material\n  language: he")
    done = run_mkdocs(
        write_workspace(base / "workspace", {**FILES, "mkdocs.yml": settings}), base / "site", plugin_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with serving(base / "site") as address:
        yield address


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory, plugin_path: str) -> Path:
    base = tmp_path_factory.mktemp("offline")
    settings = MKDOCS.replace("plugins: [search, handrail]", "plugins: [search, offline, handrail]")
    done = run_mkdocs(
        write_workspace(base / "workspace", {**FILES, "mkdocs.yml": settings}), base / "site", plugin_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "site"


def test_pages_written_from_right_to_left_fit(browser: Any, right_to_left: str):
    page = browser.new_context(viewport={"width": 360, "height": 900}).new_page()
    for name in PAGES:
        page.set_viewport_size({"width": 360, "height": 900})
        page.goto(right_to_left + name)
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        assert page.evaluate(TOO_WIDE) <= 0, f"{name} on a phone"
        page.set_viewport_size({"width": 1280, "height": 900})
        assert page.evaluate(TOO_WIDE) <= 0, name
    page.context.close()


def test_time_runs_from_left_to_right_in_every_language(browser: Any, right_to_left: str):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{right_to_left}projects/move/")
    frame = page.locator(".hr-gantt__scroll").first
    assert frame.evaluate("node => getComputedStyle(node).direction") == "ltr"
    days = [day.bounding_box()["x"] for day in page.locator(".hr-gantt__axis .hr-gantt__day").all()[:3]]
    assert days == sorted(days)
    names = page.locator(".hr-gantt__names a")
    assert {names.nth(number).get_attribute("dir") for number in range(names.count())} == {"auto"}
    page.context.close()


def test_labels_stand_on_the_side_where_reading_begins(browser: Any, right_to_left: str):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{right_to_left}processes/customer-onboarding/runs/2026-11-16-ada/")
    mark = page.locator(".hr-step .hr-mark").first.bounding_box()
    title = page.locator(".hr-step .hr-step__title").first.bounding_box()
    assert mark["x"] > title["x"] + title["width"] / 2
    page.context.close()


def test_a_folder_of_pages_works_without_a_server(browser: Any, offline: Path):
    page = browser.new_context().new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for name in PAGES:
        page.goto((offline / name / "index.html").as_uri())
        for address in page.evaluate(LINKS):
            target = address.partition("#")[0]
            assert target.startswith(offline.as_uri()), address
            assert Path(target.removeprefix("file://")).is_file(), f"{name}: {address}"
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert said == []
    page.context.close()


def test_a_link_is_followed_without_a_server(browser: Any, offline: Path):
    page = browser.new_context().new_page()
    page.goto((offline / "processes/customer-onboarding/index.html").as_uri())
    page.locator("#active-runs a", has_text="Ada Lovelace").first.click()
    assert page.url.startswith("file:")
    assert page.locator("h1").inner_text().startswith("Ada Lovelace")
    page.context.close()


@pytest.mark.parametrize("name", ["index.html", "people/index.html"])
def test_search_works_without_a_server(browser: Any, offline: Path, name: str):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto((offline / name).as_uri())
    page.locator(".md-search__input").click()
    page.keyboard.type("lovelace")
    page.locator(".md-search-result__link", has_text="Ada").first.wait_for(timeout=20000)
    page.context.close()


def test_nothing_moves_for_those_who_asked_for_that(browser: Any, project_address: str):
    page = browser.new_context(reduced_motion="reduce").new_page()
    for name in PAGES:
        page.goto(project_address + name)
        assert page.evaluate(MOVING) == [], name
    page.context.close()


def test_everything_can_be_reached_and_used_by_keyboard(browser: Any, project_address: str):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(f"{project_address}process-or-project/")
    answers = page.locator(".hr-questions input[type=radio][value=process]")
    for number in range(answers.count()):
        answers.nth(number).focus()
        page.keyboard.press("Space")
    assert page.locator("[data-hr-verdict]").is_visible()
    page.goto(f"{project_address}projects/move/")
    frame = page.locator(".hr-gantt__scroll").first
    frame.focus()
    assert frame.evaluate("node => node === document.activeElement && getComputedStyle(node).outlineStyle !== 'none'")
    summary = page.locator("article details > summary").first
    before = summary.evaluate("node => node.parentElement.open")
    summary.focus()
    page.keyboard.press("Enter")
    assert summary.evaluate("node => node.parentElement.open") is not before
    page.context.close()
