"""The index behind `status`, `stalled`, `mine`, `next`, `list`: it never changes what they say, whatever happens."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
NOW = "2026-11-23T09:00:00Z"
LOOKS = (
    ("status",),
    ("status", "--all", "--json"),
    ("stalled",),
    ("stalled", "--json"),
    ("mine", "ana"),
    ("mine", "ben", "--json"),
    ("next", "--all"),
    ("next", "--json"),
    ("list",),
    ("list", "--all"),
    ("list", "--all", "--json"),
)
PROCESS = """\
---
title: Onboarding
owner: "@mara"
roles: {sales: [ana, ben], help: finance}
fields: {customer: {required: true}, plan: {choices: [basic, pro]}}
target: 20d
stall: 4d
---

- [ ] Send {#send @sales due=2d}

- [ ] Sign {#sign @sales}
"""
PROJECT = """\
---
title: Spring
owner: "@mara"
start: 2026-11-02
---

- [x] Brief {#brief @ana}
  - 2026-11-16T08:00:00Z @ana done

- [ ] Customers {#customers @ben run=onboarding after=brief}
"""


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def run_text(name: str, steps: str, head: str = "", log: str = "") -> str:
    return (
        f"---\nrun: onboarding/{name}\nprocess: onboarding\ntitle: Title of {name}\nstarted: {stamp(START)}\n"
        f"by: '@mara'\nroles: {{sales: [ana, ben]}}\n{head}---\n\n{steps}\n"
        f"## Log\n\n- {stamp(START)} @mara started\n{log}"
    )


SENT = stamp(START + timedelta(days=20))
SIGNED = f"- [x] Send {{#send @ana due=2d}}\n  - {SENT} @ana done\n\n- [ ] Sign {{#sign @ben}}\n"
DONE = SIGNED.replace("- [ ] Sign {#sign @ben}\n", f"- [x] Sign {{#sign @ben}}\n  - {NOW} @ana done: in ink\n")
FILES = {
    "processes/onboarding/README.md": PROCESS,
    "processes/onboarding/runs/ada.md": run_text("ada", SIGNED),
    "processes/onboarding/runs/bob.md": run_text("bob", DONE, head="project: spring\n"),
    "projects/spring/README.md": PROJECT,
}


BRIEFLY = (("status",), ("stalled",), ("mine", "ana"), ("list", "--all", "--json"))


@pytest.fixture
def same(handrail: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Hold what every looking command says with the index against what it says without."""

    def compare(folder: Any, now: str = NOW, looks: tuple[tuple[str, ...], ...] = LOOKS) -> None:
        for look in looks:
            kept = handrail(folder, *look, now=now)
            with monkeypatch.context() as patch:
                patch.setenv("HANDRAIL_NO_INDEX", "1")
                anew = handrail(folder, *look, now=now)
            assert (look, kept.output, kept.exit_code) == (look, anew.output, anew.exit_code)

    return compare


def index_of(folder: Any) -> Path:
    path: Path = folder.root / ".git" / "handrail" / "index.sqlite"
    return path


def test_it_is_made_by_a_look_inside_the_git_directory(handrail, workspace) -> None:
    folder = workspace(FILES)
    handrail(folder, "status", now=NOW)
    assert index_of(folder).exists()
    assert folder.git("status", "--porcelain", "--ignored") == ""


def test_any_look_keeps_what_figures_need(handrail, workspace) -> None:
    folder = workspace(FILES)
    revision = folder.git("rev-parse", "HEAD:processes/onboarding/README.md").strip()
    for name, steps in (("ada", SIGNED), ("bob", DONE)):
        folder.write({f"processes/onboarding/runs/{name}.md": run_text(name, steps, head=f"revision: {revision}\n")})
    folder.commit()
    handrail(folder, "status", now=NOW)
    with closing(sqlite3.connect(index_of(folder))) as index:
        kept = index.execute("SELECT content FROM kept WHERE kind = 'record'").fetchall()
    assert sorted(key.rpartition("/")[2].split()[0] for (key,) in kept) == ["ada.md", "bob.md"]


def test_every_change_of_the_files_is_seen(same, workspace) -> None:
    folder = workspace(FILES)
    path = "processes/onboarding/runs/ada.md"
    same(folder)
    folder.write({path: run_text("ada", DONE)})
    same(folder)  # changed by hand
    folder.commit()
    same(folder)
    folder.write({"processes/onboarding/runs/new.md": run_text("new", SIGNED), ".gitignore": "ignored.md\n"})
    folder.write({"processes/onboarding/runs/ignored.md": run_text("ignored", SIGNED)})
    same(folder)  # new, ignored
    folder.git("mv", path, "processes/onboarding/runs/adele.md")
    same(folder)  # wrong `run:`, and renamed
    folder.git("reset", "--quiet", "--hard")
    same(folder)
    (folder.root / path).unlink()
    same(folder)  # gone
    folder.git("checkout", "--quiet", "HEAD~1")
    same(folder)  # another commit
    folder.write({path: "---\nrun: [\n---\n"})
    same(folder)  # cannot be read
    folder.write({"processes/onboarding/README.md": PROCESS.replace("20d", "1d").replace("mara", "chi")})
    same(folder)
    (folder.root / "processes/onboarding/README.md").unlink()
    same(folder)
    shutil.rmtree(folder.root / "processes")
    same(folder)


def test_a_changed_calendar_changes_what_is_due(same, handrail, workspace) -> None:
    folder = workspace(FILES)
    same(folder)
    folder.write({"handrail.yml": folder.read("handrail.yml") + "calendar: {week: mon-tue}\nstall: 1d\n"})
    same(folder)


def test_a_workspace_without_a_commit_works(same, handrail, tmp_path, workspace) -> None:
    folder = workspace({})
    folder.git("update-ref", "-d", "HEAD")
    folder.write(FILES)
    same(folder)


def test_a_file_with_a_link_on_its_way_is_left_out(same, workspace) -> None:
    folder = workspace(FILES)
    same(folder)
    runs = folder.root / "processes" / "onboarding" / "runs"
    runs.rename(folder.root / "elsewhere")
    runs.symlink_to(folder.root / "elsewhere")
    same(folder)
    folder.commit()
    same(folder)


def test_another_repository_inside_does_not_confuse_it(same, workspace) -> None:
    folder = workspace(FILES)
    inner = folder.root / "processes" / "inner"
    shutil.copytree(folder.root / "processes" / "onboarding", inner)
    folder.git("init", "--quiet", str(inner))
    same(folder)


def test_a_sparse_checkout_tells_of_what_is_there(same, workspace) -> None:
    folder = workspace({**FILES, "processes/other/README.md": PROCESS})
    same(folder)
    folder.git("sparse-checkout", "set", "--no-cone", "/*", "!/processes/onboarding/runs/ada.md")
    assert not (folder.root / "processes/onboarding/runs/ada.md").exists()
    same(folder)


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(b"this is no database at all, but long enough to be taken for one" * 100),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"Title of", b"Title XX")),
        lambda path: path.write_bytes(path.read_bytes()[:4096] + os.urandom(len(path.read_bytes()) - 4096)),
        lambda path: _run(path, "UPDATE entry SET head = '[1, 2', sum = 0"),
        lambda path: _run(path, "UPDATE place SET differs = 'x'"),
        lambda path: _run(path, "DROP TABLE place"),
        lambda path: _run(path, "PRAGMA user_version = 99"),
        lambda path: _run(path, "UPDATE made SET program = 'another'"),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: path.unlink(),
    ],
)
def test_a_broken_index_is_made_anew(harm, same, handrail, workspace) -> None:
    folder = workspace(FILES)
    handrail(folder, "status", now=NOW)
    _run(index_of(folder), "PRAGMA wal_checkpoint(TRUNCATE)")
    for suffix in ("-wal", "-shm"):
        index_of(folder).with_name(f"index.sqlite{suffix}").unlink(missing_ok=True)
    harm(index_of(folder))
    same(folder, looks=BRIEFLY)
    same(folder, looks=BRIEFLY[:1])


def test_a_look_does_not_wait_for_somebody_who_writes(same, handrail, workspace) -> None:
    folder = workspace(FILES)
    handrail(folder, "status", now=NOW)
    folder.write({"processes/onboarding/runs/ada.md": run_text("ada", DONE)})
    with sqlite3.connect(index_of(folder), isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        same(folder, looks=(("status",), ("mine", "ana")))
        other.execute("ROLLBACK")
    same(folder)


def test_worktrees_share_it(same, handrail, workspace) -> None:
    folder = workspace(FILES)
    handrail(folder, "status", now=NOW)
    folder.git("worktree", "add", "--quiet", "-b", "other", "../other")
    other = type(folder)(folder.root.parent / "other")
    other.write({"processes/onboarding/runs/ada.md": run_text("ada", DONE)})
    same(other)
    same(folder)
    assert not (other.root / ".git").is_dir()


def hand(folder: Any, path: str, old: str, new: str) -> None:
    text = folder.read(path)
    assert old in text
    folder.write({path: text.replace(old, new, 1)})


def test_who_ticked_by_hand_is_told_as_history_tells_it(same, workspace) -> None:
    ada, spring = "processes/onboarding/runs/ada.md", "projects/spring/README.md"
    ben, ana = "Ben Ito <ben@example.org>", "Ana Reyes <ana@example.org>"
    folder = workspace(FILES)
    same(folder)
    hand(folder, ada, "- [ ] Sign", "- [x] Sign")
    hand(folder, spring, "- [ ] Customers", "- [x] Customers")
    same(folder)  # not committed: nobody knows
    folder.commit(author=ben)
    same(folder)
    hand(folder, "handrail.yml", "ben@example.org", "other@example.org")
    same(folder)  # whoever that is now
    folder.git("commit", "--quiet", "--amend", "--no-edit", "--reset-author")
    same(folder)  # the same content, by somebody else
    for box, author in (("- [ ] Sign", ben), ("- [x] Sign", ana)):
        hand(folder, ada, "- [x] Sign" if "[ ]" in box else "- [ ] Sign", box)
        folder.commit(author=author)
    same(folder)  # ticked anew between two looks, which left the same content
    hand(folder, ada, "- [x] Send", "- [ ] Send")
    folder.commit(author=ana)
    same(folder, looks=(*LOOKS, ("mine", "ana", "--json"), ("next", "--all", "--json")))
    folder.git("checkout", "--quiet", "HEAD~1")
    same(folder)


def test_a_merge_can_say_who_ticked_by_hand(same, workspace) -> None:
    ada = "processes/onboarding/runs/ada.md"
    folder = workspace(FILES)
    folder.git("checkout", "--quiet", "-b", "side")
    hand(folder, ada, "- [ ] Sign", "- [x] Sign")
    folder.commit(author="Ben Ito <ben@example.org>")
    folder.git("checkout", "--quiet", "main")
    hand(folder, ada, "- [ ] Sign", "- [x] Sign")
    folder.commit(author="Ana Reyes <ana@example.org>")
    same(folder)
    folder.git("merge", "--quiet", "--no-edit", "side")
    same(folder)
    folder.git("checkout", "--quiet", "side")
    folder.git("merge", "--quiet", "--no-edit", "main")
    same(folder)


def test_a_run_that_was_ticked_by_hand_is_kept_like_any_other(handrail, workspace) -> None:
    folder = workspace(FILES)
    hand(folder, "processes/onboarding/runs/ada.md", "- [ ] Sign", "- [x] Sign")
    folder.commit()
    handrail(folder, "status", now=NOW)
    with sqlite3.connect(index_of(folder)) as kept:
        rows = kept.execute("SELECT label, history <> '' FROM entry WHERE path LIKE '%/ada.md'").fetchall()
    assert rows == [("done", 1)]


def test_worktrees_do_not_share_who_ticked_by_hand(same, workspace) -> None:
    folder = workspace(FILES)
    folder.git("worktree", "add", "--quiet", "-b", "other", "../beside")
    other = type(folder)(folder.root.parent / "beside")
    for one, author in ((folder, "Ben Ito <ben@example.org>"), (other, "Ana Reyes <ana@example.org>")):
        hand(one, "processes/onboarding/runs/ada.md", "- [ ] Sign", "- [x] Sign")
        one.commit(author=author)
        same(one)
    same(folder)


def test_a_revision_is_read_once_and_followed(same, handrail, workspace) -> None:
    folder = workspace(FILES)
    revision = folder.git("rev-parse", "HEAD:processes/onboarding/README.md").strip()
    folder.write({"processes/onboarding/runs/cat.md": run_text("cat", SIGNED, head=f"revision: {revision}\n")})
    folder.commit()
    same(folder)
    folder.write(
        {"processes/onboarding/README.md": PROCESS.replace("target: 20d", "target: 2d").replace("mara", "ana")}
    )
    same(folder)
    folder.commit()
    same(folder)


def test_times_are_told_anew_whichever_way_the_clock_goes(same, workspace) -> None:
    """What waits becomes ready when its wait ends, what is due becomes late, and the other way round."""
    waiting = SIGNED.replace("{#sign @ben}", "{#sign @ben wait=1d due=2d}")
    folder = workspace({**FILES, "processes/onboarding/runs/eve.md": run_text("eve", waiting)})
    for hours in (21 * 24, 22 * 24, 40 * 24, 20 * 24 + 6, 22 * 24, 12):
        same(folder, now=stamp(START + timedelta(hours=hours)), looks=(*BRIEFLY, ("next",)))


def test_a_child_of_a_finished_step_keeps_its_parent_awake(same, workspace) -> None:
    child = run_text("child", SIGNED, head="parent: onboarding/ada#send\n")
    folder = workspace({**FILES, "processes/onboarding/runs/child.md": child})
    for day in (3, 21, 30):
        same(folder, now=stamp(START + timedelta(days=day)))


def _run(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()


moments = st.integers(0, 60 * 24).map(lambda hours: START + timedelta(hours=hours))
words = st.lists(
    st.sampled_from(
        ["due=2d", "due=start+9d", "wait=3d", "gate", "optional", "stall=1d", "if=plan=pro", "approval", "@finance",
         "run=onboarding", "after=s0", "after=s0:fs+2d", "after=s1:ss+1d"]
    ),
    max_size=3, unique=True,
)  # fmt: skip
verbs = st.sampled_from(
    ["started", "done", "done: well", "blocked until=2026-11-20: ill", "blocked: no", "unblocked", "reopened: again",
     "skipped: no", "assigned to=ben", "due on=2026-11-19", "set plan=pro", "noted: so", "approved", "rejected: no"]
)  # fmt: skip
events = st.lists(st.tuples(moments, st.sampled_from(["ana", "ben", "mara"]), verbs), max_size=4)
steps = st.lists(st.tuples(st.booleans(), words, events, st.booleans()), min_size=1, max_size=5)
heads = st.sampled_from(
    ["", "order: any\n", "order: strict\n", "calendar: always\n", "due: 2026-11-12\n", "project: spring\n",
     "parent: onboarding/r0#s0\n", "parent: onboarding/r1 s1\n", "stall: 2d\n", "fields: {plan: pro}\n"]
)  # fmt: skip
runs = st.lists(st.tuples(heads, steps, st.sampled_from(["", "due on=2026-11-30", "cancelled: no"])), max_size=4)


def _steps_text(told: list[tuple[bool, list[str], list[tuple[datetime, str, str]], bool]]) -> str:
    lines: list[str] = []
    for number, (checked, attributes, happened, nested) in enumerate(told):
        indent = "  " if nested and number else ""
        owner = "@ana" if number % 2 else "@ben"
        listed = " ".join(dict.fromkeys([owner, *attributes]))
        lines.append(f"{indent}- [{'x' if checked else ' '}] Step *{number}* {{#s{number} {listed}}}")
        lines += [f"{indent}  - {stamp(time)} @{who} {verb}" for time, who, verb in sorted(happened)]
        lines.append("")
    return "\n".join(lines)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(first=runs, second=runs, nows=st.lists(moments, min_size=2, max_size=3))
def test_whatever_the_files_and_the_time_it_says_the_same(first, second, nows, same, workspace) -> None:
    """Old entries are asked for times before and after the one that they were made at, and for changed files."""
    folder = workspace(FILES)
    for told in (first, second):
        texts = {
            f"processes/onboarding/runs/r{number}.md": run_text(
                f"r{number}", _steps_text(content), head, log and f"- {stamp(START)} @mara {log}\n"
            )
            for number, (head, content, log) in enumerate(told)
        }
        folder.write(texts)
        for now in nows:
            same(folder, now=stamp(now), looks=(*BRIEFLY, ("next", "--all")))
        folder.commit()
