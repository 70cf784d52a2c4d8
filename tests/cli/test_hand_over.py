"""Behaviour 11: all open work of somebody who leaves goes to somebody else, in every run and project."""

from __future__ import annotations

import pytest

NOW = "2026-11-23T09:00:00Z"
LATER = "2026-11-24T09:00:00Z"
STEPS = "- [ ] A {#a @ana}\n- [ ] B {#b @ana @ben}\n- [ ] C {#c @chi}\n- [ ] D {#d @sales}\n"
PROCESS = f"---\ntitle: P\nroles: {{sales: ana}}\n---\n\n{STEPS}"
PROJECT = "---\ntitle: Spring\n---\n\n- [ ] Brief {#brief @ana}\n\n- [ ] Shoot {#shoot @ben}\n"


@pytest.fixture
def leaving(workspace, handrail):
    folder = workspace({"processes/p/README.md": PROCESS, "projects/spring/README.md": PROJECT})
    for title in ("One", "Two", "Old"):
        handrail(folder, "start", "p", title, now=NOW)
    handrail(folder, "check", "one", "a", now=NOW)
    handrail(folder, "begin", "two", "a", now=NOW)
    handrail(folder, "cancel", "old", "-m", "no", now=NOW)
    return folder


def events(folder, name):
    text = folder.read(f"processes/p/runs/2026-11-23-{name}.md")
    return [line.strip()[2:] for line in text.splitlines() if " assigned " in line]


def test_all_open_steps_and_tasks_go_over_and_finished_ones_stay(leaving, handrail):
    head = leaving.git("rev-parse", "HEAD").strip()
    result = handrail(leaving, "assign", "--from", "ana", "--to", "chi", now=LATER)
    assert result.exit_code == 0, result.output
    assert events(leaving, "one") == [
        '2026-11-24T09:00:00Z @mara assigned to="ben chi"',
        "2026-11-24T09:00:00Z @mara assigned to=chi",
    ]
    assert len(events(leaving, "two")) == 3 and events(leaving, "old") == []
    assert "@mara assigned to=chi" in leaving.read("projects/spring/README.md")
    assert leaving.git("rev-list", "--count", f"{head}..HEAD").strip() == "3"
    again = handrail(leaving, "assign", "--from", "ana", "--to", "chi", now=LATER)
    assert (again.exit_code, "Nothing that is open is with @ana." in again.output) == (1, True)


def test_a_dry_run_says_what_would_go_where(leaving, handrail):
    head = leaving.git("rev-parse", "HEAD")
    result = handrail(leaving, "assign", "--from", "ana", "--to", "chi", "--dry-run", now=LATER)
    assert result.output == (
        "Would assign: p/2026-11-23-one: b, d\n"
        "Would assign: p/2026-11-23-two: a, b, d\n"
        "Would assign: spring: brief\n"
        "6 items in 3 files would be assigned.\n"
    )
    assert leaving.git("rev-parse", "HEAD") == head


def test_somebody_who_is_not_in_the_workspace_any_more_can_be_relieved(leaving, handrail):
    config = leaving.read("handrail.yml")
    leaving.write({"handrail.yml": "".join(line for line in config.splitlines(True) if " ana:" not in line)})
    leaving.commit()
    result = handrail(leaving, "assign", "--from", "ana", "--to", "chi", now=LATER)
    assert result.exit_code == 0, result.output
    assert len(events(leaving, "two")) == 3


def test_nothing_goes_to_somebody_who_has_left(leaving, handrail):
    config = leaving.read("handrail.yml").replace("{name: Chi Nwosu,", "{name: Chi Nwosu, active: false,")
    leaving.write({"handrail.yml": config})
    leaving.commit()
    result = handrail(leaving, "assign", "--from", "ana", "--to", "chi", now=LATER)
    assert result.exit_code == 1 and "Chi Nwosu has left" in result.output


def test_projects_alone(leaving, handrail):
    result = handrail(leaving, "project", "assign", "--from", "ana", "--to", "chi", now=LATER)
    assert result.exit_code == 0 and events(leaving, "one") == []
