"""From task-list items to steps and tasks: titles, ids, attributes, events, stages, bodies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.format.attributes import ReadTitle, read_title
from handrail.format.event import EVENT_HINT, looks_like_event, read_event
from handrail.model.item import ITEM_VERBS, Block, Event, Heading, Item, Prose
from handrail.text.body import body_of, tidy
from handrail.text.document import Bullet, Document, HeadingLine, TaskItem
from handrail.text.plain import plain, slug, unique

MAX_TITLE = 2_000
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Dialect:
    """How items are read in one kind of file: a process has no events, a run demands ids."""

    project: bool = False
    events: bool = True
    ids: bool = False


PROCESS = Dialect(events=False)
RUN = Dialect(ids=True)
PROJECT = Dialect(project=True)


@dataclass(frozen=True, slots=True)
class ReadItems:
    """A document's content in order, and the pairs of each item with where it stands."""

    content: tuple[Block, ...]
    problems: tuple[Problem, ...]
    spots: dict[str, TaskItem]


def read_items(document: Document, dialect: Dialect, *, sections: frozenset[str] = frozenset()) -> ReadItems:
    """Read all items of a document. Headings named in `sections` and what follows them are left out.

    Of a run only the last such section is left out, and no item ever: a step must not vanish with its stage.
    """
    reader = _Reader(document, dialect)
    reader.collect(document.items)
    reader.name()
    content = _content(document, reader, sections)
    return ReadItems(content, tuple(reader.problems), {reader.ids[id(spot)]: spot for spot in reader.order})


def section_of(document: Document, line: int) -> HeadingLine | None:
    """Give the nearest heading above a line, None where there is none."""
    found = None
    for heading in document.headings:
        if heading.line > line:
            break
        found = heading
    return found


def last_section(document: Document, names: frozenset[str]) -> HeadingLine | None:
    """Give the last heading of those names: a run's stage may have the name of its log, which stands at the end."""
    found = (one for one in reversed(document.headings) if plain(one.text).lower() in names)
    return next(found, None)


def title_heading(document: Document) -> HeadingLine | None:
    """Give the heading that is the document's title: its only level-one heading, where it comes first."""
    ones = [heading for heading in document.headings if heading.level == 1]
    return ones[0] if len(ones) == 1 and document.headings[0] is ones[0] else None


def stages(document: Document) -> Callable[[int], str]:
    """Give a function from a line to its stage: the outermost heading above it that is not the title."""
    title = title_heading(document)
    starts: list[tuple[int, str]] = []
    stack: list[HeadingLine] = []
    for heading in document.headings:
        if heading is title:
            continue
        while stack and stack[-1].level >= heading.level:
            stack.pop()
        stack.append(heading)
        starts.append((heading.line, plain(stack[0].text)))

    def stage(line: int) -> str:
        found = ""
        for start, text in starts:
            if start > line:
                break
            found = text
        return found

    return stage


class _Reader:
    """Reads titles first, then names every item, since a derived id must not take a written one."""

    def __init__(self, document: Document, dialect: Dialect) -> None:
        self.document = document
        self.dialect = dialect
        self.stage = stages(document)
        self.problems: list[Problem] = []
        self.order: list[TaskItem] = []
        self.titles: dict[int, ReadTitle] = {}
        self.ids: dict[int, str] = {}

    def report(self, code: str, place: Place, message: str, hint: str = "") -> None:
        source = self.document.line(place.line - 1)
        self.problems.append(Problem(code, "error", place, message, hint, source))

    def say_left_out(self, spot: TaskItem) -> None:
        """Warn of an item that is no part of the plan because of the section that it stands in."""
        place = self.document.place(spot.box_line, spot.box_column - 1, spot.box_column + 2)
        message = "this item is no part of the plan: it stands among the updates, the changes or the log"
        source = self.document.line(spot.box_line)
        self.problems.append(Problem("misplaced-item", "warning", place, message, "move it under a phase", source))

    def collect(self, spots: tuple[TaskItem, ...], depth: int = 0) -> None:
        for spot in spots:
            self.order.append(spot)
            self.titles[id(spot)] = self.title(spot)
            if depth > MAX_DEPTH:
                place = self.document.place(spot.box_line, spot.box_column)
                self.report("too-deep", place, f"items are nested more than {MAX_DEPTH} deep", "flatten the list")
            self.collect(spot.children, depth + 1)

    def title(self, spot: TaskItem) -> ReadTitle:
        last = spot.title_end - 1
        *before, line = spot.title.rstrip().split("\n")
        line = line.strip() if before else line
        column = spot.last_column

        def place(start: int, end: int) -> Place:
            return self.document.place(last, column + start, column + end)

        read = read_title(line, place, project=self.dialect.project)
        text = " ".join(part for part in [*(part.strip() for part in before), read.text.strip()] if part)
        for problem in read.problems:
            self.problems.append(replace(problem, source=self.document.line(last)))
        start = self.document.place(spot.box_line, spot.box_column)
        if not text:
            self.report("empty-title", start, "the item has no title", "write what is to be done before the `{`")
        elif len(text) > MAX_TITLE:
            message = f"the title has {len(text):,} characters, {MAX_TITLE:,} are allowed"
            self.report("long-title", start, message, "move the text into a paragraph below")
        return read if text == read.text else replace(read, text=text)

    def name(self) -> None:
        """Give every item its id: the written ones first, then slugs of titles that avoid them."""
        taken: dict[str, int] = {}
        for spot in self.order:
            title = self.titles[id(spot)]
            if not title.id:
                continue
            if title.id in taken:
                message = f"the id `{title.id}` stands twice, first in line {taken[title.id] + 1}"
                self.report("duplicate-id", title.spots["id"], message, f"call one of them `#{title.id}-2`")
                self.ids[id(spot)] = unique(title.id, taken.keys())
            else:
                self.ids[id(spot)] = title.id
            taken.setdefault(self.ids[id(spot)], spot.box_line)
        used = set(taken)
        counts: dict[str, int] = {}
        for spot in self.order:
            if id(spot) in self.ids:
                continue
            self.derive(spot, used, counts)

    def derive(self, spot: TaskItem, used: set[str], counts: dict[str, int]) -> None:
        title = self.titles[id(spot)].text
        wanted = slug(title)
        number = counts.get(wanted, 1)
        name = wanted if number == 1 else f"{wanted}-{number}"
        while name in used:
            number += 1
            name = f"{wanted}-{number}"
        counts[wanted] = number
        used.add(name)
        self.ids[id(spot)] = name
        if self.dialect.ids:
            place = self.document.place(spot.box_line, spot.box_column)
            self.report(
                "missing-id", place, "a step of a run needs its id", f"write {{#{name}}} at the end of the line"
            )

    def item(self, spot: TaskItem) -> Item:
        title = self.titles[id(spot)]
        events, lines = self.events(spot)
        return Item(
            id=self.ids[id(spot)],
            title=title.text,
            attributes=title.attributes,
            checked=spot.mark != " ",
            events=events,
            children=tuple(self.item(child) for child in spot.children),
            stage=self.stage(spot.box_line),
            body=body_of(self.document, spot, lines),
            explicit_id=bool(title.id),
            spots=title.spots,
            place=self.document.place(spot.box_line, spot.box_column - 1, spot.box_column + 2),
        )

    def events(self, spot: TaskItem) -> tuple[tuple[Event, ...], tuple[Bullet, ...]]:
        if not self.dialect.events:
            return (), ()
        found: list[Event] = []
        lines: list[Bullet] = []
        for bullet in spot.bullets:
            if not looks_like_event(bullet.text):
                break
            lines.append(bullet)
            event = self.event(bullet, ITEM_VERBS)
            if event:
                found.append(event)
        for bullet in (*spot.bullets[len(lines) :], *spot.later_bullets):
            if looks_like_event(bullet.text):
                place = self.document.place(bullet.line, bullet.column)
                self.report("misplaced-event", place, "an event must stand directly under the title", "move it up")
        return tuple(found), tuple(lines)

    def event(self, bullet: Bullet, verbs: tuple[str, ...]) -> Event | None:
        place = self.document.place(bullet.line, bullet.column, bullet.column + len(bullet.text))
        event = read_event(bullet.text, place)
        if event is None:
            self.report("bad-event", place, "this is not an event", EVENT_HINT)
        elif event.verb not in verbs:
            self.report("unknown-verb", place, f"there is no verb `{event.verb}`", f"one of: {', '.join(verbs)}")
            return None
        return event


def read_log(document: Document, heading: str, verbs: tuple[str, ...]) -> tuple[tuple[Event, ...], tuple[Problem, ...]]:
    """Read the event lines in the section of that name."""
    reader = _Reader(document, RUN)
    found: list[Event] = []
    for bullet in document.bullets:
        section = section_of(document, bullet.line)
        if section is None or plain(section.text).lower() != heading:
            continue
        event = reader.event(bullet, verbs)
        if event:
            found.append(event)
    return tuple(found), tuple(reader.problems)


def _content(document: Document, reader: _Reader, sections: frozenset[str]) -> tuple[Block, ...]:
    title = title_heading(document)
    marks: list[tuple[int, int, HeadingLine | TaskItem]] = [
        (heading.line, heading.end, heading) for heading in document.headings
    ]
    marks.extend((spot.start, spot.end, spot) for spot in document.items)
    marks.sort(key=lambda mark: (mark[0], mark[1]))
    content: list[Block] = []
    position = document.front.body if document.front else 0
    hidden = False
    run = reader.dialect.ids
    last = last_section(document, sections) if run else None
    for start, end, mark in [*marks, (len(document.lines.texts), len(document.lines.texts), None)]:
        if not hidden:
            _add_prose(document, content, position, start)
        if isinstance(mark, HeadingLine):
            if mark.level <= 2:
                hidden = mark is last if run else plain(mark.text).lower() in sections
            if not hidden and mark is not title:
                content.append(Heading(mark.level, mark.text, document.place(mark.line)))
        elif mark is not None and (run or not hidden):
            content.append(reader.item(mark))
        elif mark is not None:
            reader.say_left_out(mark)
        position = max(position, end)
    return tuple(content)


def _add_prose(document: Document, content: list[Block], start: int, end: int) -> None:
    text = tidy([document.line(index) for index in range(start, end)])
    if text.strip():
        content.append(Prose(text, document.place(start)))
