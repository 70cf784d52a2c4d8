"""The site as `mkdocs build --strict` makes it from a small workspace."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from site_made import MKDOCS, SAMPLE, run_mkdocs, write_workspace

RUN = "processes/customer-onboarding/runs/2026-11-16-ada/index.html"
PROCESS = "processes/customer-onboarding/index.html"


class Links(HTMLParser):
    """What a page offers to link to (`ids`) and what it links to (`found`)."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in {"href", "src"} and tag != "use":
                self.found.append(value or "")


def read_links(page: Path) -> Links:
    parser = Links()
    parser.feed(page.read_text("utf-8"))
    return parser


def broken_links(site: Path) -> list[str]:
    pages = {page.resolve(): read_links(page) for page in site.rglob("*.html") if page.name != "404.html"}
    broken = []
    for page, links in pages.items():
        for href in links.found:
            parts = urlsplit(href)
            if parts.scheme or parts.netloc or not href:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            target = target / "index.html" if target.is_dir() else target
            missing = not target.is_file()
            if missing or (parts.fragment and unquote(parts.fragment) not in pages[target].ids):
                broken.append(f"{page.relative_to(site.resolve())}: {href}")
    return broken


def test_every_kind_of_page_is_there(sample_site: Path):
    for name in (
        "index.html",
        "processes/index.html",
        PROCESS,
        "processes/hr/new-hire/index.html",
        "processes/customer-onboarding/discounts/index.html",
        RUN,
        "projects/index.html",
        "projects/spring/index.html",
        "people/index.html",
        "people/ana/index.html",
        "stalled/index.html",
    ):
        assert (sample_site / name).is_file(), name


def test_every_link_and_anchor_inside_the_site_leads_somewhere(sample_site: Path):
    assert broken_links(sample_site) == []


def test_links_work_without_directory_urls(build):
    site = build({"mkdocs.yml": MKDOCS + "use_directory_urls: false\n"})
    assert broken_links(site) == []


def test_no_id_stands_twice_on_a_page(sample_site: Path):
    for page in sample_site.rglob("*.html"):
        ids = read_links(page).ids
        assert len(ids) == len(set(ids)), page


def test_the_procedure_reads_as_a_document(sample_site: Path):
    page = (sample_site / PROCESS).read_text("utf-8")
    assert '<h3 id="send"' in page
    assert '<div class="admonition warning">' in page
    assert "tabbed-set" in page and "highlight" in page
    assert '<td style="text-align: right;">2</td>' in page
    assert '<span class="hr-slot" title="filled in by each run">customer</span>' in page
    assert "within 2 working days" in page and "plan == &#x27;pro&#x27;" in page


def test_links_beside_a_process_lead_to_pages_and_pictures(sample_site: Path):
    page = (sample_site / PROCESS).read_text("utf-8")
    assert 'href="discounts/"' in page
    assert 'href="../release/#cut"' in page
    assert 'src="flow.png"' in page
    assert (sample_site / "processes/customer-onboarding/flow.png").is_file()


def test_a_run_shows_who_did_what_and_what_is_on(sample_site: Path):
    page = (sample_site / RUN).read_text("utf-8")
    assert "Ana Reyes" in page and "sent by mail" in page
    assert 'href="https://example.org/signed.pdf"' in page
    assert "handrail check customer-onboarding/2026-11-16-ada us" in page
    edit = "https://github.com/team/shop/edit/main/processes/customer-onboarding/runs/2026-11-16-ada.md"
    assert edit in page
    assert "Never last year" in page, "the instruction is folded in"


def test_the_edit_button_leads_to_the_source(sample_site: Path):
    page = (sample_site / PROCESS).read_text("utf-8")
    source = "https://github.com/team/shop/edit/main/processes/customer-onboarding/README.md"
    assert re.search(rf'href="{re.escape(source)}"[^>]*rel="edit"', page)


def test_a_project_shows_its_timeline_twice(sample_site: Path):
    page = (sample_site / "projects/spring/index.html").read_text("utf-8")
    assert 'class="hr-gantt__bars"' in page and 'marker-end="url(#hr-tip' in page
    assert "The same as a table" in page
    assert "The venue cancels" in page and "2,400 EUR" in page
    assert page.count("The venue is <strong>late</strong>") == 1


def test_the_dashboard_stands_where_the_marker_stands(sample_site: Path):
    page = (sample_site / "index.html").read_text("utf-8")
    assert page.index("How we work") < page.index("hr-dashboard") < page.index("The end.")
    assert "Ada Lovelace" in page


def test_a_home_page_without_the_marker_gets_the_dashboard_at_its_end(build):
    page = (build({"docs/index.md": "# Home\n\nOnly words.\n"}) / "index.html").read_text("utf-8")
    assert page.index("Only words.") < page.index("hr-dashboard")


def test_a_workspace_without_a_home_page_gets_one(build):
    site = build(files={"mkdocs.yml": MKDOCS, "docs/guide.md": "# Guide\n"})
    assert "hr-dashboard" in (site / "index.html").read_text("utf-8")
    assert broken_links(site) == []


def test_processes_are_in_the_navigation_and_runs_are_not(sample_site: Path):
    page = (sample_site / "people/index.html").read_text("utf-8")
    nav = page[page.index("md-sidebar--primary") : page.index("<article")]
    assert "Customer onboarding" in nav and "New hire" in nav and "Spring campaign" in nav
    assert "Ada Lovelace" not in nav


def test_the_search_knows_each_step_and_each_run_once(sample_site: Path):
    found = json.loads((sample_site / "search/search_index.json").read_text("utf-8"))["docs"]
    places = [entry["location"] for entry in found]
    assert "processes/customer-onboarding/#signed" in places
    assert sum("runs/2026-11-16-ada" in place for place in places) == 1
    procedure = [entry for entry in found if entry["location"].startswith("processes/customer-onboarding/#")]
    assert not any("Ada Lovelace" in entry["text"] for entry in procedure), "runs have entries of their own"


def test_the_same_input_gives_the_same_bytes(build, sample_site: Path):
    again = build()
    for page in sample_site.rglob("*.html"):
        if page.name != "404.html":
            assert page.read_bytes() == (again / page.relative_to(sample_site)).read_bytes(), page


def test_an_error_in_a_file_stops_a_strict_build_and_says_where(tmp_path: Path, plugin_path: str):
    broken = {**SAMPLE, "processes/release/README.md": "---\ntitle: R\n---\n\n- [ ] Cut it {#cut deu=2d}\n"}
    root = write_workspace(tmp_path / "workspace", broken)
    done = run_mkdocs(root, tmp_path / "site", plugin_path)
    assert done.returncode == 1
    assert "processes/release/README.md:5:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["processes/index.html", "index.html", "stalled/index.html"])
def test_an_empty_workspace_has_a_site_too(build, name: str):
    site = build(files={"mkdocs.yml": MKDOCS, "docs/index.md": "# Home\n"})
    assert (site / name).is_file()
    assert broken_links(site) == []


def test_another_theme_is_refused_in_words(plugin_path: str, tmp_path: Path):
    root = write_workspace(
        tmp_path / "team", {**SAMPLE, "mkdocs.yml": "site_name: Ours\nplugins: [search, handrail]\n"}
    )
    done = run_mkdocs(root, tmp_path / "out", plugin_path)
    assert done.returncode
    assert "write `theme: material` in mkdocs.yml" in done.stderr
    assert "Traceback" not in done.stderr
