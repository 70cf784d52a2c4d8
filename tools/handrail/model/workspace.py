"""Everything that a repository says, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.model.baseline import Baseline
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.project import Project
from handrail.model.run import Run


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace as its files say it, each mapping in the order of ids. `problems` are all that was found.

    `pinned` holds procedures at the revision that a run follows, by that revision, where they differ from
    today's and could be read. `baselines` holds the plans that were kept, by project, in the order of their making.
    """

    config: Config = Config()
    processes: Mapping[str, Process] = field(default_factory=dict)
    runs: Mapping[str, Run] = field(default_factory=dict)
    projects: Mapping[str, Project] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    pinned: Mapping[str, Process] = field(default_factory=dict)
    baselines: Mapping[str, tuple[Baseline, ...]] = field(default_factory=dict)

    def procedure(self, run: Run) -> Process | None:
        """Give the procedure that a run follows: the pinned one, else today's, else None."""
        return self.pinned.get(run.revision) or self.processes.get(run.process)
