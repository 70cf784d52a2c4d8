"""An item's body: what stands beneath its title, without events and sub-items, de-indented."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.text.document import Bullet, Document, TaskItem
from handrail.text.lines import dedent


def body_of(document: Document, item: TaskItem, events: Sequence[Bullet]) -> str:
    """Give the Markdown of an item's body, ready to be rendered by itself; empty where there is none."""
    left_out = {index for bullet in events for index in range(bullet.line, bullet.end)}
    left_out.update(index for child in item.children for index in range(child.start, child.end))
    kept = [
        dedent(document.line(index), item.content_column, quoted=item.quoted)
        for index in range(item.title_end, item.end)
        if index not in left_out
    ]
    return tidy(kept)


def tidy(lines: Sequence[str]) -> str:
    """Join lines, without blank ones at either end and never more than one in a row (outside code)."""
    kept: list[str] = []
    fence = ""
    for line in lines:
        stripped = line.strip()
        if not fence and stripped.startswith(("```", "~~~")):
            fence = stripped[:3]
        elif fence and stripped.startswith(fence):
            fence = ""
        if stripped or fence or (kept and kept[-1].strip()):
            kept.append(line)
    while kept and not kept[-1].strip():
        kept.pop()
    return "\n".join(kept)
