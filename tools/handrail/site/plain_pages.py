"""The pages' own Markdown beside them, and `llms.txt` that lists it: for programs that read and people who copy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

from handrail.base.words import one_line
from handrail.reports.results import Overview
from handrail.site.beside import Extra
from handrail.site.language import Language
from handrail.site.page import Page

_SECTIONS = (("process", "Processes"), ("project", "Projects"), ("run", "Active runs"), ("companion", "More"))

_ABOUT = (
    "How this team works, as Markdown: procedures, projects and the runs that are under way. Checked boxes are "
    "finished, and the bullets below a step say by whom and when."
)


def plain_pages(
    overview: Overview, pages: Iterable[Page], home: str, read: Callable[[str], str], language: Language
) -> Iterator[Extra]:
    """Give the Markdown of every process, project and active run, and the list of them.

    `read` gives a workspace file's text; `home` is the site's own address, or empty. Runs that are over are left to
    git: they would be most of the site.
    """
    active = {state.run.path for state in overview.runs.values() if state.state == "active"}
    shown = [page for page in pages if page.source and (page.kind != "run" or page.source in active)]
    for page in shown:
        yield Extra(page.src, read(page.source))
    yield Extra("llms.txt", _listed(overview.workspace.config.title, shown, home, language))


def _listed(title: str, pages: Iterable[Page], home: str, language: Language) -> str:
    found = tuple(pages)
    parts = [f"# {one_line(title)}", "", f"> {language.say(_ABOUT)}"]
    for kind, heading in _SECTIONS:
        mine = [page for page in found if page.kind == kind]
        if mine:
            parts += ["", f"## {language.say(heading)}", ""]
            parts += [_line(page, home) for page in mine]
    data = language.say("the same as data, with schemas")
    parts += ["", f"## {language.say('Data')}", "", f"- [JSON]({home}api/index.json): {data}"]
    return "\n".join(parts) + "\n"


def _line(page: Page, home: str) -> str:
    said = f": {one_line(page.description)}" if page.description else ""
    name = one_line(page.title).replace("[", "(").replace("]", ")")
    return f"- [{name}]({home}{quote(page.src)}){said}"
