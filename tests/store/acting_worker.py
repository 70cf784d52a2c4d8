"""A process that adds lines to a file, one action each: `acting_worker.py FOLDER PATH MODE LINE…`.

Prints `LINE shared|local|refused` for each. A line that is there already is refused, as a finished step is.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from handrail.base.errors import HandrailError, NotAllowed
from handrail.store.repository import Repository
from handrail.store.sync import act


def main(folder: str, path: str, mode: str, *lines: str) -> None:
    repository = Repository.find(Path(folder))
    for line in lines:

        def add(old: bytes | None, line: str = line) -> bytes:
            if line.encode() in (old or b"").split(b"\n"):
                raise NotAllowed(f"{line} is there already.")
            return (old or b"") + line.encode() + b"\n"

        try:
            said = act(repository, path, add, lambda line=line: f"add {line}\n", mode, random=Random(line + folder))
            print(line, "shared" if said.shared else "local", said.notice, flush=True)
        except HandrailError as error:
            print(line, "refused", error.sentence, flush=True)


main(*sys.argv[1:])
