"""`baseline.yml` beside a project: one block for each baseline, one line for each task, so that merges are plain."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handrail.base.place import Place
from handrail.base.problem import Problem, has_errors
from handrail.format.front import MapReader
from handrail.format.reading import Reading
from handrail.format.run import quoted
from handrail.format.scalars import read_amount, read_duration, write_time
from handrail.model.baseline import Baseline, BaselineTask
from handrail.text.values import Value, read_values

HEAD = "# Written by `handrail project baseline`: the plan as it stood, to tell later plans against.\nbaselines:\n"
MAX_BYTES = 8 * 1024 * 1024
_HOUR = 3600.0


def read_baselines(path: str, text: str) -> Reading[tuple[Baseline, ...]]:
    """Read all baselines of a project, in the order of the file. One that has errors is left out."""
    read = read_values(path, text, max_bytes=MAX_BYTES)
    problems = list(read.problems)
    front = MapReader(read.root, problems, "baseline.yml", Place(path))
    value = front.raw("baselines")
    front.unknown()
    if value is not None and value.kind != "list":
        front.report("bad-type", value, "`baselines` must be a list")
    found: list[Baseline] = []
    for entry in value.items if value is not None and value.kind == "list" else ():
        baseline = _baseline(entry, problems)
        if baseline and any(other.name == baseline.name for other in found):
            hint = "give each a name of its own"
            problems.append(
                Problem("duplicate-key", "error", entry.place, f"there are two baselines `{baseline.name}`", hint)
            )
        elif baseline:
            found.append(baseline)
    return Reading(tuple(found), tuple(problems))


def write_baseline(baseline: Baseline) -> str:
    """Give the lines of one baseline, to be put at the end of the file."""
    lines = [
        f"  - name: {quoted(baseline.name)}",
        f"    at: {write_time(baseline.at)}",
        f"    by: {quoted('@' + baseline.by)}",
        f"    start: {write_time(baseline.start)}",
        f"    finish: {write_time(baseline.finish)}",
        f"    budget: {baseline.budget:.12g}",
        "    tasks:" if baseline.tasks else "    tasks: {}",
    ]
    for name, task in baseline.tasks.items():
        dates = f"start: {write_time(task.start)}, finish: {write_time(task.finish)}"
        work = f"{round(task.work_s / _HOUR, 3):.12g}h"
        lines.append(f"      {_key(name)}: {{{dates}, work: {work}, cost: {task.cost:.12g}}}")
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    plain = re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", name)
    return name if plain else quoted(name)


def _baseline(value: Value, problems: list[Problem]) -> Baseline | None:
    own: list[Problem] = []
    reader = MapReader(value, own, "a baseline", value.place)
    name = reader.text("name")
    at, start, finish = reader.time("at"), reader.time("start"), reader.time("finish")
    by = reader.text("by").lstrip("@")
    budget = reader.read("budget", read_amount, 0.0, "write a number")
    tasks = _tasks(reader, own)
    reader.unknown()
    if not name:
        reader.report("missing-key", value, "a baseline needs a name", "name: agreed")
    if not (at and start and finish) and not has_errors(tuple(own)):
        reader.report("missing-key", value, "a baseline needs `at`, `start` and `finish`", "as in 2026-12-01T09:00:00Z")
    problems.extend(own)
    if not (name and at and start and finish) or has_errors(tuple(own)):
        return None
    return Baseline(name, at, by, start, finish, budget, tasks)


def _tasks(reader: MapReader, problems: list[Problem]) -> Mapping[str, BaselineTask]:
    found: dict[str, BaselineTask] = {}
    for name, value in reader.entries("tasks"):
        task = MapReader(value, problems, f"the task `{name.text}`", name.place)
        start, finish = task.time("start"), task.time("finish")
        work = task.read("work", lambda text: read_duration(text).amount * _HOUR, 0.0, "write `24h`")
        cost = task.read("cost", read_amount, 0.0, "write a number")
        task.unknown()
        if start and finish:
            found[name.text] = BaselineTask(start, finish, work, cost)
        else:
            problems.append(
                Problem("missing-key", "error", name.place, f"the task `{name.text}` needs `start` and `finish`")
            )
    return found
