"""JSON Schemas (draft 2020-12) of what `--json` prints and the site hands out below `api/`.

Within a version keys are only ever added, so the schemas allow keys that they do not name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Json = {"type": "string"}
_WHOLE: Json = {"type": "integer", "minimum": 0}
_YES: Json = {"type": "boolean"}
_INSTANT: Json = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", "description": "RFC 3339, in UTC"}
_DAY_OR_INSTANT: Json = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$"}
_NUMBER: Json = {"type": "number"}
_STEP_STATES = ("waiting", "ready", "doing", "blocked", "done", "skipped", "na", "cancelled")
_RUN_STATES = ("active", "done", "cancelled")


def schemas() -> Mapping[str, Json]:
    """Give the schema of each kind of answer, by the value of its `schema` key."""
    process = _object(process=_TEXT, path=_TEXT, title=_TEXT, owner=_TEXT, status=_TEXT, active=_WHOLE, runs=_WHOLE)
    finding = _held(
        item=_maybe(_TEXT), title=_TEXT, reasons=_list(_TEXT), since=_maybe(_INSTANT), assignees=_list(_TEXT),
        next_in_line=_maybe(_TEXT),
    )  # fmt: skip
    assignments = _list(_held(holder_title=_TEXT, step=_ref("step"), confirmers=_list(_TEXT)))
    events = _list(_held(**_event()))
    whole = {"anyOf": [_run(), _project(), _object(process=_TEXT, path=_TEXT, steps=_list(_ref("step")))]}
    return {
        "status/1": _answer("status", runs=_list(_run()), projects=_list(_project())),
        "list/1": _answer("list", processes=_list(process), runs=_list(_run()), projects=_list(_project())),
        "show/1": _answer("show") | whole,
        "mine/1": _answer("mine", person=_TEXT, now=assignments, coming=assignments, finished=events),
        "log/1": _answer("log", events=events),
        "stalled/1": _answer("stalled", findings=_list(finding)),
        "export log/1": _answer("export log", runs=_list(_logged())),
        "project plan/1": _answer(
            "project plan", project=_TEXT, start=_maybe(_INSTANT), finish=_maybe(_INSTANT), tasks=_list(_task())
        ),
    }


def file_name(schema: str) -> str:
    """Give the file that holds the schema called so: `project plan/1` is `project-plan-1.json`."""
    return schema.replace(" ", "-").replace("/", "-") + ".json"


def _answer(command: str, **keys: Json) -> Json:
    whole = _object(schema={"const": f"{command}/1"}, at=_INSTANT, **keys)
    return {"$schema": DIALECT, "title": f"handrail {command} --json", "$defs": {"step": _step()}} | whole


def _logged() -> Json:
    """Give a run with its events, as `export json` writes it."""
    event = _object(
        time=_INSTANT, who=_TEXT, by_agent=_YES, verb=_TEXT, transition=_TEXT, item=_maybe(_TEXT),
        activity=_maybe(_TEXT), stage=_TEXT, role=_maybe(_TEXT), attempt=_maybe(_WHOLE), proposes=_maybe(_TEXT),
        confirms=_maybe(_TEXT), note=_TEXT, values={"type": "object"}, by_hand=_maybe(_TEXT),
    )  # fmt: skip
    return _object(
        run=_TEXT, process=_TEXT, revision=_TEXT, title=_TEXT, state=_one_of(*_RUN_STATES), started=_INSTANT,
        finished=_maybe(_INSTANT), due=_maybe(_INSTANT), by=_TEXT, project=_maybe(_TEXT), parent=_maybe(_TEXT),
        trial=_YES, fields={"type": "object"}, roles={"type": "object"}, untold=_WHOLE, events=_list(event),
    )  # fmt: skip


def _object(**keys: Json) -> Json:
    return {"type": "object", "required": list(keys), "properties": keys}


def _held(**keys: Json) -> Json:
    """Give an object that names the run or the project that it is in."""
    found = _object(**keys)
    found["properties"] = {"run": _TEXT, "project": _TEXT} | found["properties"]
    return found | {"oneOf": [{"required": ["run"]}, {"required": ["project"]}]}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _maybe(known: Json) -> Json:
    return known | {"type": [known["type"], "null"]}


def _one_of(*words: str) -> Json:
    return {"type": "string", "enum": list(words)}


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _progress() -> Json:
    return _object(done=_WHOLE, skipped=_WHOLE, na=_WHOLE, total=_WHOLE)


def _said(**more: Json) -> Json:
    return _maybe(_object(by=_TEXT, at=_INSTANT, note=_TEXT, **more))


def _step() -> Json:
    return _object(
        id=_TEXT, title=_TEXT, stage=_TEXT, line=_WHOLE, state=_one_of(*_STEP_STATES), assignees=_list(_TEXT),
        ready=_maybe(_INSTANT), due=_maybe(_INSTANT), first_due=_maybe(_INSTANT), done=_maybe(_INSTANT),
        by=_maybe(_TEXT), by_hand=_maybe(_TEXT), by_agent=_YES, proposer=_maybe(_TEXT),
        proposed=_said(outcome=_one_of("done", "skipped")), rejected=_said(), attempt=_WHOLE, overdue=_YES,
        stalled=_YES, substeps=_list(_ref("step")),
    )  # fmt: skip


def _run() -> Json:
    return _object(
        run=_TEXT, process=_TEXT, revision=_TEXT, title=_TEXT, state=_one_of(*_RUN_STATES), started=_maybe(_INSTANT),
        due=_maybe(_INSTANT), first_due=_maybe(_INSTANT), finished=_maybe(_INSTANT), progress=_progress(),
        steps=_list(_ref("step")),
    )  # fmt: skip


def _project() -> Json:
    return _object(
        project=_TEXT, title=_TEXT, state=_one_of(*_RUN_STATES), owner=_TEXT, start=_maybe(_DAY_OR_INSTANT),
        target=_maybe(_DAY_OR_INSTANT), finish=_maybe(_INSTANT), finished=_maybe(_INSTANT), progress=_progress(),
        tasks=_list(_ref("step")),
    )  # fmt: skip


def _event() -> dict[str, Json]:
    return {
        "time": _INSTANT, "who": _TEXT, "by_agent": _YES, "verb": _TEXT, "item": _maybe(_TEXT), "title": _TEXT,
        "note": _TEXT, "by_hand": _maybe(_TEXT), "values": {"type": "object", "additionalProperties": _TEXT},
    }  # fmt: skip


def _task() -> Json:
    return _object(
        id=_TEXT, title=_TEXT, phase=_TEXT, state=_one_of(*_STEP_STATES), start=_INSTANT, finish=_INSTANT,
        early_start=_INSTANT, early_finish=_INSTANT, late_start=_INSTANT, late_finish=_INSTANT,
        total_float_s=_NUMBER, free_float_s=_NUMBER, critical=_YES, assignees=_list(_TEXT),
    )  # fmt: skip
