"""Builds a site, changes files, and builds it again in one process as `mkdocs serve` does. Takes JSON: see `main`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config


def main(root: Path, plan: list[dict]) -> None:
    """Make each build of the plan: `now`, the files to write before it (`files`), and where it goes (`out`)."""
    started = False
    for step in plan:
        os.environ["HANDRAIL_NOW"] = step["now"]
        for name, text in step["files"].items():
            (root / name).write_text(text, encoding="utf-8")
        config = load_config(str(root / "mkdocs.yml"), site_dir=step["out"])
        if not started:
            config.plugins.on_startup(command="serve", dirty=False)
            started = True
        build(config)


main(Path(sys.argv[1]), json.loads(sys.argv[2]))
