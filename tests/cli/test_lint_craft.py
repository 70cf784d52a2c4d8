"""What lint says about the craft of a checklist: hints, never a reason to refuse."""

from __future__ import annotations

import json

import pytest

README = "processes/move/README.md"


def steps(names, who: str = "@ana") -> str:
    return "\n".join(f"- [ ] Pack {name} {{#{name} {who}}}\n" for name in names)


def process(body: str, status: str = "effective") -> dict[str, str]:
    return {README: f'---\nowner: "@mara"\nstatus: {status}\n---\n\n{body}'}


@pytest.fixture
def hints(workspace, handrail):
    def ask(files: dict[str, str]) -> list[tuple[str, int]]:
        result = handrail(workspace(files), "lint", "--json")
        assert result.exit_code == 0
        problems = json.loads(result.output)["problems"]
        assert all(problem["level"] == "hint" for problem in problems)
        return [(problem["code"], problem["line"]) for problem in problems]

    return ask


def test_nine_steps_are_a_stage_and_ten_are_too_many(hints):
    assert hints(process("## Kitchen\n\n" + steps(f"k{number}" for number in range(9)))) == []
    assert hints(process("## Kitchen\n\n" + steps(f"k{number}" for number in range(10)))) == [("long-stage", 26)]


def test_two_headings_of_the_same_words_are_two_stages(hints):
    half = [steps(f"{room}{number}" for number in range(6)) for room in "ab"]
    assert hints(process(f"## Room\n\n{half[0]}\n## Room\n\n{half[1]}")) == []


def test_sub_steps_do_not_make_a_stage_long(hints):
    nested = "- [ ] Pack {#pack @ana}\n" + "".join(f"  - [ ] Box {number} {{#b{number}}}\n" for number in range(12))
    assert hints(process(nested)) == []


def test_the_one_step_that_names_nobody_was_forgotten(hints):
    assert hints(process(steps("abc") + "\n- [ ] Lock the door {#lock}\n")) == [("no-role", 12)]


def test_a_process_that_names_nobody_on_several_steps_is_a_way_of_writing(hints):
    assert hints(process(steps("abc") + "\n" + steps("de", who=""))) == []
    assert hints(process(steps("ab") + "\n- [ ] Lock {#lock}\n")) == []


def test_a_step_that_is_done_by_its_sub_steps_or_by_a_run_asks_somebody(hints):
    nested = "\n- [ ] Leave {#leave}\n  - [ ] Lock {#lock @ana}\n"
    other = {"processes/clean/README.md": '---\nowner: "@ana"\n---\n\n- [ ] Sweep {#sweep @ana}\n'}
    assert hints(process(steps("abc") + nested)) == []
    assert hints({**process(steps("abc") + "\n- [ ] Clean {#clean run=clean}\n"), **other}) == []


def test_a_retired_procedure_is_left_alone(hints):
    assert hints(process(steps(f"k{number}" for number in range(12)), status="retired")) == []
