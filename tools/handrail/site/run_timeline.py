"""A run's timeline as SVG: how long each step lay and was worked on, against the time that it was given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from handrail.base.value import dataclass
from handrail.model.state import CLOSED, OPEN_NOW, RunState, StepState, walk_states
from handrail.reports.words import Clock
from handrail.site.context import LATELY, View
from handrail.site.markup import EMPTY, Html, div, link, span, tag, text
from handrail.site.older import ended
from handrail.site.parts import state_word
from handrail.site.steps import by_stage
from handrail.site.timeline import BAR, ROW, zoom
from handrail.site.timeline_scale import (
    Scale,
    axis,
    ground,
    hours_axis,
    hours_ground,
    hours_scale_of,
    percent,
    scale_of,
)

LEAST_ROWS = 2
_SHORT = timedelta(days=3)
_ZOOMS_FROM = 56
"""A picture of fewer days has no use for zooming."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is drawn of one step: when it could be begun, was begun, and ended or would; when it was to be done."""

    step: StepState
    ready: datetime | None
    started: datetime | None
    end: datetime | None
    due: datetime | None

    @property
    def late(self) -> bool:
        """Whether it was done after the time that it was given first, or is overdue."""
        if self.step.state not in CLOSED:
            return self.step.overdue
        return bool(self.due and self.end and self.end > self.due)

    @property
    def instants(self) -> list[datetime]:
        """All instants that need room."""
        return [one for one in (self.ready, self.started, self.end, self.due) if one is not None]


def run_timeline(view: View, state: RunState) -> Html:
    """Give the timeline of a run; nothing where too little of it has a date, or it is over for long.

    Of such a run the steps tell all dates, and thousands of pictures would take as long as all else of a site.
    """
    clock = drawn_at(view.site.clock, state)
    if state.state != "active" and ended(state) < clock.now - LATELY:
        return EMPTY
    stages = [(stage, _rows(clock.now, steps)) for stage, steps in by_stage(state.steps)]
    rows = [row for _, some in stages for row in some]
    if len(rows) < LEAST_ROWS:
        return EMPTY
    instants = [state.run.started, *(one for row in rows for one in row.instants)]
    instants += [one for one in (state.due, state.finished) if one is not None]
    scale, head, back = _calendar(view, state, instants, clock)
    body = [_stage(view, scale, stage, some) for stage, some in stages if some]
    name = div("hr-gantt__row hr-gantt__head", span("hr-gantt__names"), head)
    inside = div("hr-gantt__sheet", back, name, body, style=f"--hr-days:{scale.days}")
    label = view.say("Timeline, scrolls sideways; each name tells the same in words")
    frame = div("hr-gantt__scroll", inside, tabindex="0", role="region", aria_label=label, dir="ltr")
    return div("hr-gantt", zoom(view) if scale.days >= _ZOOMS_FROM else EMPTY, frame, _legend(view, state, rows))


def drawn_at(clock: Clock, state: RunState) -> Clock:
    """Give the moment that a run's picture shows: noon of today, or the last full hour where the run is young.

    So a picture stays the same while nothing happens.
    """
    young = clock.now - state.run.started <= _SHORT + timedelta(days=1)
    local = clock.local(clock.now)
    local = local.replace(hour=local.hour if young else 12, minute=0, second=0, microsecond=0)
    return Clock(local.astimezone(UTC), clock.zone)


def _calendar(view: View, state: RunState, instants: Sequence[datetime], clock: Clock) -> tuple[Scale, Html, Html]:
    """Give the scale, its head, and what lies behind the rows: by days, or by hours where all of it took few days."""
    if max(instants) - min(instants) <= _SHORT:
        scale = hours_scale_of(clock, instants)
        return scale, hours_axis(view.date, scale), hours_ground(clock, scale, state.due)
    scale = scale_of(clock, instants)
    time = view.site.overview.moment.time_for(state.run.calendar)
    target: date | None = time.local_date(state.due) if state.due else None
    works = partial(view.site.works_on, calendar=state.run.calendar)
    return scale, axis(view.date, scale), ground(clock, scale, time, target, works)


def _rows(now: datetime, steps: Sequence[StepState]) -> list[Row]:
    found = []
    for step in steps:
        if step.state not in {"na", "cancelled"}:
            row = _row(now, step)
            if row.instants:
                found.append(row)
    return found


def _row(now: datetime, step: StepState) -> Row:
    """Give what is drawn of a step: its own times, and before it is done also those of its parts."""
    if step.state in CLOSED:
        facts = step.facts
        return Row(step, step.ready if facts.done else None, facts.started, facts.done, step.first_due)
    parts = [one for one in walk_states((step,)) if one.state in OPEN_NOW or one.state in {"done", "skipped"}]
    if not parts:
        return Row(step, None, None, None, step.first_due)
    ready = min((one.ready for one in parts if one.ready), default=None)
    begun = [one.facts.started or one.facts.done for one in parts]
    started = min((one for one in begun if one), default=None)
    known = [one for one in (ready, started) if one is not None]
    return Row(step, ready, started, max((*known, now)) if known else None, step.first_due)


def _stage(view: View, scale: Scale, stage: str, rows: Sequence[Row]) -> Html:
    words = view.words(stage) or view.say("Steps")
    names = tag("ul", [_name(view, row) for row in rows], class_="hr-gantt__names")
    single = "{stage}: {n} step. The names beside it say the same in words."
    several = "{stage}: {n} steps. The names beside it say the same in words."
    told = view.many(len(rows), single, several, stage=words)
    bars = [_bars(view, scale, row, number * ROW + ROW / 2) for number, row in enumerate(rows)]
    height = ROW * len(rows)
    picture = tag("svg", tag("title", told), bars, class_="hr-gantt__bars", height=height, role="img")
    head = span("hr-gantt__names", tag("b", words, dir="auto"), " ", span("hr-quiet", str(len(rows))))
    line = tag("svg", class_="hr-gantt__bars", height=ROW, aria_hidden="true")
    summary = tag("summary", head, line, class_="hr-gantt__row")
    return tag("details", summary, div("hr-gantt__row", names, picture), class_="hr-gantt__phase", open=True)


def _name(view: View, row: Row) -> Html:
    words = view.words(row.step.item.title)
    said = span("hr-sr", f": {_said(view, row)}")
    title = link(f"#{row.step.id}", words, said, title=words if len(words) > 24 else None, dir="auto")
    return tag("li", title, class_="hr-late" if row.late and row.step.state not in CLOSED else None)


def _bars(view: View, scale: Scale, row: Row, middle: float) -> Html:
    closed = row.step.state in CLOSED
    kinds = ["hr-b", "hr-b--done" if closed else "hr-b--open"]
    kinds += ["hr-b--blocked"] if row.step.state == "blocked" else []
    kinds += ["hr-b--late"] if row.late else []
    title = tag("title", f"{view.words(row.step.item.title)}: {_said(view, row)}")
    return tag("g", title, _given(scale, row, middle), _taken(scale, row, middle), class_=" ".join(kinds))


def _taken(scale: Scale, row: Row, middle: float) -> Html:
    """Draw the time that it lay, and in it the time since somebody began."""
    first = row.ready or row.started
    if row.end is None or first is None:
        return EMPTY
    left, right = scale.at(min(first, row.end)), scale.at(row.end)
    top, width = middle - BAR / 2, max(right - left, 0.4)
    whole = tag("rect", x=percent(left), y=top, width=percent(width), height=BAR, rx=3)
    began = row.started or (first if row.step.state in CLOSED else None)
    if began is None:
        return whole
    part = min(scale.at(began), right)
    inner = percent(max(right - part, min(width, 0.4)))
    return text([whole, tag("rect", x=percent(part), y=top, width=inner, height=BAR, rx=3, class_="hr-b__done")])


def _given(scale: Scale, row: Row, middle: float) -> Html:
    """Draw the time that it was given, and a flag where it ends."""
    if row.due is None:
        return EMPTY
    flag = tag("path", d=f"M0 {middle - 9:g}v18m0-18h5l-2 3 2 3H0", class_="hr-b__deadline")
    end = tag("svg", flag, x=percent(scale.at(row.due)))
    if row.ready is None or row.due <= row.ready:
        return end
    left, right = scale.at(row.ready), scale.at(row.due)
    y = middle + BAR / 2 + 2
    given = tag("rect", x=percent(left), y=y, width=percent(right - left), height=3, class_="hr-b__was")
    return text([given, end])


def _said(view: View, row: Row) -> str:
    clock = view.site.clock
    state = "doing" if row.step.state == "waiting" and row.started else row.step.state
    told = [state_word(view, state)]
    if row.end and row.step.state in CLOSED:
        told[0] += f" {clock.day(row.end)}"
    if row.ready:
        told.append(view.say("ready {day}", day=clock.day(row.ready)))
    if row.started:
        told.append(view.say("begun {day}", day=clock.day(row.started)))
    if row.due:
        told.append(view.say("due {day}, late" if row.late else "due {day}", day=clock.day(row.due)))
    return ", ".join(told)


def _legend(view: View, state: RunState, rows: Sequence[Row]) -> Html:
    entries = [
        ("later", "waited for somebody", any(row.started for row in rows)),
        ("done", "worked on, done", any(row.step.state in CLOSED for row in rows)),
        ("doing", "on now", any(row.end and row.step.state not in CLOSED for row in rows)),
        ("baseline", "time that it was given", any(row.due and row.ready for row in rows)),
        ("late", "first deadline", any(row.due for row in rows)),
        ("today", "today", state.state == "active"),
        ("target", "the run is due", state.due is not None),
    ]
    keys = [
        tag("li", tag("span", class_=f"hr-key hr-key--{kind}", aria_hidden="true"), view.say(word))
        for kind, word, there in entries
        if there
    ]
    return tag("ul", keys, class_="hr-legend", aria_label=view.say("What the marks mean"))
