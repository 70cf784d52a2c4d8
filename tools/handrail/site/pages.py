"""The whole site as values: from the overview to pages."""

from __future__ import annotations

from collections.abc import Mapping

from handrail.base.value import dataclass
from handrail.reports.results import Overview
from handrail.site.again import RunPages
from handrail.site.archive import archive_pages
from handrail.site.beside import Extra, beside
from handrail.site.context import Options, Render, Site
from handrail.site.home import dashboard, home_page
from handrail.site.kinds import kinds_page
from handrail.site.log import activity_page
from handrail.site.markup import EMPTY, Html, tag, text
from handrail.site.page import Page
from handrail.site.paths import HOME, PROCESSES, PROJECTS
from handrail.site.people import people_pages
from handrail.site.processes import process_pages
from handrail.site.projects import project_pages
from handrail.site.runs import run_pages
from handrail.site.when import calendar_page


@dataclass(frozen=True, slots=True)
class Made:
    """A site: its pages, the files that they show, and `extras`: what it hands out beside its pages.

    `dashboard` is for a home page of the workspace's own.
    """

    pages: tuple[Page, ...]
    dashboard: Html
    files: tuple[str, ...]
    extras: tuple[Extra, ...] = ()


def pages(
    overview: Overview,
    render: Render,
    options: Options = Options(),  # noqa: B008  a frozen value
    companions: Mapping[str, tuple[str, str]] | None = None,
    last: RunPages | None = None,
) -> Made:
    """Give every page of the site.

    `render` turns Markdown into HTML. `companions` are the Markdown files beside processes and projects: their path,
    and their title and text. `last` has the last build's pages of runs, which saves making them again. Neither reads
    files nor the clock: the same input gives the same pages.
    """
    site = Site(overview, render, options)
    made = (
        *process_pages(site),
        *(_companion(site, path, title, markdown) for path, (title, markdown) in (companions or {}).items()),
        *run_pages(site, last),
        *archive_pages(site),
        *project_pages(site),
        *people_pages(site),
        calendar_page(site),
        activity_page(site),
        kinds_page(site),
    )
    whole = made if options.own_home else (home_page(site), *made)
    board = dashboard(site, HOME) if options.own_home else EMPTY
    return Made(whole, board, tuple(sorted(site.used)), beside(site))


def _companion(site: Site, path: str, title: str, markdown: str) -> Page:
    src = site.sources[path]
    view = site.at(src, path)
    body = view.body(markdown, "text")
    first = text([] if "<h1" in body else [tag("h1", title)])
    parent = PROCESSES if path.startswith("processes/") else PROJECTS
    return Page(src, title, text([first, body]), path, in_nav=False, kind="companion", parent=parent)
