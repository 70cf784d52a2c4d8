"""Tasks that are done by runs: `tick` starts the run when the task can be begun, and finishes the task with it."""

from __future__ import annotations

import json

import pytest

NOW, LATER = "2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z"
VENDOR = '---\ntitle: Vendor\nowner: "@mara"\nroles: {buyer: }\n---\n\n- [ ] Sign {#sign @buyer}\n'
PROJECT = """\
---
title: Spring
owner: "@mara"
---

- [ ] Choose {#choose @ana}

- [ ] Onboard the agency {#agency run=vendor after=choose}

- [ ] Brief them {#brief @ben after=agency}
"""
RUN = "processes/vendor/runs/spring-agency.md"


@pytest.fixture
def spring(workspace):
    return workspace({"processes/vendor/README.md": VENDOR, "projects/spring/README.md": PROJECT})


def test_a_run_starts_when_its_task_can_be_begun_and_closes_it(spring, handrail) -> None:
    assert "Nothing is due" in handrail(spring, "tick", now=NOW).output
    handrail(spring, "project", "check", "spring", "choose", now=NOW)
    done = handrail(spring, "tick", now=NOW)
    assert done.exit_code == 0, done.output
    assert "Started: Onboard the agency, vendor/spring-agency, for spring#agency" in done.output
    assert 'project: "spring#agency"' in spring.read(RUN)
    assert handrail(spring, "lint", now=NOW).exit_code == 0
    assert "Nothing is due" in handrail(spring, "tick", now=NOW).output
    handrail(spring, "check", "vendor/spring-agency", "sign", now=LATER)
    closed = handrail(spring, "tick", "--json", now=LATER)
    assert json.loads(closed.output)["settled"][0] | {"commit": None} == {
        "what": "check", "project": "spring", "task": "agency", "child": "vendor/spring-agency", "commit": None,
        "shared": False,
    }  # fmt: skip
    assert (
        "- [x] Onboard the agency {#agency run=vendor after=choose}\n  - 2026-11-24T09:00:00Z @mara done"
        in spring.read("projects/spring/README.md")
    )


def test_what_cannot_start_is_said_with_the_command_that_would(spring, handrail) -> None:
    needy = VENDOR.replace("roles: {buyer: }", "fields: {name: {required: true}}").replace("@buyer", "@mara")
    spring.write({"processes/vendor/README.md": needy})
    spring.commit()
    handrail(spring, "project", "check", "spring", "choose", now=NOW)
    done = handrail(spring, "tick", now=NOW)
    assert done.exit_code == 1
    assert "handrail start vendor --project spring#agency -f name=" in done.output


def test_a_cancelled_run_leaves_the_task_to_people(spring, handrail) -> None:
    handrail(spring, "project", "check", "spring", "choose", now=NOW)
    handrail(spring, "tick", now=NOW)
    handrail(spring, "cancel", "vendor/spring-agency", "-m", "another one", now=NOW)
    assert "Nothing is due" in handrail(spring, "tick", now=NOW).output


def test_a_dry_run_only_says_so(spring, handrail) -> None:
    handrail(spring, "project", "check", "spring", "choose", now=NOW)
    assert "Would start" in handrail(spring, "tick", "--dry-run", now=NOW).output
    assert not (spring.root / RUN).exists()


def test_a_process_says_which_projects_wait_for_it(spring, handrail) -> None:
    assert "spring waits for it:  Onboard the agency" in handrail(spring, "show", "vendor", now=NOW).output


def test_a_run_is_started_for_a_task_by_hand(spring, handrail) -> None:
    done = handrail(spring, "start", "vendor", "Lumen", "--project", "spring#agency", "--role", "buyer=ana", now=NOW)
    assert done.exit_code == 0, done.output
    assert 'project: "spring#agency"' in spring.read("processes/vendor/runs/2026-11-23-lumen.md")
    assert handrail(spring, "start", "vendor", "X", "--project", "spring#nothing", now=NOW).exit_code == 2
