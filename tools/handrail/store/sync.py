"""One action: read, transform, write, commit, share; and again on the new state when others were faster.

What is tried again is the *action*, never its text: after a lost race our own unpushed commit is taken back, the
branch moves forward to what the others have shared, and `transform` decides anew, with the same time and person, which
the caller has fixed once. So a retry cannot conflict; it can only find that the action makes no sense any more, and
then nothing of it stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal

from handrail.base.errors import GitRefused
from handrail.base.value import dataclass
from handrail.store import journal
from handrail.store.commit import Write, write_and_commit_many
from handrail.store.git import patiently
from handrail.store.lock import PATIENCE_SECONDS
from handrail.store.paths import inside
from handrail.store.pauses import Pauses
from handrail.store.remote import Remote, Trouble, catch_up, commit_at, distance, fetch, push, remote_of, tip_of
from handrail.store.silence import is_silent

if TYPE_CHECKING:
    from random import Random

    from handrail.store.position import Position
    from handrail.store.repository import Repository

Mode = Literal["push", "branch", "none"]
GATHERING = "handrail/changes"
Transform = Callable[[bytes | None], bytes | None]
Beside = Callable[[], Mapping[str, bytes | None]]
MOST_TRIES = 100
_SYNC_PATIENCE = 6.0  # `handrail sync` is asked for; whoever checks off a step does not wait two minutes
MOST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was acknowledged: the `commit`, and whether it is `shared`, that is on the remote.

    `notice` says in one sentence what a person should know besides (why it is not shared, what else went out), `hint`
    what to do about it; both may be empty. `branch` is the person's own branch on the remote where it is shared for a
    pull request, else empty.
    """

    commit: str
    shared: bool
    notice: str = ""
    hint: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class _Action:
    repository: Repository
    path: str
    transform: Transform
    message: Callable[[], str]
    mode: Mode
    branch: str
    allow_dirty: bool
    beside: Beside


def _nothing() -> Mapping[str, bytes | None]:
    return {}


@dataclass(slots=True)
class _Race:
    """How often and how long it was tried."""

    pauses: Pauses
    began: float = field(default_factory=time.monotonic)
    tries: int = 0

    def is_last(self) -> bool:
        """Count one more try; tell whether none may follow."""
        self.tries += 1
        return self.tries >= MOST_TRIES or time.monotonic() >= self.began + MOST_SECONDS

    def pause(self) -> None:
        """Wait before the next try."""
        self.pauses.after_loss(time.monotonic() - self.began)


def act(
    repository: Repository,
    path: str,
    transform: Transform,
    message: Callable[[], str],
    mode: Mode = "push",
    *,
    branch: str = GATHERING,
    allow_dirty: bool = False,
    beside: Beside = _nothing,
    random: Random | None = None,
    patience: float | None = None,
) -> Outcome:
    """Change one file by `transform(content) -> new content`, as one commit, and share it as `mode` says.

    No content (None) is no file, before and after.

    With `branch` what is done on the remote's main branch is shared on the branch of that name there (`gather.py`).

    `beside` is asked after each call of `transform` for further files of the same commit, by path. They are either not
    there yet, or hold that content already, or go.

    `transform` may raise a HandrailError: then the action is refused and nothing of it stays. It is called again on
    newer content after a lost race, and `message` is asked for after each call, so neither may count on being called
    once. `random` spreads the pauses between tries (full jitter); `patience` is how long to wait for the clone's lock.

    Raises what `transform` raises, and GitRefused or NotAllowed where nothing could be committed. Trouble with the
    remote is no error: the commit is kept, and the outcome says that it is not shared and why.
    """
    action = _Action(repository, path, transform, message, mode, branch, allow_dirty, beside)
    patience = patience if patience is not None else PATIENCE_SECONDS if mode == "none" else MOST_SECONDS
    race = _Race(Pauses(repository.keep, random))
    if mode != "none":
        race.pauses.before()
    while True:
        with repository.locked(patience):
            outcome = _try_once(action, race)
        if outcome is not None:
            race.pauses.end()
            return outcome
        race.pause()


def sync(
    repository: Repository, mode: Mode = "push", *, branch: str = GATHERING, random: Random | None = None
) -> Outcome:
    """Take what others have shared and share all commits of this branch: `handrail sync`.

    With mode `branch` the hint says how to open the pull request. Raises GitRefused where the clone is not ready (a
    merge under way, no branch) or has no remote or no commit.
    """
    race = _Race(Pauses(repository.keep, random))
    while True:
        with repository.locked(MOST_SECONDS):
            outcome = _sync_once(repository, race, branch if mode == "branch" else "")
        if outcome is not None:
            return outcome
        race.pause()


def _try_once(action: _Action, race: _Race) -> Outcome | None:
    """One round under the clone's lock. None: others were faster, nothing of the action is left, try again."""
    repository = action.repository
    inside(repository.root, action.path)
    position = repository.check_ready(action.path)
    own = action.branch if action.mode == "branch" else ""
    remote = _remote(repository, position, own) if action.mode != "none" else None
    trouble = _take(repository, remote, position) if remote else None
    if remote:
        position = repository.check_ready(action.path)
    base = position.head
    before = repository.read_or_none(action.path)
    new = action.transform(before)
    writes = (Write(action.path, new, before, action.allow_dirty), *_beside(action))
    if len(writes) > 1:
        position = repository.check_ready(*(write.path for write in writes))
    commit = write_and_commit_many(repository, writes, message=action.message(), position=position)
    if remote is None:
        return Outcome(commit, shared=False)
    if trouble is None:
        notice = _goes_along(repository, remote, base)
        trouble = push(repository, remote, commit)
        if trouble is None:
            return Outcome(commit, shared=True, notice=notice, branch=remote.branch if remote.main else "")
        if trouble.raced and not race.is_last() and _taken_back(action, writes, base, commit):
            return None
    return _not_shared(repository, commit, trouble)


def _remote(repository: Repository, position: Position, own: str) -> Remote | None:
    """Where the branch is shared; with `own`, that branch of the remote in place of its main one."""
    remote = remote_of(repository, position)
    if remote is None or not own:
        return remote
    from handrail.store.gather import gathering

    return gathering(repository, remote, own)


def _take(repository: Repository, remote: Remote, position: Position) -> Trouble | None:
    """Fetch, and catch up only where the remote has moved. One that has just given no answer is not asked again."""
    if remote.patience == 1 and is_silent(repository.keep, remote.name):
        return Trouble("the remote gave no answer a moment ago")
    trouble = fetch(repository, remote)
    if remote.main and trouble is None:
        from handrail.store.gather import take

        return take(repository, remote)
    tip = tip_of(repository, remote) if trouble is None else None
    if tip is None or tip == position.head:
        return trouble
    return catch_up(repository, tip, has_commits=position.head is not None)


def _beside(action: _Action) -> tuple[Write, ...]:
    """Give the further files of the commit; one that is there must hold its content already."""
    files = action.beside()
    there = {path: action.repository.read_or_none(path) for path in files}
    return tuple(Write(path, new, there[path], allow_dirty=there[path] == new) for path, new in files.items())


def _taken_back(action: _Action, writes: tuple[Write, ...], base: str | None, commit: str) -> bool:
    """Undo our own commit that nobody else has seen: the branch, the files, git's entries for them.

    False, with nothing undone, for a first commit of all and where the user has changed a file since.
    """
    repository = action.repository
    if commit == base:
        return True
    if base is None or repository.position(*(write.path for write in writes)).marks:
        return False
    states = tuple(journal.Before(write.path, write.expected, write.new) for write in writes)
    journal.begin(repository, states, base)
    note = "handrail: taken back, to try again on what others have shared"
    if patiently(lambda: repository.git.ask("update-ref", "-m", note, "HEAD", base, commit)).code != 0:
        journal.end(repository)
        return False
    journal.take_back(repository, states)
    return True


def _goes_along(repository: Repository, remote: Remote, base: str | None) -> str:
    """What is said of earlier commits of this branch that the push shares too."""
    tip = tip_of(repository, remote)
    if base is None or base == tip:
        return ""
    count = distance(repository, tip)[0] - 1 if tip else 0
    return f"{count} earlier {'commit' if count == 1 else 'commits'} of this branch went out too." if count > 0 else ""


def _not_shared(repository: Repository, commit: str, trouble: Trouble) -> Outcome:
    sentence = "others were faster again and again" if trouble.raced else trouble.sentence.rstrip(".")
    hint = _way_on(trouble, repository.unshared())
    return Outcome(commit, shared=False, notice=f"Saved here, not shared: {sentence}.", hint=hint)


def _way_on(trouble: Trouble, waiting: int) -> str:
    if trouble.hint:
        return trouble.hint
    if "protected" in trouble.sentence.lower():
        return "With `sync: branch` in `handrail.yml`, `handrail sync` shares it on a branch for a pull request."
    if "not committed" in trouble.sentence:
        return "Commit or stash these files, then `handrail sync`."
    if "same lines" in trouble.sentence:
        return "Run `git pull --no-rebase`, resolve it with whoever did the other half, commit, then `handrail sync`."
    if waiting > 1:
        return f"{waiting} changes wait here by now: `handrail sync` shares them later; nothing is lost."
    return "`handrail sync` shares it later; nothing is lost."


def _sync_once(repository: Repository, race: _Race, own: str) -> Outcome | None:
    position = repository.check_ready()
    remote = _remote(repository, position, own)
    if remote is not None:
        remote = replace(remote, patience=_SYNC_PATIENCE)
    else:
        raise GitRefused("This clone has no remote to share with.", "Add one: `git remote add origin URL`.")
    trouble = _take(repository, remote, position)
    head = repository.head()
    if head is None:
        raise GitRefused("There is nothing to share: this branch has no commit yet.", "Commit something first.")
    if trouble is not None:
        return _not_shared(repository, head, trouble)
    tip = tip_of(repository, remote)
    going = distance(repository, tip)[0] if tip else 0
    if tip != head and not (remote.main and commit_at(repository, remote.main) == head):
        trouble = push(repository, remote, head)
    if trouble is None:
        told = Outcome(head, shared=True, notice=_told(position, head, going))
        return _for_review(repository, remote, told) if own else told
    if trouble.raced and not race.is_last():
        return None
    return _not_shared(repository, head, trouble)


def _for_review(repository: Repository, remote: Remote, told: Outcome) -> Outcome:
    """What waits on the person's own branch, and how to open the pull request."""
    from handrail.store.gather import default_branch, waiting
    from handrail.store.hosts import pull_request_page

    main = remote.main_branch or default_branch(repository, remote.name) or ""
    count = waiting(repository, remote) if remote.main else 0
    if (remote.main and not count) or not main or main == remote.branch:
        return replace(told, notice="Everything is merged." if remote.main else told.notice)
    notice = f"{count} {'change' if count == 1 else 'changes'} on '{remote.branch}' for a pull request into '{main}'."
    address = repository.git.ask("remote", "get-url", "--", remote.name, reads=True).text
    page = pull_request_page(address, remote.branch, main)
    hint = f"Open it: {page}" if page else f"Open it on your git host, from '{remote.branch}' into '{main}'."
    return replace(told, notice=notice if remote.main else told.notice, hint=hint, branch=remote.branch)


def _told(position: Position, head: str, going: int) -> str:
    if going:
        return f"{going} {'commit' if going == 1 else 'commits'} of yours shared."
    return "Everything was shared already." if head == position.head else "Took what others have shared."
