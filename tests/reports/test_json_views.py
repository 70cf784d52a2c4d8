"""The objects that `--json` prints have exactly the keys that are documented."""

from __future__ import annotations

import json
from typing import Any

from handrail.reports import json_views
from handrail.reports.activity import activity
from handrail.reports.results import Overview
from handrail.reports.work import coming_next, work_of

RUN = set("run process revision title state started due finished progress steps".split())
STEP = set(
    "id title stage line state assignees ready due done by by_agent proposer proposed rejected attempt overdue stalled"
    " substeps".split()
)
PLANNED = set(
    "id title phase state start finish early_start early_finish late_start late_finish total_float_s free_float_s"
    " critical assignees".split()
)
ENVELOPE = {"schema", "at"}
ADA = "onboarding/2026-11-09-ada"


def plain(view: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(view))


def steps_of(view: dict[str, Any]) -> list[dict[str, Any]]:
    found = list(view)
    for step in found:
        found.extend(step["substeps"])
    return found


def test_status(acme: Overview) -> None:
    view = plain(json_views.status_view(acme))
    assert view.keys() == ENVELOPE | {"runs", "projects"}
    assert (view["schema"], view["at"]) == ("status/1", "2026-11-23T09:00:00Z")
    assert all(run.keys() == RUN for run in view["runs"])
    assert view["runs"][0]["progress"].keys() == {"done", "skipped", "na", "total"}


def test_show_run(acme: Overview) -> None:
    view = plain(json_views.show_run_view(acme, acme.runs[ADA]))
    assert view.keys() == ENVELOPE | RUN
    steps = {step["id"]: step for step in steps_of(view["steps"])}
    assert all(step.keys() == STEP for step in steps.values())
    assert steps["signed"] | {"line": 0, "due": ""} == {
        "id": "signed",
        "title": "Get it back signed",
        "stage": "Contract",
        "line": 0,
        "state": "ready",
        "assignees": ["ana"],
        "ready": "2026-11-10T10:00:00Z",
        "due": "",
        "done": None,
        "by": None,
        "by_agent": False,
        "proposer": None,
        "proposed": None,
        "rejected": None,
        "attempt": 1,
        "overdue": True,
        "stalled": True,
        "substeps": [],
    }
    assert steps["region"]["stage"] == "Set-up"
    assert steps["send"]["by"] == "ana"


def test_show_process(acme: Overview) -> None:
    view = plain(json_views.show_process_view(acme.workspace.processes["onboarding"], acme.moment.now))
    assert view.keys() == ENVELOPE | {"process", "path", "steps"}
    assert all(step.keys() == STEP for step in steps_of(view["steps"]))
    assert [step["line"] for step in view["steps"]] == sorted(step["line"] for step in view["steps"])


def test_show_project(acme: Overview) -> None:
    view = plain(json_views.show_project_view(acme, acme.projects["spring"]))
    assert view.keys() == ENVELOPE | set(
        "project title state owner start target finish finished progress tasks".split()
    )
    assert all(step.keys() == STEP for step in steps_of(view["tasks"]))


def test_stalled(acme: Overview) -> None:
    view = plain(json_views.stalled_view(acme, acme.findings))
    assert view.keys() == ENVELOPE | {"findings"}
    keys = {"item", "title", "reasons", "since", "assignees", "next_in_line"}
    assert all(finding.keys() in (keys | {"run"}, keys | {"project"}) for finding in view["findings"])


def test_project_plan(acme: Overview) -> None:
    view = plain(json_views.project_plan_view(acme.plans["spring"], acme.moment.now))
    assert view.keys() == ENVELOPE | {"project", "start", "finish", "tasks"}
    assert view["schema"] == "project plan/1"
    assert all(task.keys() == PLANNED for task in view["tasks"])
    assert [task["id"] for task in view["tasks"]] == ["brief", "shoot", "signoff", "draw", "write", "launch"]


def test_mine_next_log_and_list(acme: Overview) -> None:
    mine = plain(json_views.mine_view(acme, work_of(acme, "ana")))
    assert mine.keys() == ENVELOPE | {"person", "now", "coming", "finished"}
    assert mine["now"][0].keys() == {"run", "holder_title", "step", "confirmers"}
    following = plain(json_views.next_view(acme, coming_next(acme)))
    assert following.keys() == ENVELOPE | {"items"}
    log = plain(json_views.log_view(acme.moment.now, activity(acme.workspace)))
    assert log["events"][0].keys() == {"run", "time", "who", "by_agent", "verb", "item", "title", "note", "values"}
    listed = plain(json_views.list_view(acme, processes=acme.workspace.processes.values()))
    assert listed.keys() == ENVELOPE | {"processes", "runs", "projects"}
