"""Behaviour 13: a run follows the revision that it started with; an upgrade moves it on, and nothing done is lost."""

from __future__ import annotations

import pytest

NOW = "2026-11-23T09:00:00Z"
LATER = "2026-11-24T09:00:00Z"
PATH = "processes/hire/README.md"
RUN = "hire/2026-11-23-ada"
FILE = f"processes/hire/runs/{RUN.partition('/')[2]}.md"

FIRST = """---
title: New hire
roles: {lead: ben}
fields: {name: {required: true}}
---

## Before

- [ ] Write to {{ name }} {#write @ana due=2d}
- [ ] Order a laptop {#laptop @lead}

  The usual one.
- [ ] Sign {#sign @ana approval after=laptop}

## After

- [ ] Welcome {#welcome @lead}
  - [ ] Flowers {#flowers @ana}
  - [ ] Badge {#badge @ana}
- [ ] Lunch {#lunch @ana}
"""


@pytest.fixture
def hired(workspace, handrail):
    """A workspace with a run of the first text."""
    folder = workspace({PATH: FIRST})
    handrail(folder, "start", "hire", "Ada", "-f", "name=Ada", now=NOW)
    return folder


@pytest.fixture
def change(handrail):
    """Change the procedure, commit it and upgrade the run: give what was printed."""

    def call(folder, *pairs, options=(), status=0):
        text = folder.read(PATH)
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        folder.write({PATH: text})
        folder.commit("the procedure changes")
        result = handrail(folder, "upgrade", RUN, *options, now=LATER)
        assert result.exit_code == status, result.output
        return " ".join(result.output.split())

    return call


def ids(folder):
    return [
        line.partition("{#")[2].partition(" ")[0].rstrip("}")
        for line in folder.read(FILE).split("\n")
        if line.lstrip().startswith("- [")
    ]


def state_of(handrail, folder, step):
    import json

    shown = json.loads(handrail(folder, "show", RUN, "--json", now=LATER).output)
    steps = [one for top in shown["steps"] for one in (top, *top["substeps"])]
    return next(one["state"] for one in steps if one["id"] == step)


def test_added_steps_stand_where_the_procedure_has_them(hired, change):
    said = change(
        hired,
        ("- [ ] Order", "- [ ] Find a desk for {{ name }} {#desk @lead}\n- [ ] Order"),
        ("  - [ ] Badge", "  - [ ] Cake {#cake @ana}\n  - [ ] Badge"),
    )
    assert ids(hired) == ["write", "desk", "laptop", "sign", "welcome", "flowers", "cake", "badge", "lunch"]
    assert "\n\n- [ ] Find a desk for Ada {#desk @ben role=lead}\n\n" in hired.read(FILE)
    assert "\n\n  - [ ] Cake {#cake @ana}\n\n" in hired.read(FILE)
    assert "+ added: Cake [cake]" in said


def test_a_new_stage_comes_with_its_heading(hired, change):
    change(hired, ("## After", "## On the day\n\n- [ ] Open the door {#door @ana}\n\n## After"))
    assert "\n\n## On the day\n\n- [ ] Open the door {#door @ana}\n\n## After\n\n" in hired.read(FILE)


def test_changed_titles_and_attributes_are_updated_and_events_stay(hired, handrail, change):
    handrail(hired, "note", RUN, "laptop", "asked  for  a big one: 16 inches", now=NOW)
    handrail(hired, "check", RUN, "write", "-m", "by post", now=NOW)
    said = change(
        hired, ("Order a laptop {#laptop @lead}", "Order hardware {#laptop @lead due=3d}"), ("due=2d", "due=1d")
    )
    assert "~ changed: Order hardware [laptop] (due, title)" in said
    text = hired.read(FILE)
    assert (
        "- [ ] Order hardware {#laptop @ben role=lead due=3d}\n"
        "  - 2026-11-23T09:00:00Z @mara noted: asked for a big one: 16 inches\n"
    ) in text
    assert "- [x] Write to Ada {#write @ana due=1d}\n  - 2026-11-23T09:00:00Z @mara done: by post\n" in text


def test_only_the_lines_that_are_meant_change(hired, handrail, change):
    handrail(hired, "check", RUN, "write", now=NOW)
    before = hired.read(FILE).split("\n")
    change(hired, ("Lunch", "Lunch together"))
    after = hired.read(FILE).split("\n")
    gone = [line for line in before if line not in after]
    assert [line.partition(" ")[0] for line in gone] == ["revision:", "-"]
    assert gone[1] == "- [ ] Lunch {#lunch @ana}"
    assert len(after) == len(before) + 1


def test_a_dropped_step_that_nobody_touched_is_removed(hired, change):
    said = change(hired, ("- [ ] Lunch {#lunch @ana}\n", ""), ("  - [ ] Flowers {#flowers @ana}\n", ""))
    assert ids(hired) == ["write", "laptop", "sign", "welcome", "badge"]
    assert "- removed: Lunch [lunch]" in said


def test_a_dropped_step_with_work_in_it_is_kept_marked_and_does_not_hold_up_the_end(hired, handrail, change):
    handrail(hired, "begin", RUN, "laptop", now=NOW)
    said = change(hired, ("- [ ] Order a laptop {#laptop @lead}\n\n  The usual one.\n", ""), (" after=laptop", ""))
    assert "= kept: Order a laptop [laptop]" in said
    assert ids(hired)[:3] == ["write", "laptop", "sign"]
    assert (
        "- [ ] Order a laptop {#laptop @ben role=lead optional}\n"
        "  - 2026-11-23T09:00:00Z @mara started\n"
        "  - 2026-11-24T09:00:00Z @mara noted: not in the procedure any more, kept because there is work in it\n"
    ) in hired.read(FILE)
    assert handrail(hired, "lint", now=LATER).exit_code == 0


def test_a_dropped_step_that_was_done_keeps_its_line(hired, handrail, change):
    handrail(hired, "check", RUN, "flowers", now=NOW)
    change(
        hired, ("- [ ] Welcome {#welcome @lead}\n  - [ ] Flowers {#flowers @ana}\n  - [ ] Badge {#badge @ana}\n", "")
    )
    text = hired.read(FILE)
    assert "  - [x] Flowers {#flowers @ana}\n    - 2026-11-23T09:00:00Z @mara done\n" in text
    assert ids(hired) == ["write", "laptop", "sign", "welcome", "flowers", "lunch"]


def test_what_was_kept_once_stays_through_the_next_upgrade_without_another_mark(hired, handrail, change):
    handrail(hired, "begin", RUN, "lunch", now=NOW)
    change(hired, ("- [ ] Lunch {#lunch @ana}\n", ""))
    change(hired, ("Badge", "Key card"))
    assert hired.read(FILE).count("not in the procedure any more") == 1
    assert ids(hired)[-1] == "lunch"


def test_a_step_that_moves_below_another_takes_its_events_along(hired, handrail, change):
    handrail(hired, "check", RUN, "lunch", "-m", "soup", now=NOW)
    change(hired, ("- [ ] Lunch {#lunch @ana}\n", ""), ("  - [ ] Badge", "  - [ ] Lunch {#lunch @ana}\n  - [ ] Badge"))
    assert ids(hired) == ["write", "laptop", "sign", "welcome", "flowers", "lunch", "badge"]
    assert "  - [x] Lunch {#lunch @ana}\n    - 2026-11-23T09:00:00Z @mara done: soup\n" in hired.read(FILE)


def test_approvals_of_changed_steps_are_void(hired, handrail, change, monkeypatch):
    handrail(hired, "check", RUN, "write", "laptop", now=NOW)
    handrail(hired, "assign", RUN, "sign", "mara", now=NOW)
    assert handrail(hired, "approve", RUN, "sign", now=NOW).exit_code == 0
    said = change(hired, ("The usual one.", "The large one."))
    assert "~ changed: Order a laptop [laptop] (instructions)" in said
    assert "! approval void: [sign]" in said
    assert "- [ ] Sign {#sign " in hired.read(FILE)
    assert "@mara reopened: void: the procedure has changed\n" in hired.read(FILE)
    assert state_of(handrail, hired, "laptop") == "done"
    assert state_of(handrail, hired, "sign") == "ready"


def test_approvals_of_other_steps_stand(hired, handrail, change):
    handrail(hired, "check", RUN, "write", "laptop", now=NOW)
    handrail(hired, "assign", RUN, "sign", "mara", now=NOW)
    handrail(hired, "approve", RUN, "sign", now=NOW)
    change(hired, ("Lunch", "Dinner"))
    assert state_of(handrail, hired, "sign") == "done"


def test_the_log_says_from_which_text_to_which(hired, change):
    before = hired.git("rev-parse", f"HEAD:{PATH}").strip()
    change(hired, ("Lunch", "Dinner"))
    after = hired.git("rev-parse", f"HEAD:{PATH}").strip()
    text = hired.read(FILE)
    assert f"@mara upgraded from={before} to={after}: 1 step changed\n" in text
    assert f"revision: {after}\n" in text
    assert hired.git("log", "-1", "--format=%s").strip() == f"upgraded {RUN}: 1 step changed"
    assert hired.git("show", "--format=", "--name-only", "HEAD").split() == [FILE]


def test_a_dry_run_says_the_same_and_writes_nothing(hired, change):
    before = hired.read(FILE)
    said = change(hired, ("Lunch", "Dinner"), options=("--dry-run",))
    assert f"Would upgrade {RUN}" in said and "~ changed: Dinner [lunch] (title)" in said
    assert hired.read(FILE) == before and not hired.git("status", "--porcelain")


def test_defaults_of_new_fields_are_set_and_missing_values_are_named(hired, change):
    said = change(hired, ("{required: true}}", "{required: true}, size: {default: M}, floor: {required: true}}"))
    assert "@mara set size=M\n" in hired.read(FILE)
    assert f"`handrail set {RUN} floor=…`" in said
    assert "No step is different" in said


def test_the_order_of_the_new_text_holds(hired, change):
    said = change(hired, ("title: New hire", "title: New hire\norder: strict"))
    assert "order: strict\n" in hired.read(FILE).partition("\n---\n")[0] + "\n"
    assert "`order` is now strict" in said


def test_a_new_role_is_asked_for(hired, change, handrail):
    said = change(hired, ("Lunch {#lunch @ana}", "Lunch {#lunch @cook}"), status=1)
    assert "Nobody fills the role `cook`" in said and f"handrail upgrade {RUN} --role ROLE=PERSON" in said
    assert handrail(hired, "upgrade", RUN, "--role", "cook=chi", now=LATER).exit_code == 0
    assert "{#lunch @chi role=cook}" in hired.read(FILE)


def test_an_upgrade_of_what_is_up_to_date_is_refused(hired, handrail):
    assert "follows the present procedure already" in handrail(hired, "upgrade", RUN, now=LATER).output


def test_a_finished_run_is_not_upgraded(hired, handrail, change):
    handrail(hired, "check", RUN, "write", "laptop", "flowers", "badge", "welcome", "lunch", now=NOW)
    handrail(hired, "assign", RUN, "sign", "mara", now=NOW)
    handrail(hired, "approve", RUN, "sign", now=NOW)
    assert "is finished" in change(hired, ("Lunch", "Dinner"), status=1)


def test_a_cancelled_run_is_not_upgraded(hired, handrail, change):
    handrail(hired, "cancel", RUN, "-m", "declined", now=NOW)
    assert "was cancelled" in change(hired, ("Lunch", "Dinner"), status=1)


def test_a_draft_is_not_followed(hired, change):
    assert "is draft" in change(hired, ("title: New hire", "title: New hire\nstatus: draft"), status=1)


def test_a_text_that_is_not_committed_is_not_followed(hired, handrail):
    hired.write({PATH: FIRST.replace("Lunch", "Dinner")})
    result = handrail(hired, "upgrade", RUN, now=LATER)
    assert result.exit_code == 1 and "not committed" in result.output


def test_a_stage_that_is_called_log_keeps_its_steps(hired, handrail, change):
    change(hired, ("## After", "## Log"), ("Lunch", "Dinner"))
    assert ids(hired) == ["write", "laptop", "sign", "welcome", "flowers", "badge", "lunch"]
    change(hired, ("Dinner", "Supper"))
    assert "- [ ] Supper {#lunch @ana}\n\n## Log\n\n- 2026" in hired.read(FILE)


def test_windows_line_ends_and_texts_written_by_hand_stay(hired, handrail, change):
    text = hired.read(FILE).replace("{#laptop @ben role=lead}\n", "{#laptop @ben role=lead}\n\n  Asked twice.\n")
    hired.write({".gitattributes": "*.md -text\n", FILE: text.replace("\n", "\r\n")})
    hired.commit()
    change(hired, ("Lunch", "Dinner"), ("- [ ] Order", "- [ ] Desk {#desk @ana}\n- [ ] Order"))
    after = hired.read(FILE)
    assert after.count("\n") == after.count("\r\n")
    assert "{#laptop @ben role=lead}\r\n\r\n  Asked twice.\r\n\r\n- [ ] Sign" in after
    assert ids(hired)[1:3] == ["desk", "laptop"]
