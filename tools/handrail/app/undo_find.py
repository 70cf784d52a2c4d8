"""Finding a person's last action in this clone's branch, what it did, and whether others have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handrail.app.act import sharing
from handrail.app.names import Named, person_of
from handrail.app.verify import Judging
from handrail.app.verify_undo import Deeds, deeds_of
from handrail.base.errors import NotAllowed
from handrail.base.value import dataclass
from handrail.format.run import run_id_of
from handrail.model.people import Config
from handrail.store import range as ranges
from handrail.store.repository import Identity

if TYPE_CHECKING:
    from handrail.store.history import Entry
    from handrail.store.range import Commit
    from handrail.store.repository import Repository

MOST_COMMITS = 1_000
"""How many commits are looked through for the last action."""


@dataclass(frozen=True, slots=True)
class Last:
    """The last action: its commit, and whether one that takes back was passed over."""

    entry: Entry
    stepped_back: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An action and what it did; `tip` is the present commit."""

    entry: Entry
    judging: Judging
    deeds: Deeds
    tip: Commit

    @property
    def path(self) -> str:
        """The file that it changed."""
        return self.deeds.change.path


def last_action(repository: Repository, target: Named | None, who: str, config: Config) -> Last:
    """Find what `who` did last, on `target` or at all, and has not taken back. Raises NotAllowed for nothing."""
    from handrail.store.history import log

    undone: set[str] = set()
    stepped_back = False
    for entry in log(repository, (target.path,) if target else (), limit=MOST_COMMITS):
        back = entry.trailer("Handrail-Undoes")
        if back:
            undone.add(back)
        if person_of(config, Identity(entry.author, entry.email)) != who or not entry.trailer("Handrail-Action"):
            continue
        if back:
            stepped_back = True
        elif entry.commit not in undone:
            return Last(entry, stepped_back)
    where = f" on `{target.id}`" if target else ""
    hint = "Only what you did yourself is undone, in the branch that is checked out."
    raise NotAllowed(f"There is nothing of yours to undo{where}.", hint)


def read_action(repository: Repository, entry: Entry) -> Found:
    """Read what an action changed. Raises NotAllowed where that is not just one run or project."""
    if not entry.parents and repository.shallow():
        message = f"This shallow clone does not go back to what was before “{entry.subject}”."
        raise NotAllowed(message, "`git fetch --unshallow` gets the rest.")
    base = entry.parents[0] if entry.parents else ""
    head = repository.head() or entry.commit
    judging = Judging(repository, base, ranges.commits_in(repository, base, head), ())
    changes = judging.changes(judging.commits[entry.commit])[0] if entry.commit in judging.commits else ()
    deeds = deeds_of(changes)
    if deeds is None:
        message = f"Your last action, “{entry.subject}”, is not one on a run or project alone."
        raise NotAllowed(message, f"`git show {entry.commit[:8]}` shows it, `git revert` can take it back.")
    return Found(entry, judging, deeds, judging.commits[head])


def is_shared(repository: Repository, commit: str, who: str, config: Config) -> bool:
    """Tell whether a remote has a commit, as last seen; the branch of a person's own for pull requests aside."""
    said = repository.git.run("for-each-ref", "--format=%(refname)", f"--contains={commit}", "refs/remotes", reads=True)
    _, own = sharing(repository, config)
    refs = (ref.removeprefix("refs/remotes/").partition("/")[2] for ref in said.text.split("\n") if ref)
    return any(not own or ref != own for ref in refs)


def same_action(repository: Repository, first: Found) -> Entry | None:
    """Find the action again: commits may have been made anew when others' work was taken in."""
    from handrail.store.history import log

    entries = log(repository, (first.path,), limit=MOST_COMMITS)
    undone = {entry.trailer("Handrail-Undoes") for entry in entries}
    was = first.entry
    same = (one for one in entries if (one.subject, one.time, one.email) == (was.subject, was.time, was.email))
    return next((one for one in same if one.commit not in undone), None)


def id_of(path: str) -> str:
    """Give the id of the run or project whose file this is."""
    return run_id_of(path) or path.partition("/")[2].rpartition("/")[0]
