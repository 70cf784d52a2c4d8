"""The sample company: its people, procedures and projects, as files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from handrail.base.errors import GitRefused

COMPANY = "Nordlicht"
_FOLDERS = ("processes", "projects")
_TITLE = re.compile(rb"^title: .*$", re.MULTILINE)


def read_samples() -> Mapping[str, bytes]:
    """Give the files of the sample company by their paths in a workspace, without any run.

    An installed package carries them beside this file; a checkout has them at its root, where they are the
    project's own. Raises GitRefused where neither is there.
    """
    own = Path(__file__).parent / "samples"
    company = own if (own / "processes").is_dir() else Path(__file__).parents[3]
    if not (company / "processes").is_dir():
        raise GitRefused("The sample company is not there.", "Install Handrail again: its package is incomplete.")
    found = {name: (own / name).read_bytes() for name in ("mkdocs.yml", "docs/index.md")}
    found[".gitattributes"] = b"*.md text eol=lf\n"
    found[".gitignore"] = b"/site/\n"
    found["handrail.yml"] = _TITLE.sub(f"title: {COMPANY}".encode(), (company / "handrail.yml").read_bytes(), count=1)
    for folder in _FOLDERS:
        for path in sorted((company / folder).rglob("*")):
            name = path.relative_to(company).as_posix()
            if path.is_file() and "/runs/" not in name:
                found[name] = path.read_bytes()
    return dict(sorted(found.items()))
