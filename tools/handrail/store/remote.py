"""The other end: fetching, catching up and pushing, with the reason where it does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handrail.base.value import dataclass
from handrail.store import journal
from handrail.store.git import TIMED_OUT, Answer, network_seconds, patiently, reason
from handrail.store.silence import note_answer, note_silence

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
    """A remote's branch: the remote's `name`, the full `ref` there, and the `tracking` ref that mirrors it here.

    `main` is the branch that takes pull requests only, as a full ref here (its mirror), where what is done on it goes
    to `ref` instead; else empty. `patience` multiplies the time in which it must answer.
    """

    name: str
    ref: str
    tracking: str
    is_upstream: bool
    main: str = ""
    patience: float = 1.0

    @property
    def branch(self) -> str:
        """The branch's short name."""
        return self.ref.removeprefix("refs/heads/")

    @property
    def main_branch(self) -> str:
        """The short name of the branch that takes pull requests only; empty where there is none."""
        return self.main.removeprefix(f"refs/remotes/{self.name}/")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why sharing did not work.

    `raced` tells that others were faster, so that trying again helps; `hint` what to do, where that is known.
    """

    sentence: str
    raced: bool = False
    hint: str = ""


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
    """Bring the tracking refs up to date.

    A branch that the remote does not have yet is no trouble; one that is gone from it is.
    """
    options: tuple[str, ...] = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
    refspecs = [f"+{remote.ref}:{remote.tracking}"]
    if remote.main:
        # The star lets git forget the branch when the host has deleted it after the merge.
        options = (*options, "--prune")
        refspecs = [f"+refs/heads/{remote.main_branch}:{remote.main}", f"+{remote.ref}*:{remote.tracking}*"]
    for _ in range(_FETCH_TRIES):
        answer = _over_network(repository, remote, "fetch", *options, "--", remote.name, *refspecs)
        if answer.code == 0:
            return None
        if "couldn't find remote ref" in answer.err:
            return _gone(repository, remote)
        if "cannot lock ref" not in answer.err:  # an editor's own fetch may hold it for a moment
            break
    return Trouble(why(answer))


def _over_network(repository: Repository, remote: Remote, *command: str) -> Answer:
    answer = repository.git.ask(*command, timeout=network_seconds() * remote.patience)
    if answer.code == TIMED_OUT:
        note_silence(repository.keep, remote.name)
    elif answer.code == 0:
        note_answer(repository.keep)
    return answer


def _gone(repository: Repository, remote: Remote) -> Trouble | None:
    """A branch that was there before and is not any more was renamed or merged: pushing would bring it back."""
    mirror, name = (remote.main, remote.main_branch) if remote.main else (remote.tracking, remote.branch)
    if commit_at(repository, mirror) is None:
        return None
    hint = (
        f"If it was renamed: `git branch -m NEW`, `git fetch`, `git branch -u {remote.name}/NEW`, `git remote set-head "
        f"{remote.name} --auto`. If it was merged: go on with the main branch. To bring it back: `git push "
        f"{remote.name} {name}`."
    )
    return Trouble(f"'{remote.name}' has no branch '{name}' any more", hint=hint)


def tip_of(repository: Repository, remote: Remote) -> str | None:
    """The remote branch's commit, as last fetched."""
    return commit_at(repository, remote.tracking)


def commit_at(repository: Repository, ref: str) -> str | None:
    """The commit that a full ref of this clone names."""
    answer = repository.git.ask("rev-parse", "--verify", "--quiet", ref, reads=True)
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
    target = merge_of(repository, tip) if ours else tip
    return target if isinstance(target, Trouble) else forward(repository, target)


def forward(repository: Repository, target: str) -> Trouble | None:
    """Move the branch and the files to `target`, a descendant of the present commit."""
    return move(
        repository, target, "-c", "merge.autoStash=false", "merge", "--quiet", "--ff-only", "--no-autostash", target
    )


def move(repository: Repository, target: str, *command: str) -> Trouble | None:
    """Move the branch and the files to `target` by a git command; whoever finds it killed halfway takes it back."""
    journal.begin_move(repository, commit_at(repository, "HEAD"), target)
    answer = patiently(lambda: repository.git.ask(*command, started=lambda pid: journal.note(repository, pid)))
    journal.end(repository)
    if answer.code == 0:
        return None
    if "would be overwritten" in answer.err:
        return Trouble(f"others have changed what you have changed too and not committed: {_listed(answer.err)}.")
    return Trouble(why(answer))


def push(repository: Repository, remote: Remote, commit: str) -> Trouble | None:
    """Send `commit` as the remote's branch. None when it is there."""
    upstream = () if remote.is_upstream else ("--set-upstream",)
    refspec = f"HEAD:{remote.ref}" if upstream else f"{commit}:{remote.ref}"
    options = ("--porcelain", "--no-follow-tags", *upstream, *_lease(repository, remote, commit))
    answer = _over_network(repository, remote, "push", *options, "--", remote.name, refspec)
    if answer.code == 0:
        return None
    if answer.code == TIMED_OUT:  # whether it arrived, the next fetch tells; asking now would wait as long again
        return Trouble(why(answer))
    said = answer.text + "\n" + answer.err
    if any(words in said for words in _OTHERS_WERE_FASTER) and not any(words in said for words in _NO_RACE):
        return Trouble("others were faster", raced=True)
    if _arrived(repository, remote, commit):
        return None
    return Trouble(_refused_push(answer))


def _lease(repository: Repository, remote: Remote, commit: str) -> tuple[str, ...]:
    """A person's own branch whose work was merged may be begun anew, if it is still as we know it."""
    tip = tip_of(repository, remote) if remote.main else None
    if tip is None or repository.git.ask("merge-base", "--is-ancestor", tip, commit, reads=True).code == 0:
        return ()
    return (f"--force-with-lease={remote.ref}:{tip}",)


def merge_of(repository: Repository, tip: str) -> str | Trouble:
    """A commit that merges `tip` into the present one; no file and no branch changes."""
    git = repository.git
    tree = merged_tree(repository, "HEAD", tip)
    if isinstance(tree, Trouble):
        return tree
    head = git.run("rev-parse", "HEAD", reads=True).text
    parents = ("-p", head, "-p", tip)
    made = git.ask("commit-tree", *signing(repository), *parents, tree, stdin=b"Merge the shared branch\n")
    return made.text if made.code == 0 else Trouble(why(made))


def merged_tree(repository: Repository, ours: str, theirs: str) -> str | Trouble:
    """The tree that git's own merge of two commits gives."""
    answer = repository.git.ask("merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", ours, theirs)
    parts = answer.text.split("\0")
    if answer.code == 0:
        return parts[0]
    if answer.code != 1:
        return Trouble(why(answer))
    names = ", ".join(f"'{name}'" for name in dict.fromkeys(filter(None, parts[1:])))
    return Trouble(f"your unshared commits and those of others changed the same lines of {names}")


def signing(repository: Repository) -> tuple[str, ...]:
    """What makes `commit-tree` sign where `git commit` would."""
    wish = repository.git.ask("config", "--type=bool", "--get", "commit.gpgsign", reads=True).text
    return ("-S",) if wish == "true" else ()


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
    return why(answer)


def why(answer: Answer) -> str:
    """Git's own reason, without a full stop."""
    return reason(answer.err).rstrip(".")


def _listed(error: str) -> str:
    names = [line.strip() for line in error.split("\n") if line.startswith("\t")]
    return ", ".join(f"'{name}'" for name in names[:5])
