# ruff: noqa: D301 - `\b` in a help text is click's own mark
"""`handrail do`: a run, step by step, with nothing but the keyboard. Each answer is saved at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from handrail.base.errors import BrokenFiles, GitRefused, HandrailError
from handrail.cli.ask import ask_field, ask_file, ask_link, ask_text, say_refusal
from handrail.cli.context import Context, pass_context
from handrail.cli.params import Name
from handrail.model.change import Action

if TYPE_CHECKING:
    from handrail.app.act import Done
    from handrail.app.proof import Proof
    from handrail.cli.paint import Paint
    from handrail.cli.walk import Walk
    from handrail.model.item import Event
    from handrail.model.state import RunState, StepState

_CHOICES = {
    "d": "done",
    "c": "confirm",
    "g": "go into its run",
    "a": "approve",
    "r": "reject",
    "u": "unblock",
    "t": "take it",
    "s": "skip",
    "n": "note",
    "b": "block",
    "l": "later",
    "q": "quit",
}
_NEEDS_TEXT = {"s": "Why is it skipped?", "n": "Note", "b": "What does it wait for?", "r": "What is wrong?"}
_VERBS = {
    "d": "check", "a": "approve", "r": "reject", "u": "unblock", "t": "begin", "s": "skip", "n": "note", "b": "block"
}  # fmt: skip


@click.command("do")
@click.argument("name", metavar="RUN", type=Name("run"))
@click.option("--no-commit", is_flag=True, help="Write the files and leave the commit to you.")
@pass_context
def do(context: Context, name: str, *, no_commit: bool) -> None:
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
    guide = Guide(Walk(context, target, commit=not no_commit), paint_for_terminal())
    try:
        guide.go()
    except (click.Abort, KeyboardInterrupt, EOFError):
        click.echo()
        guide.leave()


class _Leave(Exception):
    """The person has had enough for now."""


class _Left(_Leave):
    """The person has left a run further in, and was told where it goes on."""


class Guide:
    """Shows, asks and tells; what happens to the run is the walk's."""

    def __init__(self, walk: Walk, paint: Paint) -> None:
        self.walk = walk
        self.paint = paint
        self.passed: set[str] = set()
        self.shown = ""

    def go(self) -> bool:
        """Go from step to step until none is left to do; False where the person leaves before."""
        try:
            while True:
                state = self.walk.look()
                step = self.walk.next(state, self.passed)
                if step is None:
                    self.finish(state)
                    return True
                if step.id != self.shown:
                    self.show(state, step)
                    self.shown = step.id
                self.answer(state, step)
        except _Left:
            return False
        except _Leave:
            self.leave()
            return False

    def leave(self) -> None:
        """Say where it goes on."""
        kept, option = ("saved", "") if self.walk.commit else ("written, not committed", " --no-commit")
        click.echo(f"Everything so far is {kept}. Go on with: handrail do {self.walk.target.id}{option}")

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
        for told in self.remarks(state, step):
            click.secho(f"  {told}", fg="yellow")
        body = instruction_lines(self.walk.instruction(state, step), min(self.paint.width, 100) - 4)
        if body:
            click.echo("\n" + "\n".join(f"  {line}" if line else "" for line in body) + "\n")

    def remarks(self, state: RunState, step: StepState) -> list[str]:
        """Say what is unusual about a step, why it was sent back first."""
        facts, safe = step.facts, self.paint.safe
        found: list[str] = []
        if facts.rejected is not None:
            found.append(f"Sent back by {self.named(facts.rejected.who)}: {safe(facts.rejected.note)}")
        if facts.attempt > 1:
            found.append(f"Round {facts.attempt}")
        if facts.proposed is not None:
            found.append(self.proposal(facts.proposed))
        if step.state == "blocked":
            until = f" until {facts.blocked_until}" if facts.blocked_until else ""
            found.append(f"Blocked{until}: {safe(facts.blocked_reason)}")
        if step.state == "waiting" and step.waits_for:
            found.append(f"Before its turn: {', '.join(step.waits_for)} is still open")
        begun = next((event for event in reversed(step.item.events) if event.verb == "started"), None)
        if facts.doing and begun is not None and begun.who != self.walk.context.who():
            found.append(f"{self.named(begun.who)} has begun it")
        if self.walk.waits_for_child(state, step):
            child = self.walk.open_child(state, step)
            found.append(f"Finished by a run of {step.item.attributes.run}: {child.id if child else 'not started yet'}")
        notes = [event for event in step.item.events if event.verb == "noted" and event is not facts.proposed]
        found.extend(f"{self.named(event.who)} noted: {safe(event.note)}" for event in notes[-3:])
        return found

    def named(self, key: str) -> str:
        """Give `@ana`; an agent is called one."""
        return f"@{key} (agent)" if self.walk.context.config.person(key).agent else f"@{key}"

    def proposal(self, event: Event) -> str:
        """Say what an agent proposes, with its evidence."""
        from handrail.rules.fold import proposed_by

        evidence = [value for key, value in event.values if key in ("link", "file")]
        what = "to skip it" if proposed_by(event) == "skipped" else "it is done"
        told = "; ".join(self.paint.safe(part) for part in (event.note, *evidence) if part)
        return f"{self.named(event.who)} proposes: {what}{f' ({told})' if told else ''}"

    def answer(self, state: RunState, step: StepState) -> None:
        """Ask what to do with the step and do it. What is refused is said, and asked again."""
        key = self.choose(state, step)
        if key == "q":
            raise _Leave
        if key == "l":
            self.passed.add(step.id)
            return
        try:
            if key == "g":
                self.enter(state, step)
                return
            action, proof = self.action(state, step, key)
            done = self.walk.act(action, proof) if action else None
        except (BrokenFiles, GitRefused):
            raise
        except HandrailError as error:
            say_refusal(error.sentence, error.hint)
            return
        if done is not None:
            self.tell(done, step, key)

    def tell(self, done: Done, step: StepState, key: str) -> None:
        """Say what came of an action, and put off what waits for somebody else now."""
        from handrail.app.act import past_of
        from handrail.cli.say import say_followed, say_notices, where

        past = past_of(done.action, done.decision)
        words = {"begin": "It is yours now", "reject": "Sent back"}
        shown = past if past == "proposed" else words.get(done.action.verb, past)
        click.echo(f"  {click.style(shown.capitalize(), fg='green')} ({where(done.saved)})")
        say_notices(done.decision.notices, done.saved)
        say_followed(done)
        if key == "b" or past == "proposed":
            self.passed.add(step.id)
        if key in {"r", "u"}:
            self.shown = ""

    def enter(self, state: RunState, step: StepState) -> None:
        """Walk through the run that finishes a step, which is started where there is none, and come back."""
        child = self.walk.open_child(state, step)
        if child is None:
            fields: dict[str, str] = {}
            for field in self.walk.wanted_for_child(state, step):
                value = ask_field(self.walk, field)
                if not value:
                    return
                fields[field.name] = value
            child = self.walk.start_child(state, step, fields)
            click.echo(f"  {click.style('Started', fg='green')}: {child.id}")
        if not Guide(self.walk.into(child), self.paint).go():
            raise _Left
        self.shown = ""
        if self.walk.open_child(self.walk.look(), step) is not None:
            self.passed.add(step.id)

    def choose(self, state: RunState, step: StepState) -> str:
        """Ask for one of the choices that make sense for a step, by its first letter or its word."""
        letters = self.letters(state, step)
        words = "  ".join(f"[{letter}]{_CHOICES[letter][1:]}" for letter in letters)
        while True:
            letter = str(click.prompt(words, default="", show_default=False)).strip().lower()
            found = [one for one in letters if letter and _CHOICES[one].startswith(letter)]
            if letter in letters:
                return letter
            if len(found) == 1:
                return found[0]
            click.echo("  Type one of the letters in brackets, then Enter.")

    def letters(self, state: RunState, step: StepState) -> tuple[str, ...]:
        """Give the choices for a step, what finishes it first."""
        if step.state == "blocked":
            return ("u", "s", "n", "l", "q")
        take = ("t",) if step.state == "ready" else ()
        if step.facts.proposed and self.walk.only_proposes(state):
            return ("n", "l", "q")
        if step.facts.proposed:
            return ("c", "r", "s", "n", "b", "l", "q")
        if self.walk.waits_for_child(state, step):
            return ("g", "s", "n", "b", "l", "q")
        finishing = ("a", "r") if step.item.attributes.approval else ("d", *take)
        return (*finishing, "s", "n", "b", "l", "q")

    def action(self, state: RunState, step: StepState, key: str) -> tuple[Action | None, Proof | None]:
        """Ask for what the chosen action needs. No action: the person thought better of it."""
        if key == "c":
            return Action(self.walk.confirming(step), (step.id,)), None
        note = ""
        values: tuple[tuple[str, str], ...] = ()
        fields: tuple[tuple[str, str], ...] = ()
        proof: Proof | None = None
        if key in _NEEDS_TEXT:
            note = ask_text(_NEEDS_TEXT[key])
            if not note:
                return None, None
        if key in {"d", "a"}:
            for field in self.walk.asked(state, step):
                value = ask_field(self.walk, field)
                if not value:
                    return None, None
                fields += ((field.name, value),)
            for kind in step.item.attributes.proof:
                link = ask_link() if kind == "link" else ""
                proof = ask_file(self.walk.context) if kind == "file" else proof
                note = ask_text("What was done?") if kind == "note" else note
                if not (link or (kind == "file" and proof) or (kind == "note" and note)):
                    return None, None
                values += (("link", link),) if link else ()
        return Action(_VERBS[key], (step.id,), note, values, fields), proof
