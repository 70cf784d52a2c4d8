"""The numbered behaviours as a team meets them: through the command line, in a repository.

`tests/rules/test_behaviours.py` has the cases of each; a number that is missing here has a file of its own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

NOW = "2026-11-23T09:12:00Z"
README = "processes/x/README.md"
RUN = "processes/x/runs/2026-11-23-one.md"
TESTS = Path(__file__).parents[1]
ELSEWHERE = {23: "`verify` is tested with the command itself"}


@pytest.fixture
def begun(workspace, handrail):
    """Start a run of a process with these steps; give its folder and a command that acts in it."""

    def build(text: str, *start: str):
        folder = workspace({README: text})
        done = handrail(folder, "start", "x", "One", *start, now=NOW)
        assert done.exit_code == 0, done.output

        def act(*arguments: str, status: int = 0) -> str:
            result = handrail(folder, *arguments, now=NOW)
            assert result.exit_code == status, result.output
            return result.output

        return folder, act

    return build


def test_behaviour_10_a_date_alone_is_the_end_of_that_working_day_in_the_time_zone_of_the_workspace(
    workspace, handrail
):
    config = 'calendar: {hours: "09:00-17:00", timezone: Europe/Berlin, holidays: DE-BE}\n'
    text = "- [ ] Four hours {#short due=4h}\n- [ ] By Friday {#day due=2027-03-26}\n- [ ] After {#week due=start+2d}\n"
    folder = workspace({README: f"---\norder: any\n---\n\n{text}"}, config=config)
    # Thursday 25 March 2027, 15:00 in Berlin: Good Friday, a weekend, Easter Monday and summer time come after it.
    output = handrail(folder, "start", "x", "One", now="2027-03-25T14:00:00Z").output
    assert "Started: One" in output
    shown = handrail(folder, "show", "one", "--json", now="2027-03-25T14:00:00Z").output
    dues = re.findall(r'"due": "([^"]+)"', shown)
    assert "2027-03-30T09:00:00Z" in dues  # two hours on Thursday, two on Tuesday from nine, then summer time
    assert "2027-03-31T13:00:00Z" in dues


def test_behaviour_13_a_run_follows_the_text_that_it_started_with(begun):
    folder, act = begun("- [ ] Write {#write}\n- [ ] Print {#print}\n")
    folder.write({README: "- [ ] Write {#write}\n- [ ] Read {#read}\n"})
    folder.commit()
    assert "Print" in act("show", "one")
    told = act("upgrade", "one", "--dry-run")
    assert "read" in told
    assert "print" in told
    assert "{#print}" in folder.read(RUN)


def test_behaviour_15_a_child_closes_its_parents_step_and_ends_with_its_parent(workspace, handrail):
    folder = workspace({README: "- [ ] a {#a run=y}\n- [ ] b {#b run=y}\n", "processes/y/README.md": "- [ ] c {#c}\n"})
    for arguments in (
        ["start", "x", "One"],
        ["check", "y/2026-11-23-one-a", "c"],
        ["cancel", "x/2026-11-23-one", "-m", "not needed"],
    ):
        result = handrail(folder, *arguments, now=NOW)
        assert result.exit_code == 0, result.output
    assert "- [x] a" in folder.read(RUN)
    assert "@mara cancelled" in folder.read("processes/y/runs/2026-11-23-one-b.md")


def test_behaviour_17_one_bad_row_and_nothing_is_started(workspace, handrail, tmp_path):
    folder = workspace({README: "---\nfields: {seats: {type: number}}\n---\n\n- [ ] a {#a}\n"})
    table = tmp_path / "rows.csv"
    table.write_text("title,seats\nOne,3\nTwo,many\n")
    assert handrail(folder, "start", "x", "--csv", str(table), now=NOW).exit_code == 1
    assert not (folder.root / "processes/x/runs").exists()


def test_behaviour_19_a_check_off_is_by_id_and_never_by_position(begun):
    folder, act = begun("- [ ] Sign {#sign}\n- [ ] Print {#print}\n")
    before = folder.read(RUN)
    assert "`sign`" in act("check", "one", "signde", status=2)
    assert folder.read(RUN) == before
    folder.write({RUN: before.replace("- [ ] Sign", "- [ ] Another {#another}\n\n- [ ] Sign")})
    folder.commit()
    act("check", "one", "sign")
    assert "- [ ] Another" in folder.read(RUN)
    assert "- [x] Sign" in folder.read(RUN)


@pytest.mark.parametrize(
    ("old", "new", "code"), [("- [ ] Print", "- [~] Print", "unknown-mark"), ("{#print}", "{#sign}", "duplicate-id")]
)
def test_behaviour_19_an_unknown_mark_or_a_double_id_is_refused_with_its_line(begun, old, new, code):
    folder, act = begun("- [ ] Sign {#sign}\n- [ ] Print {#print}\n")
    broken = folder.read(RUN).replace(old, new)
    folder.write({RUN: broken})
    folder.commit()
    output = act("check", "one", "sign", status=1)
    assert re.search(rf"{RUN}:\d+:\d+: error\[{code}\]", output)
    assert folder.read(RUN) == broken


def test_behaviour_20_twelve_check_offs_at_once_are_twelve_commits(begun):
    folder, _ = begun("---\norder: any\n---\n\n" + "".join(f"- [ ] Step {one} {{#s{one}}}\n" for one in range(12)))
    code = "from handrail.cli.main import main; main()"
    environment = {**os.environ, "HANDRAIL_NOW": NOW, "PYTHONPATH": str(TESTS.parent / "tools")}
    at_once = [
        subprocess.Popen([sys.executable, "-c", code, "check", "one", f"s{one}"], cwd=folder.root, env=environment)
        for one in range(12)
    ]
    assert [one.wait(timeout=120) for one in at_once] == [0] * 12
    assert folder.read(RUN).count("- [x]") == 12
    assert folder.git("log", "--format=%s", "--", RUN).count("done x/2026-11-23-one") == 12


def test_behaviour_21_a_commit_holds_only_the_touched_file(begun):
    folder, act = begun("- [ ] a {#a}\n- [ ] b {#b}\n")
    folder.write({"staged.txt": "mine\n", "loose.txt": "mine\n"})
    folder.git("add", "staged.txt")
    act("check", "one", "a")
    assert folder.git("show", "--format=", "--name-only", "HEAD").split() == [RUN]
    assert folder.git("diff", "--cached", "--name-only").split() == ["staged.txt"]
    head = folder.git("rev-parse", "HEAD")
    act("check", "one", "b", "--no-commit")
    assert folder.git("rev-parse", "HEAD") == head
    assert folder.git("diff", "--name-only").split() == [RUN]


@pytest.mark.parametrize("order", [("left", "right"), ("right", "left")])
def test_behaviour_22_the_order_of_merges_never_matters(begun, order):
    folder, act = begun("---\norder: any\n---\n\n- [ ] a {#a}\n- [ ] b {#b}\n- [ ] c {#c}\n")
    for branch, step in (("left", "a"), ("right", "b")):
        folder.git("checkout", "-q", "-b", branch, "main")
        act("check", "one", step)
    folder.git("checkout", "-q", "main")
    for branch in order:
        folder.git("merge", "-q", "--no-edit", branch)
    assert re.findall(r"- \[(.)\]", folder.read(RUN)) == ["x", "x", " "]
    assert act("lint")


@pytest.mark.parametrize(
    "line", ["{#a approval}", "{#a run=nowhere}", "{#a gate after=nowhere}", "{#a approval not-by=b @ana}"]
)
def test_behaviour_24_an_approver_gate_or_run_that_does_not_exist_is_an_error(workspace, handrail, line):
    result = handrail(workspace({README: f"- [ ] a {line}\n"}), "lint", now=NOW)
    assert result.exit_code == 1
    assert f"{README}:1:" in result.output
    assert "error[" in result.output


def test_every_behaviour_has_a_test_that_names_it() -> None:
    named = set(ELSEWHERE)
    for path in TESTS.rglob("test_*.py"):
        found = re.findall(r"def test_(?:behaviour_)?(\d+)_|[Bb]ehaviour (\d+)", path.read_text("utf-8"))
        named.update(int(one or other) for one, other in found)
    assert named >= set(range(1, 26))
