"""Everything that is wrong in a workspace's files, each problem with its line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.files import CONFIG, PROCESSES, PROJECTS, read_text
from handrail.app.load import load_workspace
from handrail.base.errors import WrongUsage
from handrail.base.problem import Problem, sort_key
from handrail.model.workspace import Workspace

if TYPE_CHECKING:
    from handrail.reports.moment import Moment


def lint(root: Path, paths: Iterable[str] = (), *, now: datetime | None = None) -> tuple[Problem, ...]:
    """Find every problem of the workspace at `root`, by file and position; only below `paths` where some are given.

    Without `now` nothing is found that is wrong only because of the date.
    """
    return lint_workspace(root, load_workspace(root), paths, now=now)


def lint_workspace(
    root: Path,
    workspace: Workspace,
    paths: Iterable[str] = (),
    *,
    now: datetime | None = None,
    keep: Path | None = None,
) -> tuple[Problem, ...]:
    """Do the same for a workspace that is loaded already; `keep` is a folder where holidays are kept."""
    from handrail.app.links import dead_links
    from handrail.app.proof import evidence_digests
    from handrail.reports.check import check_evidence, check_workspace

    moment = _moment(workspace, now, keep) if now is not None else None
    proof = check_evidence(workspace, evidence_digests(root, workspace))
    found = {*workspace.problems, *check_workspace(workspace, moment), *proof, *dead_links(root, workspace)}
    wanted = tuple(paths)
    if wanted:
        found = {problem for problem in found if is_wanted(problem.place.path, wanted)}
    return _with_sources(root, sorted(found, key=sort_key))


def _moment(workspace: Workspace, now: datetime, keep: Path | None) -> Moment | None:
    """Give the moment, None in a workspace whose calendar cannot be reckoned in: that is a finding of its own."""
    from handrail.app.moment import moment_of
    from handrail.plan.holiday import CalendarError

    try:
        moment = moment_of(workspace.config, now, keep)
        moment.normal.start_of(moment.normal.local_date(now))
    except CalendarError:
        return None
    return moment


def workspace_path(root: Path, start: Path, path: str) -> str:
    """Give a path that a user typed as the workspace has it. Raises WrongUsage for one outside it."""
    full = Path(path) if Path(path).is_absolute() else start / path
    if not full.exists():
        raise WrongUsage(f"There is no file or folder `{path[:200]}`.")
    try:
        inner = full.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise WrongUsage(f"`{path[:200]}` lies outside the workspace.") from None
    if inner in {".", CONFIG} or inner.partition("/")[0] in {PROCESSES, PROJECTS}:
        return "" if inner == "." else inner
    hint = f"These are `{CONFIG}`, `{PROCESSES}/`, `{PROJECTS}/`."
    raise WrongUsage(f"`{path[:200]}` is no file of Handrail's.", hint)


def is_wanted(path: str, wanted: Iterable[str]) -> bool:
    """Tell whether a file is one of those, or below one of those folders."""
    return any(not one or path == one or path.startswith(f"{one}/") for one in wanted)


def _with_sources(root: Path, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Put the line that a problem speaks of beside it, where its finder had not the text at hand."""
    lines: dict[str, list[str]] = {}
    found: list[Problem] = []
    for problem in problems:
        path = problem.place.path
        if not problem.source and path not in lines:
            lines[path] = read_text(root, path)[0].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        number = problem.place.line - 1
        known = lines.get(path, [])
        source = problem.source or (known[number] if number < len(known) else "")
        found.append(replace(problem, source=source[:4000]))
    return tuple(found)
