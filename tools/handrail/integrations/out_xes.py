"""The event log as XES (IEEE 1849-2016), which process-mining programs read. Each run is a trace.

The parts stand in the order that the standard's schema wants: extensions, globals, classifiers, attributes, traces.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from math import isfinite
from xml.sax.saxutils import quoteattr

from handrail.model.process import Process
from handrail.reports.event_log import CLOSING, Logged, LoggedRun
from handrail.rules.fold import CONFIRMS, PROPOSES

_EXTENSIONS = (
    ("Concept", "concept"),
    ("Lifecycle", "lifecycle"),
    ("Organizational", "org"),
    ("Time", "time"),
)
_CLASSIFIERS = (
    ("Activity", "concept:name"),
    ("Activity and transition", "concept:name lifecycle:transition"),
    ("Step", "step"),
    ("Resource", "org:resource"),
)
_UNKNOWN = "UNKNOWN"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"
_NO_NAME = re.compile(r"[^\w.-]")


def xes_head(title: str, now: datetime) -> str:
    """Give all that stands before the first trace. `title` is what the log is of."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append('<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">')
    lines += [
        f'  <extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>'
        for name, prefix in _EXTENSIONS
    ]
    lines += ['  <global scope="trace">', f"    {_text('concept:name', _UNKNOWN)}", "  </global>"]
    lines += ['  <global scope="event">']
    lines += [f"    {_text(key, _UNKNOWN)}" for key in ("concept:name", "concept:instance", "step", "verb")]
    lines += [f"    {_text('lifecycle:transition', 'unknown')}", f"    {_text('org:resource', _UNKNOWN)}"]
    lines += [f"    {_date('time:timestamp', _BEGINNING)}", "  </global>"]
    lines += [f'  <classifier name="{name}" scope="event" keys="{keys}"/>' for name, keys in _CLASSIFIERS]
    lines += [f"  {without_odd(_text('concept:name', title))[0]}", f"  {_text('lifecycle:model', 'standard')}"]
    lines += [f"  {_date('exported', now)}", ""]
    return "\n".join(lines)


def xes_foot() -> str:
    """Give what stands after the last trace."""
    return "</log>\n"


def run_xes(logged: LoggedRun, process: Process | None, *, closed: bool) -> str:
    """Give a run as a trace: its fields as attributes, the events of its steps by time.

    `closed` leaves only the events that end an attempt at a step.
    """
    events = [one for one in logged.events if one.item and (not closed or one.transition in CLOSING)]
    lines = ["  <trace>", *(f"    {line}" for line in _trace(logged, process))]
    for one in events:
        lines += ["    <event>", *(f"      {line}" for line in _event(one)), "    </event>"]
    return "\n".join([*lines, "  </trace>", ""])


def without_odd(text: str) -> tuple[str, int]:
    """Give a text with U+FFFD for every character that XML cannot hold, and how many there were."""
    return _NO_XML.subn(_REPLACEMENT, text)


def _trace(logged: LoggedRun, process: Process | None) -> list[str]:
    state, run = logged.state, logged.run
    lines = [_text("concept:name", run.id), _text("title", run.title), _text("process", run.process)]
    lines += [_text("state", state.state), _date("started", run.started)]
    lines += [_date(key, moment) for key, moment in (("finished", state.finished), ("due", state.due)) if moment]
    said = (("started_by", run.by), ("revision", run.revision), ("project", run.project), ("parent", run.parent))
    lines += [_text(key, value) for key, value in said if value]
    lines += ['<boolean key="trial" value="true"/>'] if run.trial else []
    for key, (name, value) in {f"field_{_NO_NAME.sub('_', one[0])}": one for one in state.fields}.items():
        kind = process.find_field(name) if process else None
        lines.append(_field(key, value, kind.type if kind else "text"))
    return lines


def _event(one: Logged) -> list[str]:
    lines = [
        _text("concept:name", one.activity),
        _text("concept:instance", f"{one.item}#{one.attempt}"),
        _text("lifecycle:transition", one.transition),
        _text("org:resource", one.who),
        _date("time:timestamp", one.time),
        _text("step", one.item),
        _text("verb", one.verb),
        f'<int key="attempt" value="{one.attempt}"/>',
    ]
    said = (("org:role", one.role), ("stage", one.stage), ("proposes", one.proposes), ("confirms", one.confirms))
    lines += [_text(key, value) for key, value in (*said, ("note", one.note), ("by_hand", one.commit)) if value]
    lines += ['<boolean key="by_agent" value="true"/>'] if one.by_agent else []
    values = {f"value_{_NO_NAME.sub('_', key)}": value for key, value in one.values if key not in (PROPOSES, CONFIRMS)}
    return [*lines, *(_text(key, value) for key, value in values.items())]


def _text(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"


def _date(key: str, moment: datetime) -> str:
    return f'<date key="{key}" value="{moment.astimezone(UTC).isoformat()[:19]}.000+00:00"/>'


def _field(key: str, value: str, kind: str) -> str:
    if kind == "number":
        with suppress(ValueError):
            number = float(value)
            if isfinite(number):
                return f'<float key="{key}" value="{number!r}"/>'
    return _text(key, value)
