"""What `verify` found, as a terminal, a program, a workflow and a pull request show it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from handrail.app.verify import Found, Verified
from handrail.base.problem import Problem
from handrail.base.words import count, one_line
from handrail.cli.lint import annotation
from handrail.cli.problems import problem_text
from handrail.format.scalars import write_time

_SHORT = 10
_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|<>~&@])")
_MOST_ROWS = 200
View = Callable[[Verified, datetime], str]


def as_text(outcome: Verified, now: datetime) -> str:
    """Give what people read: each problem with its commit, then one line about the whole."""
    lines = [f"{problem_text(_plain(one))}\n    in commit {one.commit[:_SHORT]}" for one in outcome.found]
    return "\n".join([*lines, summary(outcome)])


def as_json(outcome: Verified, now: datetime) -> str:
    """Give the documented object."""
    problems = [
        {
            "code": one.problem.code,
            "level": one.problem.level,
            "path": one.problem.place.path,
            "line": one.problem.place.line,
            "column": one.problem.place.column,
            "message": one.problem.message,
            "hint": one.problem.hint,
            "commit": one.commit,
        }
        for one in outcome.found
    ]
    whole = {
        "schema": "verify/1",
        "at": write_time(now),
        "base": outcome.base,
        "head": outcome.tip,
        "commits": outcome.commits,
        "changes": outcome.changes,
        "problems": problems,
    }
    return json.dumps(whole, ensure_ascii=True, indent=2)


def as_github(outcome: Verified, now: datetime) -> str:
    """Give an annotation for each problem; what is fine says nothing."""
    return "\n".join(
        annotation(replace(one, message=f"{one.message} (commit {found.commit[:_SHORT]})"))
        for found in outcome.found
        for one in (_plain(found),)
    )


def as_markdown(outcome: Verified, now: datetime) -> str:
    """Give a summary with a table, for a pull request or a workflow's own page."""
    parts = ["### Handrail", summary(outcome)]
    if outcome.found:
        rows = "\n".join(_row(one) for one in outcome.found[:_MOST_ROWS])
        parts.append(f"| where | commit | what is wrong | what to do |\n|---|---|---|---|\n{rows}")
    if len(outcome.found) > _MOST_ROWS:
        parts.append(f"And {len(outcome.found) - _MOST_ROWS} more.")
    return "\n\n".join(parts)


def summary(outcome: Verified) -> str:
    """Give the one line about the whole."""
    what = f"{count(outcome.changes, 'change')} in {count(outcome.commits, 'commit')}"
    if not outcome.commits:
        return "Nothing of Handrail's changed."
    if not outcome.found:
        return f"{what}, all in order."
    levels = Counter(one.problem.level for one in outcome.found)
    told = [count(levels[level], level) for level in ("error", "warning", "hint") if levels[level]]
    return f"{', '.join(told)} in {what}."


def _row(found: Found) -> str:
    one = found.problem
    place = f"{one.place.path}:{one.place.line}:{one.place.column}"
    mark = "" if one.level == "error" else f"{one.level}: "
    cells = (_cell(place), f"`{found.commit[:_SHORT]}`", f"{mark}{_cell(one.message)}", _cell(one.hint))
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Give a text so that nothing in it is markup, a mention or a link."""
    escaped = _MARKS.sub(r"\\\1", one_line(text)).replace("\\<", "&lt;").replace("\\>", "&gt;")
    return (
        escaped.replace("\\&", "&amp;")
        .replace("\\@", "&#64;")
        .replace("://", ":&#47;&#47;")
        .replace("www.", "www&#46;")
    )


def _plain(found: Found) -> Problem:
    """Give a problem without control characters: its words may come from anybody's file."""
    one = found.problem
    place = replace(one.place, path=one_line(one.place.path))
    return replace(one, place=place, message=one_line(one.message), hint=one_line(one.hint), source="")


VIEWS: dict[str, View] = {"text": as_text, "json": as_json, "github": as_github, "markdown": as_markdown}
