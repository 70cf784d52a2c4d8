"""A box that is ticked in an editor or a pull request counts: who and when come from the commit that did it."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

NOW = "2026-11-23T09:00:00Z"
LATER = "2026-12-01T09:00:00Z"
RUN = "hiring/2026-11-23-ada"
FILE = "processes/hiring/runs/2026-11-23-ada.md"
BEN = "Ben Ito <ben@example.org>"
ANA = "Ana Reyes <ana@example.org>"
PROCESS = """---
title: Hiring
---

- [ ] Talk {#talk @ana}
- [ ] Offer {#offer @ben due=2d}
- [ ] Sign {#sign @chi not-by=offer}
"""


@pytest.fixture
def hiring(workspace, handrail):
    folder = workspace({"processes/hiring/README.md": PROCESS})
    assert handrail(folder, "start", "hiring", "Ada", now=NOW).exit_code == 0
    return folder


def tick(folder, *steps, mark="x", author=BEN, time="2026-11-25T10:00:00Z", file=FILE, commit=True):
    """Tick boxes as an editor does, and commit that as somebody."""
    lines = folder.read(file).split("\n")
    for step in steps:
        found = [index for index, line in enumerate(lines) if f"{{#{step} " in line or f"{{#{step}}}" in line]
        lines[found[0]] = lines[found[0]].replace("[ ]" if mark == "x" else "[x]", f"[{mark}]", 1)
    folder.write({file: "\n".join(lines)})
    if commit:
        folder.git("commit", "--quiet", "--all", f"--author={author}", f"--date={time}", "--message=by hand")
    return folder.git("rev-parse", "HEAD").strip()


def steps(folder, handrail, now=LATER):
    view = json.loads(handrail(folder, "show", RUN, "--json", now=now).output)
    return {step["id"]: step for step in view["steps"]}


def fmt(folder, handrail, author=BEN):
    assert handrail(folder, "fmt", now=LATER).exit_code == 0
    return folder.read(FILE)


def test_who_and_when_come_from_the_commit_and_the_next_step_is_ready_since_then(hiring, handrail):
    commit = tick(hiring, "talk")
    shown = steps(hiring, handrail)
    talk, offer = shown["talk"], shown["offer"]
    assert (talk["state"], talk["by"], talk["done"]) == ("done", "ben", "2026-11-25T10:00:00Z")
    assert talk["by_hand"] == commit
    assert (offer["ready"], offer["due"]) == ("2026-11-25T10:00:00Z", "2026-11-27T10:00:00Z")


def test_terminal_log_and_status_show_it(hiring, handrail):
    commit = tick(hiring, "talk")
    assert "6 days ago, by hand" in handrail(hiring, "show", "ada", now=LATER).output
    said = handrail(hiring, "show", "ada", "talk", now=LATER).output
    assert "ticked by hand" in said and "ben" in said
    (event,) = [one for one in json.loads(handrail(hiring, "log", "--json", now=LATER).output)["events"] if one["item"]]
    assert (event["who"], event["verb"], event["by_hand"]) == ("ben", "done", commit)


def test_fmt_writes_the_very_event_that_is_shown(hiring, handrail):
    tick(hiring, "talk")
    before = steps(hiring, handrail)
    assert "  - 2026-11-25T10:00:00Z @ben done\n" in fmt(hiring, handrail)
    hiring.commit("mended")
    after = steps(hiring, handrail)
    for step in (*before.values(), *after.values()):
        step["line"] = 0
    before["talk"]["by_hand"] = None
    assert before == after
    assert handrail(hiring, "fmt", now=LATER).output == "Nothing to mend.\n"


def test_lint_still_says_that_the_event_is_missing(hiring, handrail):
    tick(hiring, "talk")
    assert "box-disagrees" in handrail(hiring, "lint", now=LATER).output


def test_what_is_not_committed_is_nobodys_yet(hiring, handrail):
    tick(hiring, "talk", commit=False)
    talk = steps(hiring, handrail)["talk"]
    assert (talk["state"], talk["by"], talk["done"], talk["by_hand"]) == ("done", None, None, "uncommitted")
    assert "ticked by hand, not committed yet" in handrail(hiring, "show", "ada", "talk", now=LATER).output


def test_edits_and_check_offs_after_it_do_not_hide_the_commit(hiring, handrail):
    commit = tick(hiring, "talk")
    handrail(hiring, "check", "ada", "offer", now=LATER)
    hiring.write({FILE: hiring.read(FILE).replace("Talk", "Talk to her")})
    hiring.commit("another word in the same line", author=ANA)
    talk = steps(hiring, handrail)["talk"]
    assert (talk["by"], talk["by_hand"]) == ("ben", commit)


def test_the_last_of_several_ticks_counts(hiring, handrail):
    tick(hiring, "talk", author=ANA, time="2026-11-24T10:00:00Z")
    tick(hiring, "talk", mark=" ", author=ANA, time="2026-11-24T11:00:00Z")
    tick(hiring, "talk", author=BEN, time="2026-11-26T10:00:00Z")
    assert steps(hiring, handrail)["talk"]["by"] == "ben"


def test_a_box_that_was_emptied_by_hand_was_reopened_by_that_commit(hiring, handrail):
    handrail(hiring, "check", "ada", "talk", now=NOW)
    tick(hiring, "talk", mark=" ")
    talk = steps(hiring, handrail)["talk"]
    assert (talk["state"], talk["attempt"], talk["ready"]) == ("ready", 2, "2026-11-25T10:00:00Z")
    assert "  - 2026-11-25T10:00:00Z @ben reopened\n" in fmt(hiring, handrail)


def test_four_eyes_see_who_ticked_by_hand(hiring, handrail):
    tick(hiring, "talk", "offer", author="Mara Lind <mara@example.org>")
    result = handrail(hiring, "check", "ada", "sign", now=LATER)
    assert result.exit_code == 1
    assert "Mara" in result.output


def test_a_merge_names_who_ticked_and_not_who_merged(hiring, handrail):
    hiring.git("switch", "--quiet", "--create", "side")
    commit = tick(hiring, "talk")
    hiring.git("switch", "--quiet", "main")
    tick(hiring, "sign", author=ANA)
    hiring.git("merge", "--quiet", "--no-edit", "side")
    shown = steps(hiring, handrail)
    assert (shown["talk"]["by"], shown["talk"]["by_hand"]) == ("ben", commit)
    assert shown["sign"]["by"] == "ana"


def test_a_tick_that_a_merge_itself_made_is_the_mergers(hiring, handrail):
    hiring.git("switch", "--quiet", "--create", "side")
    tick(hiring, "talk")
    hiring.git("switch", "--quiet", "main")
    tick(hiring, "sign", author=ANA)
    hiring.git("merge", "--quiet", "--no-commit", "--no-ff", "side")
    tick(hiring, "offer", author="Chi Nwosu <chi@example.org>")
    shown = steps(hiring, handrail)
    assert [shown[name]["by"] for name in ("talk", "offer", "sign")] == ["ben", "chi", "ana"]


def test_a_squash_is_who_wrote_it_and_when_it_was_merged(hiring, handrail):
    hiring.git("switch", "--quiet", "--create", "side")
    tick(hiring, "talk", author=ANA)
    hiring.git("switch", "--quiet", "main")
    hiring.git("merge", "--quiet", "--squash", "side")
    hiring.git("commit", "--quiet", f"--author={BEN}", "--date=2026-11-30T12:00:00Z", "--message=squashed")
    talk = steps(hiring, handrail)["talk"]
    assert (talk["by"], talk["done"]) == ("ben", "2026-11-30T12:00:00Z")


def test_both_sides_ticked_the_same_box(hiring, handrail):
    hiring.git("switch", "--quiet", "--create", "side")
    tick(hiring, "talk", author=ANA)
    hiring.git("switch", "--quiet", "main")
    tick(hiring, "talk", author=BEN)
    hiring.git("merge", "--quiet", "--no-edit", "side")
    assert steps(hiring, handrail)["talk"]["by"] in ("ana", "ben")


def test_a_branch_with_another_name_changes_nothing(hiring, handrail):
    tick(hiring, "talk")
    hiring.git("branch", "--move", "main", "trunk")
    assert steps(hiring, handrail)["talk"]["by"] == "ben"


def cut(folder, tmp_path, depth):
    clone = tmp_path / f"cut-{depth}"
    source = f"file://{folder.root}"
    subprocess.run(["git", "clone", "--quiet", f"--depth={depth}", source, str(clone)], check=True)
    return type(folder)(clone)


def test_a_shallow_clone_says_that_its_history_is_too_short(hiring, handrail, tmp_path):
    tick(hiring, "talk")
    tick(hiring, "offer", author=ANA)
    clone = cut(hiring, tmp_path, 1)
    shown = steps(clone, handrail)
    assert (shown["talk"]["by"], shown["talk"]["by_hand"]) == (None, "cut-off")
    said = handrail(clone, "show", "ada", "talk", now=LATER).output
    assert "ticked by hand, before the history of this clone" in said
    enough = steps(cut(hiring, tmp_path, 3), handrail)
    assert (enough["talk"]["by"], enough["offer"]["by"]) == ("ben", "ana")


def test_fmt_in_a_shallow_clone_writes_nothing_that_it_does_not_know(hiring, handrail, tmp_path):
    tick(hiring, "talk")
    tick(hiring, "offer", author=ANA)
    clone = cut(hiring, tmp_path, 2)
    before = clone.read(FILE)
    result = handrail(clone, "fmt", now=LATER)
    assert "who ticked `talk`, and when, is older than the history of this clone" in " ".join(result.output.split())
    assert "`git fetch --unshallow`" in result.output
    line = "{#offer @ben due=2d}\n"
    assert clone.read(FILE) == before.replace(line, f"{line}  - 2026-11-25T10:00:00Z @ana done\n")


def test_tasks_of_projects_too_with_ids_that_come_from_their_titles(workspace, handrail):
    path = "projects/spring/README.md"
    folder = workspace({path: "---\ntitle: Spring\n---\n\n- [ ] Write the brief\n\n- [ ] Shoot\n"})
    folder.write({path: folder.read(path).replace("[ ] Write", "[x] Write")})
    folder.git("commit", "--quiet", "--all", f"--author={BEN}", "--date=2026-11-25T10:00:00Z", "--message=brief")
    folder.write({path: folder.read(path).replace("Shoot\n", "Shoot {#shoot}\n")})
    folder.commit(author=ANA)
    view = json.loads(handrail(folder, "show", "spring", "--json", now=LATER).output)
    assert (view["tasks"][0]["by"], view["tasks"][0]["done"]) == ("ben", "2026-11-25T10:00:00Z")


def test_history_is_read_once_for_all_files_and_not_at_all_without_such_ticks(hiring, handrail, monkeypatch):
    for name in ("Ben", "Chi"):
        handrail(hiring, "start", "hiring", name, now=NOW)
    calls = count_git(monkeypatch)
    handrail(hiring, "status", now=LATER)
    assert calls == []
    for name in ("ada", "ben", "chi"):
        tick(hiring, "talk", file=f"processes/hiring/runs/2026-11-23-{name}.md")
    handrail(hiring, "status", now=LATER)
    assert calls == ["log"]


def count_git(monkeypatch):
    """Note every walk over history that the program makes."""
    from handrail.store.git import Git

    calls, real = [], Git.ask

    def noted(self, *arguments, **options):
        if arguments[0] in ("log", "rev-list", "blame"):
            calls.append(arguments[0])
        return real(self, *arguments, **options)

    monkeypatch.setattr(Git, "ask", noted)
    return calls


def test_what_was_found_can_be_kept_by_the_content_s_id(hiring, handrail, monkeypatch):
    from handrail.app.byhand import with_hand_ticks
    from handrail.app.load import load_workspace
    from handrail.store.repository import Repository

    tick(hiring, "talk")
    repository = Repository.find(hiring.root)
    kept = {}
    first = with_hand_ticks(load_workspace(hiring.root), repository, kept)
    assert list(kept) == [(FILE, hiring.git("rev-parse", f"HEAD:{FILE}").strip())]
    calls = count_git(monkeypatch)
    assert with_hand_ticks(load_workspace(hiring.root), repository, kept) == first
    assert calls == ["rev-list"]
    hiring.git("commit", "--quiet", "--amend", f"--author={ANA}", "--no-edit")
    again = with_hand_ticks(load_workspace(hiring.root), repository, kept)
    assert [event.who for event in again.runs[RUN].items[0].events] == ["ana"]


@pytest.mark.skipif(os.name == "nt", reason="the name cannot be written there")
def test_authors_with_odd_names_are_read(hiring, handrail):
    tick(hiring, "talk", author="Бен Ито | \u2603 <ben@example.org>")
    assert steps(hiring, handrail)["talk"]["by"] == "ben"
