"""Procedures then and now: the files of an older commit beside those of the work tree."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from handrail.app.files import PROCESSES, README, RUNS, decode, read_text
from handrail.base.errors import GitRefused
from handrail.base.value import dataclass
from handrail.model.process import Process

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handrail.reports.procedure_diff import ProcedureDifference
    from handrail.reports.results import Overview
    from handrail.store.repository import Repository

_SHORT_ID = 12


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since the commit `base` (empty: since before the first one).

    `broken` are paths of changed procedures that have errors, so that what is said of them may be wrong.
    """

    base: str
    differences: tuple[ProcedureDifference, ...]
    broken: tuple[str, ...] = ()


def base_commit(repository: Repository, named: str = "") -> str:
    """Give the commit to compare with: where this branch left `named`, else its upstream, else the commit before.

    Empty where there is no commit before. Raises GitRefused where git does not know `named`.
    """
    if repository.head() is None:
        if named:
            raise GitRefused(f"Git knows no commit '{named}'.", "This repository has no commit yet.")
        return ""
    if named:
        return _common(repository, repository.git.resolve(named))
    head = repository.git.resolve("HEAD")
    for candidate in ("@{upstream}", "HEAD~1"):
        try:
            found = _common(repository, repository.git.resolve(candidate))
        except GitRefused:
            continue
        if found != head:
            return found
    return ""


def compare(repository: Repository, base: str, overview: Overview, *, only: str = "") -> Comparison:
    """Compare every procedure, or the one called `only`, of the commit `base` with the one that lies here."""
    old = _old_texts(repository, base)
    processes = overview.workspace.processes
    found, broken = [], []
    for name in sorted({*old, *processes}):
        path = f"{PROCESSES}/{name}/{README}"
        text = read_text(repository.root, path)[0] if name in processes else None
        if only not in ("", name) or _same(old.get(name), text):
            continue
        was, is_broken = _process(path, name, old.get(name))
        found.append(_difference(repository, overview, name, was))
        now_broken = any(one.level == "error" for one in overview.workspace.problems if one.place.path == path)
        broken += [path] * (is_broken or now_broken)
    return Comparison(base[:_SHORT_ID], tuple(found), tuple(broken))


def had_process(repository: Repository, base: str, name: str) -> bool:
    """Tell whether the commit `base` has a process of that whole id."""
    return name in _old_texts(repository, base)


def _difference(repository: Repository, overview: Overview, name: str, was: Process | None) -> ProcedureDifference:
    from handrail.reports.procedure_diff import procedure_difference

    now = overview.workspace.processes.get(name)
    revision = repository.blob_id(now.path) if now else ""
    return procedure_difference(was, now, runs=overview.runs.values(), revision=revision)


def _common(repository: Repository, commit: str) -> str:
    """Give where HEAD and a commit parted, the commit itself where nothing says (a shallow clone)."""
    answer = repository.git.ask("merge-base", commit, "HEAD", reads=True)
    return answer.text if answer.code == 0 else commit


def _same(was: str | None, now: str | None) -> bool:
    """Tell whether two texts are one but for the way in which their lines end."""
    if was is None or now is None:
        return was is now
    return was.replace("\r\n", "\n") == now.replace("\r\n", "\n")


def _old_texts(repository: Repository, base: str) -> Mapping[str, str]:
    if not base:
        return {}
    from handrail.store.objects import files_at

    paths = {_id(path): blob for path, blob in files_at(repository, base, [PROCESSES]).items() if _id(path)}
    contents = repository.blobs(tuple(paths.values()))
    return {name: decode(name, contents[blob])[0] for name, blob in sorted(paths.items()) if blob in contents}


def _id(path: str) -> str:
    """Give the id of the process that a path holds, empty where it holds none."""
    parts = PurePosixPath(path).parts
    inner = parts[1:-1]
    if parts[-1] != README or not inner or RUNS in inner or any(part.startswith(".") for part in inner):
        return ""
    return "/".join(inner)


def _process(path: str, name: str, text: str | None) -> tuple[Process | None, bool]:
    if text is None:
        return None, False
    from handrail.base.problem import has_errors
    from handrail.format.process import read_process
    from handrail.text.document import read_document

    reading = read_process(read_document(path, text), name)
    return reading.value, has_errors(reading.problems)
