"""What has stalled, as a workflow, a pull request or issue, and a test report show it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.words import count, one_line
from handrail.cli.lint import annotation
from handrail.cli.show_diff import code, escaped
from handrail.model.state import walk_states
from handrail.reports.results import Finding, Overview
from handrail.reports.words import Clock, zone_of

_MOST_ROWS = 100
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def stalled_markdown(overview: Overview, found: Sequence[Finding]) -> str:
    """Give a sentence and a table, in which no title can do more than be read."""
    if not found:
        return "Nothing has stalled."
    clock = Clock(overview.moment.now, zone_of(overview.workspace.config.calendar.timezone))
    rows = [
        f"| {_what(one)} | {escaped(', '.join(one.reasons))} | {clock.day(one.since) if one.since else ''} "
        f"| {_people(one)} | {escaped(one.next_in_line)} |"
        for one in found[:_MOST_ROWS]
    ]
    table = "\n".join(["| what | why | since | who has it | next in line |", "|---|---|---|---|---|", *rows])
    parts = [f"{count(len(found), 'finding')}, worst first.", table]
    if len(found) > _MOST_ROWS:
        parts.append(f"And {len(found) - _MOST_ROWS} more: `handrail stalled --all`.")
    return "\n\n".join(parts)


def stalled_github(overview: Overview, found: Sequence[Finding]) -> str:
    """Give a workflow command of GitHub Actions for each finding; without one, nothing."""
    return "\n".join(annotation(_problem(overview, one)) for one in found)


def stalled_junit(overview: Overview, found: Sequence[Finding]) -> str:
    """Give a test report: each active run or project is a test, which fails where something in it has stalled."""
    failed: dict[tuple[str, str], list[Finding]] = {}
    for one in found:
        failed.setdefault((one.kind, one.holder), []).append(one)
    cases = [_case(kind, id, title, failed.get((kind, id), [])) for kind, id, title in _active(overview)]
    counts = f'tests="{len(cases)}" failures="{len(failed)}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites><testsuite name="stalled" {counts}>']
    return "\n".join([*lines, *cases, "</testsuite></testsuites>"])


def _active(overview: Overview) -> list[tuple[str, str, str]]:
    runs = [("run", one.run.id, one.run.title) for one in overview.runs.values() if one.state == "active"]
    projects = [
        ("project", one.project.id, one.project.title) for one in overview.projects.values() if one.state == "active"
    ]
    return [*runs, *projects]


def _case(kind: str, id: str, title: str, found: Sequence[Finding]) -> str:
    head = f"<testcase classname={_attribute(f'{kind} {id}')} name={_attribute(title)}"
    if not found:
        return f"{head}/>"
    said = "\n".join(f"{one.item or one.holder}: {', '.join(one.reasons)}" for one in found)
    first = _attribute(", ".join(found[0].reasons))
    return f"{head}><failure message={first}>{escape(_xml(said))}</failure></testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_xml(one_line(text)))


def _xml(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)


def _what(one: Finding) -> str:
    where = code(f"{one.holder}#{one.item}" if one.item else one.holder)
    title = escaped(one.title)
    return f"{title} ({escaped(one.holder_title)}) {where}" if one.item else f"{title} {where}"


def _people(one: Finding) -> str:
    return escaped(" ".join(one.assignees))


def _problem(overview: Overview, one: Finding) -> Problem:
    people = " ".join(f"@{key}" for key in one.assignees)
    whom = f"{people or 'nobody'} {'have' if len(one.assignees) > 1 else 'has'} it"
    following = f", next in line: @{one.next_in_line}" if one.next_in_line else ""
    message = f"{one.title} ({one.holder_title}): {', '.join(one.reasons)}"
    return Problem(one.codes[0], "warning", _place(overview, one), message, f"{whom}{following}")


def _place(overview: Overview, one: Finding) -> Place:
    state = overview.runs[one.holder] if one.kind == "run" else overview.projects[one.holder]
    path = overview.runs[one.holder].run.path if one.kind == "run" else overview.projects[one.holder].project.path
    line = next((step.item.place.line for step in walk_states(state.steps) if step.id == one.item), 1)
    return Place(path, line, 1)
