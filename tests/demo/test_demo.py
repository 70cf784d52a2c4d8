"""`handrail demo`: the invented company is written as Handrail writes, and ends now."""

from __future__ import annotations

import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handrail.app.demo import build_demo
from handrail.app.load import load_workspace
from handrail.app.moment import moment_of
from handrail.base.errors import WrongUsage
from handrail.base.problem import has_errors
from handrail.format.run import write_run
from handrail.model.state import RunState
from handrail.rules.state import run_state

NOW = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def _states(folder: Path) -> dict[str, RunState]:
    space = load_workspace(folder)
    moment = moment_of(space.config, NOW)
    return {
        id: run_state(run, procedure=space.procedure(run), time=moment.time_for(run.calendar), now=NOW)
        for id, run in space.runs.items()
    }


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "company"
    build_demo(folder, runs=24, months=4, seed=7, now=NOW)
    return folder


def test_it_is_a_clean_repository_on_main(demo: Path):
    assert _git(demo, "status", "--porcelain") == ""
    assert _git(demo, "branch", "--show-current") == "main\n"
    assert _git(demo, "fsck", "--strict") == ""


def test_the_history_ends_now_and_runs_forward(demo: Path):
    times = [int(line) for line in _git(demo, "log", "--reverse", "--format=%at").split()]
    assert times == sorted(times)
    assert times[-1] <= NOW.timestamp()
    assert NOW.timestamp() - times[-1] < timedelta(days=4).total_seconds()
    assert times[0] == (NOW - timedelta(days=120)).timestamp()


def test_it_has_the_runs_that_were_asked_for_in_many_states(demo: Path):
    states = _states(demo)
    assert len(states) == 24
    counts = Counter(state.state for state in states.values())
    assert counts["done"] > 3
    assert counts["active"] > 3
    assert len({state.run.process for state in states.values()}) >= 5


def test_every_file_is_understood_and_written_as_the_tool_writes(demo: Path):
    space = load_workspace(demo)
    assert not has_errors(space.problems), [str(problem) for problem in space.problems]
    assert [id for id, run in space.runs.items() if write_run(run) != (demo / run.path).read_text("utf-8")] == []


def test_people_commit_what_they_did_one_file_at_a_time(demo: Path):
    log = _git(demo, "log", "--format=%x01%ae%x02%(trailers:key=Handrail-Action,valueonly)%x02", "--name-only", "HEAD")
    entries = [entry.split("\x02") for entry in log.split("\x01")[1:]][:-1]
    named = [sorted(files.split(), key=len) for _, _, files in entries]
    beside = [(run, other) for run, *others in named for other in others]
    assert beside
    assert all(other.startswith(run.removesuffix(".md") + "/") for run, other in beside)
    assert len({email for email, _, _ in entries}) >= 6
    assert {action.strip() for _, action, _ in entries} >= {"started", "done"}


def test_no_event_is_later_than_its_commit(demo: Path):
    for id, state in _states(demo).items():
        path = state.run.path
        newest = datetime.fromtimestamp(int(_git(demo, "log", "-1", "--format=%at", "--", path)), UTC)
        assert state.last is not None
        assert state.last <= newest, id


def test_some_boxes_were_ticked_by_hand(demo: Path):
    assert _git(demo, "log", "--format=%s", "--grep=^Update .*\\.md").strip()


def test_the_same_seed_and_moment_give_the_same_commits(tmp_path: Path):
    for name in ("one", "two"):
        build_demo(tmp_path / name, runs=6, months=2, seed=3, now=NOW)
    build_demo(tmp_path / "other", runs=6, months=2, seed=4, now=NOW)
    heads = [_git(tmp_path / name, "rev-parse", "HEAD") for name in ("one", "two", "other")]
    assert heads[0] == heads[1] != heads[2]


def test_whoever_works_in_it_is_mara(demo: Path):
    assert _git(demo, "config", "user.email") == "mara@example.org\n"


def test_projects_stand_at_any_moment_as_they_were_written_to_stand(tmp_path: Path):
    later = NOW + timedelta(days=400)
    build_demo(tmp_path / "later", runs=0, months=3, seed=1, now=later)
    projects = load_workspace(tmp_path / "later").projects
    newest = max(event.time for project in projects.values() for item in project.items for event in item.events)
    assert later - timedelta(days=7) <= newest <= later


def test_progress_is_told(tmp_path: Path):
    told: list[tuple[int, int]] = []
    build_demo(tmp_path / "told", runs=3, months=1, seed=1, now=NOW, progress=lambda *one: told.append(one))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(WrongUsage, match="not empty"):
        build_demo(tmp_path, runs=1, months=1, seed=1, now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_many_runs_take_minutes_and_all_differ(tmp_path: Path):
    build_demo(tmp_path / "many", runs=1500, months=18, seed=1, now=NOW)
    states = _states(tmp_path / "many")
    assert len(states) == 1500
    assert not has_errors(load_workspace(tmp_path / "many").problems)
    assert sum(state.state == "done" for state in states.values()) > 1000
