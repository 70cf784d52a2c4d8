"""The laws that tie the file to the state: what is written reads back, and only the meant lines change."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from handrail.format.edit import edit
from handrail.format.event import normal, read_event, write_event
from handrail.format.run import read_run, write_run
from handrail.model.change import Change
from handrail.model.item import Attributes, Event, Heading, Item, walk
from handrail.model.run import Run
from handrail.rules.apply import apply
from handrail.text.document import Document, read_document

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
RUN_ID = "hr/new-hire/2026-11-23-ada"
PATH = "processes/hr/new-hire/runs/2026-11-23-ada.md"

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from("{}[]`*_:#@=\"' "), max_size=24
)
notes = words.map(lambda text: " ".join(text.split()))
keys = st.sampled_from(["link", "file", "until", "signed_on"])
events = st.builds(
    Event,
    time=st.integers(0, 10**8).map(lambda seconds: START + timedelta(seconds=seconds)),
    who=st.sampled_from(["ana", "ben", "chi-2"]),
    verb=st.sampled_from(["started", "noted", "done", "set", "skipped", "reopened"]),
    values=st.lists(st.tuples(keys, words), max_size=2, unique_by=lambda pair: pair[0]).map(tuple),
    note=notes,
)


@given(events)
def test_an_event_reads_back_as_it_was_written(event: Event) -> None:
    assert read_event(write_event(event)) == normal(event)


def titles() -> st.SearchStrategy[str]:
    def readable(text: str) -> bool:
        return bool(text) and not text.endswith("\\")

    return words.map(lambda text: " ".join(text.split())).filter(readable)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    number = 0

    def item(depth: int) -> Item:
        nonlocal number
        number += 1
        name = f"s{number}"
        children = tuple(item(depth + 1) for _ in range(draw(st.integers(0, 2)))) if depth < 2 else ()
        who = draw(st.sampled_from([(), ("ana",), ("ana", "ben")]))
        return Item(name, draw(titles()), Attributes(who=who, gate=draw(st.booleans())), children=children)

    content: list[Heading | Item] = []
    for _ in range(draw(st.integers(1, 3))):
        content.append(Heading(2, "Stage"))
        content.extend(item(0) for _ in range(draw(st.integers(1, 2))))
    log = (Event(START, "mara", "started"),)
    return Run(RUN_ID, PATH, "hr/new-hire", draw(titles()), START, by="mara", content=tuple(content), log=log)


def read(document: Document) -> Run:
    reading = read_run(document)
    assert reading.value is not None
    assert not [problem for problem in reading.problems if problem.level == "error"]
    return reading.value


def bare(run: Run) -> Run:
    """Leave out what says only where things stood."""

    def item(one: Item) -> Item:
        return replace(one, stage="", children=tuple(item(child) for child in one.children))

    return replace(run, content=tuple(item(block) if isinstance(block, Item) else block for block in run.content))


@given(runs())
def test_a_new_run_reads_back_as_it_was_written(run: Run) -> None:
    assert bare(read(read_document(PATH, write_run(run)))) == bare(run)


@st.composite
def changed(draw: st.DrawFn) -> tuple[Run, tuple[Change, ...]]:
    run = draw(runs())
    ids = [item.id for item in walk(run.items)]
    changes = draw(
        st.lists(st.builds(Change, st.sampled_from(ids), events, st.sampled_from([True, False, None])), max_size=5)
    )
    log = draw(
        st.lists(st.builds(Change, st.just(""), events.map(lambda event: replace(event, verb="noted"))), max_size=2)
    )
    return run, (*changes, *log)


@given(changed(), st.sampled_from(["\n", "\r\n"]))
def test_law_1_editing_the_file_and_applying_to_the_state_agree(
    case: tuple[Run, tuple[Change, ...]], newline: str
) -> None:
    run, changes = case
    document = read_document(PATH, write_run(run).replace("\n", newline))
    after = read(read_document(PATH, edit(document, changes)))
    expected = apply(read(document), [replace(change, event=normal(change.event)) for change in changes])
    assert bare(after) == bare(expected)


@given(changed())
def test_law_2_an_edit_adds_its_lines_and_ticks_its_boxes_and_nothing_else(
    case: tuple[Run, tuple[Change, ...]],
) -> None:
    run, changes = case
    before = write_run(run)
    after = edit(read_document(PATH, before), changes)
    added = [f"- {write_event(change.event)}" for change in changes]
    kept = list(after.split("\n"))
    for line in added:
        kept.remove(next(one for one in kept if one.strip() == line))
    assert [line.replace("[x]", "[ ]") for line in kept] == [line.replace("[x]", "[ ]") for line in before.split("\n")]


@given(runs(), st.data())
def test_law_6_check_offs_of_different_steps_merge_with_stock_git(
    tmp_path_factory, run: Run, data: st.DataObject
) -> None:  # type: ignore[no-untyped-def]
    folder: Path = tmp_path_factory.mktemp("merge")
    ids = [item.id for item in walk(run.items)]
    mine = set(data.draw(st.lists(st.sampled_from(ids), unique=True)))
    done = Event(START, "ana", "done")
    document = read_document(PATH, write_run(run))

    def ticked(chosen: set[str], who: str) -> str:
        return edit(document, [Change(name, replace(done, who=who), True) for name in ids if name in chosen])

    both = edit(document, [Change(name, replace(done, who="ana" if name in mine else "ben"), True) for name in ids])
    texts = {"base": document.text, "ours": ticked(mine, "ana"), "theirs": ticked(set(ids) - mine, "ben")}
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    merged = subprocess.run(
        ["git", "merge-file", "-p", "ours", "base", "theirs"], cwd=folder, capture_output=True, check=False
    )
    assert merged.returncode == 0
    assert merged.stdout.decode() == both
