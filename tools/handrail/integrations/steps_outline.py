"""A pasted outline, a checklist or any Markdown document to a procedure."""

from __future__ import annotations

import re

from handrail.format.adopt import adopt
from handrail.integrations.steps_made import Steps
from handrail.model.imported import ImportedProcess, IncomingStep
from handrail.model.item import Item, Prose
from handrail.text.plain import plain

_BULLET = re.compile(
    r"(?:[•◦▪‣–☐☑·]|\[[ xX]?\]|\(?\d{1,3}(?:\.\d{1,3}){0,5}[.)]?(?=\s)|[a-zA-Z][.)](?=\s))\s*(?:\[[ xX]?\]\s+)?"
)
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3}){1,5})[.)]?\s")
_BULLETED = re.compile(r"^[ \t]{0,12}[-*+][ \t]+\S", re.MULTILINE)
_NUMBERED = re.compile(r"^[ \t]{0,12}\d{1,9}[.)][ \t]+\S", re.MULTILINE)


def read_outline(source: str, name: str, text: str, title: str = "") -> ImportedProcess:
    """Read a document: its list items as steps, its headings as stages, what stands beneath an item as instruction.

    A text without any list is an outline: each line is a step, what is indented or numbered deeper (`1.2`) belongs to
    the step above it, and lines that end with a colon or begin with `#` are stages. `title` is for a document without
    a heading. Raises NotAllowed where there is no step.
    """
    title = title or re.sub(r"[-_]+", " ", name.rpartition(".")[0] or name).strip().capitalize()
    return (_from_markdown if _has_lists(text) else _from_lines)(source, name, text, title)


def _has_lists(text: str) -> bool:
    """Tell whether a text is Markdown with lists: bullets say so; numbers do in most lines, or below headings."""
    if _BULLETED.search(text):
        return True
    numbered, lines = len(_NUMBERED.findall(text)), sum(bool(line.strip()) for line in text.splitlines())
    parts = re.search(rf"^\s*{_NUMBER.pattern}", text, re.MULTILINE)
    return (
        not parts and numbered > 0 and (2 * numbered >= lines or re.search(r"^#{1,6} ", text, re.MULTILINE) is not None)
    )


def _from_markdown(source: str, name: str, text: str, title: str) -> ImportedProcess:
    adopted = adopt(text, path=name, id="imported", name=title, bullets=True)
    process, steps, prose = adopted.process, Steps(name), ""
    intro = ""
    for block in process.content:
        if isinstance(block, Prose) and not steps.steps:
            intro = f"{intro}\n\n{block.markdown}".strip()
        elif isinstance(block, Prose):
            prose = f"{prose}\n\n{block.markdown}".strip()
        elif isinstance(block, Item):
            _take(steps, block, prose)
            prose = ""
    steps.refuse_empty()
    if prose:
        steps.more(prose)
    made = (f"{source} {process.title}"[:120], process.title, tuple(steps.steps))
    return ImportedProcess(*made, summary=process.summary, intro=intro, notes=adopted.notices)


def _take(steps: Steps, item: Item, before: str) -> None:
    """Take an item and what is in it; `before` is the text above it."""
    stack: list[tuple[Item, int | None, str]] = [(item, None, before)]
    while stack:
        one, parent, prose = stack.pop()
        body = "\n\n".join(part for part in (prose, one.body) if part.strip())
        index = steps.add(IncomingStep(one.title, stage=plain(item.stage), parent=parent, body=body))
        stack.extend((child, index, "") for child in reversed(one.children))


def _from_lines(source: str, name: str, text: str, title: str) -> ImportedProcess:
    steps, stage, named = Steps(name), "", False
    above: list[tuple[int, int]] = []  # how deep, and which step, from the outermost to the last
    for raw in text.expandtabs(4).splitlines():
        line = raw.strip()
        if not line or set(line) <= set("-=_*"):
            continue
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
            if line.startswith("# ") and not named and not steps.steps:
                title, named = heading, True
            else:
                stage, above = heading, []
            continue
        depth = _depth(raw, line)
        words = _BULLET.sub("", line, count=1) or line
        if words.endswith(":") and depth == 0:
            stage, above = words[:-1].strip(), []
            continue
        above = [one for one in above if one[0] < depth]
        index = steps.add(IncomingStep(words, stage=stage, parent=above[-1][1] if above else None))
        above.append((depth, index))
    steps.refuse_empty()
    return ImportedProcess(f"{source} {title}"[:120], title, tuple(steps.steps))


def _depth(raw: str, line: str) -> int:
    """Give how deep a line stands: by its number where it has one of several parts, else by its indentation."""
    match = _NUMBER.match(line)
    return 1000 * match[1].rstrip(".").count(".") if match else len(raw) - len(raw.lstrip())
