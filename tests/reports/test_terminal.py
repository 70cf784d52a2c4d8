"""What the looking commands print. The pictures are in `golden/`; HANDRAIL_GOLDEN=1 writes them anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.cli.paint import Cell, Column, Paint, width_of
from handrail.cli.show_plan import plan_text
from handrail.cli.show_run import process_text, project_text, run_text, step_text
from handrail.cli.show_stalled import stalled_text
from handrail.cli.show_status import list_text, status_text
from handrail.cli.show_work import log_text, mine_text, next_text
from handrail.model.state import walk_states
from handrail.reports.activity import activity
from handrail.reports.results import Overview
from handrail.reports.work import coming_next, work_of

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("HANDRAIL_GOLDEN") == "1"
ADA = "onboarding/2026-11-09-ada"


def _list(overview: Overview, paint: Paint) -> str:
    space = overview.workspace
    return list_text(
        overview,
        paint,
        processes=list(space.processes.values()),
        runs=list(overview.runs.values()),
        projects=list(overview.projects.values()),
    )


def _step(overview: Overview, paint: Paint) -> str:
    state = overview.runs[ADA]
    step = next(one for one in walk_states(state.steps) if one.id == "signed")
    long = (
        "Call them after three days, and write down in the log of this run what they said about the second paragraph."
    )
    return step_text(overview, paint, state, step, f"{long}\n\n    code stays as it is\n")


VIEWS: dict[str, Callable[[Overview, Paint], str]] = {
    "status": status_text,
    "list": _list,
    "show-run": lambda overview, paint: run_text(overview, paint, overview.runs[ADA]),
    "show-step": _step,
    "show-project": lambda overview, paint: project_text(overview, paint, overview.projects["spring"]),
    "show-process": lambda overview, paint: process_text(overview, paint, overview.workspace.processes["onboarding"]),
    "mine": lambda overview, paint: mine_text(overview, paint, work_of(overview, "ben"), is_me=True),
    "next": lambda overview, paint: next_text(overview, paint, coming_next(overview), 0),
    "log": lambda overview, paint: log_text(overview, paint, activity(overview.workspace), one=False),
    "stalled": lambda overview, paint: stalled_text(overview, paint, overview.findings),
    "plan": lambda overview, paint: plan_text(overview, paint, overview.plans["spring"]),
}


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("view", VIEWS)
def test_it_looks_like_its_picture(acme: Overview, view: str, width: int) -> None:
    text = VIEWS[view](acme, Paint(width=width)) + "\n"
    picture = GOLDEN / f"{view}-{width}.txt"
    if WRITE:
        picture.write_text(text, encoding="utf-8")
    assert text == picture.read_text(encoding="utf-8")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal(acme: Overview, view: str, width: int) -> None:
    lines = VIEWS[view](acme, Paint(width=width)).splitlines()
    hints = ("Next: ", "Finish it: ", "Start one: ")
    assert [line for line in lines if width_of(line) > width and not line.startswith(hints)] == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_terminal_that_knows_only_ascii_gets_ascii(acme_in_ascii: Overview, view: str) -> None:
    text = VIEWS[view](acme_in_ascii, Paint(width=80, unicode=False))
    assert text.isascii()


def test_without_anything_it_says_how_to_begin(company: Callable[..., Overview]) -> None:
    assert "handrail adopt CHECKLIST.md" in status_text(company(), Paint())
    with_process = company(processes={"onboarding": "- [ ] A\n"})
    assert "No runs yet. Start one:\n  handrail start onboarding" in status_text(with_process, Paint())


def test_control_characters_in_titles_do_not_reach_the_terminal(company: Callable[..., Overview]) -> None:
    evil = "- [ ] A\x1b]0;owned\x07\x1b[2J\x9b31m \u202egnp {#a @ana}\n"
    run = "---\nrun: p/r\nprocess: p\ntitle: R\nstarted: 2026-11-09T08:00:00Z\n---\n\n" + evil
    overview = company(processes={"p": evil}, runs=(run,), projects={"q": evil})
    paint = Paint(width=100)
    texts = [
        status_text(overview, paint),
        _list(overview, paint),
        run_text(overview, paint, overview.runs["p/r"]),
        process_text(overview, paint, overview.workspace.processes["p"]),
        project_text(overview, paint, overview.projects["q"]),
        plan_text(overview, paint, overview.plans["q"]),
        stalled_text(overview, paint, overview.findings),
        next_text(overview, paint, coming_next(overview), 0),
        mine_text(overview, paint, work_of(overview, "ana"), is_me=True),
    ]
    assert [char for text in texts for char in text if not char.isprintable() and char != "\n"] == []


def test_of_many_runs_the_most_urgent_are_shown(company: Callable[..., Overview]) -> None:
    def run(day: int) -> str:
        head = f"---\nrun: p/r{day}\nprocess: p\ntitle: Run {day}\nstarted: 2026-11-20T08:00:00Z\n---\n\n"
        return head + f"- [ ] A {{#a @ana due=2026-12-{day:02}}}\n"

    overview = company(runs=tuple(run(day) for day in range(30, 10, -1)))
    text = status_text(overview, Paint(width=100))
    assert text.index("Run 11") < text.index("Run 20")
    assert "Run 21" not in text
    assert "and 10 more: handrail list runs --process p" in text
    assert "Run 30" in status_text(overview, Paint(width=100), everything=True)


def test_colours_come_only_where_they_are_wanted(acme: Overview) -> None:
    assert "\x1b[" not in status_text(acme, Paint(width=80))
    assert "\x1b[" in status_text(acme, Paint(width=80, color=True))


@given(st.text(max_size=60), st.integers(min_value=1, max_value=40))
def test_a_cut_text_is_never_too_wide(text: str, width: int) -> None:
    paint = Paint(width=width)
    assert width_of(paint.cut(paint.safe(text), width)) <= width


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=5))
def test_columns_stand_under_each_other(rows: list[tuple[str, str]]) -> None:
    paint = Paint(width=50)
    cells = [(paint.cell(first), Cell("|"), paint.cell(second)) for first, second in rows]
    lines = paint.table(cells, (Column(4), Column(), Column(4)), indent=0)
    firsts = {width_of(line.split("|", 1)[0]) for line, row in zip(lines, cells, strict=True) if "|" not in row[0].text}
    assert len(firsts) <= 1


@pytest.mark.parametrize(
    ("share", "bar"), [(0.0, "░░░░"), (0.01, "█░░░"), (0.5, "██░░"), (0.99, "███░"), (1.0, "████")]
)
def test_a_bar_is_full_only_where_all_is_done(share: float, bar: str) -> None:
    assert Paint().bar(share, 4) == bar
