"""What `verify` reads of a range: versions of files by git's id, each read once; policies, procedures, child runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from handrail.app.files import CONFIG, MAX_BYTES, PROCESSES, PROJECTS, README, RUNS, decode
from handrail.app.verify_people import Author, person_for
from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.model.item import Item
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run
from handrail.model.state import Child
from handrail.store import range as ranges

if TYPE_CHECKING:
    from handrail.format.reading import Reading
    from handrail.reports.moment import Moment
    from handrail.reports.verify import Version
    from handrail.reports.verify_case import Law
    from handrail.store.range import Commit
    from handrail.store.repository import Repository


MOST_VERSIONS = 1_000
"""How many versions of files are kept in memory, those that were used last."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A version of a file: None where there is none, or where it cannot be read (`problems` says why)."""

    version: Version | None
    problems: tuple[Problem, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether there is a file that cannot be read."""
        return self.version is None and bool(self.problems)


def kind_of(path: str) -> str:
    """Give what stands at a path: `run`, `project`, `process`, or nothing that is judged."""
    parts = path.split("/")
    if any(part.startswith(".") for part in parts):
        return ""
    if parts[0] == PROCESSES and len(parts) > 3 and parts[-2] == RUNS and parts[-1].endswith(".md"):
        return "" if parts[-1] == README else "run"
    if parts[-1] == README and len(parts) > 2 and RUNS not in parts[1:-1]:
        return {PROCESSES: "process", PROJECTS: "project"}.get(parts[0], "")
    return ""


class Library:
    """Everything is read when it is first asked for, and once."""

    def __init__(self, repository: Repository, ids: Iterable[str], names: Iterable[ranges.Pair]) -> None:
        self.repository = repository
        self.configs = ranges.ids_at(repository, names)
        self.data = ranges.contents(repository, [*ids, *self.configs.values()])
        self._versions: dict[tuple[str, str], ReadFile] = {}
        self._config_by_id: dict[str, Config] = {}
        self._moments: dict[int, tuple[Config, Moment]] = {}
        self._processes: dict[tuple[str, str], Process | None] = {}
        self._ever: dict[tuple[str, str], frozenset[str]] = {}

    def content(self, id: str) -> bytes | None:
        """Give the content of a blob."""
        if id not in self.data:
            self.data.update(ranges.contents(self.repository, [id]))
        return self.data.get(id)

    def config_id(self, commit: str) -> str:
        """Give git's id of `handrail.yml` of a commit, empty where it has none."""
        return self.configs.get((commit, CONFIG), "")

    def config(self, commit: str) -> Config | None:
        """Give `handrail.yml` of a commit, None where it has none."""
        id = self.config_id(commit)
        if not id:
            return None
        if id not in self._config_by_id:
            from handrail.format.config import read_config

            text, _ = decode(CONFIG, self.content(id) or b"")
            self._config_by_id[id] = read_config(CONFIG, text).value or Config()
        return self._config_by_id[id]

    def version(self, path: str, id: str) -> ReadFile:
        """Give one version of a run's or project's file; nothing for an empty id."""
        if not id:
            return ReadFile(None)
        key = (path, id)
        read = self._versions.pop(key, None) or self.read(path, self.content(id))
        self._versions[key] = read
        if len(self._versions) > MOST_VERSIONS:
            del self._versions[next(iter(self._versions))]
        return read

    def read(self, path: str, data: bytes | None) -> ReadFile:
        """Read the content of a run's or project's file."""
        from handrail.format.project import read_project
        from handrail.format.run import read_run
        from handrail.reports.verify import Version
        from handrail.text.document import read_document

        if data is not None and len(data) > MAX_BYTES:
            message = f"the file has {len(data):,} bytes, {MAX_BYTES:,} are allowed"
            return ReadFile(None, (Problem("too-large", "error", Place(path), message),))
        text, problems = decode(path, data or b"")
        if problems:
            return ReadFile(None, problems)
        document = read_document(path, text)
        reading: Reading[Run] | Reading[Project] = (
            read_run(document)
            if kind_of(path) == "run"
            else read_project(document, path.partition("/")[2].removesuffix(f"/{README}"))
        )
        if reading.value is None:
            return ReadFile(None, reading.problems)
        return ReadFile(Version(reading.value, text, reading.problems), reading.problems)

    def moment(self, config: Config) -> Moment:
        """Give the working time of a policy."""
        known = self._moments.get(id(config))
        if known is None:
            known = self._moments[id(config)] = (config, _moment(self.repository, config))
        return known[1]

    def law(self, commit: Commit, path: str, config: Config) -> Law:
        """Give the rules for one file of a commit."""
        from handrail.reports.verify_case import Law

        def procedure(process: str, revision: str) -> Process | None:
            return self.procedure(commit, process, revision)

        def children(run: Run, item: Item, named: str) -> tuple[Child, ...]:
            return self.children(commit, run, item, named, config)

        def ticked(item: Item) -> tuple[str, datetime] | None:
            parent = commit.parents[0] if commit.parents else ""
            wrote = ranges.line_writers(self.repository, parent, path, item.place.line) if parent else None
            return (person_for(config, Author(wrote[0], wrote[1])), wrote[2]) if wrote else None

        return Law(config, self.moment(config), procedure, children, ticked)

    def procedure(self, commit: Commit, process: str, revision: str) -> Process | None:
        """Give a process at a revision, where its file ever had that content in the history of a commit."""
        path = f"{PROCESSES}/{process}/{README}"
        key = (process, revision)
        if key not in self._processes:
            if not revision or revision not in self._ever_at(commit, path):
                return None
            self._processes[key] = self._process(path, process, revision)
        return self._processes[key]

    def _ever_at(self, commit: Commit, path: str) -> frozenset[str]:
        """Give the contents that a procedure had up to a commit; what was known is remembered, none is taken back."""
        key = (commit.id, path)
        if key not in self._ever:
            self._ever[key] = ranges.contents_ever_at(self.repository, commit.id, path)
        return self._ever[key]

    def _process(self, path: str, process: str, revision: str) -> Process | None:
        from handrail.format.process import read_process
        from handrail.text.document import read_document

        data = self.content(revision)
        text, problems = decode(path, data or b"")
        if data is None or problems:
            return None
        return read_process(read_document(path, text), process).value

    def children(self, commit: Commit, run: Run, item: Item, named: str, config: Config) -> tuple[Child, ...]:
        """Give the runs that were started for a step, as they stand in a commit."""
        process = item.attributes.run
        found = []
        for path, id in sorted(ranges.blobs_below(self.repository, commit.id, f"{PROCESSES}/{process}/{RUNS}").items()):
            name = f"{process}/{path.rpartition('/')[2].removesuffix('.md')}"
            if kind_of(path) != "run" or (named and name != named):
                continue
            data = self.content(id)
            if data is None or run.id.encode() not in data[:MAX_BYTES]:
                continue
            read = self.version(path, id)
            child = read.version.holder if read.version else None
            if isinstance(child, Run) and child.parent_step == (run.id, item.id):
                found.append(self._child(commit, child, config))
        return tuple(found)

    def _child(self, commit: Commit, child: Run, config: Config) -> Child:
        from handrail.rules.state import run_state

        moment = self.moment(config)
        procedure = self.procedure(commit, child.process, child.revision)
        state = run_state(child, procedure=procedure, time=moment.time_for(child.calendar), now=commit.committed)
        return Child(child.id, state.state, state.finished)


def _moment(repository: Repository, config: Config) -> Moment:
    from handrail.app.moment import moment_of
    from handrail.base.errors import WrongUsage
    from handrail.model.calendar import Calendar
    from handrail.plan.holiday import CalendarError

    now = datetime(2000, 1, 1, tzinfo=UTC)
    try:
        return moment_of(config, now, repository.keep)
    except (CalendarError, WrongUsage):
        return moment_of(replace(config, calendar=Calendar()), now)
