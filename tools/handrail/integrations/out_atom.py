"""What happened as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from xml.etree import ElementTree as ET

from handrail.base.value import dataclass

_ATOM = "http://www.w3.org/2005/Atom"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One thing that happened: `id` is what tells it from all others, `link` an address or empty."""

    id: str
    time: datetime
    title: str
    who: str
    link: str = ""
    note: str = ""


def atom(feed: str, title: str, home: str, entries: Iterable[FeedEntry]) -> str:
    """Give a feed, newest entry first. `feed` is its own name in the site, `home` the site's address or empty.

    It was changed when the newest entry was, so the same entries give the same text.
    """
    found = tuple(entries)
    root = ET.Element("feed", xmlns=_ATOM)
    _text(root, "id", f"{home}{feed}" if home else _urn(feed, title))
    _text(root, "title", title)
    _text(root, "updated", _time(found[0].time if found else _EPOCH))
    if home:
        ET.SubElement(root, "link", rel="self", href=f"{home}{feed}")
        ET.SubElement(root, "link", href=home)
    for entry in found:
        _entry(root, feed, entry)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _entry(root: ET.Element, feed: str, entry: FeedEntry) -> None:
    node = ET.SubElement(root, "entry")
    _text(node, "id", _urn(feed, entry.id))
    _text(node, "title", entry.title)
    _text(node, "updated", _time(entry.time))
    _text(ET.SubElement(node, "author"), "name", entry.who)
    if entry.link:
        ET.SubElement(node, "link", href=entry.link)
    _text(node, "content", entry.note or entry.title)


def _text(parent: ET.Element, name: str, words: str) -> None:
    ET.SubElement(parent, name).text = "".join(char for char in words if char >= " " or char in "\t\n")


def _time(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _urn(*parts: str) -> str:
    return "urn:handrail:" + sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
