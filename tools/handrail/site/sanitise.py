"""Rendered Markdown from files, made safe to stand in a page: nh3 with an allow-list."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import unescape

import nh3

from handrail.site.markup import Html
from handrail.site.pictures import link_pictures

_BLOCKS = (
    "p div section aside blockquote pre hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup col thead tbody "
    "tfoot tr th td details summary figure figcaption"
)
_INLINE = (
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q s samp small span strong sub sup time u var wbr"
)
_PICTURES = "svg path"
_TABS = "input label"

_ATTRIBUTES = {
    "a": {"href", "title", "id", "name"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "td": {"colspan", "rowspan", "style"},
    "th": {"colspan", "rowspan", "style", "scope"},
    "ol": {"start", "type", "reversed"},
    "details": {"open"},
    "time": {"datetime"},
    "svg": {"viewBox", "viewbox", "xmlns"},
    "path": {"d"},
    "input": {"checked", "name"},
    "label": {"for"},
    "div": {"data-tabs"},
    "*": {"class", "id", "title", "dir", "lang"},
}
_SPECIAL = re.compile("[<>&\x00\r\xa0]")
_ALIGNED = re.compile(r"text-align: ?(left|right|center);?")
_FOREIGN = re.compile(r"(?:md-(?!button|annotation)|hr-)\S*", re.IGNORECASE)

Resolve = Callable[[str, str], str | None]
"""From an attribute (`href` or `src`) and its value to the address to use; None removes it."""


def sanitise(html: str, *, prefix: str, resolve: Resolve) -> Html:
    """Clean a block of rendered Markdown.

    Ids get `prefix`, so that blocks of one page cannot collide with each other or with the page's own; links and
    pictures go through `resolve`; classes of the theme's own frame are dropped.
    """
    ids = set(re.findall(r'\bid="([^"]+)"', html)) if "id=" in html else set()

    def attribute(element: str, name: str, value: str) -> str | None:
        if name in {"id", "for", "name"}:
            return _prefixed(prefix, value)
        if name == "class":
            return _FOREIGN.sub("", value).strip() or None
        if name == "style":
            return value if _ALIGNED.fullmatch(value.strip()) else None
        if name == "href" and value.startswith("#") and value[1:] in ids:
            return "#" + _prefixed(prefix, value[1:])
        if name in {"href", "src"}:
            return resolve(name, value)
        return value

    cleaner = _tabbed() if "tabbed-set" in html else _plain()
    return Html(link_pictures(cleaner(html, attribute)))


def inline(html: str) -> Html:
    """Clean a rendered title for a place that is a link itself: emphasis and code stay, links become text."""
    if not _SPECIAL.search(html):  # words alone, as most titles are
        return Html(html)
    return Html(nh3.clean(html, tags=_words(_INLINE) - {"a"}, attributes={}))


def words_of(html: str) -> str:
    """Give the text of a piece of HTML, unescaped, on one line."""
    return " ".join(unescape(nh3.clean(html, tags=set())).split())


def _prefixed(prefix: str, value: str) -> str:
    return f"__tabbed_{prefix}{value[9:]}" if value.startswith("__tabbed_") else f"{prefix}{value}"


@cache
def _words(names: str) -> set[str]:
    return set(names.split())


def _clean(tags: set[str]) -> Callable[[str, Callable[[str, str, str], str | None]], str]:
    def clean(html: str, attribute: Callable[[str, str, str], str | None]) -> str:
        return nh3.clean(
            html,
            tags=tags,
            attributes=_ATTRIBUTES,
            attribute_filter=attribute,
            url_schemes={"http", "https", "mailto"},
            set_tag_attribute_values={"input": {"type": "radio"}} if "input" in tags else {},
            link_rel="noopener noreferrer",
        )

    return clean


@cache
def _plain() -> Callable[[str, Callable[[str, str, str], str | None]], str]:
    return _clean(_words(_BLOCKS) | _words(_INLINE) | _words(_PICTURES))


@cache
def _tabbed() -> Callable[[str, Callable[[str, str, str], str | None]], str]:
    return _clean(_words(_BLOCKS) | _words(_INLINE) | _words(_PICTURES) | _words(_TABS))
