"""A Markdown file with positions: front matter, headings, task-list items, the prose between.

CommonMark with task lists, as `markdown-it-py` and every git host read it, decides what is an item (GitHub
Flavored Markdown 0.29, section 5.3). Line indexes count from 0 within the file; places in problems from 1.
"""

from __future__ import annotations

import re

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.text.front import Front, find_front, is_unclosed
from handrail.text.lines import Lines, split_lines
from handrail.text.node import Node
from handrail.text.tree import parse_tree
from handrail.text.values import Value, read_values

BOM = "\ufeff"
_BOX = re.compile(r"\[([ xX])\][ \t\n\v\f\r]+")
_ODD_BOX = re.compile(r"\[([^\[\]]?)\][ \t]+\S")


@dataclass(frozen=True, slots=True)
class Bullet:
    """A list item that is no task: where it stands and its first paragraph, wrapped lines joined by spaces."""

    text: str
    line: int
    column: int
    end: int  # one past its last line that is not blank


@dataclass(frozen=True, slots=True)
class TaskItem:
    """A task-list item. `box_column` is that of the mark between the brackets.

    `title` keeps its line breaks. `title_end` is one past the title's last line. `bullets` are the plain nested
    list items that stand directly under the title, before any body or sub-item.
    """

    mark: str
    title: str
    start: int
    box_line: int
    box_column: int
    title_end: int
    end: int
    last_column: int  # the column at which the title's last line begins
    bullets: tuple[Bullet, ...] = ()
    later_bullets: tuple[Bullet, ...] = ()
    children: tuple[TaskItem, ...] = ()
    quoted: bool = False
    content_column: int = 0


@dataclass(frozen=True, slots=True)
class HeadingLine:
    """A heading that stands in no list or quote. `end` is one past its last line."""

    level: int
    text: str
    line: int
    end: int


@dataclass(frozen=True, slots=True)
class OddMark:
    """A list item that looks like a task but has another mark than ` `, `x` or `X` between the brackets."""

    mark: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file. `lines` are without a byte order mark, which `bom` remembers."""

    path: str
    lines: Lines
    bom: bool = False
    front: Front | None = None
    values: Value | None = None
    headings: tuple[HeadingLine, ...] = ()
    items: tuple[TaskItem, ...] = ()
    bullets: tuple[Bullet, ...] = ()
    odd_marks: tuple[OddMark, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """The file's text, every byte of it."""
        return (BOM if self.bom else "") + self.lines.joined()

    def line(self, index: int) -> str:
        """Give one line without its ending."""
        return self.lines.texts[index] if 0 <= index < len(self.lines.texts) else ""

    def place(self, line: int, column: int = 0, end_column: int = -1) -> Place:
        """Give the place of a line and column that count from 0."""
        return Place(self.path, line + 1, column + 1, end_column + 1)


def read_document(path: str, text: str) -> Document:
    """Read a Markdown file: its front matter's values and its body's items. Never raises for bad input."""
    bom = text.startswith(BOM)
    lines = split_lines(text[1:] if bom else text)
    front = find_front(lines.texts)
    problems: list[Problem] = []
    values = None
    if front:
        read = read_values(path, "\n".join(lines.texts[front.start : front.stop]), front.start + 1)
        values = read.root
        problems.extend(read.problems)
    elif is_unclosed(lines.texts):
        message = "the front matter that begins here is never closed"
        problems.append(Problem("front-matter", "error", Place(path, 1, 1, 4), message, "close it with a line `---`"))
    body = front.body if front else 0
    finder = _Finder(lines)
    finder.find(parse_tree(lines.texts[body:], body))
    return Document(
        path=path,
        lines=lines,
        bom=bom,
        front=front,
        values=values,
        headings=tuple(finder.headings),
        items=tuple(finder.items),
        bullets=tuple(finder.bullets),
        odd_marks=tuple(finder.odd_marks),
        problems=tuple(problems),
    )


class _Finder:
    """Walks the tree of blocks and gathers what matters. The tree's depth is bounded by the parser."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.headings: list[HeadingLine] = []
        self.items: list[TaskItem] = []
        self.bullets: list[Bullet] = []
        self.odd_marks: list[OddMark] = []

    def find(self, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            if node.kind == "heading":
                level = int(node.info or "1")
                self.headings.append(HeadingLine(level, node.content, node.start, node.end))
            else:
                self.gather(node, self.items, self.bullets, quoted=False)

    def gather(self, node: Node, items: list[TaskItem], bullets: list[Bullet] | None, *, quoted: bool) -> None:
        """Put the task items at or below `node` into `items`, outermost plain list items into `bullets`."""
        inside = quoted or node.kind == "quote"
        if node.kind == "item":
            task = self.task(node, quoted=inside)
            if task:
                items.append(task)
                return
            if bullets is not None:
                bullets.append(self.bullet(node))
                bullets = None
        for child in node.children:
            self.gather(child, items, bullets, quoted=inside)

    def last_line(self, node: Node) -> int:
        end = node.end
        while end > node.start + 1 and not self.lines.texts[end - 1].strip(" \t>"):
            end -= 1
        return end

    def column_of(self, line: int, content: str) -> int:
        """Find the column at which the content of a paragraph's line begins."""
        raw = self.lines.texts[line].rstrip()
        content = content.rstrip()
        if raw.endswith(content):
            return len(raw) - len(content)
        return max(raw.find(content), 0)

    def bullet(self, node: Node) -> Bullet:
        paragraph = node.children[0] if node.children else None
        text = paragraph.content if paragraph and paragraph.kind == "paragraph" else ""
        line = paragraph.start if paragraph else node.start
        column = self.column_of(line, text.split("\n", 1)[0]) if text else 0
        return Bullet(" ".join(part.strip() for part in text.split("\n")), line, column, self.last_line(node))

    def task(self, node: Node, *, quoted: bool) -> TaskItem | None:
        paragraph = node.children[0] if node.children else None
        if paragraph is None or paragraph.kind != "paragraph":
            return None
        box = _BOX.match(paragraph.content)
        parts = paragraph.content.split("\n")
        column = self.column_of(paragraph.start, parts[0])
        if box is None:
            odd = _ODD_BOX.match(paragraph.content)
            if odd and not paragraph.content[odd.end() - 1 :].startswith(("(", ":")):
                self.odd_marks.append(OddMark(odd[1], paragraph.start, column))
            return None
        last_line = paragraph.start + len(parts) - 1
        nested = _Nested()
        for child in node.children[1:]:
            self.sort_child(child, nested, quoted=quoted)
        return TaskItem(
            mark=box[1],
            title=paragraph.content[box.end() :],
            start=node.start,
            box_line=paragraph.start,
            box_column=column + 1,
            title_end=last_line + 1,
            end=self.last_line(node),
            last_column=self.column_of(last_line, parts[-1]) if len(parts) > 1 else column + box.end(),
            bullets=tuple(nested.leading),
            later_bullets=tuple(nested.later),
            children=tuple(nested.children),
            quoted=quoted,
            content_column=column,
        )

    def sort_child(self, child: Node, nested: _Nested, *, quoted: bool) -> None:
        if child.kind != "list":
            nested.in_front = False
            self.gather(child, nested.children, None, quoted=quoted)
            return
        for entry in child.children:
            before = len(nested.children)
            self.gather(entry, nested.children, None, quoted=quoted)
            if len(nested.children) > before:
                nested.in_front = False
            elif nested.in_front:
                nested.leading.append(self.bullet(entry))
            else:
                nested.later.append(self.bullet(entry))


class _Nested:
    """What stands inside one task item, sorted while it is walked."""

    def __init__(self) -> None:
        self.leading: list[Bullet] = []
        self.later: list[Bullet] = []
        self.children: list[TaskItem] = []
        self.in_front = True
