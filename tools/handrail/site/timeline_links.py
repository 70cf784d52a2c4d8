"""The arrows of a timeline. A place across is a share of the width, a step aside and a height are pixels.

So the picture can be made wider without being drawn anew: every piece of an arrow hangs on the place of one of
its two ends, and only level pieces span from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from handrail.base.value import dataclass
from handrail.reports.results import PlannedTask
from handrail.site.markup import Html, tag, text
from handrail.site.timeline_scale import Scale, percent

_OUT, _IN = 7, 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A straight piece: from (x, aside) to (x2, aside2), heights y to y2 below the first row. Per cent, pixels."""

    x: float
    aside: int
    y: float
    x2: float
    aside2: int
    y2: float
    critical: bool
    tip: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """Where a link leaves or meets a task: its place across, the middle of its row, and half the height of its mark."""

    x: float
    y: float
    half: float
    late: bool  # at the task's finish
    milestone: bool


def pieces(tasks: Iterable[PlannedTask], middles: Mapping[str, float], scale: Scale, bar: int) -> tuple[Piece, ...]:
    """Give the arrows between the tasks whose rows are drawn, as pieces. `middles` are the middles of the rows."""
    known = {task.item.id: task for task in tasks if task.item.id in middles}
    found: list[Piece] = []
    for task in known.values():
        for other in task.item.attributes.after:
            before = known.get(other.item)
            if before is None or before is task:
                continue
            leaves = _end(scale, before, middles, other.kind[0] == "f", bar)
            meets = _end(scale, task, middles, other.kind[1] == "f", bar)
            critical = before.critical and task.critical and task.state not in {"done", "skipped"}
            found += _route(leaves, meets, critical)
    return tuple(found)


def _end(scale: Scale, task: PlannedTask, middles: Mapping[str, float], late: bool, bar: int) -> End:
    x = scale.at(task.finish if late or task.milestone else task.start)
    return End(x, middles[task.item.id], 8 if task.milestone else bar / 2, late, task.milestone)


def _route(a: End, b: End, critical: bool) -> Iterator[Piece]:
    """Go level from the first task, then straight down (or up) onto the second; around where that is not possible."""

    def piece(x: float, aside: int, y: float, x2: float, aside2: int, y2: float, tip: bool = False) -> Piece:
        return Piece(x, aside, y, x2, aside2, y2, critical, tip)

    down = 1 if b.y > a.y else -1
    side = _OUT if a.late else -_OUT
    ahead = b.x >= a.x if a.late else b.x <= a.x
    if a.late != b.late and ahead:  # finish to start, and its mirror
        inside = 0 if b.milestone else _IN if a.late else -_IN
        if a.x != b.x:
            yield piece(a.x, 0, a.y, b.x, 0, a.y)
        if inside:
            yield piece(b.x, 0, a.y, b.x, inside, a.y)
        yield piece(b.x, inside, a.y, b.x, inside, b.y - down * b.half, tip=True)
    elif a.late == b.late:  # start to start, finish to finish: around the outer of the two
        outer = max(a.x, b.x) if a.late else min(a.x, b.x)
        yield piece(a.x, 0, a.y, a.x, side, a.y)
        if outer != a.x:
            yield piece(a.x, side, a.y, outer, side, a.y)
        yield piece(outer, side, a.y, outer, side, b.y)
        if outer != b.x:
            yield piece(outer, side, b.y, b.x, side, b.y)
        yield piece(b.x, side, b.y, b.x, _edge(b, side), b.y, tip=True)
    else:  # against the flow: between the rows and back
        between = b.y - down * 15
        yield piece(a.x, 0, a.y, a.x, side, a.y)
        yield piece(a.x, side, a.y, a.x, side, between)
        yield piece(a.x, side, between, a.x, 0, between)
        yield piece(a.x, 0, between, b.x, 0, between)
        yield piece(b.x, 0, between, b.x, -side, between)
        yield piece(b.x, -side, between, b.x, -side, b.y)
        yield piece(b.x, -side, b.y, b.x, _edge(b, -side), b.y, tip=True)


def _edge(end: End, side: int) -> int:
    return 0 if not end.milestone else 8 if side > 0 else -8


def drawn(found: Iterable[Piece], top: float, bottom: float) -> Html:
    """Give the pieces that lie between two heights, as seen from the upper one."""
    level: list[Html] = []
    hung: list[Piece] = []
    for one in found:
        if one.y != one.y2:
            hung += _cut(one, top, bottom)
        elif top <= one.y < bottom and one.x == one.x2:
            hung.append(one)
        elif top <= one.y < bottom:
            level.append(_level(one, top))
    hung.sort(key=lambda one: (one.x, one.critical))
    groups = groupby(hung, key=lambda one: one.x)
    return tag("g", level, [_hung(x, tuple(group), top) for x, group in groups], class_="hr-gantt__links")


def _cut(one: Piece, top: float, bottom: float) -> tuple[Piece, ...]:
    low, high = max(min(one.y, one.y2), top), min(max(one.y, one.y2), bottom)
    if low >= high:
        return ()
    start, end = (low, high) if one.y < one.y2 else (high, low)
    return (Piece(one.x, one.aside, start, one.x2, one.aside2, end, one.critical, one.tip and end == one.y2),)


def _level(one: Piece, top: float) -> Html:
    return tag(
        "line",
        x1=percent(one.x),
        x2=percent(one.x2),
        y1=_number(one.y - top),
        y2=_number(one.y - top),
        transform=f"translate({one.aside})" if one.aside else None,
        class_="hr-c" if one.critical else None,
    )


def _hung(x: float, found: tuple[Piece, ...], top: float) -> Html:
    parts: list[Html] = []
    for critical, group in groupby(found, key=lambda one: one.critical):
        kind = "hr-c" if critical else None
        same = tuple(group)
        plain = "".join(_path(one, top) for one in same if not one.tip)
        if plain:
            parts.append(tag("path", d=plain, class_=kind))
        for one in same:
            if one.tip:
                mark = "url(#hr-tip-critical)" if critical else "url(#hr-tip)"
                parts.append(tag("path", d=_path(one, top), class_=kind, marker_end=mark))
    return tag("svg", text(parts), x=percent(x))


def _path(one: Piece, top: float) -> str:
    turn = f"H{one.aside2}" if one.y == one.y2 else f"V{_number(one.y2 - top)}"
    return f"M{one.aside} {_number(one.y - top)}{turn}"


def _number(amount: float) -> str:
    return f"{amount:.1f}".rstrip("0").rstrip(".")


def tips() -> Html:
    """Give the points of the arrows, once for a page."""
    marks = [
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
            markerUnits="userSpaceOnUse",
        )
        for kind in ("", "-critical")
    ]
    return tag("defs", marks)
