"""Git's own manners: whatever the user has configured or checked out, a check-off is one commit of one file."""

from __future__ import annotations

import subprocess

import pytest

PROCESS = "---\ntitle: Onboarding\norder: any\n---\n\n- [ ] Send {#send @mara}\n- [ ] Sign {#sign @mara}\n"
RUN = "processes/onboarding/runs/2026-11-23-ada.md"
NOW = "2026-11-23T09:12:00Z"
FILES = {"processes/onboarding/README.md": PROCESS}


@pytest.fixture
def ready(workspace, handrail):
    """A workspace with a run, cloned from a remote, in a folder of the wished name."""

    def make(*options: str, name: str = "clone"):
        seed = workspace(FILES, name="seed")
        assert handrail(seed, "start", "onboarding", "ada", now=NOW).exit_code == 0
        remote, root = seed.root.parent / "remote.git", seed.root.parent / name
        run(["git", "clone", "-q", "--bare", seed.root, remote])
        run(["git", "-C", remote, "config", "uploadpack.allowFilter", "true"])
        run(["git", "clone", "-q", *options, remote.as_uri(), root])
        return type(seed)(root)

    return make


def run(command: list[object]) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def checks_off(handrail, folder) -> None:
    folder.write({"staged.txt": "s\n", "untracked.txt": "u\n"})
    folder.git("add", "--sparse", "staged.txt")
    result = handrail(folder, "check", "ada", "send", now="2026-11-23T10:00:00Z")
    assert result.exit_code == 0, result.output
    assert "saved and shared" in result.output, result.output
    assert folder.git("show", "--format=", "--name-only", "HEAD").strip() == RUN
    assert folder.git("status", "--porcelain", "--untracked-files=all", "--", "staged.txt", "untracked.txt", RUN) == (
        "A  staged.txt\n?? untracked.txt\n"
    )
    assert "[x] Send" in folder.git("show", f"origin/HEAD:{RUN}")


SETTINGS = [
    "commit.cleanup=scissors", "commit.verbose=true", "push.default=nothing",
    "push.followTags=true", "pull.rebase=true", "fetch.prune=true", "fetch.recurseSubmodules=true",
    "i18n.commitEncoding=ISO-8859-1", "core.untrackedCache=true", "core.autocrlf=true",
    "core.ignorecase=true", "core.precomposeunicode=true", "core.quotePath=false", "core.splitIndex=true",
    "index.version=4", "feature.manyFiles=true", "status.showUntrackedFiles=no", "status.branch=false",
    "color.ui=always", "log.showSignature=true", "diff.noprefix=true", "merge.ff=false", "merge.ff=only",
    "core.pager=false", "advice.statusHints=false", "url.file:///.insteadOf=file:///", "branch.autoSetupRebase=always",
    "core.commentChar=@", "format.pretty=oneline", "column.ui=always", "include.path=/nowhere",
]  # fmt: skip


def test_with_any_of_many_settings(ready, handrail) -> None:
    """One clone with all of them, since each stands for itself and a process costs more than a setting."""
    folder = ready()
    for setting in SETTINGS:
        name, _, value = setting.partition("=")
        folder.git("config", "--add", name, value)
    checks_off(handrail, folder)
    assert folder.git("log", "-1", "--format=%s").startswith("done onboarding/2026-11-23-ada")


@pytest.mark.parametrize("setting", ["commit.template=/nowhere", "core.fsmonitor=/bin/false", "core.autocrlf=input"])
def test_with_one_setting(ready, handrail, setting) -> None:
    folder = ready()
    folder.git("config", *setting.split("="))
    checks_off(handrail, folder)


@pytest.mark.parametrize(
    "options",
    [("--filter=blob:none",), ("--depth=1",), ("--sparse",), ("--origin=upstream",)],
    ids=str,
)
def test_in_clones_of_many_kinds(ready, handrail, options) -> None:
    folder = ready(*options)
    if options == ("--sparse",):
        folder.git("sparse-checkout", "add", "processes")
    if options == ("--origin=upstream",):
        folder.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/upstream/main")
    checks_off(handrail, folder)


@pytest.mark.parametrize("name", ["with space", "quote'\"s", "ünïcode é", "dollar$(x);y", "star*[a]?"])
def test_in_folders_of_odd_names(ready, handrail, name) -> None:
    checks_off(handrail, ready(name=name))
