"""Histories that people make by the command line, in several clones and with merges: `verify` has nothing to say."""

from __future__ import annotations

RUN = "processes/onboarding/runs/2026-11-02-acme.md"


def whole_life(history) -> None:
    """Do one of everything that a run knows."""
    run = "acme"
    history.do("ana", "begin", run, "draft")
    history.do("ana", "note", run, "draft", "-m", "the first version")
    history.do("ana", "check", run, "draft")
    history.do("mara", "due", run, "gate", "2026-11-20")
    history.do("ana", "check", run, "gate", "-m", "read twice")
    history.do("ana", "block", run, "send", "-m", "they are away", "--until", "2026-11-04")
    history.do("ana", "unblock", run, "send")
    history.do("ana", "check", run, "send", "-f", "amount=12", "--proof", "https://example.org/a")
    history.do("ben", "reject", run, "approve", "-m", "too little")
    history.do("ana", "check", run, "send", "-f", "amount=120", "--proof", "https://example.org/b")
    history.do("ben", "approve", run, "approve")
    history.do("ana", "check", run, "make", "invite", "account")
    history.do("ana", "reopen", run, "invite", "-m", "one is missing")
    history.do("ana", "skip", run, "account", "-m", "they do it themselves")
    history.do("mara", "assign", run, "thanks", "chi")
    history.do("chi", "skip", run, "thanks", "-m", "no time")
    history.do("mara", "note", run, "-m", "a note about all of it")
    history.do("mara", "set", run, "plan=pro")
    history.do("mara", "assign", run, "chi", "--role", "sales")
    history.do("chi", "check", run, "bank", hours=24 * 7)
    history.do("chi", "check", run, "extras")


def test_a_run_from_its_start_to_its_end_is_in_order(history) -> None:
    whole_life(history)
    assert history.verify() == []
    assert history.verify("--all") == []
    result = history.call(history.folder, "verify", history.base)
    assert result.output == "22 changes in 22 commits, all in order.\n"


def test_the_same_run_squashed_into_one_commit_by_all_who_took_part_has_no_error(history) -> None:
    whole_life(history)
    history.folder.git("reset", "--soft", history.base)
    history.as_person("ana", history.time())
    people = "".join(f"Co-authored-by: {name} <{name}@example.org>\n" for name in ("ben", "chi", "mara"))
    history.folder.commit(f"squashed\n\n{people}")
    assert {(one["code"], one["level"]) for one in history.verify()} <= {("back-dated", "warning")}


def test_a_range_that_touches_nothing_of_handrails_is_passed_over(history) -> None:
    base = history.head()
    history.folder.write({"src/main.py": "print()\n"})
    history.folder.commit("code")
    assert history.call(history.folder, "verify", base).output == "Nothing of Handrail's changed.\n"


def test_23_clean_branches_that_tick_different_steps_merge_in_order(history) -> None:
    history.do("ana", "check", "acme", "draft")
    history.folder.git("switch", "--quiet", "--create", "one")
    history.do("ana", "check", "acme", "gate")
    history.folder.git("switch", "--quiet", "--create", "two", "main")
    history.do("chi", "note", "acme", "thanks", "-m", "soon")
    history.folder.git("switch", "--quiet", "main")
    history.as_person("mara", history.time())
    history.folder.git("merge", "--quiet", "--no-ff", "--message", "one", "one")
    history.folder.git("merge", "--quiet", "--no-ff", "--message", "two", "two")
    assert history.verify() == []


def test_a_run_that_is_upgraded(history) -> None:
    history.do("ana", "check", "acme", "draft", "gate")
    history.do("ana", "check", "acme", "send", "-f", "amount=12", "--proof", "https://example.org/a")
    history.do("ben", "approve", "acme", "approve")
    path = "processes/onboarding/README.md"
    history.forge(
        "mara",
        path,
        lambda text: text.replace("Send it to {{ customer }}", "Send it by mail to {{ customer }}").replace(
            "- [ ] Say thanks {#thanks @sales after=draft optional}", "- [ ] Ask for a rating {#rating @sales}"
        ),
    )
    history.do("mara", "upgrade", "acme")
    history.do("chi", "approve", "acme", "approve")
    assert history.verify() == []
    history.folder.git("reset", "--soft", history.base)
    history.as_person("mara", history.time())
    people = "".join(f"Co-authored-by: {name} <{name}@example.org>\n" for name in ("ana", "ben", "chi"))
    history.folder.commit(f"squashed\n\n{people}")
    assert history.verify() == []


def test_an_upgrade_that_does_more_than_an_upgrade(history) -> None:
    path = "processes/onboarding/README.md"
    history.forge("mara", path, lambda text: text.replace("Say thanks", "Say thank you"))
    history.do("mara", "upgrade", "acme")
    text = history.folder.read(RUN)
    history.folder.git("reset", "--hard", "--quiet", "HEAD~1")
    commit = history.forge("mara", RUN, lambda _: text.replace(" not-by=send", ""), hours=history.clock)
    assert {(one["commit"], one["code"]) for one in history.verify()} == {(commit, "step-changed")}


PARENT = """\
---
owner: "@ana"
fields: {customer: {default: x}}
---

- [ ] Deliver {#deliver run=strict}

- [ ] Close {#close after=deliver}
"""
WEEKLY = '---\nowner: "@ana"\nschedule: "FREQ=WEEKLY;BYDAY=MO"\n---\n\n- [ ] Look {#look}\n'
AGENTS = '---\nowner: "@ana"\nagents: propose\n---\n\n- [ ] Sort {#sort proof=note}\n'


def test_child_runs_schedules_tables_and_agents(history) -> None:
    names = {"parent": PARENT, "weekly": WEEKLY, "sorting": AGENTS}
    history.folder.write({f"processes/{name}/README.md": text for name, text in names.items()})
    agent = "people:\n  eve: {email: [eve@example.org], agent: true}"
    history.folder.write({"handrail.yml": history.folder.read("handrail.yml").replace("people:", agent)})
    history.as_person("mara", history.time())
    history.folder.commit("more")
    history.do("ana", "start", "parent", "Whole")
    whole = "2026-11-02-whole"
    history.do("ana", "check", f"strict/{whole}-deliver", "one", "two")
    history.do("ana", "check", f"parent/{whole}", "close")
    history.do("mara", "tick", hours=24 * 7)
    history.folder.write({"people.csv": "title\nFirst\nSecond\n"})
    history.do("ana", "start", "sorting", "--csv", "people.csv")
    history.do("eve", "check", "first", "sort", "-m", "all of it")
    history.do("ana", "check", "first", "sort")
    history.do("eve", "check", "second", "sort", "-m", "some")
    history.do("ana", "reject", "second", "sort", "-m", "not enough")
    assert history.verify() == []
    path = next(name for name in history.folder.git("ls-files").split() if name.endswith("-second.md"))
    commit = history.forge("eve", path, lambda text: text.replace("[ ] Sort", "[x] Sort"))
    assert {one["commit"] for one in history.verify()} == {commit}


def test_a_step_whose_run_is_not_finished(history) -> None:
    history.folder.write({"processes/parent/README.md": PARENT})
    history.as_person("mara", history.time())
    history.folder.commit("more")
    history.do("ana", "start", "parent", "Whole")
    path = "processes/parent/runs/2026-11-02-whole.md"
    commit = history.forge("ana", path, lambda text: text.replace("[ ] Deliver", "[x] Deliver"))
    assert [(one["commit"], one["code"]) for one in history.verify()] == [(commit, "child-open")]
