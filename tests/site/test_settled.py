"""Of many runs, those that are long over are not read, and their pages are kept: nobody can tell by the site."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from handrail.model.state import RunState
from handrail.site import pages as generator
from handrail.site import workspace as reader
from handrail.site.context import Site
from handrail.site.kept import Renderers
from handrail.site.page import Page
from handrail.site.paths import Urls
from handrail.site.workspace import load, make, renderer

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  ben: {name: Ben Ito, email: [ben@example.org]}
calendar: {timezone: Europe/Berlin}
"""
PROCESS = """\
---
title: Close the month
owner: "@ana"
roles: {books: ana}
---

## Collect

- [ ] Ask for receipts {#ask role=books due=2d}

  See [how](guide.md), ![where](place.png) and [what is not there yet](later.md).

- [ ] Book them {#book @ben after=ask}

## Tell

- [ ] Send the report {#send role=books}
"""
DONE = """\
---
run: close/{name}
process: close
revision: {revision}
title: "{title}"
started: {started:%Y-%m-%dT%H:%M:%SZ}
by: "@ana"
roles: {{books: [ana]}}
---

## Collect

- [x] Ask for receipts {{#ask @ana role=books due=2d}}
  - {asked:%Y-%m-%dT%H:%M:%SZ} @ana done link=https://example.org/a?b=<c>: "all" of them & more

- [x] Book them {{#book @ben after=ask}}
  - {booked:%Y-%m-%dT%H:%M:%SZ} @{who} done

## Tell

- [{mark}] Send the report {{#send @ana role=books}}
{sent}"""


def a_run(root: Path, name: str, started: datetime, *, title: str = "", who: str = "ben", over: bool = True) -> Path:
    """Write a run that was done within ten days, or that waits for its last step."""
    path = root / "processes" / "close" / "runs" / f"{started:%Y-%m-%d}-{name}.md"
    path.parent.mkdir(exist_ok=True, parents=True)
    sent = started + timedelta(days=9)
    text = DONE.format(
        name=path.stem,
        revision=git(root, "hash-object", "processes/close/README.md"),
        title=title or f"The books of {name}",
        started=started,
        asked=started + timedelta(days=1),
        booked=started + timedelta(days=4),
        who=who,
        mark="x" if over else " ",
        sent=f"  - {sent:%Y-%m-%dT%H:%M:%SZ} @ana done\n" if over else "",
    )
    path.write_text(text, encoding="utf-8")
    return path


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "-c", "user.name=Ana Reyes", "-c", "user.email=ana@example.org", "commit", "-qm", "as it is")


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a workspace with runs of two years, of which the site takes few for many."""
    monkeypatch.setattr(reader, "MANY", 1)
    root = tmp_path / "books"
    (root / "processes" / "close").mkdir(parents=True)
    git(root, "init", "-q")
    (root / "handrail.yml").write_text(CONFIG)
    (root / "processes" / "close" / "README.md").write_text(PROCESS)
    (root / "processes" / "close" / "guide.md").write_text("# How to ask\n")
    for months in range(1, 25):
        started = NOW - timedelta(days=30 * months)
        a_run(root, f"month-{months}", started, who="zoe" if months == 20 else "ben")
    a_run(root, "now", NOW - timedelta(days=5), over=False)
    a_run(root, "young", NOW - timedelta(hours=3), over=False)
    blocked = a_run(root, "blocked", NOW - timedelta(days=70), over=False)
    words = f"{NOW - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ} @ana blocked until=2026-11-24: the bank is shut"
    blocked.write_text(f"{blocked.read_text()}  - {words}\n")
    late = a_run(root, "late", NOW - timedelta(days=30), over=False)
    late.write_text(late.read_text().replace("{#send @ana", "{#send due=2026-11-23 @ana"))
    a_run(root, "odd", NOW - timedelta(days=400), title="<b>Ünï</b> & *all* `x`")
    commit(root)
    return root


def site_of(root: Path, now: datetime = NOW, *, keep: bool = True, language: str = "en") -> dict[str, object]:
    """Give everything that a site is written of."""
    extensions = ["admonition", "attr_list", "tables"]
    rendering = Renderers.told(extensions, {}, escape_html=False)
    source = load(root, now, keep=keep)
    assert (source.settled is not None) == keep
    render = renderer(extensions, {}, escape_html=False)
    made = make(source, render, urls=Urls(True), language=language, rendering=rendering)
    problems = [*source.problems, *(made.settled.problems if made.settled else ())]
    return {
        **{page.src: made.whole(page) for page in made.pages},
        **{f"beside {extra.path}": extra.text for extra in made.extras},
        "files": made.files,
        "problems": sorted(f"{one.place} {one.level} {one.message} {one.hint}" for one in problems),
    }


@pytest.fixture
def made_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """List the runs whose pages are made."""
    made: list[str] = []
    make_one = generator.run_page

    def told(site: Site, state: RunState) -> Page:
        made.append(state.run.title)
        return make_one(site, state)

    monkeypatch.setattr(generator, "run_page", told)
    return iter([made])


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_site_is_the_same_with_kept_pages_and_without_on_any_day(books: Path, language: str):
    for after in (
        timedelta(0), timedelta(0), timedelta(minutes=20), timedelta(hours=2), timedelta(hours=9), timedelta(days=1),
        timedelta(days=1, hours=5), timedelta(days=40), timedelta(days=150), timedelta(days=500)
    ):  # fmt: skip
        now = NOW + after
        assert site_of(books, now, language=language) == site_of(books, now, keep=False, language=language)


def change_the_title_of_a_run(root: Path) -> None:
    path = next(root.glob("processes/close/runs/*month-9.md"))
    path.write_text(path.read_text().replace("The books of", "All books of"))


def change_who_is_called_ben(root: Path) -> None:
    path = root / "handrail.yml"
    path.write_text(path.read_text().replace("Ben Ito", "Benjamin Ito"))


def change_the_procedure(root: Path) -> None:
    path = root / "processes" / "close" / "README.md"
    path.write_text(path.read_text().replace("Close the month", "Close a month"))


def write_what_a_link_led_to(root: Path) -> None:
    (root / "processes" / "close" / "later.md").write_text("# Later\n")


def remove_what_a_link_leads_to(root: Path) -> None:
    (root / "processes" / "close" / "guide.md").unlink()


def bring_the_picture(root: Path) -> None:
    (root / "processes" / "close" / "place.png").write_bytes(b"\x89PNG")


def make_a_mistake_in_an_old_run(root: Path) -> None:
    path = next(root.glob("processes/close/runs/*month-9.md"))
    path.write_text(path.read_text().replace("@ben after=ask", "@nobody after=asked"))


def break_an_old_run(root: Path) -> None:
    path = next(root.glob("processes/close/runs/*month-9.md"))
    path.write_text("no front matter\n" + path.read_text())


def tick_a_box_by_hand(root: Path) -> None:
    path = next(root.glob("processes/close/runs/*month-9.md"))
    path.write_text(re.sub(r"\n  - \S+ @ben done", "", path.read_text()))


def start_a_run_for_an_old_one(root: Path) -> None:
    above = next(root.glob("processes/close/runs/*month-9.md")).stem
    path = next(root.glob("processes/close/runs/*-now.md"))
    path.write_text(path.read_text().replace("by: ", f"parent: close/{above}#book\nby: ", 1))


def tick_a_box_of_a_run_that_goes_on(root: Path) -> None:
    path = next(root.glob("processes/close/runs/*-now.md"))
    path.write_text(path.read_text().replace("- [ ] Send", "- [x] Send"))


def say_something_in_a_run_that_goes_on(root: Path) -> None:
    path = next(root.glob("processes/close/runs/*-now.md"))
    path.write_text(f"{path.read_text()}  - {NOW:%Y-%m-%dT%H:%M:%SZ} @ben noted: hello\n")


def remove_an_old_run(root: Path) -> None:
    next(root.glob("processes/close/runs/*month-9.md")).unlink()


def archive_old_runs(root: Path) -> None:
    path = root / "handrail.yml"
    path.write_text(path.read_text() + "site: {archive_after: 300d}\n")


@pytest.mark.parametrize(
    "change",
    [
        change_the_title_of_a_run,
        change_who_is_called_ben,
        change_the_procedure,
        write_what_a_link_led_to,
        remove_what_a_link_leads_to,
        bring_the_picture,
        make_a_mistake_in_an_old_run,
        break_an_old_run,
        tick_a_box_by_hand,
        start_a_run_for_an_old_one,
        tick_a_box_of_a_run_that_goes_on,
        say_something_in_a_run_that_goes_on,
        remove_an_old_run,
        archive_old_runs,
    ],
)
def test_what_changed_is_seen(books: Path, change: Callable[[Path], None]):
    site_of(books)
    before = site_of(books)
    change(books)
    uncommitted = site_of(books, keep=False)
    assert site_of(books) == uncommitted != before
    commit(books)
    assert site_of(books) == site_of(books) == site_of(books, keep=False)


def test_only_what_changed_is_made_again(books: Path, made_pages: Iterator[list[str]]):
    (made,) = made_pages
    site_of(books)
    assert len(made) == 29
    made.clear()
    site_of(books)
    assert made == []
    change_the_title_of_a_run(books)
    say_something_in_a_run_that_goes_on(books)
    site_of(books)
    assert sorted(made) == ["All books of month-9", "The books of now"]
    made.clear()
    site_of(books, NOW + timedelta(hours=1))
    assert made == ["The books of young"], "its picture is drawn to the hour"
    made.clear()
    site_of(books, NOW + timedelta(days=1))
    going_on = ["blocked", "late", "month-1", "now", "young"]
    assert sorted(made) == [f"The books of {name}" for name in going_on], "what is not long over tells of today"


def test_a_mistake_in_a_run_that_is_not_read_is_told_in_each_build(books: Path):
    make_a_mistake_in_an_old_run(books)
    assert site_of(books)["problems"] == site_of(books)["problems"] == site_of(books, keep=False)["problems"] != []


@pytest.mark.parametrize("harm", ["nonsense", "empty", "cut", "other bytes", "folder"])
def test_kept_pages_that_are_broken_are_made_again(books: Path, harm: str):
    whole = site_of(books)
    path = books / ".git" / "handrail" / "pages.sqlite"
    if harm == "other bytes":
        with sqlite3.connect(path) as database:
            database.execute("UPDATE page SET value = x'00'")
    elif harm == "folder":
        path.unlink()
        path.mkdir()
    else:
        data = path.read_bytes()
        path.write_bytes({"nonsense": b"not a database" * 999, "empty": b"", "cut": data[: len(data) // 2]}[harm])
    assert site_of(books) == site_of(books) == whole


MKDOCS = "site_name: Books\ntheme: {name: material, font: false}\nplugins: [search, handrail]\n"
FIRST, ODD = "processes/close/runs/2024-12-03-month-24", "processes/close/runs/2025-10-19-odd"


@pytest.fixture
def built(books: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a site that was built once."""
    monkeypatch.setenv("HANDRAIL_NOW", NOW.isoformat())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    (books / "docs").mkdir()
    (books / "mkdocs.yml").write_text(MKDOCS)
    commit(books)
    build(books)
    return books / "site"


def build(root: Path, site: str = "site", *, dirty: bool = False) -> Path:
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(root / site))
    config.plugins.run_event("startup", command="build", dirty=dirty)
    mkdocs_build(config, dirty=dirty)
    return root / site


def contents(site: Path) -> dict[str, bytes]:
    """Give the files of a site, but for the packed site map, which has the time of its making in it."""
    found = (path for path in site.rglob("*") if path.is_file() and path.suffix != ".gz")
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in found}


def times(site: Path) -> dict[str, int]:
    return {path.parent.name: path.stat().st_mtime_ns for path in site.glob("processes/close/runs/2*/index.html")}


def test_a_page_that_would_come_out_the_same_stays_as_it_is(built: Path, books: Path):
    before = times(built)
    assert len(before) == 29
    change_the_title_of_a_run(books)
    build(books)
    after = times(built)
    assert [name for name in before if after[name] != before[name]] == ["2026-02-26-month-9"]
    assert contents(built) == contents(build(books, "another"))
    assert not list(built.glob(".*"))


def test_a_page_in_another_frame_is_written_anew(built: Path, books: Path):
    before = times(built)
    (books / "mkdocs.yml").write_text(MKDOCS + "copyright: Ours\n")
    build(books)
    assert not set(before.values()) & set(times(built).values())
    assert b"Ours" in (built / FIRST / "index.html").read_bytes()
    assert contents(built) == contents(build(books, "another"))


def test_what_others_did_to_the_folder_does_not_stay(built: Path, books: Path):
    whole = contents(built)
    page, other = built / FIRST / "index.html", built / ODD / "index.html"
    page.write_bytes(page.read_bytes().replace(b"<h1>", b"<h2>"))
    other.unlink()
    other.symlink_to(page)
    (built / FIRST / "index.html.gz").write_bytes(b"packed")
    (built / "processes/close/runs/2020-01-01-gone").mkdir()
    (built / "processes/close/runs/2020-01-01-gone/index.html").write_text("gone")
    (built / ".handrail-before").mkdir()
    (built / ".handrail-before/left by a build that was killed").touch()
    (built / ".git").mkdir()
    build(books)
    assert contents(built) == whole
    assert sorted(path.name for path in built.glob(".*")) == [".git"]
    assert not (built / "processes/close/runs/2020-01-01-gone").exists()


def test_what_was_set_aside_does_not_stay_after_a_build_that_failed(built: Path, books: Path):
    whole = contents(built)
    (books / "mkdocs.yml").write_text(f"{MKDOCS}hooks: [fails.py]\n")
    (books / "fails.py").write_text("def on_post_build(config):\n    raise RuntimeError('no')\n")
    with pytest.raises(RuntimeError):
        build(books)
    assert not list(built.glob(".*"))
    (books / "mkdocs.yml").write_text(MKDOCS)
    build(books)
    assert contents(built) == whole


def test_a_folder_that_lies_elsewhere_is_written_to_where_it_lies(built: Path, books: Path):
    whole = contents(built / "processes")
    (built / "processes").rename(books / "elsewhere")
    (built / "processes").symlink_to(books / "elsewhere")
    (books / "elsewhere/close/runs" / Path(FIRST).name / "index.html").write_text("old")
    build(books)
    assert (built / "processes").is_symlink()
    assert contents(books / "elsewhere") == whole


def test_a_build_that_does_not_empty_the_folder_writes_every_page(built: Path, books: Path):
    page = built / FIRST / "index.html"
    whole = page.read_bytes()
    page.write_text("old")
    build(books, dirty=True)
    assert page.read_bytes() == whole
