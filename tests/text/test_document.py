"""What is an item: CommonMark with task lists decides, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

from handrail.text.document import TaskItem, read_document
from handrail.text.edits import Edit, apply_edits
from handrail.text.lines import split_lines


def items(text: str) -> list[TaskItem]:
    found: list[TaskItem] = []
    stack = list(reversed(read_document("x.md", text).items))
    while stack:
        item = stack.pop()
        found.append(item)
        stack.extend(reversed(item.children))
    return found


def titles(text: str) -> list[str]:
    return [item.title for item in items(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [ ] a\n* [x] b\n+ [X] c\n1. [ ] d\n2) [ ] e\n", ["a", "b", "c", "d", "e"]),
        ("- [ ] a\n  - [ ] b\n    - [ ] c\n", ["a", "b", "c"]),
        ("- [ ] a\n\n  text\n\n  - [ ] b\n", ["a", "b"]),
        ("- group\n  - [ ] a\n", ["a"]),
        ("> - [ ] a\n", ["a"]),
        ("- [ ] a\r\n- [ ] b\r\n", ["a", "b"]),
        ("\ufeff- [ ] a\n", ["a"]),
        ("- [ ] a\n  goes on\nlazily\n", ["a\ngoes on\nlazily"]),
        ("<details>\n\n- [ ] a\n\n</details>\n", ["a"]),
        ("---\ntitle: x\n---\n- [ ] a\n", ["a"]),
        ("1. a\n   1. [ ] b\n", ["b"]),
    ],
)
def test_every_item_is_found(text: str, expected: list[str]) -> None:
    assert titles(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "```\n- [ ] a\n```\n",
        "    - [ ] a\n",
        "<!--\n- [ ] a\n-->\n",
        "- [] a\n",
        "- [ ]a\n",
        "- \\[ ] a\n",
        "- [a] b\n",
        "[ ] a\n",
        "- [ ]\n",
        "| a | - [ ] b |\n|---|---|\n| - [ ] c | d |\n",
        "- text [ ] a\n",
        "<pre>\n- [ ] a\n</pre>\n",
    ],
)
def test_nothing_is_invented(text: str) -> None:
    assert titles(text) == []


def test_lists_nested_deeper_than_the_parser_does_by_default() -> None:
    text = "".join(f"{'  ' * depth}- [ ] level {depth}\n" for depth in range(30))
    assert len(titles(text)) == 30


PIECES = st.sampled_from(
    [
        "- [ ] ",
        "* [x] ",
        "1. [X] ",
        "  ",
        "    ",
        "\t",
        "\n",
        "\n\n",
        "> ",
        "# ",
        "```\n",
        "<!--",
        "-->",
        "word",
        "[ ]",
        "| a |\n|---|\n",
        "---\n",
        "{#id}",
        "\r\n",
        "é",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_the_same_items_as_the_reference_plugin(text: str) -> None:
    if text.startswith("---"):
        text = "\n" + text
    reference = MarkdownIt("commonmark", {"maxNesting": 200}).enable("table").use(tasklists_plugin)
    html = reference.render(text)
    assert len(items(text)) == html.count('<input class="task-list-item-checkbox"')


@given(st.text(alphabet="- []x*\n\r\t>#`ab{}|\x0b\x0c\x85\u2028", max_size=80))
def test_reading_never_fails_and_keeps_every_byte(text: str) -> None:
    document = read_document("x.md", text)
    assert document.text == text
    for item in items(text):
        assert document.line(item.box_line)[item.box_column] in " xX"
        assert document.line(item.box_line)[item.box_column - 1] == "["


@given(
    st.text(alphabet="ab\n\x0b\u2028", max_size=60),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_an_edit_changes_only_its_lines(text: str, newline: str, start: int, length: int) -> None:
    document = read_document("x.md", text.replace("\n", newline))
    count = len(document.lines.texts)
    start, end = min(start, count), min(start + length, count)
    after = split_lines(apply_edits(document, [Edit(start, end, ("new",))]))
    before = document.lines
    assert after.texts == (*before.texts[:start], "new", *before.texts[end:])
    assert after.endings[: max(0, start - 1)] == before.endings[: max(0, start - 1)]
    assert after.endings[start + 1 :] == before.endings[end:]
