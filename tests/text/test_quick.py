"""Files as the tool writes them are read without a Markdown parser, and come to the same."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from handrail.text import document as reading
from handrail.text.document import Document, read_document
from handrail.text.quick import quick_tree
from handrail.text.tree import parse_any

EVENT = "- 2026-11-24T10:02:11Z @ana done: all good"
LINES = st.sampled_from(
    [
        "", "", "", "## Stage", "# Title", "###### deep", "- [ ] a {#a}", "- [x] b", "  - [ ] c", "  - [X] d {#d}",
        "    - [ ] e", f"  {EVENT}", f"    {EVENT}", EVENT, "      - [ ] f",
        "text", "  text", "- plain", "## Log ##", "- [ ]", "---", "```", "    code", "- [ ] a ", "\t- [ ] tab",
        "-  [ ] wide", " - [ ] one", "   - [ ] three", "- [ ] [ ] twice", "- [x] [link]: /x", "- [ ] a | b",
        "|---|---|", "<div>", "#", "1. [ ] n", "- [ ] # no heading", "## é", "- [ ] \u00a0x", "- [ ] x\u2028y",
        "* [ ] star", "> - [ ] quoted",
    ]
)  # fmt: skip


def slow(text: str) -> Document:
    """Read a text by the parser alone."""
    quick, reading.parse_tree = reading.parse_tree, parse_any
    try:
        return read_document("x.md", text)
    finally:
        reading.parse_tree = quick


@given(st.lists(LINES, max_size=14))
@example(["- [ ] a", "", "", "  - [ ] b", EVENT])
@example(["- [ ] a", "## Stage", "  - [ ] b"])
def test_both_ways_of_reading_agree(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert read_document("x.md", text) == slow(text)


def test_what_the_tool_writes_is_read_quickly() -> None:
    lines = ("## Stage", "", "- [x] a {#a}", f"  {EVENT}", "", "  - [ ] b {#b}", "", "## Log", "", EVENT)
    assert quick_tree(lines, 0) is not None


def test_what_only_a_parser_can_read_is_left_to_it() -> None:
    for line in ("text", "- plain", "> - [ ] a", "\t- [ ] a", "```", "    - [ ] a", "- [ ] a "):
        assert quick_tree((line,), 0) is None


def test_the_samples_read_alike() -> None:
    root = Path(__file__).parents[2]
    for path in sorted((root / "processes").rglob("*.md")) + sorted((root / "projects").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        assert read_document("x.md", text) == slow(text)
