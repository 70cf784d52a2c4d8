"""Other builders make the same pages of `handrail site pages`, and `site finish` says which are missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from site_made import SAMPLE, write_workspace

RUN = "processes/customer-onboarding/runs/2026-11-16-ada/"
TOOLS = Path(__file__).resolve().parents[2] / "tools"
NOW = "2026-11-23T09:00:00Z"
PLAIN = """\
site_name: Plain
docs_dir: docs
site_dir: out
theme:
  name: material
  font: false
  features: [navigation.instant]
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default}
    - {media: "(prefers-color-scheme: dark)", scheme: slate}
plugins: [search]
"""
FILES = {
    **SAMPLE,
    "mkdocs.yml": (
        "site_name: Sample\nrepo_url: https://github.com/team/shop\nedit_uri: edit/main/docs/\n"
        "theme: {name: material, font: false}\nplugins: [search, handrail]\n"
    ),
}
KINDS = ("", "processes/", "processes/customer-onboarding/", RUN, "projects/", "projects/spring/", "people/")
KINDS += ("people/ana/", "stalled/", "calendar/", "activity/", "process-or-project/")
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(TOOLS), "NO_MKDOCS_2_WARNING": "1", "HANDRAIL_NOW": NOW}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)


def handrail(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, "-m", "handrail", "--now", NOW, "site", *words)


def builder(name: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


class Shown(HTMLParser):
    """The words, addresses and anchors of a page's generated part, which begins at `hr-page`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.depth, self.words = 0, ""
        self.addresses: list[str] = []
        self.anchors: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if self.depth or said.get("class") == "hr-page":
            self.depth += tag == "div"
            self.addresses += [said["href"] or ""] if "href" in said else []
            self.anchors += [said["id"] or ""] if "id" in said else []

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "div" and self.depth > 0

    def handle_data(self, data: str) -> None:
        self.words += data if self.depth else ""

    def values(self) -> tuple[str, list[str], list[str]]:
        return " ".join(self.words.split()), self.addresses, self.anchors


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with its pages written to `plain/docs`."""
    return prepared(tmp_path_factory.mktemp("portable"), FILES)


def prepared(base: Path, files: Mapping[str, str]) -> Path:
    root = write_workspace(base / "workspace", files)
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "x"]):
        done = run(root, "git", *words)
        assert done.returncode == 0, done.stderr
    done = handrail(root, "pages", "../plain/docs")
    assert done.returncode == 0, done.stderr
    (base / "plain/mkdocs.yml").write_text(PLAIN)
    return base


@pytest.fixture(scope="module", params=["mkdocs", "properdocs", "zensical"])
def finished(request: pytest.FixtureRequest, written: Path) -> Path:
    """The folder in which another builder has made `out` of the pages, which was finished then."""
    plain = written / request.param
    shutil.copytree(written / "plain", plain)
    done = run(plain, builder(request.param), "build", "-f", "mkdocs.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    done = handrail(written / "workspace", "finish", f"../{request.param}/out")
    assert done.returncode == 0, done.stdout + done.stderr
    return plain


def test_other_builders_make_the_same_pages(finished: Path) -> None:
    plain = finished
    sources = list((plain / "docs").rglob("index.md"))
    assert len(sources) > 15
    for source in sources:
        page = (plain / "out" / source.relative_to(plain / "docs")).with_suffix(".html").read_text("utf-8")
        assert Shown(page).words.strip(), source
        assert Shown(page).values() == Shown(source.read_text("utf-8")).values(), source
        assert "Content-Security-Policy" in page.split("</head>")[0]
        assert "assets/handrail/handrail.css" in page
    for beside in ("api/index.json", "calendar.ics", "feed.xml", "badges/runs.svg", "llms.txt"):
        assert (plain / "out" / beside).is_file(), beside


def test_what_is_not_there_may_be_an_older_run(finished: Path) -> None:
    html = (finished / "out/404.html").read_text("utf-8")
    assert html.count('<meta name="handrail-gone">') == 1
    (address,) = re.findall(r'src="([^"]*handrail\.js)"', html)
    theme = re.findall(r'src="([^"]*assets/)javascripts/', html)
    assert {f"{one}handrail/handrail.js" for one in theme} == {address}


@pytest.mark.browser
def test_a_finished_site_works_in_a_browser(finished: Path, browser: Any, serving: Any) -> None:
    wrong: list[str] = []
    with serving(finished / "out") as address:
        context = browser.new_context(viewport={"width": 360, "height": 900}, color_scheme="dark")
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda one: wrong.append(one.url) if not _here(one.url, address) else None)
        for name in KINDS:
            page.goto(address + name, wait_until="load")
            wrong += [f"{name} scrolls sideways"] if page.evaluate(WIDE) > 0 else []
        assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
        assert page.locator("[data-hr-questions][data-hr-on]").count() == 1  # our script has run
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{address}people/", wait_until="networkidle")
        page.keyboard.press("Control+k" if finished.name == "zensical" else "s")
        page.keyboard.type("Lovelace", delay=30)
        page.get_by_text("Ada Lovelace", exact=True).locator("visible=true").first.wait_for(timeout=8000)
        context.close()
    assert wrong == []


def _here(url: str, address: str) -> bool:
    return url.startswith((address.rsplit("/", 2)[0] + "/", "data:", "blob:"))


def test_ones_own_home_page_has_the_dashboard_in_it(finished: Path) -> None:
    home = (finished / "out/index.html").read_text("utf-8")
    assert home.index("How we work.") < home.index('class="hr-dashboard"') < home.index("The end.")


def test_steps_lead_to_the_editor_of_the_git_host(finished: Path) -> None:
    page = (finished / "out" / RUN / "index.html").read_text("utf-8")
    assert f'href="https://github.com/team/shop/edit/main/{RUN[:-1]}.md"' in page


def test_ones_own_pages_are_not_overwritten(written: Path) -> None:
    done = handrail(written / "workspace", "pages", "docs")
    assert done.returncode == 2
    assert "would be overwritten" in done.stderr


def test_missing_pages_are_named_and_fail_the_build(written: Path) -> None:
    site = written / "empty"
    site.mkdir()
    (site / "index.html").write_text("<html><head></head><body>Somebody else's home page</body></html>")
    done = handrail(written / "workspace", "finish", "../empty")
    assert done.returncode == 1
    assert "missing people/ana/index.html" in done.stdout
    assert "missing index.html" in done.stdout  # a page is there, but not ours
    assert "pages are missing in ../empty" in done.stderr


def test_a_finished_site_is_finished(written: Path) -> None:
    plain = written / "again"
    shutil.copytree(written / "plain/docs", plain / "docs")
    (plain / "mkdocs.yml").write_text(PLAIN)
    assert run(plain, builder("mkdocs"), "build").returncode == 0
    assert handrail(written / "workspace", "finish", "../again/out").returncode == 0
    before = {path: path.read_bytes() for path in plain.rglob("*") if path.is_file()}
    assert handrail(written / "workspace", "finish", "../again/out").returncode == 0
    assert before == {path: path.read_bytes() for path in plain.rglob("*") if path.is_file()}


def test_no_site_no_finish(written: Path) -> None:
    done = handrail(written / "workspace", "finish", "../nowhere")
    assert done.returncode == 2
    assert "Build the site first" in done.stderr
