"""What keeps a run from its end is found before it starts, with its place and what to change."""

from __future__ import annotations

import json

import pytest

NOW = "2026-11-23T09:12:00Z"
README = "processes/x/README.md"
CHILD = "---\nfields:\n  client: {required: true}\n---\n\n- [ ] Look {#look}\n"
FIELDS = """\
---
roles: {sales: ana, shared: [ana, ben], nobody: }
fields:
  plan: {choices: [basic, pro]}
  seats: {type: number, min: 1, max: 500}
  launch: {type: date}
  tags: {type: list}
---

"""


@pytest.fixture
def lint(workspace, handrail):
    """Give the problems of one process, as `line:column level code: message`, after a look at every hint."""

    def call(text: str, files: dict[str, str] | None = None) -> list[str]:
        folder = workspace({README: text, "processes/child/README.md": CHILD, **(files or {})})
        found = json.loads(handrail(folder, "lint", "--json", now=NOW).output)["problems"]
        assert all(one["hint"] for one in found)
        return [
            f"{one['line']}:{one['column']} {one['level']} {one['code']}: {one['message']}"
            for one in found
            if one["path"] == README
        ]

    return call


RING = "these wait for each other for ever: "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [ ] a {#a after=b}\n- [ ] b {#b after=a}\n", f"1:13 error cycle: {RING}`a` → `b` → `a`"),
        ("- [ ] a {#a gate after=b}\n- [ ] b {#b}\n", f"1:18 error cycle: {RING}`a` → `b` → `a`"),
        (
            "---\norder: strict\n---\n- [ ] a {#a after=c}\n- [ ] b {#b}\n- [ ] c {#c}\n",
            f"4:13 error cycle: {RING}`a` → `c` → `b` → `a`",
        ),
        (
            "- [ ] p {#p after=b}\n  - [ ] c {#c}\n- [ ] b {#b after=c}\n",
            f"1:13 error cycle: {RING}`p` → `b` → `c` → `p`",
        ),
        (
            "- [ ] p {#p}\n  - [ ] c {#c after=b}\n- [ ] b {#b after=p}\n",
            f"2:15 error cycle: {RING}`p` → `c` → `b` → `p`",
        ),
        (
            "- [ ] ok {#ok @ana approval gate back=late}\n- [ ] late {#late}\n",
            f"1:34 error cycle: {RING}`ok` → `late` → `ok`",
        ),
        (
            "- [ ] a {#a after=c}\n- [ ] b {#b}\n- [ ] c {#c}\n",
            "1:13 warning cycle: none of these is ever ready: `a` → `c` → `b` → `a`",
        ),
        ("- [ ] a {#a after=a}\n", "1:13 error cycle: `after` names the item itself"),
        (
            "- [ ] p {#p}\n  - [ ] c {#c after=p}\n",
            "2:15 error cycle: `after` names `p`, of which this is a part: each would wait for the other",
        ),
        (
            "- [ ] p {#p after=c}\n  - [ ] c {#c}\n",
            "1:13 warning no-effect: `after` names `c`, a part of this item, and it waits for its parts anyway",
        ),
        (
            "- [ ] ok {#ok @ana approval back=late}\n- [ ] late {#late}\n",
            "1:29 warning no-effect: `back` names `late`, which comes after this approval",
        ),
        (
            "- [ ] a {#a}\n- [ ] b {#b back=a}\n",
            "2:13 warning no-effect: `back` says where a rejection leads, and this is no approval",
        ),
    ],
    ids=[
        "after", "gate", "strict", "parent-waits-for-its-part", "part-waits-for-what-waits-for-it", "approval",
        "sequence", "itself", "what-it-is-part-of", "its-own-part", "back-to-a-later-step", "back-without-approval",
    ],
)  # fmt: skip
def test_what_waits_for_itself_is_named_by_its_members(lint, text, expected):
    assert expected in lint(text)


def test_two_rings_are_two_findings(lint):
    text = "".join(f"- [ ] {one} {{#{one} after={other}}}\n" for one, other in ("ab", "ba", "cd", "dc"))
    assert [one.partition(" ")[0] for one in lint(text)] == ["1:13", "3:13"]


def test_what_makes_a_ring_is_said(workspace, handrail):
    folder = workspace({README: "- [ ] a {#a gate after=b}\n- [ ] b {#b}\n"})
    output = handrail(folder, "lint", now=NOW).output
    assert "(`a` has `after=b`; `b` stands below the gate `a`: change one of these)" in output


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{#a approval gate}", "13 error cannot-finish: nobody is asked for this approval"),
        ("{#a @gone approval}", "19 error cannot-finish: everybody who is asked for this approval has left"),
        ("{#a @ana @ben approval=3}", "23 error cannot-finish: this approval takes 3 people and asks 2: @ana, @ben"),
        ("{#a @finance approval=3}", "22 error cannot-finish: this approval takes 3 people and asks 2: @ben, @chi"),
        ("{#a @sales approval=2}", "20 warning cannot-finish: this approval takes 2 people and asks 1: @ana"),
        ("{#a @ana approval not-by=first}", ("27 warning cannot-finish: too few people: `first`, `a` take different "
                                            "ones, and those who are asked are @ana")),
        ("{#a @finance approval=all not-by=b}\n- [ ] b {#b @finance approval}",
         "35 error cannot-finish: too few people: `a`, `b` take different ones"),
        ("{#a @ana if=\"plan == 'gold'\"}", "31 error bad-condition: `plan` is never `gold`"),
        ("{#a @ana if=\"paln == 'pro'\"}", "22 error unknown-field: the process has no field `paln`"),
        ("{#a @ana if=\"seats > 'many'\"}", "31 error bad-condition: `seats` is a number, `many` is none"),
        ("{#a @ana if=\"launch < 'soon'\"}", "32 error bad-condition: `launch` is a date, `soon` is none"),
        ('{#a @ana if="launch == seats"}', ("32 error bad-condition: `launch` is a date, `seats` a number: they are "
                                            "never alike")),
        ("{#a @ana if=\"plan > 'basic'\"}", "30 warning bad-condition: the choices of `plan` have no order"),
        ("{#a @ana if='plan.name'}", "26 error bad-condition: `if`: `.` cannot stand here: fields have no parts"),
        ('{#a @ana if="seats > 500"}', "22 warning never-applies: this never holds: no run has the step"),
        ("{#a @ana if=\"plan == 'pro' and plan == 'basic'\"}", ("22 warning never-applies: this never holds: no run "
                                                               "has the step")),
        ("{#a @ana ask=paln}", "18 error unknown-field: the process has no field `paln`"),
        ("{#a @ana due=seats-3d}", "18 error bad-value: `seats` is a number, not a date"),
        ("{#a @ana run=child}", ("18 warning missing-field: a run of `child` needs `client`, and "
                                "this step does not hand it down")),
        ("{#a @ana run=child(plan)}", "18 error unknown-field: `child` has no field `plan` that it could be handed"),
        ("{#a @ana run=chidl}", "18 error unknown-process: there is no process `chidl`"),
        ("{#a @ana run=old}", "18 error cannot-finish: `old` is retired: no run of it can be started"),
        ("{#a @ana run=new}", "18 warning cannot-finish: `new` is a draft: no run of it can be started"),
        ("{#a @ana gate run=new}", "23 error cannot-finish: `new` is a draft: no run of it can be started"),
        ("{#a @ana run=x}", "18 error cycle: the process starts a run of itself, which starts another, for ever"),
    ],
)  # fmt: skip
def test_what_cannot_be_finished_is_found_with_its_column(workspace, handrail, line, expected):
    config = "people: {ana: {}, ben: {}, chi: {}, gone: {active: false}}\nteams: {finance: [ben, chi]}\n"
    files = {
        README: f"{FIELDS}- [ ] first {{#first @ana}}\n- [ ] a {line}\n- [ ] last {{#last @ana}}\n",
        "processes/child/README.md": CHILD,
        "processes/old/README.md": "---\nstatus: retired\nsuccessor: child\n---\n\n- [ ] a {#a}\n",
        "processes/new/README.md": "---\nstatus: draft\n---\n\n- [ ] a {#a}\n",
    }
    folder = workspace(files, config=config)
    problems = json.loads(handrail(folder, "lint", "--json", now=NOW).output)["problems"]
    told = [f"{one['line']}:{one['column']} {one['level']} {one['code']}: {one['message']}" for one in problems]
    assert any(one.startswith(f"11:{expected}") for one in told), told
    assert all(one["hint"] for one in problems)


@pytest.mark.parametrize(
    "line",
    [
        "{#a @ana if=\"plan == 'pro' or seats > 499\"}",
        "{#a @ana if=\"'eu' in tags and 'uk' in tags and not 'us' in tags\"}",
        "{#a @ana if=\"launch > '2026-12-01' and launch <= '2026-12-02'\"}",
        '{#a @ana if="seats > 3 and seats < 3.5"}',
        "{#a @shared approval=2}",
        "{#a @ben approval not-by=first}",
        "{#a @finance approval=2 not-by=first}",
        "{#a @nobody approval}",
        "{#a @ana run=child(client)}",
        "{#a @ana approval back=first}",
    ],
)
def test_what_is_well_is_left_alone(lint, line):
    text = FIELDS.replace("fields:\n", "fields:\n  client: {}\n")
    assert lint(f"{text}- [ ] first {{#first @ana}}\n- [ ] a {line}\n- [ ] last {{#last @ana}}\n") == []


def test_a_condition_that_contradicts_the_one_above_it(lint):
    text = f"{FIELDS}- [ ] a {{#a if=\"plan == 'pro'\"}}\n  - [ ] b {{#b if=\"plan == 'basic'\"}}\n"
    assert lint(text) == [
        (
            "11:19 warning never-applies: this never holds together with the condition of `a`, of which the step is a "
            "part: no run has the step"
        )
    ]


def test_processes_that_start_each_other(lint):
    other = {"processes/y/README.md": "- [ ] a {#a run=x}\n"}
    assert lint("- [ ] a {#a run=y}\n", other) == [
        "1:13 error cycle: these processes start each other for ever: `x` → `y` → `x`"
    ]
    assert lint("---\nfields: {again: {}}\n---\n- [ ] a {#a run=y if=again}\n", other) == []


def test_a_scheduled_process_has_nobody_to_ask(lint):
    text = '---\nschedule: "FREQ=MONTHLY;BYDAY=1MO"\nfields:\n  month: {required: true}\n---\n\n- [ ] a {#a}\n'
    found = lint(text)
    assert found == ["4:3 error missing-field: `month` is required, and nobody gives it to a run that starts by itself"]
    assert lint(text.replace("required: true", "required: true, default: now")) == []


def test_front_matter_is_reported_where_it_stands(lint):
    text = (
        '---\nowner: "@mraa"\nroles:\n  sales: nobody\nschedule: sometimes\nsuccessor: z\n---\n\n- [ ] a {#a @sales}\n'
    )
    assert [one.partition(":  ")[0].split(": ")[0] for one in lint(text)] == [
        "2:8 warning unknown-person", "4:10 warning unknown-person", "5:11 error bad-schedule",
        "6:12 error unknown-process",
    ]  # fmt: skip


def test_front_matter_that_cannot_be_read_does_not_make_errors_of_what_rests_on_it(lint):
    text = "---\nfields: [plan\n---\n\n- [ ] a {#a @sales ask=plan if=\"plan == 'pro'\" after=b}\n"
    assert [one.split(": ")[0] for one in lint(text)] == ["3:1 error yaml-syntax", "5:48 error unknown-step"]


def test_what_can_never_end_is_not_started(workspace, handrail):
    for line in ("{#a approval}", "{#a gate after=b}\n\n- [ ] b {#b}", "{#a if=a.b}", "{#a @ana approval=2}"):
        folder = workspace({README: f"- [ ] a {line}\n"})
        result = handrail(folder, "start", "x", "One", now=NOW)
        assert result.exit_code == 1
        assert "The process `x` has errors." in result.output
        assert folder.git("log", "--oneline").count("\n") == 1
        assert not (folder.root / "processes/x/runs").exists()


# Runs


@pytest.fixture
def parents(workspace, handrail):
    """Give what lint says of a run with a `parent:` or `project:` written by hand."""
    files = {
        README: "- [ ] a {#a run=child}\n- [ ] b {#b}\n",
        "processes/child/README.md": "- [ ] Look {#look}\n",
        "projects/p/README.md": "- [ ] Task {#task}\n",
    }
    folder = workspace(files)
    handrail(folder, "start", "x", "One", now=NOW)
    handrail(folder, "start", "child", "Two", now=NOW)
    path = "processes/child/runs/2026-11-23-two.md"
    text = folder.read(path)

    def call(line: str) -> list[str]:
        folder.write({path: text.replace("title: Two\n", f"title: Two\n{line}\n")})
        found = json.loads(handrail(folder, "lint", "--json", now=NOW).output)["problems"]
        assert all(one["path"] == path and one["line"] == 6 and one["hint"] for one in found)
        return [f"{one['column']} {one['level']} {one['code']}: {one['message']}" for one in found]

    return call


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("parent: x/2026-11-23-one#a", []),
        ("parent: x/2026-11-23-none#a",
         ["9 error unknown-run: there is no run `x/2026-11-23-none`, for which this one was started"]),
        ("parent: x/2026-11-23-one#c", ["9 error unknown-step: the run `x/2026-11-23-one` has no step `c`"]),
        ("parent: x/2026-11-23-one#b", [("9 warning bad-value: `b` of `x/2026-11-23-one` is finished by hand, not by "
                                        "runs of `child`")]),
        ("parent: ../../etc/passwd#a", ["9 error bad-value: `../../etc/passwd#a` is no run and step"]),
        ("parent: /etc#a", ["9 error bad-value: `/etc#a` is no run and step"]),
        ("parent: everything", ["9 error bad-value: `everything` is no run and step"]),
        ("parent: child/2026-11-23-two#look",
         ["9 warning bad-value: `look` of `child/2026-11-23-two` is finished by hand, not by runs of `child`",
          ("9 error cycle: these runs say that they were started for each other: `child/2026-11-23-two` → "
          "`child/2026-11-23-two`")]),
        ("project: p", []),
        ("project: p#task", []),
        ("project: q", ["10 warning unknown-project: there is no project `q`"]),
        ("project: p#tsak", ["10 warning unknown-step: the project `p` has no task `tsak`"]),
        ("project: ../p", ["10 error bad-value: `../p` is no project"]),
    ],
)  # fmt: skip
def test_a_run_s_parent_and_project_exist(parents, line, expected):
    assert parents(line) == expected


def test_11_open_steps_of_people_who_have_left_are_named_until_somebody_else_has_them(workspace, handrail):
    folder = workspace({README: "- [ ] a {#a @gus}\n- [ ] b {#b @gus}\n"}, config="people: {gus: {}, ana: {}}\n")
    assert handrail(folder, "start", "x", "One", now=NOW).exit_code == 0
    assert handrail(folder, "check", "one", "a", now=NOW).exit_code == 0
    folder.write({"handrail.yml": "people: {gus: {active: false}, ana: {}}\n"})
    run = "processes/x/runs/2026-11-23-one.md"
    assert f"{run}:13:13: warning[unknown-person]: @gus has left and still has this open item" in (
        handrail(folder, "lint", run, now=NOW).output
    )
    assert handrail(folder, "assign", "one", "b", "--to", "ana", now=NOW).exit_code == 0
    assert "has left" not in handrail(folder, "lint", run, now=NOW).output
