"""Pull requests on one run merge in any order with stock git; two on one step conflict, and nobody's is dropped."""

from __future__ import annotations

import subprocess
import sys

from soak_merges import all_orders, check_orders, merge, merge_all, request
from soak_place import environment, git, handrail, make_place, run_files


def one_run(tmp_path, people: int = 4):
    return make_place(tmp_path, clones=1, people=people, runs=1, steps=5, shared=False)


def test_four_pull_requests_in_all_orders(tmp_path) -> None:
    place = one_run(tmp_path)
    requests = [
        request(place, 0, ("check", "s00")),
        request(place, 1, ("begin", "s01"), ("check", "s01")),
        request(place, 2, ("note", "s02")),
        request(place, 3, ("check", "s03")),
    ]
    assert check_orders(place, requests, all_orders(requests)) == (24, [])


def test_the_same_step_twice_is_a_conflict(tmp_path) -> None:
    place = one_run(tmp_path)
    one, two = request(place, 0, ("check", "s01")), request(place, 1, ("check", "s01"))
    assert merge_all(place.clones[0], [one.branch]) and merge_all(place.clones[0], [two.branch])
    assert merge(place.clones[0], one.branch, two.branch) is None


def test_a_check_against_an_assignment_is_a_conflict_or_holds_both(tmp_path) -> None:
    place = one_run(tmp_path)
    one, two = request(place, 0, ("check", "s01")), request(place, 1, ("assign", "s01"))
    tip = merge(place.clones[0], one.branch, two.branch)
    text = "".join(run_files(place.clones[0], tip).values()) if tip else "w0-0-0 assigned to=w1"
    assert "w0-0-0" in text and "assigned to=w1" in text


def test_a_procedure_changed_while_its_runs_go_on(tmp_path) -> None:
    place = one_run(tmp_path)
    root = place.clones[0]
    checked = request(place, 0, ("check", "s01"))
    git(root, "switch", "-q", "-c", "edited", "main")
    page = root / "processes" / "work" / "README.md"
    page.write_text(page.read_text().replace("- [ ] Do s01 {#s01}\n\n", "").replace("Do s02", "Do s02 well"))
    git(root, "commit", "-qam", "another way of working")
    git(root, "switch", "-q", "main")
    results = [merge_all(root, order) for order in ((checked.branch, "edited"), ("edited", checked.branch))]
    trees = {git(root, "rev-parse", f"{tip}^{{tree}}") for tip in results}
    assert len(trees) == 1
    git(root, "reset", "-q", "--hard", results[0])
    for step in ("s00", "s02", "s03"):
        done = handrail(root, "check", place.runs[0], step, who="w1")
        assert done.returncode == 0, done.stderr
    assert handrail(root, "lint").returncode == 0


def test_two_schedulers_at_once_start_one_run(tmp_path) -> None:
    place = make_place(tmp_path, clones=2, people=1, runs=1, steps=2)
    page = place.clones[0] / "processes" / "work" / "README.md"
    page.write_text(page.read_text().replace("order: any\n", 'order: any\nowner: w0\nschedule: "FREQ=WEEKLY"\n'))
    git(place.clones[0], "commit", "-qam", "every week")
    git(place.clones[0], "push", "-q")
    git(place.clones[1], "pull", "-q")
    before = set(run_files(place.remote, "main"))
    schedulers = [
        subprocess.Popen(
            [sys.executable, "-m", "handrail", "-C", str(clone), "--now", f"2026-11-23T10:00:0{at}Z", "tick"],
            env=environment(f"w{at}"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for at, clone in enumerate(place.clones)
    ]  # fmt: skip
    said = [one.communicate()[0] for one in schedulers]
    assert [one.returncode for one in schedulers] == [0, 0], said
    after = run_files(place.remote, "main")
    new = sorted(set(after) - before)
    assert len(new) == 1, said
    assert after[new[0]].count(" started period=") == 1, said
    for clone in place.clones:
        assert handrail(clone, "sync").returncode == 0
        assert git(clone, "status", "--porcelain") == ""
    assert git(place.remote, "log", "--format=%s", "main").count("started work/2026-11-23") == 1
