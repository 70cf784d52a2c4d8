"""Forms on a git host: one for each process, and what somebody has filled in.

GitHub's and Forgejo's issue forms are YAML; an issue made with one has a heading for each label and the answer below it
(docs.github.com, "Syntax for GitHub's form schema").
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from handrail.base.words import one_line
from handrail.model.process import Field, Process

PROCESS, TITLE, DUE = "Process", "Title of the run", "Due"
_NO_ANSWER = "_No response_"
_HEADING = re.compile(r"^### (.+?)\s*$", re.MULTILINE)
_MOST = 20_000


def form_of(process: Process) -> str:
    """Give the issue form by which a run of a process is started, as YAML (JSON strings are YAML)."""
    lines = [
        f"name: {_text('Start: ' + process.title)}",
        f"description: {_text(process.summary or 'Starts a run of this process.')}",
        f"title: {_text('Start ' + process.title)}",
        'labels: ["handrail-start"]',
        "body:",
        *_choice("process", PROCESS, (process.id,), required=True, help="As it is."),
        *_input("title", TITLE, required=not process.name and not process.fields, help="For whom or what."),
        *_input("due", DUE, required=False, help="When it is to be finished: 2026-12-01."),
    ]
    for field in process.fields:
        lines += _field(field)
    return "\n".join(lines) + "\n"


def read_form(body: str) -> dict[str, str]:
    """Give the answers of an issue made with a form, by label; what was left empty is not among them."""
    parts = _HEADING.split(body[:_MOST].replace("\r\n", "\n"))
    found: dict[str, str] = {}
    for label, answer in zip(parts[1::2], parts[2::2], strict=True):
        text = answer.strip()
        if text and text != _NO_ANSWER and label not in found:
            found[label] = text
    return found


def wish_of(answers: Mapping[str, str]) -> dict[str, object]:
    """Give the arguments of `start` that answers come to. A label that is not of every form names a field."""
    known = {PROCESS: "process", TITLE: "title", DUE: "due"}
    found: dict[str, object] = {known[label]: one_line(text) for label, text in answers.items() if label in known}
    fields = {label: one_line(text) for label, text in answers.items() if label not in known}
    return found | ({"fields": fields} if fields else {})


def _field(field: Field) -> list[str]:
    id = re.sub(r"[^A-Za-z0-9_-]", "_", field.name)
    if field.choices:
        return _choice(
            f"field-{id}", field.name, field.choices, required=field.required, help=field.label or field.name
        )
    return _input(f"field-{id}", field.name, required=field.required, help=field.label or field.name)


def _choice(id: str, label: str, options: tuple[str, ...], *, required: bool, help: str) -> list[str]:
    chosen = ["      default: 0"] if len(options) == 1 else []
    listed = ", ".join(_text(option) for option in options)
    return [*_head("dropdown", id, label, help), f"      options: [{listed}]", *chosen, *_required(required)]


def _input(id: str, label: str, *, required: bool, help: str) -> list[str]:
    return [*_head("input", id, label, help), *_required(required)]


def _head(kind: str, id: str, label: str, help: str) -> list[str]:
    described = [f"      description: {_text(help)}"] if help != label else []
    return [f"  - type: {kind}", f"    id: {id}", "    attributes:", f"      label: {_text(label)}", *described]


def _required(required: bool) -> list[str]:
    return ["    validations:", "      required: true"] if required else []


def _text(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)
