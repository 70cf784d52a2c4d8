"""The home page: who is waited for and why, where the active runs are, what was finished this week."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from site_made import RUN, SAMPLE, run_mkdocs, write_workspace

EVIL = '<script>alert("1")</script>'
NOBODYS = "---\ntitle: Release\n---\n\n- [ ] Cut it {#cut}\n\n- [ ] Ship it {#ship @ana approval}\n"


def other(process: str, name: str, title: str, items: str) -> tuple[str, str]:
    text = (
        f"---\nrun: {process}/{name}\nprocess: {process}\nrevision: {'0' * 40}\ntitle: {title}\n"
        f"started: {name[:10]}T09:00:00Z\n---\n\n{items}\n## Log\n\n- {name[:10]}T09:00:00Z @ana started\n"
    )
    return f"processes/{process}/runs/{name}.md", text


CUT = "- [x] Cut it {#cut}\n  - 2026-11-18T09:30:00Z @ana done\n\n"
DONE = f"{CUT}- [x] Ship it {{#ship}}\n  - 2026-11-19T10:00:00Z @ben done\n"
WAITING = "- [x] Cut it {#cut}\n  - 2026-11-20T15:00:00Z @ana done\n\n- [ ] Ship it {#ship @chi approval}\n"
LOST = "- [ ] Cut it {#cut}\n\n- [ ] Ship it {#ship}\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, plugin_path: str) -> str:
    base = tmp_path_factory.mktemp("home")
    files = {
        **SAMPLE,
        "processes/release/README.md": NOBODYS,
        **dict(
            [
                other("release", "2026-11-17-whole", "Whole", DONE),
                other("release", "2026-11-20-asked", EVIL.replace('"', "'"), WAITING),
                other("release", "2026-11-02-lost", "Lost", LOST),
            ]
        ),
        "processes/customer-onboarding/runs/2026-11-17-bo.md": RUN.replace("2026-11-16-ada", "2026-11-17-bo"),
    }
    done = run_mkdocs(write_workspace(base / "workspace", files), base / "site", plugin_path)
    assert done.returncode == 0, done.stdout + done.stderr
    html = (base / "site" / "index.html").read_text("utf-8")
    return html[html.index('class="hr-dashboard"') : html.index("The end.")]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def part(home: str, name: str) -> str:
    begin = home.index(f'<h2 id="{name}"')
    end = home.find("<h2", begin + 4)
    return home[begin : end if end > 0 else len(home)]


def test_what_waits_stands_under_the_person_who_is_waited_for(home: str):
    told = words(part(home, "attention"))
    assert re.search(r"AR Ana Reyes 2 By us Ada Lovelace: nothing has happened for \d working days", told)
    assert re.search(r"CN Chi Nwosu 1 Ship it .*: to approve", told)


def test_what_is_nobodys_comes_first(home: str):
    told = words(part(home, "attention"))
    assert told.index("Nobody yet") < told.index("Ana Reyes")
    assert "Lost" in told[: told.index("Ana Reyes")]


def test_runs_are_counted_at_their_stages(home: str):
    runs = part(home, "runs")
    onboarding = runs[runs.index("Customer onboarding") : runs.index("</ol>", runs.index("Customer onboarding"))]
    cells = [words(cell) for cell in re.findall(r"<li[^>]*>(.*?)</li>", onboarding)]
    assert cells == ["2 runs Contract", "0 runs Hand-over"]
    assert "2 active runs" in words(runs)
    assert 'href="processes/customer-onboarding/runs/2026-11-16-ada/"' in runs


def test_runs_that_were_finished_this_week_stand_with_their_process(home: str):
    assert "Whole Release, Thu 19 Nov" in words(part(home, "finished"))


def test_projects_stand_with_their_colour_and_their_end(home: str):
    assert re.search(r"Spring campaign .*at risk", words(part(home, "projects")))


def test_titles_that_mean_no_good_are_words(home: str):
    assert "<script" not in home and "alert('1')" in unescape(home)


def test_the_age_of_all_this_is_told(home: str):
    assert "As of Mon 23 Nov" in words(home)


def test_where_nothing_is_wanted_it_says_so(build):
    nothing = {name: text for name, text in SAMPLE.items() if "/runs/" not in name and not name.startswith("projects/")}
    site: Path = build(files=nothing)
    told = words((site / "index.html").read_text("utf-8"))
    assert "Nothing has stalled and nothing is late." in told and "No run is active." in told
