"""Pages of runs: made once, kept in the git directory, and taken from there while they would come out the same.

Most runs of a workspace that has been at work for years are over. Nothing on such a page changes but how far away its
dates are, which is told by their years; so it is known until when a page holds, and what else it was made of. The page
of a run that goes on also tells of today, of how late it is, and of what can be done next.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from typing import Any

from handrail.app.kept import PARTS, program_text
from handrail.app.kept_entries import micros
from handrail.app.load import without_collecting
from handrail.app.settled import Settled, whole_run
from handrail.base.pack import packer, unpacker
from handrail.base.problem import Problem
from handrail.model.item import walk
from handrail.model.state import RunState, walk_states
from handrail.site.again import told_now
from handrail.site.context import Site
from handrail.site.markup import Html
from handrail.site.mentions import mentioned_in
from handrail.site.page import Entry, Page
from handrail.site.together import together
from handrail.store.kept_pages import KeptPage, KeptPages, digest

_LIBRARIES = ("markdown", "pymdown-extensions", "pygments", "nh3", "mkdocs-material")
_FAR = timedelta(days=182)
"""Dates further away than this are told with their years."""
_DAY = timedelta(days=1)
_AT_ONCE = 200

Make = Callable[[Site, RunState], Page]


class SettledPages:
    """The pages of the runs that are `settled`, and of those that are `live`; `make` makes one of them."""

    def __init__(self, site: Site, settled: Settled, make: Make, live: Mapping[str, RunState]) -> None:
        self._site = site
        self._settled = settled
        self._make = make
        self._live = live
        self._store = KeptPages(settled.kept.repository.keep, digest(site.options.language, site.options.urls))
        self._fresh: dict[str, bytes] = {}
        self._ahead: dict[str, bytes] = {}
        self._order: list[str] = []
        self._records: list[tuple[str, str]] = []
        self._contents: dict[str, str] = {}
        self.problems: tuple[Problem, ...] = ()

    def bring_up_to_date(self, paths: Sequence[str]) -> None:
        """Make what is not kept of the pages of runs at `paths`, keep it, and tell the site what all of them hold."""
        site, now = self._site, micros(self._site.now)
        used = set(site.used)
        shared, self._order = self._shared(), list(paths)
        keys = {path: self._key(shared, path) for path in paths}
        kept = self._store.about()
        about = {
            path: kept[path][2]
            for path in paths
            if path in kept and kept[path][:1] == (keys[path],) and now < kept[path][1] and self._holds(kept[path][2])
        }
        missing = [path for path in paths if path not in about]
        found: list[KeptPage] = []
        if missing:
            gc.freeze()  # what is there stays, and is not looked at again after each portion
            for part, records in together(missing, lambda part: (self._made(part, keys), self._records)):
                found += part
                self._settled.kept.index.keep("record", records)  # figures ask for most of them next
            gc.unfreeze()
        self._fresh = {one.path: one.value for one in found}
        about |= {one.path: one.about for one in found}
        gone = [path for path in kept if path not in keys]
        if found or len(gone) > len(keys):
            self._store.keep(found, gone if len(gone) > len(keys) else ())
        site.used.clear()
        site.used.update(used)
        problems: list[Problem] = []
        for path in paths:
            _, files, people, wrong, self._contents[path] = about[path]
            site.used.update(files)
            site.elsewhere.update(people)
            problems += map(_PROBLEM_FROM, wrong)
        self.problems = tuple(problems)

    def __contains__(self, path: object) -> bool:
        return path in self._contents

    def content(self, path: str) -> str:
        """Give what tells the content of a page from every other."""
        return self._contents[path]

    def whole(self, outline: Page) -> Page:
        """Give a page with its content."""
        path = outline.source
        value = self._fresh.get(path) or self._value(path)
        if value is None:  # taken away meanwhile
            value = self._made([path], {path: ""})[0].value
        body, toc = KeptPage.unpacked(value)
        return replace(outline, body=Html(body), toc=_entries(toc))

    def _value(self, path: str) -> bytes | None:
        """Give what is kept of one page; those that are likely to be asked for next are looked up with it."""
        if path not in self._ahead:
            at = self._order.index(path)
            self._ahead = self._store.values(self._order[at : at + _AT_ONCE])
        return self._ahead.pop(path, None)

    def _holds(self, about: list[Any]) -> bool:
        return all(self._site.ask(kind, name) == answer for kind, name, answer in about[0])

    def _made(self, paths: Sequence[str], keys: Mapping[str, str]) -> list[KeptPage]:
        found: list[KeptPage] = []
        for at in range(0, len(paths), _AT_ONCE):
            with without_collecting():
                found += [self._page(path, keys[path]) for path in paths[at : at + _AT_ONCE]]
            if len(paths) > _AT_ONCE:
                gc.collect()
        return found

    def _state(self, path: str) -> tuple[RunState, tuple[Problem, ...], Iterable[str]]:
        """Give a run, and what is wrong in it and whom it names, as far as the site does not know by itself."""
        site, settled = self._site, self._settled
        if path in self._live:
            return self._live[path], (), ()
        found = whole_run(
            settled.kept.repository, site.overview.workspace, site.overview.moment, path, settled.contents[path]
        )
        self._records += [found.record] if found.record[1] else []
        return found.state, found.problems, mentioned_in(found.state)

    def _page(self, path: str, key: str) -> KeptPage:
        site = self._site
        state, problems, people = self._state(path)
        site.used.clear()
        site.asked.clear()
        page = self._make(site, state)
        value = KeptPage.packed([page.body, _rows(page.toc)])
        about = [
            [[*asked, answer] for asked, answer in sorted(site.asked.items())],
            sorted(site.used),
            sorted(people),
            [_PROBLEM_TO(one) for one in problems],
            digest(value),
        ]
        return KeptPage(path, key, micros(holds_until(state, site)), about, value)

    def _shared(self) -> str:
        """Give what all of these pages depend on."""
        site = self._site
        options = replace(site.options, commit="", versions={}, pages={}, files=frozenset(), own_home=False)
        libraries = [version(name) for name in _LIBRARIES]
        return digest(
            program_text((*PARTS, "site", "integrations")), libraries, site.overview.workspace.config, options
        )

    def _key(self, shared: str, path: str) -> str:
        settled, live = self._settled, self._live.get(path)
        run = (live or settled.heads[path]).run
        pinned = run.revision in self._site.overview.workspace.pinned
        if live is None:
            return digest(shared, path, settled.contents[path], settled.procedures.get(run.process), pinned)
        now = (live.same_from, live.same_until, told_now(self._site, live))
        return digest(shared, path, settled.others[path], sorted(settled.procedures.items()), pinned, now)


def live_runs(site: Site, settled: Settled) -> dict[str, RunState]:
    """Give the runs by path that are not settled, but whose pages depend on nothing else than on those of settled ones.

    Runs of a project, of another run, or with runs of their own are none: what is told of them is told elsewhere, too.
    """
    runs = [state for state in site.overview.runs.values() if state.run.path in settled.others]
    parents = {state.run.parent_step[0] for state in site.overview.runs.values() if state.run.parent_step}
    return {
        state.run.path: state
        for state in runs
        if not (state.run.project or state.run.parent or state.run.id in parents)
    }


def holds_until(state: RunState, site: Site) -> datetime:
    """Give before when (UTC) a page of a run that is over comes out the same, if nothing else changes.

    Dates get or lose their years when they are half a year away, and with a new year.
    """
    today = site.clock.local(site.now).date()
    turns = [date(today.year + 1, 1, 1)]
    for day in {site.clock.local(instant).date() for instant in _instants(state)}:
        turns += [turn for turn in (day - _FAR, day + _FAR + _DAY) if turn > today]
    return datetime.combine(min(turns), time(), site.clock.zone).astimezone(UTC)


def _instants(state: RunState) -> Iterable[datetime]:
    run = state.run
    yield run.started
    found = [state.due, state.first_due, state.finished, state.last, *(event.time for event in run.log)]
    for item in walk(run.items):
        found += [event.time for event in item.events]
    for step in walk_states(state.steps):
        facts = step.facts
        found += [step.ready, step.due, step.first_due, step.wait_until]
        found += [facts.started, facts.done, facts.reopened, facts.first_done, facts.last]
    yield from (one for one in found if one is not None)


def _rows(entries: Iterable[Entry]) -> list[list[Any]]:
    return [[entry.anchor, entry.title, _rows(entry.children)] for entry in entries]


def _entries(rows: Iterable[list[Any]]) -> tuple[Entry, ...]:
    return tuple(Entry(anchor, title, _entries(children)) for anchor, title, children in rows)


_PROBLEM_TO = packer(Problem)
_PROBLEM_FROM = unpacker(Problem)
