# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail do`: a run, step by step, with nothing but the keyboard. Each answer is saved at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from handrail.base.errors import BrokenFiles, GitRefused, HandrailError
from handrail.cli.context import Context, pass_context
from handrail.cli.params import Name
from handrail.model.change import Action, Refusal

if TYPE_CHECKING:
    from handrail.cli.paint import Paint
    from handrail.cli.walk import Walk
    from handrail.model.process import Field
    from handrail.model.state import RunState, StepState

_CHOICES = {
    "d": "done",
    "a": "approve",
    "r": "reject",
    "u": "unblock",
    "s": "skip",
    "n": "note",
    "b": "block",
    "l": "later",
    "q": "quit",
}
_NEEDS_TEXT = {"s": "Why is it skipped?", "n": "Note", "b": "What does it wait for?", "r": "What is wrong?"}
_VERBS = {"d": "check", "a": "approve", "r": "reject", "u": "unblock", "s": "skip", "n": "note", "b": "block"}


@click.command("do")
@click.argument("name", metavar="RUN", type=Name("run"))
@pass_context
def do(context: Context, name: str) -> None:
    """Walk through a run, step by step.

    Each step is shown with its instruction. Every answer is saved at once, so you can leave at any time and go on
    later at the same place.

    \b
    Example:
      handrail do ada
    """
    from handrail.cli.paint import paint_for_terminal
    from handrail.cli.walk import Walk

    target = context.find(name, "run")
    guide = Guide(Walk(context, target), paint_for_terminal())
    try:
        guide.go()
    except (click.Abort, KeyboardInterrupt, EOFError):
        click.echo()
        guide.leave()


class _Leave(Exception):
    """The person has had enough for now."""


class Guide:
    """Shows, asks and tells; what happens to the run is the walk's."""

    def __init__(self, walk: Walk, paint: Paint) -> None:
        self.walk = walk
        self.paint = paint
        self.passed: set[str] = set()
        self.shown = ""

    def go(self) -> None:
        """Go from step to step until none is left to do, or the person leaves."""
        try:
            while True:
                state = self.walk.look()
                step = self.walk.next(state, self.passed)
                if step is None:
                    self.finish(state)
                    return
                if step.id != self.shown:
                    self.show(state, step)
                    self.shown = step.id
                self.answer(state, step)
        except _Leave:
            self.leave()

    def leave(self) -> None:
        """Say where it goes on."""
        click.echo(f"Everything so far is saved. Go on with: handrail do {self.walk.target.id}")

    def finish(self, state: RunState) -> None:
        """Say why there is nothing more to do."""
        progress = state.progress
        closed = f"{progress.done + progress.skipped} of {progress.total}"
        if state.state == "done":
            click.secho(f"Finished: {closed} steps. Well done.", fg="green", bold=True)
        elif state.state == "cancelled":
            click.echo("This run was cancelled.")
        elif self.passed:
            click.echo(f"{closed} steps are closed; what is left you have put off, or it waits for something.")
            self.leave()
        else:
            click.echo(f"{closed} steps are closed; nothing can be done right now.")
            for line in self.waiting(state):
                click.echo(f"  {line}")

    def waiting(self, state: RunState) -> list[str]:
        """Say what the first open steps wait for."""
        from handrail.reports.steps import leaves
        from handrail.text.plain import plain

        found: list[str] = []
        for step in leaves(state.steps):
            if step.state != "waiting":
                continue
            until = f"until {step.wait_until:%d %b %Y}" if step.wait_until else ""
            what = until or f"for {', '.join(step.waits_for)}" if until or step.waits_for else ""
            found.append(f"{plain(step.item.title)} waits {what}".rstrip())
        return found[:5]

    def show(self, state: RunState, step: StepState) -> None:
        """Show where we are, the step, who has it, and its instruction."""
        from handrail.cli.instruction import instruction_lines
        from handrail.cli.say import due, holders
        from handrail.cli.walk import parents
        from handrail.text.plain import plain

        paint, progress = self.paint, state.progress
        closed = progress.done + progress.skipped
        place = " · ".join(part for part in (state.run.title, step.item.stage) if part)
        click.echo()
        click.echo(
            paint.line(
                paint.cell(paint.safe(place), dim=True),
                paint.cell(f"{closed} of {progress.total}"),
                paint.cell(paint.bar(progress.share, 20), fg="green"),
            )
        )
        for title in parents(state, step.id):
            click.echo(f"  {plain(title)}:")
        click.secho(f"{paint.sign('point')} {paint.safe(plain(step.item.title))}", bold=True)
        who = f"{holders(step)}{due(step, self.walk.context.clock())}"
        click.echo(paint.line(paint.cell(f"[{step.id}] {who}", dim=True), indent=2))
        for told in self.remarks(step):
            click.secho(f"  {told}", fg="yellow")
        body = instruction_lines(self.walk.instruction(state, step), min(self.paint.width, 100) - 4)
        if body:
            click.echo("\n" + "\n".join(f"  {line}" if line else "" for line in body) + "\n")

    def remarks(self, step: StepState) -> list[str]:
        """Say what is unusual about a step."""
        facts = step.facts
        found: list[str] = []
        if step.state == "blocked":
            until = f" until {facts.blocked_until}" if facts.blocked_until else ""
            found.append(f"Blocked{until}: {self.paint.safe(facts.blocked_reason)}")
        if facts.rejected is not None:
            found.append(f"Sent back by @{facts.rejected.who}: {self.paint.safe(facts.rejected.note)}")
        if step.state == "waiting" and step.waits_for:
            found.append(f"Before its turn: {', '.join(step.waits_for)} is still open")
        notes = [event for event in step.item.events if event.verb == "noted"]
        found.extend(f"@{event.who} noted: {self.paint.safe(event.note)}" for event in notes[-3:])
        return found

    def answer(self, state: RunState, step: StepState) -> None:
        """Ask what to do with the step and do it. What is refused is said, and asked again."""
        key = self.choose(step)
        if key == "q":
            raise _Leave
        if key == "l":
            self.passed.add(step.id)
            return
        action = self.action(state, step, key)
        if action is None:
            return
        try:
            done = self.walk.act(action)
        except (BrokenFiles, GitRefused):
            raise
        except HandrailError as error:
            click.secho(f"  {error.sentence}", fg="yellow")
            if error.hint:
                click.echo(f"  {error.hint}")
            return
        from handrail.cli.say import say_followed, say_notices, where

        past = {"n": "Noted", "s": "Skipped", "b": "Blocked", "u": "Unblocked", "r": "Sent back"}.get(key, "Done")
        click.echo(f"  {click.style(past, fg='green')} ({where(done.saved)})")
        say_notices(done.decision.notices, done.saved)
        say_followed(done)
        if key == "b":
            self.passed.add(step.id)
        if key in {"r", "u"}:
            self.shown = ""

    def choose(self, step: StepState) -> str:
        """Ask for one of the choices that make sense for a step, by its first letter or its word."""
        finishing = ["u"] if step.state == "blocked" else ["a", "r"] if step.item.attributes.approval else ["d"]
        letters = [*finishing, "s", "n", *([] if step.state == "blocked" else ["b"]), "l", "q"]
        words = "  ".join(f"[{letter}]{_CHOICES[letter][1:]}" for letter in letters)
        while True:
            letter = str(click.prompt(words, default="", show_default=False)).strip().lower()
            found = [one for one in letters if letter and _CHOICES[one].startswith(letter)]
            if letter in letters:
                return letter
            if len(found) == 1:
                return found[0]
            click.echo("  Type one of the letters in brackets, then Enter.")

    def action(self, state: RunState, step: StepState, key: str) -> Action | None:
        """Ask for what the chosen action needs. None: the person thought better of it."""
        note = ""
        values: tuple[tuple[str, str], ...] = ()
        fields: tuple[tuple[str, str], ...] = ()
        if key in _NEEDS_TEXT:
            note = self.text(_NEEDS_TEXT[key])
            if not note:
                return None
        if key in {"d", "a"}:
            for field in self.walk.asked(state, step):
                value = self.field(field)
                if not value:
                    return None
                fields += ((field.name, value),)
            for kind in step.item.attributes.proof:
                given = self.proof(kind)
                if not given:
                    return None
                note, values = (given, values) if kind == "note" else (note, (*values, (kind, given)))
        return Action(_VERBS[key], (step.id,), note, values, fields)

    def text(self, question: str) -> str:
        """Ask for a line of text; empty goes back."""
        answer: str = click.prompt(f"  {question} (Enter alone goes back)", default="", show_default=False)
        return answer.strip()

    def field(self, field: Field) -> str:
        """Ask for a field's value until it is a good one; empty takes the default, or goes back."""
        while True:
            typed = self.text(_question(field)) or field.default
            if not typed:
                return ""
            value = self.walk.read(field, _chosen(field, typed))
            if not isinstance(value, Refusal):
                return value
            click.secho(f"  {value.message}.", fg="yellow")
            if value.hint:
                click.echo(f"  {value.hint[:1].upper()}{value.hint[1:]}")

    def proof(self, kind: str) -> str:
        """Ask for a piece of evidence until it is of the right kind; empty goes back."""
        from handrail.cli.verbs import proof_value

        questions = {"link": "Link to the evidence", "file": "File that proves it", "note": "What was done?"}
        while True:
            typed = self.text(questions[kind])
            if not typed or kind == "note":
                return typed
            if kind == "link" and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", typed):
                click.secho("  This wants a link, as in https://example.org/offer.pdf", fg="yellow")
                continue
            try:
                found, value = proof_value(self.walk.context, typed)
            except HandrailError as error:
                click.secho(f"  {error.sentence}", fg="yellow")
                continue
            if found == kind:
                return value
            click.secho(f"  This wants a {kind}.", fg="yellow")


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
