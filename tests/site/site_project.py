"""A project with one of everything: links of every kind, a baseline, risks, limits, names that mean no good."""

from __future__ import annotations

from collections.abc import Mapping

from site_made import MKDOCS, SAMPLE

SCRIPT = '<script>alert("1")</script>'
LONG = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
RTL = "מסירה ללקוח 納品の確認"

MOVE = f"""\
---
title: Move
owner: "@mara"
objective: In the new rooms by January
start: 2026-11-02
target: 2026-12-18
budget: 20000 EUR
limits: {{doing: 1}}
risks:
  - {{risk: "{SCRIPT.replace('"', "'")}", probability: 60%, impact: 4000, owner: ben, response: Pray}}
  - {{risk: The lift fails, probability: 10%, impact: 300, owner: ana, response: Stairs}}
  - {{risk: Nobody knows, probability: 30%, impact: 900}}
---

What we do and why.

## Prepare

- [x] Look at rooms {{#look @ana est=3d cost=500}}
  - 2026-11-05T16:00:00Z @ana done

- [ ] Choose {SCRIPT} {{#choose @ben est=4d after=look due=2026-11-13}}
  - 2026-11-09T09:00:00Z @ben started

- [ ] {LONG} {{#long @ben est=3d after=choose:ss}}
  - 2026-11-10T09:00:00Z @ben started

- [ ] {RTL} {{#rtl @chi est=3d after=choose:ff cost=2000}}

## Go

- [ ] Pack {{#pack @ana est=5d after="choose,rtl"}}

- [ ] Guard the old rooms {{#guard @ben est=2d after=pack:sf}}

- [ ] Moved {{#moved milestone after=pack due=2026-12-04}}

## Updates

### 2026-11-20 green

All is well, they say.

## Changes

### 2026-11-19

The lift is left out. Agreed by @mara.
"""

BASELINE = """\
baselines:
  - name: Agreed
    at: 2026-10-30T12:00:00Z
    by: "@mara"
    start: 2026-11-02T08:00:00Z
    finish: 2026-11-20T16:00:00Z
    budget: 20000
    tasks:
      look: {start: 2026-11-02T08:00:00Z, finish: 2026-11-04T16:00:00Z, work: 24h, cost: 500}
      choose: {start: 2026-11-05T08:00:00Z, finish: 2026-11-10T16:00:00Z, work: 32h, cost: 6000}
      rtl: {start: 2026-11-05T08:00:00Z, finish: 2026-11-09T16:00:00Z, work: 24h, cost: 2000}
      pack: {start: 2026-11-11T08:00:00Z, finish: 2026-11-17T16:00:00Z, work: 40h, cost: 9000}
      moved: {start: 2026-11-17T16:00:00Z, finish: 2026-11-17T16:00:00Z, work: 0h, cost: 0}
"""


def long_project(phases: int = 6, tasks: int = 50) -> str:
    """Give a project of many tasks in a few phases, each task after the one before it."""
    lines = ["---", "title: Long haul", "start: 2026-11-02", 'owner: "@ana"', "---", ""]
    for phase in range(phases):
        lines += [f"## Phase {phase + 1}", ""]
        for number in range(tasks):
            after = f" after=t{phase}-{number - 1}" if number else ""
            who = ("ana", "ben", "chi")[number % 3]
            lines += [f"- [ ] Part {number + 1} of phase {phase + 1} {{#t{phase}-{number} @{who} est=2d{after}}}", ""]
    return "\n".join(lines)


FILES: Mapping[str, str] = {
    **SAMPLE,
    "mkdocs.yml": MKDOCS,
    "projects/move/README.md": MOVE,
    "projects/move/baseline.yml": BASELINE,
    "projects/long/README.md": long_project(),
}
