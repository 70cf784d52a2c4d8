"""Behaviour 17: bulk start from CSV. Every row is checked before anything is written; nothing is created twice."""

from __future__ import annotations

import pytest

NOW = "2026-11-23T09:00:00Z"
LATER = "2026-12-03T09:00:00Z"

PROCESS = """---
title: Onboarding
roles: {sales: ana}
fields:
  customer: {required: true}
  plan: {choices: [basic, pro], default: basic}
  seats: {type: number}
name: "{{ customer }}"
---

- [ ] Greet {{ customer }} {#greet @sales due=2d}
- [ ] Train {#train @coach due=1d}
"""
HEAD = "customer,plan,seats,due,role:coach\n"
GOOD = HEAD + "Ada,pro,12,2026-12-01,ben\nGrace,basic,,,chi\n"


@pytest.fixture
def folder(workspace):
    """A workspace with one process and nothing started."""
    return workspace({"processes/onboarding/README.md": PROCESS})


@pytest.fixture
def start(handrail, folder, tmp_path):
    """Start from a text or bytes: give the result, its output on one line."""

    def call(table, *options, now=NOW):
        path = tmp_path / "table.csv"
        path.write_bytes(table if isinstance(table, bytes) else table.encode())
        result = handrail(folder, "start", "onboarding", "--csv", str(path), *options, now=now)
        result.said = " ".join(result.output.split())
        return result

    return call


def runs(folder):
    place = folder.root / "processes/onboarding/runs"
    return sorted(path.stem for path in place.iterdir()) if place.is_dir() else []


def test_each_row_becomes_a_run_in_a_commit_of_its_own(folder, start):
    before = folder.git("rev-list", "--count", "HEAD")
    result = start(GOOD)
    assert result.exit_code == 0, result.output
    assert result.said.endswith("2 runs started.")
    assert runs(folder) == ["2026-11-23-ada", "2026-11-23-grace"]
    assert int(folder.git("rev-list", "--count", "HEAD")) == int(before) + 2
    ada = folder.read("processes/onboarding/runs/2026-11-23-ada.md")
    assert "due: 2026-12-01\nroles: {sales: ana, coach: ben}\n" in ada
    assert 'fields: {customer: Ada, plan: pro, seats: "12"}\n' in ada
    assert "seats" not in folder.read("processes/onboarding/runs/2026-11-23-grace.md")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_delimiters_line_ends_and_byte_order_marks_of_spreadsheets(folder, start, delimiter, newline, bom):
    result = start(bom + GOOD.replace(",", delimiter).replace("\n", newline))
    assert result.exit_code == 0, result.output
    assert runs(folder) == ["2026-11-23-ada", "2026-11-23-grace"]


def test_a_line_that_names_the_delimiter_is_heeded_and_lines_are_counted_with_it(start):
    assert start("sep=;\r\ncustomer;plan\r\nAda, Ltd;silver\r\n").said.startswith(
        start("sep=;\ncustomer;plan\nAda, Ltd;silver\n").said[:20]
    )
    assert "table.csv:3:1" in start("sep=;\ncustomer;plan\nAda, Ltd;silver\n").said


def test_quotes_empty_rows_and_short_rows(folder, start):
    result = start('customer,plan\n"Ada, ""the"" first",pro\n,\n\nGrace\n')
    assert result.exit_code == 1 and "nobody fills the role `coach`" in result.said
    result = start('customer,plan,role:coach\n"Ada, ""the"" first",pro,ben\n,,\n\nGrace\n', "--role", "coach=chi")
    assert result.exit_code == 0, result.output
    assert runs(folder) == ["2026-11-23-ada-the-first", "2026-11-23-grace"]
    assert "coach: chi" in folder.read("processes/onboarding/runs/2026-11-23-grace.md")


def test_one_bad_row_and_nothing_is_written(folder, start):
    head = folder.git("rev-parse", "HEAD")
    result = start(GOOD + "Alan,silver,,,ben\n,pro,,,ben\nEve,pro,many,tomorrow,ben\n")
    assert result.exit_code == 1
    for line, words in (
        (4, "`silver` is none of the choices"),
        (5, "needs `customer`"),
        (6, "`tomorrow` is not a date"),
    ):
        assert f"table.csv:{line}:1: error[bad-row]:" in result.said and words in result.said
    assert "3 rows of" in result.said and "Nothing was written." in result.said
    assert runs(folder) == [] and folder.git("rev-parse", "HEAD") == head


def test_partial_takes_the_good_rows_and_still_says_that_something_is_wrong(folder, start):
    result = start(GOOD + "Alan,silver,,,ben\nEve,pro,,,ben,extra\n", "--partial")
    assert result.exit_code == 1
    assert result.said.endswith("2 runs started, 2 rows left out.")
    assert runs(folder) == ["2026-11-23-ada", "2026-11-23-grace"]


def test_the_same_file_again_creates_nothing_twice(folder, start):
    start(GOOD)
    head = folder.git("rev-parse", "HEAD")
    result = start(GOOD, now=LATER)
    assert result.exit_code == 0
    assert "There already: Ada, onboarding/2026-11-23-ada (line 2)" in result.said
    assert result.said.endswith("0 runs started, 2 there already.")
    assert folder.git("rev-parse", "HEAD") == head


def test_a_file_with_more_rows_later_creates_only_these(folder, start):
    start(GOOD)
    start(GOOD + "Alan,pro,3,,ben\nAda,basic,12,,ben\n", now=LATER)
    assert runs(folder) == ["2026-11-23-ada", "2026-11-23-grace", "2026-12-03-ada", "2026-12-03-alan"]


def test_a_row_that_repeats_another_is_started_once(folder, start):
    result = start(HEAD + "Ada,pro,1,,ben\nAda,pro,1,,ben\n")
    assert result.exit_code == 0 and "There already: Ada, line 2 (line 3)" in result.said
    assert runs(folder) == ["2026-11-23-ada"]


def test_a_dry_run_says_what_would_be_started_and_writes_nothing(folder, start):
    result = start(GOOD, "--dry-run")
    assert result.exit_code == 0
    assert "Would start: Ada, due 2026-12-01 (sales @ana; coach @ben) (line 2)" in result.said
    assert result.said.endswith("2 runs would be started.")
    assert runs(folder) == [] and not folder.git("status", "--porcelain")


def test_a_column_title_and_options_for_all_rows(folder, start):
    start("title,customer\nThe big one,Ada\n", "--role", "coach=ben", "-f", "plan=pro")
    assert "title: The big one\n" in folder.read("processes/onboarding/runs/2026-11-23-the-big-one.md")
    assert "plan: pro" in folder.read("processes/onboarding/runs/2026-11-23-the-big-one.md")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("customer,plam\nAda,pro\n", "`plam` is neither a field nor a role of onboarding (did you mean `plan`?)"),
        ("customer,role:coahc\nAda,ben\n", "did you mean `role:coach`?"),
        ("customer,customer\nAda,Ada\n", "the column `customer` stands twice"),
        ("customer,plan\nAda,pro,extra\n", "a value in a column that the first row does not name"),
        ('customer,plan\n"Ada,pro\n', "the row cannot be read"),
        ("customer,plan\n", "has no row below"),
        ("", "the file is empty"),
        ("customer\nJosé\n".encode("latin-1"), "this is not UTF-8 text"),
        ("customer\nAda\n".encode("utf-16"), "this is a binary file"),
        ("customer\n" + "x" * 1_100_000, "is larger than"),
    ],
)
def test_files_that_cannot_be_used_are_refused_whole(folder, start, table, said):
    result = start(table, "--partial")
    assert result.exit_code == 1 and said in result.said, result.output
    assert runs(folder) == []


def test_latin_1_is_named_with_a_way_out(start):
    assert "iconv -f LATIN1 -t UTF-8" in start("customer\nJosé\n".encode("latin-1")).said


@pytest.mark.parametrize("options", [("Title", "--csv", "x.csv"), ("--partial",), ("--csv", "nowhere.csv")])
def test_options_that_do_not_go_together(folder, handrail, options):
    assert handrail(folder, "start", "onboarding", *options, now=NOW).exit_code == 2


def test_an_unwritable_clone_stops_with_how_far_it_came(folder, start):
    hook = folder.root / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        "#!/bin/sh\ngit diff --cached --name-only | grep -q grace && { echo no grace >&2; exit 1; }\nexit 0\n"
    )
    hook.chmod(0o755)
    result = start(GOOD)
    assert result.exit_code == 3
    assert "1 of 2 runs started, then line 3:" in result.said and "nothing is started twice" in result.said
    hook.unlink()
    assert start(GOOD).said.endswith("1 run started, 1 there already.")


def test_a_dry_run_of_one_run_says_who_would_get_what_by_when(folder, handrail):
    result = handrail(folder, "start", "onboarding", "-f", "customer=Ada", "--role", "coach=ben", "--dry-run", now=NOW)
    assert "Would start Ada. Who would get what, and by when:" in result.output
    assert "  Greet Ada [greet], @ana, due Tue 24 Nov\n" in result.output
    assert "  Train [train], @ben, due 1d after it is ready\n" in result.output
    assert "Would write processes/onboarding/runs/2026-11-23-ada.md:" in result.output
    assert runs(folder) == []


def test_a_trial_is_for_drafts_and_not_for_what_is_retired(workspace, handrail):
    folder = workspace(
        {f"processes/{status}/README.md": f"---\nstatus: {status}\n---\n\n- [ ] A\n" for status in ("draft", "retired")}
    )
    assert handrail(folder, "start", "draft", now="2026-11-23T09:00:00Z").exit_code == 1
    assert handrail(folder, "start", "draft", "--trial", now="2026-11-23T09:00:00Z").exit_code == 0
    result = handrail(folder, "start", "retired", "--trial", now="2026-11-23T09:00:00Z")
    assert (result.exit_code, "retired is retired" in result.output) == (1, True)
