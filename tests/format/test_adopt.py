"""Any real checklist is a process: every item found, none invented, nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.format.adopt import Adopted, adopt, suggested_id
from handrail.format.edit import edit
from handrail.format.run import read_run, write_run
from handrail.model.change import Change
from handrail.model.item import Event, walk
from handrail.model.run import Run
from handrail.text.document import read_document


def taken(text: str, *, bullets: bool = False) -> Adopted:
    return adopt(text, path="processes/x/README.md", id="x", name="some-list", bullets=bullets)


def ids(adopted: Adopted) -> list[str]:
    return [item.id for item in walk(adopted.process.items)]


def test_an_issue_template_keeps_its_keys_and_names_the_process() -> None:
    adopted = taken("---\nname: Release\nabout: How we ship\ntitle: '[REL] '\nlabels: [a, b]\n---\n\n- [x] Tag it\n")
    assert adopted.process.title == "Release"
    assert adopted.process.summary == "How we ship"
    assert adopted.text == (
        "---\ntitle: Release\nsummary: How we ship\nx-title: '[REL] '\nlabels: [a, b]\n---\n\n- [ ] Tag it\n"
    )


@pytest.mark.parametrize(
    "front",
    [
        "title: [BUG] broken",
        "title: {{ page.title }}\nx: `y`",
        "title: a\ntitle: b",
        "just words",
        "- a\n- b",
        "owner: John Smith, Jr.\nstatus: published\ntags: {a: b}\norder: 3\nroles: none\nfields: [a]\nreview: soon",
        "{name: x, title: y, about: z}",
        "{tags: [a]}",
        "\u2028name: x\nabout: y",
        "  title: Indented\n  owner: [1]",
        "date: 2026-13-45\nflag: !!python/object:os.system x\nref: *x",
    ],
)
def test_front_matter_of_any_kind_does_no_harm(front: str) -> None:
    adopted = taken(f"---\n{front}\n---\n# Move house\n\n- [ ] Pack\n")
    assert [problem for problem in adopted.problems if problem.level == "error"] == []
    assert ids(adopted) == ["pack"]
    for line in front.split("\n"):
        assert line.split(":")[-1] in adopted.text


def test_thematic_breaks_are_no_front_matter() -> None:
    assert ids(taken("---\n\n- [ ] a\n\n---\n\n- [ ] b\n")) == ["a", "b"]


def test_windows_files_become_plain_ones() -> None:
    adopted = taken("\ufeff# Liste\r\n\r\n- [ ] Été\r\n")
    assert adopted.text == "---\ntitle: Liste\n---\n\n# Liste\n\n- [ ] Été\n"
    assert ids(adopted) == ["ete"]


@pytest.mark.parametrize(
    "title",
    [
        "Set {FOO=bar}",
        "See {@link Thing}",
        "Use {#}",
        "Replace {name}",
        "Fill {{ customer }}",
        "Run ${shell}",
        "Run ${A=b}",
        "JSON {a: b}",
        "Due {due=never}",
        "Call {x=1 y}",
        "`{#code}`",
        "[link](https://example.org/a_(b)) and `code`",
        "<img src=x> <b>bold</b>",
        "🚀 📦",
        "お客様に連絡する",
        "\\{escaped=yes\\}",
        "{#only}",
        "a | b",
        "<!-- hidden -->",
    ],
)
def test_titles_keep_their_words(title: str) -> None:
    adopted = taken(f"- [ ] {title}\n- [ ] {title}\n")
    assert [problem for problem in adopted.problems if problem.level == "error"] == []
    assert len(set(ids(adopted))) == 2
    assert title in adopted.text


def test_two_items_with_one_title_have_two_ids() -> None:
    assert ids(taken("- [ ] Test it\n- [ ] Test it\n- [ ] Test it 2\n")) == ["test-it", "test-it-2", "test-it-2-2"]


def test_stages_are_the_outermost_headings_below_the_title() -> None:
    adopted = taken("# T\n\n- [ ] a\n\n### Deep first\n\n- [ ] b\n\n## Stage\n\n#### Detail\n\n- [ ] c\n")
    assert [item.stage for item in walk(adopted.process.items)] == ["", "Deep first", "Stage"]


def test_plain_bullets_become_steps_when_asked_for() -> None:
    assert ids(taken("- a\n  - b\n    1. c\n")) == []
    assert ids(taken("- a\n  - b\n    1. c\n", bullets=True)) == ["a", "b", "c"]


STARTED = Event(datetime(2026, 11, 23, 9, tzinfo=UTC), "ana", "started")


def begun(text: str) -> str:
    path = "processes/x/runs/2026-11-23-a.md"
    content = taken(text).process.content
    return write_run(Run("x/2026-11-23-a", path, "x", "A", STARTED.time, "ana", content=content, log=(STARTED,)))


@pytest.mark.parametrize("heading", ["# Log", "## Log", "### log"])
def test_a_stage_called_log_keeps_its_steps_in_a_run(heading: str) -> None:
    text = begun(f"# A\n\n- [ ] Look\n\n{heading}\n\n- [ ] Write\n- [ ] Rotate\n\n## Then\n\n- [ ] Go\n")
    document = read_document("processes/x/runs/2026-11-23-a.md", text)
    reading = read_run(document)
    assert reading.problems == ()
    assert reading.value is not None
    assert [item.id for item in walk(reading.value.items)] == ["look", "write", "rotate", "go"]
    assert [event.verb for event in reading.value.log] == ["started"]
    noted = Event(STARTED.time, "ana", "noted", note="late")
    assert edit(document, [Change("", noted)]) == f"{text}- 2026-11-23T09:00:00Z @ana noted: late\n"


def test_a_run_of_a_file_with_several_titles_keeps_the_stages() -> None:
    text = "# One\n\n## Part\n\n- [ ] a\n\n# Two\n\n## Part\n\n- [ ] b\n"
    run = read_run(read_document("processes/x/runs/2026-11-23-a.md", begun(text))).value
    assert run is not None
    assert [item.stage for item in walk(run.items)] == ["One", "Two"]
    assert [item.stage for item in walk(taken(text).process.items)] == ["One", "Two"]


def test_ids_of_files() -> None:
    assert suggested_id("lists/New Hire (v2).md") == "new-hire-v2"
    assert suggested_id("チェック.md") != "checklist"


PIECES = st.sampled_from(
    [
        "- [ ] ",
        "* [x] ",
        "1. [X] ",
        "  ",
        "    ",
        "\n",
        "\n\n",
        "> ",
        "# ",
        "```\n",
        "<!--",
        "-->",
        "word",
        "{a=b}",
        "{#x}",
        "---\n",
        "a: b\n",
        "\r\n",
        "{@who}",
        " {",
        "}",
        "é",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_adopting_finds_what_was_there_and_is_clean(text: str) -> None:
    adopted = taken(text)
    body = text if not text.startswith("---") else None
    if body is not None:
        before = read_document("x.md", body.replace("\r\n", "\n"))
        count = sum(1 for _ in _all(before.items))
        assert len(ids(adopted)) == count
    assert len(set(ids(adopted))) == len(ids(adopted))
    assert [problem for problem in adopted.problems if problem.level == "error"] == []
    assert not any(item.checked for item in walk(adopted.process.items))


def _all(items):  # type: ignore[no-untyped-def]
    for item in items:
        yield item
        yield from _all(item.children)
