"""What has stalled and what has not (SEMANTICS 3). Runs start on Monday 9 November, now is Monday 23 November."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from handrail.reports.results import Overview

Make = Callable[..., Overview]
WEDNESDAY = datetime(2026, 11, 11, 9, 0, tzinfo=UTC)


def codes(overview: Overview) -> list[tuple[str, ...]]:
    return [finding.codes for finding in overview.findings]


@pytest.mark.parametrize(
    ("step", "events", "expected"),
    [
        ("A {#a @ana}", (), ["idle"]),
        ("A {#a @ana stall=20d}", (), []),
        ("A {#a @ana due=2d}", (), ["overdue", "idle"]),
        ("A {#a @ana due=2d stall=20d}", (), ["overdue"]),
        ("A {#a @ana}", ("2026-11-20T09:00:00Z @ana noted: asked again",), []),
        ("A {#a @ana}", ("2026-11-20T09:00:00Z @ana started",), []),
        ("A {#a @ana}", ("2026-11-10T09:00:00Z @ana started",), ["idle"]),
        ("A {#a @ana}", ("2026-11-10T09:00:00Z @ana blocked until=2026-12-01: their lawyer is away",), []),
        ("A {#a @ana due=2d}", ("2026-11-10T09:00:00Z @ana blocked until=2026-12-01: away",), []),
        ("A {#a @ana stall=20d}", ("2026-11-10T09:00:00Z @ana blocked until=2026-11-18: away",), ["blocked"]),
        ("A {#a @ana}", ("2026-11-10T09:00:00Z @ana blocked: nobody answers",), ["idle"]),
        ("A {#a stall=20d}", (), ["unassigned"]),
        ("A {#a @zoe stall=20d}", (), ["unknown-person"]),
        ("A {#a @gone stall=20d}", (), ["unknown-person"]),
        ("A {#a @success stall=20d}", (), []),
        ("A {#a @ana wait=20d}", (), []),
        ("A {#a @ana wait=20d due=2026-11-20}", (), []),
        ("A {#a optional}", (), []),
    ],
)
def test_a_step_stalls(one_step: Make, step: str, events: tuple[str, ...], expected: list[str]) -> None:
    found = [code for finding in one_step(step, *events).findings for code in finding.codes]
    assert found == expected


def test_the_threshold_of_the_run_comes_before_that_of_the_workspace(one_step: Make) -> None:
    assert codes(one_step("A {#a @ana}", head="stall: 3w\n")) == []
    assert codes(one_step("A {#a @ana}", head="stall: 1d\n", now=WEDNESDAY)) == [("idle",)]
    assert codes(one_step("A {#a @ana}", now=WEDNESDAY)) == []


def test_weekends_do_not_count(one_step: Make) -> None:
    friday = "2026-11-20T09:00:00Z @ana started"
    assert codes(one_step("A {#a @ana stall=1d}", friday)) == []
    assert codes(one_step("A {#a @ana stall=1d}", friday, head="calendar: always\n")) == [("idle",)]


def test_reasons_are_sentences_worst_first(one_step: Make) -> None:
    finding = one_step("Get it *signed* {#a @ana due=2d}").findings[0]
    assert finding.reasons == ("overdue by 13 days", "nothing has happened for 10 working days")
    assert finding.since == datetime(2026, 11, 9, 8, 0, tzinfo=UTC)


def test_next_in_line_is_the_role_then_the_owner(one_step: Make) -> None:
    head = "roles: {sales: [ana, ben]}\n"
    assert one_step("A {#a @ana role=sales}", head=head).findings[0].next_in_line == "ben"
    assert one_step("A {#a @ana}", head=head).findings[0].next_in_line == "mara"
    assert one_step("A {#a @mara}", head=head).findings[0].next_in_line == ""


def test_without_people_anywhere_nobody_is_missed(one_step: Make) -> None:
    assert codes(one_step("A {#a stall=20d}", config="title: Alone\n")) == []


def test_what_waits_is_never_stalled_and_worst_comes_first(acme: Overview) -> None:
    found = [(finding.holder, finding.item) for finding in acme.findings]
    assert ("onboarding/2026-11-09-ada", "workspace") not in found
    assert found[0] == ("onboarding/2026-11-09-ada", "signed")
    assert [finding.severity for finding in acme.findings] == sorted(
        (finding.severity for finding in acme.findings), reverse=True
    )


def test_a_parent_step_stalls_with_its_child_run(company: Make) -> None:
    parent = (
        "---\nrun: p/r\nprocess: p\ntitle: R\nstarted: 2026-11-09T08:00:00Z\n---\n\n"
        "- [ ] Onboard them {#sub @ana run=q stall=40d}\n"
    )
    child = (
        "---\nrun: q/c\nprocess: q\ntitle: C\nstarted: 2026-11-09T08:00:00Z\nparent: p/r sub\n---\n\n"
        "- [ ] A {#a @ben}\n"
    )
    found = {finding.holder: finding for finding in company(runs=(parent, child)).findings}
    assert found["p/r"].reasons == ("its run q/c has stalled",)
    assert found["q/c"].codes == ("idle",)


def test_a_finished_or_cancelled_run_does_not_stall(company: Make) -> None:
    head = "---\nrun: p/r\nprocess: p\ntitle: R\nstarted: 2026-11-09T08:00:00Z\n---\n\n"
    done = head + "- [x] A {#a @ana}\n  - 2026-11-09T09:00:00Z @ana done\n"
    cancelled = head + "- [ ] A {#a @ana}\n\n## Log\n\n- 2026-11-09T09:00:00Z @ana cancelled: no need\n"
    assert codes(company(runs=(done,))) == []
    assert codes(company(runs=(cancelled,))) == []
