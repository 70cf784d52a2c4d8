"""Setting up: a workspace from nothing, new files to fill in, checklists that are there already, lint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

NOW = "2026-11-23T09:12:00Z"


def test_init_makes_a_workspace_in_which_the_main_job_works(tmp_path, handrail):
    result = handrail(tmp_path, "init", "team", now=NOW)
    assert result.exit_code == 0, result.output
    root = tmp_path / "team"
    assert (root / "handrail.yml").read_text().count("mara: {name: Mara Lind") == 1
    for name in ("mkdocs.yml", "docs/index.md", ".gitattributes", "AGENTS.md", "processes/welcome/README.md"):
        assert (root / name).is_file()
    assert (root / "AGENTS.md").read_text() == (Path(__file__).parents[2] / "AGENTS.md").read_text()
    assert handrail(root, "lint").output == "1 file, nothing to complain about.\n"
    assert handrail(root, "start", "welcome", "-f", "name=Ada", now=NOW).exit_code == 0
    assert handrail(root, "check", "ada", "plan", now=NOW).exit_code == 0
    assert handrail(root, "check", "ada", "mail", "repository", "accounts", now=NOW).exit_code == 0


def test_init_keeps_what_is_there(workspace, handrail):
    folder = workspace({"docs/guide.md": "# Mine\n"}, config="title: Mine\n")
    result = handrail(folder, "init", now=NOW)
    assert result.exit_code == 0, result.output
    assert folder.read("handrail.yml") == "title: Mine\n"
    assert not (folder.root / "docs/index.md").exists()
    assert "Kept handrail.yml" in result.output
    assert folder.git("status", "--porcelain") == ""
    assert "Everything was there already." in handrail(folder, "init", now=NOW).output


def test_new_process_and_project_are_without_a_problem(workspace, handrail):
    folder = workspace()
    assert handrail(folder, "new", "process", "HR / New hire", now=NOW).exit_code == 0
    assert handrail(folder, "new", "project", "Office move", now=NOW).exit_code == 0
    assert 'title: "New hire"' in folder.read("processes/hr/new-hire/README.md") or "title: New hire" in folder.read(
        "processes/hr/new-hire/README.md"
    )
    assert "start: 2026-11-23" in folder.read("projects/office-move/README.md")
    assert handrail(folder, "lint").output == "2 files, nothing to complain about.\n"
    assert handrail(folder, "start", "new-hire", now=NOW).exit_code == 0
    again = handrail(folder, "new", "process", "hr/new-hire", now=NOW)
    assert again.exit_code == 1
    assert "is there already" in again.output


WILD = """\
\ufeff---\r
name: Bug\r
about: What to do\r
labels: [bug]\r
---\r
* [x] Reproduce `it` {now}\r
   * [ ] on Linux\r
\r
1. [ ] Fix ${THING}\r
"""


def test_adopt_takes_a_checklist_as_it_is(workspace, handrail, tmp_path):
    file = tmp_path / "Bug report.md"
    file.write_bytes(WILD.encode())
    folder = workspace()
    result = handrail(folder, "adopt", str(file), now=NOW)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Adopted: processes/bug-report/README.md, 3 steps (")
    assert file.read_bytes() == WILD.encode()
    assert handrail(folder, "start", "bug-report", "One", now=NOW).exit_code == 0
    assert handrail(folder, "check", "one", "Fix", now=NOW).exit_code == 0
    changed = [line for line in folder.git("show", "-U0", "--format=").splitlines() if line[:1] in "+-"][2:]
    assert len(changed) == 3


def test_adopt_says_as_json_what_it_made(workspace, handrail, tmp_path):
    file = tmp_path / "list.md"
    file.write_text("# Release\n\n## Before\n\n- [ ] Test\n- [ ] Tag\n")
    found = json.loads(handrail(workspace(), "adopt", str(file), "--id", "ops/release", "--json", now=NOW).output)
    assert found["schema"] == "adopt/1"
    assert found["process"] == "ops/release"
    assert found["path"] == "processes/ops/release/README.md"
    assert [(step["id"], step["title"], step["stage"]) for step in found["steps"]] == [
        ("test", "Test", "Before"),
        ("tag", "Tag", "Before"),
    ]


def test_adopt_of_a_file_without_boxes_says_what_to_do(workspace, handrail, tmp_path):
    file = tmp_path / "list.md"
    file.write_text("- Test\n- Tag\n")
    folder = workspace()
    result = handrail(folder, "adopt", str(file), now=NOW)
    assert result.exit_code == 1
    assert "--bullets" in result.output
    assert handrail(folder, "adopt", str(file), "--bullets", now=NOW).exit_code == 0
    # The same name again gets a number; a name that was asked for is refused.
    assert handrail(folder, "adopt", str(file), "--bullets", now=NOW).exit_code == 0
    assert (folder.root / "processes/list-2/README.md").is_file()
    assert handrail(folder, "adopt", str(file), "--bullets", "--id", "list", now=NOW).exit_code == 1


@pytest.fixture
def broken(workspace):
    return workspace(
        {
            "processes/a/README.md": "- [ ] One {#one deu=2d}\n\n- [ ] Two {#two after=thre}\n",
            "processes/b/README.md": "---\nfoo: 1\n---\n\n- [ ] Fine\n",
            "processes/stray.txt": "x\n",
        }
    )


def test_lint_shows_every_problem_with_its_line_and_a_caret(broken, handrail):
    result = handrail(broken, "lint")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("processes/a/README.md:1:17: error["))
    assert lines[at].endswith("there is no attribute `deu` (did you mean `due`?)")
    assert lines[at + 1] == "    - [ ] One {#one deu=2d}"
    assert lines[at + 2] == "                    ^^^^^^"
    assert "error[unknown-step]" in result.output
    assert "processes/stray.txt:1:1: warning[misplaced-file]" in result.output
    assert lines[-1].startswith("2 errors, ")


def test_lint_of_some_paths(broken, handrail):
    result = handrail(broken, "lint", "processes/b")
    assert result.exit_code == 0, result.output
    assert "processes/a/" not in result.output
    assert handrail(broken, "lint", "../elsewhere").exit_code == 2


def test_lint_as_json_and_for_github(broken, handrail):
    found = json.loads(handrail(broken, "lint", "--json", now=NOW).output)
    assert (found["schema"], found["at"]) == ("lint/1", NOW)
    problem = next(one for one in found["problems"] if one["code"] == "unknown-attribute")
    assert problem == {
        "code": "unknown-attribute",
        "level": "error",
        "path": "processes/a/README.md",
        "line": 1,
        "column": 17,
        "message": "there is no attribute `deu`",
        "hint": "did you mean `due`?",
        "fix": "due=2d",
    }
    said = handrail(broken, "lint", "--format", "github").output
    assert "::error file=processes/a/README.md,line=1,col=17,title=unknown-attribute::there is no attribute" in said


def test_fmt_writes_blank_lines_and_nothing_else(workspace, handrail):
    text = "---\ntitle: S\nstart: 2026-12-01\n---\n\n- [ ] One {#one}\n- [ ] Two {#two}\n"
    folder = workspace({"projects/s/README.md": text})
    assert handrail(folder, "fmt", "--check", now=NOW).exit_code == 1
    assert folder.read("projects/s/README.md") == text
    assert handrail(folder, "fmt", now=NOW).exit_code == 0
    assert folder.read("projects/s/README.md") == text.replace("{#one}\n", "{#one}\n\n")
    assert handrail(folder, "fmt", now=NOW).output == "Nothing to mend.\n"


def test_init_says_what_the_files_that_were_there_lack(workspace, handrail):
    folder = workspace({"mkdocs.yml": "site_name: Ours\n", "docs/index.md": "# Ours\n", "README.md": "# Ours\n"})
    result = handrail(folder, "init", now=NOW)
    assert result.exit_code == 0, result.output
    assert "  mkdocs.yml: for the site, write `plugins: [search, handrail]` and `theme: material`" in result.output
    assert "  docs/index.md: the line `<!-- handrail: dashboard -->`" in result.output
    assert ".gitattributes:" not in result.output
    assert folder.read("mkdocs.yml") == "site_name: Ours\n"
    assert folder.read("README.md") == "# Ours\n"


def test_where_there_is_none_yet_the_hint_says_how_to_make_one(workspace, handrail):
    folder = workspace()
    for words, hint in (
        (("check", "ada", "send"), "There is none yet: `handrail start PROCESS` starts one."),
        (("project", "plan", "move"), "There is none yet: `handrail new project NAME` writes one."),
        (("start", "welcome"), "There is none yet: `handrail new process NAME` writes one"),
    ):
        result = handrail(folder, *words, now=NOW)
        assert result.exit_code == 2
        assert hint in result.output


def test_status_suggests_a_start_that_works(workspace, handrail):
    folder = workspace({"processes/a/README.md": "---\nfields: {who: {required: true}}\n---\n- [ ] Write\n"})
    assert "  handrail start a -f who=…" in handrail(folder, "status", now=NOW).output


def test_a_new_file_comes_with_what_to_do_next(workspace, handrail):
    folder = workspace()
    assert "then: handrail start hr/hire" in handrail(folder, "new", "process", "hr/hire", now=NOW).output
    assert "then: handrail project plan move" in handrail(folder, "new", "project", "move", now=NOW).output
