"""What would be otherwise: a plan with some changes, beside the plan as it stands. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from handrail.base.errors import WrongUsage
from handrail.base.value import dataclass
from handrail.base.words import did_you_mean
from handrail.model.calendar import Duration, Estimate
from handrail.model.item import Attributes, Block, Due, Item, Link, walk
from handrail.model.people import Config
from handrail.model.project import Project
from handrail.model.workspace import Workspace
from handrail.plan.worktime import own_time
from handrail.reports.cost import cost_of, total
from handrail.reports.json_views import instant
from handrail.reports.load import Load, loads
from handrail.reports.moment import Moment
from handrail.reports.overview import overview as look
from handrail.reports.results import Overview, PlannedTask


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that is tried: `kind` is drop, est, times, start, due, assign or away; `value` is of its kind.

    `item` is a task's id; of `away`, a person's key.
    """

    kind: str
    item: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A task whose dates would be others; `days` of working time later (negative: earlier)."""

    before: PlannedTask
    after: PlannedTask
    days: float


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's hours in the next weeks, as they are and as they would be, and the fullest week as a share."""

    person: str
    before: float
    after: float
    peak_before: float
    peak_after: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What a set of changes comes to."""

    before: Overview
    after: Overview
    project: str
    days: float  # of the finish
    cost: float  # more (negative: less)
    moved: tuple[Moved, ...]
    dropped: tuple[PlannedTask, ...]
    shifts: tuple[Shift, ...]
    missed: tuple[PlannedTask, ...]  # late with the changes, not without
    saved: tuple[PlannedTask, ...]  # late without, not with


def what_if(overview: Overview, project_id: str, edits: Sequence[Edit]) -> Difference:
    """Try changes on a project. Raises WrongUsage where a task is not there."""
    space = overview.workspace
    changed = changed_project(space.projects[project_id], [edit for edit in edits if edit.kind != "away"])
    config, moment = _away(space.config, overview.moment, [edit for edit in edits if edit.kind == "away"])
    tried: Workspace = replace(space, config=config, projects={**space.projects, project_id: changed})
    after = look(tried, moment)
    time = overview.moment.normal
    day = time.seconds(Duration(1, "d")) or 1.0
    was = {task.item.id: task for task in overview.plans[project_id].tasks if not task.container}
    now = {task.item.id: task for task in after.plans[project_id].tasks if not task.container}
    moved = [
        Moved(was[key], now[key], round(time.between(was[key].finish, now[key].finish).total_seconds() / day, 2))
        for key in was
        if key in now and (was[key].finish, was[key].start) != (now[key].finish, now[key].start)
    ]
    first, last = overview.plans[project_id].finish, after.plans[project_id].finish
    before_cost, after_cost = (
        total(cost_of(task, config, time) for task in tasks.values()).planned for tasks in (was, now)
    )
    return Difference(
        before=overview,
        after=after,
        project=project_id,
        days=round(time.between(first, last).total_seconds() / day, 2) if first and last else 0.0,
        cost=after_cost - before_cost,
        moved=tuple(sorted(moved, key=lambda one: (-abs(one.days), one.after.finish))),
        dropped=tuple(was[key] for key in was if key not in now),
        shifts=_shifts(loads(overview), loads(after)),
        missed=tuple(now[key] for key in now if now[key].late and not (key in was and was[key].late)),
        saved=tuple(was[key] for key in was if was[key].late and not (key in now and now[key].late)),
    )


def _away(config: Config, moment: Moment, edits: Sequence[Edit]) -> tuple[Config, Moment]:
    """Send people away for some days. Raises WrongUsage for nobody."""
    people, times = dict(config.people), dict(moment.people)
    for edit in edits:
        if people and edit.item not in people:
            raise WrongUsage(f"There is nobody called `{edit.item[:60]}` here.", did_you_mean(edit.item, people))
        person = people.get(edit.item, config.person(edit.item))
        people[edit.item] = replace(person, leave=(*person.leave, edit.value))
        found = own_time(people[edit.item], config.calendar)
        if found is not None:
            times[edit.item] = found
    return (replace(config, people=people), replace(moment, people=times)) if edits else (config, moment)


def changed_project(project: Project, edits: Sequence[Edit]) -> Project:
    """Give a project with the changes made. What waited for a dropped task waits for what that waited for."""
    known = {item.id: item for item in walk(project.items)}
    unknown = [edit.item for edit in edits if edit.item not in known]
    if unknown:
        raise WrongUsage(f"`{project.id}` has no task `{unknown[0][:100]}`.")
    dropped = {edit.item for edit in edits if edit.kind == "drop"}
    by_item: dict[str, list[Edit]] = {}
    for edit in edits:
        by_item.setdefault(edit.item, []).append(edit)
    return replace(project, content=_blocks(project.content, by_item, dropped, known))


def _blocks(
    content: tuple[Block, ...], edits: Mapping[str, list[Edit]], dropped: set[str], known: Mapping[str, Item]
) -> tuple[Block, ...]:
    kept = (block for block in content if not (isinstance(block, Item) and block.id in dropped))
    return tuple(_item(block, edits, dropped, known) if isinstance(block, Item) else block for block in kept)


def _item(item: Item, edits: Mapping[str, list[Edit]], dropped: set[str], known: Mapping[str, Item]) -> Item:
    attributes = item.attributes
    for edit in edits.get(item.id, ()):
        attributes = _attributes(attributes, edit)
    if dropped.intersection(link.item for link in attributes.after):
        attributes = replace(attributes, after=tuple(_links(attributes.after, dropped, known)))
    children = tuple(_item(child, edits, dropped, known) for child in item.children if child.id not in dropped)
    events = item.events
    if any(edit.kind == "assign" for edit in edits.get(item.id, ())):
        events = tuple(event for event in events if event.verb != "assigned")
    return replace(item, attributes=attributes, children=children, events=events)


def _attributes(attributes: Attributes, edit: Edit) -> Attributes:
    if edit.kind == "est":
        return replace(attributes, est=Estimate(edit.value))
    if edit.kind == "times":
        likely = attributes.est.likely if attributes.est else Duration(1, "d")
        return replace(attributes, est=Estimate(Duration(likely.amount * edit.value, likely.unit, likely.elapsed)))
    if edit.kind == "start":
        return replace(attributes, start=edit.value)
    if edit.kind == "due":
        day: date | None = edit.value
        return replace(attributes, due=Due(day=day) if day else None)
    if edit.kind == "assign":
        return replace(attributes, who=tuple(edit.value))
    return attributes


def _links(links: tuple[Link, ...], dropped: set[str], known: Mapping[str, Item]) -> list[Link]:
    """Replace links to dropped tasks by what those waited for, through any number of them."""
    found: dict[Link, None] = {}
    seen: set[str] = set()
    stack = list(reversed(links))
    while stack:
        link = stack.pop()
        if link.item not in dropped:
            found.setdefault(link)
        elif link.item not in seen:
            seen.add(link.item)
            stack.extend(reversed(known[link.item].attributes.after))
    return list(found)


def _shifts(before: tuple[Load, ...], after: tuple[Load, ...]) -> tuple[Shift, ...]:
    was, now = ({load.person: load for load in found} for found in (before, after))
    found = []
    for person in sorted({*was, *now}):
        hours = [sum(week.hours for week in held[person].weeks) if person in held else 0.0 for held in (was, now)]
        peaks = [held[person].peak if person in held else 0.0 for held in (was, now)]
        if abs(hours[0] - hours[1]) >= 0.5 or abs(peaks[0] - peaks[1]) >= 0.01:
            found.append(Shift(person, hours[0], hours[1], peaks[0], peaks[1]))
    return tuple(sorted(found, key=lambda shift: -abs(shift.after - shift.before)))


def what_if_view(found: Difference) -> dict[str, Any]:
    """`project what-if --json`."""
    return {
        "schema": "project what-if/1",
        "at": instant(found.before.moment.now),
        "project": found.project,
        "finish": {
            "before": instant(found.before.plans[found.project].finish),
            "after": instant(found.after.plans[found.project].finish),
            "days": found.days,
        },
        "cost": found.cost,
        "people": [
            {
                "person": one.person,
                "hours_before": round(one.before, 2),
                "hours_after": round(one.after, 2),
                "peak_before": round(one.peak_before, 4),
                "peak_after": round(one.peak_after, 4),
            }
            for one in found.shifts
        ],
        "moved": [
            {
                "id": one.after.item.id,
                "title": one.after.item.title,
                "assignees": list(one.after.assignees),
                "start": instant(one.after.start),
                "finish": instant(one.after.finish),
                "was_finish": instant(one.before.finish),
                "days": one.days,
            }
            for one in found.moved
        ],
        "dropped": [task.item.id for task in found.dropped],
        "missed": [task.item.id for task in found.missed],
        "saved": [task.item.id for task in found.saved],
    }
