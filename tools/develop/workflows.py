"""Writes this repository's own workflows: those of `handrail init`, with the program of this very repository.

`python tools/develop/workflows.py` after a change of the templates. What stands below the line that says so is ours.
"""

from __future__ import annotations

from pathlib import Path

from handrail.app.ci import WORKFLOWS, workflow

ROOT = Path(__file__).resolve().parents[2]
INSTALL = """\
      - run: make setup
      - run: echo "$PWD/.venv/bin" >> "$GITHUB_PATH"
"""
CODE = """
  # Only this repository, which is the program too.
  code:
    name: lint and tests
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2
        with:
          fetch-depth: 0
          persist-credentials: false
      - run: bash .ci/run
"""


def own(name: str) -> str:
    """Give one of this repository's workflows."""
    text = workflow(name, INSTALL, "make docs")
    return text + CODE if name == "checks" else text


if __name__ == "__main__":
    for name in WORKFLOWS:
        (ROOT / ".github" / "workflows" / f"{name}.yml").write_text(own(name), encoding="utf-8")
