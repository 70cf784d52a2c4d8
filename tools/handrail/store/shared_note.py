"""A small text that all clones share, outside the branches: a commit without history under a ref of its own.

It is written only where it is still what was read, so that of two who write at once one is told to look again.
"""

from __future__ import annotations

from handrail.base.errors import GitRefused
from handrail.base.value import dataclass
from handrail.store.git import network_seconds
from handrail.store.remote import remote_of
from handrail.store.repository import Repository

_FILE = "state"
_NONE = "0" * 40
_RACED = ("stale info", "[rejected]", "cannot lock ref", "failed to update ref", "fetch first")


@dataclass(frozen=True, slots=True)
class Note:
    """What was read: the text, and the commit that it was read from (empty: there is none yet)."""

    text: str = ""
    commit: str = ""


class SharedNote:
    """The text under one ref. Where the repository has no remote it is this clone's own."""

    def __init__(self, repository: Repository, ref: str) -> None:
        self._git = repository.git
        self._ref = ref
        remote = remote_of(repository, repository.position())
        self._remote = remote.name if remote else ""

    def read(self) -> Note:
        """Give it as it is now where it is shared. Raises GitRefused where that cannot be told."""
        if self._remote:
            seconds = network_seconds()
            asked = self._git.run("ls-remote", "--", self._remote, self._ref, reads=True, timeout=seconds).text
            if not asked.strip():
                return Note()
            refspec = f"+{self._ref}:{self._ref}"
            self._git.run("fetch", "--quiet", "--no-tags", "--", self._remote, refspec, timeout=seconds)
        commit = self._git.ask("rev-parse", "--verify", "--quiet", self._ref, reads=True).text.strip()
        if not commit:
            return Note()
        return Note(self._git.ask("cat-file", "blob", f"{commit}:{_FILE}", reads=True).text, commit)

    def write(self, text: str, read: Note) -> Note | None:
        """Write it where it is still as it was read, and give what is there now; None where others were faster."""
        blob = self._git.run("hash-object", "-w", "--stdin", stdin=text.encode()).text.strip()
        tree = self._git.run("mktree", stdin=f"100644 blob {blob}\t{_FILE}\n".encode()).text.strip()
        commit = self._git.run("commit-tree", "-m", "handrail", tree).text.strip()
        if self._remote and not self._pushed(commit, read.commit):
            return None
        answer = self._git.ask("update-ref", self._ref, commit, *(() if self._remote else (read.commit or _NONE,)))
        return Note(text, commit) if answer.code == 0 else None

    def _pushed(self, commit: str, old: str) -> bool:
        lease = f"--force-with-lease={self._ref}:{old}"
        refspec = f"{commit}:{self._ref}"
        answer = self._git.ask("push", "--quiet", lease, "--", self._remote, refspec, timeout=network_seconds())
        if answer.code == 0:
            return True
        if any(words in answer.err for words in _RACED):
            return False
        raise GitRefused(
            "What was sent cannot be noted where it is shared, so nothing was sent.",
            "The job needs the right to push (`contents: write`).",
        )
