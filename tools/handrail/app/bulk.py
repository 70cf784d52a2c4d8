"""Many runs at once from a CSV file: every row is looked at before anything is written, no run is made twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from handrail.app.files import MAX_BYTES, PROCESSES, RUNS, decode
from handrail.app.load import load_holder, load_process
from handrail.app.moment import working_moment
from handrail.app.names import Named
from handrail.app.start import (
    Started,
    Wish,
    first_name,
    refuse_broken,
    refuse_uncommitted,
    start,
    text_of,
    wished_run,
)
from handrail.base.errors import BrokenFiles, HandrailError, NotAllowed, WrongUsage
from handrail.base.place import Place
from handrail.base.problem import Problem, sort_key
from handrail.base.value import dataclass
from handrail.base.words import count, did_you_mean
from handrail.model.change import Refusal
from handrail.model.people import Config
from handrail.model.process import Process
from handrail.model.run import Run

if TYPE_CHECKING:
    from handrail.format.table import Row, Table
    from handrail.reports.moment import Moment
    from handrail.store.repository import Repository

_Key = tuple[str, tuple[tuple[str, str], ...]]
_ROLE, _FIELD = "role:", "field:"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a row comes to: a run to start, or the one that it would only repeat (`there`: its id or `line 3`)."""

    line: int
    run: Run
    wish: Wish
    there: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows that could be read, in their order, and what is wrong in the others."""

    rows: tuple[Planned, ...]
    problems: tuple[Problem, ...]

    @property
    def new(self) -> tuple[Planned, ...]:
        """The rows that a run is started for."""
        return tuple(row for row in self.rows if not row.there)


def plan_runs(
    repository: Repository, target: Named, file: Path, base: Wish, *, who: str, now: datetime, config: Config,
    commit: bool,
) -> Plan:  # fmt: skip
    """Look at every row of a CSV file; nothing is written. `base` holds what all rows share; a row's own value wins.

    A row repeats a run of the process, or a row above, that has the same title and the same fields. Raises WrongUsage
    for a file that is not there, BrokenFiles where the whole file or the process cannot be used.
    """
    process = load_process(repository.root, target.id, target.path)
    refuse_broken(process, config)
    refuse_uncommitted(repository, target.path, commit=commit)
    table, problems = _table(file)
    columns = _column_problems(str(file), table, process, config)
    if columns:
        raise BrokenFiles(f"`{file}` cannot be used.", columns, "Nothing was written.")
    moment = working_moment(config, now, repository.keep)
    known = {_key(run): run.id for run in _runs_of(repository.root, target.id)}
    rows: list[Planned] = []
    for row in table.rows:
        found = _planned(repository.root, process, row, base, str(file), who, moment, config)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        rows.append(replace(found, there=known.get(_key(found.run), "")))
        known.setdefault(_key(found.run), f"line {row.line}")
    return Plan(tuple(rows), tuple(sorted(problems, key=sort_key)))


def start_planned(
    repository: Repository, target: Named, plan: Plan, *, who: str, now: datetime, config: Config, commit: bool
) -> Iterator[Started]:
    """Start the runs of a plan one after the other, each one commit. Raises what stopped it, with how far it came."""
    rows = plan.new
    for number, row in enumerate(rows):
        try:
            yield start(repository, target, row.wish, who=who, now=now, config=config, commit=commit)
        except HandrailError as error:
            error.sentence = f"{number} of {count(len(rows), 'run')} started, then line {row.line}: {error.sentence}"
            error.hint = f"{error.hint} The same command goes on where it stopped: nothing is started twice.".strip()
            raise


def _table(file: Path) -> tuple[Table, list[Problem]]:
    from handrail.format.table import read_table

    if not file.is_file():
        raise WrongUsage(f"There is no file `{file}`.")
    if file.stat().st_size > MAX_BYTES:
        raise NotAllowed(f"`{file}` is larger than {MAX_BYTES:,} bytes.", "Split it.")
    text, problems = decode(str(file), file.read_bytes())
    reading = read_table(str(file), text) if not problems else None
    problems = reading.problems if reading else problems
    if reading is None or reading.value is None:
        raise BrokenFiles(f"`{file}` cannot be read.", problems, "Nothing was written.")
    if not (reading.value.rows or problems):
        raise NotAllowed(f"`{file}` has no row below the names of its columns.")
    return reading.value, list(problems)


def _column_problems(path: str, table: Table, process: Process, config: Config) -> tuple[Problem, ...]:
    """Report the columns that are neither a field nor a role of the process."""
    from handrail.model.item import walk
    from handrail.rules.begin import roles_used

    fields = [*(field.name for field in process.fields), *(n for i in walk(process.items) for n in i.attributes.ask)]
    roles = {*process.roles, *roles_used(process, config)}
    known = {"title", "due", *fields, *(f"{_FIELD}{name}" for name in fields), *(f"{_ROLE}{name}" for name in roles)}
    shown = ["title", "due", *dict.fromkeys(fields), *sorted(f"{_ROLE}{name}" for name in roles)]
    return tuple(
        Problem(
            "bad-header",
            "error",
            Place(path, table.line),
            f"`{name[:60]}` is neither a field nor a role of {process.id}",
            did_you_mean(name, shown) or f"columns can be: {', '.join(shown)}",
        )
        for name in table.columns
        if name not in known
    )


def _planned(
    root: Path, process: Process, row: Row, base: Wish, path: str, who: str, moment: Moment, config: Config
) -> Planned | Problem:
    def wrong(message: str, hint: str = "") -> Problem:
        return Problem("bad-row", "error", Place(path, row.line), message.rstrip("."), hint.rstrip("."))

    try:
        wish = _wish(dict(row.values), base)
    except ValueError as error:
        return wrong(str(error), "write a date as 2026-12-01")
    try:
        run = wished_run(process, wish, who=who, moment=moment, config=config)
        if not isinstance(run, Refusal):
            text_of(first_name(root, run, moment.time_for(run.calendar).local_date(moment.now)))
    except HandrailError as error:
        return wrong(f"{error.sentence[:1].lower()}{error.sentence[1:]}", error.hint)
    if isinstance(run, Refusal):
        option = {"missing-field": "-f FIELD=VALUE", "empty-role": "--role ROLE=PERSON"}.get(run.code, "")
        hint = f"fill it in, or give all rows a value with `{option}`" if option else run.hint
        return wrong(f"{run.message[:1].lower()}{run.message[1:]}", hint)
    return Planned(row.line, run, wish)


def _wish(values: Mapping[str, str], base: Wish) -> Wish:
    """Give what a row asks for. Raises ValueError for a date that is none."""
    own = {name: value for name, value in values.items() if value}
    roles = {name.removeprefix(_ROLE): _people(value) for name, value in own.items() if name.startswith(_ROLE)}
    fields = {
        name.removeprefix(_FIELD): value
        for name, value in own.items()
        if name not in ("title", "due") and not name.startswith(_ROLE)
    }
    return replace(
        base,
        title=own.get("title", base.title),
        fields={**base.fields, **fields},
        roles={**base.roles, **roles},
        due=_day(own["due"]) if "due" in own else base.due,
    )


def _day(text: str) -> date:
    from handrail.format.scalars import read_date

    return read_date(text)


def _people(text: str) -> str:
    return " ".join(text.replace(",", " ").replace(";", " ").replace("@", " ").split())


def _key(run: Run) -> _Key:
    return run.title, tuple(sorted(run.fields.items()))


def _runs_of(root: Path, process: str) -> Iterator[Run]:
    """Give every run of a process. Raises BrokenFiles for one that cannot be read: it could be what a row repeats."""
    folder = root / PROCESSES / process / RUNS
    for name in sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else ():
        if name.endswith(".md") and name != "README.md":
            run = load_holder(root, Named("run", f"{process}/{name[:-3]}", f"{PROCESSES}/{process}/{RUNS}/{name}"))
            if isinstance(run, Run):
                yield run
