"""What is kept of a run: nothing that reports look at gets lost on the way through the index."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

from handrail.app.moment import moment_of
from handrail.base.pack import packer, unpacker
from handrail.format.run import read_run
from handrail.model.people import Config
from handrail.model.run import Run
from handrail.model.state import Facts, RunState, StepState, walk_states
from handrail.reports.heads import head_text, read_head
from handrail.rules.state import run_state
from handrail.text.document import read_document

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEXT = """\
---
run: p/r
process: p
revision: 6f1c000000000000000000000000000000000000
title: "Title \\"quoted\\" ü 🚀"
started: 2026-11-09T09:00:00Z
by: "@mara"
due: 2026-12-07
roles: {sales: [ana, ben]}
fields: {customer: Ada}
project: spring
parent: p/q#x
trial: true
order: any
calendar: always
stall: 1.5d
---

## Stage

- [ ] One {#one @ana @ben role=sales due=start+2d stall=1d ask=x proof=link gate use="crane:2" priority=high}
  - 2026-11-10T09:00:00Z @ana started
  - 2026-11-10T10:00:00Z @ana set x=5
  - 2026-11-11T09:00:00Z @ben blocked until=2026-12-01: ill

- [ ] Two {#two @ana est=1d/2d/3d wait=2d if=customer=Ada}

  - [x] Inner {#inner approval}
    - 2026-11-12T09:00:00Z @ben rejected: no
    - 2026-11-13T09:00:00Z @ben approved

## Log

- 2026-11-09T09:00:00Z @mara started
"""


def state_of(now: datetime) -> RunState:
    run = read_run(read_document("processes/p/runs/r.md", TEXT)).value
    assert run is not None
    return run_state(run, procedure=None, time=moment_of(Config(), now).time_for("always"), now=now)


def test_every_field_of_a_run_comes_back() -> None:
    run = dataclasses.replace(state_of(NOW).run, content=(), agents="propose")
    assert all(
        getattr(run, field.name) != field.default for field in dataclasses.fields(Run) if field.name != "content"
    )
    assert unpacker(Run)(packer(Run)(run)) == run


def test_a_head_has_what_the_state_has_but_for_what_only_a_run_s_own_page_shows() -> None:
    for now in (NOW, NOW - timedelta(days=30), NOW + timedelta(days=30)):
        state = state_of(now)
        head = read_head(head_text(state), moment_of(Config(), now))
        whole = dataclasses.replace(state, run=dataclasses.replace(state.run, content=(), log=(), fields={}))
        for field in dataclasses.fields(RunState):
            if field.name not in ("steps", "same_from", "same_until"):
                assert getattr(head, field.name) == getattr(whole, field.name), field.name
        assert [step.id for step in head.steps] == ["one", "two"]
        for kept, told in zip(walk_states(head.steps), walk_states(state.steps), strict=True):
            hold_same(kept, told)


def hold_same(kept: StepState, told: StepState) -> None:
    for field in dataclasses.fields(StepState):
        if field.name not in ("item", "substeps"):
            assert getattr(kept, field.name) == getattr(told, field.name), field.name
    for field in dataclasses.fields(type(told.item)):
        if field.name not in ("events", "children", "body", "spots", "place"):
            assert getattr(kept.item, field.name) == getattr(told.item, field.name), field.name
    assert kept.item.place.line == told.item.place.line


def test_a_proposal_comes_back() -> None:
    facts = Facts(proposed=state_of(NOW).run.items[0].events[0], proposer="robo")
    assert unpacker(Facts)(packer(Facts)(facts)) == facts
