"""A project's page and the portfolio: what a manager sees first, the pictures, and the same in words."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from site_made import run_mkdocs, write_workspace
from site_project import FILES, LONG, RTL, SCRIPT
from test_site_build import broken_links


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, plugin_path: str) -> Path:
    base = tmp_path_factory.mktemp("projects")
    root = write_workspace(base / "workspace", FILES)
    done = run_mkdocs(root, base / "site", plugin_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "site"


@pytest.fixture(scope="module")
def page(site: Path) -> str:
    return article(site / "projects/move/index.html")


def article(path: Path) -> str:
    html = path.read_text("utf-8")
    return html[html.index("<article") : html.index("</article>")]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def part(page: str, name: str) -> str:
    begin = page.index(f'id="part--{name}"')
    end = page.find('id="part--', begin + 10)
    return page[begin : end if end > 0 else len(page)]


def test_what_the_report_says_and_what_the_rule_says_stand_side_by_side(page: str):
    head = words(page[: page.index('id="part--')])
    assert "on track" in head and "Reported on track on Fri 20 Nov by ML Mara Lind" in head
    assert "the rule says in trouble" in head
    assert "the target" in head


def test_what_needs_somebody_comes_before_the_timeline_and_the_prose(page: str):
    order = [page.index(f'id="part--{name}"') for name in ("attention", "timeline", "about", "milestones")]
    assert order == sorted(order)
    told = words(part(page, "attention"))
    assert "R1 overdue by" in told
    assert "Who answers the risk “Nobody knows”?" in told
    assert "Do next" in told and "Who needs help" in told


def test_every_kind_of_link_is_an_arrow_and_stands_in_the_table(page: str):
    timeline = part(page, "timeline")
    assert timeline.count('marker-end="url(#hr-tip') == 7, "one point for each of the seven links"
    table = words(timeline[timeline.index("The same as a table") :])
    assert "starts with Choose" in table and "ends with Choose" in table and "ends when this starts: Pack" in table


def test_the_timeline_shows_the_baseline_the_target_and_today(page: str):
    timeline = part(page, "timeline")
    assert timeline.count("hr-b__was") == 5
    assert "hr-gantt__today" in timeline and "hr-gantt__target" in timeline and "hr-gantt__off" in timeline
    assert 'role="img"' in timeline and "<title>Prepare: 4 tasks, 1 closed" in timeline


def test_milestones_stand_against_what_was_agreed(page: str):
    told = words(part(page, "milestones"))
    assert re.search(r"Moved Wed 2 Dec Tue 17 Nov \+\d+ working days", told), told


def test_a_column_that_holds_too_much_says_so(page: str):
    told = words(part(page, "board"))
    assert "Doing 2 of 1 more than agreed" in told


def test_risks_are_numbered_from_the_matrix_to_the_list(page: str):
    risks = part(page, "risks")
    assert "2,700 EUR" in words(risks)
    heavy = re.search(r'<th scope="row">likely</th>(.*?)</tr>', risks)
    assert heavy and words(heavy[1]) == "1"
    assert 'hr-matrix__cell--4"><span class="hr-matrix__mark">1</span>' in risks


def test_money_and_pace_are_pictures_and_figures(page: str):
    assert "As agreed" not in words(part(page, "pace")) and "finished" in words(part(page, "pace"))
    told = words(part(page, "money"))
    assert "planned (PV)" in told and "Earned value (EV)" in told and "20,000 EUR" in told
    assert part(page, "money").count('role="img"') == 1


def test_people_and_weeks_are_told_against_the_time_there_is(page: str):
    told = words(part(page, "load"))
    assert "Ana Reyes" in told and "/ 40 h" in told


def test_names_that_mean_no_good_are_only_text(page: str, site: Path):
    for html in (page, article(site / "projects/index.html")):
        assert "<script" not in html
    assert SCRIPT.replace('"', "'") in unescape(part(page, "risks"))
    assert LONG in page and RTL in page


def test_pictures_have_no_ids_that_clash_and_nothing_from_elsewhere(page: str):
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert not re.search(r'<(?:img|script|link|use)\b[^>]*(?:src|href)="https?:', page)


def test_a_project_of_three_hundred_tasks_stays_light_and_loses_nothing(site: Path):
    plain = len((site / "process-or-project/index.html").read_bytes())
    page = (site / "projects/long/index.html").read_bytes()
    assert len(page) - plain < 150_000
    assert "120 of 300 tasks are drawn" in words(page.decode())
    parts = sorted((site / "projects/long").glob("tasks--*/index.html"))
    told = "".join(article(one) for one in parts)
    assert all(f'id="t{phase}-{number}"' in told for phase in range(6) for number in range(50))


def test_every_link_of_the_site_leads_somewhere(site: Path):
    assert broken_links(site) == []


def test_the_portfolio_begins_with_the_project_that_needs_somebody_most(site: Path):
    told = words(article(site / "projects/index.html"))
    assert told.index("Spring campaign") < told.index("Move")
    assert "as reported; by rule in trouble" in told
    assert "reported 3 days ago" in told and "no report yet" in told


def test_all_projects_stand_on_one_calendar(site: Path):
    page = article(site / "projects/index.html")
    calendar = page[page.index("All on one calendar") :]
    names = re.findall(r"<li[^>]*><a href=[^>]*>([^<]+)</a>", calendar)
    assert set(names) == {"Spring campaign", "Move", "Long haul"}
    assert "<title>Move: on track," in calendar and "target 18 Dec 2026</title>" in calendar


def test_a_project_that_is_over_has_no_board_no_load_and_nothing_to_attend_to(build):
    over = "---\ntitle: Over\n---\n\n- [x] All {#all @ana est=1d}\n  - 2026-11-18T16:00:00Z @ana done\n"
    page = article(build({"projects/spring/README.md": over}) / "projects/spring/index.html")
    parts = re.findall(r'id="part--(\w+)"', page)
    assert "timeline" in parts
    assert not {"attention", "board", "load"} & set(parts)


def test_a_task_that_a_run_does_stands_everywhere_as_the_run_does(build):
    """Until somebody closes the task, its run alone says that it is done."""
    project = """\
---
title: Summer
owner: "@mara"
start: 2026-11-02
---

- [ ] Cut the release {#cut run=release @ana est=3d}

- [ ] Tell everybody {#tell run=release @ben est=1d after=cut}
"""
    run = """\
---
run: release/{name}
process: release
title: Version {name}
started: 2026-11-16T09:00:00Z
by: "@ana"
project: summer#{task}
---

- [{box}] Cut it {{#cut @ana}}
  - 2026-11-17T09:00:00Z @ana {verb}
"""
    files = {
        "projects/summer/README.md": project,
        "processes/release/runs/one.md": run.format(name="one", task="cut", box="x", verb="done"),
        "processes/release/runs/two.md": run.format(name="two", task="tell", box=" ", verb="started"),
    }
    page = (build(files) / "projects/summer/index.html").read_text("utf-8")
    work = page[page.index('id="part--work"') : page.index('id="part--runs"')]
    cut, tell = work.split('id="tell"')[0], work.split('id="tell"')[1]
    assert "hr-step--done" in cut
    assert "its run is done" in cut
    assert "ready" not in cut
    assert "hr-step--doing" in work.split('id="cut"')[1].split('id="tell"')[0]
    assert "in work" in tell
