"""Git's own manners in clones of every kind: submodules, shallow, partial and sparse clones, other people's folders."""

from __future__ import annotations

import os
import subprocess

import pytest

PROCESS = "---\ntitle: Onboarding\norder: any\n---\n\n- [ ] Send {#send @mara}\n\n- [ ] Sign {#sign @mara}\n"
RUN = "processes/onboarding/runs/2026-11-23-ada.md"
NOW = "2026-11-23T09:12:00Z"
LATER = "2026-11-23T10:00:00Z"


def fine(result) -> str:
    assert result.exit_code == 0, result.output
    return str(result.output)


def git(*words: object) -> None:
    command = ["git", "-c", "protocol.file.allow=always", *(str(word) for word in words)]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def seed(workspace, handrail):
    """A workspace with a run and a bare remote of it beside it."""
    made = workspace({"processes/onboarding/README.md": PROCESS}, name="seed")
    fine(handrail(made, "start", "onboarding", "ada", now=NOW))
    git("clone", "-q", "--bare", made.root, made.root.parent / "remote.git")
    git("-C", made.root.parent / "remote.git", "config", "uploadpack.allowFilter", "true")
    return made


def clone(seed, *options: str, name: str = "clone"):
    root = seed.root.parent / name
    git("clone", "-q", *options, (seed.root.parent / "remote.git").as_uri(), root)
    return type(seed)(root)


def test_a_workspace_that_is_a_submodule(seed, handrail, workspace) -> None:
    outer = workspace({"note.md": "outer\n"}, name="outer")
    git("-C", outer.root, "submodule", "add", "-q", (seed.root.parent / "remote.git").as_uri(), "ops")
    head = outer.commit("with ops")
    inner = type(seed)(outer.root / "ops")
    assert "saved and shared" in fine(handrail(inner, "check", "ada", "send", now=LATER))
    assert inner.git("status", "--porcelain") == ""
    assert outer.git("rev-parse", "HEAD").strip() == head
    inner.git("checkout", "-q", "--detach")
    refused = handrail(inner, "check", "ada", "sign", now=LATER)
    assert refused.exit_code == 3
    assert "git switch" in refused.output
    assert inner.git("status", "--porcelain") == ""


def test_a_workspace_that_has_a_submodule(seed, handrail, workspace) -> None:
    library = workspace({"library.md": "l\n"}, name="library")
    folder = clone(seed)
    git("-C", folder.root, "submodule", "add", "-q", library.root.as_uri(), "library")
    folder.commit("with a library")
    folder.git("push", "-q")
    (folder.root / "library/library.md").write_text("changed\n")
    assert "saved and shared" in fine(handrail(folder, "check", "ada", "send", now=LATER))
    assert folder.git("show", "--format=", "--name-only", "HEAD").strip() == RUN
    fine(handrail(folder, "undo", "--dry-run"))
    assert folder.git("status", "--porcelain") == " M library\n"


def test_a_shallow_clone_says_what_to_fetch(seed, handrail) -> None:
    base = seed.git("rev-parse", "HEAD~1").strip()
    folder = clone(seed, "--depth=1")
    refused = handrail(folder, "verify", base)
    assert refused.exit_code == 3
    assert "shallow" in refused.output
    assert "fetch-depth: 0" in refused.output or "git fetch --unshallow" in refused.output


def test_an_undo_in_a_shallow_clone(seed, handrail) -> None:
    folder = clone(seed, "--depth=1")
    refused = handrail(folder, "undo", now=LATER)
    assert refused.exit_code in (1, 3)
    assert "Traceback" not in refused.output
    assert "git fetch --unshallow" in refused.output
    folder.git("config", "remote.origin.pushurl", str(seed.root.parent / "away.git"))
    fine(handrail(folder, "check", "ada", "send", now=LATER))
    assert "Undone" in fine(handrail(folder, "undo", now=LATER))
    assert "- [ ] Send" in folder.read(RUN)


def test_a_partial_clone_fetches_what_it_needs(seed, handrail) -> None:
    folder = clone(seed, "--filter=blob:none")
    base = folder.git("rev-parse", "HEAD~1").strip()
    fine(handrail(folder, "check", "ada", "send", now=LATER))
    fine(handrail(folder, "show", "ada", "send", now=LATER))
    fine(handrail(folder, "log", "ada", now=LATER))
    assert "It is shared: an event would answer it (reopen send)" in fine(
        handrail(folder, "undo", "--dry-run", now=LATER)
    )
    fine(handrail(folder, "verify", base))


def test_a_step_outside_the_sparse_checkout(seed, handrail) -> None:
    folder = clone(seed, "--sparse")
    refused = handrail(folder, "check", "ada", "send", now=LATER)
    assert refused.exit_code in (1, 2, 3)
    assert "sparse" in refused.output
    folder.git("sparse-checkout", "add", "processes")
    assert "saved and shared" in fine(handrail(folder, "check", "ada", "send", now=LATER))


def test_the_default_branch_was_renamed_on_the_remote(seed, handrail) -> None:
    folder = clone(seed)
    git("-C", seed.root.parent / "remote.git", "branch", "-m", "main", "trunk")
    told = fine(handrail(folder, "check", "ada", "send", now=LATER))
    assert "git branch -m" in told
    folder.git("branch", "-m", "trunk")
    folder.git("fetch", "-q", "--prune")
    folder.git("branch", "-q", "-u", "origin/trunk")
    folder.git("remote", "set-head", "origin", "-a")
    fine(handrail(folder, "sync"))
    assert "[x] Send" in folder.git("show", f"origin/trunk:{RUN}")


def test_without_a_branch(seed, handrail) -> None:
    folder = clone(seed)
    folder.git("checkout", "-q", "--detach")
    for words in (("check", "ada", "send"), ("undo",), ("start", "onboarding", "eva"), ("sync",)):
        refused = handrail(folder, *words, now=LATER)
        assert refused.exit_code == 3, refused.output
        assert "git switch" in refused.output
        assert folder.git("status", "--porcelain") == ""
    fine(handrail(folder, "status", now=LATER))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_folder_that_belongs_to_somebody_else(seed, handrail) -> None:
    folder = clone(seed)
    for place in (folder.root, folder.root / ".git"):
        os.chown(place, 65534, 65534)
    refused = handrail(folder, "check", "ada", "send", now=LATER)
    assert refused.exit_code == 3
    assert "safe.directory" in refused.output
    assert "- [ ] Send" in folder.read(RUN)
