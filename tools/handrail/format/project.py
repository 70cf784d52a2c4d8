"""A project file to a project."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.format.config import own_calendar
from handrail.format.crowded import crowded
from handrail.format.front import MakeReader, MapReader, person
from handrail.format.items import PROJECT, read_items, read_log
from handrail.format.process import document_title
from handrail.format.reading import Reading
from handrail.format.run import odd_marks
from handrail.format.scalars import read_amount, read_date, read_duration, read_share
from handrail.model.item import LOG_VERBS
from handrail.model.project import Project, Risk, Update
from handrail.text.body import tidy
from handrail.text.document import Document
from handrail.text.plain import plain

SECTIONS = frozenset({"updates", "changes", "log"})
STATUSES = ("green", "amber", "red", "done", "on-hold")


def read_project(document: Document, id: str, make: MakeReader = MapReader) -> Reading[Project]:
    """Read a project of that id."""
    problems = list(document.problems)
    front = make(document.values, problems, "a project", Place(document.path))
    items = read_items(document, PROJECT, sections=SECTIONS)
    log, log_problems = read_log(document, "log", LOG_VERBS)
    budget, currency = front.read("budget", read_money, (0.0, ""), "write `40000 EUR`")
    project = Project(
        id=id,
        path=document.path,
        title=front.text("title") or document_title(document) or id.rpartition("/")[2].replace("-", " ").capitalize(),
        content=items.content,
        summary=front.text("summary"),
        owner=front.read("owner", person, ""),
        objective=front.text("objective"),
        start=front.date("start"),
        target=front.date("target"),
        budget=budget,
        currency=currency,
        risks=tuple(_risk(reader) for reader in front.rows("risks", "a risk")),
        resources=front.amounts("resources"),
        limits=front.amounts("limits"),
        tags=front.texts("tags"),
        calendar=own_calendar(front),
        updates=_updates(document, "updates", problems),
        changes=_updates(document, "changes", problems),
        log=log,
        place=Place(document.path),
        spots=front.spots(),
    )
    front.unknown()
    return Reading(project, (*problems, *items.problems, *odd_marks(document), *crowded(document), *log_problems))


def read_money(text: str) -> tuple[float, str]:
    """Read a sum of money with or without its currency: `40000 EUR`."""
    match = re.fullmatch(r"([0-9][0-9_.]*)\s*([A-Z]{3}|[€$£¥])?", text.strip())
    if not match:
        raise ValueError(f"`{text}` is not a sum of money")
    return read_amount(match[1]), match[2] or ""


def _risk(reader: MapReader) -> Risk:
    risk = Risk(
        risk=reader.text("risk"),
        probability=reader.read("probability", read_probability, 0.0, "write `30%`"),
        impact=reader.read("impact", read_impact, 0.0, "a sum of money: `8000`"),
        delay=reader.read("delay", read_delay, "", "write `5d`"),
        owner=reader.read("owner", person, ""),
        response=reader.text("response"),
        place=reader.place,
    )
    if reader.missing("risk") or not risk.risk:
        message = "the risk does not say what may happen"
        reader.problems.append(Problem("missing-key", "error", reader.place, message, "risk: The venue cancels"))
    reader.unknown()
    return risk


def read_impact(text: str) -> float:
    """Read what a risk would cost."""
    return read_money(text)[0]


def read_delay(text: str) -> str:
    """Read by how much a risk would delay the project."""
    return str(read_duration(text))


def read_probability(text: str) -> float:
    """Read a share of at most one."""
    share = read_share(text)
    if share > 1:
        raise ValueError(f"`{text}` is more than 100%")
    return share


def _updates(document: Document, section: str, problems: list[Problem]) -> tuple[Update, ...]:
    """Read the dated headings below the section's heading: `### 2026-12-12 amber` and prose."""
    found: list[Update] = []
    inside = False
    headings = document.headings
    for index, heading in enumerate(headings):
        if heading.level <= 2:
            inside = plain(heading.text).lower() == section
            continue
        if not inside or heading.level != 3:
            continue
        end = next((later.line for later in headings[index + 1 :] if later.level <= 3), len(document.lines.texts))
        text = tidy([document.line(line) for line in range(heading.end, end)])
        found.extend(_update(document, heading.text, heading.line, text, problems))
    return tuple(sorted(found, key=lambda update: update.day, reverse=True))


def _update(document: Document, heading: str, line: int, text: str, problems: list[Problem]) -> Sequence[Update]:
    day, _, rest = heading.strip().partition(" ")
    place = document.place(line)
    try:
        when = read_date(day)
    except ValueError as error:
        problems.append(Problem("bad-update", "error", place, f"{error}", "write `### 2026-12-12 amber`"))
        return ()
    word, _, more = rest.strip().partition(" ")
    if word.lower() in STATUSES:
        return (Update(when, word.lower(), f"**{more}**\n\n{text}" if more else text, place),)
    return (Update(when, "", f"**{rest.strip()}**\n\n{text}" if rest.strip() else text, place),)
