"""A small workspace as text, and MkDocs' own build of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

NOW = "2026-11-23T09:00:00Z"

CONFIG = """\
people:
  ana: {name: Ana Reyes, email: [ana@example.org]}
  ben: {name: Ben Ito, email: [ben@example.org]}
  chi: {name: Chi Nwosu, email: [chi@example.org]}
  mara: {name: Mara Lind, email: [mara@example.org]}
teams: {finance: [ben, chi]}
"""

MKDOCS = """\
site_name: Sample
repo_url: https://github.com/team/shop
edit_uri: edit/main/docs/
theme:
  name: material
  font: false
  features: [navigation.indexes, content.action.edit]
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default}
    - {media: "(prefers-color-scheme: dark)", scheme: slate}
plugins: [search, handrail]
markdown_extensions:
  - admonition
  - attr_list
  - tables
  - footnotes
  - toc: {permalink: true}
  - pymdownx.details
  - pymdownx.highlight: {anchor_linenums: true}
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.tasklist: {custom_checkbox: true}
validation: {links: {anchors: warn}}
"""

PROCESS = """\
---
title: Customer onboarding
summary: From signature to first success.
owner: "@mara"
roles: {sales: ana, success: [ben, chi]}
fields:
  customer: {required: true}
  plan: {choices: [basic, pro], default: basic}
target: 10d
---

Why we do it. See [the policy](discounts.md) and [releases](../release/README.md#cut).

![The flow](flow.png)

## Contract

- [ ] Send the agreement to {{ customer }} {#send @sales due=2d}

  !!! warning "Use the current one"
      Never last year's.

  === "By mail"
      Print it.

  === "Online"
      Sign it.[^1]

  ```python
  print("<b>")
  ```

  | a | b |
  |---|--:|
  | 1 | 2 |

  [^1]: A note.

- [ ] Get it back **signed** {#signed @sales due=5d gate proof=link}
  - [ ] By them {#them}
  - [ ] By us {#us}

## Hand-over

- [ ] Tell success {#tell @success after=signed if="plan == 'pro'"}
- [ ] Approve it {#ok @mara approval optional}
"""

RUN = """\
---
run: customer-onboarding/2026-11-16-ada
process: customer-onboarding
revision: 0000000000000000000000000000000000000000
title: Ada Lovelace
started: 2026-11-16T09:12:00Z
by: "@mara"
due: 2026-11-30
roles: {sales: ana}
fields: {customer: Ada Lovelace, plan: pro}
---

## Contract

- [x] Send the agreement to Ada Lovelace {#send @ana role=sales due=2d}
  - 2026-11-16T10:02:11Z @ana done link=https://example.org/signed.pdf: sent by mail

- [ ] Get it back **signed** {#signed @ana role=sales due=2d gate proof=link}

  - [x] By them {#them}
    - 2026-11-17T09:00:00Z @ana done

  - [ ] By us {#us}

## Hand-over

- [ ] Tell success {#tell @ben @chi role=success after=signed if="plan == 'pro'"}

- [ ] Approve it {#ok @mara approval optional}

## Log

- 2026-11-16T09:12:00Z @mara started
"""

PROJECT = """\
---
title: Spring campaign
owner: "@mara"
objective: 500 sign-ups from the spring launch
start: 2026-11-16
target: 2026-12-31
budget: 40000 EUR
risks:
  - {risk: The venue cancels, probability: 30%, impact: 8000, owner: ben, response: Hold a second one}
---

## Creative

- [x] Write the brief {#brief @ana est=3d cost=900}
  - 2026-11-18T16:00:00Z @ana done: two pages

- [ ] Shoot the photos {#shoot @ben est=5d after=brief}

- [ ] Signed off {#signoff milestone after=shoot}

## Updates

### 2026-11-20 amber

The venue is **late**.
"""

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)

SAMPLE: Mapping[str, str] = {
    "mkdocs.yml": MKDOCS,
    "docs/index.md": "# Home\n\nHow we work.\n\n[Processes](processes/index.md)\n\n"
    "<!-- handrail: dashboard -->\n\nThe end.\n",
    "processes/customer-onboarding/README.md": PROCESS,
    "processes/customer-onboarding/discounts.md": "# Discounts\n\nUp to 30 %.\n",
    "processes/customer-onboarding/runs/2026-11-16-ada.md": RUN,
    "processes/release/README.md": "---\ntitle: Release\n---\n\n- [ ] Cut it {#cut}\n- [ ] Ship it {#ship}\n",
    "processes/hr/new-hire/README.md": "---\ntitle: New hire\n---\n\n- [ ] Order a laptop {#laptop @ben}\n",
    "projects/spring/README.md": PROJECT,
}


@cache
def builds(plugin_path: str) -> subprocess.Popen[str]:
    """Give the process whose forks build sites (`warm_builds.py`), begun when it is first asked for."""
    environment = {**os.environ, "PYTHONPATH": plugin_path, "NO_MKDOCS_2_WARNING": "1"}
    environment.pop("PYTHONSAFEPATH", None)
    command = [sys.executable, str(Path(__file__).parent / "warm_builds.py")]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def end_builds(plugin_path: str) -> None:
    """Let the process end that builds sites."""
    if builds.cache_info().currsize:
        builds(plugin_path).communicate()
        builds.cache_clear()


def run_warm(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], plugin_path: str
) -> subprocess.CompletedProcess[str]:
    """Run `python WORDS` in a folder, in a fork of a process that has MkDocs and the plugin loaded."""
    process = builds(plugin_path)
    assert process.stdin and process.stdout
    with tempfile.TemporaryDirectory() as told:
        said, complained = Path(told, "out"), Path(told, "err")
        asked = {"words": list(words), "folder": str(folder), "environment": dict(environment)}
        process.stdin.write(json.dumps({**asked, "said": str(said), "complained": str(complained)}) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, "the process that builds sites has ended"
        out, err = (path.read_text("utf-8") for path in (said, complained))
    return subprocess.CompletedProcess(list(words), int(answer), out, err)


def run_mkdocs(
    root: Path, out: Path, plugin_path: str, *options: str, cold: bool = False
) -> subprocess.CompletedProcess[str]:
    """Build the site of a workspace as `mkdocs build` does, in a new Python where it is asked for one (`cold`)."""
    environment = {**os.environ, "PYTHONPATH": plugin_path, "HANDRAIL_NOW": NOW, "NO_MKDOCS_2_WARNING": "1"}
    environment.pop("PYTHONSAFEPATH", None)
    words = ["-m", "mkdocs", "build", "--strict", "--site-dir", str(out), *options]
    if not cold:
        return run_warm(words, root, environment, plugin_path)
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def write_workspace(root: Path, files: Mapping[str, str]) -> Path:
    """Write a workspace's files, and the picture that the sample shows."""
    for name, text in {"handrail.yml": CONFIG, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if "processes/customer-onboarding/README.md" in files:
        (root / "processes/customer-onboarding/flow.png").write_bytes(PIXEL)
    return root


def git(root: Path, *arguments: str, who: str = "Ana <ana@example.org>", day: str = "2026-11-02") -> str:
    """Run git in a workspace as somebody, on some day; give what it prints."""
    name, _, email = who.rstrip(">").partition(" <")
    when = f"{day}T10:00:00+0000"
    environment = {
        **os.environ,
        **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in
           (("NAME", name), ("EMAIL", email), ("DATE", when))},
    }  # fmt: skip
    done = subprocess.run(["git", *arguments], cwd=root, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()
