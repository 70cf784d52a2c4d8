"""Whether conditions can ever hold, worked out by trying every value that could make a difference.

A comparison with a constant splits a field's values into those below it, itself, and those above; a field of choices
has its choices. Trying one value of each part is trying them all, as long as no field is compared with another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import combinations, product
from math import prod

from handrail.model.process import Field
from handrail.rules.condition import Compared, Condition, is_number
from handrail.rules.flow import day_in

MOST = 20_000
"""More combinations than this are not tried: then nothing is said."""
_LONGEST_LIST = 8


def can_hold(conditions: Sequence[Condition], fields: Mapping[str, Field]) -> bool:
    """Tell whether all the conditions can hold at once; true as well where it cannot be worked out."""
    compared = [one for condition in conditions for one in condition.compared]
    if any(one.other for one in compared) or len(compared) > 3 * _LONGEST_LIST:
        return True
    names = list(dict.fromkeys(name for condition in conditions for name in condition.names))
    values = [_values(fields.get(name), [one for one in compared if one.field == name]) for name in names]
    if prod(len(some) for some in values) > MOST:
        return True
    return any(
        all(condition.evaluate(chosen) for condition in conditions)
        for chosen in (dict(zip(names, some, strict=True)) for some in product(*values))
    )


def _values(field: Field | None, compared: Sequence[Compared]) -> tuple[str, ...]:
    """Give one value of a field for each part that its comparisons split it into, and none at all."""
    constants = [one.value for one in compared]
    kind = field.type if field is not None else "text"
    if field is not None and field.choices and kind != "list":
        return ("", *field.choices)
    found = {""} if kind in ("number", "date") else {"", "yes", "no"}
    if field is not None:
        found.update(field.choices)
    if kind not in ("number", "date") and any(one.operator == "in" for one in compared):
        found.update(_lists(constants))
    if kind == "number" and field is not None:
        constants += [limit for limit in (field.min, field.max) if limit]
    for constant in constants:
        found.update(_around(constant, kind))
    return tuple(sorted(value for value in found if _within(field, value)))


def _lists(constants: Sequence[str]) -> Iterable[str]:
    """Give every list that some of the values make."""
    known = tuple(dict.fromkeys(constants))
    for size in range(1, len(known) + 1 if len(known) <= _LONGEST_LIST else 2):
        yield from (", ".join(some) for some in combinations(known, size))


def _around(constant: str, kind: str) -> Iterable[str]:
    """Give a constant, something just below it and something just above."""
    if is_number(constant) and kind != "date":
        number = float(constant)
        yield from (f"{number:.12g}", f"{number - 1e-3:.12g}", f"{number + 1e-3:.12g}", "0", "1")
    if kind == "number":
        return
    day = day_in(constant)
    if day is not None and 1 < day.year < 9999:
        yield from (str(day), str(day - timedelta(days=1)), str(day + timedelta(days=1)))
    if kind != "date":
        yield from (
            constant,
            f"{constant}a",
            f"{constant[:-1]}{chr(max(33, ord(constant[-1]) - 1))}z" if constant else "",
        )


def _within(field: Field | None, value: str) -> bool:
    if field is None or field.type != "number" or not value:
        return True
    limits = ((field.min, 1), (field.max, -1))
    return not any(is_number(limit) and (float(value) - float(limit)) * sign < 0 for limit, sign in limits)
