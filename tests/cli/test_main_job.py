"""The main job by the command line: a checklist becomes a run, a run becomes commits."""

from __future__ import annotations

import subprocess

import pytest

PROCESS = """\
---
title: Customer onboarding
owner: "@mara"
roles: {sales: ana, success: [ben, chi]}
fields:
  customer: {required: true}
  plan: {choices: [basic, pro], default: basic}
  signed_on: {type: date}
name: "{{ customer }}"
---

## Contract

- [ ] Send the agreement to {{ customer }} {#send @sales due=2d}

  Use the current template for {{ customer }}.

- [ ] Get it back signed {#signed @sales ask=signed_on proof=link}

## Set-up

- [ ] Create the workspace {#workspace @success after=signed}

  - [ ] Choose the region {#region}

  - [ ] Invite the users {#invite}

- [ ] Set up single sign-on {#sso @success if="plan == 'pro'"}
"""
NOW = "2026-11-23T09:12:00Z"
RUN = "customer-onboarding/2026-11-23-ada-lovelace"
PATH = "processes/customer-onboarding/runs/2026-11-23-ada-lovelace.md"


@pytest.fixture
def folder(workspace):
    return workspace({"processes/customer-onboarding/README.md": PROCESS})


@pytest.fixture
def started(folder, handrail):
    assert handrail(folder, "start", "onboarding", "-f", "customer=Ada Lovelace", now=NOW).exit_code == 0
    return folder


def trailers(folder) -> dict[str, str]:
    said = folder.git("log", "-1", "--format=%(trailers:only,unfold)")
    return dict(line.split(": ", 1) for line in said.splitlines() if line)


def test_start_writes_one_file_in_one_commit(folder, handrail):
    result = handrail(folder, "start", "onboarding", "-f", "customer=Ada Lovelace", now=NOW)
    assert result.exit_code == 0, result.output
    assert RUN in result.output
    assert "saved here" in result.output
    assert "Next: Send the agreement to Ada Lovelace [send], @ana" in result.output
    assert folder.git("show", "--stat", "--format=%s").splitlines()[0] == f"started {RUN}: Ada Lovelace"
    assert folder.git("show", "--name-only", "--format=").split() == [PATH]
    text = folder.read(PATH)
    revision = folder.git("rev-parse", "HEAD:processes/customer-onboarding/README.md").strip()
    assert f"run: {RUN}\n" in text
    assert f"revision: {revision}\n" in text
    assert "- [ ] Send the agreement to Ada Lovelace {#send @ana role=sales due=2d}\n" in text
    assert folder.git("status", "--porcelain") == ""


def test_a_second_run_of_one_name_on_one_day_gets_a_number(started, handrail):
    handrail(started, "start", "onboarding", "-f", "customer=Ada Lovelace", now=NOW)
    assert (started.root / PATH.replace("lovelace.md", "lovelace-2.md")).is_file()


def test_a_title_given_wins_over_the_pattern(folder, handrail):
    handrail(folder, "start", "onboarding", "The big one", "-f", "customer=Ada", now=NOW)
    assert (folder.root / "processes/customer-onboarding/runs/2026-11-23-the-big-one.md").is_file()


def test_dry_run_prints_and_writes_nothing(folder, handrail):
    before = folder.git("rev-parse", "HEAD")
    result = handrail(folder, "start", "onboarding", "-f", "customer=Ada", "--dry-run", now=NOW)
    assert "- [ ] Send the agreement to Ada" in result.output
    assert folder.git("rev-parse", "HEAD") == before
    assert folder.git("status", "--porcelain", "-uall") == ""


def test_check_writes_one_event_and_commits_it(started, handrail):
    result = handrail(started, "check", "ada", "send", "-m", "by e-mail", now="2026-11-24T10:02:11Z")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Done: Send the agreement to Ada Lovelace (")
    assert "Next: Get it back signed [signed], @ana" in result.output
    added = [line for line in started.git("show", "-U0", "--format=").splitlines() if line[:1] in "+-"][2:]
    assert added == [
        "-- [ ] Send the agreement to Ada Lovelace {#send @ana role=sales due=2d}",
        "+- [x] Send the agreement to Ada Lovelace {#send @ana role=sales due=2d}",
        "+  - 2026-11-24T10:02:11Z @mara done: by e-mail",
    ]
    assert started.git("log", "-1", "--format=%s%n%b").splitlines()[:2] == [
        f"done {RUN}: Send the agreement to Ada Lovelace",
        "by e-mail",
    ]
    assert trailers(started) == {"Handrail-Action": "done", "Handrail-Run": RUN, "Handrail-Step": "send"}


def test_the_commit_holds_one_file_and_what_others_staged_stays(started, handrail):
    started.write({"staged.txt": "mine", "handrail.yml": started.read("handrail.yml") + "# changed\n"})
    started.git("add", "staged.txt")
    started.write({"untracked.txt": "mine"})
    assert handrail(started, "check", "ada", "send", now=NOW).exit_code == 0
    assert started.git("show", "--name-only", "--format=").split() == [PATH]
    assert started.git("status", "--porcelain").splitlines() == [" M handrail.yml", "A  staged.txt", "?? untracked.txt"]


def test_steps_are_found_by_the_beginning_of_the_id_and_by_the_title(started, handrail):
    assert handrail(started, "check", "ada", "agreement to", now=NOW).exit_code == 0
    result = handrail(
        started, "check", "ada", "sig", "-f", "signed_on=2026-11-29", "--proof", "https://x.org/s.pdf", now=NOW
    )
    assert result.exit_code == 0, result.output
    assert "set signed_on=2026-11-29" in started.read(PATH)
    assert "done link=https://x.org/s.pdf" in started.read(PATH)


def test_several_steps_are_one_commit(started, handrail):
    before = started.git("rev-list", "--count", "HEAD")
    handrail(started, "check", "ada", "send", now=NOW)
    handrail(started, "check", "ada", "signed", "-f", "signed_on=2026-11-29", "--proof", "https://x.org", now=NOW)
    result = handrail(started, "check", "ada", "region", "invite", "workspace", now=NOW)
    assert result.exit_code == 0, result.output
    assert int(started.git("rev-list", "--count", "HEAD")) == int(before) + 3
    assert trailers(started)["Handrail-Step"] == "region, invite, workspace"


def test_a_field_that_is_asked_for_must_be_given(started, handrail):
    result = handrail(started, "check", "ada", "signed", now=NOW)
    assert result.exit_code == 1
    assert "`signed` asks for `signed_on`" in result.output
    assert "-f signed_on=" in result.output


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (["begin", "ada", "send"], "@mara started"),
        (["note", "ada", "send", "they are on holiday"], "@mara noted: they are on holiday"),
        (["note", "ada", "send", "-m", "they are on holiday"], "@mara noted: they are on holiday"),
        (["skip", "ada", "send", "-m", "agreed by telephone"], "@mara skipped: agreed by telephone"),
        (["assign", "ada", "send", "ben"], "@mara assigned to=ben"),
        (["assign", "ada", "send", "--to", "@ben,chi"], '@mara assigned to="ben chi"'),
        (["due", "ada", "send", "2026-12-24"], "@mara due on=2026-12-24"),
        (["block", "ada", "send", "-m", "lawyers", "--until", "2026-12-01"], "@mara blocked until=2026-12-01: lawyers"),
        (["set", "ada", "send", "plan=pro"], "@mara set plan=pro"),
    ],
)
def test_every_verb_writes_its_event_under_the_step(started, handrail, command, event):
    result = handrail(started, *command, now=NOW)
    assert result.exit_code == 0, result.output
    lines = started.read(PATH).splitlines()
    title = next(number for number, line in enumerate(lines) if "{#send " in line)
    assert lines[title + 1] == f"  - {NOW} {event}"
    assert trailers(started)["Handrail-Step"] == "send"


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (["note", "ada", "all well"], "@mara noted: all well"),
        (["due", "ada", "2026-12-24"], "@mara due on=2026-12-24"),
        (["set", "ada", "plan=pro"], "@mara set plan=pro"),
        (["cancel", "ada", "-m", "they left"], "@mara cancelled: they left"),
    ],
)
def test_what_concerns_the_whole_run_stands_in_its_log(started, handrail, command, event):
    result = handrail(started, *command, now=NOW)
    assert result.exit_code == 0, result.output
    assert started.read(PATH).endswith(f"- {NOW} {event}\n")
    assert "Handrail-Step" not in trailers(started)


def test_reopen_and_unblock_take_back(started, handrail):
    handrail(started, "block", "ada", "send", "-m", "no template", now=NOW)
    assert handrail(started, "unblock", "ada", "send", now=NOW).exit_code == 0
    handrail(started, "check", "ada", "send", now=NOW)
    assert handrail(started, "reopen", "ada", "send", "-m", "wrong file", now=NOW).exit_code == 0
    assert "- [ ] Send the agreement" in started.read(PATH)


def test_everything_open_of_a_leaver_is_handed_over(started, handrail):
    handrail(started, "start", "onboarding", "-f", "customer=Bob", now=NOW)
    result = handrail(started, "assign", "--from", "ana", "--to", "ben", now=NOW)
    assert result.exit_code == 0, result.output
    for path in (PATH, PATH.replace("ada-lovelace", "bob")):
        assert started.read(path).count("assigned to=ben") == 2


def test_no_commit_leaves_the_edit_to_the_user(started, handrail):
    before = started.git("rev-parse", "HEAD")
    result = handrail(started, "check", "ada", "send", "--no-commit", now=NOW)
    assert "written, not committed" in result.output
    assert started.git("rev-parse", "HEAD") == before
    assert started.git("status", "--porcelain").split() == ["M", PATH]


def test_hand_edits_that_are_not_committed_are_not_swept_in(started, handrail):
    started.write({PATH: started.read(PATH).replace("- [ ] Set up single", "- [x] Set up single")})
    before = started.read(PATH)
    result = handrail(started, "check", "ada", "send", now=NOW)
    assert result.exit_code == 1
    assert "not committed" in result.output
    assert started.read(PATH) == before


def test_a_box_ticked_by_hand_counts_and_fmt_writes_who_and_when(started, handrail):
    started.write({PATH: started.read(PATH).replace("- [ ] Send", "- [x] Send")})
    started.commit("ticked", author="Ana Reyes <ana@example.org>")
    assert handrail(started, "check", "ada", "send", now=NOW).exit_code == 1
    result = handrail(started, "fmt", "ada", now=NOW)
    assert result.exit_code == 0, result.output
    assert "Z @ana done\n" in started.read(PATH)
    assert handrail(started, "fmt", "--check", now=NOW).exit_code == 0


def test_with_a_remote_it_is_shared_and_a_lost_race_is_run_again(started, handrail, tmp_path):
    remote = tmp_path / "remote.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(started.root), str(remote)], check=True)
    started.git("remote", "add", "origin", str(remote))
    started.git("fetch", "-q")
    started.git("branch", "-q", "--set-upstream-to=origin/main")
    other = tmp_path / "other"
    subprocess.run(["git", "clone", "-q", str(remote), str(other)], check=True)

    result = handrail(other, "check", "ada", "send", now=NOW)
    assert "saved and shared" in result.output
    # This clone has not seen that: the action is done again on the newer state.
    result = handrail(started, "note", "ada", "send", "sent twice?", now="2026-11-23T10:00:00Z")
    assert "saved and shared" in result.output
    assert "@mara done" in started.read(PATH)
    assert "noted: sent twice?" in started.read(PATH)
    # And what makes no sense any more is refused, with nothing left behind.
    handrail(other, "sync")
    handrail(other, "check", "ada", "signed", "-f", "signed_on=2026-11-20", "--proof", "https://x.org", now=NOW)
    head = started.git("rev-parse", "HEAD")
    result = handrail(
        started, "check", "ada", "signed", "-f", "signed_on=2026-11-29", "--proof", "https://x.org", now=NOW
    )
    assert result.exit_code == 1
    assert "was done by Mara Lind" in result.output
    assert started.git("status", "--porcelain") == ""
    assert started.git("log", "--format=%s", f"{head.strip()}..HEAD").splitlines() == [
        f"done {RUN}: Get it back signed"
    ]


def test_without_the_remote_it_says_saved_here_not_shared(started, handrail, tmp_path):
    started.git("remote", "add", "origin", str(tmp_path / "nowhere.git"))
    result = handrail(started, "check", "ada", "send", now=NOW)
    assert result.exit_code == 0, result.output
    assert "saved here, not shared: " in result.output


def test_a_project_has_the_same_verbs(workspace, handrail):
    tasks = "- [ ] Write {#brief @ana est=3d}\n\n- [ ] Shoot {#shoot after=brief}\n"
    project = f"---\ntitle: Spring\nstart: 2026-12-01\n---\n\n## Plan\n\n{tasks}"
    folder = workspace({"projects/spring/README.md": project})
    result = handrail(folder, "project", "check", "spring", "brief", now=NOW)
    assert result.exit_code == 0, result.output
    assert f"- [x] Write {{#brief @ana est=3d}}\n  - {NOW} @mara done\n" in folder.read("projects/spring/README.md")
    assert trailers(folder) == {"Handrail-Action": "done", "Handrail-Project": "spring", "Handrail-Task": "brief"}
    assert handrail(folder, "project", "cancel", "spring", "-m", "no budget", now=NOW).exit_code == 0


def test_a_run_follows_the_procedure_that_it_started_with(started, handrail):
    path = "processes/customer-onboarding/README.md"
    started.write({path: started.read(path).replace("signed_on: {type: date}", "other: {type: date}")})
    started.commit("the field has another name now")
    handrail(started, "check", "ada", "send", now=NOW)
    result = handrail(started, "check", "ada", "signed", "-f", "signed_on=soon", "--proof", "https://x.org", now=NOW)
    assert "`soon`" in result.output
    assert result.exit_code == 1
