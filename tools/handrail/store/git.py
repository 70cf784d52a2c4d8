"""Runs git. The only file of Handrail that starts a process.

GitPython is Handrail's way to git for objects, trees, history and remotes (`objects.py`, `history.py`). What an
action needs (where am I, may I, commit, fetch, push) goes through the narrow runner below instead, by measurement
on two cores: `import git` adds 92 ms to a command and starts a `git version` of its own, which no setting prevents,
while `subprocess` adds 8 ms; `handrail check` may take 350 ms in all. GitPython can add to the environment of git
but cannot take away from it, and a hook's inherited `GIT_INDEX_FILE` must not reach the git that commits.

Every call is a list of arguments, never a shell line; names that a user typed become object ids by `resolve` before
anything else sees them; paths are literal and stand behind `--`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from handrail.base.errors import GitRefused
from handrail.base.value import dataclass

_NETWORK_SECONDS = 20.0
TIMED_OUT = 124
_FOREIGN_LOCK_SECONDS = 5.0

# What a surrounding git (a hook, an alias, another repository's shell) sets for its own repository.
_INHERITED = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)
_SAYS_NOTHING = ("hint:", "warning:", "error: failed to push some refs", "To ")
_OURS = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one git process said: exit status, output and error text."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """The output as text without its last newline; undecodable bytes survive a round trip to a path."""
        return os.fsdecode(self.out).rstrip("\n")


@dataclass(frozen=True, slots=True)
class Git:
    """Git as seen from one folder."""

    folder: Path

    def run(
        self,
        *arguments: str,
        stdin: bytes | None = None,
        reads: bool = False,
        accept: tuple[int, ...] = (0,),
        timeout: float | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> Answer:
        """Run `git ARGUMENTS` and return its answer.

        `reads` promises that the call changes nothing, so that git takes no optional lock. `accept` holds the exit
        statuses that are answers; any other raises GitRefused with git's own reason. `timeout` is in seconds.
        `extra` is added to git's environment.
        """
        answer = self.ask(*arguments, stdin=stdin, reads=reads, timeout=timeout, extra=extra)
        if answer.code not in accept:
            raise refusal(answer.err, self.folder)
        return answer

    def ask(
        self,
        *arguments: str,
        stdin: bytes | None = None,
        reads: bool = False,
        timeout: float | None = None,
        started: Callable[[int], None] | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> Answer:
        """Run `git ARGUMENTS` and return its answer whatever the exit status is. TIMED_OUT stands for a time-out.

        `started` is told the process id as soon as there is one.
        """
        command = [_program(), "-C", str(self.folder), *arguments]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**environment(os.environ, reads=reads), **(extra or {})},
            )
        except FileNotFoundError:
            raise GitRefused(
                "Git was not found.", "Install git 2.38 or newer, and see that it is on the PATH."
            ) from None
        except ValueError:  # the only one that arguments can cause
            raise GitRefused("A name with a NUL character in it names nothing.") from None
        except OSError as error:
            raise GitRefused(f"Git could not be started: {error.strerror}.") from None
        if started is not None:
            started(process.pid)
        return _finish(process, stdin, timeout)

    def resolve(self, revision: str) -> str:
        """The id of the commit that a user's `revision` names. Raises GitRefused where there is none."""
        answer = self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", reads=True)
        if answer.code != 0:
            raise GitRefused(f"Git knows no commit '{revision}'.", "Name a commit, a branch or a tag of this clone.")
        return answer.text


def network_seconds() -> float:
    """How long a remote may take to answer: `HANDRAIL_NETWORK_SECONDS`, else 20 seconds."""
    try:
        wish = float(os.environ.get("HANDRAIL_NETWORK_SECONDS", ""))
    except ValueError:
        return _NETWORK_SECONDS
    return wish if 0 < wish < 3600 else _NETWORK_SECONDS


def environment(inherited: Mapping[str, str], *, reads: bool) -> dict[str, str]:
    """The environment for git: the caller's, without another repository's settings, in the C locale."""
    result = {name: value for name, value in inherited.items() if name not in _INHERITED}
    result.update(_OURS)
    if reads:
        result["GIT_OPTIONAL_LOCKS"] = "0"
    return result


def refusal(error_text: str, folder: Path) -> GitRefused:
    """Git's error text as a sentence and a way out."""
    for pattern, sentence, hint in _KNOWN:
        found = pattern.search(error_text)
        if found:
            values = {"folder": str(folder), "what": found.group(1) if pattern.groups else ""}
            return GitRefused(sentence.format(**values), hint.format(**values))
    return GitRefused(f"Git refused: {reason(error_text)}")


def reason(error_text: str) -> str:
    """The line of git's error text that says why, without git's prefixes; hook output is kept in order."""
    lines = [line.strip() for line in error_text.replace("\r", "\n").split("\n")]
    lines = [line for line in lines if line and not line.startswith(_SAYS_NOTHING)]
    for prefix in ("fatal: ", "error: "):
        for line in lines:
            if line.startswith(prefix):
                return line.removeprefix(prefix).rstrip(".") + "."
    said = "; ".join(line.removeprefix("remote: ") for line in lines[:6])
    return said.rstrip(".") + "." if said else "it gave no reason."


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask git, and ask again for some seconds while another program (an editor's git) holds one of git's locks."""
    give_up = time.monotonic() + _FOREIGN_LOCK_SECONDS
    pause = 0.02
    while True:
        answer = ask()
        if answer.code == 0 or ".lock': File exists" not in answer.err or time.monotonic() > give_up:
            return answer
        time.sleep(pause)
        pause = min(pause * 2, 0.4)


def _finish(process: subprocess.Popen[bytes], stdin: bytes | None, timeout: float | None) -> Answer:
    try:
        out, err = process.communicate(stdin, timeout=timeout)
    except subprocess.TimeoutExpired:
        _end(process)
        return Answer(TIMED_OUT, b"", f"fatal: no answer within {timeout:.0f} seconds")
    except BaseException:
        _end(process)
        raise
    return Answer(process.returncode, out, err.decode("utf-8", "replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    # On SIGTERM git removes its lock files and ends its helpers (ssh, https); on SIGKILL it cannot.
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _program() -> str:
    if sys.platform != "win32":
        return "git"
    # Windows would look into the current folder first, which may be anybody's clone.
    import shutil

    return shutil.which("git", path=os.environ.get("PATH", "")) or "git"


_IDENTITY_HINT = (
    "Tell git once: `git config --global user.name 'Your Name'` and `git config --global user.email you@example.org`."
)
_KNOWN = (
    (
        re.compile(r"detected dubious ownership"),
        "Git does not trust this folder, because it belongs to another user of this machine.",
        "If you trust it: `git config --global --add safe.directory '{folder}'`.",
    ),
    (
        re.compile(r"not a git repository"),
        "'{folder}' is not inside a git repository.",
        "Go to a clone of the workspace, or make one here: `handrail init`.",
    ),
    (
        re.compile(r"tell me who you are|unable to auto-detect email|empty ident name|no (?:email|name) was given"),
        "Git does not know who you are.",
        _IDENTITY_HINT,
    ),
    (
        re.compile(r"'([^'\n]*(?:index|HEAD|refs[^'\n]*)\.lock)': File exists"),
        "Another git process is at work in this clone (it holds '{what}').",
        "Try again when it has finished. If no git is running any more, delete that file.",
    ),
    (
        re.compile(
            r"^(?:error|fatal): .*(?:No space left on device|Disk quota exceeded|Out of diskspace)", re.MULTILINE
        ),
        "There is no space left on the disk: git could not write.",
        "Make room, then try again.",
    ),
    (
        re.compile(r"^(?:error|fatal): .*((?:couldn't|unable to) write[^\n]*)", re.MULTILINE),
        "Git stopped: {what}.",
        "Is there space left on the disk (`df .`), and may you write there?",
    ),
    (
        re.compile(r"due to empty commit message"),
        "Git found the message of the commit empty.",
        "Either there is no space left on the disk, or a commit-msg hook emptied it.",
    ),
    (
        re.compile(r"^error: insufficient permission .* repository database (\S+)", re.MULTILINE),
        "Permission denied: git may not write into '{what}'.",
        "See whom it belongs to: `ls -ld {what}`.",
    ),
    (
        re.compile(r"(?:gpg|ssh-keygen|gpgsm)?.*failed to (?:sign the data|write commit object)", re.IGNORECASE),
        "Git could not sign the commit.",
        "Check `git config user.signingkey` and that the key is at hand: `git commit --allow-empty -S` shows more.",
    ),
)
