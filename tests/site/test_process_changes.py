"""A process's page tells what changed in its procedure lately: when, by whom, and what it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from site_made import SAMPLE, git, run_mkdocs, write_workspace

PATH = "processes/release/README.md"
FIRST = "---\ntitle: Release\n---\n\n- [ ] Cut it {#cut}\n\n- [ ] Ship it {#ship due=2d}\n"
Page = Callable[..., str]


@pytest.fixture
def page(tmp_path: Path, plugin_path: str) -> Page:
    """Commit the texts of one procedure one after the other, and give the last part of its page."""

    def make(*texts: tuple[str, str, str]) -> str:
        root = write_workspace(tmp_path / "workspace", SAMPLE)
        git(root, "init", "--quiet", "--initial-branch=main")
        for text, who, day in texts:
            (root / PATH).write_text(text, encoding="utf-8")
            git(root, "add", "--all")
            git(root, "commit", "--quiet", "--message", "<b>why</b>", who=who, day=day)
        done = run_mkdocs(root, tmp_path / "site", plugin_path)
        assert done.returncode == 0, done.stdout + done.stderr
        html = (tmp_path / "site/processes/release/index.html").read_text("utf-8")
        return html[html.index('id="part--changes"') : html.index("</article>")]

    return make


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_newest_change_comes_first_with_its_day_its_author_and_what_it_means(page: Page):
    second = FIRST.replace("due=2d", "due=3d").replace("title: Release", "title: Release\ntarget: 5d")
    told = page((FIRST, "Ana <ana@example.org>", "2026-11-02"), (second, "Ben <ben@example.org>", "2026-11-09"))
    shown = words(told)
    assert "Mon 9 Nov BI Ben Ito 2 changes target “5d” (new) “Ship it” : deadline “3d” instead of “2d”" in shown
    assert shown.index("Ben Ito") < shown.index("Mon 2 Nov AR Ana Reyes first version, 2 steps")
    assert '<a href="#ship">' in told


def test_a_step_that_came_leads_to_it_and_one_that_went_does_not(page: Page):
    second = FIRST.replace("- [ ] Cut it {#cut}", '- [ ] <script>alert("1")</script> {#new}')
    told = page((FIRST, "Ana <ana@example.org>", "2026-11-02"), (second, "Out Sider <out@example.org>", "2026-11-03"))
    assert 'new: <a href="#new">' in told and "gone: “Cut it”" in words(told)
    assert "<script" not in told and "Out Sider" not in told and "out-sider" in words(told)


def test_commits_that_change_no_meaning_are_left_out_and_old_ones_are_not_listed(page: Page):
    texts = [(FIRST + "\n" * number, "Ana <ana@example.org>", "2026-11-02") for number in range(3)]
    texts += [
        (FIRST.replace("due=2d", f"due={number}d"), "Ana <ana@example.org>", "2026-11-03") for number in range(3, 12)
    ]
    told = page(*texts)
    assert told.count('class="hr-update"') == 5
    assert "first version" not in words(told)
