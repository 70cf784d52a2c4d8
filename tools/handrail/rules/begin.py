"""Beginning a run: who fills which role, which values it carries, and its own copy of the steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from handrail.base.words import did_you_mean, one_line
from handrail.model.calendar import WorkingTime
from handrail.model.change import Refusal
from handrail.model.item import Block, Event, Item, Prose, walk
from handrail.model.people import Config
from handrail.model.process import Field, Process
from handrail.model.run import Run
from handrail.rules.flow import later_by
from handrail.rules.fold import names_in
from handrail.rules.values import is_known_person, read_fields, who_instead

Fill = Callable[[str, Mapping[str, str]], str]
Roles = dict[str, tuple[str, ...]]


def new_run(
    process: Process,
    *,
    title: str,
    fields: Mapping[str, str],
    roles: Mapping[str, str],
    by: str,
    now: datetime,
    due: date | None,
    project: str,
    parent: str,
    revision: str,
    run_id: str,
    config: Config,
    time: WorkingTime,
    fill: Fill,
    trial: bool = False,
    stand_in: str = "",
) -> Run | Refusal:
    """Give a new run of `process`, or what is missing for one.

    `run_id` is the part after the process (`2026-11-23-ada-lovelace`); the path follows from both. `roles` names who
    fills which role, several with spaces. Titles get the values of the fields by `fill`; the procedure's bodies stay
    behind, in its revision.
    """
    barred = None if trial else _may_start(process, time.local_date(now))
    prepared = barred or _prepared(process, fields, roles, config, stand_in)
    if isinstance(prepared, Refusal):
        return prepared
    (values, people), started = prepared, now.astimezone(UTC).replace(microsecond=0)
    return Run(
        id=f"{process.id}/{run_id}",
        path=f"processes/{process.id}/runs/{run_id}.md",
        process=process.id,
        title=one_line(title) or run_title(process, values, fill),
        started=started,
        by=by,
        revision=revision,
        due=due or _target_day(process, started, time),
        roles=people,
        fields=values,
        project=project,
        parent=parent,
        trial=trial,
        order=process.order,
        calendar=process.calendar,
        stall=process.stall,
        agents=process.agents,
        content=copied(process, people, values, fill),
        log=(Event(started, by, "started"),),
    )


def run_title(process: Process, fields: Mapping[str, str], fill: Fill) -> str:
    """Give the title of a run that was given none: the process's pattern, else its first text, else its own title.

    A pattern with a field that has no value yet is no title.
    """
    if process.name:
        named = one_line(fill(process.name, fields))
        if named and "{{" not in named:
            return named
    texts = [field for field in process.fields if field.type in ("text", "person") and fields.get(field.name)]
    required = [field for field in texts if field.required] or texts
    return one_line(fields[required[0].name]) if required else process.title


def start_fields(process: Process, given: Mapping[str, str], config: Config) -> dict[str, str] | Refusal:
    """Give the values that a run begins with: those given, else the defaults; refuse what is missing or wrong."""
    known: dict[str, Field | None] = {field.name: field for field in process.fields}
    asked = {name for item in walk(process.items) for name in item.attributes.ask}
    known.update((name, None) for name in asked if name not in known)
    kept = read_fields(tuple(given.items()), known=known, config=config)
    if isinstance(kept, Refusal):
        return kept
    values = dict(kept)
    found: dict[str, str] = {}
    for field in process.fields:
        value = values.pop(field.name, "") or field.default
        if value:
            found[field.name] = value
    missing = [field for field in wanted_fields(process) if not found.get(field.name)]
    if missing:
        message = f"A run of {process.id} needs {', '.join(_told(field) for field in missing)}"
        return Refusal("missing-field", message, f"`{start_command(process)}`")
    return {**found, **{name: value for name, value in values.items() if value}}


def wanted_fields(process: Process) -> tuple[Field, ...]:
    """Give the fields that a start must give a value, in the order of the process."""
    return tuple(field for field in process.fields if field.required and not field.default)


def start_command(process: Process) -> str:
    """Give a command line that starts a run, with every field that it must give a value."""
    options = "".join(f" -f {field.name}={_example(field)}" for field in wanted_fields(process))
    return f"handrail start {process.id}{options}"


def _example(field: Field) -> str:
    examples = {"date": "2026-12-01", "link": "https://…"}
    return field.choices[0] if field.choices else examples.get(field.type, "…")


def _told(field: Field) -> str:
    """Give a field's name, and what it must be where that is not any text."""
    kinds = {"date": "a date", "number": "a number", "person": "a person", "link": "a link", "file": "a file"}
    told = " or ".join(field.choices) if field.choices else kinds.get(field.type, "")
    return f"`{field.name}`{f' ({told})' if told else ''}"


def start_roles(
    process: Process, given: Mapping[str, str], config: Config, fields: Mapping[str, str], stand_in: str = ""
) -> Roles | Refusal:
    """Give who fills each role, `stand_in` where nobody does; refuse an empty one, or somebody who is not there.

    A role may be filled from a field: `{lead: "{{ manager }}"}` or `@{{ manager }}`.
    """
    used = roles_used(process, config)
    for role in given:
        if role not in used and role not in process.roles:
            hint = did_you_mean(role, dict.fromkeys((*process.roles, *used)))
            return Refusal("unknown-role", f"{process.id} has no role `{role[:60]}`", hint)
    found: Roles = {}
    for role in dict.fromkeys((*process.roles, *used)):
        people = names_in(given[role]) if role in given else process.roles.get(role, ())
        people = tuple(name for name in (_from_field(name, fields) for name in people) if name)
        if not people and role in used and stand_in:
            people = (stand_in,)
        if not people and role in used:
            hint = f"`handrail start {process.id} --role {role}=PERSON`"
            return Refusal("empty-role", f"Nobody fills the role `{role}`", hint)
        for name in people:
            if not is_known_person(name, config):
                message = f"There is nobody called `{name[:60]}` to fill the role `{role}`"
                return Refusal("unknown-person", message, who_instead(name, config))
        if people:
            found[role] = people
    return found


def _prepared(
    process: Process, fields: Mapping[str, str], roles: Mapping[str, str], config: Config, stand_in: str
) -> tuple[dict[str, str], Roles] | Refusal:
    values = start_fields(process, fields, config)
    if isinstance(values, Refusal):
        return values
    people = start_roles(process, roles, config, values, stand_in)
    return people if isinstance(people, Refusal) else (values, people)


def _may_start(process: Process, today: date) -> Refusal | None:
    if process.status == "effective" and not (process.effective and process.effective > today):
        return None
    if process.status == "retired":
        return Refusal("retired", f"{process.id} is retired", "its page names what came after it")
    since = f" until {process.effective.isoformat()}" if process.effective and process.effective > today else ""
    hint = f"`handrail start {process.id} --trial` tries it out"
    return Refusal("draft", f"{process.id} is not in effect{since}", hint)


def _target_day(process: Process, started: datetime, time: WorkingTime) -> date | None:
    target = later_by(time, started, process.target) if process.target else None
    return time.local_date(target) if target else None


def roles_used(process: Process, config: Config) -> dict[str, None]:
    """Give the names after `@` that are roles: those the process lists, and those that mean nobody else."""
    used = dict.fromkeys(name for item in walk(process.items) for name in item.attributes.who)
    if not config.people and not config.teams:
        return {name: None for name in used if name in process.roles}
    return {name: None for name in used if name in process.roles or not _is_somebody(name, config)}


def _is_somebody(name: str, config: Config) -> bool:
    return name in config.people or name in config.teams or "{{" in name


def _from_field(name: str, fields: Mapping[str, str]) -> str:
    bare = name.lstrip("@").strip()
    if bare.startswith("{{") and bare.endswith("}}"):
        return fields.get(bare[2:-2].strip(), "").lstrip("@")
    return bare


def copied(process: Process, roles: Roles, fields: Mapping[str, str], fill: Fill) -> tuple[Block, ...]:
    """Copy the headings and the steps; the text between them stays in the procedure."""
    blocks: list[Block] = []
    for block in process.content:
        if isinstance(block, Item):
            blocks.append(_copy(block, roles, fields, fill))
        elif not isinstance(block, Prose):
            blocks.append(replace(block, text=fill(block.text, fields)))
    return tuple(blocks)


def _copy(top: Item, roles: Roles, fields: Mapping[str, str], fill: Fill) -> Item:
    """Copy one step with its sub-steps, from the leaves up."""
    stack: list[Item] = []
    for item in reversed(list(walk((top,)))):
        count = len(item.children)
        children = tuple(reversed(stack[len(stack) - count :])) if count else ()
        if count:
            del stack[len(stack) - count :]
        stack.append(_fresh(item, children, roles, fields, fill))
    return stack[0]


def _fresh(item: Item, children: tuple[Item, ...], roles: Roles, fields: Mapping[str, str], fill: Fill) -> Item:
    who: list[str] = []
    was: list[str] = []
    for name in item.attributes.who:
        if name in roles:
            was.append(name)
            who.extend(roles[name])
        else:
            who.append(_from_field(name, fields) or name)
    attributes = item.attributes
    if was or tuple(who) != attributes.who:
        attributes = replace(attributes, who=tuple(dict.fromkeys(who)), role=tuple(was))
    return replace(
        item,
        title=one_line(fill(item.title, fields)),
        attributes=attributes,
        checked=False,
        events=(),
        children=children,
        stage=fill(item.stage, fields),
        body="",
        explicit_id=True,
    )
