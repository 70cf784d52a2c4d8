"""What every page is made with: the overview, the words for times, the links, the rendering of Markdown."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from handrail.app.versions import Version
from handrail.base.value import dataclass
from handrail.base.words import one_line
from handrail.model.item import Item
from handrail.model.state import StepState, walk_states
from handrail.reports.activity import activity
from handrail.reports.agenda import Appointment, agenda
from handrail.reports.manage import Report, report
from handrail.reports.procedure_diff import ProcedureDifference, procedure_difference
from handrail.reports.results import Activity, Overview, Work
from handrail.reports.words import Clock, zone_of
from handrail.reports.work import works
from handrail.site.language import Language
from handrail.site.markup import EMPTY, Content, Html, link, span, text
from handrail.site.older import older_places
from handrail.site.paths import PEOPLE, Urls, person_src, process_src, project_src, run_src, tasks_src
from handrail.site.sanitise import inline, sanitise, words_of

Render = Callable[[str], str]
"""From Markdown to HTML, with the extensions that the site is configured with."""

_MARKED = re.compile(r"[`*_\[\]<>&\\!:~^=#|$+()\"'-]|\n|www\.|\d\.")
_SLOT = re.compile(r"\{\{\s*([^{}<>]{1,80}?)\s*\}\}")
_TAG = re.compile(r"(<[^>]*>)")
_ADDRESS = re.compile(r"(?:href|src)\s*=\s*(?![\"'][#])", re.IGNORECASE)
_OUTSIDE = re.compile(r"(?i)(https?://|mailto:)")
_HANDED_OUT = (".pdf", ".txt", ".csv", ".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods")
_EMBEDDED = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")


LATELY = timedelta(days=30)
TASK_PAGE = 80
"""How many tasks a project's page tells of in full; a longer one has pages for them."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the site's configuration says.

    `blob` and `edit` are the addresses on the git host below which a workspace's path shows or edits a file, empty
    where there is no host. `home` is the site's own address with a slash at its end, or empty. `pages` maps workspace
    paths of further Markdown files to their places in the site, `files` are the paths of all files beside processes
    and projects. `own_home`: the workspace has a home page. `versions` are the newest revisions of processes, `form`
    is the address of a form on the git host in which steps are checked off, empty where there is none. `language` is
    what the pages speak, as the theme names it. `rendering` says how Markdown is rendered, empty where more than its
    text may have a say.
    """

    urls: Urls = Urls()
    blob: str = ""
    edit: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    commit: str = ""
    own_home: bool = False
    home: str = ""
    versions: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    form: str = ""
    language: str = "en"
    rendering: str = ""


@dataclass(frozen=True)
class Site:
    """The workspace as it is to be shown. Remembers the files that its pages use (`used`) and texts of many pages.

    `asked` has what was asked of other files while pages were made, and the answers; `elsewhere` names people whom
    pages mention that are not made now.
    """

    overview: Overview
    render: Render
    options: Options = Options()
    used: set[str] = field(default_factory=set)
    asked: dict[tuple[str, str], str] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    bodies: dict[tuple[str, str], Html] = field(default_factory=dict)

    @cached_property
    def clock(self) -> Clock:
        """Times in the workspace's time zone, told in the site's language."""
        return self.language.clock(self.now, zone_of(self.overview.workspace.config.calendar.timezone))

    @cached_property
    def language(self) -> Language:
        """What the pages speak."""
        return Language(self.options.language)

    @property
    def now(self) -> datetime:
        """The moment that every page speaks of."""
        return self.overview.moment.now

    @cached_property
    def sources(self) -> dict[str, str]:
        """The place in the site of every workspace file that has a page."""
        workspace = self.overview.workspace
        found = dict(self.options.pages)
        found |= {one.path: process_src(one.id) for one in workspace.processes.values()}
        found |= {one.path: run_src(one.id) for one in workspace.runs.values() if one.id not in self.archived}
        found |= {one.path: project_src(one.id) for one in workspace.projects.values()}
        return found

    def ask(self, kind: str, name: str) -> str:
        """Give what another file comes to, empty where there is none, and remember that it was asked.

        That is the place of the page made of it (`page`), or that tells of a run (`run`); `there` for a `file`.
        """
        if kind == "page":
            answer = self.sources.get(name) or self.sources.get(f"{name}/README.md") or ""
        elif kind == "file":
            answer = "there" if name in self.options.files else ""
        else:
            answer = "#".join(self.place("run", name)) if name in self.overview.workspace.runs else ""
        self.asked[kind, name] = answer
        return answer

    @cached_property
    def avatars(self) -> dict[str, Html]:
        """The discs of people that were shown already, by key."""
        return {}

    def shown_people(self, view: View, how: str) -> dict[str, Html]:
        """Give what keeps links to people, which are the same on all pages from which people's own are as far away."""
        if view.src.startswith("people/"):
            return {}
        return self._shown_people.setdefault((view.to(PEOPLE), how), {})

    @cached_property
    def _shown_people(self) -> dict[tuple[str, str], dict[str, Html]]:
        return {}

    def at(self, src: str, path: str = "") -> View:
        """Give the view from the page at `src`, whose Markdown stands in the workspace's file `path`."""
        return View(self, src, path)

    @cached_property
    def works(self) -> dict[str, Work]:
        """What everybody has who is listed or has an open step, in the order of keys."""
        return works(self.overview)

    @cached_property
    def lately(self) -> tuple[Activity, ...]:
        """What happened in the last thirty days, newest first."""
        return activity(self.overview.workspace, since=self.now - LATELY)

    @cached_property
    def agenda(self) -> tuple[Appointment, ...]:
        """Everything that is to be done by a date, in the order of days."""
        return agenda(self.overview)

    @cached_property
    def reports(self) -> dict[str, Report]:
        """The manager's view of every project, by id."""
        found = {id: report(self.overview, id) for id in self.overview.projects}
        return {id: one for id, one in found.items() if one is not None}

    @cached_property
    def archived(self) -> dict[str, str]:
        """The runs that have no page any more, each with the place of the page that lists it, the newest first."""
        return older_places(self.overview)

    def place(self, kind: str, id: str, anchor: str = "") -> tuple[str, str]:
        """Give the page that shows a run, project or item, and the anchor there; for an older run, its line."""
        if kind != "run":
            return self._task_places.get((id, anchor), project_src(id)), anchor
        listed = self.archived.get(id)
        return (listed, id.rpartition("/")[2]) if listed else (run_src(id), anchor)

    @cached_property
    def task_pages(self) -> dict[str, tuple[tuple[StepState, ...], ...]]:
        """The tasks of long projects, in parts that each fill a page of their own."""
        found = {id: _parts(state.steps) for id, state in self.overview.projects.items()}
        return {id: parts for id, parts in found.items() if len(parts) > 1}

    @cached_property
    def _task_places(self) -> dict[tuple[str, str], str]:
        return {
            (id, step.id): tasks_src(id, number)
            for id, parts in self.task_pages.items()
            for number, part in enumerate(parts, 1)
            for step in walk_states(part)
        }

    @cached_property
    def _differences(self) -> dict[tuple[str, str], ProcedureDifference]:
        return {}

    def difference(self, revision: str, process: str) -> ProcedureDifference | None:
        """Give what is other in today's procedure than in a revision that runs follow; None where one is not known."""
        workspace = self.overview.workspace
        was, now = workspace.pinned.get(revision), workspace.processes.get(process)
        if was is None or now is None:
            return None
        known = self._differences.get((revision, process))
        if known is None:
            known = self._differences[revision, process] = procedure_difference(was, now)
        return known

    def works_on(self, day: date, calendar: str = "") -> bool:
        """Tell whether the workspace works on a day, by its calendar or by a process's own."""
        known = self._days.get((calendar, day))
        if known is None:
            time = self.overview.moment.time_for(calendar)
            known = self._days[calendar, day] = time.local_date(time.start_of(day)) == day
        return known

    def day_words(self, instant: datetime) -> str:
        """Give the day of an instant with its weekday; all instants of a day are told alike."""
        day = self.clock.local(instant).date()
        known = self._day_words.get(day)
        if known is None:
            known = self._day_words[day] = self.clock.day(instant)
        return known

    @cached_property
    def _day_words(self) -> dict[date, str]:
        return {}

    @cached_property
    def _days(self) -> dict[tuple[str, date], bool]:
        return {}

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {}

    def rendered_title(self, title: str) -> str:
        """Render a title; a title that nothing marks up is only escaped."""
        known = self._titles.get(title)
        if known is None:
            line = one_line(title)
            known = self._title(line) if _MARKED.search(line) else text(line)
            self._titles[title] = known
        return known

    def _title(self, line: str) -> str:
        html = self.render(line.lstrip("#>|") if line[:1] in "#>|" else line).strip()
        if html.startswith("<p>") and html.count("<p>") == 1 and html.endswith("</p>"):
            return html[3:-4]
        return text(line)


@dataclass(frozen=True)
class View:
    """The site as seen from one page: its links are relative to that page."""

    site: Site
    src: str
    path: str = ""

    def say(self, message: str, **values: Any) -> str:
        """Give a sentence of ours in the site's language, its named places filled."""
        return self.site.language.say(message, **values)

    def many(self, number: float, single: str, message: str, **values: Any) -> str:
        """Give a sentence with the number `n`, in the form that it asks for."""
        return self.site.language.many(number, single, message, **values)

    def count(self, number: int, noun: str, plural: str = "") -> str:
        """Give "1 step", "3 steps"."""
        return self.site.language.count(number, noun, plural)

    def told(self, message: str, **values: Content) -> Html:
        """Give a sentence of ours with markup in its named places."""
        return self.site.language.told(message, **values)

    def said(self, words: str) -> str:
        """Give words of a report in the site's language."""
        return self.site.language.said(words)

    def number(self, value: float, spec: str = "") -> str:
        """Give a number as the site's language writes it; `spec` is Python's: `,.0f`, `.0%`."""
        return self.site.language.number(value, spec)

    def date(self, day: date, pattern: str) -> str:
        """Give a date as the site's language writes it, by the name of a pattern."""
        return self.site.language.date(day, pattern)

    def to(self, src: str, anchor: str = "") -> str:
        """Give the address of another page."""
        return self.site.options.urls.relative(self.src, src, anchor)

    def title(self, item: Item | str) -> Html:
        """Give a title as inline markup without links, for a place that is or may become one."""
        return self._slots(inline(self.site.rendered_title(item if isinstance(item, str) else item.title)))

    def linked_title(self, item: Item) -> Html:
        """Give a title as inline markup with its own links."""
        html = self.site.rendered_title(item.title)
        return self._slots(sanitise(html, prefix=f"{item.id}--", resolve=self.resolve) if "<" in html else Html(html))

    def words(self, title: str) -> str:
        """Give a title as plain words."""
        html = self.site.rendered_title(title)
        return words_of(html) if "<" in html or "&" in html else html

    def body(self, markdown: str, prefix: str, path: str = "") -> Html:
        """Give Markdown as clean markup, its ids prefixed, its links made to work from this page."""
        if not markdown.strip():
            return EMPTY
        known = self.site.bodies.get((markdown, prefix))
        if known is not None:
            return known
        html = self.site.render(markdown)
        resolve = View(self.site, self.src, path).resolve if path else self.resolve
        clean = self._slots(sanitise(html, prefix=f"{prefix}--", resolve=resolve))
        if not _ADDRESS.search(html):  # nothing in it depends on the page that it stands on
            self.site.bodies[markdown, prefix] = clean
        return clean

    def _slots(self, html: Html) -> Html:
        return _slots(html, self.say("filled in by each run")) if "{{" in html else html

    def person(self, key: str, *content: str | Html) -> Html:
        """Give a link to a person's page with their name; an agent is called one."""
        if content:
            return self._person(key, *content)
        known = self._people.get(key)
        if known is None:
            known = self._people[key] = self._person(key)
        return known

    @cached_property
    def _people(self) -> dict[str, Html]:
        return self.site.shown_people(self, "name")

    @cached_property
    def faces(self) -> dict[str, Html]:
        """The people that were shown with their discs on pages from which their own are as far away."""
        return self.site.shown_people(self, "face")

    def _person(self, key: str, *content: str | Html) -> Html:
        config = self.site.overview.workspace.config
        shown = content or (config.person(key).shown,)
        if key in config.teams:
            return text(shown)
        name = link(self.to(person_src(key)), *shown, class_="hr-person__name")
        return (
            text([name, span("hr-quiet", f" {self.say('(agent)')}")])
            if config.person(key).agent and not content
            else name
        )

    def holder(self, kind: str, id: str, title: str, anchor: str = "") -> Html:
        """Give a link to a run or project, or to an item of it."""
        return link(self.to(*self.site.place(kind, id, anchor)), self.title(title))

    def run(self, id: str, *content: str | Html) -> Html:
        """Give a link to a run, or to its line among older runs."""
        return link(self.to(*self.site.place("run", id)), *content)

    def edit_link(self, path: str) -> str:
        """Give the address where the git host edits a file, empty where there is no host."""
        return self.site.options.edit + quote(path) if self.site.options.edit and path else ""

    def file_link(self, path: str) -> str:
        """Give the address of a file of the repository: on the git host, else the site's own copy; empty for neither.

        Where there is a git host, it decides who may see what came as evidence. Types that a browser would run as
        part of the site are not copied.
        """
        options = self.site.options
        if path.startswith(("/", ".")):
            return ""
        if options.blob:
            return options.blob + quote(path)
        if not path.lower().endswith((*_EMBEDDED, *_HANDED_OUT)) or not self.site.ask("file", path):
            return ""
        self.site.used.add(path)
        return options.urls.relative(self.src, path)

    def resolve(self, name: str, value: str) -> str | None:
        """Give the address to use for one that stands in the page's Markdown, None where it must not be used."""
        value = value.strip()
        if _OUTSIDE.match(value):
            return value if name == "href" or value.lower().startswith("https:") else None
        if value.startswith("#"):
            return value if name == "href" else None
        try:
            parts = urlsplit(value)
        except ValueError:
            return None
        if parts.scheme or parts.netloc or value.startswith("/") or not parts.path:
            return None
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), unquote(parts.path)))
        return self._inside(name, target, parts.fragment)

    def _inside(self, name: str, target: str, anchor: str) -> str | None:
        options = self.site.options
        page = self.site.ask("page", target)
        if page and name == "href":
            return self.to(page, anchor)
        if target.lower().endswith(_EMBEDDED) and self.site.ask("file", target):
            self.site.used.add(target)
            return options.urls.relative(self.src, target)
        if name == "href" and options.blob and not target.startswith(".."):
            return options.blob + quote(target) + (f"#{quote(anchor)}" if anchor else "")
        return None


def _parts(steps: tuple[StepState, ...]) -> tuple[tuple[StepState, ...], ...]:
    """Give steps in parts of at most TASK_PAGE tasks, cut between stages where that is possible."""
    found: list[list[StepState]] = [[]]
    sizes = [0]
    for _, group in groupby(steps, key=lambda step: step.item.stage):
        stage = tuple(group)
        whole = sum(1 for _ in walk_states(stage))
        if sizes[-1] and sizes[-1] + whole > TASK_PAGE:
            found.append([])
            sizes.append(0)
        for step in stage:
            size = sum(1 for _ in walk_states((step,)))
            if sizes[-1] and sizes[-1] + size > TASK_PAGE:
                found.append([])
                sizes.append(0)
            found[-1].append(step)
            sizes[-1] += size
    return tuple(tuple(part) for part in found)


def named_fields(words: str) -> str:
    """Give plain words in which `{{ field }}` is called by its name alone, for where nothing can be marked."""
    return _SLOT.sub(r"\1", words)


def _slots(html: Html, told: str) -> Html:
    """Show `{{ field }}` in text as the blank that a run fills in; what stands inside tags is left alone."""
    pieces = _TAG.split(html)
    shown = [piece if piece[:1] == "<" else _SLOT.sub(lambda slot: _blank(slot[1], told), piece) for piece in pieces]
    return Html("".join(shown))


def _blank(name: str, told: str) -> str:
    return span("hr-slot", Html(name), title=told)
