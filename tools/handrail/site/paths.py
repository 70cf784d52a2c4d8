"""Where each page of the site stands, and how one page links to another."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote

from handrail.base.value import dataclass

HOME = "index.md"
PROCESSES = "processes/index.md"
PROJECTS = "projects/index.md"
PEOPLE = "people/index.md"
STALLED = "stalled/index.md"
CALENDAR = "calendar/index.md"
ACTIVITY = "activity/index.md"
KIND = "process-or-project/index.md"

_UNSAFE = re.compile(r"[^\w.-]+")


def process_src(process: str) -> str:
    """Give the place of a process's page among the site's sources."""
    return f"processes/{process}/index.md"


def run_src(run: str) -> str:
    """Give the place of the page of the run `<process>/<run id>`."""
    process, _, name = run.rpartition("/")
    return f"processes/{process}/runs/{name}/index.md"


def archive_src(process: str, number: int = 1) -> str:
    """Give the place of a page of a process's older runs. No run is called so: their names begin with a date."""
    return f"processes/{process}/runs/index.md" if number == 1 else f"processes/{process}/runs/page-{number}/index.md"


def project_src(project: str) -> str:
    """Give the place of a project's page."""
    return f"projects/{project}/index.md"


def tasks_src(project: str, number: int) -> str:
    """Give the place of a page with some of a long project's tasks. No file beside the project is called so."""
    return f"projects/{project}/tasks--{number}/index.md"


def person_src(person: str) -> str:
    """Give the place of a person's page. A key that is no file name is made one."""
    return f"people/{_UNSAFE.sub('-', person).strip('.-') or 'somebody'}/index.md"


def page_src(path: str) -> str:
    """Give the place of the page made from a workspace's Markdown file beside a process or project."""
    stem = posixpath.splitext(path)[0]
    return f"{posixpath.dirname(path)}/index.md" if posixpath.basename(stem) == "README" else f"{stem}/index.md"


@dataclass(frozen=True, slots=True)
class Urls:
    """How addresses are written: `directory_urls` as MkDocs' `use_directory_urls`."""

    directory_urls: bool = True

    def address(self, src: str) -> str:
        """Give a page's or file's address below the root of the site, unquoted."""
        folder, name = posixpath.split(src)
        stem, extension = posixpath.splitext(name)
        if extension != ".md":
            return src
        if stem in {"index", "README"}:
            return f"{folder}/" if self.directory_urls and folder else f"{folder}/index.html".lstrip("/")
        return posixpath.join(folder, stem, "") if self.directory_urls else posixpath.join(folder, f"{stem}.html")

    def relative(self, source: str, target: str, anchor: str = "") -> str:
        """Give the address of `target` as seen from `source`, both places among the sources; works under any root."""
        here, there = self.address(source), self.address(target)
        if self.directory_urls and there == "index.html":
            there = ""
        fragment = f"#{quote(anchor)}" if anchor else ""
        if source == target and fragment:
            return fragment
        base = here if here.endswith("/") else posixpath.dirname(here)
        if self.directory_urls and here == "index.html":
            base = ""
        path = _relative(there, base)
        if not there or there.endswith("/"):
            path = "./" if path == "." else f"{path}/"
        return quote(path) + fragment


def _relative(there: str, base: str) -> str:
    """Give the way from one folder below the root to a place, as `posixpath.relpath` does for plain paths."""
    if "//" in there or "." in there.split("/") or ".." in there.split("/"):
        return posixpath.relpath("/" + there, "/" + base)
    to, up = [part for part in there.split("/") if part], [part for part in base.split("/") if part]
    same = 0
    while same < len(to) and same < len(up) and to[same] == up[same]:
        same += 1
    return "/".join([".."] * (len(up) - same) + to[same:]) or "."
