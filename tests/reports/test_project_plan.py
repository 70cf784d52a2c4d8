"""A project's schedule, from its file, its events and its runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from handrail.reports.results import Overview, PlannedTask

Make = Callable[..., Overview]


def planned(overview: Overview, project: str = "p") -> dict[str, PlannedTask]:
    return {task.item.id: task for task in overview.plans[project].tasks}


def project(body: str, head: str = "start: 2026-11-23\n") -> dict[str, str]:
    return {"p": f"---\ntitle: P\n{head}---\n\n{body}"}


def test_finished_tasks_keep_their_actual_dates(acme: Overview) -> None:
    brief = planned(acme, "spring")["brief"]
    assert brief.start == datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
    assert brief.finish == datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
    assert (brief.state, brief.progress, brief.critical) == ("done", 1.0, False)


def test_a_container_spans_its_parts(acme: Overview) -> None:
    tasks = planned(acme, "spring")
    page, draw, write = tasks["page"], tasks["draw"], tasks["write"]
    assert page.container
    assert (page.start, page.finish) == (draw.start, write.finish)
    assert tasks["launch"].start >= write.finish


def test_a_task_without_an_estimate_counts_as_one_day_and_is_named(acme: Overview) -> None:
    assert not planned(acme, "spring")["write"].estimated
    assert planned(acme, "spring")["draw"].estimated
    assert any("Write it" in warning for warning in acme.plans["spring"].warnings)


def test_a_deadline_that_cannot_be_met_is_named_with_the_chain(acme: Overview) -> None:
    assert planned(acme, "spring")["signoff"].late
    warning = acme.plans["spring"].warnings[0]
    assert warning.startswith("Creative signed off is due Wed 25 Nov and ends")
    assert "Shoot the photos → Creative signed off" in warning


def test_a_link_to_a_task_with_sub_tasks_waits_for_all_of_them(company: Make) -> None:
    body = "- [ ] A {#a}\n\n  - [ ] B {#b est=2d}\n\n  - [ ] C {#c est=4d}\n\n- [ ] D {#d est=1d after=a}\n"
    tasks = planned(company(projects=project(body)))
    assert tasks["d"].start >= max(tasks["b"].finish, tasks["c"].finish)


def test_half_a_persons_time_takes_twice_as_long(company: Make) -> None:
    tasks = planned(company(projects=project("- [ ] A {#a est=2d load=50%}\n- [ ] B {#b est=4d}\n")))
    assert tasks["a"].finish == tasks["b"].finish


def test_a_task_takes_its_state_from_the_runs_that_do_it(company: Make) -> None:
    body = "- [ ] Onboard the agency {#agency run=vendor}\n- [ ] Brief it {#brief after=agency est=1d}\n"
    run = (
        "---\nrun: vendor/x\nprocess: vendor\ntitle: X\nstarted: 2026-11-23T08:00:00Z\nproject: p\n---\n\n"
        "- [x] A {#a}\n  - 2026-11-23T08:30:00Z @ana done\n\n- [ ] B {#b}\n"
    )
    agency = planned(company(projects=project(body), runs=(run,)))["agency"]
    assert (agency.state, agency.progress, agency.runs) == ("doing", 0.5, ("vendor/x",))
    assert agency.start == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_rings_and_lost_links_are_sentences(company: Make) -> None:
    body = "- [ ] A {#a after=b}\n- [ ] B {#b after=a}\n- [ ] C {#c after=nothing}\n"
    warnings = company(projects=project(body)).plans["p"].warnings
    assert any("wait for each other" in warning for warning in warnings)
    assert any("`nothing`" in warning for warning in warnings)


def test_a_project_without_tasks_has_an_empty_plan(company: Make) -> None:
    plan = company(projects=project("Nothing yet.\n")).plans["p"]
    assert (plan.start, plan.finish, plan.tasks) == (None, None, ())


def test_a_task_ticked_by_hand_is_finished_whenever_that_was(company: Make) -> None:
    tasks = planned(company(projects=project("- [x] A {#a est=9d}\n- [ ] B {#b est=1d after=a}\n")))
    assert tasks["a"].finish <= datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert tasks["b"].finish == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
