"""`handrail verify`: every change of every run, project and process in a range of commits, replayed and judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from handrail.app.files import CONFIG, PROCESSES, PROJECTS, RUNS
from handrail.app.load import without_collecting
from handrail.app.verify_library import Library, kind_of
from handrail.app.verify_people import acts_for_others, authors_of, policy, reviewers_of
from handrail.base.errors import GitRefused
from handrail.base.place import Place
from handrail.base.problem import Problem, sort_key
from handrail.base.value import dataclass
from handrail.model.people import Config
from handrail.store import range as ranges

if TYPE_CHECKING:
    from handrail.reports.verify import Version
    from handrail.reports.verify_case import Deed, Law
    from handrail.store.range import Commit, FileChange
    from handrail.store.repository import Repository

PATHS = (CONFIG, PROCESSES, PROJECTS)
_SHALLOW = "`git fetch --unshallow` gets the rest; in a workflow, check out with `fetch-depth: 0`."


@dataclass(frozen=True, slots=True)
class Found:
    """A problem and the commit that made it."""

    problem: Problem
    commit: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a range comes to: its ends, how many commits and files of Handrail's changed, and what is wrong."""

    base: str
    tip: str
    commits: int
    changes: int
    found: tuple[Found, ...]


def verify(
    repository: Repository,
    base: str,
    tip: str,
    *,
    reviewed_by: Sequence[str] = (),
    require_signed: bool = False,
) -> Verified:
    """Judge the commits that `tip` has and `base` has not (ids; an empty base is before the first commit).

    Raises GitRefused where a shallow clone does not hold what is needed.
    """
    reading = ranges.commits_in(repository, base, tip)
    if ranges.cut_off(repository, [commit.id for commit in reading.commits]):
        raise GitRefused("This clone does not hold the history that is to be verified.", _SHALLOW)
    judging = Judging(repository, base, reading, tuple(reviewed_by))
    touching = [commit for commit in reading.commits if any(judging.changes(commit))]
    with without_collecting():
        found = [one for commit in touching for one in judging.judge(commit)]
    if require_signed:
        found += _unsigned(repository, touching, judging)
    order = {commit.id: number for number, commit in enumerate(reading.commits)}
    found = list(dict.fromkeys(sorted(found, key=lambda one: (order[one.commit], sort_key(one.problem)))))
    changes = sum(len({one.path for changes in judging.changes(commit) for one in changes}) for commit in touching)
    return Verified(base, tip, len(touching), changes, tuple(found))


class Judging:
    """One range while it is judged."""

    def __init__(self, repository: Repository, base: str, reading: ranges.Range, reviewed_by: tuple[str, ...]) -> None:
        self.repository = repository
        self.base = base
        self.reading = reading
        self.reviewed_by = reviewed_by
        self.commits = {commit.id: commit for commit in reading.commits}
        self._policies: dict[str, Config] = {}

    @cached_property
    def differences(self) -> dict[ranges.Pair, tuple[FileChange, ...]]:
        """Give what differs between the trees of commits and their parents."""
        pairs = [pair for commit in self.reading.commits for pair in self._pairs(commit)]
        return dict(ranges.changes_between(self.repository, pairs, PATHS))

    def _pairs(self, commit: Commit) -> list[ranges.Pair]:
        parents = [self.reading.trees.get(parent, "") for parent in commit.parents] or [ranges.no_tree(commit.id)]
        return [(parent, commit.tree) for parent in parents if parent]

    def changes(self, commit: Commit) -> list[tuple[FileChange, ...]]:
        """Give what a commit changed, against each of its parents."""
        return [self.differences.get(pair, ()) for pair in self._pairs(commit)]

    @cached_property
    def library(self) -> Library:
        """Give what is read of the range, its files read in one go."""
        every = [one for changes in self.differences.values() for one in changes]
        ids = [id for one in every if kind_of(one.path) for id in (one.old, one.new) if id]
        touching = [commit.id for commit in self.reading.commits if any(self.changes(commit))]
        names = [(commit, CONFIG) for commit in (*touching, self.base) if commit]
        return Library(self.repository, ids, names)

    @cached_property
    def base_config(self) -> Config | None:
        """Give the policy of the base, None where it has none."""
        return self.library.config(self.base) if self.base else None

    def config(self, commit: Commit) -> Config:
        """Give the policy that a commit is judged by."""
        id = self.library.config_id(commit.id)
        if id not in self._policies:
            self._policies[id] = policy(self.base_config, self.library.config(commit.id) or Config())
        return self._policies[id]

    def judge(self, commit: Commit) -> Iterator[Found]:
        """Give what is wrong with a commit."""
        if len(commit.parents) > 1:
            from handrail.app.verify_merge import judge_merge

            yield from (Found(one, commit.id) for one in judge_merge(self, commit))
            return
        for change in self.changes(commit)[0]:
            yield from (Found(one, commit.id) for one in self.judge_file(commit, change))

    def judge_file(self, commit: Commit, change: FileChange) -> Iterator[Problem]:
        """Give what is wrong with what a commit did to one file."""
        kind = kind_of(change.path)
        if kind == "process":
            from handrail.app.verify_owner import unreviewed

            yield from unreviewed(self, commit, change)
        elif kind and not change.regular:
            from handrail.reports.verify_case import problem

            message = "a symbolic link or a submodule stands in the place of a file"
            yield problem("unreadable", Place(change.path), message, "Handrail's files are plain files")
        elif kind:
            yield from self._judge_holder(commit, change)
        elif change.old and is_evidence(change.path):
            yield changed_evidence(change)

    def _judge_holder(self, commit: Commit, change: FileChange) -> Iterator[Problem]:
        from handrail.reports.verify import gone, imported, judge

        before = self.library.version(change.path, change.old)
        if not change.new:
            yield from gone(change.path, before.version)
            return
        after = self.library.version(change.path, change.new)
        if after.version is None or (before.broken and before.version is None):
            yield from after.problems
            return
        found = judge(before.version, after.version, self.deed(commit), self.law(commit, change.path))
        if kind_of(change.path) == "project" and ("Handrail-Action", "import") in commit.trailers:
            found = imported(found, change.path)
        yield from found
        yield from self._evidence(commit, before.version, after.version)

    def _evidence(self, commit: Commit, before: Version | None, after: Version) -> Iterator[Problem]:
        from handrail.app.proof import digests_of
        from handrail.reports.verify import evidence_problems, fresh_evidence

        events = fresh_evidence(before, after)
        ids = (
            ranges.ids_at(self.repository, [(commit.id, event.value("file")) for _, event in events]) if events else {}
        )
        for item, event in events:
            id = ids.get((commit.id, event.value("file")), "")
            data = self.library.content(id) if id else None
            yield from evidence_problems(item, event, None if data is None else frozenset(digests_of(data)))

    def deed(self, commit: Commit) -> Deed:
        """Give the facts of a commit."""
        from handrail.reports.verify_case import Deed

        config = self.config(commit)
        people = authors_of(commit, config)
        latest = max(commit.time, commit.committed)
        return Deed(people, commit.time, latest, acts_for_others(config, people[0]))

    def law(self, commit: Commit, path: str) -> Law:
        """Give the rules for a file of a commit."""
        return self.library.law(commit, path, self.config(commit))

    def reviewers(self, commit: Commit) -> tuple[str, ...]:
        """Give who wrote or reviewed a commit, the merges that brought it in included."""
        config = self.config(commit)
        found = [*authors_of(commit, config), *reviewers_of(commit, config)]
        for merge in self.merges_of(commit):
            found += [*authors_of(merge, config), *reviewers_of(merge, config)]
        return (*found, *self.reviewed_by)

    def merges_of(self, commit: Commit) -> list[Commit]:
        """Give the merges of the range that brought a commit in from a branch."""
        return [self.commits[id] for id in self._brought.get(commit.id, ())]

    @cached_property
    def _brought(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for merge in self.reading.commits:
            if len(merge.parents) > 1:
                mainline = self._ancestors(merge.parents[:1])
                for id in self._ancestors(merge.parents[1:]) - mainline:
                    found.setdefault(id, []).append(merge.id)
        return found

    def _ancestors(self, tips: Sequence[str]) -> set[str]:
        seen: set[str] = set()
        stack = [tip for tip in tips if tip in self.commits]
        while stack:
            id = stack.pop()
            if id not in seen:
                seen.add(id)
                stack.extend(parent for parent in self.commits[id].parents if parent in self.commits)
        return seen


def is_evidence(path: str) -> bool:
    """Tell whether a path is that of a file which came as evidence for a run."""
    parts = path.split("/")
    return len(parts) > 4 and parts[0] == PROCESSES and parts[-3] == RUNS


def changed_evidence(change: FileChange) -> Problem:
    """Report a file that came as evidence and is another one, or none, by now."""
    from handrail.reports.verify_case import problem

    what = "changed" if change.new else "deleted"
    message = f"a file that came as evidence was {what}"
    return problem("proof-changed", Place(change.path), message, "evidence stays as it came")


def _unsigned(repository: Repository, commits: Sequence[Commit], judging: Judging) -> Iterator[Found]:
    from handrail.reports.verify_case import problem

    judged = ranges.signatures(repository, [commit.id for commit in commits])
    told = {
        "N": "is not signed",
        "U": "is signed by a key that nobody vouches for",
        "E": "has a signature that cannot be checked: its key is not here",
    }
    for commit in commits:
        letter = judged.get(commit.id, "N")
        if letter != "G":
            path = next((one.path for changes in judging.changes(commit) for one in changes), CONFIG)
            message = f"the commit {told.get(letter, 'has no good signature')}"
            hint = "`git commit -S` signs; git must know whose keys count"
            yield Found(problem("unsigned", Place(path), message, hint), commit.id)
