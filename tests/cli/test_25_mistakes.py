"""A process file with more than twenty-five kinds of mistake at once: each is found, with its place and a way out."""

from __future__ import annotations

import json
from pathlib import Path

README = "processes/x/README.md"
FILES = {
    README: """\
---
title: no
titel: Everything
review: 2026-02-30
target: [10d]
order: anyhow
owner: "@mraa"
summary: fix #12
summary: twice
status: retried
successor: nowhere
schedule: sometimes
roles:
  sales: anna
fields:
  plan: {choices: [basic, pro], default: gold}
  seats: {type: number}
  level: {type: choice}
  code: {pattern: "[A-Z"}
  2nd: {type: text}
  note: {labell: A note}
---

- [ ] Unknown attribute {#unknown @ana deu=2d}
- [ ] Bad due {#due due=soonish!}
- [ ] Year 10000 {#year due=10000-01-01}
- [ ] Too long {#long est=9999999d}
- [ ] Without a value {#empty @ana due}
- [ ] Twice {#twice est=1h est=2h}
- [ ] For projects {#project milestone}
- [ ] Same id {#twice}
- [ ] Bad id {#a/b}
- [ ] {#untitled}
- [ ] Nobody {#nobody @nobdy}
- [ ] Link to nowhere {#link after=nowhere}
- [ ] Ring one {#one after=two}
- [ ] Ring two {#two after=one}
- [ ] Itself {#self after=self}
- [ ] No condition {#call if="open('x') == 1"}
- [ ] No field {#field if="paln == 'pro'"}
- [ ] No choice {#choice if="plan == 'gold'"}
- [ ] No number {#number if="seats > 'many'"}
- [ ] Never {#never if="plan == 'pro' and plan == 'basic'"}
- [ ] Asks {#asks ask=sign_on}
- [ ] No date {#date due=seats-3d}
- [ ] No process {#child run=nowhere}
- [ ] Itself again {#again run=x}
- [ ] Nobody asked {#approve approval}
- [ ] Too few {#few @ana approval=2}
- [ ] Back to what {#back back=due}
- [ ] Four eyes {#eyes @ana approval not-by=few}
""",
}
FOUND = (Path(__file__).parent / "golden" / "25-mistakes.txt").read_text("utf-8")
"""Each finding on a line: place, level, code, what is wrong, and in parentheses what to do."""


def test_every_mistake_is_found_with_its_place_and_a_way_out(workspace, handrail):
    folder = workspace(FILES)
    result = handrail(folder, "lint", "--json", now="2026-11-23T09:12:00Z")
    problems = json.loads(result.output)["problems"]
    assert result.exit_code == 1
    told = "".join(
        f"{one['line']}:{one['column']} {one['level']} {one['code']}: {one['message']} ({one['hint']})\n"
        for one in problems
    )
    assert told == FOUND
    assert all(one["hint"] for one in problems)
    assert len(problems) > 25
    lines = [number for number, line in enumerate(FILES[README].split("\n"), 1) if line.startswith("- [ ]")]
    assert set(lines) - {one["line"] for one in problems} == {37}  # the other half of the ring


def test_none_of_them_is_started(workspace, handrail):
    folder = workspace(FILES)
    result = handrail(folder, "start", "x", "One")
    assert result.exit_code == 1
    assert "The process `x` has errors." in result.output
    assert not (folder.root / "processes/x/runs").exists()
