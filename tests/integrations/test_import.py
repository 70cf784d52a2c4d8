"""What other systems export becomes a project: nothing is lost in silence, nothing is doubled, nothing breaks out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.format.imported import ids_for, write_project
from handrail.format.project import read_project
from handrail.model.imported import ImportedPlan, Incoming
from handrail.model.item import walk
from handrail.text.document import read_document
from handrail.text.plain import plain

CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org]}
calendar: {week: mon-fri, hours: "09:00-17:00", timezone: Europe/Berlin}
"""
NOW = "2026-11-23T09:00:00Z"
DATA = Path(__file__).parent / "data"
BRIEF, OLD = "5ad3c82d8ac5afdb542bf3da", "5ad3c82e8ac5afdb542bf3db"
BOARD = {
    "id": "5d6d608eae2eee3e21940dc6",
    "shortLink": "GmIpTf75",
    "name": "Launch",
    "desc": "All about it",
    "lists": [
        {"id": "done", "name": "Done", "pos": 3},
        {"id": "todo", "name": "To do", "pos": 1},
        {"id": "gone", "name": "Old ideas", "pos": 2, "closed": True},
    ],
    "members": [{"id": "m1", "fullName": "Ana Reyes"}, {"id": "m2", "fullName": "Bob Bo"}],
    "labels": [{"id": "green", "name": "Dev"}],
    "checklists": [
        {"id": "c1", "idCard": BRIEF, "name": "Parts", "checkItems": [
            {"id": "i2", "name": "second", "state": "complete", "pos": 2},
            {"id": "i1", "name": "first", "state": "incomplete", "pos": 1},
        ]},
    ],
    "actions": [
        {"type": "commentCard", "date": "2026-11-01T10:00:00.000Z", "idMemberCreator": "m1",
         "data": {"text": "Looks\ngood", "card": {"id": BRIEF}}},
        {"type": "updateCard", "date": "2026-11-02T10:00:00.000Z", "idMemberCreator": "m2",
         "data": {"listAfter": {"name": "Done"}, "card": {"id": OLD}}},
    ],
    "cards": [
        {"id": BRIEF, "idList": "todo", "name": "Write the brief", "desc": "Two pages.",
         "due": "2026-12-01T23:30:00.000Z",
         "idMembers": ["m1"], "idLabels": ["green"], "shortLink": "sQI2wV88", "pos": 1,
         "attachments": [{"name": "offer", "url": "https://example.org/offer"}]},
        {"id": OLD, "idList": "done", "name": "Old thing", "shortLink": "AAAAwV88", "pos": 1},
        {"id": "5ad3c82f8ac5afdb542bf3dc", "idList": "gone", "name": "Blimp", "shortLink": "BBBBwV88", "pos": 1},
    ],
}  # fmt: skip


@pytest.fixture
def company(workspace):
    return workspace({"processes/a/README.md": "- [ ] a\n"}, config=CONFIG)


def project(folder, handrail, name):
    return json.loads(handrail(folder, "show", name, "--json", now=NOW).output)


def bring(folder, handrail, kind, name, content, *options):
    (folder.root.parent / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return handrail(folder, "import", kind, str(folder.root.parent / name), *options, now=NOW)


def test_a_trello_board_becomes_a_project(company, handrail) -> None:
    done = bring(company, handrail, "trello", "board.json", json.dumps(BOARD))
    assert done.exit_code == 0, done.output
    assert "3 tasks" in done.output
    assert "cards in Done count as done" in done.output
    assert "1 archived card came over as skipped" in done.output
    assert (
        company.read("projects/launch/README.md")
        == """\
---
title: Launch
summary: All about it
owner: "@mara"
x-imported: trello GmIpTf75
---

## To do

- [ ] Write the brief {#write-the-brief-sqi2wv88 @ana due=2026-12-02}
  - 2026-11-01T10:00:00Z @ana noted: Looks good

  Two pages.

  Labels: Dev

  **Parts**

  - ☐ first
  - ☑ second

  - [offer](https://example.org/offer)

## Done

- [x] Old thing {#old-thing-aaaawv88}
  - 2026-11-02T10:00:00Z @bob-bo done

## Old ideas

- [x] Blimp {#blimp-bbbbwv88}
  - 2018-04-15T21:46:23Z @mara skipped: archived in Trello
"""
    )
    assert company.git("log", "-1", "--format=%(trailers:key=Handrail-Action,valueonly)").strip() == "import"


def test_a_second_import_updates_and_doubles_nothing(company, handrail) -> None:
    bring(company, handrail, "trello", "board.json", json.dumps(BOARD))
    handrail(company, "project", "note", "launch", "write-the-brief-sqi2wv88", "ours", now=NOW)
    head = company.git("rev-parse", "HEAD")
    same = bring(company, handrail, "trello", "board.json", json.dumps(BOARD))
    assert "Up to date" in same.output
    assert company.git("rev-parse", "HEAD") == head
    later = json.loads(json.dumps(BOARD))
    later["cards"][0] |= {"dueComplete": True, "name": "The long brief", "dateLastActivity": "2026-11-22T10:00:00Z"}
    later["cards"].append({"id": "5ad3c8308ac5afdb542bf3dd", "idList": "todo", "name": "New", "shortLink": "CCCCwV88"})
    done = bring(company, handrail, "trello", "board.json", json.dumps(later))
    assert "1 new, 1 changed" in done.output
    text = company.read("projects/launch/README.md")
    assert "2026-11-23T09:00:00Z @mara noted: ours\n  - 2026-11-22T10:00:00Z @mara done\n" in text
    assert text.count("brief {") == 1
    assert text.endswith("## To do\n\n- [ ] New {#new-ccccwv88}\n")
    assert handrail(company, "lint", now=NOW).exit_code == 0


def test_checklists_become_tasks_only_when_asked(company, handrail) -> None:
    bring(company, handrail, "trello", "board.json", json.dumps(BOARD), "--checklists", "tasks")
    found = {task["id"]: task for task in project(company, handrail, "launch")["tasks"]}
    assert [(one["title"], one["state"]) for one in found["write-the-brief-sqi2wv88"]["substeps"]] == [
        ("first", "ready"), ("second", "done"),
    ]  # fmt: skip


def test_a_board_of_2012_has_few_keys(company, handrail) -> None:
    old = {
        "id": "4f0", "name": "Ancient", "lists": [{"id": "l", "name": "Things"}],
        "cards": [{"id": "4eea4ffc", "idList": "l", "name": "Thing", "desc": "", "closed": False, "due": None}],
    }  # fmt: skip
    assert bring(company, handrail, "trello", "old.json", json.dumps(old)).exit_code == 0
    assert "- [ ] Thing {#thing-4eea4ffc}" in company.read("projects/ancient/README.md")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (json.dumps(BOARD["cards"][0] | {"idBoard": "b"}), "is a single card"),
        ('{"tasks": []}', "not the JSON of a Trello board"),
        ("[1, 2]", "not the JSON of a Trello board"),
        ("[" * 100_000, "is not JSON"),
        ("not json", "is not JSON"),
        (b"\xff\x00", "is not JSON"),
        ('{"lists": [1], "cards": ["x", 3]}', None),
        ('{"lists": [{"id": [], "pos": {}}], "cards": [{"name": 3, "due": "x", "idMembers": [4], "labels": 7}]}', None),
    ],
)
def test_what_is_no_board_is_refused_by_name(company, handrail, content, said) -> None:
    done = bring(company, handrail, "trello", "odd.json", content)
    if said:
        assert done.exit_code == 1
        assert said in done.output
        assert not (company.root / "projects").exists()


def test_a_project_of_another_source_is_never_written_over(company, handrail) -> None:
    handrail(company, "new", "project", "launch", now=NOW)
    before = company.read("projects/launch/README.md")
    done = bring(company, handrail, "trello", "board.json", json.dumps(BOARD))
    assert done.exit_code == 1
    assert "--project" in done.output
    assert company.read("projects/launch/README.md") == before


ASANA = (DATA / "asana.csv").read_text()


def test_an_asana_export_becomes_a_project(company, handrail) -> None:
    done = bring(company, handrail, "asana", "launch.csv", ASANA)
    assert done.exit_code == 0, done.output
    assert "1 row stood twice" in done.output
    text = company.read("projects/big-launch/README.md")
    assert "- [x] Plan, then act {#plan-then-act-1201 @ana due=2026-10-05 start=2026-10-01}" in text
    assert "  - 2026-10-05T10:00:00Z @mara done" in text
    assert '  Line one\n  line "two"\n\n  - Effort: 3\n' in text
    assert "- [ ] Build {#build-1202 @bob due=2026-11-30 after=plan-then-act-1201}" in text
    assert "\n  - [ ] Sand {#sand-1203}" in text
    assert "@bob" in done.output


def test_an_asana_feed_and_one_saved_by_a_spreadsheet(company, handrail) -> None:
    rows = ASANA.splitlines(keepends=True)
    feed = "\n".join(["Exported,,,", "https://app.asana.com/x,,,", ""]) + "".join(rows)
    assert bring(company, handrail, "asana", "a.csv", feed, "--project", "feed").exit_code == 0
    saved = (
        "Task ID;Created At;Completed At;Name;Section/Column;Assignee Email;Due Date;Parent Task\r\n"
        "1,21143E+15;1/10/2026;;Café planen;Küche;;5/11/2026;\r\n"
        "1,21143E+15;1/10/2026;13/10/2026;Möbel;Küche;;6/11/2026;\r\n"
    ).encode("latin-1")
    done = bring(company, handrail, "asana", "b.csv", saved, "--project", "saved")
    assert done.exit_code == 0, done.output
    assert "rounded the task ids" in done.output
    text = company.read("projects/saved/README.md")
    assert "- [ ] Café planen {#cafe-planen due=2026-11-05}" in text
    assert "  - 2026-10-13T10:00:00Z @mara done" in text
    again = bring(company, handrail, "asana", "b.csv", saved, "--project", "saved")
    assert "Up to date" in again.output


def test_a_plain_table_with_its_own_headings(company, handrail) -> None:
    table = (
        "Was;Wer;Aufwand;Bis;Braucht;Kosten\nVertrag;Ana Reyes;2d;30.11.2026;;1.200,50\nUmzug;;4h;02.12.2026;Vertrag;\n"
    ).encode("latin-1")
    columns = ("title=Was", "who=Wer", "est=Aufwand", "due=Bis", "after=Braucht", "cost=Kosten")
    options = [part for column in columns for part in ("--column", column)]
    done = bring(company, handrail, "csv", "umzug.csv", table, *options)
    assert done.exit_code == 0, done.output
    text = company.read("projects/umzug/README.md")
    assert "- [ ] Vertrag {#vertrag @ana due=2026-11-30 est=2d cost=1200.5}" in text
    assert "- [ ] Umzug {#umzug due=2026-12-02 after=vertrag est=4h}" in text
    wrong = bring(company, handrail, "csv", "umzug.csv", table, "--column", "title=Wass")
    assert wrong.exit_code in (1, 2)
    assert bring(company, handrail, "csv", "umzug.csv", table, "--column", "titel=Was").exit_code == 2


MSP = (DATA / "bridge.xml").read_text()


def test_a_plan_of_microsoft_project_keeps_links_lags_constraints_and_baselines(company, handrail) -> None:
    done = bring(company, handrail, "msproject", "bridge.xml", MSP)
    assert done.exit_code == 0, done.output
    assert (
        company.read("projects/bridge/README.md")
        == """\
---
title: Bridge
owner: "@mara"
start: 2026-11-23
x-imported: "msproject bridge.xml"
---

## Ground

- [x] Survey {#survey-2 est=5d}
  - 2026-11-16T08:00:00Z @mara started
  - 2026-11-20T16:00:00Z @mara done

- [ ] Dig & drain {#dig-drain-3 due=2026-12-04 after=survey-2:fs+1d est=3d progress=25% priority=urgent}
  - 2026-11-23T08:00:00Z @mara started

## More

- [ ] Pour {#pour-4 @ana after=dig-drain-3:ss-0.5d est=1d start=2026-12-07 load=50%}

- [ ] Harden {#harden-5 after=pour-4:ff+2ed est=3ed}

- [ ] Open {#open-6 after=harden-5 milestone}
"""
    )
    for lost in ("must finish on”: Open", "1 exception of a calendar without a week", "1 material or cost resource"):
        assert lost in done.output
    report = json.loads(handrail(company, "project", "report", "bridge", "--json", now=NOW).output)
    assert report["baseline"]["name"] == "Baseline"
    assert {one["task"]: one["days"] for one in report["slips"]} == {"survey-2": 1.0}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><Project>&c;</Project>', "entities"),
        ("<Project", "is not XML"),
        ("<html/>", "is not a plan"),
        ("<Project><Tasks><Task><UID>1</UID><OutlineLevel>x</OutlineLevel></Task></Tasks></Project>", None),
    ],
)
def test_bad_xml_is_refused(company, handrail, content, said) -> None:
    done = bring(company, handrail, "msproject", "bad.xml", content)
    if said:
        assert done.exit_code == 1
        assert said in done.output
        assert not (company.root / "projects").exists()


def test_a_dry_run_writes_nothing(company, handrail) -> None:
    done = bring(company, handrail, "trello", "board.json", json.dumps(BOARD), "--dry-run")
    assert done.output.startswith("---\ntitle: Launch\n")
    assert not (company.root / "projects").exists()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
LINES = """\
- [ ] box
# head
```
~~~
---
- 2026-11-01T10:00:00Z @ana done
> q
{#x @y}
1. one
    code
\t- [x] tab
<div>
<!--
| a |
===
<script>
[a]: b
* * *
"""
lines = st.sampled_from(LINES.splitlines())
titles = st.one_of(texts, lines, st.builds("{} {}".format, lines, texts))
bodies = st.lists(st.one_of(lines, texts), max_size=5).map("\n".join)


@given(st.lists(st.tuples(titles, bodies, st.sampled_from(["", "Phase", "Log", "# x"])), min_size=1, max_size=5))
def test_whatever_the_texts_hold_every_task_stays_one_task(rows) -> None:
    tasks = tuple(Incoming(str(n), title, phase, body=body) for n, (title, body, phase) in enumerate(rows))
    plan = ImportedPlan("trello x", "T", tasks)
    ids = ids_for(plan)
    text = write_project(plan, ids, {"": "mara"}, "mara")
    reading = read_project(read_document("projects/t/README.md", text), "t")
    assert [problem for problem in reading.problems if problem.level == "error"] == []
    assert sorted(item.id for item in walk(reading.value.items)) == sorted(ids.values())
    assert not any(item.events or item.checked for item in walk(reading.value.items))
    assert all(plain(item.title) for item in reading.value.items)


def test_people_dates_and_copied_comments_of_newer_boards_come_too(company, handrail) -> None:
    board = {
        "name": "New", "shortLink": "NewBoard", "lists": [{"id": "l", "name": "Doing", "pos": 1, "softLimit": 3}],
        "members": [{"id": "m1", "fullName": "Ana Reyes"}], "labels": [], "pluginData": None,
        "checklists": [{"id": "k", "idCard": "c", "name": "Parts", "checkItems": [
            {"id": "5ad3c82d8ac5afdb542bf3aa", "name": "Cut", "state": "incomplete", "due": "2026-12-01T10:00:00.000Z",
             "idMember": "m1", "pos": 1}]}],
        "actions": [{"type": "copyCommentCard", "date": "2026-11-01T10:00:00.000Z", "idMemberCreator": "m1",
                     "data": {"text": "From before", "card": {"id": "c"}}, "limits": None}],
        "cards": [{"id": "c", "idList": "l", "name": "Shelf", "shortLink": "ShelfX1", "pos": 1, "isTemplate": True,
                   "idChecklists": ["k"], "attachments": [{"name": "plan.pdf", "url": "/1/cards/c/plan.pdf"}]}],
    }  # fmt: skip
    done = bring(company, handrail, "trello", "board.json", json.dumps(board))
    text = company.read("projects/new/README.md")
    assert "☐ Cut (Ana Reyes, due 2026-12-01)" in text
    assert "noted: From before" in text
    for told in ("1 attachment without an address", "1 limit of a list", "1 template card"):
        assert told in done.output
    bring(company, handrail, "trello", "board.json", json.dumps(board), "--checklists", "tasks", "--project", "other")
    assert "@ana due=2026-12-01" in company.read("projects/other/README.md")
