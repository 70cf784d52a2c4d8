"""A process file to a process."""

from __future__ import annotations

import re

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.words import did_you_mean
from handrail.format.front import MakeReader, MapReader, Names, person
from handrail.format.items import PROCESS, read_items, title_heading
from handrail.format.reading import Reading
from handrail.model.process import Field, Process
from handrail.text.document import Document
from handrail.text.plain import plain
from handrail.text.values import Value

FIELD_TYPES = ("text", "number", "date", "choice", "person", "link", "file", "list")
ORDERS = ("sequence", "strict", "any")


def read_process(document: Document, id: str, make: MakeReader = MapReader) -> Reading[Process]:
    """Read a process of that id. Its value is never None: any Markdown file is a process, if an empty one."""
    problems = list(document.problems)
    front = make(document.values, problems, "a process", Place(document.path))
    items = read_items(document, PROCESS)
    process = Process(
        id=id,
        path=document.path,
        title=front.text("title") or document_title(document) or id.rpartition("/")[2].replace("-", " ").capitalize(),
        content=items.content,
        summary=front.text("summary"),
        owner=front.read("owner", person, ""),
        roles=front.people("roles"),
        fields=read_fields(front, problems),
        order=front.choice("order", ORDERS, "sequence"),
        target=front.span("target"),
        schedule=front.text("schedule"),
        review=front.date("review"),
        stall=front.span("stall"),
        calendar=front.choice("calendar", ("always",), ""),
        tags=front.texts("tags"),
        name=front.text("name"),
        status=front.choice("status", ("draft", "effective", "retired"), "effective"),
        effective=front.date("effective"),
        overlap=front.choice("overlap", ("allow", "skip", "wait"), "allow"),
        agents=front.choice("agents", ("propose",), ""),
        successor=front.text("successor"),
        place=Place(document.path),
        spots=front.spots(),
    )
    front.unknown()
    return Reading(process, (*problems, *items.problems))


def document_title(document: Document) -> str:
    """Give the text of the heading that titles a document, empty where none does."""
    heading = title_heading(document)
    return plain(heading.text) if heading else ""


def read_fields(front: MapReader, problems: list[Problem]) -> tuple[Field, ...]:
    """Read the definitions under `fields:`."""
    names = Names(field_name, "bad-field", "use letters, digits, `_` and `-`")
    return tuple(
        _field(name, reader, problems)
        for _, name, reader in front.each("fields", "the field", names)
        if isinstance(reader, MapReader)
    )


def field_name(text: str) -> str:
    """Read the name of a field."""
    if not re.fullmatch(r"[A-Za-z_][\w-]{0,62}", text):
        raise ValueError(f"`{text[:80]}` is no field name")
    return text


def _field(name: Value, reader: MapReader, problems: list[Problem]) -> Field:
    choices = reader.texts("choices")
    type_ = reader.choice("type", FIELD_TYPES, "choice" if choices else "text")
    field = Field(
        name=name.text,
        type=type_,
        required=reader.flag("required"),
        default=reader.text("default"),
        choices=choices,
        pattern=reader.text("pattern"),
        min=reader.text("min"),
        max=reader.text("max"),
        label=reader.text("label"),
        place=name.place,
    )
    reader.unknown(strict=True)
    if field.default and choices and field.default not in choices:
        message = f"the default `{field.default}` of `{name.text}` is not among its choices"
        problems.append(Problem("bad-value", "error", name.place, message, did_you_mean(field.default, choices)))
    if type_ == "choice" and not choices:
        hint = "write `choices: [basic, pro]`"
        problems.append(Problem("bad-field", "error", name.place, f"`{name.text}` has no choices", hint))
    _check_pattern(field, problems)
    return field


def _check_pattern(field: Field, problems: list[Problem]) -> None:
    if not field.pattern:
        return
    try:
        re.compile(field.pattern)
    except (re.error, RecursionError, OverflowError) as error:
        message = f"the pattern of `{field.name}` is not a regular expression: {error}"
        hint = "for example `pattern: '[A-Z]{3}'`"
        problems.append(Problem("bad-value", "error", field.place, message, hint))
