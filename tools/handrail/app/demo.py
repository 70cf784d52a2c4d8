"""A workspace full of invented work: the sample company with a history that ends at a given moment.

Everything in it went through the rules that hold for everybody and is written as Handrail writes it; only the
commits are made by one git process, because ten thousand runs are some two hundred thousand of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

from handrail.app.demo_again import Life, Lives, again, simple
from handrail.app.demo_project import moved, project_history
from handrail.app.demo_run import Fate, Simulation, Version
from handrail.app.demo_samples import read_samples
from handrail.app.demo_words import Chooser
from handrail.base.errors import WrongUsage
from handrail.base.value import dataclass
from handrail.format.config import read_config
from handrail.format.fill import fill
from handrail.format.process import read_process
from handrail.format.run import run_path
from handrail.model.calendar import Duration, WorkingTime
from handrail.model.item import walk
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.plan.worktime import working_time
from handrail.rules.begin import new_run
from handrail.store.fastimport import History, PastCommit, configure
from handrail.text.document import read_document
from handrail.text.plain import slug

_DATED = (".md", "/baseline.yml")
YOU = "mara"
MOST_TRIES = 3
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
    project: str = ""


@dataclass(slots=True)
class Names:
    """The names that runs have already, so that each gets one of its own."""

    taken: set[str] = field(default_factory=set)
    tried: int = 0

    def is_new(self, process: str, title: str) -> bool:
        """Tell whether a title should be taken: because no run of the process has it, or after some tries."""
        self.tried += 1
        if f"{process}: {title}" in self.taken and self.tried < MOST_TRIES:
            return False
        self.taken.add(f"{process}: {title}")
        self.tried = 0
        return True

    def give(self, process: str, day: date, title: str) -> str:
        """Give `<day>-<slug of the title>`, with `-2`, `-3` where another run of the process has it."""
        base = f"{day.isoformat()}-{slug(title, 'run')}"
        name = next(one for one in _numbered(base) if f"{process}/{one}" not in self.taken)
        self.taken.add(f"{process}/{name}")
        return name


def _numbered(base: str) -> Iterator[str]:
    yield base
    for number in count(2):
        yield f"{base}-{number}"


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
    commits: list[PastCommit] = []
    with History(directory) as history:
        for path, text, versions in _projects(company, first):
            commits += _commits(history, company.config, path, versions)
            company = replace(company, files={**company.files, path: text})
        beginning = {path: history.content(text.encode()) for path, text in company.files.items()}
        names = Names()
        lives = Lives()
        for number, opening in enumerate(_openings(company, runs, first, now, Random(seed))):
            path, lived = _live(company, opening, Random(f"{seed} {number}"), now, names, lives)
            commits += _commits(history, company.config, path, lived)
            progress(number + 1, runs)
        history.commit(PastCommit(first, *_signature(company.config, YOU), "Write down how we work\n", beginning))
        for past in sorted(commits, key=lambda one: one.when):
            history.commit(past)
    you = company.config.person(YOU)
    configure(directory, you.shown, (*you.email, "mara@example.org")[0])


def read_company(now: datetime) -> Company:
    """Read the sample company, its projects moved so that they stand at `now` as they were written to stand."""
    files = {path: data.decode() for path, data in read_samples().items()}
    projects = {path: text for path, text in files.items() if path.startswith("projects/") and path.endswith(_DATED)}
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
    found = [*_agency(company, first, now), *_closings(company, first, now)][: runs // 8]
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


def _agency(company: Company, first: datetime, now: datetime) -> Iterator[Opening]:
    """The one run that a project waits for."""
    start = company.normal.add(now, Duration(-4, "d"))
    if start > first and "projects/spring-campaign/README.md" in company.files:
        fields = {"vendor": "Harbour Film", "service": "A film of ninety seconds", "yearly_cost": "14000"}
        yield Opening("vendor-onboarding", start, fields, "spring-campaign")


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
    company: Company, opening: Opening, random: Random, now: datetime, names: Names, lives: Lives
) -> tuple[str, tuple[Version, ...]]:
    """Give the path of a run's file and its versions: lived through anew, or a finished one once more."""
    process = company.processes[opening.process]
    run = next(run for run in _candidates(company, process, opening, random) if names.is_new(process.id, run.title))
    known = None if opening.fields else lives.choose(process.id, opening.start, now, random)
    if known:
        life, shift = known
        title = run.title if simple(run.title) and simple(life.title) else life.title
        name = names.give(process.id, company.normal.local_date(life.versions[0].when + shift), title)
        return run_path(f"{process.id}/{name}"), again(life, shift, name, title)
    name = names.give(process.id, company.normal.local_date(opening.start), run.title)
    run = replace(run, id=f"{process.id}/{name}", path=run_path(f"{process.id}/{name}"))
    fate = _fate(random, now - opening.start, timedelta(days=4 if process.calendar == "always" else 50))
    simulation = Simulation(run, process, company.config, company.time(process), now, random, fate, run.started)
    versions = simulation.live()
    if versions[-1].when < now - timedelta(days=40):
        lives.remember(process.id, Life(name, run.title, versions))
    return run.path, versions


def _candidates(company: Company, process: Process, opening: Opening, random: Random) -> Iterator[Run]:
    while True:
        yield _new_run(company, process, opening, random)


def _new_run(company: Company, process: Process, opening: Opening, random: Random) -> Run:
    chooser = Chooser(random)
    asked = {name for item in walk(process.items) for name in item.attributes.ask}
    ahead = (35, 60) if process.id == "hr/new-hire" else (12, 30)
    fields = {
        one.name: chooser.value(one, opening.start, ahead)
        for one in process.fields
        if one.required or one.name not in asked
    }
    made = new_run(
        process,
        title="",
        fields={**fields, **opening.fields},
        roles={},
        by=process.owner.lstrip("@") or YOU,
        now=opening.start,
        due=None,
        project=opening.project,
        parent="",
        revision=company.revisions[process.id],
        run_id="new",
        config=company.config,
        time=company.time(process),
        fill=fill,
    )
    if not isinstance(made, Run):
        raise TypeError(f"{process.id}: {made.message}")
    return made


def _fate(random: Random, age: timedelta, patience: timedelta) -> Fate:
    """Say what becomes of a run. Only runs that are not old stay lying: the others were finished, late or not."""
    chance = random.random()
    share = random.uniform(0.15, 0.85)
    if chance < 0.18 and age < patience:
        return Fate(stops=share)
    if 0.18 <= chance < 0.22:
        return Fate(cancelled=share)
    if 0.22 <= chance < 0.36:
        return Fate(blocked=share)
    return Fate(pace=random.uniform(1.8, 3.0)) if chance > 0.88 else Fate(pace=random.uniform(0.5, 1.2))


def _commits(history: History, config: Config, path: str, versions: tuple[Version, ...]) -> list[PastCommit]:
    """Put the versions of a file into the history, and give the commits that will make them, to be put in order."""
    return [
        PastCommit(
            version.when,
            *_signature(config, version.who),
            version.message,
            {name: history.content(text.encode()) for name, text in ((path, version.text), *version.beside.items())},
        )
        for version in versions
    ]


def _signature(config: Config, who: str) -> tuple[str, str]:
    person = config.person(who)
    return person.shown, (*person.email, f"{who}@example.org")[0]
