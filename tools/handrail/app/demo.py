"""A workspace full of invented work: the sample company with a history that ends at a given moment.

Everything in it went through the rules that hold for everybody and is written as Handrail writes it; only the
commits are made by one git process, because ten thousand runs are some two hundred thousand of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from handrail.app.demo_project import moved, project_history
from handrail.app.demo_run import Fate, Simulation, Version
from handrail.app.demo_samples import read_samples
from handrail.app.demo_words import Chooser
from handrail.base.errors import WrongUsage
from handrail.format.config import read_config
from handrail.format.fill import fill
from handrail.format.process import read_process
from handrail.format.run import run_path
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.plan.worktime import working_time
from handrail.rules.begin import new_run
from handrail.store.fastimport import History, PastCommit, configure
from handrail.text.document import read_document
from handrail.text.plain import slug

YOU = "mara"
AGENCY = "projects/spring-campaign/README.md"
SHARES = {
    "customer-onboarding": 30,
    "publishing/article": 25,
    "ops/incident-response": 16,
    "vendor-onboarding": 13,
    "hr/new-hire": 11,
    "release": 5,
}
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Company:
    """The sample company, read: its rules of time, its procedures with git's ids of their texts."""

    files: Mapping[str, str]
    config: Config
    processes: Mapping[str, Process]
    revisions: Mapping[str, str]
    normal: WorkingTime
    always: WorkingTime

    def time(self, process: Process) -> WorkingTime:
        """Give the working time that a process's runs count in."""
        return self.always if process.calendar == "always" else self.normal


@dataclass(frozen=True, slots=True)
class Opening:
    """A run that will be started: of which process, when, with which values beyond the invented ones."""

    process: str
    start: datetime
    fields: Mapping[str, str]


def build_demo(
    directory: Path,
    *,
    runs: int,
    months: int,
    seed: int,
    now: datetime,
    progress: Progress = lambda done, total: None,
) -> None:
    """Make the demo workspace in `directory`, which must be empty or not exist yet.

    Its history covers `months` months of 30 days, has `runs` runs and ends at `now` (aware). The same `seed` and
    `now` give the same commits. `progress` is called with the number of runs written and their total. Whoever works
    in it acts as Mara. Raises WrongUsage for a directory that is not empty, GitRefused where git fails.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise WrongUsage(f"'{directory}' is not empty.", "Name a folder that does not exist yet.")
    now = now.replace(microsecond=0)
    first = now - timedelta(days=30 * months)
    company = read_company(now)
    commits: list[tuple[Version, str, int]] = []
    with History(directory) as history:
        for path, text, versions in _projects(company, first):
            commits += [(version, path, history.content(version.text.encode())) for version in versions]
            company = replace(company, files={**company.files, path: text})
        beginning = {path: history.content(text.encode()) for path, text in company.files.items()}
        taken: set[str] = set()
        for number, opening in enumerate(_openings(company, runs, first, now, Random(seed))):
            run, lived = _live(company, opening, Random(f"{seed} {number}"), now, taken)
            commits += [(version, run.path, history.content(version.text.encode())) for version in lived]
            progress(number + 1, runs)
        _write_commits(history, company.config, first, beginning, commits)
    you = company.config.person(YOU)
    configure(directory, you.shown, (*you.email, "mara@example.org")[0])


def read_company(now: datetime) -> Company:
    """Read the sample company, its projects moved so that they stand at `now` as they were written to stand."""
    files = {path: data.decode() for path, data in read_samples().items()}
    projects = {path: text for path, text in files.items() if path.startswith("projects/") and path.endswith(".md")}
    files |= moved(projects, now)
    config = read_config("handrail.yml", files["handrail.yml"]).value or Config()
    processes: dict[str, Process] = {}
    revisions: dict[str, str] = {}
    for path, text in files.items():
        if path.startswith("processes/") and path.endswith("/README.md"):
            id = path.removeprefix("processes/").removesuffix("/README.md")
            process = read_process(read_document(path, text), id).value
            if process is not None:
                processes[id] = process
                revisions[id] = _blob_id(text.encode())
    always = replace(config.calendar, always=True)
    return Company(files, config, processes, revisions, working_time(config.calendar), working_time(always))


def _blob_id(data: bytes) -> str:
    """Give git's own id of a file's content."""
    return hashlib.sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()


def _projects(company: Company, first: datetime) -> Iterator[tuple[str, str, tuple[Version, ...]]]:
    for path, text in company.files.items():
        if path.startswith("projects/") and path.endswith("/README.md"):
            yield path, *project_history(path, text, first)


def _openings(company: Company, runs: int, first: datetime, now: datetime, random: Random) -> tuple[Opening, ...]:
    """Say which runs start when: the closing of each month, the rest spread with more of them lately."""
    found = list(_closings(company, first, now))[: runs // 8]
    span = (now - first).total_seconds()
    names = [name for name in SHARES if name in company.processes]
    while names and len(found) < runs:
        name = random.choices(names, [SHARES[one] for one in names])[0]
        share = random.random() if random.random() < 0.75 else 1 - random.random() * 0.2
        start = first + timedelta(seconds=round(span * (0.01 + 0.985 * share)))
        if company.processes[name].calendar != "always":
            day = company.normal.start_of(company.normal.local_date(start))
            start = company.normal.add(day, Duration(round(random.uniform(0.2, 7), 2), "h")).replace(microsecond=0)
        if start < now - timedelta(minutes=20):
            found.append(Opening(name, start, {}))
    return tuple(sorted(found, key=lambda opening: (opening.start, opening.process)))


def _closings(company: Company, first: datetime, now: datetime) -> Iterator[Opening]:
    if "finance/month-end-close" not in company.processes:
        return
    day = now.date().replace(day=1)
    while day > first.date():
        month = (day - timedelta(days=1)).strftime("%Y-%m")
        start = company.normal.start_of(day) + timedelta(minutes=30)
        if first < start < now:
            yield Opening("finance/month-end-close", start, {"month": month})
        day = (day - timedelta(days=1)).replace(day=1)


def _live(
    company: Company, opening: Opening, random: Random, now: datetime, taken: set[str]
) -> tuple[Run, tuple[Version, ...]]:
    process = company.processes[opening.process]
    run = _new_run(company, process, opening, random, taken)
    fate = _fate(random, now - opening.start)
    simulation = Simulation(
        run, process, company.config, company.time(process), now, random, fate, opening.start.replace(microsecond=0)
    )
    return run, simulation.live()


def _new_run(company: Company, process: Process, opening: Opening, random: Random, taken: set[str]) -> Run:
    chooser = Chooser(random)
    later = {name for item in _asking(process) for name in item}
    fields = {
        field.name: chooser.value(field, opening.start, (35, 60) if process.id == "hr/new-hire" else (12, 30))
        for field in process.fields
        if field.required or field.name not in later
    }
    made = new_run(
        process,
        title="",
        fields={**fields, **opening.fields},
        roles={},
        by=process.owner.lstrip("@") or YOU,
        now=opening.start,
        due=None,
        project="",
        parent="",
        revision=company.revisions[process.id],
        run_id="new",
        config=company.config,
        time=company.time(process),
        fill=fill,
    )
    if not isinstance(made, Run):
        raise TypeError(f"{process.id}: {made.message}")
    base = f"{process.id}/{company.normal.local_date(opening.start).isoformat()}-{slug(made.title, 'run')}"
    id = base
    number = 2
    while id in taken:
        id = f"{base}-{number}"
        number += 1
    taken.add(id)
    return replace(made, id=id, path=run_path(id))


def _asking(process: Process) -> Iterator[tuple[str, ...]]:
    from handrail.model.item import walk

    for item in walk(process.items):
        yield item.attributes.ask


def _fate(random: Random, age: timedelta) -> Fate:
    """Say what becomes of a run. Only runs that are not old stay lying: the others were finished, late or not."""
    chance = random.random()
    share = random.uniform(0.15, 0.85)
    if chance < 0.18 and age < timedelta(days=50):
        return Fate(stops=share)
    if chance < 0.23:
        return Fate(cancelled=share)
    if chance < 0.38:
        return Fate(blocked=share)
    return Fate(pace=random.uniform(1.8, 3.0)) if chance < 0.5 else Fate(pace=random.uniform(0.5, 1.2))


def _write_commits(
    history: History,
    config: Config,
    first: datetime,
    beginning: Mapping[str, int],
    commits: list[tuple[Version, str, int]],
) -> None:
    start = PastCommit(first, *_signature(config, YOU), "Write down how we work\n", beginning)
    history.commit(start)
    for version, path, mark in sorted(commits, key=lambda one: one[0].when):
        history.commit(PastCommit(version.when, *_signature(config, version.who), version.message, {path: mark}))


def _signature(config: Config, who: str) -> tuple[str, str]:
    person = config.person(who)
    return person.shown, (*person.email, f"{who}@example.org")[0]
