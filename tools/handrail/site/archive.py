"""Runs that ended long ago: they have no page of their own any more, and are listed below their process."""

from __future__ import annotations

import json
from collections.abc import Iterator

from handrail.model.state import RunState
from handrail.site.beside import Extra
from handrail.site.context import Site, View
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.older import ended
from handrail.site.page import Page
from handrail.site.parts import moment, state_word, table
from handrail.site.paths import archive_src, process_src


def archive_pages(site: Site) -> tuple[Page, ...]:
    """Give the pages that list what has none; `site: archive_after:` says when that is."""
    listed: dict[str, dict[str, list[RunState]]] = {}
    for id, src in site.archived.items():
        state = site.overview.runs[id]
        listed.setdefault(state.run.process, {}).setdefault(src, []).append(state)
    return tuple(
        _page(site, process, src, listed[process][src], tuple(listed[process]), sum(map(len, listed[process].values())))
        for process in sorted(listed)
        for src in listed[process]
    )


def older_places(site: Site) -> Iterator[Extra]:
    """Give for each process a file that says where its older runs are listed: their old addresses lead there by it."""
    found: dict[str, dict[str, str]] = {}
    lists: dict[str, str] = {}
    for id, src in site.archived.items():
        process, _, name = id.rpartition("/")
        if src not in lists:
            lists[src] = site.options.urls.relative(archive_src(process), src)
        found.setdefault(process, {})[name] = lists[src]
    for process in sorted(found):
        places = json.dumps(found[process], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        yield Extra(f"processes/{process}/runs/older.json", f"{places}\n")


def older_runs(view: View, process: str) -> Html:
    """Give the line that leads to a process's older runs, nothing where there are none."""
    number = sum(id.rpartition("/")[0] == process for id in view.site.archived)
    if not number:
        return EMPTY
    return tag("p", link(view.to(archive_src(process)), view.count(number, "older run")), class_="hr-more")


def _page(site: Site, process: str, src: str, states: list[RunState], pages: tuple[str, ...], number: int) -> Page:
    view = site.at(src)
    known = site.overview.workspace.processes.get(process)
    name = view.words(known.title) if known else process
    title = view.say("Older runs of {process}", process=name)
    crumb = div("hr-crumb", link(view.to(process_src(process)), name), span("hr-crumb__kind", view.say("Older runs")))
    show = tag("code", "handrail show")
    words = view.told("What ended long ago. Each stands in git as it was; {command} shows it.", command=show)
    lead = tag("p", words, class_="hr-lead")
    anchors = [state.run.id.rpartition("/")[2] for state in states]
    rows = [_row(view, state) for state in states]
    listed = table(
        view,
        title,
        ("Run", "Result", "Started", "Ended", "By"),
        rows,
        anchors=anchors,
    )
    total = tag("p", view.count(number, "older run"), class_="hr-small hr-quiet")
    body = text([crumb, tag("h1", title), lead, total, _others(view, src, pages), listed])
    return Page(
        src, title, body, description=title, search=title, in_nav=False, kind="archive", parent=process_src(process)
    )


def _row(view: View, state: RunState) -> tuple[Content, ...]:
    run = state.run
    address = view.file_link(run.path)
    return (
        link(address, view.title(run.title)) if address else view.title(run.title),
        state_word(view, state.state),
        moment(view, run.started),
        moment(view, ended(state)),
        view.site.overview.workspace.config.person(run.by).shown if run.by else "",
    )


def _others(view: View, src: str, pages: tuple[str, ...]) -> Html:
    if len(pages) < 2:
        return EMPTY
    links = [
        tag("strong", str(number)) if page == src else link(view.to(page), str(number))
        for number, page in enumerate(pages, 1)
    ]
    return tag(
        "nav",
        view.say("Page"),
        " ",
        [[one, " "] for one in links],
        aria_label=view.say("Pages of older runs"),
        class_="hr-small",
    )
