"""Questions that `handrail do` asks: a line of text, the value of a field, a piece of evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from handrail.base.errors import HandrailError
from handrail.model.change import Refusal

if TYPE_CHECKING:
    from handrail.app.proof import Proof
    from handrail.cli.context import Context
    from handrail.cli.walk import Walk
    from handrail.model.process import Field


def ask_text(question: str) -> str:
    """Ask for a line of text; empty goes back."""
    answer: str = click.prompt(f"  {question} (Enter alone goes back)", default="", show_default=False)
    return answer.strip()


def ask_field(walk: Walk, field: Field) -> str:
    """Ask for a field's value until it is a good one; empty takes the default, or goes back."""
    while True:
        typed = ask_text(_question(field)) or field.default
        if not typed:
            return ""
        value = walk.read(field, _chosen(field, typed))
        if not isinstance(value, Refusal):
            return value
        say_refusal(f"{value.message}.", value.hint and f"{value.hint[:1].upper()}{value.hint[1:]}")


def ask_link() -> str:
    """Ask for an address until it is one; empty goes back."""
    while True:
        typed = ask_text("Link to the evidence")
        if not typed or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", typed):
            return typed
        say_refusal("This wants a link, as in https://example.org/offer.pdf")


def ask_file(context: Context) -> Proof | None:
    """Ask for a file until it can be evidence, and read it; None: the person goes back."""
    from handrail.cli.verbs import proof_of

    while True:
        typed = ask_text("File that proves it")
        if not typed:
            return None
        try:
            proof = proof_of(context, (typed,))[1]
        except HandrailError as error:
            say_refusal(error.sentence, error.hint)
            continue
        if proof is not None:
            return proof
        say_refusal("This wants a file.")


def say_refusal(sentence: str, hint: str = "") -> None:
    """Say why something cannot be, and what would."""
    click.secho(f"  {sentence}", fg="yellow")
    if hint:
        click.echo(f"  {hint}")


def _question(field: Field) -> str:
    label = field.label or field.name.replace("_", " ").replace("-", " ").capitalize()
    kinds = {"date": "a date, as in 2026-12-01", "number": "a number", "person": "a person", "link": "a link"}
    if field.choices:
        numbered = ", ".join(f"{number} {choice}" for number, choice in enumerate(field.choices, 1))
        return f"{label}: {numbered}"
    kind = kinds.get(field.type, "")
    return f"{label}{f', {kind}' if kind else ''}{f', else {field.default}' if field.default else ''}"


def _chosen(field: Field, typed: str) -> str:
    """Take the number of a choice for the choice, where no choice is called so."""
    if field.choices and typed not in field.choices and typed.isdecimal() and 1 <= int(typed) <= len(field.choices):
        return field.choices[int(typed) - 1]
    return typed
