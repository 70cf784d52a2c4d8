"""Behaviour 15: a child run closes its parent's step when it finishes; cancelling the parent cancels the child."""

from __future__ import annotations

import pytest

NOW = "2026-11-23T09:00:00Z"
LATER = "2026-11-24T09:00:00Z"

ONBOARDING = """---
title: Onboarding
fields:
  customer: {required: true}
  plan: {choices: [basic, pro], default: basic}
name: "{{ customer }}"
---

- [ ] Greet {{ customer }} {#greet @ana}
- [ ] Bring in the vendor {#vendor @ana run=vendor(customer, plan) after=greet}
- [ ] Say goodbye {#bye @ben after=vendor}
"""
VENDOR = """---
title: Vendor
fields:
  customer: {required: true}
  plan: {}
  size: {}
---

- [ ] Check the papers {#papers @ben}
- [ ] Sign {#sign @ben run=contract(customer)}
"""
CONTRACT = """---
title: Contract
fields:
  customer: {required: true}
---

- [ ] Sign it {#ink @chi}
"""
PARENT = "onboarding/2026-11-23-ada"
CHILD = "vendor/2026-11-23-ada"
STEP = f"{PARENT}#vendor"


def text_of(folder, run):
    process, _, name = run.rpartition("/")
    return folder.read(f"processes/{process}/runs/{name}.md")


def subjects(folder, count):
    return folder.git("log", f"-{count}", "--format=%s").splitlines()


@pytest.fixture
def family(workspace, handrail):
    """A workspace with a run whose next step is finished by a child run."""
    folder = workspace(
        {
            "processes/onboarding/README.md": ONBOARDING,
            "processes/vendor/README.md": VENDOR,
            "processes/contract/README.md": CONTRACT,
        }
    )
    handrail(folder, "start", "onboarding", "-f", "customer=Ada", "-f", "plan=pro", now=NOW)
    assert handrail(folder, "check", PARENT, "greet", now=NOW).exit_code == 0
    return folder


@pytest.fixture
def refused(handrail):
    """Call a command that is refused: give its reason and way out, and see that nothing was committed."""

    def call(folder, *arguments, now=LATER):
        before = folder.git("rev-parse", "HEAD")
        result = handrail(folder, *arguments, now=now)
        assert result.exit_code in (1, 2), result.output
        assert folder.git("rev-parse", "HEAD") == before and not folder.git("status", "--porcelain")
        return " ".join(result.output.split())

    return call


def start_child(handrail, folder, *more, now=NOW):
    result = handrail(folder, "start", "vendor", "--parent", STEP, *more, now=now)
    assert result.exit_code == 0, result.output
    return result


def finish_child(handrail, folder, child=CHILD, now=LATER):
    """Finish the child: its last step is skipped, so that it needs no child of its own."""
    handrail(folder, "check", child, "papers", now=now)
    return handrail(folder, "skip", child, "sign", "-m", "not needed", now=now)


def test_a_step_with_run_cannot_be_checked_before_a_child_is_finished(family, refused):
    said = refused(family, "check", PARENT, "vendor")
    assert f"`handrail start vendor --parent {STEP}`" in said


def test_a_step_whose_child_is_open_names_the_child(family, handrail, refused):
    start_child(handrail, family)
    assert f"its run {CHILD}, which is still open" in refused(family, "check", PARENT, "vendor")


def test_a_child_knows_its_parent_and_gets_the_fields_that_the_step_hands_down(family, handrail):
    start_child(handrail, family)
    text = text_of(family, CHILD)
    assert f'parent: "{STEP}"\n' in text
    assert "fields: {customer: Ada, plan: pro}\n" in text


def test_a_field_given_by_hand_wins_over_the_one_that_is_handed_down(family, handrail):
    start_child(handrail, family, "-f", "plan=basic", "-f", "size=9")
    assert 'fields: {customer: Ada, plan: basic, size: "9"}\n' in text_of(family, CHILD)


def test_a_value_that_was_set_after_the_start_is_the_one_that_is_handed_down(family, handrail):
    handrail(family, "set", PARENT, "plan=basic", now=NOW)
    start_child(handrail, family)
    assert "plan: basic" in text_of(family, CHILD)


def test_a_child_that_finishes_closes_its_parents_step_in_a_commit_of_its_own(family, handrail):
    start_child(handrail, family)
    result = finish_child(handrail, family)
    assert f"Done with it: Bring in the vendor, in {PARENT}" in result.output
    assert "- [x] Bring in the vendor {#vendor " in text_of(family, PARENT)
    assert f"  - 2026-11-24T09:00:00Z @mara done run={CHILD}\n" in text_of(family, PARENT)
    assert subjects(family, 2) == [f"done {PARENT}: Bring in the vendor", f"skipped {CHILD}: Sign"]
    for commit in ("HEAD", "HEAD~1"):
        assert len(family.git("show", "--format=", "--name-only", commit).split()) == 1


def test_a_chain_of_children_closes_upwards(family, handrail):
    start_child(handrail, family)
    handrail(family, "check", CHILD, "papers", now=NOW)
    handrail(family, "start", "contract", "--parent", f"{CHILD}#sign", now=NOW)
    result = handrail(family, "check", "contract/2026-11-23-ada", "ink", now=LATER)
    assert f"Done with it: Sign, in {CHILD}" in result.output
    assert f"Done with it: Bring in the vendor, in {PARENT}" in result.output
    assert f"done run={CHILD}" in text_of(family, PARENT)


def test_a_parents_step_that_cannot_be_closed_stays_open_and_the_reason_is_told(family, handrail):
    start_child(handrail, family)
    handrail(family, "block", PARENT, "vendor", "-m", "budget", now=NOW)
    result = finish_child(handrail, family)
    assert result.exit_code == 0
    assert f"`vendor` of {PARENT} stays open: `vendor` is blocked: budget." in " ".join(result.output.split())
    handrail(family, "unblock", PARENT, "vendor", now=LATER)
    assert handrail(family, "check", PARENT, "vendor", now=LATER).exit_code == 0
    assert f"done run={CHILD}" in text_of(family, PARENT)


def test_a_child_that_was_finished_before_the_step_was_reopened_does_not_count(family, handrail, refused):
    start_child(handrail, family)
    finish_child(handrail, family)
    handrail(family, "reopen", PARENT, "vendor", "-m", "other vendor", now="2026-11-25T09:00:00Z")
    assert "none was started for it" in refused(family, "check", PARENT, "vendor", now="2026-11-25T10:00:00Z")
    start_child(handrail, family, "Second", now="2026-11-25T10:00:00Z")
    finish_child(handrail, family, "vendor/2026-11-25-second", now="2026-11-25T11:00:00Z")
    assert "done run=vendor/2026-11-25-second" in text_of(family, PARENT)


def test_cancelling_the_parent_cancels_its_open_children_each_in_its_own_commit(family, handrail):
    start_child(handrail, family)
    handrail(family, "check", CHILD, "papers", now=NOW)
    handrail(family, "start", "contract", "--parent", f"{CHILD}#sign", now=NOW)
    handrail(family, "cancel", PARENT, "-m", "they left", now=LATER)
    assert f"@mara cancelled: {PARENT} was cancelled: they left\n" in text_of(family, CHILD)
    assert f"@mara cancelled: {CHILD} was cancelled" in text_of(family, "contract/2026-11-23-ada")
    assert subjects(family, 3) == [
        "cancelled contract/2026-11-23-ada",
        f"cancelled {CHILD}",
        f"cancelled {PARENT}",
    ]


def test_cancelling_the_parent_leaves_finished_children_alone(family, handrail):
    start_child(handrail, family)
    finish_child(handrail, family)
    handrail(family, "cancel", PARENT, "-m", "they left", now=LATER)
    assert "cancelled" not in text_of(family, CHILD)


def test_a_cancelled_child_makes_room_for_another(family, handrail):
    start_child(handrail, family)
    handrail(family, "cancel", CHILD, "-m", "wrong vendor", now=NOW)
    start_child(handrail, family, "Other")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("vendor", "--parent", f"{PARENT}#greet"), "is not finished by a run"),
        (("contract", "--parent", STEP), "finished by a run of vendor, not of contract"),
        (("vendor", "--parent", f"{PARENT}#bye"), "is not finished by a run"),
        (("vendor", "--parent", f"{PARENT}#nowhere"), "has no step `nowhere`"),
        (("vendor", "--parent", PARENT), "names no step of a run"),
        (("vendor", "--parent", "nobody#vendor"), "There is no run `nobody`"),
    ],
)
def test_a_child_is_refused_where_the_step_does_not_ask_for_it(family, refused, arguments, said):
    assert said in refused(family, "start", *arguments)


def test_a_child_waits_until_its_step_can_be_done(workspace, handrail, refused):
    folder = workspace({"processes/onboarding/README.md": ONBOARDING, "processes/vendor/README.md": VENDOR})
    handrail(folder, "start", "onboarding", "-f", "customer=Ada", now=NOW)
    assert "`vendor` waits for `greet`" in refused(folder, "start", "vendor", "--parent", STEP)


def test_a_second_child_for_one_step_is_refused(family, handrail, refused):
    start_child(handrail, family)
    assert f"`vendor` has a run under way already, {CHILD}." in refused(family, "start", "vendor", "--parent", STEP)


def test_nothing_is_started_for_a_run_that_is_over(family, handrail, refused):
    handrail(family, "cancel", PARENT, "-m", "they left", now=NOW)
    assert "is cancelled" in refused(family, "start", "vendor", "--parent", STEP)


def test_without_commits_both_files_are_written(family, handrail):
    start_child(handrail, family)
    handrail(family, "check", CHILD, "papers", now=NOW)
    head = family.git("rev-parse", "HEAD")
    handrail(family, "skip", CHILD, "sign", "-m", "no", "--no-commit", now=LATER)
    assert family.git("rev-parse", "HEAD") == head
    assert f"done run={CHILD}" in text_of(family, PARENT)


def printed(result):
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def test_cancelling_a_child_tells_how_the_step_of_its_parent_goes_on(family, handrail, refused):
    start_child(handrail, family)
    said = printed(handrail(family, "cancel", CHILD, "-m", "the wrong one", now=LATER))
    assert f"`vendor` of {PARENT} stays open: `handrail start vendor --parent {STEP}` starts another." in said
    said = refused(family, "check", PARENT, "vendor")
    assert f"{CHILD} was cancelled" in said and f"`handrail start vendor --parent {STEP}` starts another" in said
    assert f"Start another run for it: handrail start vendor --parent {STEP}" in printed(
        handrail(family, "show", PARENT, "vendor", now=LATER)
    )


def test_cancelling_the_parent_says_nothing_of_starting_another(family, handrail):
    start_child(handrail, family)
    said = printed(handrail(family, "cancel", PARENT, "-m", "they left", now=LATER))
    assert "starts another" not in said


def test_opening_a_finished_child_opens_its_parents_step(family, handrail):
    start_child(handrail, family)
    finish_child(handrail, family)
    handrail(family, "check", PARENT, "bye", now=LATER)
    said = printed(handrail(family, "reopen", CHILD, "papers", "-m", "a page is missing", now="2026-11-25T09:00:00Z"))
    assert f"Reopened with it: Bring in the vendor, in {PARENT}" in said
    assert f"@mara reopened: {CHILD} was opened again" in text_of(family, PARENT)
    assert "check again" in printed(handrail(family, "show", PARENT, "bye", now="2026-11-25T09:00:00Z"))
    printed(handrail(family, "check", CHILD, "papers", now="2026-11-26T09:00:00Z"))
    assert text_of(family, PARENT).count(f"done run={CHILD}") == 2


def test_opening_a_child_leaves_a_step_alone_that_another_run_has_closed(family, handrail):
    start_child(handrail, family)
    finish_child(handrail, family)
    handrail(family, "reopen", PARENT, "vendor", "-m", "another vendor", now="2026-11-25T09:00:00Z")
    second = "vendor/2026-11-26-other"
    printed(handrail(family, "start", "vendor", "Other", "--parent", STEP, now="2026-11-26T09:00:00Z"))
    finish_child(handrail, family, second, now="2026-11-27T09:00:00Z")
    printed(handrail(family, "reopen", CHILD, "papers", "-m", "archive", now="2026-11-28T09:00:00Z"))
    assert "was opened again" not in text_of(family, PARENT)


@pytest.mark.parametrize("command", [("show", PARENT), ("show", PARENT, "vendor"), ("mine", "ana"), ("next",)])
def test_the_way_on_is_to_start_the_child_and_then_to_go_on_with_it(family, handrail, command):
    assert f"handrail start vendor --parent {STEP}" in printed(handrail(family, *command, now=LATER))
    start_child(handrail, family)
    said = printed(handrail(family, *command, now=LATER))
    assert f"handrail do {CHILD}" in said and "handrail start vendor" not in said


def test_an_approval_with_a_run_waits_for_its_child(workspace, handrail, refused):
    parent = (
        "---\ntitle: Buy\n---\n\n- [ ] Order {#order @ana}\n- [ ] Vendor accepted {#ok @mara approval run=vendor}\n"
    )
    folder = workspace({"processes/buy/README.md": parent, "processes/vendor/README.md": VENDOR})
    handrail(folder, "start", "buy", "Desk", now=NOW)
    handrail(folder, "check", "buy", "order", now=NOW)
    run = "buy/2026-11-23-desk"
    assert f"`handrail start vendor --parent {run}#ok` starts one" in refused(folder, "approve", "buy", "ok")
    printed(handrail(folder, "start", "vendor", "Desk", "-f", "customer=us", "--parent", f"{run}#ok", now=NOW))
    assert "which is still open" in refused(folder, "approve", "buy", "ok")
    said = printed(finish_child(handrail, folder, "vendor/2026-11-23-desk"))
    assert "`ok` of buy/2026-11-23-desk stays open: `ok` is an approval" in said
    assert f"`handrail approve {run} ok`" in said
    printed(handrail(folder, "approve", "buy", "ok", now=LATER))
    assert "@mara approved run=vendor/2026-11-23-desk" in text_of(folder, run)
