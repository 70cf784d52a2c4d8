"""What a run should look like by its procedure: when it starts, and when it is upgraded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from handrail.base.place import Place
from handrail.base.problem import Problem
from handrail.base.value import dataclass
from handrail.format.fill import fill
from handrail.model.change import Refusal
from handrail.model.item import Event, walk
from handrail.model.process import Process
from handrail.model.run import Run
from handrail.reports.verify_case import Law, problem, told
from handrail.reports.verify_history import key_place, untouched
from handrail.rules.begin import Fill, new_run
from handrail.rules.upgrade import Upgrade, upgrade_run

START = "`handrail start` writes the file of a run"


def replayed_upgrade(run: Run, after: Run, event: Event, law: Law) -> Upgrade | Refusal:
    """Give what an `upgraded` event comes to on a run; `after` says who fills roles that were filled anew."""
    start, revision = event.value("from"), event.value("to")
    if start != (run.revision or "none"):
        return Refusal("wrong-revision", f"the run followed {_short(run.revision)}, not {_short(start)}")
    new = law.procedure(run.process, revision)
    if new is None:
        return Refusal("unknown-revision", f"{run.process} never had the text {_short(revision)}")
    return upgrade_run(
        run,
        old=law.procedure(run.process, run.revision),
        new=new,
        revision=revision,
        roles=_roles_in(after, run),
        who=event.who,
        now=event.time,
        config=law.config,
        time=law.moment.time_for(new.calendar),
        fill=fill,
    )


def _roles_in(after: Run, before: Run) -> dict[str, str]:
    """Give who fills the roles of a run by its steps, where that is not what its front matter says."""
    found: dict[str, str] = {}
    for item in walk(after.items):
        roles, people = item.attributes.role, item.attributes.who
        if len(roles) == 1 and people and people != before.roles.get(roles[0]):
            found.setdefault(roles[0], " ".join(people))
    return found


@dataclass(frozen=True, slots=True)
class Begun:
    """A new run as `handrail start` would have written it; as it is, where nothing says how that would have been."""

    run: Run
    code: str = ""
    message: str = ""


def begun(run: Run, law: Law) -> Begun:
    """Give how a new run was started: by the procedure that it followed at first, with the title that it had then."""
    titles = [event.value("was") for event in run.log if event.verb == "renamed"]
    run = replace(run, title=titles[0]) if titles else run
    upgrades = [event.value("from") for event in run.log if event.verb == "upgraded"]
    revision = upgrades[0] if upgrades else run.revision
    process = law.procedure(run.process, revision)
    if process is None:
        message = f"{run.process or 'the process'} never had the text {_short(revision)}"
        return Begun(untouched(run), "unknown-revision", message)
    outcome = _expected(replace(run, revision=revision), process, law)
    if isinstance(outcome, Refusal):
        return Begun(untouched(run), outcome.code, f"such a run could not be started: {outcome.message}")
    return Begun(outcome)


def start_problems(started: Begun, run: Run, text: str) -> Iterator[Problem]:
    """Report what a new run says of its start that is not so. Its steps are compared when its events are replayed."""
    if started.code:
        key = "revision" if started.code == "unknown-revision" else "run"
        yield problem(started.code, key_place(run.path, text, key), started.message, START)
    if run.roles != started.run.roles:
        yield problem("forged-start", key_place(run.path, text, "roles"), "`roles:` leaves out a role", START)
    first = run.log[0] if run.log else None
    place = first.place if first else Place(run.path)
    if first is None or first.verb != "started":
        yield problem("forged-start", place, "the Log does not begin with a `started` event", START)
    elif (first.time, first.who) != (run.started, run.by):
        yield problem("forged-start", place, f"{told(first)} is not what `started:` and `by:` say", START)


def _expected(run: Run, process: Process, law: Law) -> Run | Refusal:
    outcome = new_run(
        process,
        title=run.title,
        fields=run.fields,
        roles={role: " ".join(people) for role, people in run.roles.items()},
        by=run.by,
        now=run.started,
        due=run.due,
        project=run.project,
        parent=run.parent,
        revision=run.revision,
        run_id=run.id.rpartition("/")[2],
        config=law.config,
        time=law.moment.time_for(process.calendar),
        fill=_filling(run),
        trial=run.trial,
    )
    return outcome if isinstance(outcome, Refusal) else _read_back(outcome)


def _read_back(run: Run) -> Run:
    """Give a new run as its file says it."""
    from handrail.format.run import read_run, write_run
    from handrail.text.document import read_document

    reading = read_run(read_document(run.path, write_run(run)))
    return reading.value or run


def _filling(run: Run) -> Fill:
    period = next((event.value("period") for event in run.log if event.verb == "started"), "")
    if not period:
        return fill

    def filled(text: str, fields: Mapping[str, str]) -> str:
        return fill(text, {"period": period, **fields})

    return filled


def _short(revision: str) -> str:
    return f"`{revision[:12]}`" if revision else "of no revision"
