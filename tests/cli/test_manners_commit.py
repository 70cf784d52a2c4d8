"""Git's own manners when it commits: hooks that change things, signatures, line ends, names of files."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import pytest

PROCESS = "---\ntitle: Onboarding\norder: any\n---\n\n- [ ] Send {#send @mara}\n\n- [ ] Sign {#sign @mara}\n"
RUN = "processes/onboarding/runs/2026-11-23-ada.md"
NOW = "2026-11-23T09:12:00Z"


@pytest.fixture
def folder(workspace, handrail):
    """A workspace with a run and no remote."""
    made = workspace({"processes/onboarding/README.md": PROCESS})
    assert handrail(made, "start", "onboarding", "ada", now=NOW).exit_code == 0
    return made


def hook(folder, name: str, script: str) -> None:
    place = folder.root / ".git/hooks" / name
    place.parent.mkdir(exist_ok=True)
    place.write_text("#!/bin/sh\n" + script)
    place.chmod(0o755)


def fine(result) -> str:
    assert result.exit_code == 0, result.output
    return str(result.output)


def check(handrail, folder, step: str = "send") -> str:
    return fine(handrail(folder, "check", "ada", step, now="2026-11-23T10:00:00Z"))


def test_a_formatter_in_a_hook_changes_what_is_committed_and_nothing_is_left_over(folder, handrail) -> None:
    script = (
        'for file in $(git diff --cached --name-only); do sed -i "s/^- \\[x\\]/* [x]/" $file; git add $file; done\n'
    )
    hook(folder, "pre-commit", script)
    check(handrail, folder)
    assert folder.git("status", "--porcelain") == ""
    assert "* [x] Send" in folder.git("show", f"HEAD:{RUN}")
    check(handrail, folder, "sign")
    assert folder.git("status", "--porcelain") == ""
    assert folder.git("rev-list", "--count", "HEAD").strip() == "4"


def test_a_formatter_that_does_not_add_its_changes_leaves_them_to_the_user(folder, handrail) -> None:
    hook(folder, "pre-commit", f"echo >> {RUN}\n")
    check(handrail, folder)
    assert folder.git("status", "--porcelain") == f" M {RUN}\n"
    assert "[x] Send" in folder.git("show", f"HEAD:{RUN}")


def test_a_hook_may_change_the_message(folder, handrail) -> None:
    hook(folder, "commit-msg", 'sed -i "1s/^/OPS-7 /" "$1"\n')
    check(handrail, folder)
    assert folder.git("log", "-1", "--format=%s").startswith("OPS-7 done onboarding/2026-11-23-ada")
    assert "Send" in fine(handrail(folder, "undo", "--dry-run"))
    fine(handrail(folder, "undo"))
    assert "- [ ] Send" in folder.read(RUN)


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="no ssh-keygen")
def test_a_commit_is_signed_with_an_ssh_key(folder, handrail, tmp_path) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    signers = tmp_path / "signers"
    signers.write_text(f"mara@example.org {key.with_suffix('.pub').read_text()}")
    for name, value in (
        ("gpg.format", "ssh"), ("user.signingkey", str(key)), ("commit.gpgsign", "true"),
        ("gpg.ssh.allowedSignersFile", str(signers)),
    ):  # fmt: skip
        folder.git("config", name, value)
    base = folder.git("rev-parse", "HEAD").strip()
    check(handrail, folder)
    assert folder.git("log", "-1", "--format=%G?").strip() == "G"
    fine(handrail(folder, "undo"))
    assert folder.git("log", "-1", "--format=%G?").strip() == "G"
    fine(handrail(folder, "verify", base, "--require-signed"))


@pytest.mark.skipif(not shutil.which("gpg"), reason="no gpg")
def test_a_commit_is_signed_with_a_gpg_key(folder, handrail, monkeypatch) -> None:
    with tempfile.TemporaryDirectory(prefix="gpg-") as home:  # its sockets want a short path
        os.chmod(home, 0o700)
        monkeypatch.setenv("GNUPGHOME", home)
        words = ["--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "Mara Lind <mara@example.org>", "ed25519"]
        try:
            subprocess.run(["gpg", *words], check=True, capture_output=True)
            folder.git("config", "commit.gpgsign", "true")
            check(handrail, folder)
            assert folder.git("log", "-1", "--format=%G?").strip() in ("G", "U")
        finally:
            subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)


@pytest.mark.parametrize("way", ["core.autocrlf=true", "* text eol=crlf"])
def test_a_work_tree_with_windows_line_ends_keeps_them(workspace, handrail, tmp_path, way) -> None:
    seed = workspace({"processes/onboarding/README.md": PROCESS, ".gitattributes": "* text=auto\n"}, name="seed")
    fine(handrail(seed, "start", "onboarding", "ada", now=NOW))
    setting = way if "=true" in way else "core.autocrlf=false"
    if setting != way:
        seed.write({".gitattributes": f"{way}\n"})
        seed.commit("line ends")
    root = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "-c", setting, str(seed.root), str(root)], check=True)
    folder = type(seed)(root)
    folder.git("config", "remote.origin.pushurl", str(tmp_path / "nowhere"))
    for step in (("check", "ada", "send", "-m", "sent"), ("note", "ada", "-m", "hello"), ("undo",), ("undo",)):
        fine(handrail(folder, *step, now="2026-11-23T10:00:00Z"))
        text = folder.read(RUN)
        assert text.count("\n") == text.count("\r\n") > 10
        assert "\r" not in folder.git("show", f"HEAD:{RUN}")
        assert folder.git("status", "--porcelain") == ""
    fine(handrail(folder, "start", "onboarding", "eva", now=NOW))
    assert folder.git("status", "--porcelain") == ""


def test_runs_whose_names_differ_in_case_only(folder, handrail) -> None:
    for title in ("ADA", "Ada"):
        fine(handrail(folder, "start", "onboarding", title, now=NOW))
    names = sorted(path.name for path in (folder.root / "processes/onboarding/runs").iterdir())
    assert len({name.lower() for name in names}) == len(names) == 3


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_folders_in_either_form_of_unicode(workspace, handrail, form) -> None:
    name = unicodedata.normalize(form, "einführung-für-café")
    folder = workspace({f"processes/{name}/README.md": PROCESS})
    fine(handrail(folder, "start", unicodedata.normalize("NFC", name), "ada", now=NOW))
    check(handrail, folder)
    assert folder.git("status", "--porcelain") == ""
    assert folder.git("log", "-1", "--format=%s").startswith("done ")


def test_names_that_are_the_same_to_people_are_reported(workspace, handrail) -> None:
    two = {f"processes/{unicodedata.normalize(form, 'café')}/README.md": PROCESS for form in ("NFC", "NFD")}
    folder = workspace(two)
    assert "same-name" in handrail(folder, "lint", now=NOW).output
    cases = workspace({"processes/Sales/README.md": PROCESS, "processes/sales/README.md": PROCESS})
    result = handrail(cases, "lint", now=NOW)
    assert result.exit_code == 1
    assert "has the same name as `Sales`" in result.output


@pytest.mark.parametrize("name", ["quote'\"s", "a b", "tab\there", "-dash", "ü"])
def test_a_workspace_in_a_folder_of_any_name(workspace, handrail, name) -> None:
    folder = workspace({"processes/onboarding/README.md": PROCESS}, name=f"x/{name}")
    fine(handrail(folder, "start", "onboarding", "ada", now=NOW))
    check(handrail, folder)
    fine(handrail(folder, "undo"))
    fine(handrail(folder, "status"))
    assert folder.git("status", "--porcelain") == ""


def test_a_workspace_in_a_folder_whose_name_has_two_lines_is_refused(workspace, handrail) -> None:
    folder = workspace({"processes/onboarding/README.md": PROCESS}, name="x/new\nline")
    result = handrail(folder, "start", "onboarding", "ada", now=NOW)
    assert result.exit_code == 3
    assert "Move the clone to a folder with a plain name." in result.output


def test_processes_and_projects_of_odd_names(workspace, handrail) -> None:
    odd = 'a b\'s "way"'
    files = {f"processes/{odd}/README.md": PROCESS, f"projects/{odd}/README.md": "---\ntitle: P\n---\n\n- [ ] A {#a}\n"}
    folder = workspace(files)
    fine(handrail(folder, "start", odd, "ada", now=NOW))
    check(handrail, folder)
    fine(handrail(folder, "project", "check", odd, "a", now="2026-11-23T10:00:00Z"))
    fine(handrail(folder, "undo"))
    assert folder.git("status", "--porcelain") == ""
    fine(handrail(folder, "status"))


def test_a_folder_with_a_new_line_in_its_name_is_reported(workspace, handrail) -> None:
    folder = workspace({"processes/on\nboarding/README.md": PROCESS, "processes/fine/README.md": PROCESS})
    result = handrail(folder, "lint", now=NOW)
    assert result.exit_code in (0, 1)
    fine(handrail(folder, "start", "fine", "ada", now=NOW))
    check(handrail, folder)
    assert Path(folder.root / "processes/fine/runs").is_dir()
