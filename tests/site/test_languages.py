"""Sites in other languages than English: every label speaks it, and what people wrote stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from site_made import MKDOCS, NOW, write_workspace
from site_project import FILES

from handrail.site.page import Entry
from handrail.site.pages import Made
from handrail.site.paths import Urls
from handrail.site.workspace import load, make, renderer

AS_ELSEWHERE = {
    "de": {
        *(
            "status",
            "budget",
            "person",
            "zoom",
            "plan",
            "start",
            "april",
            "august",
            "september",
            "november",
        ),  # same word
        *("pv", "ev", "ac", "spi", "cpi", "eac", "tcpi"),  # abbreviations that have no other
    },
    "ja": {"pv", "ev", "ac", "spi", "cpi", "eac", "tcpi"},
}
ANYWHERE = {"eur", "utc", "ics", "xml", "handrail", "git"}
"""Currencies, time zones, file names, and the names of commands."""
_TOLD = {"title", "aria-label", "placeholder", "data-process", "data-project", "data-both"}


class Texts(HTMLParser):
    """Collects what people see or hear of a page. Commands to type and initials are the same everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.same = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "code" or "hr-avatar" in (dict(attrs).get("class") or ""):
            self.same = tag
        self.found += [value for name, value in attrs if name in _TOLD and value]

    def handle_endtag(self, tag: str) -> None:
        self.same = "" if tag == self.same else self.same

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.same:
            self.found.append(" ".join(data.split()))


def texts(made: Made) -> Iterator[str]:
    for page in made.pages:
        whole, reader = made.whole(page), Texts()
        reader.feed(whole.body)
        yield from (*reader.found, whole.title, whole.description, *titles(whole.toc))


def titles(entries: tuple[Entry, ...]) -> Iterator[str]:
    for entry in entries:
        yield entry.title
        yield from titles(entry.children)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workspace(tmp_path_factory.mktemp("languages"), FILES)


@cache
def made_in(folder: Path, language: str) -> Made:
    source = load(folder, datetime.fromisoformat(NOW).astimezone(UTC))
    return make(source, renderer([], {}, escape_html=False), urls=Urls(), language=language)


def words_in(told: str) -> set[str]:
    """Give the words of a text but for names of files and what is cut off in a picture."""
    return set(re.findall(r"[a-z]{2,}", re.sub(r"\w+(?:…|\.(?:ics|xml))", "", told).lower()))


@pytest.mark.parametrize("language", ["de", "ja"])
def test_no_label_is_left_in_english(folder: Path, language: str):
    files = [path for path in folder.rglob("*") if path.suffix in {".md", ".yml"}]
    written = [words_in(f"{path.relative_to(folder).parent} {path.read_text('utf-8')}") for path in files]
    known = set().union(*written) | AS_ELSEWHERE[language] | ANYWHERE
    english = set(texts(made_in(folder, "en")))
    left = {told for told in texts(made_in(folder, language)) if told in english and not words_in(told) <= known}
    assert left == set()


@pytest.mark.parametrize("language", ["de", "ja"])
def test_every_message_that_is_said_is_in_the_catalogue(folder: Path, language: str):
    made = made_in(folder, language)
    assert list(texts(made)), "the pages of runs are made, too"
    assert made.site.language.missed == set()


@pytest.mark.parametrize("language", ["de", "ja"])
def test_what_people_wrote_stays_as_it_is(folder: Path, language: str):
    titles = {page.title for page in made_in(folder, language).pages}
    assert {"Customer onboarding", "Ada Lovelace", "Move"} <= titles


@pytest.mark.parametrize("language", ["fr", "ar", "pt-BR"])
def test_a_language_without_a_catalogue_speaks_english(folder: Path, language: str):
    assert list(texts(made_in(folder, language))) == list(texts(made_in(folder, "en")))


def test_the_same_site_is_made_every_time(folder: Path):
    made_in.cache_clear()
    first = list(texts(made_in(folder, "ja")))
    made_in.cache_clear()
    assert list(texts(made_in(folder, "ja"))) == first


@pytest.mark.parametrize(
    ("language", "title", "people"), [("de", "Kalender", "Personen"), ("ja", "カレンダー", "メンバー")]
)
def test_the_theme_s_language_is_that_of_the_pages(build, language: str, title: str, people: str):
    site = build({"mkdocs.yml": MKDOCS.replace("name: material", f"name: material\n  language: {language}")})
    page = (site / "calendar/index.html").read_text("utf-8")
    assert f'<html lang="{language}"' in page
    assert f"<title>{title} - Sample</title>" in page
    assert people in page, "the navigation's own entries are translated, too"
    assert "Active runs" not in (site / "llms.txt").read_text("utf-8")
    assert "active runs" not in (site / "badges/runs.svg").read_text("utf-8")
