"""The calendar, the log of what everybody did, and the four questions, as pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from site_made import RUN

pytestmark = pytest.mark.browser
RUN_PATH = "processes/customer-onboarding/runs/2026-11-16-ada.md"
LATE_AND_NOT = RUN.replace("due: 2026-11-30", "due: 2026-11-23")


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_calendar_shows_this_month_and_the_next_with_what_is_due(sample_site: Path):
    page = (sample_site / "calendar/index.html").read_text("utf-8")
    assert "November 2026" in page
    assert "December 2026" in page
    today = page.split('datetime="2026-11-23" class="hr-day__number"')[0].rpartition("<td")[2]
    assert "hr-day--today" in today
    sunday = page.split('datetime="2026-11-22" class="hr-day__number"')[0].rpartition("<td")[2]
    assert "hr-day--off" in sunday


def test_the_agenda_lists_what_comes_by_day(sample_site: Path):
    page = words((sample_site / "calendar/index.html").read_text("utf-8").split('id="agenda"')[1])
    assert page.index("Mon 30 Nov") < page.index("Ada Lovelace") < page.index("Thu 31 Dec") < page.index("target date")


def test_the_activity_links_to_the_step_and_names_people(build: Callable[..., Path]):
    event = '  - 2026-11-17T10:00:00Z @mara assigned to="ben chi"\n  - 2026-11-18T10:00:00Z @mara due on=2026-12-01\n'
    step = "- [ ] Tell success {#tell @ben @chi role=success after=signed if=\"plan == 'pro'\"}\n"
    page = (build({RUN_PATH: RUN.replace(step, step + event)}) / "activity/index.html").read_text("utf-8")
    assert 'href="../processes/customer-onboarding/runs/2026-11-16-ada/#tell">Tell success</a>' in page
    told = words(page).replace("&nbsp;", " ")
    assert "assigned Tell success in Ada Lovelace → Ben Ito, Chi Nwosu" in told
    assert "moved the deadline of Tell success in Ada Lovelace → Tue 1 Dec" in told


def test_the_activity_is_narrowed_by_person_and_by_word(browser: Any, address: str):
    page = browser.new_page()
    page.goto(f"{address}activity/")
    assert page.locator(".hr-log__entry:visible").count() == 4
    page.select_option("select[data-key=who]", "mara")
    assert page.locator(".hr-log__entry:visible").count() == 1
    assert page.inner_text(".hr-filter__result") == "1 / 4"
    page.select_option("select[data-key=who]", "")
    page.fill("input[data-key='']", "brief")
    assert "Write the brief" in page.inner_text(".hr-log__entry:visible")
    assert page.locator(".hr-log__day:visible").count() == 1
    page.close()


def test_without_a_script_the_activity_is_whole_and_offers_no_dead_filter(browser: Any, address: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}activity/")
    assert page.locator(".hr-log__entry:visible").count() == 4
    assert page.locator(".hr-filter:visible").count() == 0
    context.close()


def test_tables_are_sorted_by_keyboard_and_say_so(browser: Any, address: str):
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{address}processes/customer-onboarding/")
    page.evaluate(
        """() => {
          const rows = [["b", "10"], ["a", "9"], ["c", ""]];
          const body = rows.map((row) => `<tr><th>${row[0]}</th><td>${row[1]}</td></tr>`).join("");
          const head = "<thead><tr><th>Name</th><th>Days</th></tr></thead>";
          const table = `<table class="hr-sortable" id="t">${head}<tbody>${body}</tbody></table>`;
          document.querySelector("article").insertAdjacentHTML("beforeend", table);
        }"""
    )
    page.add_script_tag(path=str(Path(__file__).parents[2] / "tools/handrail/site/theme/assets/handrail/handrail.js"))
    button = page.locator("#t thead button").nth(1)
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator("#t tbody th").all_inner_texts() == ["a", "b", "c"]
    assert page.locator("#t thead th").nth(1).get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert page.locator("#t tbody th").all_inner_texts() == ["b", "a", "c"], "what has no value stays last"
    context.close()


def test_four_answers_tell_what_kind_of_work_it_is(browser: Any, address: str):
    page = browser.new_page()
    page.goto(f"{address}process-or-project/")
    for number, answer in enumerate(("process", "process", "project", "process"), 1):
        assert not page.locator(".hr-verdict").is_visible()
        page.check(f"input[name=q{number}][value={answer}]")
    assert page.inner_text(".hr-verdict").startswith("It is a process")
    page.check("input[name=q1][value=project]")
    assert "something of both" in page.inner_text(".hr-verdict")
    page.close()


def test_the_pages_of_processes_and_projects_lead_to_the_questions(sample_site: Path):
    for name in ("processes", "projects"):
        assert 'href="../process-or-project/"' in (sample_site / name / "index.html").read_text("utf-8")


def test_dates_on_days_off_do_not_tear_a_day_apart_and_every_number_leads_to_its_list(build: Any):
    from site_made import PROJECT
    from test_site_build import broken_links, read_links

    projects = {
        f"projects/{name}/README.md": PROJECT.replace("2026-12-31", target) + "\n- [ ] Extra {#extra due=2026-11-27}\n"
        for name, target in (("one", "2026-11-28"), ("two", "2026-11-29"), ("three", "2026-12-31"))
    }
    site = build({**projects, "processes/customer-onboarding/runs/2026-11-16-ada.md": LATE_AND_NOT})
    page = site / "calendar/index.html"
    ids = read_links(page).ids
    assert len(ids) == len(set(ids)), "a day has one heading"
    assert broken_links(site) == []


def test_of_very_many_dates_the_next_are_listed_and_the_rest_are_counted(build: Any):
    from site_made import PROJECT
    from test_site_build import broken_links

    tasks = [
        f"- [ ] Ring customer {number} {{#ring-{number} due=2026-{month}-{day:02}}}\n"
        for number, (month, day) in enumerate(
            (month, day) for month, days in ((11, range(2, 29)), (12, range(1, 29))) for day in days for _ in range(12)
        )
    ]
    plain, head = build(), PROJECT.partition("## Creative")[0]
    site = build({"projects/calls/README.md": f"{head}{''.join(tasks)}"})
    html = (site / "calendar/index.html").read_text("utf-8")
    late, coming = html.split('id="agenda"')
    days = [len(re.findall("hr-list__row", part)) for part in coming.split("hr-agenda__day")[1:]]
    assert len(re.findall("hr-list__row--late", late)) == 25
    assert days[:4] == [12, 12, 12, 12]
    assert set(days[7:]) == {2}, "of later days a few"
    assert "and 10 more" in words(coming)
    assert re.search(r'<a href="\.\./stalled/">and \d+ more</a>', late)
    assert broken_links(site) == []
    assert len(html) - len((plain / "calendar/index.html").read_text("utf-8")) < 120_000
