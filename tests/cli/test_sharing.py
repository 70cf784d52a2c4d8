"""What is saved here and what is shared: `sync: push | branch | none`, `handrail sync`, pull requests, offline."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

PROCESS = """\
---
title: Onboarding
roles: {sales: ana, finance: ben}
order: any
---

- [ ] Send the agreement {#send @sales}
- [ ] Get it back signed {#signed @sales}
- [ ] Invoice {#invoice @finance}
- [ ] Celebrate {#party @sales}
"""
CONFIG = """\
sync: {mode}
people:
  ana: {{name: Ana Reyes, email: [ana@example.org]}}
  ben: {{name: Ben Ito, email: [ben@example.org]}}
  mara: {{name: Mara Lind, email: [mara@example.org]}}
"""
RUN = "processes/onboarding/runs/2026-11-23-ada.md"
NOW = "2026-11-23T09:12:00Z"


class Team:
    """Clones of one bare remote, and the command line in each of them."""

    def __init__(self, place: Path, workspace, handrail, monkeypatch, mode: str) -> None:
        self.remote = place / "remote.git"
        self.handrail = handrail
        self.monkeypatch = monkeypatch
        self.folders = {}
        self.minute = 0
        seed = workspace({"processes/onboarding/README.md": PROCESS}, config=CONFIG.format(mode=mode), name="seed")
        result = handrail(seed, "start", "onboarding", "ada", now=NOW)
        assert result.exit_code == 0, result.output
        subprocess.run(["git", "clone", "-q", "--bare", str(seed.root), str(self.remote)], check=True)
        self.make = type(seed)

    def clone(self, person: str, name: str = ""):
        root = self.remote.parent / (name or person)
        subprocess.run(["git", "clone", "-q", str(self.remote), str(root)], check=True)
        folder = self.make(root)
        self.folders[root] = person
        return folder

    def be(self, folder) -> None:
        person = self.folders[folder.root]
        for role in ("AUTHOR", "COMMITTER"):
            self.monkeypatch.setenv(f"GIT_{role}_NAME", person.title())
            self.monkeypatch.setenv(f"GIT_{role}_EMAIL", f"{person}@example.org")

    def do(self, folder, *words: str):
        self.be(folder)
        self.minute += 1
        return self.handrail(folder, *words, now=f"2026-11-23T10:{self.minute:02}:00Z")

    def fine(self, folder, *words: str) -> str:
        result = self.do(folder, *words)
        assert result.exit_code == 0, result.output
        return result.output

    def merge(self, branch: str, how: str, message: str = "Merged") -> None:
        """Merge a pull request as hosts do it, in the remote."""
        place = self.remote.parent / f"host-{self.minute}-{branch.replace(chr(47), chr(45))}"
        subprocess.run(["git", "clone", "-q", str(self.remote), str(place)], check=True)
        host = self.make(place)
        if how == "merge":
            host.git("merge", "-q", "--no-ff", "-m", message, f"origin/{branch}")
        elif how == "squash":
            host.git("merge", "-q", "--squash", f"origin/{branch}")
            host.git("commit", "-qm", message)
        else:
            host.git("switch", "-q", "-c", "rebasing", f"origin/{branch}")
            host.git("commit", "-q", "--amend", "--no-edit", "--date=2026-11-23T12:00:00Z")
            host.git("rebase", "-q", "--force-rebase", "origin/main")
            host.git("switch", "-q", "main")
            host.git("merge", "-q", "--ff-only", "rebasing")
        host.git("push", "-q", "origin", "main")

    def main(self) -> str:
        return subprocess.run(
            ["git", "-C", str(self.remote), "show", f"main:{RUN}"], capture_output=True, text=True, check=True
        ).stdout


@pytest.fixture
def team(tmp_path, workspace, handrail, monkeypatch):
    return lambda mode: Team(tmp_path, workspace, handrail, monkeypatch, mode)


def events(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip().startswith("- 2026-")]


def protect_main(team: Team) -> None:
    hook = team.remote / "hooks" / "update"
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo "main is protected" >&2; exit 1; }\n')
    hook.chmod(0o755)


# --- branch -----------------------------------------------------------------------------------------------------


def test_actions_on_the_main_branch_gather_on_a_branch_of_ones_own(team) -> None:
    team = team("branch")
    protect_main(team)
    ana = team.clone("ana")
    assert "saved and shared on branch handrail/ana" in team.fine(ana, "check", "ada", "send")
    assert "[x] Send" in ana.read(RUN), "the files show what was done"
    assert ana.git("branch", "--show-current") == "main\n", "nothing is switched in silence"
    assert "[x]" not in team.main()
    said = team.fine(ana, "sync")
    assert said == (
        "1 change on 'handrail/ana' for a pull request into 'main'.\n"
        "  Open it on your git host, from 'handrail/ana' into 'main'.\n"
    )
    assert json.loads(team.fine(ana, "status", "--json"))["unshared"] == 0


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
@pytest.mark.parametrize("more_before", [False, True])
def test_after_the_merge_sync_brings_the_clone_back_in_line(team, how, more_before) -> None:
    team = team("branch")
    ana, ben = team.clone("ana"), team.clone("ben")
    team.fine(ana, "check", "ada", "send")
    team.fine(ana, "note", "ada", "send", "-m", "by post")
    if more_before:  # the remote's main branch has moved on in between
        team.fine(ben, "check", "ada", "invoice")
        team.merge("handrail/ben", "squash")
    ana.write({"mine.txt": "not committed\n", "handrail.yml": ana.read("handrail.yml") + "title: Mine\n"})
    ana.git("add", "mine.txt")
    before = ana.git("status", "--porcelain")
    team.merge("handrail/ana", how)
    assert "merged" in team.fine(ana, "sync")
    assert ana.git("rev-parse", "HEAD") == ana.git("rev-parse", "origin/main")
    assert ana.git("status", "--porcelain") == before
    assert len(events(team.main())) == 3 + more_before == len(set(events(team.main())))
    assert ana.read(RUN) == team.main()
    # and the next action begins anew, on the same branch
    team.fine(ana, "check", "ada", "party")
    assert ana.git("rev-list", "--count", "origin/main..origin/handrail/ana").strip() == "1"


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_what_was_done_after_the_pull_request_was_merged_stays_on_top(team, how) -> None:
    team = team("branch")
    ana = team.clone("ana")
    team.fine(ana, "check", "ada", "send")
    team.merge("handrail/ana", how)
    origin = ana.git("remote", "get-url", "origin").strip()
    ana.git("remote", "set-url", "origin", str(team.remote.parent / "away"))
    assert team.do(ana, "reopen", "ada", "send", "-m", "the wrong one").exit_code == 0
    team.fine(ana, "check", "ada", "send", "party")
    ana.git("remote", "set-url", "origin", origin)
    said = team.fine(ana, "sync")
    assert said.startswith("2 changes on 'handrail/ana'")
    expected = events(ana.read(RUN))
    assert len(expected) == len(set(expected)) + 1  # two steps checked by one command share one line's text
    team.merge("handrail/ana", "squash")
    assert team.fine(ana, "sync").startswith("Everything is merged")
    assert events(team.main()) == expected and "[x] Send" in team.main()
    authors = ana.git("log", "--format=%an", "origin/main").split()
    assert "Ana" in authors or how != "rebase"


def test_the_same_second_twice_is_two_actions(team) -> None:
    team = team("branch")
    ana = team.clone("ana")
    team.fine(ana, "check", "ada", "send")
    team.merge("handrail/ana", "squash")
    team.minute -= 1
    ana.git("remote", "set-url", "origin", str(team.remote.parent / "away"))
    team.fine(ana, "check", "ada", "party")
    ana.git("remote", "set-url", "origin", str(team.remote))
    team.fine(ana, "sync")
    assert "[x] Celebrate" in ana.read(RUN) and "[x] Send" in ana.read(RUN)
    assert len(events(ana.read(RUN))) == 3


def test_two_clones_of_one_person_share_one_branch(team) -> None:
    team = team("branch")
    desk, train = team.clone("ana", "desk"), team.clone("ana", "train")
    team.fine(desk, "check", "ada", "send")
    team.fine(train, "check", "ada", "signed")
    assert "[x] Send" in train.read(RUN)
    team.merge("handrail/ana", "squash")
    team.fine(desk, "check", "ada", "party")
    team.fine(train, "sync")
    team.fine(desk, "sync")
    assert len(events(train.read(RUN))) == 4 and train.read(RUN) == desk.read(RUN)
    assert train.git("rev-list", "--count", "--no-merges", "origin/main..HEAD").strip() == "1"


def test_a_branch_of_the_users_own_is_shared_as_it_is(team) -> None:
    team = team("branch")
    ana = team.clone("ana")
    ana.git("remote", "set-head", "origin", "--delete")  # the remote is asked, then
    ana.git("switch", "-qc", "wip/ada's-#1")
    team.fine(ana, "check", "ada", "send")
    assert ana.git("rev-parse", "--abbrev-ref", "@{upstream}") == "origin/wip/ada's-#1\n"
    assert "from 'wip/ada's-#1' into 'main'" in team.fine(ana, "sync")


def test_a_branch_that_the_host_deleted_after_the_merge_is_forgotten(team) -> None:
    team = team("branch")
    ana = team.clone("ana")
    team.fine(ana, "check", "ada", "send")
    team.merge("handrail/ana", "squash")
    subprocess.run(["git", "-C", str(team.remote), "branch", "-qD", "handrail/ana"], check=True)
    assert team.fine(ana, "sync").startswith("Everything is merged")
    assert "handrail/ana" not in ana.git("branch", "--remotes")
    team.fine(ana, "check", "ada", "party")
    assert "handrail/ana" in ana.git("branch", "--remotes")


# --- push, none, no commit --------------------------------------------------------------------------------------


def test_a_protected_main_branch_says_what_to_set(team) -> None:
    team = team("push")
    protect_main(team)
    ana = team.clone("ana")
    said = team.fine(ana, "check", "ada", "send")
    assert "saved here, not shared: the remote refused it" in said and "`sync: branch`" in said
    ana.write({"handrail.yml": ana.read("handrail.yml").replace("sync: push", "sync: branch")})
    assert team.fine(ana, "sync").startswith("1 change on 'handrail/ana'")


def test_what_waits_here_is_told_and_goes_out_with_sync(team) -> None:
    team = team("push")
    ana = team.clone("ana")
    shutil.move(team.remote, team.remote.parent / "away.git")
    team.fine(ana, "check", "ada", "send")
    assert "2 changes wait here by now" in team.fine(ana, "check", "ada", "party")
    line = "2 changes saved here, not shared: handrail sync\n"
    assert team.fine(ana, "status").endswith(line) and team.fine(ana, "mine").endswith(line)
    assert json.loads(team.fine(ana, "status", "--json"))["unshared"] == 2
    assert json.loads(team.fine(ana, "mine", "--json"))["unshared"] == 2
    assert team.do(ana, "sync").exit_code == 3
    shutil.move(team.remote.parent / "away.git", team.remote)
    assert team.fine(ana, "sync") == "2 commits of yours shared.\n"
    assert "not shared" not in team.fine(ana, "status") and "[x] Celebrate" in team.main()


def test_sync_none_shares_nothing_and_says_nothing(team) -> None:
    team = team("none")
    ana = team.clone("ana")
    said = team.fine(ana, "check", "ada", "send")
    assert "saved here)" in said and "shared" not in said
    assert "not shared" not in team.fine(ana, "status")
    assert "[x]" not in team.main()
    assert team.fine(ana, "sync") == "1 commit of yours shared.\n", "who asks for it gets it"


def test_no_commit_writes_and_leaves_the_rest_to_the_user(team) -> None:
    team = team("push")
    ana = team.clone("ana")
    assert "(written, not committed)" in team.fine(ana, "check", "ada", "send", "--no-commit")
    assert ana.git("status", "--porcelain") == f" M {RUN}\n" and "[x]" not in team.main()


def test_a_branch_that_was_renamed_on_the_remote_is_not_brought_back(team) -> None:
    team = team("push")
    ana = team.clone("ana")
    for words in (["branch", "-m", "main", "trunk"], ["symbolic-ref", "HEAD", "refs/heads/trunk"]):
        subprocess.run(["git", "-C", str(team.remote), *words], check=True)
    said = team.fine(ana, "check", "ada", "send")
    assert "'origin' has no branch 'main' any more" in said and "git branch -m NEW" in said
    branches = subprocess.run(["git", "-C", str(team.remote), "branch"], capture_output=True, text=True, check=True)
    assert branches.stdout == "* trunk\n"
    ana.git("branch", "-m", "trunk")
    ana.git("fetch", "-q")
    ana.git("branch", "-u", "origin/trunk")
    assert team.fine(ana, "sync") == "1 commit of yours shared.\n"
