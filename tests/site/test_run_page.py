"""A run's page: planned against actual, what differs from today's procedure, how to go on, and as a printed record."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from site_axe import violations
from site_made import PROCESS, RUN, SAMPLE, git, run_mkdocs, write_workspace

RUN_PATH = "processes/customer-onboarding/runs/2026-11-16-ada.md"
PAGE = "processes/customer-onboarding/runs/2026-11-16-ada/"
FORM = ".github/workflows/action.yml"
CUT = """[...document.querySelectorAll("article *")].filter((one) => one.checkVisibility()
  && !one.closest("svg, .hr-sr") && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML)"""
OLD = "2026-01-12-old"
SHORT = "2026-11-20-short"


def other_run(name: str, finished: str, first: str = "") -> str:
    """Give a run of the release process that is over."""
    begun = name[:10]
    return (
        f"---\nrun: release/{name}\nprocess: release\nrevision: {'0' * 40}\ntitle: Other\nstarted: {begun}T09:00:00Z\n"
        f"---\n\n- [x] Cut it {{#cut}}\n  - {first or finished} @ana done\n\n"
        f"- [x] Ship it {{#ship}}\n  - {finished} @ana done\n\n## Log\n\n- {begun}T09:00:00Z @ana started\n"
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, plugin_path: str) -> Path:
    """A site in whose history the procedure has changed since the run started."""
    base = tmp_path_factory.mktemp("runs")
    root = write_workspace(
        base / "workspace",
        {
            **SAMPLE,
            FORM: "name: action\n",
            f"processes/release/runs/{OLD}.md": other_run(OLD, "2026-01-14T10:00:00Z"),
            f"processes/release/runs/{SHORT}.md": other_run(SHORT, "2026-11-20T14:00:00Z", "2026-11-20T11:00:00Z"),
        },
    )
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "first")
    revision = git(root, "rev-parse", "HEAD:processes/customer-onboarding/README.md")
    changed = PROCESS.replace("due=2d}", "due=4d}").replace("target: 10d", "target: 8d")
    (root / "processes/customer-onboarding/README.md").write_text(changed, encoding="utf-8")
    (root / RUN_PATH).write_text(RUN.replace("0" * 40, revision), encoding="utf-8")
    git(root, "commit", "--quiet", "--all", "--message", "second", day="2026-11-18")
    done = run_mkdocs(root, base / "site", plugin_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "site"


@pytest.fixture(scope="module")
def page(site: Path) -> str:
    return article(site, PAGE)


def article(site: Path, name: str) -> str:
    html = (site / name / "index.html").read_text("utf-8")
    return html[html.index("<article") : html.index("</article>")]


def part(page: str, name: str) -> str:
    begin = page.index(f'id="{name}"')
    return page[begin : page.find("<h2", begin)]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_timeline_holds_what_was_done_against_the_time_that_was_given(page: str):
    timeline = part(page, "part--timeline")
    told = words(timeline)
    assert "Send the agreement to Ada Lovelace : done Mon 16 Nov, ready Mon 16 Nov, due Wed 18 Nov" in told
    assert "Get it back signed : in work, ready Mon 16 Nov, begun Tue 17 Nov, due Wed 18 Nov, late" in told
    assert timeline.count("hr-b__was") == 2 and "hr-gantt__today" in timeline and "hr-gantt__target" in timeline
    assert '<a href="#signed"' in timeline
    assert "Approve it" not in told, "what has no date has no row"


def test_a_run_of_a_day_is_told_by_hours_and_one_of_long_ago_by_its_steps(site: Path):
    short = part(article(site, f"processes/release/runs/{SHORT}"), "part--timeline")
    hours = re.findall(r'class="hr-gantt__day">(\d\d)<', short)
    assert hours == ["00", "06", "12", "18"]
    assert 'id="part--timeline"' not in article(site, f"processes/release/runs/{OLD}")


def test_what_differs_from_todays_procedure_is_said_step_by_step(page: str):
    told = words(part(page, "part--differs"))
    assert "target “8d” instead of “10d”" in told
    assert "“Send the agreement to customer” : deadline “4d” instead of “2d”" in told
    assert "handrail upgrade customer-onboarding/2026-11-16-ada moves the run on" in told
    assert '<a href="../../#send">' in part(page, "part--differs")


def test_a_run_of_todays_procedure_differs_in_nothing(build):
    assert "part--differs" not in article(build(), PAGE)


def test_the_next_step_is_done_by_a_command_in_the_file_or_in_the_form(page: str):
    now = part(page, "part--now")
    assert "handrail check customer-onboarding/2026-11-16-ada us" in unescape(now)
    assert '<a href="https://github.com/team/shop/actions/workflows/action.yml">fill in the form</a>' in now
    assert "/edit/main/processes/customer-onboarding/runs/2026-11-16-ada.md" in now


def test_without_the_workflow_there_is_no_form(build):
    assert "fill in the form" not in article(build(), PAGE)


def test_the_page_says_which_record_it_is(page: str):
    assert re.search(r"Run customer-onboarding/2026-11-16-ada , by revision [0-9a-f]{10} of the", words(page))
    assert "as it stood on 23 Nov 2026" in words(page)


@pytest.fixture(scope="module")
def place(site: Path, serve: Callable[[Path], str]) -> str:
    return serve(site) + PAGE


@pytest.mark.browser
def test_printed_it_is_a_whole_record(browser: Any, place: str):
    context = browser.new_context(viewport={"width": 700, "height": 1000}, java_script_enabled=False)
    page = context.new_page()
    page.goto(place)
    instruction = page.get_by_text("Never last year's.")
    assert not instruction.is_visible()
    page.emulate_media(media="print")
    assert instruction.is_visible(), "what is folded on the screen is open on paper"
    for told in ("Ada Lovelace", "sent by mail", "Get it back signed", "as it stood on 23 Nov 2026"):
        assert any(one.is_visible() for one in page.locator("article").get_by_text(told).all()), told
    assert not page.get_by_text("Check it off").first.is_visible()
    assert page.evaluate(CUT) == []
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", paper)) >= 2
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits_a_phone(browser: Any, place: str, scheme: str):
    context = browser.new_context(viewport={"width": 360, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(place)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    found = violations(page, scheme, unfolded=False)
    own = [(rule, target) for rule, target in found if "highlight" not in target]
    context.close()
    assert [one for one in own if not (one[0] == "color-contrast" and "code" in one[1])] == []
