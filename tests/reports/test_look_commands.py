"""The looking commands from outside: what they print, and with which exit status they leave."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from handrail.cli.look import plan
from handrail.cli.main import handrail as command_line

PROCESS = """\
---
title: Onboarding
owner: "@mara"
fields: {customer: {required: true}}
---

- [ ] Send the agreement to {{ customer }} {#send @ana due=2d}

  Use the **newest** template for {{ customer }}.

- [ ] Get it back signed {#signed @ben}
"""
RUN = """\
---
run: onboarding/2026-11-09-ada
process: onboarding
title: Ada Lovelace
started: 2026-11-09T09:00:00Z
by: "@mara"
fields: {customer: Ada}
---

- [ ] Send the agreement to Ada {#send @ana due=2d}

- [ ] Get it back signed {#signed @ben}

## Log

- 2026-11-09T09:00:00Z @mara started
"""
PROJECT = "---\ntitle: Campaign\nstart: 2026-11-23\n---\n\n- [ ] Brief {#brief @ana est=2d}\n"
NOW = "2026-11-23T09:00:00Z"
FILES = {
    "processes/onboarding/README.md": PROCESS,
    "processes/onboarding/runs/2026-11-09-ada.md": RUN,
    "projects/campaign/README.md": PROJECT,
}


@pytest.fixture
def call(workspace: Callable[..., Any]) -> Callable[..., Result]:
    folder = workspace(FILES)

    def run(*arguments: str, now: str = NOW) -> Result:
        return CliRunner().invoke(command_line, ["-C", str(folder.root), "--now", now, *arguments])

    return run


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["status"], "Send the agreement to Ada"),
        (["list", "runs"], "2026-11-09-ada"),
        (["list", "processes"], "1 active, 1 run"),
        (["show", "ada"], "Next: handrail check 2026-11-09-ada send"),
        (["show", "ada", "send"], "Use the **newest** template for Ada."),
        (["show", "campaign"], "Brief"),
        (["show", "onboarding"], "#signed"),
        (["mine", "ana"], "Ana Reyes has to do"),
        (["mine", "Reyes"], "Ana Reyes has to do"),
        (["mine"], "You have nothing to do."),
        (["next", "ada"], "@ana"),
        (["log", "ada"], "the run"),
        (["stalled", "campaign"], "Nothing has stalled."),
    ],
)
def test_it_shows(call: Callable[..., Result], arguments: list[str], shown: str) -> None:
    result = call(*arguments)
    assert shown in result.output
    assert result.exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [["status"], ["list"], ["show", "ada"], ["show", "campaign"], ["mine"], ["next"], ["log"], ["show", "ada", "send"]],
)
def test_json_is_one_object_with_schema_and_moment(call: Callable[..., Result], arguments: list[str]) -> None:
    view = json.loads(call(*arguments, "--json").output)
    assert view["schema"] == f"{arguments[0]}/1"
    assert view["at"] == NOW


def test_stalled_leaves_with_one_where_it_found_something(call: Callable[..., Result]) -> None:
    assert call("stalled").exit_code == 1
    found = call("stalled", "--json")
    assert found.exit_code == 1
    assert json.loads(found.output)["findings"][0]["run"] == "onboarding/2026-11-09-ada"
    assert call("stalled", now="2026-11-09T10:00:00Z").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [["show", "nothing"], ["mine", "zoe"], ["show", "onboarding", "send"], ["show", "ada", "nothing"], ["log", "x"]],
)
def test_a_name_that_is_not_there_is_wrong_usage(call: Callable[..., Result], arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_project_plan_as_a_table_and_as_json(workspace: Callable[..., Any]) -> None:
    from handrail.cli.context import Context

    context = Context(start=workspace(FILES).root, now_text=NOW)
    shown = CliRunner().invoke(plan, ["campaign"], obj=context)
    assert "Mon 23 Nov → Tue 24 Nov" in shown.output
    view = json.loads(CliRunner().invoke(plan, ["campaign", "--json"], obj=context).output)
    assert [task["id"] for task in view["tasks"]] == ["brief"]


def test_an_empty_workspace_says_how_to_begin(workspace: Callable[..., Any]) -> None:
    folder = workspace({})
    for command in ("status", "list", "next", "log", "mine", "stalled"):
        result = CliRunner().invoke(command_line, ["-C", str(folder.root), command])
        assert result.exit_code == 0, result.output
        assert result.output.strip()
