"""A rendered page as a mould for others like it: what differs between the pages of runs is cut out and put in again.

The theme's templates take milliseconds for each page, and of thousands of runs of a process every page has the same
frame. One page is rendered with marks in place of its words; the frame between the marks serves the others.
"""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from handrail.base.value import dataclass
from handrail.site.markup import Html
from handrail.site.page import Entry, Page

_TITLE, _HEADING, _ABOUT, _BODY = "hrmarktitle", "hrmarkheading", "hrmarkabout", "hrmarkbody"
_NAME = "hrmark-nämé"
_ANCHORS, _ENTRIES = ("hrmarkanchor1", "hrmarkanchor2"), ("hrmarkentry1", "hrmarkentry2")
_ENTRY = re.compile(
    rf"{_ANCHORS[0]}(?P<inside>(?:(?!hrmark).)*){_ENTRIES[0]}(?P<between>(?:(?!hrmark).)*){_ANCHORS[1]}(?P=inside){_ENTRIES[1]}",
    re.DOTALL,
)
_TOC = "hrmarktoc"
_MARK = re.compile(
    f"({_TITLE}|{_HEADING}|{_ABOUT}|<h1>{_BODY}</h1>|{re.escape(_NAME)}|{re.escape(quote(_NAME))}|{_ANCHORS[0]}|{_TOC}[0-9]+;)"
)
_PLAIN_NAME = re.compile(r"[^\s?#;%/\\&\"'<>{}|^`\[\].][^\s?#;%/\\&\"'<>{}|^`\[\]]*")
_READ_BY_OTHERS = ("data-search-", "data-md-component")
"""What the theme's plugins look for in the content of pages."""


def shown_title(page: Page) -> str:
    """Give the title as the theme's navigation takes it: it strips tags and puts what is left in unescaped."""
    return escape(page.title.replace("<", "‹").replace(">", "›"))


def marked(page: Page) -> Page:
    """Give the page of the mould: `page` with marks for words, in a place of that depth."""
    entries = tuple(Entry(anchor, title) for anchor, title in zip(_ANCHORS, _ENTRIES, strict=True))
    return _moved(page, _NAME, _TITLE, f"<h1>{_BODY}</h1>", entries, _ABOUT)


def trial(page: Page) -> Page:
    """Give a page beside `page` whose words would show if the theme did more with them than to put them in."""
    entries = tuple(Entry(f"part--{name}-ß", f"{name} <1> & 'so' \"on\"") for name in ("one", "two", "three"))
    body = '<h1>A & B</h1>\n<div class="hr-log">\\1 {{ page.title }} &amp; &lt;b&gt; ü</div>\n\n  <p>end</p>'
    return _moved(page, "2020-02-02-prüf.1", "  A <b> & \"c\"  'd'", body, entries, "  1 <of> & \"2\"  'x' ")


def _moved(page: Page, name: str, title: str, body: str, toc: tuple[Entry, ...], about: str) -> Page:
    folder = page.src.rpartition("/")[0].rpartition("/")[0]
    source = f"{page.source.rpartition('/')[0]}/{name}.md"
    return Page(
        f"{folder}/{name}/index.md", title, Html(body), source, toc, about, page.search, False, page.kind, page.parent
    )


def fits(page: Page) -> bool:
    """Tell whether nothing in a page could make its frame another than that of the others."""
    return bool(
        page.title.strip()
        and page.description.strip()
        and page.toc
        and "<h1" in page.body
        and not any(entry.children for entry in page.toc)
        and not any(word in page.body for word in _READ_BY_OTHERS)
        and _PLAIN_NAME.fullmatch(_name(page))
    )


def _name(page: Page) -> str:
    return page.src.rpartition("/")[0].rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Shell:
    """A frame: finished text and marks by turns. `tables` are what stands inside and between entries of contents."""

    pieces: tuple[str, ...]
    tables: tuple[tuple[str, str], ...] = ()

    def filled(self, page: Page) -> str:
        """Give the whole page. It must fit (`fits`), and stand where the shell's own page stands."""
        name = _name(page)
        words: dict[str, str] = {
            _TITLE: escape(page.title),
            _HEADING: shown_title(page),
            _ABOUT: escape(page.description),
            f"<h1>{_BODY}</h1>": page.body,
            _NAME: name,
            quote(_NAME): quote(name),
            _ANCHORS[0]: page.toc[0].anchor,  # where the link that skips the navigation leads
        }
        for number, (inside, between) in enumerate(self.tables):
            entries = [f"{entry.anchor}{inside}{escape(entry.title)}" for entry in page.toc]
            words[f"{_TOC}{number};"] = between.join(entries)
        return "".join([words[piece] if place % 2 else piece for place, piece in enumerate(self.pieces)])


def shell(rendered: str) -> Shell | None:
    """Give the shell of a rendered page that was `marked`; None where a mark is not where one is looked for."""
    tables: list[tuple[str, str]] = []

    def table(found: re.Match[str]) -> str:
        tables.append((found["inside"], found["between"]))
        return f"{_TOC}{len(tables) - 1};"

    pieces = tuple(_MARK.split(_ENTRY.sub(table, rendered)))
    told = "".join(pieces[::2])
    words = [*pieces[1::2], *(word for pair in tables for word in pair)]
    if "hrmark" in told or any("hrmark" in word for pair in tables for word in pair) or _TITLE not in words:
        return None
    return Shell(pieces, tuple(tables))
