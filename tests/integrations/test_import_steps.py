"""Procedures from elsewhere become processes: what they say is kept, the rest is said, a second import updates."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = "2026-11-23T09:00:00Z"
MANIFESTLY = {
    "checklist": {
        "title": "Client onboarding",
        "description": "<p>Why we <b>do</b> it</p>",
        "expected_duration": 2,
        "expected_duration_units": "weeks",
        "tag_list": ["sales"],
        "hooks": [{"url": "https://example.org"}],
    },
    "main_steps": [
        {"id": 14, "title": "Get it back", "position": 3, "users": [{"email": "ana@example.org"}],
         "data_fields": [{"label": "Signed on", "type": "date"}], "reminders": [1]},
        {"id": 11, "title": "Contract", "header_step": True, "position": 1},
        {"id": 12, "title": "Send the agreement", "position": 2, "late_at_offset": 2, "late_at_offset_units": "days",
         "late_at_basis": "run_start", "role": {"title": "Account manager"},
         "description": "<p>Use the <a href='https://example.org/t'>template</a></p><script>bad()</script>",
         "steps": [{"id": 13, "title": "Print it"}]},
    ],
    "conditionals": [{"if": 1}, {"if": 2}],
}  # fmt: skip
PROCESS_STREET = {
    "workflow": {"name": "Hiring"},
    "tasks": [
        {"id": "aa1", "name": "Interviews", "taskType": "Heading"},
        {"id": "aa2", "name": "Talk to them", "taskType": "Standard", "stop": True},
        {"id": "aa3", "name": "Decide", "taskType": "Approval", "hidden": True},
    ],
    "formFields": [
        {"label": "Candidate", "fieldType": "Text"},
        {"label": "Team", "fieldType": "Select", "options": ["A", "B"]},
    ],
}  # fmt: skip
RUNS = """\
Workflow,Workflow Run,Task,Completed By
Hiring,Ada,Post the job,ana
Hiring,Ada,Interview,ben
Hiring,Bob,Post the job,ana
Hiring,Bob,Check references,
"""
OUTLINE = """\
Before:
Pack the van
\tCheck the straps
\t\tThe red ones too
\tFuel
Drive
After:
1. Unpack
"""
NUMBERED = "1 Plan\n1.1 Write it down\n1.2 Agree\n2 Do\n"
FORM = """\
name: Release
description: Everything for a release
labels: [release]
body:
  - type: markdown
    attributes: {value: "Read **this** first"}
  - type: input
    attributes: {label: Version}
    validations: {required: true}
  - type: dropdown
    attributes: {label: Channel, options: [stable, beta]}
  - type: checkboxes
    attributes:
      label: Prepare
      options:
        - {label: Update the changelog, required: true}
        - {label: "Tell support: yes"}
"""
TEMPLATE = """\
---
name: Incident
about: When it burns
labels: bug
---

## First

- [x] Stop the bleeding
- [ ] Tell people
"""
TABLE = """\
Step,Section,Role,Due,Instructions,Optional,Link
Order the laptop,Before,IT,2 days,Ask for the size,no,https://example.org
'=cmd(),Before,IT,,,yes,
Welcome,First day,ana,,,,
"""
DOCUMENT = """\
# How we ship

We ship on Fridays.

## Build

1. Tag it

   Use `git tag`.

   - sign it

2. Build it

## Ship

* Upload
"""


@pytest.fixture
def office(workspace):
    return workspace({})


@pytest.fixture
def take(handrail):
    """Import a text as a file of that name, and give what was said."""

    def call(folder, kind, name, text, *options, status=0):
        (folder.root.parent / name).write_text(text if isinstance(text, str) else json.dumps(text))
        done = handrail(folder, "import", kind, str(folder.root.parent / name), *options, now=NOW)
        assert done.exit_code == status, done.output
        return done.output

    return call


def steps(handrail, folder, process):
    """Give title, stage and depth of each step, as `show` tells them."""
    found = []

    def walk(items, depth):
        for item in items:
            found.append((item["title"], item["stage"], depth))
            walk(item.get("substeps", ()), depth + 1)

    walk(json.loads(handrail(folder, "show", process, "--json", now=NOW).output)["steps"], 0)
    return found


def test_a_manifestly_export(office, take, handrail):
    said = take(office, "manifestly", "m.json", MANIFESTLY)
    assert steps(handrail, office, "client-onboarding") == [
        ("Send the agreement", "Contract", 0),
        ("Print it", "Contract", 1),
        ("Get it back", "Contract", 0),
    ]
    text = office.read("processes/client-onboarding/README.md")
    assert "{#send-the-agreement-12 @account-manager due=start+2d}" in text
    assert "{#get-it-back-14 @ana ask=signed_on}" in text
    assert "signed_on: {type: date, label: Signed on}" in text
    assert "target: 2w" in text
    assert "Why we **do** it" in text
    assert "Use the [template](https://example.org/t)" in text
    assert "bad()" not in text
    for left in ("`conditionals` of the whole (2 times)", "`hooks`", "`reminders` (1 step)", "account-manager"):
        assert left in said
    assert "nothing to complain about" in handrail(office, "lint", now=NOW).output
    started = handrail(office, "start", "client-onboarding", "A", "--role", "account-manager=ben", now=NOW)
    assert started.exit_code == 0, started.output


def test_process_street_in_json_and_as_a_table_of_runs(office, take, handrail):
    said = take(office, "process-street", "p.json", PROCESS_STREET)
    text = office.read("processes/hiring/README.md")
    assert "{#talk-to-them-aa2 gate ask=candidate,team}" in text
    assert "{#decide-aa3 approval}" in text
    assert "team: {choices: [A, B], label: Team}" in text
    assert "`hidden` (1 step)" in said
    said = take(office, "process-street", "runs.csv", RUNS, "--process", "hiring-runs")
    assert [title for title, _, _ in steps(handrail, office, "hiring-runs")] == [
        "Post the job",
        "Interview",
        "Check references",
    ]
    assert "only the steps were taken" in said


def test_fields_go_to_the_step_that_they_name_and_variables_get_their_names_here(office, take):
    told = {
        "workflow": {"name": "Welcome"},
        "tasks": [
            {"id": "t1", "name": "Write to {{form.Client_Name}}", "content": "<p>{{form.Other}}</p>"},
            {"id": "t2", "name": "Choose"},
            {"id": "t3"},
        ],
        "formFields": [
            {"label": "Client Name", "fieldType": "Text"},
            {
                "label": "Plan",
                "fieldType": "Select",
                "taskId": "t2",
                "config": {"items": [{"name": "a"}, {"name": "b"}]},
            },
        ],
    }
    assert "a title, which is not in the file: it is called `Step` (1 step)" in take(
        office, "process-street", "w.json", told
    )
    text = office.read("processes/welcome/README.md")
    assert "- [ ] Write to {{ client_name }} {#write-to-t1 ask=client_name}" in text
    assert "{{form.Other}}" in text
    assert "plan: {choices: [a, b], label: Plan}" in text
    assert "ask=plan}" in next(line for line in text.splitlines() if "Choose" in line)


def test_outlines_that_were_copied(office, take, handrail):
    take(office, "tasktrain", "moving.txt", OUTLINE)
    assert steps(handrail, office, "moving") == [
        ("Pack the van", "Before", 0),
        ("Check the straps", "Before", 1),
        ("The red ones too", "Before", 2),
        ("Fuel", "Before", 1),
        ("Drive", "Before", 0),
        ("Unpack", "After", 0),
    ]
    take(office, "tasktrain", "numbered.txt", NUMBERED)
    assert [(title, depth) for title, _, depth in steps(handrail, office, "numbered")] == [
        ("Plan", 0), ("Write it down", 1), ("Agree", 1), ("Do", 0),
    ]  # fmt: skip


def test_issue_forms_and_templates(office, take, handrail):
    said = take(office, "github", "release.yml", FORM)
    text = office.read("processes/release/README.md")
    assert "version: {required: true, label: Version}" in text
    assert "channel: {choices: [stable, beta], label: Channel}" in text
    assert "{#tell-support-yes optional}" in text
    assert "Read **this** first" in text
    assert "`labels` of the template" in said
    take(office, "github", "incident.md", TEMPLATE)
    assert steps(handrail, office, "incident") == [("Stop the bleeding", "First", 0), ("Tell people", "First", 0)]
    assert "summary: When it burns" in office.read("processes/incident/README.md")


def test_a_table_of_steps(office, take, handrail):
    take(office, "csv", "steps.csv", TABLE, "--process", "new-hire")
    text = office.read("processes/new-hire/README.md")
    assert "- [ ] Order the laptop {#order-the-laptop @it due=2d}" in text
    assert "Link: https://example.org" in text
    assert "- [ ] \\=cmd() {#cmd @it optional}" in text
    assert "- [ ] Welcome {#welcome @ana}" in text
    assert steps(handrail, office, "new-hire")[2] == ("Welcome", "First day", 0)


def test_any_document_with_lists(office, take, handrail):
    take(office, "markdown", "ship.md", DOCUMENT)
    assert steps(handrail, office, "how-we-ship") == [
        ("Tag it", "Build", 0),
        ("sign it", "Build", 1),
        ("Build it", "Build", 0),
        ("Upload", "Ship", 0),
    ]
    text = office.read("processes/how-we-ship/README.md")
    assert "We ship on Fridays." in text
    assert "  Use `git tag`." in text


def test_a_second_import_gives_the_new_text_where_nobody_changed_the_old_one(office, take, handrail):
    take(office, "manifestly", "m.json", MANIFESTLY)
    before = office.git("rev-parse", "HEAD")
    assert "Up to date" in take(office, "manifestly", "m.json", MANIFESTLY)
    assert office.git("rev-parse", "HEAD") == before
    newer = json.loads(json.dumps(MANIFESTLY))
    newer["main_steps"][0]["title"] = "Have it signed"
    newer["main_steps"].append({"id": 15, "title": "File it", "position": 4})
    assert "Updated: processes/client-onboarding/README.md, 4 steps, 1 new" in take(
        office, "manifestly", "m.json", newer
    )
    text = office.read("processes/client-onboarding/README.md")
    assert "Have it signed {#get-it-back-14" in text
    assert "File it {#file-it-15}" in text


def test_a_second_import_leaves_alone_what_was_changed_here(office, take):
    take(office, "manifestly", "m.json", MANIFESTLY)
    path = "processes/client-onboarding/README.md"
    office.write({path: office.read(path).replace("Get it back", "Get it back, signed")})
    office.commit()
    newer = json.loads(json.dumps(MANIFESTLY))
    newer["main_steps"][0]["title"] = "Have it signed"
    newer["main_steps"][2]["steps"] = []
    newer["main_steps"].append({"id": 15, "title": "File it", "position": 4})
    said = take(office, "manifestly", "m.json", newer)
    text = office.read(path)
    assert "Get it back, signed {#get-it-back-14" in text
    assert text.rstrip().endswith("- [ ] File it {#file-it-15}")
    assert "Print it {#print-it-13}" in text
    assert "called otherwise there: get-it-back-14" in said.lower()
    assert "not there any more, kept here: print-it-13" in said.lower()


def test_a_process_of_another_source_is_not_touched(office, take):
    office.write({"processes/release/README.md": "---\ntitle: Ours\n---\n\n- [ ] Ship {#ship}\n"})
    office.commit()
    said = take(office, "github", "release.yml", FORM, status=1)
    assert "did not come from this source" in said
    assert "Imported" in take(office, "github", "release.yml", FORM, "--process", "release-2")


def test_dry_run_shows_everything_and_writes_nothing(office, take):
    said = take(office, "manifestly", "m.json", MANIFESTLY, "--dry-run")
    assert "title: Client onboarding" in said
    assert "Would import: processes/client-onboarding/README.md" in said
    assert "Not carried over:" in said
    assert not (office.root / "processes").exists()


@pytest.mark.parametrize(
    ("kind", "name", "text", "said"),
    [
        ("manifestly", "m.json", '{"a": [1,\n 2', "line 2, column 3: this is no JSON"),
        ("manifestly", "m.json", "[" * 100_000, "no JSON"),
        ("manifestly", "m.json", '{"title": "x"}', "has no steps"),
        ("manifestly", "m.json", '{"steps": [[1], null, 7]}', "has no steps"),
        ("process-street", "p.csv", "a,b\n1,2\n", "names the columns"),
        ("process-street", "p.csv", "Task\n", "has no steps"),
        ("github", "f.yml", "name: [\n", "f.yml:2:1"),
        ("github", "f.yml", "name: x\nbody: 7\n", "no checkboxes"),
        (
            "tasktrain",
            "t.csv",
            'Step,Who\nOne,ana\n"Two,ben\nThree,ana\n',
            "t.csv`, line 3: a quotation mark is not closed",
        ),
        ("tasktrain", "t.txt", "One\nTwo\x01\n", "t.txt`, line 2: this is no text"),
        ("process-street", "p.json", "[" * 100_000, "nested too deeply"),
        ("markdown", "d.md", "", "has no steps"),
        ("tasktrain", "t.txt", "\n".join("step" for _ in range(3000)), "more than 2,000 steps"),
    ],
)
def test_a_malformed_file_is_said(office, take, kind, name, text, said):
    assert said in take(office, kind, name, text, status=1)
    assert not (office.root / "processes").exists()


def test_a_column_that_is_not_there_is_said(office, take):
    said = take(office, "csv", "s.csv", TABLE, "--process", "x", "--column", "who=Boss", status=2)
    assert "There is no column `Boss`" in said
    assert "not both" in take(office, "csv", "s.csv", TABLE, "--process", "x", "--project", "y", status=2)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "steps", "id", "fields", "role", "type", "x", "description"]), inner
        )
    ),
    max_leaves=15,
)


@settings(max_examples=60)
@given(data=_JSON)
def test_whatever_a_json_file_holds_is_read_or_refused(data):
    from handrail.base.errors import HandrailError
    from handrail.format.imported_process import is_untouched, step_ids, write_process
    from handrail.format.process import read_process
    from handrail.integrations.steps_json import read_json
    from handrail.model.item import walk
    from handrail.text.document import read_document

    try:
        found = read_json("manifestly", "x.json", json.dumps(data))
    except HandrailError:
        return
    text = write_process(found, step_ids(found), {}, "ana")
    reading = read_process(read_document("processes/x/README.md", text), "x")
    assert [one for one in reading.problems if one.level == "error"] == []
    assert len(list(walk(reading.value.items))) == len(found.steps)
    assert is_untouched(text)


@settings(max_examples=60)
@given(text=st.text(alphabet="ab1.-*#:[]{}=@ \t\n", max_size=80))
def test_whatever_an_outline_holds_is_read_or_refused(text):
    from handrail.base.errors import HandrailError
    from handrail.format.imported_process import step_ids, write_process
    from handrail.format.process import read_process
    from handrail.integrations.steps_outline import read_outline
    from handrail.model.item import walk
    from handrail.text.document import read_document

    try:
        found = read_outline("tasktrain", "x.txt", text)
    except HandrailError:
        return
    reading = read_process(read_document("processes/x/README.md", write_process(found, step_ids(found), {}, "a")), "x")
    assert [one for one in reading.problems if one.level == "error"] == []
    assert len(list(walk(reading.value.items))) == len(found.steps)
