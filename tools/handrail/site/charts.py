"""Statistical charts as SVG, finished when the site is built: coloured by the style sheet, told again as a table.

pygal works out scales, ticks and paths. Of what it draws only shapes and words are kept: no script, no styles, no
ids, no date of today, so that the same data give the same bytes and the theme's colours hold in light and dark.
"""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any, Literal, TypeAlias

from handrail.base.value import dataclass
from handrail.site.language import Language
from handrail.site.markup import EMPTY, Content, Html, div, span, tag, text
from handrail.site.parts import folded

Kind = Literal["lines", "bars", "areas", "histogram"]
X: TypeAlias = "date | float | str"

WIDTH, HEIGHT = 720, 240
_MOST_LABELS, _MOST_ROWS = 9, 40
_LONG = re.compile(r"-?\d+\.\d+")
_ROLES = frozenset({"plan", "done", "cost", "limit", "expected"})


@dataclass(frozen=True, slots=True)
class Series:
    """One series: its name, a value for each place across (None: not known), and what it stands for.

    `role` is `plan`, `done`, `cost`, `limit` or `expected`, which always look the same; empty: told apart by place.
    """

    name: str
    values: tuple[float | None, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """An upright line with a name: a percentile, today. `at` is a place across."""

    name: str
    at: date | float


@dataclass(frozen=True, slots=True)
class ChartData:
    """What a chart shows.

    `x` are the places across, rising: dates or numbers; for `bars` also words. A `histogram` has one series with a
    count for each space between two of its `x`, which are edges. The series of `areas` are layers, the lowest first,
    each with its own height. `unit` follows the values, `x_name` heads the first column of the table; `says` tells in
    a sentence what there is to see.
    """

    title: str
    says: str
    x: tuple[X, ...]
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    unit: str = ""
    x_name: str = ""


def chart(language: Language, kind: Kind, data: ChartData) -> Html:
    """Give a chart as a figure: the picture, what its colours mean, and the same as a table; nothing without values."""
    if not any(value for series in data.series for value in series.values):
        return EMPTY
    svg = tag(
        "svg",
        tag("title", data.title),
        tag("desc", data.says),
        _drawn(language, kind, data),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        class_=f"hr-chart__picture hr-chart__picture--{kind}",
    )
    label = language.say("{title}, scrolls sideways", title=data.title)
    frame = div("hr-chart__frame", svg, tabindex="0", role="region", aria_label=label)
    caption = tag("figcaption", tag("b", data.title), " ", data.says)
    return tag("figure", caption, frame, _legend(language, data), _table(language, kind, data), class_="hr-chart")


def _drawn(language: Language, kind: Kind, data: ChartData) -> Html:
    import pygal
    from pygal.style import Style

    drawing = {"bars": pygal.Bar, "histogram": pygal.Histogram}.get(kind, pygal.XY)
    ticks = _ticks(_highest(kind, data))
    made = drawing(
        style=Style(label_font_size=11, major_label_font_size=11),
        js=(),
        css=(),
        width=WIDTH,
        height=HEIGHT,
        margin=6,
        show_legend=False,
        show_dots=False,
        truncate_label=-1,
        fill=kind == "areas",
        range=(0, ticks[-1]),
        y_labels=ticks,
        value_formatter=lambda value: _number(language, value, data.unit),
    )
    made.x_labels = _x_labels(language, kind, data)
    for name, points in _points(kind, data, ticks[-1]):
        made.add(name, points)
    return _kept(made.render_tree(), [*_class_names(kind, data)])


def _points(kind: Kind, data: ChartData, top: float) -> list[tuple[str, list[Any]]]:
    places = [_place(x) for x in data.x]
    found: list[tuple[str, list[Any]]] = []
    if kind == "bars":
        return [(series.name, list(series.values)) for series in data.series]
    if kind == "histogram":
        counts = data.series[0].values
        bins = zip(counts, places, places[1:], strict=False)
        found.append((data.series[0].name, [(count or 0, left, right) for count, left, right in bins]))
        hair = (places[-1] - places[0]) / WIDTH / 10
        return found + [(mark.name, [(top, _place(mark.at), _place(mark.at) + hair)]) for mark in data.marks]
    layers = _stacked(data) if kind == "areas" else [series.values for series in data.series]
    for series, values in zip(data.series, layers, strict=True):
        known = [(place, value) for place, value in zip(places, values, strict=True) if value is not None]
        found.append((series.name, known))
    if kind == "areas":
        found.reverse()
    return found + [(mark.name, [(_place(mark.at), 0), (_place(mark.at), top)]) for mark in data.marks]


def _class_names(kind: Kind, data: ChartData) -> list[str]:
    names = [
        f"hr-chart__s hr-s-{series.role if series.role in _ROLES else place % 6 + 1}"
        for place, series in enumerate(data.series)
    ]
    if kind == "areas":
        names.reverse()
    return names + [f"hr-chart__mark hr-m-{place % 3 + 1}" for place, _ in enumerate(data.marks)]


def _stacked(data: ChartData) -> list[tuple[float, ...]]:
    found: list[tuple[float, ...]] = []
    below: tuple[float, ...] = (0.0,) * len(data.x)
    for series in data.series:
        below = tuple(low + (value or 0.0) for low, value in zip(below, series.values, strict=True))
        found.append(below)
    return found


def _highest(kind: Kind, data: ChartData) -> float:
    if kind == "areas":
        return max(_stacked(data)[-1])
    return max(value for series in data.series for value in series.values if value is not None)


def _ticks(highest: float) -> list[float]:
    """Give about four round steps from nought to above the highest value."""
    rough = max(highest, 1e-9) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    sizes = (1, 2, 5, 10) if power == 1 else (1, 2, 2.5, 5, 10)  # what is counted comes in whole numbers
    step = next(size * power for size in sizes if size * power >= rough)
    step = max(step, 1.0) if highest >= 1 else step
    return [round(step * number, 6) for number in range(math.ceil(highest / step - 1e-9) + 1)]


def _x_labels(language: Language, kind: Kind, data: ChartData) -> list[Any]:
    every = max(1, math.ceil(len(data.x) / _MOST_LABELS))
    if kind == "bars":
        return [_shown(language, x) if place % every == 0 else "" for place, x in enumerate(data.x)]
    months = [x for x in data.x if isinstance(x, date)]
    if len(months) > 1 and (months[-1] - months[0]).days > 75:
        return [
            {"value": first.toordinal(), "label": language.date(first, "short")}
            for first in _firsts(months[0], months[-1])
        ]
    return _apart([(_place(x), _shown(language, x)) for x in data.x[::every]])


def _apart(labels: list[tuple[float, str]]) -> list[Any]:
    """Leave out labels that would stand on the one before."""
    room = (labels[-1][0] - labels[0][0]) / (_MOST_LABELS + 3)
    found: list[Any] = []
    for place, label in labels:
        if not found or place - found[-1]["value"] >= room:
            found.append({"value": place, "label": label})
    return found


def _firsts(start: date, end: date) -> list[date]:
    """Give the first days of months in a span, thinned so that their names have room."""
    found = []
    year, month = start.year, start.month + 1
    while (first := date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)) <= end:
        found.append(first)
        month += 1
    return found[:: max(1, math.ceil(len(found) / 12))]


def _place(x: X) -> float:
    return float(x.toordinal()) if isinstance(x, date) else 0.0 if isinstance(x, str) else float(x)


def _shown(language: Language, x: X) -> str:
    return language.date(x, "date") if isinstance(x, date) else x if isinstance(x, str) else language.number(x, "g")


def _number(language: Language, value: float, unit: str) -> str:
    shown = (
        f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.2f}".rstrip("0").rstrip(".")
    )
    return f"{language.figures(shown)} {unit}".rstrip()


def _kept(root: Any, names: list[str]) -> Html:
    """Give the shapes and words of a drawing; the classes of its series are replaced by `names`."""
    plot = next(node for node in root.iter() if node.get("class") == "plot")
    return tag("g", [_node(node, names) for node in plot], transform=_short(plot.get("transform", "")))


def _node(node: Any, names: list[str]) -> Html:
    kind = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
    if kind not in ("g", "path", "rect", "text") or node.get("class") == "background":
        return EMPTY
    inside = [_node(child, names) for child in node]
    if kind == "g" and not any(inside):
        return EMPTY
    kept = {key: _short(node.get(key)) for key in ("d", "x", "y", "width", "height", "transform") if node.get(key)}
    content: Content = [node.text or "", inside] if kind == "text" else inside
    return tag(kind, content, class_=_class(node.get("class") or "", names), **kept)


def _class(given: str, names: list[str]) -> str | None:
    found = re.match(r"series serie-(\d+)", given)
    if found:
        return names[int(found[1])]
    words = set(given.split())
    if "line" in words:
        return None if "reactive" in words else "hr-chart__guide"
    return None if "axis" not in words else "hr-chart__y" if "y" in words else "hr-chart__x"


def _short(given: str) -> str:
    return _LONG.sub(lambda number: f"{float(number[0]):.1f}".rstrip("0").rstrip("."), given)


def _legend(language: Language, data: ChartData) -> Html:
    names = [*(one.name for one in data.series), *(one.name for one in data.marks)]
    if len(names) < 2:
        return EMPTY
    named = zip(_class_names("lines", data), names, strict=True)
    rows = [tag("li", span(f"hr-chart__key {kind}", aria_hidden="true"), " ", name) for kind, name in named]
    return tag("ul", rows, class_="hr-legend", aria_label=language.say("What the colours mean"))


def _table(language: Language, kind: Kind, data: ChartData) -> Html:
    places = range(len(data.series[0].values))
    every = max(1, math.ceil(len(places) / _MOST_ROWS))
    shown = [place for place in places if place % every == 0 or place == len(places) - 1]
    head = [
        tag("th", name, scope="col")
        for name in (data.x_name or language.say("When"), *(one.name for one in data.series))
    ]
    rows = []
    for place in shown:
        x = _shown(language, data.x[place])
        if kind == "histogram":
            x = f"{x} – {_shown(language, data.x[place + 1])}"
        cells = [one.values[place] for one in data.series]
        values = [tag("td", "" if value is None else _number(language, value, data.unit)) for value in cells]
        rows.append(tag("tr", tag("th", x, scope="row"), values))
    marks = [tag("li", mark.name) for mark in data.marks]
    caption = tag("caption", data.title, class_="hr-sr")
    inside = tag("table", caption, tag("thead", tag("tr", head)), tag("tbody", rows))
    label = language.say("{title} as a table, scrolls sideways", title=data.title)
    frame = div("hr-scroll", inside, tabindex="0", role="region", aria_label=label)
    return folded(
        language.say("The same as a table"), frame, tag("ul", text(marks)) if marks else EMPTY, class_="hr-fold--table"
    )
