"""The other end: fetching, catching up and pushing, with the reason where it does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handrail.base.value import dataclass
from handrail.store.git import NETWORK_SECONDS, Answer, patiently, reason

if TYPE_CHECKING:
    from handrail.store.position import Position
    from handrail.store.repository import Repository

_FETCH_TRIES = 3
_NO_RACE = ("hook declined", "Permission denied", "' exists; cannot create")
_OTHERS_WERE_FASTER = (
    "(fetch first)",
    "(non-fast-forward)",
    "(stale info)",
    "cannot lock ref",
    "failed to update ref",
    "incorrect old value provided",
)


@dataclass(frozen=True, slots=True)
class Remote:
    """A remote's branch: the remote's `name`, the full `ref` there, and the `tracking` ref that mirrors it here."""

    name: str
    ref: str
    tracking: str
    is_upstream: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why sharing did not work. `raced` tells that others were faster, so that trying again helps."""

    sentence: str
    raced: bool = False


def remote_of(repository: Repository, position: Position) -> Remote | None:
    """Where the branch is shared: its upstream, else a branch of its name on `origin` or the only remote."""
    upstream = _upstream(repository, position.branch) if position.upstream else None
    if upstream is not None:
        return upstream
    names = repository.git.run("remote", reads=True).text.split()
    chosen = "origin" if "origin" in names else names[0] if len(names) == 1 else None
    if chosen is None:
        return None
    return Remote(
        chosen, f"refs/heads/{position.branch}", f"refs/remotes/{chosen}/{position.branch}", is_upstream=False
    )


def _upstream(repository: Repository, branch: str | None) -> Remote | None:
    fields = "%(upstream:remotename)%00%(upstream:remoteref)%00%(upstream)"
    said = repository.git.run("for-each-ref", f"--format={fields}", f"refs/heads/{branch}", reads=True).text
    name, ref, tracking = said.split("\n")[0].split("\0") if said else ("", "", "")
    # A remote named "." is another branch of this very clone.
    return Remote(name, ref, tracking, is_upstream=True) if name not in ("", ".") and ref and tracking else None


def fetch(repository: Repository, remote: Remote) -> Trouble | None:
    """Bring the tracking ref up to date. A branch that the remote does not have yet is no trouble."""
    options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
    refspec = f"+{remote.ref}:{remote.tracking}"
    for _ in range(_FETCH_TRIES):
        answer = repository.git.ask("fetch", *options, "--", remote.name, refspec, timeout=NETWORK_SECONDS)
        if answer.code == 0 or "couldn't find remote ref" in answer.err:
            return None
        if "cannot lock ref" not in answer.err:  # an editor's own fetch may hold it for a moment
            break
    return Trouble(_why(answer))


def tip_of(repository: Repository, remote: Remote) -> str | None:
    """The remote branch's commit, as last fetched."""
    answer = repository.git.ask("rev-parse", "--verify", "--quiet", remote.tracking, reads=True)
    return answer.text if answer.code == 0 else None


def distance(repository: Repository, tip: str) -> tuple[int, int]:
    """How many commits only we have, and how many only the remote's `tip` has."""
    said = repository.git.run("rev-list", "--left-right", "--count", f"HEAD...{tip}", "--", reads=True).text
    ours, theirs = said.split()
    return int(ours), int(theirs)


def catch_up(repository: Repository, tip: str, *, has_commits: bool = True) -> Trouble | None:
    """Bring the remote's commits into the branch; where it cannot be done, nothing has changed.

    Without commits of our own this is a fast-forward. With some that were never pushed, both sides are merged: a
    rebase would rewrite commits that the user has seen, signed or built upon. The merge is made in git's object store
    (`merge-tree`) and the branch then moves forward to it, so a conflict or a staged file never leaves a merge under
    way. A branch without any commit takes the remote's as its beginning.
    """
    ours, theirs = distance(repository, tip) if has_commits else (0, 1)
    if theirs == 0:
        return None
    target = tip
    if ours:
        merged = _merge(repository, tip)
        if isinstance(merged, Trouble):
            return merged
        target = merged
    forward = ("-c", "merge.autoStash=false", "merge", "--quiet", "--ff-only", "--no-autostash", target)
    answer = patiently(lambda: repository.git.ask(*forward))
    if answer.code == 0:
        return None
    if "would be overwritten" in answer.err:
        return Trouble(f"others have changed what you have changed too and not committed: {_listed(answer.err)}.")
    return Trouble(_why(answer))


def push(repository: Repository, remote: Remote, commit: str) -> Trouble | None:
    """Send `commit` as the remote's branch. None when it is there."""
    upstream = () if remote.is_upstream else ("--set-upstream",)
    refspec = f"HEAD:{remote.ref}" if upstream else f"{commit}:{remote.ref}"
    options = ("--porcelain", "--no-follow-tags", *upstream)
    answer = repository.git.ask("push", *options, "--", remote.name, refspec, timeout=NETWORK_SECONDS)
    if answer.code == 0:
        return None
    said = answer.text + "\n" + answer.err
    if any(words in said for words in _OTHERS_WERE_FASTER) and not any(words in said for words in _NO_RACE):
        return Trouble("others were faster", raced=True)
    if _arrived(repository, remote, commit):
        return None
    return Trouble(_refused_push(answer))


def _merge(repository: Repository, tip: str) -> str | Trouble:
    git = repository.git
    answer = git.ask("merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", "HEAD", tip)
    parts = answer.text.split("\0")
    if answer.code == 1:
        names = ", ".join(f"'{name}'" for name in dict.fromkeys(filter(None, parts[1:])))
        return Trouble(f"your unshared commits and those of others changed the same lines of {names}")
    if answer.code != 0:
        return Trouble(_why(answer))
    head = git.run("rev-parse", "HEAD", reads=True).text
    signs = git.ask("config", "--type=bool", "--get", "commit.gpgsign", reads=True).text == "true"
    options = ["-S"] if signs else []
    made = git.ask("commit-tree", *options, "-p", head, "-p", tip, parts[0], stdin=b"Merge the shared branch\n")
    return made.text if made.code == 0 else Trouble(_why(made))


def _arrived(repository: Repository, remote: Remote, commit: str) -> bool:
    """After a push whose answer was lost, only the remote can tell whether it took place."""
    if fetch(repository, remote) is not None:
        return False
    tip = tip_of(repository, remote)
    if tip is None:
        return False
    return repository.git.ask("merge-base", "--is-ancestor", commit, tip, reads=True).code == 0


def _refused_push(answer: Answer) -> str:
    rejected = [line.split("\t")[-1] for line in answer.text.split("\n") if line.startswith("!")]
    told = [line.removeprefix("remote:").strip() for line in answer.err.split("\n") if line.startswith("remote:")]
    if rejected:
        words = "; ".join(filter(None, told[:3]))
        return f"the remote refused it: {rejected[0]}" + (f": {words}" if words else "")
    return _why(answer)


def _why(answer: Answer) -> str:
    return reason(answer.err).rstrip(".")


def _listed(error: str) -> str:
    names = [line.strip() for line in error.split("\n") if line.startswith("\t")]
    return ", ".join(f"'{name}'" for name in names[:5])
