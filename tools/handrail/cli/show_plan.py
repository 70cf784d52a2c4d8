"""`project plan` on a terminal: a table of tasks, with bars where there is room."""

from __future__ import annotations

from datetime import datetime, timedelta

from handrail.base.words import count
from handrail.cli.paint import STATE_STYLES, Cell, Column, Paint
from handrail.cli.show_parts import Look, blocks, look_at, warning_lines
from handrail.model.calendar import Duration
from handrail.model.item import Item
from handrail.model.state import CLOSED
from handrail.reports.results import Overview, PlannedTask, ProjectPlan
from handrail.reports.words import span_words

_COLUMNS = (Column(), Column(14), Column(), Column(), Column(), Column(5, most=16), Column())
_WITH_BARS = 100
_BAR = 30
_MOST_PLAYED = 400
"""Plans of so many tasks are played through when they are shown; larger ones would take too long."""


def plan_text(overview: Overview, paint: Paint, plan: ProjectPlan) -> str:
    """Show the schedule: each task with its dates and what it may slip, then what is wrong with the plan."""
    look = look_at(overview, paint)
    project = overview.workspace.projects[plan.project]
    if not plan.tasks or plan.start is None or plan.finish is None:
        return blocks(
            [look.paint.heading(look.title(project.title).text, plan.project)],
            [
                f"No tasks yet. Write some into {look.paint.cell(project.path).text}, such as:",
                "  - [ ] Write the brief {#brief @ana est=3d}",
            ],
        )
    span = f"{look.clock.day(plan.start)} {look.paint.sign('arrow')} {look.clock.day(plan.finish)}"
    head = look.paint.line(look.title(project.title, bold=True), Cell(span), _against_target(overview, plan, look))
    told = [*warning_lines(plan, look), *_chances(overview, plan, look)]
    return blocks([head], *_phases(overview, plan, look), told, [_legend(plan, look)])


def _chances(overview: Overview, plan: ProjectPlan, look: Look) -> list[str]:
    """Say how likely ends are where estimates have three points; of a large plan, where to ask."""
    uncertain = [
        task for task in plan.tasks if task.state not in CLOSED and (est := task.item.attributes.est) and est.optimistic
    ]
    if not uncertain:
        return []
    if len(plan.tasks) > _MOST_PLAYED:
        told = (
            f"{count(len(uncertain), 'task')} with three-point estimates: `handrail project report` tells the chances"
        )
        return [look.paint.line(look.paint.cell(told, dim=True))]
    from handrail.cli.show_report import chances
    from handrail.reports.forecast import forecast

    return chances(forecast(overview, plan.project), look)


def _against_target(overview: Overview, plan: ProjectPlan, look: Look) -> Cell:
    target = overview.workspace.projects[plan.project].target
    if target is None or plan.finish is None:
        return Cell("")
    over = (look.clock.local(plan.finish).date() - target).days
    words = span_words(over * 86400)
    if over > 0:
        return look.paint.cell(f"{words} after the target", fg="red")
    return look.paint.cell(f"{words} before the target" if over else "on target", fg="green")


def _phases(overview: Overview, plan: ProjectPlan, look: Look) -> list[list[str]]:
    """Give one group of lines a phase, all in columns of the same widths."""
    starts: list[tuple[int, str]] = []
    phase: str | None = None
    for number, task in enumerate(plan.tasks):
        if task.phase != phase:
            phase = task.phase
            starts.append((number, phase))
    depths = _depths(overview.workspace.projects[plan.project].items)
    rows = [_row(overview, plan, task, look, depths.get(task.item.id, 0)) for task in plan.tasks]
    lines = look.paint.table(rows, _COLUMNS)
    ends = [start for start, _ in starts[1:]] + [len(lines)]
    return [
        ([look.paint.line(look.title(name, bold=True))] if name else []) + lines[start:end]
        for (start, name), end in zip(starts, ends, strict=True)
    ]


def _depths(items: tuple[Item, ...]) -> dict[str, int]:
    """Give how deep each task stands, by id."""
    found: dict[str, int] = {}
    stack = [(item, 0) for item in items]
    while stack:
        item, depth = stack.pop()
        found[item.id] = depth
        stack.extend((child, depth + 1) for child in item.children)
    return found


def _row(overview: Overview, plan: ProjectPlan, task: PlannedTask, look: Look, depth: int) -> tuple[Cell, ...]:
    mark = look.mark(task.state)
    if task.critical and task.state not in CLOSED:
        mark = look.paint.cell(look.paint.sign(task.state), fg="red", bold=True)
    sign = "  " * min(depth, 6) + (f"{look.paint.sign('milestone')} " if task.milestone else "")
    style: dict[str, object] = {"bold": True} if task.container else {}
    return (
        mark,
        Cell(sign + look.title(task.item.title).text, tuple(style.items())),
        look.paint.cell(_short_day(task.start, look) if not task.milestone else ""),
        look.paint.cell(_short_day(task.finish, look), **({"fg": "red", "bold": True} if task.late else {})),
        _slack(overview, task, look),
        look.who(task.assignees),
        _bar(plan, task, look) if look.paint.width >= _WITH_BARS else Cell(""),
    )


def _short_day(instant: datetime, look: Look) -> str:
    return look.clock.day(instant)


def _slack(overview: Overview, task: PlannedTask, look: Look) -> Cell:
    if task.state in CLOSED or task.container:
        return Cell("")
    if task.late:
        return look.paint.cell("late", fg="red", bold=True)
    if task.critical:
        return look.paint.cell("critical", fg="red")
    day = max(overview.moment.normal.seconds(Duration(1, "d")), 1.0)
    days = task.total_float_s / day
    return look.paint.cell(f"+{days:.0f}d" if days >= 1 else f"+{task.total_float_s / 3600:.0f}h", dim=True)


def _bar(plan: ProjectPlan, task: PlannedTask, look: Look) -> Cell:
    """Draw where a task lies between the start and the end of the project."""
    if plan.start is None or plan.finish is None:
        return Cell("")
    whole = max(plan.finish - plan.start, timedelta(seconds=1))
    first = min(int((task.start - plan.start) / whole * _BAR), _BAR - 1)
    last = min(max(round((task.finish - plan.start) / whole * _BAR), first + 1), _BAR)
    if task.milestone:
        at = min(last - 1, _BAR - 1)
        drawn = " " * at + look.paint.sign("milestone")
    else:
        drawn = " " * first + look.paint.bar(task.progress, last - first)
    critical = task.critical and task.state not in CLOSED
    return Cell(drawn, (("fg", "red"),) if critical else tuple(STATE_STYLES[task.state].items()))


def _legend(plan: ProjectPlan, look: Look) -> str:
    open_tasks = [task for task in plan.tasks if task.state not in CLOSED and not task.container]
    if not open_tasks:
        return look.paint.line(look.paint.cell("Every task is finished.", fg="green"))
    text = "critical: a delay delays the end; +3d: may slip three working days"
    return look.paint.line(look.paint.cell(text, dim=True))
