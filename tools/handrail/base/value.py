# ruff: noqa: ANN001, ANN201, ANN202, SLF001 - type checkers see the standard decorator instead
"""`dataclass`, made quickly.

The standard decorator compiles six methods for each class when its module is imported, about a millisecond a
class: a third of a whole check-off. Here only `__init__` is compiled; comparing, hashing and showing are done by
methods that all classes share. Type checkers see the standard decorator, and hold values frozen; at run time
nothing does, so that making one costs half as much, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(cls=None, *, frozen=False, slots=False, order=False):
        """Make a class of values; `frozen` gives it a hash, as the standard decorator does."""

        def decorate(cls):
            if order:
                return dataclasses.dataclass(frozen=frozen, slots=slots, order=True)(cls)
            for name, method in _SHARED.items():
                if name not in cls.__dict__:
                    setattr(cls, name, method)
            if "__hash__" not in cls.__dict__:
                cls.__hash__ = _hash if frozen else None
            return dataclasses.dataclass(repr=False, eq=False, slots=slots)(cls)

        return decorate if cls is None else decorate(cls)

    def _compared(value):
        names = type(value).__dict__.get("_compared_names")
        if names is None:
            names = tuple(field.name for field in dataclasses.fields(value) if field.compare)
            type(value)._compared_names = names
        return tuple([getattr(value, name) for name in names])

    def _eq(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or _compared(self) == _compared(other)

    def _hash(self):
        return hash(_compared(self))

    def _repr(self):
        shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
        return f"{type(self).__qualname__}({shown})"

    _SHARED = {"__eq__": _eq, "__repr__": _repr}

__all__ = ["dataclass"]
