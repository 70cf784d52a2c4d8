"""Evidence that is a file: referred to where git has it as it is, else copied beside the run or project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.names import Named
from handrail.base.errors import GitRefused, HandrailError
from handrail.base.value import dataclass
from handrail.store.incoming import read_incoming

if TYPE_CHECKING:
    from handrail.model.workspace import Workspace
    from handrail.store.repository import Repository

FILES = "files"
_ENDING = re.compile(r"\.([a-z0-9]{1,10})\Z")
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\n")
_MOST_COPIES = 1000


@dataclass(frozen=True, slots=True)
class Proof:
    """A file that came as evidence: its name, content and SHA-256. `path` is where git has it already, else empty."""

    name: str
    data: bytes
    digest: str
    path: str = ""


def read_proof(repository: Repository, place: Path, shown: str, most: int) -> Proof:
    """Read the file at `place` as evidence of at most `most` bytes. Writes nothing.

    Raises WrongUsage where there is none, NotAllowed for what cannot be evidence: a link, a folder, an empty file.
    """
    data = read_incoming(place, most, shown)
    digest = sha256(data).hexdigest()
    return Proof(place.name, data, digest, _tracked(repository, place))


def proof_path(repository: Repository, target: Named, item: str, proof: Proof) -> str:
    """Give the path that a file gets as evidence for an item: one that is free, or that holds the same content.

    The name holds only what every system can write: `runs/<run>/<step>-<name>`, for a project `files/<task>-<name>`.
    """
    if proof.path:
        return proof.path
    folder = target.path.removesuffix(".md") if target.kind == "run" else f"{target.path.rpartition('/')[0]}/{FILES}"
    stem, ending = safe_name(proof.name)
    for number in range(1, _MOST_COPIES):
        path = f"{folder}/{_word(item)}-{stem}{f'-{number}' if number > 1 else ''}{ending}"
        present = repository.read_or_none(path)
        if present is None or present == proof.data:
            return path
    raise GitRefused(f"There are {_MOST_COPIES} files called like `{proof.name[:80]}` already.", "Rename the file.")


def safe_name(name: str) -> tuple[str, str]:
    """Give a file's name in lower-case ASCII words, and its ending with the dot (empty where it has none)."""
    ending = _ENDING.search(name.lower())
    return _word(name[: ending.start()] if ending else name, "file"), ending[0] if ending else ""


def evidence_digests(root: Path, workspace: Workspace) -> Mapping[str, frozenset[str]]:
    """Give the SHA-256 of every file that an event names as evidence, by path; files that cannot be read are left out.

    A text has three: as it is, and with either kind of line ends, since git may give each clone its own kind. A file
    that stands for a large one kept elsewhere (Git LFS) has the one that it names.
    """
    from handrail.reports.check import evidence_events
    from handrail.store.paths import read_bytes

    found: dict[str, frozenset[str]] = {}
    for path in {event.value("file") for event in evidence_events(workspace)}:
        try:
            data = read_bytes(root, path)
        except HandrailError:
            continue
        if data is not None:
            found[path] = frozenset(_digests(data))
    return found


def _digests(data: bytes) -> Iterator[str]:
    yield sha256(data).hexdigest()
    pointer = _POINTER.match(data)
    if pointer:
        yield pointer[1].decode()
    if b"\0" not in data and b"\n" in data:
        unix = data.replace(b"\r\n", b"\n")
        yield sha256(unix).hexdigest()
        yield sha256(unix.replace(b"\n", b"\r\n")).hexdigest()


def _word(text: str, otherwise: str = "item") -> str:
    from handrail.text.plain import slug

    return slug(text.replace("_", "-"), otherwise)


def _tracked(repository: Repository, place: Path) -> str:
    """Give the path of a file that is in git and as in the last commit; empty for every other file."""
    try:
        path = (place.parent.resolve() / place.name).relative_to(repository.root.resolve()).as_posix()
        if '"' in path or "\\" in path or repository.position(path).marks:
            return ""
    except (ValueError, HandrailError):
        return ""
    return path if repository.git.ask("ls-files", "--error-unmatch", "--", path, reads=True).code == 0 else ""
