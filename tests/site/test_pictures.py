"""A picture on another host is a link: no page asks another host for anything."""

from __future__ import annotations

from typing import Any

import pytest

from handrail.site.sanitise import sanitise

REL = 'rel="noopener noreferrer"'


def clean(html: str) -> str:
    return sanitise(html, prefix="p", resolve=lambda name, value: value)


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            '<p><img alt="Our &lt;plan&gt;" src="https://x.example/a.png?b=1&amp;c"></p>',
            f'<p><a href="https://x.example/a.png?b=1&amp;c" {REL}>Our &lt;plan&gt;</a></p>',
        ),
        ("<img src=https://x.example/a.png>", f'<a href="https://x.example/a.png" {REL}>https://x.example/a.png</a>'),
        (
            '<a href="https://y.example"><img src="HTTPS://x.example/a.png" alt="Built"></a>',
            f'<a href="https://y.example" {REL}>Built</a>',
        ),
        ('<img src="a.png" alt="Ours">', '<img src="a.png" alt="Ours">'),
        (
            '<a href="https://y.example">y</a> <img src="https://x.example/a.png" alt="z">',
            f'<a href="https://y.example" {REL}>y</a> <a href="https://x.example/a.png" {REL}>z</a>',
        ),
    ],
)
def test_a_picture_of_another_host_is_a_link(html: str, shown: str) -> None:
    assert clean(html) == shown


def test_words_that_look_like_a_picture_stay_words() -> None:
    for html in (
        '<p title="<img src=&quot;https://x.example/a.png&quot;>">a</p>',
        "<p title='<img src=' class=' src='>https://x.example</p>",
        '<code>&lt;img src="https://x.example/a.png"&gt;</code>',
    ):
        assert "<a " not in clean(html)


def test_the_page_of_a_process_links_to_it(build: Any) -> None:
    text = "---\ntitle: Visit\n---\n\n![A map](https://x.example/map.png)\n\n- [ ] Go {#go}\n"
    page = (build({"processes/visit/README.md": text}) / "processes/visit/index.html").read_text("utf-8")
    assert f'<a href="https://x.example/map.png" {REL}>A map</a>' in page
    assert '<img src="https://x.example' not in page and 'src="https://x.example' not in page
