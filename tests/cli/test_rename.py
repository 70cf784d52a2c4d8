"""`handrail rename`: another title, the same run."""

from __future__ import annotations

import json

import pytest

NOW = "2026-11-23T09:00:00Z"
LATER = "2026-11-24T09:00:00Z"
RUN = "hiring/2026-11-23-ada"
FILE = "processes/hiring/runs/2026-11-23-ada.md"


@pytest.fixture
def hiring(workspace, handrail):
    steps = "- [ ] Talk {#talk @ana}\n- [ ] Sign {#sign @ben}\n"
    folder = workspace({"processes/hiring/README.md": f"---\ntitle: Hiring\n---\n\n{steps}"})
    assert handrail(folder, "start", "hiring", "Ada", now=NOW).exit_code == 0
    return folder


def test_a_run_gets_another_title_in_one_commit_and_keeps_its_id(hiring, handrail):
    before = hiring.read(FILE)
    result = handrail(hiring, "rename", "ada", "Ada King", "-m", "she married", now=LATER)
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"Renamed: {RUN} “Ada King” (")
    logged = '- 2026-11-24T09:00:00Z @mara renamed title="Ada King" was=Ada: she married\n'
    assert hiring.read(FILE) == before.replace("title: Ada\n", "title: Ada King\n") + logged
    assert hiring.git("log", "-1", "--format=%s").strip() == f"renamed {RUN}: Ada King"
    assert hiring.git("show", "--format=", "--name-only").split() == [FILE]
    assert handrail(hiring, "lint", now=LATER).exit_code == 0


def test_the_new_title_is_shown_and_found(hiring, handrail):
    handrail(hiring, "rename", RUN, "Ada King", now=LATER)
    assert "Ada King" in handrail(hiring, "status", now=LATER).output
    assert json.loads(handrail(hiring, "show", "King", "--json", now=LATER).output)["title"] == "Ada King"
    assert "Ada King" in handrail(hiring, "log", now=LATER).output


@pytest.mark.parametrize("title", ["no", "12:30", "a: b # c", "“Ada” {x}", "'quoted'", "Ада", "[ ] x {#y}", "a\\"])
def test_any_title_that_can_be_read_is_kept_as_it_is(hiring, handrail, title):
    assert handrail(hiring, "rename", "ada", title, now=LATER).exit_code == 0
    assert json.loads(handrail(hiring, "show", RUN, "--json", now=LATER).output)["title"] == title
    assert handrail(hiring, "rename", RUN, title, now=LATER).exit_code == 1
    assert handrail(hiring, "lint", now=LATER).exit_code == 0


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("", "A run needs a title"),
        ("  \n ", "A run needs a title"),
        ("x" * 301, "The title has 301 characters, 300 are allowed"),
        ("a\x1bb", "control character in it (U+001B)"),
        ("a\u202eb", "control character in it (U+202E)"),
        ("a\nb", "control character in it (U+000A)"),
        ("\"a\" 'b'", "both kinds of straight quotes"),
        ("Ada", "It is called `Ada` already"),
    ],
)
def test_a_title_that_nobody_could_read_is_refused(hiring, handrail, title, said):
    before = hiring.git("rev-parse", "HEAD")
    result = handrail(hiring, "rename", "ada", title, now=LATER)
    assert result.exit_code == 1
    assert said in " ".join(result.output.split())
    assert hiring.git("rev-parse", "HEAD") == before and not hiring.git("status", "--porcelain")


@pytest.mark.parametrize("end", [("check", "ada", "talk", "sign"), ("cancel", "ada", "-m", "no")])
def test_a_run_that_is_over_keeps_its_title(hiring, handrail, end):
    handrail(hiring, *end, now=NOW)
    result = handrail(hiring, "rename", "ada", "Ada King", now=LATER)
    assert result.exit_code == 1
    assert "title: Ada\n" in hiring.read(FILE)


def test_a_renaming_and_a_check_off_in_two_branches_merge(hiring, handrail):
    hiring.git("switch", "--quiet", "--create", "other")
    handrail(hiring, "check", "ada", "talk", now=LATER)
    hiring.git("switch", "--quiet", "main")
    handrail(hiring, "rename", "ada", "Ada King", now=LATER)
    hiring.git("merge", "--quiet", "--no-edit", "other")
    view = json.loads(handrail(hiring, "show", RUN, "--json", now=LATER).output)
    assert (view["title"], view["progress"]["done"]) == ("Ada King", 1)


def test_two_titles_in_two_branches_are_a_conflict_that_people_see(hiring, handrail):
    hiring.git("switch", "--quiet", "--create", "other")
    handrail(hiring, "rename", "ada", "Ada Byron", now=LATER)
    hiring.git("switch", "--quiet", "main")
    handrail(hiring, "rename", "ada", "Ada King", now=LATER)
    with pytest.raises(pytest.fail.Exception):
        hiring.git("merge", "--quiet", "--no-edit", "other")
    assert "title: Ada Byron" in hiring.read(FILE) and "title: Ada King" in hiring.read(FILE)


def test_a_title_on_several_lines_is_replaced_whole(hiring, handrail):
    hiring.write({FILE: hiring.read(FILE).replace("title: Ada\n", "title: >-\n  Ada\n  of here\n# who asked\n")})
    hiring.commit()
    assert handrail(hiring, "rename", "ada", "Ada King", now=LATER).exit_code == 0
    assert "title: Ada King\n# who asked\nstarted:" in hiring.read(FILE)


def test_front_matter_in_another_form_is_left_alone(hiring, handrail):
    text = hiring.read(FILE)
    front = text.split("---\n")[1]
    flow = "{" + ", ".join(line.replace(": ", ": ", 1) for line in front.strip().split("\n")) + "}\n"
    hiring.write({FILE: text.replace(front, flow)})
    hiring.commit()
    result = handrail(hiring, "rename", "ada", "Ada King", now=LATER)
    assert result.exit_code == 1
    assert "Change `title` in it by hand." in result.output


def test_only_runs_are_renamed(hiring, handrail):
    hiring.write({"projects/spring/README.md": "---\ntitle: Spring\n---\n\n- [ ] Brief {#brief}\n"})
    result = handrail(hiring, "rename", "spring", "Summer", now=LATER)
    assert result.exit_code == 2
    assert "There is no run `spring`" in result.output
