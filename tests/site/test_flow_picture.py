"""A procedure's flow picture: what follows from what, what is special about each step, and where the runs are."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_made import PROCESS, RUN, SAMPLE

from handrail.format.process import read_process
from handrail.reports.process_flow import process_flow
from handrail.site.flow_layout import BOX_HEIGHT, BOX_WIDTH, layout
from handrail.site.wrap import width_of, wrapped
from handrail.text.document import read_document

EVIL = '<script>alert("1")</script>'


def ways(text: str) -> list[tuple[str, str, str]]:
    process = read_process(read_document("processes/x/README.md", f"---\ntitle: X\n{text}"), "x").value
    assert process is not None
    flow = process_flow(process)
    names = [stop.item.id for stop in flow.stops]
    return [(names[way.source], names[way.target], way.kind) for way in flow.ways]


def test_steps_follow_each_other_as_the_file_says_unless_they_say_otherwise():
    body = "\n- [ ] A {#a}\n\n- [ ] B {#b}\n\n- [ ] C {#c after=a}\n"
    assert ways(f"---\n{body}") == [("a", "b", "order"), ("a", "c", "after")]
    assert ways(f"order: any\n---\n{body}") == [("a", "c", "after")]


def test_what_other_arrows_say_already_is_left_out():
    body = "\n- [ ] A {#a}\n\n- [ ] B {#b after=a}\n\n- [ ] C {#c after=a,b}\n"
    assert ways(f"order: any\n---\n{body}") == [("a", "b", "after"), ("b", "c", "after")]


def test_all_below_a_gate_is_behind_it_and_sub_steps_belong_to_their_step():
    body = "\n## One\n\n- [ ] A {#a gate}\n  - [ ] x {#x}\n\n## Two\n\n- [ ] B {#b}\n\n- [ ] C {#c after=x}\n"
    assert ways(f"order: any\n---\n{body}") == [("a", "b", "gate"), ("a", "c", "gate")]


def test_steps_that_wait_for_each_other_in_a_ring_are_drawn_all_the_same():
    body = "\n- [ ] A {#a after=c}\n\n- [ ] B {#b after=a}\n\n- [ ] C {#c after=b}\n"
    assert sorted(ways(f"---\n{body}")) == [("a", "b", "after"), ("b", "c", "after"), ("c", "a", "after")]


def test_of_a_very_long_procedure_each_stage_is_a_box():
    body = "".join(f"\n## S{stage}\n" + "".join(f"\n- [ ] T {{#t{stage}-{n}}}\n" for n in range(25)) for stage in "abc")
    assert ways(f"---\n{body}") == [("ta-0", "tb-0", "order"), ("tb-0", "tc-0", "order")]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[list[int]], list[tuple[int, int]]]:
    sizes = draw(st.lists(st.integers(1, 18), min_size=1, max_size=5))
    edge = st.tuples(st.integers(0, sum(sizes) - 1), st.integers(0, sum(sizes) - 1))
    pairs = draw(st.lists(edge.filter(lambda pair: pair[0] != pair[1]), max_size=30, unique=True))
    begins = [sum(sizes[:place]) for place in range(len(sizes))]
    return [list(range(begin, begin + size)) for begin, size in zip(begins, sizes, strict=True)], pairs


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_no_arrow_crosses_a_box_and_all_stay_inside_the_picture(graph):
    lanes, pairs = graph
    found = layout(lanes, pairs)
    assert layout(lanes, pairs) == found
    assert len(set(found.boxes)) == sum(map(len, lanes))
    for left, top in found.boxes:
        assert 0 <= left <= found.width - BOX_WIDTH and 0 <= top <= found.height - BOX_HEIGHT
    for path, point in found.arrows:
        spots = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]
        assert spots[-1] == pytest.approx(point, abs=0.1)
        for (x, y), (x2, y2) in pairwise(spots):
            assert min(x, x2, y, y2) >= 0
            assert max(x, x2) <= found.width and max(y, y2) <= found.height
            for left, top in found.boxes:
                beside = max(x, x2) <= left or min(x, x2) >= left + BOX_WIDTH
                above_or_below = max(y, y2) <= top + 0.1 or min(y, y2) >= top + BOX_HEIGHT - 0.1
                assert beside or above_or_below


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.integers(20, 200))
def test_words_in_a_picture_keep_to_their_room(words: str, room: int):
    lines = wrapped(words, room, 12)
    assert len(lines) <= 2
    assert all(len(line) == 1 or width_of(line, 12) <= room for line in lines)


def part(page: str, name: str) -> str:
    begin = page.index(f'id="part--{name}"')
    return page[begin : page.index("<h2", begin)]


def test_the_page_shows_the_flow_with_the_runs_that_are_on_each_step(build):
    second = RUN.replace("2026-11-16-ada", "2026-11-16-bo").replace("Ada Lovelace", "Bo")
    site = build({"processes/customer-onboarding/runs/2026-11-16-bo.md": second})
    page = part((site / "processes/customer-onboarding/index.html").read_text("utf-8"), "flow")
    boxes = re.findall(r'<a class="hr-flow__stop[^"]*" xlink:href="#([^"]+)"><title>([^<]*)</title>', page)
    assert [anchor for anchor, _ in boxes] == ["send", "signed", "tell", "ok"]
    said = {anchor: unescape(words) for anchor, words in boxes}
    assert "2. Get it back" not in said["signed"], "the number is for the eye"
    assert "2 sub-steps" in said["signed"] and "a gate: nothing below before it" in said["signed"]
    assert re.search(r"2 runs here, half of them for \d\.\d d or longer", said["signed"])
    assert "only if plan == 'pro'" in said["tell"] and "optional" in said["ok"] and "an approval" in said["ok"]
    assert page.count('class="hr-flow__lane') == 2
    table = unescape(re.sub(r"<[^>]+>", " ", page[page.index("The same as a table") :]))
    assert "is behind the gate “Get it back signed”" in table
    assert "customer" in said["send"] and "{{" not in page


def test_a_process_of_one_step_has_no_flow_picture_and_hostile_titles_are_words(build):
    odd = PROCESS.replace("Tell success", EVIL)
    one = "---\ntitle: One\n---\n\n- [ ] Only {#only}\n"
    site = build({"processes/one/README.md": one, "processes/odd/README.md": odd}, files=SAMPLE)
    assert "part--flow" not in (site / "processes/one/index.html").read_text("utf-8")
    page = part((site / "processes/odd/index.html").read_text("utf-8"), "flow")
    assert "<script" not in page and "script" in page


def test_a_page_of_sixty_steps_stays_light(build):
    steps = "".join(
        f"\n## Stage {stage}\n"
        + "".join(
            f"\n- [ ] Step {number} of this stage, with a title as people write it {{#s{stage}-{number} @sales due=2d"
            f"{f' after=s{stage}-{number // 2}' if number > 2 else ''}}}\n\n  Two lines of instruction, which say\n"
            "  how it is done.\n"
            for number in range(15)
        )
        for stage in range(4)
    )
    long = f"---\ntitle: Long\nroles: {{sales: ana}}\n---\n{steps}"
    site = build({"processes/long/README.md": long})
    plain = len((site / "process-or-project/index.html").read_bytes())
    page = (site / "processes/long/index.html").read_bytes()
    assert page.count(b'class="hr-flow__stop') == 60
    assert len(page) - plain < 150_000
