"""The laws of fixing, on files put together from right and wrong words in any order, with any line ends."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.format.codes import CODES, FIXABLE
from handrail.format.fix import fixed
from handrail.format.process import read_process
from handrail.text.document import read_document

PAIRS = (
    *("title: X", "titel: X", "Title: X", "titlle: Y", "own: 1", "x-titel: 1", '"tilte": Z', "tiltle: W"),
    *("order: strict", "order: Strict", "ordre: any", "order: 'strcit'", "odrer: no"),
    *("review: 2026-12-01", "review: 2026/12/1", "reveiw: 2026-2-30", "review: '2026.1.2'", "review: soon"),
    *("target: 10d", "target: 10 days", 'target: "3 H"', "taregt: 2d", "taregt: 2 days", "target: 1 month"),
    *("summary: no", "sumary: 12:30", "owner: '@ana'", "ownre: '@ana'", "fields: {a: {tpye: date, lable: A}}"),
)
STEPS = (
    *("A {#a}", "B {deu=2d}", "C {#a due=2D}", "D {est=3d/4D/5d}", "E {due=1d deu=2d}", "F {not_by=a}", "G {waít=2d}"),
    *("H {stall='2 days' @ana}", "I {due=2026-1-2} ", "J {Due=2d gate}", "K {opitonal}", "L {}", 'M {due="1 week"  }'),
)


def problems_of(text):
    return read_process(read_document("processes/x/README.md", text), "x").problems


@st.composite
def files(draw):
    front = draw(st.lists(st.sampled_from(PAIRS), max_size=6, unique=True))
    steps = draw(st.lists(st.sampled_from(STEPS), max_size=5))
    lines = ["---", *front, "---", "", *(f"- [ ] {step}" for step in steps)] if front else [f"* [ ] {s}" for s in steps]
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    return draw(st.sampled_from(["", "\ufeff"])) + end.join(lines) + draw(st.sampled_from(["", end, end * 2]))


@settings(max_examples=80, deadline=None)
@given(files())
def test_fixing_removes_problems_brings_none_and_changes_only_their_words(text):
    before = problems_of(text)
    after, gone = fixed(text, problems_of)
    left = problems_of(after)
    assert len(left) <= len(before) - len(gone)
    assert {(one.code, one.message) for one in left} <= {(one.code, one.message) for one in before}
    assert {one.code for one in gone} <= set(FIXABLE)
    assert (after == text) == (not gone)
    touched = {one.place.line for one in gone}
    for number, (old, new) in enumerate(zip(lines_of(text), lines_of(after), strict=True), 1):
        assert old == new or number in touched


@settings(max_examples=60, deadline=None)
@given(files())
def test_fixing_twice_is_fixing_once(text):
    after, _ = fixed(text, problems_of)
    assert fixed(after, problems_of) == (after, ())


def test_the_reference_knows_which_codes_can_be_fixed():
    offered = set()
    for pair in PAIRS:
        _, gone = fixed(f"---\n{pair}\n---\n", problems_of)
        offered |= {one.code for one in gone}
    for step in STEPS:
        _, gone = fixed(f"- [ ] {step}\n", problems_of)
        offered |= {one.code for one in gone}
    assert offered == set(FIXABLE)
    assert set(FIXABLE) <= set(CODES)


def lines_of(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
