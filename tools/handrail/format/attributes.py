"""Attribute lists: from words to meaning and back. One table says what there is; the docs print it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any

from handrail.base.place import Place
from handrail.base.problem import Fix, Problem
from handrail.base.value import dataclass
from handrail.base.words import did_you_mean, nearest, slip
from handrail.format import scalars
from handrail.format.remedy import as_meant
from handrail.model.item import Attributes
from handrail.text.words import MAX_LINE, AttributeList, Word, find_attributes, may_follow, quote

Span = tuple[int, int]
BOTH, PROCESS, PROJECT = "both", "process", "project"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One attribute: its key in files, the field that holds it, where it may stand, how its value is read and written.

    `flag` says that it may stand without a value; `plain` is what it then means.
    """

    key: str
    name: str
    where: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    hint: str
    about: str
    flag: bool = False
    plain: Any = True


def _names(text: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    if not names:
        raise ValueError("the value is empty")
    return names


def _join(names: tuple[str, ...]) -> str:
    return ",".join(names)


def _proofs(text: str) -> tuple[str, ...]:
    names = _names(text)
    for name in names:
        if name not in {"link", "file", "note"}:
            raise ValueError(f"`{name}` is no kind of proof")
    return names


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"`{text}` is none of {', '.join(allowed)}")
        return text

    return read


def _approval(text: str) -> str:
    if text != "all" and not re.fullmatch(r"[1-9][0-9]?", text):
        raise ValueError(f"`{text}` is neither a number nor `all`")
    return text


def _run(text: str) -> str:
    if not re.fullmatch(r"[^\s()]+(?:\([^()]*\))?", text):
        raise ValueError(f"`{text}` is not a process")
    return text


def _never(text: str) -> bool:
    raise ValueError("it takes no value")


def _condition(text: str) -> str:
    if not text.strip():
        raise ValueError("the condition is empty")
    return text


_IDS = "ids with commas between: `a,b`"
MEANINGS: tuple[Meaning, ...] = (
    Meaning("role", "role", PROCESS, _names, _join, _IDS, "which role it was, written by the tool in a run"),
    Meaning(
        "due",
        "due",
        BOTH,
        scalars.read_due,
        scalars.write_due,
        "`2d`, `start+5d`, `launch-3d` or `2026-12-01`",
        "when it is due",
    ),
    Meaning(
        "after",
        "after",
        BOTH,
        scalars.read_links,
        scalars.write_links,
        '`after=a,b`, or `after="a:ss+2d"`',
        "what it waits for",
    ),
    Meaning("if", "condition", BOTH, _condition, str, "`if=\"plan == 'pro'\"`", "applies only where this holds"),
    Meaning(
        "gate",
        "gate",
        PROCESS,
        _never,
        str,
        "write `gate` alone",
        "nothing below it may be finished before it",
        flag=True,
    ),
    Meaning("optional", "optional", BOTH, _never, str, "write `optional` alone", "may be left open", flag=True),
    Meaning(
        "approval",
        "approval",
        BOTH,
        _approval,
        str,
        "`approval`, `approval=2` or `approval=all`",
        "finished by `approve`; `reject` sends the work back",
        flag=True,
        plain="1",
    ),
    Meaning("back", "back", BOTH, _names, _join, _IDS, "where a rejection sends the work"),
    Meaning("not-by", "not_by", BOTH, _names, _join, _IDS, "by somebody other than who finished that step"),
    Meaning("ask", "ask", BOTH, _names, _join, "fields with commas between", "fields that must have values first"),
    Meaning("proof", "proof", BOTH, _proofs, _join, "`link`, `file` or `note`", "evidence that must come with it"),
    Meaning(
        "run",
        "run",
        BOTH,
        _run,
        str,
        "`run=hr/new-hire` or `run=x(customer, plan)`",
        "finished by a child run; in a project by runs of that process",
    ),
    Meaning(
        "wait",
        "wait",
        PROCESS,
        scalars.read_positive,
        str,
        scalars.DURATION_HINT,
        "becomes ready only so long after what it waits for",
    ),
    Meaning("est", "est", BOTH, scalars.read_estimate, str, "`2h`, or `2d/3d/6d`", "touch time or effort"),
    Meaning("stall", "stall", BOTH, scalars.read_positive, str, scalars.DURATION_HINT, "its own stall threshold"),
    Meaning(
        "use",
        "use",
        PROJECT,
        scalars.read_uses,
        scalars.write_uses,
        '`use="dev:2 crane"`',
        "amounts of shared resources",
    ),
    Meaning(
        "milestone", "milestone", PROJECT, _never, str, "write `milestone` alone", "a point in time, no work", flag=True
    ),
    Meaning("start", "start", PROJECT, scalars.read_date, str, scalars.DATE_HINT, "does not start before this day"),
    Meaning(
        "load",
        "load",
        PROJECT,
        scalars.read_share,
        scalars.write_share,
        "`load=50%`",
        "the share of a day that its people give it",
    ),
    Meaning(
        "cost",
        "cost",
        PROJECT,
        scalars.read_amount,
        lambda value: f"{value:.12g}",
        "a number: `cost=1200`",
        "what it costs beside people's time",
    ),
    Meaning(
        "progress",
        "progress",
        PROJECT,
        scalars.read_share,
        scalars.write_share,
        "`progress=40%`",
        "how much of it is done",
    ),
    Meaning(
        "priority",
        "priority",
        BOTH,
        _choice("low", "normal", "high", "urgent"),
        str,
        "`low`, `normal`, `high` or `urgent`",
        "what to take first",
    ),
)
BY_KEY = {meaning.key: meaning for meaning in MEANINGS}
FLAGS = frozenset(meaning.key for meaning in MEANINGS if meaning.flag)
_PERSON = re.compile(r"[\w][\w.+-]{0,62}|\{\{\s*[\w-]+\s*\}\}")
_ID = re.compile(r"[^\W_][\w.-]{0,62}")


@dataclass(frozen=True, slots=True)
class ReadTitle:
    """A title's line taken apart: the text without the list, its attributes, the id where one is written.

    `spots` are the places of the words, by key (`due`, `id`, `who:ana`).
    """

    text: str
    attributes: Attributes = Attributes()
    id: str = ""
    spots: Mapping[str, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


class Spots(Mapping[str, Place]):
    """The places of a title's words. Only what is asked for is worked out: most titles have nothing wrong."""

    __slots__ = ("_place", "_words")

    def __init__(self, words: Mapping[str, Span], place: Callable[[int, int], Place]) -> None:
        self._words = words
        self._place = place

    def __getitem__(self, key: str) -> Place:
        """Give the place of a word."""
        return self._place(*self._words[key])

    def __iter__(self) -> Iterator[str]:
        """Give the keys of the words in the order written."""
        return iter(self._words)

    def __len__(self) -> int:
        """Give the number of words."""
        return len(self._words)


def read_title(line: str, place: Callable[[int, int], Place], *, project: bool) -> ReadTitle:
    """Read the last line of a title. `place` turns columns (from 0) of `line` into a place in the file."""
    where = PROJECT if project else PROCESS
    text = line.rstrip()
    start = text.rfind("{")
    listed = start >= 0 and len(text) <= MAX_LINE and may_follow(text[:start])
    known = _read_list(text[start:], where) if listed else None
    if known is None:
        start, known = 0, _read_line(line, where)

    def there(first: int, last: int) -> Place:
        return place(start + first, start + last)

    problems = tuple(
        Problem(fault.code, "error", there(*fault.span), fault.message, fault.hint, fix=fault.fix)
        for fault in known.faults
    )
    return ReadTitle(
        known.text or line[:start].rstrip(), known.attributes, known.id, Spots(known.words, there), problems
    )


@dataclass(frozen=True, slots=True)
class _Fault:
    """A problem before it is known where its line stands."""

    code: str
    span: Span
    message: str
    hint: str
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """What a line says, wherever it stands."""

    text: str
    attributes: Attributes = Attributes()
    id: str = ""
    words: Mapping[str, Span] = field(default_factory=dict)
    faults: tuple[_Fault, ...] = ()


@lru_cache(maxsize=8192)
def _read_list(text: str, where: str) -> _Known | None:
    """Read an attribute list alone, None where it is none. The runs of one process have nearly all in common."""
    return None if find_attributes(text, FLAGS.__contains__) is None else _read_line(text, where)


@lru_cache(maxsize=2048)
def _read_line(line: str, where: str) -> _Known:
    """Read a title's last line."""
    found = find_attributes(line, FLAGS.__contains__)
    if found is None:
        return _Known(line)
    reader = _Reader(where, line)
    reader.read(found)
    text = line[: found.start].rstrip()
    return _Known(text, reader.attributes(), reader.id, reader.words, tuple(reader.faults))


class _Reader:
    """Gathers the words of one list into values and problems."""

    def __init__(self, where: str, line: str) -> None:
        self.where = where
        self.line = line
        self.id = ""
        self.who: list[str] = []
        self.values: dict[str, Any] = {}
        self.words: dict[str, Span] = {}
        self.faults: list[_Fault] = []
        self.keys: set[str] = set()

    def report(self, code: str, word: Word, message: str, hint: str = "", meant: str = "") -> None:
        fix = Fix(self.line[word.start : word.end], meant) if meant else None
        self.faults.append(_Fault(code, (word.start, word.end), message, hint, fix))

    def read(self, found: AttributeList) -> None:
        self.keys = {word.key for word in found.words}
        for word in found.words:
            if word.kind == "id":
                self.read_id(word)
            elif word.kind == "who":
                self.read_who(word)
            elif word.kind == "class":
                self.report("unknown-attribute", word, f"`.{word.key.lstrip('.')}` has no meaning here", "remove it")
            else:
                self.read_pair(word)

    def read_id(self, word: Word) -> None:
        if self.id:
            self.report("duplicate-attribute", word, f"a second id `#{word.value}`", "keep one")
        elif not _ID.fullmatch(word.value):
            hint = "use letters, digits, `-`, `_` and `.`, at most 63"
            self.report("bad-id", word, f"`#{word.value[:80]}` is not an id", hint)
        else:
            self.id = word.value
            self.words["id"] = (word.start, word.end)

    def read_who(self, word: Word) -> None:
        if not _PERSON.fullmatch(word.value):
            self.report("bad-person", word, f"`@{word.value[:80]}` is not a name", "use the key from handrail.yml")
        else:
            self.who.append(word.value)
            self.words[f"who:{word.value}"] = (word.start, word.end)

    def read_pair(self, word: Word) -> None:
        meaning = BY_KEY.get(word.key)
        if meaning is None:
            hint = did_you_mean(word.key, BY_KEY) if nearest(word.key, BY_KEY) else "see the list of attributes"
            meant = slip(word.key, BY_KEY)
            meant = "" if meant in self.keys else meant
            meant += self.line[word.start : word.end][len(word.key) :] if meant else ""
            self.report("unknown-attribute", word, f"there is no attribute `{word.key}`", hint, meant)
            return
        if meaning.where not in {BOTH, self.where}:
            message = f"`{word.key}` means nothing in a {self.where}"
            self.report("misplaced-attribute", word, message, f"it belongs in a {meaning.where}")
            return
        if meaning.name in self.values:
            self.report("duplicate-attribute", word, f"`{word.key}` stands twice", "keep one")
            return
        self.read_value(word, meaning)

    def read_value(self, word: Word, meaning: Meaning) -> None:
        if word.kind == "flag":
            if meaning.flag:
                self.values[meaning.name] = meaning.plain
                self.words[meaning.key] = (word.start, word.end)
            else:
                self.report("missing-value", word, f"`{word.key}` needs a value", meaning.hint)
            return
        try:
            self.values[meaning.name] = meaning.read(word.value)
            self.words[meaning.key] = (word.start, word.end)
        except ValueError as error:
            value = as_meant(word.value, meaning.read)
            meant = f"{word.key}={quote(value)}" if value else ""
            self.report("bad-value", word, f"`{word.key}`: {error}", meaning.hint, meant)

    def attributes(self) -> Attributes:
        values = dict(self.values)
        run = values.pop("run", "")
        name, parenthesis, fields = run.partition("(")
        mapped = tuple(part.strip() for part in fields.rstrip(")").split(",") if part.strip()) if parenthesis else ()
        return Attributes(who=tuple(self.who), run=name, run_fields=mapped, **values)


def write_attributes(id: str, attributes: Attributes) -> str:
    """Write an attribute list: the id first, then people, then the rest in the order of the table."""
    words = [f"#{id}"] if id else []
    words.extend(f"@{name}" for name in attributes.who)
    for meaning in MEANINGS:
        value = getattr(attributes, meaning.name)
        if value in (None, "", (), False):
            continue
        if meaning.flag and value == meaning.plain:
            words.append(meaning.key)
        else:
            words.append(f"{meaning.key}={quote(_written(meaning, attributes, value))}")
    return "{" + " ".join(words) + "}"


def _written(meaning: Meaning, attributes: Attributes, value: Any) -> str:
    if meaning.key == "run" and attributes.run_fields:
        return f"{value}({', '.join(attributes.run_fields)})"
    if meaning.key == "est":
        points = (value.optimistic, value.likely, value.pessimistic)
        return "/".join(str(point) for point in points) if value.optimistic else str(value.likely)
    return meaning.write(value)
