"""HTML that other systems keep instructions in, as Markdown: paragraphs, lists, links, emphasis; scripts never."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "tr", "blockquote", "section", "article", "pre"})
_SIGNS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_SILENT = frozenset({"script", "style", "iframe", "object", "head"})
_IS_HTML = re.compile(r"</?(?:p|br|div|ul|ol|li|b|strong|i|em|a|h[1-6]|span|img|table|code|pre)\b[^>]*>", re.IGNORECASE)
_LINKS = ("http://", "https://", "mailto:")


def to_markdown(text: str) -> str:
    """Give a text as Markdown: what is HTML is turned, what is not stays as it is."""
    if not _IS_HTML.search(text):
        return text.strip()
    reader = _Reader()
    reader.feed(text)
    reader.close()
    joined = "".join(reader.parts)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", joined)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.lists: list[str] = []
        self.links: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if not self.lists else "\n")
            self.lists += [tag] if tag in ("ul", "ol") else []
        elif tag == "li":
            bullet = "1. " if self.lists[-1:] == ["ol"] else "- "
            self.parts.append("\n" + "  " * max(0, len(self.lists) - 1) + bullet)
        elif tag == "br":
            self.parts.append("  \n")
        elif re.fullmatch("h[1-6]", tag):
            self.parts.append("\n\n**")
        elif tag in _SIGNS:
            self.parts.append(_SIGNS[tag])
        elif tag == "a":
            address = said.get("href") or ""
            self.links.append(address if address.startswith(_LINKS) else "")
            self.parts.append("[" if self.links[-1] else "")
        elif tag == "img" and (said.get("src") or "").startswith(_LINKS):
            self.parts.append(f"[{said.get('alt') or 'Picture'}]({said['src']})")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in ("ul", "ol"):
            self.lists = self.lists[:-1]
            self.parts.append("\n\n" if not self.lists else "")
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if not self.lists else "")
        elif re.fullmatch("h[1-6]", tag):
            self.parts.append("**\n\n")
        elif tag in _SIGNS:
            self.parts.append(_SIGNS[tag])
        elif tag == "a" and self.links:
            address = self.links.pop()
            self.parts.append(f"]({address})" if address else "")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))
