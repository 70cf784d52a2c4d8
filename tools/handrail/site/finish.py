"""What the MkDocs plugin would have done to built pages, for sites that another builder made of `site pages`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from handrail.base.value import dataclass
from handrail.site.older import GONE
from handrail.site.page import Page
from handrail.site.pages import Made
from handrail.site.paths import Urls
from handrail.site.policy import with_policy
from handrail.site.searched import add_entries
from handrail.site.workspace import write_extras

_MARK = 'class="hr-page"'
_STYLE = "assets/handrail/handrail.css"
_SCRIPT = "assets/handrail/handrail.js"
_UNLISTED = '<meta name="robots" content="noindex, nofollow">'


@dataclass(frozen=True, slots=True)
class Finish:
    """How to finish a site: its addresses, whether its pages get a policy, and whether it asks not to be listed.

    `docs` is the folder of the workspace's own pages.
    """

    urls: Urls
    policy: bool = True
    private: bool = False
    docs: Path = Path()


def finish(site: Path, root: Path, made: Made, how: Finish) -> tuple[str, ...]:
    """Put right the pages of `made` in the built `site` and write what stands beside them, from the workspace `root`.

    Gives the addresses of the pages that are missing: those without a file, and those whose file holds another page.
    The same call again changes nothing.
    """
    missing = tuple(_missing(site, made.pages, how))
    write_extras(site, made.extras)
    add_entries(site, made.pages, how.urls)
    if how.private:
        (site / "robots.txt").write_text("User-agent: *\nDisallow: /\n", encoding="utf-8")
    _lead_on(site / "404.html")
    _copy(Path(__file__).parent / "theme", site, (_STYLE, _SCRIPT))
    _copy(root, site, made.files)
    return missing


def _missing(site: Path, pages: Iterable[Page], how: Finish) -> Iterator[str]:
    for page in pages:
        address = _html_address(how.urls, page.src)
        path = site / address
        html = path.read_text("utf-8", errors="replace") if path.is_file() else ""
        if _MARK not in html:
            yield address
            continue
        finished = _finished(html, address, how)
        if finished != html:
            path.write_text(finished, encoding="utf-8", newline="")


def _finished(html: str, address: str, how: Finish) -> str:
    above = "../" * address.count("/")
    more = "" if _STYLE in html else f'<link rel="stylesheet" href="{above}{_STYLE}">'
    more += _script(html, above)
    more += _UNLISTED if how.private and _UNLISTED not in html else ""
    whole = re.sub(r"</head>", lambda end: more + end[0], html, count=1) if more else html
    held = not how.policy or "Content-Security-Policy" in whole.split("</head>", 1)[0]
    return whole if held else with_policy(whole, _content(whole))


def _lead_on(path: Path) -> None:
    """Have the page for what is not there lead to where older runs are listed; the theme's scripts tell its address."""
    html = path.read_text("utf-8", errors="replace") if path.is_file() else ""
    beside = re.search(r'src="([^"<>]*)assets/javascripts/', html)
    if beside and GONE not in html:
        more = f"{GONE}{_script(html, beside[1])}</head>"
        path.write_text(html.replace("</head>", more, 1), encoding="utf-8", newline="")


def _script(html: str, above: str) -> str:
    """Give the element that loads our script from below `above`, nothing where a page has it."""
    return "" if _SCRIPT in html else f'<script src="{above}{_SCRIPT}" defer></script>'


def _content(html: str) -> str:
    """Give the generated part, which is not trusted: all from its mark to the end of the theme's article."""
    start = html.index(_MARK)
    end = html.rfind("</article>")
    return html[start:end] if end > start else html[start:]


def _copy(source: Path, site: Path, names: Iterable[str]) -> None:
    for name in names:
        target = site / name
        if not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, target)


def _html_address(urls: Urls, src: str) -> str:
    address = urls.address(src)
    return f"{address}index.html" if address.endswith("/") else address
