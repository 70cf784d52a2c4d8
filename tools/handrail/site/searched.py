"""Search entries of pages that are left out of the search whole, added to the index of a site that is built already."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from handrail.site.page import Page
from handrail.site.paths import HOME, Urls

Entry = dict[str, Any]


def add_entries(site: Path, pages: Iterable[Page], urls: Urls) -> None:
    """Give each page that has words for the search one entry, as the MkDocs plugin does, where it has none yet.

    Material's index is `search/search_index.json`, Zensical's `search.json`; a site with another search is left alone.
    """
    wanted = {urls.relative(HOME, page.src): page for page in pages if page.search}
    for name, (list_name, shape) in _INDEXES.items():
        path = site / name
        if path.is_file():
            _add(path, list_name, shape, wanted)


def _add(path: Path, name: str, shape: Callable[[str, Page], Entry], wanted: Mapping[str, Page]) -> None:
    try:
        index = json.loads(path.read_text("utf-8"))
        entries = index[name]
        known = {entry["location"] for entry in entries}
    except (ValueError, KeyError, TypeError):
        return  # a later version of that builder has another form
    new = [shape(location, page) for location, page in wanted.items() if location not in known]
    if new:
        entries.extend(new)
        path.write_text(json.dumps(index, separators=(",", ":"), ensure_ascii=False), encoding="utf-8", newline="")


def _material(location: str, page: Page) -> Entry:
    return {"location": location, "title": escape(page.title), "text": escape(page.search)}


def _zensical(location: str, page: Page) -> Entry:
    path = [part.replace("-", " ").capitalize() for part in page.src.split("/")[:1]]
    return {**_material(location, page), "level": 1, "path": [*path, escape(page.title)], "tags": []}


_INDEXES = {"search/search_index.json": ("docs", _material), "search.json": ("items", _zensical)}
