"""What the site hands out beside its pages: data, calendars, feeds, badges, and each page as plain Markdown."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from urllib.parse import quote

from handrail.base.value import dataclass
from handrail.integrations.out_agenda import calendar_of, event_block
from handrail.integrations.out_atom import FeedEntry, atom
from handrail.model.state import RunState
from handrail.reports.activity import deed
from handrail.reports.agenda import Appointment
from handrail.reports.json_schemas import file_name, schemas
from handrail.reports.json_views import (
    list_view,
    log_view,
    mine_view,
    project_plan_view,
    show_process_view,
    show_project_view,
    stalled_view,
    status_view,
)
from handrail.reports.results import Activity
from handrail.reports.steps import agents_in
from handrail.site.badge import badge
from handrail.site.context import Site
from handrail.site.language import Language
from handrail.site.paths import person_src, process_src, project_src
from handrail.site.steps import deed_words
from handrail.text.plain import plain

FEED_ENTRIES = 60
_HORIZON = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Extra:
    """One file beside the pages: its place below the site's root, and its text."""

    path: str
    text: str


def beside(site: Site) -> tuple[Extra, ...]:
    """Give all files beside the pages. The same workspace and moment give the same texts."""
    return (*_data(site), *_calendars(site), *_feeds(site), *_badges(site))


def _data(site: Site) -> Iterator[Extra]:
    overview = site.overview
    now, agents = overview.moment.now, agents_in(overview.workspace.config)
    processes, projects = overview.workspace.processes, overview.projects
    answers = {
        "status": status_view(overview),
        "stalled": stalled_view(overview, overview.findings),
        "activity": log_view(now, site.lately, agents),
        "processes": list_view(overview, processes=processes.values()),
        "projects": list_view(overview, projects=projects.values()),
    }
    answers |= {f"processes/{id}": show_process_view(process, now) for id, process in processes.items()}
    answers |= {f"projects/{id}": show_project_view(overview, state) for id, state in projects.items()}
    answers |= {f"plans/{id}": project_plan_view(plan, now) for id, plan in overview.plans.items()}
    answers |= {_stem(person_src(key)): mine_view(overview, work) for key, work in site.works.items()}
    for name, answer in answers.items():
        yield Extra(f"api/{name}.json", _json(answer))
    for name, schema in schemas().items():
        yield Extra(f"api/schemas/{file_name(name)}", _json(schema))
    files = [
        {"path": f"{name}.json", "schema": answer["schema"], "described_by": f"schemas/{file_name(answer['schema'])}"}
        for name, answer in sorted(answers.items())
    ]
    yield Extra("api/index.json", _json({"at": answers["status"]["at"], "commit": site.options.commit, "files": files}))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _stem(src: str) -> str:
    """Give a page's place without `/index.md`."""
    return posixpath.dirname(src)


def _address(site: Site, src: str, anchor: str = "") -> str:
    """Give the whole address of a page, empty where the site does not know its own."""
    home = site.options.home
    return f"{home}{quote(site.options.urls.address(src))}{f'#{quote(anchor)}' if anchor else ''}" if home else ""


def _calendars(site: Site) -> Iterator[Extra]:
    config, workspace = site.overview.workspace.config, site.overview.workspace
    last = site.clock.local(site.now).date() + _HORIZON
    blocks = [
        (entry, event_block(entry, site.now, _address(site, *site.place(entry.kind, entry.holder, entry.item))))
        for entry in site.agenda
        if entry.day <= last
    ]

    yield _calendar("calendar.ics", config.title, blocks)
    names = {key: (key,) for key in site.works} | dict(config.teams)
    for key, members in names.items():
        mine = [(entry, block) for entry, block in blocks if not set(members).isdisjoint(entry.who)]
        yield _calendar(f"{_stem(person_src(key))}/calendar.ics", config.person(key).shown, mine)
    for id, process in workspace.processes.items():
        mine = [(entry, block) for entry, block in blocks if entry.process == id]
        yield _calendar(f"{_stem(process_src(id))}/calendar.ics", plain(process.title), mine)
    for id, project in workspace.projects.items():
        mine = [(entry, block) for entry, block in blocks if entry.kind == "project" and entry.holder == id]
        yield _calendar(f"{_stem(project_src(id))}/calendar.ics", plain(project.title), mine)


def _calendar(path: str, name: str, blocks: Iterable[tuple[Appointment, str]]) -> Extra:
    return Extra(path, calendar_of(name, (block for _, block in blocks)))


def _feeds(site: Site) -> Iterator[Extra]:
    workspace = site.overview.workspace
    yield _feed(site, "feed.xml", workspace.config.title, site.lately)
    found: dict[tuple[str, str], list[Activity]] = {}
    for entry in site.lately:
        found.setdefault((entry.kind, entry.within), []).append(entry)
    for id, process in workspace.processes.items():
        yield _feed(site, f"{_stem(process_src(id))}/feed.xml", plain(process.title), found.get(("run", id), []))
    for id, project in workspace.projects.items():
        yield _feed(site, f"{_stem(project_src(id))}/feed.xml", plain(project.title), found.get(("project", id), []))


def _feed(site: Site, path: str, title: str, entries: Sequence[Activity]) -> Extra:
    shown = [_feed_entry(site, entry) for entry in entries[:FEED_ENTRIES]]
    return Extra(path, atom(path, title, site.options.home, shown))


def _feed_entry(site: Site, entry: Activity) -> FeedEntry:
    who = site.overview.workspace.config.person(entry.who).shown
    what = plain(entry.title) if entry.item else ""
    where = plain(entry.holder_title)
    title = deed_words(
        site.language,
        deed(entry),
        who,
        site.language.say("{what} in {where}", what=what, where=where) if what else where,
    )
    id = "\0".join((entry.holder, entry.item, entry.verb, entry.who, entry.time.isoformat(), entry.note))
    page = _address(site, *site.place(entry.kind, entry.holder, entry.item))
    return FeedEntry(id, entry.time, title, who, page, entry.note)


def _badges(site: Site) -> Iterator[Extra]:
    overview = site.overview
    stalled = len(overview.findings)
    yield Extra("badges/stalled.svg", badge(site.language.say("stalled"), str(stalled), "bad" if stalled else "good"))
    active = [run for run in overview.runs.values() if run.state == "active"]
    yield Extra("badges/runs.svg", badge(site.language.say("active runs"), str(len(active)), "calm"))
    for id, process in overview.workspace.processes.items():
        yield Extra(
            f"badges/{_stem(process_src(id))}.svg", _process_badge(site.language, plain(process.title), active, id)
        )
    for id, state in overview.projects.items():
        share = round(state.progress.share * 100)
        late = overview.plans[id].finish if id in overview.plans else None
        target = state.project.target
        missed = bool(target and late and site.clock.local(late).date() > target and state.state == "active")
        colour = "warn" if missed else "good"
        yield Extra(f"badges/{_stem(project_src(id))}.svg", badge(plain(state.project.title), f"{share}%", colour))


def _process_badge(language: Language, title: str, active: list[RunState], id: str) -> str:
    mine = [run for run in active if run.run.process == id]
    late = sum(run.overdue for run in mine)
    words = language.say("{n} active, {late} late" if late else "{n} active", n=len(mine), late=late)
    return badge(title, words, "bad" if late else "good")
