"""`proof=file`: what comes as evidence is copied beside the run, in the same commit, and stays what it was."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

NOW = "2026-11-23T09:00:00Z"
LATER = "2026-11-24T09:00:00Z"

SALES = """---
title: Sales
---

- [ ] Send it {#send @mara}
- [ ] Get it back signed {#signed @mara proof=file}
- [ ] File it {#file @mara proof=file}
- [ ] Link it {#link @mara proof=link}
- [ ] Approve it {#ok @mara approval proof=file back=send}
"""
PROJECT = "---\ntitle: Spring\n---\n\n- [ ] Brief {#brief @mara proof=file}\n"
RUN = "sales/2026-11-23-ada"
FILE = "processes/sales/runs/2026-11-23-ada.md"
FOLDER = "processes/sales/runs/2026-11-23-ada"
PDF = b"%PDF-1.7 \x00\xff signed"


@pytest.fixture
def sales(workspace, handrail):
    folder = workspace({"processes/sales/README.md": SALES, "projects/spring/README.md": PROJECT})
    assert handrail(folder, "start", "sales", "Ada", now=NOW).exit_code == 0
    return folder


@pytest.fixture
def scan(tmp_path):
    """A file somewhere on the machine, outside the workspace."""
    place = tmp_path / "inbox" / "Vertrag (final), Größe 2.PDF"
    place.parent.mkdir()
    place.write_bytes(PDF)
    return place


@pytest.fixture
def check(handrail):
    """Check off a step and see that it worked: gives what was printed."""

    def call(folder, step, *arguments, now=LATER):
        result = handrail(folder, "check", RUN, step, *arguments, now=now)
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())

    return call


@pytest.fixture
def refused(handrail):
    """Check off a step, see that it is refused and that nothing at all has changed; gives what was printed."""

    def call(folder, step, *arguments, verb="check"):
        def all_there():
            status = folder.git("status", "--porcelain", "--ignored", "--untracked-files=all")
            return folder.git("rev-parse", "HEAD"), status

        before = all_there()
        result = handrail(folder, verb, RUN, step, *arguments, now=LATER)
        assert result.exit_code in (1, 2), result.output
        assert all_there() == before
        return " ".join(result.output.split())

    return call


def changed(folder):
    """Give what the last commit touched, by git's letter."""
    return folder.git("show", "--name-status", "--format=", "HEAD").split("\n")[:-1]


def test_a_file_is_copied_beside_the_run_in_the_same_commit(sales, check, scan):
    check(sales, "signed", "--proof", str(scan), "-m", "countersigned")
    name = f"{FOLDER}/signed-vertrag-final-grosse-2.pdf"
    digest = hashlib.sha256(PDF).hexdigest()
    assert (sales.root / name).read_bytes() == PDF
    assert changed(sales) == [f"M\t{FILE}", f"A\t{name}"]
    assert f"@mara done file={name} sha256={digest}: countersigned" in sales.read(FILE)
    assert sales.git("status", "--porcelain") == ""
    assert scan.read_bytes() == PDF


def test_the_copy_is_read_as_no_run_and_lint_has_nothing_to_say(sales, check, scan, handrail):
    notes = scan.with_name("notes.md")
    notes.write_text("---\nrun: other/2026-01-01-x\n---\n\n- [ ] a\n")
    check(sales, "signed", "--proof", str(notes))
    check(sales, "file", "--proof", str(scan))
    assert (sales.root / FOLDER / "signed-notes.md").is_file()
    result = handrail(sales, "lint", now=LATER)
    assert result.exit_code == 0 and "nothing to complain about" in result.output
    runs = json.loads(handrail(sales, "list", "runs", "--all", "--json", now=LATER).output)["runs"]
    assert [run["run"] for run in runs] == [RUN]


def test_the_same_content_is_used_again_and_another_gets_a_number(sales, check, scan, handrail):
    check(sales, "signed", "--proof", str(scan))
    handrail(sales, "reopen", RUN, "signed", "-m", "once more", now=LATER)
    check(sales, "signed", "--proof", str(scan))
    assert changed(sales) == [f"M\t{FILE}"]
    handrail(sales, "reopen", RUN, "signed", "-m", "and again", now=LATER)
    scan.write_bytes(b"other")
    check(sales, "signed", "--proof", str(scan))
    assert changed(sales)[1:] == [f"A\t{FOLDER}/signed-vertrag-final-grosse-2-2.pdf"]
    assert (sales.root / FOLDER / "signed-vertrag-final-grosse-2.pdf").read_bytes() == PDF


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("a b.tar.gz", "signed-a-b-tar.gz"),
        ("..hidden", "signed-file.hidden"),
        (".env", "signed-file.env"),
        ("CON", "signed-con"),
        ("-rf", "signed-rf"),
        ("契約.pdf", "signed-qiyue.pdf"),
        ("x" * 200 + ".pdf", f"signed-{'x' * 48}.pdf"),
        ("a'b\"c\n.pdf", "signed-ab-c.pdf"),
        ("weird.ext with space", "signed-weird-ext-with-space"),
    ],
)
def test_the_name_is_one_that_every_system_can_write(sales, check, tmp_path, name, copied):
    place = tmp_path / name
    place.write_bytes(b"x")
    check(sales, "signed", "--proof", str(place))
    assert os.listdir(sales.root / FOLDER) == [copied]


def test_a_file_that_is_in_git_as_it_is_is_referred_to(sales, check):
    sales.write({"docs/policy.txt": "be kind\n"})
    sales.commit()
    check(sales, "signed", "--proof", "docs/policy.txt")
    assert "done file=docs/policy.txt sha256=" in sales.read(FILE)
    assert changed(sales) == [f"M\t{FILE}"]


def test_a_file_of_the_workspace_that_is_not_committed_is_copied(sales, check):
    sales.write({"docs/policy.txt": "be kind\n"})
    sales.commit()
    sales.write({"docs/policy.txt": "be very kind\n", "docs/new.txt": "new\n"})
    check(sales, "signed", "--proof", "docs/policy.txt")
    check(sales, "file", "--proof", "docs/new.txt")
    assert sales.read(f"{FOLDER}/signed-policy.txt") == "be very kind\n"
    assert sales.read(f"{FOLDER}/file-new.txt") == "new\n"
    assert sorted(sales.git("status", "--porcelain").split("\n")[:-1]) == [" M docs/policy.txt", "?? docs/new.txt"]


def test_an_address_stays_a_link(sales, check):
    check(sales, "link", "--proof", "https://example.org/signed.pdf")
    assert "done link=https://example.org/signed.pdf" in sales.read(FILE)


def test_a_path_counts_from_where_one_is(sales, check, scan, handrail):
    result = handrail(scan.parent, "-C", str(sales.root), "check", RUN, "signed", "--proof", str(scan), now=LATER)
    assert result.exit_code == 0, result.output


def test_an_approval_takes_evidence_too(sales, handrail, refused, scan):
    handrail(sales, "check", RUN, "send", now=LATER)
    assert "needs evidence: a file" in refused(sales, "ok", verb="approve")
    assert handrail(sales, "approve", RUN, "ok", "--proof", str(scan), now=LATER).exit_code == 0
    assert f"approved file={FOLDER}/ok-vertrag-final-grosse-2.pdf sha256=" in sales.read(FILE)


def test_a_project_keeps_evidence_in_a_folder_of_its_own(sales, handrail, scan):
    result = handrail(sales, "project", "check", "spring", "brief", "--proof", str(scan), now=LATER)
    assert result.exit_code == 0, result.output
    name = "projects/spring/files/brief-vertrag-final-grosse-2.pdf"
    assert changed(sales) == ["M\tprojects/spring/README.md", f"A\t{name}"]
    assert handrail(sales, "lint", now=LATER).exit_code == 0


# What is refused leaves nothing behind


def test_what_is_no_plain_file_is_refused(sales, refused, scan, tmp_path):
    link = tmp_path / "link.pdf"
    link.symlink_to(scan)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    empty = tmp_path / "empty.pdf"
    empty.touch()
    assert "is a symbolic link" in refused(sales, "signed", "--proof", str(link))
    assert "is a folder" in refused(sales, "signed", "--proof", str(tmp_path))
    assert "is no plain file" in refused(sales, "signed", "--proof", str(pipe))
    assert "is no plain file" in refused(sales, "signed", "--proof", "/dev/zero")
    assert "is empty" in refused(sales, "signed", "--proof", str(empty))
    assert "There is no file" in refused(sales, "signed", "--proof", "nowhere.pdf")
    assert "There is no file" in refused(sales, "signed", "--proof", f"{scan}/deeper")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(sales, refused, scan):
    scan.chmod(0)
    assert "cannot be read: permission denied" in refused(sales, "signed", "--proof", str(scan))


def test_a_file_that_is_too_large_is_refused_without_being_read(sales, refused, tmp_path):
    huge = tmp_path / "huge.iso"
    with huge.open("wb") as file:
        file.truncate(5 * 1024**3)
    said = refused(sales, "signed", "--proof", str(huge))
    assert "has 5,120.0 MiB, and proof may have 10.0 MiB" in said


def test_the_limit_can_be_set(sales, check, refused, scan):
    sales.write({"handrail.yml": sales.read("handrail.yml") + "proof: {max_size: 10 B}\n"})
    sales.commit()
    assert "`proof: {max_size: …}`" in refused(sales, "signed", "--proof", str(scan))
    scan.write_bytes(b"0123456789")
    check(sales, "signed", "--proof", str(scan))


@pytest.mark.parametrize("size", ["0 MiB", "many", "5 GiB", "51 MiB", "-1 MiB", "[1]"])
def test_a_limit_that_makes_no_sense_is_told(sales, handrail, size):
    sales.write({"handrail.yml": sales.read("handrail.yml") + f"proof: {{max_size: {size}}}\n"})
    assert handrail(sales, "lint", now=LATER).exit_code == 1


def test_two_of_a_kind_are_refused(sales, refused, scan):
    assert "One file can be given" in refused(sales, "signed", "--proof", str(scan), "--proof", str(scan))
    assert "One link can be given" in refused(sales, "link", "--proof", "https://a.org", "--proof", "https://b.org")


def test_a_refused_action_copies_nothing(sales, refused, scan):
    assert "needs evidence: a link" in refused(sales, "link", "--proof", str(scan))
    assert "is an approval" in refused(sales, "ok", "--proof", str(scan))


def test_a_file_that_git_ignores_is_refused_whole(sales, refused, scan):
    sales.write({".gitignore": "*.pdf\n"})
    sales.commit()
    assert "Git ignores" in refused(sales, "signed", "--proof", str(scan))
    assert not (sales.root / FOLDER).exists()


def test_a_hook_that_refuses_leaves_no_copy(sales, handrail, scan):
    hook = sales.root / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho no >&2; exit 1\n")
    hook.chmod(0o755)
    assert handrail(sales, "check", RUN, "signed", "--proof", str(scan), now=LATER).exit_code == 3
    assert sales.git("status", "--porcelain", "--untracked-files=all") == "" and not (sales.root / FOLDER).exists()


def test_a_folder_that_is_a_link_is_not_followed(sales, handrail, scan, tmp_path):
    (sales.root / FOLDER).symlink_to(tmp_path)
    result = handrail(sales, "check", RUN, "signed", "--proof", str(scan), now=LATER)
    assert result.exit_code == 2 and "symbolic link" in result.output
    assert "done" not in sales.read(FILE)


# Without a commit, and what happens to it later


def test_without_a_commit_both_are_edits(sales, check, scan):
    check(sales, "signed", "--proof", str(scan), "--no-commit")
    assert sales.git("status", "--porcelain", "--untracked-files=all").split("\n")[:-1] == [
        f" M {FILE}",
        f"?? {FOLDER}/signed-vertrag-final-grosse-2.pdf",
    ]


def test_a_copy_that_lies_there_already_goes_into_the_commit(sales, check, scan):
    check(sales, "signed", "--proof", str(scan), "--no-commit")
    sales.git("restore", FILE)
    check(sales, "signed", "--proof", str(scan))
    assert changed(sales) == [f"M\t{FILE}", f"A\t{FOLDER}/signed-vertrag-final-grosse-2.pdf"]


def test_lint_tells_evidence_that_is_gone_or_has_changed(sales, check, scan, handrail):
    check(sales, "signed", "--proof", str(scan))
    copy = sales.root / FOLDER / "signed-vertrag-final-grosse-2.pdf"
    copy.write_bytes(b"forged")
    result = handrail(sales, "lint", now=LATER)
    assert result.exit_code == 1 and "changed-proof" in result.output
    copy.unlink()
    result = handrail(sales, "lint", now=LATER)
    assert result.exit_code == 1 and "missing-proof" in result.output and FILE in result.output


def test_line_ends_that_git_changes_do_not_count_as_a_change(sales, check, scan, handrail):
    notes = scan.with_name("notes.md")
    notes.write_bytes(b"one\r\ntwo\r\n")
    check(sales, "signed", "--proof", str(notes))
    copy = sales.root / FOLDER / "signed-notes.md"
    sales.git("rm", "-q", "--cached", copy.relative_to(sales.root).as_posix())
    sales.git("reset", "-q", "--hard")
    assert copy.read_bytes() == b"one\ntwo\n"
    assert handrail(sales, "lint", now=LATER).exit_code == 0


def test_a_folder_without_its_run_is_reported(sales, handrail):
    sales.write({"processes/sales/runs/other/a.txt": "a", f"{FOLDER}/deeper/b.txt": "b"})
    said = handrail(sales, "lint", now=LATER).output
    assert said.count("misplaced-file") == 2


def test_an_agents_evidence_is_copied_once_and_confirmed(workspace, handrail, monkeypatch, scan):
    config = "people:\n  mara: {email: [mara@example.org]}\n  robo: {email: [robo@example.org], agent: true}\n"
    procedure = SALES.replace("title: Sales", "title: Sales\nagents: propose")
    folder = workspace({"processes/sales/README.md": procedure}, config=config)
    handrail(folder, "start", "sales", "Ada", now=NOW)
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "robo@example.org")
    handrail(folder, "check", RUN, "signed", "--proof", str(scan), now=LATER)
    assert len(changed(folder)) == 2
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "mara@example.org")
    handrail(folder, "check", RUN, "signed", now=LATER)
    name = f"{FOLDER}/signed-vertrag-final-grosse-2.pdf"
    assert f"@mara done confirms=robo file={name} sha256={hashlib.sha256(PDF).hexdigest()}" in folder.read(FILE)
