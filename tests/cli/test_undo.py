"""`handrail undo`: what nobody else has is taken out, what is shared is answered, what others build on stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROCESS = """\
---
title: Onboarding
roles: {sales: ana}
fields:
  plan: {choices: [basic, pro], default: basic}
---

- [ ] Draft {#draft @sales}

- [ ] Sign {#sign @sales proof=file}

- [ ] Send {#send @sales}

- [ ] Thank {#thank @sales}
"""
PROJECT = """\
---
title: Spring
start: 2026-11-02
---

- [ ] Brief {#brief @ana est=1d}

- [ ] Shoot {#shoot @ana est=1d}
"""
PEOPLE = (
    "people:\n  ana: {name: Ana Reyes, email: [ana@example.org]}\n  ben: {name: Ben Ito, email: [ben@example.org]}\n"
)
RUN = "processes/onboarding/runs/2026-11-23-ada.md"
TOOLS = Path(__file__).parents[2] / "tools"


class Desk:
    """One person's clone, a clock that moves on, and the command line."""

    def __init__(self, folder, call, environment) -> None:
        self.folder = folder
        self.call = call
        self.environment = environment
        self.minute = 0
        self.who = "ana"

    def result(self, *words: str):
        self.minute += 1
        when = f"2026-11-23T10:{self.minute:02}:00Z"
        for role in ("AUTHOR", "COMMITTER"):
            self.environment.setenv(f"GIT_{role}_NAME", self.who.title())
            self.environment.setenv(f"GIT_{role}_EMAIL", f"{self.who}@example.org")
            self.environment.setenv(f"GIT_{role}_DATE", when)
        return self.call(self.folder, *words, now=when)

    def fine(self, *words: str) -> str:
        result = self.result(*words)
        assert result.exit_code == 0, result.output
        return str(result.output)

    def refused(self, *words: str) -> str:
        before = self.head()
        result = self.result(*words)
        assert result.exit_code == 1, result.output
        assert self.head() == before
        assert self.folder.git("status", "--porcelain") == ""
        return str(result.output)

    def head(self) -> str:
        return str(self.folder.git("rev-parse", "HEAD").strip())

    def run(self) -> str:
        return str(self.folder.read(RUN))

    def verified(self, base: str) -> None:
        result = self.result("verify", base)
        assert result.exit_code == 0, result.output


@pytest.fixture
def desk(workspace, handrail, monkeypatch) -> Desk:
    """Give a clone without a remote, with a run and a project."""
    files = {"processes/onboarding/README.md": PROCESS, "projects/spring/README.md": PROJECT}
    made = Desk(workspace(files, config=PEOPLE), handrail, monkeypatch)
    made.fine("start", "onboarding", "ada")
    return made


@pytest.fixture
def shared(desk, tmp_path) -> Desk:
    """Give the clone with a remote that has everything."""
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(desk.folder.root), str(remote)], check=True)
    desk.folder.git("remote", "add", "origin", str(remote))
    desk.folder.git("fetch", "-q")
    desk.folder.git("branch", "-q", "-u", "origin/main")
    return desk


@pytest.mark.parametrize(
    "words",
    [
        ("check", "ada", "draft"),
        ("check", "ada", "draft", "-f", "plan=pro", "-m", "as agreed"),
        ("skip", "ada", "draft", "-m", "not needed"),
        ("begin", "ada", "draft"),
        ("assign", "ada", "draft", "ben"),
        ("due", "ada", "draft", "2026-12-01"),
        ("block", "ada", "draft", "-m", "no paper"),
        ("note", "ada", "-m", "she called"),
        ("set", "ada", "plan=pro"),
        ("rename", "ada", "Ada L."),
        ("cancel", "ada", "-m", "a mistake"),
    ],
    ids=lambda words: " ".join(words[:1] + words[3:4]),
)
def test_what_is_not_shared_is_as_if_it_had_never_been(desk, words) -> None:
    base, before = desk.head(), desk.run()
    desk.fine(*words)
    done = desk.head()
    assert "Undone" in desk.fine("undo")
    assert desk.run() == before
    message = desk.folder.git("log", "-1", "--format=%B")
    assert f"Handrail-Action: undo\nHandrail-Run: onboarding/2026-11-23-ada\nHandrail-Undoes: {done}" in message
    desk.verified(base)


def test_a_task_of_a_project(desk) -> None:
    before = desk.folder.read("projects/spring/README.md")
    desk.fine("project", "check", "spring", "brief")
    base = desk.folder.git("rev-parse", "HEAD~1").strip()
    desk.fine("undo", "spring")
    assert desk.folder.read("projects/spring/README.md") == before
    desk.verified(base)


def test_the_copy_of_a_proof_goes_with_it(desk, tmp_path) -> None:
    desk.fine("check", "ada", "draft")
    base = desk.head()
    (tmp_path / "scan.txt").write_text("signed")
    desk.fine("check", "ada", "sign", "--proof", str(tmp_path / "scan.txt"))
    folder = desk.folder.root / RUN.removesuffix(".md")
    assert list(folder.iterdir())
    desk.fine("undo")
    assert not folder.exists()
    assert desk.folder.git("status", "--porcelain") == ""
    assert desk.folder.git("diff", base, "--stat") == ""
    desk.verified(base)


def test_a_run_that_nothing_happened_in_is_removed_again(desk) -> None:
    base = desk.head()
    desk.fine("start", "onboarding", "eva")
    assert "file was removed" in desk.fine("undo")
    assert not (desk.folder.root / RUN.replace("ada", "eva")).exists()
    desk.verified(base)


def test_a_run_in_which_somebody_did_something_stays(desk) -> None:
    desk.who = "ben"
    desk.fine("note", "ada", "-m", "hello")
    desk.who = "ana"
    assert "handrail cancel onboarding/2026-11-23-ada" in desk.refused("undo")


def test_an_undo_after_an_undo_goes_one_action_further_back(desk) -> None:
    before = desk.run()
    desk.fine("note", "ada", "-m", "first")
    desk.fine("check", "ada", "draft")
    desk.fine("undo")
    assert "An undo is not undone itself" in desk.fine("undo")
    assert desk.run() == before


def test_what_others_did_since_stays(desk) -> None:
    base = desk.head()
    desk.fine("note", "ada", "thank", "-m", "flowers")
    desk.who = "ben"
    desk.fine("note", "ada", "thank", "-m", "or wine")
    desk.fine("check", "ada", "draft")
    desk.who = "ana"
    desk.fine("undo")
    assert "flowers" not in desk.run()
    assert "or wine" in desk.run()
    assert "@ben done" in desk.run()
    desk.verified(base)


def test_what_later_events_depend_on_is_not_undone(desk) -> None:
    desk.fine("block", "ada", "draft", "-m", "no paper")
    desk.who = "ben"
    desk.fine("unblock", "ada", "draft")
    desk.who = "ana"
    output = desk.refused("undo")
    assert "depends on it" in output
    assert "handrail note" in output


def test_nobody_undoes_what_somebody_else_did(desk) -> None:
    desk.who = "ben"
    assert "There is nothing of yours to undo" in desk.refused("undo")


def test_a_dry_run_writes_nothing(desk) -> None:
    desk.fine("check", "ada", "draft")
    before = desk.head()
    assert "Would undo: done onboarding/2026-11-23-ada: Draft" in desk.fine("undo", "--dry-run")
    assert desk.head() == before
    assert "@ana done" in desk.run()


def test_changes_that_are_not_committed_are_left_alone(desk) -> None:
    desk.fine("check", "ada", "draft")
    desk.folder.write({RUN: desk.run() + "\nmine\n"})
    assert desk.result("undo").exit_code == 1
    assert desk.run().endswith("\nmine\n")


def test_other_commits_of_handrail_are_not_undone(desk) -> None:
    desk.fine("new", "process", "offboarding")
    assert "git revert" in desk.refused("undo")


@pytest.mark.parametrize(
    ("words", "event"),
    [
        (("check", "ada", "draft"), "@ana reopened: undo: done"),
        (("skip", "ada", "draft", "-m", "no"), "@ana reopened: undo: skipped"),
        (("block", "ada", "draft", "-m", "no paper"), "@ana unblocked"),
        (("assign", "ada", "draft", "ben"), "@ana assigned to=ana"),
        (("due", "ada", "draft", "2026-12-01"), "@ana due on=none"),
        (("set", "ada", "plan=pro"), "@ana set plan=basic"),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else "",
)
def test_what_is_shared_is_answered_by_an_event(shared, words, event) -> None:
    base = shared.head()
    shared.fine(*words)
    done = shared.head()
    assert "an event would answer it" in shared.fine("undo", "--dry-run")
    assert "saved and shared" in shared.fine("undo")
    assert event in shared.run()
    assert f"Handrail-Undoes: {done}" in shared.folder.git("log", "-1", "--format=%B")
    assert shared.folder.git("rev-parse", "origin/main").strip() == shared.head()
    shared.verified(base)


@pytest.mark.parametrize(
    "words", [("note", "ada", "-m", "she called"), ("begin", "ada", "draft"), ("rename", "ada", "A")]
)
def test_what_no_event_takes_back_is_refused_where_it_is_shared(shared, words) -> None:
    shared.fine(*words)
    assert "handrail note" in shared.refused("undo")


def test_a_shared_run_is_not_deleted(shared) -> None:
    shared.fine("start", "onboarding", "eva")
    assert "handrail cancel onboarding/2026-11-23-eva" in shared.refused("undo")


def test_the_undo_of_something_shared_is_not_answered_again(shared) -> None:
    shared.fine("note", "ada", "-m", "hello")
    shared.fine("check", "ada", "draft")
    shared.fine("undo")
    assert "she called" not in shared.refused("undo")
    assert shared.run().count("reopened") == 1


def test_on_a_branch_for_a_pull_request_it_is_taken_out(shared) -> None:
    shared.folder.write({"handrail.yml": "sync: branch\n" + PEOPLE})
    shared.folder.commit("pull requests")
    shared.folder.git("push", "-q")
    base, before = shared.head(), shared.run()
    shared.fine("check", "ada", "draft")
    assert "branch handrail/ana" in shared.fine("undo")
    assert shared.run() == before
    shared.verified(base)


def test_a_lost_race_leaves_what_others_did_and_nothing_of_a_refused_undo(shared, tmp_path) -> None:
    shared.folder.git("remote", "set-url", "origin", str(tmp_path / "away.git"))
    shared.fine("note", "ada", "thank", "-m", "flowers")
    shared.folder.git("remote", "set-url", "origin", str(tmp_path / "remote.git"))
    other = tmp_path / "other"
    subprocess.run(["git", "clone", "-q", str(tmp_path / "remote.git"), str(other)], check=True)
    folder, shared.folder, shared.who = shared.folder, type(shared.folder)(other), "ben"
    shared.fine("check", "ada", "draft")
    shared.folder, shared.who = folder, "ana"
    assert "saved and shared" in shared.fine("undo")
    assert "flowers" not in shared.run()
    assert "@ben done" in shared.run()
    assert shared.folder.git("rev-parse", "origin/main").strip() == shared.head()


def test_an_undo_is_a_commit_always(desk) -> None:
    desk.fine("check", "ada", "draft")
    result = desk.result("undo", "--no-commit")
    assert result.exit_code == 2
    assert "git restore FILE" in result.output


def test_what_was_not_committed_is_no_action_to_undo(desk) -> None:
    desk.fine("note", "ada", "thank", "-m", "flowers")
    desk.fine("check", "ada", "draft", "--no-commit")
    result = desk.result("undo")
    assert result.exit_code == 1
    assert "has changes of yours that are not committed" in result.output
    assert "@ana done" in desk.run()


def test_what_is_staged_and_edited_elsewhere_stays(desk) -> None:
    desk.fine("check", "ada", "draft")
    desk.folder.write({"staged.txt": "s\n", "handrail.yml": PEOPLE + "stall: 4d\n"})
    desk.folder.git("add", "staged.txt")
    desk.fine("undo")
    assert desk.folder.git("status", "--porcelain") == " M handrail.yml\nA  staged.txt\n"


CHILD = "---\ntitle: Contract\n---\n\n- [ ] Print {#print @ana}\n"
ASK = "- [ ] Ask {#ask @ana}\n\n"
PARENT = f"---\ntitle: Hiring\n---\n\n{ASK}- [ ] Contract {{#contract @ana run=contract}}\n\n- [ ] End {{#end}}\n"


def test_what_an_action_led_to_in_another_run_is_undone_before_it(desk) -> None:
    files = {"processes/contract/README.md": CHILD, "processes/hiring/README.md": PARENT}
    desk.folder.write(files)
    base = desk.folder.commit("processes")
    desk.fine("start", "hiring", "Bo")
    desk.fine("check", "bo", "ask")
    child = next((desk.folder.root / "processes/contract/runs").iterdir())
    desk.fine("undo")
    assert not child.exists()
    desk.fine("undo")
    assert "@ana done" not in desk.folder.read("processes/hiring/runs/2026-11-23-bo.md")
    desk.verified(base)


def test_a_run_that_another_one_belongs_to_stays(desk) -> None:
    parent = PARENT.replace(ASK, "")
    desk.folder.write({"processes/contract/README.md": CHILD, "processes/hiring/README.md": parent})
    desk.folder.commit("processes")
    desk.fine("start", "hiring", "Bo")
    assert "contract/runs" in desk.refused("undo", "hiring/2026-11-23-bo")


def test_an_undo_that_git_did_not_finish_changes_nothing(desk) -> None:
    """Git dies in the middle of the commit."""
    desk.fine("check", "ada", "draft")
    before = desk.head()
    hook = desk.folder.root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\nkill -9 $PPID\n")
    hook.chmod(0o755)
    assert desk.result("undo").exit_code == 3
    assert desk.head() == before
    assert "@ana done" in desk.run()
    assert desk.folder.git("status", "--porcelain") == ""
    hook.unlink()
    desk.fine("undo")
    assert "@ana done" not in desk.run()


@pytest.mark.parametrize("status", [0, 1], ids=["git goes on", "git gives up"])
@pytest.mark.parametrize("words", [("check", "ada", "draft"), ("start", "onboarding", "eva")], ids=" ".join)
def test_a_killed_undo_is_the_old_state_or_the_new(desk, words, status) -> None:
    before = desk.folder.git("write-tree")
    desk.fine(*words)
    after = desk.folder.git("write-tree")
    hook = desk.folder.root / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\nkill -9 $(ps -o ppid= -p $PPID)\nexit {status}\n")
    hook.chmod(0o755)
    program = [sys.executable, "-m", "handrail", "undo"]
    environment = {**os.environ, "PYTHONPATH": str(TOOLS)}
    killed = subprocess.run(program, cwd=desk.folder.root, env=environment, capture_output=True, check=False)
    assert killed.returncode == -9
    hook.unlink()
    desk.fine("note", "ada", "thank", "-m", "flowers")
    assert desk.folder.git("status", "--porcelain") == ""
    desk.fine("undo")
    assert desk.folder.git("rev-parse", "HEAD^{tree}") == (after if status else before)
