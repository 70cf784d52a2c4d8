"""A project for other programs: what they read is what the plan says."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from io import StringIO

import pytest

CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org]}
calendar: {week: mon-fri, hours: "09:00-17:00", timezone: Europe/Berlin}
"""
FILM = """\
---
title: "The film: a start; <b>"
start: 2026-11-23
---

## Shoot; it

- [ ] =HYPERLINK("http://x") {#link @ana est=2d cost=200}

- [ ] Write: the script {#script @ana est=2d after=link:ss+1d due=2026-12-04}

  - [ ] First half {#first est=1d}

  - [ ] Second half {#second est=1d after=first}

- [ ] Shown {#shown milestone after=script}
"""
NOW = "2026-11-23T08:00:00Z"


@pytest.fixture
def film(workspace):
    return workspace({"projects/film/README.md": FILM}, config=CONFIG)


def text_of(handrail, folder, kind, *options):
    done = handrail(folder, "export", kind, "film", *options, now=NOW)
    assert done.exit_code == 0, done.output
    return done.output


def test_csv_has_a_row_for_each_task_and_no_formula(film, handrail) -> None:
    rows = list(csv.DictReader(StringIO(text_of(handrail, film, "csv"))))
    assert [row["id"] for row in rows] == ["link", "first", "second", "shown"]
    assert rows[0]["title"] == '\'=HYPERLINK("http://x")'
    assert (rows[0]["est"], rows[0]["cost"], rows[0]["who"], rows[3]["milestone"]) == ("2d", "200", "ana", "yes")


def test_csv_comes_back_as_the_same_tasks(film, handrail, tmp_path) -> None:
    (tmp_path / "film.csv").write_text(text_of(handrail, film, "csv"))
    done = handrail(film, "import", "csv", str(tmp_path / "film.csv"), "--project", "again", now=NOW)
    assert done.exit_code == 0, done.output
    again = film.read("projects/again/README.md")
    assert "- [ ] First half {#first-half-first" in again
    assert "after=first-half-first" in again


def test_ics_ends_on_the_day_after_the_last_one(film, handrail) -> None:
    from icalendar import Calendar

    calendar = Calendar.from_ical(text_of(handrail, film, "ics"))
    events = {str(one["uid"]): one for one in calendar.walk("VEVENT")}
    link, shown = events["film.link@handrail"], events["film.shown@handrail"]
    assert (link["dtstart"].dt, link["dtend"].dt) == (date(2026, 11, 23), date(2026, 11, 25))
    assert shown["dtend"].dt - shown["dtstart"].dt == timedelta(days=1)
    assert b"END:VEVENT\r\n" in handrail(film, "export", "ics", "film", now=NOW).stdout_bytes
    todos = Calendar.from_ical(text_of(handrail, film, "ics", "--todos"))
    assert len(todos.walk("VTODO")) == 3
    assert len(todos.walk("VEVENT")) == 1


def test_msproject_comes_back_with_the_same_dates(film, handrail) -> None:
    handrail(film, "project", "baseline", "film", "agreed", now=NOW)
    text_of(handrail, film, "msproject", "-o", "plan.xml")
    done = handrail(film, "import", "msproject", "plan.xml", "--project", "again", now=NOW)
    assert done.exit_code == 0, done.output
    plans = [
        json.loads(handrail(film, "project", "plan", name, "--json", now=NOW).output)["tasks"]
        for name in ("film", "again")
    ]
    keys = ("title", "start", "finish", "late_start", "late_finish", "total_float_s", "critical")
    first, second = ([{key: task[key] for key in keys[1:]} for task in plan] for plan in plans)
    assert first == second
    assert film.read("projects/again/baseline.yml").count("start:") == film.read("projects/film/baseline.yml").count(
        "start:"
    )


def test_mermaid_has_dates_and_nothing_that_it_would_read_as_its_own(film, handrail) -> None:
    assert text_of(handrail, film, "mermaid") == (
        "```mermaid\n"
        "gantt\n"
        "  title The film a start\n"
        "  dateFormat YYYY-MM-DD\n"
        "  axisFormat %d %b\n"
        "  section Shoot it\n"
        "  =HYPERLINK( http //x ) :crit, 2026-11-23, 2026-11-25\n"
        "  First half :crit, 2026-11-24, 2026-11-25\n"
        "  Second half :crit, 2026-11-25, 2026-11-26\n"
        "  Shown :crit, milestone, 2026-11-25, 0d\n"
        "```\n"
    )


def test_json_holds_plan_and_report(film, handrail) -> None:
    found = json.loads(text_of(handrail, film, "json"))
    assert (found["schema"], found["project"], found["report"]["title"]) == (
        "export/1",
        "film",
        "The film: a start; <b>",
    )


def test_a_file_that_cannot_be_written_is_said(film, handrail) -> None:
    done = handrail(film, "export", "csv", "film", "-o", "no/such/folder.csv", now=NOW)
    assert done.exit_code == 1
    assert "cannot be written" in done.output
