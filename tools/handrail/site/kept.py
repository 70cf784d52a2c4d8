"""What a rebuild need not do again: compiled templates and rendered Markdown, kept while `mkdocs serve` runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache

from handrail.site.context import Render
from handrail.site.page import Page
from handrail.site.workspace import renderer


class Templates(BytecodeCache):
    """Compiled templates in memory. Jinja asks by name and the source's checksum: a changed template is compiled."""

    def __init__(self) -> None:
        self._compiled: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the compiled template where its source is the same."""
        known = self._compiled.get(bucket.key)
        if known and known[0] == bucket.checksum:
            bucket.code = known[1]

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template that was compiled."""
        if bucket.code is not None:
            self._compiled[bucket.key] = (bucket.checksum, bucket.code)


class Renderers:
    """The last renderer, for as long as the site's Markdown extensions stay the same."""

    def __init__(self) -> None:
        self._key = ""
        self._render: Render | None = None

    def get(self, extensions: Sequence[str], settings: Mapping[str, Any] | None, *, escape_html: bool) -> Render:
        """Give the renderer for these extensions."""
        key = repr((list(extensions), settings, escape_html))
        if self._render is None or key != self._key:
            self._key, self._render = key, renderer(extensions, settings, escape_html=escape_html)
        return self._render


class SearchEntries:
    """The search entries of pages whose content was the same in the last build: cutting a page up costs most."""

    def __init__(self) -> None:
        self._settings = ""
        self._known: dict[str, tuple[tuple[Page, str], list[dict[str, Any]]]] = {}
        self._new: tuple[tuple[Page, str], int] | None = None

    def begin(self, settings: str) -> None:
        """Start a build: what was kept holds only under the same settings of the search plugin."""
        if settings != self._settings:
            self._settings, self._known = settings, {}

    def before(self, page: Page, content: str, meta: dict[str, Any], entries: list[dict[str, Any]]) -> None:
        """Add the entries that are known and have the search plugin leave the page out; call `after` behind it."""
        self._new = None
        if page.search:
            return
        source = (page, content)
        known = self._known.get(page.src)
        if known and known[0] == source:
            entries.extend(dict(entry) for entry in known[1])
            meta["search"] = {"exclude": True}
        else:
            self._new = (source, len(entries))

    def after(self, page: Page, meta: dict[str, Any], entries: list[dict[str, Any]]) -> None:
        """Keep the entries that the search plugin has made, or take back what `before` said."""
        if self._new:
            source, first = self._new
            self._known[page.src] = (source, [dict(entry) for entry in entries[first:]])
        elif not page.search:
            meta.pop("search", None)
