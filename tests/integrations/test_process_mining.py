"""What a process-mining program reads of the sample company, beside what the figures say of it.

The file is read twice: by a reader of XML that knows nothing but the standard, always, and by PM4Py where that is
installed (`pip install pm4py`; it is under another licence, so nothing here depends on it).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
NOW = "2026-11-23T09:00:00Z"
SPACE = "{http://www.xes-standard.org/}"
CLOSES = {"complete": "done", "manualskip": "skipped"}


@dataclass(frozen=True)
class Case:
    attributes: dict[str, object]
    events: list[dict[str, object]]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The sample company, what the figures say of it, and its event log."""
    folder = tmp_path_factory.mktemp("mining") / "company"
    environment = {**os.environ, "PYTHONPATH": str(TOOLS), "HANDRAIL_NOW": NOW}

    def call(*arguments):
        command = [sys.executable, "-m", "handrail", *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout

    call("demo", folder)
    call("-C", folder, "export", "xes", "-o", "all.xes")
    return json.loads(call("-C", folder, "metrics", "--json")), folder / "all.xes"


def read_by_the_standard(path):
    def attributes(element):
        found = {one.get("key"): one for one in element if one.get("key")}
        return {
            key: datetime.fromisoformat(one.get("value")) if one.tag == f"{SPACE}date" else one.get("value")
            for key, one in found.items()
        }

    traces = ET.parse(path).getroot().iter(f"{SPACE}trace")
    return [Case(attributes(one), [attributes(event) for event in one.iter(f"{SPACE}event")]) for one in traces]


def read_by_pm4py(path):
    pm4py = pytest.importorskip("pm4py", reason="pip install pm4py")
    table = pm4py.read_xes(str(path))
    cases = []
    for _, rows in table.groupby("case:concept:name", sort=False):
        told = rows.iloc[0].dropna().to_dict()
        case = {key.removeprefix("case:"): value for key, value in told.items() if key.startswith("case:")}
        events = [
            {key: value for key, value in row.items() if not key.startswith("case:")} for row in rows.to_dict("records")
        ]
        cases.append(Case(case, events))
    return cases


READERS = [read_by_the_standard]
if find_spec("pm4py"):
    READERS.append(read_by_pm4py)


@pytest.fixture(params=READERS, ids=lambda reader: reader.__name__)
def mined(request, company):
    figures, path = company
    return figures, request.param(path)


def spread(seconds):
    """The values that half, 85 and 95 of a hundred do not exceed."""
    ordered = sorted(seconds)
    at = {f"p{share}": ordered[ceil(len(ordered) * share / 100) - 1] for share in (50, 85, 95)}
    return {"n": len(ordered), **at}


def last_words(cases):
    """How each step of each run ended that was not opened again, counted by process and step."""
    found = Counter()
    for case in cases:
        ends = {one["step"]: one for one in case.events if one["lifecycle:transition"] in {*CLOSES, "schedule"}}
        for step, one in ends.items():
            found[case.attributes["process"], step, CLOSES.get(one["lifecycle:transition"], "")] += 1
    return found


def test_there_are_as_many_cases_as_runs_in_the_same_states(mined):
    figures, cases = mined
    assert len({case.attributes["concept:name"] for case in cases}) == len(cases) == figures["started"]
    states = Counter(case.attributes["state"] for case in cases)
    assert {state: number for state, number in figures["cohort"].items() if number} == states


def test_finished_runs_take_as_long_as_the_figures_say(mined):
    figures, cases = mined
    finished = [case for case in cases if case.attributes["state"] == "done"]
    took = [(one.attributes["finished"] - one.attributes["started"]).total_seconds() for one in finished]
    assert spread(took) == figures["lead_wall_s"]
    for case in finished:
        ends = {one["time:timestamp"] for one in case.events if one["lifecycle:transition"] in CLOSES}
        assert case.attributes["finished"] in ends


def test_steps_are_completed_and_skipped_as_often_as_the_figures_say(mined):
    figures, cases = mined
    found = last_words(cases)
    for step in figures["steps"]:
        for word in ("done", "skipped"):
            assert found[step["process"], step["step"], word] == step[word], step["step"]


def test_rejections_are_as_many(mined):
    figures, cases = mined
    rejected = sum(one["lifecycle:transition"] == "ate_abort" for case in cases for one in case.events)
    assert rejected == sum(step["rejected"] for step in figures["steps"]) > 0


def test_names_in_the_file_are_such_as_the_schema_of_the_standard_allows(company):
    _, path = company
    for element in ET.parse(path).getroot().iter():
        if element.get("key"):
            assert re.fullmatch(r"[A-Za-z_:][\w.:-]*", element.get("key"))
        for name in ("name", "prefix", "scope"):
            if element.get(name):
                assert re.fullmatch(r"[A-Za-z_][\w.-]*", element.get(name)), element.get(name)


def test_no_event_is_left_out(company):
    _, path = company
    files = [run.read_text() for run in path.parent.glob("processes/**/runs/*.md")]
    written = sum(len(re.findall(r"^ +- \d{4}-\d\d-\d\dT\S+ @", text, re.MULTILINE)) for text in files)
    told = path.read_text()
    assert told.count("<event>") - told.count('key="by_hand"') == written
