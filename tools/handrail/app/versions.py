"""What changed in procedures lately: their newest revisions in git, each compared with the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from handrail.app.files import decode
from handrail.app.names import person_of
from handrail.base.value import dataclass
from handrail.model.process import Process
from handrail.model.workspace import Workspace

if TYPE_CHECKING:
    from handrail.reports.procedure_diff import ProcedureDifference
    from handrail.store.repository import Repository
    from handrail.store.revisions import Revision

MOST_VERSIONS = 5


@dataclass(frozen=True, slots=True)
class Version:
    """One revision of a procedure: who committed it when (UTC), and what it changed."""

    commit: str
    time: datetime
    who: str
    difference: ProcedureDifference


def versions(repository: Repository, workspace: Workspace) -> Mapping[str, tuple[Version, ...]]:
    """Give the newest revisions of each process that changed something in it, the newest first, by its id."""
    from handrail.store.revisions import revisions

    paths = {process.path: process for process in workspace.processes.values()}
    history = revisions(repository, tuple(paths), MOST_VERSIONS)
    wanted = {blob for found in history.values() for one in found for blob in (one.was, one.now) if blob}
    contents = repository.blobs(tuple(sorted(wanted)))
    found = {}
    for path, process in paths.items():
        made = (_version(workspace, process, one, contents) for one in history.get(path, ()))
        found[process.id] = tuple(one for one in made if one is not None)
    return {id: some for id, some in found.items() if some}


def _version(
    workspace: Workspace, process: Process, revision: Revision, contents: Mapping[str, bytes]
) -> Version | None:
    """Give what a revision changed, None where it changed nothing that means anything."""
    from handrail.reports.procedure_diff import procedure_difference

    was, now = (_read(process, contents.get(blob)) for blob in (revision.was, revision.now))
    if now is None or (was is None and revision.was):
        return None
    difference = procedure_difference(was, now)
    if was is not None and not difference.front and not difference.steps:
        return None
    return Version(revision.commit, revision.time, person_of(workspace.config, revision), difference)


def _read(process: Process, content: bytes | None) -> Process | None:
    if content is None:
        return None
    from handrail.format.process import read_process
    from handrail.text.document import read_document

    return read_process(read_document(process.path, decode(process.path, content)[0]), process.id).value
