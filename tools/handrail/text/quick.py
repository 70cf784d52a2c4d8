"""The block structure of files that are laid out as the tool writes them, without a Markdown parser.

A run file is headings, task items, event lines and blank lines. Where every line of a body is one of these,
indented by twos, CommonMark leaves no doubt about its structure, and it is read here forty times as fast, with
nothing to import. Any other line, and the whole body goes to markdown-it-py: a test holds that both agree.
"""

from __future__ import annotations

import re

from handrail.text.node import Node

_HEADING = re.compile(r"(#{1,6}) (?=\S)(.*[^\s#])")
_LIST_LINE = re.compile(r"((?:  )*)- ((?:\[[ xX]\] (?=\S)|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]+ @).*\S)")
_CONTROL = re.compile(r"[\x00-\x1f]")
DEEPEST = 40


def quick_tree(texts: tuple[str, ...], first_line: int) -> tuple[Node, ...] | None:
    """Give the blocks of a body whose first line has index `first_line`; None where a parser has to look."""
    builder = _Builder()
    for line, text in enumerate(texts, first_line):
        if not text:
            continue
        if not builder.take(line, text):
            return None
    return builder.finish(first_line + len(texts))


class _Builder:
    """The tree while it grows: `open` are the items that the next line may belong to, outermost first."""

    def __init__(self) -> None:
        self.blocks: list[Node] = []
        self.open: list[tuple[Node, list[Node]]] = []
        self.lists: list[list[Node]] = []

    def take(self, line: int, text: str) -> bool:
        if _CONTROL.search(text):
            return False
        listed = _LIST_LINE.fullmatch(text)
        if listed:
            return self.item(line, len(listed[1]) // 2, listed[2])
        heading = _HEADING.fullmatch(text)
        if not heading:
            return False
        self.close(0, line)
        self.lists.clear()
        self.blocks.append(Node("heading", line, line + 1, heading[2], str(len(heading[1]))))
        return True

    def item(self, line: int, depth: int, content: str) -> bool:
        if depth > len(self.open) or depth > DEEPEST:
            return False
        self.close(depth, line)
        del self.lists[depth + 1 :]
        if len(self.lists) == depth:
            entries: list[Node] = []
            siblings = self.open[-1][1] if self.open else self.blocks
            siblings.append(Node("list", line, line, children=entries))
            self.lists.append(entries)
        children = [Node("paragraph", line, line + 1, content)]
        item = Node("item", line, line, children=children)
        self.lists[depth].append(item)
        self.open.append((item, children))
        return True

    def close(self, depth: int, line: int) -> None:
        while len(self.open) > depth:
            self.open.pop()[0].end = line

    def finish(self, end: int) -> tuple[Node, ...]:
        self.close(0, end)
        return tuple(self.blocks)
