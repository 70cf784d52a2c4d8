"""Conditions of a process held against its fields: unknown ones, values that they never have, and what never holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handrail.base.problem import Level, Problem
from handrail.base.words import did_you_mean
from handrail.model.item import Item, walk
from handrail.model.process import Field, Process
from handrail.model.workspace import Workspace
from handrail.reports.finding import inside, make_problem
from handrail.rules.condition import Compared, Condition, ConditionError, is_number, parse
from handrail.rules.flow import day_in
from handrail.rules.possible import can_hold

_EXAMPLE = "for example `if=\"plan == 'pro'\"`"
_ORDERING = ("<", "<=", ">", ">=")


def conditions_hold(workspace: Workspace, process: Process) -> Iterator[Problem]:
    """`if=` can be read, uses fields and values that the process has, and can hold."""
    fields = {field.name: field for field in process.fields}
    sound: dict[str, Condition] = {}
    for item in walk(process.items):
        text = item.attributes.condition
        if not text:
            continue
        try:
            condition = parse(text)
        except ConditionError as error:
            place = inside(item, "if", text, error.column)
            yield make_problem("bad-condition", place, f"`if`: {error.message}", _EXAMPLE)
            continue
        found = [*_unknown(item, condition, fields), *_never_equal(item, condition, fields)]
        yield from found
        if not found:
            sound[item.id] = condition
    yield from _never_hold(process, sound, fields)


def _unknown(item: Item, condition: Condition, fields: Mapping[str, Field]) -> Iterator[Problem]:
    for name, column in zip(condition.names, condition.columns, strict=True):
        if name not in fields:
            place = inside(item, "if", condition.text, column, len(name))
            hint = did_you_mean(name, fields) or "define it under `fields:`"
            yield make_problem("unknown-field", place, f"the process has no field `{name}`", hint)


def _never_equal(item: Item, condition: Condition, fields: Mapping[str, Field]) -> Iterator[Problem]:
    for one in condition.compared:
        field = fields.get(one.field)
        told = _mistake(field, one, fields) if field is not None else None
        if told is not None:
            message, hint, level = told
            place = inside(item, "if", condition.text, one.column, len(one.value))
            yield make_problem("bad-condition", place, message, hint, level)


def _mistake(field: Field, one: Compared, fields: Mapping[str, Field]) -> tuple[str, str, Level] | None:
    """Say what is wrong with comparing a field with a value, and what to do."""
    name, value = field.name, one.value
    if one.other:
        return _of_two(field, fields.get(value))
    if not value:
        return None
    if field.choices and one.operator in ("==", "!=", "in") and value not in field.choices:
        return f"`{name}` is never `{value}`", did_you_mean(value, field.choices), "error"
    if field.choices and one.operator in _ORDERING and not all(map(is_number, field.choices)):
        hint = f"list the ones that are meant: `{name} in ['{field.choices[0]}', …]`"
        return f"the choices of `{name}` have no order", hint, "warning"
    if field.type == "number" and not is_number(value):
        return f"`{name}` is a number, `{value}` is none", f"for example `{name} > 10`", "error"
    if field.type == "date" and day_in(value) is None:
        return f"`{name}` is a date, `{value}` is none", f"for example `{name} > '2026-12-01'`", "error"
    return None


def _of_two(field: Field, other: Field | None) -> tuple[str, str, Level] | None:
    kinds = {"number", "date"}
    if other is None or field.type == other.type or not kinds & {field.type, other.type} or field.name > other.name:
        return None
    message = f"`{field.name}` is a {field.type}, `{other.name}` a {other.type}: they are never alike"
    return message, "compare it with a field of its own type", "error"


def _never_hold(process: Process, sound: Mapping[str, Condition], fields: Mapping[str, Field]) -> Iterator[Problem]:
    """Find steps that apply to no run: their own condition, or that with those above them, cannot hold."""
    stack: list[tuple[Item, tuple[Item, ...]]] = [(item, ()) for item in reversed(process.items)]
    while stack:
        item, above = stack.pop()
        condition = sound.get(item.id)
        conditions = [sound[other.id] for other in above]
        if condition is not None and not can_hold([condition, *conditions], fields):
            alone = can_hold([condition], fields)
            beside = f" together with the condition of `{above[-1].id}`, of which the step is a part" if alone else ""
            message = f"this never holds{beside}: no run has the step"
            hint = "mend it, or take the step out"
            yield make_problem("never-applies", inside(item, "if", condition.text, 1), message, hint, "warning")
            continue
        within = (*above, item) if condition is not None else above
        stack.extend((child, within) for child in reversed(item.children))
