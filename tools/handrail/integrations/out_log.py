"""The event log as CSV and as JSON, run by run: each run is a piece of text, and the pieces make the file."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from io import StringIO
from typing import Any

from handrail.integrations.out_csv import neutral
from handrail.reports.event_log import CLOSING, Logged, LoggedRun, Naming
from handrail.reports.json_views import instant

COLUMNS = (
    "case", "activity", "timestamp", "resource", "transition", "verb", "step", "stage", "role", "attempt", "name",
    "by_agent", "proposes", "confirms", "note", "values", "process", "case_title", "case_state", "by_hand",
)  # fmt: skip
SCHEMA = "export log/1"


def csv_head() -> str:
    """Give the first line of the CSV."""
    return _lines([COLUMNS])


def run_csv(logged: LoggedRun, naming: Naming, *, closed: bool) -> str:
    """Give a line for each event of a run's steps; `closed` leaves only those that end an attempt at a step."""
    events = [one for one in logged.events if one.item and (not closed or one.transition in CLOSING)]
    return _lines([neutral(cell) for cell in _row(logged, one, naming)] for one in events)


def _lines(rows: Any) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _row(logged: LoggedRun, one: Logged, naming: Naming) -> tuple[str, ...]:
    run = logged.run
    return (
        run.id,
        one.activity,
        instant(one.time) or "",
        one.who,
        one.transition,
        one.verb,
        one.item,
        one.stage,
        one.role,
        str(one.attempt),
        naming.config.person(one.who).shown,
        "yes" if one.by_agent else "no",
        one.proposes,
        one.confirms,
        one.note,
        json.dumps(dict(one.values), ensure_ascii=False) if one.values else "",
        run.process,
        run.title,
        logged.state.state,
        one.commit,
    )


def json_head(now: datetime) -> str:
    """Give what stands before the first run."""
    return f'{{"schema": {json.dumps(SCHEMA)}, "at": {json.dumps(instant(now))}, "runs": ['


def run_json(logged: LoggedRun) -> str:
    """Give a run with its fields and all of its events, on one line."""
    state, run = logged.state, logged.run
    view = {
        "run": run.id,
        "process": run.process,
        "revision": run.revision,
        "title": run.title,
        "state": state.state,
        "started": instant(run.started),
        "finished": instant(state.finished),
        "due": instant(state.due),
        "by": run.by,
        "project": run.project or None,
        "parent": run.parent or None,
        "trial": run.trial,
        "fields": dict(state.fields),
        "roles": {name: list(people) for name, people in run.roles.items()},
        "untold": logged.untold,
        "events": [_event(one) for one in logged.events],
    }
    return json.dumps(view, ensure_ascii=False)


def json_foot() -> str:
    """Give what stands after the last run."""
    return "\n]}\n"


def _event(one: Logged) -> dict[str, Any]:
    return {
        "time": instant(one.time),
        "who": one.who,
        "by_agent": one.by_agent,
        "verb": one.verb,
        "transition": one.transition,
        "item": one.item or None,
        "activity": one.activity or None,
        "stage": one.stage,
        "role": one.role or None,
        "attempt": one.attempt or None,
        "proposes": one.proposes or None,
        "confirms": one.confirms or None,
        "note": one.note,
        "values": dict(one.values),
        "by_hand": one.commit or None,
    }
