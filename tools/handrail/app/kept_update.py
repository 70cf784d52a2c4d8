"""Brings the index up to date with the files of the work tree."""

from __future__ import annotations

from collections.abc import Mapping

from handrail.app.files import PROCESSES, kind_of
from handrail.app.kept_entries import BY_HAND, NO_PROCESS, PROCESS, Entries, Pairs, many, micros, people_text
from handrail.model.people import Config
from handrail.reports.moment import Moment
from handrail.store.changes import Standing, changed_between, touched_between, tree_contents, work_content
from handrail.store.index import Entry, Index, Place
from handrail.store.repository import Repository


def update(repository: Repository, config: Config, moment: Moment, index: Index, stands: Standing) -> bool:
    """Read what changed since, and what does not hold any more; False where somebody else is writing the index."""
    return _Update(repository, config, moment, index, stands).run()


class _Update:
    def __init__(self, repository: Repository, config: Config, moment: Moment, index: Index, stands: Standing) -> None:
        self.repository = repository
        self.config = config
        self.moment = moment
        self.index = index
        self.stands = stands
        self.differs = tuple(sorted(path for path in stands.differs if kind_of(path)[0]))
        self.unsettled: set[str] = set()

    def run(self) -> bool:
        known = self.index.known()
        wanted = self._changed(known)
        gone = [path for path, content in wanted.items() if content is None]
        stale = {path: content for path, content in wanted.items() if content is not None}
        place = Place(self.stands.tree, self.differs, self.stands.commit)
        if not self._processes(known, stale, gone):
            return False
        todays = {kind_of(path)[1]: content for path, content in self.index.labelled(PROCESS)}
        stale |= self._not_holding(todays) | self._other_history(known)
        if not self._runs(known, stale, self._entries(todays)):
            return False
        if known == place and not stale and not self.unsettled:
            return True
        differs = tuple(sorted({*place.differs, *self.unsettled}))
        return self.index.update(Place(place.tree, differs, place.commit), (), ())

    def _entries(self, todays: dict[str, str]) -> Entries:
        return Entries(self.repository, self.config, self.moment, todays, frozenset(self.stands.differs))

    def _processes(self, known: Place, stale: dict[str, str], gone: list[str]) -> bool:
        """Bring the processes up to date, and take away what is gone: what runs are worked out from."""
        paths = [path for path in stale if kind_of(path)[0] == "process"]
        entries = self._entries({})
        found = [entries.of_process(path, stale.pop(path)) for path in paths]
        self.unsettled |= entries.unsettled
        return not (found or gone) or self.index.update(known, found, gone)

    def _runs(self, known: Place, stale: dict[str, str], entries: Entries) -> bool:
        unknown: Pairs = []
        elsewhere: list[Entry] = []
        for path, content in stale.items():
            entry = self.index.elsewhere(path, content)
            if entry and entries.holds(entry):
                elsewhere.append(entry)
            else:
                unknown.append((path, content))
        if elsewhere and not self.index.update(known, elsewhere, ()):
            return False
        by_hand: Pairs = []
        for found, unsettled in many(entries, unknown):
            self.unsettled |= unsettled
            by_hand += [(entry.path, entry.content) for entry in found if entry.label == BY_HAND]
            if not self.index.update(known, found, ()):
                return False
        return not by_hand or self.index.update(known, entries.of_hands(by_hand), ())

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
        found = dict(self.index.outdated(micros(self.moment.now)))
        for process, basis in self.index.bases():
            if basis != todays.get(process, NO_PROCESS):
                found |= dict(self.index.based_on(process, basis))
        return found

    def _other_history(self, known: Place) -> dict[str, str]:
        """Give the runs ticked by hand of which another commit, or another person, may have to be told now."""
        found = dict(self.index.labelled(BY_HAND))
        rows = self.index.with_history()
        if not rows:
            return found
        touched: frozenset[str] | None = frozenset()
        if known.commit != self.stands.commit:
            touched = touched_between(self.repository, known.commit, self.stands.commit, PROCESSES)
        people = people_text(self.config)
        return found | {
            path: content
            for path, content, history in rows
            if not history.startswith(people) or touched is None or path in touched or path in self.differs
        }
