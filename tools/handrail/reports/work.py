"""Who has what: one person's work, and what comes next in every run and project."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from handrail.model.people import Config
from handrail.model.state import OPEN_NOW, ProjectState, RunState, StepState
from handrail.reports.activity import activity, entries_of, newest_first
from handrail.reports.heads import CLOSING
from handrail.reports.results import Activity, Assignment, Overview, Work
from handrail.reports.steps import confirmers, leaves, people_of, snoozed, worst_first

LATELY = timedelta(days=14)
"""How far back finished work is shown."""


def work_of(overview: Overview, person: str) -> Work:
    """Give what `person` has to do now, what was sent back first, then the worst; what comes next, what is finished.

    A step of a team belongs to each of its members, one that an agent has proposed to those who can confirm it. What
    is snoozed, or waits only for steps that somebody can act on already, is coming.
    """
    config = overview.workspace.config
    mine = [
        task
        for task in _open_assignments(overview, names_of(config, person))
        if person in (task.confirmers or people_of(task.step, config))
    ]
    return _work(overview, person, mine, {})


def works(overview: Overview) -> dict[str, Work]:
    """Give what everybody has who is listed or has an open step, in the order of keys: `work_of` for all of them."""
    config = overview.workspace.config
    found: dict[str, list[Assignment]] = {}
    busy: set[str] = set()
    for task in _open_assignments(overview):
        holders = people_of(task.step, config)
        busy.update(holders, task.confirmers)
        for person in dict.fromkeys(task.confirmers or holders):
            found.setdefault(person, []).append(task)
    known: dict[tuple[str, str], frozenset[str]] = {}
    return {person: _work(overview, person, found.get(person, []), known) for person in _listed(config, busy)}


def _work(
    overview: Overview, person: str, mine: list[Assignment], known: dict[tuple[str, str], frozenset[str]]
) -> Work:
    """Sort what is a person's. `known` keeps what is open in runs and projects."""
    now = [task for task in mine if is_now(overview, task)]
    coming = [task for task in mine if not is_now(overview, task) and _is_near(overview, task, known)]
    recent = _closed_by(overview, person, overview.moment.now - LATELY)
    return Work(
        person=person,
        now=tuple(sorted(_sorted(overview, now), key=lambda task: task.step.facts.rejected is None)),
        coming=_sorted(overview, coming),
        finished=recent,
    )


def names_of(config: Config, person: str) -> frozenset[str]:
    """Give the names by which steps are a person's: their own, and those of the teams that they are in."""
    return frozenset({person, *(team for team, members in config.teams.items() if person in members)})


def _closed_by(overview: Overview, person: str, since: datetime) -> tuple[Activity, ...]:
    if overview.kept is None:
        recent = activity(overview.workspace, person=person, since=since)
        return tuple(entry for entry in recent if entry.verb in CLOSING)
    of_projects = [entry for project in overview.workspace.projects.values() for entry in entries_of(project)]
    mine = [one for one in of_projects if one.who == person and one.time >= since and one.verb in CLOSING]
    return newest_first((*overview.kept.closed_by(person, since), *mine))


def coming_next(overview: Overview, holder: str = "") -> tuple[Assignment, ...]:
    """Give every step that somebody can act on now, worst first; those of one run or project where named."""
    found = [
        task for task in _open_assignments(overview) if (not holder or task.holder == holder) and is_now(overview, task)
    ]
    return _sorted(overview, found)


def people(overview: Overview) -> tuple[str, ...]:
    """Give everybody whom the workspace lists or who has an open step, in the order of keys."""
    config = overview.workspace.config
    busy = {key for task in _open_assignments(overview) for key in (*people_of(task.step, config), *task.confirmers)}
    return _listed(config, busy)


def _listed(config: Config, busy: set[str]) -> tuple[str, ...]:
    return tuple(sorted({key for key, person in config.people.items() if person.active} | busy))


def is_now(overview: Overview, task: Assignment) -> bool:
    """Tell whether somebody can act on it now: ready, in work, or blocked without a date to come back to it."""
    return task.step.state in OPEN_NOW and not snoozed(task.step, overview.moment.now, overview.moment.normal)


def _is_near(overview: Overview, task: Assignment, known: dict[tuple[str, str], frozenset[str]]) -> bool:
    if task.step.state in OPEN_NOW or not task.step.waits_for:
        return True
    holder = (task.kind, task.holder)
    if holder not in known:
        state = overview.runs.get(task.holder) if task.kind == "run" else overview.projects.get(task.holder)
        steps = (*leaves(state.steps), *state.steps) if state else ()
        known[holder] = frozenset(step.id for step in steps if step.state in OPEN_NOW)
    return known[holder].issuperset(task.step.waits_for)


def _open_assignments(overview: Overview, names: frozenset[str] = frozenset()) -> Iterator[Assignment]:
    """Give the open steps, where `names` are given only those that one of them has or may confirm."""
    stalled = {(finding.kind, finding.holder, finding.item) for finding in overview.findings.found}
    holders: tuple[RunState | ProjectState, ...] = (*overview.runs.values(), *overview.projects.values())
    for state in holders:
        if state.state != "active":
            continue
        for step in leaves(state.steps):
            if names and step.facts.proposed is None and names.isdisjoint(step.assignees):
                continue
            if step.state in OPEN_NOW or step.state == "waiting":
                confirming = confirmers(state, step, overview.workspace)
                yield _assignment(state, step, stalled, confirming)


def _assignment(
    state: RunState | ProjectState, step: StepState, stalled: set[tuple[str, str, str]], confirming: tuple[str, ...]
) -> Assignment:
    kind, holder = ("run", state.run) if isinstance(state, RunState) else ("project", state.project)
    return Assignment(
        kind=kind,
        holder=holder.id,
        holder_title=holder.title,
        step=step,
        due=step.due,
        overdue=step.overdue,
        stalled=(kind, holder.id, step.id) in stalled,
        confirmers=confirming,
    )


def _sorted(overview: Overview, tasks: list[Assignment]) -> tuple[Assignment, ...]:
    now = overview.moment.now
    return tuple(
        sorted(tasks, key=lambda task: (not task.overdue, not task.stalled, *worst_first(task.due, now), task.holder))
    )
