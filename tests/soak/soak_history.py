"""Run files read by a reader of its own: a checker that shared the program's parser would share its mistakes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ITEM = re.compile(r"- \[(?P<mark>.)\] .*\{#(?P<id>[a-z0-9-]+)[^{}]*\}")
_EVENT = re.compile(r"(?:  )?- (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) @(?P<who>\S+) (?P<verb>[a-z]+)(?P<rest>.*)")
_RUN = re.compile(r"run: (?P<id>\S+)")
_CLOSING = frozenset({"done", "skipped", "approved"})


@dataclass(frozen=True, order=True)
class Event:
    """An event's identity, and `rest`: its values and its note as they stand."""

    run: str
    step: str
    time: str
    who: str
    verb: str
    rest: str = ""


def read_history(files: Mapping[str, str]) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """Give all events of the run files (path to text), and what is wrong with the files themselves."""
    events: list[Event] = []
    faults: list[str] = []
    for path, text in sorted(files.items()):
        if any(mark in text for mark in ("<<<<<<<", ">>>>>>>", "\n=======\n")):
            faults.append(f"{path}: a conflict marker")
        if not text.endswith("\n"):
            faults.append(f"{path}: cut off")
        found, boxes = _read(path, text, faults)
        faults.extend(_folded_wrong(path, found, boxes))
        events.extend(found)
    return tuple(events), tuple(faults)


def _read(path: str, text: str, faults: list[str]) -> tuple[list[Event], dict[str, bool]]:
    match = _RUN.search(text)
    run, step = match["id"] if match else "", ""
    if not run or f"processes/{run.rpartition('/')[0]}/runs/{run.rpartition('/')[2]}.md" != path:
        faults.append(f"{path}: names itself `{run}`")
    events: list[Event] = []
    boxes: dict[str, bool] = {}
    for line in text.split("\n"):
        if line == "## Log":
            step = ""
        elif item := _ITEM.fullmatch(line):
            step = item["id"]
            if step in boxes:
                faults.append(f"{path}: `{step}` is there twice")
            boxes[step] = item["mark"] == "x"
        elif event := _EVENT.fullmatch(line):
            events.append(Event(run, step, event["time"], event["who"], event["verb"], event["rest"].strip()))
    if "## Log\n" not in text or not any(event.verb == "started" and not event.step for event in events):
        faults.append(f"{path}: the Log does not say when the run started")
    return events, boxes


def _folded_wrong(path: str, events: list[Event], boxes: Mapping[str, bool]) -> list[str]:
    """Closed twice without having been opened between, or a box that its events do not come to."""
    faults = []
    closed = dict.fromkeys(boxes, False)
    for event in events:
        if event.verb in _CLOSING and event.step:
            if closed[event.step]:
                faults.append(f"{path}: `{event.step}` was finished twice, again at {event.time} by @{event.who}")
            closed[event.step] = True
        elif event.verb == "reopened":
            closed[event.step] = False
    faults.extend(
        f"{path}: the box of `{step}` is not what its events say" for step in boxes if boxes[step] != closed[step]
    )
    return faults
