"""Charts: finished pictures that hold nothing but shapes and words, and the same as a table."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.site.charts import ChartData, Kind, Mark, Series, chart
from handrail.site.language import Language

EVIL = '<script>alert("1")</script>'
MONDAYS = tuple(date(2026, 9, 7) + timedelta(weeks=number) for number in range(12))
WEEKS = ChartData("Finished by week", "How many runs ended.", MONDAYS, (Series("finished", tuple(range(12)), "done"),))
DAYS = ChartData(
    title="Cumulative flow",
    says="How many runs were in each stage.",
    x=tuple(date(2026, 11, 2) + timedelta(days=number) for number in range(20)),
    series=(Series("Done", tuple(range(20)), "done"), Series("Review", (2,) * 20), Series("Work", (3,) * 20)),
)
TIMES = ChartData(
    title="Cycle time",
    says="How long runs took.",
    x=(0.0, 1.0, 2.0, 3.0, 4.0),
    series=(Series("runs", (3, 7, 2, 1)),),
    marks=(Mark("50 % within 1.4 days", 1.4), Mark("85 % within 2.5 days", 2.5)),
    x_name="Days",
)
VALUE = ChartData(
    title="Value",
    says="Planned, earned, spent.",
    x=MONDAYS,
    series=(
        Series("planned", tuple(100.0 * number for number in range(12)), "plan"),
        Series("earned", (*(80.0 * number for number in range(6)), *(None,) * 6), "done"),
    ),
    marks=(Mark("today", date(2026, 10, 12)),),
    unit="EUR",
)
ALL: tuple[tuple[Kind, ChartData], ...] = (("bars", WEEKS), ("areas", DAYS), ("histogram", TIMES), ("lines", VALUE))


def picture(html: str) -> ET.Element:
    return ET.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])


@pytest.mark.parametrize(("kind", "data"), ALL)
def test_a_chart_has_a_title_a_description_its_series_and_a_table(kind: Kind, data: ChartData):
    html = chart(Language(), kind, data)
    svg = picture(html)
    assert svg.get("role") == "img"
    assert [svg[0].text, svg[1].text] == [data.title, data.says]
    assert len(svg.findall(".//*[@class]/[@class]")) > 0
    drawn = [node for node in svg.iter("g") if "hr-chart__s" in (node.get("class") or "")]
    assert len(drawn) == len(data.series)
    rows = len(data.x) - (kind == "histogram")
    assert html.count('<th scope="row">') == rows
    assert all(one.name in html for one in (*data.series, *data.marks))


@pytest.mark.parametrize(("kind", "data"), ALL)
def test_a_chart_is_the_same_each_time_and_holds_nothing_but_shapes_and_words(kind: Kind, data: ChartData):
    html = chart(Language(), kind, data)
    assert html == chart(Language(), kind, data)
    names = {node.tag for node in picture(html).iter()}
    assert names <= {"svg", "title", "desc", "g", "path", "rect", "text"}
    assert not re.search(r"<!--|<script|<style|\bid=|\bon\w+=|https?:|#[0-9a-f]{3,6}\b", html)


def test_a_bar_is_as_high_as_its_value():
    heights = [float(node.get("height", "0")) for node in picture(chart(Language(), "bars", WEEKS)).iter("rect")]
    assert heights[10] == pytest.approx(10 * heights[1], rel=0.02)


def test_layers_stand_on_each_other():
    svg = picture(chart(Language(), "areas", DAYS))
    highest = [min(float(y) for y in re.findall(r" (-?[\d.]+)(?= |$)", path.get("d", ""))) for path in svg.iter("path")]
    layers = highest[-3:]
    assert layers == sorted(layers), "the uppermost layer is drawn first, the others over it"


def test_hostile_names_are_words():
    data = ChartData(EVIL, EVIL, (EVIL, "b"), (Series(EVIL, (1, 2)),), unit=EVIL)
    html = chart(Language(), "bars", data)
    assert "<script" not in html and EVIL in unescape(html)


def test_without_values_there_is_no_chart():
    assert chart(Language(), "lines", ChartData("t", "s", MONDAYS, (Series("a", (None,) * 12),))) == ""
    assert chart(Language(), "areas", ChartData("t", "s", (), ())) == ""


def test_a_long_series_has_a_table_that_can_be_read():
    days = tuple(date(2026, 1, 1) + timedelta(days=number) for number in range(365))
    html = chart(
        Language(), "areas", ChartData("t", "s", days, (Series("a", tuple(range(365))), Series("b", (1,) * 365)))
    )
    assert html.count('<th scope="row">') <= 42
    assert ">31 Dec<" in html, "the last day is told"


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1e9) | st.none(), min_size=1, max_size=15), st.sampled_from(["lines", "bars", "areas"]))
def test_any_values_give_places_inside_the_picture(values: list[float | None], kind: Kind):
    data = ChartData("t", "s", tuple(float(place) for place in range(len(values))), (Series("a", tuple(values)),))
    html = chart(Language(), kind, data)
    assert "nan" not in html.replace("financ", "") and "inf" not in html
    if html:
        for path in picture(html).iter("path"):
            assert all(-60 <= float(number) <= 800 for number in re.findall(r"-?[\d.]+", path.get("d", "")))


def test_dates_that_lie_together_have_one_label():
    days = (date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 26), date(2026, 10, 27))
    svg = picture(chart(Language(), "lines", ChartData("t", "s", days, (Series("a", (1, 2, 3, 4)),))))
    told = [node.text for node in svg.iter("text")]
    assert "26 Oct" in told and "27 Oct" not in told


def test_what_is_counted_has_whole_steps():
    told = [node.text or "" for node in picture(chart(Language(), "bars", WEEKS)).iter("text")]
    assert not any("." in word for word in told)
