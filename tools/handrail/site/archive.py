"""Runs that ended long ago: they have no page of their own any more, and are listed below their process."""

from __future__ import annotations

from itertools import groupby

from handrail.base.words import count
from handrail.model.state import RunState
from handrail.site.context import Site, View, ended
from handrail.site.markup import EMPTY, Html, div, link, span, tag, text
from handrail.site.page import Page
from handrail.site.parts import STATE_WORDS, moment
from handrail.site.paths import archive_src, process_src


def archive_pages(site: Site) -> tuple[Page, ...]:
    """Give the pages that list what has none; `site: archive_after:` says when that is."""
    found = []
    by_process = sorted(site.archived, key=lambda run: run.rpartition("/")[0])
    for process, runs in groupby(by_process, key=lambda run: site.overview.runs[run].run.process):
        ids = list(runs)
        numbers = sorted({site.archived[id] for id in ids}, key=len)
        found += [_page(site, process, ids, src, numbers) for src in numbers]
    return tuple(found)


def older_runs(view: View, process: str) -> Html:
    """Give the line that leads to a process's older runs, nothing where there are none."""
    number = sum(view.site.overview.runs[id].run.process == process for id in view.site.archived)
    if not number:
        return EMPTY
    return tag("p", link(view.to(archive_src(process)), f"{count(number, 'older run')}"), class_="hr-more")


def _page(site: Site, process: str, ids: list[str], src: str, pages: list[str]) -> Page:
    view = site.at(src)
    known = site.overview.workspace.processes.get(process)
    name = view.words(known.title) if known else process
    title = f"Older runs of {name}"
    states = [site.overview.runs[id] for id in ids if site.archived[id] == src]
    states.sort(key=ended, reverse=True)
    crumb = div("hr-crumb", link(view.to(process_src(process)), name), span("hr-crumb__kind", "Older runs"))
    lead = tag("p", "What ended long ago. Each stands in git as it was; ", tag("code", "handrail show"), " shows it.",
               class_="hr-lead")  # fmt: skip
    head = tag("tr", [tag("th", word, scope="col") for word in ("Run", "Result", "Started", "Ended", "By")])
    rows = [_row(view, state) for state in states]
    listed = tag("table", tag("caption", title, class_="hr-sr"), tag("thead", head), tag("tbody", rows),
                 class_="hr-table__table hr-sortable")  # fmt: skip
    body = text([crumb, tag("h1", title), lead, _others(view, src, pages), div("hr-table", listed)])
    return Page(src, title, body, description=title, search=title, in_nav=False, kind="archive",
                parent=process_src(process))  # fmt: skip


def _row(view: View, state: RunState) -> Html:
    run = state.run
    address = view.file_link(run.path)
    name = link(address, view.title(run.title)) if address else view.title(run.title)
    by = view.site.overview.workspace.config.person(run.by).shown if run.by else ""
    return tag(
        "tr",
        tag("th", name, scope="row", data_label="Run"),
        tag("td", STATE_WORDS.get(state.state, state.state), data_label="Result"),
        tag("td", moment(view, run.started), data_label="Started"),
        tag("td", moment(view, ended(state)), data_label="Ended"),
        tag("td", by, data_label="By"),
        id=run.id.rpartition("/")[2],
    )


def _others(view: View, src: str, pages: list[str]) -> Html:
    if len(pages) < 2:
        return EMPTY
    links = [
        tag("strong", str(number)) if page == src else link(view.to(page), str(number))
        for number, page in enumerate(pages, 1)
    ]
    return tag("nav", "Page ", [[one, " "] for one in links], aria_label="Pages of older runs", class_="hr-small")
