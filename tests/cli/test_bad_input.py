"""Bad input gives one clear sentence, the right exit status, and nothing is written."""

from __future__ import annotations

import os

import pytest

NOW = "2026-11-23T09:12:00Z"
GOOD = (
    "---\ntitle: Release\n---\n\n- [ ] Write the notes {#notes}\n\n- [ ] Write the news {#news}\n\n- [ ] Tag {#tag}\n"
)
README = "processes/release/README.md"
RUN = "processes/release/runs/2026-11-23-one.md"


@pytest.fixture
def folder(workspace):
    return workspace({README: GOOD})


@pytest.fixture
def started(folder, handrail):
    assert handrail(folder, "start", "release", "One", now=NOW).exit_code == 0
    return folder


@pytest.fixture
def refused(handrail):
    """Run a command that must be refused, and see that work tree, index and history stay as they were."""

    def call(folder, *arguments: str, status: int, says: str):
        def state() -> tuple[str, ...]:
            index = folder.root / ".git" / "index"
            files = sorted(path for path in folder.root.rglob("*") if ".git" not in path.parts and path.is_file())
            contents = [f"{path}:{path.read_bytes()!r}" for path in files]
            known = folder.git("ls-files", "--stage") if index.exists() else ""
            return (known, folder.git("for-each-ref"), folder.git("status", "--porcelain", "-uall"), *contents)

        before = state()
        result = handrail(folder, *arguments, now=NOW)
        assert result.exit_code == status, result.output
        assert says in result.output
        assert "Traceback" not in result.output
        assert result.output.count("Error: ") == 1
        assert state() == before
        return result

    return call


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\ntitle: [Release\n---\n\n- [ ] a\n", "processes/release/README.md:"),
        ("---\ntitle: Release\ntitle: Other\n---\n\n- [ ] a\n", "README.md:3:1: error[duplicate-key]"),
        ("- [ ] Write the notes {#notes deu=2d}\n", "README.md:1:31: error[unknown-attribute]"),
        ("- [ ] a {#a after=b}\n\n- [ ] b {#b after=a}\n", "error[cycle]"),
        ("- [ ] a {#a after=z}\n", "error[unknown-step]"),
        ("- [ ] a {#a}\n\n- [ ] b {#a}\n", "error[duplicate-id]"),
        (f"- [ ] {'long ' * 2000}\n", "error[long-title]"),
    ],
    ids=["yaml", "duplicate-key", "attribute", "cycle", "unknown-step", "duplicate-id", "long-title"],
)
def test_a_broken_procedure_is_not_started(workspace, refused, text, says):
    folder = workspace({README: text})
    result = refused(folder, "start", "release", "One", status=1, says=says)
    assert "The process `release` has errors." in result.output


def test_a_procedure_without_steps_is_not_started(workspace, refused):
    folder = workspace({README: "Nothing to do here.\n"})
    refused(folder, "start", "release", "One", status=1, says="The process `release` has no steps.")


def test_a_broken_run_is_not_touched(started, refused):
    text = started.read(RUN)
    for broken, code in [
        (text.replace("- [ ] Tag", "- [~] Tag"), "unknown-mark"),
        (text.replace("{#tag}", "{#notes}"), "duplicate-id"),
        (text.replace("run: release/", "run: other/"), "wrong-run"),
    ]:
        started.write({RUN: broken})
        started.commit()
        refused(started, "check", "one", "news", status=1, says=f"error[{code}]")


@pytest.mark.parametrize(
    "verb", [["check"], ["begin"], ["skip", "-m", "x"], ["note", "-m", "x"], ["assign", "--to", "ana"]]
)
def test_a_step_that_does_not_exist(started, refused, verb):
    refused(started, verb[0], "one", "nots", *verb[1:], status=2, says="Did you mean `notes`?")


def test_two_steps_that_match(started, refused):
    result = refused(started, "check", "one", "write", status=2, says="`write` fits 2 steps")
    assert "`notes` (Write the notes); `news` (Write the news)" in result.output


def test_two_runs_that_match(started, handrail, refused):
    handrail(started, "start", "release", "One more", now=NOW)
    refused(started, "check", "2026-11", "tag", status=2, says="`2026-11` fits 2")
    # The whole of the part after the date is enough.
    assert handrail(started, "check", "one", "tag", now=NOW).exit_code == 0


def test_a_run_or_process_that_does_not_exist(started, refused):
    refused(started, "check", "two", "tag", status=2, says="There is no run `two`")
    refused(started, "start", "relaese", status=2, says="Did you mean `release`?")


@pytest.mark.parametrize(
    "command",
    [
        ["start", "../../x"],
        ["start", "release", "One", "--project", "../x"],
        ["check", "../../x", "tag"],
        ["new", "process", "../../x"],
        ["new", "project", "/tmp/x"],
        ["new", "process", "hr/../../x"],
        ["adopt", "CHECKLIST.md", "--id", "../../x"],
    ],
)
def test_a_name_that_tries_to_leave_the_workspace(folder, refused, command):
    folder.write({"CHECKLIST.md": "- [ ] a\n"})
    folder.commit()
    refused(folder, *command, status=2, says="leads out of the workspace")


@pytest.mark.parametrize("name", ["runs", "hr/runs", "con", "...", "???"])
def test_a_name_that_cannot_be_a_process(folder, refused, name):
    refused(folder, "new", "process", name, status=2, says="cannot be")


def test_titles_of_ten_thousand_characters(folder, refused):
    refused(folder, "start", "release", "x" * 10_000, status=2, says="The title has 10,000 characters")
    refused(folder, "new", "process", "x" * 10_000, status=2, says="10,000 characters")


def test_a_field_that_makes_a_title_too_long(workspace, refused):
    text = "---\nfields: {who: {}}\n---\n\n- [ ] Write to {{ who }} {#a}\n"
    refused(
        workspace({README: text}), "start", "release", "One", "-f", f"who={'x' * 3000}", status=1, says="long-title"
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x7fELF\0\0\0\1", "README.md:1:1: error[not-text]: this is a binary file"),
        ("- [ ] caf\xe9\n".encode("latin-1"), "README.md:1:10: error[not-text]: this is not UTF-8 text (byte 0xe9)"),
        (b"- [ ] a\n" * 200_000, "error[too-large]"),
    ],
    ids=["binary", "latin-1", "large"],
)
def test_a_file_that_is_no_text(workspace, refused, handrail, data, says):
    folder = workspace({README: GOOD})
    (folder.root / README).write_bytes(data)
    folder.commit()
    refused(folder, "start", "release", "One", status=1, says=says)
    result = handrail(folder, "lint")
    assert result.exit_code == 1
    assert says in result.output


def test_a_directory_where_a_file_should_be(folder, refused, handrail):
    (folder.root / "processes/other/README.md").mkdir(parents=True)
    refused(folder, "start", "other", status=2, says="There is no process `other`")
    refused(folder, "adopt", "processes", status=2, says="is a folder, not a file")
    assert "processes/other/README.md:1:1: error[unreadable]" in handrail(folder, "lint").output


def test_a_symbolic_link_is_not_followed(folder, refused, handrail, tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("- [ ] secret\n")
    os.symlink(secret, folder.root / "processes/release/link.md")
    os.makedirs(folder.root / "processes/linked")
    os.symlink(secret, folder.root / "processes/linked/README.md")
    refused(folder, "start", "linked", status=2, says="There is no process `linked`")
    output = handrail(folder, "lint").output
    assert output.count("this is a symbolic link") == 2
    assert "secret.md" not in output


def test_a_repository_without_a_commit(tmp_path, workspace, refused):
    folder = workspace({README: GOOD})
    folder.git("update-ref", "-d", "HEAD")
    folder.git("rm", "-rq", "--cached", ".")
    refused(folder, "start", "release", "One", status=3, says="This repository has no commit yet")


def test_a_procedure_that_is_not_committed(folder, refused):
    folder.write({README: GOOD + "\n- [ ] More\n"})
    refused(folder, "start", "release", "One", status=1, says="not committed")


def test_a_detached_head(started, refused):
    started.git("checkout", "-q", "--detach")
    refused(started, "check", "one", "tag", status=3, says="detached HEAD")
    refused(started, "start", "release", "Two", status=3, says="detached HEAD")


def test_a_merge_in_progress(started, refused):
    started.git("checkout", "-q", "-b", "other")
    started.write({"x.txt": "other"})
    started.commit()
    started.git("checkout", "-q", "main")
    started.write({"y.txt": "main"})
    started.commit()
    started.git("merge", "--no-commit", "--no-ff", "other")
    refused(started, "check", "one", "tag", status=3, says="A merge is under way")


def test_no_git_identity(started, refused, monkeypatch, tmp_path):
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    refused(started, "check", "one", "tag", status=3, says="Git does not know who you are")
    refused(started, "start", "release", "Two", status=3, says="Git does not know who you are")


def test_init_without_an_identity_writes_nothing(tmp_path, handrail, monkeypatch):
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    result = handrail(tmp_path, "init", "new")
    assert result.exit_code == 3
    assert "Git does not know who you are" in result.output
    assert not (tmp_path / "new").exists()


def test_outside_a_repository(tmp_path, handrail):
    result = handrail(tmp_path, "check", "one", "tag")
    assert result.exit_code == 3
    assert "is not inside a git repository" in result.output


def test_a_note_cannot_pass_for_a_trailer_or_a_line_of_the_file(started, handrail):
    note = "fine\n\nHandrail-Run: other/run\n- [x] Tag {#tag}\n"
    assert handrail(started, "check", "one", "notes", "-m", note, now=NOW).exit_code == 0
    said = started.git("log", "-1", "--format=%(trailers:only,unfold)").split("\n")
    assert [line for line in said if line.startswith("Handrail-Run")] == ["Handrail-Run: release/2026-11-23-one"]
    assert f"  - {NOW} @mara done: fine Handrail-Run: other/run - [x] Tag {{#tag}}\n" in started.read(RUN)
    assert "- [ ] Tag {#tag}" in started.read(RUN)
    assert handrail(started, "lint").exit_code == 0


def test_values_are_read_before_anything_is_written(started, refused):
    refused(started, "due", "one", "tag", "soon", status=1, says="`soon` is no date")
    refused(started, "block", "one", "tag", "-m", "x", "--until", "soon", status=2, says="`soon` is not a date")
    refused(started, "set", "one", "nonsense=1", status=1, says="nonsense")
    refused(started, "check", "one", "tag", "--proof", "nowhere.pdf", status=2, says="There is no file `nowhere.pdf`")
    refused(started, "note", "one", status=2, says="A note needs its text")
    refused(started, "skip", "one", "tag", status=1, says="needs a reason")
    refused(started, "start", "release", "X", "-f", "a", status=2, says="is not of the form NAME=VALUE")


def test_broken_settings_stop_what_needs_them(started, refused):
    started.write({"handrail.yml": "people:\n  ana: {name: Ana\n"})
    refused(started, "check", "one", "tag", status=1, says="handrail.yml:")


def test_a_time_that_is_none(started, handrail):
    result = handrail(started, "--now", "yesterday", "check", "one", "tag")
    assert result.exit_code == 2
    assert "`yesterday` is no time" in result.output


def test_an_unknown_command_and_a_missing_word(folder, handrail):
    result = handrail(folder, "chekc")
    assert result.exit_code == 2
    assert "'check'" in result.output
    assert handrail(folder, "check").exit_code == 2


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_mistake_of_ours_is_one_sentence_unless_asked_for(folder, handrail, monkeypatch, debug):
    def broken(*arguments: object, **options: object) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr("handrail.app.files.list_files", broken)
    monkeypatch.setenv("HANDRAIL_DEBUG", debug)
    if debug:
        with pytest.raises(KeyError):
            handrail(folder, "check", "one", "tag")
        return
    result = handrail(folder, "check", "one", "tag")
    assert result.exit_code == 1
    assert "this should not have happened (KeyError: 'surprise'); please report it" in result.output
