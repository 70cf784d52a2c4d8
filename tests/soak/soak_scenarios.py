"""The scenarios of `make soak` in which many write at once."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

from soak_check import check_state
from soak_merges import all_orders, check_orders, request, some_orders
from soak_place import Place, git, make_place, run_files
from soak_report import Row, row
from soak_teams import Scale, Team, judge, orders_for, set_to_work

PEER = Path(__file__).with_name("soak_peer.py")
SLOW_OR_REFUSING = """#!/bin/bash
case $((RANDOM % 10)) in
  0|1) sleep 0.5 ;;
  2) echo 'not now' >&2; exit 1 ;;
esac
exit 0
"""
ANSWER_LOST = """#!/bin/bash
test $((RANDOM % 6)) -eq 0 && kill -9 $PPID
exit 0
"""
TAKEN_BACK = "handrail: taken back"


def crowd(folder: Path, scale: Scale) -> Row:
    """Twelve processes at once in one clone, with somebody's own changes staged and not."""
    place = make_place(folder, clones=1, people=12, runs=4, steps=20, shared=False)
    own = place.clones[0] / "theirs.txt"
    own.write_text("staged\n")
    git(place.clones[0], "add", "theirs.txt")
    own.write_text("edited\n")
    return _worked("12 in one clone", place, 12, scale, 25, status="MM theirs.txt\n")


def clones(folder: Path, scale: Scale) -> Row:
    """Eight clones against one remote, fifty actions each."""
    place = make_place(folder, clones=8, people=8, runs=5, steps=24)
    return _worked("8 clones of one remote", place, 8, scale, 50)


def many_writers(folder: Path, scale: Scale) -> Row:
    """Sixteen writers in as many clones: who waits longest?"""
    place = make_place(folder, clones=16, people=16, runs=5, steps=24)
    return _worked("16 writers, 16 clones", place, 16, scale, 12)


def pull_requests(folder: Path, scale: Scale) -> Row:
    """Eight pull requests on one run in random orders, and four of them in all; every check-off is there every time."""
    place = make_place(folder, clones=1, people=8, runs=1, steps=8, shared=False)
    began = time.monotonic()
    kinds = (("check",), ("begin", "check"), ("note",), ("note", "check"), ("due", "note"), ("assign", "check"))
    requests = [
        request(place, number, *((verb, place.steps[number]) for verb in kinds[number % len(kinds)]))
        for number in range(8)
    ]
    few, faults = check_orders(place, requests[:4], all_orders(requests[:4]))
    many, more = check_orders(place, requests, some_orders(requests, scale.of(20), scale.seed))
    operations = [one for each in requests for one in each.operations]
    seconds = time.monotonic() - began
    return row("pull requests", operations, [*faults, *more], seconds, note=f"{few} orders of 4, {many} of 8")


def trouble(folder: Path, scale: Scale) -> Row:
    """A remote that goes away and comes back, is slow, refuses, and loses its answer after it has taken a push."""
    place = make_place(folder, clones=4, people=4, runs=3, steps=24)
    hooks = place.remote / "hooks"
    hooks.mkdir(exist_ok=True)
    for name, script in (("pre-receive", SLOW_OR_REFUSING), ("post-receive", ANSWER_LOST)):
        (hooks / name).write_text(script)
        (hooks / name).chmod(0o755)
    began = time.monotonic()
    team = set_to_work(place, orders_for(place, 4, scale.seed, scale.of(30, 4), own_steps=True, until=scale.until))
    away, dice = folder / "remote.away", Random(scale.seed)
    while any(process.poll() is None for process in team.processes):
        time.sleep(dice.uniform(0.5, 4))
        place.remote.rename(away)
        time.sleep(dice.uniform(0.2, 2))
        away.rename(place.remote)
    operations = team.wait()
    seconds = time.monotonic() - began
    for name in ("pre-receive", "post-receive"):
        (hooks / name).unlink()
    here = sum(one.outcome == "here" for one in operations)
    note = f"{here} saved here and shared by `sync`"
    return row("remote in trouble", operations, judge(team, operations), seconds, retries=_retries(team), note=note)


def peer(folder: Path, scale: Scale) -> Row:
    """The same eight clones and actions, by pull, edit, commit, push and try again."""
    place = make_place(folder, clones=8, people=8, runs=5, steps=24)
    began = time.monotonic()
    team = set_to_work(place, orders_for(place, 8, scale.seed, scale.of(50), until=scale.until), program=PEER)
    operations = team.wait()
    seconds = time.monotonic() - began
    faults = check_state(operations, run_files(place.remote, "main"), before=team.before)
    pushes = sum(int(one.said.split()[0]) for one in operations if one.said)
    conflicts = sum(int(one.said.split()[1]) for one in operations if one.said)
    note = f"{conflicts} conflicts, given up after them"
    return row("peer: pull, edit, push", operations, faults, seconds, retries=pushes, judged=False, note=note)


def _worked(name: str, place: Place, writers: int, scale: Scale, count: int, status: str = "") -> Row:
    began = time.monotonic()
    team = set_to_work(place, orders_for(place, writers, scale.seed, scale.of(count), until=scale.until))
    operations = team.wait()
    seconds = time.monotonic() - began
    return row(name, operations, judge(team, operations, status=status), seconds, retries=_retries(team))


def _retries(team: Team) -> int:
    """How often an action was taken back after a lost race: the clones' own reflogs tell."""
    logs = (git(clone, "reflog", "show", "--format=%gs", "HEAD") for clone in team.place.clones)
    return sum(log.count(TAKEN_BACK) for log in logs)
