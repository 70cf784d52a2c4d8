"""Behaviours 7 and 8: approving, sending back, rounds, voiding, several approvers, four eyes."""

from __future__ import annotations

import json

import pytest

CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org, Ana.Reyes@Example.net]}
  ben: {name: Ben Ito, email: [ben@example.org]}
  chi: {name: Chi Nwosu, email: [chi@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org]}
teams: {board: [ben, chi, mara]}
"""
OFFER = """---
title: Offer
---

- [ ] Calculate {#price @ana}
- [ ] Write {#write @ana}
- [ ] Price approved {#price-ok @ben approval back=price after=write}
- [ ] Text approved {#text-ok @chi approval back=write after=price-ok}
- [ ] Send {#send @ana after=text-ok}
"""
RUN = "offer/2026-11-23-acme"
FILE = "processes/offer/runs/2026-11-23-acme.md"


@pytest.fixture
def as_(handrail, monkeypatch):
    """Call the command line as somebody, by key or by address; every call is a minute later than the last."""
    minutes = iter(range(10_000))

    def call(who, folder, *arguments, fails=False):
        address = who if "@" in who else f"{who}@example.org"
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{role}_NAME", who.partition("@")[0])
            monkeypatch.setenv(f"GIT_{role}_EMAIL", address)
        minute = next(minutes)
        now = f"2026-11-23T{9 + minute // 60:02}:{minute % 60:02}:00Z"
        result = handrail(folder, *arguments, now=now)
        assert (result.exit_code != 0) == fails, result.output
        return " ".join(result.output.split())

    return call


@pytest.fixture
def offer(workspace, as_):
    """Make a workspace with one run: of the usual procedure, or of another text."""

    def build(text=OFFER):
        folder = workspace({"processes/offer/README.md": text}, config=CONFIG)
        as_("mara", folder, "start", "offer", "Acme")
        return folder

    return build


def states(as_, folder):
    view = json.loads(as_("mara", folder, "show", RUN, "--json"))
    return {step["id"]: (step["state"], step["attempt"]) for step in view["steps"]}


def test_rejecting_needs_a_comment(offer, as_):
    folder = offer()
    as_("ana", folder, "check", RUN, "price", "write")
    assert "needs a reason" in as_("ben", folder, "reject", RUN, "price-ok", fails=True)


def test_a_rejection_opens_just_what_it_covers_and_voids_later_approvals(offer, as_):
    folder = offer(OFFER.replace(" after=write", ""))
    as_("ana", folder, "check", RUN, "price", "write")
    as_("ben", folder, "approve", RUN, "price-ok")
    as_("chi", folder, "approve", RUN, "text-ok")
    as_("ben", folder, "reopen", RUN, "price-ok", "-m", "I was too quick")
    said = as_("ben", folder, "reject", RUN, "price-ok", "-m", "30 % is too much")
    assert "Sent back: `price`" in said and "Approval void: `text-ok`" in said
    assert states(as_, folder) == {
        "price": ("ready", 2),
        "write": ("done", 1),
        "price-ok": ("waiting", 3),
        "text-ok": ("waiting", 2),
        "send": ("waiting", 1),
    }
    assert "@ben reopened: void since price-ok was rejected" in folder.read(FILE)


def test_who_got_it_back_sees_it_first_with_the_comment_and_the_approver_has_nothing_to_do(offer, as_):
    folder = offer()
    as_("ana", folder, "start", "offer", "Older")  # its first step has waited longer
    as_("ana", folder, "check", RUN, "price", "write")
    as_("ben", folder, "reject", RUN, "price-ok", "-m", "30 % is too much")
    said = as_("ana", folder, "mine")
    assert said.index("Acme") < said.index("Older")
    assert "sent back by @ben: 30 % is too much" in said
    task = json.loads(as_("ana", folder, "mine", "--json"))["now"][0]["step"]
    assert (task["id"], task["attempt"], task["rejected"]["note"]) == ("price", 2, "30 % is too much")
    assert json.loads(as_("ben", folder, "mine", "--json"))["now"] == []
    shown = as_("ana", folder, "show", RUN, "price")
    assert "round 2" in shown and "sent back by @ben: 30 % is too much" in shown


def test_the_comment_goes_when_the_step_is_done_again(offer, as_):
    folder = offer()
    as_("ana", folder, "check", RUN, "price", "write")
    as_("ben", folder, "reject", RUN, "price-ok", "-m", "too much")
    as_("ana", folder, "check", RUN, "price")
    assert [task["step"]["id"] for task in json.loads(as_("ben", folder, "mine", "--json"))["now"]] == ["price-ok"]
    view = json.loads(as_("ana", folder, "show", RUN, "--json"))
    assert view["steps"][0]["rejected"] is None


def test_the_next_decision_goes_to_the_one_who_sent_it_back(offer, as_):
    folder = offer(OFFER.replace("@ben", "@board"))
    as_("ana", folder, "check", RUN, "price", "write")
    as_("chi", folder, "reject", RUN, "price-ok", "-m", "too much")
    as_("ana", folder, "check", RUN, "price")
    assert "is for Chi Nwosu to decide" in as_("ben", folder, "approve", RUN, "price-ok", fails=True)
    as_("chi", folder, "approve", RUN, "price-ok")


def test_approval_by_two_takes_two_people(offer, as_):
    folder = offer(OFFER.replace("{#price-ok @ben approval", "{#price-ok @board approval=2"))
    as_("ana", folder, "check", RUN, "price", "write")
    assert "Approved by 1; it needs 2" in as_("ben", folder, "approve", RUN, "price-ok")
    assert states(as_, folder)["price-ok"][0] == "ready"
    assert "has approved `price-ok` already" in as_("ben", folder, "approve", RUN, "price-ok", fails=True)
    as_("mara", folder, "approve", RUN, "price-ok")
    assert states(as_, folder)["price-ok"][0] == "done"


def test_approval_by_all_takes_everybody_and_one_rejection_sends_it_back(offer, as_):
    folder = offer(OFFER.replace("{#price-ok @ben approval", "{#price-ok @board approval=all"))
    as_("ana", folder, "check", RUN, "price", "write")
    as_("ben", folder, "approve", RUN, "price-ok")
    as_("chi", folder, "approve", RUN, "price-ok")
    as_("mara", folder, "reject", RUN, "price-ok", "-m", "not yet")
    assert states(as_, folder)["price"] == ("ready", 2)
    as_("ana", folder, "check", RUN, "price")
    for who in ("mara", "ben"):
        as_(who, folder, "approve", RUN, "price-ok")
        assert states(as_, folder)["price-ok"][0] == "ready"
    as_("chi", folder, "approve", RUN, "price-ok")
    assert states(as_, folder)["price-ok"] == ("done", 2)


def test_four_eyes_are_those_of_two_people_not_of_two_addresses(offer, as_):
    folder = offer("---\ntitle: Offer\n---\n\n- [ ] Enter {#enter}\n- [ ] Release {#release not-by=enter}\n")
    as_("ana", folder, "check", RUN, "enter")
    said = as_("ana.reyes@example.NET", folder, "check", RUN, "release", fails=True)
    assert "takes somebody else than who finished `enter`, and that was Ana Reyes" in said
    as_("ben", folder, "check", RUN, "release")


def test_four_eyes_hold_for_an_approval_and_in_the_other_order(offer, as_):
    text = (
        "- [ ] Enter {#enter}\n- [ ] Release {#release not-by=enter}\n- [ ] Ok {#ok @board approval not-by=release}\n"
    )
    folder = offer(f"---\ntitle: Offer\n---\n\n{text}")
    as_("ben", folder, "check", RUN, "release")
    assert "somebody else" in as_("ben", folder, "check", RUN, "enter", fails=True)
    as_("ana", folder, "check", RUN, "enter")
    assert "somebody else" in as_("ben", folder, "approve", RUN, "ok", fails=True)
    as_("chi", folder, "approve", RUN, "ok")
