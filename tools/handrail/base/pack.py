"""Values as JSON and back, by the types that their dataclasses declare.

A dataclass becomes a list of its fields, cut off after the last that is not its default. Only plain data can come
out of it, whatever is read: nothing is imported or called that the types do not name.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

V = TypeVar("V")
Way = Callable[[Any], Any] | None
"""How one type is turned; None where JSON has it as it is."""


def packer(kind: type[V]) -> Callable[[V], list[Any]]:
    """Give the function that turns a value of the dataclass `kind` into what JSON can hold."""
    return cast("Callable[[V], list[Any]]", _packer(cast("Any", kind)))


def unpacker(kind: type[V]) -> Callable[[list[Any]], V]:
    """Give the function that makes a value of the dataclass `kind` again. It raises what a wrong shape causes."""
    return cast("Callable[[list[Any]], V]", _unpacker(cast("Any", kind)))


@cache
def _packer(kind: Any) -> Callable[[Any], list[Any]]:
    fields = dataclasses.fields(kind)
    hints = get_type_hints(kind)
    defaults = [_default(field) for field in fields]
    ways: list[Way] = []

    def pack(value: Any) -> list[Any]:
        if not ways:
            ways.extend(_way(hints[field.name], packing=True) for field in fields)
        row: list[Any] = []
        for field, way, default in zip(fields, ways, defaults, strict=True):
            said = getattr(value, field.name)
            row.append(None if said is None or said == default else said if way is None else way(said))
        while row and row[-1] is None:
            row.pop()
        return row

    return pack


@cache
def _unpacker(kind: Any) -> Callable[[list[Any]], Any]:
    fields = dataclasses.fields(kind)
    hints = get_type_hints(kind)
    defaults = [_default(field) for field in fields]
    ways: list[Way] = []

    def unpack(row: list[Any]) -> Any:
        if not ways:
            ways.extend(_way(hints[field.name], packing=False) for field in fields)
        if len(row) > len(ways):
            raise ValueError(f"{len(row)} values for the {len(ways)} fields of {kind.__name__}")
        values = [
            default if said is None else said if way is None else way(said)
            for said, way, default in zip(row, ways, defaults, strict=False)
        ]
        return kind(*values, *defaults[len(row) :])

    return unpack


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return None if field.default is dataclasses.MISSING else field.default


def _way(kind: Any, *, packing: bool) -> Way:
    origin, inner = get_origin(kind), get_args(kind)
    if kind in (str, int, float, bool) or origin is Literal:
        return None
    if kind in (datetime, date):
        return _iso if packing else kind.fromisoformat
    if dataclasses.is_dataclass(kind):
        return _packer(cast("Any", kind)) if packing else _unpacker(cast("Any", kind))
    if origin is tuple:
        return (
            _each(_way(inner[0], packing=packing), list if packing else tuple)
            if inner[-1] is ...
            else _fixed([_way(one, packing=packing) for one in inner], list if packing else tuple)
        )
    if origin in (Union, types.UnionType) and all(dataclasses.is_dataclass(one) for one in inner):
        return _one_of(inner, packing=packing)
    if origin in (Union, types.UnionType) and len(inner) == 2 and type(None) in inner:
        return _way(next(one for one in inner if one is not type(None)), packing=packing)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(_way(inner[1], packing=packing))
    raise TypeError(f"{kind} cannot be packed")


def _one_of(kinds: tuple[Any, ...], *, packing: bool) -> Way:
    if packing:
        return lambda value: [kinds.index(type(value)), packer(type(value))(value)]
    return lambda said: unpacker(kinds[said[0]])(said[1])


def _iso(value: date) -> str:
    return value.isoformat()


def _each(way: Way, kind: Callable[[Any], Any]) -> Way:
    return kind if way is None else lambda values: kind([way(value) for value in values])


def _fixed(ways: list[Way], kind: Callable[[Any], Any]) -> Way:
    return lambda values: kind([value if way is None else way(value) for way, value in zip(ways, values, strict=True)])


def _mapping(way: Way) -> Way:
    return dict if way is None else lambda values: {key: way(value) for key, value in values.items()}
