"""Any Markdown checklist, as it is found in the wild, to a process file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.format.crowded import in_order
from handrail.format.items import title_heading
from handrail.format.process import read_process
from handrail.format.run import quoted
from handrail.model.item import walk
from handrail.model.process import Process
from handrail.text.document import BOM, Bullet, Document, read_document
from handrail.text.edits import Edit, apply_edits
from handrail.text.plain import plain, slug
from handrail.text.values import Value

# What a list of words at the end of somebody else's title may trip over.
_FOREIGN = frozenset(
    {
        "unknown-attribute",
        "bad-value",
        "bad-id",
        "bad-person",
        "missing-value",
        "misplaced-attribute",
        "duplicate-attribute",
        "empty-title",
        "duplicate-id",
    }
)


@dataclass(frozen=True, slots=True)
class Adopted:
    """The text of the process file, what it reads as, and what the person should be told."""

    text: str
    process: Process
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]


def adopt(text: str, *, path: str, id: str, name: str, bullets: bool = False) -> Adopted:
    """Turn a checklist into a process file of that path and id.

    Ticks are taken off, other tools' front matter is kept (an issue template's name and description become
    title and summary), everything else stays as it was written. `name` titles a file without any heading.
    With `bullets`, plain list items become steps where the file has no task-list item.
    """
    normal = text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")
    if normal and not normal.endswith("\n"):
        normal += "\n"
    notices: list[str] = []
    document = _own_front(read_document(path, normal), name, notices)
    if bullets and not document.items:
        document = _tick_boxes(document)
    document = _untick(document, notices)
    document = _shield(document, id, notices)
    reading = read_process(document, id)
    if reading.value is None:
        raise AssertionError("a process is always readable")
    return Adopted(document.text, reading.value, reading.problems, tuple(notices))


def suggested_id(name: str) -> str:
    """Give the id for a file of that name: `hr/New hire.md` is adopted as `new-hire`."""
    stem = re.sub(r"\.(md|markdown|mdx|mkd|txt)$", "", name.rpartition("/")[2], flags=re.IGNORECASE)
    return slug(stem, "checklist")


def _edited(document: Document, edits: Sequence[Edit]) -> Document:
    return read_document(document.path, apply_edits(document, edits)) if edits else document


def _own_front(document: Document, name: str, notices: list[str]) -> Document:
    front, values = document.front, document.values
    if front and _is_text(document.lines.texts[front.start : front.stop]):
        opening = ("---", f"title: {_title(read_document(document.path, chr(10) + document.text), name)}", "---", "")
        return _edited(document, [Edit(0, 0, opening)])
    broken = any(problem.level == "error" for problem in document.problems)
    unusable = values is None or values.kind != "map" or broken or _hidden_keys(document, values)
    if front and unusable and (values is not None or document.problems):
        notices.append("its front matter cannot be read as YAML keys: kept as a code block at the top")
        lines = document.lines.texts[front.start : front.stop]
        fenced = ("---", f"title: {_title(document, name)}", "---", "", "```yaml", *lines, "```", "")
        return _edited(document, [Edit(0, front.body, fenced)])
    if front is None or values is None:
        opening = ("---", f"title: {_title(document, name)}", "---", "")
        stop = front.body if front else 0
        return _edited(document, [Edit(0, stop, opening)])
    document = _rename_keys(document, values)
    if document.values is not None and document.values.get("title") is None:
        document = _edited(document, [Edit(1, 1, (f"title: {_title(document, name)}",))])
    return _set_aside(document)


def _hidden_keys(document: Document, values: Value) -> bool:
    """Tell whether some key does not begin its line (`{a: b}`, or indented): none can be renamed or added there."""
    return any(
        key.place.column != 1 or not document.line(key.place.line - 1).lstrip("\"'").startswith(key.text)
        for key, _ in values.entries
    )


def _is_text(lines: Sequence[str]) -> bool:
    """Tell whether what stands between two `---` is Markdown between thematic breaks, not front matter."""
    if not lines or not lines[0].strip():
        return True
    return any(re.match(r"\s*(?:[-*+]|[0-9]+[.)])\s+\[[ xX]\]\s", line) for line in lines)


def _title(document: Document, name: str) -> str:
    heading = title_heading(document) or (document.headings[0] if document.headings else None)
    text = plain(heading.text) if heading else ""
    return quoted((text or name.replace("-", " ").replace("_", " ").strip().capitalize() or "Checklist")[:200])


def _rename_keys(document: Document, values: Value) -> Document:
    """Give an issue template's keys (`name`, `about`, `title`) the names that they have here."""
    name, about = values.get("name"), values.get("about") or values.get("description")
    keys = {key.text: key for key, _ in values.entries}
    renamed: dict[str, str] = {}
    if name is not None and name.kind == "text" and "{{" not in name.text:
        renamed["name"] = "title"
        if "title" in keys:
            renamed["title"] = "x-title"
    if about is not None and "summary" not in keys and name is not None:
        renamed["about" if "about" in keys else "description"] = "summary"
    return _edited(document, [_rename(document, keys[old], new) for old, new in renamed.items()])


def _rename(document: Document, key: Value, new: str) -> Edit:
    index = key.place.line - 1
    line = document.line(index)
    start = key.place.column - 1
    end = line.index(":", start)
    return Edit(index, index + 1, (f"{line[:start]}{new}{line[end:]}",))


def _set_aside(document: Document) -> Document:
    """Rename the keys of another tool that mean something else here, so that their values do no harm."""
    values = document.values
    if values is None:
        return document
    problems = [problem for problem in read_process(document, "x").problems if problem.level == "error"]
    lines = {problem.place.line for problem in problems if document.front and problem.place.line <= document.front.stop}
    edits: list[Edit] = []
    for position, (key, _) in enumerate(values.entries):
        later = values.entries[position + 1 :]
        end = later[0][0].place.line if later else (document.front.stop + 1 if document.front else 0)
        if any(key.place.line <= line < end for line in lines):
            edits.append(_rename(document, key, f"x-{key.text}"))
    return _edited(document, edits)


def _tick_boxes(document: Document) -> Document:
    """Put a box before each plain list item, however deeply nested."""
    while True:
        edits = [
            Edit(bullet.line, bullet.line + 1, (_with_box(document.line(bullet.line), bullet.column),))
            for bullet in {bullet.line: bullet for bullet in _plain_bullets(document) if bullet.text}.values()
        ]
        if not edits:
            return document
        document = _edited(document, edits)


def _plain_bullets(document: Document) -> Iterator[Bullet]:
    yield from document.bullets
    stack = list(document.items)
    while stack:
        item = stack.pop()
        yield from item.bullets
        yield from item.later_bullets
        stack.extend(item.children)


def _with_box(line: str, column: int) -> str:
    return f"{line[:column]}[ ] {line[column:]}"


def _untick(document: Document, notices: list[str]) -> Document:
    ticked = [spot for spot in in_order(document.items) if spot.mark != " "]
    if ticked:
        notices.append(f"{len(ticked)} ticked: taken off, since a process is followed again and again")
    edits: list[Edit] = []
    for spot in ticked:
        line = document.line(spot.box_line)
        edits.append(
            Edit(spot.box_line, spot.box_line + 1, (f"{line[: spot.box_column]} {line[spot.box_column + 1 :]}",))
        )
    return _edited(document, edits)


def _shield(document: Document, id: str, notices: list[str]) -> Document:
    """Write an id behind titles that end in braces which mean nothing here: then the braces are text."""
    problems = [problem for problem in read_process(document, id).problems if problem.code in _FOREIGN]
    lines = {problem.place.line - 1 for problem in problems}
    items = in_order(document.items)
    spots = {spot.title_end - 1: spot for spot in items} | {spot.box_line: spot for spot in items}
    hurt = {spot.title_end - 1: spot for line in lines if (spot := spots.get(line))}
    if not hurt:
        return document
    taken = {item.id for item in walk(read_process(document, id).value.items)} if hurt else set()  # type: ignore[union-attr]
    edits: list[Edit] = []
    for index, spot in sorted(hurt.items()):
        name = slug(spot.title)
        number = 2
        while name in taken:
            name = f"{slug(spot.title)}-{number}"
            number += 1
        taken.add(name)
        edits.append(Edit(index, index + 1, (f"{document.line(index).rstrip()} {{#{name}}}",)))
    notices.append(f"{len(edits)} with braces at the end that mean nothing here: kept as text")
    return _edited(document, edits)
