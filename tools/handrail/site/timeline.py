"""A project's timeline as SVG in the theme's colours: phases that fold, bars over their baseline, milestones, links.

Every row is drawn in shares of the width, so that the style sheet alone can zoom; names stay where they are while the
picture scrolls. Each phase is a picture of its own, which folds and prints by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from handrail.base.value import dataclass
from handrail.model.baseline import BaselineTask
from handrail.model.calendar import WorkingTime
from handrail.model.state import CLOSED, OPEN_NOW
from handrail.reports.results import PlannedTask, ProjectPlan
from handrail.site.context import View
from handrail.site.markup import EMPTY, Html, div, link, span, tag, text
from handrail.site.parts import avatar, of, state_word
from handrail.site.timeline_links import Piece, drawn, pieces, tips
from handrail.site.timeline_scale import Scale, axis, ground, percent, scale_of

ROW, BAR = 30, 12
MOST_ROWS = 120
"""So many rows are drawn; of a longer plan, those that matter now."""

_SOON = timedelta(days=42)


@dataclass(frozen=True, slots=True)
class Frame:
    """What all rows of one timeline share."""

    view: View
    project: str
    scale: Scale
    was: Mapping[str, BaselineTask]
    links: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase: all of its tasks, those whose rows are drawn, and where it begins below the first row."""

    name: str
    tasks: tuple[PlannedTask, ...]
    rows: tuple[PlannedTask, ...]
    top: float


def timeline(
    view: View,
    plan: ProjectPlan,
    name: str,
    *,
    time: WorkingTime,
    was: Mapping[str, BaselineTask] | None = None,
    target: date | None = None,
) -> Html:
    """Give the timeline of a plan; nothing where there are no tasks. `was` is the baseline's dates by task."""
    if not plan.tasks:
        return EMPTY
    phases = _phases(plan.tasks, rows_of(plan.tasks, view.site.now))
    scale = scale_of(view.site.clock, _instants(plan.tasks, was or {}, time, target))
    rows = tuple(task for phase in phases for task in phase.rows)
    frame = Frame(view, plan.project, scale, was or {}, pieces(rows, _middles(phases), scale, BAR))
    head = div("hr-gantt__row hr-gantt__head", span("hr-gantt__names"), axis(view.date, scale))
    inside = div(
        "hr-gantt__sheet",
        ground(view.site.clock, scale, time, target),
        head,
        [_phase(frame, phase) for phase in phases],
        tag("svg", tips(), class_="hr-gantt__tips", aria_hidden="true"),
        style=f"--hr-days:{scale.days}",
    )
    scroll = div(
        "hr-gantt__scroll",
        inside,
        tabindex="0",
        role="region",
        aria_label=view.say("Timeline of {name}, scrolls sideways; the table below says the same", name=name),
        dir="ltr",
    )
    return div("hr-gantt", zoom(view), scroll)


def rows_of(tasks: Sequence[PlannedTask], now: datetime) -> frozenset[str]:
    """Give the ids of the tasks that are drawn: all, or of a long plan those that matter now."""
    if len(tasks) <= MOST_ROWS:
        return frozenset(task.item.id for task in tasks)
    ranked = sorted(range(len(tasks)), key=lambda place: (_rank(tasks[place], now), place))
    return frozenset(tasks[place].item.id for place in ranked[:MOST_ROWS])


def _rank(task: PlannedTask, now: datetime) -> int:
    if task.container or task.state in CLOSED:
        return 6 if task.container else 5
    if task.late or task.state in OPEN_NOW:
        return 0
    return 1 if task.milestone else 2 if task.critical else 3 if task.start <= now + _SOON else 4


def legend(view: View, *, baseline: bool, target: bool) -> Html:
    """Give what the marks of the picture mean."""
    entries = [
        ("later", "to come"),
        ("doing", "in work"),
        ("done", "done"),
        ("critical", "decides the end"),
        ("late", "deadline"),
        ("milestone", "milestone"),
        ("today", "today"),
    ]
    entries += [("target", "target")] if target else []
    entries += [("baseline", "as agreed")] if baseline else []
    keys = [
        tag("li", tag("span", class_=f"hr-key hr-key--{kind}", aria_hidden="true"), view.say(word))
        for kind, word in entries
    ]
    return tag("ul", keys, class_="hr-legend", aria_label=view.say("What the marks mean"))


def zoom(view: View) -> Html:
    """Give the choice of how wide the picture is; the style sheet does the rest."""
    choices = [
        tag(
            "label",
            tag("input", type="radio", name="hr-zoom", value=value, checked=value == "fit"),
            span("", view.say(shown)),
        )
        for value, shown in (("fit", "Whole"), ("months", "Months"), ("weeks", "Weeks"))
    ]
    return tag("fieldset", tag("legend", view.say("Zoom"), class_="hr-sr"), choices, class_="hr-zoom")


def _instants(
    tasks: Iterable[PlannedTask], was: Mapping[str, BaselineTask], time: WorkingTime, target: date | None
) -> list[datetime]:
    found = [time.end_of(target)] if target else []
    for task in tasks:
        found += [task.start, task.finish]
        found += [task.deadline] if task.deadline else []
        before = was.get(task.item.id)
        found += [before.start, before.finish] if before else []
    return found


def _phases(tasks: Sequence[PlannedTask], shown: frozenset[str]) -> tuple[Phase, ...]:
    found = []
    top = 0.0
    for name, group in groupby(tasks, key=lambda task: task.phase):
        held = tuple(group)
        rows = tuple(task for task in held if task.item.id in shown)
        found.append(Phase(name, held, rows, top))
        top += ROW * (len(rows) + bool(name))
    return tuple(found)


def _middles(phases: Iterable[Phase]) -> dict[str, float]:
    found: dict[str, float] = {}
    for phase in phases:
        first = phase.top + ROW * bool(phase.name)
        found |= {task.item.id: first + ROW * number + ROW / 2 for number, task in enumerate(phase.rows)}
    return found


def _phase(frame: Frame, phase: Phase) -> Html:
    top = phase.top + ROW * bool(phase.name)
    bars = [_row(frame, task, number) for number, task in enumerate(phase.rows)]
    height = ROW * len(phase.rows)
    words = frame.view.words(phase.name) or frame.view.say("Tasks")
    picture = tag(
        "svg",
        tag("title", _phase_said(frame, phase, words)),
        drawn(frame.links, top, top + height),
        bars,
        class_="hr-gantt__bars",
        height=height,
        role="img",
    )
    names = tag("ul", [_name(frame, task, not phase.name) for task in phase.rows], class_="hr-gantt__names")
    body = div("hr-gantt__row", names, picture) if phase.rows else EMPTY
    if not phase.name:
        return body
    summary = tag("summary", _phase_name(frame, phase, words), _phase_bar(frame, phase), class_="hr-gantt__row")
    folded = all(task.state in CLOSED for task in phase.tasks) and len(phase.tasks) > 8
    return tag("details", summary, body, class_="hr-gantt__phase", open=not folded)


def _phase_name(frame: Frame, phase: Phase, words: str) -> Html:
    hidden = len(phase.tasks) - len(phase.rows)
    told = of(frame.view, len(phase.rows), len(phase.tasks)) if hidden else str(len(phase.tasks))
    return span(
        "hr-gantt__names",
        tag("b", words, dir="auto"),
        " ",
        span("hr-quiet", told, span("hr-sr", f" {frame.view.say('tasks are drawn')}")),
    )


def _phase_bar(frame: Frame, phase: Phase) -> Html:
    scale = frame.scale
    left = scale.at(min(task.start for task in phase.tasks))
    right = scale.at(max(task.finish for task in phase.tasks))
    bar = tag("rect", x=percent(left), y=ROW / 2 - 2, width=percent(max(right - left, 0.1)), height=4, rx=2)
    lines = drawn(frame.links, phase.top, phase.top + ROW)
    return tag("svg", lines, bar, class_="hr-gantt__bars hr-gantt__span", height=ROW, aria_hidden="true")


def _phase_said(frame: Frame, phase: Phase, words: str) -> str:
    clock = frame.view.site.clock
    start, finish = min(task.start for task in phase.tasks), max(task.finish for task in phase.tasks)
    done = sum(task.state in CLOSED for task in phase.tasks)
    single = "{phase}: {n} task, {done} closed, {start} to {end}. The table below says the same."
    several = "{phase}: {n} tasks, {done} closed, {start} to {end}. The table below says the same."
    values = {"phase": words, "done": done, "start": clock.day(start), "end": clock.day(finish)}
    return frame.view.many(len(phase.tasks), single, several, **values)


def _name(frame: Frame, task: PlannedTask, top: bool) -> Html:
    view = frame.view
    who = avatar(view, task.assignees[0]) if task.assignees else EMPTY
    words = view.words(task.item.title)
    anchor = view.to(*view.site.place("project", frame.project, task.item.id))
    kinds = ["hr-late"] if task.late and task.state not in CLOSED else []
    kinds += ["hr-top"] if top else []
    title = link(anchor, words, title=words if len(words) > 24 else None, dir="auto")
    return tag("li", title, who, class_=" ".join(kinds) or None)


def _row(frame: Frame, task: PlannedTask, row: int) -> Html:
    middle = row * ROW + ROW / 2
    scale = frame.scale
    shape = _diamond(scale, task, middle) if task.milestone else _bar(scale, task, middle)
    return tag(
        "g",
        tag("title", _said(frame, task)),
        _baseline(frame, task, middle),
        shape,
        _deadline(scale, task, middle),
        class_=_classes(task),
    )


def _classes(task: PlannedTask) -> str:
    closed = task.state in CLOSED
    kinds = ["hr-b", "hr-b--done" if closed else "hr-b--open"]
    kinds += ["hr-b--critical"] if task.critical and not closed else []
    kinds += ["hr-b--blocked"] if task.state == "blocked" else []
    kinds += ["hr-b--late"] if task.late and not closed else []
    return " ".join(kinds)


def _bar(scale: Scale, task: PlannedTask, middle: float) -> Html:
    left, right = scale.at(task.start), scale.at(task.finish)
    height = BAR / 2 if task.container else BAR
    top, width = middle - height / 2, max(right - left, 0.05)
    done = 1.0 if task.state in CLOSED else max(0.0, min(1.0, task.progress))
    whole = tag("rect", x=percent(left), y=top, width=percent(width), height=height, rx=3)
    part = tag("rect", x=percent(left), y=top, width=percent(width * done), height=height, rx=3, class_="hr-b__done")
    return text([whole, part if done else EMPTY])


def _diamond(scale: Scale, task: PlannedTask, middle: float) -> Html:
    shape = tag("path", d=f"M0 {middle - 8:g}l8 8-8 8-8-8Z")
    return tag("svg", shape, x=percent(scale.at(task.finish)))


def _baseline(frame: Frame, task: PlannedTask, middle: float) -> Html:
    was = frame.was.get(task.item.id)
    if was is None:
        return EMPTY
    left, right = frame.scale.at(was.start), frame.scale.at(was.finish)
    if task.milestone:
        shape = tag("path", d=f"M0 {middle - 6:g}l6 6-6 6-6-6Z", class_="hr-b__was")
        return tag("svg", shape, x=percent(right))
    width = percent(max(right - left, 0.05))
    return tag("rect", x=percent(left), y=middle + BAR / 2 + 2, width=width, height=3, class_="hr-b__was")


def _deadline(scale: Scale, task: PlannedTask, middle: float) -> Html:
    if task.deadline is None or task.state in CLOSED:
        return EMPTY
    mark = tag("path", d=f"M0 {middle - 9:g}v18m0-18h5l-2 3 2 3H0", class_="hr-b__deadline")
    return tag("svg", mark, x=percent(scale.at(task.deadline)))


def _said(frame: Frame, task: PlannedTask) -> str:
    view, clock = frame.view, frame.view.site.clock
    span_ = view.say("{start} to {end}", start=clock.day(task.start), end=clock.day(task.finish))
    when = clock.day(task.finish) if task.milestone else span_
    told = [f"{view.words(task.item.title)}: {when}", state_word(view, task.state)]
    if 0 < task.progress < 1:
        told.append(view.say("{share:.0%} done", share=task.progress))
    if task.critical and task.state not in CLOSED:
        told.append(view.say("decides the end"))
    if task.deadline and task.state not in CLOSED:
        told.append(view.say("deadline {day}", day=clock.day(task.deadline)))
    was = frame.was.get(task.item.id)
    if was:
        told.append(view.say("as agreed to {day}", day=clock.day(was.finish)))
    return ", ".join(told)
