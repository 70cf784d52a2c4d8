"""The small pieces that pages are made of: chips, marks, people, times, bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from html import escape
from itertools import zip_longest

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


@cache
def icon(name: str) -> Html:
    """Give a picture that says nothing by itself: it always stands beside a word. The style sheet has its shape."""
    return span(f"hr-icon hr-icon--{name}", aria_hidden="true")


def state_word(view: View, state: str) -> str:
    """Give a state as a word."""
    return view.say(STATE_WORDS[state]) if state in STATE_WORDS else state


def state_mark(view: View, state: str) -> Html:
    """Give a state as a mark alone, with its word for those who do not see it."""
    return _state_mark(state, state_word(view, state))


@lru_cache(maxsize=256)
def _state_mark(state: str, word: str) -> Html:
    return span(f"hr-mark hr-is-{state}", icon(state), span("hr-sr", f"{word}: "), title=word)


def state_chip(view: View, state: str, word: str = "") -> Html:
    """Give a state as mark and word."""
    return _state_chip(state, word or state_word(view, state))


@lru_cache(maxsize=256)
def _state_chip(state: str, word: str) -> Html:
    return span(f"hr-chip hr-chip--state hr-is-{state}", icon(state), word)


def chip(name: str, *content: Content, title: str = "") -> Html:
    """Give a quiet note beside a title: an icon and a few words."""
    return span(f"hr-chip hr-chip--{name}", icon(name), tag("span", *content), title=title or None)


def chips(*content: Content, class_: str = "") -> Html:
    """Give a row of chips, nothing where it is empty."""
    inside = text(content)
    return div(f"hr-chips {class_}".rstrip(), inside) if inside else EMPTY


def avatar(view: View, key: str) -> Html:
    """Give a person's initials in a disc; the tint depends on the key alone."""
    known = view.site.avatars.get(key)
    if known is None:
        known = view.site.avatars[key] = _avatar(view, key)
    return known


def _avatar(view: View, key: str) -> Html:
    name = view.site.overview.workspace.config.person(key).shown
    words = [word for word in name.replace("-", " ").split() if word[:1].isalnum()] or [key or "?"]
    initials = (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()
    tint = sum(ord(char) * (place + 1) for place, char in enumerate(key)) % 8
    return span(f"hr-avatar hr-tint-{tint}", initials, aria_hidden="true")


def person(view: View, key: str) -> Html:
    """Give a person as disc and name, linked to their page."""
    known = view.faces.get(key)
    if known is None:
        known = view.faces[key] = span("hr-person", avatar(view, key), view.person(key))
    return known


def people(view: View, keys: Iterable[str], nobody: str = "nobody yet") -> Html:
    """Give several people, or a word for nobody."""
    found = [person(view, key) for key in keys]
    return span("hr-people", found) if found else span("hr-quiet", view.say(nobody))


def moment(view: View, instant: datetime | None, word: str | None = None) -> Html:
    """Give a time: the words for it, with the exact time for machines and on hovering."""
    if instant is None:
        return EMPTY
    shown = escape(view.site.day_words(instant) if word is None else word)
    return Html(f"<time {_exactly(instant, view.site.clock.zone)}>{shown}</time>")


@lru_cache(maxsize=1024)  # what was done is told at the step and in the log
def _exactly(instant: datetime, zone: tzinfo) -> str:
    local = instant.astimezone(zone)
    title = f"{local.isoformat(' ')[:16]} {local.tzname()}"
    return f'datetime="{instant.isoformat()[:19]}Z" title="{title}"'


def day(view: View, value: date | None) -> Html:
    """Give a date as people write it."""
    if value is None:
        return EMPTY
    here = value.year == view.site.clock.local(view.site.now).year
    return tag("time", view.date(value, "day" if here else "day_dated"), datetime=value.isoformat())


def first_due_words(view: View, due: datetime | None, first: datetime | None) -> Html:
    """Give the first due date where it was moved since, and how late it is against that."""
    if first is None or first == due:
        return EMPTY
    due_first = moment(view, first)
    if first < view.site.clock.now:
        return span("hr-quiet", view.told("first due {day}, {late}", day=due_first, late=view.site.clock.until(first)))
    return span("hr-quiet", view.told("first due {day}", day=due_first))


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


def progress_bar(view: View, progress: Progress, label: str = "") -> Html:
    """Give progress as a bar and in figures."""
    closed = progress.done + progress.skipped
    words = of(view, closed, progress.total) if progress.total else view.say("nothing to do")
    return span("hr-progress", bar(progress.share, label or view.say("progress")), span("hr-progress__words", words))


def more_words(view: View, number: int) -> str:
    """Give "3 more"."""
    return view.say("{n} more", n=number)


def and_more(view: View, number: int) -> str:
    """Give "and 3 more"."""
    return view.say("and {n} more", n=number)


def of(view: View, part: int, whole: int) -> str:
    """Give "3 of 7"."""
    return view.say("{part} of {whole}", part=part, whole=whole)


def bar(share: float, label: str, full: bool = True) -> Html:
    """Give a part of a whole (0 to 1) as a bar; `full` tells whether to mark that the whole is reached."""
    percent = max(0, min(100, int(share * 100)))
    inside = tag("span", class_="hr-bar__fill", style=f"inline-size:{percent}%")
    whole = " hr-bar--full" if full and percent == 100 else ""
    return span(f"hr-bar{whole}", inside, role="img", aria_label=f"{label}: {percent}%")


def facts(*pairs: tuple[str, Content]) -> Html:
    """Give names with their values as a definition list; pairs without a value are left out."""
    rows = [div("hr-facts__pair", tag("dt", name), tag("dd", value)) for name, value in pairs if text(value)]
    return tag("dl", rows, class_="hr-facts") if rows else EMPTY


def figures(*pairs: tuple[str, str, str]) -> Html:
    """Give a strip of figures: (value, what it counts, a state that colours it or empty)."""
    return tag("ul", [figure(value, word, state) for value, word, state in pairs], class_="hr-figures")


def figure(value: str, word: str, state: str = "", *notes: str) -> Html:
    """Give one figure of a strip: its value, what it counts, and what else there is to say of it."""
    told = [span("hr-figure__note", note) for note in notes if note]
    inside = [span("hr-figure__value", value), " ", span("hr-figure__word", word, told)]
    return tag("li", inside, class_=f"hr-figure hr-is-{state}" if state else "hr-figure")


def heading(view: View, level: int, anchor: str, *content: Content, aside: Content = None) -> Html:
    """Give a heading with the theme's permanent link."""
    mark = link(f"#{anchor}", "¶", class_="headerlink", title=view.say("Link to this section"))
    note = span("hr-heading__aside", aside) if text(aside) else EMPTY
    return tag(f"h{level}", span("hr-heading__text", *content), note, mark, id=anchor)


def table(
    view: View,
    label: str,
    columns: Iterable[str],
    rows: Iterable[Iterable[Content]],
    class_: str = "",
    *,
    id: str | None = None,
    anchors: Iterable[str] = (),
) -> Html:
    """Give a table whose rows become cards where there is no room for columns; the site's script sorts it.

    `columns` are messages of the catalogue, `anchors` the ids of its rows, where they have any.
    """
    names = tuple(map(view.say, columns))
    head = tag("tr", [tag("th", name, scope="col") for name in names])
    first = _opened(tag("th", scope="row", data_label=names[0]))
    starts = [
        (_opened(tag("td", data_label=name)), _opened(tag("td", data_label=name, class_="hr-empty")))
        for name in names[1:]
    ]
    body = [_row(first, starts, tuple(cells), anchor) for cells, anchor in zip_longest(rows, anchors)]
    inside = tag(
        "table",
        tag("caption", label, class_="hr-sr"),
        tag("thead", head),
        tag("tbody", body),
        class_="hr-table__table hr-sortable",
        id=id,
    )
    return div(f"hr-table {class_}".rstrip(), inside)


def _row(first: str, starts: Sequence[tuple[str, str]], cells: tuple[Content, ...], anchor: str | None) -> Html:
    """Give a row whose cells begin as told: the first, and each other one with something in it or with nothing."""
    parts = [f"{first}{text(cells[0])}</th>"]
    for (filled, empty), cell in zip(starts, cells[1:], strict=True):
        inside = text(cell)
        parts.append(f"{filled if inside else empty}{inside}</td>")
    return tag("tr", Html("".join(parts)), id=anchor)


def _opened(element: Html) -> str:
    """Give the beginning of an element that has nothing in it: very many share one."""
    return element[: element.rindex("</")]


def unsearched(class_: str, *content: Content) -> Html:
    """Give a part of a page that is left out of the search index.

    It must hold no other `section`: Material's reader takes the end of any inner element of the same
    name for its end.
    """
    return tag("section", *content, class_=class_, data_search_exclude="")


def filters(view: View, target: str, *choices: tuple[str, str, Iterable[tuple[str, str]]]) -> Html:
    """Give what narrows the list or table with the id `target`: hidden until the site's script makes it work.

    A choice is the name of a `data-` attribute that rows carry, what it is called, and the values as (shown, value).
    """
    fields: list[Content] = []
    for key, label, values in choices:
        options = [tag("option", view.say("all"), value="")]
        options += [tag("option", shown, value=value) for shown, value in values]
        if len(options) > 2:
            fields.append(tag("label", span("hr-filter__label", label), tag("select", options, data_key=key)))
    words = tag("input", type="search", placeholder=view.say("any word"), data_key="")
    fields.append(tag("label", span("hr-filter__label", view.say("Containing")), words))
    result = tag("output", class_="hr-filter__result", aria_live="polite")
    return tag("form", fields, result, class_="hr-filter", hidden=True, data_hr_filter=target)


def folded(summary: Content, *content: Content, class_: str = "", open_: bool = False) -> Html:
    """Give content that opens on demand, without a script."""
    return tag("details", tag("summary", summary), *content, class_=f"hr-fold {class_}".rstrip(), open=open_)


def empty(*content: Content) -> Html:
    """Give the sentence for a place where there is nothing."""
    return tag("p", *content, class_="hr-nothing")


def span_text(view: View, span_: Duration) -> str:
    """Give a duration in words: "2 working days", "4 hours"."""
    unit = {"m": "minute", "h": "hour", "d": "day", "w": "week"}[span_.unit]
    amount = abs(span_.amount)
    whole = span_.unit in "mh" or span_.elapsed
    noun = unit if whole else f"working {unit}"
    return view.many(int(amount) if amount == int(amount) else amount, f"{{n:g}} {noun}", f"{{n:g}} {noun}s")


def due_rule(view: View, due: Due) -> str:
    """Give in words when a step of a procedure is due."""
    if due.day:
        return view.say("by {day}", day=due.day.isoformat())
    if due.span is None:
        return view.say("by {day}", day=due.anchor)
    if not due.anchor:
        return view.say("within {span}", span=span_text(view, due.span))
    if due.anchor == "start":
        sentences = "on the start", "{span} before the start", "{span} after the start"
    else:
        sentences = "on “{anchor}”", "{span} before “{anchor}”", "{span} after “{anchor}”"
    place = 0 if not due.span.amount else 1 if due.span.amount < 0 else 2
    return view.say(sentences[place], span=span_text(view, due.span), anchor=due.anchor)


def stage_counts(steps: Iterable[StepState]) -> tuple[int, int]:
    """Give how many of some steps (sub-steps included) are closed, and how many count at all."""
    counted = [step for step in walk_states(tuple(steps)) if step.state not in {"na", "cancelled"}]
    return sum(step.state in CLOSED for step in counted), len(counted)
