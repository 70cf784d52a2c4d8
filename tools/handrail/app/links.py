"""Links in procedures and projects that lead nowhere. Runs are left out: they are history, and nobody may mend them."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.files import is_plain, read_text
from handrail.base.problem import Problem
from handrail.base.words import nearest
from handrail.model.item import walk
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.workspace import Workspace

if TYPE_CHECKING:
    from handrail.text.document import Document
    from handrail.text.links import Link

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/|\\|\?", re.IGNORECASE)
"""Addresses of other hosts, and what each host and site understands in its own way."""
_NUMBERED = re.compile(r"[-_][0-9]+$")


def dead_links(root: Path, workspace: Workspace) -> Iterator[Problem]:
    """Find relative links to files and to anchors of the same file that are not there."""
    from handrail.text.document import read_document
    from handrail.text.links import find_links

    holders: tuple[Process | Project, ...] = (*workspace.processes.values(), *workspace.projects.values())
    for holder in holders:
        text = read_text(root, holder.path)[0] if is_plain(root, holder.path) else ""
        if ("](" not in text and "]:" not in text) or (isinstance(holder, Process) and holder.status == "retired"):
            continue
        document = read_document(holder.path, text)
        for link in find_links(document):
            yield from _dead(root, holder, document, link)


def _dead(root: Path, holder: Process | Project, document: Document, link: Link) -> Iterator[Problem]:
    path, _, anchor = link.target.partition("#")
    place = document.place(link.line, link.column, link.end_column or -1)
    if _ELSEWHERE.match(link.target) or "{{" in link.target:
        return
    if not path:
        if anchor and not _has_anchor(holder, document, anchor):
            message = f"there is no heading or item `#{anchor}` in this file"
            yield Problem("dead-link", "hint", place, message, "mend the link, or take it out")
        return
    target = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), path.partition("?")[0]))
    if not target.startswith("..") and not _is_there(root, target):
        near = nearest(posixpath.basename(target), _names(root, posixpath.dirname(target)))
        hint = f"did you mean `{near}`?" if near else "mend the link, or take it out"
        yield Problem("dead-link", "hint", place, f"this leads to `{target}`, which is not there", hint)


def _is_there(root: Path, target: str) -> bool:
    try:
        return os.path.lexists(root / target)
    except ValueError:
        return False


def _names(root: Path, folder: str) -> list[str]:
    try:
        return sorted(os.listdir(root / folder))
    except (OSError, ValueError):
        return []


def _has_anchor(holder: Process | Project, document: Document, anchor: str) -> bool:
    from handrail.text.links import find_anchors

    known = {name.lower() for name in find_anchors(document)} | {item.id.lower() for item in walk(holder.items)}
    wanted = anchor.lower()
    return wanted in known or _NUMBERED.sub("", wanted) in known or wanted.startswith(("fn:", "fnref"))
