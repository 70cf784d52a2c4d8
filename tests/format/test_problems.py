"""Every mistake in a file is found at once, each with its place, what is wrong and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import handrail
from handrail.base.problem import Problem
from handrail.format.codes import CODES
from handrail.format.config import read_config
from handrail.format.process import read_process
from handrail.format.project import read_project
from handrail.format.run import read_run
from handrail.text.document import read_document

RUN = "---\nrun: x/2026-11-23-a\nprocess: x\ntitle: A\nstarted: 2026-11-23T09:00:00Z\n---\n\n"


def found(problems: tuple[Problem, ...]) -> list[tuple[str, int, int]]:
    return sorted((problem.code, problem.place.line, problem.place.column) for problem in problems)


def process(text: str) -> list[tuple[str, int, int]]:
    return found(read_process(read_document("processes/x/README.md", text), "x").problems)


def run(text: str) -> list[tuple[str, int, int]]:
    return found(read_run(read_document("processes/x/runs/2026-11-23-a.md", RUN + text)).problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntitle: [a\n---\n- [ ] a\n", ("yaml-syntax", 3, 1)),
        ("---\nowner: @mara\n---\n- [ ] a\n", ("yaml-syntax", 2, 8)),
        ("---\ntitle: a: b\n---\n- [ ] a\n", ("yaml-syntax", 2, 9)),
        ("---\ntitle: a\ntitle: b\n---\n- [ ] a\n", ("duplicate-key", 3, 1)),
        ("---\ntitle: no\n---\n- [ ] a\n", ("yaml-surprise", 2, 8)),
        ("---\nsummary: 12:30\n---\n- [ ] a\n", ("yaml-surprise", 2, 10)),
        ("---\ntitle: fix #12\n---\n- [ ] a\n", ("yaml-comment", 2, 8)),
        ("---\nreview: 2026-02-30\n---\n- [ ] a\n", ("bad-value", 2, 9)),
        ("---\ntarget: [a]\n---\n- [ ] a\n", ("bad-type", 2, 9)),
        ("---\ntitel: a\n---\n- [ ] a\n", ("unknown-key", 2, 1)),
        ("---\nfields:\n  plan: {chioces: [a]}\n---\n- [ ] a\n", ("unknown-key", 3, 10)),
        ("---\ntitle: a\n\n- [ ] a\n", ("front-matter", 1, 1)),
        ("---\na: &x 1\nb: *x\n---\n- [ ] a\n", ("yaml-alias", 2, 4)),
        ("- [ ] Send {@sales deu=2d}\n", ("unknown-attribute", 1, 20)),
        ("- [ ] Send\n  on {due=soonish!}\n", ("bad-value", 2, 7)),
        ("- [ ] Send {due}\n- [ ] x {@a due}\n", ("missing-value", 2, 13)),
        ("- [ ] Send {due=2d due=3d}\n", ("duplicate-attribute", 1, 20)),
        ("- [ ] Send {milestone}\n", ("misplaced-attribute", 1, 13)),
        ("- [ ] a {#x}\n- [ ] b {#x}\n", ("duplicate-id", 2, 10)),
        ("- [ ] {#x}\n", ("empty-title", 1, 4)),
        (f"- [ ] {'a' * 10_000}\n", ("long-title", 1, 4)),
        ("- [ ] a {proof=photo}\n", ("bad-value", 1, 10)),
    ],
)
def test_mistakes_in_a_process(text: str, expected: tuple[str, int, int]) -> None:
    assert expected in process(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [~] a {#a}\n", ("unknown-mark", 8, 3)),
        ("- [ ] a\n", ("missing-id", 8, 4)),
        ("- [ ] a {#a}\n  - 2026-11-24T10:00:00Z @ana finished\n", ("unknown-verb", 9, 5)),
        ("- [ ] a {#a}\n  - 2026-11-24T99:00:00Z @ana done\n", ("bad-event", 9, 5)),
        ("- [ ] a {#a}\n\n  text\n\n  - 2026-11-24T10:00:00Z @ana done\n", ("misplaced-event", 12, 5)),
        ("- [ ] a {#a}\n- [ ] b {#b}\n", ("crowded", 9, 3)),
    ],
)
def test_mistakes_in_a_run(text: str, expected: tuple[str, int, int]) -> None:
    assert expected in run(text)


def test_a_run_that_was_moved_says_so() -> None:
    problems = read_run(read_document("processes/x/runs/2026-11-23-b.md", RUN + "- [ ] a {#a}\n")).problems
    assert [(problem.code, problem.place.line) for problem in problems] == [("wrong-run", 2)]


@pytest.mark.parametrize(
    "text", ["[" * 30_000, "- " * 30_000, "a: " * 20_000, "? " * 3_000, "{" * 500, "\x00", "&a [*a]"]
)
def test_hostile_yaml_is_a_problem_and_not_a_crash(text: str) -> None:
    assert read_config("handrail.yml", text).problems
    assert read_process(read_document("x.md", f"---\n{text}\n---\n- [ ] a\n"), "x").value is not None


def test_all_mistakes_of_a_file_are_found_at_once() -> None:
    text = "---\ntitle: no\nreview: soon\nowner: 'a b'\n---\n- [ ] a {deu=1 due=x}\n- [ ] b {@c gaet}\n"
    codes = [code for code, _, _ in process(text)]
    assert codes == ["bad-value", "bad-value", "unknown-attribute", "unknown-attribute", "yaml-surprise"]


def test_keys_that_begin_with_x_are_nobodys_business() -> None:
    assert process("---\nx-owner: John Smith\n---\n- [ ] a\n") == []


def test_problems_name_the_nearest_right_word() -> None:
    problems = read_process(read_document("x.md", "- [ ] Send {@sales deu=2d}\n"), "x").problems
    assert problems[0].hint == "did you mean `due`?"


def test_configuration() -> None:
    text = (
        "people:\n  ana: {email: [a@b.c]}\n  ben: {email: [A@b.c]}\nteams: {x: [cleo]}\n"
        'calendar: {timezone: Mars, week: someday, hours: "9-5"}\nsync: sometimes\n'
    )
    codes = sorted(problem.code for problem in read_config("handrail.yml", text).problems)
    assert codes == ["bad-value"] * 4 + ["duplicate-email", "unknown-person"]


def test_project_mistakes() -> None:
    text = "---\nbudget: lots\nrisks:\n  - {probability: 130%}\n---\n- [ ] a {gate}\n\n## Updates\n\n### soon\n"
    reading = read_project(read_document("projects/x/README.md", text), "x")
    codes = sorted(problem.code for problem in reading.problems)
    assert codes == ["bad-update", "bad-value", "bad-value", "misplaced-attribute", "missing-key"]


def test_every_code_is_documented_and_every_documented_code_is_used() -> None:
    files = [path for path in Path(handrail.__file__).parent.rglob("*.py") if "verify" not in path.name]
    source = "\n".join(path.read_text("utf-8") for path in files)
    used = set(re.findall(r'(?:Problem|problem|report)\(\s*"([a-z]+(?:-[a-z]+)+)"', source))
    assert used - set(CODES) == set()


def test_a_project_keeps_its_reports_out_of_its_tasks() -> None:
    text = "- [ ] a {#a}\n\n## Updates\n\n### 2026-11-20 amber\n\nLate.\n\n## Next phase\n\n- [ ] b {#b}\n"
    project = read_project(read_document("projects/x/README.md", text), "x").value
    assert project is not None
    assert [getattr(block, "title", "") or getattr(block, "text", "") for block in project.content] == [
        "a",
        "Next phase",
        "b",
    ]
    assert [(str(update.day), update.status, update.markdown) for update in project.updates] == [
        ("2026-11-20", "amber", "Late.")
    ]


@pytest.mark.parametrize("section", ["Updates", "Changes", "Log"])
def test_a_task_that_is_no_part_of_the_plan_is_reported(section: str) -> None:
    text = f"- [ ] a {{#a}}\n\n## {section}\n\n- [ ] lost\n"
    reading = read_project(read_document("projects/x/README.md", text), "x")
    assert found(reading.problems) == [("misplaced-item", 5, 3)]
    assert [problem.level for problem in reading.problems] == ["warning"]
