"""Agents: what they finish is marked; where a process says `agents: propose`, it waits until a person confirms it."""

from __future__ import annotations

import json

import pytest

NOW = "2026-11-23T09:00:00Z"
LATER = "2026-11-24T09:00:00Z"
LAST = "2026-11-25T09:00:00Z"

CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  ben: {name: Ben Ito, email: [ben@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org]}
  robo: {name: Triage agent, email: [robo@example.org], agent: true}
"""
TRIAGE = """---
title: Triage
owner: "@mara"
agents: propose
fields: {severity: {choices: [low, high]}}
---

- [ ] Reproduce it {#reproduce @robo}
- [ ] Rate it {#rate @ana ask=severity proof=link}
- [ ] Tell the customer {#tell @ben not-by=rate}
- [ ] Close the ticket {#close @ben optional}
- [ ] Signed off {#sign @robo @ana approval}
"""
RUN = "triage/2026-11-23-crash"
FILE = "processes/triage/runs/2026-11-23-crash.md"


@pytest.fixture
def acting(monkeypatch):
    """Let somebody else act from now on: `acting("robo")`."""

    def become(key):
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{role}_NAME", key)
            monkeypatch.setenv(f"GIT_{role}_EMAIL", f"{key}@example.org")

    return become


@pytest.fixture
def as_(acting, handrail):
    """Call the command line as somebody: `as_("robo", folder, "check", …)`; gives what it printed on one line."""

    def call(who, folder, *arguments, now=LATER, fails=False):
        acting(who)
        result = handrail(folder, *arguments, now=now)
        assert (result.exit_code != 0) == fails, result.output
        return " ".join(result.output.split())

    return call


@pytest.fixture
def triage(workspace, handrail):
    folder = workspace({"processes/triage/README.md": TRIAGE}, config=CONFIG)
    assert handrail(folder, "start", "triage", "Crash", now=NOW).exit_code == 0
    return folder


def steps(as_, folder, now=LATER):
    view = json.loads(as_("mara", folder, "show", RUN, "--json", now=now))
    return {step["id"]: step for step in view["steps"]}


def events(folder, step):
    """Give the lines beneath a step."""
    lines = folder.read(FILE).splitlines()
    start = next(number for number, line in enumerate(lines) if f"{{#{step} " in line)
    found = []
    for line in lines[start + 1 :]:
        if not line.startswith("  - "):
            break
        found.append(line.removeprefix("  - "))
    return found


def mine(as_, folder, who, now=LATER):
    return [task["step"]["id"] for task in json.loads(as_(who, folder, "mine", "--json", now=now))["now"]]


def test_a_run_takes_over_that_agents_only_propose(triage):
    assert "\nagents: propose\n" in triage.read(FILE)


def test_what_an_agent_finishes_is_only_proposed(triage, as_):
    said = as_("robo", triage, "check", RUN, "reproduce", "-m", "crashes on save")
    assert said.startswith("Proposed: Reproduce it")
    assert f"a person confirms it with `handrail check {RUN} reproduce`" in said
    assert "- [ ] Reproduce it" in triage.read(FILE)
    assert events(triage, "reproduce") == ["2026-11-24T09:00:00Z @robo noted proposes=done: crashes on save"]
    assert steps(as_, triage)["reproduce"]["state"] == "ready"
    assert triage.git("log", "-1", "--format=%s").strip() == f"proposed {RUN}: Reproduce it"


def test_a_person_confirms_with_check_and_both_are_named(triage, as_):
    as_("robo", triage, "check", RUN, "reproduce", "-m", "crashes on save")
    said = as_("mara", triage, "check", RUN, "reproduce", now=LAST)
    assert "Confirms what Triage agent proposed" in said
    assert "- [x] Reproduce it" in triage.read(FILE)
    assert events(triage, "reproduce")[-1] == "2026-11-25T09:00:00Z @mara done confirms=robo: crashes on save"
    step = steps(as_, triage, LAST)["reproduce"]
    assert (step["state"], step["by"], step["proposer"], step["by_agent"]) == ("done", "mara", "robo", False)
    assert "proposed by @robo (agent)" in as_("mara", triage, "show", RUN, now=LAST)


def test_fields_proof_and_note_of_the_proposal_are_kept(triage, as_):
    proof = ("--proof", "https://example.org/ticket/7")
    as_("robo", triage, "check", RUN, "rate", "-f", "severity=high", *proof, "-m", "data loss")
    as_("ana", triage, "check", RUN, "rate", now=LAST)
    assert events(triage, "rate") == [
        "2026-11-24T09:00:00Z @robo set severity=high",
        "2026-11-24T09:00:00Z @robo noted proposes=done link=https://example.org/ticket/7: data loss",
        "2026-11-25T09:00:00Z @ana done confirms=robo link=https://example.org/ticket/7: data loss",
    ]


def test_who_confirms_may_give_better_evidence_and_an_own_note(triage, as_):
    as_("robo", triage, "check", RUN, "rate", "-f", "severity=high", "--proof", "https://example.org/a", "-m", "loss")
    as_("ana", triage, "check", RUN, "rate", "--proof", "https://example.org/b", "-m", "seen myself", now=LAST)
    assert events(triage, "rate")[-1].endswith("@ana done confirms=robo link=https://example.org/b: seen myself")


def test_a_proposal_must_be_whole(triage, as_):
    assert "asks for `severity`" in as_("robo", triage, "check", RUN, "rate", fails=True)
    assert "needs evidence" in as_("robo", triage, "check", RUN, "rate", "-f", "severity=low", fails=True)


def test_a_proposal_is_made_once_and_can_be_taken_back(triage, as_):
    as_("robo", triage, "check", RUN, "reproduce")
    said = as_("robo", triage, "check", RUN, "reproduce", fails=True)
    assert "waits for a person" in said and f"`handrail reopen {RUN} reproduce -m REASON` takes it back" in said
    as_("robo", triage, "reopen", RUN, "reproduce", "-m", "wrong version")
    as_("robo", triage, "check", RUN, "reproduce")


@pytest.mark.parametrize("verb", ["reject", "reopen"])
def test_a_person_sends_a_proposal_back_with_a_comment(triage, as_, verb):
    as_("robo", triage, "check", RUN, "reproduce")
    assert "needs a reason" in as_("mara", triage, verb, RUN, "reproduce", fails=True)
    as_("mara", triage, verb, RUN, "reproduce", "-m", "not on our data", now=LAST)
    step = steps(as_, triage, LAST)["reproduce"]
    assert (step["state"], step["attempt"], step["proposed"]) == ("ready", 2, None)
    assert step["rejected"] == {"by": "mara", "at": "2026-11-25T09:00:00Z", "note": "not on our data"}
    assert "sent back by @mara: not on our data" in as_("robo", triage, "mine", now=LAST)
    assert mine(as_, triage, "robo", LAST) == ["reproduce"]


def test_a_skip_is_proposed_and_confirmed_too(triage, as_):
    as_("robo", triage, "skip", RUN, "close", "-m", "a duplicate")
    assert events(triage, "close") == ["2026-11-24T09:00:00Z @robo noted proposes=skipped: a duplicate"]
    assert "skip proposed by @robo" in as_("mara", triage, "show", RUN)
    as_("ben", triage, "skip", RUN, "close", now=LAST)
    assert events(triage, "close")[-1] == "2026-11-25T09:00:00Z @ben skipped confirms=robo: a duplicate"


def test_a_person_may_decide_otherwise_than_was_proposed(triage, as_):
    as_("robo", triage, "skip", RUN, "close", "-m", "a duplicate")
    said = as_("ben", triage, "check", RUN, "close", now=LAST)
    assert "Triage agent had proposed to skip `close`" in said
    assert events(triage, "close")[-1] == "2026-11-25T09:00:00Z @ben done"


@pytest.mark.parametrize("verb", ["approve", "reject", "cancel"])
def test_an_agent_decides_on_nothing(triage, as_, verb):
    target = () if verb == "cancel" else ("sign",)
    assert "Only a person" in as_("robo", triage, verb, RUN, *target, "-m", "fine", fails=True)


def test_what_is_proposed_waits_with_those_who_can_confirm_it(triage, as_):
    as_("robo", triage, "check", RUN, "reproduce")
    assert mine(as_, triage, "mara") == ["reproduce"]  # the owner, as only an agent has the step
    assert mine(as_, triage, "robo") == []
    assert "proposed by @robo (agent)" in as_("mara", triage, "mine")
    assert "confirm: @mara" in as_("mara", triage, "next")
    assert "confirm: @mara" in as_("mara", triage, "status")
    assert "Next: handrail check 2026-11-23-crash reproduce (confirm it)" in as_("mara", triage, "show", RUN)
    assert "Confirm it: handrail check" in as_("mara", triage, "show", RUN, "reproduce")
    assert steps(as_, triage)["reproduce"]["proposed"] == {
        "by": "robo",
        "at": "2026-11-24T09:00:00Z",
        "note": "",
        "outcome": "done",
    }


def test_a_step_that_a_person_has_is_confirmed_by_that_person(triage, as_):
    as_("mara", triage, "check", RUN, "reproduce")
    as_("robo", triage, "check", RUN, "rate", "-f", "severity=low", "--proof", "https://example.org/a")
    assert mine(as_, triage, "ana") == ["rate"]
    assert mine(as_, triage, "mara") == []


def test_four_eyes_count_the_agent_and_who_confirmed(triage, as_):
    as_("robo", triage, "check", RUN, "rate", "-f", "severity=low", "--proof", "https://example.org/a")
    as_("ana", triage, "check", RUN, "rate")
    assert "somebody else" in as_("ana", triage, "check", RUN, "tell", fails=True)
    assert "somebody else" in as_("robo", triage, "check", RUN, "tell", fails=True)
    as_("ben", triage, "check", RUN, "tell")


def test_in_strict_order_the_way_on_is_to_confirm(workspace, as_):
    folder = workspace(
        {"processes/triage/README.md": TRIAGE.replace("agents:", "order: strict\nagents:")}, config=CONFIG
    )
    as_("mara", folder, "start", "triage", "Crash", now=NOW)
    as_("robo", folder, "check", RUN, "reproduce")
    said = as_(
        "robo", folder, "check", RUN, "rate", "-f", "severity=low", "--proof", "https://example.org/a", fails=True
    )
    assert f"A person confirms what is proposed there: `handrail check {RUN} reproduce`" in said


def tick(folder, step, author):
    folder.write({FILE: folder.read(FILE).replace(f"- [ ] {step}", f"- [x] {step}")})
    folder.commit("ticked", author=author)


def test_a_tick_by_hand_confirms_a_proposal(triage, as_):
    as_("robo", triage, "check", RUN, "rate", "-f", "severity=low", "--proof", "https://example.org/a", "-m", "small")
    tick(triage, "Rate it", "Ana Reyes <ana@example.org>")
    assert steps(as_, triage)["rate"]["state"] == "done"
    as_("mara", triage, "fmt")
    assert events(triage, "rate")[-1].endswith("@ana done confirms=robo link=https://example.org/a: small")


def test_a_tick_by_an_agents_hand_is_a_proposal(triage, as_):
    tick(triage, "Reproduce it", "Triage agent <robo@example.org>")
    tick(triage, "Signed off", "Triage agent <robo@example.org>")
    as_("mara", triage, "fmt")
    assert events(triage, "reproduce")[0].endswith("@robo noted proposes=done")
    assert events(triage, "sign")[0].endswith("@robo noted: ticked by an agent, but an approval is for a person")
    assert "[x]" not in triage.read(FILE)
    before = triage.read(FILE)
    as_("mara", triage, "fmt")
    assert triage.read(FILE) == before


def test_lint_finds_what_an_agent_closed_by_hand(triage, as_):
    line = "  - 2026-11-24T09:00:00Z @robo done\n"
    text = triage.read(FILE)
    start = text.index("\n", text.index("{#reproduce")) + 1
    text = (text[:start] + line + text[start:]).replace("- [ ] Reproduce", "- [x] Reproduce")
    triage.write({FILE: text})
    said = as_("mara", triage, "lint", fails=True)
    assert "unconfirmed" in said and "no person has confirmed" in said


def test_an_upgrade_takes_the_rule_along(workspace, as_):
    free = TRIAGE.replace("agents: propose\n", "")
    folder = workspace({"processes/triage/README.md": free}, config=CONFIG)
    as_("mara", folder, "start", "triage", "Crash", now=NOW)
    folder.write({"processes/triage/README.md": TRIAGE})
    folder.commit("agents propose")
    assert "`agents` is now propose" in " ".join(as_("mara", folder, "upgrade", RUN).split()).replace(
        "Agents", "agents"
    )
    assert "\nagents: propose\n" in folder.read(FILE)
    assert as_("robo", folder, "check", RUN, "reproduce").startswith("Proposed")


def test_without_the_rule_what_an_agent_finishes_counts_but_is_marked(workspace, as_):
    folder = workspace({"processes/triage/README.md": TRIAGE.replace("agents: propose\n", "")}, config=CONFIG)
    as_("mara", folder, "start", "triage", "Crash", now=NOW)
    assert as_("robo", folder, "check", RUN, "reproduce").startswith("Done")
    step = steps(as_, folder)["reproduce"]
    assert (step["state"], step["by"], step["by_agent"]) == ("done", "robo", True)
    assert "@robo (agent)" in as_("mara", folder, "show", RUN)
    assert "@robo (agent)" in as_("mara", folder, "log")
    assert json.loads(as_("mara", folder, "log", "--json"))["events"][0]["by_agent"] is True


def test_a_child_finished_by_an_agent_only_proposes_the_step_of_its_parent(workspace, as_):
    child = "---\ntitle: Check\n---\n\n- [ ] Look {#look @robo}\n"
    parent = "---\ntitle: Triage\nagents: propose\n---\n\n- [ ] Check it {#check @ana run=check}\n"
    folder = workspace({"processes/triage/README.md": parent, "processes/check/README.md": child}, config=CONFIG)
    as_("mara", folder, "start", "triage", "Crash", now=NOW)
    as_("mara", folder, "start", "check", "Crash", "--parent", f"{RUN}#check", now=NOW)
    assert "Proposed with it: Check it" in as_("robo", folder, "check", "check/2026-11-23-crash", "look")
    as_("ana", folder, "check", RUN, "check", now=LAST)
    assert events(folder, "check")[-1].endswith("@ana done confirms=robo run=check/2026-11-23-crash")


def test_an_agent_cannot_propose_both_sides_of_four_eyes(triage, as_):
    as_("robo", triage, "check", RUN, "rate", "-f", "severity=low", "--proof", "https://example.org/a")
    assert "somebody else than who finished `rate`" in as_("robo", triage, "check", RUN, "tell", fails=True)
    as_("mara", triage, "reject", RUN, "rate", "-m", "I do it")
    as_("robo", triage, "check", RUN, "tell")
    as_("mara", triage, "check", RUN, "rate", "--proof", "https://example.org/a")
    assert "that was Mara Lind" in as_("mara", triage, "check", RUN, "tell", fails=True)
    as_("ben", triage, "check", RUN, "tell")
