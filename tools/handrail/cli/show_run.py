"""`show` on a terminal: one run, project, process or step, whole."""

from __future__ import annotations

from handrail.base.words import count
from handrail.cli.paint import Cell, Column, Paint
from handrail.cli.prose import prose_lines
from handrail.cli.show_parts import Look, blocks, look_at, warning_lines
from handrail.cli.show_status import next_milestone
from handrail.model.item import Item
from handrail.model.process import Process
from handrail.model.state import CLOSED, ProjectState, RunState, StepState
from handrail.reports.kin import waiting_projects
from handrail.reports.results import Overview
from handrail.reports.steps import next_step
from handrail.reports.way import FINISH, way_on
from handrail.rules.state import BY_HAND

_STEP_COLUMNS = (Column(), Column(), Column(20), Column(6, most=24), Column(10))
_PROCESS_COLUMNS = (Column(16), Column(most=32), Column(6, most=24), Column(6))


def run_text(overview: Overview, paint: Paint, state: RunState) -> str:
    """Show a run: how it stands, its fields, its stages and steps, the current one pointed at."""
    look = look_at(overview, paint)
    run = state.run
    facts = [
        look.paint.line(look.title(run.title, bold=True), look.paint.cell(run.id, dim=True)),
        look.paint.line(look.bar(state.progress, 20), look.count(state.progress), _standing(state, look)),
        _fields_line(state, look),
        _belongs(state, look),
    ]
    return blocks([line for line in facts if line], *_stages(state, look), _what_next(overview, state, look))


def project_text(overview: Overview, paint: Paint, state: ProjectState) -> str:
    """Show a project: what for, how it stands, its phases and tasks."""
    look = look_at(overview, paint)
    project, plan = state.project, overview.plans.get(state.project.id)
    ends = look.paint.cell(f"ends {look.clock.day(plan.finish)}") if plan and plan.finish else Cell("")
    target = (
        look.paint.cell(f"target {look.clock.date(overview.moment.normal.end_of(project.target))}", dim=True)
        if project.target
        else Cell("")
    )
    milestone = next_milestone(plan.tasks) if plan else None
    facts = [
        look.paint.line(look.title(project.title, bold=True), look.paint.cell(project.id, dim=True)),
        *prose_lines(look.paint.safe(project.objective), look.paint.width),
        look.paint.line(
            look.bar(state.progress, 20),
            look.count(state.progress),
            ends,
            target,
            look.who([project.owner] if project.owner else []),
        ),
    ]
    if milestone:
        sign = look.paint.sign("milestone")
        title = look.title(milestone.item.title).text
        facts.append(
            look.paint.line(look.paint.cell(f"{sign} next milestone: {title}, {look.clock.day(milestone.finish)}"))
        )
    warnings = warning_lines(plan, look) if plan else []
    return blocks([line for line in facts if line], warnings, *_stages(state, look))


def process_text(overview: Overview, paint: Paint, process: Process) -> str:
    """Show a process: what it is, its steps with their ids, how to start it."""
    look = look_at(overview, paint)
    active = [state for state in overview.runs_of(process.id) if state.state == "active"]
    owner = look.who([process.owner]) if process.owner else Cell("")
    status = look.paint.cell("" if process.status == "effective" else process.status, fg="yellow")
    facts = [
        look.paint.line(look.title(process.title, bold=True), look.paint.cell(process.id, dim=True), owner, status),
        *prose_lines(look.paint.safe(process.summary), look.paint.width),
        look.paint.line(look.paint.cell(_about(process, len(active)), dim=True)),
    ]
    required = "".join(f" -f {known.name}=VALUE" for known in process.fields if known.required and not known.default)
    start = f'Start one: handrail start {process.id} "TITLE"{required}'
    waiting = [
        look.paint.line(look.paint.cell(f"{name} waits for it:", dim=True), look.title(step.item.title))
        for name, step in waiting_projects(overview, process.id)
    ]
    return blocks([line for line in facts if line], *_procedure(process, look), waiting, [look.paint.cell(start).text])


def step_text(
    overview: Overview, paint: Paint, state: RunState | ProjectState, step: StepState, instruction: str
) -> str:
    """Show one step: how it stands, what its procedure says, what has happened."""
    look = look_at(overview, paint)
    holder = state.run if isinstance(state, RunState) else state.project
    facts = [
        look.paint.line(
            look.mark(step.state), look.title(step.item.title, bold=True), look.paint.cell(f"#{step.id}", dim=True)
        ),
        look.paint.line(look.title(holder.title, dim=True), look.paint.cell(holder.id, dim=True), indent=3),
        look.paint.line(_state_words(step), look.who(step.assignees, "nobody has it"), look.due(step), indent=3),
    ]
    facts += [look.paint.line(look.paint.cell(text, dim=True), indent=3) for text in _notes_on(step, state, look)]
    body = prose_lines(instruction, look.paint.width)
    how = _how_to_finish(overview, state, step, look)
    return blocks(facts, body, _history(step, look), _substeps(step, look), how)


def _standing(state: RunState, look: Look) -> Cell:
    if state.state == "done":
        return look.paint.cell(f"done {look.clock.ago(state.finished)}" if state.finished else "done", fg="green")
    if state.state == "cancelled":
        return look.paint.cell("cancelled", fg="yellow")
    if state.overdue and state.due:
        first = look.first(state.due, state.first_due)
        return look.paint.cell(look.clock.until(state.due) + first, fg="red", bold=True)
    started = f"started {look.clock.ago(state.run.started)}"
    first = look.first(state.due, state.first_due)
    due = f", due {look.clock.until(state.due)}{first}" if state.due else ""
    return look.paint.cell(started + due, dim=True)


def _fields_line(state: RunState, look: Look) -> str:
    shown = [f"{name}: {value}" for name, value in state.fields if value]
    return look.paint.line(*[look.paint.cell(text, dim=True) for text in shown])


def _belongs(state: RunState, look: Look) -> str:
    run = state.run
    parts = [f"project {run.project}" if run.project else "", f"for {run.parent}" if run.parent else ""]
    return look.paint.line(*[look.paint.cell(text, dim=True) for text in parts if text])


def _stages(state: RunState | ProjectState, look: Look) -> list[list[str]]:
    """Give one group of lines a stage; all in columns of the same widths."""
    current = next_step(state)
    rows: list[tuple[Cell, ...]] = []
    starts: list[tuple[int, str, str]] = []
    stage: str | None = None
    for step in state.steps:
        if step.item.stage != stage:
            stage = step.item.stage
            starts.append((len(rows), stage, _closed_in(state, stage)))
        rows.extend(_step_rows(step, 0, current.id if current else "", look))
    lines = look.paint.table(rows, _STEP_COLUMNS, indent=0)
    ends = [start for start, _, _ in starts[1:]] + [len(lines)]
    return [
        ([look.paint.line(look.title(name, bold=True), look.paint.cell(closed, dim=True))] if name else [])
        + lines[start:end]
        for (start, name, closed), end in zip(starts, ends, strict=True)
    ]


def _closed_in(state: RunState | ProjectState, stage: str) -> str:
    steps = [step for step in state.steps if step.item.stage == stage and step.state not in ("na", "cancelled")]
    return f"{sum(step.state in CLOSED for step in steps)}/{len(steps)}"


def _step_rows(step: StepState, depth: int, current: str, look: Look) -> list[tuple[Cell, ...]]:
    """Give the row of a step and those of its sub-steps: pointer, mark, title, who, when."""
    rows: list[tuple[Cell, ...]] = []
    stack = [(step, depth)]
    while stack:
        one, level = stack.pop()
        rows.append(_step_row(one, level, one.id == current, look))
        stack.extend((child, level + 1) for child in reversed(one.substeps))
    return rows


def _step_row(step: StepState, depth: int, is_current: bool, look: Look) -> tuple[Cell, ...]:
    style: dict[str, object] = (
        {"bold": True} if is_current else {"dim": True} if step.state in ("na", "skipped", "cancelled") else {}
    )
    title = look.title(step.item.title)
    pointer = look.paint.cell(look.paint.sign("point"), fg="cyan", bold=True) if is_current else Cell(" ")
    who = look.who([step.facts.by]) if step.facts.by and step.state in CLOSED else look.who(step.assignees)
    milestone = f"{look.paint.sign('milestone')} " if step.item.attributes.milestone else ""
    text = "  " * min(depth, 6) + milestone + title.text
    return (pointer, look.mark(step.state), Cell(text, tuple(style.items())), who, _when(step, look))


def _when(step: StepState, look: Look) -> Cell:
    """Give the time that matters about a step in its state."""
    facts = step.facts
    if step.state == "done":
        again = ", check again" if "check again" in step.marks else ""
        again += f", proposed by {look.named(facts.proposer)}" if facts.proposer else ""
        by_hand = next((mark for mark in step.marks if mark.startswith(BY_HAND)), "")
        done = look.clock.ago(facts.done) + (", by hand" if by_hand else "") if facts.done else by_hand
        return look.paint.cell(done + again, dim=not again)
    if step.state == "skipped":
        return look.paint.cell(f"skipped: {facts.skip_reason}" if facts.skip_reason else "skipped", dim=True)
    if step.state == "na":
        return look.paint.cell("does not apply", dim=True)
    if step.state == "blocked":
        until = f" until {facts.blocked_until}" if facts.blocked_until else ""
        return look.paint.cell(
            f"blocked{until}" + (f": {facts.blocked_reason}" if facts.blocked_reason else ""), fg="yellow"
        )
    if look.proposal(step):
        return look.paint.cell(look.proposal(step), fg="yellow")
    if step.due is not None and step.state != "cancelled":
        return look.due(step)
    if step.state == "doing" and facts.started:
        return look.paint.cell(f"begun {look.clock.ago(facts.started)}", dim=True)
    if step.wait_until is not None:
        return look.paint.cell(f"from {look.clock.when(step.wait_until)}", dim=True)
    return look.paint.cell("optional" if step.item.attributes.optional else "", dim=True)


def _what_next(overview: Overview, state: RunState, look: Look) -> list[str]:
    step = next_step(state)
    way = way_on(overview, state, step) if step else None
    if way is None:
        return []
    said = "" if way.said == FINISH else f" ({way.said[:1].lower()}{way.said[1:]})"
    return [look.paint.cell(f"Next: {way.command}{said}").text]


def _about(process: Process, active: int) -> str:
    steps = sum(1 for _ in _walk(process.items))
    parts = [count(steps, "step"), count(active, "active run")]
    parts += [f"target {process.target}"] if process.target else []
    parts += [f"starts by itself: {process.schedule}"] if process.schedule else []
    return ", ".join(parts)


def _walk(items: tuple[Item, ...]) -> list[tuple[Item, int]]:
    found: list[tuple[Item, int]] = []
    stack = [(item, 0) for item in reversed(items)]
    while stack:
        item, depth = stack.pop()
        found.append((item, depth))
        stack.extend((child, depth + 1) for child in reversed(item.children))
    return found


def _procedure(process: Process, look: Look) -> list[list[str]]:
    rows: list[tuple[Cell, ...]] = []
    starts: list[tuple[int, str]] = []
    stage: str | None = None
    for item, depth in _walk(process.items):
        if depth == 0 and item.stage != stage:
            stage = item.stage
            starts.append((len(rows), stage))
        rows.append(_item_row(item, depth, look))
    lines = look.paint.table(rows, _PROCESS_COLUMNS)
    ends = [start for start, _ in starts[1:]] + [len(lines)]
    return [
        ([look.paint.line(look.title(name, bold=True))] if name else []) + lines[start:end]
        for (start, name), end in zip(starts, ends, strict=True)
    ]


def _item_row(item: Item, depth: int, look: Look) -> tuple[Cell, ...]:
    attributes = item.attributes
    words = [
        *(["gate"] if attributes.gate else []),
        *(["approval"] if attributes.approval else []),
        *(["optional"] if attributes.optional else []),
        *([f"if {attributes.condition}"] if attributes.condition else []),
        *([f"run {attributes.run}"] if attributes.run else []),
    ]
    title = look.title(item.title)
    return (
        Cell("  " * min(depth, 6) + title.text),
        look.paint.cell(f"#{item.id}", dim=True),
        look.who(attributes.who),
        look.paint.cell(", ".join(words), dim=True),
    )


def _state_words(step: StepState) -> Cell:
    words = {"na": "does not apply", "doing": "in work"}
    text = words.get(step.state, step.state)
    again = f", round {step.facts.attempt}" if step.facts.attempt > 1 else ""
    return Cell(text + again)


def _notes_on(step: StepState, state: RunState | ProjectState, look: Look) -> list[str]:
    attributes, found = step.item.attributes, [said] if (said := look.sent_back(step)) else []
    if step.waits_for:
        found.append(f"waits for {', '.join(step.waits_for)}")
    if step.wait_until:
        found.append(f"can be done from {look.clock.when(step.wait_until)}")
    if attributes.ask:
        values = dict(state.fields) if isinstance(state, RunState) else {}
        found.append(
            "asks for "
            + ", ".join(name if values.get(name) is None else f"{name} ({values[name]})" for name in attributes.ask)
        )
    if attributes.proof:
        found.append(f"needs a {' or '.join(attributes.proof)} as proof")
    if attributes.not_by:
        found.append(f"not by whoever did {', '.join(attributes.not_by)}")
    if step.facts.blocked_reason and step.state == "blocked":
        found.append(f"blocked: {step.facts.blocked_reason}")
    return [*found, *step.marks]


def _history(step: StepState, look: Look) -> list[str]:
    rows = [
        (
            look.paint.cell(look.clock.when(event.time), dim=True),
            look.who([event.who]),
            look.paint.cell(
                " ".join([event.verb, *(f"{key}={value}" for key, value in event.values if key != "sha256")])
            ),
            look.paint.cell(event.note),
        )
        for event in step.item.events
    ]
    return look.paint.table(rows, (Column(10), Column(6), Column(10), Column(16)), indent=0)


def _substeps(step: StepState, look: Look) -> list[str]:
    rows = [row for child in step.substeps for row in _step_rows(child, 0, "", look)]
    return look.paint.table(rows, _STEP_COLUMNS, indent=0)


def _how_to_finish(overview: Overview, state: RunState | ProjectState, step: StepState, look: Look) -> list[str]:
    way = way_on(overview, state, step)
    return [look.paint.cell(f"{way.said}: {way.command}").text] if way else []
