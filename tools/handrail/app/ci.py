"""The files by which a build server does its part: checks, the site, reminders, due runs, forms."""

from __future__ import annotations

import re
from collections.abc import Mapping

import handrail
from handrail.app.templates_text import template

KINDS = ("github", "gitlab", "forgejo", "none")
WORKFLOWS = ("checks", "site", "stalled", "tick", "action")
_PIP = """\
      - uses: actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0
        with:
          python-version: "3.13"
          cache: pip
          cache-dependency-path: .github/workflows/checks.yml
      - run: pip install "handrail==<<version>>"
"""
# The images of Forgejo's runners have no recent pip, and what sets Python up elsewhere does not know them.
_PIPX = """\
      - run: apt-get update -qq && apt-get install -qq --no-install-recommends pipx > /dev/null
      - run: PIPX_BIN_DIR=/usr/local/bin pipx install "handrail==<<version>>"
"""
_SITE_JOB = re.compile(r"\n  site:\n.*\Z", re.DOTALL)


def ci_files(kind: str) -> Mapping[str, str]:
    """Give the files for a kind of host, by their paths from the workspace's root."""
    if kind == "gitlab":
        return {".gitlab-ci.yml": template("ci/gitlab.yml", version=handrail.__version__)}
    if kind == "github":
        return {f".github/workflows/{name}.yml": workflow(name, _PIP) for name in WORKFLOWS}
    if kind == "forgejo":
        return {f".forgejo/workflows/{name}.yml": _of_forgejo(name) for name in WORKFLOWS if name != "site"}
    return {}


def workflow(name: str, install: str, build: str = "handrail site build") -> str:
    """Give a workflow for GitHub. `install` are the steps that put `handrail` on the path, `build` makes the site."""
    steps = install.replace("<<version>>", handrail.__version__).rstrip("\n")
    more = {"site": {"build": build}, "tick": {"install_notify": steps.replace("handrail==", "handrail[notify]==")}}
    return template(f"ci/{name}.yml", install=steps, **more.get(name, {}))


def _of_forgejo(name: str) -> str:
    text = workflow(name, _PIPX).replace("runs-on: ubuntu-24.04", "runs-on: docker")
    return _SITE_JOB.sub("\n", text).rstrip("\n") + "\n"
