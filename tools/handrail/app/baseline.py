"""Keeping a project's plan: `project baseline` writes it down, every report reads it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.act import Saved, save
from handrail.app.files import PROJECTS, decode
from handrail.base.errors import BrokenFiles, NotAllowed, WrongUsage
from handrail.base.problem import Problem, has_errors
from handrail.base.value import dataclass
from handrail.model.baseline import Baseline, BaselineTask
from handrail.model.people import Config

if TYPE_CHECKING:
    from handrail.reports.results import Overview
    from handrail.store.repository import Repository

FILE = "baseline.yml"
MOST_BASELINES = 50
_MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written: the baseline, its file, what git said."""

    baseline: Baseline
    path: str
    saved: Saved


def path_of(project: str) -> str:
    """Give where a project's baselines are kept."""
    return f"{PROJECTS}/{project}/{FILE}"


def load_baselines(root: Path, project: str, problems: list[Problem]) -> tuple[Baseline, ...]:
    """Read the baselines of a project; what is wrong with them goes into `problems`."""
    place = root / path_of(project)
    if not place.is_file() or place.is_symlink():
        return ()
    from handrail.format.baseline import read_baselines

    text, found = decode(path_of(project), place.read_bytes())
    problems.extend(found)
    if found:
        return ()
    reading = read_baselines(path_of(project), text)
    problems.extend(reading.problems)
    return reading.value or ()


def keep_baseline(
    repository: Repository,
    overview: Overview,
    project: str,
    name: str,
    *,
    who: str,
    config: Config,
    commit: bool = True,
) -> Kept:
    """Write the plan as it stands now at the end of the project's baseline file. `name` may be empty: the date.

    Raises NotAllowed where a baseline of that name is there or the plan has no tasks, BrokenFiles for a bad file.
    """
    made = picture(overview, project, " ".join(name.split()) or overview.moment.now.date().isoformat(), who)
    if len(made.name) > _MAX_NAME:
        raise WrongUsage(f"The name has {len(made.name)} characters, {_MAX_NAME} are allowed.", "Shorten it.")

    def transform(before: bytes | None) -> bytes:
        return _with(project, before, made)

    def message() -> str:
        from handrail.store.message import build_message

        trailers = [("Handrail-Action", "baseline"), ("Handrail-Project", project)]
        return build_message(f"baseline {project}: {made.name}", "", trailers)

    path = path_of(project)
    return Kept(made, path, save(repository, path, transform, message, config=config, commit=commit))


def picture(overview: Overview, project: str, name: str, who: str) -> Baseline:
    """Give the plan of a project at this moment as a baseline. Raises NotAllowed where there is nothing to keep."""
    from handrail.reports.cost import cost_of, effort_s

    plan, state = overview.plans.get(project), overview.projects.get(project)
    if plan is None or state is None or plan.start is None or plan.finish is None:
        raise NotAllowed(f"`{project}` has no tasks: there is no plan to keep.", "Write some tasks first.")
    time = state.time or overview.moment.normal
    leaves = [task for task in plan.tasks if not task.container]
    tasks = {
        task.item.id: BaselineTask(
            task.start,
            task.finish,
            effort_s(task, time),
            cost_of(task, overview.workspace.config, time).planned,
        )
        for task in leaves
    }
    budget = overview.workspace.projects[project].budget
    return Baseline(name, overview.moment.now, who, plan.start, plan.finish, budget, tasks)


def _with(project: str, before: bytes | None, made: Baseline) -> bytes:
    """Give the file with one more baseline at its end. The bytes that are there stay."""
    from handrail.format.baseline import HEAD, read_baselines, write_baseline

    path = path_of(project)
    text, found = decode(path, before or b"")
    reading = read_baselines(path, text) if not found else None
    if reading is None or has_errors(reading.problems):
        problems = reading.problems if reading else found
        raise BrokenFiles(f"`{path}` has errors.", problems, "Nothing was written. Mend it, then try again.")
    known = [baseline.name for baseline in reading.value or ()]
    if made.name in known:
        hint = f"Give it another name: `handrail project baseline {project} NAME`"
        raise NotAllowed(f"`{project}` has a baseline `{made.name}` already.", f"{hint} (a baseline never changes).")
    if len(known) >= MOST_BASELINES:
        raise NotAllowed(f"`{project}` has {len(known)} baselines already.", f"Take old ones out of `{path}`.")
    newline = "\r\n" if "\r\n" in text else "\n"
    if text.strip() and not known:
        raise BrokenFiles(f"`{path}` is there and holds no baseline.", (), "Move it away, then try again.")
    start = text if text.strip() else HEAD
    start += "" if start.endswith("\n") else newline
    return (start + write_baseline(made).replace("\n", newline)).encode()
