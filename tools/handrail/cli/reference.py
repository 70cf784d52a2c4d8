"""The reference pages of the documentation, made from the program itself: `python -m handrail.cli.reference DIR`.

With `--check` nothing is written; the exit status is 1 where a page is not what the program says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

_NOTE = "<!-- Written by `python -m handrail.cli.reference`: change the program, not this page. -->"
_STATUSES = """Exit status: 0 fine; 1 something was found (stalled, lint, verify) or the action is not allowed; 2 wrong
usage; 3 git or the remote refused; 130 stopped by Ctrl-C. What a person reads goes to standard output, errors to
standard error. Every command takes `--help`. Times on the command line are RFC 3339 or dates."""


def pages() -> dict[str, str]:
    """Give the text of each page by its file name."""
    from handrail.format.schema import KINDS, schema_text

    return {
        **{f"schemas/{kind}.json": schema_text(kind) for kind in KINDS},
        "keys.md": _keys(),
        "commands.md": _commands(),
        "attributes.md": _attributes(),
        "problems.md": _problems(),
    }


def main(arguments: Sequence[str]) -> int:
    """Write the pages into a folder, or compare them with what is there."""
    check = "--check" in arguments
    folders = [argument for argument in arguments if argument != "--check"]
    if len(folders) != 1:
        click.echo("Usage: python -m handrail.cli.reference [--check] DIR", err=True)
        return 2
    stale = []
    for name, text in pages().items():
        path = Path(folders[0]) / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(str(path))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for name in stale:
        click.echo(f"{'Stale' if check else 'Wrote'} {name}", err=check)
    return 1 if check and stale else 0


def walk_commands(group: click.Group, prefix: str = "handrail") -> Iterator[tuple[str, click.Command, click.Context]]:
    """Give every command with its whole name, groups before what is in them."""
    root = click.Context(group, info_name=prefix)
    waiting: list[tuple[str, click.Command, click.Context]] = [(prefix, group, root)]
    while waiting:
        name, command, context = waiting.pop(0)
        yield name, command, context
        if isinstance(command, click.Group):
            inner = [(child, command.get_command(context, child)) for child in command.list_commands(context)]
            waiting[:0] = [
                (f"{name} {child}", found, click.Context(found, info_name=child, parent=context))
                for child, found in inner
                if found is not None
            ]


def _commands() -> str:
    from handrail.cli.main import handrail
    from handrail.cli.table import COMMANDS

    parts = ["---\ntitle: Commands\n---", _NOTE, "# Commands", _STATUSES]
    for section in dict.fromkeys(entry.section for entry in COMMANDS):
        rows = [f"| [`{e.name}`](#handrail-{e.name}) | {e.short} |" for e in COMMANDS if e.section == section]
        parts.append(f"**{section}**\n\n| command | what it does |\n|---|---|\n" + "\n".join(rows))
    for name, command, context in walk_commands(handrail):
        parts.append(_command(name, command, context))
    return "\n\n".join(parts) + "\n"


def _command(name: str, command: click.Command, context: click.Context) -> str:
    text, example = _split_help(command.help or "")
    level = "##" if name.count(" ") < 2 else "###"
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    parts = [f"{level} {name} {{ #{name.replace(' ', '-')} }}", text, f"```text\n{usage}\n```"]
    options = [param.get_help_record(context) for param in command.params if isinstance(param, click.Option)]
    if options:
        rows = (f"| `{_cell(found[0])}` | {_cell(found[1])} |" for found in options if found)
        parts.append("| option | what it does |\n|---|---|\n" + "\n".join(rows))
    if example:
        parts.append(f"```console\n{example}\n```")
    return "\n\n".join(part for part in parts if part)


def _split_help(text: str) -> tuple[str, str]:
    """Separate what a help text says from its example."""
    told, _, example = text.replace("\b\n", "").partition("Example:\n")
    lines = [f"$ {line.strip()}" for line in example.strip().split("\n") if line.strip()]
    return re.sub(r"\n +", "\n", told).strip(), "\n".join(lines)


def _attributes() -> str:
    from handrail.format.attributes import MEANINGS

    where = {"both": "processes and projects", "process": "processes", "project": "projects"}
    rows = [
        f"| `{meaning.key}` | {where[meaning.where]} | {_cell(meaning.about)} | {_cell(meaning.hint)} |"
        for meaning in MEANINGS
    ]
    words = "An item's attributes stand in braces at the end of its title: `{#send @sales due=2d}`."
    first = [
        "| `#id` | processes and projects | its stable id; else a slug of the title | letters, digits, `-`, `_`, `.` |",
        "| `@who` | processes and projects | a role, person or team; several allowed | `@sales @ana` |",
    ]
    table = "| attribute | where | what it says | how it is written |\n|---|---|---|---|\n"
    parts = ["---\ntitle: Attributes\n---", _NOTE, "# Attributes", words, table + "\n".join([*first, *rows])]
    return "\n\n".join(parts) + "\n"


def _keys() -> str:
    from handrail.format.keys import KEYS
    from handrail.format.schema import schema

    words = (
        "What may stand in `handrail.yml` and between the `---` of the other files. `*` stands for a name, `[]` for an"
        " entry of a list. [File formats](../guide/formats.md) tells it with examples,"
        " [Editors that help](../guide/editor.md) how to see it while you type."
    )
    parts = ["---\ntitle: Keys\n---", _NOTE, "# Keys", words]
    for kind, about in KEYS.items():
        rows = "\n".join(f"| `{key}` | {_cell(text)} |" for key, text in about.items())
        file = f"JSON Schema: [{kind}.json](schemas/{kind}.json)."
        parts += [f"## {schema(kind)['title']}", file, f"| key | what it says |\n|---|---|\n{rows}"]
    return "\n\n".join(parts) + "\n"


def _problems() -> str:
    from handrail.format.codes import CODES, FIXABLE
    from handrail.reports.verify_codes import REFUSED, TAMPERED

    words = "Every problem that `handrail lint` reports has a code, which stays the same from release to release."
    parts = ["---\ntitle: Problem codes\n---", _NOTE, "# Problem codes", words, _table(CODES)]
    words = (
        "`handrail lint --fix` writes the right word where one alone can be meant, in `handrail.yml`, processes and"
        " projects; never in runs, which are history. A slip is another case, `_` for `-`, two neighbouring letters"
        " swapped, or one inside the word too many or too few. What would bring up another problem is left to you."
    )
    rows = "\n".join(f"| `{code}` | {_cell(text)} |" for code, text in FIXABLE.items())
    parts += ["## What lint mends", words, f"| code | what is mended |\n|---|---|\n{rows}"]
    parts += ["## What verify finds", "`handrail verify` reports these beside the errors of changed files:"]
    parts += [_table(TAMPERED), "and what the command line would have refused:", _table(REFUSED)]
    return "\n\n".join(parts) + "\n"


def _table(codes: Mapping[str, str]) -> str:
    rows = "\n".join(f"| `{code}` | {_cell(text)} |" for code, text in codes.items())
    return f"| code | what is wrong |\n|---|---|\n{rows}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
