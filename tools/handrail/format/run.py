"""A run file to a run, and a new run to its file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.words import one_line
from handrail.format.attributes import write_attributes
from handrail.format.crowded import crowded
from handrail.format.event import write_event
from handrail.format.front import MakeReader, MapReader, person
from handrail.format.items import RUN, read_items, read_log
from handrail.format.reading import Reading
from handrail.format.scalars import write_time
from handrail.model.item import LOG_VERBS, Heading, Item
from handrail.model.run import Run
from handrail.text.document import Document
from handrail.text.values import Value

LOG = "log"
_PATH = re.compile(r"processes/(?P<process>.+)/runs/(?P<name>[^/]+)\.md")

# What some YAML reader takes for a truth value or nothing.
_RESERVED = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def run_id_of(path: str) -> str:
    """Give the id that a run file's path says, empty where it is no path of a run."""
    match = _PATH.fullmatch(path)
    return f"{match['process']}/{match['name']}" if match else ""


def run_path(id: str) -> str:
    """Give the path of the run file of that id."""
    process, _, name = id.rpartition("/")
    return f"processes/{process}/runs/{name}.md"


def read_run(document: Document, make: MakeReader = MapReader) -> Reading[Run]:
    """Read a run file. The value is None where its front matter is unusable."""
    problems = list(document.problems)
    if document.values is None:
        if not problems:
            hint = "run files are written by `handrail start`"
            problems.append(Problem("no-front-matter", "error", Place(document.path), "a run has front matter", hint))
        return Reading(None, tuple(problems))
    front = make(document.values, problems, "a run", Place(document.path))
    items = read_items(document, RUN, sections=frozenset({LOG}))
    log, log_problems = read_log(document, LOG, LOG_VERBS)
    expected = run_id_of(document.path)
    _check_name(front, expected, problems)
    started = front.time("started")
    if front.missing("started"):
        message = "the run does not say when it `started`"
        problems.append(Problem("missing-key", "error", Place(document.path), message, "started: 2026-11-23T09:12:00Z"))
    run = Run(
        id=expected or front.text("run"),
        path=document.path,
        process=front.text("process") or expected.rpartition("/")[0],
        title=front.text("title") or expected.rpartition("/")[2],
        started=started or datetime(1970, 1, 1, tzinfo=UTC),
        by=front.read("by", person, ""),
        revision=front.text("revision"),
        due=front.date("due"),
        roles=front.people("roles"),
        fields=_values(front),
        project=front.text("project"),
        parent=front.text("parent"),
        trial=front.flag("trial"),
        order=front.choice("order", ("sequence", "strict", "any"), "sequence"),
        calendar=front.choice("calendar", ("always",), ""),
        stall=front.span("stall"),
        agents=front.choice("agents", ("propose",), ""),
        content=items.content,
        log=log,
        place=Place(document.path),
        spots=front.spots("process", "project", "parent"),
    )
    front.unknown()
    return Reading(run, (*problems, *items.problems, *odd_marks(document), *crowded(document), *log_problems))


def _check_name(front: MapReader, expected: str, problems: list[Problem]) -> None:
    if front.missing("run"):
        problems.append(
            Problem("missing-key", "error", front.place, "the run does not name itself", f"run: {expected}")
        )
    value = front.scalar("run")
    if value and expected and value.text != expected:
        message = f"the file says it is `{value.text[:100]}`, its path says `{expected}`"
        problems.append(Problem("wrong-run", "error", value.place, message, "move the file back, or mend `run:`"))


def _values(front: MapReader) -> Mapping[str, str]:
    return {name.text: _joined(value) for name, value in front.entries("fields")}


def _joined(value: Value) -> str:
    if value.kind == "list":
        return ", ".join(entry.text for entry in value.items)
    return value.text


def odd_marks(document: Document) -> tuple[Problem, ...]:
    """Report the items whose mark is neither `[ ]` nor `[x]`."""
    return tuple(
        Problem(
            "unknown-mark",
            "error",
            document.place(odd.line, odd.column, odd.column + len(odd.mark) + 2),
            f"`[{one_line(odd.mark)}]` is not a mark",
            "use `[ ]` or `[x]`",
            document.line(odd.line),
        )
        for odd in document.odd_marks
    )


def write_run(run: Run) -> str:
    """Write the file of a run: front matter, stages, every step with a blank line between, the Log."""
    parts = [_front(run)]
    down = heading_shift(run)
    for block in run.content:
        if isinstance(block, Heading):
            parts.append(f"{'#' * min(6, block.level + down)} {one_line(block.text)}")
        elif isinstance(block, Item):
            parts.extend(write_item(block, ""))
    parts.append("## Log")
    parts.append("\n".join(f"- {write_event(event)}" for event in run.log))
    return "\n\n".join(part for part in parts if part) + "\n"


def heading_shift(run: Run) -> int:
    """Give by how many levels a run's headings go down in its file, so that stages stay what they are.

    A level-one heading could pass for the file's title: then it is one.
    """
    return int(any(isinstance(block, Heading) and block.level == 1 for block in run.content))


def _front(run: Run) -> str:
    lines = [f"{key}: {value}" for key, value in front_pairs(run).items() if value]
    return "---\n" + "\n".join(lines) + "\n---"


def front_pairs(run: Run) -> dict[str, str]:
    """Give the front matter's keys with their values as YAML; empty where the file leaves the key out."""
    pairs: list[tuple[str, str]] = [
        ("run", _text(run.id)),
        ("process", _text(run.process)),
        ("revision", _text(run.revision)),
        ("title", quoted(run.title)),
        ("started", write_time(run.started)),
        ("by", quoted(f"@{run.by}") if run.by else ""),
        ("due", run.due.isoformat() if run.due else ""),
        ("roles", _people(run.roles)),
        ("fields", _flow(run.fields)),
        ("project", _text(run.project)),
        ("parent", _text(run.parent)),
        ("trial", "true" if run.trial else ""),
        ("order", run.order if run.order != "sequence" else ""),
        ("calendar", run.calendar),
        ("stall", str(run.stall) if run.stall else ""),
        ("agents", run.agents),
    ]
    return dict(pairs)


def _text(value: str) -> str:
    """Write a scalar: bare where no YAML reader could take it for anything else, else as a JSON string."""
    safe = re.fullmatch(r"[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*", value)
    if safe and value.lower() not in _RESERVED:
        return value
    if re.fullmatch(r"[0-9a-f]{40,64}", value) and not re.fullmatch(r"[0-9]+(e[0-9]+)?", value):
        return value
    return quoted(value) if value else ""


def quoted(value: str) -> str:
    """Write a text as a YAML scalar on one line: bare where that is safe beyond doubt, else in double quotes."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9]*( [A-Za-z0-9]+)*", value) and value.lower() not in _RESERVED:
        return value
    # JSON strings are YAML double-quoted scalars; the exceptions are written as escapes.
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _people(roles: Mapping[str, tuple[str, ...]]) -> str:
    if not roles:
        return ""
    pairs = (f"{_text(role)}: {_names(names)}" for role, names in roles.items())
    return "{" + ", ".join(pairs) + "}"


def _names(names: tuple[str, ...]) -> str:
    return _text(names[0]) if len(names) == 1 else "[" + ", ".join(_text(name) for name in names) + "]"


def _flow(values: Mapping[str, str]) -> str:
    if not values:
        return ""
    pairs = (f"{_text(name)}: {quoted(value)}" for name, value in values.items())
    return "{" + ", ".join(pairs) + "}"


def item_title(item: Item) -> str:
    """Give an item's title as it stands behind its box, with the attribute list."""
    return f"{one_line(item.title)} {write_attributes(item.id, item.attributes)}"


def write_item(item: Item, indent: str) -> list[str]:
    """Give the paragraphs of an item and its sub-items: each is followed by a blank line."""
    mark = "x" if item.checked else " "
    lines = [f"{indent}- [{mark}] {item_title(item)}"]
    lines.extend(f"{indent}  - {write_event(event)}" for event in item.events)
    parts = ["\n".join(lines)]
    for child in item.children:
        parts.extend(write_item(child, indent + "  "))
    return parts
