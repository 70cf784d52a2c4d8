"""On the site it is plain what an agent has done, and what it only proposes."""

from __future__ import annotations

import re
from pathlib import Path

from site_made import CONFIG, SAMPLE

PROCESS = """---
title: Triage
owner: "@mara"
agents: propose
---

- [ ] Reproduce it {#reproduce @robo}
- [ ] Rate it {#rate @ana}
"""
RUN = """---
run: triage/2026-11-20-crash
process: triage
title: Crash
started: 2026-11-20T09:00:00Z
by: "@mara"
agents: propose
---

- [x] Reproduce it {#reproduce @robo}
  - 2026-11-20T10:00:00Z @robo noted proposes=done: crashes on save
  - 2026-11-20T11:00:00Z @mara done confirms=robo: crashes on save

- [ ] Rate it {#rate @robo}
  - 2026-11-20T12:00:00Z @robo noted proposes=done link=https://example.org/7: data loss

## Log

- 2026-11-20T09:00:00Z @mara started
"""
FILES = {
    "handrail.yml": CONFIG.replace("teams:", "  robo: {name: Triage bot, agent: true}\nteams:"),
    "processes/triage/README.md": PROCESS,
    "processes/triage/runs/2026-11-20-crash.md": RUN,
}


def words(page: Path) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8")).split())


def test_a_run_tells_proposals_from_finished_steps(build):
    site = build(FILES, files=SAMPLE)
    run = words(site / "processes/triage/runs/2026-11-20-crash/index.html")
    assert "proposed by Triage bot (agent)" in run
    assert "proposed by @robo, waits for a person" in run
    assert "proposed: data loss" in run
    assert run.count("crashes on save") == 3  # once with the step, for both; twice in the history
    assert "Confirm it" in run
    mara = words(site / "people/mara/index.html")
    assert "Rate it" in mara
