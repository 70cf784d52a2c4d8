"""Runs that are finished and written as the tool writes them, read without their steps.

Most files of a workspace that has been at work for years are such runs, and what lists ask of them is little: the front
matter, how many steps there were, when the last one was closed. Where every line is of a known form, and nothing in it
could make more of the run than that, it is read here ten times as fast. Any other line, and the caller reads the
file whole: a test holds that both agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from handrail.base.place import Place
from handrail.base.value import dataclass
from handrail.format.event import read_event
from handrail.format.run import LOG, run_id_of
from handrail.model.item import Event
from handrail.model.run import Run

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_BARE = r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*"
_SCALAR = rf'(?:"[^"\\]*"|{_BARE})'
_NAMES = rf"(?:{_SCALAR}|\[{_SCALAR}(?:, {_SCALAR})*\])"
_FIELD = re.compile(rf"({_SCALAR}): ({_SCALAR})")
_ROLE = re.compile(rf"({_SCALAR}): ({_NAMES})")
_FIELDS = re.compile(rf"\{{{_FIELD.pattern}(?:, {_FIELD.pattern})*\}}")
_ROLES = re.compile(rf"\{{{_ROLE.pattern}(?:, {_ROLE.pattern})*\}}")
_FRONT = re.compile(
    rf"---\nrun: (?P<run>{_SCALAR})\nprocess: (?P<process>{_SCALAR})\n"
    rf"(?:revision: (?P<revision>[0-9a-f]{{40,64}})\n)?"
    rf"title: (?P<title>{_SCALAR})\nstarted: (?P<started>[0-9]{{4}}-[0-9-]{{5}}T[0-9:]{{8}}Z)\n"
    rf'(?:by: "@(?P<by>\w[\w.+-]{{0,62}})"\n)?'
    r"(?:roles: (?P<roles>\{.*\})\n)?(?:fields: (?P<fields>\{.*\})\n)?---\n"
)
_RESERVED = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_HEADING = re.compile(r"#{1,6} ([^\s#](?:.*[^\s#])?)")
_QUIET_KEYS = r"(?:role|due|est|proof|ask|not-by|back|stall|priority)"
_ITEM = re.compile(
    r"(?P<indent>(?:  )*)- \[(?P<box>[xX ])\] (?P<title>(?=\S).*) "
    r"\{#(?P<id>[A-Za-z0-9][\w.-]{0,62})(?P<words>(?: (?:"
    rf"""@\w[\w.+-]{{0,62}}|{_QUIET_KEYS}=(?:"[^"{{}}]*"|[^\s{{}}"'()]+)|after=[\w.,-]+|if="[^"{{}}]*"|"""
    r"gate|optional|approval))*)\}"
)
_EVENT = re.compile(
    r"(?P<indent>(?:  )*)- (?P<time>[0-9]{4}-[0-9-]{5}T[0-9:]{8}Z) @\w[\w.+-]* (?P<verb>[a-z]+)"
    r"""(?P<values>(?: [A-Za-z_][\w-]*=(?:"[^"]*"|[^\s"']*[^\s"':]))*)(?:: ?\S.*)?"""
)
T = TypeVar("T")
_CLOSING = frozenset({"done", "approved", "skipped"})
_SILENT = frozenset({"started", "noted"})
"""Verbs that say nothing about what a closed step comes to, if they carry no values."""
_LONGEST_FRONT = 20_000
_LONGEST_LINE = 2_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Finished:
    """A run all of whose steps are closed or have never been touched; `run` is without its steps.

    `done` and `skipped` count the steps closed in each way; `untouched` has the condition of each other one. `finished`
    is the last time (UTC) at which a step was closed that had to be, `last` that of any event; `names_people` tells
    whether a step names somebody. `lines` are those of the events that close something, each with its step's id and
    title.
    """

    run: Run
    done: int
    skipped: int
    untouched: tuple[str, ...]
    finished: datetime | None
    last: datetime | None
    names_people: bool
    lines: tuple[tuple[str, str, str], ...]

    def closings(self) -> Iterator[tuple[str, str, Event]]:
        """Give the events that close something, in the order of the file, each with its step's id and title."""
        for id, title, line in self.lines:
            event = read_event(line)
            if event is not None:
                yield id, title, event


def read_finished(path: str, text: str) -> Finished | None:
    """Read a finished run; None where the file has to be read whole."""
    front = _FRONT.match(text, 0, _LONGEST_FRONT)
    if front is None or _CONTROL.search(text):
        return None
    run = _run(path, front)
    if run is None:
        return None
    lines = text[front.end() :].split("\n")
    try:
        found = _Tally(run).of(lines)
    except ValueError:  # a line of another form, or a day that there is not
        return None
    return found if found.done or found.skipped else None


class _Tally:
    """What the lines of a run come to, while they are read. Raises ValueError for one of another form."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.counts = {"done": 0, "approved": 0, "skipped": 0}
        self.untouched: list[str] = []
        self.closed: list[datetime] = []
        self.last: list[datetime] = []
        self.names_people = False
        self.depth = -1
        self.in_log = False
        self.box = self.words = self.id = self.title = self.how = ""
        self.ids: set[str] = set()
        self.lines: list[tuple[str, str, str]] = []

    def of(self, lines: list[str]) -> Finished:
        for line in lines:
            if line:
                self.take(line)
        self.end_item()
        return Finished(
            self.run,
            self.counts["done"] + self.counts["approved"],
            self.counts["skipped"],
            tuple(self.untouched),
            max(self.closed, default=None),
            max(self.last, default=None),
            self.names_people,
            tuple(self.lines),
        )

    def take(self, line: str) -> None:
        if len(line) > _LONGEST_LINE:
            raise ValueError(line)
        event = _EVENT.fullmatch(line)
        if event:
            return self.event(event)
        item = _ITEM.fullmatch(line)
        if item:
            return self.item(item)
        heading = _HEADING.fullmatch(line)
        if not heading or self.in_log:
            raise ValueError(line)
        self.end_item()
        self.in_log = heading[1].lower() == LOG
        return None

    def item(self, found: re.Match[str]) -> None:
        depth = len(found["indent"]) // 2
        if self.in_log or depth > min(self.depth + 1, _DEEPEST):
            raise ValueError(found[0])
        if depth and self.box == " ":  # what stands below a step that does not apply
            raise ValueError(found[0])
        self.end_item()
        self.depth, self.box, self.words = depth, found["box"], found["words"]
        self.id, self.title = found["id"], found["title"].strip()
        if self.id in self.ids:  # the second one is called otherwise
            raise ValueError(found[0])
        self.ids.add(self.id)
        self.names_people = self.names_people or " @" in self.words

    def event(self, found: re.Match[str]) -> None:
        verb = found["verb"]
        self.last.append(_instant(found["time"]))
        if verb in _SILENT and not found["values"]:
            if self.in_log and not found["indent"]:
                return
        elif verb not in _CLOSING or self.in_log:
            raise ValueError(found[0])
        if self.depth < 0 or len(found["indent"]) // 2 != self.depth + 1 or self.box == " ":
            raise ValueError(found[0])
        if verb in _CLOSING:
            self.lines.append((self.id, self.title, found[0].lstrip()[2:]))
        if verb in _CLOSING and not self.how:
            self.how = verb
            if " optional" not in self.words:
                self.closed.append(self.last[-1])

    def end_item(self) -> None:
        """Count the step that was read last."""
        if self.depth >= 0 and self.how:
            self.counts[self.how] += 1
        elif self.depth >= 0:
            self.untouched.append(self.condition())
        self.depth, self.box, self.words, self.how = -1, "", "", ""

    def condition(self) -> str:
        before, found, rest = self.words.partition(' if="')
        if self.box != " " or self.depth or not found or ' if="' in rest:
            raise ValueError(before)  # open, or ticked by hand
        return rest.partition('"')[0]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(f"{text[:-1]}+00:00").astimezone(UTC)


def _run(path: str, front: re.Match[str]) -> Run | None:
    id = run_id_of(path)
    if not id or _plain(front["run"]) != id:
        return None
    try:
        return Run(
            id=id,
            path=path,
            process=_plain(front["process"]) or id.rpartition("/")[0],
            title=_plain(front["title"]) or id.rpartition("/")[2],
            started=_instant(front["started"]),
            by=front["by"] or "",
            revision=front["revision"] or "",
            roles=_roles(front["roles"] or ""),
            fields=_fields(front["fields"] or ""),
            place=Place(path),
        )
    except ValueError:
        return None


def _plain(scalar: str) -> str:
    """Give what a scalar says. Raises ValueError where readers of YAML may differ about it."""
    if scalar[0] == '"':
        return scalar[1:-1].strip()
    if scalar.lower() in _RESERVED:
        raise ValueError(scalar)
    return scalar


def _fields(text: str) -> Mapping[str, str]:
    if text and not _FIELDS.fullmatch(text):
        raise ValueError(text)
    pairs = _FIELD.findall(text)
    return _once({_key(name): value[1:-1] if value[0] == '"' else _plain(value) for name, value in pairs}, pairs)


@lru_cache(maxsize=256)
def _roles(text: str) -> Mapping[str, tuple[str, ...]]:
    if text and not _ROLES.fullmatch(text):
        raise ValueError(text)
    pairs = _ROLE.findall(text)
    return _once({_key(name): tuple(_people(people)) for name, people in pairs}, pairs)


def _key(scalar: str) -> str:
    return scalar[1:-1] if scalar[0] == '"' else _plain(scalar)


def _once(found: dict[str, T], pairs: list[tuple[str, str]]) -> dict[str, T]:
    """Give the mapping. Raises ValueError where a name stands twice."""
    if len(found) < len(pairs):
        raise ValueError(pairs)
    return found


def _people(text: str) -> Iterator[str]:
    names = re.findall(_SCALAR, text)
    yield from (person.lstrip("@") for person in map(_plain, names) if person)
