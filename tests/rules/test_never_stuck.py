"""The law of the end: what `start` takes can be finished from wherever it has got to, without `cancel`.

A random process is played by a random player, and then by a team that wants to be done: it does whatever is possible,
asks other people where somebody is missing, and opens a step again where four eyes need others for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rules_made import CONFIG, OFFICE, Play, at, spans, step

from handrail.format.attributes import write_attributes
from handrail.model.change import Decision
from handrail.model.item import Item, Link, walk
from handrail.model.process import Field, Process
from handrail.model.run import Run
from handrail.model.workspace import Workspace
from handrail.reports.check import check_start
from handrail.rules.apply import apply
from handrail.rules.begin import new_run

PEOPLE = ("ana", "ben", "chi", "ines", "tom", "zoe")  # zoe is in no list: she acts all the same
WHO = ("sales", "pair", "finance", "ana", "ben", "chi", "zoe", "{{ lead }}")
CONDITIONS = ("plan == 'pro'", "n > 3", "not note", "plan in ['basic', 'pro'] and n <= 3", "n > 9 and n < 2")
FIELDS = (Field("plan", "choice", choices=("basic", "pro"), default="pro"), Field("n", "number"), Field("note"),
          Field("lead", "person", default="chi"))  # fmt: skip
GIVEN = {"plan": "pro", "n": "5", "note": "written"}
MOVES = ("check", "check", "begin", "skip", "reopen", "approve", "reject", "block", "unblock", "assign", "set")


@st.composite
def processes(draw: st.DrawFn) -> Process:
    """Make a process of up to nine steps with anything in them; most references lead back, some do not."""
    size = draw(st.integers(1, 9))
    names = [f"s{number}" for number in range(size)]
    made: list[str] = []

    def some(most: int, name: str) -> tuple[str, ...]:
        known = names if draw(st.integers(0, 9)) == 0 else made
        found = draw(st.lists(st.sampled_from(known), max_size=most, unique=True)) if known else []
        return tuple(other for other in found if other != name)

    def one(depth: int) -> Item:
        name = names[len(made)]
        after, back, not_by = some(2, name), some(2, name), some(2, name)
        made.append(name)
        approval = draw(st.sampled_from(["", "", "", "1", "2", "3", "all"]))
        attributes = {
            "who": tuple(draw(st.lists(st.sampled_from(WHO), max_size=2, unique=True))),
            "after": tuple(Link(other, draw(st.sampled_from(["fs", "fs", "ss"]))) for other in after),
            "condition": draw(st.sampled_from(["", "", "", *CONDITIONS])),
            "gate": draw(st.integers(0, 3)) == 0,
            "optional": draw(st.integers(0, 3)) == 0,
            "approval": approval,
            "back": back if approval else (),
            "not_by": not_by if draw(st.booleans()) else (),
            "wait": draw(st.sampled_from([None, None, spans("2d")])),
            "ask": tuple(draw(st.lists(st.sampled_from(["n", "note"]), max_size=1))),
            "proof": tuple(draw(st.lists(st.sampled_from(["link", "note"]), max_size=1))),
        }
        children = []
        while depth < 2 and len(made) < size and draw(st.integers(0, 3)) == 0:
            children.append(one(depth + 1))
        return step(name, *children, **attributes)

    steps = []
    while len(made) < size:
        steps.append(one(0))
    return Process(
        "p", "processes/p/README.md", "P", tuple(steps), roles={"sales": ("ana",), "pair": ("ana", "ben")},
        fields=FIELDS, order=draw(st.sampled_from(["sequence", "strict", "any"])),
    )  # fmt: skip


moves = st.lists(
    st.tuples(st.sampled_from(MOVES), st.integers(0, 8), st.sampled_from(PEOPLE), st.integers(0, 90)), max_size=30
)


def started(process: Process) -> Play:
    run = new_run(
        process, title="One", fields={}, roles={}, by="ana", now=at(), due=None, project="", parent="", revision="",
        run_id="one", config=CONFIG, time=OFFICE, fill=lambda text, _: text,
    )  # fmt: skip
    assert isinstance(run, Run), run
    return Play(run, process)


def attempt(play: Play, verb: str, *items: str, who: str, to: str = "ben") -> bool:
    """Do what is possible, with all that a step may ask for; tell whether it was."""
    given = {} if verb == "reopen" else GIVEN
    outcome = play.ask(verb, *items, who=who, note="because", fields=given, link="https://example.org", to=to)
    if isinstance(outcome, Decision):
        play.holder = apply(play.holder, outcome.changes)
    return isinstance(outcome, Decision)


def play_on(play: Play, played: list[tuple[str, int, str, int]]) -> None:
    names = [item.id for item in walk(play.holder.items)]
    for verb, number, who, hours in played:
        play.now += timedelta(hours=hours)
        attempt(play, verb, names[number % len(names)], who=who)


def finish(play: Play) -> None:
    """Do all that a team can do to be done, a week at a time, and never `cancel`."""
    for week in range(24):
        people = [*PEOPLE[week % 6 :], *PEOPLE[: week % 6]]
        before = play.holder
        play.now += timedelta(days=7)
        for name in open_steps(play):
            if play.steps[name].facts.blocked:
                attempt(play, "unblock", name, who="ana")
            verb = "approve" if play.steps[name].item.attributes.approval else "check"
            for who in people:
                if attempt(play, verb, name, who=who) and verb == "check":
                    break
        if play.state.state == "done":
            return
        if play.holder == before:
            ask_others(play, people)


def ask_others(play: Play, people: list[str]) -> None:
    """Ask everybody for what waits for a decision, and open again what four eyes need other people for."""
    for name in list(open_steps(play)):
        item = play.steps[name].item
        if item.attributes.approval:
            known = [who for who in people if who != "zoe"]
            wanted = known[:1] if item.attributes.approval == "all" else known
            attempt(play, "assign", name, who="ana", to=" ".join(wanted))
        for other in list(play.steps.values()):
            if other.id in item.attributes.not_by or name in other.item.attributes.not_by:
                attempt(play, "reopen", other.id, who="ana")


def open_steps(play: Play) -> Iterator[str]:
    for name in list(play.steps):
        if play.steps[name].state not in ("done", "skipped", "na"):
            yield name


@settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],  # what cannot be started is no example
)
@given(processes(), moves)
def test_what_start_takes_can_always_be_finished(process: Process, played: list[tuple[str, int, str, int]]) -> None:
    workspace = Workspace(CONFIG, {process.id: process})
    assume(not any(problem.level == "error" for problem in check_start(workspace, process)))
    play = started(process)
    play_on(play, played)
    finish(play)
    assert play.state.state == "done", f"{told(process)}\n{play.states()}"


def told(process: Process) -> str:
    """Give the steps of a process as its file would, for whoever reads a failure."""
    lines = [f"order: {process.order}"]
    stack = [(item, 0) for item in reversed(process.items)]
    while stack:
        item, depth = stack.pop()
        lines.append(f"{'  ' * depth}- {write_attributes(item.id, item.attributes)}")
        stack.extend((child, depth + 1) for child in reversed(item.children))
    return "\n".join(lines)
