"""`site: archive_after:`: runs that ended long ago have no page of their own, and are never gone."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from site_made import CONFIG, MKDOCS, RUN

OLD = """\
---
run: release/2025-03-01-v1
process: release
title: Version <1>
started: 2025-03-01T09:00:00Z
by: "@ana"
project: spring
---

- [x] Cut it {#cut}
  - 2025-03-02T09:00:00Z @ana done

- [x] Ship it {#ship}
  - 2025-03-03T09:00:00Z @ben done

## Log

- 2025-03-01T09:00:00Z @ana started
"""
PLACE = "processes/release/runs/2025-03-01-v1"
ADA = "processes/customer-onboarding/runs/2026-11-16-ada"


def archived(build: Any, after: str = "180d", **more: str):
    config = f"{CONFIG}site: {{archive_after: {after}}}\n"
    return build({"handrail.yml": config, f"{PLACE}.md": OLD, **more})


def test_an_old_run_is_listed_below_its_process_and_has_no_page(build: Any) -> None:
    site = archived(build)
    assert not (site / PLACE).exists()
    listed = (site / "processes/release/runs/index.html").read_text("utf-8")
    row = listed[listed.index('id="2025-03-01-v1"') :].split("</tr>")[0]
    assert "Version &lt;1&gt;" in row
    assert ">done<" in row
    assert "Ana Reyes" in row
    assert f'href="https://github.com/team/shop/blob/main/{PLACE}.md"' in row
    process = (site / "processes/release/index.html").read_text("utf-8")
    assert 'href="runs/">1 older run</a>' in process
    assert 'href="runs/#2025-03-01-v1"' in process, "the table of finished runs leads to the list"


def test_a_process_in_the_folder_of_another_counts_its_own_older_runs(build: Any) -> None:
    inner = "release/hotfix"
    run = OLD.replace("run: release/", f"run: {inner}/").replace("process: release", f"process: {inner}")
    more = {
        f"processes/{inner}/README.md": "---\ntitle: Hotfix\n---\n\n- [ ] Cut it {#cut}\n- [ ] Ship it {#ship}\n",
        f"processes/{inner}/runs/2025-03-01-v1.md": run,
    }
    site = archived(build, **more)
    for process in ("release", inner):
        assert ">1 older run</a>" in (site / f"processes/{process}/index.html").read_text("utf-8"), process


def test_what_is_active_or_ended_lately_keeps_its_page(build: Any) -> None:
    assert (archived(build) / ADA / "index.html").exists()
    assert (archived(build, "700d") / PLACE / "index.html").exists()


def many_old(number: int) -> dict[str, str]:
    """Give so many finished runs of the release, the first one finished last."""
    return {
        f"processes/release/runs/2025-03-01-v{one}.md": OLD.replace("-v1", f"-v{one}").replace(
            "2025-03-03T09:00", f"2025-03-03T{23 - one // 60:02}:{59 - one % 60:02}"
        )
        for one in range(number)
    }


def with_pages(site: Any) -> set[str]:
    return {page.parent.name for page in site.glob("processes/*/runs/*/index.html") if "page-" not in page.parent.name}


def test_only_the_newest_finished_runs_have_pages_where_there_are_very_many(build: Any) -> None:
    """But of each process the newest twenty: a yearly audit is not pushed out by what happens every day."""
    site = build({"handrail.yml": f"{CONFIG}site: {{finished_pages: 25}}\n", **many_old(40)})
    finished = {name for name in with_pages(site) if name.startswith("2025-03-01-v")}
    assert finished == {f"2025-03-01-v{one}" for one in range(25)}
    few = build({"handrail.yml": f"{CONFIG}site: {{finished_pages: 3}}\n", **many_old(40)})
    finished = {name for name in with_pages(few) if name.startswith("2025-03-01-v")}
    assert finished == {f"2025-03-01-v{one}" for one in range(20)}
    assert with_pages(few) - finished == {ADA.rpartition("/")[2]}, "what is active always has one"
    listed = (few / "processes/release/runs/index.html").read_text("utf-8")
    assert [f'id="2025-03-01-v{one}"' in listed for one in range(40)] == [one >= 20 for one in range(40)]


class Pages(http.server.SimpleHTTPRequestHandler):
    """Serves a site as hosts of pages do: what is not there is answered by its page for that."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(next(Path(self.directory).glob("site-*/404.html")).read_bytes())


@pytest.mark.parametrize("directory_urls", [True, False])
def test_the_old_address_of_a_run_leads_to_its_line(directory_urls: bool, build: Any, browser: Any) -> None:
    config = MKDOCS.replace("theme:", f"site_url: http://here/site-0/\nuse_directory_urls: {directory_urls}\ntheme:")
    site = build({"mkdocs.yml": config, "handrail.yml": f"{CONFIG}site: {{finished_pages: 0}}\n", **many_old(300)})
    handler = functools.partial(Pages, directory=str(site.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        end = "/" if directory_urls else ".html"
        listed = "" if directory_urls else "index.html"
        runs = f"http://127.0.0.1:{server.server_port}/site-0/processes/release/runs/"
        for name, place in (("2025-03-01-v20", listed), ("2025-03-01-v299", f"page-2/{listed}")):
            page.goto(f"{runs}{name}{end}")
            page.wait_for_url(f"{runs}{place or './'}#{name}".replace("/./", "/"), timeout=5000)
            assert page.locator(f"[id='{name}']").inner_text().startswith("Version")
        page.goto(f"{runs}2025-03-01-none{end}")
        page.wait_for_timeout(300)
        assert page.url == f"{runs}2025-03-01-none{end}"
        assert "404" in page.locator("h1").inner_text()
        page.close()
        server.shutdown()


def test_very_many_findings_are_cut_off_with_where_the_others_are_told(build: Any) -> None:
    going_on = OLD.replace("- [x] Ship it {#ship}\n  - 2025-03-03T09:00:00Z @ben done\n", "- [ ] Ship it {#ship}\n")
    late = {
        f"processes/release/runs/2025-03-01-v{one}.md": going_on.replace("-v1", f"-v{one}").replace("<1>", str(one))
        for one in range(130)
    }
    page = (build(late) / "stalled/index.html").read_text("utf-8")
    assert page.count("hr-list__row--late") == 100
    said = re.search(r"(\d+) more: <code>handrail stalled --all</code> lists all of them", page)
    findings = re.search(r"(\d+)</\w+>\s*<\w+[^>]*>findings", page)
    assert said and findings
    assert int(said[1]) == int(findings[1]) - 100


def test_a_thousand_finished_runs_have_pages_by_default_and_all_when_asked(build: Any) -> None:
    from handrail.app.load import load_config

    root = build({}).parent
    assert load_config(root).finished_pages == 1000
    (root / "handrail.yml").write_text(f"{CONFIG}site: {{finished_pages: all}}\n", encoding="utf-8")
    assert load_config(root).finished_pages is None


def test_without_the_setting_every_run_has_its_page(build: Any) -> None:
    site = build({f"{PLACE}.md": OLD})
    assert (site / PLACE / "index.html").exists()
    assert not (site / "processes/release/runs/index.html").exists()


def test_no_link_leads_to_a_page_that_is_not_there(build: Any) -> None:
    from test_site_build import broken_links

    naming = RUN.replace("fields: {customer", "parent: release/2025-03-01-v1#ship\nfields: {customer")
    site = archived(build, **{f"{ADA}.md": naming})
    assert broken_links(site) == []


def test_a_long_list_is_cut_into_pages_that_stay_small(build: Any) -> None:
    many = {
        f"processes/release/runs/2025-03-01-v{number}.md": OLD.replace("-v1", f"-v{number}").replace("<1>", str(number))
        for number in range(700)
    }
    site = archived(build, **many)
    pages = sorted(site.glob("processes/release/runs/**/index.html"))
    assert [page.parent.name for page in pages] == ["runs", "page-2", "page-3"]
    for page in pages:
        numbers = page.read_text("utf-8").split('aria-label="Pages of older runs"')[1].split("</nav>")[0]
        order = [numbers.index(f">{number}<") for number in (1, 2, 3)]
        assert order == sorted(order)
        at = numbers.split("<strong>")[1][0]
        assert at == {"runs": "1", "page-2": "2", "page-3": "3"}[page.parent.name]
    empty = (site / "404.html").stat().st_size
    assert max(page.stat().st_size for page in pages) - empty < 150_000
