"""Pages of runs are put into a frame that serves all runs of a process: nobody can see a difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from site_made import MKDOCS, RUN, SAMPLE

RUNS = "processes/customer-onboarding/runs"
TITLES = {
    "2026-11-17-bob": "Bob & <Söhne> \\\\1 {{ page.title }}",
    "2026-11-17-株式会社": "株式会社",
    "2026-11-18-eva": "  Eva  'quoted' `code` **bold**",
    "2026-11-19-long": "a title " * 30,
}
PROOF = "link=https://example.org/signed.pdf: sent by mail"
WEB = "https://github.com/team/shop"
SEEN = """\
import pathlib

seen = []

def on_post_page(output, page, config):
    seen.append(page.file.src_uri + chr(10))

def on_post_build(config):
    pathlib.Path(config.site_dir, "seen.txt").write_text("".join(seen), "utf-8")
"""


def many(**changes: str) -> dict[str, str]:
    found = {
        f"{RUNS}/{name}.md": RUN.replace("2026-11-16-ada", name)
        .replace("title: Ada Lovelace", f'title: "{title}"')
        .replace(PROOF, f"file={RUNS}/{name}/notes.txt: kept")
        for name, title in TITLES.items()
    }
    found |= {f"{RUNS}/{name}/notes.txt": "notes\n" for name in TITLES}
    return {**SAMPLE, **found, **changes}


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def with_pages(how: str, mkdocs: str = MKDOCS) -> str:
    return mkdocs.replace("plugins: [search, handrail]", f"plugins: [search, {{handrail: {{run_pages: {how}}}}}]")


@pytest.mark.parametrize(
    "mkdocs",
    [
        pytest.param(MKDOCS, id="as the sample has it"),
        pytest.param(
            MKDOCS.replace("features: [", "features: [navigation.tabs, navigation.path, toc.integrate, ")
            .replace("site_name: Sample\n", "site_name: Sample\nsite_url: https://example.org/ü/\n")
            .replace(f"repo_url: {WEB}\nedit_uri: edit/main/docs/\n", "use_directory_urls: false\n"),
            id="tabs, an address, no git host, plain addresses",
        ),
        pytest.param(
            MKDOCS.replace("content.action.edit", "content.action.edit, content.action.view").replace(
                "edit_uri: edit/main/docs/", "edit_uri_template: 'edit/main/docs/{path}?plain=1#{path_noext}'"
            ),
            id="both buttons, addresses by a template",
        ),
    ],
)
def test_in_frames_the_site_is_byte_for_byte_the_same(build: Any, monkeypatch, mkdocs: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795424400")
    whole = tree(build({"mkdocs.yml": with_pages("full", mkdocs)}, files=many()))
    framed = tree(build({"mkdocs.yml": with_pages("auto", mkdocs)}, files=many()))
    assert sorted(framed) == sorted(whole)
    assert [name for name in whole if framed[name] != whole[name]] == []


def test_a_hook_sees_each_page_unless_the_site_says_that_it_need_not(build: Any) -> None:
    hooked = MKDOCS + "hooks: [seen.py]\n"
    for how, all_seen in (("auto", True), ("quick", False)):
        site = build({"mkdocs.yml": with_pages(how, hooked), "seen.py": SEEN}, files=many())
        seen = (site / "seen.txt").read_text("utf-8").splitlines()
        assert all((site / RUNS / name / "index.html").exists() for name in TITLES)
        assert all(f"{RUNS}/{name}/index.md" in seen for name in TITLES) == all_seen


def test_a_template_that_looks_at_the_page_sees_each(build: Any) -> None:
    mkdocs = MKDOCS.replace("theme:\n", "theme:\n  custom_dir: own\n")
    main = (
        '{% extends "base.html" %}\n{% block footer %}{% if "Bob" in page.content %}about Bob{% endif %}{% endblock %}'
    )
    site = build({"mkdocs.yml": mkdocs, "own/main.html": main}, files=many())
    about = [name for name in TITLES if "about Bob" in (site / RUNS / name / "index.html").read_text("utf-8")]
    assert about == ["2026-11-17-bob"]


def test_pages_of_the_site_may_link_and_list_runs(build: Any) -> None:
    name = "2026-11-18-eva"
    home = f"# Home\n\n[Eva]({RUNS}/{name}/index.md#signed)\n"
    nav = f"nav:\n  - Home: index.md\n  - Ada: {RUNS}/2026-11-16-ada/index.md\n"
    site = build({"mkdocs.yml": MKDOCS + nav, "docs/index.md": home}, files=many())
    page = (site / "index.html").read_text("utf-8")
    assert f'href="{RUNS}/{name}/#signed"' in page
    assert f'href="{RUNS}/2026-11-16-ada/"' in page


SHORT = """\
---
run: release/2026-11-01-v{0}
process: release
title: Version {0}
started: 2026-11-01T09:00:00Z
by: "@ana"
---

- [x] Cut it {{#cut}}
  - 2026-11-02T09:00:00Z @ana done file=processes/release/runs/2026-11-01-v{0}/notes.txt

- [ ] Ship it {{#ship @ben}}
"""


@pytest.mark.slow
def test_very_many_pages_are_the_same_though_several_processes_write_them(build: Any, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795424400")
    at_home = MKDOCS.replace(f"repo_url: {WEB}\nedit_uri: edit/main/docs/\n", "")
    runs = {f"processes/release/runs/2026-11-01-v{number}.md": SHORT.format(number) for number in range(330)}
    notes = {f"processes/release/runs/2026-11-01-v{number}/notes.txt": "notes\n" for number in (3, 200, 329)}
    files = {**SAMPLE, **runs, **notes}
    whole = tree(build({"mkdocs.yml": with_pages("full", at_home)}, files=files))
    framed = tree(build({"mkdocs.yml": with_pages("auto", at_home)}, files=files))
    assert sorted(framed) == sorted(whole)
    assert [name for name in whole if framed[name] != whole[name]] == []
    assert framed["processes/release/runs/2026-11-01-v329/notes.txt"] == b"notes\n"
