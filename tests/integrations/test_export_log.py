"""What happened in runs, for other programs: XES, CSV, JSON and SQLite all say what the files say."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
CONFIG = """\
title: Acme
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  ben: {name: Ben Ito, email: [ben@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org]}
  robo: {name: Triage agent, email: [robo@example.org], agent: true}
"""
OFFER = """\
---
title: Offer
owner: "@mara"
fields:
  customer: {required: true}
  amount: {type: number}
---

## Prepare

- [ ] Calculate for {{ customer }} {#price @ana}
- [ ] Write it {#write @ana}

## Decide

- [ ] Approved {#ok @ben approval back=price}
- [ ] Send it {#send @ana @ben}
- [ ] File it {#file @ana optional}
"""
STORY = """\
---
run: offer/2026-11-02-acme
process: offer
title: "=Acme & <Sons>"
started: 2026-11-02T09:00:00Z
by: "@mara"
fields: {customer: Acme, amount: 1200.5}
project: spring#brief
---

## Prepare

- [x] Calculate for Acme {#price @ana}
  - 2026-11-02T10:00:00Z @ana started
  - 2026-11-02T11:00:00Z @ana blocked: no rates
  - 2026-11-02T12:00:00Z @ana unblocked
  - 2026-11-02T13:00:00Z @ana done: =cmd()
  - 2026-11-03T09:30:00Z @ben reopened rejected=ok: too cheap
  - 2026-11-03T10:00:00Z @ana done

- [x] Write it {#write @ana}
  - 2026-11-02T13:30:00Z @robo noted proposes=done link=https://example.org/1: draft
  - 2026-11-02T14:00:00Z @ana done confirms=robo link=https://example.org/1: draft

## Decide

- [x] Approved {#ok @ben approval back=price}
  - 2026-11-03T09:30:00Z @ben rejected: too cheap
  - 2026-11-03T11:00:00Z @ben approved

- [x] Send it {#send @ana @ben}
  - 2026-11-03T11:30:00Z @mara assigned to=ben
  - 2026-11-03T12:00:00Z @ben due on=2026-11-06
  - 2026-11-04T09:00:00Z @ben done

- [x] File it {#file @ana optional}
  - 2026-11-04T10:00:00Z @ana skipped: no paper

## Log

- 2026-11-02T09:00:00Z @mara started
- 2026-11-02T15:00:00Z @mara noted: they called
"""
OPEN = """\
---
run: offer/2026-11-10-beta
process: offer
title: Beta
started: 2026-11-10T09:00:00Z
by: "@zoe"
fields: {customer: Beta, amount: 7}
---

## Prepare

- [x] Calculate for Beta {#price @ana}
  - 2026-11-10T10:00:00Z @ana done

- [ ] Write it {#write @ana}

## Decide

- [ ] Approved {#ok @ben approval back=price}

- [ ] Send it {#send @ana @ben}

- [ ] File it {#file @ana optional}

## Log

- 2026-11-10T09:00:00Z @zoe started
"""
TRIAL = OPEN.replace("beta", "trial").replace("Beta", "Trial").replace('by: "@zoe"', 'by: "@zoe"\ntrial: true')
SPRING = """\
---
title: Spring
owner: "@mara"
start: 2026-11-02
---

- [x] Brief {#brief @ana est=2d}
  - 2026-11-03T09:00:00Z @ana done

- [ ] Shoot {#shoot @ben est=3d after=brief:fs+1d}
"""
NOW = "2026-11-23T08:00:00Z"
STEPS = ["price", "write", "ok", "send", "file"]
RUNS = "processes/offer/runs"


@pytest.fixture
def offers(workspace):
    files = {
        "processes/offer/README.md": OFFER,
        f"{RUNS}/2026-11-02-acme.md": STORY,
        f"{RUNS}/2026-11-10-beta.md": OPEN,
        f"{RUNS}/2026-11-11-trial.md": TRIAL.replace("11-10-trial", "11-11-trial"),
        "projects/spring/README.md": SPRING,
    }
    return workspace(files, config=CONFIG)


@pytest.fixture
def export(handrail):
    def call(folder, *arguments):
        done = handrail(folder, "export", *arguments, now=NOW)
        assert done.exit_code == 0, done.output
        return done

    return call


def traces_of(text):
    """Read XES as any XML reader does: for each trace its attributes and those of its events."""
    log = ET.fromstring(text)
    space = "{http://www.xes-standard.org/}"

    def attributes(element):
        return {one.get("key"): one.get("value") for one in element if one.get("key") and one.tag != f"{space}event"}

    return [
        (attributes(one), [attributes(event) for event in one.iter(f"{space}event")])
        for one in log.iter(f"{space}trace")
    ]


def told(events, step):
    return [
        (one["lifecycle:transition"], one["concept:instance"].partition("#")[2])
        for one in events
        if one["step"] == step
    ]


def test_each_event_is_a_transition_of_the_standard(offers, export):
    (trace, events), (other, _) = traces_of(export(offers, "xes").stdout)
    assert (trace["concept:name"], other["concept:name"]) == ("offer/2026-11-02-acme", "offer/2026-11-10-beta")
    assert told(events, "price") == [
        ("start", "1"), ("suspend", "1"), ("resume", "1"), ("complete", "1"), ("schedule", "2"), ("complete", "2"),
    ]  # fmt: skip
    assert told(events, "ok") == [("ate_abort", "1"), ("complete", "2")]
    assert told(events, "send") == [("reassign", "1"), ("unknown", "1"), ("complete", "1")]
    assert told(events, "file") == [("manualskip", "1")]


def test_proposals_of_agents_are_marked(offers, export):
    (_, events), *_ = traces_of(export(offers, "xes", "offer").stdout)
    proposal, confirmation = (one for one in events if one["step"] == "write")
    assert (proposal["proposes"], proposal["by_agent"], proposal["lifecycle:transition"]) == ("done", "true", "unknown")
    assert (confirmation["confirms"], confirmation["org:resource"]) == ("robo", "ana")
    assert confirmation["value_link"] == "https://example.org/1"


def test_a_trace_has_the_fields_of_its_run_and_an_activity_the_name_of_its_procedure(offers, export):
    (trace, events), (_, later) = traces_of(export(offers, "xes").stdout)
    assert (trace["title"], trace["field_amount"], trace["state"]) == ("=Acme & <Sons>", "1200.5", "done")
    assert trace["finished"] == "2026-11-04T09:00:00.000+00:00"
    assert events[0]["concept:name"] == later[0]["concept:name"] == "Calculate for {{ customer }}"
    assert [one["time:timestamp"] for one in events] == sorted(one["time:timestamp"] for one in events)


def test_the_parts_of_the_xes_file_stand_in_the_order_of_the_schema(offers, export):
    log = ET.fromstring(export(offers, "xes").stdout)
    tags = [element.tag.partition("}")[2] for element in log]
    order = ["extension", "global", "classifier", "string", "date", "trace"]
    assert tags == sorted(tags, key=order.index)
    assert log.get("xes.version") == "1849.2016"
    assert {one.get("prefix") for one in log if one.tag.endswith("extension")} == {
        "concept",
        "lifecycle",
        "org",
        "time",
    }
    scopes = {one.get("scope"): [inner.get("key") for inner in one] for one in log if one.tag.endswith("global")}
    traces = traces_of(export(offers, "xes").stdout)
    assert all(key in trace for trace, _ in traces for key in scopes["trace"])
    assert all(key in event for _, events in traces for event in events for key in scopes["event"])
    for element in log.iter():
        keys = [inner.get("key") for inner in element if inner.get("key")]
        if not element.tag.endswith("log"):
            assert len(keys) == len(set(keys))
        if element.tag.endswith("date"):
            assert datetime.fromisoformat(element.get("value")).tzinfo is not None
        prefix, colon, _ = (element.get("key") or "").partition(":")
        assert not colon or prefix in {"concept", "lifecycle", "org", "time"}


def test_closed_leaves_how_attempts_ended(offers, export):
    (_, events), *_ = traces_of(export(offers, "xes", "--closed").stdout)
    assert {one["verb"] for one in events} == {"done", "rejected", "approved", "skipped"}
    lines = list(csv.DictReader(StringIO(export(offers, "csv", "--closed").stdout)))
    assert len(lines) == len(events) + 1


def test_trial_runs_are_left_out_unless_asked_for(offers, export):
    assert len(traces_of(export(offers, "xes").stdout)) == 2
    assert [trace.get("trial") for trace, _ in traces_of(export(offers, "xes", "--trials").stdout)] == [
        None,
        None,
        "true",
    ]


def test_one_run_can_be_written(offers, export):
    assert [run["run"] for run in json.loads(export(offers, "json", "beta").stdout)["runs"]] == [
        "offer/2026-11-10-beta"
    ]


def test_what_xml_cannot_hold_is_replaced_and_said(offers, export):
    path = f"{RUNS}/2026-11-02-acme.md"
    offers.write({path: offers.read(path).replace("they called", "x").replace("no rates", "no \x07 ra\x0btes")})
    done = export(offers, "xes")
    (_, events), *_ = traces_of(done.stdout)
    assert next(one["note"] for one in events if one["verb"] == "blocked") == "no \ufffd ra\ufffdtes"
    assert "2 characters that XML cannot hold" in done.stderr


def test_csv_has_a_line_for_each_event_and_no_formula(offers, export):
    lines = list(csv.DictReader(StringIO(export(offers, "csv").stdout)))
    assert list(lines[0])[:5] == ["case", "activity", "timestamp", "resource", "transition"]
    assert len(lines) == 15
    done = next(line for line in lines if line["note"].endswith("cmd()"))
    assert (done["note"], done["case_title"], done["name"]) == ("'=cmd()", "'=Acme & <Sons>", "Ana Reyes")
    assert (done["timestamp"], done["transition"]) == ("2026-11-02T13:00:00Z", "complete")
    assert [line["proposes"] for line in lines if line["by_agent"] == "yes"] == ["done"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+x", "-2+3", "@sum", "\tx", "\rx", "\nx", "＝1", "'=1", "''+x", "'plain", "-12.5", "a=b", ""]
)
def test_what_is_made_harmless_can_be_had_back(cell):
    from handrail.integrations.out_csv import neutral
    from handrail.integrations.sheet import as_written

    assert as_written(neutral(cell)) == cell
    assert neutral(cell)[:1] not in set("=+@\t\r\n＝") and (neutral(cell)[:1] != "-" or cell == "-12.5")


def test_json_has_every_event_and_fits_its_schema(offers, export):
    from jsonschema import Draft202012Validator

    from handrail.reports.json_schemas import schemas

    found = json.loads(export(offers, "json").stdout)
    Draft202012Validator(schemas()["export log/1"]).validate(found)
    acme = found["runs"][0]
    assert (acme["fields"], acme["finished"]) == ({"customer": "Acme", "amount": "1200.5"}, "2026-11-04T09:00:00Z")
    assert len(acme["events"]) == 16
    assert acme["events"][0] | {"note": "", "values": {}} == acme["events"][0]
    assert (acme["events"][0]["item"], acme["events"][0]["verb"]) == (None, "started")


@pytest.fixture
def database(offers, export):
    export(offers, "sqlite", "-o", "work.db")
    with closing(sqlite3.connect(offers.root / "work.db")) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_sqlite_holds_everything_and_its_references_hold(offers, database):
    assert database("PRAGMA foreign_key_check") == []
    assert database("PRAGMA integrity_check") == [("ok",)]
    counts = {name: database(f"SELECT count(*) FROM {name}")[0][0] for name in ("runs", "steps", "tasks", "projects")}
    assert counts == {"runs": 3, "steps": 15, "tasks": 2, "projects": 1}
    lines = sum(offers.read(f"{RUNS}/{name}").count("Z @") for name in ("2026-11-02-acme.md", "2026-11-10-beta.md"))
    assert database("SELECT count(*) FROM events WHERE run IN ('offer/2026-11-02-acme', 'offer/2026-11-10-beta')") == [
        (lines,)
    ]
    assert database("SELECT verb, project, task FROM events WHERE project IS NOT NULL") == [("done", "spring", "brief")]
    assert database("SELECT after, kind, lag FROM task_links") == [("brief", "fs", "1d")]
    assert database("SELECT id, listed FROM people WHERE NOT listed") == [("zoe", 0)]


def test_sqlite_says_what_show_says(offers, database, handrail):
    shown = json.loads(handrail(offers, "show", "acme", "--json", now=NOW).stdout)
    rows = database(
        "SELECT id, state, ready, due, done, by, attempt FROM steps WHERE run LIKE '%acme' ORDER BY position"
    )
    keys = ("id", "state", "ready", "due", "done", "by", "attempt")
    assert rows == [tuple(step[key] for key in keys) for step in shown["steps"]]
    assert database("SELECT project, task, state FROM runs WHERE id LIKE '%acme'") == [("spring", "brief", "done")]
    assert database("SELECT person FROM assignments WHERE run LIKE '%acme' AND step = 'send'") == [("ben",)]


def test_sqlite_has_views_to_look_at(database):
    assert database("SELECT activity, transition FROM event_log WHERE step = 'file'") == [("File it", "manualskip")]
    assert database("SELECT run, step, who FROM open_steps") == [
        ("offer/2026-11-10-beta", "write", "ana"),
        ("offer/2026-11-11-trial", "write", "ana"),
    ]
    assert database("SELECT run, days FROM lead_times") == [("offer/2026-11-02-acme", 2.0)]
    assert dict(database("SELECT step, done FROM step_times")) == {"price": 2, "write": 1, "ok": 1, "send": 1}


def test_times_are_those_of_the_figures(offers, database, handrail):
    told = json.loads(handrail(offers, "metrics", "offer", "--json", now=NOW).stdout)
    figures = told.get("figures", told)
    lead = json.dumps(figures)
    (seconds,) = database("SELECT lead_s FROM runs WHERE id LIKE '%acme'")[0]
    assert f'"p50": {seconds}' in lead or f'"p50": {int(seconds)}' in lead


def test_the_same_database_is_written_again_in_its_place(offers, export):
    for _ in range(2):
        export(offers, "sqlite", "-o", "work.db")
    assert not list(offers.root.glob(".work.db*"))


def test_ticks_by_hand_are_told_from_history_or_said_to_be_unknown(offers, export):
    path = f"{RUNS}/2026-11-10-beta.md"
    offers.write({path: offers.read(path).replace("- [ ] Write it", "- [x] Write it")})
    offers.commit("ticked", author="Ana <ana@example.org>")
    offers.write({path: offers.read(path).replace("- [ ] Send it", "- [x] Send it")})
    done = export(offers, "csv", "beta")
    lines = [line for line in csv.DictReader(StringIO(done.stdout)) if line["step"] in {"write", "send"}]
    assert [(line["step"], line["resource"], bool(line["by_hand"])) for line in lines] == [("write", "ana", True)]
    assert "1 tick by hand" in done.stderr


def test_a_run_that_cannot_be_read_is_left_out_and_said(offers, export):
    offers.write({f"{RUNS}/2026-11-12-odd.md": "no front matter\n"})
    done = export(offers, "json")
    assert len(json.loads(done.stdout)["runs"]) == 2
    assert "1 run that cannot be read" in done.stderr


def test_what_is_not_there_is_said(offers, handrail):
    assert "did you mean" in handrail(offers, "export", "xes", "ofer", now=NOW).output.lower()
    done = handrail(offers, "export", "sqlite", "-o", "no/such/folder.db", now=NOW)
    assert done.exit_code == 1
    assert "folder.db` cannot be written" in done.output


def test_an_empty_workspace_gives_empty_files(workspace, export):
    folder = workspace({}, config=CONFIG)
    assert traces_of(export(folder, "xes").stdout) == []
    assert json.loads(export(folder, "json").stdout)["runs"] == []
    assert len(list(csv.reader(StringIO(export(folder, "csv").stdout)))) == 1
    export(folder, "sqlite", "-o", "empty.db")


@pytest.mark.slow
def test_very_many_runs_need_little_memory(tmp_path):
    folder = tmp_path / "many"
    environment = {**os.environ, "PYTHONPATH": str(TOOLS)}
    maker = [sys.executable, TOOLS / "develop" / "many_runs.py", folder, "--runs", "2000"]
    subprocess.run(maker, check=True, env=environment)
    measure = (
        "import resource, sys; from handrail.cli.main import handrail;"
        f"handrail.main(['-C', {str(folder)!r}, 'export', 'xes', '-o', 'out.xes'], 'handrail', standalone_mode=False);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    command = [sys.executable, "-c", measure]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    assert int(done.stdout.split()[-1]) < 150_000
    text = (folder / "out.xes").read_text()
    assert text.count("<trace>") == 2000
    events = subprocess.run(
        ["git", "grep", "-c", "^  - "], cwd=folder, check=True, capture_output=True, text=True
    ).stdout
    assert text.count("<event>") == sum(int(line.rpartition(":")[2]) for line in events.splitlines())
