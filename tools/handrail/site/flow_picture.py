"""A procedure's flow picture as SVG in the theme's colours: a stage a lane, steps as boxes, what waits for what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handrail.base.value import dataclass
from handrail.model.calendar import Duration
from handrail.model.item import Item, walk
from handrail.model.process import Process
from handrail.model.state import RunState
from handrail.reports.figure_tables import span as span_of
from handrail.reports.process_flow import Here, ProcessFlow, Stop, Way, here_now, process_flow
from handrail.site.context import View, named_fields
from handrail.site.flow_layout import BOX_HEIGHT, BOX_WIDTH, Layout, Point, layout
from handrail.site.icons import ICONS
from handrail.site.markup import EMPTY, Html, div, link, tag, text
from handrail.site.parts import folded, icon, span_text, table
from handrail.site.wrap import cut, wrapped

_HREF = "xlink:href"
"""Material's instant navigation writes every `href` anew and fails at those of SVG; this one does the same."""
_LINE, _PAD, _ICON = 15, 9, 11
_TITLE_SIZE, _SMALL_SIZE = 12, 10
_BOLD = 1.15
"""Bold letters are so much wider."""
_ORDERS = {
    "sequence": "Steps are expected one after the other; a dashed arrow may be gone ahead of, a full one may not.",
    "strict": "Steps must be done one after the other.",
    "any": "Steps may be done in any order but for the arrows.",
}
_WAYS = {
    "after": "waits for {step}",
    "gate": "is behind the gate {step}",
    "order": "is expected after {step}",
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What all parts of one picture share. `day` is the length of a day in what is counted, in seconds."""

    view: View
    process: Process
    flow: ProcessFlow
    here: Mapping[int, Here]
    day: float
    before: Mapping[int, tuple[Way, ...]]


def flow_picture(view: View, process: Process, runs: Sequence[RunState]) -> Html:
    """Give the flow picture of a procedure with its runs on it; nothing where there is but one step."""
    flow = process_flow(process)
    if len(flow.stops) < 2:
        return EMPTY
    moment = view.site.overview.moment
    day = moment.time_for(process.calendar).seconds(Duration(1, "d"))
    before: dict[int, tuple[Way, ...]] = {}
    for way in flow.ways:
        before[way.target] = (*before.get(way.target, ()), way)
    drawing = Drawing(view, process, flow, here_now(flow, runs, moment), day, before)
    places = layout([stops for _, stops in flow.lanes], [(way.source, way.target) for way in flow.ways])
    name = view.words(process.title)
    frame = div(
        "hr-flow__frame",
        _svg(drawing, places, name),
        tabindex="0",
        role="region",
        aria_label=view.say("How the steps of {process} follow from each other, scrolls sideways", process=name),
        dir="ltr",
    )
    as_table = folded(view.say("The same as a table"), _table(drawing), class_="hr-fold--table")
    return div("hr-flow", frame, _legend(drawing), as_table)


def _svg(drawing: Drawing, places: Layout, name: str) -> Html:
    stops, stages = len(drawing.flow.stops), len(drawing.flow.lanes)
    count = drawing.view.count
    boxes_said, stages_said = count(stops, "box", "boxes"), count(stages, "stage")
    told = "{boxes} in {stages}. The table below says the same."
    said = drawing.view.say(told, boxes=boxes_said, stages=stages_said)
    lanes = [_lane(drawing, number, places) for number in range(len(drawing.flow.lanes))]
    ways = [_arrow(drawing, way, *arrow) for way, arrow in zip(drawing.flow.ways, places.arrows, strict=True)]
    boxes = [_box(drawing, number, place) for number, place in enumerate(places.boxes)]
    return tag(
        "svg",
        tag("title", name),
        tag("desc", said),
        _shapes(drawing),
        lanes,
        tag("g", ways, class_="hr-flow__ways"),
        boxes,
        viewBox=f"0 0 {places.width:g} {places.height:g}",
        role="group",
        class_="hr-flow__picture",
        style=f"--hr-flow:{places.width:g}px",
    )


def _lane(drawing: Drawing, number: int, places: Layout) -> Html:
    stage, stops = drawing.flow.lanes[number]
    lane = places.lanes[number]
    width = lane.right - lane.left
    runs = sum(drawing.here[stop].runs for stop in stops if stop in drawing.here)
    words = drawing.view.words(stage) or drawing.view.say("Steps")
    ground = tag("rect", x=lane.left, y=0, width=width, height=places.height, rx=4)
    name = tag("text", cut(words, width - 20, 13 * _BOLD), x=lane.left + 10, y=18, class_="hr-flow__stage")
    told = (
        tag("text", drawing.view.count(runs, "run"), x=lane.left + 10, y=33, class_="hr-flow__small") if runs else EMPTY
    )
    kind = "hr-flow__lane hr-flow__lane--odd" if number % 2 else "hr-flow__lane"
    return tag("g", ground, name, told, class_=kind)


def _arrow(drawing: Drawing, way: Way, path: str, point: Point) -> Html:
    x, y = point
    tip = tag("path", d=f"M{x - 3.5:g} {y - 6:g}l3.5 6 3.5-6Z", class_="hr-flow__tip")
    soft = way.kind == "order" and drawing.process.order != "strict"
    kind = "order" if soft else "gate" if way.kind == "gate" else "after"
    return tag("g", tag("path", d=path), tip, class_=f"hr-flow__way hr-flow__way--{kind}")


def _box(drawing: Drawing, number: int, place: Point) -> Html:
    stop, here = drawing.flow.stops[number], drawing.here.get(number)
    x, y = place
    item = stop.item
    many = drawing.flow.by_stage
    title = _title(drawing, stop)
    lines = wrapped(title if many else f"{stop.number}. {title}", BOX_WIDTH - 2 * _PAD, _TITLE_SIZE)
    rows = [
        tag("text", line, x=x + _PAD, y=y + 17 + row * _LINE, class_="hr-flow__title") for row, line in enumerate(lines)
    ]
    inside = [
        tag("title", _said(drawing, number, title)),
        tag("rect", x=x + 3, y=y + 3, width=BOX_WIDTH, height=BOX_HEIGHT, rx=4, class_="hr-flow__behind")
        if item.attributes.run and not many
        else EMPTY,
        tag("rect", x=x, y=y, width=BOX_WIDTH, height=BOX_HEIGHT, rx=4, class_="hr-flow__box"),
        rows,
        _foot(drawing, stop, here, place),
    ]
    return tag("a", inside, class_=_classes(stop, here, many), **{_HREF: f"#{item.id}"})


def _classes(stop: Stop, here: Here | None, many: bool) -> str:
    rules = stop.item.attributes
    kinds = ["hr-flow__stop"]
    if not many:
        kinds += ["hr-flow__stop--gate"] if rules.gate else []
        kinds += ["hr-flow__stop--perhaps"] if rules.condition or rules.optional else []
    kinds += ["hr-flow__stop--here"] if here else []
    return " ".join(kinds)


def _foot(drawing: Drawing, stop: Stop, here: Here | None, place: Point) -> Html:
    """Give the last line of a box: what is special about the step, and the runs that are there."""
    x, y = place[0] + _PAD, place[1] + BOX_HEIGHT - 8
    parts = []
    room = float(BOX_WIDTH - 2 * _PAD)
    if here:
        told = f"{here.runs} · {drawing.view.said(span_of(here.waited, drawing.day))}"
        width = 8 + sum(5.4 if ord(sign) < 0x2E80 else 10 for sign in told)
        left = place[0] + BOX_WIDTH - 5 - width
        parts.append(tag("rect", x=left, y=y - 10.5, width=width, height=14, rx=7, class_="hr-flow__pill"))
        parts.append(tag("text", told, x=left + width / 2, y=y, class_="hr-flow__count"))
        room -= width
    for name, word in _marks(drawing, stop):
        parts.append(_icon(name, x, y - 9))
        x, room = x + _ICON + 3, room - _ICON - 3
        shown = cut(word, room, _SMALL_SIZE) if word else ""
        if shown:
            parts.append(tag("text", shown, x=x, y=y, class_="hr-flow__small"))
            break
        if room < _ICON:
            break
    return text(parts)


def _marks(drawing: Drawing, stop: Stop) -> list[tuple[str, str]]:
    """Give the icons of a step, then one with words: the condition, else the wait, the other process, who does it."""
    rules = stop.item.attributes
    if drawing.flow.by_stage:
        return [("active", drawing.view.count(len(stop.items), "step"))]
    marks = [("gate", "")] if rules.gate else []
    marks += [("approval", "")] if rules.approval else []
    marks += [("optional", "")] if rules.optional else []
    worded = [("condition", rules.condition)] if rules.condition else []
    worded += (
        [("est", drawing.view.say("after {span}", span=span_text(drawing.view, rules.wait)))] if rules.wait else []
    )
    worded += [("run", _process_name(drawing, rules.run))] if rules.run else []
    worded += [("who", ", ".join(name.replace("_", " ") for name in rules.who))] if rules.who else []
    return marks + [(name, "") for name, _ in worded[1:] if name != "who"] + worded[:1]


def _process_name(drawing: Drawing, id: str) -> str:
    process = drawing.view.site.overview.workspace.processes.get(id)
    return drawing.view.words(process.title) if process else id


def _icon(name: str, x: float, y: float) -> Html:
    kind = f"hr-flow__icon hr-flow__icon--{name}"
    where = {_HREF: f"#hr-shape-{name}"}
    return tag("use", x=x, y=y, width=_ICON, height=_ICON, class_=kind, **where)


def _shapes(drawing: Drawing) -> Html:
    """Give the shapes of the icons that the boxes use, once."""
    names = sorted({name for stop in drawing.flow.stops for name, _ in _marks(drawing, stop)})
    shapes = [
        tag("symbol", tag("path", d=ICONS[name], fill_rule="evenodd"), id=f"hr-shape-{name}", viewBox="0 0 24 24")
        for name in names
    ]
    return tag("defs", shapes) if shapes else EMPTY


def _said(drawing: Drawing, number: int, title: str) -> str:
    told = [title, *_rules_said(drawing, number)]
    here = drawing.here.get(number)
    if here:
        told.append(_here_said(drawing.view, here, drawing.day))
    return "; ".join(told)


def _here_said(view: View, here: Here, day: float) -> str:
    single = "{n} run here, half of them for {span} or longer"
    several = "{n} runs here, half of them for {span} or longer"
    return view.many(here.runs, single, several, span=view.said(span_of(here.waited, day)))


def _rules_said(drawing: Drawing, number: int) -> list[str]:
    stop = drawing.flow.stops[number]
    view, rules = drawing.view, stop.item.attributes
    if drawing.flow.by_stage:
        return [view.count(len(stop.items), "step")]
    inner = sum(1 for _ in walk(stop.item.children))
    told = [view.count(inner, "sub-step")] if inner else []
    told += [view.say("a gate: nothing below before it")] if rules.gate else []
    told += [view.say("an approval")] if rules.approval else []
    told += [view.say("optional")] if rules.optional else []
    told += [view.say("only if {condition}", condition=rules.condition)] if rules.condition else []
    told += [view.say("{span} later", span=span_text(view, rules.wait))] if rules.wait else []
    told += [view.say("starts {process}", process=_process_name(drawing, rules.run))] if rules.run else []
    return told


def _table(drawing: Drawing) -> Html:
    view = drawing.view
    rows = []
    for number, stop in enumerate(drawing.flow.stops):
        here = drawing.here.get(number)
        item: Item | str = stop.item.stage if drawing.flow.by_stage else stop.item
        before = [view.say(_WAYS[way.kind], step=_name(drawing, way.source)) for way in drawing.before.get(number, ())]
        waited = view.said(span_of(here.waited, drawing.day)) if here else ""
        runs = view.say("{n}, median {span}", n=here.runs, span=waited) if here else ""
        rules = "; ".join(_rules_said(drawing, number))
        rows.append((link(f"#{stop.item.id}", view.title(item)), "; ".join(before), rules, runs))
    heads = ("Step", "Waits", "Rules", "Runs here")
    return table(view, view.say("Steps and what they wait for"), heads, rows)


def _name(drawing: Drawing, number: int) -> str:
    return f"“{_title(drawing, drawing.flow.stops[number])}”"


def _title(drawing: Drawing, stop: Stop) -> str:
    """Give what a stop is called, a field that a run fills in by its name."""
    words = drawing.view.words(stop.item.stage if drawing.flow.by_stage else stop.item.title)
    return named_fields(words)


def _legend(drawing: Drawing) -> Html:
    """Give what the marks mean, as far as the picture has them."""
    say, rules = drawing.view.say, [stop.item.attributes for stop in drawing.flow.stops]
    kinds = {way.kind for way in drawing.flow.ways}
    entries = [
        ("gate", "a gate: nothing below before it", any(one.gate for one in rules)),
        ("approval", "an approval", any(one.approval for one in rules)),
        ("condition", "only under a condition", any(one.condition for one in rules)),
        ("optional", "optional", any(one.optional for one in rules)),
        ("est", "some time later", any(one.wait for one in rules)),
        ("run", "done by a run of another process", any(one.run for one in rules)),
    ]
    keys = [
        tag("li", icon(name), " ", say(word)) for name, word, there in entries if there and not drawing.flow.by_stage
    ]
    if drawing.here:
        keys.append(
            tag(
                "li",
                tag("span", "2 · ", say("{n:.1f} d", n=3.0), class_="hr-flow__example"),
                " ",
                say("two runs are here, half of them for 3 days or longer"),
            )
        )
    order = (
        tag("p", say(_ORDERS[drawing.process.order]), class_="hr-small hr-quiet")
        if "order" in kinds or drawing.process.order == "any"
        else EMPTY
    )
    return text([tag("ul", keys, class_="hr-legend", aria_label=say("What the marks mean")) if keys else EMPTY, order])
