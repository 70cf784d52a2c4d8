"""Where the boxes and arrows of a flow picture stand: stages side by side, arrows only in the gaps between boxes.

Boxes stand on a grid that all stages share. Between its rows run level channels, between its columns upright ones; an
arrow leaves a box downwards, takes a channel, an upright one where the next row is not its aim, and comes from above.
So no arrow ever crosses a box. In a channel, arrows from one box or to one box share a track, others keep apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from handrail.base.value import dataclass

BOX_WIDTH, BOX_HEIGHT = 146, 58
HEAD = 40
_TRACK, _LEVEL, _UPRIGHT, _BETWEEN, _EDGE = 6, 20, 12, 14, 10
_BEND = 5
_ROWS = {1: 4, 2: 8}
_MOST_ROWS, _MOST_COLUMNS = 14, 4

_KINDS = ("from", "next", "to")
"""Away from a box to an upright channel; from a box to one in the next row; from an upright channel to a box."""

Key = tuple[str, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lane:
    """A stage: from where to where across."""

    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of the boxes' upper left corners, the lanes, and for each arrow its path and its point."""

    width: float
    height: float
    boxes: tuple[Point, ...]
    lanes: tuple[Lane, ...]
    arrows: tuple[tuple[str, Point], ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class _Route:
    """The channels that an arrow takes: level ones under its start and above its aim, between them an upright one."""

    start: _Cell
    aim: _Cell
    upright: int | None


class _Tracks:
    """The tracks of channels: who goes from where to where in each, and on which track."""

    def __init__(self) -> None:
        self._spans: dict[int, dict[Key, tuple[int, int]]] = {}
        self._tracks: dict[tuple[int, Key], int] = {}
        self.counts: dict[int, int] = {}

    def add(self, channel: int, key: Key, one: int, other: int) -> None:
        """Note that `key` needs a channel between two places."""
        low, high = min(one, other), max(one, other)
        known = self._spans.setdefault(channel, {}).get(key, (low, high))
        self._spans[channel][key] = (min(low, known[0]), max(high, known[1]))

    def share_out(self) -> None:
        """Give each its track: those that would lie on each other lie beside each other.

        What leaves a box lies above what comes to one, else the two would look like one arrow where they meet.
        """
        for channel, spans in self._spans.items():
            used = 0
            for kind in _KINDS:
                ends: list[int] = []
                for key, (low, high) in sorted(spans.items(), key=lambda one: (one[1], one[0])):
                    if key[0] == kind:
                        track = next((number for number, end in enumerate(ends) if end < low), len(ends))
                        ends[track : track + 1] = [high]
                        self._tracks[channel, key] = used + track
                used += len(ends)
            self.counts[channel] = used

    def aside(self, channel: int, key: Key) -> float:
        """Give how far from the middle of its channel a track lies, in pixels."""
        return (self._tracks[channel, key] - (self.counts[channel] - 1) / 2) * _TRACK


def layout(lanes: Sequence[Sequence[int]], ways: Sequence[tuple[int, int]]) -> Layout:
    """Place the boxes of each lane (their numbers, in their order) and draw the ways between them as arrows."""
    cells, columns = _cells(lanes)
    routes = [_route(cells[source], cells[target]) for source, target in ways]
    pairs = list(zip(ways, routes, strict=True))
    level, upright = _shared_out(pairs)
    rows = max((cell.row for cell in cells.values()), default=0) + 1
    lefts, gaps, found = _across(columns, upright.counts)
    tops, channels, height = _down(rows, level.counts)
    boxes = tuple((lefts[cells[number].column], tops[cells[number].row]) for number in sorted(cells))

    def points(source: int, target: int, route: _Route) -> list[Point]:
        x, x2 = lefts[route.start.column] + BOX_WIDTH / 2, lefts[route.aim.column] + BOX_WIDTH / 2
        y, y2 = tops[route.start.row] + BOX_HEIGHT, tops[route.aim.row]
        below, above = route.start.row + 1, route.aim.row
        if route.upright is None:
            if x == x2:
                return [(x, y), (x2, y2)]
            middle = channels[below] + level.aside(below, ("next", source))
            return [(x, y), (x, middle), (x2, middle), (x2, y2)]
        first = channels[below] + level.aside(below, ("from", source))
        last = channels[above] + level.aside(above, ("to", target))
        gap = gaps[route.upright] + upright.aside(route.upright, ("to", target))
        return [(x, y), (x, first), (gap, first), (gap, last), (x2, last), (x2, y2)]

    arrows = tuple((_path(line), line[-1]) for line in (points(*way, route) for way, route in pairs))
    return Layout(found[-1].right + 1 if found else 0, height, boxes, found, arrows)


def _cells(lanes: Sequence[Sequence[int]]) -> tuple[Mapping[int, _Cell], tuple[int, ...]]:
    """Give each box its place on the grid, and each lane its number of columns. A long lane goes on beside itself."""
    limit = _ROWS.get(len(lanes), _MOST_ROWS)
    cells: dict[int, _Cell] = {}
    columns: list[int] = []
    for lane in lanes:
        wanted = min(math.ceil(len(lane) / limit), _MOST_COLUMNS)
        rows = min(math.ceil(len(lane) / max(wanted, 1)), _MOST_ROWS)
        for place, number in enumerate(lane):
            cells[number] = _Cell(sum(columns) + place // rows, place % rows)
        columns.append(math.ceil(len(lane) / rows))
    return cells, tuple(columns)


def _route(start: _Cell, aim: _Cell) -> _Route:
    if aim.row == start.row + 1:
        return _Route(start, aim, None)
    return _Route(start, aim, aim.column if aim.column >= start.column else aim.column + 1)


def _shared_out(pairs: Iterable[tuple[tuple[int, int], _Route]]) -> tuple[_Tracks, _Tracks]:
    """Give the tracks of the level channels (numbered by the row beneath) and of the upright ones (by the column)."""
    level, upright = _Tracks(), _Tracks()
    for (source, target), route in pairs:
        below, above = route.start.row + 1, route.aim.row
        start, aim = 2 * route.start.column + 1, 2 * route.aim.column + 1
        if route.upright is None:
            if start != aim:
                level.add(below, ("next", source), start, aim)
            continue
        level.add(below, ("from", source), start, 2 * route.upright)
        level.add(above, ("to", target), 2 * route.upright, aim)
        upright.add(route.upright, ("to", target), below, above)
    level.share_out()
    upright.share_out()
    return level, upright


def _across(columns: Sequence[int], counts: Mapping[int, int]) -> tuple[list[float], list[float], tuple[Lane, ...]]:
    """Give the left edges of the columns, the middles of the gaps before and after them, and the lanes."""
    lefts: list[float] = []
    gaps: list[float] = []
    lanes: list[Lane] = []
    x, column = 1.0, 0
    for width in columns:
        begin = x
        for _ in range(width):
            gap = _UPRIGHT + _TRACK * counts.get(column, 0) + (_EDGE if column == 0 else 0)
            gaps.append(x + gap / 2)
            lefts.append(x + gap)
            x += gap + BOX_WIDTH
            column += 1
        x += _BETWEEN
        lanes.append(Lane(begin, x))
    last = _TRACK * counts.get(column, 0)
    gaps.append(x + last / 2)
    if lanes:
        lanes[-1] = Lane(lanes[-1].left, x + last)
    return lefts, gaps, tuple(lanes)


def _down(rows: int, counts: Mapping[int, int]) -> tuple[list[float], list[float], float]:
    """Give the upper edges of the rows, the middles of the channels above and below them, and the whole height."""
    tops: list[float] = []
    channels: list[float] = []
    y = float(HEAD)
    for row in range(rows + 1):
        channel = _LEVEL + _TRACK * max(counts.get(row, 0) - 1, 0)
        if row in (0, rows) and not counts.get(row):
            channel = _EDGE
        channels.append(y + channel / 2 - (2 if row < rows else 0))
        y += channel
        if row < rows:
            tops.append(y)
            y += BOX_HEIGHT
    return tops, channels, y


def _path(points: Sequence[Point]) -> str:
    """Draw straight pieces with rounded corners."""
    line = [points[0], *(there for here, there in pairwise(points) if here != there)]
    parts = [f"M{_spot(line[0])}"]
    for before, corner, after in zip(line, line[1:], line[2:], strict=False):
        parts.append(f"L{_spot(_toward(corner, before))}Q{_spot(corner)} {_spot(_toward(corner, after))}")
    parts.append(f"L{_spot(line[-1])}")
    return "".join(parts)


def _toward(corner: Point, other: Point) -> Point:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = math.hypot(dx, dy)
    part = min(_BEND, length / 2) / length
    return corner[0] + dx * part, corner[1] + dy * part


def _spot(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}".replace(".0", "")
