"""The overview of very many runs, from what is kept of them: only files that changed are read.

`store.index` keeps, for every run, the part of its state that reports look at (`reports.heads`). It holds for one
content of the file, for the procedure that the run follows, for the calendar, and between two instants at which a
wait ends. What does not hold any more is worked out anew and kept again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import handrail
from handrail.app.act import keep_folder
from handrail.app.files import PROCESSES, kind_of, read_text
from handrail.app.load import load_projects, read_one_process, read_one_run, read_revision, without_collecting
from handrail.base.errors import WrongUsage
from handrail.base.pack import packer, unpacker
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.model.state import RunState, walk_states
from handrail.model.workspace import Workspace
from handrail.reports.heads import closing, closings_text, head_text, read_closings, read_head
from handrail.reports.moment import Moment
from handrail.reports.overview import overview_of
from handrail.reports.results import Activity, Overview
from handrail.rules.state import run_state
from handrail.store.changes import Standing, changed_between, content_id, standing, tree_contents, work_content
from handrail.store.index import FIRST, LAST, BrokenIndexError, Entry, Index, Place, open_index
from handrail.store.repository import Repository

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATELY = timedelta(days=60)
"""For so long after its last event it is kept what people finished in a run; later its file is read for that."""
_AT_ONCE = 1000
_PARTS = ("base", "text", "format", "model", "plan", "rules", "reports", "app", "store")
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError)


def kept_overview(repository: Repository, config: Config, moment: Moment) -> Overview | None:
    """Give the overview as `reports.results.Overview` tells of `kept`; None where nothing can be kept here."""
    stands = standing(repository, PROCESSES)
    if stands is None:
        return None
    index = open_index(keep_folder(repository), str(repository.git_dir), _program(config))
    if index is None:
        return None
    try:
        with without_collecting():
            if not _Update(repository, config, moment, index, stands).run():
                return None
            return _KeptRuns(repository, config, moment, index).overview()
    except BrokenIndexError:
        index.destroy()
        return None


def _program(config: Config) -> str:
    """Give what all entries depend on: this program's own files, and the calendar."""
    package = Path(handrail.__file__).parent
    known = [handrail.__version__, repr(config.calendar)]
    for part in _PARTS:
        with os.scandir(package / part) as files:
            known += sorted(f"{one.name} {one.stat().st_mtime_ns}" for one in files if one.name.endswith(".py"))
    if config.calendar.holidays:
        from handrail.app.holidays import library_version

        known.append(library_version())
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


class _Update:
    """Brings the index up to date with the files of the work tree."""

    def __init__(self, repository: Repository, config: Config, moment: Moment, index: Index, stands: Standing) -> None:
        self.repository = repository
        self.root = repository.root
        self.config = config
        self.moment = moment
        self.index = index
        self.stands = stands
        self.differs = tuple(sorted(path for path in stands.differs if kind_of(path)[0]))
        self.unsettled: set[str] = set()

    def run(self) -> bool:
        """Read what changed; False where somebody else is writing the index."""
        known = self.index.known()
        wanted = self._changed(known)
        gone = [path for path, content in wanted.items() if content is None]
        stale = {path: content for path, content in wanted.items() if content is not None}
        processes = [path for path in stale if kind_of(path)[0] == "process"]
        first = [self._process(path, stale.pop(path)) for path in processes]
        place = Place(self.stands.tree, self.differs)
        if (known != place or first or gone) and not self._store(known, first, gone):
            return False
        runs = _RunEntries(self, _contents_of_processes(self.index))
        stale |= self._not_holding(runs.todays)
        pieces = [list(stale.items())[at : at + _AT_ONCE] for at in range(0, len(stale), _AT_ONCE)]
        for piece in pieces:
            entries = [entry for path, content in piece if (entry := runs.entry(path, content))]
            if not self._store(known, entries, ()):
                return False
        if known != place or stale:
            return self._store(Place(place.tree, tuple(sorted({*place.differs, *self.unsettled}))), (), ())
        return True

    def _store(self, place: Place, entries: Iterable[Entry], gone: Iterable[str]) -> bool:
        return self.index.update(place, entries, gone)

    def _changed(self, known: Place) -> dict[str, str | None]:
        """Give the paths whose content is not the one that is kept, with the present one (None: there is none)."""
        moved = self._moved(known)
        back = [path for path in known.differs if path not in moved]
        if back:
            as_committed = tree_contents(self.repository, self.stands.tree, PROCESSES, back)
            moved |= {path: as_committed.get(path) for path in back}
        moved |= {path: work_content(self.repository, path) for path in self.differs}
        kept = self.index.contents(moved)
        return {path: one for path, one in moved.items() if kind_of(path)[0] and kept.get(path) != one}

    def _moved(self, known: Place) -> dict[str, str | None]:
        if known.tree == self.stands.tree:
            return {}
        between = changed_between(self.repository, known.tree, self.stands.tree, PROCESSES)
        if between is not None:
            return between
        whole = tree_contents(self.repository, self.stands.tree, PROCESSES)
        return dict.fromkeys(self.index.paths()) | whole

    def _not_holding(self, todays: Mapping[str, str]) -> dict[str, str]:
        found = dict(self.index.outdated(_micros(self.moment.now)))
        for process, basis in self.index.bases():
            if basis != todays.get(process, "none"):
                found |= dict(self.index.based_on(process, basis))
        return found

    def text(self, path: str, content: str) -> str | None:
        """Give a file's text; None where it cannot be read. What is not `content` is read, but not settled."""
        text, problems = read_text(self.root, path)
        if problems:
            return None
        if content not in {content_id(text.encode()), content_id(text.replace("\r\n", "\n").encode())}:
            self.unsettled.add(path)
        return text

    def _process(self, path: str, content: str) -> Entry:
        text = self.text(path, content)
        process = None if text is None else read_one_process(path, text, kind_of(path)[1])
        return Entry(path, content, label="process", linked=True, head=process_text(process) if process else "")


class _RunEntries:
    """Works out the entries of runs. Procedures are read once."""

    def __init__(self, update: _Update, todays: Mapping[str, str]) -> None:
        self.update = update
        self.todays = todays
        self.procedures: dict[str, Process | None] = {}

    def entry(self, path: str, content: str) -> Entry:
        """Give what is kept of the run at `path`; a file that cannot be read is kept as such."""
        elsewhere = self.update.index.elsewhere(path, content)
        if elsewhere and self._holds(elsewhere):
            return elsewhere
        text = self.update.text(path, content)
        run = None if text is None else read_one_run(path, text)
        if run is None:
            return Entry(path, content, label="broken")
        procedure, basis = self._procedure(run)
        moment = self.update.moment
        state = run_state(run, procedure=procedure, time=moment.time_for(run.calendar), now=moment.now)
        return self._entry(state, content, basis)

    def _entry(self, state: RunState, content: str, basis: str) -> Entry:
        run, now = state.run, self.update.moment.now
        last = max(state.last or run.started, run.started)
        return Entry(
            path=run.path,
            content=content,
            basis=basis,
            low=_micros(state.same_from) if state.same_from else FIRST,
            high=_micros(state.same_until) if state.same_until else LAST,
            class_=run.process,
            label=state.state,
            linked=state.state == "active" or bool(run.project or run.parent),
            last=_micros(last),
            head=head_text(state),
            more=closings_text(run) if last > now - _LATELY else "",
        )

    def _holds(self, entry: Entry) -> bool:
        now = _micros(self.update.moment.now)
        return entry.low <= now < entry.high and entry.basis in ("", self.todays.get(entry.class_, "none"))

    def _procedure(self, run: Run) -> tuple[Process | None, str]:
        """Give the procedure that a run follows, and what else than the run's own file says that it is that one."""
        path = f"{PROCESSES}/{run.process}/README.md"
        today = self.todays.get(run.process, "none")
        if run.revision and run.revision != today:
            pinned = self._read(run.revision, lambda: read_revision(self.update.root, run, self.update.repository))
            if pinned is not None:
                return pinned, ""
        committed = run.revision == today and path not in self.update.stands.differs
        return self._read(f"today {run.process}", lambda: self._todays(path, run.process)), "" if committed else today

    def _todays(self, path: str, id: str) -> Process | None:
        text, problems = read_text(self.update.root, path)
        return None if problems else read_one_process(path, text, id)

    def _read(self, key: str, read: Callable[[], Process | None]) -> Process | None:
        if key not in self.procedures:
            self.procedures[key] = read()
        return self.procedures[key]


def process_text(process: Process) -> str:
    """Give what reports of many runs need of a process, as JSON: all but its steps."""
    return json.dumps(packer(Process)(replace(process, content=())), ensure_ascii=False)


def _contents_of_processes(index: Index) -> dict[str, str]:
    paths = ((kind_of(path), content) for path, content in index.labelled("process"))
    return {id: content for (_, id), content in paths}


class _KeptRuns:
    """The runs that an up-to-date index knows of (`reports.results.Kept`)."""

    def __init__(self, repository: Repository, config: Config, moment: Moment, index: Index) -> None:
        self.repository = repository
        self.config = config
        self.moment = moment
        self.index = index
        self.workspace = Workspace(config)

    def overview(self) -> Overview:
        """Give the overview of the active runs, and of those that projects and other runs look at."""
        processes: dict[str, Process] = {}
        todays: dict[str, str] = {}
        states: list[RunState] = []
        for path, content, head in self.index.heads():
            kind, id = kind_of(path)
            if kind == "run":
                states.append(self._state(head))
            elif head:
                processes[id] = _unpacked(head)
                todays[id] = content
        projects, baselines = load_projects(self.repository.root)
        self.workspace = Workspace(
            self.config,
            dict(sorted(processes.items())),
            {},
            projects,
            pinned=self._pinned(states, frozenset(todays.values())),
            baselines=baselines,
        )
        return overview_of(self.workspace, self.moment, self._by_id(states), kept=self)

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Give how many runs each process has: the active ones, and all."""
        found: dict[str, tuple[int, int]] = {}
        for process, label, number in self.index.counts():
            if label in ("active", "done", "cancelled"):
                active, every = found.get(process, (0, 0))
                found[process] = (active + number * (label == "active"), every + number)
        return found

    def heads(self) -> Mapping[str, RunState]:
        """Give the heads of all runs, by id in order."""
        rows = self.index.heads(everything=True)
        return self._by_id([self._state(head) for path, _, head in rows if head and kind_of(path)[0] == "run"])

    def whole(self, run: str) -> RunState:
        """Give one run with all of its steps, from its file."""
        process, _, name = run.rpartition("/")
        path = f"{PROCESSES}/{process}/runs/{name}.md"
        found = read_one_run(path, read_text(self.repository.root, path)[0])
        if found is None:
            raise WrongUsage(f"`{run}` was changed just now and cannot be read.", "handrail lint says why")
        time = self.moment.time_for(found.calendar)
        return run_state(found, procedure=self._procedure(found), time=time, now=self.moment.now)

    def closed_by(self, person: str, since: datetime) -> tuple[Activity, ...]:
        """Give what a person finished in runs since then, in the order of runs and of their files."""
        found: dict[str, list[Activity]] = {}
        for path, head, more in self.index.more_since(_micros(since)):
            rows = self._closings(path, more, person, since)
            if rows:
                run = self._state(head).run
                found[run.id] = [closing(run, row) for row in rows]
        return tuple(entry for id in sorted(found) for entry in found[id])

    def _closings(self, path: str, more: str, person: str, since: datetime) -> list[tuple[Any, ...]]:
        if not more:  # it was too long ago when it was kept
            run = read_one_run(path, read_text(self.repository.root, path)[0])
            more = closings_text(run) if run else "[]"
        try:
            return read_closings(more, person, since)
        except _MALFORMED as error:
            raise BrokenIndexError(path) from error

    def _state(self, head: str) -> RunState:
        try:
            return read_head(head, self.moment)
        except _MALFORMED as error:
            raise BrokenIndexError(head[:100]) from error

    def _by_id(self, states: Iterable[RunState]) -> dict[str, RunState]:
        """Sort by id. A run whose finished step has a run of its own is given whole: what goes on there counts."""
        found = {state.run.id: state for state in sorted(states, key=lambda state: state.run.id)}
        for state in tuple(found.values()):
            parent, step = state.run.parent_step or ("", "")
            above = found.get(parent)
            if above and above.state == "active" and all(step != one.id for one in walk_states(above.steps)):
                found[parent] = self.whole(parent)
        return found

    def _pinned(self, states: Iterable[RunState], todays: frozenset[str]) -> dict[str, Process]:
        """Give the procedures of older revisions that the runs follow, without their steps."""
        runs = {state.run.revision: state.run for state in states if state.run.revision}
        wanted = [revision for revision in runs if revision not in todays]
        kept = self.index.kept("process", wanted)
        found = {revision: _unpacked(text) for revision, text in kept.items()}
        for revision in wanted:
            process = (
                None if revision in found else read_revision(self.repository.root, runs[revision], self.repository)
            )
            if process:
                found[revision] = process
                self.index.keep("process", [(revision, process_text(process))])
        return found

    def _procedure(self, run: Run) -> Process | None:
        space = self.workspace
        today = space.processes.get(run.process)
        if not run.revision or run.revision in space.pinned:
            return space.procedure(run)
        return read_revision(self.repository.root, run, self.repository) or today


def _unpacked(head: str) -> Process:
    try:
        return _UNPACK_PROCESS(json.loads(head))
    except _MALFORMED as error:
        raise BrokenIndexError(head[:100]) from error


_UNPACK_PROCESS = unpacker(Process)
