"""The page of states and actions, printed from the table that the tests hold: `python tools/develop/states.py FILE`.

With `--check` nothing is written; the exit status is 1 where the page is not what the table says.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

TOP = Path(__file__).parents[2]

PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Doing the work": (
        "`begin` says that somebody is at it, `check` finishes it; `skip` and `reopen` take a reason.",
        ("begin", "check", "skip", "reopen"),
    ),
    "Deciding": (
        "An `approval` is approved or rejected, what an agent has proposed is confirmed by `check` or rejected.",
        ("approve", "reject"),
    ),
    "Who and when": (
        "`assign` gives it to somebody else, `due` to another day.",
        ("assign", "due"),
    ),
    "What is in the way": (
        "`block` says that it cannot go on, for a reason; `unblock` that it can.",
        ("block", "unblock"),
    ),
    "Writing down": (
        "`note` keeps a remark, `set` the value of a field.",
        ("note", "set"),
    ),
}

NO_APPROVAL = "not-approval"
"""The refusal that most situations have in common: where it is all that a row says, the rows are one."""

STATES: dict[str, str] = {
    "-> waiting": "waiting",
    "-> ready": "ready",
    "-> doing": "doing",
    "-> blocked": "blocked",
    "-> done": "done",
    "-> skipped": "skipped",
    "-> na": "n/a",
    "-> cancelled": "cancelled",
}

REFUSALS: dict[str, str] = {
    "already-begun": "no, it is begun",
    "already-done": "no, it is done",
    "already-skipped": "no, it is skipped",
    "blocked": "no, it is blocked",
    "cancelled": "no, it is over",
    "cannot-skip": "no, never skipped",
    "gate": "no, the gate first",
    "needs-approval": "no, `approve` it",
    "not-applicable": "no, it does not apply",
    "not-approval": "no, no approval",
    "not-approver": "no, not asked",
    "not-blocked": "no, not blocked",
    "not-closed": "no, it is open",
    "open-substeps": "no, sub-steps first",
    "strict-order": "no, in order only",
    "wait-not-over": "no, not yet",
    "waits": "no, it waits",
}

ABOUT = """\
What an action comes to depends on the situation of the step that it meets. Find the situation in the first column, then
the action. What stands there is the state in which the step is afterwards, or *no* and why: then nothing is written,
and the command says what would make it possible. The tests of Handrail hold each entry to be so.

`check` and the others are given all that they ask for here: a reason, a date, a person. [Attributes](attributes.md)
says what a step can ask for beside that."""


def load_table() -> ModuleType:
    """Give the table as a module; it stands among the tests, which no program may import in the ordinary way."""
    spec = importlib.util.spec_from_file_location("states_table", TOP / "tests" / "rules" / "table.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("tests/rules/table.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page(table: Mapping[str, Mapping[str, str]], situations: Mapping[str, str]) -> str:
    """Give the page: the situations, then a table for each kind of action, narrow enough for a phone."""
    parts = [
        "---\ntitle: States and actions\n---",
        "<!-- Written by `make docs` from tests/rules/table.py: change the table, not this page. -->",
        "# States and actions",
        ABOUT,
        "## Situations",
        "\n".join(["| situation | what it means |", "|---|---|", *(f"| {one} | {situations[one]} |" for one in table)]),
    ]
    for title, (words, verbs) in PARTS.items():
        parts += [f"## {title}", words, _grid(table, verbs)]
    return "\n\n".join(parts) + "\n"


def _grid(table: Mapping[str, Mapping[str, str]], verbs: Sequence[str]) -> str:
    lines = [f"| situation | {' | '.join(f'`{verb}`' for verb in verbs)} |", "|---" * (len(verbs) + 1) + "|"]
    others = {name for name, row in table.items() if {row[verb] for verb in verbs} == {NO_APPROVAL}}
    lines += [_row(name, [row[verb] for verb in verbs]) for name, row in table.items() if name not in others]
    if others:
        lines.append(_row("*all others*", [NO_APPROVAL] * len(verbs)))
    return "\n".join(lines)


def _row(name: str, entries: Sequence[str]) -> str:
    return f"| {name} | {' | '.join(map(outcome, entries))} |"


def outcome(code: str) -> str:
    """Give an entry of the table in words: a state in bold, or why not. Raises KeyError for one without words."""
    return f"**{STATES[code]}**" if code in STATES else REFUSALS[code]


def main(arguments: Sequence[str]) -> int:
    """Write the page into a file, or compare it with what is there."""
    check = "--check" in arguments
    files = [argument for argument in arguments if argument != "--check"]
    if len(files) != 1:
        print("Usage: python tools/develop/states.py [--check] FILE", file=sys.stderr)
        return 2
    module = load_table()
    text = page(module.TABLE, module.SITUATIONS)
    path = Path(files[0])
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"Stale {path}: `make docs` writes it anew", file=sys.stderr)
        return 1
    path.write_text(text, encoding="utf-8")
    print(f"Wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
