"""Fixing what has one right answer, in `handrail.yml`, procedures and projects. Runs are history and left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.files import CONFIG, Listing, is_plain, read_text
from handrail.base.problem import Problem

if TYPE_CHECKING:
    from handrail.store.repository import Repository

_Read = Callable[[str], tuple[Problem, ...]]


def fix_files(repository: Repository, listing: Listing, wanted: Callable[[str], bool]) -> tuple[Problem, ...]:
    """Fix the files that are wanted, and give the problems that are gone. Files are written, not committed."""
    from handrail.store.paths import write_bytes

    gone: list[Problem] = []
    with repository.locked():
        for path, text, found in _fixed(repository.root, listing, wanted):
            write_bytes(repository.root, path, text.encode())
            gone.extend(found)
    return tuple(gone)


def fixable(root: Path, listing: Listing, problems: tuple[Problem, ...]) -> frozenset[Problem]:
    """Give those of the problems that `fix_files` would mend."""
    paths = {problem.place.path for problem in problems if problem.fix}
    keys = {
        (one.place, one.code, one.message) for _, _, found in _fixed(root, listing, paths.__contains__) for one in found
    }
    return frozenset(one for one in problems if (one.place, one.code, one.message) in keys)


def _fixed(
    root: Path, listing: Listing, wanted: Callable[[str], bool]
) -> Iterator[tuple[str, str, tuple[Problem, ...]]]:
    """Give the path and new text of each file in which something is fixed, and what."""
    from handrail.format.fix import fixed

    for path, read in _readers(listing):
        text, unreadable = read_text(root, path) if wanted(path) and is_plain(root, path) else ("", ())
        after, gone = fixed(text, read) if text and not unreadable else ("", ())
        if gone:
            yield path, after, gone


def _readers(listing: Listing) -> Iterator[tuple[str, _Read]]:
    yield CONFIG, _read_config
    for id, path in listing.processes.items():
        yield path, _reader(path, id, project=False)
    for id, path in listing.projects.items():
        yield path, _reader(path, id, project=True)


def _read_config(text: str) -> tuple[Problem, ...]:
    from handrail.format.config import read_config

    return read_config(CONFIG, text).problems


def _reader(path: str, id: str, *, project: bool) -> _Read:
    def read(text: str) -> tuple[Problem, ...]:
        from handrail.format.process import read_process
        from handrail.format.project import read_project
        from handrail.text.document import read_document

        document = read_document(path, text)
        return read_project(document, id).problems if project else read_process(document, id).problems

    return read
