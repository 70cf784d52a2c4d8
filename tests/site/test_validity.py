"""The HTML of every page follows the standard: nesting, ids, headings; by the Nu checker too where it is at hand.

`VNU_JAR` names its `vnu.jar` (https://validator.github.io/validator/), which needs Java.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from site_made import run_mkdocs, write_workspace
from site_project import FILES

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
PHRASING = frozenset(
    "a abbr b bdi bdo button cite code del dfn em i img input ins kbd label mark math output q s samp select small "
    "span strong sub sup svg time u var wbr br".split()
)
INSIDE = frozenset("p span h1 h2 h3 h4 h5 h6 b i em strong code dt summary button time abbr label small".split())
PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"thead", "tbody", "tfoot", "table"},
    "td": {"tr"},
    "th": {"tr"},
    "caption": {"table"},
    "summary": {"details"},
    "figcaption": {"figure"},
    "legend": {"fieldset"},
    "option": {"select", "optgroup"},
}
THEMES_OWN = (
    "Attribute “autocomplete” is only allowed",
    "The value of the “for” attribute of the “label”",
    "Bad value “” for attribute “tabindex”",
)


class Checked(HTMLParser):
    """What is wrong in the theme's `article` of one page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: Counter[str] = Counter()
        self.level = 0
        self.feed(page[page.index("<article") : page.index("</article>") + 10])
        self.close()
        self.wrong += [f"<{name}> is not closed" for name in self.open]
        self.wrong += [f"the id {id} stands {number} times" for id, number in self.ids.items() if number > 1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.ids.update(value or "" for name, value in attrs if name == "id")
        parent = self.open[-1] if self.open else ""
        if "svg" not in self.open:
            self._nested(tag, parent, names)
        if tag not in VOID:
            self.open.append(tag)

    def _nested(self, tag: str, parent: str, names: list[str]) -> None:
        place = f"line {self.getpos()[0]}: <{tag}> in <{parent}>"
        if len(names) != len(set(names)):
            self.wrong.append(f"{place}: an attribute stands twice")
        if parent not in PARENTS.get(tag, {parent}):
            self.wrong.append(place)
        heading_in_summary = parent == "summary" and tag in {"h2", "h3", "h4"}
        if parent in INSIDE and tag not in PHRASING and not heading_in_summary:
            self.wrong.append(place)
        if tag in {"a", "button", "select", "input"} and {"a", "button"} & set(self.open):
            self.wrong.append(f"{place}: something to press in something to press")
        if tag[0] == "h" and tag[1:].isdigit():
            if int(tag[1:]) > self.level + 1:
                self.wrong.append(f"{place}: a level of headings is passed over")
            self.level = int(tag[1:])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"line {self.getpos()[0]}: </{tag}> closes something else")


@pytest.fixture(scope="module")
def project_site(tmp_path_factory: pytest.TempPathFactory, plugin_path: str) -> Path:
    base = tmp_path_factory.mktemp("validity")
    done = run_mkdocs(write_workspace(base / "workspace", FILES), base / "site", plugin_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "site"


def pages(*sites: Path) -> Iterator[Path]:
    for site in sites:
        yield from (path for path in sorted(site.rglob("index.html")))


def test_pages_are_nested_as_html_asks(sample_site: Path, project_site: Path) -> None:
    wrong = {
        path.as_posix(): found
        for path in pages(sample_site, project_site)
        if (found := Checked(path.read_text("utf-8")).wrong)
    }
    assert wrong == {}


def test_the_nu_checker_finds_nothing_but_what_is_the_themes_own(sample_site: Path, project_site: Path) -> None:
    jar = os.environ.get("VNU_JAR")
    if not jar:
        pytest.skip("VNU_JAR names no vnu.jar")
    command = ["java", "-jar", jar, "--errors-only", "--format", "gnu", *map(str, pages(sample_site, project_site))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [line for line in done.stderr.splitlines() if not any(one in line for one in THEMES_OWN)]
    assert found == []
