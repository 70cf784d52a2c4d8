"""The whole site as values: from the overview to pages."""

from __future__ import annotations

from collections.abc import Mapping

from handrail.app.settled import Settled
from handrail.base.value import dataclass
from handrail.model.state import RunState
from handrail.reports.process_history import pasts
from handrail.reports.results import Overview
from handrail.site.again import RunPages
from handrail.site.archive import archive_pages, older_places
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
from handrail.site.runs import run_outlines, run_page
from handrail.site.settled import SettledPages, live_runs
from handrail.site.together import WORTH_PROCESSES, at_once
from handrail.site.when import calendar_page


@dataclass(frozen=True, slots=True)
class Made:
    """A site: its pages, and `extras`: what it hands out beside its pages.

    The pages of runs are outlines, without content: there may be very many, and `whole` makes each when it is wanted.
    `dashboard` is for a home page of the workspace's own.
    """

    pages: tuple[Page, ...]
    dashboard: Html
    site: Site
    runs: Mapping[str, RunState]
    last: RunPages | None = None
    settled: SettledPages | None = None
    extras: tuple[Extra, ...] = ()

    def whole(self, page: Page) -> Page:
        """Give one of `pages` with its content."""
        state = self.runs.get(page.src)
        if state is None:
            return page
        if self.settled and page.source in self.settled:
            return self.settled.whole(page)
        return self.last.get(self.site, state, run_page) if self.last else run_page(self.site, state)

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the pages made so far show: those of a run's page only once it is whole."""
        return tuple(sorted(self.site.used))


def pages(
    overview: Overview,
    render: Render,
    options: Options = Options(),  # noqa: B008  a frozen value
    companions: Mapping[str, tuple[str, str]] | None = None,
    last: RunPages | None = None,
    settled: Settled | None = None,
) -> Made:
    """Give every page of the site.

    `render` turns Markdown into HTML. `companions` are the Markdown files beside processes and projects: their path,
    and their title and text. `last` has the last build's pages of runs, which saves making them again, `settled` the
    runs that are long over, whose pages are kept. The same input gives the same pages.
    """
    site = Site(overview, render, options)
    runs = run_outlines(site)
    if last:
        last.begin(site)
    kept = None
    if settled:
        live = {} if last else live_runs(site, settled)
        kept = SettledPages(site, settled, run_page, live)
        sources = (page.source for page, _ in runs.values())
        kept.bring_up_to_date([path for path in sources if path in settled.heads or path in live])

    def processes() -> tuple[tuple[Page, ...], set[str]]:
        if settled:
            settled.kept.index.reopen()
        return process_pages(site, pasts(overview)), site.used

    def others() -> tuple[tuple[Page, ...], tuple[Page, ...], tuple[Page, ...], tuple[Extra, ...]]:
        home = () if options.own_home else (home_page(site),)
        return home, _others(site), archive_pages(site), (*beside(site), *older_places(site))

    many = len(overview.runs) >= WORTH_PROCESSES
    (home, rest, older, extras), (procedures, used) = at_once(others, processes) if many else (others(), processes())
    site.used.update(used)
    beside_them = (_companion(site, path, *told) for path, told in (companions or {}).items())
    made = (*home, *procedures, *beside_them, *(page for page, _ in runs.values()), *older, *rest)
    board = dashboard(site, HOME) if options.own_home else EMPTY
    states = {src: state for src, (_, state) in runs.items()}
    return Made(made, board, site, states, last, kept, extras)


def _others(site: Site) -> tuple[Page, ...]:
    return (*project_pages(site), *people_pages(site), calendar_page(site), activity_page(site), kinds_page(site))


def _companion(site: Site, path: str, title: str, markdown: str) -> Page:
    src = site.sources[path]
    view = site.at(src, path)
    body = view.body(markdown, "text")
    first = text([] if "<h1" in body else [tag("h1", title)])
    parent = PROCESSES if path.startswith("processes/") else PROJECTS
    return Page(src, title, text([first, body]), path, in_nav=False, kind="companion", parent=parent)
