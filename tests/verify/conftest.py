"""A workspace with a history: legal actions by the command line, forged ones by hand, each with its own clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ONBOARDING = """\
---
title: Onboarding
owner: "@mara"
roles: {sales: ana, money: [ben, chi]}
fields:
  customer: {required: true}
  amount: {type: number}
  plan: {choices: [basic, pro], default: basic}
---

# Onboarding

## Contract

- [ ] Draft the contract {#draft @sales}

- [ ] Check the contract {#gate @sales gate}

- [ ] Send it to {{ customer }} {#send @sales ask=amount proof=link}

- [ ] Approve the terms {#approve @money approval not-by=send back=send}

## Set-up

- [ ] Wait for the bank {#bank @sales after=approve wait=2d}

- [ ] Set up the account {#account @sales after=draft}

  - [ ] Make the account {#make}

  - [ ] Invite people {#invite}

- [ ] Say thanks {#thanks @sales after=draft optional}

- [ ] Pro extras {#extras @sales if="plan == 'pro'"}
"""
STRICT = (
    '---\ntitle: Strict\nowner: "@ana"\norder: strict\n---\n\n- [ ] First {#one @ana}\n\n- [ ] Second {#two @ana}\n'
)
PEOPLE = {"ana": "Ana Reyes", "ben": "Ben Ito", "chi": "Chi Nwosu", "mara": "Mara Lind", "eve": "Eve Adams"}
RUN = "processes/onboarding/runs/2026-11-02-acme.md"


@dataclass
class History:
    """A clone with its command line. `at` moves a clock along, so that every commit has a time of its own."""

    folder: Any
    call: Callable[..., Any]
    environment: pytest.MonkeyPatch
    clock: int = 0
    base: str = ""
    other: dict[str, str] = field(default_factory=dict)

    def time(self, hours: int | None = None) -> str:
        """Give the next hour from Monday 2 November 2026, 09:00, or the one that is asked for."""
        self.clock = self.clock + 1 if hours is None else hours
        return f"2026-11-{2 + (9 + self.clock) // 24:02d}T{(9 + self.clock) % 24:02d}:00:00Z"

    def as_person(self, who: str, when: str) -> None:
        """Let git take the next commit for somebody's, at a time."""
        for role in ("AUTHOR", "COMMITTER"):
            self.environment.setenv(f"GIT_{role}_NAME", PEOPLE[who])
            self.environment.setenv(f"GIT_{role}_EMAIL", f"{who}@example.org")
            self.environment.setenv(f"GIT_{role}_DATE", when)

    def do(self, who: str, *words: str, hours: int | None = None) -> str:
        """Do something by the command line and give the commit."""
        when = self.time(hours)
        self.as_person(who, when)
        result = self.call(self.folder, *words, now=when)
        assert result.exit_code == 0, result.output
        return self.head()

    def forge(
        self, who: str, path: str, change: Callable[[str], str], *, message: str = "edit", hours: int | None = None
    ) -> str:
        """Edit a file by hand and commit it."""
        self.as_person(who, self.time(hours))
        before = self.folder.read(path)
        after = change(before)
        assert after != before, "the forged change changes nothing"
        self.folder.write({path: after})
        return str(self.folder.commit(message))

    def head(self) -> str:
        """Give the newest commit."""
        return str(self.folder.git("rev-parse", "HEAD").strip())

    def verify(self, *words: str) -> list[dict[str, Any]]:
        """Give what `verify` finds."""
        result = self.call(self.folder, "verify", *(words or (self.base,)), "--json")
        assert result.exit_code in (0, 1), result.output
        found = json.loads(result.stdout)["problems"]
        assert result.exit_code == int(any(one["level"] == "error" for one in found))
        return list(found)

    def line(self, path: str, part: str) -> int:
        """Give the line of a file that has a text in it."""
        lines = self.folder.read(path).split("\n")
        return next(number for number, line in enumerate(lines, 1) if part in line)


@pytest.fixture
def history(workspace, handrail, monkeypatch, tmp_path: Path) -> History:
    """Give a workspace with one run of a process with a gate, an approval, fields, evidence and sub-steps."""
    processes = {"processes/onboarding/README.md": ONBOARDING, "processes/strict/README.md": STRICT}
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-11-02T08:00:00Z")
    folder = workspace(processes)
    made = History(folder, handrail, monkeypatch)
    made.base = made.head()
    made.do("ana", "start", "onboarding", "Acme", "-f", "customer=Acme", hours=0)
    return made
