"""`handrail lint --fix`: what has one right answer is written; the rest is told as ever."""

from __future__ import annotations

import json

import pytest

README = "processes/x/README.md"
WRONG = """\
---
titel: X
order: "Strict"   # as agreed
review: 2026/12/1
summary: no
target: 10 days
owner: "@ana"
---

- [ ] Ask {#ask @ana deu=2d}

- [ ] Answer {#answer @ana due="2 days" est=3D}
"""
RIGHT = """\
---
title: X
order: "strict"   # as agreed
review: 2026-12-01
summary: "no"
target: 10d
owner: "@ana"
---

- [ ] Ask {#ask @ana due=2d}

- [ ] Answer {#answer @ana due=2d est=3d}
"""
NOW = "2026-11-23T09:12:00Z"


def test_slips_and_notations_are_mended_and_told(workspace, handrail):
    folder = workspace({README: WRONG})
    before = folder.git("rev-parse", "HEAD")
    result = handrail(folder, "lint", "--fix", now=NOW)
    assert result.exit_code == 0, result.output
    assert folder.read(README) == RIGHT
    assert f"Fixed {README}:2:1: `titel` is now `title`\n" in result.output
    assert f'Fixed {README}:12:28: `due="2 days"` is now `due=2d`\n' in result.output
    assert result.output.endswith("1 file, nothing to complain about.\n")
    assert (folder.git("rev-parse", "HEAD"), folder.git("status", "--porcelain").split()) == (before, ["M", README])
    assert "Fixed" not in handrail(folder, "lint", "--fix", now=NOW).output


def test_lint_alone_says_how_much_could_be_mended_and_writes_nothing(workspace, handrail):
    folder = workspace({README: WRONG})
    result = handrail(folder, "lint", now=NOW)
    assert result.exit_code == 1
    assert result.output.endswith(" in 1 file. `handrail lint --fix` mends 8 of them.\n")
    assert folder.read(README) == WRONG


def test_the_exit_status_speaks_of_what_is_left(workspace, handrail):
    folder = workspace({README: WRONG.replace("@ana deu=2d", "@nobody deu=2d")})
    result = handrail(folder, "lint", "--fix", now=NOW)
    assert result.exit_code == 1
    assert "unknown-person" in result.output
    assert "due=2d" in folder.read(README)


@pytest.mark.parametrize("asked", [("--json",), ("--format", "json")])
def test_as_json_what_is_left_and_what_was_mended(workspace, handrail, asked):
    folder = workspace({README: WRONG})
    told = json.loads(handrail(folder, "lint", *asked, now=NOW).output)
    assert [one["fix"] for one in told["problems"] if one["code"] == "unknown-key"] == ["title"]
    assert told["fixed"] == []
    told = json.loads(handrail(folder, "lint", "--fix", *asked, now=NOW).output)
    assert told["problems"] == []
    assert [one["line"] for one in told["fixed"]] == [2, 3, 4, 5, 6, 10, 12, 12]


def test_only_the_files_that_are_named(workspace, handrail):
    folder = workspace({README: WRONG, "processes/y/README.md": WRONG})
    handrail(folder, "lint", "--fix", "processes/y", now=NOW)
    assert (folder.read(README), folder.read("processes/y/README.md")) == (WRONG, RIGHT)


def test_every_other_byte_stays(workspace, handrail):
    folder = workspace()
    wild = ("\ufeff" + WRONG.rstrip("\n") + "  \t").replace("\n", "\r\n").replace("ten", "te\u0301n")
    path = folder.root / README
    path.parent.mkdir(parents=True)
    path.write_bytes(wild.encode())
    handrail(folder, "lint", "--fix", now=NOW)
    right = ("\ufeff" + RIGHT.rstrip("\n") + "  \t").replace("\n", "\r\n").replace("ten", "te\u0301n")
    assert path.read_bytes() == right.encode()


def test_runs_are_history_and_left_alone(workspace, handrail):
    folder = workspace({README: RIGHT})
    handrail(folder, "start", "x", "One", now=NOW)
    run = "processes/x/runs/2026-11-23-one.md"
    folder.write({run: folder.read(run).replace("order: strict", "order: Strict").replace("due=2d", "deu=2d")})
    before = folder.read(run)
    result = handrail(folder, "lint", "--fix", now=NOW)
    assert result.exit_code == 1
    assert folder.read(run) == before
    assert "mends" not in handrail(folder, "lint", now=NOW).output


@pytest.mark.parametrize(
    ("front", "why"),
    [
        ("title: X\ntitel: Y", "the right key is there already"),
        ("titel: X\ntitlle: Y", "two keys would be the same one"),
        ("staus: nonsense", "the value would be refused under the right key"),
        ("preview: 2026-12-01", "it may be a key of the team's own"),
        ("names: x", "so may this"),
        ("order: anything", "none of the words is meant beyond doubt"),
        ("target: 1 month", "there is no such span"),
        ("review: 01/02/2026", "nobody knows which is the month"),
        ("review: 2026-2-30", "there is no such day"),
        ("target: 3M", "minutes or months"),
    ],
)
def test_what_is_not_beyond_doubt_is_left_to_people(workspace, handrail, front, why):
    text = f"---\n{front}\n---\n\n- [ ] A {{@ana}}\n"
    folder = workspace({README: text})
    before = handrail(folder, "lint", now=NOW).output
    assert handrail(folder, "lint", "--fix", now=NOW).output == before, why
    assert folder.read(README) == text


def test_a_symbolic_link_and_a_broken_file_are_left_alone(workspace, handrail):
    folder = workspace({"processes/y/README.md": "---\ntitel: [\n---\n- [ ] A\n"})
    outside = folder.root.parent / "outside.md"
    outside.write_text(WRONG)
    (folder.root / "processes/x").mkdir()
    (folder.root / README).symlink_to(outside)
    assert handrail(folder, "lint", "--fix", now=NOW).exit_code == 1
    assert outside.read_text() == WRONG


def test_handrail_yml_and_projects_are_mended_too(workspace, handrail):
    config = "people:\n  ana: {nmae: Ana, load: 80 %}\nsync: None\n"
    folder = workspace(
        {"projects/p/README.md": "---\ntagret: 2027-1-8\nstart: 2026.12.1\n---\n- [ ] A {@ana est=2h cots=3}\n"},
        config=config,
    )
    handrail(folder, "lint", "--fix", now=NOW)
    assert folder.read("handrail.yml") == "people:\n  ana: {name: Ana, load: 80%}\nsync: none\n"
    assert "start: 2026-12-01\n---\n- [ ] A {@ana est=2h cost=3}" in folder.read("projects/p/README.md")
