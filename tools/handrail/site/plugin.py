"""The MkDocs plugin: mounts the generated pages on whatever site the workspace configures."""

from __future__ import annotations

import gc
import os
import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment
from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents
from mkdocs.utils.templates import TemplateContext

from handrail.app.load import Readings, without_collecting
from handrail.base.errors import HandrailError
from handrail.base.problem import Problem
from handrail.base.words import count
from handrail.site.again import RunPages
from handrail.site.beside import Extra
from handrail.site.home import MARKER
from handrail.site.kept import Renderers, SearchEntries, Templates
from handrail.site.markup import EMPTY
from handrail.site.mount import AUTO, FULL, QUICK, Frames, RunFile, looks_at_pages, run_file, site_map, write_page
from handrail.site.nav import expand, mentioned
from handrail.site.older import GONE
from handrail.site.page import Entry, Page
from handrail.site.pages import Made
from handrail.site.paths import HOME, Urls
from handrail.site.policy import with_policy
from handrail.site.shell import shown_title
from handrail.site.together import together
from handrail.site.workspace import Source, below, edit_base, load, make, told_time, write_extras
from handrail.site.written import WrittenPages, clear
from handrail.store.index import BrokenIndexError

_UNLISTED = '<meta name="robots" content="noindex, nofollow">'
_THEME = Path(__file__).parent / "theme"
_MANY = 500
"""So many pages of runs are worth a word about how long they take."""
_WORKER = "assets/handrail/iframe-worker.js"
_STARS = ' data-md-component="source"'
log = get_plugin_logger("handrail")


class HandrailConfig(Config):  # type: ignore[no-untyped-call]
    """What `mkdocs.yml` may say under `handrail`.

    `workspace` is its folder where that is not the one of `mkdocs.yml`, `private` asks search engines not to list the
    site, `policy: false` leaves out the pages' content security policy. `run_pages: full` makes the pages of runs as
    MkDocs makes all others, `quick` never does, `auto` looks whether anything could tell the difference.
    """

    workspace = config_options.Type(str, default="")
    private = config_options.Type(bool, default=False)
    policy = config_options.Type(bool, default=True)
    run_pages = config_options.Choice((AUTO, FULL, QUICK), default=AUTO)


class HtmlPage(MkDocsPage):
    """A page that is HTML already. `made` is what the generator gave."""

    def __init__(self, made: Page, file: File, config: MkDocsConfig) -> None:
        super().__init__(shown_title(made), file, config)
        self.made = made

    @property
    def is_index(self) -> bool:
        """Tell whether the page stands for its section: a process does not stand for the folder that it is in."""
        return self.made.kind == "page"

    def read_source(self, config: MkDocsConfig) -> None:
        """Say what a page's front matter would say."""
        self.markdown = ""
        self.meta = {
            "title": escape(self.made.title),
            "description": escape(self.made.description),
            "template": "handrail/page.html",
        }
        self.meta["hide"] = (["navigation"] if self.made.kind in ("project", "calendar") else []) + (
            [] if self.made.toc else ["toc"]
        )
        if self.made.search:
            self.meta["search"] = {"exclude": True}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Take the content as it is."""
        self.content = str(self.made.body)
        self.toc = TableOfContents([_anchor(entry, 2) for entry in self.made.toc])
        self.present_anchor_ids = None


def _anchor(entry: Entry, level: int) -> AnchorLink:
    anchor = AnchorLink(escape(entry.title), entry.anchor, level)
    anchor.children = [_anchor(child, level + 1) for child in entry.children]
    return anchor


class HandrailPlugin(BasePlugin[HandrailConfig]):  # type: ignore[no-untyped-call]
    """Reads the workspace at the start of each build and adds its pages."""

    def __init__(self) -> None:
        super().__init__()
        self.served = self.dirty = False
        self.content: str | None = None
        self.written: WrittenPages | None = None
        self.templates, self.renderers = Templates(), Renderers()
        self.readings, self.run_pages, self.searched = Readings(), RunPages(), SearchEntries()

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Keep one instance over the rebuilds of `mkdocs serve`, which puts a script of its own into each page."""
        self.served, self.dirty = command == "serve", dirty

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add the templates and the style sheet, read the workspace, say what is wrong in it."""
        if not any(Path(folder, "partials", "language.html").is_file() for folder in config.theme.dirs):
            raise PluginError("Handrail's pages need Material for MkDocs: write `theme: material` in mkdocs.yml.")
        here = str(_THEME)
        if here not in config.theme.dirs:
            config.theme.dirs.append(here)
        config.extra_css.insert(0, "assets/handrail/handrail.css")
        config.extra_javascript.insert(0, "assets/handrail/handrail.js")
        _without_foreign_worker(config)
        gc.unfreeze()  # what a build before this one in the same process has left may go
        base = Path(config.config_file_path).parent if config.config_file_path else Path.cwd()
        self.root = (base / self.config.workspace).resolve()
        with self._staying():
            self.rendering = self._rendering(config)
            self.source: Source = load(self.root, _now(), self.readings, keep=bool(self.rendering))
        return config

    @contextmanager
    def _staying(self) -> Iterator[None]:
        """Tell Python that what is made now stays until the build ends: it need not look for rings in it, even then.

        What is wrong in it for all stops the build.
        """
        try:
            with without_collecting():
                yield
                if not self.served:
                    gc.freeze()
        except HandrailError as error:
            raise PluginError(f"{error.sentence} {error.hint}".strip()) from error

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Set aside what the last build wrote: MkDocs empties the folder next."""
        settled, site = self.source.settled, Path(config.site_dir)
        clear(site)
        self.written = None
        if settled and not (self.served or self.dirty):
            self.written = WrittenPages(settled.kept.repository.keep, site)
            self.written.set_aside()

    def on_build_error(self, *, error: Exception) -> None:
        """Leave nothing aside."""
        if self.written:
            clear(self.written.site)

    def _rendering(self, config: MkDocsConfig) -> str:
        """Give how Markdown is rendered, empty where pages cannot be kept, or are not to be."""
        if "HANDRAIL_NO_INDEX" in os.environ:
            return ""
        return Renderers.told(config.markdown_extensions, config.mdx_configs, escape_html=False)

    def _tell(self, more: tuple[Problem, ...]) -> None:
        """Say what is wrong in the workspace's files."""
        problems = (*self.source.problems, *more)
        errors = [problem for problem in problems if problem.level == "error"]
        for problem in errors:
            log.warning("%s: %s%s", problem.place, problem.message, f" ({problem.hint})" if problem.hint else "")
        if len(errors) < len(problems):
            log.info("%s in the files: `handrail lint` lists them", count(len(problems) - len(errors), "warning"))

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add a file for each page and for each picture that the pages show, and list them in the navigation."""
        docs = below(self.root, Path(config.docs_dir))
        edit = edit_base(config.repo_url or "", config.edit_uri or "", docs)
        pages = (
            {posixpath.join(docs, file.src_uri): file.src_uri for file in files.documentation_pages()} if docs else {}
        )
        urls = Urls(config.use_directory_urls)
        with self._staying():
            try:
                self.made = self._made(config, urls, edit, pages)
            except BrokenIndexError:
                self.source = load(self.root, self.source.overview.moment.now, self.readings)
                self.made = self._made(config, urls, edit, pages)
        self._tell(self.made.settled.problems if self.made.settled else ())
        self.files, self.mounted = files, partial(self._file, docs=docs, config=config)
        quick, named = self._quick(config), mentioned(config.nav)
        self.quick: list[tuple[Page, RunFile]] = []
        for page in self.made.pages:
            if files.get_file_from_path(page.src) is not None:
                continue
            if page.src in self.made.runs and quick and page.src not in named:
                self.quick.append((page, run_file(page, urls.address(page.src), config)))
                files.append(self.quick[-1][1])
            else:
                files.append(self.mounted(self.made.whole(page)))
        for path in self.made.files:
            if files.get_file_from_path(path) is None:
                files.append(File.generated(config, path, abs_src_path=str(self.root / path)))
        known = [file.src_uri for file in files.documentation_pages(inclusion=InclusionLevel.is_in_nav)]
        written = [name for name in known if not isinstance(_page_of(files, name), HtmlPage)]
        config.nav = expand(config.nav, written, self.made.pages, self.made.site.language)
        return files

    def _made(self, config: MkDocsConfig, urls: Urls, edit: str, pages: Mapping[str, str]) -> Made:
        escape_html = self.source.overview.workspace.config.escape_html
        render = self.renderers.get(config.markdown_extensions, config.mdx_configs, escape_html=escape_html)
        return make(
            self.source,
            render,
            urls=urls,
            edit=edit,
            pages=pages,
            last=self.run_pages if self.served else None,
            home=config.site_url or "",
            language=_language(config),
            rendering=self.rendering,
        )

    def _quick(self, config: MkDocsConfig) -> bool:
        """Tell whether pages of runs are put into frames."""
        if self.config.run_pages != AUTO:
            return bool(self.config.run_pages == QUICK)
        reason = looks_at_pages(config, _THEME)
        if reason and len(self.made.runs) > _MANY:
            log.info("%s may change single pages: those of runs are made one by one, see `run_pages`", reason)
        return not reason

    def _file(self, page: Page, *, docs: str, config: MkDocsConfig) -> File:
        inclusion = InclusionLevel.INCLUDED if page.in_nav else InclusionLevel.NOT_IN_NAV
        if page.source:
            path = str(self.root / page.source)
            file = File.generated(config, page.src, abs_src_path=path, inclusion=inclusion)
            file.edit_uri = posixpath.relpath(page.source, docs or ".")
        else:
            file = File.generated(config, page.src, content="", inclusion=inclusion)
        HtmlPage(page, file, config)
        return file

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Keep compiled templates and search entries over the rebuilds of `mkdocs serve`."""
        env.bytecode_cache, self.env = self.templates, env
        self.searched.begin(repr(dict(getattr(_search(config), "config", {}))))
        return env

    @event_priority(-50)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Let pages that are not in the navigation light up the section that they belong to."""
        for file in files.documentation_pages():
            page = file.page
            if isinstance(page, HtmlPage) and page.made.parent and page.parent is None:
                self._place(page)
        self.nav = nav
        return nav

    def _place(self, page: HtmlPage) -> None:
        above = _page_of(self.files, page.made.parent)
        page.parent = above.parent if above else None

    def _mount(self, made: Page) -> MkDocsPage:
        page = self.mounted(made).page
        if isinstance(page, HtmlPage):
            self._place(page)
        return cast("MkDocsPage", page)

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Have the site map list the pages of runs."""
        if template_name == "sitemap.xml" and self.quick:
            context["pages"] = site_map(self.files, context["pages"], config)
        return context

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Put the dashboard where the marker stands; at the end of a home page without one."""
        if isinstance(page, HtmlPage):
            return html
        if page.file.src_uri == HOME:
            page.meta.setdefault("hide", ["toc"])
        if MARKER in html:
            return html.replace(MARKER, self.made.dashboard if page.file.src_uri == HOME else EMPTY)
        return html + self.made.dashboard if page.file.src_uri == HOME else html

    @event_priority(-50)
    def _context(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give pages of runs a navigation of top-level entries only: the whole of it would cost more than the page."""
        run = isinstance(page, HtmlPage) and page.made.kind == "run"
        short = [
            {"title": item.title, "url": url} for item in nav.items if run and (url := _first_url(item)) is not None
        ]
        cast("dict[str, Any]", context).update(handrail_full_nav=not run, handrail_short_nav=short)
        if isinstance(page, HtmlPage) and (entries := _entries(config)) is not None:
            self.searched.after(page.made, cast("dict[str, Any]", page.meta), entries)
            page.content = self.content
        return context

    @event_priority(50)
    def _before_search(
        self, context: TemplateContext, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        if isinstance(page, HtmlPage) and (entries := _entries(config)) is not None:
            self.searched.before(page.made, page.content or "", cast("dict[str, Any]", page.meta), entries)
            self.content, page.content = page.content, str(page.made.searched) or page.content
        return context

    on_page_context = CombinedEvent(_before_search, _context)

    def on_post_page(self, output: str, *, page: MkDocsPage, config: MkDocsConfig) -> str:
        """Keep the theme from asking the git host how many stars there are: nothing is loaded from elsewhere.

        Pages that are made of the workspace's files say what may run in them; a private site asks not to be listed.
        """
        html = output.replace(_STARS, "")
        if self.config.private:
            html = html.replace("</head>", f"{_UNLISTED}</head>", 1)
        held = isinstance(page, HtmlPage) and self.config.policy and not self.served
        return with_policy(html, page.content or "") if held else html

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        """Keep the theme's own templates from it, too. What is not there may be the page of an older run."""
        html = output_content.replace(_STARS, "")
        return html.replace("</head>", f"{GONE}</head>", 1) if template_name == "404.html" else html

    @event_priority(50)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Write the pages of runs, and give each one small search entry before the search plugin writes its index."""
        with self._staying():
            self._write_runs(config)
        asked = [Extra("robots.txt", "User-agent: *\nDisallow: /\n")] if self.config.private else []
        write_extras(Path(config.site_dir), (*self.made.extras, *asked))
        entries = _entries(config)
        if entries is None:
            return
        urls = Urls(config.use_directory_urls)
        for page in self.made.pages:
            if page.search:
                location = urls.relative(HOME, page.src)
                entries.append({"location": location, "title": escape(page.title), "text": escape(page.search)})

    def _write_runs(self, config: MkDocsConfig) -> None:
        frames = Frames(config, self.env, self.nav, self.files, self._mount)
        number = Counter(page.parent for page, _ in self.quick)
        kept = self.written
        marks = self._marks(frames, number) if kept else {}

        def write(part: Sequence[tuple[Page, RunFile]]) -> tuple[set[str], list[str]]:
            odd = []
            for page, file in part:
                html, in_frame = frames.framed(self.made.whole(page), number[page.parent])
                write_page(file, html)
                odd += [] if in_frame else [file.dest_uri]
            return self.made.site.used, odd

        left = [one for one in self.quick if not (kept and kept.put_back(one[1].dest_uri, marks))]
        parts = [write(left)] if self.served else together(left, write)
        for path in sorted({path for used, _ in parts for path in used}):
            if self.files.get_file_from_path(path) is None:
                File.generated(config, path, abs_src_path=str(self.root / path)).copy_file()
        if kept:
            odd = {place for _, places in parts for place in places}
            kept.keep({place: mark for place, mark in marks.items() if place not in odd})
            clear(kept.site)

    def _marks(self, frames: Frames, number: Mapping[str, int]) -> dict[str, str]:
        """Give by their places what tells the files of kept pages from all others, as far as something does."""
        settled = self.made.settled
        return {
            file.dest_uri: mark
            for page, file in self.quick
            if settled and page.source in settled
            if (mark := frames.mark(page, number[page.parent], settled.content(page.source)))
        }

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        """Build again when a process, run, project or the configuration changes."""
        for name in ("processes", "projects", "handrail.yml"):
            if (self.root / name).exists():
                server.watch(str(self.root / name))
        return server


def _now() -> datetime:
    """Give the moment that the site speaks of: `HANDRAIL_NOW`, `SOURCE_DATE_EPOCH`, or the clock."""
    try:
        said = told_time(os.environ.get("HANDRAIL_NOW", ""), os.environ.get("SOURCE_DATE_EPOCH", ""))
    except (ValueError, OverflowError, OSError) as error:
        raise PluginError("HANDRAIL_NOW or SOURCE_DATE_EPOCH holds no time.") from error
    return said or datetime.now(UTC).replace(microsecond=0)


def _without_foreign_worker(config: MkDocsConfig) -> None:
    """Give the offline plugin a worker of ours: its own stands on another host. It adds none where there is one."""
    if any(config.plugins.get(name) for name in ("offline", "material/offline")):
        others = [script for script in config.extra.get("polyfills", []) if "iframe-worker" not in str(script)]
        config.extra["polyfills"] = [*others, _WORKER]


def _language(config: MkDocsConfig) -> str:
    """Give the language that the theme speaks."""
    return str(config.theme.get("language") or "en")


def _search(config: MkDocsConfig) -> Any:
    return config.plugins.get("material/search") or config.plugins.get("search")


def _entries(config: MkDocsConfig) -> list[dict[str, Any]] | None:
    """Give the theme's search index, None where the site has none that can be added to."""
    return getattr(getattr(_search(config), "search_index", None), "entries", None)


def _page_of(files: Files, src: str) -> MkDocsPage | None:
    file = files.get_file_from_path(src)
    return file.page if file else None


def _first_url(item: Any) -> str | None:
    if item.children:
        return next((url for child in item.children if (url := _first_url(child)) is not None), None)
    url = item.url
    return str(url) if url is not None else None
