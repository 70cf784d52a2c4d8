"""A project's timeline as SVG in the theme's colours: phases, bars, milestones, dependencies, critical path, today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from handrail.base.value import dataclass
from handrail.reports.results import PlannedTask, ProjectPlan
from handrail.site.context import View
from handrail.site.markup import EMPTY, Html, div, link, tag, text
from handrail.site.parts import STATE_WORDS

LABELS = 240
ROW = 30
HEAD = 44
BAR = 14
WIDTH = 604


@dataclass(frozen=True, slots=True)
class Scale:
    """From an instant to a place across: `first` is the left edge, `per_day` the width of a day."""

    first: datetime
    days: int
    per_day: float

    def at(self, instant: datetime) -> float:
        """Give the place of an instant, in pixels from the left edge of the picture."""
        return round(LABELS + (instant - self.first).total_seconds() / 86400 * self.per_day, 1)

    @property
    def width(self) -> float:
        """The whole width of the picture."""
        return round(LABELS + self.days * self.per_day + 12, 1)


def timeline(view: View, plan: ProjectPlan, name: str) -> Html:
    """Give the timeline of a plan as a picture that scrolls by itself; nothing where there are no tasks."""
    if not plan.tasks:
        return EMPTY
    scale = _scale(view, plan)
    rows = _rows(view, plan)
    height = HEAD + len(rows) * ROW + 10
    places = {task.item.id: number for number, task in enumerate(rows) if isinstance(task, PlannedTask)}
    parts = [_defs(), _calendar(view, scale, height), _today(view, scale, height)]
    parts += [_phase(view, row, number) for number, row in enumerate(rows) if isinstance(row, str)]
    parts.append(_arrows(scale, plan, places))
    parts += [_task(view, scale, row, number) for number, row in enumerate(rows) if isinstance(row, PlannedTask)]
    picture = tag(
        "svg",
        tag("title", f"Timeline of {name}"),
        tag("desc", "The table below says the same in words."),
        parts,
        viewBox=f"0 0 {scale.width:g} {height}",
        width=scale.width,
        height=height,
        role="group",
        aria_label=f"Timeline of {name}; the table below says the same",
        class_="hr-gantt",
    )
    return div("hr-gantt-scroll", picture, tabindex="0", role="region", aria_label="Timeline, scrolls sideways")


def legend() -> Html:
    """Give what the marks of the picture mean."""
    entries = (
        ("later", "to come"),
        ("doing", "in work"),
        ("done", "done"),
        ("critical", "on the critical path"),
        ("late", "past its deadline"),
        ("milestone", "milestone"),
        ("today", "today"),
    )
    keys = [tag("li", tag("span", class_=f"hr-key hr-key--{kind}", aria_hidden="true"), word) for kind, word in entries]
    return tag("ul", keys, class_="hr-legend", aria_label="What the marks mean")


def _scale(view: View, plan: ProjectPlan) -> Scale:
    starts = [task.start for task in plan.tasks]
    ends = [task.finish for task in plan.tasks] + [task.deadline for task in plan.tasks if task.deadline]
    clock = view.site.clock
    first = clock.local(min(starts)).replace(hour=0, minute=0, second=0, microsecond=0)
    first -= timedelta(days=first.weekday())
    last = clock.local(max(ends)) + timedelta(days=3)
    if min(starts) <= view.site.now <= max(ends) + timedelta(days=21):
        last = max(last, clock.local(view.site.now) + timedelta(days=2))
    days = max(7, (last - first).days + 1)
    per_day = min(WIDTH / days, 24.0) if days * 3 <= WIDTH else max(3.0 if days < 900 else 1.0, WIDTH / days)
    return Scale(first, days, per_day)


def _rows(view: View, plan: ProjectPlan) -> list[PlannedTask | str]:
    rows: list[PlannedTask | str] = []
    phase: str | None = None
    for task in plan.tasks:
        if task.phase != phase and task.phase:
            rows.append(view.words(task.phase))
        phase = task.phase
        rows.append(task)
    return rows


def _defs() -> Html:
    markers = [
        tag(
            "marker",
            tag("path", d="M0 0 8 4 0 8Z", class_=f"hr-gantt__tip{kind}"),
            id=f"hr-tip{kind}",
            markerWidth=7,
            markerHeight=7,
            refX=7.5,
            refY=4,
            orient="auto",
            viewBox="0 0 8 8",
        )
        for kind in ("", "--critical")
    ]
    return tag("defs", markers)


def _calendar(view: View, scale: Scale, height: int) -> Html:
    parts: list[Html] = []
    month = ""
    step = 7 if scale.per_day * 7 >= 34 else 14 if scale.per_day * 14 >= 34 else 28
    for number in range(scale.days):
        instant = scale.first + timedelta(days=number)
        x = round(LABELS + number * scale.per_day, 1)
        if instant.weekday() == 5 and scale.per_day >= 5:
            parts.append(
                tag("rect", x=x, y=HEAD, width=2 * scale.per_day, height=height - HEAD, class_="hr-gantt__weekend")
            )
        if f"{instant:%Y-%m}" != month:
            parts.append(tag("text", _month(scale, number, first=not month), x=x + 3, y=16, class_="hr-gantt__month"))
            month = f"{instant:%Y-%m}"
        if number % step == 0:
            parts.append(tag("line", x1=x, x2=x, y1=HEAD - 8, y2=height, class_="hr-gantt__week"))
            parts.append(tag("text", str(instant.day), x=x + 3, y=34, class_="hr-gantt__day"))
    return tag("g", parts, aria_hidden="true")


def _month(scale: Scale, number: int, first: bool) -> str:
    """Give the name of the month that begins (or goes on, at the left edge) on a day, as long as there is room."""
    instant = scale.first + timedelta(days=number)
    following = (instant.replace(day=1) + timedelta(days=32)).replace(day=1)
    room = min((following - instant).days, scale.days - number) * scale.per_day
    year = f" {instant.year}" if first or instant.month == 1 else ""
    names = (f"{instant:%B}{year}", f"{instant:%B}", f"{instant:%b}", "")
    return next(name for name in names if len(name) * 7.5 <= room)


def _today(view: View, scale: Scale, height: int) -> Html:
    x = scale.at(view.site.now)
    if not LABELS <= x <= scale.width:
        return EMPTY
    line = tag("line", x1=x, x2=x, y1=24, y2=height, class_="hr-gantt__today")
    return tag("g", line, tag("circle", cx=x, cy=24, r=3.5, class_="hr-gantt__today-dot"))


def _phase(view: View, name: str, row: int) -> Html:
    y = HEAD + row * ROW
    return tag("text", _cut(name, 30), x=4, y=y + 20, class_="hr-gantt__phase")


def _task(view: View, scale: Scale, task: PlannedTask, row: int) -> Html:
    y = HEAD + row * ROW + (ROW - BAR) / 2
    words = view.words(task.item.title)
    label = tag("text", _cut(words, 32), x=14 if task.phase else 4, y=y + 11, class_="hr-gantt__label")
    shape = _diamond(scale, task, y) if task.milestone else _bar(scale, task, y)
    hint = tag("title", _said(view, task, words))
    late = _deadline(scale, task, y)
    return link(f"#{task.item.id}", hint, label, shape, late, class_=_classes(task))


def _classes(task: PlannedTask) -> str:
    classes = ["hr-gantt__task", f"hr-gantt__task--{task.state}"]
    classes += ["hr-gantt__task--critical"] if task.critical and task.state not in {"done", "skipped"} else []
    classes += ["hr-gantt__task--late"] if task.late else []
    classes += ["hr-gantt__task--container"] if task.container else []
    return " ".join(classes)


def _bar(scale: Scale, task: PlannedTask, y: float) -> Html:
    left, right = scale.at(task.start), scale.at(task.finish)
    width = max(round(right - left, 1), 3)
    thin = BAR / 2 if task.container else BAR
    top = y + (BAR - thin) / 2
    whole = tag("rect", x=left, y=top, width=width, height=thin, rx=3, class_="hr-gantt__bar")
    done = 1.0 if task.state in {"done", "skipped"} else max(0.0, min(1.0, task.progress))
    part = tag("rect", x=left, y=top, width=round(width * done, 1), height=thin, rx=3, class_="hr-gantt__done")
    return text([whole, part if done else EMPTY])


def _diamond(scale: Scale, task: PlannedTask, y: float) -> Html:
    x, middle, size = scale.at(task.finish), y + BAR / 2, 8
    points = f"{x:g},{middle - size:g} {x + size:g},{middle:g} {x:g},{middle + size:g} {x - size:g},{middle:g}"
    return tag("polygon", points=points, class_="hr-gantt__milestone")


def _deadline(scale: Scale, task: PlannedTask, y: float) -> Html:
    if not task.deadline:
        return EMPTY
    x = scale.at(task.deadline)
    return tag("path", d=f"M{x:g} {y - 4:g}v{BAR + 8}", class_="hr-gantt__deadline")


def _arrows(scale: Scale, plan: ProjectPlan, places: Mapping[str, int]) -> Html:
    tasks = {task.item.id: task for task in plan.tasks}
    paths = []
    for task in plan.tasks:
        for other in task.item.attributes.after:
            before = tasks.get(other.item)
            if before is None or other.item == task.item.id:
                continue
            critical = before.critical and task.critical and task.state not in {"done", "skipped"}
            kind = "--critical" if critical else ""
            d = _route(scale, before, task, other.kind, places)
            paths.append(tag("path", d=d, class_=f"hr-gantt__arrow{kind}", marker_end=f"url(#hr-tip{kind})"))
    return tag("g", paths, aria_hidden="true", class_="hr-gantt__arrows")


def _route(scale: Scale, before: PlannedTask, task: PlannedTask, kind: str, places: Mapping[str, int]) -> str:
    leaves_end, meets_end = kind[0] == "f", kind[1] == "f"
    x1 = scale.at(before.finish if leaves_end else before.start)
    x2 = scale.at(task.finish if meets_end else task.start)
    half = 8 if task.milestone else 0
    y1 = HEAD + places[before.item.id] * ROW + ROW / 2
    y2 = HEAD + places[task.item.id] * ROW + ROW / 2
    out = x1 + 7 if leaves_end else x1 - 7
    into = x2 + 9 + half if meets_end else x2 - 9 - half
    end = x2 + half if meets_end else x2 - half
    if (into >= out) == leaves_end and leaves_end != meets_end:
        return f"M{x1:g} {y1:g}H{out:g}V{y2:g}H{end:g}"
    between = y2 - ROW / 2 if y2 > y1 else y2 + ROW / 2
    return f"M{x1:g} {y1:g}H{out:g}V{between:g}H{into:g}V{y2:g}H{end:g}"


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _said(view: View, task: PlannedTask, words: str) -> str:
    clock = view.site.clock
    span = clock.day(task.finish) if task.milestone else f"{clock.day(task.start)} to {clock.day(task.finish)}"
    more = ", on the critical path" if task.critical else ""
    return f"{words}: {span}, {STATE_WORDS.get(task.state, task.state)}{more}"
