"""The navigation: the workspace's processes and projects under whatever the site's configuration lists."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from handrail.site.language import Language
from handrail.site.page import Page
from handrail.site.paths import ACTIVITY, CALENDAR, HOME, PEOPLE, PROCESSES, PROJECTS, STALLED
from handrail.site.processes import folder_words

_OWN = (
    (PROCESSES, "Processes"),
    (PROJECTS, "Projects"),
    (PEOPLE, "People"),
    (STALLED, "Stalled"),
    (CALENDAR, "Calendar"),
    (ACTIVITY, "Activity"),
)


def expand(nav: Sequence[Any] | None, written: Sequence[str], pages: Sequence[Page], language: Language) -> list[Any]:
    """Give the navigation with our pages in it, in MkDocs' form: strings, lists, one-key mappings.

    Where `nav` lists the page of all processes or of all projects, that becomes a section with each of them. What it
    does not list is added at its end, in the site's `language`. Without a `nav`, the site's own pages (`written`) come
    first.
    """
    listed = list(nav) if nav is not None else _nested(written)
    named = mentioned(listed)
    if HOME not in named and nav is None:
        listed.insert(0, {language.say("Home"): HOME})
    sections = {PROCESSES: _processes(pages), PROJECTS: _flat(PROJECTS, "project", pages)}
    whole = [_expanded(entry, sections, named, language) for entry in listed]
    for src, title in _OWN:
        if src not in named:
            whole.append({language.say(title): sections.get(src, src)})
    return whole


def _processes(pages: Sequence[Page]) -> list[Any]:
    found = sorted((page.src for page in pages if page.kind == "process"), key=lambda src: (src.count("/") > 2, src))
    entries: list[Any] = [PROCESSES]
    for folder, members in groupby(found, key=lambda src: "/".join(src.split("/")[1:-2])):
        names = list(members)
        entries += [{folder_words(folder): names}] if folder else names
    return entries


def _flat(index: str, kind: str, pages: Sequence[Page]) -> list[Any]:
    return [index, *(page.src for page in pages if page.kind == kind)]


def _expanded(entry: Any, sections: dict[str, list[Any]], named: set[str], language: Language) -> Any:
    if isinstance(entry, dict):
        return {title: _value(value, sections, named, language) for title, value in entry.items()}
    if isinstance(entry, str) and entry in sections:
        below = _section(entry, sections, named)
        return entry if below == entry else {language.say(dict(_OWN)[entry]): below}
    return entry


def _value(value: Any, sections: dict[str, list[Any]], named: set[str], language: Language) -> Any:
    if isinstance(value, list):
        return [_expanded(entry, sections, named, language) for entry in value]
    return _section(value, sections, named) if isinstance(value, str) and value in sections else value


def _section(index: str, sections: dict[str, list[Any]], named: set[str]) -> Any:
    below = index.removesuffix("index.md")
    by_hand = any(name != index and name.startswith(below) for name in named)
    return index if by_hand or len(sections[index]) == 1 else sections[index]


def mentioned(nav: Any) -> set[str]:
    """Give what a navigation in MkDocs' form lists."""
    if isinstance(nav, str):
        return {nav}
    parts = nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ()
    return {name for part in parts for name in mentioned(part)}


def _nested(written: Sequence[str]) -> list[Any]:
    """Give paths as MkDocs nests them when there is no `nav`: a section for each folder."""
    tree: list[Any] = []
    for path in written:
        level = tree
        for folder in path.split("/")[:-1]:
            title = folder_words(folder)
            section = next((entry[title] for entry in level if isinstance(entry, dict) and title in entry), None)
            if section is None:
                section = []
                level.append({title: section})
            level = section
        level.append(path)
    return tree
