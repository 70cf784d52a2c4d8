"""The small pieces that pages are made of: chips, marks, people, times, bars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from handrail.base.words import count
from handrail.model.calendar import Duration
from handrail.model.item import Due
from handrail.model.state import CLOSED, Progress, StepState, walk_states
from handrail.site.context import View
from handrail.site.markup import EMPTY, Content, Html, div, link, span, tag, text

STATE_WORDS = {
    "waiting": "waiting",
    "ready": "ready",
    "doing": "in work",
    "blocked": "blocked",
    "done": "done",
    "skipped": "skipped",
    "na": "not needed",
    "cancelled": "cancelled",
    "active": "active",
    "overdue": "overdue",
    "stalled": "stalled",
}
_RING = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 2a7 7 0 1 1 0 14 7 7 0 0 1 0-14Z"
_DISC = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z"
_ICONS = {
    "waiting": "M12 3a9 9 0 0 1 3 .5l-.7 1.9a7 7 0 0 0-4.6 0L9 3.5A9 9 0 0 1 12 3Zm5.6 1.9a9 9 0 0 1 2.9 4.1l-1.9.7a7 7 0 0 0-2.3"
    "-3.2Zm3.3 6.1a9 9 0 0 1-.9 5l-1.8-.9a7 7 0 0 0 .7-3.9Zm-2.2 6.9a9 9 0 0 1-4.2 2.7l-.6-1.9a7 7 0 0 0 3.3-2.1ZM9.5 20.6A9 9 0 0 1"
    " 5.3 17.9l1.5-1.3a7 7 0 0 0 3.3 2.1ZM4 16a9 9 0 0 1-.9-5l2 .2a7 7 0 0 0 .7 3.9ZM3.5 9a9 9 0 0 1 2.9-4.1l1.3 1.6"
    "A7 7 0 0 0 5.4 9.7Z",
    "ready": _RING,
    "doing": f"{_RING}M12 7a5 5 0 0 1 0 10Z",
    "blocked": f"{_DISC}M8 8.5h2.6v7H8Zm5.4 0H16v7h-2.6Z",
    "done": f"{_DISC}M10.7 16.2 6.8 12.3l1.4-1.4 2.5 2.5 5.1-5.1 1.4 1.4Z",
    "skipped": f"{_RING}M8 8l4.5 4L8 16Zm5.5 0H15.5v8h-2Z",
    "na": f"{_RING}M8 11h8v2H8Z",
    "cancelled": f"{_RING}M8.5 7.1 12 10.6l3.5-3.5 1.4 1.4-3.5 3.5 3.5 3.5-1.4 1.4-3.5-3.5-3.5 3.5-1.4-1.4 3.5-3.5-3.5-3.5Z",
    "active": f"{_RING}M10 8.2 16 12l-6 3.8Z",
    "overdue": f"{_RING}M11 7h2v4.6l3.2 1.9-1 1.7L11 12.7Z",
    "stalled": "M12 3.5 22.2 21H1.8ZM11 10v5h2v-5Zm0 6.5v2h2v-2Z",
    "due": f"{_RING}M11 7h2v4.6l3.2 1.9-1 1.7L11 12.7Z",
    "who": "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8Zm0 9.5c4.4 0 8 2 8 4.5v2H4v-2c0-2.5 3.6-4.5 8-4.5Z",
    "gate": "M6 10V8a6 6 0 1 1 12 0v2h1v11H5V10Zm2 0h8V8a4 4 0 1 0-8 0Z",
    "approval": "M9 3h6a3 3 0 0 1 1 5.8L15 13h4v4H5v-4h4L8 8.8A3 3 0 0 1 9 3ZM5 19h14v2H5Z",
    "condition": "M4 4h4v4H7v2.5a2 2 0 0 0 2 2h8V10l4 4-4 4v-3.5H9a4 4 0 0 1-4-4V8H4Z",
    "after": "M13 5l7 7-7 7-1.4-1.4 4.6-4.6H4v-2h12.2l-4.6-4.6Z",
    "ask": "M4 4h16v12H9l-5 5Zm4 4v2h8V8Zm0 3.5v2h5v-2Z",
    "proof": "M16.5 6v11a4.5 4.5 0 0 1-9 0V5.5a3 3 0 0 1 6 0V16a1.5 1.5 0 0 1-3 0V6H12v10h0V5.5a1.5 1.5 0 0 0-3 0V17a3 3 0 0 0 6 0V6Z",
    "run": "M12 4V1l5 4-5 4V6a6 6 0 0 0-6 6H4a8 8 0 0 1 8-8Zm0 14a6 6 0 0 0 6-6h2a8 8 0 0 1-8 8v3l-5-4 5-4Z",
    "optional": "M4 11h4v2H4Zm6 0h4v2h-4Zm6 0h4v2h-4Z",
    "est": "M7 3h10v4l-4 5 4 5v4H7v-4l4-5-4-5Z",
    "edit": "M4 17.2V21h3.8L18.9 9.9l-3.8-3.8ZM21 7.8a1 1 0 0 0 0-1.4l-2.4-2.4a1 1 0 0 0-1.4 0l-1.6 1.6 3.8 3.8Z",
    "milestone": "M12 2l10 10-10 10L2 12Z",
    "link": "M10.6 13.4a1 1 0 0 1-1.4 1.4 5 5 0 0 1 0-7l3.5-3.5a5 5 0 0 1 7 7l-1.5 1.5a7 7 0 0 0-.4-2.4l.5-.5a3 3 0 0 0-4.2-4.3l-3.5"
    " 3.5a3 3 0 0 0 0 4.3Zm2.8-4.2a1 1 0 0 1 1.4 0 5 5 0 0 1 0 7l-3.5 3.5a5 5 0 0 1-7-7l1.5-1.5c0 .8.1 1.6.4 2.4l-.5.5a3 3 0 0 0"
    " 4.2 4.3l3.5-3.5a3 3 0 0 0 0-4.3 1 1 0 0 1 0-1.4Z",
}


def icon(name: str) -> Html:
    """Give a picture that says nothing by itself: it always stands beside a word."""
    path = tag("path", d=_ICONS.get(name, _RING), fill_rule="evenodd")
    return tag("svg", path, viewBox="0 0 24 24", class_="hr-icon", aria_hidden="true", focusable="false")


def state_mark(state: str) -> Html:
    """Give a state as a mark alone, with its word for those who do not see it."""
    word = STATE_WORDS.get(state, state)
    return span(f"hr-mark hr-is-{state}", icon(state), span("hr-sr", f"{word}: "), title=word)


def state_chip(state: str, word: str = "") -> Html:
    """Give a state as mark and word."""
    return span(f"hr-chip hr-chip--state hr-is-{state}", icon(state), word or STATE_WORDS.get(state, state))


def chip(name: str, *content: Content, title: str = "") -> Html:
    """Give a quiet note beside a title: an icon and a few words."""
    return span(f"hr-chip hr-chip--{name}", icon(name), tag("span", *content), title=title or None)


def chips(*content: Content, class_: str = "") -> Html:
    """Give a row of chips, nothing where it is empty."""
    inside = text(content)
    return div(f"hr-chips {class_}".rstrip(), inside) if inside else EMPTY


def avatar(view: View, key: str) -> Html:
    """Give a person's initials in a disc; the tint depends on the key alone."""
    name = view.site.overview.workspace.config.person(key).shown
    words = [word for word in name.replace("-", " ").split() if word[:1].isalnum()] or [key or "?"]
    initials = (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()
    tint = sum(ord(char) * (place + 1) for place, char in enumerate(key)) % 8
    return span(f"hr-avatar hr-tint-{tint}", initials, aria_hidden="true")


def person(view: View, key: str) -> Html:
    """Give a person as disc and name, linked to their page."""
    return span("hr-person", avatar(view, key), view.person(key))


def people(view: View, keys: Iterable[str], nobody: str = "nobody yet") -> Html:
    """Give several people, or a word for nobody."""
    found = [person(view, key) for key in keys]
    return span("hr-people", found) if found else span("hr-quiet", nobody)


def moment(view: View, instant: datetime | None, word: str | None = None) -> Html:
    """Give a time: the words for it, with the exact time for machines and on hovering."""
    if instant is None:
        return EMPTY
    local = view.site.clock.local(instant)
    shown = view.site.clock.day(instant) if word is None else word
    return tag("time", shown, datetime=f"{instant:%Y-%m-%dT%H:%M:%SZ}", title=f"{local:%Y-%m-%d %H:%M %Z}")


def day(view: View, value: date | None) -> Html:
    """Give a date as people write it."""
    if value is None:
        return EMPTY
    year = "" if value.year == view.site.clock.local(view.site.now).year else f" {value.year}"
    return tag("time", f"{value:%a} {value.day} {value:%b}{year}", datetime=value.isoformat())


def due_words(view: View, due: datetime | None, overdue: bool, closed: bool = False) -> Html:
    """Give a due time with how far away it is; a late one is marked by icon and word."""
    if due is None:
        return EMPTY
    shown = moment(view, due)
    if closed:
        return span("hr-due", shown)
    near = span("hr-due__near", view.site.clock.until(due))
    mark = icon("overdue") if overdue else EMPTY
    return span("hr-due hr-due--late" if overdue else "hr-due", mark, shown, ", ", near)


def progress_bar(progress: Progress, label: str = "") -> Html:
    """Give progress as a bar and in figures."""
    closed = progress.done + progress.skipped
    words = f"{closed} of {progress.total}" if progress.total else "nothing to do"
    return span("hr-progress", bar(progress.share, label or "progress"), span("hr-progress__words", words))


def bar(share: float, label: str, full: bool = True) -> Html:
    """Give a part of a whole (0 to 1) as a bar; `full` tells whether to mark that the whole is reached."""
    percent = max(0, min(100, int(share * 100)))
    inside = tag("span", class_="hr-bar__fill", style=f"inline-size:{percent}%")
    whole = " hr-bar--full" if full and percent == 100 else ""
    return span(f"hr-bar{whole}", inside, role="img", aria_label=f"{label}: {percent} %")


def facts(*pairs: tuple[str, Content]) -> Html:
    """Give names with their values as a definition list; pairs without a value are left out."""
    rows = [div("hr-facts__pair", tag("dt", name), tag("dd", value)) for name, value in pairs if text(value)]
    return tag("dl", rows, class_="hr-facts") if rows else EMPTY


def figures(*pairs: tuple[str, str, str]) -> Html:
    """Give a strip of figures: (value, what it counts, a state that colours it or empty)."""
    tiles = [
        div(f"hr-figure hr-is-{state}" if state else "hr-figure", tag("dd", value), tag("dt", word))
        for value, word, state in pairs
    ]
    return tag("dl", tiles, class_="hr-figures")


def heading(level: int, anchor: str, *content: Content, aside: Content = None) -> Html:
    """Give a heading with the theme's permanent link."""
    mark = link(f"#{anchor}", "¶", class_="headerlink", title="Link to this section")
    note = span("hr-heading__aside", aside) if text(aside) else EMPTY
    return tag(f"h{level}", span("hr-heading__text", *content), note, mark, id=anchor)


def table(label: str, columns: Iterable[str], rows: Iterable[Iterable[Content]], class_: str = "") -> Html:
    """Give a table whose rows become cards where there is no room for columns."""
    names = tuple(columns)
    head = tag("tr", [tag("th", name, scope="col") for name in names])
    body = [_row(names, tuple(cells)) for cells in rows]
    inside = tag(
        "table", tag("caption", label, class_="hr-sr"), tag("thead", head), tag("tbody", body), class_="hr-table__table"
    )
    return div(f"hr-table {class_}".rstrip(), inside)


def _row(names: tuple[str, ...], cells: tuple[Content, ...]) -> Html:
    first = tag("th", cells[0], scope="row", data_label=names[0])
    rest = [
        tag("td", cell, data_label=name, class_=None if text(cell) else "hr-empty")
        for name, cell in zip(names[1:], cells[1:], strict=True)
    ]
    return tag("tr", first, rest)


def folded(summary: Content, *content: Content, class_: str = "", open_: bool = False) -> Html:
    """Give content that opens on demand, without a script."""
    return tag("details", tag("summary", summary), *content, class_=f"hr-fold {class_}".rstrip(), open=open_)


def empty(*content: Content) -> Html:
    """Give the sentence for a place where there is nothing."""
    return tag("p", *content, class_="hr-nothing")


def span_text(span_: Duration) -> str:
    """Give a duration in words: "2 working days", "4 hours"."""
    unit = {"m": "minute", "h": "hour", "d": "day", "w": "week"}[span_.unit]
    amount = abs(span_.amount)
    number = f"{amount:g} {unit}{'' if amount == 1 else 's'}"
    return number if span_.unit in "mh" or span_.elapsed else f"{amount:g} working {unit}{'' if amount == 1 else 's'}"


def due_rule(due: Due) -> str:
    """Give in words when a step of a procedure is due."""
    if due.day:
        return f"by {due.day.isoformat()}"
    if due.span is None:
        return f"by {due.anchor}"
    if not due.anchor:
        return f"within {span_text(due.span)}"
    side = "before" if due.span.amount < 0 else "after"
    anchor = "the start" if due.anchor == "start" else f"“{due.anchor}”"
    return f"{span_text(due.span)} {side} {anchor}" if due.span.amount else f"on {anchor}"


def stage_counts(steps: Iterable[StepState]) -> tuple[int, int]:
    """Give how many of some steps (sub-steps included) are closed, and how many count at all."""
    counted = [step for step in walk_states(tuple(steps)) if step.state not in {"na", "cancelled"}]
    return sum(step.state in CLOSED for step in counted), len(counted)


def steps_word(number: int) -> str:
    """Give "1 step", "3 steps"."""
    return count(number, "step")
