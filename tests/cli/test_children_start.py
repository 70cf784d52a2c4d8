"""A child run starts when its step becomes ready: in the command that made it so, else by `tick`."""

from __future__ import annotations

import json
import subprocess

import pytest

NOW = "2026-11-23T09:00:00Z"
LATER = "2026-11-24T09:00:00Z"
PARENT = "onboarding/2026-11-23-ada"
CHILD = "vendor/2026-11-23-ada-vendor"
VENDOR = "processes/vendor/README.md"

ONBOARDING = """---
title: Onboarding
fields:
  customer: {required: true}
  size: {}
name: "{{ customer }}"
---

- [ ] Greet {{ customer }} {#greet @ana}
- [ ] Bring in the vendor {#vendor @ana run=vendor(customer, size) after=greet}
- [ ] Tell the lawyers {#lawyers @ana run=legal(customer) after=greet}
- [ ] Say goodbye {#bye @ben after=vendor}
"""


def process(front: str = "  size: {}\n", steps: str = "- [ ] Check the papers {#papers @ben}\n") -> str:
    return f'---\ntitle: Vendor\nowner: "@mara"\nfields:\n  customer: {{required: true}}\n{front}---\n\n{steps}'


FILES = {
    "processes/onboarding/README.md": ONBOARDING,
    VENDOR: process(),
    "processes/legal/README.md": process().replace("Vendor", "Legal"),
}


def subjects(folder, count):
    return folder.git("log", f"-{count}", "--format=%s").splitlines()


def there(folder, run):
    name, _, last = run.rpartition("/")
    return (folder.root / f"processes/{name}/runs/{last}.md").is_file()


@pytest.fixture
def ready(workspace, handrail):
    """A run with two steps that are ready for their children, ticked without a commit of Handrail's own."""

    def make(files=None):
        folder = workspace({**FILES, **(files or {})})
        handrail(folder, "start", "onboarding", "-f", "customer=Ada", now=NOW)
        handrail(folder, "check", PARENT, "greet", "--no-commit", now=NOW)
        folder.commit()
        return folder

    return make


def test_a_check_that_makes_a_step_ready_starts_its_child_in_a_commit_of_its_own(workspace, handrail):
    folder = workspace(FILES)
    handrail(folder, "start", "onboarding", "-f", "customer=Ada", now=NOW)
    result = handrail(folder, "check", PARENT, "greet", now=LATER)
    assert f"  Started with it: Ada, {CHILD} (" in result.output
    assert "  Started with it: Ada, legal/2026-11-23-ada-lawyers (" in result.output
    assert subjects(folder, 3) == [
        "started legal/2026-11-23-ada-lawyers: Ada",
        f"started {CHILD}: Ada",
        f"done {PARENT}: Greet Ada",
    ]
    text = folder.read("processes/vendor/runs/2026-11-23-ada-vendor.md")
    assert f'parent: "{PARENT}#vendor"\n' in text and "fields: {customer: Ada}\n" in text
    done = handrail(folder, "lint", now=LATER)
    assert done.exit_code == 0, done.output


def test_a_run_whose_first_step_is_done_by_a_run_starts_with_it(workspace, handrail):
    folder = workspace({**FILES, "processes/onboarding/README.md": ONBOARDING.replace(" after=greet", "")
                        .replace("- [ ] Greet {{ customer }} {#greet @ana}\n", "")})  # fmt: skip
    result = handrail(folder, "start", "onboarding", "-f", "customer=Ada", now=NOW)
    assert f"  Started with it: Ada, {CHILD} (" in result.output


def test_without_commits_tick_starts_it_later(ready, handrail):
    folder = ready()
    assert not there(folder, CHILD)
    result = handrail(folder, "tick", now=LATER)
    assert (result.exit_code, result.output.count("Started: ")) == (0, 2)
    assert f"Started: Ada, {CHILD}, for {PARENT}#vendor (" in result.output
    assert handrail(folder, "tick", now=LATER).output == "Nothing is due.\n"


def test_an_action_without_commit_says_that_tick_will_start_it(workspace, handrail):
    folder = workspace(FILES)
    handrail(folder, "start", "onboarding", "-f", "customer=Ada", now=NOW)
    result = handrail(folder, "check", PARENT, "greet", "--no-commit", now=NOW)
    assert "No run of vendor was started for `vendor`: `handrail tick` starts it once" in result.output


def test_tick_says_in_a_dry_run_and_in_json_what_it_would_start(ready, handrail):
    folder = ready()
    result = handrail(folder, "tick", "--dry-run", now=LATER)
    assert f"Would start: Ada, {CHILD}, for {PARENT}#vendor\n" in result.output
    assert not there(folder, CHILD)
    view = json.loads(handrail(folder, "tick", "--json", now=LATER).output)
    vendor = view["started"][0]
    assert (vendor["run"], vendor["parent"], vendor["period"]) == (CHILD, f"{PARENT}#vendor", None)
    assert folder.git("log", "-1", "--format=%s", vendor["commit"]).strip() == f"started {CHILD}: Ada"


def test_a_child_that_cannot_start_is_said_and_the_others_start(ready, handrail):
    folder = ready({VENDOR: process("  size: {required: true}\n")})
    result = handrail(folder, "tick", now=LATER)
    assert result.exit_code == 1
    assert f"Not started: vendor, for {PARENT}#vendor: A run of vendor needs `size`." in result.output
    assert f"`handrail start vendor --parent {PARENT}#vendor -f customer=… -f size=…`" in result.output
    assert there(folder, "legal/2026-11-23-ada-lawyers")
    handrail(folder, "set", PARENT, "size=9", now=LATER)
    assert f"Started: Ada, {CHILD}, for " in handrail(folder, "tick", now=LATER).output


@pytest.mark.parametrize(
    ("front", "said"),
    [("status: draft\n", "vendor is not in effect"), ("status: retired\n", "vendor is retired")],
)
def test_a_child_of_a_process_that_is_not_in_effect_is_not_started(workspace, handrail, front, said):
    folder = workspace({**FILES, VENDOR: process(front)})
    handrail(folder, "start", "onboarding", "-f", "customer=Ada", now=NOW)
    result = handrail(folder, "check", PARENT, "greet", now=NOW)
    assert (result.exit_code, said in " ".join(result.output.split())) == (0, True)
    assert there(folder, "legal/2026-11-23-ada-lawyers") and not there(folder, CHILD)
    assert handrail(folder, "tick", now=NOW).exit_code == 1


def test_a_role_that_nobody_fills_falls_to_the_owner_as_in_scheduled_runs(workspace, handrail):
    folder = workspace({**FILES, VENDOR: process(steps="- [ ] Check {#papers @clerk}\n")})
    handrail(folder, "start", "onboarding", "-f", "customer=Ada", now=NOW)
    handrail(folder, "check", PARENT, "greet", now=NOW)
    assert "{#papers @mara role=clerk}" in folder.read("processes/vendor/runs/2026-11-23-ada-vendor.md")


def test_a_cancelled_child_is_not_started_again_by_itself(ready, handrail):
    folder = ready()
    handrail(folder, "tick", now=NOW)
    handrail(folder, "cancel", CHILD, "-m", "not this one", now=LATER)
    assert handrail(folder, "tick", now=LATER).output == "Nothing is due.\n"


def test_a_step_that_is_opened_again_gets_another_child(ready, handrail):
    folder = ready()
    handrail(folder, "tick", now=NOW)
    handrail(folder, "check", CHILD, "papers", now=LATER)
    result = handrail(folder, "reopen", PARENT, "vendor", "-m", "other vendor", now="2026-11-25T09:00:00Z")
    assert f"Started with it: Ada, {CHILD}-2 (" in result.output
    assert handrail(folder, "tick", now="2026-11-25T09:00:00Z").output == "Nothing is due.\n"


def test_children_of_runs_with_one_name_in_two_processes_do_not_meet(ready, handrail):
    folder = ready({"processes/welcome/README.md": ONBOARDING})
    handrail(folder, "start", "welcome", "-f", "customer=Ada", now=NOW)
    handrail(folder, "check", "welcome/2026-11-23-ada", "greet", now=NOW)
    result = handrail(folder, "tick", now=NOW)
    assert result.exit_code == 0 and f", for {PARENT}#vendor (" in result.output
    names = [file.name for file in (folder.root / "processes/vendor/runs").iterdir()]
    assert len(names) == 2


def test_runs_that_would_start_each_other_without_end_are_not_started(workspace, handrail):
    ring = "---\ntitle: Ring\n---\n\n- [ ] Round and round {#round @ana run=ring}\n"
    folder = workspace({"processes/ring/README.md": ring})
    result = handrail(folder, "start", "ring", now=NOW)
    assert result.exit_code == 0
    assert "Runs would start each other without end: ring → ring." in result.output
    assert len(list((folder.root / "processes/ring/runs").iterdir())) == 1


def test_two_schedulers_start_one_child(ready, handrail, tmp_path):
    folder = ready()
    remote, other = tmp_path / "remote.git", tmp_path / "other"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(folder.root), str(remote)], check=True)
    folder.git("remote", "add", "origin", str(remote))
    folder.git("fetch", "--quiet")
    folder.git("branch", "--set-upstream-to=origin/main")
    subprocess.run(["git", "clone", "--quiet", str(remote), str(other)], check=True)
    assert handrail(folder, "tick", now=LATER).exit_code == 0
    late = handrail(other, "tick", now="2026-11-24T09:00:05Z")
    assert (late.exit_code, late.output) == (0, "Nothing is due.\n")
    log = subprocess.run(["git", "log", "--format=%s"], cwd=remote, capture_output=True, text=True, check=True)
    assert log.stdout.count("started vendor") == 1


def crash_before_the_parent_hears(folder):
    """Take back the commit by which a command told the parent, as if it had been killed just before."""
    folder.git("reset", "--quiet", "--hard", "HEAD~1")


def test_tick_closes_the_step_whose_child_finished_before_a_crash(ready, handrail):
    folder = ready()
    handrail(folder, "tick", now=NOW)
    handrail(folder, "check", CHILD, "papers", now=LATER)
    crash_before_the_parent_hears(folder)
    assert "Would check off: " in handrail(folder, "tick", "--dry-run", now=LATER).output
    view = json.loads(handrail(folder, "tick", "--json", now=LATER).output)
    assert [(one["what"], one["run"], one["step"], one["child"]) for one in view["settled"]] == [
        ("check", PARENT, "vendor", CHILD)
    ]
    assert f"done run={CHILD}" in folder.read("processes/onboarding/runs/2026-11-23-ada.md")
    assert handrail(folder, "tick", now=LATER).output == "Nothing is due.\n"


def test_tick_cancels_the_child_that_a_crash_left_going(ready, handrail):
    folder = ready()
    handrail(folder, "tick", now=NOW)
    handrail(folder, "cancel", PARENT, "-m", "they left", now=LATER)
    crash_before_the_parent_hears(folder)
    result = handrail(folder, "tick", now=LATER)
    assert "Cancelled: " in result.output and f"whose parent {PARENT} was cancelled (" in result.output
    assert handrail(folder, "tick", now=LATER).output == "Nothing is due.\n"


def test_a_step_that_must_not_be_closed_yet_is_no_failure_of_tick(ready, handrail):
    strict = ONBOARDING.replace("run=vendor(customer, size)", "run=vendor(customer, size) ask=size")
    folder = ready({"processes/onboarding/README.md": strict})
    handrail(folder, "tick", now=NOW)
    handrail(folder, "check", CHILD, "papers", now=LATER)
    result = handrail(folder, "tick", now=LATER)
    assert result.exit_code == 0
    assert f"Not done: {PARENT}#vendor, whose run {CHILD} is finished: " in result.output and "size" in result.output


def test_a_name_that_fits_a_run_and_its_children_means_the_run(ready, handrail):
    folder = ready()
    handrail(folder, "tick", now=LATER)
    assert there(folder, CHILD)
    assert "onboarding/2026-11-23-ada" in handrail(folder, "show", "ada", now=LATER).output
    assert handrail(folder, "note", "ada", "all well", now=LATER).exit_code == 0
    assert "@mara noted: all well" in folder.read(f"processes/{PARENT.replace('/', '/runs/')}.md")
