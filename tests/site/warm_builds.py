"""Builds of one process that has MkDocs, Material and the plugin loaded: each in a fork of it, as a program of its own.

A build begins as `python -m mkdocs build` does, but for what was imported and for Material's compiled templates, which
`mkdocs serve` keeps over its rebuilds, too. Takes a line of JSON for each (see `build`), answers with its exit code.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import sys
import tempfile
import traceback
from pathlib import Path

FILES = {
    "mkdocs.yml": "site_name: Warm\ntheme: {name: material, font: false}\nplugins: [search, handrail]\n",
    "docs/index.md": "# Warm\n",
    "handrail.yml": "people: {warm: {name: Warm Hand}}\n",
    "processes/warm/README.md": "---\ntitle: Warm\n---\n\n- [ ] Warm {#warm @warm due=1d}\n",
    "processes/warm/runs/2020-01-01-warm.md": (
        "---\nrun: warm/2020-01-01-warm\nprocess: warm\ntitle: Warm\nstarted: 2020-01-01T09:00:00Z\n---\n\n"
        "- [x] Warm {#warm @warm due=1d}\n  - 2020-01-02T09:00:00Z @warm done\n"
    ),
    "projects/warm/README.md": (
        "---\ntitle: Warm\nstart: 2020-01-01\nbudget: 1 EUR\n---\n\n"
        "- [ ] Warm {#warm @warm est=1d cost=1}\n- [ ] Warmer {#warmer est=1d after=warm}\n"
    ),
}


def build(words: list[str], folder: str, environment: dict[str, str], said: str, complained: str) -> int:
    """Run `python WORDS` in a fork, in a folder, what it says written to two files; give its exit code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        for number, path in ((1, said), (2, complained)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        sys.path[0] = folder if words[0] == "-m" else str(Path(words[0]).parent)
        code = run(words)
    except Exception:  # noqa: BLE001  (whatever it is, whoever asked for the build is told)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run(words: list[str]) -> int:
    """Run a module (`-m NAME`) or a file with its arguments."""
    module = words[0] == "-m"
    sys.argv = words[1:] if module else words
    try:
        if module:
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(words[0], run_name="__main__")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def warm() -> None:
    """Load what builds need, by building a site with a little of everything."""
    from handrail.site import plugin
    from handrail.site.kept import Templates

    known = Templates()
    plugin.Templates = lambda: known
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        os.chdir(folder)
        run(["-m", "mkdocs", "build", "--quiet"])
        os.chdir("/")
    gc.freeze()  # memory that no build looks through need not be copied for it


if __name__ == "__main__":
    warm()
    for line in sys.stdin:
        print(build(**json.loads(line)), flush=True)
