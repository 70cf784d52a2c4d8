"""The pure pieces: addresses, navigation, markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from site_views import view_of

import handrail.site
from handrail.site.icons import ICONS
from handrail.site.language import Language
from handrail.site.markup import Html, tag, text
from handrail.site.nav import expand
from handrail.site.page import Page
from handrail.site.paths import PROCESSES, Urls, run_src
from handrail.site.steps import value_shown


@pytest.mark.parametrize(
    ("source", "target", "pretty", "plain"),
    [
        ("index.md", "processes/x/index.md", "processes/x/", "processes/x/index.html"),
        ("processes/x/index.md", "index.md", "../../", "../../index.html"),
        ("processes/x/index.md", "processes/x/index.md", "./", "index.html"),
        ("a/b/c/index.md", "people/ana/index.md", "../../../people/ana/", "../../../people/ana/index.html"),
        ("guide/start.md", "guide/index.md", "../", "index.html"),
        ("index.md", "guide/start.md", "guide/start/", "guide/start.html"),
        ("processes/x/index.md", "processes/x/flow chart.png", "flow%20chart.png", "flow%20chart.png"),
    ],
)  # fmt: skip
def test_addresses_are_relative_and_work_under_any_root(source: str, target: str, pretty: str, plain: str):
    assert Urls(True).relative(source, target) == pretty
    assert Urls(False).relative(source, target) == plain


def test_an_anchor_on_the_same_page_is_only_an_anchor():
    assert Urls().relative("a/index.md", "a/index.md", "send") == "#send"


def test_a_run_has_its_page_below_its_process():
    assert run_src("hr/new-hire/2026-11-23-ada") == "processes/hr/new-hire/runs/2026-11-23-ada/index.md"


def test_text_is_escaped_and_markup_is_not():
    assert tag("p", "<b>", Html("<i>x</i>"), title='"') == '<p title="&quot;">&lt;b&gt;<i>x</i></p>'
    assert text(["a", None, ["&"]]) == "a&amp;"


def _page(src: str, kind: str) -> Page:
    return Page(src, src, Html(""), kind=kind)


PAGES = (_page("processes/b/index.md", "process"), _page("processes/hr/a/index.md", "process"))
SECTION = [PROCESSES, "processes/b/index.md", {"HR": ["processes/hr/a/index.md"]}]


def test_processes_stand_below_the_entry_that_the_site_lists_for_them():
    nav = expand([{"Home": "index.md"}, {"Our work": PROCESSES}], [], PAGES, Language())
    assert nav[:2] == [{"Home": "index.md"}, {"Our work": SECTION}]


def test_what_the_navigation_does_not_list_comes_at_its_end():
    nav = expand([{"Home": "index.md"}], [], PAGES, Language())
    assert nav[1] == {"Processes": SECTION}
    names = ["Processes", "Projects", "People", "Stalled", "Calendar", "Activity"]
    assert [next(iter(entry)) for entry in nav[1:]] == names


def test_a_navigation_made_by_hand_is_left_alone():
    by_hand = [{"Work": [PROCESSES, "processes/b/index.md"]}]
    assert expand(by_hand, [], PAGES, Language())[0] == by_hand[0]


def test_the_style_sheet_draws_each_icon_as_pictures_do():
    sheet = (Path(handrail.site.__file__).parent / "theme/assets/handrail/handrail.css").read_text("utf-8")
    for name, shape in ICONS.items():
        own = [line for line in sheet.splitlines() if re.search(rf"\.hr-icon--{name}\b[^;]*--hr-shape", line)]
        assert f'd="{shape}"' in (own[0] if own else sheet), name


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-12-02", '<time datetime="2026-12-02">Wed 2 Dec</time>'),
        ("2026-02-30", "2026-02-30"),
        ("https://a.org/?b", '<a href="https://a.org/?b" rel="noopener noreferrer">a.org</a>'),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://[", "https://["),
        ("see https://example.org", "see https://example.org"),
        ("12", "12"),
        ("<b>", "&lt;b&gt;"),
    ],
)  # fmt: skip
def test_values_of_fields_are_links_and_dates_where_they_look_like_one(value: str, shown: str):
    assert value_shown(view_of(), value) == shown
