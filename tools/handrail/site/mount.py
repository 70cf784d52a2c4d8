"""Pages of runs on a MkDocs site without a MkDocs page for each: there may be ten thousand of them.

They go into the frame of one page that MkDocs' own way has made (`site.shell`), and come out byte for byte as that
way would make them. Where a plugin, a hook or a template of the site looks at single pages, it may see something that
this misses: such a site's pages of runs are made like all others.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils import get_build_date

from handrail.base.value import dataclass
from handrail.site.page import Page
from handrail.site.shell import Shell, fits, marked, shell, trial
from handrail.store.kept_pages import digest

AUTO, FULL, QUICK = "auto", "full", "quick"
_EVENTS = ("pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page")
_HARMLESS = frozenset({"handrail", "search", "material/search", "material/offline", "material/info"})
"""Plugins that do the same to every page, or nothing to those of others."""
_WORTH_A_SHELL = 3
"""For fewer pages of a process a frame does not pay."""
_ONE_PAGE = re.compile(r"\bpage\b")

Mount = Callable[[Page], MkDocsPage]
"""Makes MkDocs' page of one of ours."""


class RunFile(File):
    """The file of a page that is written beside MkDocs' way: links lead to it, and nothing else is done with it."""

    def is_documentation_page(self) -> bool:
        """Keep MkDocs from making a page."""
        return False

    def is_media_file(self) -> bool:
        """Keep plugins from taking it for a picture."""
        return False

    def copy_file(self, dirty: bool = False) -> None:
        """Leave writing to who has the page."""


def run_file(page: Page, address: str, config: MkDocsConfig) -> RunFile:
    """Give the file of a run's page, at its `address` below the site's root."""
    target = posixpath.join(address, "index.html") if address.endswith("/") else address
    file = RunFile(
        page.src,
        None,
        config.site_dir,
        config.use_directory_urls,
        dest_uri=target,
        inclusion=InclusionLevel.NOT_IN_NAV,
    )
    file.generated_by = "handrail"
    return file


def looks_at_pages(config: MkDocsConfig, own: Path) -> str:
    """Give what of the site may tell one page from another, empty where nothing does.

    `own` is the folder of our templates; those of the theme and of MkDocs are known.
    """
    for event in _EVENTS:
        for method in config.plugins.events[event]:
            name = config.plugins._event_origins.get(method, "a hook")  # noqa: SLF001 - nothing public tells it
            if name not in _HARMLESS:
                return name
    for folder in map(Path, config.theme.dirs):
        if folder != own and not _is_packaged(folder):
            for path in sorted(folder.rglob("*.html")):
                if _ONE_PAGE.search(path.read_text("utf-8", "replace")):
                    return path.name
    return ""


def _is_packaged(folder: Path) -> bool:
    found = (find_spec(name) for name in ("material", "mkdocs"))
    return any(folder.is_relative_to(Path(spec.origin).parent) for spec in found if spec and spec.origin)


class Frames:
    """Makes whole pages: in the frame of their process where that gives what MkDocs' own way gives, else that way."""

    def __init__(
        self, config: MkDocsConfig, env: jinja2.Environment, nav: Navigation, files: Files, mount: Mount
    ) -> None:
        self.config = config
        self.env = env
        self.nav = nav
        self.files = files
        self.pages = files.documentation_pages()
        self.mount = mount
        self.shells: dict[str, Shell | None] = {}
        self.marks: dict[str, str] = {}

    def framed(self, page: Page, number: int) -> tuple[str, bool]:
        """Give the whole page as text, empty where a plugin wants none, and whether it stands in a frame.

        `number` tells how many pages of runs its process has.
        """
        frame = self._frame(page, number) if fits(page) else None
        return (self._by_mkdocs(page), False) if frame is None else (frame.filled(page), True)

    def mark(self, page: Page, number: int, content: str) -> str:
        """Give what tells the whole page from every other; `content` does so for what stands in the frame.

        It is empty where there is no frame, and holds only for a page that stands in it (`framed`).
        """
        frame = self._frame(page, number)
        if frame is None:
            return ""
        folder = _folder(page)
        if folder not in self.marks:
            self.marks[folder] = digest(frame.pieces, frame.tables)
        return digest(self.marks[folder], content, page.src, page.title, page.description)

    def _frame(self, page: Page, number: int) -> Shell | None:
        """Give the frame of the page's process, None where there is none or it does not pay."""
        if number < _WORTH_A_SHELL:
            return None
        folder = _folder(page)
        if folder not in self.shells:
            self.shells[folder] = self._shell(page)
        return self.shells[folder]

    def _shell(self, page: Page) -> Shell | None:
        """Give the frame of the pages beside `page`, None where a page with tricky words comes out different in it."""
        frame, sample = shell(self._by_mkdocs(marked(page))), trial(page)
        return frame if frame and frame.filled(sample) == self._by_mkdocs(sample) else None

    def _by_mkdocs(self, made: Page) -> str:
        """Do with one page what MkDocs does."""
        plugins, config, files = self.config.plugins, self.config, self.files
        page = plugins.on_pre_page(self.mount(made), config=config, files=files)
        page.read_source(config)
        page.markdown = plugins.on_page_markdown(page.markdown or "", page=page, config=config, files=files)
        page.render(config, files)
        page.content = plugins.on_page_content(page.content or "", page=page, config=config, files=files)
        page.active = True
        try:
            context = get_context(self.nav, self.pages, config, page)
            template = self.env.get_template(str(page.meta.get("template", "main.html")))
            context = plugins.on_page_context(context, page=page, config=config, nav=self.nav)
            return plugins.on_post_page(template.render(**context), page=page, config=config)
        finally:
            page.active = False


def _folder(page: Page) -> str:
    return posixpath.dirname(posixpath.dirname(page.src))


def write_page(file: File, html: str) -> None:
    """Write a whole page; one that is empty is none."""
    if html.strip():
        folder = os.path.dirname(file.abs_dest_path)
        os.makedirs(folder, exist_ok=True)
        with open(file.abs_dest_path, "wb") as target:
            target.write(html.encode("utf-8", errors="xmlcharrefreplace"))


@dataclass(frozen=True, slots=True)
class Listed:
    """What the site map asks of a page."""

    canonical_url: str | None
    abs_url: str | None
    update_date: str
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A line of the site map."""

    page: Listed
    url: str


def site_map(files: Files, pages: Sequence[Any], config: MkDocsConfig) -> list[Any]:
    """Give what the site map lists: MkDocs' own pages, and those of runs in their places among them."""
    own = {file.src_uri for file in pages}
    return [file for file in _with_runs(files, config) if isinstance(file, ListedFile) or file.src_uri in own]


def _with_runs(files: Files, config: MkDocsConfig) -> Iterator[Any]:
    today = get_build_date()
    for file in files:
        if not isinstance(file, RunFile):
            yield file
            continue
        probe = MkDocsPage.__new__(MkDocsPage)
        probe.file = file
        probe._set_canonical_url(config.site_url)  # noqa: SLF001 - what MkDocs gives to each of its pages
        yield ListedFile(Listed(probe.canonical_url, probe.abs_url, today), file.url)
