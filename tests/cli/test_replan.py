"""Answering change: try it without writing, then write it as one commit that changes only what it means."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.format.attribute_edit import set_words
from handrail.format.project import read_project
from handrail.text.document import read_document

CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org], rate: 100}
  ben: {name: Ben Ito, email: [ben@example.org], rate: 50}
  mara: {name: Mara Lind, email: [mara@example.org]}
calendar: {week: mon-fri, hours: "09:00-17:00", timezone: UTC}
"""
FILM = """\
---
title: The film
start: 2026-11-23
---

- [ ] Write the script {#script @ana est=2d}
  - 2026-11-20T09:00:00Z @mara noted: soon

- [ ] Shoot it {#shoot @ben est=3d after=script due=2026-11-30}

- [ ] Cut it {#cut @ana after=shoot est=2d}

- [x] Rent a camera {#rent @ben est=1d}
  - 2026-11-20T09:00:00Z @ben done

- [ ] No attributes at all
"""
NOW = "2026-11-23T09:00:00Z"
PATH = "projects/film/README.md"


@pytest.fixture
def film(workspace):
    return workspace({PATH: FILM}, config=CONFIG)


def tried(handrail, folder, *edits):
    done = handrail(folder, "project", "what-if", "film", *edits, "--json", now=NOW)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_what_if_tells_dates_cost_and_people_and_writes_nothing(film, handrail) -> None:
    head = film.git("rev-parse", "HEAD")
    found = tried(handrail, film, "--times", "script=2")
    assert found["finish"] == {"before": "2026-12-01T17:00:00Z", "after": "2026-12-03T17:00:00Z", "days": 2}
    assert found["cost"] == 1600
    assert {one["id"]: one["days"] for one in found["moved"]} == {"script": 2, "shoot": 2, "cut": 2}
    assert found["missed"] == ["shoot"]
    most = found["people"][0]
    assert (most["person"], most["hours_before"], most["hours_after"]) == ("ana", 32, 48)
    assert film.git("status", "--porcelain") == ""
    assert film.git("rev-parse", "HEAD") == head


def test_a_dropped_task_leaves_the_chain_whole(film, handrail) -> None:
    found = tried(handrail, film, "--drop", "shoot")
    assert found["dropped"] == ["shoot"]
    assert {one["id"]: one["start"] for one in found["moved"]} == {"cut": "2026-11-25T09:00:00Z"}


def test_somebody_else_costs_otherwise_and_has_more(film, handrail) -> None:
    found = tried(handrail, film, "--assign", "script=ben")
    assert found["cost"] == -800
    assert {one["person"]: one["hours_after"] - one["hours_before"] for one in found["people"]} == {
        "ben": 16,
        "ana": -16,
    }


@pytest.mark.parametrize(
    "edits",
    [(), ("--est", "script=soon"), ("--times", "script=0"), ("--times", "script=nan"), ("--due", "script=tomorrow"),
     ("--drop", "nothing-like-it"), ("--start", "script")],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused(film, handrail, edits) -> None:
    assert handrail(film, "project", "what-if", "film", *edits, now=NOW).exit_code == 2


def test_move_changes_one_word_in_one_commit(film, handrail) -> None:
    done = handrail(film, "project", "move", "film", "cut", "2026-12-07", now=NOW)
    assert done.exit_code == 0, done.output
    assert film.read(PATH) == FILM.replace("est=2d}\n\n- [x]", "est=2d start=2026-12-07}\n\n- [x]")
    assert film.git("log", "-1", "--format=%s").strip() == "move film: Cut it to 2026-12-07"
    handrail(film, "project", "move", "film", "cut", "2026-12-08", now=NOW)
    assert "start=2026-12-08}" in film.read(PATH)
    handrail(film, "project", "move", "film", "cut", "none", now=NOW)
    assert film.read(PATH) == FILM


def test_a_task_without_attributes_gets_its_id_with_the_first(film, handrail) -> None:
    handrail(film, "project", "move", "film", "no-attributes-at-all", "2026-12-07", now=NOW)
    assert "- [ ] No attributes at all {#no-attributes-at-all start=2026-12-07}\n" in film.read(PATH)


def test_a_finished_task_is_not_moved(film, handrail) -> None:
    done = handrail(film, "project", "move", "film", "rent", "2026-12-07", now=NOW)
    assert done.exit_code == 1
    assert "reopen film rent" in done.output
    assert film.read(PATH) == FILM


def test_split_makes_sub_tasks_in_a_chain(film, handrail) -> None:
    done = handrail(film, "project", "split", "film", "script", "First draft=1d", "# Second {draft}=2d", now=NOW)
    assert done.exit_code == 0, done.output
    assert film.read(PATH).startswith(
        FILM.partition("- [ ] Write")[0]
        + "- [ ] Write the script {#script @ana}\n"
        + "  - 2026-11-20T09:00:00Z @mara noted: soon\n\n"
        + "  - [ ] First draft {#first-draft est=1d}\n\n"
        + "  - [ ] \\# Second {draft} {#second-draft after=first-draft est=2d}\n\n"
        + "- [ ] Shoot it"
    )
    plan = json.loads(handrail(film, "project", "plan", "film", "--json", now=NOW).output)
    assert {task["id"]: task["finish"] for task in plan["tasks"]}["second-draft"] == "2026-11-25T17:00:00Z"


@pytest.mark.parametrize("parts", [("Only one=2d",), ("A=2d", "B=soon"), ("A", "B")])
def test_a_bad_split_writes_nothing(film, handrail, parts) -> None:
    assert handrail(film, "project", "split", "film", "script", *parts, now=NOW).exit_code == 2
    assert film.read(PATH) == FILM


days = st.dates(date(1970, 1, 1), date(2200, 12, 31)).map(str)
lists = st.sampled_from(
    ["{#a}", "{ #a }", "{@ana #a est=1d}", "{#a start=2026-01-01}", "{start=2026-01-01 #a}", "{start=2026-01-01}", ""]
)


@given(lists, days, st.sampled_from(["\n", "\r\n"]))
def test_setting_and_clearing_a_word_changes_nothing_else(attributes, day, newline) -> None:
    text = newline.join(["# P", "", f"- [ ] Title {attributes}".rstrip(), "  - more", "", "text {x}"])
    name = read_project(read_document("p", text), "p").value.items[0].id
    moved = set_words(read_document("p", text), {name: {"start": day}})
    item = read_project(read_document("p", moved), "p").value.items[0]
    assert (item.id, item.title, str(item.attributes.start)) == (name, "Title", day)
    cleared = set_words(read_document("p", moved), {name: {"start": ""}})
    assert read_project(read_document("p", cleared), "p").value.items[0].attributes.start is None
    lines = [one.split(newline) for one in (text, moved, cleared)]
    assert [one[:2] + one[3:] for one in lines] == [lines[0][:2] + lines[0][3:]] * 3


def test_somebody_who_is_away_moves_what_they_have(film, handrail) -> None:
    found = tried(handrail, film, "--away", "ben=2026-11-25..2026-11-26")
    assert {one["id"]: one["days"] for one in found["moved"]} == {"shoot": 2, "cut": 2}
    assert found["missed"] == ["shoot"]
    assert handrail(film, "project", "what-if", "film", "--away", "zoe=2026-11-25", now=NOW).exit_code == 2
    assert handrail(film, "project", "what-if", "film", "--away", "ben=2026-11-25..2026-11-01", now=NOW).exit_code == 2
