"""Pull requests on one run, merged by stock git without a work tree and without drivers of its own, as hosts do it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from random import Random

from soak_check import Fault, check_state
from soak_place import Place, environment, git, handrail, run_files
from soak_record import Operation, told


@dataclass(frozen=True)
class Request:
    """One pull request: its branch, and what its author was told."""

    branch: str
    operations: tuple[Operation, ...]


def request(place: Place, number: int, *actions: tuple[str, str], who: str = "") -> Request:
    """Make a branch from main with some actions (verb, step) on the first run, each a commit, by somebody else."""
    clone, branch, who = place.clones[0], f"pull/{number}", who or f"w{number}"
    git(clone, "switch", "-q", "-c", branch, "main")
    operations = []
    for at, (verb, step) in enumerate(actions):
        when, token = f"2026-11-03T09:{number:02d}:{at:02d}Z", f"{who}-{number}-{at}"
        words = [] if verb in {"begin", "assign"} else ["-m", token]
        value = {"assign": [who], "due": ["2026-12-01"]}.get(verb, [])
        done = handrail(clone, "--now", when, verb, place.runs[0], step, *value, *words, who=who)
        asked = Operation(branch, at, verb, place.runs[0], step, who, when, token if words else "")
        operations.append(told(asked, done.returncode, done.stdout + done.stderr, 0.0))
    git(clone, "switch", "-q", "main")
    return Request(branch, tuple(operations))


def merge(root: Path, ours: str, theirs: str) -> str | None:
    """Merge two commits as a server does; gives the merge commit, None where git sees a conflict."""
    done = subprocess.run(
        ["git", "-C", str(root), "merge-tree", "--write-tree", ours, theirs],
        capture_output=True, text=True, check=False, env=environment(),
    )  # fmt: skip
    if done.returncode > 1:
        raise AssertionError(done.stderr)
    if done.returncode:
        return None
    tree = done.stdout.split("\n")[0]
    return git(root, "commit-tree", tree, "-p", ours, "-p", theirs, "-m", f"Merge {theirs}").strip()


def merge_all(root: Path, branches: Iterable[str]) -> str | None:
    """Merge branches into main one after another, in this order."""
    tip: str | None = "main"
    for branch in branches:
        tip = merge(root, tip, branch) if tip else None
    return tip


def check_orders(place: Place, requests: Sequence[Request], orders: Iterable[Sequence[str]]) -> tuple[int, list[Fault]]:
    """Merge in each of the orders: no conflict, the same tree every time, all that was acknowledged is there once."""
    clone, trees, count = place.clones[0], dict[str, str](), 0
    faults = []
    for order in orders:
        count += 1
        tip = merge_all(clone, order)
        if tip is None:
            faults.append(Fault("broken", f"a conflict when merged as {', '.join(order)}"))
        else:
            trees[git(clone, "rev-parse", f"{tip}^{{tree}}").strip()] = tip
    if len(trees) > 1:
        faults.append(Fault("disagree", f"{len(trees)} different results of {count} orders"))
    operations = [one for each in requests for one in each.operations]
    before = run_files(clone, "main")
    for tip in trees.values():
        faults += check_state(operations, run_files(clone, tip), before=before)
    return count, faults


def all_orders(requests: Sequence[Request]) -> list[tuple[str, ...]]:
    return list(permutations(one.branch for one in requests))


def some_orders(requests: Sequence[Request], count: int, seed: int) -> list[list[str]]:
    dice, branches = Random(seed), [one.branch for one in requests]
    return [dice.sample(branches, len(branches)) for _ in range(count)]
