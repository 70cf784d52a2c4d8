"""What a shell offers: names of files, open items by a quick look, people. Never an error, never a heavy import."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from handrail.app.files import CONFIG, list_files

_OPEN = re.compile(r"[ \t>]*[-*+] \[ \] (?P<title>.*?)[ \t]*\{#(?P<id>[^\s{}]+)[^{}]*\}[ \t]*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-")
_MOST = 200


def names(ctx: click.Context, kinds: tuple[str, ...], incomplete: str) -> list[CompletionItem]:
    """Give the ids that begin with, or else contain, what was typed; the newest runs first."""
    root = _root(ctx)
    if root is None:
        return []
    listing = list_files(root)
    places = {"run": listing.runs, "project": listing.projects, "process": listing.processes}
    ids = [key for kind in kinds for key in (sorted(places[kind], key=_newest) if kind == "run" else places[kind])]
    typed = incomplete.lower()
    found = [key for key in ids if key.lower().startswith(typed)] or _shorter(ids, typed)
    return [CompletionItem(key) for key in found[:_MOST]]


def items(ctx: click.Context, kind: str, incomplete: str) -> list[CompletionItem]:
    """Give the open items of the run or project named before, with their titles."""
    root, name = _root(ctx), str(ctx.params.get("name") or "")
    if root is None or not name:
        return []
    listing = list_files(root)
    places = listing.runs if kind == "run" else listing.projects
    fits = [places[name]] if name in places else [path for key, path in places.items() if name in key]
    if len(fits) != 1:
        return []
    given = {str(word) for word in ctx.params.get("words") or ()}
    found = [match for line in _lines(root / fits[0]) if (match := _OPEN.fullmatch(line[:2000]))]
    return [
        CompletionItem(match["id"], help=match["title"][:60])
        for match in found
        if match["id"].startswith(incomplete) and match["id"] not in given
    ]


def people(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Give the keys under `people:` in `handrail.yml`."""
    root = _root(ctx)
    found: list[str] = []
    inside = False
    for line in _lines(root / CONFIG) if root else ():
        if line and not line[0].isspace() and not line.startswith("#"):
            inside = line.startswith("people:")
        elif inside and (match := re.match(r"  ([A-Za-z0-9][\w.-]*):", line)):
            found.append(match[1])
    typed = incomplete.lstrip("@")
    return [CompletionItem(key) for key in found if key.startswith(typed)]


def _root(ctx: click.Context) -> Path | None:
    """Find the folder that holds `.git`, at or above the one the command works in."""
    start = ctx.find_root().params.get("workspace") or "."
    here = Path(os.path.abspath(start))
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), None)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return []


def _newest(id: str) -> tuple[int, str]:
    match = _DATE.match(id.rpartition("/")[2])
    return (-int(match[0].replace("-", "")) if match else 0, id)


def _shorter(ids: list[str], typed: str) -> list[str]:
    """Shells show only what begins with what was typed, so a part of an id is offered as the part after the date."""
    tails = [_DATE.sub("", key.rpartition("/")[2], count=1) for key in ids]
    return sorted({tail for tail in tails if tail.startswith(typed) and tails.count(tail) == 1})
