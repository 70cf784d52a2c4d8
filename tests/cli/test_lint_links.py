"""Links in procedures and projects that lead nowhere, and procedures that nobody answers for: hints."""

from __future__ import annotations

import json

import pytest

README = "processes/hr/offer/README.md"
STEPS = "\n- [ ] Write {#write @ana}\n"


@pytest.fixture
def hints(workspace, handrail):
    def ask(files: dict[str, str], code: str = "dead-link") -> list[tuple[int, int, str, str]]:
        result = handrail(workspace(files), "lint", "--json")
        assert result.exit_code == 0, result.output
        problems = [one for one in json.loads(result.output)["problems"] if one["code"] == code]
        assert all(one["level"] == "hint" for one in problems)
        return [(one["line"], one["column"], one["message"], one["hint"]) for one in problems]

    return ask


def test_a_link_to_a_file_that_is_not_there_is_shown_with_the_nearest_name(hints):
    text = "# Offer\n\nSee the [policy](polcy.md#limits) and [us](../../../docs/us.md).\n" + STEPS
    found = hints({README: text, "processes/hr/offer/policy.md": "# Policy\n"})
    assert found == [
        (3, 18, "this leads to `processes/hr/offer/polcy.md`, which is not there", "did you mean `policy.md`?"),
        (3, 44, "this leads to `docs/us.md`, which is not there", "mend the link, or take it out"),
    ]


def test_pictures_definitions_and_links_inside_steps_count(hints):
    text = (
        "---\ntitle: Offer\n---\n\n![the form](form.png)\n\n- [ ] Read [the rules][rules] {#read @ana}\n\n"
        "  Then the [list](<our list.md>).\n\n[rules]: rules.md\n"
    )
    assert [(line, column) for line, column, *_ in hints({README: text})] == [(5, 13), (9, 20), (11, 10)]


@pytest.mark.parametrize(
    "link",
    [
        "[a](policy.md)",
        "[a](policy.md#nowhere)",
        "[a](./policy.md?plain=1)",
        "[a](our%20list.md)",
        "[a](../offer)",
        "[a](../../../handrail.yml)",
        "[a](runs/)",
        "[a](https://example.org/x.md)",
        "[a](mailto:ana@example.org)",
        "<https://example.org/nothing.md>",
        "[a](/docs/whatever.md)",
        "[a](../../../../outside.md)",
        "[a]({{customer}}.md)",
        "[a](#write)",
        "[a](#what-good-looks-like)",
        "[a](#wie-es-läuft)",
        "[a](#mine) and <a id='mine'></a>",
        "[a](#)",
        "`[a](nothing.md)`",
        "```\n[a](nothing.md)\n```",
        "    [a](nothing.md)",
        "<!-- [a](nothing.md) -->",
        "\\[a](nothing.md)",
        "[a](java script:x)",
    ],
)
def test_no_false_alarm(hints, link):
    text = f"# Offer\n\n## What good looks like\n\n## Wie es läuft\n\n{link}\n{STEPS}"
    files = {
        "processes/hr/offer/policy.md": "",
        "processes/hr/offer/our list.md": "",
        "processes/hr/offer/runs/.gitkeep": "",
    }
    assert hints({README: text, **files}) == []


def test_an_anchor_of_the_file_that_is_not_there(hints):
    found = hints({README: f"# Offer\n\nFirst [write](#wriet), see [below](#limits).\n{STEPS}\n## Limits\n\nNone.\n"})
    assert found == [
        (3, 15, "there is no heading or item `#wriet` in this file", "mend the link, or take it out"),
    ]


def test_projects_count_and_retired_procedures_and_runs_do_not(workspace, handrail):
    folder = workspace(
        {
            README: f"---\nstatus: retired\n---\n[a](nothing.md)\n{STEPS}",
            "processes/b/README.md": "- [ ] Read [it](x.md) {#read @ana}\n",
            "processes/b/x.md": "",
            "projects/p/README.md": "[a](nothing.md)\n\n- [ ] Do {#do @ana}\n",
        }
    )
    assert handrail(folder, "start", "b", "One", now="2026-11-23T09:12:00Z").exit_code == 0
    (folder.root / "processes/b/x.md").unlink()
    found = json.loads(handrail(folder, "lint", "--json").output)["problems"]
    dead = [one["path"] for one in found if one["code"] == "dead-link"]
    assert dead == ["processes/b/README.md", "projects/p/README.md"]


def test_byte_order_mark_and_windows_lines_do_not_move_the_place(hints):
    text = ("\ufeff---\ntitle: Ünï\n---\n\nÄ [a](nothing.md)\n" + STEPS).replace("\n", "\r\n")
    assert [(line, column) for line, column, *_ in hints({README: text})] == [(5, 7)]


def test_a_procedure_without_an_owner_stands_out_among_those_that_have_one(hints):
    one, other = f"---\ntitle: One\n---\n{STEPS}", f'---\nowner: "@mara"\n---\n{STEPS}'
    assert hints({"processes/one/README.md": one}, "no-owner") == []
    found = hints({"processes/one/README.md": one, "processes/two/README.md": other}, "no-owner")
    assert found == [
        (
            2,
            8,
            "nobody answers for this procedure, and others say who does",
            'write `owner: "@…"` into the front matter',
        )
    ]


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_only_procedures_in_effect_need_an_owner(hints, status):
    text = f"---\nstatus: {status}\nreview: 2099-01-01\n---\n{STEPS}"
    assert hints({README: text, "processes/two/README.md": f'---\nowner: "@mara"\n---\n{STEPS}'}, "no-owner") == []


def test_a_review_without_an_owner_reminds_nobody(hints):
    found = hints({README: f"---\nreview: 2099-01-01\n---\n{STEPS}"}, "no-owner")
    assert [message for _, _, message, _ in found] == [
        "nobody answers for this procedure, and its review reminds nobody"
    ]
