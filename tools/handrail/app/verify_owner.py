"""Procedures that changed without their owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from handrail.app.files import decode
from handrail.app.verify_people import named_people
from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.reports.verify_case import problem

if TYPE_CHECKING:
    from handrail.app.verify import Judging
    from handrail.store.range import Commit, FileChange

_HINT = "a commit or a merge by the owner, or a trailer such as `Reviewed-by:`, says that the owner agrees"


def unreviewed(judging: Judging, commit: Commit, change: FileChange) -> Iterator[Problem]:
    """Report a procedure that was changed or deleted without its owner: the one whom it had before."""
    if not change.old:
        return
    owner = _owner(judging, change.path, change.old)
    config = judging.config(commit)
    if not owner:
        return
    may = set(config.members(owner))
    by = {*judging.reviewers(commit), *named_people(config, judging.reviewed_by)}
    if may & by:
        return
    what = "changed" if change.new else "deleted"
    line = _line_of(judging, change) if change.new else 1
    message = f"the procedure was {what}, and its owner @{owner} neither wrote nor reviewed that"
    yield problem("owner-missing", Place(change.path, line), message, _HINT)


def _owner(judging: Judging, path: str, id: str) -> str:
    from handrail.format.process import read_process
    from handrail.text.document import read_document
    from handrail.text.front import head_of

    text, problems = decode(path, judging.library.content(id) or b"")
    if problems:
        return ""
    process = read_process(read_document(path, head_of(text)), "").value
    return process.owner if process else ""


def _line_of(judging: Judging, change: FileChange) -> int:
    """Give the first line that is different."""
    old, new = (
        (judging.library.content(id) or b"").decode("utf-8", "replace").split("\n") for id in (change.old, change.new)
    )
    pairs = enumerate(zip(old, new, strict=False), 1)
    return next((number for number, (one, other) in pairs if one != other), min(len(old), len(new)))
