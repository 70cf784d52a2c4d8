"""Pictures on other hosts: a link stands in their place, since a page of the site asks no other host for anything."""

from __future__ import annotations

import re

# Cleaned markup has its attributes in double quotes, with no such quote in a value.
_PLACE = re.compile(r"<a\b|</a>|<img((?: [\w-]+=\"[^\"]*\")*)>")
_SOURCE = re.compile(r" src=\"(https://[^\"]*)\"", re.IGNORECASE)
_WORDS = re.compile(r" alt=\"([^\"]+)\"")


def link_pictures(html: str) -> str:
    """Give cleaned markup with links for the pictures of other hosts; inside a link, the picture's words alone."""
    if "<img" not in html:
        return html
    linked = False

    def put(found: re.Match[str]) -> str:
        nonlocal linked
        if not found[0].startswith("<img"):
            linked = found[0] != "</a>"
            return found[0]
        return _words(found[0], found[1], linked=linked)

    return _PLACE.sub(put, html)


def _words(picture: str, attributes: str, *, linked: bool) -> str:
    source = _SOURCE.search(attributes)
    if not source:
        return picture
    alternative = _WORDS.search(attributes)
    words = (alternative[1] if alternative else source[1]).replace("<", "&lt;").replace(">", "&gt;")
    return words if linked else f'<a href="{source[1]}" rel="noopener noreferrer">{words}</a>'
