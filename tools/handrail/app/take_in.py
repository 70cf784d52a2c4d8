"""An imported plan becomes a project, or brings the project up to date that it became before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from handrail.app.act import Saved, save
from handrail.app.baseline import path_of
from handrail.app.files import MAX_BYTES, PROJECTS, README, decode
from handrail.app.setup import new_id
from handrail.base.errors import BrokenFiles, NotAllowed
from handrail.base.problem import has_errors
from handrail.base.value import dataclass
from handrail.base.words import count
from handrail.model.change import Change
from handrail.model.imported import ImportedPlan, Incoming
from handrail.model.item import Event, Item, walk
from handrail.model.people import Config
from handrail.model.project import Project

if TYPE_CHECKING:
    from handrail.store.repository import Repository
    from handrail.text.document import Document


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What an import came to: the project, what is new in it and changed, what to tell."""

    project: str
    path: str
    fresh: bool
    added: int
    changed: int
    lost: tuple[str, ...]
    notes: tuple[str, ...]
    saved: Saved
    text: str = ""


def take_in(
    repository: Repository,
    plan: ImportedPlan,
    *,
    name: str,
    who: str,
    now: datetime,
    config: Config,
    commit: bool = True,
    dry_run: bool = False,
) -> TakenIn:
    """Write a plan as the project `name` (its title's slug where that is empty), as one commit.

    Where that project came from the same source before, it is brought up to date: new tasks are added, finished ones
    closed, dates set; what was changed here stays. Raises NotAllowed where a project of another source is there.
    """
    project = new_id(name or _id_from(plan.title), "project")[0]
    path = f"{PROJECTS}/{project}/{README}"
    people, strangers = match_people(plan, config, who)
    counted: dict[str, int] = {}

    def transform(before: bytes | None) -> bytes:
        if before is None:
            text = _fresh(plan, people, who, path)
            counted.update(fresh=1, added=len(plan.tasks), changed=0)
        else:
            text = _updated(plan, people, path, project, before, who, now, counted)
        if len(text.encode()) > MAX_BYTES:
            raise NotAllowed(f"The project would be larger than {MAX_BYTES:,} bytes.", "Split it before the export.")
        return text.encode()

    def message() -> str:
        from handrail.store.message import build_message

        trailers = [("Handrail-Action", "import"), ("Handrail-Project", project)]
        return build_message(f"import {project}: {plan.title}", f"From {plan.source}.", trailers)

    if dry_run:
        text = transform(repository.read_or_none(path)).decode()
        saved = Saved()
    else:
        saved, text = save(repository, path, transform, message, config=config, commit=commit), ""
        _keep_baselines(repository, plan, project, config=config, commit=commit)
    unknown = (f"not in handrail.yml: {', '.join(strangers)}",) if strangers else ()
    counts = (bool(counted.get("fresh")), counted.get("added", 0), counted.get("changed", 0))
    return TakenIn(project, path, *counts, plan.lost, (*plan.notes, *unknown), saved, text)


def match_people(plan: ImportedPlan, config: Config, who: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Give the key of everybody whom the plan names, and who of them `handrail.yml` does not know.

    People are known by their address, their name, their name on the git host or their key; nobody is who imports.
    """
    from handrail.text.plain import slug

    found: dict[str, str] = {"": who}
    strangers: list[str] = []
    for task in plan.tasks:
        for name in (*task.people, *(one.who for one in task.happened)):
            if name in found:
                continue
            known = [
                person.key
                for person in config.people.values()
                if name.casefold() in {person.key, person.name.casefold(), person.github.casefold(), *person.email}
            ]
            found[name] = known[0] if known else slug(name.partition("@")[0], "somebody")
            if not known:
                strangers.append(f"@{found[name]}")
    return found, tuple(dict.fromkeys(strangers))


def _id_from(title: str) -> str:
    from handrail.text.plain import slug

    return slug(title, "imported")


def _fresh(plan: ImportedPlan, people: Mapping[str, str], who: str, path: str) -> str:
    from handrail.format.imported import ids_for, write_project

    text = write_project(plan, ids_for(plan), people, who)
    _read(path, text)
    return text


def _read(path: str, text: str) -> tuple[Project, Document]:
    from handrail.format.project import read_project
    from handrail.text.document import read_document

    document = read_document(path, text)
    reading = read_project(document, path.removeprefix(f"{PROJECTS}/").removesuffix(f"/{README}"))
    if reading.value is None or has_errors(reading.problems):
        errors = tuple(one for one in reading.problems if one.level == "error")
        raise BrokenFiles(f"`{path}` would have errors.", errors, "Nothing was written.")
    return reading.value, document


def _updated(
    plan: ImportedPlan,
    people: Mapping[str, str],
    path: str,
    project: str,
    before: bytes,
    who: str,
    now: datetime,
    counted: dict[str, int],
) -> str:
    from handrail.format.edit import edit
    from handrail.format.imported import SOURCE_KEY, ids_for

    text, problems = decode(path, before)
    if problems:
        raise BrokenFiles(f"`{path}` cannot be read.", problems, "Nothing was written.")
    known, document = _read(path, text)
    source = document.values.get(SOURCE_KEY) if document.values is not None else None
    if source is None or source.text != plan.source:
        hint = "Give another name: `--project NAME`."
        raise NotAllowed(f"`{project}` is there already and did not come from this source.", hint)
    items = {item.id: item for item in walk(known.items)}
    ids = ids_for(plan, items)
    changes: list[Change] = []
    new: list[int] = []
    for index, task in enumerate(plan.tasks):
        item = items.get(ids[index])
        if item is None:
            new.append(index)
        else:
            changes += _changes_of(item, task, people, who, now)
    text = edit(document, changes) if changes else text
    text = _with_new(plan, new, ids, people, text) if new else text
    _read(path, text)
    counted.update(added=len(new), changed=len({change.item for change in changes}))
    return text


def _changes_of(item: Item, task: Incoming, people: Mapping[str, str], who: str, now: datetime) -> list[Change]:
    """Give what happened there since, as events: closed or opened, given to others, another date."""
    from handrail.rules.fold import fold

    facts = fold(item)
    found: list[Change] = []
    if task.closed and not facts.closed:
        last = next((one for one in reversed(task.happened) if one.verb == task.closed), None)
        event = Event(
            last.time if last else now, people[last.who] if last else who, task.closed, (), last.note if last else ""
        )
        found.append(Change(item.id, event, box=True))
    elif facts.closed and not task.closed:
        found.append(Change(item.id, Event(now, who, "reopened", (), "open again where it came from"), box=False))
    due = facts.due or (item.attributes.due.day.isoformat() if item.attributes.due and item.attributes.due.day else "")
    wanted = task.due.isoformat() if task.due else ""
    if wanted != due and not task.closed:
        found.append(Change(item.id, Event(now, who, "due", (("on", wanted or "none"),))))
    mine = facts.assignees if facts.assignees is not None else item.attributes.who
    theirs = tuple(dict.fromkeys(people[name] for name in task.people))
    if theirs and set(theirs) != set(mine) and not task.closed:
        found.append(Change(item.id, Event(now, who, "assigned", (("to", " ".join(theirs)),))))
    notes = {(event.time, event.note) for event in item.events if event.verb == "noted"}
    for one in task.happened:
        event = Event(one.time.replace(microsecond=0), people[one.who], "noted", (), " ".join(one.note.split())[:1000])
        if one.verb == "noted" and (event.time, event.note) not in notes:
            found.append(Change(item.id, event))
    return found


def _with_new(plan: ImportedPlan, new: list[int], ids: Mapping[int, str], people: Mapping[str, str], text: str) -> str:
    """Put new tasks at the end, under the name of their phase; sub-tasks of known ones stand by themselves."""
    from handrail.format.imported import item_parts, phase_title

    fresh = {plan.tasks[index].key for index in new}
    tops = [index for index in new if plan.tasks[index].parent not in fresh]
    newline = "\r\n" if "\r\n" in text else "\n"
    parts: list[str] = []
    phase: str | None = None
    for index in sorted(tops, key=lambda one: plan.tasks[one].phase):
        if plan.tasks[index].phase != phase:
            phase = plan.tasks[index].phase
            parts.append(f"## {phase_title(phase)}")
        parts.extend(item_parts(plan, index, ids, people))
    before, after = _split_sections(text)
    return newline.join(
        [before.rstrip(), "", "\n\n".join(parts).replace("\n", newline), *(["", after] if after else [""])]
    )


def _split_sections(text: str) -> tuple[str, str]:
    """Part a project's text before its sections of reports and events, which stay last."""
    import re

    match = re.search(r"^## (?:Updates|Changes|Log)[ \t]*\r?$", text, re.MULTILINE | re.IGNORECASE)
    return (text[: match.start()], text[match.start() :]) if match else (text, "")


def _keep_baselines(repository: Repository, plan: ImportedPlan, project: str, *, config: Config, commit: bool) -> None:
    """Write the baselines that came with the plan, where the project has none yet."""
    if not plan.baselines or (repository.root / path_of(project)).exists():
        return
    from handrail.format.baseline import HEAD, write_baseline
    from handrail.format.imported import ids_for

    ids = ids_for(plan)
    by_key = {task.key: ids[index] for index, task in enumerate(plan.tasks)}
    kept = [
        replace(one, tasks={by_key[key]: task for key, task in one.tasks.items() if key in by_key})
        for one in plan.baselines
    ]
    text = HEAD + "".join(write_baseline(one) for one in kept)

    def message() -> str:
        from handrail.store.message import build_message

        trailers = [("Handrail-Action", "import"), ("Handrail-Project", project)]
        return build_message(f"import {project}: {count(len(kept), 'baseline')}", "", trailers)

    save(repository, path_of(project), lambda _: text.encode(), message, config=config, commit=commit)
