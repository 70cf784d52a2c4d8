"""What the index keeps of one file: worked out here, in this process or, of very many files, in several."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat

from handrail.app.byhand import hand_ticked
from handrail.app.files import PROCESSES, kind_of, read_text
from handrail.app.load import read_one_process, read_one_run, read_revision
from handrail.app.moment import moment_of
from handrail.base.pack import packer
from handrail.format.finished import read_finished
from handrail.model.item import walk
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.model.state import Progress, RunState, walk_states
from handrail.reports.heads import closings_text, closings_text_of, hands_text, head_text
from handrail.reports.moment import Moment
from handrail.reports.records import record, record_text
from handrail.rules.byhand import ticked_by_hand
from handrail.rules.flow import applies_any
from handrail.rules.state import finished_state, run_state
from handrail.store.changes import content_id
from handrail.store.index import FIRST, LAST, Entry, record_key
from handrail.store.repository import Repository

BROKEN, PROCESS, BY_HAND = "broken", "process", "by hand"
NO_PROCESS = "none"
"""The content of a process that is not there."""
UNSURE = "?"
"""The history of an entry that every look works out again: who ticked a box by hand is not committed, or cut off."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATELY = timedelta(days=60)
"""For so long after its last event it is kept what people finished in a run; later its file is read for that."""
_AT_ONCE, _AT_ONCE_WHOLE = 500, 50
_WORTH_PROCESSES = 3
"""So many portions are worth starting processes for."""

Pairs = list[tuple[str, str]]
"""Paths with git's ids of what the files hold."""


def micros(moment: datetime) -> int:
    """Give an instant as the index has it."""
    return (moment - _EPOCH) // _MICROSECOND


class Entries:
    """Works out entries at one moment; procedures are read once.

    `todays` has the content of every process, `uncommitted` the paths that are not as committed. `unsettled` gathers
    the files that did not hold what was said of them: their entries are right now, and not to be relied on.
    """

    def __init__(
        self,
        repository: Repository,
        config: Config,
        moment: Moment,
        todays: Mapping[str, str],
        uncommitted: frozenset[str],
    ) -> None:
        self.repository = repository
        self.config = config
        self.root = repository.root
        self.moment = moment
        self.todays = todays
        self.uncommitted = uncommitted
        self.unsettled: set[str] = set()
        self.procedures: dict[str, Process | None] = {}

    def of_process(self, path: str, content: str) -> Entry:
        """Give the entry of a process: all that reports of many runs need, which is all but its steps."""
        text = self._text(path, content)
        process = None if text is None else read_one_process(path, text, kind_of(path)[1])
        if process is None:
            return Entry(path, content, label=PROCESS, linked=True)
        more = json.dumps([(item.id, item.title) for item in walk(process.items)], ensure_ascii=False)
        return Entry(path, content, label=PROCESS, linked=True, head=process_text(process), more=more)

    def of_run(self, path: str, content: str) -> Entry:
        """Give the entry of a run; a file that cannot be read has one, too."""
        text = self._text(path, content)
        return self._finished(path, content, text or "") or self._of_text(path, content, text)

    def of_whole_run(self, path: str, content: str) -> Entry:
        """Give the entry of a run with its record, which takes all of the file."""
        return self._of_text(path, content, self._text(path, content))

    def _of_text(self, path: str, content: str, text: str | None) -> Entry:
        run = None if text is None else read_one_run(path, text)
        if run is None:
            return Entry(path, content, label=BROKEN)
        if ticked_by_hand(run):  # who and when is in the history: see `of_hands`
            return Entry(path, content, label=BY_HAND)
        return self._of(run, content)

    def of_hands(self, pairs: Pairs) -> Iterator[Entry]:
        """Give the entries of runs that were ticked by hand, with one pass over history for all of them."""
        texts = {path: (content, self._text(path, content)) for path, content in pairs}
        runs = {
            path: run for path, (_, text) in texts.items() if text is not None and (run := read_one_run(path, text))
        }
        yield from (Entry(path, content, label=BROKEN) for path, content in pairs if path not in runs)
        for run, known in hand_ticked(self.repository, runs.values(), self.config):
            entry = self._of(run, texts[run.path][0])
            history = _history(run, self.config) if known else UNSURE
            yield replace(entry, history=history, record=entry.record if known else "")

    def _finished(self, path: str, content: str, text: str) -> Entry | None:
        """Give the entry of a run that is plainly over, without its record; None where all of it must be read."""
        told = read_finished(path, text)
        if told is None:
            return None
        procedure, basis = self._procedure(told.run)
        if applies_any(told.untouched, told.run.fields):
            return None
        state = finished_state(
            told.run,
            Progress(told.done, told.skipped, len(told.untouched), told.done + told.skipped),
            told.finished,
            told.last,
            procedure=procedure,
            time=self.moment.time_for(told.run.calendar),
            names_people=told.names_people,
        )
        lately = max(told.last or told.run.started, told.run.started) > self.moment.now - _LATELY
        more = closings_text_of(told.closings()) if lately else ""
        return replace(self._entry(state, content, basis, whole=False), more=more)

    def _of(self, run: Run, content: str) -> Entry:
        procedure, basis = self._procedure(run)
        time, now = self.moment.time_for(run.calendar), self.moment.now
        return self._entry(run_state(run, procedure=procedure, time=time, now=now), content, basis)

    def holds(self, entry: Entry) -> bool:
        """Tell whether the entry of a run, made elsewhere of the same content, holds here and now."""
        if entry.history or entry.label == BY_HAND:
            return False
        return entry.low <= micros(self.moment.now) < entry.high and entry.basis in (
            "",
            self.todays.get(entry.class_, NO_PROCESS),
        )

    def _text(self, path: str, content: str) -> str | None:
        """Give a file's text; None where it cannot be read. What is not `content` is read, but not settled."""
        text, problems = read_text(self.root, path)
        if problems:
            return None
        if not is_content(text, content):
            self.unsettled.add(path)
        return text

    def _entry(self, state: RunState, content: str, basis: str, *, whole: bool = True) -> Entry:
        run, now = state.run, self.moment.now
        last = max(state.last or run.started, run.started)
        low, high = _bounds(state)
        return Entry(
            path=run.path,
            content=content,
            basis=basis,
            low=low,
            high=high,
            class_=run.process,
            label=state.state,
            linked=state.state == "active" or bool(run.project or run.parent),
            who=hands_text(state),
            kin=bool(run.project or run.parent) or any(step.facts.proposed for step in walk_states(state.steps)),
            last=micros(last),
            head=head_text(state),
            more=closings_text(run) if last > now - _LATELY else "",
            record=_record(state, self.moment) if whole and not basis and run.path not in self.unsettled else "",
        )

    def _procedure(self, run: Run) -> tuple[Process | None, str]:
        """Give the procedure that a run follows, and what else than the run's own file says that it is that one."""
        path = f"{PROCESSES}/{run.process}/README.md"
        today = self.todays.get(run.process, NO_PROCESS)
        if run.revision and run.revision != today:
            pinned = self._read(run.revision, lambda: read_revision(self.root, run, self.repository))
            if pinned is not None:
                return pinned, ""
        committed = run.revision == today and path not in self.uncommitted
        return self._read(f"today {run.process}", lambda: self._todays(path, run.process)), "" if committed else today

    def _todays(self, path: str, id: str) -> Process | None:
        text, problems = read_text(self.root, path)
        return None if problems else read_one_process(path, text, id)

    def _read(self, key: str, read: Callable[[], Process | None]) -> Process | None:
        if key not in self.procedures:
            self.procedures[key] = read()
        return self.procedures[key]


def is_content(text: str, content: str) -> bool:
    """Tell whether a file's text is the content that has this id of git, also where it is checked out with CRLF."""
    return content == content_id(text.encode()) or (
        "\r" in text and content == content_id(text.replace("\r\n", "\n").encode())
    )


def kept_record(state: RunState, moment: Moment, content: str) -> tuple[str, str]:
    """Give what figures are made of with what it is kept by, for a run that only its own file tells of."""
    return record_key(state.run.path, content, "", *_bounds(state)), _record(state, moment)


def _record(state: RunState, moment: Moment) -> str:
    """Give what figures are made of, for a run that was not changed after the present moment."""
    found = None if state.run.trial else record(state, moment)
    return record_text(found) if found is None or found.state == state.state else ""


def _bounds(state: RunState) -> tuple[int, int]:
    """Give between which two instants a state holds."""
    low = micros(state.same_from) if state.same_from else FIRST
    return low, micros(state.same_until) if state.same_until else LAST


def process_text(process: Process) -> str:
    """Give what reports of many runs need of a process, as JSON: all but its steps."""
    return json.dumps(packer(Process)(replace(process, content=())), ensure_ascii=False)


def _history(run: Run, config: Config) -> str:
    """Give what is only known from history, in short: whom authors are, and the events that commits stand for."""
    told = [
        (item.id, event.time, event.who, event.commit)
        for item in walk(run.items)
        for event in item.events
        if event.commit
    ]
    return f"{people_text(config)} {hashlib.sha256(repr(told).encode()).hexdigest()[:16]}"


def people_text(config: Config) -> str:
    """Give what says whom the authors of commits are: a short text that another list of people does not have."""
    return hashlib.sha256(repr(config.people).encode("utf-8", "replace")).hexdigest()[:16]


def many(of: Entries, stale: Pairs, *, whole: bool = False) -> Iterator[tuple[list[Entry], set[str]]]:
    """Give the entries of runs in portions, with what was unsettled; very many are worked out on all processors.

    With `whole`, each file is read whole, and each entry has its record.
    """
    at_once = _AT_ONCE_WHOLE if whole else _AT_ONCE
    portions = [stale[at : at + at_once] for at in range(0, len(stale), at_once)]
    if len(portions) < _WORTH_PROCESSES:
        for portion in portions:
            yield _portion(of, portion, whole)
        return
    from concurrent.futures import ProcessPoolExecutor

    told = (of.repository, of.config, of.moment.now, of.todays, of.uncommitted)
    with ProcessPoolExecutor(initializer=_begin_worker, initargs=told) as pool:
        yield from pool.map(_work, portions, repeat(whole))


_worker: list[Entries] = []
"""What a process that helps works with; there is one."""


def _begin_worker(
    repository: Repository, config: Config, now: datetime, todays: Mapping[str, str], uncommitted: frozenset[str]
) -> None:
    gc.disable()
    _worker[:] = [Entries(repository, config, moment_of(config, now, repository.keep), todays, uncommitted)]


def _work(portion: Pairs, whole: bool) -> tuple[list[Entry], set[str]]:
    return _portion(_worker[0], portion, whole)


def _portion(of: Entries, portion: Pairs, whole: bool) -> tuple[list[Entry], set[str]]:
    read = of.of_whole_run if whole else of.of_run
    return [read(path, content) for path, content in portion], of.unsettled
