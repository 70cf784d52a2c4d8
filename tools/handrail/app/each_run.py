"""Every run in turn, for what is written out of all of them: portion by portion, never all of them at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from handrail.app.byhand import with_hand_ticks
from handrail.app.files import read_text
from handrail.app.load import procedure_of, read_one_process, read_one_run, without_collecting
from handrail.app.moment import moment_of
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.model.state import RunState
from handrail.model.workspace import Workspace
from handrail.reports.moment import Moment
from handrail.rules.state import run_state
from handrail.store.repository import Repository

T = TypeVar("T")
_AT_ONCE = 200
_WORTH_PROCESSES = 1000
"""So many files are worth starting processes for."""
_AHEAD = 16
"""So many portions are worked on before the first of them is taken: what waits to be written stays small."""

Portion = tuple[list[T], list[str]]
"""What was made of some runs, in their order, and the paths of those that cannot be read."""


def each_run(
    repository: Repository, config: Config, now: datetime, paths: Sequence[str], make: Callable[[RunState], T]
) -> Iterator[Portion[T]]:
    """Give what `make` makes of the runs at `paths`, some at a time.

    Very many are read on all processors, so that `make` and what it gives must be able to travel between them.
    """
    portions = [paths[at : at + _AT_ONCE] for at in range(0, len(paths), _AT_ONCE)]
    if len(paths) < _WORTH_PROCESSES:
        reader = _Reader(repository, config, moment_of(config, now, repository.keep))
        for portion in portions:
            with without_collecting():
                found = reader.portion(portion, make)
            yield found
        return
    from concurrent.futures import Future, ProcessPoolExecutor

    with ProcessPoolExecutor(initializer=_begin, initargs=(repository, config, now, make)) as pool:
        waiting: deque[Future[Portion[T]]] = deque()
        for portion in portions:
            waiting.append(pool.submit(_work, portion))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def read_processes(root: Path, paths: Mapping[str, str]) -> dict[str, Process]:
    """Give the processes that can be read, by id."""
    found: dict[str, Process] = {}
    for id, path in paths.items():
        text, problems = read_text(root, path)
        process = None if problems else read_one_process(path, text, id)
        if process:
            found[id] = process
    return found


class _Reader:
    """Reads runs at one moment; a procedure is read once for all runs that follow it."""

    def __init__(self, repository: Repository, config: Config, moment: Moment) -> None:
        self.repository = repository
        self.config = config
        self.moment = moment
        self.procedures: dict[tuple[str, str], Process | None] = {}

    def portion(self, paths: Iterable[str], make: Callable[[RunState], T]) -> Portion[T]:
        runs: dict[str, Run] = {}
        unread: list[str] = []
        for path in paths:
            text, problems = read_text(self.repository.root, path)
            run = None if problems else read_one_run(path, text)
            if run is None:
                unread.append(path)
            else:
                runs[run.id] = run
        filled = with_hand_ticks(Workspace(self.config, runs=runs), self.repository)
        return [make(self._state(run)) for run in filled.runs.values()], unread

    def _state(self, run: Run) -> RunState:
        key = (run.process, run.revision)
        if key not in self.procedures:
            self.procedures[key] = procedure_of(self.repository.root, run, self.repository)
        time = self.moment.time_for(run.calendar)
        return run_state(run, procedure=self.procedures[key], time=time, now=self.moment.now)


_worker: list[tuple[_Reader, Callable[[RunState], Any]]] = []
"""What a process that helps works with; there is one."""


def _begin(repository: Repository, config: Config, now: datetime, make: Callable[[RunState], Any]) -> None:
    _worker[:] = [(_Reader(repository, config, moment_of(config, now, repository.keep)), make)]


def _work(portion: Sequence[str]) -> Portion[Any]:
    reader, make = _worker[0]
    with without_collecting():
        return reader.portion(portion, make)
