"""Behaviour 25: the page of a procedure that is not to be followed says so, and leads to the one that is."""

from __future__ import annotations

from datetime import UTC, datetime

from handrail.app.moment import moment_of
from handrail.model.process import Process
from handrail.model.workspace import Workspace
from handrail.reports.overview import overview
from handrail.site.context import Site
from handrail.site.processes import process_pages


def page_of(name: str, **values: str) -> str:
    made = Process("old", "processes/old/README.md", "Old way", **values)  # type: ignore[arg-type]
    new = Process("hr/new", "processes/hr/new/README.md", "New way")
    workspace = Workspace(processes={"old": made, "hr/new": new})
    moment = moment_of(workspace.config, datetime(2026, 11, 23, 9, tzinfo=UTC))
    pages = process_pages(Site(overview(workspace, moment), lambda text: text), {})
    return next(page.body for page in pages if page.src == f"processes/{name}/index.md")


def test_25_a_retired_page_says_so_and_links_its_successor() -> None:
    page = page_of("old", status="retired", successor="hr/new")
    assert "This procedure is retired" in page
    assert '<a href="../hr/new/">New way</a>' in page


def test_25_a_successor_that_is_gone_is_no_broken_link() -> None:
    page = page_of("old", status="retired", successor="gone")
    assert "This procedure is retired" in page
    assert "What is followed now" not in page


def test_25_a_draft_says_so_and_what_is_in_effect_says_nothing() -> None:
    assert "This procedure is a draft" in page_of("old", status="draft")
    assert "This procedure is" not in page_of("old")
    assert "This procedure is" not in page_of("hr/new", status="retired")
