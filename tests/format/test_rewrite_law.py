"""Whatever becomes of a procedure, an upgrade keeps every event and tick of its runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.format.edit import edit
from handrail.format.event import write_event
from handrail.format.fill import fill
from handrail.format.process import read_process
from handrail.format.rewrite import rewrite
from handrail.format.run import read_run, write_run
from handrail.model.calendar import Calendar
from handrail.model.change import Change
from handrail.model.item import Event, walk
from handrail.model.people import Config
from handrail.plan.worktime import working_time
from handrail.rules.apply import apply
from handrail.rules.begin import new_run
from handrail.rules.upgrade import Upgrade, upgrade_run
from handrail.text.document import read_document

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TIME = working_time(Calendar())
NAMES = "abcdefg"


@st.composite
def procedures(draw):
    """A procedure of some of seven steps, at random depths, under random headings, with random words."""
    lines, depth = ["# A procedure", ""], -1
    for name in draw(st.permutations(NAMES).map(lambda names: names[: draw(st.integers(1, 7))])):
        depth = draw(st.integers(0, min(depth + 1, 3)))
        if depth == 0 and draw(st.integers(0, 3)) == 0:
            lines += ["", f"## Stage {draw(st.sampled_from('xyz'))}", ""]
        words = draw(st.sampled_from(["", " due=2d", " gate", " optional"]))
        lines.append(f"{'  ' * depth}- [ ] {draw(st.sampled_from(['Do', 'Redo']))} {name} {{#{name} @ana{words}}}")
    return read_process(read_document("processes/p/README.md", "\n".join(lines) + "\n"), "p").value


def begun(process, ticked):
    run = new_run(
        process, title="Ada", fields={}, roles={}, by="mara", now=NOW, due=None, project="", parent="",
        revision="1" * 40, run_id="ada", config=Config(), time=TIME, fill=fill,
    )  # fmt: skip
    ids = [item.id for item in walk(run.items)]
    events = [
        Change(ids[index % len(ids)], Event(NOW + timedelta(minutes=number), "ana", verb, (), "a: note"), box)
        for number, (index, verb, box) in enumerate(ticked)
    ]
    return apply(run, events)


VERBS = [("started", None), ("noted", None), ("done", True), ("reopened", False)]
TICKED = st.lists(st.tuples(st.integers(0, 6), st.sampled_from(VERBS)), max_size=5).map(
    lambda pairs: [(index, verb, box) for index, (verb, box) in pairs]
)


@settings(max_examples=60, deadline=None)
@given(procedures(), procedures(), TICKED, st.booleans())
def test_an_upgrade_keeps_every_event_and_tick(old, new, ticked, known):
    run = begun(old, ticked)
    document = read_document(run.path, write_run(run))
    run = read_run(document).value
    outcome = upgrade_run(
        run, old=old if known else None, new=new, revision="2" * 40, roles={}, who="mara", now=NOW + timedelta(days=1),
        config=Config(), time=TIME, fill=fill,
    )  # fmt: skip
    if not isinstance(outcome, Upgrade):
        assert outcome.code == "finished"
        return
    text = rewrite(document, run, outcome.run)
    assert text is not None
    after = edit(read_document(run.path, text), outcome.changes)
    reading = read_run(read_document(run.path, after))
    assert not [problem for problem in reading.problems if problem.level == "error"]
    items = {item.id: item for item in walk(reading.value.items)}
    for item in walk(run.items):
        if item.events or item.checked:
            assert items[item.id].events[: len(item.events)] == item.events
            assert items[item.id].checked == item.checked
            for event in item.events:
                assert f"  - {write_event(event)}\n" in after
    assert [item.id for item in walk(new.items)] == [
        item.id for item in walk(reading.value.items) if item.id in {one.id for one in walk(new.items)}
    ]
    again = upgrade_run(
        reading.value, old=new, new=new, revision="2" * 40, roles={}, who="mara", now=NOW, config=Config(), time=TIME,
        fill=fill,
    )  # fmt: skip
    assert not isinstance(again, Upgrade)
