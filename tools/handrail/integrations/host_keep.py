"""One comment and one issue for each purpose: written once, then kept up to date, never repeated.

Ours are known by a mark in an HTML comment. Anybody can write such a mark, so one that may not be changed is passed by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from handrail.base.value import dataclass
from handrail.integrations.host import Host, HostError, Text

LABEL = "handrail"
_MOST = 60_000
"""Hosts refuse texts of more than 65,536 characters."""
_MARK = re.compile(r"\A<!-- handrail:([^\s<>]{1,300}) -->")


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as it should be."""

    title: str
    body: str


def marked(name: str, body: str) -> str:
    """Give a text with the mark by which it is found again, cut where it is too long for a host."""
    text = f"{mark(name)}\n{body.strip()}\n"
    return text if len(text) <= _MOST else f"{text[:_MOST].rstrip()}\n\n… cut here: it is too long for the host.\n"


def mark(name: str) -> str:
    """Give the mark of a purpose; what could end an HTML comment is left out of it."""
    return f"<!-- handrail:{re.sub(r'[^A-Za-z0-9_./#-]|--', '_', name)[:300]} -->"


def keep_comment(host: Host, number: str, name: str, body: str) -> str:
    """Write the comment of a purpose under a pull request, or bring it up to date. Gives what was done."""
    wanted = marked(name, body)
    for one in _ours(host.comments(number), name):
        if one.body.strip() == wanted.strip():
            return "unchanged"
        try:
            host.edit_comment(number, one.number, wanted)
        except HostError as error:
            if not error.forbidden:
                raise
            continue
        return "updated"
    host.comment(number, wanted)
    return "written"


def keep_issues(host: Host, wanted: Mapping[str, Issue], group: str) -> list[str]:
    """Open, bring up to date and close the issues of a group, so that there are those that are wanted.

    The names of a group's issues begin with its own. Gives what was done.
    """
    said: list[str] = []
    left = dict(wanted)
    for one in list(host.issues(LABEL)):
        name = _named(one)
        if name != group and not name.startswith(f"{group}/"):
            continue
        issue = left.pop(name, None)
        if issue is None:
            host.close_issue(one.number)
            said.append(f"closed #{one.number}")
        elif (one.title, one.body.strip()) != (issue.title, marked(name, issue.body).strip()):
            host.edit_issue(one.number, issue.title, marked(name, issue.body))
            said.append(f"updated #{one.number}")
    for name, issue in left.items():
        said.append(f"opened #{host.open_issue(issue.title, marked(name, issue.body), LABEL)}")
    return said


def _ours(texts: Iterable[Text], name: str) -> list[Text]:
    return [one for one in texts if one.body.startswith(mark(name))]


def _named(text: Text) -> str:
    found = _MARK.match(text.body)
    return found[1] if found else ""
