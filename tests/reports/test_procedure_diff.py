"""What a change to a procedure means: compared by step id."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from handrail.format.process import read_process
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.model.state import Progress, RunState
from handrail.reports.procedure_diff import ProcedureDifference, procedure_difference
from handrail.text.document import read_document

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def process(text: str) -> Process:
    value = read_process(read_document("processes/p/README.md", text), "p").value
    assert value is not None
    return value


def compare(was: str, now: str) -> ProcedureDifference:
    return procedure_difference(process(was), process(now))


def told(found: ProcedureDifference) -> dict[str, list[tuple[str, str, str]]]:
    return {step.id: [(one.kind, one.was, one.now) for one in step.changes] for step in found.steps}


def front(found: ProcedureDifference) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.name, one.was, one.now) for one in found.front]


def test_the_same_procedure_has_no_difference():
    text = "---\nowner: '@ana'\n---\n\n## A\n\n- [ ] One {#one @ana due=2d if=\"x == 'y'\"}\n\n  Do it.\n"
    found = compare(text, text)
    assert (found.front, found.steps, found.runs) == ((), (), ())


def test_steps_that_came_and_went():
    found = compare("- [ ] One {#one}\n- [ ] Two {#two}\n", "- [ ] One {#one}\n- [ ] Three {#three approval}\n")
    assert [(step.id, step.fate) for step in found.steps] == [("three", "added"), ("two", "removed")]
    assert told(found)["three"] == [("approval", "", "1")]


def test_a_reworded_step_is_the_same_step():
    assert told(compare("- [ ] Send it {#send}\n", "- [ ] Send **all** {#send}\n")) == {
        "send": [("reworded", "Send it", "Send all")]
    }


def test_only_the_steps_that_were_moved_are_named():
    was = "".join(f"- [ ] {name} {{#{name}}}\n" for name in "abcde")
    now = "".join(f"- [ ] {name} {{#{name}}}\n" for name in "eabcd")
    assert told(compare(was, now)) == {"e": [("moved", "", "")]}


def test_a_step_goes_to_another_stage_or_under_another_step():
    was = "## A\n\n- [ ] One {#one}\n- [ ] Two {#two}\n- [ ] Six {#six}\n\n## B\n\n- [ ] Three {#three}\n"
    now = "## A\n\n- [ ] One {#one}\n  - [ ] Six {#six}\n\n## B\n\n- [ ] Two {#two}\n- [ ] Three {#three}\n"
    found = told(compare(was, now))
    assert found == {"two": [("moved", "A", "B")], "six": [("moved", "A", "one")]}


def test_a_stage_that_is_called_otherwise_moves_no_step():
    found = compare("## A\n\n- [ ] One {#one}\n", "## Z\n\n- [ ] One {#one}\n")
    assert found.steps == ()
    assert front(found) == [("stage", "", "A", "Z")]


def test_role_deadline_approval_gate_and_condition():
    was = "- [ ] One {#one @sales due=2d gate}\n- [ ] Two {#two approval}\n"
    now = "- [ ] One {#one @legal due=start+5d if=\"plan == 'pro'\"}\n- [ ] Two {#two approval=2}\n"
    found = told(compare(was, now))
    assert found["one"] == [
        ("who", "@sales", "@legal"),
        ("due", "2d", "start+5d"),
        ("if", "", "plan == 'pro'"),
        ("gate", "yes", ""),
    ]
    assert found["two"] == [("approval", "1", "2")]


def test_the_fields_handed_to_a_child_run():
    assert told(compare('- [ ] One {#one run="x(a)"}\n', '- [ ] One {#one run="x(a, b)"}\n')) == {
        "one": [("run", "x(a)", "x(a, b)")]
    }


def test_an_instruction_that_changed_is_counted_in_lines():
    was = "- [ ] One {#one}\n\n  Do this.\n"
    now = "- [ ] One {#one}\n\n  Do that.\n  And then rest.\n"
    assert told(compare(was, now)) == {"one": [("instruction", "1", "2")]}


def test_front_matter_roles_and_fields():
    was = (
        "---\nowner: '@ana'\nroles: {sales: ana, old: ben}\nfields: {plan: {choices: [a]}}\n---\n\n"
        "Why.\n\n- [ ] One {#one}\n"
    )
    now = (
        "---\nowner: '@ben'\nroles: {sales: [ana, ben]}\nfields: {plan: {choices: [a, b], required: true}, "
        "day: {type: date}}\nreview: 2027-01-01\n---\n\nWhy not.\n\n- [ ] One {#one}\n"
    )
    assert front(compare(was, now)) == [
        ("owner", "", "ana", "ben"),
        ("review", "", "", "2027-01-01"),
        ("role", "sales", "@ana", "@ana @ben"),
        ("role", "old", "@ben", ""),
        ("field", "plan", "choice, choices a", "choice, required, choices a, b"),
        ("field", "day", "", "date"),
        ("text", "", "1", "1"),
    ]


def test_active_runs_of_another_revision_keep_it():
    def run(name: str, revision: str, state: str = "active", of: str = "p") -> RunState:
        value = Run(f"{of}/{name}", "", of, name, AT, revision=revision)
        return RunState(value, state, (), Progress())

    runs = [run("old", "1"), run("new", "2"), run("done", "1", "done"), run("other", "1", of="q")]
    one, two = process("- [ ] One {#one}\n"), process("- [ ] Two {#one}\n")
    found = procedure_difference(one, two, runs=runs, revision="2")
    assert [kept.id for kept in found.runs] == ["p/old"]


def test_a_process_that_came_or_went():
    one = process("- [ ] One {#one}\n")
    assert procedure_difference(None, one).fate == "added"
    assert [step.fate for step in procedure_difference(one, None).steps] == ["removed"]


@given(st.permutations("abcdefgh"), st.sets(st.sampled_from("abcdefgh")))
def test_without_the_steps_that_moved_the_order_is_the_old_one(order: list[str], gone: set[str]):
    def text(names: list[str]) -> str:
        return "".join(f"- [ ] {name} {{#{name}}}\n" for name in names) or "Nothing.\n"

    now = [name for name in order if name not in gone]
    found = compare(text(list("abcdefgh")), text(now))
    moved = {step.id for step in found.steps if step.fate == "changed"}
    assert {step.id for step in found.steps if step.fate == "removed"} == gone
    stayed = [name for name in now if name not in moved]
    assert stayed == sorted(stayed)
    assert len(moved) < max(len(now), 1)
