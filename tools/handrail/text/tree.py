"""The block structure of Markdown as a tree with lines. The only module that imports markdown-it-py."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from handrail.text.node import Node
from handrail.text.quick import quick_tree

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_KINDS = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "blockquote_open": "quote",
}
# The library's own default of 20 levels drops lists that are nested more than ten deep, in silence.
MAX_NESTING = 200


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    # Inline markup is not needed to find items, and costs as much again.
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def parse_inline(texts: tuple[str, ...]) -> tuple[list[Token], list[dict[str, Any]]]:
    """Parse the lines of a Markdown body with the markup inside paragraphs; give its tokens and link definitions."""
    from markdown_it import MarkdownIt

    found: dict[str, Any] = {}
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    return parser.parse("\n".join(texts) + "\n", found), list(found.get("references", {}).values())


def parse_tree(texts: tuple[str, ...], first_line: int) -> tuple[Node, ...]:
    """Parse the lines of a Markdown body whose first line has index `first_line` in its file."""
    quick = quick_tree(texts, first_line)
    return quick if quick is not None else parse_any(texts, first_line)


def parse_any(texts: tuple[str, ...], first_line: int) -> tuple[Node, ...]:
    """Parse the lines of any Markdown body by markdown-it-py."""
    tokens = _parser().parse("\n".join(texts) + "\n")
    stack: list[tuple[Token | None, list[Node]]] = [(None, [])]
    for token in tokens:
        if token.nesting == 1:
            stack.append((token, []))
        elif token.nesting == -1:
            opening, children = stack.pop()
            if opening is not None:
                stack[-1][1].append(_node(opening, tuple(children), first_line))
        else:
            stack[-1][1].append(_leaf(token, first_line))
    return tuple(stack[0][1])


def _leaf(token: Token, first_line: int) -> Node:
    start, end = token.map or [0, 0]
    kind = "inline" if token.type == "inline" else "other"
    return Node(kind, first_line + start, first_line + end, token.content if kind == "inline" else "")


def _node(token: Token, children: tuple[Node, ...], first_line: int) -> Node:
    start, end = token.map or [0, 0]
    kind = _KINDS.get(token.type, "other")
    content = ""
    if kind in {"heading", "paragraph"}:
        content = children[0].content if children else ""
        children = ()
    info = token.tag[1:] if kind == "heading" else ""
    return Node(kind, first_line + start, first_line + end, content, info, children)
