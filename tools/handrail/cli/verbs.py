"""What can be done to items, as commands: once for runs and their steps, once for projects and their tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handrail.base.errors import NotAllowed, WrongUsage
from handrail.base.value import dataclass
from handrail.cli.context import Context, pass_context
from handrail.cli.params import DAY, PAIR, PERSON, Name, Words
from handrail.model.change import Action
from handrail.model.state import CLOSED, ProjectState, RunState, StepState, walk_states

if TYPE_CHECKING:
    from handrail.app.proof import Proof

Pairs = tuple[tuple[str, str], ...]
_AMOUNT = click.FloatRange(0, 1e9, min_open=True)


@dataclass(frozen=True, slots=True)
class Kind:
    """What the verbs act on: `name` is `run` or `project`; the other words are for help texts."""

    name: str
    whole: str
    item: str
    prefix: str
    holder: str
    items: tuple[str, str]
    person: str = "ben"


RUN = Kind("run", "RUN", "STEP", "handrail", "ada", ("send", "signed"))
PROJECT = Kind("project", "PROJECT", "TASK", "handrail project", "spring", ("brief", "shoot"))


def check(kind: Kind) -> click.Command:
    """Make the command that finishes items."""

    @_items(kind)
    @_note("A note on what was done.")
    @_fields()
    @_proofs()
    @_no_commit
    @pass_context
    def run(
        context: Context,
        *,
        name: str,
        words: tuple[str, ...],
        note: str,
        fields: Pairs,
        proofs: tuple[str, ...],
        no_commit: bool,
    ) -> None:
        values, proof = proof_of(context, proofs)
        act(context, kind, name, Action("check", words, note, values, fields), commit=not no_commit, proof=proof)

    first, second = kind.items
    return _command(kind, "check", run, f"Check off {kind.item.lower()}s.", f"{first} {second} -m 'countersigned'")


def begin(kind: Kind) -> click.Command:
    """Make the command that claims items."""
    return _plain(kind, "begin", f"Say that you are working on a {kind.item.lower()}.", kind.items[0])


def skip(kind: Kind) -> click.Command:
    """Make the command that leaves items out."""
    return _plain(kind, "skip", f"Skip {kind.item.lower()}s, with a reason.", f"{kind.items[0]} -m 'not needed here'")


def reopen(kind: Kind) -> click.Command:
    """Make the command that opens finished items."""
    help_text = f"Open finished {kind.item.lower()}s again, with a reason."
    return _plain(kind, "reopen", help_text, f"{kind.items[0]} -m 'the wrong file'")


def reject(kind: Kind) -> click.Command:
    """Make the command that sends work back."""
    return _plain(kind, "reject", "Send work back, with a reason.", f"{kind.items[1]} -m 'the price is wrong'")


def unblock(kind: Kind) -> click.Command:
    """Make the command that ends a block."""
    return _plain(kind, "unblock", f"Say that a blocked {kind.item.lower()} can go on.", kind.items[1])


def approve(kind: Kind) -> click.Command:
    """Make the command that approves."""

    @_items(kind)
    @_note("A note on the decision.")
    @_fields()
    @_proofs()
    @_no_commit
    @pass_context
    def run(
        context: Context,
        *,
        name: str,
        words: tuple[str, ...],
        note: str,
        fields: Pairs,
        proofs: tuple[str, ...],
        no_commit: bool,
    ) -> None:
        values, proof = proof_of(context, proofs)
        act(context, kind, name, Action("approve", words, note, values, fields), commit=not no_commit, proof=proof)

    return _command(kind, "approve", run, "Approve what waits for your approval.", kind.items[1])


def block(kind: Kind) -> click.Command:
    """Make the command that says why an item cannot go on."""

    @_items(kind)
    @_note("What it waits for.")
    @click.option("--until", type=DAY, help="Not to be called stalled before this date.")
    @_no_commit
    @pass_context
    def run(context: Context, *, name: str, words: tuple[str, ...], note: str, until: Any, no_commit: bool) -> None:
        values = (("until", until.isoformat()),) if until else ()
        act(context, kind, name, Action("block", words, note, values), commit=not no_commit)

    help_text = f"Say that a {kind.item.lower()} cannot go on, and why."
    return _command(kind, "block", run, help_text, f"{kind.items[1]} -m 'their lawyer is away' --until 2026-12-01")


def assign(kind: Kind) -> click.Command:
    """Make the command that gives items to people."""

    @click.argument("words", nargs=-1, type=Words(kind.name, people=True), metavar=f"[{kind.item}]... [PERSON]")
    @click.option("--to", type=PERSON, default="", help="Who gets it, where it does not come last; `none` for nobody.")
    @click.option("--from", "leaver", type=PERSON, default="", help="All open ones of this person.")
    @click.option("--role", default="", help="All open ones of this role.")
    @_no_commit
    @pass_context
    def run(
        context: Context, *, name: str, words: tuple[str, ...], to: str, leaver: str, role: str, no_commit: bool
    ) -> None:
        person, items = (to, words) if to else (words[-1] if words else "", words[:-1])
        if not person:
            raise WrongUsage("Say who gets it.", f"`{kind.prefix} assign {kind.whole} {kind.item} PERSON`, or `--to`.")
        people = " ".join(person.replace(",", " ").replace("@", " ").split())
        values = (("to", people), ("from", leaver.lstrip("@")), ("role", role))
        action = Action("assign", items, "", tuple(pair for pair in values if pair[1]))
        if name:
            act(context, kind, name, action, commit=not no_commit)
        else:
            _assign_everywhere(context, kind, action, commit=not no_commit)

    named = click.argument("name", metavar=f"[{kind.whole}]", required=False, default="", type=Name(kind.name))(run)
    help_text = f"Give {kind.item.lower()}s to somebody."
    return _command(kind, "assign", named, help_text, f"{kind.items[0]} {kind.person}")


def _assign_everywhere(context: Context, kind: Kind, action: Action, *, commit: bool) -> None:
    """Hand over all open items of somebody who leaves: one commit for each run or project that has some."""
    leaver = dict(action.values).get("from", "")
    if not leaver:
        raise WrongUsage(f"Say which {kind.name}.", f"Or `--from PERSON --to PERSON` for every {kind.name}.")
    overview = context.overview()
    runs = kind.name == "run"
    states: tuple[RunState | ProjectState, ...] = tuple((overview.runs if runs else overview.projects).values())
    with_some = [
        state.run.id if isinstance(state, RunState) else state.project.id
        for state in states
        if state.state == "active"
        and any(leaver in step.assignees and _open(step) for step in walk_states(state.steps))
    ]
    if not with_some:
        raise NotAllowed(f"No open {kind.item.lower()} is with @{leaver}.")
    for name in with_some:
        act(context, kind, name, action, commit=commit)


def _open(step: StepState) -> bool:
    return step.state not in CLOSED


def due(kind: Kind) -> click.Command:
    """Make the command that sets due dates."""

    @click.argument("words", nargs=-1, required=True, type=Words(kind.name), metavar=f"[{kind.item}]... DATE|none")
    @_note("Why.")
    @_no_commit
    @pass_context
    def run(context: Context, *, name: str, words: tuple[str, ...], note: str, no_commit: bool) -> None:
        act(context, kind, name, Action("due", words[:-1], note, (("on", words[-1]),)), commit=not no_commit)

    named = click.argument("name", metavar=kind.whole, type=Name(kind.name))(run)
    return _command(kind, "due", named, "Set or clear a due date by hand.", f"{kind.items[1]} 2026-12-01")


def note(kind: Kind) -> click.Command:
    """Make the command that writes something down; under a project's task, hours and money too."""

    @click.argument("words", nargs=-1, type=Words(kind.name), metavar=f"[{kind.item}]... [TEXT]")
    @_note("The text, where it does not come last.")
    @_no_commit
    @pass_context
    def run(
        context: Context,
        *,
        name: str,
        words: tuple[str, ...],
        note: str,
        no_commit: bool,
        hours: float | None = None,
        cost: float | None = None,
    ) -> None:
        spent = tuple((key, f"{amount:.12g}") for key, amount in (("hours", hours), ("cost", cost)) if amount)
        items, text = (words, note) if note or (spent and len(words) == 1) else (words[:-1], words[-1] if words else "")
        if not text.strip() and not spent:
            raise WrongUsage("A note needs its text.", f"`{kind.prefix} note {name} {kind.item} -m TEXT`.")
        if spent and not items:
            raise WrongUsage(f"Say which {kind.item.lower()} the hours or the money went into.")
        act(context, kind, name, Action("note", items, text, spent), commit=not no_commit)

    named = click.argument("name", metavar=kind.whole, type=Name(kind.name))(run)
    if kind is PROJECT:
        named = click.option("--cost", type=_AMOUNT, metavar="SUM", help="Money that was spent on it.")(named)
        named = click.option("--hours", type=_AMOUNT, metavar="HOURS", help="Hours that you worked on it.")(named)
    help_text = f"Write a note under a {kind.item.lower()}, or in a {kind.name}'s log."
    return _command(kind, "note", named, help_text, f"{kind.items[1]} 'waiting for their legal team'")


def set_fields(kind: Kind) -> click.Command:
    """Make the command that sets fields."""

    @click.argument("words", nargs=-1, required=True, type=Words(kind.name), metavar=f"[{kind.item}]... NAME=VALUE...")
    @_note("Why.")
    @_no_commit
    @pass_context
    def run(context: Context, *, name: str, words: tuple[str, ...], note: str, no_commit: bool) -> None:
        items = tuple(word for word in words if "=" not in word)
        fields = tuple(PAIR.convert(word, None, None) for word in words if "=" in word)
        act(context, kind, name, Action("set", items, note, (), fields), commit=not no_commit)

    named = click.argument("name", metavar=kind.whole, type=Name(kind.name))(run)
    return _command(kind, "set", named, f"Set fields of a {kind.name}.", "plan=pro launch=2026-12-01")


def cancel(kind: Kind) -> click.Command:
    """Make the command that stops a run or project."""

    @_note("Why it is stopped.")
    @_no_commit
    @pass_context
    def run(context: Context, *, name: str, note: str, no_commit: bool) -> None:
        act(context, kind, name, Action("cancel", (), note), commit=not no_commit)

    named = click.argument("name", metavar=kind.whole, type=Name(kind.name))(run)
    return _command(kind, "cancel", named, f"Stop a {kind.name} for good, with a reason.", "-m 'the customer left'")


ALL: tuple[Callable[[Kind], click.Command], ...] = (
    check,
    begin,
    skip,
    reopen,
    approve,
    reject,
    assign,
    due,
    block,
    unblock,
    note,
    set_fields,
    cancel,
)


def act(context: Context, kind: Kind, name: str, action: Action, *, commit: bool, proof: Proof | None = None) -> None:
    """Do an action on the run or project that a name means, and say what came of it. `proof` is a file it came with."""
    from handrail.app.act import perform
    from handrail.cli.say import say_done

    target = context.find(name, kind.name)
    done = perform(
        context.repository,
        target,
        action,
        who=context.who(),
        now=context.now,
        config=context.config,
        commit=commit,
        proof=proof,
    )
    say_done(done, context.now)


def proof_of(context: Context, proofs: Sequence[str]) -> tuple[Pairs, Proof | None]:
    """Tell links from files: give the link as a value, and the file read. Raises WrongUsage for two of a kind."""
    links = [proof for proof in proofs if _is_link(proof)]
    files = [proof for proof in proofs if not _is_link(proof)]
    if len(links) > 1 or len(files) > 1:
        kind = "link" if len(links) > 1 else "file"
        raise WrongUsage(f"One {kind} can be given as proof.", "Put the others into the note, or into one archive.")
    values = tuple(("link", link) for link in links)
    if not files:
        return values, None
    from handrail.app.proof import read_proof

    typed = Path(files[0]).expanduser()
    place = typed if typed.is_absolute() else context.start / typed
    return values, read_proof(context.repository, place, files[0][:200], context.config.proof_limit)


def _is_link(proof: str) -> bool:
    return "://" in proof or proof.startswith("mailto:")


def _plain(kind: Kind, verb: str, help_text: str, example: str) -> click.Command:
    """Make a command that takes items and a note, nothing else."""

    @_items(kind)
    @_note("A note, or the reason.")
    @_no_commit
    @pass_context
    def run(context: Context, *, name: str, words: tuple[str, ...], note: str, no_commit: bool) -> None:
        act(context, kind, name, Action(verb, words, note), commit=not no_commit)

    return _command(kind, verb, run, help_text, example)


def _command(kind: Kind, verb: str, function: Callable[..., Any], help_text: str, example: str) -> click.Command:
    text = f"{help_text}\n\n\b\nExample:\n  {kind.prefix} {verb} {kind.holder} {example}"
    return click.command(verb, help=text, short_help=help_text)(function)


def _items(kind: Kind) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        words = click.argument("words", nargs=-1, required=True, type=Words(kind.name), metavar=f"{kind.item}...")(
            function
        )
        return click.argument("name", metavar=kind.whole, type=Name(kind.name))(words)

    return decorate


def _note(help_text: str) -> Callable[[Any], Any]:
    return click.option("-m", "--note", default="", metavar="TEXT", help=help_text)


def _fields() -> Callable[[Any], Any]:
    return click.option(
        "-f", "--field", "fields", multiple=True, type=PAIR, metavar="NAME=VALUE", help="Give a field its value."
    )


def _proofs() -> Callable[[Any], Any]:
    return click.option(
        "--proof",
        "proofs",
        multiple=True,
        metavar="LINK|FILE",
        help="Evidence: an address, or a file, which is copied.",
    )


def _no_commit(function: Any) -> Any:
    return click.option("--no-commit", is_flag=True, help="Write the file and leave the commit to you.")(function)
