"""A procedure in the JSON of another system: its export, or what its interface for programs answers.

Systems name the same things differently and change their forms, so what is read is told by the words that they use
for it. What is not understood is counted and said.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from handrail.base.errors import NotAllowed
from handrail.integrations.rich_text import to_markdown
from handrail.integrations.steps_made import Steps, counted, span
from handrail.model.imported import ImportedProcess, IncomingStep
from handrail.model.item import Due

_TITLE = ("title", "name", "label", "text")
_BODY = ("description", "details", "content", "instructions", "body", "help")
_INNER = ("main_steps", "steps", "tasks", "substeps", "sub_steps", "subSteps", "children", "items", "subtasks")
_HOLDERS = ("checklist", "workflow", "procedure", "template", "data", "export")
_FIELDS = ("formFields", "form_fields", "fields", "data_fields", "step_data_setting", "widgets")
_OPTIONS = ("options", "choices", "items")
_WHO = ("role", "roles", "assignee", "assignees", "users", "assigned_to", "assignments")
_SPANS = ("late_at_offset", "due_in", "dueIn", "due_after", "due_offset", "expected_duration", "duration")
_STAGE = frozenset({"heading", "header", "section", "stage"})
_KNOWN = frozenset(
    {
        *_TITLE, *_BODY, *_INNER, *_FIELDS, *_WHO, *_SPANS, *(f"{one}_units" for one in _SPANS), "id", "uid", "key",
        "type", "taskType", "task_type", "header_step", "heading", "isHeading", "is_heading", "optional", "required",
        "parent_step_id", "parent_id", "parentId", "late_at_basis", "stop", "isStop", "active", "approval",
        "summary", "lede", "tag_list", "tags", "position", "orderTree", "order", "created_at", "updated_at",
        "createdDate", "lastModifiedDate", "original_id", "checklist_id", "workflowId", "external_id", "audit",
        "description_with_links", "links", "_links", "number", "status",
    }
)  # fmt: skip
"""What is understood, or says nothing about the procedure."""
_DEEPEST = 40
_NAMELESS = "a title, which is not in the file: it is called `Step`"


def read_json(source: str, name: str, text: str, title: str = "") -> ImportedProcess:
    """Read an export. Raises NotAllowed with the line for what is no JSON, and where no steps can be found in it."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        told = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
        raise NotAllowed(f"`{name}`{where}: this is no JSON: {told}.", "Export it again.") from None
    reader = _Reader(name)
    head = reader.head(data)
    reader.walk(_steps_in(data), None, 0)
    reader.form(data)
    reader.steps.refuse_empty()
    reader.steps.name_fields()
    title = _text(head, _TITLE) or title or name.rpartition(".")[0] or name
    summary = to_markdown(_text(head, ("summary", "lede")))
    target = span(str(head.get("expected_duration") or ""), str(head.get("expected_duration_units") or ""))
    tags = head.get("tag_list") or head.get("tags") or []
    return ImportedProcess(
        f"{source} {title}"[:120],
        title,
        tuple(reader.steps.steps),
        tuple(reader.steps.fields),
        summary=summary,
        intro=to_markdown(_text(head, _BODY)),
        target=target,
        tags=tuple(str(tag) for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        lost=(*counted(reader.left, "time"), *counted(reader.lost)),
    )


class _Reader:
    """Goes through an export, however it is nested."""

    def __init__(self, name: str) -> None:
        self.steps = Steps(name)
        self.stage = ""
        self.by_id: dict[str, int] = {}
        self.lost: dict[str, int] = {}
        self.left: dict[str, int] = {}

    def head(self, data: Any) -> Mapping[str, Any]:
        """Give the object that describes the whole; note what of it is left behind."""
        if not isinstance(data, dict):
            return {}
        inner = next((data[key] for key in _HOLDERS if isinstance(data.get(key), dict)), data)
        for holder in (data, inner) if inner is not data else (data,):
            for key, value in holder.items():
                if key not in _KNOWN and key not in _HOLDERS and value not in (None, "", [], {}, False):
                    self.left[f"`{key}` of the whole"] = len(value) if isinstance(value, list) else 1
        return inner

    def walk(self, steps: Iterable[Any], parent: int | None, depth: int) -> None:
        """Take steps in their order, with what is in them."""
        if depth > _DEEPEST:
            raise NotAllowed(f"`{self.steps.name}` is nested deeper than {_DEEPEST} steps.", "Export it flat.")
        for said in _ordered(steps):
            one = {"title": said} if isinstance(said, str) else said
            if not isinstance(one, dict) or one.get("active") is False:
                continue
            title = to_markdown(_text(one, _TITLE)) or self._untitled()
            if parent is None and _is_stage(one):
                self.stage = title.rstrip(":")
                inner: int | None = None
            else:
                inner = self._take(one, title, parent)
            self.walk(_steps_in(one), inner, depth + 1)

    def form(self, data: Any) -> None:
        """Take fields that stand beside the steps: the step that they name asks for them, otherwise the first one."""
        holder = data if isinstance(data, dict) else {}
        found = [one for key in ("formFields", "form_fields") for one in _list(holder.get(key))]
        for one in found if self.steps.steps else ():
            name = self._field(one)
            if name:
                at = self.by_id.get(str(one.get("taskId") or one.get("task_id") or one.get("step_id") or ""), 0)
                step = self.steps.steps[at]
                self.steps.steps[at] = replace(step, ask=(*step.ask, name))

    def _untitled(self) -> str:
        self.lost[_NAMELESS] = self.lost.get(_NAMELESS, 0) + 1
        return "Step"

    def _take(self, one: Mapping[str, Any], title: str, parent: int | None) -> int:
        above = str(one.get("parent_step_id") or one.get("parent_id") or one.get("parentId") or "")
        kind = str(one.get("taskType") or one.get("task_type") or one.get("type") or "").lower()
        asked = tuple(filter(None, (self._field(field) for key in _FIELDS for field in _list(one.get(key)))))
        for key, value in one.items():
            if key not in _KNOWN and value not in (None, "", [], {}, False):
                self.lost[f"`{key}`"] = self.lost.get(f"`{key}`", 0) + 1
        key = str(one.get("id") or one.get("uid") or one.get("key") or "")
        step = IncomingStep(
            title.rstrip(),
            key=key,
            stage=self.stage,
            parent=self.by_id.get(above, parent),
            who=tuple(dict.fromkeys(name for word in _WHO for name in _names(one.get(word)))),
            due=_due(one),
            optional=one.get("optional") is True or one.get("required") is False,
            approval="approval" in kind or one.get("approval") is True,
            gate=one.get("stop") is True or one.get("isStop") is True,
            ask=asked,
            body=to_markdown(_text(one, _BODY)),
        )
        index = self.steps.add(step)
        if key:
            self.by_id[key] = index
        return index

    def _field(self, one: Any) -> str:
        if not isinstance(one, dict):
            return ""
        label = _text(one, ("label", "name", "title", "prompt"))
        kind = str(one.get("fieldType") or one.get("type") or one.get("data_type") or "")
        config = one.get("config")
        places = (one, config) if isinstance(config, dict) else (one,)
        options = _list(next((place[key] for place in places for key in _OPTIONS if place.get(key)), None))
        choices = tuple(text for text in (o if isinstance(o, str) else _text(o, _TITLE) for o in options) if text)
        return self.steps.field(label, kind, choices=choices) if label else ""


def _steps_in(data: Any) -> list[Any]:
    """Give the list of steps in an object: under one of the words for it, or one object further in."""
    if isinstance(data, list):
        return data
    if not isinstance(data, dict):
        return []
    for key in _INNER:
        if isinstance(data.get(key), list):
            found: list[Any] = data[key]
            return found
    for key in _HOLDERS:
        if isinstance(data.get(key), dict | list):
            return _steps_in(data[key])
    return []


def _ordered(steps: Iterable[Any]) -> list[Any]:
    """Give steps by the position that all of them have, else as they stand."""
    found = list(steps)
    positions = [one.get("position") if isinstance(one, dict) else None for one in found]
    if found and all(isinstance(one, int) for one in positions):
        return [
            one
            for _, _, one in sorted(
                (at, index, one) for index, (at, one) in enumerate(zip(positions, found, strict=True))
            )
        ]
    return found


def _is_stage(one: Mapping[str, Any]) -> bool:
    words = (one.get("type"), one.get("taskType"), one.get("task_type"))
    flags = ("header_step", "heading", "isHeading", "is_heading")
    return any(one.get(flag) is True for flag in flags) or any(str(word).lower() in _STAGE for word in words if word)


def _due(one: Mapping[str, Any]) -> Due | None:
    """Give when a step is due: so long after it became ready, or after the start of the run where it says so."""
    for key in _SPANS:
        found = span(str(one.get(key) or ""), str(one.get(f"{key}_units") or ""))
        if found:
            basis = str(one.get("late_at_basis") or "").lower()
            return Due(found, anchor="start" if "start" in basis or "run" in basis else "")
    return None


def _names(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, dict):
        name = next(
            (value[key] for key in ("email", "name", "title", "username") if isinstance(value.get(key), str)), ""
        )
        return [name] if name else []
    return [name for one in _list(value) for name in _names(one)] if isinstance(value, list) else []


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _text(data: Any, keys: Iterable[str]) -> str:
    if not isinstance(data, dict):
        return ""
    return next((data[key].strip() for key in keys if isinstance(data.get(key), str) and data[key].strip()), "")
