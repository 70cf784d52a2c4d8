"""A workspace, its bare remote and its clones, in a folder of their own and cut off from anybody's settings."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from soak_check import Fault

TOOLS = Path(__file__).resolve().parents[2] / "tools"
PROCESS = "work"
CLOSING = "ok"
PROCEDURE = "---\ntitle: Work\norder: any\nfields:\n  word: {{}}\n---\n\n{steps}\n"


@dataclass(frozen=True)
class Place:
    """Where everything of one scenario lies: `remote` is bare, `clones` have one folder each."""

    root: Path
    remote: Path
    clones: tuple[Path, ...]
    runs: tuple[str, ...]
    steps: tuple[str, ...]


def environment(who: str = "seed", **more: str) -> dict[str, str]:
    """The process environment of one person, without the machine's git settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "HANDRAIL_"))}
    for role in ("AUTHOR", "COMMITTER"):
        kept |= {f"GIT_{role}_NAME": who.title(), f"GIT_{role}_EMAIL": f"{who}@example.org"}
    settings = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    return {**kept, **settings, "PYTHONPATH": str(TOOLS), "TZ": "UTC", "LC_ALL": "C.UTF-8", **more}


def git(root: Path, *arguments: str, who: str = "seed", check: bool = True) -> str:
    """Run git in `root` and give what it printed; a failure is an error unless `check` is off."""
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False, env=environment(who)
    )
    if check and done.returncode:
        raise AssertionError(f"git {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def handrail(root: Path, *arguments: str, who: str = "seed", **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a person would, in a process of its own."""
    command = [sys.executable, "-m", "handrail", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment(who, **more))


def make_place(root: Path, *, clones: int, people: int, runs: int = 3, steps: int = 20, shared: bool = True) -> Place:
    """Make a workspace with so many runs of so many steps; `shared`: on a bare remote, else one clone alone."""
    seed = root / "clone0"
    names = tuple(f"s{number:02d}" for number in range(steps))
    folder = seed / "processes" / PROCESS
    folder.mkdir(parents=True)
    git(seed, "init", "-q", "-b", "main")
    persons = "".join(f"  w{n}: {{name: W{n}, email: [w{n}@example.org]}}\n" for n in range(people))
    team = ", ".join(f"w{n}" for n in range(people))
    (seed / "handrail.yml").write_text(
        f"people:\n  seed: {{name: Seed, email: [seed@example.org]}}\n{persons}teams:\n  all: [{team}]\n"
    )
    (seed / ".gitattributes").write_text("*.md text eol=lf\n")
    (seed / "theirs.txt").write_text("nothing of Handrail's\n")
    items = [f"- [ ] Do {name} {{#{name}}}" for name in names]
    items += [f"- [ ] Agree {{#{CLOSING} approval=1 @all}}"]
    (folder / "README.md").write_text(PROCEDURE.format(steps="\n\n".join(items)))
    git(seed, "add", "--all")
    git(seed, "commit", "-qm", "a workspace")
    made = tuple(_start(seed, f"run {number}") for number in range(runs))
    remote = root / "remote.git"
    folders = [seed]
    if shared:
        git(root, "clone", "-q", "--bare", str(seed), str(remote))
        git(remote, "config", "receive.autogc", "false")
        git(seed, "remote", "add", "origin", str(remote))
        git(seed, "fetch", "-q", "origin")
        git(seed, "branch", "-q", "--set-upstream-to=origin/main")
        for number in range(1, clones):
            folders.append(root / f"clone{number}")
            git(root, "clone", "-q", str(remote), str(folders[-1]))
    return Place(root, remote, tuple(folders), made, names)


def _start(seed: Path, title: str) -> str:
    done = handrail(seed, "--now", "2026-11-02T08:00:00Z", "start", PROCESS, title)
    if done.returncode:
        raise AssertionError(done.stderr)
    return f"{PROCESS}/2026-11-02-{title.replace(' ', '-')}"


def run_files(root: Path, revision: str = "HEAD") -> dict[str, str]:
    """Give the run files of a revision, path to text; from git alone, so a bare remote will do."""
    names = git(root, "ls-tree", "-r", "--name-only", revision).split("\n")
    return {name: git(root, "show", f"{revision}:{name}") for name in names if "/runs/" in name}


def sync_all(place: Place) -> list[Fault]:
    """Every clone shares what it has, then takes what the others had; what cannot be is a fault."""
    faults = []
    for turn in (1, 2):
        for clone in place.clones:
            done = handrail(clone, "sync")
            if turn == 2 and done.returncode:
                faults.append(Fault("disagree", f"{clone.name} cannot sync: {' '.join(done.stderr.split())}"))
    return faults


def check_clones(place: Place, *, status: str = "", lint: bool = True) -> list[Fault]:
    """All clones are one commit and clean apart from `status`, nothing is left behind, git and lint find nothing."""
    faults = []
    heads = {git(clone, "rev-parse", "HEAD").strip() for clone in place.clones}
    if place.remote.exists():
        heads.add(git(place.remote, "rev-parse", "main").strip())
    if len(heads) > 1:
        faults.append(Fault("disagree", f"{len(heads)} different tips after everybody synced"))
    for clone in place.clones:
        faults += _left_behind(clone, status)
    if place.remote.exists():
        faults += [Fault("broken", f"left on the remote: {found}") for found in place.remote.rglob("*.lock")]
    if lint:
        done = handrail(place.clones[0], "lint")
        faults += [Fault("broken", f"lint: {line}") for line in done.stdout.split("\n") if " error[" in line]
    return faults


GITS_OWN = "maintenance.lock"
"""Held by the upkeep that git begins behind a commit by itself: at work now, or killed with its git."""


def _left_behind(clone: Path, status: str) -> list[Fault]:
    faults = []
    said = git(clone, "status", "--porcelain", "--untracked-files=all")
    if said != status:
        faults.append(Fault("broken", f"{clone.name}: git status says {said!r} instead of {status!r}"))
    locks = (path for path in (clone / ".git").rglob("*.lock") if path.name != GITS_OWN)
    left = [*clone.glob("**/.handrail-*"), *locks]
    left += [path for path in (clone / ".git").glob("handrail/*journal*") if path.is_file()]
    faults += [Fault("broken", f"left behind: {path.relative_to(clone)}") for path in left]
    done = subprocess.run(
        ["git", "-C", str(clone), "fsck", "--full", "--no-dangling"],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
    )
    if done.returncode:
        faults.append(Fault("broken", f"{clone.name}: git fsck: {done.stderr}"))
    return faults


def check_commits(place: Place, base: str) -> list[Fault]:
    """Each commit that is no merge touches one file."""
    log = git(place.clones[0], "log", "--no-merges", "--format=%x00%H", "--name-only", f"{base}..HEAD")
    faults = []
    for block in log.split("\0")[1:]:
        commit, *paths = [line for line in block.split("\n") if line]
        if len(paths) != 1:
            faults.append(Fault("broken", f"commit {commit[:8]} touches {len(paths)} files: {', '.join(paths)}"))
    return faults
