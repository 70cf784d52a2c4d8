"""An imported plan as the text of a project file. Nothing in it comes from somebody who could be trusted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from handrail.base.words import one_line
from handrail.format.attributes import write_attributes
from handrail.format.config import DAYS
from handrail.format.event import write_event
from handrail.format.project import SECTIONS
from handrail.format.run import quoted
from handrail.model.calendar import Estimate, OwnCalendar
from handrail.model.imported import ImportedPlan, Incoming
from handrail.model.item import Attributes, Due, Event, Link
from handrail.text.plain import MAX_SLUG, plain, slug, unique

SOURCE_KEY = "x-imported"
_MAX_TITLE = 300
_MAX_BODY = 20_000
_LEADS = re.compile(r"(?=(?:#{1,6}|[-+*])(?:\s|$)|[>|<=~]|`{3}|\[[ xX]\]|(?:-{3}|\*{3}|_{3}))")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_BOX = re.compile(r"^(\s*(?:[-+*]|\d{1,9}[.)])\s+)\[(?=[ xX]\])", re.MULTILINE)
_EVENT = re.compile(r"^(\s*[-+*]\s+)(?=\d{4}-\d\d-\d\dT)", re.MULTILINE)


def ids_for(plan: ImportedPlan, taken: Collection[str] = ()) -> dict[int, str]:
    """Give the id of every task by its index.

    An id ends with what marks the task's key, so that it is found again under another title. A task whose key is good
    for one file only (it begins with `~`) is known by its title. `taken` are the ids of a file that is there.
    """
    by_mark = {id.rpartition("-")[2]: id for id in taken}
    used: set[str] = set()
    found: dict[int, str] = {}
    for index, task in enumerate(plan.tasks):
        mark, stem = key_mark(task.key), slug(task.title, "task")
        if mark in by_mark and by_mark[mark] not in used:
            found[index] = by_mark[mark]
        elif mark:
            found[index] = unique(f"{stem[: MAX_SLUG - len(mark) - 1].rstrip('-')}-{mark}", {*used, *taken})
        else:
            found[index] = unique(stem, used)
        used.add(found[index])
    return found


def key_mark(key: str) -> str:
    """Give what of a key stands at the end of an id: at most 12 letters and digits; nothing of a passing key."""
    return "" if key.startswith("~") else re.sub(r"[^a-z0-9]", "", key.lower())[-12:]


def write_project(plan: ImportedPlan, ids: Mapping[int, str], people: Mapping[str, str], owner: str) -> str:
    """Give the text of a new project file."""
    front = [
        ("title", quoted(one_line(plan.title)[:_MAX_TITLE] or "Imported project")),
        ("summary", quoted(one_line(plan.summary)[:_MAX_TITLE]) if plan.summary.strip() else ""),
        ("owner", quoted(f"@{owner}")),
        ("start", plan.start.isoformat() if plan.start else ""),
        ("calendar", _calendar(plan.calendar)),
        ("target", plan.target.isoformat() if plan.target else ""),
        (SOURCE_KEY, quoted(plan.source)),
    ]
    lines = ["---", *(f"{key}: {value}" for key, value in front if value), "---"]
    parts = ["\n".join(lines)]
    phase = ""
    for index in _tops(plan):
        if plan.tasks[index].phase != phase:
            phase = plan.tasks[index].phase
            parts.append(f"## {phase_title(phase)}")
        parts.extend(item_parts(plan, index, ids, people))
    return "\n\n".join(parts) + "\n"


def item_parts(
    plan: ImportedPlan, index: int, ids: Mapping[int, str], people: Mapping[str, str], indent: str = ""
) -> Iterator[str]:
    """Give the paragraphs of a task and of what is in it."""
    children = _children(plan)
    stack = [(index, indent)]
    while stack:
        number, before = stack.pop()
        task = plan.tasks[number]
        yield _item(task, ids[number], _attributes(plan, number, ids, people), events_of(task, people), before)
        stack.extend((child, before + "  ") for child in reversed(children.get(number, [])))


def events_of(task: Incoming, people: Mapping[str, str]) -> tuple[Event, ...]:
    """Give what happened there as events, each with where it comes from."""
    ordered = sorted(task.happened, key=lambda one: one.time)
    return tuple(
        Event(one.time.replace(microsecond=0), people[one.who], one.verb, (), one_line(one.note)[:1000])
        for one in ordered
    )


def safe_title(title: str) -> str:
    """Give a text as the title of an item: on one line, and nothing in it begins a block of Markdown."""
    text = one_line(title)[:_MAX_TITLE].strip()
    text = _NUMBERED.sub(r"\1\\\2", text, count=1) if _NUMBERED.match(text) else text
    text = f"\\{text}" if _LEADS.match(text) else text
    return text.replace("<!--", "\\<!--")


def phase_title(phase: str) -> str:
    """Give the heading of a phase: never one of the sections in which a project keeps reports and events."""
    title = safe_title(phase) or "More"
    return f"{title} (tasks)" if plain(title).lower() in SECTIONS else title


def safe_body(body: str) -> str:
    """Give Markdown that stays inside its item: no boxes of its own, no lines that look like events."""
    text = body.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")[:_MAX_BODY]
    text = "".join(char for char in text if char in "\n\t" or char.isprintable()).expandtabs(4)
    text = _EVENT.sub(r"\1\\", _BOX.sub(r"\1\\[", text))
    fences = len(re.findall(r"^\s*(?:```|~~~)", text, re.MULTILINE))
    return re.sub(r"\n{3,}", "\n\n", text + ("\n```" if fences % 2 else "")).strip("\n").rstrip()


def _calendar(own: OwnCalendar | None) -> str:
    """Give a project's calendar as the value of its key, empty for none."""
    if own is None:
        return ""
    if own.always:
        return "always"
    parts = []
    if own.week is not None:
        parts.append(f"week: {quoted(','.join(DAYS[day] for day in sorted(own.week)))}")
    if own.hours is not None:
        spans = (f"{first:%H:%M}-{last:%H:%M}" for first, last in own.hours)
        parts.append(f'hours: "{", ".join(spans)}"')
    if own.closed:
        parts.append(f"closed: [{', '.join(day.isoformat() for day in sorted(own.closed))}]")
    return f"{{{', '.join(parts)}}}"


def _tops(plan: ImportedPlan) -> list[int]:
    """Give the tasks that are no part of another, each phase together, in the order of their first."""
    known = {task.key for task in plan.tasks if task.key}
    tops = [index for index, task in enumerate(plan.tasks) if not (task.parent and task.parent in known)]
    order = {phase: number for number, phase in enumerate(dict.fromkeys(plan.tasks[index].phase for index in tops))}
    return sorted(tops, key=lambda index: order[plan.tasks[index].phase])


def _children(plan: ImportedPlan) -> dict[int, list[int]]:
    by_key = {task.key: index for index, task in enumerate(plan.tasks) if task.key}
    found: dict[int, list[int]] = {}
    for index, task in enumerate(plan.tasks):
        if task.parent in by_key:
            found.setdefault(by_key[task.parent], []).append(index)
    return found


def _attributes(plan: ImportedPlan, index: int, ids: Mapping[int, str], people: Mapping[str, str]) -> Attributes:
    task = plan.tasks[index]
    by_key = {other.key: ids[number] for number, other in enumerate(plan.tasks) if other.key}
    links = tuple(Link(by_key[need.key], need.kind, need.lag) for need in task.needs if need.key in by_key)
    return Attributes(
        who=tuple(dict.fromkeys(people[name] for name in task.people)),
        due=Due(day=task.due) if task.due else None,
        after=links,
        est=Estimate(task.est) if task.est and not task.milestone else None,
        start=task.start,
        load=task.load,
        cost=task.cost,
        progress=task.progress,
        priority=task.priority,
        milestone=task.milestone,
    )


def _item(task: Incoming, id: str, attributes: Attributes, events: Sequence[Event], indent: str) -> str:
    mark = "x" if task.closed else " "
    lines = [f"{indent}- [{mark}] {safe_title(task.title) or 'Task'} {write_attributes(id, attributes)}"]
    lines += [f"{indent}  - {write_event(event)}" for event in events]
    body = safe_body(task.body)
    if body:
        lines += ["", *(f"{indent}  {line}".rstrip() for line in body.split("\n"))]
    return "\n".join(lines)
