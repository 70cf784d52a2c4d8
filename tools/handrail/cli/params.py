"""Kinds of arguments and options, each with what a shell may offer for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import click
from click.shell_completion import CompletionItem

from handrail.base.errors import WrongUsage


class Name(click.ParamType[str]):
    """The name of a run, project or process: any part that fits just one."""

    name = "name"

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer ids from the names of files."""
        from handrail.cli.offer import names

        return names(ctx, self.kinds, incomplete)


class Words(click.ParamType[str]):
    """Words after a run's or project's name: its items, and people or dates where a command takes them last."""

    name = "words"

    def __init__(self, kind: str, *, people: bool = False) -> None:
        self.kind = kind
        self.people = people

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer the open items of the run or project that stands before."""
        from handrail.cli.offer import items, people

        found = items(ctx, self.kind, incomplete)
        return [*found, *people(ctx, incomplete)] if self.people else found


class Person(click.ParamType[str]):
    """A person's key."""

    name = "person"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer the people of `handrail.yml`."""
        from handrail.cli.offer import people

        return people(ctx, incomplete)


class Pair(click.ParamType[tuple[str, str]]):
    """`key=value`."""

    name = "pair"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Split at the first `=`."""
        if isinstance(value, tuple):
            return value
        key, sign, text = str(value).partition("=")
        if not sign or not key.strip():
            self.fail(f"`{value[:80]}` is not of the form NAME=VALUE.", param, ctx)
        return key.strip(), text.strip()


class Day(click.ParamType[date]):
    """A date."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read year-month-day."""
        from handrail.format.scalars import DATE_HINT, read_date

        if not isinstance(value, str):
            return value
        try:
            return read_date(value)
        except ValueError as error:
            raise WrongUsage(f"{str(error)[:1].upper()}{str(error)[1:]}.", f"{DATE_HINT.capitalize()}.") from None


PAIR = Pair()
DAY = Day()
PERSON = Person()
