"""A small company at one moment: Monday 23 November 2026, ten o'clock in Berlin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from handrail.app.moment import moment_of
from handrail.format.config import read_config
from handrail.format.process import read_process
from handrail.format.project import read_project
from handrail.format.run import read_run
from handrail.model.people import Config
from handrail.model.workspace import Workspace
from handrail.reports.overview import overview
from handrail.reports.results import Overview
from handrail.text.document import read_document

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

CONFIG = """\
title: Acme
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  ben: {name: Ben Ito, email: [ben@example.org]}
  chi: {name: Chi Nwosu, email: [chi@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org]}
  gone: {name: Gus One, email: [gus@example.org], active: false}
teams: {success: [ben, chi]}
calendar: {week: mon-fri, hours: "09:00-17:00", timezone: Europe/Berlin}
stall: 3d
"""

PROCESS = """\
---
title: Customer onboarding
owner: "@mara"
summary: From a signed offer to a happy customer.
roles: {sales: [ana, ben], help: success}
target: 20d
---

## Contract

- [ ] Send the agreement to {{ customer }} {#send @sales due=2d}

  Use the **newest** template.

- [ ] Get it back signed {#signed @sales due=5d ask=signed_on}

## Set-up

- [ ] Create the workspace {#workspace @help gate}

  - [ ] Choose a region {#region}

  - [ ] Switch backups on {#backups}

- [ ] Say hello {#hello @help optional}
"""

RUN = """\
---
run: onboarding/2026-11-09-ada
process: onboarding
title: Ada Lovelace
started: 2026-11-09T09:00:00Z
by: "@mara"
due: 2026-12-07
roles: {sales: [ana, ben], help: success}
fields: {customer: Ada Lovelace}
---

## Contract

- [x] Send the agreement to Ada Lovelace {#send @ana @ben role=sales due=2d}
  - 2026-11-10T10:00:00Z @ana done: sent by courier

- [ ] Get it back signed {#signed @ana role=sales due=5d ask=signed_on}

## Set-up

- [ ] Create the workspace {#workspace @success role=help gate}

  - [ ] Choose a region {#region}

  - [ ] Switch backups on {#backups}

- [ ] Say hello {#hello @success role=help optional}

## Log

- 2026-11-09T09:00:00Z @mara started
"""

WIDE_RUN = """\
---
run: onboarding/2026-11-20-tokyo
process: onboarding
title: 東京トレーディング株式会社 🚀 and a very long name behind it
started: 2026-11-20T09:00:00Z
roles: {sales: [ana, ben], help: success}
---

## Contract

- [x] Send the agreement {#send @ana role=sales}
  - 2026-11-20T12:00:00Z @ana done

- [x] Get it back signed {#signed @ana role=sales}
  - 2026-11-20T13:00:00Z @ana done

## Set-up

- [ ] Create the workspace {#workspace @success role=help due=2026-11-24}
  - 2026-11-23T08:30:00Z @chi started

## Log

- 2026-11-20T09:00:00Z @mara started
"""

PROJECT = """\
---
title: Spring campaign
owner: "@mara"
objective: 500 trial sign-ups
start: 2026-11-16
target: 2026-12-04
---

## Creative

- [x] Write the brief {#brief @ana est=3d}
  - 2026-11-16T08:00:00Z @ana started
  - 2026-11-18T15:00:00Z @ana done

- [ ] Shoot the photos {#shoot @ben est=5d after=brief}
  - 2026-11-20T09:00:00Z @ben started

- [ ] Creative signed off {#signoff @mara milestone after=shoot due=2026-11-25}

## Web

- [ ] Build the page {#page after=brief}

  - [ ] Draw it {#draw @chi est=1d}

  - [ ] Write it {#write @chi after=draw}

- [ ] Launch {#launch @mara milestone after=signoff,page}
"""


def build(
    *,
    config: str = CONFIG,
    processes: Mapping[str, str] | None = None,
    runs: tuple[str, ...] = (),
    projects: Mapping[str, str] | None = None,
    now: datetime = NOW,
) -> Overview:
    """Read the files and give what they come to."""
    settings = read_config("handrail.yml", config).value or Config()
    read_processes = {
        key: read_process(read_document(f"processes/{key}/README.md", text), key).value
        for key, text in (processes or {}).items()
    }
    read_runs = [read_run(read_document(_run_path(text), text)).value for text in runs]
    read_projects = {
        key: read_project(read_document(f"projects/{key}/README.md", text), key).value
        for key, text in (projects or {}).items()
    }
    space = Workspace(
        config=settings,
        processes={key: one for key, one in read_processes.items() if one},
        runs={one.id: one for one in read_runs if one},
        projects={key: one for key, one in read_projects.items() if one},
    )
    assert len(space.runs) == len(runs), "a run of the test cannot be read"
    return overview(space, moment_of(settings, now))


def _run_path(text: str) -> str:
    name = text.split("run: ", 1)[1].split("\n", 1)[0]
    process, run = name.rsplit("/", 1)
    return f"processes/{process}/runs/{run}.md"


@pytest.fixture
def company() -> Callable[..., Overview]:
    """Build an overview from texts: `company(runs=(RUN,), now=…)`."""
    return build


@pytest.fixture
def acme() -> Overview:
    """The small company whole."""
    return build(processes={"onboarding": PROCESS}, runs=(RUN, WIDE_RUN), projects={"spring": PROJECT})


@pytest.fixture
def one_step() -> Callable[..., Overview]:
    """Build a run of one step at NOW: its title with attributes, its event lines, the head of the run."""

    def make(step: str, *events: str, head: str = "", now: datetime = NOW, config: str = CONFIG) -> Overview:
        lines = "".join(f"  - {event}\n" for event in events)
        text = (
            f"---\nrun: p/r\nprocess: p\ntitle: R\nstarted: 2026-11-09T08:00:00Z\n{head}---\n\n- [ ] {step}\n{lines}\n"
            "## Log\n\n- 2026-11-09T08:00:00Z @mara started\n"
        )
        process = '---\ntitle: P\nowner: "@mara"\nroles: {sales: [ana, ben]}\n---\n\n- [ ] A step {#a}\n'
        return build(config=config, processes={"p": process}, runs=(text,), now=now)

    return make


@pytest.fixture
def acme_in_ascii() -> Overview:
    """The small company without the customer from Tokyo."""
    return build(processes={"onboarding": PROCESS}, runs=(RUN,), projects={"spring": PROJECT})
