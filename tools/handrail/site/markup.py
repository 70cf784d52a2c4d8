"""HTML as values: text is escaped unless it is markup already."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import TypeAlias


class Html(str):
    """Finished markup: made by `tag`, or cleaned by `sanitise`. Never made of text from files in any other way."""

    __slots__ = ()


Content: TypeAlias = "str | Iterable[Content] | None"
Attribute: TypeAlias = "str | int | float | bool | None"

EMPTY = Html("")
_VOID = frozenset({"br", "hr", "img", "input", "path", "rect", "line", "circle", "polygon", "col"})


def text(content: Content) -> Html:
    """Give content as markup: strings are escaped, markup stays, several are put one after the other."""
    kind = type(content)
    if kind is Html:
        return content  # type: ignore[return-value]
    if content is None:
        return EMPTY
    if isinstance(content, str):
        return content if isinstance(content, Html) else Html(escape(content))
    return Html("".join([part if type(part) is Html else text(part) for part in content]))


def tag(name: str, /, *content: Content, **attributes: Attribute) -> Html:
    """Give one element.

    Attribute names: `class_` is `class`, other underscores become hyphens (`aria_label`). None and False leave an
    attribute out, True gives it no value.
    """
    start = "".join([_attribute(key, value) for key, value in attributes.items()])
    if name in _VOID:
        return Html(f"<{name}{start}>") if name in {"br", "hr", "img", "input", "col"} else Html(f"<{name}{start}/>")
    inside = "".join([part if type(part) is Html else text(part) for part in content])
    return Html(f"<{name}{start}>{inside}</{name}>")


def div(class_: str, *content: Content, **attributes: Attribute) -> Html:
    """Give a `div` of a class."""
    return tag("div", *content, class_=class_, **attributes)


def span(class_: str, *content: Content, **attributes: Attribute) -> Html:
    """Give a `span` of a class."""
    return tag("span", *content, class_=class_, **attributes)


def link(href: str, *content: Content, **attributes: Attribute) -> Html:
    """Give an `a`. The caller answers for the address."""
    return tag("a", *content, href=href, **attributes)


@lru_cache(maxsize=4096, typed=True)  # classes and addresses come again and again; 1 is not True
def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    shown = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f' {name}="{escape(shown)}"'
