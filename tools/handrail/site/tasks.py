"""A project's tasks: as a table beside the timeline, as a board, as milestones, and each in full."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import cast

from handrail.model.item import Link
from handrail.model.state import CLOSED, OPEN_NOW, ProjectState, State, StepState, walk_states
from handrail.reports.board import NOBODY, STATES, Column, board
from handrail.reports.control import days_words
from handrail.reports.manage import Report
from handrail.reports.results import PlannedTask
from handrail.site.attention import task_link
from handrail.site.context import View
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text
from handrail.site.page import Entry, section
from handrail.site.parts import (
    and_more,
    avatar,
    chip,
    due_words,
    heading,
    icon,
    moment,
    of,
    stage_counts,
    state_word,
    table,
)
from handrail.site.paths import tasks_src
from handrail.site.steps import Live, by_stage, live_steps

ITS_RUN_IS_DONE = "its run is done"

_CARDS = 8
_DAY_S = 28800
_KINDS = {"fs": "{task}", "ss": "starts with {task}", "ff": "ends with {task}", "sf": "ends when this starts: {task}"}


def task_table(view: View, found: Report, shown: frozenset[str]) -> Html:
    """Give the tasks of the timeline as a table that says the same as the picture."""
    baseline = found.control.baseline
    was = baseline.tasks if baseline else {}
    titles = {task.item.id: task.item.title for task in found.control.plan.tasks}
    columns = [
        "Task",
        "Phase",
        "State",
        "Who",
        "Start",
        "Finish",
        "Spare time",
        "After",
    ]
    columns += ["As agreed"] if baseline else []
    rows: list[list[Content]] = []
    for task in found.control.plan.tasks:
        if task.item.id in shown:
            row = _task_row(view, found, task, titles)
            before = was.get(task.item.id)
            rows.append([*row, _short(view, before.finish if before else None)] if baseline else row)
    head = tag("tr", [tag("th", view.say(name), scope="col") for name in columns])
    body = [tag("tr", tag("th", row[0], scope="row"), [tag("td", cell) for cell in row[1:]]) for row in rows]
    inside = tag(
        "table", tag("caption", view.say("Tasks of the plan"), class_="hr-sr"), tag("thead", head), tag("tbody", body)
    )
    return div(
        "hr-scroll", inside, tabindex="0", role="region", aria_label=view.say("Tasks of the plan, scrolls sideways")
    )


def _task_row(view: View, found: Report, task: PlannedTask, titles: dict[str, str]) -> list[Content]:
    config = view.site.overview.workspace.config
    closed = task.state in CLOSED
    missed = ", deadline {day} missed"
    late = view.say(missed, day=view.site.clock.day(task.deadline)) if task.late and task.deadline else ""
    return [
        [
            task_link(view, found.control.project.id, task),
            span("hr-quiet", f" {view.say('milestone')}") if task.milestone else EMPTY,
        ],
        view.words(task.phase),
        _state(view, task),
        ", ".join(config.person(key).shown for key in task.assignees),
        EMPTY if task.milestone else _short(view, task.start),
        [_short(view, task.finish), "" if closed else late],
        "" if closed else _spare(view, task),
        _after(view, task.item.attributes.after, titles),
    ]


def _state(view: View, task: PlannedTask) -> str:
    word = state_word(view, task.state)
    return f"{word}, {view.number(task.progress, '.0%')}" if 0 < task.progress < 1 else word


def _spare(view: View, task: PlannedTask) -> str:
    if task.critical:
        return view.say("none")
    days = task.total_float_s / _DAY_S
    return view.say("{n:.0f} d", n=days) if abs(days) >= 1 else view.say("{n:.0f} h", n=task.total_float_s / 3600)


def _after(view: View, links: Iterable[Link], titles: dict[str, str]) -> str:
    told = []
    for other in links:
        title = view.words(titles.get(other.item, other.item))
        told.append(view.say(_KINDS.get(other.kind, "{task}"), task=title).strip())
    return "; ".join(told)


def _short(view: View, instant: datetime | None) -> Html:
    if instant is None:
        return EMPTY
    return tag("time", view.site.clock.day(instant), datetime=f"{view.site.clock.local(instant):%Y-%m-%d}")


def board_of(view: View, project: str) -> Html:
    """Give the tasks in columns by their state; a column that holds more than it should says so."""
    found = board(view.site.overview, project)
    if found is None or not any(column.tasks for column in found.columns):
        return EMPTY
    columns = [_column(view, project, column) for column in found.columns if column.tasks or column.limit is not None]
    return div("hr-board", columns, tabindex="0", role="region", aria_label=view.say("Board, scrolls sideways"))


def _column(view: View, project: str, column: Column) -> Html:
    number = str(len(column.tasks)) if column.limit is None else of(view, len(column.tasks), column.limit)
    over = chip("stalled", view.say("more than agreed")) if column.over else EMPTY
    cards = [_card(view, project, task) for task in column.tasks[:_CARDS]]
    left = len(column.tasks) - _CARDS
    more = tag("p", and_more(view, left), class_="hr-quiet hr-more") if left > 0 else EMPTY
    head = tag("h3", _heading(view, column.name), " ", span("hr-board__count", number), over)
    kind = "hr-board__column hr-board__column--over" if column.over else "hr-board__column"
    return div(kind, head, tag("ul", cards), more)


def _heading(view: View, name: str) -> str:
    return view.say(name) if name in STATES or name == NOBODY else name


def _card(view: View, project: str, task: PlannedTask) -> Html:
    closed = task.state in CLOSED
    end = task.finish if closed else task.deadline
    late = not closed and (task.late or bool(end and end < view.site.now))
    when = _short(view, end)
    if late:
        when = span("hr-due--late", icon("overdue"), when)
    who = [avatar(view, key) for key in task.assignees[:3]]
    names = ", ".join(view.site.overview.workspace.config.person(key).shown for key in task.assignees)
    told = span("hr-sr", names) if names else EMPTY
    foot = div("hr-board__foot", when, span("hr-attention__who", who, told, title=names or None))
    mark = [icon("milestone"), " "] if task.milestone else []
    return tag("li", mark, task_link(view, project, task), foot)


def milestones(view: View, found: Report) -> Html:
    """Give the milestones: when each is expected, against what was agreed and its deadline."""
    control = found.control
    tasks = [task for task in control.plan.tasks if task.milestone and task.state not in ("na", "cancelled")]
    if not tasks:
        return EMPTY
    agreed = control.baseline.tasks if control.baseline else {}
    moved = {slip.task.item.id: slip.days for slip in control.slips}
    rows: list[tuple[Content, ...]] = []
    for task in sorted(tasks, key=lambda one: (one.finish, one.item.id)):
        closed, was = task.state in CLOSED, agreed.get(task.item.id)
        days = moved.get(task.item.id, 0.0)
        moved_words = view.say("+{days}" if days > 0 else "−{days}", days=days_words(days))
        slip = moved_words if abs(days) >= 0.05 else view.say("as agreed") if was else ""
        late = task.late and not closed
        cells: list[Content] = [
            span(f"hr-run-title {'hr-due--late' if late else ''}".rstrip(), task_link(view, control.project.id, task)),
            span("hr-cell", [chip("done", view.say("reached")), " "] if closed else EMPTY, moment(view, task.finish)),
        ]
        cells += (
            [span("hr-cell", _short(view, was.finish) if was else "", " ", span("hr-quiet", slip))]
            if control.baseline
            else []
        )
        cells.append(due_words(view, task.deadline, late, closed))
        rows.append(tuple(cells))
    columns = [
        "Milestone",
        "Expected",
        *(["As agreed"] if control.baseline else []),
        "Deadline",
    ]
    return table(view, view.say("Milestones"), columns, rows)


def work(view: View, state: ProjectState) -> tuple[Html, tuple[Entry, ...]]:
    """Give each task in full; of a long project, where its parts are told."""
    parts = view.site.task_pages.get(state.project.id)
    return _linked(view, state, parts) if parts else steps_in_full(view, state, state.steps)


def _by_their_runs(view: View, state: ProjectState, steps: Iterable[StepState]) -> tuple[StepState, ...]:
    """Give tasks as board and timeline tell them: what a run does stands as that run, whoever closes the task."""
    plan = view.site.overview.plans.get(state.project.id)
    told = {task.item.id: task.state for task in plan.tasks if task.item.attributes.run} if plan else {}

    def shown(step: StepState) -> StepState:
        substeps = tuple(map(shown, step.substeps))
        by_run = told.get(step.id, step.state)
        if step.state in CLOSED or by_run == step.state:
            return replace(step, substeps=substeps)
        done = by_run in CLOSED
        marks = (*step.marks, *([ITS_RUN_IS_DONE] if done else []))
        return replace(
            step, state=cast("State", by_run), overdue=step.overdue and not done, marks=marks, substeps=substeps
        )

    return tuple(map(shown, steps)) if told else tuple(steps)


def _linked(
    view: View, state: ProjectState, parts: tuple[tuple[StepState, ...], ...]
) -> tuple[Html, tuple[Entry, ...]]:
    rows = []
    for number, part in enumerate(parts, 1):
        names = [view.words(stage) for stage, _ in by_stage(part) if stage]
        closed, total = stage_counts(_by_their_runs(view, state, part))
        words = ", ".join(dict.fromkeys(names)) or view.say("Tasks, part {n}", n=number)
        target = link(view.to(tasks_src(state.project.id, number)), words)
        rows.append(tag("li", target, " ", span("hr-quiet", of(view, closed, total))))
    return tag("ul", rows, class_="hr-plain"), ()


def steps_in_full(
    view: View, state: ProjectState, steps: tuple[StepState, ...], level: int = 3
) -> tuple[Html, tuple[Entry, ...]]:
    """Give tasks under their stages, whose headings are of `level`: who, until when, what was noted."""
    parts: list[Content] = []
    toc: list[Entry] = []
    titles = {step.id: step.item.title for step in walk_states(state.steps)}
    live = Live(view, titles=titles, path=state.project.path)
    for number, (stage, group) in enumerate(by_stage(_by_their_runs(view, state, steps)), 1):
        if stage:
            closed, total = stage_counts(group)
            anchor = f"stage--{number}"
            on = any(step.state in OPEN_NOW for step in group)
            note = [of(view, closed, total), chip("active", view.say("now")) if on else EMPTY]
            parts.append(heading(view, level, anchor, view.title(stage), aside=note))
            toc.append(section(anchor, view.words(stage)))
        parts.append(live_steps(live, group, level=level + 1 if stage else level))
    return text(parts), tuple(toc)
