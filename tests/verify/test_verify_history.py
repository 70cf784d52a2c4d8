"""Tampering with what has happened, by hand and by merges: found with commit and line."""

from __future__ import annotations

import re

import pytest

RUN = "processes/onboarding/runs/2026-11-02-acme.md"
README = "processes/onboarding/README.md"


@pytest.fixture
def worked(history):
    """Give a run in which the contract was drafted, checked, sent, rejected once and sent again."""
    history.do("ana", "begin", "acme", "draft")
    history.do("ana", "note", "acme", "draft", "-m", "first version")
    history.do("ana", "check", "acme", "draft")
    history.do("ana", "check", "acme", "gate")
    history.do("ana", "check", "acme", "send", "-f", "amount=12", "--proof", "https://example.org/a")
    return history


def swap(old: str, new: str):
    return lambda text: text.replace(old, new, 1)


def drop(part: str):
    return lambda text: "".join(line for line in text.splitlines(keepends=True) if part not in line)


def add_after(part: str, new: str):
    def change(text: str) -> str:
        lines = text.splitlines(keepends=True)
        index = next(number for number, line in enumerate(lines) if part in line)
        return "".join([*lines[: index + 1], new + "\n", *lines[index + 1 :]])

    return change


DRAFT = "Draft the contract {#draft"
SENT = "Send it to Acme {#send"
APPROVAL = "Approve the terms {#approve"
TAMPERED = {
    "a note is reworded": (swap("first version", "last version"), "event-changed", "last version"),
    "who did it is changed": (swap("@ana noted", "@ben noted"), "event-changed", "@ben noted"),
    "when it was done is changed": (swap("T11:00:00Z @ana noted", "T11:30:00Z @ana noted"), "event-changed", "11:30"),
    "an event is removed": (drop("noted"), "event-removed", DRAFT),
    "the last event is removed, with its tick": (
        lambda text: drop("T12:00:00Z @ana done")(text).replace("[x] Draft", "[ ] Draft"),
        "event-removed",
        DRAFT,
    ),
    "an event is slipped in before older ones": (
        add_after(DRAFT, "  - 2026-11-02T09:30:00Z @ana noted: I said so"),
        "event-inserted",
        "I said so",
    ),
    "events change places": (
        lambda text: re.sub(r"(  - \S+ @ana started\n)((?:.*assigned.*\n)?)(.*noted.*\n)", r"\3\1\2", text),
        "event-moved",
        "noted: first",
    ),
    "a box is emptied": (swap("[x] Draft", "[ ] Draft"), "unticked", DRAFT),
    "the start is rewritten in the Log": (
        swap("T09:00:00Z @ana started\n", "T08:00:00Z @ana started\n"),
        "event-changed",
        "T08",
    ),
    "it is done twice": (
        add_after("T12:00:00Z @ana done", "  - 2026-11-02T15:00:00Z @ana done"),
        "already-done",
        "T15:00:00Z @ana done",
    ),
    "it is reopened without a reason": (
        lambda text: add_after("T12:00:00Z @ana done", "  - 2026-11-02T15:00:00Z @ana reopened")(text).replace(
            "[x] Draft", "[ ] Draft"
        ),
        "needs-note",
        "T15:00:00Z @ana reopened",
    ),
    "an older event is added at the end": (
        add_after("T12:00:00Z @ana done", "  - 2026-11-02T11:30:00Z @ana noted: x"),
        "events-order",
        "11:30",
    ),
    "a step is done twice as another's sub-step": (
        lambda text: text.replace("  - [ ] Invite people {#invite}\n\n", "").replace(
            "- [ ] Say thanks", "- [ ] Invite people {#invite}\n\n- [ ] Say thanks"
        ),
        "step-moved",
        "{#invite}",
    ),
    "steps change places": (
        lambda text: re.sub(r"(- \[ \] Say thanks.*\n\n)(- \[ \] Pro extras.*\n\n)", r"\2\1", text),
        "step-moved",
        "{#extras",
    ),
    "the order is loosened": (
        lambda text: text.replace("\n---\n", "\norder: any\n---\n", 1),
        "front-matter-changed",
        "order",
    ),
    "who fills a role is changed": (swap("money: [ben, chi]", "money: [ana]"), "front-matter-changed", "roles:"),
    "the start is moved": (
        swap("started: 2026-11-02T09", "started: 2026-11-01T09"),
        "front-matter-changed",
        "started:",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_with_a_run_is_found(worked, name: str) -> None:
    change, code, part = TAMPERED[name]
    commit = worked.forge("ana", RUN, change)
    found = worked.verify()
    assert {one["commit"] for one in found} == {commit}, found
    assert (code, worked.line(RUN, part)) in {(one["code"], one["line"]) for one in found}, found


DECISIONS = {
    "an approval by the doer": ("ana", "  - {time} @ana approved", "not-approver"),
    "an approval by somebody who is not asked": ("mara", "  - {time} @mara approved", "not-approver"),
    "an approval ticked by somebody who is not asked": ("mara", "", "not-approver"),
    "a rejection without a reason": ("ben", "  - {time} @ben rejected", "needs-note"),
    "a rejection that sends nothing back": ("ben", "  - {time} @ben rejected: no", "incomplete-rejection"),
    "an approval before the work is done again": ("ben", "  - {time} @ben approved", ""),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_decisions_of_the_wrong_people_are_found(worked, name: str) -> None:
    who, line, code = DECISIONS[name]
    line = line.format(time=f"2026-11-02T{9 + worked.clock + 1:02d}:00:00Z")
    tick = swap(f"[ ] {APPROVAL}", f"[x] {APPROVAL}") if "rejected" not in line else (lambda text: text)
    commit = worked.forge(who, RUN, lambda text: tick(add_after(APPROVAL, line)(text) if line else text))
    found = worked.verify()
    assert {(one["commit"], one["code"]) for one in found} == ({(commit, code)} if code else set()), found


def test_four_eyes_where_the_doer_is_asked_too(worked) -> None:
    worked.do("mara", "assign", "acme", "approve", "ana")
    commit = worked.forge("ana", RUN, swap(f"[ ] {APPROVAL}", f"[x] {APPROVAL}"))
    assert [(one["commit"], one["code"]) for one in worked.verify()] == [(commit, "four-eyes")]


def test_a_step_is_finished_without_its_field_evidence_or_wait(history) -> None:
    history.do("ana", "check", "acme", "draft", "gate")
    commit = history.forge("ana", RUN, swap(f"[ ] {SENT}", f"[x] {SENT}"))
    assert [(one["commit"], one["code"]) for one in history.verify()] == [(commit, "missing-field")]
    history.folder.git("reset", "--hard", "--quiet", "HEAD~1")
    history.do("ana", "set", "acme", "amount=5")
    commit = history.forge("ana", RUN, swap(f"[ ] {SENT}", f"[x] {SENT}"))
    assert [(one["commit"], one["code"]) for one in history.verify()] == [(commit, "missing-proof")]


def test_a_wait_that_is_not_over(worked) -> None:
    worked.do("ben", "approve", "acme", "approve")
    commit = worked.forge("ana", RUN, swap("[ ] Wait for the bank", "[x] Wait for the bank"))
    assert [(one["commit"], one["code"]) for one in worked.verify()] == [(commit, "wait-not-over")]


def test_a_step_with_open_sub_steps(worked) -> None:
    commit = worked.forge("ana", RUN, swap("[ ] Set up the account", "[x] Set up the account"))
    assert [(one["commit"], one["code"]) for one in worked.verify()] == [(commit, "open-substeps")]


def test_4_a_strict_order_is_refused_by_the_command_line_and_by_verify(history) -> None:
    history.do("ana", "start", "strict", "Round")
    path = next(name for name in history.folder.git("ls-files").split() if name.startswith("processes/strict/runs"))
    history.as_person("ana", history.time())
    refused = history.call(history.folder, "check", "round", "two", now=history.time())
    assert refused.exit_code == 1
    commit = history.forge("ana", path, swap("- [ ] Second", "- [x] Second"))
    assert [(one["commit"], one["code"]) for one in history.verify()] == [(commit, "strict-order")]


def test_a_run_that_is_deleted_or_moved(worked) -> None:
    base = worked.head()
    worked.folder.git("mv", RUN, RUN.replace("acme", "other"))
    worked.as_person("ana", worked.time())
    commit = worked.folder.commit("move")
    codes = {one["code"] for one in worked.verify(base) if one["commit"] == commit}
    assert {"run-deleted", "wrong-run"} <= codes


def test_a_finished_run_is_edited(history) -> None:
    history.do("ana", "start", "strict", "Round")
    history.do("ana", "check", "round", "one", "two")
    path = next(name for name in history.folder.git("ls-files").split() if name.startswith("processes/strict/runs"))
    assert history.verify() == []
    history.do("ana", "note", "round", "-m", "it went well")
    assert history.verify() == []
    commit = history.forge("ana", path, add_after("Second", "  - 2026-11-03T10:00:00Z @ana blocked: no"))
    assert commit in {one["commit"] for one in history.verify()}


def test_forged_starts(history) -> None:
    base = history.head()
    text = history.folder.read(RUN)
    cases = {
        "approval dropped": (text.replace(" not-by=send", "")),
        "step dropped": re.sub(r"- \[ \] Check the contract.*\n\n", "", text),
        "other people in a role": text.replace("@ben @chi role=money", "@ana role=money"),
        "no such text": re.sub(r"revision: \w+", f"revision: {'a' * 40}", text),
        "an order of its own": text.replace("\n---\n", "\norder: any\n---\n", 1),
    }
    for name, forged in cases.items():
        assert forged != text, name
        path = RUN.replace("acme", "new")
        history.folder.write({path: forged.replace("2026-11-02-acme", "2026-11-02-new")})
        history.as_person("ana", "2026-11-02T09:00:00Z")
        commit = history.folder.commit(name)
        assert {one["commit"] for one in history.verify(base)} == {commit}, name
        history.folder.git("reset", "--hard", "--quiet", base)


def test_a_procedure_is_changed_without_its_owner(history) -> None:
    base = history.head()
    commit = history.forge("ana", README, swap("Say thanks", "Say thanks twice"))
    found = history.verify(base)
    assert [(one["code"], one["commit"], one["line"]) for one in found] == [
        ("owner-missing", commit, history.line(README, "Say thanks twice"))
    ]
    assert history.verify(base, "--reviewed-by", "mara") == []
    history.folder.git("commit", "--quiet", "--amend", "--message", "x\n\nReviewed-by: M. Lind <mara@example.org>")
    assert history.verify(base) == []


def test_the_owner_who_merges_has_seen_it(history) -> None:
    base = history.head()
    history.folder.git("switch", "--quiet", "--create", "topic")
    history.forge("ana", README, swap("Say thanks", "Say thanks twice"))
    history.folder.git("switch", "--quiet", "main")
    history.as_person("mara", history.time())
    history.folder.git("merge", "--quiet", "--no-ff", "--message", "topic", "topic")
    assert history.verify(base) == []


def test_somebody_who_may_act_for_others(history) -> None:
    config = history.folder.read("handrail.yml")
    history.folder.write(
        {"handrail.yml": f"{config}on_behalf: [eve]\n".replace("people:", "people:\n  eve: {email: [eve@example.org]}")}
    )
    history.as_person("mara", history.time())
    base = history.folder.commit("a bot")
    when = history.time(history.clock + 1)
    history.forge(
        "eve",
        RUN,
        lambda text: add_after(DRAFT, f"  - {when} @ana done")(text).replace("[ ] Draft", "[x] Draft"),
        hours=history.clock,
    )
    assert history.verify(base) == []
    assert [one["code"] for one in history.verify()] == ["other-person"], "nobody may by the rules of an older base"


def test_a_range_cannot_make_its_own_approver(worked) -> None:
    worked.base = worked.head()
    config = worked.folder.read("handrail.yml")
    worked.forge("eve", "handrail.yml", lambda _: config.replace("ben@example.org", "ben@example.org, eve@example.org"))
    commit = worked.forge("eve", RUN, swap(f"[ ] {APPROVAL}", f"[x] {APPROVAL}"))
    assert [(one["commit"], one["code"]) for one in worked.verify()] == [(commit, "not-approver")]
