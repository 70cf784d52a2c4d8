"""A process's page tells how long its runs take, where they wait and whether forecasts held, once there are enough."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_axe import violations
from site_made import CONFIG, MKDOCS, SAMPLE, run_mkdocs, write_workspace

from handrail.reports.process_history import histogram

DAY = 8 * 3600.0
MONDAY = date(2026, 6, 1)


def release_run(number: int, days: int) -> tuple[str, str]:
    """Give a run of two steps that began on the Monday of a week and took so many working days."""
    begun = MONDAY + timedelta(weeks=number)
    ended = begun + timedelta(days=days)
    name = f"release/{begun}-r{number}"
    text = (
        f"---\nrun: {name}\nprocess: release\nrevision: {'0' * 40}\ntitle: R{number}\nstarted: {begun}T08:00:00Z\n"
        f'by: "@ana"\ndue: {begun + timedelta(days=2)}\n---\n\n'
        f"- [x] Cut it {{#cut}}\n  - {begun}T12:00:00Z @ana done\n\n"
        f"- [x] Ship it {{#ship}}\n  - {ended}T15:00:00Z @ben done\n\n"
        f"## Log\n\n- {begun}T08:00:00Z @ana started\n"
    )
    return f"processes/release/runs/{name.rpartition('/')[2]}.md", text


def runs(count: int) -> dict[str, str]:
    return dict(release_run(number, (1, 2, 1, 3, 4, 1)[number % 6]) for number in range(count))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, plugin_path: str) -> Path:
    """A site with two dozen finished runs of a process, of which the first ones are archived."""
    base = tmp_path_factory.mktemp("figures")
    files = {**SAMPLE, **runs(24), "handrail.yml": f"{CONFIG}site: {{archive_after: 120d}}\n"}
    done = run_mkdocs(write_workspace(base / "workspace", files), base / "site", plugin_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "site"


@pytest.fixture(scope="module")
def page(site: Path) -> str:
    return article(site)


def article(site: Path) -> str:
    html = (site / "processes/release/index.html").read_text("utf-8")
    return html[html.index("<article") : html.index("</article>")]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def figures_of(page: str) -> str:
    return page[page.index('id="part--figures"') :]


def test_lengths_are_a_histogram_with_its_percentiles(page: str):
    told = words(figures_of(page))
    assert "How long runs take 24 finished runs, from start to end: 50% took" in told
    assert re.search(r"50% within \d\.\d d 85% within \d\.\d d", told)
    assert "Length in working days" in told


def test_finished_runs_are_counted_by_week_with_dates_that_can_be_read(page: str):
    figures = figures_of(page)
    assert re.search(r"In \d+ whole weeks \d\.\d runs finished per week, and \d\.\d started", words(figures))
    bars = figures[figures.index("Finished per week") :]
    labels = re.findall(r"<text[^>]*>([^<]*)</text>", bars[: bars.index("</svg>")])
    assert not any("…" in label for label in labels)


def test_what_takes_the_most_time_comes_first_and_leads_to_its_step(page: str):
    waits = words(figures_of(page)[figures_of(page).index("Where it waits") :])
    assert waits.index("Ship it") < waits.index("Cut it")
    assert '<a href="#ship">Ship it</a>' in figures_of(page)


def test_shares_tell_of_how_many(page: str):
    told = words(figures_of(page))
    assert re.search(r"Runs on time by the first due date that they had \d+% of 24", told)
    assert "Right first time" in told


def test_forecasts_are_held_against_what_happened(page: str):
    told = words(figures_of(page)[figures_of(page).index("How good forecasts are") :])
    assert re.search(r"50% \d+% \d+ (as good as they say|too hopeful|too careful)", told)
    assert re.search(r"95% \d+% \d too few to tell", told)


def test_the_head_has_the_median_and_what_was_on_time(page: str):
    head = words(page[: page.index('id="part--flow"')])
    assert re.search(r"24 finished [\d.]+ [dh] median of 24 \d+% on time", head)


def test_few_runs_have_one_quiet_sentence_instead_and_none_have_nothing(build):
    few = figures_of(article(build(runs(3))))
    assert "Figures come with 6 finished runs; 3 so far." in words(few)
    assert "<svg" not in few
    assert 'id="part--figures"' not in article(build({}))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1, 400 * DAY), min_size=1, max_size=40))
def test_every_length_lies_in_one_space_of_few(lengths: list[float]):
    found = histogram(lengths, DAY)
    assert sum(found.counts) == len(lengths)
    assert 2 <= len(found.counts) <= 25
    assert list(found.edges) == sorted(set(found.edges))
    assert max(lengths) <= found.edges[-1] * found.unit * (1 + 1e-6)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_finished_runs_and_older_runs_are_for_everyone(site: Path, browser: Any, serving: Any, scheme: str):
    found: list[object] = []
    with serving(site) as address:
        page = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 900})
        page.on("pageerror", lambda error: found.append(str(error)))
        for name in ("processes/release/", "processes/release/runs/", "processes/release/runs/2026-11-02-r22/"):
            page.goto(address + name)
            assert page.locator("article h1").count() == 1, name
            found += [(name, *one) for one in violations(page, scheme)]
            found += [name] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
        page.close()
    assert found == []


@pytest.mark.browser
def test_long_words_fit_on_a_phone_a_tablet_and_a_desktop(build: Any, browser: Any):
    long = "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselübergabeprotokollsprüfung"
    titles = re.compile(r"(?m)^(title: |## |\s*- \[.\] )(?!Updates|Log)")
    told = rf"\1{long} 顧客管理システムへの新規契約情報登録 "
    files = {path: titles.sub(told, words) for path, words in {**SAMPLE, **runs(24)}.items()}
    german = MKDOCS.replace("name: material", "name: material\n  language: de")
    people = CONFIG.replace("name: Ana Reyes", "name: Maximiliane-Friederike Freifrau von Hohenlohe-Schillingsfürst")
    assert people != CONFIG
    out = build({**files, "mkdocs.yml": german, "handrail.yml": people})
    pages = [path for path in sorted(out.rglob("index.html")) if not re.search(r"-r\d", str(path))]
    wide: list[tuple[int, str]] = []
    for width in (360, 768, 1280):
        page = browser.new_page(viewport={"width": width, "height": 900})
        for path in [*pages, *out.rglob("*-r22/index.html")]:
            page.goto(path.as_uri())
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append((width, path.relative_to(out).as_posix()))
        page.close()
    assert wide == []
