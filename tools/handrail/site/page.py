"""What the generator gives to whoever builds the site."""

from __future__ import annotations

from handrail.base.value import dataclass
from handrail.site.markup import EMPTY, Html


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a page's table of contents."""

    anchor: str
    title: str  # plain words
    children: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    `src` is its place among the site's sources (`processes/x/index.md`), `title` its plain title, `body` its whole
    content as HTML with the `h1` in it. `source` is the workspace's file that it is made from, empty where it is made
    from many. `search` is the text of its only search entry; empty: the page is searched, or of it what is `searched`.
    `in_nav` tells whether the navigation lists it.
    """

    src: str
    title: str
    body: Html
    source: str = ""
    toc: tuple[Entry, ...] = ()
    description: str = ""
    search: str = ""
    in_nav: bool = True
    kind: str = "page"  # page, process, run, project, person, calendar, companion
    parent: str = ""  # the src of the page above it
    searched: Html = EMPTY


def section(anchor: str, title: str, *children: Entry) -> Entry:
    """Give a line of the table of contents."""
    return Entry(anchor, title, children)
