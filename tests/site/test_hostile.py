"""Text from files cannot become markup, whichever field it stands in."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from site_made import MKDOCS

from handrail.site.sanitise import inline, sanitise

EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"
QUOTED = EVIL.replace('"', '\\"')

HOSTILE = {
    "mkdocs.yml": MKDOCS,
    "docs/index.md": "# Home\n",
    "handrail.yml": f'title: "{QUOTED}"\npeople:\n  ana: {{name: "{QUOTED}", email: [ana@example.org]}}\n',
    "processes/evil/README.md": f"""\
---
title: "{QUOTED} </title><script>alert(3)</script>"
summary: "\\"><script>alert(4)</script>"
owner: "@ana"
fields: {{customer: {{label: "{QUOTED}"}}}}
---

{EVIL}

## Stage {EVIL}

- [ ] Title {EVIL} [x](javascript:alert(5)) {{#one @ana if="customer == '<script>'"}}

  {EVIL}

  <a href="java&#10;script:alert(6)" onclick="alert(7)">link</a> <a href="data:text/html,x">data</a>
  <a href="//evil.example">host</a> <form action="https://evil.example"><input name="q"><button>Go</button></form>
  <iframe src="https://evil.example"></iframe> <style>body {{display: none}}</style>
  <div class="md-overlay hr-card" style="position: fixed" id="one">over</div>
  <svg><script>alert(8)</script><a xlink:href="javascript:alert(9)">a</a></svg>
""",
    "processes/evil/runs/2026-11-16-evil.md": f"""\
---
run: evil/2026-11-16-evil
process: evil
revision: 0000000000000000000000000000000000000000
title: "{QUOTED}"
started: 2026-11-16T09:12:00Z
by: "@ana"
fields: {{customer: "{QUOTED}"}}
---

## Stage {EVIL}

- [ ] Title {EVIL} {{#one @ana}}
  - 2026-11-17T09:00:00Z @ana noted: {EVIL}
  - 2026-11-17T09:01:00Z @ana set customer="{EVIL.replace('"', "")}"
  - 2026-11-17T09:02:00Z @ana started link=javascript:alert(10)

## Log

- 2026-11-16T09:12:00Z @ana started: {EVIL}
""",
    "projects/evil/README.md": f"""\
---
title: "{QUOTED}"
objective: "{QUOTED}"
owner: "@ana"
start: 2026-11-16
risks:
  - {{risk: "{QUOTED}", response: "{QUOTED}"}}
---

## {EVIL}

- [ ] Task {EVIL} {{#task @ana est=2d}}

## Updates

### 2026-11-20 red

{EVIL}
""",
}


class Elements(HTMLParser):
    """Elements and attributes that could act."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        if tag in {"iframe", "object", "embed", "style", "base"}:
            self.bad.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (name in {"href", "src", "action"} and _acts(value or "")):
                self.bad.append(f"{tag} {name}={value}")
            if name == "src" and value == "x":
                self.bad.append(f"{tag} src")


def _acts(address: str) -> bool:
    plain = re.sub(r"[\x00-\x20]", "", address).lower()
    return plain.startswith(("javascript:", "data:", "vbscript:", "//"))


def elements(page: str) -> Elements:
    parser = Elements()
    parser.feed(page)
    return parser


def test_hostile_text_in_every_field_of_every_file_stays_text(build):
    site = build(files=HOSTILE)
    plain = {path.name: elements(path.read_text("utf-8")) for path in [site / "404.html"]}
    allowed = plain["404.html"].scripts
    for page in site.rglob("*.html"):
        found = elements(page.read_text("utf-8"))
        assert found.bad == [], page
        assert found.scripts <= allowed, page
        assert "alert(3)</script>" not in page.read_text("utf-8"), page


def test_hostile_text_is_shown_as_it_was_written(build):
    page = (build(files=HOSTILE) / "processes/evil/runs/2026-11-16-evil/index.html").read_text("utf-8")
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_body_cannot_take_the_looks_or_the_ids_of_the_page(build):
    page = (build(files=HOSTILE) / "processes/evil/index.html").read_text("utf-8")
    assert page.count('id="one"') == 1
    assert "md-overlay" not in page[page.index("<article") :]
    assert "position: fixed" not in page


@pytest.mark.parametrize(
    "html",
    [
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
        "<a href='\x01javascript:alert(1)'>x</a>",
        "<img src=1 onerror=alert(1)>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<details open ontoggle=alert(1)>",
        "<input autofocus onfocus=alert(1)>",
        "<a href='vbscript:x'>x</a><a href='file:///etc/passwd'>y</a>",
        "<p style='background:url(javascript:alert(1))'>x</p>",
        "<template><script>alert(1)</script></template>",
        "<div class='tabbed-set'><input type=text name=password></div>",
    ],
)
def test_known_tricks_do_not_pass(html: str):
    clean = sanitise(html, prefix="p", resolve=lambda name, value: value if name == "href" else None)
    assert elements(clean).bad == []
    assert 'type="text"' not in clean and elements(clean).scripts == 0
    assert elements(inline(html)).bad == []


def test_links_go_to_the_web_to_mail_or_to_a_page_of_the_site(tmp_path: Path):
    from site_views import view_of

    view = view_of()
    assert view.resolve("href", "https://example.org/") == "https://example.org/"
    assert view.resolve("href", "mailto:ana@example.org") == "mailto:ana@example.org"
    for bad in ("javascript:x", "//evil.example", "/etc", "blob:x", "intent:x", "tel:1", "", "../../../x", "\\\\host"):
        assert view.resolve("href", bad) is None, bad
    assert view.resolve("src", "http://example.org/a.png") is None


def test_html_can_be_shown_as_the_text_that_it_is(build):
    config = HOSTILE["handrail.yml"] + "site: {html: escape}\n"
    text = (
        "---\ntitle: Plain\n---\n\n<details><summary>more</summary>\n\nin it\n\n</details>\n\n"
        "- [ ] Press <kbd>Enter</kbd> {#a}\n\n  x <b>y</b> `<i>` &amp;\n"
    )
    files = {"mkdocs.yml": MKDOCS, "docs/index.md": "# Home\n", "processes/plain/README.md": text}
    shown = (build(files={**files, "handrail.yml": HOSTILE["handrail.yml"]}) / "processes/plain/index.html").read_text()
    escaped = (build(files={**files, "handrail.yml": config}) / "processes/plain/index.html").read_text()
    for tag in ("<details><summary>more", "<kbd>Enter</kbd>", "<b>y</b>"):
        assert (tag in shown, tag in escaped) == (True, False)
        assert tag.replace("<", "&lt;").replace(">", "&gt;") in escaped
    assert "<code>&lt;i&gt;</code>" in escaped
