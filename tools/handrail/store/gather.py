"""`sync: branch`: where the main branch takes pull requests only, actions gather on a branch of the person's own.

The person stays on the main branch, and their files show what they did; nothing is switched. What goes to the remote
is a branch of their own (`handrail/ana`). When its pull request was merged, however the host does that, the clone's
main branch becomes the remote's again, with what has not been merged yet on top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handrail.store.git import network_seconds
from handrail.store.landing import arrived, moved_to, picked, undone_pairs
from handrail.store.remote import Remote, Trouble, catch_up, commit_at, distance, forward

if TYPE_CHECKING:
    from handrail.store.repository import Repository


def gathering(repository: Repository, remote: Remote, branch: str) -> Remote:
    """Where actions on `remote`'s branch go: to `branch` if that is the main branch, else where they went before."""
    main = default_branch(repository, remote.name)
    if main is not None and remote.branch != main:
        return remote
    return Remote(
        remote.name, f"refs/heads/{branch}", f"refs/remotes/{remote.name}/{branch}", is_upstream=True,
        main=f"refs/remotes/{remote.name}/{remote.branch}",
    )  # fmt: skip


def default_branch(repository: Repository, name: str) -> str | None:
    """The main branch of a remote: as the clone noted it, else as the remote says; None where neither tells."""
    prefix = f"refs/remotes/{name}/"
    noted = repository.git.ask("symbolic-ref", "--quiet", f"{prefix}HEAD", reads=True).text
    if noted.startswith(prefix):
        return noted.removeprefix(prefix)
    said = repository.git.ask("ls-remote", "--symref", "--", name, "HEAD", reads=True, timeout=network_seconds()).text
    for line in said.split("\n"):
        ref, _, what = line.partition("\t")
        if what == "HEAD" and ref.startswith("ref: refs/heads/"):
            main = ref.removeprefix("ref: refs/heads/")
            if commit_at(repository, f"{prefix}{main}"):  # noted, as `git clone` does, so as not to ask again
                repository.git.ask("symbolic-ref", f"{prefix}HEAD", f"{prefix}{main}")
            return main
    return None


def take(repository: Repository, remote: Remote) -> Trouble | None:
    """After a fetch: bring in the main branch and the person's own branch, each commit's content once."""
    return _take_main(repository, remote) or _take_own(repository, remote)


def waiting(repository: Repository, remote: Remote) -> int:
    """How many commits of this clone are not in the main branch yet, merges aside."""
    tip = commit_at(repository, remote.main)
    without = (f"^{tip}",) if tip else ()
    return int(repository.git.run("rev-list", "--count", "--no-merges", "HEAD", *without, "--", reads=True).text)


def _take_main(repository: Repository, remote: Remote) -> Trouble | None:
    tip, head = commit_at(repository, remote.main), commit_at(repository, "HEAD")
    if tip is None or tip == head:
        return None
    ours, theirs = distance(repository, tip) if head else (0, 1)
    if not (ours and theirs):
        return catch_up(repository, tip, has_commits=head is not None)
    commits = _commits(repository, "HEAD", tip)
    landed = arrived(repository, commits, tip)
    if not landed:
        return catch_up(repository, tip)
    rest = [commit for commit in commits if commit not in landed]
    target = picked(repository, undone_pairs(repository, rest), tip)
    return target if isinstance(target, Trouble) else moved_to(repository, target)


def _take_own(repository: Repository, remote: Remote) -> Trouble | None:
    """What the same person did in another clone; what of it was merged already stays where it is."""
    tip, main = commit_at(repository, remote.tracking), commit_at(repository, remote.main)
    head = commit_at(repository, "HEAD")
    if tip is None or tip == head:
        return None
    if head is None:
        return catch_up(repository, tip, has_commits=False)
    commits = _commits(repository, tip, "HEAD", *([main] if main else []))
    landed = arrived(repository, commits, head)
    rest = undone_pairs(repository, [commit for commit in commits if commit not in landed])
    if not rest:
        return None
    if not landed:
        return catch_up(repository, tip)
    target = picked(repository, rest, head)
    return target if isinstance(target, Trouble) else forward(repository, target)


def _commits(repository: Repository, tip: str, *without: str) -> list[str]:
    """The commits of `tip` that the others do not have, oldest first, without merges."""
    command = ("rev-list", "--reverse", "--topo-order", "--no-merges", tip, "--not", *without, "--")
    return repository.git.run(*command, reads=True).text.split()
