"""What the site hands out beside its pages, each read by a program that knows its standard."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import jsonschema
import pytest
from site_made import MKDOCS, RUN, SAMPLE

ATOM = {"a": "http://www.w3.org/2005/Atom"}
ADDRESSED = MKDOCS + "site_url: https://team.example/ways/\n"
HOSTILE = RUN.replace("Ada Lovelace", 'Ada <script>alert(1)</script>\u2028 & "co"; BEGIN:VEVENT,\\n')


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory, plugin_path: str) -> Path:
    from site_made import run_mkdocs, write_workspace

    base = tmp_path_factory.mktemp("addressed")
    root = write_workspace(base / "workspace", {**SAMPLE, "mkdocs.yml": ADDRESSED})
    done = run_mkdocs(root, base / "site", plugin_path)
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "site"


def events(site: Path, path: str) -> dict[str, Any]:
    read = icalendar.Calendar.from_ical((site / path).read_text("utf-8"))
    return {str(event["summary"]): event for event in read.walk("VEVENT")}


def test_every_date_of_open_work_stands_in_the_calendar_as_a_whole_day(addressed: Path):
    found = events(addressed, "calendar.ics")
    assert list(found) == [
        "Get it back signed (Ada Lovelace)",
        "Shoot the photos (Spring campaign)",
        "Milestone: Signed off (Spring campaign)",
        "Due: Ada Lovelace",
        "Target: Spring campaign",
    ]
    target = found["Target: Spring campaign"]
    assert (target["dtstart"].dt, target["dtend"].dt) == (date(2026, 12, 31), date(2027, 1, 1))
    assert found["Shoot the photos (Spring campaign)"]["url"] == "https://team.example/ways/projects/spring/#shoot"


def test_each_person_team_process_and_project_has_a_calendar_of_its_own(addressed: Path):
    assert list(events(addressed, "people/ana/calendar.ics")) == ["Get it back signed (Ada Lovelace)"]
    assert list(events(addressed, "people/finance/calendar.ics")) == ["Shoot the photos (Spring campaign)"]
    process = events(addressed, "processes/customer-onboarding/calendar.ics")
    assert list(process) == ["Get it back signed (Ada Lovelace)", "Due: Ada Lovelace"]
    assert len(events(addressed, "projects/spring/calendar.ics")) == 3
    assert events(addressed, "processes/release/calendar.ics") == {}


def test_the_feed_tells_what_happened_newest_first_with_addresses(addressed: Path):
    root = ET.parse(addressed / "feed.xml").getroot()
    titles = [entry.findtext("a:title", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)]
    assert titles[0] == "Ana Reyes finished Write the brief in Spring campaign"
    assert titles[-1] == "Mara Lind began Ada Lovelace"
    assert root.findtext("a:updated", namespaces=ATOM) == "2026-11-18T16:00:00Z"
    links = [entry.find("a:link", ATOM) for entry in root.findall("a:entry", ATOM)]
    assert links[0] is not None and links[0].get("href") == "https://team.example/ways/projects/spring/#brief"
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)]
    assert len(set(ids)) == len(ids)


def test_a_process_and_a_project_have_feeds_of_their_own(addressed: Path):
    def size(path: str) -> int:
        return len(ET.parse(addressed / path).getroot().findall("a:entry", ATOM))

    assert size("processes/customer-onboarding/feed.xml") == 3
    assert size("projects/spring/feed.xml") == 1
    assert size("processes/release/feed.xml") == 0


def test_all_data_follows_the_schemas_that_are_handed_out_with_it(addressed: Path):
    index = json.loads((addressed / "api/index.json").read_text("utf-8"))
    assert {"status.json", "stalled.json", "activity.json", "people/ana.json", "plans/spring.json"} <= {
        one["path"] for one in index["files"]
    }
    for one in index["files"]:
        schema = json.loads((addressed / "api" / one["described_by"]).read_text("utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        answer = json.loads((addressed / "api" / one["path"]).read_text("utf-8"))
        jsonschema.validate(answer, schema)
        closed(schema, answer)


def closed(schema: dict[str, Any], answer: dict[str, Any]) -> None:
    """See that the schema names every key that is there: it may allow others, but none may go undescribed."""
    for choice in schema.get("anyOf", [{}]):
        known = {**schema["properties"], **choice.get("properties", {})}
        if set(choice.get("required", ())) <= set(answer):
            assert set(answer) <= set(known)


def test_a_schema_refuses_an_answer_that_lacks_a_key(addressed: Path):
    schema = json.loads((addressed / "api/schemas/status-1.json").read_text("utf-8"))
    answer = json.loads((addressed / "api/status.json").read_text("utf-8"))
    del answer["runs"][0]["steps"][0]["state"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(answer, schema)


def test_badges_say_how_it_stands(addressed: Path):
    said = {path.relative_to(addressed / "badges").as_posix(): path for path in addressed.glob("badges/**/*.svg")}
    assert set(said) == {
        "stalled.svg", "runs.svg", "processes/customer-onboarding.svg", "processes/release.svg",
        "processes/hr/new-hire.svg", "projects/spring.svg",
    }  # fmt: skip
    root = ET.parse(said["processes/customer-onboarding.svg"]).getroot()
    assert root.get("aria-label") == "Customer onboarding: 1 active"


def test_each_page_stands_beside_itself_as_markdown_and_is_listed(addressed: Path):
    listed = (addressed / "llms.txt").read_text("utf-8")
    assert "[Spring campaign](https://team.example/ways/projects/spring/index.md)" in listed
    for path in ("processes/customer-onboarding", "processes/customer-onboarding/runs/2026-11-16-ada"):
        assert "- [" in (addressed / path / "index.md").read_text("utf-8")
        assert f"{path}/index.md" in listed


def test_names_that_look_like_markup_stay_words(build: Any):
    site = build({"processes/customer-onboarding/runs/2026-11-16-ada.md": HOSTILE})
    assert len(events(site, "calendar.ics")) == 5
    ET.parse(site / "feed.xml")
    for path in site.glob("badges/**/*.svg"):
        assert not ET.parse(path).getroot().findall(".//{http://www.w3.org/2000/svg}script")


def test_the_same_workspace_and_moment_give_the_same_bytes(build: Any):
    one, other = build(), build()
    names = [
        path.relative_to(one) for pattern in ("api/**/*.json", "**/*.ics", "**/feed.xml") for path in one.glob(pattern)
    ]
    assert len(names) > 20
    assert [name for name in names if (one / name).read_bytes() != (other / name).read_bytes()] == []


def test_without_an_address_of_its_own_the_site_writes_no_made_up_ones(sample_site: Path):
    assert "http" not in (sample_site / "calendar.ics").read_text("utf-8")
    root = ET.parse(sample_site / "feed.xml").getroot()
    assert root.findall(".//a:link", ATOM) == []
    assert str(root.findtext("a:id", namespaces=ATOM)).startswith("urn:handrail:")


def test_a_private_site_asks_not_to_be_listed(build: Any):
    private = MKDOCS.replace("plugins: [search, handrail]", "plugins: [search, {handrail: {private: true}}]")
    site = build({"mkdocs.yml": private})
    assert (site / "robots.txt").read_text() == "User-agent: *\nDisallow: /\n"
    for page in ("index.html", "projects/spring/index.html"):
        assert '<meta name="robots" content="noindex, nofollow">' in (site / page).read_text("utf-8")
    assert not (build() / "robots.txt").exists()


def test_generated_pages_hold_a_policy_that_allows_what_the_configuration_loads(build: Any):
    more = 'extra_javascript: ["https://cdn.example/a.js"]\n'
    page = (build({"mkdocs.yml": MKDOCS + more}) / "people/ana/index.html").read_text("utf-8")
    policy = page.split('Content-Security-Policy" content="')[1].split('">')[0]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'sha256-" in policy
    assert "https://cdn.example" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_a_site_may_do_without_the_policy(build: Any):
    open_ = MKDOCS.replace("plugins: [search, handrail]", "plugins: [search, {handrail: {policy: false}}]")
    assert "Content-Security-Policy" not in (build({"mkdocs.yml": open_}) / "people/ana/index.html").read_text("utf-8")
