"""`site: archive_after:`: runs that ended long ago have no page of their own, and are never gone."""

from __future__ import annotations

from typing import Any

from site_made import CONFIG, RUN

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


def test_what_is_active_or_ended_lately_keeps_its_page(build: Any) -> None:
    assert (archived(build) / ADA / "index.html").exists()
    assert (archived(build, "700d") / PLACE / "index.html").exists()


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
