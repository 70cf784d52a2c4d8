"""From files to values: the whole workspace, or just what one command needs."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from handrail.app.files import CONFIG, Listing, decode, list_files, list_projects, read_text
from handrail.base.errors import BrokenFiles, HandrailError, WrongUsage
from handrail.base.problem import Problem, has_errors, sort_key
from handrail.base.value import dataclass
from handrail.model.baseline import Baseline
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.workspace import Workspace
from handrail.text.front import head_of

if TYPE_CHECKING:
    from handrail.app.names import Named
    from handrail.format.reading import Reading
    from handrail.store.repository import Repository
    from handrail.text.document import Document

T = TypeVar("T")
V = TypeVar("V", Process, Run, Project)


@dataclass(frozen=True, slots=True)
class Held:
    """A run or project that was read without an error, with the document that an edit goes into."""

    holder: Run | Project
    document: Document


NOTHING_KNOWN: Mapping[str, Run] = {}


class Readings:
    """What files said when they were last read, for as long as their text is the same."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, Any]] = {}

    def get(self, path: str, text: str, read: Callable[[], T]) -> T:
        """Give what the file at `path` says; `read` is called where its text is not the one that is known."""
        known = self._known.get(path)
        if known is None or known[0] != text:
            known = self._known[path] = (text, read())
        value: T = known[1]
        return value


def load_workspace(
    root: Path,
    repository: Repository | None = None,
    *,
    readings: Readings | None = None,
    known: Mapping[str, Run] = NOTHING_KNOWN,
) -> Workspace:
    """Read every file of a workspace. Nothing raises for bad files: what is wrong is in `problems`.

    `repository` is where procedures of older revisions are read from; without it, it is looked for at `root`
    once a run follows such a revision. `readings` saves reading the same text again, `known` has runs, by path, that
    are taken as they are given.
    """
    with without_collecting():
        return _load(root, repository, readings or Readings(), known)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep Python from looking for rings among the values of thousands of files: they have none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(root: Path, repository: Repository | None, readings: Readings, known: Mapping[str, Run]) -> Workspace:
    listing = list_files(root)
    problems: list[Problem] = list(listing.problems)
    config = load_config(root, problems)
    processes = _read_all(root, listing.processes, problems, readings, _read_process)
    unread = {name: path for name, path in listing.runs.items() if path not in known}
    read = _read_all(root, unread, problems, readings, lambda document, _: _read_run(document))
    found = ((name, known.get(path) or read.get(name)) for name, path in listing.runs.items())
    runs = {name: run for name, run in found if run}
    projects = _read_all(root, listing.projects, problems, readings, _read_project)
    pinned = _pinned(root, runs, listing, repository)
    baselines = _baselines(root, projects, problems)
    return Workspace(config, processes, runs, projects, tuple(sorted(problems, key=sort_key)), pinned, baselines)


def load_projects(root: Path) -> tuple[dict[str, Project], dict[str, tuple[Baseline, ...]]]:
    """Read the projects that can be read, with their baselines."""
    problems: list[Problem] = []
    projects = _read_all(root, list_projects(root), problems, Readings(), _read_project)
    return projects, _baselines(root, projects, problems)


def read_run_file(root: Path, path: str) -> tuple[str, Run | None, tuple[Problem, ...]]:
    """Give the text of a run's file, the run, None where it cannot be read, and what is wrong in the file."""
    text, found = read_text(root, path)
    return (text, *_read(path, text, found, _read_run))


def read_one_run(path: str, text: str) -> Run | None:
    """Give the run that a file's text tells of, None where it cannot be read."""
    return _read(path, text, (), _read_run)[0]


def read_one_process(path: str, text: str, id: str) -> Process | None:
    """Give the process that a file's text tells of, None where it cannot be read."""
    return _read(path, text, (), lambda document: _read_process(document, id))[0]


def load_config(root: Path, problems: list[Problem] | None = None) -> Config:
    """Read `handrail.yml`; the defaults where there is none. Problems go into the list, errors raise without one."""
    if not (root / CONFIG).exists() and not (root / CONFIG).is_symlink():
        return Config()
    from handrail.format.config import read_config

    text, found = read_text(root, CONFIG)
    config = Config()
    if not found:
        reading = read_config(CONFIG, text)
        config, found = reading.value or config, reading.problems
    if problems is not None:
        problems.extend(found)
    elif has_errors(found):
        raise BrokenFiles(f"`{CONFIG}` has errors.", _errors(found), "Mend them, then try again.")
    return config


def load_process(root: Path, id: str, path: str) -> Process:
    """Read one process. Raises BrokenFiles where it has errors."""
    text, found = read_text(root, path)
    process, problems = _read(path, text, found, lambda document: _read_process(document, id))
    if process is None or has_errors(problems):
        raise BrokenFiles(f"The process `{id}` has errors.", _errors(problems), "Mend them, then try again.")
    return process


def hold(target: Named, data: bytes | None) -> Held:
    """Read the bytes of one run or project for an action. Raises where they are gone or have errors."""
    kind, name = target.kind, target.id
    if data is None:
        raise WrongUsage(f"The {kind} `{name}` is not there any more.")
    text, found = decode(target.path, data)
    if has_errors(found):
        raise BrokenFiles(f"The {kind} `{name}` cannot be read.", found, "Nothing was written.")
    from handrail.text.document import read_document

    document = read_document(target.path, text)
    reading: Reading[Run] | Reading[Project] = _read_run(document) if kind == "run" else _read_project(document, name)
    if reading.value is None or has_errors(reading.problems):
        hint = "Nothing was written. Mend the file, then try again."
        raise BrokenFiles(f"The {kind} `{name}` has errors.", _errors(reading.problems), hint)
    return Held(reading.value, document)


def load_holder(root: Path, target: Named) -> Run | Project:
    """Read just one run or project. Raises BrokenFiles where it has errors."""
    text, found = read_text(root, target.path)
    if found:
        raise BrokenFiles(f"The {target.kind} `{target.id}` cannot be read.", found)
    return hold(target, text.encode()).holder


def procedure_of(root: Path, run: Run, repository: Repository | None = None, *, steps: bool = True) -> Process | None:
    """Give the procedure that a run follows: at its revision where that can be read, else today's, else None.

    Without `steps` only its front matter is read: an action asks for no more, and the steps cost more than the rest.
    """
    path = f"processes/{run.process}/README.md"
    text, found = read_text(root, path)
    todays = "" if found else text
    if run.revision and run.revision not in _blob_ids(todays):
        pinned = read_revision(root, run, repository, steps=steps)
        if pinned is not None:
            return pinned
    if found:
        return None
    return _read(path, todays if steps else head_of(todays), (), lambda document: _read_process(document, run.process))[
        0
    ]


def _errors(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted((one for one in problems if one.level == "error"), key=sort_key))


def _read_process(document: Document, id: str) -> Reading[Process]:
    from handrail.format.process import read_process

    return read_process(document, id)


def _read_project(document: Document, id: str) -> Reading[Project]:
    from handrail.format.project import read_project

    return read_project(document, id)


def _read_run(document: Document) -> Reading[Run]:
    from handrail.format.run import read_run

    return read_run(document)


def _read(
    path: str, text: str, found: tuple[Problem, ...], read: Callable[[Document], Reading[V]]
) -> tuple[V | None, tuple[Problem, ...]]:
    if found:
        return None, found
    from handrail.text.document import read_document

    reading = read(read_document(path, text))
    return reading.value, reading.problems


def _read_all(
    root: Path,
    paths: Mapping[str, str],
    problems: list[Problem],
    readings: Readings,
    read: Callable[[Document, str], Reading[V]],
) -> dict[str, V]:
    values: dict[str, V] = {}
    for name, path in paths.items():
        text, found = read_text(root, path)
        reading = partial(_read, path, text, found, partial(_with_id, read, name))
        value, more = reading() if found else readings.get(path, text, reading)
        problems.extend(more)
        if value is not None:
            values[name] = value
    return values


def _with_id(read: Callable[[Document, str], Reading[V]], id: str, document: Document) -> Reading[V]:
    return read(document, id)


def _blob_ids(text: str) -> frozenset[str]:
    """Give the ids that git has for a text, in repositories of either hash.

    A file that is checked out with CRLF is stored with LF, so both are taken.
    """
    ids: set[str] = set()
    for data in {text.encode(), text.replace("\r\n", "\n").encode()}:
        content = b"blob %d\0" % len(data) + data
        ids |= {hashlib.sha1(content, usedforsecurity=False).hexdigest(), hashlib.sha256(content).hexdigest()}
    return frozenset(ids)


def _pinned(root: Path, runs: Mapping[str, Run], listing: Listing, repository: Repository | None) -> dict[str, Process]:
    todays: dict[str, frozenset[str]] = {}
    pinned: dict[str, Process] = {}
    missing: set[str] = set()
    for run in runs.values():
        if not run.revision or run.revision in pinned or run.revision in missing:
            continue
        if run.process not in todays:
            path = listing.processes.get(run.process)
            todays[run.process] = _blob_ids(read_text(root, path)[0]) if path else frozenset()
        if run.revision in todays[run.process]:
            continue
        process = read_revision(root, run, repository)
        if process is None:
            missing.add(run.revision)
        else:
            pinned[run.revision] = process
    return pinned


def _baselines(root: Path, projects: Mapping[str, Project], problems: list[Problem]) -> dict[str, tuple[Baseline, ...]]:
    from handrail.app.baseline import load_baselines

    found = {name: load_baselines(root, name, problems) for name in projects}
    return {name: baselines for name, baselines in found.items() if baselines}


def read_revision(root: Path, run: Run, repository: Repository | None, *, steps: bool = True) -> Process | None:
    """Read a run's procedure from git's objects, None where git has it not (a shallow clone, no repository)."""
    from handrail.store.repository import Repository

    path = f"processes/{run.process}/README.md"
    try:
        data = (repository or Repository.find(root)).blob(run.revision)
    except HandrailError:
        return None
    text, found = decode(path, data)
    text = text if steps else head_of(text)
    return _read(path, text, found, lambda document: _read_process(document, run.process))[0]
