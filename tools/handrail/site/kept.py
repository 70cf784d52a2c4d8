"""What a rebuild need not do again: compiled templates and rendered Markdown, kept while `mkdocs serve` runs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache

from handrail.site.context import Render
from handrail.site.page import Page
from handrail.site.workspace import renderer

_KNOWN = re.compile(
    r"(markdown\.extensions\.|pymdownx\.)\w+|abbr|admonition|attr_list|codehilite|def_list|extra|fenced_code|footnotes"
    r"|legacy_attrs|legacy_em|md_in_html|meta|nl2br|sane_lists|smarty|tables|toc|wikilinks"
)
"""The extensions of Python-Markdown itself and of its companion, which is Material's."""
_READ_FILES = frozenset({"pymdownx.snippets", "pymdownx.b64"})
_OF_KNOWN = ("pymdownx.", "markdown.", "material.")


def _named(value: Any) -> Any:
    """Give settings with functions as their names; None where one is neither plain data nor a known function."""
    if isinstance(value, Mapping):
        rows = [(str(key), _named(one)) for key, one in value.items()]
        return None if any(one is None for _, one in rows) else rows
    if isinstance(value, (list, tuple)):
        items = [_named(one) for one in value]
        return None if None in items else items
    if value is None or isinstance(value, (str, int, float)):
        return repr(value)
    module, name = getattr(value, "__module__", ""), getattr(value, "__qualname__", "")
    return f"{module}.{name}" if name and str(module).startswith(_OF_KNOWN) else None


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

    @staticmethod
    def told(extensions: Sequence[str], settings: Mapping[str, Any] | None, *, escape_html: bool) -> str:
        """Give how Markdown is rendered; empty where more than its text may have a say: files, or code of others."""
        known = all(_KNOWN.fullmatch(name) and name not in _READ_FILES for name in extensions)
        said = _named(settings or {})
        return repr((list(extensions), said, escape_html)) if known and said is not None else ""

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
